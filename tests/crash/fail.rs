//! Every system call that writes fails, once or from there on: no space, an input/output error, no permission.

use crate::scenario;
use crate::stage::{Stage, difference, said};
use crate::strace;

/// Failures of each scenario and error in a quick run.
const QUICK: usize = 3;

#[test]
fn a_failed_write_is_an_error_and_leaves_the_old_state_or_the_new() {
    if !strace::there() {
        return;
    }
    for scenario in scenario::ALL {
        let stage = Stage::new(scenario);
        let old = stage.state();
        let calls = strace::sample(strace::calls(&stage, scenario.args), QUICK);
        let new = stage.state();
        let (mut refused, mut delivered) = (0, 0);
        for call in &calls {
            for error in ["ENOSPC", "EIO", "EACCES", "EROFS"] {
                for lasting in [false, true] {
                    let what = format!("error={error}");
                    let place = format!("{}, {error}, lasting: {lasting}, at {}", scenario.name, call.text);
                    stage.reset();
                    let inject = if lasting { call.from(&what) } else { call.at(&what) };
                    let output = strace::run(&stage, scenario.args, &inject);
                    let words = said(&output);
                    let code = output.status.code();
                    assert!(matches!(code, Some(0 | 2)), "{place}\n{code:?} {words}");
                    stage.fsck();
                    let left = stage.state();
                    let in_order = left == old || left == new;
                    // What could not be removed is for the next run; the same error may have hit that too.
                    let waits = left.keys().any(|name| name.contains("wf-fix"));
                    assert!(in_order || waits, "{place}\n{words}\n{}", difference(&old, &left));
                    // The error stream itself may be what cannot be written to.
                    let silent = lasting || call.text.starts_with("write(");
                    assert!(code == Some(0) || silent || words.contains("error: "), "{place}\n{words}");
                    match code {
                        Some(0) => delivered += 1,
                        _ => refused += 1,
                    }
                    stage.wf_fix(&["rules"]);
                    let settled = stage.state();
                    let done = settled == new;
                    assert!(done || settled == old, "{place}\n{words}\nthen:\n{}", difference(&old, &settled));
                    assert!(code != Some(0) || done, "{place}\nsaid to be delivered, and is not\n{words}");
                    let output = stage.wf_fix(scenario.args);
                    assert!(output.status.success(), "{place}\n{}", said(&output));
                    assert!(stage.state() == new, "{place}");
                }
            }
        }
        println!(
            "{}: {} failures, {refused} refused, {delivered} delivered all the same",
            scenario.name,
            calls.len() * 8
        );
    }
}
