//! From the run of a called workflow, or the failure of a composite action, on to those who call it.

use super::{Signal, Soft};
use crate::workflow::link::{Link, LinkKind};
use crate::workflow::view::{Action, File, Workflow};
use crate::workflow::world::{Caller, World};
use crate::yaml::Place;

/// The most callers above one another that are followed.
///
/// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations>: ten
/// levels of workflows, the top one included.
const MAX_LEVELS: usize = 10;

/// What becomes of a failure once it has left the file.
pub(super) struct Outer {
    signal: Signal,
}

impl Outer {
    /// For a workflow that only others call, all of whose known callers hide its failure, it is hidden; else it counts.
    ///
    /// Source: <https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows>: the jobs of the called
    /// workflow are part of the caller's run.
    pub fn of_workflow(workflow: &Workflow<'_>, world: &World<'_>) -> Outer {
        Outer { signal: workflow_signal(workflow, world, 0) }
    }

    /// For an action all of whose known users hide its failure, it is hidden; else it counts.
    pub fn of_action(action: &Action<'_>, world: &World<'_>) -> Outer {
        Outer { signal: action_signal(action, world, 0) }
    }

    pub fn signal(&self) -> Signal {
        self.signal.clone()
    }
}

fn workflow_signal(workflow: &Workflow<'_>, world: &World<'_>, level: usize) -> Signal {
    let only_called = workflow.triggers.iter().all(|trigger| trigger.event.text == "workflow_call");
    if workflow.triggers.is_empty() || !only_called || level >= MAX_LEVELS {
        return Signal::FailsRun;
    }
    let callers = world.callers_of(workflow.file);
    shared(callers.iter().map(|caller| caller_signal(caller, world, level + 1)))
}

fn action_signal(action: &Action<'_>, world: &World<'_>, level: usize) -> Signal {
    if level >= MAX_LEVELS {
        return Signal::FailsRun;
    }
    let users = world.users_of(action.file);
    shared(users.iter().map(|user| caller_signal(user, world, level + 1)))
}

/// What becomes of it at one caller: a job that calls a workflow, or a step that uses an action.
fn caller_signal(caller: &Caller<'_, '_>, world: &World<'_>, level: usize) -> Signal {
    if let Some((_, step)) = caller.step
        && let Some(text) = step.continue_on_error
        && Soft::of(Some(text), caller.job) == Soft::Yes
    {
        let link =
            Link { kind: LinkKind::UserContinueOnError, place: place(caller.file, text.at), what: String::new() };
        return Signal::Masked(vec![link]);
    }
    if let Some(job) = caller.job
        && let Some(text) = job.continue_on_error
        && Soft::of(Some(text), Some(job)) == Soft::Yes
    {
        let link =
            Link { kind: LinkKind::CallerContinueOnError, place: place(caller.file, text.at), what: String::new() };
        return Signal::FailsOwnCheckOnly(vec![link]);
    }
    match caller.file {
        File::Workflow(workflow) => workflow_signal(workflow, world, level),
        File::Action(action) => action_signal(action, world, level),
    }
}

fn place(file: &File<'_>, at: crate::workflow::reader::At) -> Place {
    match file {
        File::Workflow(workflow) => workflow.place(at),
        File::Action(action) => action.place(at),
    }
}

/// What all callers have in common: hidden only if it is hidden everywhere, by the chains of all.
fn shared(signals: impl Iterator<Item = Signal>) -> Signal {
    let mut all: Option<Signal> = None;
    for signal in signals {
        all = Some(match (all, signal) {
            (_, Signal::FailsRun) => return Signal::FailsRun,
            (None, other) => other,
            (Some(Signal::Masked(a)), Signal::Masked(b)) => Signal::Masked([a, b].concat()),
            (Some(a), b) => Signal::FailsOwnCheckOnly([a.chain(), b.chain()].concat()),
        });
    }
    all.unwrap_or(Signal::FailsRun)
}
