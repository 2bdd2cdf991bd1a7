//! The signal: if this step, job or command fails, what happens to the run?
//!
//! Promises: [`Signal::FailsRun`] and [`Signal::Masked`] are said only where the rules below derive them; an expression
//! that a run decides gives [`Signal::Depends`] with the expression. The question is always asked of one failure while
//! all else succeeds. It does not judge whether a failure *should* count; detectors do.
//!
//! The rules, each with its source at the code that encodes it, stand in a table in `docs/signal-model.md`.

mod behind;
mod domain;
mod flag;
mod gate;
mod life;
mod needs;
mod outer;
mod relay;
mod script;
mod soft;

pub use domain::{InRun, Results, Site};
pub use flag::{Flag, flag};
pub use gate::{Sight, Watcher};
pub use life::{Runs, condition_link};
pub use script::passes_over;
pub use soft::Soft;

use std::cell::OnceCell;
use std::fmt;

use super::link::{Link, LinkKind};
use super::play::Played;
use super::reader::Text;
use super::reads::{Read, reads};
use super::script::{Command, Effect, Script, Shell, handed_over};
use super::view::{Action, Defaults, Job, Step, Workflow};
use super::world::World;
use crate::yaml::Place;
use life::Life;
use outer::Outer;

/// What becomes of a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// The run fails.
    FailsRun,
    /// The check of its own job is red, the run is green: what soft-fails is a job.
    FailsOwnCheckOnly(Vec<Link>),
    /// Run and check are green, by this chain.
    Masked(Vec<Link>),
    /// Masked in some legs of the matrix only.
    MaskedInLegs {
        /// The names of those legs.
        legs: Vec<String>,
        /// The chain there.
        chain: Vec<Link>,
        /// Whether the check of the job itself is red there.
        own_check: bool,
        /// What becomes of it in the other legs.
        otherwise: Box<Signal>,
    },
    /// It cannot fail because it never runs; the first link is the nearest reason.
    NeverRuns(Vec<Link>),
    /// A run decides.
    Depends {
        /// Where it is decided.
        place: Place,
        /// The expression, or the words of the script.
        on: String,
        /// The links passed on the way there.
        chain: Vec<Link>,
    },
}

impl Signal {
    /// The links, nearest first.
    pub fn chain(&self) -> &[Link] {
        match self {
            Signal::FailsRun => &[],
            Signal::FailsOwnCheckOnly(links) | Signal::Masked(links) | Signal::NeverRuns(links) => links,
            Signal::MaskedInLegs { chain, .. } | Signal::Depends { chain, .. } => chain,
        }
    }

    /// What becomes of a failure that gets this far or not, as `open` says: what is hidden here is so in any case.
    fn if_it_gets_there(self, open: Signal) -> Signal {
        match self {
            Signal::Masked(_) | Signal::FailsOwnCheckOnly(_) | Signal::NeverRuns(_) => self,
            Signal::FailsRun | Signal::MaskedInLegs { .. } | Signal::Depends { .. } => open,
        }
    }

    /// Whether a failure can pass without making the run fail.
    pub fn can_hide(&self) -> bool {
        !matches!(self, Signal::FailsRun | Signal::NeverRuns(_))
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Signal::FailsRun => f.write_str("its failure fails the run")?,
            Signal::FailsOwnCheckOnly(_) => {
                f.write_str("its failure reddens its own check only; the run stays green")?
            }
            Signal::Masked(_) => f.write_str("its failure is masked")?,
            Signal::MaskedInLegs { legs, otherwise, .. } => {
                write!(f, "its failure is masked for {}; elsewhere {otherwise}", legs.join("; "))?;
            }
            Signal::NeverRuns(_) => f.write_str("it never runs")?,
            Signal::Depends { place, on, .. } => write!(f, "it depends on `{on}` at {place}")?,
        }
        self.chain().iter().try_for_each(|link| write!(f, "\n  {link}"))
    }
}

/// The signals of one workflow or action.
pub struct Signals<'w, 't> {
    source: Source<'w, 't>,
    world: &'w World<'t>,
    life: Life<'w, 't>,
    outer: Outer,
    /// The reads of results in each job, once somebody asks.
    reads: Vec<OnceCell<Vec<Read>>>,
    /// The scripts that were played to see what reads them.
    played: Played,
}

/// What is judged.
#[derive(Clone, Copy)]
pub(crate) enum Source<'w, 't> {
    Workflow(&'w Workflow<'t>),
    Action(&'w Action<'t>),
}

impl<'w, 't> Signals<'w, 't> {
    /// The signals of a workflow, with its callers and what it calls looked up in `world`.
    pub fn of(workflow: &'w Workflow<'t>, world: &'w World<'t>) -> Signals<'w, 't> {
        let source = Source::Workflow(workflow);
        let reads = workflow.jobs.iter().map(|_| OnceCell::new()).collect();
        let (life, outer) = (Life::of(workflow), Outer::of_workflow(workflow, world));
        Signals { source, world, life, outer, reads, played: Played::default() }
    }

    /// The signals of a composite action's steps; address them with [`Signals::action_step`].
    pub fn of_action(action: &'w Action<'t>, world: &'w World<'t>) -> Signals<'w, 't> {
        let source = Source::Action(action);
        let reads = vec![OnceCell::new()];
        let (life, outer) = (Life::default(), Outer::of_action(action, world));
        Signals { source, world, life, outer, reads, played: Played::default() }
    }

    /// The world they were asked in.
    pub fn world(&self) -> &'w World<'t> {
        self.world
    }

    /// What becomes of a failure of this job; `None` if there is no such job.
    pub fn job(&self, id: &str) -> Option<Signal> {
        let Source::Workflow(workflow) = self.source else { return None };
        let (index, job) = position(workflow, id)?;
        if let Runs::Never(links) = self.life.job(index) {
            return Some(Signal::NeverRuns(links.clone()));
        }
        Some(self.past_job(job))
    }

    /// What becomes of a failure of a step, by its index in [`Job::steps`].
    pub fn step(&self, id: &str, step: usize) -> Option<Signal> {
        let Source::Workflow(workflow) = self.source else { return None };
        let (index, job) = position(workflow, id)?;
        let item = job.steps.get(step)?;
        if let Runs::Never(links) = self.life.step(index, step) {
            return Some(Signal::NeverRuns(links));
        }
        let outer = || self.past_job(job);
        let soft = Soft::of(item.continue_on_error, Some(job));
        if !soft.is_no() {
            let list = relay::Steps {
                file: workflow.file,
                tree: workflow.tree,
                reads: self.reads(Some(job)),
                job: Some(job),
                steps: &job.steps,
                defaults: workflow.defaults,
                played: &self.played,
            };
            if let Some(signal) = relay::of(&list, step, self.world, &outer) {
                return Some(signal);
            }
        }
        Some(self.behind(soft, item.continue_on_error, LinkKind::StepContinueOnError, outer))
    }

    /// What becomes of a failure of a composite action's step.
    pub fn action_step(&self, step: usize) -> Option<Signal> {
        let Source::Action(action) = self.source else { return None };
        let item = action.steps.get(step)?;
        if life::is_false(&item.asks, None) {
            let link = life::condition_link(action.file, item.condition);
            return Some(Signal::NeverRuns(vec![link]));
        }
        let soft = Soft::of(item.continue_on_error, None);
        let outer = || self.outer.signal();
        if !soft.is_no() {
            let list = relay::Steps {
                file: action.file,
                tree: action.tree,
                reads: self.reads(None),
                job: None,
                steps: &action.steps,
                defaults: Defaults::default(),
                played: &self.played,
            };
            if let Some(signal) = relay::of(&list, step, self.world, &outer) {
                return Some(signal);
            }
        }
        Some(self.behind(soft, item.continue_on_error, LinkKind::ActionContinueOnError, outer))
    }

    /// Whether and when a job runs.
    pub fn job_runs(&self, id: &str) -> Option<Runs> {
        let Source::Workflow(workflow) = self.source else { return None };
        Some(self.life.job(position(workflow, id)?.0).clone())
    }

    /// Whether and when a step runs.
    pub fn step_runs(&self, id: &str, step: usize) -> Option<Runs> {
        let Source::Workflow(workflow) = self.source else { return None };
        let (index, job) = position(workflow, id)?;
        job.steps.get(step).map(|_| self.life.step(index, step))
    }

    /// Whether and when a composite action's step runs, once its action does.
    pub fn action_step_runs(&self, step: usize) -> Option<Runs> {
        let Source::Action(action) = self.source else { return None };
        let step = action.steps.get(step)?;
        Some(match life::is_false(&step.asks, None) {
            true => Runs::Never(vec![life::condition_link(action.file, step.condition)]),
            false => life::when(step.condition, &step.asks),
        })
    }

    /// The reads of results in a job, or for `None` in the action; none if there is no such job.
    pub fn reads(&self, job: Option<&Job<'t>>) -> &[Read] {
        let (tree, index, root) = match (self.source, job) {
            (Source::Workflow(workflow), Some(job)) => {
                let Some((index, _)) = position(workflow, job.id.text) else { return &[] };
                (workflow.tree, index, job.at.node)
            }
            (Source::Workflow(_), None) => return &[],
            (Source::Action(action), _) => (action.tree, 0, 0),
        };
        self.reads[index].get_or_init(|| reads(tree, root))
    }

    /// The script of a step that runs one.
    pub fn script(&self, id: &str, step: usize) -> Option<Script<'t>> {
        let Source::Workflow(workflow) = self.source else { return None };
        let (_, job) = position(workflow, id)?;
        script(workflow.file, job.steps.get(step)?, Some(job), &workflow.defaults)
    }

    /// The script of a composite action's step that runs one.
    pub fn action_script(&self, step: usize) -> Option<Script<'t>> {
        let Source::Action(action) = self.source else { return None };
        script(action.file, action.steps.get(step)?, None, &Defaults::default())
    }

    /// The commands of a step's script, each with what becomes of the run if it fails.
    pub fn commands(&self, id: &str, step: usize) -> Vec<(Command<'t>, Signal)> {
        let (Some(script), Some(signal)) = (self.script(id, step), self.step(id, step)) else { return Vec::new() };
        script.commands().into_iter().map(|command| with(script.file, command, &signal)).collect()
    }

    /// The commands of a composite action's step.
    pub fn action_commands(&self, step: usize) -> Vec<(Command<'t>, Signal)> {
        let (Some(script), Some(signal)) = (self.action_script(step), self.action_step(step)) else {
            return Vec::new();
        };
        script.commands().into_iter().map(|command| with(script.file, command, &signal)).collect()
    }

    /// From the failure of a job on.
    fn past_job(&self, job: &Job<'t>) -> Signal {
        let soft = Soft::of(job.continue_on_error, Some(job));
        self.behind(soft, job.continue_on_error, LinkKind::JobContinueOnError, || self.outer.signal())
    }

    /// The signal behind a `continue-on-error`, where `outer` is what happens without it.
    fn behind(&self, soft: Soft, text: Option<Text<'t>>, kind: LinkKind, outer: impl Fn() -> Signal) -> Signal {
        let link = || Link { kind, place: self.place(text), what: text.map_or("", |t| t.text).to_owned() };
        let own_check = kind == LinkKind::JobContinueOnError;
        match soft {
            Soft::No => outer(),
            Soft::Yes if own_check => Signal::FailsOwnCheckOnly(vec![link()]),
            Soft::Yes => Signal::Masked(vec![link()]),
            Soft::Legs(legs) => {
                Signal::MaskedInLegs { legs, chain: vec![link()], own_check, otherwise: Box::new(outer()) }
            }
            Soft::Depends(on) => {
                outer().if_it_gets_there(Signal::Depends { place: self.place(text), on, chain: Vec::new() })
            }
        }
    }

    fn place(&self, text: Option<Text<'t>>) -> Place {
        let at = text.map(|text| text.at).unwrap_or_default();
        match self.source {
            Source::Workflow(workflow) => workflow.place(at),
            Source::Action(action) => action.place(at),
        }
    }
}

/// The command's own effect in front of what becomes of its step.
fn with<'t>(file: &str, command: Command<'t>, step: &Signal) -> (Command<'t>, Signal) {
    let signal = match &command.effect {
        _ if matches!(step, Signal::NeverRuns(_)) => step.clone(),
        Effect::FailsStep => step.clone(),
        Effect::Masked(links) => Signal::Masked(links.clone()),
        Effect::NeverRuns(link) => Signal::NeverRuns(vec![link.clone()]),
        Effect::Depends(place, on) => Signal::Depends { place: place.clone(), on: on.clone(), chain: Vec::new() },
        Effect::Unknown => Signal::Depends {
            place: Place { file: file.to_owned(), line: command.line, column: command.column },
            on: "how this shell treats it".to_owned(),
            chain: Vec::new(),
        },
    };
    (command, signal)
}

fn script<'t>(file: &'t str, step: &Step<'t>, job: Option<&Job<'t>>, defaults: &Defaults<'t>) -> Option<Script<'t>> {
    match step.run {
        Some(run) => Some(Script { file, run, shell: Shell::of(step, job, defaults) }),
        None => handed_over(step, job).map(|(run, shell)| Script { file, run, shell }),
    }
}

fn position<'w, 't>(workflow: &'w Workflow<'t>, id: &str) -> Option<(usize, &'w Job<'t>)> {
    workflow.jobs.iter().enumerate().find(|(_, job)| job.id.text == id)
}

#[cfg(test)]
mod tests;
