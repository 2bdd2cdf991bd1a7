//! The audit as a document: summary, inventory, findings, risk register, and what files cannot tell.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::audit_text::way_out;
use super::document::markdown;
use super::safe::short;
use crate::audit::{Finding, Reason, Report, Strength, Verdict};

/// The document; `found` are the findings that the filters let through.
pub fn document(report: &Report, found: &[&Finding]) -> String {
    let mut out = String::from("# Workflow audit\n\nWhich green checks can be trusted, and why not the others.\n\n");
    summary(&mut out, report, found);
    inventory(&mut out, report);
    findings(&mut out, found);
    fine(&mut out, found);
    register(&mut out, found);
    out.push_str(LIMITS);
    out
}

const LIMITS: &str = "\
## What cannot be known from the files

- Which checks branch protection requires; a weak check that is not required hides less.
- What called scripts and remote workflows do with their own failures.
- What secrets, variables and inputs are at run time: where they decide, the finding says on what it depends.
- Whether a job that never ran would pass.
";

fn summary(out: &mut String, report: &Report, found: &[&Finding]) {
    let mut by: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for finding in found {
        let column = if finding.needs_action() { finding.severity as usize } else { 3 };
        by.entry(finding.category).or_default()[column] += 1;
    }
    out.push_str("## Summary\n\n| Category | High | Medium | Low | Fine |\n|---|---:|---:|---:|---:|\n");
    for (category, [high, medium, low, fine]) in &by {
        let _ = writeln!(out, "| {category} | {high} | {medium} | {low} | {fine} |");
    }
    let count = |strength| report.inventory.iter().filter(|entry| entry.strength == strength).count();
    let _ = writeln!(
        out,
        "\n{} files: {} strong (a failure fails the run), {} weak (can fail silently), {} cosmetic (asserts nothing), \
         {} legacy (never runs).\n",
        report.inventory.len(),
        count(Strength::Strong),
        count(Strength::Weak),
        count(Strength::Cosmetic),
        count(Strength::Legacy)
    );
}

fn inventory(out: &mut String, report: &Report) {
    out.push_str("## Inventory\n\n| File | Name | Purpose | Triggers | Tier | Signal |\n|---|---|---|---|---|---|\n");
    for entry in &report.inventory {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            code(&entry.path),
            cell(&entry.name),
            entry.role,
            cell(&entry.triggers.join(", ")),
            tier(&entry.triggers),
            entry.strength.word()
        );
    }
    out.push('\n');
}

/// How close to a change a workflow runs.
fn tier(triggers: &[String]) -> &'static str {
    let on = |events: &[&str]| triggers.iter().any(|trigger| events.contains(&trigger.as_str()));
    match () {
        () if on(&["pull_request", "pull_request_target", "merge_group"]) => "change",
        () if on(&["push"]) => "trunk",
        () if on(&["workflow_call", "action"]) => "called",
        () if on(&["schedule"]) => "nightly",
        () => "other",
    }
}

fn findings(out: &mut String, found: &[&Finding]) {
    out.push_str("## Findings that need action\n\n");
    for finding in found.iter().filter(|finding| finding.needs_action()) {
        let _ = writeln!(out, "### {} ({}, {})\n", cell(&finding.message), finding.severity, finding.detector);
        let _ = writeln!(out, "- Place: {}", code(&finding.place.to_string()));
        let _ = writeln!(out, "- Purpose: {}, {}", finding.purpose.role, cell(&finding.purpose.evidence));
        for link in &finding.chain {
            let _ = writeln!(out, "- Chain: {}", cell(&link.to_string()));
        }
        let _ = writeln!(out, "- Way out: {}\n", cell(&way_out(finding)));
    }
    if !found.iter().any(|finding| finding.needs_action()) {
        out.push_str("None.\n\n");
    }
}

fn fine(out: &mut String, found: &[&Finding]) {
    let mut by: BTreeMap<Reason, usize> = BTreeMap::new();
    for finding in found {
        if let Verdict::Fine(reason, _) = &finding.verdict {
            *by.entry(*reason).or_default() += 1;
        }
    }
    out.push_str("## What is fine as it is\n\n| Reason | Findings |\n|---|---:|\n");
    for (reason, count) in &by {
        let _ = writeln!(out, "| {} | {count} |", reason.words());
    }
    out.push('\n');
}

/// One line per file and detector, the weightiest first.
fn register(out: &mut String, found: &[&Finding]) {
    let mut rows: Vec<(&Finding, usize)> = Vec::new();
    for finding in found.iter().copied().filter(|finding| finding.needs_action()) {
        let same = |(known, _): &&mut (&Finding, usize)| {
            known.detector == finding.detector && known.place.file == finding.place.file
        };
        match rows.iter_mut().find(same) {
            Some((_, count)) => *count += 1,
            None => rows.push((finding, 1)),
        }
    }
    out.push_str(
        "## Risk register\n\n| No. | Severity | File | Risk | Places | Rewrite |\n|---:|---|---|---|---:|---|\n",
    );
    for (number, (finding, count)) in rows.iter().enumerate() {
        let rewrite = finding.fix.as_ref().map_or("by hand", |fix| fix.operation());
        let (file, detector) = (code(&finding.place.file), finding.detector);
        let _ = writeln!(out, "| {} | {} | {file} | {detector} | {count} | {rewrite} |", number + 1, finding.severity);
    }
    out.push('\n');
}

/// Text that stays in its cell and makes no markup of its own.
fn cell(text: &str) -> String {
    markdown::cell(&short(text, 300))
}

fn code(text: &str) -> String {
    markdown::code(text)
}
