//! What the model says of a generated case, in the words of a record.

use wf_fix::workflow::condition::Truth;
use wf_fix::workflow::run::{Results, Run, SoFar, Status, Work};
use wf_fix::workflow::script::Effect;
use wf_fix::workflow::signal::Signals;
use wf_fix::workflow::view::{File, Workflow};
use wf_fix::workflow::world::World;
use wf_fix::yaml::{Tree, load};

use super::generate::{Case, FAILS, WORKFLOW};

/// What came of a run: lines such as `steps j0@1 failure/success skipped/skipped` and `jobs j0=success`, sorted, and
/// the result of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The lines.
    pub lines: Vec<String>,
    /// `success` or `failure`.
    pub run: String,
}

/// What the model says of a case.
pub fn play(case: &Case) -> Result<Outcome, String> {
    let trees = case
        .files
        .iter()
        .map(|(path, text)| Ok((path.as_str(), load(path, text).map_err(|fault| fault.to_string())?)))
        .collect::<Result<Vec<(&str, Tree)>, String>>()?;
    let world = World::new(trees.iter().map(|(path, tree)| File::of(path, tree)));
    let workflow = Workflow::of(trees[0].0, &trees[0].1);
    let run = Run::play(&workflow, &world, &Given { case, world: &world, workflow: &workflow });
    let word = |status: Status| status.word().unwrap_or("unknown");
    let mut lines = Vec::new();
    let tested = |name: &str| case.jobs.iter().any(|job| job == name);
    for job in run.jobs.iter().filter(|job| tested(&job.id)) {
        // A skipped job writes nothing.
        for leg in job.legs.iter().filter(|leg| leg.check != Status::Skipped) {
            // Neither the check-out nor the step that writes the line.
            let steps = leg.steps.get(1..leg.steps.len().saturating_sub(1)).unwrap_or_default();
            let steps: Vec<String> =
                steps.iter().map(|step| format!("{}/{}", word(step.outcome), word(step.conclusion))).collect();
            let name = leg.name.split(", ").next().unwrap_or_default();
            lines.push(format!("steps {}@{name} {}", job.id, steps.join(" ")));
        }
    }
    let results: Vec<String> =
        run.jobs.iter().filter(|job| tested(&job.id)).map(|job| format!("{}={}", job.id, word(job.result))).collect();
    lines.push(format!("jobs {}", results.join(" ")));
    lines.sort();
    Ok(Outcome { lines, run: word(run.result).to_owned() })
}

/// The steps fail if their script hands on the failure of the command under test.
struct Given<'a, 'w, 't> {
    case: &'a Case,
    world: &'w World<'t>,
    workflow: &'w Workflow<'t>,
}

impl Results for Given<'_, '_, '_> {
    fn work(&self, file: &str, job: &str, step: usize, _: &SoFar<'_>) -> Work {
        Work::from(self.fails(file, job, step))
    }
}

impl Given<'_, '_, '_> {
    fn fails(&self, file: &str, job: &str, step: usize) -> Truth {
        let job_of = if file == WORKFLOW { job } else { "" };
        let Some(spec) = self.case.steps.iter().find(|spec| spec.job == job_of && spec.index == step) else {
            return Truth::False;
        };
        if spec.fails != Some(true) {
            return Truth::False;
        }
        let script = match self.world.files().find(|other| matches!(other, File::Action(a) if a.file == file)) {
            Some(File::Action(action)) => Signals::of_action(action, self.world).action_script(step),
            _ => Signals::of(self.workflow, self.world).script(job, step),
        };
        let Some(script) = script else { return Truth::Unknown };
        let commands = script.commands();
        match commands.iter().find(|command| command.text.starts_with(FAILS)).map(|command| &command.effect) {
            Some(Effect::FailsStep) => Truth::True,
            Some(Effect::Masked(_) | Effect::NeverRuns(_)) => Truth::False,
            _ => Truth::Unknown,
        }
    }
}
