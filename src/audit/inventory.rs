//! A line per file: what it is for, when it runs, and how far its green can be trusted.

use super::finding::Finding;
use super::role::Role;
use super::scene::Scene;
use crate::workflow::signal::Runs;
use crate::workflow::view::File;

/// How far a green check can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// A failure fails the run.
    Strong,
    /// It can fail silently: there is a finding that needs action.
    Weak,
    /// It asserts nothing.
    Cosmetic,
    /// It never runs.
    Legacy,
}

impl Strength {
    /// The word that outputs use.
    pub fn word(self) -> &'static str {
        match self {
            Strength::Strong => "strong",
            Strength::Weak => "weak",
            Strength::Cosmetic => "cosmetic",
            Strength::Legacy => "legacy",
        }
    }
}

/// One file of the inventory.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// The events that start it, in order; `action` for a composite action.
    pub triggers: Vec<String>,
    /// What it is for: the weightiest of its jobs.
    pub role: Role,
    /// How far its green can be trusted.
    pub strength: Strength,
    /// How many jobs it has.
    pub jobs: usize,
}

/// To check outweighs all, then to publish, then comes what stands first; past a check nothing is asked.
fn weightiest(roles: impl Iterator<Item = Role>) -> Role {
    let mut most = None;
    for role in roles {
        match (role, most) {
            (Role::Verify, _) => return role,
            (Role::Publish, _) | (_, None) => most = Some(role),
            _ => {}
        }
    }
    most.unwrap_or(Role::Unknown)
}

/// The entry of a file.
pub(super) fn entry(scene: &Scene<'_, '_>, findings: &[Finding]) -> Entry {
    let role = match scene.view {
        File::Workflow(workflow) => weightiest(workflow.jobs.iter().map(|job| scene.job_purpose(job).role)),
        File::Action(_) => weightiest(scene.spots().map(|spot| scene.purpose(spot).role)),
    };
    let (triggers, jobs, dead) = match scene.view {
        File::Workflow(workflow) => {
            let never = |id: &str| matches!(scene.signals.job_runs(id), Some(Runs::Never(_)));
            let dead = !workflow.jobs.is_empty() && workflow.jobs.iter().all(|job| never(job.id.text));
            (workflow.triggers.iter().map(|t| t.event.text.to_owned()).collect(), workflow.jobs.len(), dead)
        }
        File::Action(_) => (vec!["action".to_owned()], 0, false),
    };
    let strength = match (dead, findings.iter().any(Finding::needs_action), role.matters()) {
        (true, _, _) => Strength::Legacy,
        (_, true, _) => Strength::Weak,
        (_, _, true) => Strength::Strong,
        _ => Strength::Cosmetic,
    };
    let name = scene.name().unwrap_or_default().to_owned();
    Entry { path: scene.file().to_owned(), name, triggers, role, strength, jobs }
}
