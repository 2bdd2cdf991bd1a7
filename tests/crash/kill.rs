//! `kill -9` at every system call that writes.

use std::os::unix::process::ExitStatusExt;

use crate::scenario::{self, Scenario};
use crate::stage::{Stage, State, difference, said};
use crate::strace;

/// Kills of each scenario in a quick run.
const QUICK: usize = 7;

/// Commands of every kind: whatever comes next puts things in order.
const NEXT: [&[&str]; 5] = [
    &["rules", "list"],
    &["audit"],
    &["--all", "--check", "--no-commit"],
    &["--risk", "M03-R02", "--dry-run", "--no-commit", "-q"],
    &["audit", "--format", "json"],
];

struct Kills {
    stage: Stage,
    old: State,
    new: State,
}

/// Kills the delivery at each call; afterwards, and after the next command of any kind, and after the same command
/// again, everything must be as it should.
fn kill(scenario: &'static Scenario) {
    if !strace::there() {
        return;
    }
    let stage = Stage::new(scenario);
    let old = stage.state();
    let calls = strace::calls(&stage, scenario.args);
    let new = stage.state();
    assert_ne!(old, new, "{}: the delivery does something", scenario.name);
    let kills = Kills { stage, old, new };
    let calls = strace::sample(calls, QUICK);
    let (mut as_old, mut as_new, mut between) = (0, 0, 0);
    for (turn, call) in calls.iter().enumerate() {
        match kills.one(call, NEXT[turn % NEXT.len()]) {
            Some(true) => as_new += 1,
            Some(false) => as_old += 1,
            None => between += 1,
        }
    }
    println!("{}: {} kills, {as_old} old, {as_new} new, {between} put in order", scenario.name, calls.len());
}

impl Kills {
    /// Whether it left the new state (`true`), the old one, or something that had to be put in order.
    fn one(&self, call: &strace::Call, next: &[&str]) -> Option<bool> {
        let Kills { stage, old, new } = self;
        let place = format!("{}, killed at {}", stage.scenario.name, call.text);
        stage.reset();
        let output = strace::run(stage, stage.scenario.args, &call.at("signal=KILL"));
        assert_eq!(output.status.signal(), Some(9), "{place}\n{}", said(&output));
        let left = self.untouched(&place);

        let output = stage.wf_fix(next);
        let words = said(&output);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{place}\n{words}");
        let settled = stage.state();
        let outcome = [old, new].into_iter().position(|state| *state == settled);
        let Some(outcome) = outcome else {
            panic!("{place}\nthen {next:?}: {words}\nfrom the old state:\n{}", difference(old, &settled))
        };
        // A folder with nothing but the lock is nothing to speak of.
        let begun = |state: &State| -> State {
            let bare = ["wf-fix/", "wf-fix/lock", ".wf-fix-run/", ".wf-fix-run/lock"];
            state.clone().into_iter().filter(|(name, _)| !bare.iter().any(|end| name.ends_with(end))).collect()
        };
        let in_order = begun(&left) == *old || begun(&left) == *new;
        assert!(in_order || words.contains("a run of wf-fix was killed here"), "{place}\nsaid only: {words}");

        let output = stage.wf_fix(stage.scenario.args);
        assert!(output.status.success(), "{place}\n{}", said(&output));
        let end = stage.state();
        assert!(end == *new, "{place}\nafter the rerun:\n{}", difference(new, &end));
        stage.fsck();
        in_order.then_some(outcome == 1)
    }

    /// The repository is whole, and nobody's work was touched.
    fn untouched(&self, place: &str) -> State {
        self.stage.fsck();
        let left = self.stage.state();
        for (name, value) in &self.old {
            let ours =
                [".github/workflows", "/repo/ci", "/.git/", "/.git", "git "].iter().any(|part| name.contains(part));
            assert!(ours || left.get(name) == Some(value), "{place}: {name} was touched");
        }
        let entry = |state: &State| {
            let listed = state.iter().find(|(name, _)| name.starts_with("git ls-files")).map(|(_, text)| text.clone());
            listed.unwrap_or_default().lines().filter(|l| !l.contains(".yml")).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(entry(&self.old), entry(&left), "{place}: what is staged was touched");
        left
    }
}

#[test]
fn a_killed_commit_is_finished_or_undone() {
    kill(&scenario::COMMIT);
}

#[test]
fn a_killed_commit_with_a_removal_is_finished_or_undone() {
    kill(&scenario::COMMIT_REMOVAL);
}

#[test]
fn a_killed_commit_in_a_linked_worktree_is_finished_or_undone() {
    kill(&scenario::COMMIT_DETACHED);
}

#[test]
fn a_killed_commit_without_exchange_is_finished_or_undone() {
    kill(&scenario::COMMIT_WITHOUT_EXCHANGE);
}

#[test]
fn a_killed_first_commit_with_a_reflog_is_finished_or_undone() {
    kill(&scenario::COMMIT_WITHOUT_REFLOG);
}

#[test]
fn a_killed_delivery_into_the_worktree_is_finished_or_undone() {
    kill(&scenario::NO_COMMIT);
}

#[test]
fn a_killed_delivery_into_a_plain_folder_is_finished_or_undone() {
    kill(&scenario::NO_COMMIT_FOLDER);
}

#[test]
fn a_killed_delivery_on_a_new_branch_is_finished_or_undone() {
    kill(&scenario::NEW_BRANCH);
}

#[test]
fn a_killed_delivery_on_an_existing_branch_is_finished_or_undone() {
    kill(&scenario::OLD_BRANCH);
}

/// The run that puts things in order is killed too, at each of its calls, and the next one must still manage.
#[test]
fn a_killed_recovery_is_recovered() {
    if !strace::there() {
        return;
    }
    let mut kills = 0;
    for scenario in [&scenario::COMMIT_REMOVAL, &scenario::NO_COMMIT] {
        let stage = Stage::new(scenario);
        let old = stage.state();
        let calls = strace::calls(&stage, scenario.args);
        let new = stage.state();
        let firsts: Vec<_> =
            calls.iter().filter(|call| call.text.starts_with("renameat2") || call.text.contains("journal")).collect();
        let step = if strace::full() { 1 } else { firsts.len().div_ceil(2) };
        for first in firsts.iter().step_by(step) {
            stage.reset();
            strace::run(&stage, scenario.args, &first.at("signal=KILL"));
            let seconds = strace::sample(strace::calls(&stage, &["rules"]), 4);
            for second in seconds {
                stage.reset();
                strace::run(&stage, scenario.args, &first.at("signal=KILL"));
                let output = strace::run(&stage, &["rules"], &second.at("signal=KILL"));
                assert_eq!(output.status.signal(), Some(9), "{}", second.text);
                kills += 1;
                let output = stage.wf_fix(&["rules"]);
                let settled = stage.state();
                assert!(
                    settled == old || settled == new,
                    "{}, killed at {}\nand then at {}:\n{}\n{}",
                    scenario.name,
                    first.text,
                    second.text,
                    said(&output),
                    difference(&old, &settled)
                );
                stage.fsck();
            }
        }
    }
    println!("recovery: {kills} kills");
    assert!(kills > 0);
}
