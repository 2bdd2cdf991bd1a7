//! Conditions that no run fulfils both of, because one asks for what the other excludes.
//!
//! Promise: pure. Limitation: the two are compared as they are written, side by side of `&&`.

use github_actions_expressions::op::BinOp;

use crate::workflow::condition::Own;
use crate::workflow::expression::sides;

/// Whether a side of one condition is the contrary of a side of the other: `github.ref == 'x'` and `github.ref != 'x'`,
/// `matrix.slow` and `!matrix.slow`.
pub(super) fn are_exclusive(one: &Own<'_>, other: &Own<'_>) -> bool {
    let (one, other) = (terms(one), terms(other));
    one.iter().any(|a| other.iter().any(|b| is_contrary(a, b) || is_contrary(b, a)))
}

fn terms(asks: &Own<'_>) -> Vec<String> {
    let Own::Expression(expr) = asks else { return Vec::new() };
    // What the status functions say is another thing for each job.
    let of_the_job =
        |side: &String| ["success(", "failure(", "always(", "cancelled("].iter().any(|call| side.contains(call));
    sides(expr, &BinOp::And).iter().map(|side| plain(side.origin.raw)).filter(|side| !of_the_job(side)).collect()
}

/// A side without blanks and without the brackets around it.
fn plain(raw: &str) -> String {
    let text = raw.replace(char::is_whitespace, "");
    match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) if !inner.contains(['(', ')']) => inner.to_owned(),
        _ => text,
    }
}

fn is_contrary(a: &str, b: &str) -> bool {
    let whole = !a.contains("&&") && !a.contains("||");
    // `!a == 'x'` negates `a` alone.
    let alone = |rest: &&str| rest.starts_with('(') || !rest.contains("==") && !rest.contains("!=");
    let negated = b.strip_prefix('!').filter(alone).map(plain);
    whole && (negated.as_deref() == Some(a) || (a.contains("==") && a.replacen("==", "!=", 1) == b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contrary_of_a_side_excludes() {
        for (one, other, exclusive) in [
            (
                "startsWith(github.ref, 'refs/heads/pr/') && always()",
                "${{ !startsWith(github.ref, 'refs/heads/pr/') }}",
                true,
            ),
            ("github.event_name == 'push'", "github.event_name != 'push' && inputs.x", true),
            ("!(matrix.slow)", "matrix.slow", true),
            ("github.event_name == 'push'", "github.event_name != 'pull_request'", false),
            ("failure()", "!failure()", false),
            ("a.b == 'x'", "!a.b == 'x'", false),
            ("a.b || c.d", "!a.b", false),
            ("a.b", "a.b", false),
        ] {
            assert_eq!(are_exclusive(&Own::of(one), &Own::of(other)), exclusive, "{one} and {other}");
        }
    }
}
