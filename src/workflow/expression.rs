//! Expressions inside texts: where `${{ }}` close, what an expression reads.

use github_actions_expressions::call::Function;
use github_actions_expressions::context::Context;
use github_actions_expressions::literal::Literal;
use github_actions_expressions::op::BinOp;
use github_actions_expressions::{Expr, SpannedExpr};

/// The longest expression GitHub evaluates, in characters
/// (<https://github.com/actions/runner>, `ExpressionConstants.MaxLength`). Longer ones would nest too deep for the
/// stack as well.
pub const MAX_LENGTH: usize = 21_000;

/// Parses an expression without `${{ }}`.
///
/// # Errors
/// Why it is none, in words.
pub fn parse(body: &str) -> Result<SpannedExpr<'_>, String> {
    if body.len() > MAX_LENGTH {
        return Err(format!("the expression is longer than the {MAX_LENGTH} characters GitHub takes"));
    }
    Expr::parse(body).map_err(|error| error.to_string())
}

/// The offset of the first `${{`. Most texts have none, and no `$` either, which is soonest seen.
pub fn opening(text: &str) -> Option<usize> {
    memchr::memchr_iter(b'$', text.as_bytes()).find(|at| text[*at..].starts_with("${{"))
}

/// The offset of the `}}` that closes an expression whose body starts at `from`; one inside `'...'` does not count.
pub fn closing(text: &str, from: usize) -> Option<usize> {
    let mut quoted = false;
    let bytes = text.as_bytes();
    (from..bytes.len().saturating_sub(1)).find(|&at| {
        if bytes[at] == b'\'' {
            quoted = !quoted;
        }
        !quoted && bytes[at] == b'}' && bytes[at + 1] == b'}'
    })
}

/// The bodies of all `${{ }}` in a text.
pub fn bodies(text: &str) -> Vec<&str> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(open) = opening(&text[at..]).map(|i| at + i) {
        let Some(close) = closing(text, open + 3) else { break };
        found.push(&text[open + 3..close]);
        at = close + 2;
    }
    found
}

/// Whether an expression or one below it satisfies `test`.
pub fn any(expr: &SpannedExpr<'_>, test: &dyn Fn(&SpannedExpr<'_>) -> bool) -> bool {
    let any = |child: &SpannedExpr<'_>| any(child, test);
    test(expr)
        || match &expr.inner {
            Expr::Call(call) => call.args.iter().any(any),
            Expr::Context(context) => context.parts.iter().any(any),
            Expr::Index(index) => any(index),
            Expr::BinExpr(binary) => any(&binary.lhs) || any(&binary.rhs),
            Expr::UnExpr { expr, .. } => any(expr),
            Expr::Literal(_) | Expr::Star | Expr::Identifier(_) => false,
        }
}

/// The operands, arguments and parts of an expression.
pub fn children<'e, 's>(expr: &'e SpannedExpr<'s>) -> Vec<&'e SpannedExpr<'s>> {
    match &expr.inner {
        Expr::Call(call) => call.args.iter().collect(),
        Expr::Context(context) => context.parts.iter().collect(),
        Expr::Index(index) => vec![index],
        Expr::BinExpr(binary) => vec![&binary.lhs, &binary.rhs],
        Expr::UnExpr { expr, .. } => vec![expr],
        Expr::Literal(_) | Expr::Star | Expr::Identifier(_) => Vec::new(),
    }
}

/// The operands that an operator joins, over any number of levels.
pub fn sides<'e, 's>(expr: &'e SpannedExpr<'s>, op: &BinOp) -> Vec<&'e SpannedExpr<'s>> {
    match &expr.inner {
        Expr::BinExpr(binary) if binary.op == *op => [sides(&binary.lhs, op), sides(&binary.rhs, op)].concat(),
        _ => vec![expr],
    }
}

/// How an expression uses one member of a context such as `needs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// By its name.
    Named,
    /// Among all members (`needs.*`, `toJSON(needs)`, a computed name), so that its absence could be seen.
    AmongAll,
}

/// How an expression reads `head.member`, if it does; text that does not parse reads it if it mentions the head.
///
/// A skipped job adds neither `failure` nor `cancelled` to `needs.*.result`, so `contains(needs.*.result, 'failure')`
/// does not count as a read.
pub fn reads(body: &str, head: &str, member: &str) -> Option<Use> {
    match parse(body.trim()) {
        Ok(expr) => reads_expr(&expr, head, member),
        Err(_) => body.contains(head).then_some(Use::AmongAll),
    }
}

fn reads_expr(expr: &SpannedExpr<'_>, head: &str, member: &str) -> Option<Use> {
    if asks_only_for_failure(expr, head) {
        return None;
    }
    let own = match &expr.inner {
        Expr::Context(context) => context_use(context, head, member),
        _ => None,
    };
    own.or_else(|| children(expr).into_iter().find_map(|child| reads_expr(child, head, member)))
}

fn context_use(context: &Context<'_>, head: &str, member: &str) -> Option<Use> {
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    match context.parts.first().map(|part| &part.inner) {
        Some(Expr::Identifier(name)) if same(name.as_str(), head) => {}
        _ => return None,
    }
    let named = |name: &str| same(name, member).then_some(Use::Named);
    match context.parts.get(1).map(|part| &part.inner) {
        Some(Expr::Identifier(name)) => named(name.as_str()),
        Some(Expr::Index(index)) => match &index.inner {
            Expr::Literal(Literal::String(name)) => named(name),
            _ => Some(Use::AmongAll),
        },
        _ => Some(Use::AmongAll),
    }
}

/// `contains(HEAD.*.result, 'failure')` and `'cancelled'` likewise.
fn asks_only_for_failure(expr: &SpannedExpr<'_>, head: &str) -> bool {
    let Expr::Call(call) = &expr.inner else { return false };
    let [list, wanted] = call.args.as_slice() else { return false };
    let wanted = matches!(&wanted.inner, Expr::Literal(Literal::String(s)) if *s == "failure" || *s == "cancelled");
    let list = list.origin.raw.replace(char::is_whitespace, "");
    call.func == Function::Contains && wanted && list.eq_ignore_ascii_case(&format!("{head}.*.result"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_end_at_braces_outside_strings() {
        assert_eq!(bodies("a ${{ '}}' }} b ${{x}} ${{ open"), [" '}}' ", "x"]);
    }

    #[test]
    fn reads_are_found_in_every_spelling() {
        for (body, found) in [
            ("needs.build.result == 'success'", Some(Use::Named)),
            ("Needs['build'].outputs.x", Some(Use::Named)),
            ("needs.builder.result", None),
            ("'needs.build'", None),
            ("toJSON(needs)", Some(Use::AmongAll)),
            ("contains(needs.*.result, 'skipped')", Some(Use::AmongAll)),
            ("contains(needs.*.result, 'failure')", None),
            ("needs[matrix.job].result", Some(Use::AmongAll)),
            ("f(needs ==", Some(Use::AmongAll)),
        ] {
            assert_eq!(reads(body, "needs", "build"), found, "{body}");
        }
    }
}
