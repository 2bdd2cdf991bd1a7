//! Workflows in which nothing checks or publishes: their green says nothing.
//!
//! Silent where the purpose of a job is not known.

use super::Detector;
use super::finding::{Finding, Reason, Verdict};
use super::role::{self, Role};
use super::scene::Scene;

pub(super) const DETECTOR: Detector = Detector {
    name: "asserts-nothing",
    category: "informational",
    about: "a workflow in which no job and no step checks or publishes",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    let Some(workflow) = scene.workflow().filter(|workflow| !workflow.jobs.is_empty()) else { return };
    let jobs = workflow.jobs.iter().map(|job| role::of_job(job, scene.name()));
    let purposes: Vec<role::Purpose> = jobs.chain(scene.spots().into_iter().map(|spot| scene.purpose(spot))).collect();
    let (jobs, _) = purposes.split_at(workflow.jobs.len());
    if purposes.iter().any(|purpose| purpose.role.matters()) || jobs.iter().any(|own| own.role == Role::Unknown) {
        return;
    }
    let Some(first) = jobs.first() else { return };
    let place = scene.place(workflow.triggers.first().map_or(workflow.jobs[0].id.at, |trigger| trigger.event.at));
    let message = "nothing in the workflow checks or publishes: its green asserts nothing".to_owned();
    let mut finding = scene.finding(&DETECTOR, place, "the workflow".to_owned(), message);
    finding.purpose = first.clone();
    finding.verdict = Verdict::Fine(Reason::Informational, format!("{}: {}", first.role, first.evidence));
    out.push(finding);
}
