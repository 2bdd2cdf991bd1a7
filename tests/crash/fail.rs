//! Every system call that writes fails, once or from there on: no space, an input/output error, no permission.

use crate::scenario::{self, Scenario};
use crate::stage::{Stage, State, difference, said};
use crate::strace;

/// Calls of each scenario that fail in a quick run.
const QUICK: usize = 4;

const ERRORS: [&str; 4] = ["ENOSPC", "EIO", "EACCES", "EROFS"];

/// Fails the delivery at each call, once and lastingly.
fn fail(scenario: &'static Scenario) {
    if !strace::there() {
        return;
    }
    let stage = Stage::new(scenario);
    let old = stage.state();
    let mut calls = strace::calls(&stage, scenario.args);
    // As with git, an empty folder that cannot be removed stays: nobody loses by it.
    calls.retain(|call| !(call.text.starts_with("rmdir") && call.text.contains("/repo/ci")));
    let calls = strace::sample(calls, QUICK);
    let new = stage.state();
    let failures = Failures { stage, old, new };
    let (mut refused, mut delivered) = (0, 0);
    for (turn, call) in calls.iter().enumerate() {
        let errors = if strace::full() { &ERRORS[..] } else { &ERRORS[turn % ERRORS.len()..][..1] };
        for error in errors {
            for lasting in [false, true] {
                match failures.one(call, error, lasting) {
                    true => delivered += 1,
                    false => refused += 1,
                }
            }
        }
    }
    println!(
        "{}: {} failures, {refused} refused, {delivered} delivered all the same",
        scenario.name,
        refused + delivered
    );
}

struct Failures {
    stage: Stage,
    old: State,
    new: State,
}

impl Failures {
    /// Whether the run said that it delivered.
    fn one(&self, call: &strace::Call, error: &str, lasting: bool) -> bool {
        let Failures { stage, old, new } = self;
        let what = format!("error={error}");
        stage.reset();
        let inject = if lasting { call.from(&what) } else { call.at(&what) };
        let output = strace::run(stage, stage.scenario.args, &inject);
        let code = output.status.code();
        let words = said(&output);
        let place = format!("{}, {error}, lasting: {lasting}, at {}\n{words}", stage.scenario.name, call.text);
        assert!(matches!(code, Some(0 | 2)), "{place}{code:?}");
        // The error stream itself may be what cannot be written to.
        let silent = lasting || call.text.starts_with("write(");
        assert!(code == Some(0) || silent || words.contains("error: "), "{place}");
        stage.fsck();

        let left = stage.state();
        // What could not be removed is for the next run; the same error may have hit that too.
        let waits = left.keys().any(|name| name.contains("wf-fix"));
        assert!(left == *old || left == *new || waits, "{place}{}", difference(old, &left));
        let next = stage.wf_fix(&["rules"]);
        let settled = stage.state();
        let done = settled == *new;
        assert!(done || settled == *old, "{place}then: {}\n{}", said(&next), difference(old, &settled));
        assert!(code != Some(0) || done, "{place}said to be delivered, and is not");

        let output = stage.wf_fix(stage.scenario.args);
        assert!(output.status.success(), "{place}{}", said(&output));
        assert!(stage.state() == *new, "{place}");
        code == Some(0)
    }
}

#[test]
fn a_failed_write_of_a_commit_leaves_the_old_state_or_the_new() {
    fail(&scenario::COMMIT);
}

#[test]
fn a_failed_write_of_a_commit_with_a_removal_leaves_the_old_state_or_the_new() {
    fail(&scenario::COMMIT_REMOVAL);
}

#[test]
fn a_failed_write_in_a_linked_worktree_leaves_the_old_state_or_the_new() {
    fail(&scenario::COMMIT_DETACHED);
}

#[test]
fn a_failed_write_without_exchange_leaves_the_old_state_or_the_new() {
    fail(&scenario::COMMIT_WITHOUT_EXCHANGE);
}

#[test]
fn a_failed_write_of_a_first_reflog_leaves_the_old_state_or_the_new() {
    fail(&scenario::COMMIT_WITHOUT_REFLOG);
}

#[test]
fn a_failed_write_into_the_worktree_leaves_the_old_state_or_the_new() {
    fail(&scenario::NO_COMMIT);
}

#[test]
fn a_failed_write_into_a_plain_folder_leaves_the_old_state_or_the_new() {
    fail(&scenario::NO_COMMIT_FOLDER);
}

#[test]
fn a_failed_write_of_a_new_branch_leaves_the_old_state_or_the_new() {
    fail(&scenario::NEW_BRANCH);
}

#[test]
fn a_failed_write_of_an_existing_branch_leaves_the_old_state_or_the_new() {
    fail(&scenario::OLD_BRANCH);
}
