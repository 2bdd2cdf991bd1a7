//! The work: a row per commit, a row per file, the proof of each risk, and what it means for CI.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Input, Work};
use crate::claim::Claim;
use crate::effect::Says;
use crate::repo::Stat;
use crate::report::effect_json::says;
use crate::report::safe::plural;
use crate::report::{claims, verify_json};
use crate::rule::Risk;
use crate::verify::Checked;

/// The risks that the range removes, each once, in the order of the commits.
pub(super) fn risks<'a>(input: &Input<'a>) -> Vec<&'a Risk> {
    let mut all: Vec<&Risk> = Vec::new();
    for risk in input.verdict.commits.iter().filter_map(|checked| checked.risk) {
        if !all.iter().any(|known| known.id == risk.id) {
            all.push(risk);
        }
    }
    all
}

/// The files that the range changes, by path.
pub(super) fn touched<'a>(input: &Input<'a>) -> Vec<&'a str> {
    input.net.iter().map(|stat| stat.path.as_str()).collect()
}

/// The table of the work: commit, risk, action, lines.
pub(super) fn commits(input: &Input<'_>) -> Vec<Value> {
    let one = |(checked, work): (&Checked<'_>, &Work)| {
        let risk = checked.risk;
        json!({
            "id": checked.commit.id,
            "short": checked.commit.short(),
            "subject": checked.commit.subject,
            "risk": risk.map(|risk| risk.id.clone()),
            "title": risk.map(|risk| risk.title.clone()),
            "severity": risk.map(|risk| risk.severity.to_string()),
            "action": action(checked),
            "files": work.stats.iter().map(file).collect::<Vec<_>>(),
            "added": work.stats.iter().map(|stat| stat.added).sum::<usize>(),
            "removed": work.stats.iter().map(|stat| stat.removed).sum::<usize>(),
            "result": verify_json::result(checked),
        })
    };
    input.verdict.commits.iter().zip(input.work).map(one).collect()
}

fn file(stat: &Stat) -> Value {
    json!({ "path": stat.path, "added": stat.added, "removed": stat.removed, "binary": stat.binary })
}

/// What the plan of a commit's risk does, in words; nothing if there is no plan.
fn action(checked: &Checked<'_>) -> String {
    let all: Vec<&(Claim, String)> =
        checked.planned.iter().flat_map(|plan| plan.files()).flat_map(|file| &file.claims).collect();
    let mut parts: Vec<String> = all
        .iter()
        .filter(|(claim, _)| matches!(claim, Claim::Value(_) | Claim::FileRemoved))
        .map(|(claim, place)| claims::line(claim, place))
        .collect();
    let count = |is: fn(&Claim) -> bool| all.iter().filter(|(claim, _)| is(claim)).count();
    let gone = count(|claim| matches!(claim, Claim::CommentRemoved { .. }));
    let new = count(|claim| matches!(claim, Claim::CommentAdded { .. }));
    for (n, what) in [(gone, "removed"), (new, "added")].into_iter().filter(|(n, _)| *n > 0) {
        parts.push(format!("{} {what}", plural(n, "comment line")));
    }
    parts.join("; ")
}

/// The map of the delta: each file, who changed it, and how much.
pub(super) fn delta(input: &Input<'_>) -> Vec<Value> {
    let mut by: BTreeMap<&str, (Vec<&str>, Vec<&str>)> = BTreeMap::new();
    for (checked, work) in input.verdict.commits.iter().zip(input.work) {
        for stat in &work.stats {
            let (commits, risks) = by.entry(&stat.path).or_default();
            commits.push(checked.commit.short());
            risks.extend(checked.risk.map(|risk| risk.id.as_str()));
        }
    }
    let row = |stat: &Stat| {
        let (commits, mut risks) = by.get(stat.path.as_str()).cloned().unwrap_or_default();
        risks.dedup();
        json!({
            "path": stat.path, "added": stat.added, "removed": stat.removed, "binary": stat.binary,
            "commits": commits, "risks": risks,
        })
    };
    input.net.iter().map(row).collect()
}

/// The proof of each commit: what changed by the values, what it means for the runs, and the difference itself.
pub(super) fn proofs(input: &Input<'_>) -> Vec<Value> {
    let one = |(checked, work): (&Checked<'_>, &Work)| {
        json!({
            "commit": checked.commit.short(),
            "risk": checked.risk.map(|risk| risk.id.clone()),
            "title": checked.risk.map(|risk| risk.title.clone()),
            "structural": structural(checked),
            "expected": checked.risk.map(expected).unwrap_or_default(),
            "as_expected": checked.risk.is_none_or(|risk| risk.effect.check(&work.effect).is_ok()),
            "semantic": work.effect.lines(),
            "no_runtime_change": work.effect.is_nothing(),
            "changes": work.effect.changes.iter().map(change).collect::<Vec<_>>(),
            "diff": work.stats.iter().map(hunks).collect::<String>(),
        })
    };
    input.verdict.commits.iter().zip(input.work).map(one).collect()
}

/// The words of a rule for its effect.
fn expected(risk: &Risk) -> Vec<&'static str> {
    risk.effect.words().iter().map(|word| word.word()).collect()
}

fn change(change: &crate::effect::Change) -> Value {
    let state = change.after.as_ref().or(change.before.as_ref());
    json!({
        "file": change.subject.file,
        "line": state.map(|state| state.place.line),
        "subject": change.subject.to_string(),
        "own": change.own,
        "says": says(change.says()),
        "sentence": change.headline(),
        "details": change.details(),
    })
}

fn hunks(stat: &Stat) -> String {
    let (a, b) = (format!("a/{}", stat.path), format!("b/{}", stat.path));
    match stat.binary {
        true => format!("Binary files {a} and {b} differ\n"),
        false => format!("--- {a}\n+++ {b}\n{}", stat.hunks),
    }
}

/// What the comparison of values shows, for a commit that has a plan.
fn structural(checked: &Checked<'_>) -> Value {
    let files = checked.planned.as_ref().map(|plan| plan.files()).unwrap_or_default();
    let proofs: Vec<_> = files.iter().filter_map(|file| file.proof.as_ref()).collect();
    let lines = files.iter().flat_map(|file| &file.claims).map(|(claim, place)| claims::line(claim, place));
    json!({
        "result": verify_json::result(checked),
        "values": proofs.iter().map(|proof| proof.delta.len()).sum::<usize>(),
        "comments_kept": proofs.iter().map(|proof| proof.comments_kept).sum::<usize>(),
        "bytes_kept": proofs.iter().map(|proof| proof.bytes_kept).sum::<usize>(),
        "claims": lines.collect::<Vec<_>>(),
        "form": checked.form,
        "notes": checked.notes,
    })
}

/// What CI will do otherwise: how many jobs and steps by what becomes of them, and each in a sentence.
pub(super) fn impact(input: &Input<'_>) -> Value {
    let mut counts: BTreeMap<Says, usize> = BTreeMap::new();
    let mut rows = Vec::new();
    for (checked, work) in input.verdict.commits.iter().zip(input.work) {
        for change in work.effect.changes.iter().filter(|change| change.own) {
            *counts.entry(change.says()).or_default() += 1;
            rows.push(json!({
                "risk": checked.risk.map(|risk| risk.id.clone()),
                "file": change.subject.file,
                "says": says(change.says()),
                "sentence": change.headline(),
            }));
        }
    }
    let counts: Vec<Value> =
        counts.iter().map(|(one, n)| json!({ "says": says(*one), "words": words(*one), "count": n })).collect();
    let touched = touched(input);
    let entries = input.verdict.audit.inventory.iter().filter(|entry| touched.contains(&entry.path.as_str()));
    let workflows = entries.map(|entry| {
        json!({ "path": entry.path, "name": entry.name, "triggers": entry.triggers, "signal": entry.strength.word() })
    });
    json!({ "counts": counts, "changes": rows, "workflows": workflows.collect::<Vec<_>>() })
}

/// What a change comes to in plain words, for a count of them.
fn words(says: Says) -> &'static str {
    match says {
        Says::Nothing => "never ran, so nothing changes at run time",
        Says::FailsRun => "a failure that could hide now fails the run",
        Says::OwnCheckOnly => "a failure now reddens its own check, and the run stays green",
        Says::StillMasked => "a failure is still masked, by something else",
        Says::InLegs => "a failure is now masked in some legs of the matrix only",
        Says::Depends => "a run decides what becomes of a failure",
        Says::LessVisible => "a failure that showed can now hide",
        Says::NowRuns => "never ran, and now runs",
        Says::NoLongerRuns => "ran, and now never runs",
        Says::RunsOtherwise => "runs on another condition",
        Says::Same => "written otherwise; a failure ends where it did",
        Says::OtherWay => "a failure gets to the run by another way",
        Says::Unjudged => "differs in what the model does not judge",
    }
}
