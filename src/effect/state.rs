//! What is true of a job or a step on one side of a change.

use super::guard;
use std::cell::RefCell;
use std::collections::BTreeMap;

use super::subject::List;
use super::way::{self, Guard, Way};
use crate::workflow::signal::{Runs, Signal, Signals};
use crate::workflow::view::{File, Job, Workflow};
use crate::workflow::world::World;
use crate::yaml::Place;

/// When something runs and what becomes of its failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Where it stands.
    pub place: Place,
    /// Whether and when it runs.
    pub runs: Runs,
    /// What becomes of its failure, the ways of its file considered: one run that fails is enough.
    pub signal: Signal,
    /// The ways from its file to the runs; none if the file can only be called and nothing known calls it.
    pub ways: Vec<Way>,
    /// The conditions of itself and of what it stands in that a run decides; those of callers are with the ways.
    pub guards: Vec<Guard>,
}

impl State {
    /// The ways by which it can reach a run: those whose callers ever run.
    pub fn live_ways(&self) -> impl Iterator<Item = &Way> {
        self.ways.iter().filter(|way| !matches!(way.ends, Signal::NeverRuns(_)))
    }

    /// All conditions that a run decides, its own first, then those on the live ways; each once.
    pub fn open_conditions(&self) -> Vec<&Guard> {
        let mut found: Vec<&Guard> = Vec::new();
        for guard in self.guards.iter().chain(self.live_ways().flat_map(|way| &way.guards)) {
            if !found.contains(&guard) {
                found.push(guard);
            }
        }
        found
    }
}

/// One file on one side.
pub(super) struct Side<'w, 't> {
    pub file: &'w File<'t>,
    pub world: &'w World<'t>,
    pub ways: Vec<Way>,
    pub signals: Signals<'w, 't>,
    /// The open conditions of jobs by the node of each, judged once for all its steps.
    of_jobs: RefCell<BTreeMap<usize, Option<Guard>>>,
}

impl<'w, 't> Side<'w, 't> {
    /// A file; `nothing` is an empty world, so that the model judges the file alone.
    pub fn of(world: &'w World<'t>, nothing: &'w World<'t>, file: &'w File<'t>) -> Side<'w, 't> {
        let signals = match file {
            File::Workflow(workflow) => Signals::of(workflow, nothing),
            File::Action(action) => Signals::of_action(action, nothing),
        };
        Side { file, world, ways: way::outward(world, file), signals, of_jobs: RefCell::default() }
    }

    pub fn job(&self, workflow: &Workflow<'_>, job: &Job<'_>) -> State {
        let id = job.id.text;
        self.state(
            workflow.place(job.id.at),
            self.signals.job_runs(id).unwrap_or(Runs::Always),
            &self.signals.job(id).unwrap_or(Signal::FailsRun),
            self.guard_of(workflow, job).into_iter().collect(),
        )
    }

    pub fn step(&self, list: &List<'_, '_>, index: usize) -> State {
        let (runs, signal) = match list.job {
            Some(job) => (self.signals.step_runs(job.id.text, index), self.signals.step(job.id.text, index)),
            None => (self.signals.action_step_runs(index), self.signals.action_step(index)),
        };
        let at = list.steps[index].at;
        let place = Place { file: list.file.to_owned(), line: at.line, column: at.column };
        let guards = match (self.file, list.job) {
            (File::Workflow(workflow), Some(job)) => {
                let step = guard::of_step(workflow, job, Some((index, &list.steps[index])));
                step.into_iter().chain(self.guard_of(workflow, job)).collect()
            }
            (File::Action(_), _) => guard::of_action(list, index),
            _ => Vec::new(),
        };
        self.state(place, runs.unwrap_or(Runs::Always), &signal.unwrap_or(Signal::FailsRun), guards)
    }

    fn guard_of(&self, workflow: &Workflow<'_>, job: &Job<'_>) -> Option<Guard> {
        let mut known = self.of_jobs.borrow_mut();
        known.entry(job.id.at.node).or_insert_with(|| guard::of_job(workflow, job)).clone()
    }

    fn state(&self, place: Place, runs: Runs, inner: &Signal, guards: Vec<Guard>) -> State {
        State {
            place,
            runs: way::runs(runs, &self.ways),
            signal: way::past(inner, &self.ways),
            ways: self.ways.clone(),
            guards,
        }
    }
}
