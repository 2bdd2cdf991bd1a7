//! Help, completions, the man page, a reader that goes away.

use std::process::{Command, Stdio};

use crate::fixture::{Fixture, snapshot};

#[test]
fn help_says_everything() {
    let fixture = Fixture::demo();
    let said = fixture.wf_fix(&["--help"]);
    assert_eq!(said.code, 0);
    snapshot("help", &said.out);
}

#[test]
fn help_of_the_commands_that_judge() {
    let fixture = Fixture::demo();
    for command in ["verify", "report"] {
        snapshot(&format!("help-{command}"), &fixture.wf_fix(&[command, "--help"]).out);
    }
}

#[test]
fn no_arguments_print_the_help_and_end_with_2() {
    let said = Fixture::demo().wf_fix::<&str>(&[]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains("Usage: wf-fix"));
}

#[test]
fn completions_and_the_man_page_know_the_options() {
    let fixture = Fixture::demo();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let said = fixture.wf_fix(&["completions", shell]);
        assert!(said.code == 0 && said.out.contains("milestone"), "{shell}");
    }
    for (command, option) in [("verify", "exact"), ("report", "template"), ("audit", "explain")] {
        let page = fixture.wf_fix(&["man", command]);
        assert!(page.code == 0 && page.out.contains(&format!(".TH wf-fix-{command}")) && page.out.contains(option));
    }
    assert!(fixture.wf_fix(&["man", "verfy"]).err.contains("there is no command `verfy`"));
    let man = fixture.wf_fix(&["man"]);
    assert!(man.code == 0 && man.out.contains(".TH wf-fix") && man.out.contains("keep\\-going"));
}

/// Runs wf-fix with a stream that nobody reads.
fn with_closed_streams(fixture: &Fixture, args: &[&str], close_out: bool, close_err: bool) -> Option<i32> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wf-fix"))
        .args(args)
        .current_dir(fixture.root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    if close_out {
        drop(child.stdout.take());
    }
    if close_err {
        drop(child.stderr.take());
    }
    child.wait_with_output().unwrap().status.code()
}

#[test]
fn a_reader_that_goes_away_does_not_change_the_verdict() {
    let fixture = Fixture::demo();
    assert_eq!(with_closed_streams(&fixture, &["man"], true, false), Some(0));
    assert_eq!(with_closed_streams(&fixture, &["--all", "--check", "--format", "json"], true, true), Some(1));
    assert_eq!(with_closed_streams(&fixture, &["--risk", "none"], true, true), Some(2));
    assert_eq!(with_closed_streams(&fixture, &["--risk", "M03-R01", "-n"], true, true), Some(0));
}
