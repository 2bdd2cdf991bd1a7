//! `edit-condition`: mend an `if:`.
//!
//! ```yaml
//! if: false && github.repository == 'o/r'  # not on forks    # drop: false
//! if: github.repository == 'o/r'  # not on forks
//! ```
//!
//! Parameters: `at` (query of the `if`), and either `drop: false` (remove the constant-false operand of a chain of
//! `&&`) or `set: EXPRESSION` (replace the condition).
//!
//! Works on bare and `${{ }}` conditions, plain, quoted and block scalars. Quotes, comments and the rest of the text
//! stay; a result that YAML would misread is quoted.
//!
//! Limitations: refused are `false` inside `||`, `!` or a call (`false && A || B` is `(false && A) || B`), a
//! condition that is only `false`, text around `${{ }}` (always true on GitHub), and double-quoted scalars with
//! escapes other than `\"`, `\\` and `\/`.

use std::borrow::Cow;
use std::ops::Range;

use github_actions_expressions::op::{BinExpr, BinOp, UnOp};
use github_actions_expressions::{Expr, SpannedExpr};

use super::guard::{self, refuse};
use super::target::{self, Targets};
use super::{Context, Outcome, Rewrite, Work, remove_key};
use crate::claim::{Change, Claim};
use crate::effect::Expect;
use crate::workflow::condition::{self, Form, Truth};
use crate::workflow::expression;
use crate::yaml::{
    self, Document, Edit, Fault, Fields, NodeId, Query, ScalarText, Style, Value, decode, render_scalar,
};

pub(super) const NAME: &str = "edit-condition";

#[derive(Debug)]
struct EditCondition {
    at: Query,
    change: Operation,
}

#[derive(Debug)]
enum Operation {
    DropFalse,
    Set(String),
}

pub(super) fn read(fields: &Fields<'_>) -> Result<Box<dyn Rewrite>, Fault> {
    fields.only(&["at", "drop", "set"])?;
    let change = match (fields.has("drop"), fields.has("set")) {
        (true, false) if fields.value("drop")? == Some(serde_json::Value::Bool(false)) => Operation::DropFalse,
        (true, false) => return Err(fields.fault_at("drop", "only `drop: false` is known", "write `drop: false`")),
        (false, true) => Operation::Set(condition_text(fields)?),
        _ => return Err(fields.fault_here("one of `drop: false` and `set: ...` is needed", "")),
    };
    Ok(Box::new(EditCondition { at: fields.query("at")?, change }))
}

/// The new condition, checked to be one.
fn condition_text(fields: &Fields<'_>) -> Result<String, Fault> {
    let text = fields.required("set")?.trim();
    let form = condition::form(text);
    if text.contains('\n') || form == Form::Mixed {
        let way_out = "write one expression on one line, bare or inside one `${{ }}`";
        let why = if form == Form::Mixed { ": text around `${{ }}` is always true on GitHub" } else { "" };
        return Err(fields.fault_at("set", format!("`set` is no single condition{why}"), way_out));
    }
    if text.contains(|c: char| c.is_control()) {
        return Err(fields.fault_at("set", "`set` holds a control character", "write plain text"));
    }
    match expression::parse(&text[condition::expression_range(text, form)]) {
        Ok(_) => Ok(text.to_owned()),
        Err(why) => Err(fields.fault_at("set", format!("`set` is no expression: {why}"), "")),
    }
}

impl Rewrite for EditCondition {
    fn name(&self) -> &'static str {
        NAME
    }

    fn effect(&self) -> Option<Expect> {
        matches!(self.change, Operation::DropFalse).then_some(Expect::ConditionRestored)
    }

    fn plan(&self, document: &Document, _: &Context<'_>) -> Result<Outcome, Fault> {
        let found = match (target::find(document, &self.at)?, &self.change) {
            (Targets::Found(found), _) => found,
            (Targets::Gone(why), Operation::DropFalse) => return Ok(Outcome::Done(why)),
            (Targets::Gone(_), Operation::Set(_)) => {
                let cause = format!("{}: `{}` has no condition to replace", document.name(), self.at.text());
                return Ok(Outcome::Missing(Fault::new(yaml::FaultKind::Missing, cause, "")));
            }
            (Targets::Missing(fault), _) => return Ok(Outcome::Missing(fault)),
        };
        let mut work = Work::default();
        for id in found {
            let pair = remove_key::pair(document, id)?;
            if document.tree().text(pair.key) != Some("if") {
                let cause = format!("`{}` is no condition", document.path(id));
                return Err(refuse(document, id, cause, "let the query end in `if`"));
            }
            let one = match &self.change {
                Operation::DropFalse => drop_false(document, id)?,
                Operation::Set(text) => set(document, id, text)?,
            };
            work.merge(one);
        }
        if work.edits.is_empty() {
            return Ok(Outcome::Done(format!("`{}` is as it should be", self.at.text())));
        }
        Ok(Outcome::Pending(work))
    }
}

/// The decoded text of a condition.
fn decoded(document: &Document, id: NodeId) -> Result<Cow<'_, str>, Fault> {
    if matches!(document.tree().nodes[id].value, Value::Alias(_)) {
        guard::untied(document, id)?;
    }
    condition::text(document.tree(), id).ok_or_else(|| {
        let cause = format!("`{}` is no condition but a list or a mapping", document.path(id));
        refuse(document, id, cause, "let the query end in `if`")
    })
}

fn set(document: &Document, id: NodeId, text: &str) -> Result<Work, Fault> {
    if decoded(document, id)? == text {
        return Ok(Work::default());
    }
    guard::untied(document, id)?;
    let Value::Scalar(_, style) = document.tree().nodes[id].value else { return Ok(Work::default()) };
    replace_whole(document, id, text, style)
}

fn drop_false(document: &Document, id: NodeId) -> Result<Work, Fault> {
    let text = decoded(document, id)?;
    let form = condition::form(&text);
    if form == Form::Mixed {
        let cause = "text around `${{ }}` makes this condition a string, which GitHub takes as always true";
        return Err(refuse(document, id, cause, "write one expression; `set:` replaces the condition"));
    }
    let source = ScalarText::of(document, id).ok_or_else(|| {
        let cause = "the condition is written with escapes or an indentation indicator";
        refuse(document, id, cause, "write it as a plain scalar first")
    })?;
    let range = condition::expression_range(&source.text, form);
    let body = &source.text[range.clone()];
    if form == Form::Wrapped && condition::alone(body).is_some() {
        let cause = "the condition is a text within `${{ }}`, which the runner takes for the condition itself";
        return Err(refuse(document, id, cause, "write it without the quotes first; `set:` replaces the condition"));
    }
    // A plain `False` is a YAML boolean, whatever the text of the source.
    let body = if text.trim().eq_ignore_ascii_case(body) { text.trim() } else { body };
    let unparsed = |why: String| {
        let cause = format!("the condition does not parse: {why}");
        refuse(document, id, cause, "mend the expression first")
    };
    let expr = expression::parse(body).map_err(unparsed)?;
    let cuts = cuts(document, id, &expr)?;
    if cuts.is_empty() {
        return Ok(Work::default());
    }
    let rest = rest(body, &cuts);
    let rest_expr = expression::parse(&rest).map_err(unparsed)?;
    if expression::any(&rest_expr, &holds_false) || condition::fold(&rest_expr) == Truth::False {
        let cause = format!("without the constant, `{rest}` would be left, which still holds a `false`");
        return Err(refuse(document, id, cause, "say what the condition should be with `set:`"));
    }
    guard::untied(document, id)?;
    let to_source = |cut: Range<usize>| source.source(range.start + cut.start)..source.source(range.start + cut.end);
    edit(document, id, &source, cuts.into_iter().map(to_source).map(Edit::delete).collect())
}

/// What is left of a text.
fn rest(body: &str, cuts: &[Range<usize>]) -> String {
    let mut sorted: Vec<&Range<usize>> = cuts.iter().collect();
    sorted.sort_by_key(|cut| cut.start);
    let (mut out, mut at) = (String::new(), 0);
    for cut in sorted {
        out.push_str(body.get(at..cut.start).unwrap_or_default());
        at = at.max(cut.end);
    }
    out.push_str(&body[at..]);
    out.trim().to_owned()
}

/// What to cut from the expression's text.
fn cuts(document: &Document, id: NodeId, expr: &SpannedExpr<'_>) -> Result<Vec<Range<usize>>, Fault> {
    if all_false(expr) {
        let cause = "nothing would be left of this condition: it is only `false`";
        let way_out = "remove the job with `remove-jobs`, or give the condition with `set:`";
        return Err(refuse(document, id, cause, way_out));
    }
    let mut cuts = Vec::new();
    conjuncts(expr, &mut cuts);
    if cuts.is_empty() && expression::any(expr, &holds_false) {
        let cause =
            "the constant `false` is no operand of an outermost `&&`: `false && A || B` means `(false && A) || B`";
        return Err(refuse(document, id, cause, "say what the condition should be with `set:`"));
    }
    if cuts.is_empty() && condition::fold(expr) == Truth::False {
        let cause = "the condition is always false, but not by a plain `false`";
        return Err(refuse(document, id, cause, "say what the condition should be with `set:`"));
    }
    Ok(cuts)
}

/// Cuts the constant-false operands out of a chain of `&&`, parentheses included.
fn conjuncts(expr: &SpannedExpr<'_>, cuts: &mut Vec<Range<usize>>) {
    let Expr::BinExpr(BinExpr { lhs, op: BinOp::And, rhs }) = &expr.inner else { return };
    let (left, right) = (span(lhs), span(rhs));
    match (all_false(lhs), all_false(rhs)) {
        (true, _) => {
            cuts.push(left.start..right.start);
            conjuncts(rhs, cuts);
        }
        (_, true) => {
            cuts.push(left.end..right.end);
            conjuncts(lhs, cuts);
        }
        _ => {
            conjuncts(lhs, cuts);
            conjuncts(rhs, cuts);
        }
    }
}

fn span(expr: &SpannedExpr<'_>) -> Range<usize> {
    expr.origin.span.start..expr.origin.span.end
}

fn all_false(expr: &SpannedExpr<'_>) -> bool {
    match &expr.inner {
        Expr::BinExpr(BinExpr { lhs, op: BinOp::And, rhs }) => all_false(lhs) && all_false(rhs),
        _ => condition::is_false(expr),
    }
}

/// An operator with a constant-false operand.
fn holds_false(expr: &SpannedExpr<'_>) -> bool {
    match &expr.inner {
        Expr::BinExpr(BinExpr { lhs, op: BinOp::And | BinOp::Or, rhs }) => all_false(lhs) || all_false(rhs),
        Expr::UnExpr { op: UnOp::Not, expr } => matches!(expr.inner, Expr::BinExpr(_)) && all_false(expr),
        _ => false,
    }
}

/// Applies cuts inside a scalar; a plain result that YAML would misread is written anew in quotes.
fn edit(document: &Document, id: NodeId, source: &ScalarText, edits: Vec<Edit>) -> Result<Work, Fault> {
    let content = document.content(id);
    let flow = document.in_flow(id);
    let local: Vec<Edit> = edits
        .iter()
        .map(|e| Edit::replace(e.range.start - content.start..e.range.end - content.start, e.text.clone()))
        .collect();
    let overlap = |_| refuse(document, id, "the cuts in this condition overlap", "use `set:`");
    let now = yaml::apply(&document.text()[content.clone()], &local).map_err(overlap)?;
    let wanted = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match decode(&now, flow) {
        Some((text, style)) if style == source.style => {
            claim(document, id, &text, style).map(|claims| Work { edits, claims, ..Work::default() })
        }
        _ if source.style == Style::Plain => replace_whole(document, id, &wanted(&now), Style::Plain),
        _ => Err(refuse(document, id, "the result would not be valid YAML", "use `set:`")),
    }
}

/// Writes a scalar anew on one line.
fn replace_whole(document: &Document, id: NodeId, text: &str, style: Style) -> Result<Work, Fault> {
    let flow = document.in_flow(id);
    let style = if matches!(style, Style::Single | Style::Double) { style } else { Style::Plain };
    let now = render_scalar(text, style, flow);
    let (read, style) = decode(&now, flow)
        .ok_or_else(|| refuse(document, id, format!("`{text}` cannot be written on one line of YAML"), ""))?;
    // An empty value has no white space of its own after the colon or the tag.
    let content = document.content(id);
    let glued = content.is_empty() && !document.text()[..content.start].ends_with([' ', '\t']);
    let now = if glued { format!(" {now}") } else { now };
    let mut edits = vec![Edit::replace(content, now)];
    let mut claims = claim(document, id, &read, style)?;
    claims.extend(super::note::removed_by(document, &edits));
    edits.retain(|edit| document.text()[edit.range.clone()] != edit.text);
    Ok(Work { edits, claims, ..Work::default() })
}

pub(super) fn claim(document: &Document, id: NodeId, now: &str, style: Style) -> Result<Vec<Claim>, Fault> {
    let was = document.tree().render(id);
    let tag = document.tree().nodes[id].tag.as_deref().map(|tag| format!("!<{tag}> ")).unwrap_or_default();
    let change = Change::Changed { path: document.path(id), was, now: format!("{tag}{}", style.quote(now)) };
    Ok(vec![Claim::Value(change)])
}
