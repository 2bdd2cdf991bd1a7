//! What a step, a job or a command is for, from its name, its action, its commands and its condition.
//!
//! The knowledge stands in tables (`phrases`, `known_actions`, `programs`) that a newcomer can extend: a word each. This
//! file only weighs the signs against each other: an action that can do one thing only, the name, the commands, the steps
//! of a local action or workflow, and last what the step stands in.

mod actions;
mod after_failure;
mod any_word;
mod command;
mod container;
mod dependency;
mod does;
mod effective;
mod forms;
mod index;
mod jobs;
mod known_actions;
mod line;
mod named;
mod names;
mod own_script;
mod phrases;
mod programs;
mod proposal;
mod script;
mod task;
mod told;
mod uses;
mod words;

use std::borrow::Cow;
use std::fmt;

use does::only_answers;

use crate::workflow::view::{Job, Step};
use crate::workflow::world::World;

pub use after_failure::only_after_failure;
pub use command::{known_check, of_command, of_script, program_of, role_of_command, role_of_script, tries_own};
pub use dependency::{SAYS as BUILDS_DEPENDENCY, is_built as builds_dependency};
pub use does::copies_to_bucket;
pub use jobs::{is_named_for_what_matters, of_job, of_workflow};
pub use names::Named;
pub use proposal::{commits, keeps_up, only_tests, proposes, proposes_change};

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

/// What a step is for; the rest of the file, and the local actions of the world, help where it says nothing itself.
pub fn of_step(step: &Step<'_>, job: Option<&Job<'_>>, workflow: Option<&str>, world: &World<'_>) -> Purpose {
    of_step_itself(step, world).unwrap_or_else(|| around_step(step, job, workflow))
}

/// What a step says itself of what it is for.
pub fn of_step_itself(step: &Step<'_>, world: &World<'_>) -> Option<Purpose> {
    if only_after_failure(step) {
        return Some(Purpose::new(Role::Support, "it runs only after a failure".to_owned()));
    }
    let found = step.uses.and_then(|uses| uses::of_use(step, uses.text, world, 0));
    found.or_else(|| of_words(step))
}

/// What a step that says nothing itself is for, by what it stands in.
pub fn around_step(step: &Step<'_>, job: Option<&Job<'_>>, workflow: Option<&str>) -> Purpose {
    match script_of(step) {
        Some(_) => within(job, workflow),
        None => Purpose::unknown(),
    }
}

/// By the name and the commands: a name that could be of many things gives way to commands that check, and a name that
/// says `check` to commands that only look.
fn of_words(step: &Step<'_>) -> Option<Purpose> {
    if step.run.is_some_and(|run| dependency::is_built(run.text)) {
        return Some(Purpose::new(Role::Support, dependency::SAYS.to_owned()));
    }
    let named = step.name.and_then(|name| Some((names::of(name.text)?, name.text)));
    let script = script_of(step);
    if let (Some(named), Some(script)) = (named, script) {
        return Some(named::purpose(step, named, script));
    }
    if let Some((name, text)) = named {
        return Some(Purpose::new(name.role, says(text)));
    }
    let does = script.and_then(of_script);
    if script.is_some_and(only_answers) && does.as_ref().is_none_or(|does| !does.role.matters()) {
        return Some(Purpose::new(Role::Support, "it only writes an output".to_owned()));
    }
    let by_id =
        || step.id.and_then(|id| Some(Purpose::new(names::of(id.text)?.role, format!("its id says `{}`", id.text))));
    does.or_else(by_id)
}

/// What a step runs: its script, or what it hands to an action that runs it.
pub fn script_of<'t>(step: &Step<'t>) -> Option<&'t str> {
    let is_js = step.uses.is_some_and(|uses| uses.text.starts_with("actions/github-script"));
    step.run.or_else(|| with(step, &["command", "run", "script", "cmd"]).filter(|_| !is_js)).map(|text| text.text)
}

fn says(name: &str) -> String {
    format!("its name says `{}`", short(name))
}

/// What a step of unknown purpose is for, by what it stands in.
fn within(job: Option<&Job<'_>>, workflow: Option<&str>) -> Purpose {
    let names = job.into_iter().flat_map(|job| [Some(job.id.text), job.name.map(|name| name.text)]);
    for name in names.flatten() {
        if let Some(named) = names::of(name) {
            return Purpose::new(named.role, format!("it stands in job `{}`", short(name)));
        }
    }
    match workflow.and_then(|name| Some((names::telling(name)?, name))) {
        Some((role, name)) => Purpose::new(role, format!("it stands in workflow `{}`", short(name))),
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
        Role::Unknown => 10,
        _ => 5,
    }
}

/// What a name by itself says.
pub fn of_name(name: &str) -> Option<Named> {
    names::of(name)
}

/// Whether the name of a file or a workflow says that it measures: `perf-benchmark.yml`, `Scanner comparison benchmark`.
pub fn measures(name: &str) -> bool {
    let words = words::words(name);
    let begins = |lead: &str| words.iter().any(|word| word.starts_with(lead));
    // What counts how often tests were unsteady asserts nothing.
    let counts = || words.first().is_some_and(|word| *word == "flaky") && begins("report");
    begins("monitoring")
        || counts()
        || (begins("bench") || begins("perf")) && names::of(name).is_some_and(|named| named.role == Role::Telemetry)
}

/// Whether the action of a step tells people, by what it is known for or by its name.
pub fn notifies(step: &Step<'_>) -> bool {
    let by_words = |uses: &str| actions::by_words(uses).is_some_and(|named| named.role == Role::Notify);
    step.uses.is_some_and(|uses| actions::known(uses.text) == Some(Role::Notify) || by_words(uses.text))
}

/// What a step is for by its name and its commands alone.
pub fn of_step_words(step: &Step<'_>) -> Option<Purpose> {
    of_words(step)
}

/// What the action of a step is known to do.
pub fn of_action(step: &Step<'_>) -> Option<Role> {
    actions::known(step.uses?.text)
}

/// The words of a name, in lower case.
pub fn name_words(name: &str) -> Vec<String> {
    words::words(name).into_iter().map(Cow::into_owned).collect()
}

/// The commands of a script, roughly: for looking what programs it runs.
pub fn commands_of(script: &str) -> impl Iterator<Item = Cow<'_, str>> {
    script::lines(script)
}

/// Whether a job's name says that it watches over others.
pub fn is_gate_name(name: &str) -> bool {
    names::is_gate(name)
}

/// Whether a job's name begins with a word for what comes last, which can be work of its own: `finalize`, `finish`.
pub fn is_end_name(name: &str) -> bool {
    words::words(name).first().is_some_and(|word| ["finalize", "finish", "final", "complete"].contains(&word.as_ref()))
}

fn with<'t>(step: &Step<'t>, keys: &[&str]) -> Option<crate::workflow::reader::Text<'t>> {
    step.with.iter().find(|(key, _)| keys.contains(&key.text)).map(|(_, value)| *value)
}

/// At most 60 characters of one line, or of lines that `\` joins: what `curl \` alone is about shows below it.
pub(super) fn short(text: &str) -> String {
    let mut line = String::new();
    for next in text.trim().lines().map(str::trim) {
        let (part, goes_on) = next.strip_suffix('\\').map_or((next, false), |part| (part.trim_end(), true));
        line.push_str(if line.is_empty() { "" } else { " " });
        line.push_str(part);
        if !goes_on || line.len() > 60 {
            break;
        }
    }
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}...", &line[..at]),
        None => line,
    }
}
