//! What else happens when something fails: the same failure played before and after, in its own file and on in those
//! that call it, and the difference of the two.

use std::collections::BTreeMap;

use super::play::{self, Fate, Played, Start};
use super::scope;
use super::state::Side;
use super::subject::{self, List, Subject};
use super::{Change, Consequence};
use crate::workflow::condition::Truth;
use crate::workflow::reads::reads;
use crate::workflow::view::{File, Job, Workflow};
use crate::workflow::world::World;
use crate::yaml::Place;

/// The most callers above one another that are followed.
const MAX_LEVELS: usize = 10;

/// Steps and jobs by file, by the caller through which the failure came, and by their words with a number for equals.
type Fates = BTreeMap<(String, String, Subject, usize), Seen>;

/// What a play saw of a step or a job.
struct Seen {
    place: Place,
    fate: Fate,
    /// The expression by which it looks at the failure.
    reads: Option<String>,
    /// Whether it needs the job that fails, directly or not, in a run that fails by it.
    needs: bool,
    /// Whether the failure can reach it at all.
    touched: bool,
}

/// What else happens when a job fails, by its positions before and after; `ran` says whether it ever ran before.
pub(super) fn of_job(
    old: &Side<'_, '_>,
    new: &Side<'_, '_>,
    (before, after): (usize, usize),
    ran: bool,
) -> Vec<Consequence> {
    let was = spread(old, if ran { Start::Job(before, Truth::True) } else { Start::Nothing });
    let is = spread(new, Start::Job(after, Truth::True));
    difference(&was, &is)
}

/// What else happens when a step fails; `ran` says whether it ever ran before.
pub(super) fn of_step(
    old: &Side<'_, '_>,
    new: &Side<'_, '_>,
    (before, i): (&List<'_, '_>, usize),
    (after, j): (&List<'_, '_>, usize),
    ran: bool,
) -> Vec<Consequence> {
    let start =
        |side: &Side<'_, '_>, list: &List<'_, '_>, step: usize| Start::Step(position(side, list), step, Truth::True);
    let was = spread(old, if ran { start(old, before, i) } else { Start::Nothing });
    let is = spread(new, start(new, after, j));
    difference(&was, &is)
}

/// What differs in runs in which nothing fails; what the changes say themselves is left out.
pub(super) fn when_all_is_well(before: &Workflow<'_>, after: &Workflow<'_>, changes: &[Change]) -> Vec<Consequence> {
    if changes.is_empty() {
        return Vec::new();
    }
    let mut fates = (Fates::new(), Fates::new());
    for (workflow, fates) in [(before, &mut fates.0), (after, &mut fates.1)] {
        let played = play::workflow(workflow, Start::Nothing, &changed_steps(workflow, changes));
        note(workflow, Start::Nothing, "", &played, fates);
    }
    let mut found = difference(&fates.0, &fates.1);
    let said = |subject: &Subject| {
        changes.iter().any(|change| {
            change.subject == *subject || change.subject.step.is_none() && change.subject.job == subject.job
        })
    };
    found.retain(|consequence| !said(&consequence.subject));
    found
}

/// The positions of the steps that a change is about: a run in which nothing fails is one in which they do not.
fn changed_steps(workflow: &Workflow<'_>, changes: &[Change]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (index, job) in workflow.jobs.iter().enumerate() {
        let list = List::of_job(workflow, job);
        let own = |step: &usize| changes.iter().any(|change| change.own && change.subject == list.subject(*step));
        found.extend((0..job.steps.len()).filter(own).map(|step| (index, step)));
    }
    found
}

/// Whether a job asks how the jobs it needs went.
pub(super) fn asks_for_needs(workflow: &Workflow<'_>, job: &Job<'_>) -> bool {
    let text = job.condition.map_or("", |text| text.text);
    !job.asks.overrides_status()
        || scope::asks_for_results(text)
        || reads(workflow.tree, job.at.node).iter().any(|read| read.head == "needs")
}

fn position(side: &Side<'_, '_>, list: &List<'_, '_>) -> usize {
    let (File::Workflow(workflow), Some(job)) = (side.file, list.job) else { return 0 };
    workflow.jobs.iter().position(|other| other.id.text == job.id.text).unwrap_or(0)
}

/// Plays a failure in its file and in those that call it.
fn spread(side: &Side<'_, '_>, start: Start) -> Fates {
    let mut fates = Fates::new();
    play_file(side.world, side.file, start, String::new(), 0, &mut fates);
    fates
}

fn play_file(world: &World<'_>, file: &File<'_>, start: Start, through: String, level: usize, fates: &mut Fates) {
    let (path, fails) = match file {
        File::Workflow(workflow) => {
            let played = play::workflow(workflow, start, &[]);
            note(workflow, start, &through, &played, fates);
            (workflow.file, played.fails)
        }
        File::Action(action) => {
            let list = List::of_action(action);
            let failing = match start {
                Start::Step(_, step, fails) => Some((step, fails)),
                _ => None,
            };
            let (steps, fails) = play::action(&list, failing);
            note_steps(&list, &steps, failing.map(|(at, _)| at), true, &through, fates);
            (action.file, fails)
        }
    };
    if level >= MAX_LEVELS {
        return;
    }
    let callers = match file {
        File::Workflow(_) => world.callers_of(path),
        File::Action(_) => world.users_of(path),
    };
    for caller in callers {
        let job = match (caller.file, caller.job) {
            (File::Workflow(workflow), Some(job)) => {
                workflow.jobs.iter().position(|other| other.id.text == job.id.text).unwrap_or(0)
            }
            _ => 0,
        };
        let start = match caller.step {
            Some((step, _)) => Start::Step(job, step, fails),
            None => Start::Job(job, fails),
        };
        let name = caller.job.map_or("", |job| job.id.text);
        let through = format!("{through}/{name}#{}", caller.step.map_or(0, |(index, _)| index));
        play_file(world, caller.file, start, through, level + 1, fates);
    }
}

/// Writes down what a play came to, all but what fails and the jobs on its way.
fn note(workflow: &Workflow<'_>, start: Start, through: &str, played: &Played, fates: &mut Fates) {
    let (failing, step) = match start {
        Start::Nothing => (None, None),
        Start::Step(job, step, _) => (Some(job), Some(step)),
        Start::Job(job, _) => (Some(job), None),
    };
    for (index, job) in workflow.jobs.iter().enumerate() {
        let list = List::of_job(workflow, job);
        if Some(index) == failing {
            note_steps(&list, &played.steps[index], step, true, through, fates);
            continue;
        }
        let needs = played.touched[index];
        let place = workflow.place(job.id.at);
        // Only a run that is red can have a check beside it that is green by mistake.
        let blind = needs && played.fails != Truth::False;
        let seen = Seen { place, fate: played.jobs[index], reads: None, needs: blind, touched: needs };
        add(fates, workflow.file, through, subject::of_job(workflow.file, job), seen);
        if played.jobs[index] != Fate::Skipped {
            note_steps(&list, &played.steps[index], None, needs, through, fates);
        }
    }
}

fn note_steps(
    list: &List<'_, '_>,
    fates: &[Fate],
    failing: Option<usize>,
    touched: bool,
    through: &str,
    into: &mut Fates,
) {
    let id = failing.and_then(|at| list.steps[at].id);
    for (index, fate) in fates.iter().enumerate().filter(|(index, _)| Some(*index) != failing) {
        let step = &list.steps[index];
        let own = failing.is_some_and(|at| index < at);
        let reads = id.filter(|_| !own).and_then(|id| {
            let all = reads(list.tree, step.at.node).into_iter();
            let seen = |property: &str| format!("steps.{}.{property}", id.text);
            let mut exact =
                all.filter(|read| read.sees("steps", id.text, "outcome") || read.sees("steps", id.text, "conclusion"));
            exact.next().map(|read| seen(read.property.as_deref().unwrap_or("outcome")))
        });
        let place = Place { file: list.file.to_owned(), line: step.at.line, column: step.at.column };
        let seen = Seen { place, fate: *fate, reads, needs: false, touched: touched && !own };
        add(into, list.file, through, list.subject(index), seen);
    }
}

fn add(fates: &mut Fates, file: &str, through: &str, subject: Subject, seen: Seen) {
    let mut key = (file.to_owned(), through.to_owned(), subject, 0);
    while fates.contains_key(&key) {
        key.3 += 1;
    }
    fates.insert(key, seen);
}

/// What is on both sides and differs, reads the failure, is for a run to decide, or needs what fails and runs all the
/// same.
fn difference(before: &Fates, after: &Fates) -> Vec<Consequence> {
    let mut found: Vec<Consequence> = Vec::new();
    for (key, seen) in after {
        let Some(was) = before.get(key) else { continue };
        let blind = seen.needs && matches!(seen.fate, Fate::Runs | Fate::RunsIf);
        let open = seen.touched && seen.fate == Fate::Depends;
        if was.fate == seen.fate && seen.reads.is_none() && !blind && !open {
            continue;
        }
        let consequence = Consequence {
            subject: key.2.clone(),
            place: seen.place.clone(),
            before: was.fate,
            after: seen.fate,
            reads: seen.reads.clone(),
        };
        if !found.contains(&consequence) {
            found.push(consequence);
        }
    }
    found.sort_by(|a, b| a.place.cmp(&b.place));
    found
}
