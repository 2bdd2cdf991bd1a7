//! Objective and scope: which risks of the register are in, which are out, and why.

use serde_json::{Value, json};

use super::Input;
use super::work::risks;
use crate::plan::matches_any;
use crate::report::safe::plural;
use crate::rule::{Disposition, Risk, Severity};

/// What the milestone is for, from the risks of the register.
pub(super) fn objective(input: &Input<'_>) -> String {
    let wanted = input.register.milestone(input.milestone);
    let count = |severity: Severity| wanted.iter().filter(|risk| risk.severity == severity).count();
    let parts = [(Severity::High, "high"), (Severity::Medium, "medium"), (Severity::Low, "low")];
    let parts: Vec<String> = parts
        .iter()
        .map(|(s, word)| (count(*s), word))
        .filter(|(n, _)| *n > 0)
        .map(|(n, w)| format!("{n} {w}"))
        .collect();
    let mut invariants: Vec<&str> = wanted.iter().filter_map(|risk| risk.invariant.as_deref()).collect();
    invariants.sort_unstable();
    invariants.dedup();
    let of = if invariants.is_empty() { String::new() } else { format!(", for {}", invariants.join(", ")) };
    let risks = plural(wanted.len(), "risk");
    format!("Remove the {risks} that the register assigns to {} ({}){of}.", input.milestone, parts.join(", "))
}

/// The risks that are in and those that are out.
pub(super) fn scope(input: &Input<'_>) -> Value {
    let inside = risks(input);
    let is_in = |risk: &Risk| inside.iter().any(|one| one.id == risk.id);
    // The built-in register is about one project: elsewhere its entries say nothing.
    let ours = inside.iter().any(|risk| input.register.is_built_in(&risk.id));
    let outside = input.register.iter().map(|(risk, _)| risk).filter(|risk| !is_in(risk));
    let outside = outside.filter(|risk| ours || !input.register.is_built_in(&risk.id));
    json!({
        "in": inside.iter().map(|risk| entry(risk, None)).collect::<Vec<_>>(),
        "out": outside.map(|risk| entry(risk, Some(why_out(input, risk)))).collect::<Vec<_>>(),
    })
}

fn entry(risk: &Risk, why: Option<String>) -> Value {
    json!({
        "id": risk.id, "title": risk.title, "severity": risk.severity.to_string(), "category": risk.category,
        "milestone": risk.milestone, "invariant": risk.invariant, "workflows": risk.workflows,
        "disposition": if matches!(risk.disposition, Disposition::Fix(_)) { "fix" } else { "accept" },
        "why": why,
    })
}

fn why_out(input: &Input<'_>, risk: &Risk) -> String {
    let here = crate::change::Snapshot {
        names: input.files.iter().map(|path| (*path).to_owned()).collect(),
        files: input.files.iter().map(|path| ((*path).to_owned(), Vec::new())).collect(),
        ..Default::default()
    };
    let absent = if matches_any(&risk.workflows, &here) { "" } else { "; its workflow is not in this repository" };
    match &risk.disposition {
        Disposition::Accept(reason) => format!("accepted: {}{absent}", reason.trim().trim_end_matches('.')),
        Disposition::Fix(_) if input.verdict.done_before.iter().any(|done| done.id == risk.id) => {
            "it was gone before the range".to_owned()
        }
        Disposition::Fix(_) if risk.milestone == input.milestone => {
            format!("no commit of the range removes it{absent}")
        }
        Disposition::Fix(_) if risk.milestone.is_empty() => format!("it has no milestone{absent}"),
        Disposition::Fix(_) => format!("it belongs to {}{absent}", risk.milestone),
    }
}
