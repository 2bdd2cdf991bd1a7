//! A job that watches over others: what it does when one of them fails.

use crate::workflow::condition::Truth;
use crate::workflow::expression;
use crate::workflow::occasion::Occasion;
use crate::workflow::play::{self, Outcome, Played, Sets};
use crate::workflow::reader::Text;
use crate::workflow::reads::reads;
use crate::workflow::run::{Results, Run, SoFar, Status, Work};
use crate::workflow::script::{Script, Shell, only_prints};
use crate::workflow::value::{self, Value};
use crate::workflow::view::{Job, Step, Workflow};
use crate::workflow::world::World;

use super::needs::Needs;
use super::script;

/// What a job does when a job that it needs has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// It fails too.
    Fails,
    /// It is skipped, which a required check takes for success.
    ///
    /// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idif>: "A
    /// job that is skipped will report its status as 'Success'. It will not prevent a pull request from merging".
    Skipped,
    /// It runs and succeeds: it does not look.
    Blind,
    /// It reads the result, and a run decides.
    Depends,
}

/// A job that watches over others, and what was found out about it.
pub struct Watcher<'w, 't> {
    workflow: &'w Workflow<'t>,
    world: &'w World<'t>,
    job: &'w Job<'t>,
    played: Played,
}

impl<'w, 't> Watcher<'w, 't> {
    /// A job of a workflow, nothing known yet.
    pub fn new(workflow: &'w Workflow<'t>, world: &'w World<'t>, job: &'w Job<'t>) -> Watcher<'w, 't> {
        Watcher { workflow, world, job, played: Played::default() }
    }

    /// What it does when `watched` fails and all else succeeds, in an event that it runs on; `None` if that is missing, or
    /// cannot run then. A job that fails is taken to set no output.
    ///
    /// What the failed job's own `continue-on-error` does to `needs.<job_id>.result` is counted: a watcher sees a
    /// soft-failed job as a success.
    pub fn sight(&self, watched: &str) -> Option<Sight> {
        let failing = self.workflow.job(watched)?;
        let soft = super::Soft::of(failing.continue_on_error, Some(failing)) == super::Soft::Yes;
        let result = if soft { Status::Success } else { Status::Failure };
        let run = self.play(watched, result, None);
        let is_needed = self.job.waits_for(watched);
        if is_needed && run.job(failing.id.text)?.result != result {
            return None;
        }
        Some(match run.job(self.job.id.text)?.result {
            Status::Failure => Sight::Fails,
            Status::Skipped => Sight::Skipped,
            Status::Success => Sight::Blind,
            Status::Unknown => Sight::Depends,
        })
    }

    /// A job whose failure skips another that the watcher needs, while it succeeds, or is skipped too: a skipped job is
    /// neither a failure nor a success to it. The job that fails, and the one that is then skipped.
    ///
    /// What runs on other events only is skipped in a pull request, which a gate may ask for.
    /// Of those pairs the first that `counts`.
    pub fn lost(&self, counts: &dyn Fn(&Job<'t>, &Job<'t>) -> bool) -> Option<(&'w Job<'t>, &'w Job<'t>)> {
        let pulls = self.workflow.triggers.iter().filter(|trigger| trigger.event.text == "pull_request");
        let pull = pulls.flat_map(Occasion::of).find(|pull| pull.lets(self.workflow, self.job));
        self.lost_on(None, counts).or_else(|| self.lost_on(Some(&pull?), counts))
    }

    fn lost_on(
        &self,
        on: Option<&Occasion<'_>>,
        counts: &dyn Fn(&Job<'t>, &Job<'t>) -> bool,
    ) -> Option<(&'w Job<'t>, &'w Job<'t>)> {
        let (workflow, watcher) = (self.workflow, self.job);
        let needs = |job: &Job<'_>, other: &Job<'_>| job.waits_for(other.id.text);
        let may_run = |job: &&Job<'_>| on.is_none_or(|on| on.lets(workflow, job));
        let needed: Vec<&Job<'_>> = workflow.jobs.iter().filter(|job| needs(watcher, job)).filter(may_run).collect();
        let first = workflow.jobs.iter().filter(|job| needed.iter().any(|other| needs(other, job))).filter(may_run);
        first.filter(|job| can_fail(job)).find_map(|job| {
            let run = self.play(job.id.text, Status::Failure, on);
            let result = |job: &Job<'_>| run.job(job.id.text).map(|job| job.result);
            let is_lost = |other: &Job<'_>| needs(other, job) && result(other) == Some(Status::Skipped);
            let mut lost = needed.iter().filter(|other| other.continue_on_error.is_none() && is_lost(other));
            let skipped = lost.find(|other| counts(job, other))?;
            let passes = match result(watcher) {
                Some(Status::Success) => true,
                // What needs the job itself asks for it.
                Some(Status::Skipped) => !needs(watcher, job),
                _ => false,
            };
            passes.then_some((job, *skipped))
        })
    }

    /// The watcher's run where `watched` comes to this result.
    fn play(&self, watched: &str, result: Status, on: Option<&Occasion<'_>>) -> Run {
        let failed = Failed { watch: self, watched, result, on };
        Run::play_only(self.workflow, self.world, self.job.id.text, &failed)
    }
}

/// Whether a job's failure is one to those that need it.
fn can_fail(job: &Job<'_>) -> bool {
    let soft = |step: &Step<'_>| step.continue_on_error.is_some_and(|text| text.text.trim() == "true");
    job.continue_on_error.is_none() && (job.steps.is_empty() || !job.steps.iter().all(soft))
}

/// Whether a step hands values on by the runner's files.
fn writes(step: &Step<'_>) -> bool {
    step.run.is_some_and(|run| run.text.contains("GITHUB_OUTPUT") || run.text.contains("GITHUB_ENV"))
}

/// Whether a step runs JavaScript that has no word by which it could fail for what it reads.
///
/// Source: <https://github.com/actions/github-script>, "This action": it fails if the script throws, or by `core.setFailed`.
fn only_tells(step: &Step<'_>) -> bool {
    const FAILS: &[&str] = &["setFailed", "throw", "exit", "require", "import", "assert", "reject"];
    let script = step.with.iter().find(|(key, _)| key.text == "script");
    let is_js = step.uses.is_some_and(|uses| uses.text.starts_with("actions/github-script@"));
    is_js && script.is_some_and(|(_, text)| !FAILS.iter().any(|word| text.text.contains(word)))
}

/// Whether a script takes a skip for a success: it looks for other words alone, or lets this one pass by name.
fn passes_over_skips(run: Option<Text<'_>>) -> bool {
    let text = run.map_or("", |run| run.text);
    let asks = text.contains("failure") || text.contains("cancelled");
    let by_name = ["!= \"skipped\"", "!= 'skipped'"].iter().any(|ask| text.contains(ask));
    // `.result == "success" or .result == "skipped"`
    let beside = |line: &str| {
        let is = |word: &str| {
            [format!("== \"{word}\""), format!("== '{word}'")].iter().any(|ask| line.contains(ask.as_str()))
        };
        is("success") && is("skipped")
    };
    let by_name = by_name || text.lines().any(beside);
    by_name || asks && !text.contains("success") && !text.contains("skipped")
}

/// One job failed; the steps of the watcher fail if they say so, and may if they look at it.
struct Failed<'a, 't> {
    watch: &'a Watcher<'a, 't>,
    watched: &'a str,
    result: Status,
    /// How the run started, if that counts.
    on: Option<&'a Occasion<'a>>,
}

impl Results for Failed<'_, '_> {
    fn work(&self, file: &str, job: &str, step: usize, so_far: &SoFar<'_>) -> Work {
        if file != self.watch.workflow.file || job != self.watch.job.id.text {
            return Truth::False.into();
        }
        match self.watch.job.steps.get(step) {
            Some(step) => self.of_step(step, so_far),
            None => Truth::Unknown.into(),
        }
    }

    fn job(&self, _: &str, job: &str) -> Option<Status> {
        if job.eq_ignore_ascii_case(self.watched) {
            return Some(self.result);
        }
        let lets = |on: &Occasion<'_>| self.watch.workflow.job(job).is_none_or(|job| on.lets(self.watch.workflow, job));
        if self.on.is_some_and(|on| !lets(on)) {
            return Some(Status::Skipped);
        }
        (job != self.watch.job.id.text).then_some(Status::Success)
    }

    fn runs_if_it_may(&self, job: &str) -> bool {
        job == self.watch.job.id.text
    }

    fn occasion(&self) -> Option<&Occasion<'_>> {
        self.on
    }

    fn failed_are_silent(&self) -> bool {
        true
    }
}

impl<'a, 't> Failed<'a, 't> {
    /// What a step of the watcher comes to.
    fn of_step(&self, step: &Step<'t>, so_far: &SoFar<'_>) -> Work {
        let reads = |run: Text<'_>| so_far.env.iter().any(|(name, _)| run.text.contains(name));
        let asks = self.asks(step) || step.run.is_some_and(reads);
        let known = self.at_a_glance(step);
        // To play takes long.
        let outcome = match (asks && known.is_none()) || writes(step) {
            true => self.played(step, so_far.needs, Some(so_far)),
            false => Outcome::unknown(Truth::Unknown, Sets::of_action()),
        };
        Work {
            fails: known.unwrap_or_else(|| self.fails(step, so_far.needs, asks.then_some(outcome.fails))),
            sets: outcome.sets_of(step.continue_on_error.is_some()),
        }
    }

    /// Whether a step fails, if its text alone says so.
    fn at_a_glance(&self, step: &Step<'t>) -> Option<Truth> {
        if only_tells(step) {
            return Some(Truth::False);
        }
        let run = step.run?;
        if (Script { file: self.watch.workflow.file, run, shell: self.shell(step) }).always_fails() {
            // What fails for other reasons is taken to have none: the question is what this failure does.
            let words = ["needs", "steps", "job.", "()", "env"];
            let for_results = |text: Text<'_>| {
                let lower = text.text.to_ascii_lowercase();
                words.iter().any(|word| lower.contains(word))
            };
            return Some(Truth::from(step.condition.is_none_or(for_results)));
        }
        only_prints(run.text).then_some(Truth::False)
    }

    /// Whether a step fails, `played` being what its script comes to if it reads results.
    fn fails(&self, step: &Step<'t>, results: &[(&str, Status)], played: Option<Truth>) -> Truth {
        let played = played.unwrap_or(Truth::Unknown);
        if played == Truth::True || (played == Truth::False && self.judges(results)) {
            return played;
        }
        let env = self.watch.job.env.iter().map(|(key, _)| key.at.node);
        let nodes = std::iter::once(step.at.node).chain(env.map(|key| key + 1));
        // Whose result is not a success: the failed job, and those it skips.
        let skips = |need: &str| {
            let job = self.watch.workflow.job(need);
            job.is_some_and(|job| job.waits_for(self.watched))
        };
        let hit = |name: &str| name.eq_ignore_ascii_case(self.watched) || skips(name);
        let needs = &self.watch.job.needs;
        let sees = |node| {
            let seen = reads(self.watch.workflow.tree, node);
            let mut seen =
                seen.iter().filter(|read| needs.iter().any(|n| hit(n.text) && read.sees("needs", n.text, "result")));
            seen.any(|read| self.tells(&read.expression, results, passes_over_skips(step.run)))
        };
        if nodes.into_iter().any(sees) { Truth::Unknown } else { Truth::False }
    }

    /// Whether a step reads results, or its job's environment does.
    fn asks(&self, step: &Step<'t>) -> bool {
        let env = self.watch.job.env.iter().map(|(_, value)| value.text);
        let own = step.env.iter().chain(&step.with).map(|(_, value)| value.text).chain(step.run.map(|run| run.text));
        env.chain(own)
            .flat_map(|text| expression::bodies(text))
            .map(|body| body.to_ascii_lowercase())
            .any(|body| ["needs", "steps.", "env."].iter().any(|context| body.contains(context)))
    }

    /// Whether the watcher fails for some results: a job that only shows them is a report.
    fn judges(&self, results: &[(&str, Status)]) -> bool {
        let all = |status| -> Vec<(&str, Status)> { results.iter().map(|(need, _)| (*need, status)).collect() };
        let worst = [all(Status::Failure), all(Status::Skipped)];
        self.watch.job.steps.iter().any(|step| {
            let shell = self.shell(step);
            let ends = step.run.is_some_and(|run| Script { file: self.watch.workflow.file, run, shell }.always_fails());
            ends || (self.asks(step) && worst.iter().any(|needs| self.played(step, needs, None).fails != Truth::False))
        })
    }

    /// What a step comes to, its script or its known action played with these results.
    fn played(&self, step: &Step<'t>, results: &[(&str, Status)], so_far: Option<&SoFar<'_>>) -> Outcome {
        let scope = so_far.map(|so_far| so_far.scope);
        let mut needs = Needs { scope, ..self.needs(results) };
        for env in [&self.watch.workflow.env, &self.watch.job.env] {
            needs.add(env);
        }
        for (name, value) in so_far.iter().flat_map(|so_far| &so_far.env) {
            needs.set(name, (*value).to_owned());
        }
        needs.add(&step.env);
        if step.uses.is_some_and(|uses| uses.text.starts_with("re-actors/alls-green@")) {
            return Outcome::unknown(self.alls_green(step, &needs), Sets::of_action());
        }
        let Some(run) = step.run else { return Outcome::unknown(Truth::Unknown, Sets::of_action()) };
        let env: Vec<(&str, String)> = needs.env.iter().map(|(key, value)| (key.as_ref(), value.clone())).collect();
        let shell = (self.shell(step), script::in_container(self.watch.workflow.tree, self.watch.job));
        script::play(&self.watch.played, shell, &needs.fill(run.text), &env)
    }

    /// These results and nothing else.
    fn needs<'n>(&'n self, results: &'n [(&'n str, Status)]) -> Needs<'n, 't> {
        Needs { workflow: self.watch.workflow, results, env: Vec::new(), occasion: self.on, scope: None }
    }

    /// Whether the action fails: every job has to succeed but those it allows to fail, or to be skipped.
    ///
    /// Source: <https://github.com/re-actors/alls-green>, `normalize_needed_jobs_status.py`.
    fn alls_green(&self, step: &Step<'t>, needs: &Needs<'_, 't>) -> Truth {
        let input = |name: &str| {
            let found = step.with.iter().find(|(key, _)| key.text == name);
            found.map_or(String::new(), |(_, value)| needs.fill(value.text))
        };
        let (jobs, failures, skips) = (input("jobs"), input("allowed-failures"), input("allowed-skips"));
        if !jobs.starts_with('{') || [&failures, &skips].iter().any(|list| list.contains(play::HOLE)) {
            return Truth::Unknown;
        }
        let lists =
            |list: &str, name: &str| list.split([',', '[', ']', '"']).any(|own| own.trim().eq_ignore_ascii_case(name));
        let bad = |(need, status): &(&str, Status)| match status {
            Status::Success => Truth::False,
            // Whoever lets a job fail by its name knows that it may.
            _ if lists(&failures, need) => Truth::Unknown,
            Status::Skipped => Truth::from(!lists(&skips, need)),
            Status::Failure => Truth::True,
            Status::Unknown => Truth::Unknown,
        };
        needs.results.iter().map(bad).fold(Truth::False, |any, one| any | one)
    }

    /// Whether an expression may come out otherwise than in a run where all is well.
    fn tells(&self, expression: &str, results: &[(&str, Status)], over_skips: bool) -> bool {
        let Ok(expr) = expression::parse(expression) else { return true };
        let value = |status: &dyn Fn(Status) -> Status| -> Value {
            let results: Vec<(&str, Status)> = results.iter().map(|(need, now)| (*need, status(*now))).collect();
            value::eval(&expr, &self.needs(&results))
        };
        let now = value(&|now| if over_skips && now == Status::Skipped { Status::Success } else { now });
        let well = value(&|_| Status::Success);
        results.is_empty() || matches!(now, Value::Unknown) || now != well
    }

    fn shell(&self, step: &Step<'t>) -> Shell<'t> {
        Shell::of(step, Some(self.watch.job), &self.watch.workflow.defaults)
    }
}
