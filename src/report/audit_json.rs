//! An audit for programs; the schema stands in docs/audit.md.

use serde_json::{Value, json};

use super::audit_text::way_out;
use crate::audit::{Finding, Fix, Report, Verdict};
use crate::workflow::link::Link;

/// The version of the schema; it grows when a field changes its meaning or goes.
pub const VERSION: u64 = 1;

/// The whole audit; `shown` are the findings that the filters let through.
pub fn value(report: &Report, shown: &[&Finding]) -> Value {
    let action = shown.iter().filter(|finding| finding.needs_action()).count();
    let inventory = report.inventory.iter().map(|entry| {
        json!({
            "path": entry.path, "name": entry.name, "triggers": entry.triggers, "jobs": entry.jobs,
            "role": entry.role.word(), "signal": entry.strength.word(),
        })
    });
    json!({
        "version": VERSION,
        "findings": shown.iter().map(|finding| one(finding)).collect::<Vec<_>>(),
        "inventory": inventory.collect::<Vec<_>>(),
        "summary": { "files": report.inventory.len(), "action": action, "fine": shown.len() - action },
    })
}

fn one(finding: &Finding) -> Value {
    let (verdict, reason, note) = match &finding.verdict {
        Verdict::Action => ("action", Value::Null, Value::Null),
        Verdict::Fine(reason, note) => ("fine", json!(reason.word()), json!(note)),
    };
    json!({
        "detector": finding.detector,
        "category": finding.category,
        "severity": finding.severity.to_string(),
        "verdict": verdict,
        "reason": reason,
        "note": note,
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "also": finding.also,
        "subject": finding.subject,
        "message": finding.message,
        "role": finding.purpose.role.word(),
        "evidence": finding.purpose.evidence,
        "chain": finding.chain.iter().map(link).collect::<Vec<_>>(),
        "fix": finding.fix.as_ref().map(fix),
        "way_out": finding.needs_action().then(|| way_out(finding)),
        "fingerprint": finding.fingerprint(),
    })
}

fn link(link: &Link) -> Value {
    json!({
        "file": link.place.file, "line": link.place.line, "column": link.place.column,
        "kind": format!("{:?}", link.kind), "what": link.what, "words": link.kind.words(),
    })
}

fn fix(fix: &Fix) -> Value {
    let mut value = json!({ "rewrite": fix.operation(), "at": fix.target() });
    if let Fix::DropOr { line, tail, .. } = fix {
        value["line"] = json!(line);
        value["drop"] = json!(tail);
    }
    value
}
