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
    let man = fixture.wf_fix(&["man"]);
    assert!(man.code == 0 && man.out.contains(".TH wf-fix") && man.out.contains("keep\\-going"));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let fixture = Fixture::demo();
    let mut child = Command::new(env!("CARGO_BIN_EXE_wf-fix"))
        .args(["man"])
        .current_dir(fixture.root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}
