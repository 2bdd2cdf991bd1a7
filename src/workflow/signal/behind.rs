//! The steps behind one that failed softly, played: whether one of them fails the job in its place.

use std::collections::BTreeMap;

use super::needs::fill;
use super::relay::Steps;
use super::script::{in_container, play};
use crate::workflow::condition::Truth;
use crate::workflow::play::{Outcome, Sets};
use crate::workflow::run::{self, Results, SoFar, Work};
use crate::workflow::script::{Script, Shell, only_prints};
use crate::workflow::view::Step;
use crate::workflow::world::World;

/// Whether the list of steps is certain to fail when this one has failed and everything else succeeds, and not in any case.
///
/// A step that may fail for what it reads is taken to succeed: else the list has failed already. In a matrix the answer holds
/// for all legs.
pub(super) fn fail(list: &Steps<'_, '_>, failed: usize, world: &World<'_>) -> bool {
    let steps = (list.file, list.job);
    let certain = |leg, result| {
        let given = Behind { list, failed, result };
        run::play_steps(steps, list.steps, leg, world, &given) == Truth::True
    };
    let fails = |leg| certain(leg, Truth::True) && !certain(leg, Truth::False);
    // To play takes long, and most that read an outcome only tell of it.
    let can_end = |step: &Step<'_>| step.run.is_some_and(|run| ENDS.iter().any(|word| run.text.contains(word)));
    if list.steps.len() > MOST_STEPS || !list.steps[failed + 1..].iter().any(can_end) {
        return false;
    }
    match list.job.and_then(|job| job.matrix.as_ref()).map(|matrix| matrix.legs()) {
        None => fails(None),
        Some(Some(legs)) => (1..=MOST_LEGS).contains(&legs.len()) && legs.iter().all(|leg| fails(Some(leg))),
        Some(None) => false,
    }
}

/// Words of which a script has one that fails of its own will.
const ENDS: &[&str] = &["exit", "false", "[ ", "[[", "test ", "return", "grep"];

/// The longest list of steps that is played for each that may fail, and the most legs of a matrix.
const MOST_STEPS: usize = 100;
const MOST_LEGS: usize = 20;

struct Behind<'a, 'w, 't> {
    list: &'a Steps<'w, 't>,
    failed: usize,
    result: Truth,
}

impl Results for Behind<'_, '_, '_> {
    fn work(&self, file: &str, _: &str, step: usize, so_far: &SoFar<'_>) -> Work {
        match self.list.steps.get(step).filter(|_| file == self.list.file) {
            Some(own) => self.of_step(own, step, so_far),
            None => Truth::False.into(),
        }
    }

    fn step(&self, file: &str, step: usize) -> Option<Work> {
        let is_it = file == self.list.file && step == self.failed;
        is_it.then(|| Work { fails: self.result, sets: Sets::unknown() })
    }
}

impl Behind<'_, '_, '_> {
    fn of_step(&self, step: &Step<'_>, at: usize, so_far: &SoFar<'_>) -> Work {
        let Some(run) = step.run else { return Truth::False.into() };
        let script = Script { file: self.list.file, run, shell: Shell::of(step, self.list.job, &self.list.defaults) };
        let hands_on = ["GITHUB_ENV", "GITHUB_OUTPUT"].iter().any(|file| run.text.contains(file));
        let texts = step.env.iter().map(|(_, value)| value.text).chain([run.text]);
        let reads = texts.into_iter().any(|text| text.contains("steps."))
            || so_far.env.iter().any(|(name, _)| run.text.contains(name));
        let outcome = match hands_on || (reads && !only_prints(run.text)) {
            true => self.play(step, &script, so_far),
            // Nothing of what came before is in it.
            false => Outcome::unknown(Truth::False, Sets::of_action()),
        };
        // What comes before it has succeeded.
        let fails = at > self.failed && (script.always_fails() || outcome.fails == Truth::True);
        Work { fails: Truth::from(fails), sets: outcome.sets_of(step.continue_on_error.is_some()) }
    }

    /// What the script comes to.
    fn play(&self, step: &Step<'_>, script: &Script<'_>, so_far: &SoFar<'_>) -> Outcome {
        let fill = |text: &str| fill(text, so_far.scope);
        let mut env: BTreeMap<&str, String> = BTreeMap::new();
        let outer = self.list.job.map_or(&[][..], |job| &job.env);
        env.extend(outer.iter().map(|(key, value)| (key.text, fill(value.text))));
        env.extend(so_far.env.iter().map(|(key, value)| (*key, (*value).to_owned())));
        env.extend(step.env.iter().map(|(key, value)| (key.text, fill(value.text))));
        let env: Vec<(&str, String)> = env.into_iter().collect();
        let shell = (script.shell, self.list.job.is_some_and(|job| in_container(self.list.tree, job)));
        play(self.list.played, shell, &fill(script.run.text), &env)
    }
}
