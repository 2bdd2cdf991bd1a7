//! What is done in every situation, and the two endings that are accepted: git agrees, or nothing has changed anywhere.

use std::fs;
use std::process::Output;

use crate::judge;
use crate::stage::{Stage, checked, said};
use crate::state::{self, State};

/// The deliveries and commands that are tried, as the table heads its columns, and their arguments.
pub const COMMANDS: [(&str, &[&str]); 6] = [
    ("commit", &["--risk", "RISK"]),
    ("`--branch`", &["--risk", "RISK", "--branch", "fixes"]),
    ("`--no-commit`", &["--risk", "RISK", "--no-commit"]),
    ("`--dry-run`", &["--risk", "RISK", "--dry-run"]),
    ("`audit`", &["--format", "json", "audit"]),
    ("`verify`", &["--format", "json", "verify", "made~1..made"]),
];

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
    let mut warning = None;
    let commit = attempt(stage, 0, |done| judge::commit(stage, done));
    let branch = attempt(stage, 1, |done| judge::branch(stage, done));
    let no_commit = attempt(stage, 2, |done| judge::edited_files(stage, done));
    let dry_run = attempt(stage, 3, |done| {
        nothing_changed(done);
        warning = warning_of(stage, &done.output);
        judge::patch(stage, &done.output.stdout);
    });
    let audit = attempt(stage, 4, |done| {
        nothing_changed(done);
        judge::findings(stage, &done.output.stdout);
    });
    let verify = attempt(stage, 5, |done| {
        nothing_changed(done);
        judge::verdict(stage, &done.output.stdout);
    });
    if dry_run == Outcome::Works {
        let refused = match &commit {
            // That is seen when it is tried.
            Outcome::Refused(words) if !words.contains("could not be signed") => Some(words.as_str()),
            _ => None,
        };
        assert_eq!(warning.as_deref(), refused, "what the dry run warns of, and what the commit is refused with");
    }
    let outcomes = [commit, branch, no_commit, dry_run, audit, verify];
    way_out(stage, &outcomes);
    outcomes
}

/// What the first refusal advises, done in its place, helps.
fn way_out(stage: &Stage, outcomes: &[Outcome; 6]) {
    let Some((named, rest)) = stage.situation.way_out else { return };
    let refused = outcomes.iter().enumerate().find_map(|(number, outcome)| match outcome {
        Outcome::Refused(words) => Some((number, words)),
        Outcome::Works => None,
    });
    let (number, words) = refused.expect("a way out of a refusal");
    assert!(words.contains(&named.replace("{case}/", "")), "`{named}` is not in: {words}");
    let script = format!("{named}{rest}").replace("{case}", stage.case().to_str().unwrap());
    checked(stage.command("sh").args(["-c", &script]));
    let output = run(stage, number);
    assert!(output.status.success(), "after `{script}`: {}", said(&output));
}

fn run(stage: &Stage, number: usize) -> Output {
    let args = COMMANDS[number].1;
    let risk = stage.situation.target.0;
    let args: Vec<&str> = args.iter().map(|arg| if *arg == "RISK" { risk } else { arg }).collect();
    let options = if args.contains(&risk) { stage.situation.options } else { &[] };
    stage.wf_fix(&[options, &args].concat())
}

fn attempt(stage: &Stage, number: usize, judge: impl FnOnce(&Done)) -> Outcome {
    let before = state::of(&stage.case());
    let command = COMMANDS[number].0;
    let output = run(stage, number);
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
    // A refusal, the audit and `verify` have left all as it was, and so have their judges.
    if outcome == Outcome::Works && number < 4 {
        stage.reset();
    }
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
