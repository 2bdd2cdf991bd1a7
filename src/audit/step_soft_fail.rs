//! `continue-on-error` of a step: its failure is recorded as success.

use super::comment::{Said, Topic};
use super::finding::{Finding, Reason, Verdict};
use super::fix::{Fix, query};
use super::judge::{Case, Level, severity, verdict};
use super::reason::{is_not_enforced, plain};
use super::scene::Scene;
use super::spot::Spot;
use super::{Detector, examined, twin};
use crate::workflow::link::{Link, LinkKind};
use crate::workflow::signal::{Signal, Soft};

pub(super) const DETECTOR: Detector = Detector {
    name: "step-continue-on-error",
    category: "soft-fail",
    about: "a step whose failure is recorded as success",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    out.extend(scene.spots().filter_map(|spot| one(scene, spot)));
}

/// What is found at one step.
pub(super) fn one(scene: &Scene<'_, '_>, spot: Spot<'_, '_>) -> Option<Finding> {
    let text = spot.step.continue_on_error?;
    let soft = Soft::of(Some(text), spot.job);
    if soft.is_no() {
        return None;
    }
    let signal = scene.signal(spot)?;
    let purpose = scene.purpose(spot);
    let message = match &signal {
        Signal::MaskedInLegs { legs, .. } => {
            format!("{} fails silently for {}", spot.called(), super::scene::legs(legs))
        }
        Signal::Depends { on, .. } if soft != Soft::Yes => {
            format!("{} fails silently, depending on `{on}`", spot.called())
        }
        Signal::NeverRuns(_) => format!("{} would fail silently, and never runs", spot.called()),
        Signal::FailsRun => format!("{} fails softly, and another step fails in its place", spot.called()),
        _ => format!("{} fails silently", spot.called()),
    };
    let mut finding = scene.finding(&DETECTOR, scene.place(text.at), spot.called(), message);
    let case = Case {
        detector: DETECTOR.name,
        topic: Topic::SoftFail,
        purpose: &purpose,
        places: places(scene, spot, text.at.line, &signal),
        job: spot.job.map(|job| job.id.text),
        settled: &|| {
            examined::step(scene, spot, &signal)
                .or_else(|| of_section(scene, spot))
                .or_else(|| above_job(scene, spot))
                .or_else(|| twin::of_step(scene, spot, DETECTOR.name, |step| Some(step.continue_on_error?.at.line)))
        },
    };
    finding.verdict = verdict(scene, case);
    if let Verdict::Fine(Reason::Examined, _) = &finding.verdict {
        finding.message = finding.message.replace(" fails silently", " fails softly, and its result is examined");
    }
    finding.severity = severity(scene, Level::Step, purpose.role, &finding.verdict);
    finding.chain = signal.chain().to_vec();
    if finding.chain.is_empty() && soft == Soft::Yes {
        let kind = if spot.job.is_some() { LinkKind::StepContinueOnError } else { LinkKind::ActionContinueOnError };
        finding.chain.push(Link { kind, place: scene.place(text.at), what: text.text.to_owned() });
    }
    finding.purpose = purpose;
    if soft == Soft::Yes {
        finding.fix = query(scene.tree(), text.at).map(Fix::RemoveKey);
    }
    Some(finding)
}

/// A comment above the job that says what its checks are worth.
fn above_job(scene: &Scene<'_, '_>, spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let line = spot.job?.id.at.line;
    let said = super::comment::above(scene.lines(), line - 1).iter().map(|text| plain(text)).collect::<Vec<_>>();
    let said = said.join(" ");
    is_not_enforced(&said).then_some((Reason::Justified, said))
}

/// A comment above an earlier step that gives a reason for all the steps behind it.
fn of_section(scene: &Scene<'_, '_>, spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let before: Vec<usize> = spot.steps[..spot.index].iter().map(|step| step.at.line).collect();
    match super::comment::said_of_following(scene.lines(), &before)? {
        Said::Reason(reason) | Said::Accepts(reason) => Some((Reason::Justified, reason)),
    }
}

/// The lines whose comments speak of a soft-fail: its own, those of the step's keys that may explain it, the step's.
fn places(scene: &Scene<'_, '_>, spot: Spot<'_, '_>, own: usize, signal: &Signal) -> Vec<usize> {
    let first = spot.step.at.line;
    let end = spot.steps.get(spot.index + 1).map_or(own, |next| next.at.line);
    let condition = spot.step.condition.map(|text| text.at.line);
    let mut places = vec![own];
    places.extend(super::comment::keys_with_comments(scene.lines(), first, end, condition));
    // Where the job's own soft-fail masks what examines the step, the reason stands there.
    let of_job = signal.chain().iter().find(|link| link.kind == LinkKind::JobContinueOnError);
    places.extend(of_job.map(|link| link.place.line));
    places.push(first);
    places
}
