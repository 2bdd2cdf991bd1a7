//! The documents that a milestone ends with, as data: every figure computed from the range, nothing asserted that the
//! files do not show.
//!
//! [`value`] gives one JSON document; `--format json` prints it, and [`render`](render::render) gives it to a template.
//! The schema is docs/schema/report.json. The same range gives the same bytes: no clock, no abbreviated IDs but those
//! of twelve digits, nothing of the machine.

mod gates;
pub mod markdown;
pub mod render;
mod scope;
mod work;

use serde_json::{Value, json};

use super::verify_json;
use crate::audit::Finding;
use crate::effect::Effect;
use crate::effect::deferred::{self, Deferred};
use crate::repo::Stat;
use crate::rule::Register;
use crate::verify::Verdict;
use crate::verify::series::{Series, short};

/// The version of the schema; it grows when a field changes its meaning or goes.
pub const VERSION: u64 = 1;

/// Which document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What was done: objective, scope, work, invariants, evidence, deferred work, exit criteria.
    Summary,
    /// Whether it holds: delta map, proof per risk, guardrails, issues, deferred registry, appendix.
    Audit,
}

impl Kind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Summary => "summary",
            Kind::Audit => "audit",
        }
    }
}

/// What a document is made of.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Which document.
    pub kind: Kind,
    /// The milestone.
    pub milestone: &'a str,
    /// The range.
    pub series: &'a Series,
    /// What came of verifying it.
    pub verdict: &'a Verdict<'a>,
    /// The register that counts.
    pub register: &'a Register,
    /// What each commit changes, in their order.
    pub work: &'a [Work],
    /// What the range as a whole changes.
    pub net: &'a [Stat],
    /// The paths of workflows and actions at HEAD.
    pub files: &'a [&'a str],
}

/// What one commit changes.
#[derive(Debug)]
pub struct Work {
    /// Its files, counted by git.
    pub stats: Vec<Stat>,
    /// What it means for the runs.
    pub effect: Effect,
}

/// The document.
pub fn value(input: &Input<'_>) -> Value {
    let deferred = deferred_register(input);
    let gates = gates::gates(input);
    let evidence = evidence(input);
    json!({
        "version": VERSION,
        "tool": "wf-fix",
        "kind": input.kind.word(),
        "milestone": input.milestone,
        "mode": "delta",
        "range": range(input.series),
        "verdict": if input.verdict.passes() { "pass" } else { "fail" },
        "totals": totals(input),
        "objective": scope::objective(input),
        "scope": scope::scope(input),
        "commits": work::commits(input),
        "delta": work::delta(input),
        "proofs": work::proofs(input),
        "impact": work::impact(input),
        "quality_gates": gates,
        "invariants": invariants(input),
        "issues": issues(input),
        "deferred": deferred.iter().map(deferral).collect::<Vec<_>>(),
        "exit_criteria": gates::exit_criteria(input, &deferred),
        "evidence_constraint": evidence.0,
        "evidence_gaps": evidence.1,
    })
}

/// The part of a document that its appendix holds: what a program asks of a milestone, without the long texts.
pub fn appendix(document: &Value) -> Value {
    const KEYS: &[&str] = &[
        "version",
        "tool",
        "kind",
        "milestone",
        "mode",
        "range",
        "verdict",
        "totals",
        "commits",
        "quality_gates",
        "invariants",
        "issues",
        "deferred",
        "exit_criteria",
        "evidence_constraint",
        "evidence_gaps",
    ];
    KEYS.iter().filter_map(|key| Some(((*key).to_owned(), document.get(key)?.clone()))).collect()
}

fn range(series: &Series) -> Value {
    json!({
        "base": series.base, "start": series.start, "head": series.head,
        "text": format!("{}..{}", short(&series.start), short(&series.head)),
    })
}

fn totals(input: &Input<'_>) -> Value {
    let sum = |count: fn(&Stat) -> usize| input.net.iter().map(count).sum::<usize>();
    json!({
        "commits": input.series.commits.len(),
        "files": input.net.len(),
        "added": sum(|stat| stat.added),
        "removed": sum(|stat| stat.removed),
        "risks": work::risks(input).len(),
    })
}

/// The deferred verifications of the series, one entry per risk that needs one.
fn deferred_register(input: &Input<'_>) -> Vec<Deferred> {
    let named = input.verdict.commits.iter().zip(input.work);
    deferred::register(
        input.milestone,
        named.filter_map(|(checked, work)| Some((checked.risk?.id.as_str(), &work.effect))),
    )
}

fn deferral(one: &Deferred) -> Value {
    json!({
        "id": one.id, "risk": one.risk,
        "file": one.place.file, "line": one.place.line, "column": one.place.column,
        "why": one.why, "observe": one.observe, "exit": one.exit,
    })
}

fn invariants(input: &Input<'_>) -> Vec<Value> {
    let one = |held: &crate::verify::invariant::Held| {
        json!({
            "id": held.id, "text": held.text, "files": held.files, "holds": held.broken.is_empty(),
            "broken": held.broken.iter().map(|reason| format!("{}: {}", reason.at, reason.cause)).collect::<Vec<_>>(),
        })
    };
    input.verdict.invariants.iter().map(one).collect()
}

/// Every reason against the series, numbered.
fn issues(input: &Input<'_>) -> Vec<Value> {
    let one = |(index, reason): (usize, &crate::verify::reason::Reason)| {
        let mut value = verify_json::reason(reason);
        value["id"] = json!(format!("{}-I{:02}", input.milestone, index + 1));
        value["place"] = json!(reason.at.to_string());
        value
    };
    input.verdict.reasons().enumerate().map(one).collect()
}

/// What limits the evidence, in a sentence, and what no file can show.
fn evidence(input: &Input<'_>) -> (String, Vec<String>) {
    let touched = work::touched(input);
    let guarded =
        |finding: &&Finding| finding.detector == "fork-guard" && touched.contains(&finding.place.file.as_str());
    let guards = input.verdict.audit.findings.iter().filter(guarded).count();
    let entries = input.verdict.audit.inventory.iter().filter(|entry| touched.contains(&entry.path.as_str()));
    let jobs: usize = entries.map(|entry| entry.jobs).sum();
    let constraint = match guards {
        0 => "No run was observed: all evidence is computed from the files of the range.".to_owned(),
        n => format!(
            "No run was observed: all evidence is computed from the files of the range. On a fork none would say \
             enough: {n} of the {jobs} jobs in the touched workflows run only in their own repository."
        ),
    };
    let gaps = [
        "Whether CI ran on these commits upstream, and with what result.",
        "Which checks branch protection requires.",
        "How often the steps whose failures now show have failed so far: their pass rates.",
        "What called workflows and actions of other repositories, and the scripts that steps run, do with failures.",
        "What secrets, variables and inputs are at run time, where a condition asks for them.",
    ];
    (constraint, gaps.iter().map(|gap| (*gap).to_owned()).collect())
}
