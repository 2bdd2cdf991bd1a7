//! Workflows in which nothing checks or publishes: their green says nothing.
//!
//! Silent where the purpose of a job or, in a job whose name says nothing, of a step is not known.

use super::Detector;
use super::finding::{Finding, Reason, Verdict};
use super::role::{self, Role};
use super::scene::Scene;
use crate::workflow::view::{Job, Step};

pub(super) const DETECTOR: Detector = Detector {
    name: "asserts-nothing",
    category: "informational",
    about: "a workflow in which no job and no step checks or publishes",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    let Some(workflow) = scene.workflow().filter(|workflow| !workflow.jobs.is_empty()) else { return };
    let known = |job: &Job<'_>| {
        let named = [Some(job.id), job.name].into_iter().flatten().any(|name| role::of_name(name.text).is_some());
        let around = |step: &Step<'_>| role::around_step(step, Some(job), scene.name());
        let step = |step: &Step<'_>| scene.itself(step).unwrap_or_else(|| around(step)).role != Role::Unknown;
        named || (!job.steps.is_empty() && job.steps.iter().all(step))
    };
    // Nearly every workflow has a job that checks: nothing else is asked then, and first those that say so themselves.
    let matters = |job: &Job<'_>| scene.job_purpose(job).role.matters();
    let says_so = |job: &Job<'_>| role::is_named_for_what_matters(job) && matters(job);
    let a_job = (workflow.jobs.len() > 1 && workflow.jobs.iter().any(says_so)) || workflow.jobs.iter().any(matters);
    let a_step = || scene.spots().any(|spot| scene.purpose(spot).role.matters());
    if a_job || a_step() || !workflow.jobs.iter().all(known) {
        return;
    }
    let first = scene.job_purpose(&workflow.jobs[0]);
    let place = scene.place(workflow.triggers.first().map_or(workflow.jobs[0].id.at, |trigger| trigger.event.at));
    let message = "nothing in the workflow checks or publishes: its green asserts nothing".to_owned();
    let mut finding = scene.finding(&DETECTOR, place, "the workflow".to_owned(), message);
    finding.verdict = Verdict::Fine(Reason::Informational, format!("{}: {}", first.role, first.evidence));
    finding.purpose = first;
    out.push(finding);
}
