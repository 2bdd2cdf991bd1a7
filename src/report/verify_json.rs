//! The verdict on a series for programs; the schema is docs/schema/verify.json.

use serde_json::{Value, json};

use crate::verify::reason::Reason;
use crate::verify::series::Series;
use crate::verify::{Checked, Verdict};

/// The version of the schema; it grows when a field changes its meaning or goes.
pub const VERSION: u64 = 1;

/// The whole verdict.
pub fn value(series: &Series, verdict: &Verdict<'_>, milestone: Option<&str>) -> Value {
    let ids = |risk: &&crate::rule::Risk| risk.id.clone();
    json!({
        "version": VERSION,
        "tool": "wf-fix",
        "base": series.base,
        "start": series.start,
        "head": series.head,
        "milestone": milestone,
        "verdict": if verdict.passes() { "pass" } else { "fail" },
        "commits": verdict.commits.iter().map(commit).collect::<Vec<_>>(),
        "done_before": verdict.done_before.iter().map(ids).collect::<Vec<_>>(),
        "reasons": verdict.reasons.iter().map(reason).collect::<Vec<_>>(),
        "invariants": verdict.invariants.iter().map(|held| json!({
            "id": held.id,
            "text": held.text,
            "files": held.files,
            "holds": held.broken.is_empty(),
            "reasons": held.broken.iter().map(reason).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn commit(checked: &Checked<'_>) -> Value {
    let files: Vec<&str> = checked.commit.entries.iter().map(|entry| entry.path.as_str()).collect();
    json!({
        "id": checked.commit.id,
        "subject": checked.commit.subject,
        "risk": checked.risk.map(|risk| risk.id.clone()),
        "result": result(checked),
        "form": checked.form,
        "notes": checked.notes,
        "files": files,
        "reasons": checked.reasons.iter().map(reason).collect::<Vec<_>>(),
    })
}

/// How a commit compares with the plan of its risk.
pub fn result(checked: &Checked<'_>) -> &'static str {
    match (checked.reasons.is_empty(), checked.form.is_empty()) {
        (true, true) => "exact",
        (true, false) => "by-hand",
        (false, _) => "fail",
    }
}

/// A reason as data.
pub fn reason(reason: &Reason) -> Value {
    json!({
        "code": reason.code.word(),
        "commit": reason.at.commit,
        "file": reason.at.file,
        "line": reason.at.position.map(|(line, _)| line),
        "column": reason.at.position.map(|(_, column)| column),
        "cause": reason.cause,
        "help": reason.way_out,
    })
}
