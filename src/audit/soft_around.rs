//! A step or a job that may fail for a good reason: what its scripts pass over besides changes nothing.

use super::finding::{Finding, Reason, Verdict};
use super::scene::Scene;
use super::spot::Spot;
use super::{job_soft_fail, step_soft_fail};
use crate::workflow::reader::Text;
use crate::workflow::signal::Soft;

/// The reason that people gave why the whole step, or the whole job, may fail in every run.
///
/// Where the outcome of the step is examined instead, a command that is passed over within it still hides something.
pub fn justified(scene: &Scene<'_, '_>, spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    scene.excuses.get(spot.key(), || worked_out(scene, spot))
}

fn worked_out(scene: &Scene<'_, '_>, spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let soft = |text| Soft::of(text, spot.job) == Soft::Yes;
    // Whoever asks for the outcome asks in vain where the command is passed over.
    let asked = |id: Text<'_>| scene.lines().iter().any(|line| line.contains(&format!("steps.{}.", id.text)));
    if spot.step.id.is_some_and(asked) {
        return None;
    }
    let step = || soft(spot.step.continue_on_error).then(|| step_soft_fail::one(scene, spot)).flatten();
    let job = || spot.job.filter(|job| soft(job.continue_on_error)).and_then(|job| job_soft_fail::one(scene, job));
    step().and_then(said).or_else(|| job().and_then(said))
}

fn said(around: Finding) -> Option<(Reason, String)> {
    match around.verdict {
        Verdict::Fine(Reason::Justified, reason) => Some((Reason::Justified, format!("all of it may fail: {reason}"))),
        _ => None,
    }
}
