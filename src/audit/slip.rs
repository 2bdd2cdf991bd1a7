//! Comparisons that come out the same in every run, by the type of what they read or by where they stand, and why.

use std::sync::LazyLock;

use github_actions_expressions::call::Function;
use github_actions_expressions::literal::Literal;
use github_actions_expressions::op::BinOp;
use github_actions_expressions::{Expr, SpannedExpr};

use crate::any_of::AnyOf;
use crate::workflow::condition::{Own, Truth};
use crate::workflow::expression::{self, sides};
use crate::workflow::signal::{Flag, InRun, Results, Site, flag};
use crate::workflow::value::{self, Nothing, eval};

/// What a condition says that nobody can have meant, with the reason in words.
#[derive(Debug)]
pub(super) enum Slip {
    /// It is no constant, and false in every run.
    Never(String),
    /// It is no constant, and true in every run.
    Always(String),
    /// A side of `&&` holds in every run, or one of `||` in none, while the rest decides.
    Idle {
        /// The reason in words.
        why: String,
        /// Whether it asks by which event the run was started.
        asks_event: bool,
    },
}

/// What can be known by type or by place.
static KNOWN: LazyLock<AnyOf> = LazyLock::new(|| {
    let contexts = ["inputs", "runner", "github.ref", "workflow_call", "needs", "steps", "env", "job.status"];
    let events = [".draft", ".merged", ".locked", ".fork", ".private", ".archived", ".prerelease"];
    AnyOf::new(contexts.into_iter().chain(events))
});

/// The slip of a condition, if there is one.
pub(super) fn slip(site: Site<'_, '_>) -> Option<Slip> {
    let (Own::Expression(expr), Some(condition)) = (site.asks(), site.condition()) else { return None };
    let twice = || condition.text.contains("||") && condition.text.matches("!=").count() > 1;
    if let Some(name) = twice().then(|| differs_from_one(expr)).flatten() {
        return Some(Slip::Always(format!("`{name}` differs from one of two texts in any case: `&&` was meant")));
    }
    if !KNOWN.stands_in(condition.text) {
        return None;
    }
    let by_itself = Results::known_to(site.asks());
    let comes_to = |results| eval(expr, &scope(site, results)).truth();
    match comes_to(by_itself) {
        Truth::Unknown => flag_alone(expr, site).or_else(|| idle(expr, site)),
        _ if eval(expr, &Nothing).truth() != Truth::Unknown => None,
        // What needs least to be known explains best.
        Truth::False => {
            let results = [Results::Words, by_itself].into_iter().find(|results| comes_to(*results) == Truth::False)?;
            why(expr, site, results, false).map(Slip::Never)
        }
        // What is true because all before has succeeded says no more than the implicit `success()`.
        Truth::True if comes_to(Results::Words) == Truth::True => {
            why(expr, site, Results::Words, true).map(Slip::Always)
        }
        Truth::True => None,
    }
}

/// A text of a boolean that stands for itself, or among the sides of a condition.
fn flag_alone(expr: &SpannedExpr<'_>, site: Site<'_, '_>) -> Option<Slip> {
    let (context, flag) = find_flag(expr, site)?;
    // Where another side compares it, this one asks whether it is there.
    if count_of(expr, context) > 1 {
        return None;
    }
    let why = format!("`{context}` is the text 'true' or 'false', and either is true where nothing compares it");
    Some(match &expr.inner {
        Expr::Context(_) if flag.is_set => Slip::Always(why),
        Expr::UnExpr { expr, .. } if flag.is_set && matches!(expr.inner, Expr::Context(_)) => Slip::Never(why),
        _ => Slip::Idle { why, asks_event: false },
    })
}

/// How often a context stands in an expression.
fn count_of(expr: &SpannedExpr<'_>, context: &str) -> usize {
    match &expr.inner {
        Expr::Context(_) => usize::from(expr.origin.raw == context),
        _ => expression::children(expr).into_iter().map(|child| count_of(child, context)).sum(),
    }
}

fn find_flag<'s>(expr: &SpannedExpr<'s>, site: Site<'_, '_>) -> Option<(&'s str, Flag)> {
    match &expr.inner {
        Expr::BinExpr(binary) if matches!(binary.op, BinOp::And | BinOp::Or) => {
            find_flag(&binary.lhs, site).or_else(|| find_flag(&binary.rhs, site))
        }
        Expr::UnExpr { expr, .. } => find_flag(expr, site),
        Expr::Context(context) => Some((expr.origin.raw, flag(site, &value::path(context)?)?)),
        _ => None,
    }
}

/// Why a side of a condition comes out the same in every run.
///
/// Where another side of `||` compares the same with something else, whoever wrote it did not know which it is.
fn idle(expr: &SpannedExpr<'_>, site: Site<'_, '_>) -> Option<Slip> {
    let known = scope(site, Results::Words);
    let comes_to = |part: &SpannedExpr<'_>, truth| {
        eval(part, &known).truth() == truth && eval(part, &Nothing).truth() == Truth::Unknown
    };
    let all = sides(expr, &BinOp::And);
    let holds = all.iter().filter(|_| all.len() > 1).find(|part| comes_to(part, Truth::True));
    let slip = |part: &SpannedExpr<'_>, outcome| {
        let asks_event = first_context(part).is_some_and(|(_, path)| path == ["github", "event_name"]);
        Some(Slip::Idle { why: why(part, site, Results::Words, outcome)?, asks_event })
    };
    if let Some(part) = holds {
        return slip(part, true);
    }
    let groups = all.iter().map(|part| sides(part, &BinOp::Or));
    let part = groups.filter(|group| group.len() > 1).find_map(|group| {
        let alone = |part: &SpannedExpr<'_>| {
            let context = first_context(part).map(|(raw, _)| raw);
            let same = |other: &&&SpannedExpr<'_>| first_context(other).map(|(raw, _)| raw) == context;
            context == Some("github.event_name") || group.iter().filter(same).count() == 1
        };
        group.iter().copied().find(|part| comes_to(part, Truth::False) && alone(part))
    })?;
    slip(part, false)
}

fn scope<'a, 't>(site: Site<'a, 't>, results: Results) -> InRun<'a, 't> {
    InRun { leg: None, event: None, site: Some(site), results }
}

/// The comparison that makes a condition come out so, else the first that no run decides, and what decides it.
fn why(expr: &SpannedExpr<'_>, site: Site<'_, '_>, results: Results, outcome: bool) -> Option<String> {
    let mut found = Vec::new();
    decided(expr, &scope(site, results), outcome, &mut found);
    let (part, holds, _) = found.iter().find(|(_, _, decides)| *decides).or(found.first())?;
    let what = if *holds { "always" } else { "never" };
    let (raw, path) = first_context(part)?;
    let because = reason(&path, raw, site, results);
    Some(format!("`{}` {what} holds: {because}", part.origin.raw))
}

/// The comparisons, and values that stand for one, that this scope decides, though they are no constants: whether each holds, and
/// whether that leads to this outcome of the whole.
fn decided<'e, 's>(
    expr: &'e SpannedExpr<'s>,
    scope: &InRun<'_, '_>,
    outcome: bool,
    found: &mut Vec<(&'e SpannedExpr<'s>, bool, bool)>,
) {
    let compares = match &expr.inner {
        Expr::BinExpr(binary) => !matches!(binary.op, BinOp::And | BinOp::Or),
        Expr::Call(call) => matches!(call.func, Function::Contains | Function::StartsWith),
        Expr::Context(_) => true,
        _ => false,
    };
    let known = match compares && eval(expr, &Nothing).truth() == Truth::Unknown {
        true => eval(expr, scope).truth(),
        false => Truth::Unknown,
    };
    let outcome = outcome != matches!(expr.inner, Expr::UnExpr { .. });
    match known {
        Truth::Unknown => {
            expression::children(expr).into_iter().for_each(|child| decided(child, scope, outcome, found))
        }
        truth => found.push((expr, truth == Truth::True, (truth == Truth::True) == outcome)),
    }
}

/// The first context of an expression: as it is written, and its names.
fn first_context<'e, 's>(expr: &'e SpannedExpr<'s>) -> Option<(&'s str, Vec<&'e str>)> {
    match &expr.inner {
        Expr::Context(context) => Some((expr.origin.raw, value::path(context)?)),
        _ => expression::children(expr).into_iter().find_map(first_context),
    }
}

fn reason(path: &[&str], raw: &str, site: Site<'_, '_>, results: Results) -> String {
    match path {
        ["needs", member, ..] if !site.sees_need(member) => return format!("the job does not need `{member}`"),
        ["steps", member, ..] if site.sees_step(member).is_none() => {
            return format!("no step of the job before it has the id `{member}`");
        }
        ["needs", member, "outputs", output] if site.lacks_output(member, output) => {
            return format!("job `{member}` has no output `{output}`");
        }
        ["inputs", name] | ["github", "event", "inputs", name] if site.lacks_input(name) => {
            return format!("the workflow declares no input `{name}`");
        }
        _ => {}
    }
    if let ["needs" | "steps", _, "outputs", _, _, ..] = path {
        return "an output is a text and has no properties: `fromJSON` makes an object of it".to_owned();
    }
    let soft = |member: &str| site.sees_step(member).is_some_and(|step| step.continue_on_error.is_some());
    let why = match path {
        ["needs", ..] if results == Results::AfterSuccess => {
            "without `always()` or another status function the job is asked only where all that it needs has succeeded"
        }
        ["steps", ..] if results == Results::AfterSuccess => {
            "without `failure()` or another status function the step is asked only where all before it has succeeded"
        }
        ["steps", member, "conclusion"] if soft(member) => {
            "`continue-on-error` makes a conclusion of `success`; the outcome says what the step came to"
        }
        ["needs" | "steps", ..] => "it is no word for a result",
        ["github", "event", "inputs", ..] => "the event has its inputs as texts, and no text equals a boolean",
        ["github", "ref"] => "a ref begins with `refs/`",
        ["github", "event_name"] => "a called workflow has the event of its caller",
        ["env", ..] => "`env` has only what the workflow sets, not the variables of the runner",
        ["runner", "os"] => "it is `Linux`, `Windows` or `macOS`",
        ["runner", "arch"] => "it is `X86`, `X64`, `ARM` or `ARM64`",
        ["job", "status"] => "it is `success`, `failure` or `cancelled`",
        _ => return format!("`{raw}` is a boolean, and no boolean equals that text"),
    };
    why.to_owned()
}

/// `a != 'x' || a != 'y'`: what is compared.
fn differs_from_one<'s>(expr: &SpannedExpr<'s>) -> Option<&'s str> {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    let mut open = vec![expr];
    while let Some(part) = open.pop() {
        let Expr::BinExpr(binary) = &part.inner else { continue };
        let (left, right) = (&binary.lhs, &binary.rhs);
        match (&binary.op, &left.inner, &right.inner) {
            (BinOp::Or, ..) => open.extend([&**left, &**right]),
            (BinOp::Neq, Expr::Context(_), Expr::Literal(Literal::String(text))) => {
                let own = left.origin.raw;
                if seen.iter().any(|(context, other)| *context == own && !other.eq_ignore_ascii_case(text)) {
                    return Some(own);
                }
                seen.push((own, &**text));
            }
            _ => {}
        }
    }
    None
}
