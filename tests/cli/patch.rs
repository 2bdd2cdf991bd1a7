//! `--dry-run`: a patch that git takes, and that gives what the run gives.

use std::fs;

use crate::fixture::{Fixture, R01, snapshot};

const MILESTONE: [&str; 4] = ["--milestone", "M04", "--date", "2026-02-08"];

fn patch(fixture: &Fixture, args: &[&str]) -> String {
    let state = fixture.state();
    let said = fixture.wf_fix(&[args, &["--dry-run"]].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(fixture.state(), state, "a dry run wrote something");
    let file = fixture.root().join("../series.patch");
    fs::write(&file, &said.out).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn git_am_gives_the_tree_and_the_messages_of_the_run() {
    let fixture = Fixture::demo();
    let series = patch(&fixture, &MILESTONE);
    fixture.git(&["apply", "--check", &series]);
    fixture.git(&["checkout", "-q", "-b", "by-am"]);
    fixture.git(&["am", "-q", &series]);
    fixture.wf_fix(&[&MILESTONE[..], &["--branch", "by-run", "--base", "main"]].concat());
    let of = |branch: &str, what: &str| fixture.git(&["log", "-6", &format!("--format={what}"), branch]);
    assert_eq!(of("by-am", "%T %an %ae %at"), of("by-run", "%T %an %ae %at"));
    assert_eq!(of("by-am", "%B"), of("by-run", "%B"));
}

#[test]
fn git_apply_gives_the_tree_of_the_run() {
    let fixture = Fixture::demo();
    let series = patch(&fixture, &MILESTONE);
    fixture.git(&["apply", "--index", &series]);
    let tree = fixture.git(&["write-tree"]);
    fixture.wf_fix(&[&MILESTONE[..], &["--branch", "by-run"]].concat());
    assert_eq!(tree, fixture.git(&["rev-parse", "by-run^{tree}"]));
}

#[test]
fn a_rationale_that_looks_like_a_patch_does_not_end_the_message() {
    let fixture = Fixture::demo();
    let rule = "id: X-1\ntitle: t\nseverity: low\ncategory: soft-fail\nworkflow: .github/workflows/target_determination.yml\nrationale: |\n  One.\n  ---\n  diff --git a/x b/x\n  From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n  Ünïcode.\nrewrites:\n  - remove-key:\n      at: $.jobs.*.steps[?@.name == 'Do TD']['continue-on-error']\n";
    fixture.write(".wf-fix/rules/x.yml", rule.as_bytes());
    fixture.commit("rule");
    let series = patch(&fixture, &["--risk", "X-1"]);
    fixture.git(&["checkout", "-q", "-b", "by-am"]);
    fixture.git(&["am", "-q", &series]);
    let by_am = fixture.git(&["log", "-1", "--format=%B%T"]);
    fixture.git(&["checkout", "-q", "main"]);
    assert_eq!(fixture.wf_fix(&["--risk", "X-1"]).code, 0);
    assert_eq!(fixture.git(&["log", "-1", "--format=%B%T"]), by_am);
    assert!(by_am.contains("Ünïcode."));
}

#[test]
fn a_crlf_file_goes_through_git_apply_and_git_am_with_keep_cr() {
    let fixture = Fixture::demo();
    let crlf = fixture.read(R01).replace('\n', "\r\n");
    fixture.write(R01, crlf.as_bytes());
    fixture.commit("crlf");
    let series = patch(&fixture, &["--risk", "M03-R01"]);
    fixture.git(&["checkout", "-q", "-b", "by-am"]);
    fixture.git(&["am", "-q", "--keep-cr", &series]);
    let by_am = fixture.git(&["rev-parse", "HEAD^{tree}"]);
    fixture.git(&["checkout", "-q", "main"]);
    fixture.wf_fix(&["--risk", "M03-R01"]);
    assert_eq!(fixture.git(&["rev-parse", "HEAD^{tree}"]), by_am);
    assert_eq!(fixture.read(R01), crlf.replace("        continue-on-error: true\r\n        env", "        env"));
}

#[test]
fn the_patch_and_the_summary_read_well() {
    let fixture = Fixture::demo();
    let said = fixture.wf_fix(&["--risk", "M03-R02", "--dry-run", "--date", "2026-02-08"]);
    snapshot("dry-run-patch", &said.out);
    snapshot("dry-run-summary", &said.err);
}

#[test]
fn colour_comes_only_when_asked_for_here() {
    let fixture = Fixture::demo();
    let plain = fixture.wf_fix(&["--risk", "M03-R01", "-n"]);
    assert!(!plain.out.contains('\u{1b}') && !plain.err.contains('\u{1b}'));
    let coloured = fixture.wf_fix(&["--risk", "M03-R01", "-n", "--color", "always"]);
    assert!(coloured.out.contains("\u{1b}[31m-        continue-on-error: true"));
}
