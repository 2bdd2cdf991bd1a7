//! The comparison itself: every job and step of the touched files, before and after.

use super::aftermath;
use super::state::{Side, State};
use super::subject::{self, List, Subject};
use super::{Change, Effect, Hidden, hidden, legs, same};
use crate::workflow::link::LinkKind;
use crate::workflow::script::Effect as Fate;
use crate::workflow::signal::{Runs, Signal};
use crate::workflow::view::{Action, File, Job, Step, Workflow};
use crate::workflow::world::World;
use crate::yaml::{NodeId, Tree};

/// Keys that the model judges; what differs in others is listed as not judged.
const JUDGED: [&str; 2] = ["if", "continue-on-error"];

pub(super) fn compare(before: &World<'_>, after: &World<'_>, touched: &[&str]) -> Effect {
    let nothing = (World::default(), World::default());
    let mut touched: Vec<&str> = touched.to_vec();
    touched.sort_unstable();
    touched.dedup();
    let mut effect = Effect::default();
    for path in touched {
        let old = before.file(path).map(|file| Side::of(before, &nothing.0, file));
        let new = after.file(path).map(|file| Side::of(after, &nothing.1, file));
        match (old, new) {
            (Some(old), Some(new)) => both(&old, &new, &mut effect),
            (Some(old), None) => effect.changes.extend(alone(&old).into_iter().map(gone)),
            (None, Some(new)) => effect.changes.extend(alone(&new).into_iter().map(fresh)),
            (None, None) => {}
        }
    }
    effect
}

fn both(old: &Side<'_, '_>, new: &Side<'_, '_>, effect: &mut Effect) {
    match (old.file, new.file) {
        (File::Workflow(before), File::Workflow(after)) => workflows(old, new, before, after, effect),
        (File::Action(before), File::Action(after)) => actions(old, new, before, after, effect),
        _ => {
            effect.changes.extend(alone(old).into_iter().map(gone));
            effect.changes.extend(alone(new).into_iter().map(fresh));
        }
    }
}

/// The jobs of a workflow, or the steps of an action, that stands on one side only.
fn alone(side: &Side<'_, '_>) -> Vec<(Subject, State)> {
    match side.file {
        File::Workflow(workflow) => {
            let jobs = workflow.jobs.iter();
            jobs.map(|job| (subject::of_job(workflow.file, job), side.job(workflow, job))).collect()
        }
        File::Action(action) => {
            let list = List::of_action(action);
            (0..list.steps.len()).map(|index| (list.subject(index), side.step(&list, index))).collect()
        }
    }
}

fn gone((subject, state): (Subject, State)) -> Change {
    Change { before: Some(state), ..Change::of(subject) }
}

fn fresh((subject, state): (Subject, State)) -> Change {
    Change { after: Some(state), ..Change::of(subject) }
}

impl Change {
    fn of(subject: Subject) -> Change {
        Change {
            subject,
            before: None,
            after: None,
            own: true,
            unjudged: Vec::new(),
            still_hidden: Vec::new(),
            cannot_fail: false,
            when_it_fails: Vec::new(),
            legs: None,
        }
    }
}

fn workflows(old: &Side<'_, '_>, new: &Side<'_, '_>, before: &Workflow<'_>, after: &Workflow<'_>, effect: &mut Effect) {
    let from = effect.changes.len();
    effect.changes.extend(whole(before.file, (before.tree, 0), (after.tree, 0), &["jobs"]));
    for pair in subject::jobs(&before.jobs, &after.jobs) {
        match pair {
            (Some(i), Some(j)) => {
                let (a, b) = (&before.jobs[i], &after.jobs[j]);
                effect.changes.extend(job(old, new, (before, a), (after, b)));
                let lists = (List::of_job(before, a), List::of_job(after, b));
                effect.changes.extend(steps(old, new, &lists.0, &lists.1));
            }
            (Some(i), None) => {
                let job = &before.jobs[i];
                effect.changes.push(gone((subject::of_job(before.file, job), old.job(before, job))));
            }
            (None, Some(j)) => {
                let job = &after.jobs[j];
                effect.changes.push(fresh((subject::of_job(after.file, job), new.job(after, job))));
            }
            (None, None) => {}
        }
    }
    effect.when_all_is_well.extend(aftermath::when_all_is_well(before, after, &effect.changes[from..]));
}

fn actions(old: &Side<'_, '_>, new: &Side<'_, '_>, before: &Action<'_>, after: &Action<'_>, effect: &mut Effect) {
    effect.changes.extend(whole(before.file, (before.tree, 0), (after.tree, 0), &["runs"]));
    let runs = |tree: &Tree| tree.get(0, "runs");
    if let (Some(a), Some(b)) = (runs(before.tree), runs(after.tree)) {
        effect.changes.extend(whole(before.file, (before.tree, a), (after.tree, b), &["steps"]));
    }
    effect.changes.extend(steps(old, new, &List::of_action(before), &List::of_action(after)));
}

/// The file as a whole, if keys differ that no job or step holds.
fn whole(file: &str, before: (&Tree, NodeId), after: (&Tree, NodeId), judged: &[&str]) -> Option<Change> {
    let unjudged = differing(before, after, judged);
    let subject = Subject { file: file.to_owned(), job: None, step: None };
    (!unjudged.is_empty()).then(|| Change { unjudged, ..Change::of(subject) })
}

/// The keys of two mappings whose values differ, those in `judged` left out.
fn differing(before: (&Tree, NodeId), after: (&Tree, NodeId), judged: &[&str]) -> Vec<String> {
    let keys = |(tree, node): (&Tree, NodeId)| -> Vec<String> {
        tree.pairs(node).iter().filter_map(|(key, _)| tree.text(*key)).map(str::to_owned).collect()
    };
    let mut all = keys(before);
    all.extend(keys(after));
    all.retain(|key| !judged.contains(&key.as_str()));
    all.sort();
    all.dedup();
    let same = |key: &String| match (before.0.get(before.1, key), after.0.get(after.1, key)) {
        (Some(a), Some(b)) => before.0.same(a, after.0, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    all.retain(|key| !same(key));
    all
}

fn job(
    old: &Side<'_, '_>,
    new: &Side<'_, '_>,
    (before, a): (&Workflow<'_>, &Job<'_>),
    (after, b): (&Workflow<'_>, &Job<'_>),
) -> Option<Change> {
    let states = (old.job(before, a), new.job(after, b));
    let (x, y) = ((before.tree, a.at.node), (after.tree, b.at.node));
    let mut unjudged = differing(x, y, &[&JUDGED[..], &["needs", "steps"]].concat());
    if !needs_alike((before, a), (after, b), old, &states.1) {
        unjudged.push("needs".to_owned());
    }
    let order: Vec<usize> = subject::steps(&List::of_job(before, a), &List::of_job(after, b))
        .into_iter()
        .filter_map(|p| p.1.filter(|_| p.0.is_some()))
        .collect();
    if !order.is_sorted() {
        unjudged.push("steps (their order)".to_owned());
    }
    let own = !unjudged.is_empty() || JUDGED.iter().any(|key| text(x, key) != text(y, key));
    if !own && same::state(&states.0, &states.1) {
        return None;
    }
    let at =
        |workflow: &Workflow<'_>, job: &Job<'_>| workflow.jobs.iter().position(|other| other.id.text == job.id.text);
    let when_it_fails = match (own && !never(&states.1), at(before, a), at(after, b)) {
        (true, Some(i), Some(j)) => aftermath::of_job(old, new, (i, j), !never(&states.0)),
        _ => Vec::new(),
    };
    let subject = subject::of_job(after.file, b);
    let legs = if own && !never(&states.0) && !never(&states.1) { legs::cancelled((a, None), (b, None)) } else { None };
    let still_hidden = if own && !never(&states.1) { hidden_steps(new, &List::of_job(after, b)) } else { Vec::new() };
    Some(Change {
        still_hidden,
        before: Some(states.0),
        after: Some(states.1),
        own,
        unjudged,
        when_it_fails,
        legs,
        ..Change::of(subject)
    })
}

/// The steps of a job whose failure does not reach it.
fn hidden_steps(side: &Side<'_, '_>, list: &List<'_, '_>) -> Vec<Hidden> {
    let hidden = |index: usize| {
        let state = side.step(list, index);
        let link = state.signal.chain().first().map(|link| link.kind);
        let by_itself = matches!(link, Some(LinkKind::StepContinueOnError));
        let what = list.subject(index).step.unwrap_or_default();
        by_itself.then_some(Hidden { what, place: state.place, signal: state.signal })
    };
    (0..list.steps.len()).filter_map(hidden).collect()
}

/// Whether what a job needs means the same on both sides: the same jobs, or fewer by such that never run and that the
/// job neither waits for nor asks about.
fn needs_alike(
    (before, a): (&Workflow<'_>, &Job<'_>),
    (after, b): (&Workflow<'_>, &Job<'_>),
    old: &Side<'_, '_>,
    state: &State,
) -> bool {
    let names = |job: &Job<'_>| {
        let mut names: Vec<String> = job.needs.iter().map(|need| need.text.to_ascii_lowercase()).collect();
        names.sort();
        names.dedup();
        names
    };
    let (mut was, is) = (names(a), names(b));
    if was == is || never(state) {
        return true;
    }
    let dead = |name: &String| {
        let job = before.job(name);
        job.is_some_and(|job| matches!(old.signals.job_runs(job.id.text), Some(Runs::Never(_))))
    };
    was.retain(|name| is.contains(name) || !dead(name));
    was == is && !aftermath::asks_for_needs(after, b)
}

fn text<'t>((tree, node): (&'t Tree<'t>, NodeId), key: &str) -> Option<&'t str> {
    tree.text(tree.get(node, key)?)
}

fn never(state: &State) -> bool {
    matches!(state.runs, Runs::Never(_))
}

fn steps(old: &Side<'_, '_>, new: &Side<'_, '_>, before: &List<'_, '_>, after: &List<'_, '_>) -> Vec<Change> {
    let mut found = Vec::new();
    for pair in subject::steps(before, after) {
        match pair {
            (Some(i), Some(j)) => found.extend(step(old, new, (before, i), (after, j))),
            (Some(i), None) => found.push(gone((before.subject(i), old.step(before, i)))),
            (None, Some(j)) => found.push(fresh((after.subject(j), new.step(after, j)))),
            (None, None) => {}
        }
    }
    found
}

fn step(
    old: &Side<'_, '_>,
    new: &Side<'_, '_>,
    (before, i): (&List<'_, '_>, usize),
    (after, j): (&List<'_, '_>, usize),
) -> Option<Change> {
    let states = (old.step(before, i), new.step(after, j));
    let (x, y) = ((before.tree, before.steps[i].at.node), (after.tree, after.steps[j].at.node));
    let unjudged = differing(x, y, &JUDGED);
    let own = !unjudged.is_empty() || JUDGED.iter().any(|key| text(x, key) != text(y, key));
    if !own && same::state(&states.0, &states.1) {
        return None;
    }
    let mut change = Change { own, unjudged, ..Change::of(after.subject(j)) };
    if own && !never(&states.1) {
        change.when_it_fails = aftermath::of_step(old, new, (before, i), (after, j), !never(&states.0));
        change.legs = match (before.job, after.job) {
            (Some(a), Some(b)) if !never(&states.0) => {
                legs::cancelled((a, Some(&before.steps[i])), (b, Some(&after.steps[j])))
            }
            _ => None,
        };
        (change.still_hidden, change.cannot_fail) = commands(after, &after.steps[j], &states.1.signal);
    }
    (change.before, change.after) = (Some(states.0), Some(states.1));
    Some(change)
}

/// The commands of a step that can still hide their failure, and whether that is all of them.
fn commands(list: &List<'_, '_>, step: &Step<'_>, signal: &Signal) -> (Vec<Hidden>, bool) {
    let Some(script) = list.script(step) else { return (Vec::new(), false) };
    let commands = script.commands();
    let silent = |effect: &Fate| matches!(effect, Fate::Masked(_) | Fate::NeverRuns(_));
    // `true` and `echo` behind `||` can fail as little as anything.
    let visible = commands.iter().filter(|command| !silent(&command.effect) && !is_harmless(command.program()));
    let cannot_fail = !commands.is_empty() && visible.count() == 0 && commands.iter().any(|c| silent(&c.effect));
    let masked = commands.iter().filter_map(|command| match &command.effect {
        Fate::Masked(links) => Some(hidden(list.file, command, Signal::Masked(links.clone()))),
        Fate::Depends(place, on) => {
            let chain = Vec::new();
            Some(hidden(list.file, command, Signal::Depends { place: place.clone(), on: on.clone(), chain }))
        }
        _ => None,
    });
    let can_show = !matches!(signal, Signal::NeverRuns(_));
    (masked.filter(|_| can_show).collect(), cannot_fail)
}

/// Programs that succeed whatever comes.
fn is_harmless(program: &str) -> bool {
    ["true", ":", "echo", "printf", "set", "exit"].contains(&program)
}
