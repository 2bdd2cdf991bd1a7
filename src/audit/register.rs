//! Rule files from findings: what a maintainer would write into the risk register.
//!
//! One risk per workflow and cause, with the rewrites that remove it; what is fine becomes `accept` entries, one per
//! category and reason. Each file says in `audit:` what it is about, so that a rerun knows it again: its ID stays, its
//! text too, and only new risks get files.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::comment::trailing;
use super::{Finding, Fix, Reason, Report, Verdict};
use crate::rule::{Risk, Severity};

/// Where the risks were found and when they are to be fixed.
#[derive(Debug, Clone, Copy)]
pub struct Milestones<'a> {
    /// The milestone of the audit, which begins the IDs: `M03` gives `M03-R01`.
    pub found_in: &'a str,
    /// The milestone that fixes the risks.
    pub fix_in: &'a str,
}

/// A risk before it has an ID.
struct Draft<'r> {
    mark: String,
    title: String,
    severity: Severity,
    category: &'static str,
    workflows: Vec<&'r str>,
    body: String,
}

/// The new rule files, each with its ID and text; `existing` are those that are there.
pub fn rules(
    report: &Report,
    files: &BTreeMap<String, Vec<u8>>,
    existing: &[Risk],
    milestones: Milestones<'_>,
) -> Vec<(String, String)> {
    let marks: Vec<&str> = existing.iter().filter_map(|risk| risk.audit.as_deref()).collect();
    let prefix = format!("{}-R", milestones.found_in);
    let number = |risk: &Risk| risk.id.strip_prefix(&prefix)?.parse::<usize>().ok();
    let mut next = existing.iter().filter_map(number).max().unwrap_or(0);
    let mut drafts = fixes(report, files);
    drafts.extend(accepts(report));
    drafts.retain(|draft| !marks.contains(&draft.mark.as_str()));
    let write = |draft: Draft<'_>| {
        next += 1;
        let id = format!("{prefix}{next:02}");
        let text = file(&id, &draft, milestones.fix_in);
        (id, text)
    };
    drafts.into_iter().map(write).collect()
}

fn file(id: &str, draft: &Draft<'_>, fix_in: &str) -> String {
    let mut out = format!("id: {id}\ntitle: {}\naudit: {}\n", quoted(&draft.title), quoted(&draft.mark));
    let _ = writeln!(out, "severity: {}\ncategory: {}\nmilestone: {}", draft.severity, draft.category, quoted(fix_in));
    match draft.workflows.as_slice() {
        [one] => out.push_str(&format!("workflow: {}\n", quoted(one))),
        many => {
            out.push_str("workflow:\n");
            many.iter().for_each(|path| out.push_str(&format!("  - {}\n", quoted(path))));
        }
    }
    out.push_str(&draft.body);
    out
}

/// The text on one line, without control characters.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).collect()
}

/// A double-quoted scalar: JSON strings are YAML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The risks with a rewrite: keys to remove by file and detector, other rewrites one by one.
fn fixes<'r>(report: &'r Report, files: &BTreeMap<String, Vec<u8>>) -> Vec<Draft<'r>> {
    let mut groups: Vec<(String, Vec<&Finding>)> = Vec::new();
    for finding in report.findings.iter().filter(|finding| finding.needs_action()) {
        let Some(fix) = &finding.fix else { continue };
        let cause = one_line(&fix.cause());
        let mark = format!("{} {} {cause}", finding.detector, finding.place.file);
        match groups.iter_mut().find(|(known, _)| *known == mark) {
            Some((_, group)) => group.push(finding),
            None => groups.push((mark, vec![finding])),
        }
    }
    groups.into_iter().filter_map(|(mark, group)| draft(report, files, mark, &group)).collect()
}

fn draft<'r>(
    report: &Report,
    files: &BTreeMap<String, Vec<u8>>,
    mark: String,
    group: &[&'r Finding],
) -> Option<Draft<'r>> {
    let first = *group.first()?;
    let title = match group.len() {
        1 => one_line(&first.message),
        2 => format!("{}, and another place like it", one_line(&first.message)),
        n => format!("{}, and {} more places like it", one_line(&first.message), n - 1),
    };
    let mut body = String::from("disposition: fix\nrationale: |\n");
    for finding in group {
        let (message, evidence) = (one_line(&finding.message), one_line(&finding.purpose.evidence));
        let _ = writeln!(
            body,
            "  Line {}: {message}. What it is for: {}, {evidence}.",
            finding.place.line, finding.purpose.role
        );
    }
    body.push_str("rewrites:\n");
    for finding in group {
        let fix = finding.fix.as_ref()?;
        rewrite(&mut body, fix, comment(finding, files));
        let in_job = format!("of {}", finding.subject);
        let kept = report.findings.iter().filter(|other| {
            finding.detector == "job-continue-on-error"
                && other.detector == "step-continue-on-error"
                && other.place.file == finding.place.file
                && other.subject.ends_with(&in_job)
                && matches!(other.verdict, Verdict::Fine(Reason::Justified, _))
                && comment(other, files).is_some()
        });
        for other in kept.filter_map(|other| other.fix.as_ref()) {
            rewrite(&mut body, &Fix::Justify(other.target().to_owned()), None);
        }
    }
    let file = first.place.file.as_str();
    Some(Draft {
        mark: mark.trim().to_owned(),
        title,
        severity: first.severity,
        category: first.category,
        workflows: vec![file],
        body,
    })
}

/// The comment behind the finding's line.
fn comment<'f>(finding: &Finding, files: &'f BTreeMap<String, Vec<u8>>) -> Option<&'f str> {
    let text = std::str::from_utf8(files.get(&finding.place.file)?).ok()?;
    trailing(text.lines().nth(finding.place.line.checked_sub(1)?)?)
}

fn rewrite(out: &mut String, fix: &Fix, comment: Option<&str>) {
    let _ = writeln!(out, "  - {}:", fix.operation());
    match fix {
        Fix::RemoveKey(at) => out.push_str(&format!("      at: {}\n      expect: true\n", quoted(at))),
        Fix::DropFalse(at) => out.push_str(&format!("      at: {}\n      drop: false\n", quoted(at))),
        Fix::DropOr { at, line, tail } => {
            let _ =
                writeln!(out, "      at: {}\n      line: {}\n      drop: {}", quoted(at), quoted(line), quoted(tail));
        }
        Fix::Justify(at) => {
            let _ = writeln!(out, "      at: {}\n      comment: |", quoted(at));
            out.push_str("        Best-effort step: {comment}.\n");
            out.push_str(
                "        This step is informational and does not gate correctness; failure should not block CI.\n",
            );
        }
        Fix::RemoveJob(job) => {
            let _ = writeln!(out, "      jobs: {}\n      dependents: remove\n      expect: never-runs", quoted(job));
            out.push_str("      note: |\n        NOTE: {jobs}\n");
            out.push_str(match comment {
                Some(_) => {
                    "        were removed in {milestone} ({date}). They had been disabled with `if: false` and comment\n        \
                     \"{reason}\". If this CI is needed, re-add as a working job.\n"
                }
                None => {
                    "        were removed in {milestone} ({date}). They had been disabled with `if: false`.\n        \
                     If this CI is needed, re-add as a working job.\n"
                }
            });
        }
    }
}

/// What is fine, by detector and reason; what a comment at the place accepts needs no entry.
fn accepts(report: &Report) -> Vec<Draft<'_>> {
    let mut groups: BTreeMap<(&'static str, &'static str, Reason), Vec<&str>> = BTreeMap::new();
    for finding in &report.findings {
        let Verdict::Fine(reason, _) = &finding.verdict else { continue };
        if matches!(reason, Reason::Accepted | Reason::Justified | Reason::Dead) {
            continue;
        }
        let files = groups.entry((finding.category, finding.detector, *reason)).or_default();
        if files.last() != Some(&finding.place.file.as_str()) {
            files.push(&finding.place.file);
        }
    }
    let draft = |((category, detector, reason), mut workflows): ((&'static str, &'static str, Reason), Vec<_>)| {
        workflows.sort_unstable();
        workflows.dedup();
        let words = reason.words();
        Draft {
            mark: format!("accept {detector} {reason}"),
            title: format!("{detector} that may stay: {words}"),
            severity: Severity::Low,
            category,
            workflows,
            body: format!("disposition: accept\nreason: {}\n", quoted(words)),
        }
    };
    groups.into_iter().map(draft).collect()
}
