//! One file played through with one failure: which of the other steps and jobs run then, and which do not.
//!
//! The question is that of the signal model: this fails, all else succeeds, and whatever a run decides from outside
//! (events, inputs, variables) stays open. What fails is taken to run, and so is every job that it does not touch.
//! Everything is in three values; [`Fate::Depends`] is said where the failure itself is asked about and the answer is
//! open.

use super::graph::Graph;
use super::scope::{Done, InSteps, Needs, asks_for_results};
use super::subject::List;
use crate::workflow::condition::Truth;
use crate::workflow::reads::reads;
use crate::workflow::run::Status;
use crate::workflow::signal::{Runs, Signals, Soft};
use crate::workflow::view::{Control, Step, Workflow};
use crate::workflow::world::World;

/// What becomes of a step or a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// It runs and succeeds.
    Runs,
    /// It runs if its condition, which a run decides, holds.
    RunsIf,
    /// It does not run.
    Skipped,
    /// It runs and fails.
    Fails,
    /// What it does is for a run to show: it looks at the failure itself.
    Depends,
}

/// What fails.
#[derive(Debug, Clone, Copy)]
pub(super) enum Start {
    /// Nothing.
    Nothing,
    /// A step, by the positions of its job and itself, as far as it does.
    Step(usize, usize, Truth),
    /// A job, as far as it does; `Unknown` for the result of a call that a run decides.
    Job(usize, Truth),
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Played {
    /// The steps of each job, in order; none for a job whose steps are not asked about.
    pub steps: Vec<Vec<Fate>>,
    /// The jobs, in order.
    pub jobs: Vec<Fate>,
    /// Whether each job needs the one that fails, directly or not.
    pub touched: Vec<bool>,
    /// Whether the run fails.
    pub fails: Truth,
}

/// The state of a step or a job while it is played.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub runs: Truth,
    pub fails: Truth,
    /// Whether its condition asks about the failure.
    pub asks: bool,
}

impl State {
    const SKIPPED: State = State { runs: Truth::False, fails: Truth::False, asks: false };

    fn fate(self) -> Fate {
        match (self.runs, self.fails) {
            (Truth::False, _) => Fate::Skipped,
            (Truth::True, Truth::True) => Fate::Fails,
            (Truth::Unknown, _) if self.asks => Fate::Depends,
            (_, Truth::True | Truth::Unknown) => Fate::Depends,
            (Truth::True, Truth::False) => Fate::Runs,
            (Truth::Unknown, Truth::False) => Fate::RunsIf,
        }
    }

    pub fn outcome(self, failed: Truth) -> Status {
        match (self.runs, failed) {
            (Truth::False, _) => Status::Skipped,
            (Truth::True, Truth::True) => Status::Failure,
            (Truth::True, Truth::False) => Status::Success,
            _ => Status::Unknown,
        }
    }
}

/// Plays a workflow; the steps in `calm`, by the positions of their jobs and themselves, do not fail unless they start.
pub(super) fn workflow(workflow: &Workflow<'_>, start: Start, calm: &[(usize, usize)]) -> Played {
    let nothing = World::default();
    let signals = Signals::of(workflow, &nothing);
    let graph = Graph::of(workflow);
    let touched = match start {
        Start::Nothing => vec![false; workflow.jobs.len()],
        Start::Step(job, ..) | Start::Job(job, _) => graph.dependents(job),
    };
    let states = vec![None; workflow.jobs.len()];
    let steps = workflow.jobs.iter().map(|_| Vec::new()).collect();
    let mut game = Game { workflow, start, calm, graph, touched, states, steps };
    while let Some(index) = game.next() {
        let dead = matches!(signals.job_runs(workflow.jobs[index].id.text), Some(Runs::Never(_)));
        let state = game.job(index, dead);
        game.states[index] = Some(state);
    }
    let states: Vec<State> = game.states.iter().map(|state| state.unwrap_or(State::SKIPPED)).collect();
    let fails = states.iter().fold(Truth::False, |any, state| any | state.fails);
    let jobs = states.into_iter().map(State::fate).collect();
    Played { steps: game.steps, jobs, touched: game.touched, fails }
}

/// Plays the steps of a composite action; whether it fails.
pub(super) fn action(list: &List<'_, '_>, failing: Option<(usize, Truth)>) -> (Vec<Fate>, Truth) {
    let jobs = Needs { direct: Vec::new(), ancestors: Vec::new() };
    let (states, fails) = play_steps(list, failing, &[], &jobs, &|_| false);
    (states.into_iter().map(State::fate).collect(), fails)
}

struct Game<'a, 't> {
    workflow: &'a Workflow<'t>,
    start: Start,
    calm: &'a [(usize, usize)],
    graph: Graph,
    /// The jobs that need the failing one, directly or not.
    touched: Vec<bool>,
    states: Vec<Option<State>>,
    steps: Vec<Vec<Fate>>,
}

impl Game<'_, '_> {
    /// The first job that is not played and needs nothing that is not; else the first of a circle.
    fn next(&self) -> Option<usize> {
        let open = || (0..self.states.len()).filter(|index| self.states[*index].is_none());
        let ready = |index: &usize| self.graph.needs[*index].iter().flatten().all(|need| self.states[*need].is_some());
        open().find(ready).or_else(|| open().next())
    }

    fn failing_job(&self) -> Option<usize> {
        match self.start {
            Start::Nothing => None,
            Start::Step(job, ..) | Start::Job(job, _) => Some(job),
        }
    }

    fn job(&mut self, index: usize, dead: bool) -> State {
        let workflow = self.workflow;
        let job = &workflow.jobs[index];
        let starts = self.failing_job() == Some(index);
        if dead && !starts {
            return State::SKIPPED;
        }
        let touched = self.touched[index];
        let needs = self.needs(index);
        let text = job.condition.map_or("", |text| text.text);
        let asked = job.asks.judge(&needs);
        let runs = match asked {
            _ if starts => Truth::True,
            // A job the failure does not touch is taken to run.
            Truth::Unknown if !touched => Truth::True,
            known => known,
        };
        if runs == Truth::False {
            return State::SKIPPED;
        }
        let failed = match self.start {
            Start::Job(_, fails) if starts => fails,
            _ if job.uses.is_some() => Truth::False,
            start => {
                let failing = match start {
                    Start::Step(at, step, fails) if at == index => Some((step, fails)),
                    _ => None,
                };
                let list = List::of_job(workflow, job);
                let watched = |name: Option<&str>| touched && name.is_none_or(|name| self.is_touched(name));
                let calm: Vec<usize> =
                    self.calm.iter().filter(|(job, _)| *job == index).map(|(_, step)| *step).collect();
                let (states, failed) = play_steps(&list, failing, &calm, &needs, &watched);
                self.steps[index] = states.into_iter().map(State::fate).collect();
                failed
            }
        };
        let fails = failed & !truth(&Soft::of(job.continue_on_error, Some(job)));
        let open = asked == Truth::Unknown && !starts;
        let asks = touched && open && asks_for_results(text);
        let fails = if runs == Truth::Unknown { fails & Truth::Unknown } else { fails };
        State { runs: if open && !starts { Truth::Unknown } else { runs }, fails, asks }
    }

    /// Whether the result of a job can tell of the failure.
    fn is_touched(&self, name: &str) -> bool {
        self.graph.find(name).is_some_and(|index| self.failing_job() == Some(index) || self.touched[index])
    }

    fn needs(&self, job: usize) -> Needs {
        let named = self.workflow.jobs[job].needs.iter().zip(&self.graph.needs[job]);
        let status = |need: &Option<usize>| need.map_or(Status::Unknown, |index| self.status(index));
        let direct = named.map(|(need, index)| (need.text.to_owned(), status(index)));
        let ancestors = self.graph.ancestors(job);
        Needs { direct: direct.collect(), ancestors: ancestors.into_iter().map(|index| self.status(index)).collect() }
    }

    /// The result of a job that is played; one the failure does not touch succeeds where it could run.
    fn status(&self, index: usize) -> Status {
        let Some(state) = self.states[index] else { return Status::Unknown };
        let touched = self.failing_job() == Some(index) || self.touched[index];
        let runs = if state.runs == Truth::Unknown && !touched { Truth::True } else { state.runs };
        State { runs, ..state }.outcome(state.fails)
    }
}

/// The steps in order, and whether the job fails by them; `watched` says which needs tell of the failure.
fn play_steps(
    list: &List<'_, '_>,
    failing: Option<(usize, Truth)>,
    calm: &[usize],
    needs: &Needs,
    watched: &dyn Fn(Option<&str>) -> bool,
) -> (Vec<State>, Truth) {
    let mut done: Vec<Done<'_>> = Vec::new();
    let (mut failed, mut pending) = (Truth::False, Vec::new());
    for (index, step) in list.steps.iter().enumerate() {
        if index > 0 && list.steps[index - 1].group.is_some() && step.group != list.steps[index - 1].group {
            failed = failed | settle(&mut pending, None);
        }
        let text = step.condition.map_or("", |text| text.text);
        let starts = failing.filter(|(at, _)| *at == index);
        let scope = InSteps { needs, done: &done, failed };
        let asked = step.asks.judge(&scope);
        let runs = if starts.is_some() { Truth::True } else { asked };
        let fails = match (starts, &step.control) {
            _ if runs == Truth::False => Truth::False,
            (Some((_, fails)), _) => fails,
            _ if calm.contains(&index) => Truth::False,
            (None, Some(control)) => waits(control, &mut pending),
            (None, None) => accident(list, step, failing, watched),
        };
        let counts = fails & !truth(&Soft::of(step.continue_on_error, list.job)) & runs;
        let asks = runs == Truth::Unknown && failed != Truth::False && asks_for_results(text)
            || runs == Truth::Unknown && reads_failing(list, step, failing);
        let state = State { runs, fails: counts, asks };
        done.push(Done { id: step.id.map(|id| id.text), state, outcome: fails });
        if step.is_concurrent() {
            pending.push((step.id.map(|id| id.text), counts));
        } else {
            failed = failed | counts;
        }
    }
    failed = failed | settle(&mut pending, None);
    let states = done.iter().map(|done| State { fails: done.outcome, ..done.state }).collect();
    (states, failed)
}

/// Whether another step fails as well: one that always does, or perhaps one that reads the failure.
fn accident(
    list: &List<'_, '_>,
    step: &Step<'_>,
    failing: Option<(usize, Truth)>,
    watched: &dyn Fn(Option<&str>) -> bool,
) -> Truth {
    if list.script(step).is_some_and(|script| script.always_fails()) {
        return Truth::True;
    }
    let env = list.job.into_iter().flat_map(|job| &job.env).map(|(_, value)| value.at.node);
    let nodes = std::iter::once(step.at.node).chain(env);
    let condition = step.condition.map(|text| text.at.node);
    let reads = nodes.flat_map(|node| reads(list.tree, node)).filter(|read| Some(read.at.node) != condition);
    let id = failing.and_then(|(at, _)| list.steps[at].id);
    let sees = |read: crate::workflow::reads::Read| {
        let step =
            id.is_some_and(|id| read.sees("steps", id.text, "outcome") || read.sees("steps", id.text, "conclusion"));
        step || read.head == "needs" && watched(read.member.as_deref())
    };
    let mut reads = reads;
    if reads.any(sees) { Truth::Unknown } else { Truth::False }
}

/// Whether an open condition reads what became of the failing step.
fn reads_failing(list: &List<'_, '_>, step: &Step<'_>, failing: Option<(usize, Truth)>) -> bool {
    let Some(id) = failing.and_then(|(at, _)| list.steps[at].id) else { return false };
    let Some(text) = step.condition else { return false };
    reads(list.tree, text.at.node)
        .iter()
        .any(|read| read.sees("steps", id.text, "outcome") || read.sees("steps", id.text, "conclusion"))
}

fn waits(control: &Control<'_>, pending: &mut Vec<(Option<&str>, Truth)>) -> Truth {
    match control {
        Control::Wait(ids) => settle(pending, Some(&ids.iter().map(|id| id.text).collect::<Vec<_>>())),
        Control::WaitAll(_) => settle(pending, None),
        Control::Cancel(_) => Truth::False,
    }
}

/// Takes these background steps, or all, off the list; whether one of them failed.
fn settle(pending: &mut Vec<(Option<&str>, Truth)>, ids: Option<&[&str]>) -> Truth {
    let wanted = |id: &Option<&str>| ids.is_none_or(|ids| id.is_some_and(|id| ids.contains(&id)));
    let failed = pending.iter().filter(|(id, _)| wanted(id)).fold(Truth::False, |any, (_, one)| any | *one);
    pending.retain(|(id, _)| !wanted(id));
    failed
}

pub(super) fn truth(soft: &Soft) -> Truth {
    match soft {
        Soft::No => Truth::False,
        Soft::Yes => Truth::True,
        Soft::Legs(_) | Soft::Depends(_) => Truth::Unknown,
    }
}
