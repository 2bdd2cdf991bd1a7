//! A condition that is always true by accident: text around `${{ }}` makes it a string that is never empty, a text alone,
//! `'false'` or one side of `||`, is compared with nothing, and a comparison holds for every value that can be there.

use github_actions_expressions::Expr;
use github_actions_expressions::literal::Literal;
use github_actions_expressions::op::BinOp;

use super::Detector;
use super::finding::{Finding, Reason, Verdict};
use super::guard::{self, Guard};
use super::judge::{Case, severity, verdict};
use super::role::Role;
use super::scene::Scene;
use super::slip::Slip;
use crate::workflow::condition::Own;

pub(super) const DETECTOR: Detector = Detector {
    name: "always-true",
    category: "conditional-skip",
    about: "a condition that is always true by accident: text around `${{ }}`, a text alone, a comparison that every run fulfils",
    find,
};

/// Why a condition is true in every run without saying so.
enum Accident<'t> {
    /// There is text around `${{ }}`: a string that is never empty.
    Around,
    /// This text stands alone beside `||`: `github.ref == 'a' || 'b'`, where the second comparison was forgotten.
    Beside(&'t str),
    /// It is this text: `"'false'"`.
    Text(&'t str),
    /// No run comes out otherwise, for this reason.
    Sure(&'t str),
}

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    out.extend(guard::all(scene).filter_map(|guard| Some(one(scene, &guard, accident(guard.asks, guard.slip)?))));
}

fn accident<'e>(asks: &'e Own<'_>, slip: Option<&'e Slip>) -> Option<Accident<'e>> {
    match asks {
        Own::Mixed(text) => (!means_always(text)).then_some(Accident::Around),
        Own::Expression(expr) => match &expr.inner {
            Expr::Literal(Literal::String(text)) if text == "true" => None,
            Expr::Literal(Literal::String(text)) if !text.is_empty() => Some(Accident::Text(text)),
            expr => match (beside(expr), slip) {
                (Some(text), _) => Some(Accident::Beside(text)),
                (None, Some(Slip::Always(why))) => Some(Accident::Sure(why)),
                _ => None,
            },
        },
        Own::Empty | Own::Broken => None,
    }
}

/// The text among the sides of `||`, if there is one.
///
/// Source: expressions, "Operators": a text that is not empty is true.
fn beside<'e>(expr: &'e Expr<'_>) -> Option<&'e str> {
    let mut open = vec![expr];
    while let Some(part) = open.pop() {
        match part {
            Expr::BinExpr(binary) if binary.op == BinOp::Or => open.extend([&binary.lhs.inner, &binary.rhs.inner]),
            Expr::Literal(Literal::String(text)) if !text.is_empty() => return Some(text),
            _ => {}
        }
    }
    None
}

/// `(${{ success() }} || ${{ failure() }})`: what it is by accident is what it says.
fn means_always(text: &str) -> bool {
    let plain = text.replace(char::is_whitespace, "");
    ["success()", "failure()"].iter().all(|part| plain.contains(&format!("${{{{{part}}}}}")))
        && plain.replace("${{success()}}", "").replace("${{failure()}}", "").trim_matches(['(', ')']) == "||"
}

fn one<'w, 't>(scene: &Scene<'w, 't>, guard: &Guard<'_, 'w, 't>, accident: Accident<'_>) -> Finding {
    let why = match accident {
        Accident::Around => "there is text around `${{ }}`".to_owned(),
        Accident::Beside(text) => format!("the text '{text}' beside `||` is compared with nothing"),
        Accident::Text(text) => format!("it is the text '{text}', not an expression"),
        Accident::Sure(why) => why.to_owned(),
    };
    let sure = matches!(accident, Accident::Sure(_));
    let (subject, purpose) = (guard.subject(), guard.purpose(scene));
    let message = format!("the condition of {subject} is always true: {why}");
    let mut finding = scene.finding(&DETECTOR, scene.place(guard.condition.at), subject, message);
    finding.verdict = match verdict(scene, Case::switched_off(DETECTOR.name, &purpose, guard.places())) {
        // A comment that says what the condition is for does not say that it shall always hold.
        Verdict::Fine(Reason::Justified, said) if !said.to_lowercase().contains("always") => Verdict::Action,
        // A step that prepares what is there already costs time and hides nothing.
        Verdict::Action if sure && !purpose.role.matters() => {
            Verdict::Fine(Reason::Purpose, "what runs too often is neither a check nor a publication".to_owned())
        }
        verdict => verdict,
    };
    // Something runs too often; that hides less than something that never runs.
    finding.severity = match severity(scene, guard.level(), purpose.role, &finding.verdict) {
        crate::rule::Severity::High if !matches!(purpose.role, Role::Publish) => crate::rule::Severity::Medium,
        other => other,
    };
    finding.purpose = purpose;
    finding
}
