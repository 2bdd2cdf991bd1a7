//! Holds the audit against places that were judged by hand.
//!
//! `cargo run --release --example judge -- CORPUS LABELS.tsv [--list]`: CORPUS has a folder `<owner>+<name>` per
//! repository, LABELS the columns repository, commit, path, line, kind, role, label, reason. A label is met by a
//! finding of its file, of a detector that goes with its kind, at most two lines away; one of the kind
//! `not-a-finding` by any finding on its very line. Prints precision and recall for "needs action", the confusion
//! matrix, the same by kind, and with `--list` every place where audit and label differ.
//!
//! `cargo run --release --example judge -- CORPUS --findings` prints every finding of the corpus as a line of
//! tab-separated fields, for drawing places that nobody has judged yet.
//!
//! `cargo run --release --example judge -- CORPUS STEPS.tsv --roles [--list]` holds what steps are taken to be for
//! against steps judged by hand (columns repository, commit, path, line of the step, role), and `-- CORPUS --steps`
//! prints every step as a line of JSON.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the developers")]

mod corpus;
mod roles;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use corpus::files;
use wf_fix::audit::{Finding, Report, Verdict, audit};

/// A place judged by hand.
struct Label {
    repository: String,
    path: String,
    line: usize,
    kind: String,
    role: String,
    action: bool,
    reason: String,
}

/// Right and wrong answers to "needs action".
#[derive(Default, Clone, Copy)]
struct Count {
    hit: usize,
    false_alarm: usize,
    miss: usize,
    quiet: usize,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [corpus, labels, rest @ ..] = args.as_slice() else {
        eprintln!("usage: judge CORPUS LABELS.tsv [--roles] [--list], or judge CORPUS --findings|--steps");
        return ExitCode::from(2);
    };
    match labels.as_str() {
        "--findings" => {
            findings(Path::new(corpus));
            return ExitCode::SUCCESS;
        }
        "--steps" => {
            roles::steps(Path::new(corpus));
            return ExitCode::SUCCESS;
        }
        _ => {}
    }
    let Ok(text) = std::fs::read_to_string(labels) else {
        eprintln!("{labels} cannot be read");
        return ExitCode::from(2);
    };
    let list = rest.iter().any(|arg| arg == "--list");
    if rest.iter().any(|arg| arg == "--roles") {
        roles::judge(Path::new(corpus), &text, list);
        return ExitCode::SUCCESS;
    }
    let labels: Vec<Label> = text.lines().skip(1).filter_map(parse).collect();
    let corpus = Path::new(corpus);
    let there = |label: &Label| corpus.join(label.repository.replacen('/', "+", 1)).is_dir();
    let (there, absent): (Vec<Label>, Vec<Label>) = labels.into_iter().partition(there);
    if !absent.is_empty() {
        println!("{} labels left out: their repositories are not in the corpus", absent.len());
    }
    judge(corpus, &there, list);
    ExitCode::SUCCESS
}

/// The repositories of the corpus.
fn folders(corpus: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<_> = std::fs::read_dir(corpus).into_iter().flatten().flatten().map(|e| e.path()).collect();
    folders.sort();
    folders
}

/// Prints every finding of every repository.
fn findings(corpus: &Path) {
    for folder in folders(corpus) {
        let name = folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().replacen('+', "/", 1));
        for found in audit(&files(&folder), &[]).findings {
            let (verdict, note) = match &found.verdict {
                Verdict::Action => ("action", ""),
                Verdict::Fine(reason, note) => (reason.word(), note.as_str()),
            };
            let (place, purpose) = (&found.place, &found.purpose);
            let also: Vec<String> = found.also.iter().map(usize::to_string).collect();
            let [line, also] = [place.line.to_string(), also.join(",")];
            let fields = [
                name.as_str(),
                &place.file,
                &line,
                &also,
                found.detector,
                verdict,
                note,
                purpose.role.word(),
                &found.message,
                &purpose.evidence,
            ];
            println!("{}", fields.map(|field| field.replace(['\t', '\n'], " ")).join("\t"));
        }
    }
}

fn parse(line: &str) -> Option<Label> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [repository, _, path, line, kind, role, label, reason] = fields.as_slice() else { return None };
    let owned = |text: &&str| (*text).to_owned();
    let line = line.parse().ok()?;
    let (repository, path, kind, role) = (owned(repository), owned(path), owned(kind), owned(role));
    Some(Label { repository, path, line, kind, role, action: *label == "action", reason: owned(reason) })
}

fn judge(corpus: &Path, labels: &[Label], list: bool) {
    let mut reports: BTreeMap<&str, Report> = BTreeMap::new();
    let (mut all, mut kinds): (Count, BTreeMap<&str, Count>) = Default::default();
    let (mut seen, mut roles, mut roles_right) = (0, 0, 0);
    for label in labels {
        let report = reports
            .entry(&label.repository)
            .or_insert_with(|| audit(&files(&corpus.join(label.repository.replace('/', "+"))), &[]));
        let found = met(report, label);
        let says = found.is_some_and(Finding::needs_action);
        for count in [&mut all, kinds.entry(&label.kind).or_default()] {
            match (label.action, says) {
                (true, true) => count.hit += 1,
                (false, true) => count.false_alarm += 1,
                (true, false) => count.miss += 1,
                (false, false) => count.quiet += 1,
            }
        }
        if let Some(found) = found {
            seen += 1;
            roles += usize::from(label.kind != "not-a-finding");
            roles_right += usize::from(label.kind != "not-a-finding" && found.purpose.role.word() == label.role);
        }
        if list && says != label.action {
            show(label, found);
        }
    }
    println!("{} labels, {seen} met by a finding; role as labelled: {roles_right} of {roles}", labels.len());
    println!("\nneeds action        audit: action   audit: fine or nothing");
    println!("label: action       {:>13}   {:>13}", all.hit, all.miss);
    println!("label: fine         {:>13}   {:>13}", all.false_alarm, all.quiet);
    println!("\nprecision {:.3}  recall {:.3}\n", ratio(all.hit, all.false_alarm), ratio(all.hit, all.miss));
    println!("{:<24} {:>4} {:>6} {:>5} {:>6}", "kind", "hit", "false", "miss", "quiet");
    for (kind, count) in kinds {
        println!("{kind:<24} {:>4} {:>6} {:>5} {:>6}", count.hit, count.false_alarm, count.miss, count.quiet);
    }
}

fn ratio(good: usize, bad: usize) -> f64 {
    if good + bad == 0 { 1.0 } else { good as f64 / (good + bad) as f64 }
}

fn show(label: &Label, found: Option<&Finding>) {
    let word = if label.action { "MISS " } else { "FALSE" };
    println!(
        "{word} {}/{}:{} {} {}: {}",
        label.repository, label.path, label.line, label.kind, label.role, label.reason
    );
    if let Some(found) = found {
        println!("      {} {:?} {}: {}", found.place.line, found.verdict, found.message, found.purpose.evidence);
    }
}

/// The finding that meets a label: the nearest, and of those one that needs action.
fn met<'r>(report: &'r Report, label: &Label) -> Option<&'r Finding> {
    let exact = label.kind == "not-a-finding";
    let distance = |finding: &Finding| {
        // The jobs that a gate leaves out are no places of the gate.
        let also = finding.also.iter().filter(|_| finding.detector != "gate-leaves-out");
        std::iter::once(&finding.place.line).chain(also).map(|line| line.abs_diff(label.line)).min()
    };
    let near = report.findings.iter().filter(|finding| {
        finding.place.file == label.path
            && (exact || goes_with(finding.detector, &label.kind))
            && distance(finding).is_some_and(|d| d <= if exact { 0 } else { 2 })
    });
    near.min_by_key(|finding| (distance(finding), !finding.needs_action()))
}

/// Whether a detector reports what a kind of label is about.
fn goes_with(detector: &str, kind: &str) -> bool {
    match kind {
        "or-true" => matches!(detector, "masked-command" | "no-errexit" | "negated"),
        "set-plus-e" | "errexit" | "end-ok" | "pwsh" => matches!(detector, "no-errexit" | "masked-command"),
        "scope" => matches!(detector, "scope-gap" | "path-filter" | "matrix-exclude"),
        "gate" => matches!(detector, "gate" | "gate-leaves-out"),
        "never-runs" => matches!(detector, "never-runs" | "switched-off" | "dead-comparison" | "unreadable"),
        "retry" => matches!(detector, "retry" | "masked-command"),
        "tool-flag" => matches!(detector, "tool-flag" | "masked-command" | "pipe" | "no-errexit" | "http-error"),
        "pipe" => matches!(detector, "pipe" | "negated" | "masked-command"),
        kind => detector == kind,
    }
}
