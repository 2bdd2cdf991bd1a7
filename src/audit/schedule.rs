//! Checks that run on a schedule or by hand only: they say nothing of a change before it is in.

use super::Detector;
use super::finding::{Finding, Reason, Verdict};
use super::role::Role;
use super::scene::Scene;

pub(super) const DETECTOR: Detector = Detector {
    name: "scope-gap",
    category: "scope-gap",
    about: "a workflow that checks, but only on a schedule or by hand",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    let Some(workflow) = scene.workflow() else { return };
    let Some(first) = workflow.triggers.first() else { return };
    let late = |event: &str| matches!(event, "schedule" | "workflow_dispatch" | "repository_dispatch");
    if !workflow.triggers.iter().all(|trigger| late(trigger.event.text)) {
        return;
    }
    let checks = workflow.jobs.iter().find(|job| scene.own_job_purpose(job).role == Role::Verify);
    let Some(job) = checks else { return };
    let subject = "the workflow".to_owned();
    let message = format!("job `{}` checks, but never before a change is in", job.id.text);
    let mut finding = scene.finding(&DETECTOR, scene.place(first.event.at), subject, message);
    finding.purpose = scene.own_job_purpose(job);
    finding.verdict = Verdict::Fine(Reason::Informational, "it runs on a schedule or by hand".to_owned());
    out.push(finding);
}
