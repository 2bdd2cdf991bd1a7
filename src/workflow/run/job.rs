//! One job of a played run: its legs and its steps.

use crate::workflow::expression;

use super::scope::{Done, InJob, InStep};
use super::{JobRun, LegRun, MAX_LEVELS, Player, Run, SoFar, Status, StepRun, Work};
use crate::workflow::condition::{self, Form, Truth};
use crate::workflow::play::Sets;
use crate::workflow::reader::Text;
use crate::workflow::value::{self, Scope};
use crate::workflow::view::{Control, Job, Leg, Step, Workflow};

/// The file and the job that a list of steps belongs to.
struct Home<'a> {
    file: &'a str,
    job: &'a str,
    level: usize,
}

impl Player<'_, '_, '_> {
    /// All legs of a job, and what they come to together: it fails if a leg fails that does not soft-fail.
    ///
    /// Source: workflow syntax, `jobs.<job_id>.continue-on-error`: "Prevents a workflow run from failing when a job
    /// fails"; `needs.<job_id>.result` then reads `success` (actions/runner issue 1161, actions/toolkit issue 581).
    pub(super) fn legs(
        &self,
        workflow: &Workflow<'_>,
        job: &Job<'_>,
        scope: &InJob<'_>,
        legs: &[Option<&Leg<'_>>],
        level: usize,
    ) -> JobRun {
        let (mut runs, mut failed) = (Vec::new(), Truth::False);
        for &leg in legs {
            let (steps, leg_failed) = match job.uses {
                Some(_) => (Vec::new(), self.called(job, level)),
                None => {
                    let home = Home { file: workflow.file, job: job.id.text, level };
                    self.steps(&home, &job.steps, scope, leg)
                }
            };
            let settings = InStep { job: scope, leg, steps: &[], failed: leg_failed, own: &[] };
            let soft = soft(job.continue_on_error, &settings);
            failed = failed | (leg_failed & !soft);
            let name = leg.map(Leg::name).unwrap_or_default();
            runs.push(LegRun { name, steps, check: Status::of(leg_failed) });
        }
        JobRun { id: job.id.text.to_owned(), legs: runs, result: Status::of(failed) }
    }

    /// Whether a list of steps fails what it stands in.
    pub(super) fn steps_of(
        &self,
        (file, job): (&str, &str),
        steps: &[Step<'_>],
        scope: &InJob<'_>,
        leg: Option<&Leg<'_>>,
    ) -> Truth {
        self.steps(&Home { file, job, level: 0 }, steps, scope, leg).1
    }

    /// Whether the workflow that a job calls fails.
    fn called(&self, job: &Job<'_>, level: usize) -> Truth {
        match self.world.called(job) {
            Some(workflow) if level < MAX_LEVELS => {
                let run: Run = self.run(workflow, None, level + 1);
                run.result.is(Status::Failure)
            }
            _ => Truth::Unknown,
        }
    }

    /// The steps in order, and whether the job fails by them.
    ///
    /// Sources: actions/runner `StepsRunner.cs` (conditions, results, the job's status so far) and
    /// `BackgroundStepCoordinator.cs` with workflow syntax, `steps[*].background` and `.parallel`: a background step's
    /// failure shows at the next wait that includes it, and at the end of the job at the latest.
    fn steps(
        &self,
        home: &Home<'_>,
        steps: &[Step<'_>],
        scope: &InJob<'_>,
        leg: Option<&Leg<'_>>,
    ) -> (Vec<StepRun>, Truth) {
        let mut done: Vec<Done<'_>> = Vec::new();
        let (mut failed, mut pending) = (Truth::False, Vec::new());
        for (index, step) in steps.iter().enumerate() {
            if index > 0 && steps[index - 1].group.is_some() && step.group != steps[index - 1].group {
                failed = failed | settle(&mut pending, None);
            }
            let inner = InStep { job: scope, leg, steps: &done, failed, own: &step.env };
            let (run, step_failed, sets) = match &step.control {
                Some(control) => {
                    let (run, failed) = waiting(control, &mut pending);
                    (run, failed, Sets::default())
                }
                None => self.step(home, index, step, &inner),
            };
            if step.is_concurrent() {
                pending.push((step.id.map(|id| id.text), step_failed));
            } else {
                failed = failed | step_failed;
            }
            done.push(Done { id: step.id.map(|id| id.text), run, sets });
        }
        failed = failed | settle(&mut pending, None);
        (done.into_iter().map(|step| step.run).collect(), failed)
    }

    /// One step, whether the job fails by it, and what it sets.
    fn step(&self, home: &Home<'_>, index: usize, step: &Step<'_>, scope: &InStep<'_, '_>) -> (StepRun, Truth, Sets) {
        let runs = step.asks.judge(scope);
        if runs == Truth::False {
            let skipped = StepRun { outcome: Status::Skipped, conclusion: Status::Skipped };
            return (skipped, Truth::False, Sets::default());
        }
        let Work { fails, sets } = match (self.results.step(home.file, index), self.world.used(step)) {
            (Some(given), _) => given,
            (None, Some(action)) if !action.steps.is_empty() && home.level < MAX_LEVELS => {
                let home = Home { file: action.file, job: "", level: home.level + 1 };
                let fails = self.steps(&home, &action.steps, scope.job, None).1;
                let writes = action.steps.iter().any(exports);
                Work { fails, sets: if writes { Sets::unknown() } else { Sets::of_action() } }
            }
            _ => {
                let so_far = SoFar { needs: &scope.job.needs, scope, env: scope.env() };
                let work = self.results.work(home.file, home.job, index, &so_far);
                if step.uses.is_some() && exports(step) { Work { sets: Sets::unknown(), ..work } } else { work }
            }
        };
        let counts = fails & !soft(step.continue_on_error, scope);
        if runs == Truth::Unknown {
            let unknown = StepRun { outcome: Status::Unknown, conclusion: Status::Unknown };
            return (unknown, counts & Truth::Unknown, sets.in_doubt());
        }
        (StepRun { outcome: Status::of(fails), conclusion: Status::of(counts) }, counts, sets)
    }
}

/// Whether a step may set variables for others, by its script or by what it hands to an action.
fn exports(step: &Step<'_>) -> bool {
    let texts = step.with.iter().map(|(_, value)| value.text).chain(step.run.map(|run| run.text));
    texts.into_iter().any(|text| text.contains("GITHUB_ENV") || text.contains("exportVariable"))
}

/// A step that waits: it fails if what it waits for failed. One that cancels succeeds.
fn waiting(control: &Control<'_>, pending: &mut Vec<(Option<&str>, Truth)>) -> (StepRun, Truth) {
    let failed = match control {
        Control::Wait(ids) => {
            let ids: Vec<&str> = ids.iter().map(|id| id.text).collect();
            settle(pending, Some(&ids))
        }
        Control::WaitAll(_) => settle(pending, None),
        Control::Cancel(_) => Truth::False,
    };
    (StepRun { outcome: Status::of(failed), conclusion: Status::of(failed) }, failed)
}

/// Takes these background steps, or all, off the list; whether one of them failed.
fn settle(pending: &mut Vec<(Option<&str>, Truth)>, ids: Option<&[&str]>) -> Truth {
    let wanted = |id: &Option<&str>| ids.is_none_or(|ids| id.is_some_and(|id| ids.contains(&id)));
    let failed = pending.iter().filter(|(id, _)| wanted(id)).fold(Truth::False, |any, (_, one)| any | *one);
    pending.retain(|(id, _)| !wanted(id));
    failed
}

/// Whether a `continue-on-error` is true in a scope.
fn soft(text: Option<Text<'_>>, scope: &dyn Scope) -> Truth {
    let Some(text) = text else { return Truth::False };
    if condition::form(text.text) != Form::Wrapped {
        return Truth::from(text.text.trim().eq_ignore_ascii_case("true"));
    }
    let body = &text.text[condition::expression_range(text.text, Form::Wrapped)];
    expression::parse(body).map_or(Truth::Unknown, |expr| value::eval(&expr, scope).truth())
}
