//! Checks that run on a schedule or by hand only: they say nothing of a change before it is in.

use super::Detector;
use super::finding::{Finding, Reason, Verdict};
use super::role::Role;
use super::scene::Scene;
use crate::workflow::view::{File, Job, Workflow};
use crate::workflow::world::{Caller, World};

pub(super) const DETECTOR: Detector = Detector {
    name: "scope-gap",
    category: "scope-gap",
    about: "a workflow that checks, but only on a schedule or by hand",
    find,
};

/// Whether a change starts the workflow that a job calls, by itself or by another caller.
fn also_on_changes(scene: &Scene<'_, '_>, job: &Job<'_>) -> bool {
    scene.world.called(job).is_some_and(|called| gates(called, scene.world))
}

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    let Some(workflow) = scene.workflow() else { return };
    let Some(first) = workflow.triggers.first() else { return };
    let late = |event: &str| matches!(event, "schedule" | "workflow_dispatch" | "repository_dispatch");
    if !workflow.triggers.iter().all(|trigger| late(trigger.event.text)) {
        return;
    }
    let checks = workflow
        .jobs
        .iter()
        .find(|job| scene.own_job_purpose(job).role == Role::Verify && !also_on_changes(scene, job));
    let Some(job) = checks else { return };
    let subject = "the workflow".to_owned();
    let message = format!("job `{}` checks, but never before a change is in", job.id.text);
    let mut finding = scene.finding(&DETECTOR, scene.place(first.event.at), subject, message);
    finding.purpose = scene.own_job_purpose(job);
    finding.verdict = Verdict::Fine(Reason::Informational, "it runs on a schedule or by hand".to_owned());
    out.push(finding);
}

/// Events that come with a change, or from a workflow that may.
const CHANGES: &[&str] = &["pull_request", "pull_request_target", "push", "merge_group", "workflow_run"];

/// Whether a change starts a workflow, be it by what calls it; who calls it from elsewhere is not known.
pub(super) fn gates(workflow: &Workflow<'_>, world: &World<'_>) -> bool {
    gates_within(workflow, world, MAX_CALLERS)
}

fn gates_within(workflow: &Workflow<'_>, world: &World<'_>, depth: usize) -> bool {
    let on = |event: &&str| workflow.on(event);
    if workflow.triggers.is_empty() || CHANGES.iter().any(on) {
        return true;
    }
    let callers = || world.callers_of(workflow.file);
    let by = |caller: &Caller<'_, '_>| match caller.file {
        File::Workflow(caller) => depth == 0 || gates_within(caller, world, depth - 1),
        File::Action(_) => true,
    };
    workflow.on("workflow_call") && (callers().is_empty() || callers().iter().any(by))
}

/// How deep callers of callers are followed.
const MAX_CALLERS: usize = 4;
