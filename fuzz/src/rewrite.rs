//! Rewrites: a document made another, an operation, a target out of the document. The proof is the oracle: a plan that
//! it refuses is a bug, and so is one that the checks here, which know nothing of the claims, do not find true.

use std::collections::BTreeMap;

use wf_fix::change::Snapshot;
use wf_fix::plan::{FilePlan, Status, plan};
use wf_fix::rewrite::{Context, OPERATIONS, Outcome, Work};
use wf_fix::rule::{Risk, parse};
use wf_fix::yaml::{Document, Edit, Fault, FaultKind, NodeId, load};

use super::choices::{Choices, split};
use super::intake::check_place;
use super::model::{Difference, differences, of, way};
use super::mutate::mutate;

/// Where the document lies in its repository.
pub const PATH: &str = ".github/workflows/w.yml";
/// The day of the runs.
pub const DATE: &str = "2026-02-08";

/// Choices and a document.
pub fn run(data: &[u8]) {
    let (mut choices, rest) = split(data);
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let text = mutate(text, &mut choices);
    let Ok(document) = Document::parse(PATH, text.as_bytes()) else { return };
    let count = 1 + choices.below(2);
    let asked: Vec<Asked> = (0..count).filter_map(|_| ask(&document, &mut choices)).collect();
    if asked.is_empty() {
        return;
    }
    let rewrites: String = asked.iter().map(|one| one.rule.as_str()).collect();
    let risk = match parse("f.yml", rule(&rewrites).as_bytes()) {
        Ok(risk) => risk,
        Err(fault) => return assert_ne!(fault.kind, FaultKind::Bug, "{fault}\n{rewrites}"),
    };
    let files = planned(&risk, text.as_bytes());
    for file in &files {
        spliced(&document, &risk, file);
        if let [one] = asked.as_slice() {
            modelled(&document, one, file);
        }
    }
}

/// A rule file with these rewrites.
pub fn rule(rewrites: &str) -> String {
    format!(
        "id: F-1\ntitle: t\nseverity: low\ncategory: soft-fail\nmilestone: M01\nworkflow: {PATH}\nrewrites:\n{rewrites}"
    )
}

/// The plan of a risk on one file; a second on its result is empty.
pub fn planned(risk: &Risk, bytes: &[u8]) -> Vec<FilePlan> {
    let Some(files) = pending(risk, bytes) else { return Vec::new() };
    for file in &files {
        assert_eq!(file.change.before, bytes);
        let Some(after) = &file.change.after else { continue };
        assert_ne!(after, bytes, "a change that changes nothing");
        assert!(file.proof.is_some(), "a change without a proof");
        assert!(pending(risk, after).is_none(), "a second plan is not empty");
    }
    files
}

/// The planned files; `None` if there is nothing to do, or the plan is refused.
fn pending(risk: &Risk, bytes: &[u8]) -> Option<Vec<FilePlan>> {
    let snapshot = snapshot(bytes);
    let status = plan(&[risk], &snapshot, DATE).pop()?.status;
    match status {
        Status::Pending(files) => Some(files),
        Status::Done(_) => None,
        Status::Accepted(reason) => panic!("nobody accepts it: {reason}"),
        Status::Missing(fault) | Status::Refused(fault) => refused(&fault, &risk.source, bytes),
    }
}

fn refused(fault: &Fault, rule: &str, bytes: &[u8]) -> Option<Vec<FilePlan>> {
    assert_ne!(fault.kind, FaultKind::Bug, "{fault}\n{rule}");
    if fault.place.as_ref().is_some_and(|place| place.file == PATH) {
        check_place(fault, bytes);
    }
    None
}

/// A repository with one workflow.
pub fn snapshot(bytes: &[u8]) -> Snapshot {
    let files = BTreeMap::from([(PATH.to_owned(), bytes.to_vec())]);
    Snapshot { names: vec![PATH.to_owned()], files, ..Snapshot::default() }
}

/// What is asked of a document.
struct Asked {
    operation: &'static str,
    rule: String,
    /// The nodes it is about, by the generator's own knowledge; `None` where a query decides.
    targets: Option<Vec<NodeId>>,
}

fn ask(document: &Document, choices: &mut Choices<'_>) -> Option<Asked> {
    let (operation, _) = choices.one(OPERATIONS)?;
    let (parameters, targets) = match *operation {
        "remove-key" => remove_key(document, choices),
        "remove-jobs" => remove_jobs(document, choices),
        "edit-condition" => edit_condition(document, choices),
        "edit-script" => edit_script(document, choices),
        "justify" => justify(document, choices),
        "remove-workflow" => Some((String::new(), None)),
        other => panic!("the operation `{other}` is not fuzzed: say here what it takes"),
    }?;
    let rule = match parameters.is_empty() {
        true => format!("  - {operation}: {{}}\n"),
        false => format!("  - {operation}:\n{parameters}"),
    };
    Some(Asked { operation, rule, targets })
}

type Parameters = Option<(String, Option<Vec<NodeId>>)>;

/// A value of the document, the likeliest key first, and a query that finds it.
fn target(document: &Document, keys: &[&str], choices: &mut Choices<'_>) -> Option<(NodeId, String, bool)> {
    let tree = document.tree();
    let key = |id: NodeId| document.pair_of(id).filter(|pair| pair.value == id).map(|pair| tree.text(pair.key));
    let values: Vec<NodeId> = (0..tree.nodes.len()).filter(|&id| key(id).is_some()).collect();
    let likely: Vec<NodeId> =
        values.iter().copied().filter(|&id| key(id).flatten().is_some_and(|key| keys.contains(&key))).collect();
    let among = if likely.is_empty() || choices.below(8) == 7 { &values } else { &likely };
    let id = *choices.one(among)?;
    let path = document.path(id);
    let exact = path.to_string();
    let last = path.0.last()?;
    let last = wf_fix::yaml::Path(vec![last.clone()]).to_string();
    let query = match choices.below(6) {
        4 => format!("$.{}", last.replacen('$', ".", 1).replace("..", ".")),
        5 => exact.split_inclusive(']').map(|part| if part == "[0]" { "[*]" } else { part }).collect(),
        _ => exact.clone(),
    };
    let same = query == exact;
    Some((id, query, same))
}

fn scalar(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn at(query: &str) -> String {
    format!("      at: {}\n", scalar(query))
}

fn remove_key(document: &Document, choices: &mut Choices<'_>) -> Parameters {
    let keys = ["continue-on-error", "if", "needs", "env", "with", "timeout-minutes"];
    let (id, query, exact) = target(document, &keys, choices)?;
    let comments = ["", "      comments: keep\n", "      comments: remove\n"][choices.below(3)];
    let expect = ["", "", "      expect: true\n"][choices.below(3)];
    Some((format!("{}{comments}{expect}", at(&query)), exact.then(|| vec![id])))
}

fn edit_condition(document: &Document, choices: &mut Choices<'_>) -> Parameters {
    let (id, query, exact) = target(document, &["if"], choices)?;
    let change = [
        "drop: false",
        "drop: false",
        "set: always()",
        "set: \"'a: b' == github.ref && !cancelled()\"",
        "set: ${{ github.x }}",
        "set: \"!cancelled() # x\"",
        "set: github.event_name == 'a''b'",
    ];
    Some((format!("{}      {}\n", at(&query), choices.one(&change)?), exact.then(|| vec![id])))
}

fn edit_script(document: &Document, choices: &mut Choices<'_>) -> Parameters {
    let (id, query, exact) = target(document, &["run"], choices)?;
    let tails = wf_fix::workflow::script::TAILS;
    let script = document.tree().text(id)?;
    let masked: Vec<&str> =
        script.lines().filter(|line| tails.iter().any(|tail| line.trim_end().ends_with(tail))).collect();
    let line = choices.one(&masked)?.trim();
    let tail = tails.iter().find(|tail| line.ends_with(**tail))?;
    let parameters = format!("{}      line: {}\n      drop: {}\n", at(&query), scalar(line), scalar(tail));
    Some((parameters, exact.then(|| vec![id])))
}

fn justify(document: &Document, choices: &mut Choices<'_>) -> Parameters {
    let (id, query, exact) = target(document, &["continue-on-error", "if"], choices)?;
    let comment = ["Best effort: {comment}.", "Fine in {milestone} ({risk}).", "a\\n\\n  - b {date}", "# x {comment}"];
    Some((format!("{}      comment: \"{}\"\n", at(&query), choices.one(&comment)?), exact.then(|| vec![id])))
}

fn remove_jobs(document: &Document, choices: &mut Choices<'_>) -> Parameters {
    let tree = document.tree();
    let jobs = tree.get(0, "jobs").map(|jobs| tree.pairs(jobs)).unwrap_or_default();
    let named: Vec<(&str, NodeId)> = jobs.iter().filter_map(|&(key, job)| Some((tree.text(key)?, job))).collect();
    let mut chosen: Vec<(&str, NodeId)> = (0..=choices.below(3)).filter_map(|_| choices.one(&named).copied()).collect();
    chosen.sort_by_key(|(_, job)| *job);
    chosen.dedup();
    if chosen.is_empty() {
        return None;
    }
    let list: String = chosen.iter().map(|(name, _)| format!("        - {}\n", scalar(name))).collect();
    let note = ["", "      note: \"NOTE: {jobs} was removed in {milestone} ({date}): {reason}.\"\n", "      note: x\n"];
    let reason = ["", "      reason: broken\n"];
    let dependents = ["", "      dependents: remove\n", "      dependents: unlink\n"][choices.below(3)];
    let rest = format!("{}{}{dependents}", choices.one(&note)?, choices.one(&reason)?);
    let exact = dependents.is_empty();
    Some((format!("      jobs:\n{list}{rest}"), exact.then(|| chosen.into_iter().map(|(_, job)| job).collect())))
}

/// The result is the text with the edits in it, by an own hand: everything between them is there, byte for byte.
fn spliced(document: &Document, risk: &Risk, file: &FilePlan) {
    let Some(after) = &file.change.after else { return };
    let snapshot = snapshot(&file.change.before);
    let current = BTreeMap::new();
    let context =
        Context { risk: &risk.id, milestone: &risk.milestone, date: DATE, snapshot: &snapshot, current: &current };
    let mut edits: Vec<Edit> = Vec::new();
    for rewrite in risk.rewrites() {
        if let Outcome::Pending(Work { edits: own, .. }) = rewrite.plan(document, &context).expect("planned before") {
            edits.extend(own);
        }
    }
    edits.sort_by_key(|edit| std::cmp::Reverse((edit.range.start, edit.range.end)));
    edits.dedup();
    let mut text = document.text().as_bytes().to_vec();
    for edit in edits {
        text.splice(edit.range, edit.text.into_bytes());
    }
    assert!(after.ends_with(&text) && after.len() - text.len() == file.change.before.len() - document.text().len());
}

/// The values differ where the operation was asked to change something and nowhere else.
fn modelled(document: &Document, asked: &Asked, file: &FilePlan) {
    let (Some(after), Some(targets)) = (&file.change.after, &asked.targets) else { return };
    let (before, text) = (document.tree(), std::str::from_utf8(after).expect("UTF-8 stays UTF-8"));
    let after = load(PATH, text.trim_start_matches('\u{feff}')).expect("the result is YAML");
    let found = differences(&of(before, 0), &of(&after, 0));
    let ways: Vec<Vec<usize>> = targets.iter().map(|&id| way(before, id)).collect();
    match asked.operation {
        "justify" => assert_eq!(found, []),
        "edit-condition" | "edit-script" => {
            assert_eq!(found, ways.into_iter().map(Difference::Other).collect::<Vec<_>>());
        }
        "remove-jobs" => assert_eq!(found, ways.into_iter().map(Difference::PairGone).collect::<Vec<_>>()),
        "remove-key" => match (found.as_slice(), ways.as_slice()) {
            // A mapping that would be empty goes with its only pair.
            ([Difference::PairGone(gone)], [way]) => {
                assert!(way.starts_with(gone));
                assert!(way[gone.len()..].iter().all(|index| *index == 0));
            }
            _ => panic!("{found:?} and not {ways:?}"),
        },
        other => panic!("no model of `{other}`"),
    }
}
