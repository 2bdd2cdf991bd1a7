//! Images that a job pushes to pull them again.

use super::role::{Purpose, Role};
use super::spot::Spot;
use crate::workflow::view::Step;

/// `docker compose push` in a job that first pulls the same, and goes on if it is not there: the registry is a cache.
pub(super) fn seen(spot: Spot<'_, '_>, purpose: Purpose) -> Purpose {
    let runs = |step: &Step<'_>, task: &str| {
        let has = |line: &str| {
            ["docker compose ", "docker-compose ", "docker "].iter().any(|tool| line.contains(&format!("{tool}{task}")))
        };
        step.run.is_some_and(|run| run.text.lines().any(has))
    };
    let may_miss = |step: &Step<'_>| {
        step.continue_on_error.is_some()
            || step.run.is_some_and(|run| ["|| :", "|| true", "|| echo"].iter().any(|end| run.text.contains(end)))
    };
    let named = |step: &Step<'_>, task: &str| -> Vec<String> {
        let lines = step.run.map_or("", |run| run.text).lines();
        let of = lines.filter_map(|line| line.split_once(&format!(" {task} "))).map(|(_, rest)| rest);
        of.filter_map(|rest| rest.split_whitespace().find(|word| !word.starts_with('-'))).map(str::to_owned).collect()
    };
    let pushed = named(spot.step, "push");
    let same = |step: &Step<'_>| {
        let pulled = named(step, "pull");
        !pushed.is_empty() && pushed.iter().all(|image| pulled.contains(image))
    };
    let pulls = |step: &&Step<'_>| runs(step, "pull") && may_miss(step) && same(step);
    if purpose.role != Role::Publish || !runs(spot.step, "push") {
        return purpose;
    }
    match spot.steps[..spot.index].iter().find(pulls) {
        Some(step) => Purpose {
            role: Role::Cache,
            evidence: format!("line {} pulls what it pushes, and goes on without", step.at.line),
        },
        None => purpose,
    }
}
