//! What a step, a job or a command is for, from its name, its action, its commands and its condition.
//!
//! The knowledge stands in tables (`names`, `actions`, `programs`) that a newcomer can extend: a line each, the
//! first that matches wins. This file only looks things up, in the order of how much each sign is worth: an action that
//! can do one thing only, the name, the rest of the action's name, the commands, and last what the step stands in.

mod actions;
mod command;
mod names;
mod programs;

use std::fmt;

use crate::workflow::view::{Job, Step};

pub use command::{of_command, of_script};

/// What something is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Builds, tests, lints, scans, compares, selects tests: its failure is what CI is for.
    Verify,
    /// Hands something to users: a release, a package, a deployment.
    Publish,
    /// Prepares or looks around: checkout, tool set-up, values for later steps, log dumps.
    Support,
    /// Saves or restores what only saves time.
    Cache,
    /// Moves files between jobs or keeps them for people.
    Artifact,
    /// Counts and reports: coverage, statistics, monitoring.
    Telemetry,
    /// Tells people: comments, labels, issues, messages.
    Notify,
    /// Takes away what the run made.
    Cleanup,
    /// Proposes a change and asserts nothing.
    Suggest,
    /// Writes files that a person or a bot commits.
    Generated,
    /// Not known.
    Unknown,
}

impl Role {
    /// The word for it, as the outputs write it.
    pub fn word(self) -> &'static str {
        match self {
            Role::Verify => "verify",
            Role::Publish => "publish",
            Role::Support => "support",
            Role::Cache => "cache",
            Role::Artifact => "artifact",
            Role::Telemetry => "telemetry",
            Role::Notify => "notify",
            Role::Cleanup => "cleanup",
            Role::Suggest => "suggest",
            Role::Generated => "generated",
            Role::Unknown => "unknown",
        }
    }

    /// Whether a failure of it is one that a green check must not hide.
    pub fn matters(self) -> bool {
        matches!(self, Role::Verify | Role::Publish)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// A role and what shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// The role.
    pub role: Role,
    /// What shows it, such as "its name says `Run tests`".
    pub evidence: String,
}

impl Purpose {
    fn new(role: Role, evidence: String) -> Purpose {
        Purpose { role, evidence }
    }

    /// Nothing shows what it is for.
    pub fn unknown() -> Purpose {
        Purpose::new(Role::Unknown, "nothing shows what it is for".to_owned())
    }
}

/// What a step is for; `job` and `workflow` help where the step itself says nothing.
pub fn of_step(step: &Step<'_>, job: Option<&Job<'_>>, workflow: Option<&str>) -> Purpose {
    let uses = step.uses.map(|uses| uses.text);
    if only_after_failure(step) {
        return Purpose::new(Role::Support, "it runs only after a failure".to_owned());
    }
    let by_action = uses.and_then(|uses| Some((actions::known(uses)?, uses)));
    if let Some((role, uses)) = by_action {
        return Purpose::new(role, format!("it uses `{}`", short(uses)));
    }
    if let Some(name) = step.name
        && let Some(role) = names::of(name.text)
    {
        return Purpose::new(role, format!("its name says `{}`", short(name.text)));
    }
    if let Some(uses) = uses
        && let Some(role) = actions::by_words(uses)
    {
        return Purpose::new(role, format!("it uses `{}`", short(uses)));
    }
    let script = step.run.or_else(|| with(step, &["command", "run", "script", "cmd"]));
    if let Some(run) = script
        && let Some(purpose) = of_script(run.text)
    {
        return purpose;
    }
    if let Some(id) = step.id
        && let Some(role) = names::of(id.text)
    {
        return Purpose::new(role, format!("its id says `{}`", short(id.text)));
    }
    if script.is_none() {
        return Purpose::unknown();
    }
    within(job, workflow)
}

/// What a step of unknown purpose is for, by what it stands in.
fn within(job: Option<&Job<'_>>, workflow: Option<&str>) -> Purpose {
    let names = job.into_iter().flat_map(|job| [Some(job.id.text), job.name.map(|name| name.text)]);
    for name in names.flatten() {
        if let Some(role) = names::of(name) {
            return Purpose::new(role, format!("it stands in job `{}`", short(name)));
        }
    }
    match workflow.and_then(|name| Some((names::telling(name)?, name))) {
        Some((role, name)) => Purpose::new(role, format!("it stands in workflow `{}`", short(name))),
        None => Purpose::unknown(),
    }
}

/// What a job is for: by its name, by what it calls, by the weightiest of its steps, by its workflow.
pub fn of_job(job: &Job<'_>, workflow: Option<&str>) -> Purpose {
    for name in [job.name.map(|name| name.text), Some(job.id.text)].into_iter().flatten() {
        if let Some(role) = names::of(name) {
            return Purpose::new(role, format!("its name says `{}`", short(name)));
        }
    }
    if let Some(uses) = job.uses
        && let Some(role) = actions::by_words(uses.text)
    {
        return Purpose::new(role, format!("it calls `{}`", short(uses.text)));
    }
    if let Some(name) = workflow
        && let Some(role) = names::telling(name)
    {
        return Purpose::new(role, format!("it stands in workflow `{}`", short(name)));
    }
    let mut weightiest: Option<(Purpose, usize)> = None;
    for (index, step) in job.steps.iter().enumerate() {
        let most = weightiest.as_ref().map_or(usize::MAX, |(known, _)| weight(known.role));
        if most == 0 {
            break;
        }
        let purpose = of_step(step, None, None);
        if purpose.role != Role::Unknown && weight(purpose.role) < most {
            weightiest = Some((purpose, index));
        }
    }
    match weightiest {
        Some((purpose, index)) => {
            let called = job.steps[index].called(index);
            Purpose::new(purpose.role, format!("its {called}: {}", purpose.evidence))
        }
        None => Purpose::unknown(),
    }
}

/// Set-up is in every job: what it says of a job counts last.
fn weight(role: Role) -> usize {
    match role {
        Role::Verify => 0,
        Role::Publish => 1,
        Role::Support => 9,
        Role::Artifact | Role::Cache => 8,
        _ => 5,
    }
}

/// Whether a name by itself says that something checks or publishes.
pub fn of_name(name: &str) -> Option<Role> {
    names::of(name)
}

/// Whether the name of a file or a workflow says that it only proposes changes.
pub fn proposes(name: &str) -> bool {
    names::telling_any(name) == Some(Role::Suggest)
}

/// Whether a step hands its job's work on as a proposal.
pub fn proposes_change(step: &Step<'_>) -> bool {
    step.uses.is_some_and(|uses| actions::known(uses.text) == Some(Role::Suggest))
}

/// Whether a job's name says that it watches over others.
pub fn is_gate_name(name: &str) -> bool {
    names::is_gate(name)
}

fn with<'t>(step: &Step<'t>, keys: &[&str]) -> Option<crate::workflow::reader::Text<'t>> {
    step.with.iter().find(|(key, _)| keys.contains(&key.text)).map(|(_, value)| *value)
}

/// Whether the condition asks for a failure: what runs then cannot make a bad run look good.
pub fn only_after_failure(step: &Step<'_>) -> bool {
    let Some(condition) = step.condition else { return false };
    let text = condition.text.replace(char::is_whitespace, "");
    let asks = text.contains("failure()") && !text.contains("!failure()");
    asks && !text.contains("||") && !text.contains("success()")
}

/// At most 60 characters of one line.
pub(super) fn short(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}...", &line[..at]),
        None => line.to_owned(),
    }
}
