//! Who reads the result of a step or of a job: `steps.X.outcome`, `steps.X.conclusion`, `needs.X.result`.
//!
//! Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/contexts>, `steps` and `needs`.

use std::sync::LazyLock;

use github_actions_expressions::Expr;
use github_actions_expressions::SpannedExpr;
use github_actions_expressions::context::Context;
use github_actions_expressions::literal::Literal;

use super::expression;
use super::reader::At;
use crate::any_of::AnyOf;
use crate::yaml::{NodeId, Tree};

/// How the contexts are written.
static HEADS: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(["needs", "steps", "NEEDS", "Needs", "Steps"]));

/// One read of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// `steps` or `needs`.
    pub head: String,
    /// Whose; `None` for `*`, a computed name, or the context as a whole.
    pub member: Option<String>,
    /// `outcome`, `conclusion` or `result`; `None` when the member is read as a whole.
    pub property: Option<String>,
    /// The scalar that holds the expression.
    pub at: At,
    /// The expression, without `${{ }}`.
    pub expression: String,
}

impl Read {
    /// Whether it sees this property of this member.
    pub fn sees(&self, head: &str, member: &str, property: &str) -> bool {
        let same = |own: &Option<String>, other: &str| own.as_deref().is_none_or(|own| own.eq_ignore_ascii_case(other));
        self.head.eq_ignore_ascii_case(head) && same(&self.member, member) && same(&self.property, property)
    }
}

impl Read {
    /// Whether it sees the result of some job or of all.
    pub fn sees_a_result(&self) -> bool {
        let property = self.property.as_deref().is_none_or(|own| own.eq_ignore_ascii_case("result"));
        self.head.eq_ignore_ascii_case("needs") && property
    }
}

/// The reads of results below a node, in order; reads of outputs are left out.
pub fn reads(tree: &Tree, root: NodeId) -> Vec<Read> {
    let mut found = Vec::new();
    let Some(end) = tree.nodes.get(root).map(|node| node.end) else { return found };
    for id in root..end {
        let Some(text) = tree.text(id) else { continue };
        if !HEADS.stands_in(text) {
            continue;
        }
        let bare = !text.contains("${{");
        if bare && !is_condition(tree, id) {
            continue;
        }
        let bodies = if bare { vec![text] } else { expression::bodies(text) };
        let node = &tree.nodes[id];
        let at = At { node: id, line: node.line, column: node.column };
        for body in bodies {
            if let Ok(expr) = expression::parse(body.trim()) {
                collect(&expr, &mut |head, member, property| {
                    let expression = body.trim().to_owned();
                    found.push(Read { head, member, property, at, expression });
                });
            }
        }
    }
    found
}

/// Whether a scalar is the value of an `if:` key, whose text is an expression without `${{ }}`.
pub(super) fn is_condition(tree: &Tree, id: NodeId) -> bool {
    let Some(parent) = tree.nodes[id].parent else { return false };
    tree.pairs(parent).iter().any(|&(key, value)| value == id && tree.text(key) == Some("if"))
}

fn collect(expr: &SpannedExpr<'_>, push: &mut dyn FnMut(String, Option<String>, Option<String>)) {
    if let Expr::Context(context) = &expr.inner {
        read(context, push);
    }
    expression::children(expr).into_iter().for_each(|child| collect(child, push));
}

fn read(context: &Context<'_>, push: &mut dyn FnMut(String, Option<String>, Option<String>)) {
    let Some(Expr::Identifier(head)) = context.parts.first().map(|part| &part.inner) else { return };
    if !["steps", "needs"].iter().any(|known| head.as_str().eq_ignore_ascii_case(known)) {
        return;
    }
    let member = context.parts.get(1).and_then(name);
    let property = context.parts.get(2).and_then(name);
    let is_result = |p: &str| ["outcome", "conclusion", "result"].iter().any(|known| p.eq_ignore_ascii_case(known));
    if property.as_deref().is_none_or(is_result) {
        push(head.as_str().to_ascii_lowercase(), member, property);
    }
}

fn name(part: &SpannedExpr<'_>) -> Option<String> {
    match &part.inner {
        Expr::Identifier(name) => Some(name.as_str().to_owned()),
        Expr::Index(index) => match &index.inner {
            Expr::Literal(Literal::String(name)) => Some(name.to_string()),
            _ => None,
        },
        _ => None,
    }
}
