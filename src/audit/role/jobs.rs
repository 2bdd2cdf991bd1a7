//! What a job is for: its name, else the weightiest of its steps, or of the jobs of the workflow it calls.

use super::does::only_compares_inputs;
use super::named::only_looks_at;
use super::names::{self, Named};
use super::uses::MAX_DEPTH;
use super::{Purpose, Role, actions, of_step_itself, says, short, weight};
use crate::workflow::view::{Job, Step};
use crate::workflow::world::World;

/// What a job is for: what its name says, if that is to check, to publish, or something that no step can outweigh;
/// else what the weightiest of its steps, or of the jobs of the workflow it calls, is for.
///
/// `itself` is [`of_step_itself`], or what remembers its answers, for the steps of this job. With it comes whether the name
/// of the workflow says more ([`of_workflow`]): the job itself says little or nothing.
pub fn of_job(job: &Job<'_>, world: &World<'_>, itself: Ask<'_>) -> (Purpose, bool) {
    job_purpose(job, world, itself, 0)
}

/// What a job that says little is for, by the name of its workflow.
pub fn of_workflow(name: &str) -> Option<Purpose> {
    let role = names::telling(name)?;
    Some(Purpose::new(role, format!("it stands in workflow `{}`", short(name))))
}

/// Whether a job's id or name begins with what checks or publishes: then nothing else is asked, as a rule.
pub fn is_named_for_what_matters(job: &Job<'_>) -> bool {
    let names = [job.name.map(|name| name.text), Some(job.id.text)];
    let said = names.into_iter().flatten().filter_map(names::of);
    said.into_iter().any(|named| named.leads && !named.vague && named.role.matters())
}

/// Who tells what a step says itself of what it is for.
pub type Ask<'a> = &'a dyn Fn(&Step<'_>) -> Option<Purpose>;

fn job_purpose(job: &Job<'_>, world: &World<'_>, itself: Ask<'_>, depth: usize) -> (Purpose, bool) {
    let settled = |purpose: Purpose| (purpose, false);
    if job.condition.is_some_and(|text| asks_for_failure(text.text)) {
        return settled(Purpose::new(Role::Support, "it runs only after a failure".to_owned()));
    }
    let names = [job.name.map(|name| name.text), Some(job.id.text)];
    let said = names.into_iter().flatten().filter_map(|name| Some((names::of(name)?, name)));
    let named = said.min_by_key(|(named, _)| (!named.leads, weight(named.role), named.vague));
    if let Some((Named { role, vague: false, leads: true }, name)) = named
        && (role.matters() || matches!(role, Role::Notify | Role::Suggest | Role::Cleanup | Role::Cache))
    {
        let looks = role == Role::Verify && only_looks_at(name);
        let by_steps = looks.then(|| by_known_steps(job, itself)).flatten();
        return settled(by_steps.unwrap_or_else(|| Purpose::new(role, says(name))));
    }
    let inside = match job.uses {
        Some(uses) => by_call(job, uses.text, world, depth),
        None => by_steps(job, itself),
    };
    if let Some(purpose) = inside.as_ref().filter(|purpose| purpose.role.matters()) {
        let agrees = named.filter(|(named, _)| named.role == purpose.role);
        return settled(agrees.map_or_else(|| purpose.clone(), |(_, name)| Purpose::new(purpose.role, says(name))));
    }
    // A word somewhere in the name is no check where no code is, or where the job answers others: all steps are known, and
    // none gets any or checks.
    let fetches = |step: &Step<'_>| step.uses.is_some_and(|uses| uses.text.contains("checkout"));
    if let Some((Named { leads: false, .. }, _)) = named
        && (!job.steps.iter().any(fetches) || !job.outputs.is_empty())
        && let Some(purpose) = by_known_steps(job, itself)
    {
        return settled(purpose);
    }
    // Nor more than steps that only notify, or move files, unless the name ends with it: `full-e2e-test`.
    let tells = |purpose: &&Purpose| !matches!(purpose.role, Role::Support | Role::Unknown);
    if let Some((Named { leads: false, .. }, name)) = named
        && !ends_as_test(name)
        && let Some(purpose) = inside.as_ref().filter(tells)
    {
        return settled(purpose.clone());
    }
    if let Some((named, name)) = named {
        return settled(Purpose::new(named.role, says(name)));
    }
    (inside.unwrap_or_else(Purpose::unknown), true)
}

/// Whether the last word of a name is a test.
fn ends_as_test(name: &str) -> bool {
    super::words::words(name).last().is_some_and(|word| ["test", "tests", "e2e"].contains(&word.as_ref()))
}

/// The weightiest job of a local workflow, or what the name of a remote one says.
fn by_call(job: &Job<'_>, uses: &str, world: &World<'_>, depth: usize) -> Option<Purpose> {
    let calls = format!("it calls `{}`", short(uses));
    let called = world.called(job).filter(|_| depth < MAX_DEPTH);
    let jobs = called.into_iter().flat_map(|workflow| &workflow.jobs);
    let itself = |step: &Step<'_>| of_step_itself(step, world);
    let purposes = jobs.map(|job| job_purpose(job, world, &itself, depth + 1).0);
    let inside = purposes.min_by_key(|purpose| weight(purpose.role));
    match (inside, actions::by_words(uses)) {
        (Some(purpose), _) if purpose.role.matters() => {
            Some(Purpose::new(purpose.role, format!("{calls}: {}", purpose.evidence)))
        }
        (_, Some(named)) => Some(Purpose::new(named.role, calls)),
        (inside, None) => inside,
    }
}

/// What the steps of a job are for, if all of them are known and none checks or publishes: `Check if the API changes` that
/// only tells people.
fn by_known_steps(job: &Job<'_>, itself: Ask<'_>) -> Option<Purpose> {
    let tells = |step: &Step<'_>| itself(step).is_some_and(|p| !p.role.matters() && p.role != Role::Unknown);
    (!job.steps.is_empty() && job.steps.iter().all(tells)).then(|| by_steps(job, itself)).flatten()
}

fn by_steps(job: &Job<'_>, itself: Ask<'_>) -> Option<Purpose> {
    let mut best: Option<(Purpose, usize)> = None;
    for (index, step) in job.steps.iter().enumerate() {
        let mut purpose = itself(step).unwrap_or_else(Purpose::unknown);
        // What looks at its own inputs first is about to do something else.
        if purpose.role == Role::Verify && step.run.is_some_and(|run| only_compares_inputs(run.text)) {
            purpose = Purpose::new(Role::Support, "it only compares its inputs".to_owned());
        }
        if best.as_ref().is_none_or(|(old, _)| weight(purpose.role) < weight(old.role)) {
            best = Some((purpose, index));
        }
        if best.as_ref().is_some_and(|(purpose, _)| purpose.role == Role::Verify) {
            break;
        }
    }
    let (purpose, index) = best?;
    let called = job.steps[index].called(index);
    (purpose.role != Role::Unknown).then(|| Purpose::new(purpose.role, format!("its {called}: {}", purpose.evidence)))
}

/// Whether every alternative of a job's condition asks that something failed, or was cancelled.
fn asks_for_failure(condition: &str) -> bool {
    if !condition.contains("failure") {
        return false;
    }
    let text = condition.replace(char::is_whitespace, "");
    let asks = |part: &str| {
        let has = |call: &str| part.contains(call) && !part.contains(&format!("!{call}"));
        has("failure()") || has("cancelled()")
    };
    text.contains("failure()") && text.split("||").all(asks)
}
