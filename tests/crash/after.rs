//! What people do between a kill and the next run of wf-fix: it is theirs and stays.

use std::fs;

use crate::scenario::{self, OTHER, Scenario, WORKFLOW};
use crate::stage::{Stage, said};
use crate::strace;

const EDITED: &str = "on: push # edited after the crash\n";

/// The delivery, killed before its `nth` call with this text in it.
fn killed(scenario: &'static Scenario, text: &str, nth: usize) -> Option<Stage> {
    if !strace::there() {
        return None;
    }
    let stage = Stage::new(scenario);
    let calls = strace::calls(&stage, scenario.args);
    let mut calls = calls.iter().filter(|call| call.text.contains(text));
    let call = calls.nth(nth - 1).expect("the call is made");
    stage.reset();
    strace::run(&stage, scenario.args, &call.at("signal=KILL"));
    assert!(stage.state().keys().any(|name| name.ends_with("wf-fix/journal")), "killed in the middle");
    Some(stage)
}

fn leftovers(stage: &Stage) -> Vec<String> {
    let state = stage.state();
    state.keys().filter(|name| name.contains("wf-fix") || name.ends_with(".lock")).cloned().collect()
}

#[test]
fn a_file_edited_since_stays_and_the_others_go_back() {
    let Some(stage) = killed(&scenario::COMMIT, "RENAME_EXCHANGE", 2) else { return };
    stage.write(WORKFLOW, EDITED);
    let output = stage.wf_fix(&["rules"]);
    assert!(said(&output).contains("undone now"), "{}", said(&output));
    assert_eq!(fs::read_to_string(stage.root().join(WORKFLOW)).unwrap(), EDITED);
    let status = stage.git(&["status", "--porcelain"]);
    assert_eq!(status.lines().filter(|line| line.contains(".yml")).collect::<Vec<_>>(), [format!(" M {WORKFLOW}")]);
    assert_eq!(leftovers(&stage), Vec::<String>::new(), "the old text is in HEAD");
}

/// The text from before the run was never committed: it is the only copy.
#[test]
fn the_only_copy_of_a_text_is_kept_and_named() {
    let Some(stage) = killed(&scenario::NO_COMMIT, "ci/only/old.yml\", \"", 1) else { return };
    let first = fs::read_to_string(stage.root().join(OTHER)).unwrap();
    assert!(first.contains("# not committed yet") && !first.contains("if: false"), "the first file is exchanged");
    stage.write(OTHER, EDITED);
    let words = said(&stage.wf_fix(&["rules"]));
    assert_eq!(fs::read_to_string(stage.root().join(OTHER)).unwrap(), EDITED);
    let kept = leftovers(&stage);
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(words.contains(kept[0].rsplit('/').next().unwrap()), "{words}");
    assert!(stage.state()[&kept[0]].contains("if: false"), "the text from before the run");
    let again = said(&stage.wf_fix(&["rules"]));
    assert!(!again.contains("killed"), "said once, then it is the user's: {again}");
}

#[test]
fn a_branch_that_has_moved_on_is_left_alone() {
    let Some(stage) = killed(&scenario::COMMIT, "RENAME_EXCHANGE", 2) else { return };
    for lock in ["index.lock", "refs/heads/main.lock"] {
        let _ = fs::remove_file(stage.root().join(".git").join(lock));
    }
    stage.git(&["commit", "-q", "-m", "mine", "--", ".github"]);
    let status = stage.git(&["status", "--porcelain"]);
    let words = said(&stage.wf_fix(&["rules"]));
    assert!(words.contains("the branch has moved on since"), "{words}");
    let after = stage.git(&["status", "--porcelain"]);
    let without_ours: Vec<&str> = status.lines().filter(|line| !line.contains(".wf-fix-")).collect();
    assert_eq!(after.lines().collect::<Vec<_>>(), without_ours);
    assert_eq!(leftovers(&stage), Vec::<String>::new());
    assert_eq!(stage.git(&["log", "-1", "--format=%s"]), "mine\n");
}

#[test]
fn a_detached_head_that_is_on_a_branch_by_now_is_left_alone() {
    let Some(stage) = killed(&scenario::COMMIT_DETACHED, "RENAME_EXCHANGE", 2) else { return };
    fs::remove_file(stage.case().join("main/.git/worktrees/linked/HEAD.lock")).unwrap();
    stage.git(&["symbolic-ref", "HEAD", "refs/heads/side"]);
    let words = said(&stage.wf_fix(&["rules"]));
    assert!(words.contains("the branch has moved on since"), "{words}");
    assert_eq!(leftovers(&stage), Vec::<String>::new());
    assert_eq!(stage.git(&["status", "--porcelain"]), format!(" M {WORKFLOW}\n M README.md\n"));
}

#[test]
fn what_was_killed_in_a_linked_worktree_is_put_in_order_from_the_main_one() {
    let Some(stage) = killed(&scenario::COMMIT_DETACHED, "RENAME_EXCHANGE", 2) else { return };
    let main = stage.case().join("main");
    let output = stage.wf_fix(&["-C", main.to_str().unwrap(), "rules"]);
    assert!(said(&output).contains("undone now"), "{}", said(&output));
    assert_eq!(leftovers(&stage), Vec::<String>::new());
    assert_eq!(stage.git(&["status", "--porcelain"]), " M README.md\n");
}

#[test]
fn a_lock_of_somebody_elses_is_never_removed() {
    let Some(stage) = killed(&scenario::COMMIT, "RENAME_EXCHANGE", 1) else { return };
    let lock = stage.root().join(".git/index.lock");
    fs::remove_file(&lock).unwrap();
    fs::write(&lock, "").unwrap();
    assert!(said(&stage.wf_fix(&["rules"])).contains("undone now"));
    assert_eq!(leftovers(&stage), ["/repo/.git/index.lock"]);
}

/// The journal of another version, say: those who only read go on, those who deliver do not.
#[test]
fn a_journal_that_is_not_understood_stops_deliveries_only() {
    let Some(stage) = killed(&scenario::COMMIT, "RENAME_EXCHANGE", 1) else { return };
    let journal = stage.root().join(".git/wf-fix/journal");
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replace("\"version\": 1", "\"version\": 99")).unwrap();
    let read = stage.wf_fix(&["rules"]);
    assert!(read.status.success() && said(&read).contains("version 99"), "{}", said(&read));
    let deliver = stage.wf_fix(scenario::COMMIT.args);
    assert!(deliver.status.code() == Some(2) && said(&deliver).contains("version 99"), "{}", said(&deliver));
    fs::write(&journal, text).unwrap();
    assert!(said(&stage.wf_fix(&["rules"])).contains("undone now"));
    assert_eq!(leftovers(&stage), Vec::<String>::new());
}
