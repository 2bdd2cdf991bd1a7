//! The ways on which a failure leaves its file: through the jobs that call the workflow and the steps that use the
//! action, to the runs.
//!
//! Promises: every way within the known files, in the order of their paths; each says where it ends and what becomes
//! of the failure there. A caller in another repository is not known.

use crate::workflow::link::{Link, LinkKind};
use crate::workflow::signal::{Runs, Signal, Signals};
use crate::workflow::view::{File, Workflow};
use crate::workflow::world::{Caller, World};
use crate::yaml::Place;

/// The most files above one another that are followed (the levels GitHub allows, and more).
const MAX_LEVELS: usize = 10;

/// The most ways that are told apart.
const MAX_WAYS: usize = 64;

/// One caller on a way: a job that calls the workflow before it, or a step that uses the action before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// Where the job or the step stands.
    pub place: Place,
    /// The job; `None` for a step of an action.
    pub job: Option<String>,
    /// The step, as people call it; `None` for a job that calls a workflow.
    pub step: Option<String>,
}

/// One way from a file to a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The callers passed, nearest first; none if the file's own triggers start the run.
    pub hops: Vec<Hop>,
    /// The workflow whose run it is, or in which the way ends.
    pub run: String,
    /// What becomes there of a failure that has left the file: it fails the run, is hidden, or the caller never runs.
    pub ends: Signal,
    /// The conditions on the way that a run decides.
    pub guards: Vec<Guard>,
}

/// A condition that a run decides, between something and its run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// Where it stands.
    pub place: Place,
    /// Whose it is, in words.
    pub of: String,
    /// As written.
    pub condition: String,
}

/// All ways from a file on; none if it can only be called and nothing known calls it.
pub(super) fn outward(world: &World<'_>, file: &File<'_>) -> Vec<Way> {
    ways(world, file, 0)
}

fn ways(world: &World<'_>, file: &File<'_>, level: usize) -> Vec<Way> {
    let (path, callers) = match file {
        File::Workflow(workflow) => (workflow.file, world.callers_of(workflow.file)),
        File::Action(action) => (action.file, world.users_of(action.file)),
    };
    let mut found = Vec::new();
    if starts_runs(file) {
        found.push(Way { hops: Vec::new(), run: path.to_owned(), ends: Signal::FailsRun, guards: Vec::new() });
    }
    if level < MAX_LEVELS {
        for caller in callers {
            found.extend(through(world, &caller, level));
            if found.len() >= MAX_WAYS {
                break;
            }
        }
    }
    found
}

/// Whether a file starts runs of its own.
pub(super) fn starts_runs(file: &File<'_>) -> bool {
    match file {
        File::Workflow(workflow) => !only_called(workflow),
        File::Action(_) => false,
    }
}

fn only_called(workflow: &Workflow<'_>) -> bool {
    let called = |event: &str| event == "workflow_call";
    !workflow.triggers.is_empty() && workflow.triggers.iter().all(|trigger| called(trigger.event.text))
}

/// The ways that pass one caller.
fn through(world: &World<'_>, caller: &Caller<'_, '_>, level: usize) -> Vec<Way> {
    let hop = hop(caller);
    let (signal, guards) = at(caller);
    if matches!(signal, Signal::Masked(_) | Signal::FailsOwnCheckOnly(_) | Signal::NeverRuns(_)) {
        let run = hop.place.file.clone();
        return vec![Way { hops: vec![hop], run, ends: signal, guards }];
    }
    let further = ways(world, caller.file, level + 1);
    let joined = |way: Way| Way {
        hops: [vec![hop.clone()], way.hops].concat(),
        guards: [guards.clone(), way.guards].concat(),
        // What is open here stays open, unless it is hidden further on in any case.
        ends: match way.ends {
            Signal::FailsRun | Signal::Depends { .. } | Signal::MaskedInLegs { .. } if signal != Signal::FailsRun => {
                signal.clone()
            }
            ends => ends,
        },
        ..way
    };
    further.into_iter().map(joined).collect()
}

fn hop(caller: &Caller<'_, '_>) -> Hop {
    let at = caller.step.map(|(_, step)| step.at).or(caller.job.map(|job| job.id.at)).unwrap_or_default();
    let place = match caller.file {
        File::Workflow(workflow) => workflow.place(at),
        File::Action(action) => action.place(at),
    };
    let job = caller.job.map(|job| job.id.text.to_owned());
    Hop { place, job, step: caller.step.map(|(index, step)| step.called(index)) }
}

/// What becomes of the failure at a caller, its own file alone considered, and the conditions there.
fn at(caller: &Caller<'_, '_>) -> (Signal, Vec<Guard>) {
    let nothing = World::default();
    match caller.file {
        File::Workflow(workflow) => {
            let signals = Signals::of(workflow, &nothing);
            let Some(job) = caller.job else { return (Signal::FailsRun, Vec::new()) };
            let signal = match caller.step {
                Some((index, _)) => signals.step(job.id.text, index),
                None => signals.job(job.id.text),
            };
            let signal = match signal.unwrap_or(Signal::FailsRun) {
                Signal::NeverRuns(links) => Signal::NeverRuns(dead_caller(caller, workflow, links)),
                other => other,
            };
            (signal, super::guard::of(workflow, job, caller.step))
        }
        File::Action(action) => {
            let signals = Signals::of_action(action, &nothing);
            let signal = caller.step.and_then(|(index, _)| signals.action_step(index));
            (signal.unwrap_or(Signal::FailsRun), Vec::new())
        }
    }
}

/// Why a caller never runs, with the caller itself in front.
fn dead_caller(caller: &Caller<'_, '_>, workflow: &Workflow<'_>, links: Vec<Link>) -> Vec<Link> {
    let Some(job) = caller.job.filter(|_| caller.step.is_none()) else { return links };
    let link = Link { kind: LinkKind::CallerNeverRuns, place: workflow.place(job.id.at), what: job.id.text.to_owned() };
    [vec![link], links].concat()
}

/// Whether no way leads to a run, so that nothing in the file ever runs by what is known; the reasons.
pub(super) fn all_dead(ways: &[Way]) -> Option<Vec<Link>> {
    let reason = |way: &Way| match &way.ends {
        Signal::NeverRuns(links) => Some(links.clone()),
        _ => None,
    };
    let reasons: Option<Vec<Vec<Link>>> = ways.iter().map(reason).collect();
    reasons.filter(|all| !all.is_empty()).map(|all| all.concat())
}

/// What becomes of a failure in the end: `inner` is what its own file makes of it.
pub(super) fn past(inner: &Signal, ways: &[Way]) -> Signal {
    if let Signal::NeverRuns(_) = inner {
        return inner.clone();
    }
    if let Some(links) = all_dead(ways) {
        return Signal::NeverRuns(links);
    }
    match inner {
        Signal::FailsRun => outside(ways),
        Signal::MaskedInLegs { legs, chain, own_check, otherwise } => Signal::MaskedInLegs {
            legs: legs.clone(),
            chain: chain.clone(),
            own_check: *own_check,
            otherwise: Box::new(past(otherwise, ways)),
        },
        Signal::Depends { .. } => match outside(ways) {
            hidden @ (Signal::Masked(_) | Signal::FailsOwnCheckOnly(_)) => hidden,
            _ => inner.clone(),
        },
        hidden => hidden.clone(),
    }
}

/// The worst of the live ways: one run that fails is enough.
fn outside(ways: &[Way]) -> Signal {
    let live: Vec<&Signal> =
        ways.iter().map(|way| &way.ends).filter(|ends| !matches!(ends, Signal::NeverRuns(_))).collect();
    if live.is_empty() || live.contains(&&Signal::FailsRun) {
        return Signal::FailsRun;
    }
    let open = |signal: &&&Signal| matches!(signal, Signal::Depends { .. } | Signal::MaskedInLegs { .. });
    if let Some(open) = live.iter().find(open) {
        return (*open).clone();
    }
    let chain: Vec<Link> = live.iter().flat_map(|signal| signal.chain().to_vec()).collect();
    match live.iter().all(|signal| matches!(signal, Signal::Masked(_))) {
        true => Signal::Masked(chain),
        false => Signal::FailsOwnCheckOnly(chain),
    }
}

/// When something runs, the ways to its file considered.
pub(super) fn runs(inner: Runs, ways: &[Way]) -> Runs {
    match (inner, all_dead(ways)) {
        (Runs::Never(links), _) => Runs::Never(links),
        (_, Some(links)) => Runs::Never(links),
        (inner, None) => inner,
    }
}
