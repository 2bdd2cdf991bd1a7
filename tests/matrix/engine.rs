//! What is done in every situation, and the two endings that are accepted: git agrees, or nothing has changed anywhere.

use std::fs;
use std::process::Output;

use crate::judge;
use crate::stage::{Stage, said};
use crate::state::{self, State};

/// The deliveries and commands that are tried, as the table heads its columns.
pub const COMMANDS: [&str; 6] = ["commit", "`--branch`", "`--no-commit`", "`--dry-run`", "`audit`", "`verify`"];

/// How one command ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    Works,
    /// With which words.
    Refused(String),
}

/// A run that ended well, and what stood before and stands now.
pub struct Done {
    pub output: Output,
    pub before: State,
    pub after: State,
}

/// Tries all of [`COMMANDS`], each on a fresh copy. Panics with what is wrong.
pub fn outcomes(stage: &Stage) -> [Outcome; 6] {
    let (risk, _) = stage.situation.target;
    let mut warning = None;
    let dry_run = attempt(stage, "--dry-run", &["--risk", risk, "--dry-run"], |done| {
        nothing_changed(done);
        warning = warning_of(stage, &done.output);
        judge::patch(stage, &done.output.stdout);
    });
    let audit = attempt(stage, "audit", &["--format", "json", "audit"], |done| {
        nothing_changed(done);
        judge::findings(stage, &done.output.stdout);
    });
    let verify = attempt(stage, "verify", &["--format", "json", "verify", "made~1..made"], |done| {
        nothing_changed(done);
        judge::verdict(stage, &done.output.stdout);
    });
    let branch = attempt(stage, "--branch", &["--risk", risk, "--branch", "fixes"], |done| judge::branch(stage, done));
    let commit = attempt(stage, "commit", &["--risk", risk], |done| judge::commit(stage, done));
    let no_commit = attempt(stage, "--no-commit", &["--risk", risk, "--no-commit"], |done| {
        judge::edited_files(stage, done);
    });
    if dry_run == Outcome::Works {
        let refused = match &commit {
            // That is seen when it is tried.
            Outcome::Refused(words) if !words.contains("could not be signed") => Some(words.as_str()),
            _ => None,
        };
        assert_eq!(warning.as_deref(), refused, "what the dry run warns of, and what the commit is refused with");
    }
    [commit, branch, no_commit, dry_run, audit, verify]
}

fn attempt(stage: &Stage, command: &str, args: &[&str], judge: impl FnOnce(&Done)) -> Outcome {
    let before = state::of(&stage.case());
    let options = if args.contains(&"--risk") { stage.situation.options } else { &[] };
    let output = stage.wf_fix(&[options, args].concat());
    assert!(!stage.ran(), "{command}: something of the repository ran");
    let done = Done { after: state::of(&stage.case()), before, output };
    let outcome = match done.output.status.code() {
        Some(0) => {
            judge(&done);
            Outcome::Works
        }
        Some(2) => {
            nothing_changed(&done);
            Outcome::Refused(words(stage, &String::from_utf8_lossy(&done.output.stderr), "error: "))
        }
        code => panic!("{command} ended with {code:?}: {}", said(&done.output)),
    };
    stage.reset();
    if let Some(fault) = stage.fault.take() {
        assert_eq!(stage.fsck(), Some(fault), "git fsck before and after");
    }
    outcome
}

fn nothing_changed(done: &Done) {
    let changed = state::changed(&done.before, &done.after);
    assert!(changed.is_empty(), "changed: {changed:?}\n{}", said(&done.output));
}

/// The words that follow `head` on stderr, on one line and without the folder of the case.
fn words(stage: &Stage, stderr: &str, head: &str) -> String {
    let from = stderr.find(head).map_or(stderr, |at| &stderr[at + head.len()..]);
    let lines = from.lines().map(|line| line.trim().trim_start_matches(head)).filter(|line| !line.is_empty());
    let text = lines.collect::<Vec<_>>().join(" / ");
    let case = fs::canonicalize(stage.case()).unwrap();
    text.replace(&format!("{}/", case.display()), "").replace(&*case.to_string_lossy(), ".")
}

/// What the dry run says the commit would be refused with; a note or the summary follows.
fn warning_of(stage: &Stage, output: &Output) -> Option<String> {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let (_, from) = stderr.split_once("warning: the run itself would be refused: ")?;
    let end = ["\nT-", "\nnote: "].iter().filter_map(|next| from.find(next)).min().unwrap_or(from.len());
    Some(words(stage, &from[..end], "error: "))
}
