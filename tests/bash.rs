//! The script model against a real bash: each command of each snippet fails in turn, and the exit status tells whether
//! the model's word for it holds.
//!
//! A snippet's commands are `aa` to `ee`, programs that fail if `FAIL` names them. Nothing here is a recorded result: bash
//! runs at every test, in a folder of its own. A command that is not reached when only it would fail is passed over.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::process::{Command, Stdio};

use wf_fix::workflow::script::{Effect, Script, Shell};
use wf_fix::workflow::view::Workflow;
use wf_fix::yaml::load;

/// The shell of a snippet as a workflow names it, and as it is run.
const BASH_E: (&str, &[&str]) = ("bash -e {0}", &["-e"]);
const BASH_PIPEFAIL: (&str, &[&str]) = ("bash", &["--noprofile", "--norc", "-eo", "pipefail"]);
const BASH_PLAIN: (&str, &[&str]) = ("bash {0}", &[]);

include!("bash/snippets.rs");

#[test]
fn the_model_agrees_with_bash() {
    let folder = tempfile::tempdir().unwrap();
    for name in NAMES {
        program(folder.path(), name);
    }
    let (mut wrong, mut sure, mut unsure) = (Vec::new(), 0, 0);
    for (shell, script) in SNIPPETS {
        if !succeeds(folder.path(), shell.1, script, "") {
            wrong.push(format!("the snippet fails although no command does\n{script}"));
            continue;
        }
        for name in NAMES.iter().filter(|name| words(script).any(|word| word == **name)) {
            let green = succeeds(folder.path(), shell.1, script, name);
            if !folder.path().join(format!("ran-{name}")).exists() {
                continue;
            }
            match effect(shell.0, script, name) {
                Some(Effect::FailsStep) if !green => sure += 1,
                Some(Effect::Masked(_) | Effect::NeverRuns(_)) if green => sure += 1,
                Some(Effect::Depends(..) | Effect::Unknown) => unsure += 1,
                other => wrong.push(format!("{} `{name}` green: {green}, model: {other:?}\n{script}", shell.0)),
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong of {}\n\n{}", wrong.len(), sure + unsure, wrong.join("\n\n"));
    assert!(unsure * 8 < sure, "the model is unsure of {unsure}, sure of {sure}");
}

const NAMES: &[&str] = &["aa", "bb", "cc", "dd", "ee"];

fn program(folder: &Path, name: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n: > {}/ran-{name}\n[ \"$FAIL\" != {name} ]\n", folder.display()))
        .unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn succeeds(folder: &Path, flags: &[&str], script: &str, fail: &str) -> bool {
    for name in NAMES {
        let _ = std::fs::remove_file(folder.join(format!("ran-{name}")));
    }
    let file = folder.join("script.sh");
    std::fs::write(&file, script).unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("bash");
    command.args(flags).arg(&file).current_dir(folder).env("PATH", path).env("FAIL", fail);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().expect("bash is installed").success()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// What the model says of the innermost command that runs `name`; the weakest word if there are several.
fn effect(shell: &str, script: &str, name: &str) -> Option<Effect> {
    let body: String = script.lines().map(|line| format!("          {line}\n")).collect();
    let text =
        format!("jobs:\n  j:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n{body}        shell: {shell}\n");
    let tree = load("w", &text).unwrap();
    let workflow = Workflow::of("w", &tree);
    let step = &workflow.jobs[0].steps[0];
    let shell = Shell::of(step, Some(&workflow.jobs[0]), &workflow.defaults);
    let script = Script { file: "w", run: step.run.unwrap(), shell };
    let commands = script.commands();
    let runs = commands.iter().filter(|command| words(command.text).any(|word| word == name));
    runs.min_by_key(|command| command.text.len()).map(|command| command.effect.clone())
}
