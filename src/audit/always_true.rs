//! A condition with text around `${{ }}`: a string that is never empty, so it is always true.

use github_actions_expressions::Expr;
use github_actions_expressions::literal::Literal;
use github_actions_expressions::op::BinOp;

use super::Detector;
use super::finding::{Finding, Reason, Verdict};
use super::judge::{Case, Level, severity, verdict};
use super::role::{Purpose, Role};
use super::scene::Scene;
use crate::workflow::condition::{Form, expression_range, form};
use crate::workflow::expression;
use crate::workflow::reader::Text;

pub(super) const DETECTOR: Detector = Detector {
    name: "always-true",
    category: "conditional-skip",
    about: "a condition that is always true by accident: text or a line break around `${{ }}`",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    for job in scene.workflow().map_or(&[][..], |workflow| &workflow.jobs) {
        if let Some(condition) = accident(job.condition) {
            let purpose = scene.job_purpose(job);
            let places = vec![condition.at.line, job.id.at.line];
            out.push(one(scene, format!("job `{}`", job.id.text), condition, purpose, places, Level::Job));
        }
    }
    for spot in scene.spots() {
        if let Some(condition) = accident(spot.step.condition) {
            let places = vec![condition.at.line, spot.step.at.line];
            out.push(one(scene, spot.called(), condition, scene.purpose(spot), places, Level::Step));
        }
    }
}

fn accident(condition: Option<Text<'_>>) -> Option<Text<'_>> {
    condition.filter(|condition| {
        let mixed = form(condition.text) == Form::Mixed && !means_always(condition.text);
        mixed || bare_text(condition.text).is_some()
    })
}

/// The text that stands alone beside `||`: `github.ref == 'a' || 'b'`, where the second comparison was forgotten.
///
/// Source: expressions, "Operators": a text that is not empty is true.
fn bare_text(condition: &str) -> Option<String> {
    // Few conditions have both signs at all.
    if !condition.contains("||") || !condition.contains('\'') || form(condition) == Form::Mixed {
        return None;
    }
    let range = expression_range(condition, form(condition));
    let expr = expression::parse(&condition[range]).ok()?;
    let mut open = vec![&expr];
    while let Some(part) = open.pop() {
        match &part.inner {
            Expr::BinExpr(binary) if binary.op == BinOp::Or => open.extend([&*binary.lhs, &*binary.rhs]),
            Expr::Literal(Literal::String(text)) if !text.is_empty() => return Some(text.to_string()),
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

fn one(
    scene: &Scene<'_, '_>,
    subject: String,
    condition: Text<'_>,
    purpose: Purpose,
    places: Vec<usize>,
    level: Level,
) -> Finding {
    let why = match bare_text(condition.text) {
        Some(text) => format!("the text '{text}' beside `||` is compared with nothing"),
        None => "there is text around `${{ }}`".to_owned(),
    };
    let message = format!("the condition of {subject} is always true: {why}");
    let mut finding = scene.finding(&DETECTOR, scene.place(condition.at), subject, message);
    finding.verdict = match verdict(scene, Case::switched_off(DETECTOR.name, &purpose, places)) {
        // A comment that says what the condition is for does not say that it shall always hold.
        Verdict::Fine(Reason::Justified, said) if !said.to_lowercase().contains("always") => Verdict::Action,
        verdict => verdict,
    };
    // Something runs too often; that hides less than something that never runs.
    finding.severity = match severity(scene, level, purpose.role, &finding.verdict) {
        crate::rule::Severity::High if !matches!(purpose.role, Role::Publish) => crate::rule::Severity::Medium,
        other => other,
    };
    finding.purpose = purpose;
    finding
}
