//! A run as data: `--format json`. The schema is described in docs/json.md; `version` rises when it breaks.

use serde_json::{Value, json};

use super::patch::{Count, Diffs};
use super::summary::word;
use super::{effect, effect_json};
use crate::claim::{Change, Claim};
use crate::plan::{FilePlan, Planned, Status};
use crate::proof::Proof;
use crate::repo::Committed;
use crate::yaml::Fault;

/// The version of the schema.
pub const VERSION: u32 = 1;

/// The whole run; `delivery` is how it was delivered, `commits` what it committed.
pub fn run(planned: &[Planned<'_>], diffs: &Diffs, delivery: &str, commits: &[Committed]) -> Value {
    let commit = |id: &str| commits.iter().find(|commit| commit.risk == id).map(|commit| commit.oid.clone());
    let risks: Vec<Value> = planned
        .iter()
        .map(|one| {
            json!({
                "id": one.risk.id,
                "title": one.risk.title,
                "severity": one.risk.severity.to_string(),
                "category": one.risk.category,
                "milestone": one.risk.milestone,
                "rule": one.risk.place.file,
                "status": word(&one.status),
                "why": why(&one.status),
                "error": one.fault().map(fault),
                "commit": commit(&one.risk.id),
                "effect": one.effect.as_ref().map(|effect| effect_json::effect(effect, &one.risk.effect)),
                "files": one.files().iter().map(|plan| file(plan, diffs.get(&one.risk.id, &plan.change.path).count)).collect::<Vec<_>>(),
            })
        })
        .collect();
    let deferred: Vec<Value> = effect::register(planned).iter().map(effect_json::deferred).collect();
    json!({ "version": VERSION, "tool": "wf-fix", "delivery": delivery, "risks": risks, "deferred": deferred })
}

/// An error as data.
pub fn fault(fault: &Fault) -> Value {
    let place = fault.place.as_ref();
    json!({
        "kind": format!("{:?}", fault.kind).to_lowercase(),
        "file": place.map(|p| p.file.clone()),
        "line": place.map(|p| p.line),
        "column": place.map(|p| p.column),
        "cause": fault.cause,
        "help": fault.way_out,
    })
}

fn why(status: &Status) -> Value {
    match status {
        Status::Done(reasons) => json!(reasons),
        Status::Accepted(reason) => json!([reason]),
        _ => json!([]),
    }
}

fn file(file: &FilePlan, lines: Count) -> Value {
    json!({
        "path": file.change.path,
        "deleted": file.change.after.is_none(),
        "added_lines": lines.added,
        "removed_lines": lines.removed,
        "claims": file.claims.iter().map(|(one, place)| claim(one, place)).collect::<Vec<_>>(),
        "proof": file.proof.as_ref().map(proof),
        "remarks": file.remarks,
    })
}

fn proof(proof: &Proof) -> Value {
    json!({
        "delta": proof.delta.iter().map(change).collect::<Vec<_>>(),
        "comments_kept": proof.comments_kept,
        "bytes_kept": proof.bytes_kept,
        "second_run": proof.second_run,
    })
}

fn claim(claim: &Claim, place: &str) -> Value {
    match claim {
        Claim::Value(one) => {
            let mut value = change(one);
            value["where"] = json!(place);
            value
        }
        Claim::CommentRemoved { line, text } => json!({ "kind": "comment-removed", "line": line, "text": text }),
        Claim::CommentAdded { text } => json!({ "kind": "comment-added", "text": text }),
        Claim::FileRemoved => json!({ "kind": "file-removed" }),
    }
}

fn change(change: &Change) -> Value {
    match change {
        Change::Removed { path, was } => json!({ "kind": "removed", "path": path.to_string(), "was": was }),
        Change::Added { path, now } => json!({ "kind": "added", "path": path.to_string(), "now": now }),
        Change::Changed { path, was, now } => {
            json!({ "kind": "changed", "path": path.to_string(), "was": was, "now": now })
        }
    }
}
