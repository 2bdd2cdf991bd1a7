//! Comparisons that come out the same in every run, by the type of what they read or by where they stand, and why.

use std::sync::LazyLock;

use github_actions_expressions::call::Function;
use github_actions_expressions::op::BinOp;
use github_actions_expressions::{Expr, SpannedExpr};

use crate::any_of::AnyOf;
use crate::workflow::condition::{Own, Truth};
use crate::workflow::expression;
use crate::workflow::signal::{InRun, Results, Site};
use crate::workflow::value::{Nothing, eval};

/// What a condition says that nobody can have meant, with the reason in words.
#[derive(Debug)]
pub(super) enum Slip {
    /// It is no constant, and false in every run.
    Never(String),
    /// It is no constant, and true in every run.
    Always(String),
    /// A side of `&&` holds in every run, or one of `||` in none, while the rest decides.
    Idle(String),
}

/// What can be known by type or by place.
static KNOWN: LazyLock<AnyOf> = LazyLock::new(|| {
    let contexts = ["inputs.", "runner.", "github.ref", "needs.", "steps.", "env.", "job.status"];
    let events = ["event.inputs", ".draft", ".merged", ".locked", ".fork", ".private", ".archived", ".prerelease"];
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
    if let Some(flag) = flag_alone(expr, site) {
        let why = format!("`{flag}` is the text 'true' or 'false', and either is true where nothing compares it");
        let is_set = site.is_set(&flag.split('.').collect::<Vec<_>>());
        return Some(match &expr.inner {
            Expr::Context(_) if is_set => Slip::Always(why),
            Expr::UnExpr { expr, .. } if is_set && matches!(expr.inner, Expr::Context(_)) => Slip::Never(why),
            _ => Slip::Idle(why),
        });
    }
    let results = Results::known_to(site.asks());
    match eval(expr, &scope(site, results)).truth() {
        Truth::Unknown => idle(expr, site).map(Slip::Idle),
        _ if eval(expr, &Nothing).truth() != Truth::Unknown => None,
        Truth::False => why(expr, site, results).map(Slip::Never),
        // What is true because all before has succeeded says no more than the implicit `success()`.
        Truth::True => {
            let holds = eval(expr, &scope(site, Results::Words)).truth() == Truth::True;
            holds.then(|| why(expr, site, Results::Words)).flatten().map(Slip::Always)
        }
    }
}

/// The text of a boolean that stands for itself among the sides of a condition.
fn flag_alone<'s>(expr: &SpannedExpr<'s>, site: Site<'_, '_>) -> Option<&'s str> {
    match &expr.inner {
        Expr::BinExpr(binary) if matches!(binary.op, BinOp::And | BinOp::Or) => {
            flag_alone(&binary.lhs, site).or_else(|| flag_alone(&binary.rhs, site))
        }
        Expr::UnExpr { expr, .. } => flag_alone(expr, site),
        Expr::Context(_) => {
            let path: Vec<&str> = expr.origin.raw.split('.').collect();
            site.is_flag(&path).then_some(expr.origin.raw)
        }
        _ => None,
    }
}

/// Why a side of a condition comes out the same in every run.
///
/// Where another side of `||` compares the same with something else, whoever wrote it did not know which it is.
fn idle(expr: &SpannedExpr<'_>, site: Site<'_, '_>) -> Option<String> {
    let known = scope(site, Results::Words);
    let comes_to = |part: &SpannedExpr<'_>, truth| {
        eval(part, &known).truth() == truth && eval(part, &Nothing).truth() == Truth::Unknown
    };
    let all = sides(expr, &BinOp::And);
    let holds = all.iter().filter(|_| all.len() > 1).find(|part| comes_to(part, Truth::True));
    let fails = || {
        let groups = all.iter().map(|part| sides(part, &BinOp::Or));
        groups.filter(|group| group.len() > 1).find_map(|group| {
            let alone = |part: &SpannedExpr<'_>| {
                let context = first_context(part);
                group.iter().filter(|other| first_context(other) == context).count() == 1
            };
            group.iter().copied().find(|part| comes_to(part, Truth::False) && alone(part))
        })
    };
    why(holds.copied().or_else(fails)?, site, Results::Words)
}

/// The operands that an operator joins, over any number of levels.
fn sides<'e, 's>(expr: &'e SpannedExpr<'s>, op: &BinOp) -> Vec<&'e SpannedExpr<'s>> {
    match &expr.inner {
        Expr::BinExpr(binary) if binary.op == *op => [sides(&binary.lhs, op), sides(&binary.rhs, op)].concat(),
        _ => vec![expr],
    }
}

fn scope<'a, 't>(site: Site<'a, 't>, results: Results) -> InRun<'a, 't> {
    InRun { leg: None, event: None, site: Some(site), results }
}

/// The first comparison that a run does not decide, and what decides it.
fn why(expr: &SpannedExpr<'_>, site: Site<'_, '_>, results: Results) -> Option<String> {
    let (part, truth) = decided(expr, &scope(site, results))?;
    let what = if truth { "always" } else { "never" };
    let context = first_context(part)?;
    Some(format!("`{}` {what} holds: {}", part.origin.raw, reason(context, site, results)))
}

/// The first comparison, or value that stands for one, that this scope decides, though it is no constant, and how.
fn decided<'e, 's>(expr: &'e SpannedExpr<'s>, scope: &InRun<'_, '_>) -> Option<(&'e SpannedExpr<'s>, bool)> {
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
    match known {
        Truth::Unknown => expression::children(expr).into_iter().find_map(|child| decided(child, scope)),
        truth => Some((expr, truth == Truth::True)),
    }
}

fn first_context<'s>(expr: &SpannedExpr<'s>) -> Option<&'s str> {
    match &expr.inner {
        Expr::Context(_) => Some(expr.origin.raw),
        _ => expression::children(expr).into_iter().find_map(first_context),
    }
}

fn reason(context: &str, site: Site<'_, '_>, results: Results) -> String {
    let mut parts = context.split(['.', '[', ']']).filter(|part| !part.is_empty()).skip(1);
    let member = parts.next().unwrap_or_default().trim_matches('\'');
    let output = parts.nth(1).unwrap_or_default().trim_matches('\'');
    match context {
        _ if context.starts_with("needs") && !site.sees_need(member) => {
            return format!("the job does not need `{member}`");
        }
        _ if context.starts_with("steps") && site.sees_step(member).is_none() => {
            return format!("no step of the job before it has the id `{member}`");
        }
        _ if context.starts_with("needs") && site.lacks_output(member, output) => {
            return format!("job `{member}` has no output `{output}`");
        }
        _ => {}
    }
    let after_success = results == Results::AfterSuccess;
    let why = match context {
        _ if after_success && context.starts_with("needs") => {
            "without `always()` or another status function the job is asked only where all that it needs has succeeded"
        }
        _ if after_success && context.starts_with("steps") => {
            "without `failure()` or another status function the step is asked only where all before it has succeeded"
        }
        _ if context.ends_with(".conclusion") => {
            "`continue-on-error` makes a conclusion of `success`; the outcome says what the step came to"
        }
        _ if context.ends_with(".result") || context.ends_with(".outcome") => "it is no word for a result",
        _ if context.starts_with("github.event.inputs.") => {
            "the event has its inputs as texts, and no text equals a boolean"
        }
        "github.ref" => "a ref begins with `refs/`",
        _ if context.starts_with("env.") => "`env` has only what the workflow sets, not the variables of the runner",
        "runner.os" => "it is `Linux`, `Windows` or `macOS`",
        "runner.arch" => "it is `X86`, `X64`, `ARM` or `ARM64`",
        "job.status" => "it is `success`, `failure` or `cancelled`",
        _ => "it is a boolean, and no boolean equals that text",
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
        match binary.op {
            BinOp::Or => open.extend([&**left, &**right]),
            BinOp::Neq if matches!((&left.inner, &right.inner), (Expr::Context(_), Expr::Literal(_))) => {
                let own = (left.origin.raw, right.origin.raw);
                if seen.iter().any(|(context, text)| *context == own.0 && !text.eq_ignore_ascii_case(own.1)) {
                    return Some(own.0);
                }
                seen.push(own);
            }
            _ => {}
        }
    }
    None
}
