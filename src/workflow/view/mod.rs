//! A workflow or an action as GitHub reads it: typed, and every part tied to its place.
//!
//! Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax> and, for actions,
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax>. The view reads and does not
//! check: what has another shape than GitHub expects reads as absent.

mod matrix;
mod read;

use std::sync::OnceLock;

pub use matrix::{Leg, Matrix};

use super::condition::Own;
use super::reader::{At, Text};
use super::script::Platform;
use crate::yaml::{Place, Tree};

/// A parsed file.
#[derive(Debug)]
pub enum File<'t> {
    /// A workflow.
    Workflow(Workflow<'t>),
    /// An action's metadata.
    Action(Action<'t>),
}

/// A workflow.
#[derive(Debug)]
pub struct Workflow<'t> {
    /// Its path in the repository.
    pub file: &'t str,
    /// The tree it was read from.
    pub tree: &'t Tree<'t>,
    /// `name:`
    pub name: Option<Text<'t>>,
    /// `on:`, in order.
    pub triggers: Vec<Trigger<'t>>,
    /// Where `permissions:` stands.
    pub permissions: Option<At>,
    /// `defaults.run`
    pub defaults: Defaults<'t>,
    /// `env:`
    pub env: Vec<(Text<'t>, Text<'t>)>,
    /// `jobs:`, in order.
    pub jobs: Vec<Job<'t>>,
    /// Whether aliases multiplied beyond what is read; the view is then incomplete.
    pub cut: bool,
}

/// One event of `on:`.
#[derive(Debug, Clone)]
pub struct Trigger<'t> {
    /// The event's name.
    pub event: Text<'t>,
    /// Its filters and other settings, such as `branches`, `paths`, `types`: the key and the names listed.
    pub filters: Vec<(Text<'t>, Vec<Text<'t>>)>,
}

/// `defaults.run`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Defaults<'t> {
    /// `shell:`
    pub shell: Option<Text<'t>>,
    /// `working-directory:`
    pub working_directory: Option<Text<'t>>,
}

/// A job.
#[derive(Debug)]
pub struct Job<'t> {
    /// Its id: the key under `jobs`.
    pub id: Text<'t>,
    /// The node of its mapping.
    pub at: At,
    /// `name:`
    pub name: Option<Text<'t>>,
    /// `needs:`, one or many.
    pub needs: Vec<Text<'t>>,
    /// `if:`
    pub condition: Option<Text<'t>>,
    /// The same, parsed.
    pub asks: Own<'t>,
    /// `continue-on-error:`
    pub continue_on_error: Option<Text<'t>>,
    /// `strategy.matrix`
    pub matrix: Option<Matrix<'t>>,
    /// `strategy.fail-fast`
    pub fail_fast: Option<Text<'t>>,
    /// `uses:`, the workflow it calls.
    pub uses: Option<Text<'t>>,
    /// `with:`
    pub with: Vec<(Text<'t>, Text<'t>)>,
    /// `runs-on:`, its labels; a group's name counts as one.
    pub runs_on: Vec<Text<'t>>,
    /// The kind of runner that these ask for, once asked.
    pub platform: OnceLock<Option<Platform>>,
    /// Where `container:` stands.
    pub container: Option<At>,
    /// The ids of `services:`.
    pub services: Vec<Text<'t>>,
    /// `timeout-minutes:`
    pub timeout: Option<Text<'t>>,
    /// `environment:` or its name.
    pub environment: Option<Text<'t>>,
    /// Where `permissions:` stands.
    pub permissions: Option<At>,
    /// `defaults.run`
    pub defaults: Defaults<'t>,
    /// `env:`
    pub env: Vec<(Text<'t>, Text<'t>)>,
    /// `outputs:`
    pub outputs: Vec<(Text<'t>, Text<'t>)>,
    /// `steps:`, in order; the steps of a `parallel:` group stand one after the other.
    pub steps: Vec<Step<'t>>,
}

/// A step.
#[derive(Debug)]
pub struct Step<'t> {
    /// The node of its mapping.
    pub at: At,
    /// `id:`
    pub id: Option<Text<'t>>,
    /// `name:`
    pub name: Option<Text<'t>>,
    /// `if:`
    pub condition: Option<Text<'t>>,
    /// The same, parsed.
    pub asks: Own<'t>,
    /// `continue-on-error:`
    pub continue_on_error: Option<Text<'t>>,
    /// `run:`
    pub run: Option<Text<'t>>,
    /// `uses:`
    pub uses: Option<Text<'t>>,
    /// `with:`
    pub with: Vec<(Text<'t>, Text<'t>)>,
    /// `env:`
    pub env: Vec<(Text<'t>, Text<'t>)>,
    /// `shell:`
    pub shell: Option<Text<'t>>,
    /// `working-directory:`
    pub working_directory: Option<Text<'t>>,
    /// `timeout-minutes:`
    pub timeout: Option<Text<'t>>,
    /// `background:`
    pub background: Option<Text<'t>>,
    /// The `parallel:` group it lies in.
    pub group: Option<At>,
    /// What it does to background steps, if that is its work.
    pub control: Option<Control<'t>>,
}

/// A step that waits for or stops background steps.
///
/// Source: workflow syntax, `jobs.<job_id>.steps[*].wait`, `wait-all` and `cancel`.
#[derive(Debug, Clone)]
pub enum Control<'t> {
    /// `wait:` for these ids.
    Wait(Vec<Text<'t>>),
    /// `wait-all:`
    WaitAll(At),
    /// `cancel:` this id.
    Cancel(Text<'t>),
}

/// An action's metadata.
#[derive(Debug)]
pub struct Action<'t> {
    /// Its path in the repository.
    pub file: &'t str,
    /// The tree it was read from.
    pub tree: &'t Tree<'t>,
    /// `name:`
    pub name: Option<Text<'t>>,
    /// `runs.using`
    pub using: Option<Text<'t>>,
    /// `runs.steps` of a composite action.
    pub steps: Vec<Step<'t>>,
    /// Whether aliases multiplied beyond what is read.
    pub cut: bool,
}

impl<'t> File<'t> {
    /// Reads a file as what it is: an action if it has `runs` and no `jobs`.
    pub fn of(file: &'t str, tree: &'t Tree<'t>) -> File<'t> {
        match (tree.get(0, "runs"), tree.get(0, "jobs")) {
            (Some(_), None) => File::Action(Action::of(file, tree)),
            _ => File::Workflow(Workflow::of(file, tree)),
        }
    }
}

impl<'t> Workflow<'t> {
    /// The job with this id; GitHub compares ids without regard to case.
    pub fn job(&self, id: &str) -> Option<&Job<'t>> {
        self.jobs.iter().find(|job| job.id.text.eq_ignore_ascii_case(id))
    }

    /// The jobs that a job needs, over any number of steps, by their ids as the workflow writes them.
    pub fn ancestors(&self, job: &Job<'t>) -> Vec<&'t str> {
        let mut found: Vec<&'t str> = Vec::new();
        let mut next: Vec<&str> = job.needs.iter().map(|need| need.text).collect();
        while let Some(id) = next.pop() {
            let Some(need) = self.job(id).filter(|need| !found.contains(&need.id.text)) else { continue };
            found.push(need.id.text);
            next.extend(need.needs.iter().map(|need| need.text));
        }
        found
    }

    /// Whether one of its triggers is this event.
    pub fn on(&self, event: &str) -> bool {
        self.triggers.iter().any(|trigger| trigger.event.text == event)
    }

    /// A place in this file as messages show it.
    pub fn place(&self, at: At) -> Place {
        Place { file: self.file.to_owned(), line: at.line, column: at.column }
    }
}

impl Action<'_> {
    /// A place in this file as messages show it.
    pub fn place(&self, at: At) -> Place {
        Place { file: self.file.to_owned(), line: at.line, column: at.column }
    }
}

impl Job<'_> {
    /// Whether it needs the job with this id itself.
    pub fn waits_for(&self, id: &str) -> bool {
        self.needs.iter().any(|need| need.text.eq_ignore_ascii_case(id))
    }

    /// The index of the step with this id.
    pub fn step(&self, id: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.id.is_some_and(|own| own.text.eq_ignore_ascii_case(id)))
    }
}

impl Step<'_> {
    /// What people call it: its name, else its id, else what it uses, else its position from 1.
    pub fn called(&self, index: usize) -> String {
        match self.name.or(self.id).or(self.uses) {
            Some(name) => format!("step `{}`", name.text),
            None => format!("step {}", index + 1),
        }
    }

    /// Whether it runs beside the steps that follow it.
    pub fn is_concurrent(&self) -> bool {
        self.group.is_some() || self.background.is_some_and(|text| text.text != "false")
    }
}
