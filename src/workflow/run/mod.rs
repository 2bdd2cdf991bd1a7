//! A whole run played through with given results: outcomes and conclusions of steps, results of jobs and of the run.
//!
//! Promises: everything in three values; what an expression leaves open is [`Status::Unknown`] and spreads. Nobody
//! cancels a run here, so `cancelled()` is false. This is the part of the model that is compared with a real runner.

mod job;
mod scope;

use super::condition::Truth;
use super::occasion::Occasion;
use super::play::Sets;
use super::value::Scope;
use super::view::{Job, Leg, Step, Workflow};
use super::world::World;
use scope::InJob;

/// The deepest that called workflows and used actions are followed.
const MAX_LEVELS: usize = 10;

/// The result of a step, a job or a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It ran and succeeded.
    Success,
    /// It ran and failed.
    Failure,
    /// It did not run.
    Skipped,
    /// A run decides.
    Unknown,
}

impl Status {
    /// The word GitHub's contexts use for it; `None` for unknown.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Status::Success => Some("success"),
            Status::Failure => Some("failure"),
            Status::Skipped => Some("skipped"),
            Status::Unknown => None,
        }
    }

    /// The result of something that ran, from whether it failed.
    fn of(failed: Truth) -> Status {
        match failed {
            Truth::True => Status::Failure,
            Truth::False => Status::Success,
            Truth::Unknown => Status::Unknown,
        }
    }

    /// Whether it is this one.
    fn is(self, other: Status) -> Truth {
        match self {
            Status::Unknown => Truth::Unknown,
            known => Truth::from(known == other),
        }
    }
}

/// What the work of a step comes to: the command or the action itself, `continue-on-error` not counted.
pub struct Work {
    /// Whether it fails.
    pub fails: Truth,
    /// What it sets for later steps.
    pub sets: Sets,
}

impl From<Truth> for Work {
    /// Work of which only this is known.
    fn from(fails: Truth) -> Work {
        Work { fails, sets: Sets::of_action() }
    }
}

/// What came before a step.
pub struct SoFar<'a> {
    /// What the jobs came to that its job needs.
    pub needs: &'a [(&'a str, Status)],
    /// What its expressions see.
    pub scope: &'a dyn Scope,
    /// The variables that earlier steps have set, with holes for what is not known of them.
    pub env: Vec<(&'a str, &'a str)>,
}

/// What is given: which steps fail when they run.
pub trait Results {
    /// What the work of a step comes to. `job` is empty for a step of an action. Not asked for steps whose action or
    /// workflow is followed.
    fn work(&self, file: &str, job: &str, step: usize, so_far: &SoFar<'_>) -> Work;

    /// What the work of a step comes to whatever its action does; `None` to play that, or to be asked for it.
    fn step(&self, _file: &str, _step: usize) -> Option<Work> {
        None
    }

    /// The result of a job whatever its steps do; `None` to play its steps.
    fn job(&self, _file: &str, _job: &str) -> Option<Status> {
        None
    }

    /// Whether a job whose condition is left open is played as if it ran.
    fn runs_if_it_may(&self, _job: &str) -> bool {
        false
    }

    /// How the run started, if that is known.
    fn occasion(&self) -> Option<&Occasion<'_>> {
        None
    }

    /// Whether a job that fails does so before it sets an output; else its outputs are unknown.
    fn failed_are_silent(&self) -> bool {
        false
    }
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepRun {
    /// Before `continue-on-error`.
    pub outcome: Status,
    /// After it.
    pub conclusion: Status,
}

/// What became of one leg of a job, or of the job if it has no matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegRun {
    /// The leg's name; empty without a matrix.
    pub name: String,
    /// Its steps, in order; none for a job that calls a workflow.
    pub steps: Vec<StepRun>,
    /// Its own check.
    pub check: Status,
}

/// What became of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRun {
    /// Its id.
    pub id: String,
    /// Its legs, one if it has no matrix.
    pub legs: Vec<LegRun>,
    /// What `needs.<id>.result` says, and what counts for the run.
    pub result: Status,
}

/// What became of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its jobs, in the order of the file.
    pub jobs: Vec<JobRun>,
    /// Its conclusion.
    pub result: Status,
}

impl Run {
    /// Plays a workflow with these results.
    pub fn play(workflow: &Workflow<'_>, world: &World<'_>, results: &dyn Results) -> Run {
        Player { world, results }.run(workflow, None, 0)
    }

    /// Plays one job and what it needs; all else is left unknown.
    pub fn play_only(workflow: &Workflow<'_>, world: &World<'_>, job: &str, results: &dyn Results) -> Run {
        Player { world, results }.run(workflow, Some(job), 0)
    }

    /// A job by its id.
    pub fn job(&self, id: &str) -> Option<&JobRun> {
        self.jobs.iter().find(|job| job.id == id)
    }
}

/// Plays the steps of a job all of whose needs succeeded, or of an action: whether they fail it.
pub fn play_steps(
    (file, job): (&str, Option<&Job<'_>>),
    steps: &[Step<'_>],
    leg: Option<&Leg<'_>>,
    world: &World<'_>,
    results: &dyn Results,
) -> Truth {
    let needs = job.map_or(Vec::new(), |job| job.needs.iter().map(|need| (need.text, Status::Success)).collect());
    let scope = InJob {
        needs,
        ancestors: vec![Status::Success],
        failed_are_silent: results.failed_are_silent(),
        occasion: results.occasion(),
    };
    Player { world, results }.steps_of((file, job.map_or("", |job| job.id.text)), steps, &scope, leg)
}

struct Player<'a, 'w, 't> {
    world: &'w World<'t>,
    results: &'a dyn Results,
}

impl Player<'_, '_, '_> {
    fn run(&self, workflow: &Workflow<'_>, only: Option<&str>, level: usize) -> Run {
        let needs: Vec<Vec<Option<usize>>> = workflow.jobs.iter().map(|job| needs(workflow, job)).collect();
        let wanted =
            only.and_then(|id| workflow.job(id)).map(|job| [vec![job.id.text], workflow.ancestors(job)].concat());
        let left = |job: &&Job<'_>| wanted.as_ref().is_some_and(|wanted| !wanted.contains(&job.id.text));
        let unknown = |job| Some(job).filter(left).map(|job| not_run(job, Status::Unknown));
        let mut done: Vec<Option<JobRun>> = workflow.jobs.iter().map(unknown).collect();
        while let Some(index) = next(&needs, &done) {
            done[index] = Some(self.job(workflow, index, &needs, &done, level));
        }
        let jobs: Vec<JobRun> = workflow
            .jobs
            .iter()
            .zip(done)
            .map(|(job, run)| run.unwrap_or_else(|| not_run(job, Status::Unknown)))
            .collect();
        let failed = jobs.iter().map(|job| job.result.is(Status::Failure)).fold(Truth::False, |any, one| any | one);
        Run { jobs, result: Status::of(failed) }
    }

    /// A job, once all that it needs is done.
    ///
    /// Sources: workflow syntax, `jobs.<job_id>.needs` and `jobs.<job_id>.if`; expressions, "Status check functions".
    fn job(
        &self,
        workflow: &Workflow<'_>,
        index: usize,
        needs: &[Vec<Option<usize>>],
        done: &[Option<JobRun>],
        level: usize,
    ) -> JobRun {
        let job = &workflow.jobs[index];
        let scope = InJob {
            needs: direct(job, &needs[index], done),
            ancestors: ancestors(index, needs, done),
            failed_are_silent: self.results.failed_are_silent(),
            occasion: self.results.occasion(),
        };
        match job.asks.judge(&scope) {
            Truth::False => return not_run(job, Status::Skipped),
            // What is given as a result has run, whatever its condition asks for.
            Truth::Unknown if !self.results.runs_if_it_may(job.id.text) => {
                return not_run(job, self.results.job(workflow.file, job.id.text).unwrap_or(Status::Unknown));
            }
            Truth::True | Truth::Unknown => {}
        }
        if let Some(status) = self.results.job(workflow.file, job.id.text) {
            return not_run(job, status);
        }
        let legs = job.matrix.as_ref().map(|matrix| matrix.legs());
        match legs {
            None => self.legs(workflow, job, &scope, &[None], level),
            Some(Some(legs)) if !legs.is_empty() => {
                let legs: Vec<_> = legs.iter().map(Some).collect();
                self.legs(workflow, job, &scope, &legs, level)
            }
            Some(_) => not_run(job, Status::Unknown),
        }
    }
}

/// A job none of whose steps is known.
fn not_run(job: &Job<'_>, status: Status) -> JobRun {
    let steps = job.steps.iter().map(|_| StepRun { outcome: status, conclusion: status }).collect();
    let steps = if matches!(status, Status::Success | Status::Failure) { Vec::new() } else { steps };
    JobRun {
        id: job.id.text.to_owned(),
        legs: vec![LegRun { name: String::new(), steps, check: status }],
        result: status,
    }
}

/// Where the jobs stand that a job needs; `None` for one that is missing.
fn needs(workflow: &Workflow<'_>, job: &Job<'_>) -> Vec<Option<usize>> {
    let find = |name: &str| workflow.jobs.iter().position(|job| job.id.text.eq_ignore_ascii_case(name));
    job.needs.iter().map(|need| find(need.text)).collect()
}

/// The first job that is not done and needs nothing that is not.
fn next(needs: &[Vec<Option<usize>>], done: &[Option<JobRun>]) -> Option<usize> {
    let ready = |needs: &[Option<usize>]| needs.iter().flatten().all(|need| done[*need].is_some());
    (0..needs.len()).find(|index| done[*index].is_none() && ready(&needs[*index]))
}

fn direct<'j>(job: &Job<'j>, needs: &[Option<usize>], done: &[Option<JobRun>]) -> Vec<(&'j str, Status)> {
    let result = |need: &Option<usize>| need.and_then(|need| Some(done[need].as_ref()?.result));
    let results = needs.iter().map(|need| result(need).unwrap_or(Status::Unknown));
    job.needs.iter().map(|need| need.text).zip(results).collect()
}

/// The results of all jobs a job needs, directly or not.
///
/// Source: expressions, `failure()`: "If you have a chain of dependent jobs, `failure()` returns `true` if any ancestor
/// job fails"; and `needs`: a skip applies to the whole chain from that point on.
fn ancestors(index: usize, needs: &[Vec<Option<usize>>], done: &[Option<JobRun>]) -> Vec<Status> {
    let mut found: Vec<usize> = Vec::new();
    let mut open = vec![index];
    let mut missing = false;
    while let Some(index) = open.pop() {
        for need in &needs[index] {
            match *need {
                Some(index) if !found.contains(&index) => {
                    found.push(index);
                    open.push(index);
                }
                Some(_) => {}
                None => missing = true,
            }
        }
    }
    let status = |index: usize| done[index].as_ref().map_or(Status::Unknown, |job| job.result);
    found.into_iter().map(status).chain(missing.then_some(Status::Unknown)).collect()
}
