//! `continue-on-error` of a job: the run is green whatever happens in it.

use super::comment::Topic;
use super::finding::{Finding, Reason};
use super::fix::{Fix, query};
use super::judge::{Case, Level, severity, verdict};
use super::scene::Scene;
use super::{Detector, depends, examined, product, reported, twin};
use crate::workflow::signal::{Signal, Soft};
use crate::workflow::view::Job;

pub(super) const DETECTOR: Detector = Detector {
    name: "job-continue-on-error",
    category: "soft-fail",
    about: "a job whose failure leaves the run green",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    let jobs = scene.workflow().map_or(&[][..], |workflow| &workflow.jobs);
    out.extend(jobs.iter().filter_map(|job| one(scene, job)));
}

/// What is found at one job.
pub(super) fn one(scene: &Scene<'_, '_>, job: &Job<'_>) -> Option<Finding> {
    let text = job.continue_on_error?;
    let soft = Soft::of(Some(text), Some(job));
    if soft.is_no() {
        return None;
    }
    let signal = scene.signals.job(job.id.text)?;
    let purpose = scene.job_purpose(job);
    let subject = format!("job `{}`", job.id.text);
    let message = match &soft {
        Soft::Legs(legs) => format!("nothing in {subject} can fail the run for {}", super::scene::legs(legs)),
        Soft::Depends(on) => format!("nothing in {subject} can fail the run, depending on `{on}`"),
        _ => format!("nothing in {subject} can fail the run"),
    };
    let settled = || match &signal {
        Signal::NeverRuns(_) => Some((Reason::Dead, "the job never runs".to_owned())),
        _ => depends::of(scene, Some(job), None, &signal, text.text)
            .or_else(|| reported::own_status(job))
            .or_else(|| examined::named_soft_job(job))
            .or_else(|| depends::upstream(scene, job))
            .or_else(|| examined::expects(job))
            .or_else(|| examined::job_read(scene, job))
            .or_else(|| product::of_job(scene, job))
            .or_else(|| twin::of_job(scene, job, DETECTOR.name)),
    };
    let mut finding = scene.finding(&DETECTOR, scene.place(text.at), subject, message);
    let case = Case {
        detector: DETECTOR.name,
        topic: Topic::SoftFail,
        purpose: &purpose,
        places: places(scene, job, text.at.line),
        job: Some(job.id.text),
        settled: &settled,
    };
    finding.verdict = verdict(scene, case);
    finding.severity = severity(scene, Level::Job, purpose.role, &finding.verdict);
    finding.chain = signal.chain().to_vec();
    finding.purpose = purpose;
    if soft == Soft::Yes {
        finding.fix = query(scene.tree(), text.at).map(Fix::RemoveKey);
    }
    Some(finding)
}

/// The lines whose comments speak of a job's soft-fail: its own, those of the job's keys that explain it, the job's.
fn places(scene: &Scene<'_, '_>, job: &Job<'_>, own: usize) -> Vec<usize> {
    let first = job.id.at.line;
    let end = job.steps.first().map_or(own, |step| step.at.line);
    let mut places = vec![own];
    // What stands directly below the job's name speaks of the job.
    let keys = scene.tree().pairs(job.at.node).first().map(|&(key, _)| scene.tree().nodes[key].line);
    places.extend(keys.filter(|line| *line > first + 1));
    places.extend(super::comment::keys_with_comments(scene.lines(), first, end, None));
    places.push(first);
    places
}
