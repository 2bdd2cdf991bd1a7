//! The whole audit: texts of workflows, and of an action behind them, apart at lines of `%%`.
//!
//! Every place lies in its file, the same input gives the same report, nothing raw reaches a terminal, and the rules
//! that the audit writes are read and planned without a bug.

use std::collections::BTreeMap;

use wf_fix::audit::{Milestones, Report, audit, rules};
use wf_fix::change::Snapshot;
use wf_fix::plan::plan;
use wf_fix::report::{audit_json, audit_markdown, audit_text, sarif};
use wf_fix::rule::parse;
use wf_fix::yaml::{FaultKind, Place};

use super::rewrite::DATE;

const PATHS: &[&str] =
    &[".github/workflows/a.yml", ".github/workflows/b.yml", ".github/actions/c/action.yml", ".github/workflows/d.yml"];

type Files = BTreeMap<String, Vec<u8>>;

/// Any bytes as the files of a repository.
pub fn run(data: &[u8]) {
    let files = files(data);
    let report = audit(&files, &[]);
    assert_eq!(format!("{report:?}"), format!("{:?}", audit(&files, &[])), "the same input gives the same report");
    for finding in &report.findings {
        lies_in(&finding.place, &files);
        for line in &finding.also {
            lies_in(&Place { line: *line, column: 1, ..finding.place.clone() }, &files);
        }
        finding.chain.iter().for_each(|link| lies_in(&link.place, &files));
        assert!(!finding.message.is_empty() && !finding.subject.is_empty());
    }
    shown(&report, &files);
    written(&report, &files);
}

fn files(data: &[u8]) -> Files {
    let mut files = Files::new();
    let mut rest = data;
    for name in PATHS {
        let end = rest.windows(4).position(|four| four == b"\n%%\n");
        files.insert((*name).to_owned(), end.map_or(rest, |end| &rest[..=end]).to_vec());
        let Some(end) = end else { break };
        rest = &rest[end + 4..];
    }
    files
}

fn lies_in(place: &Place, files: &Files) {
    let bytes = files.get(&place.file).unwrap_or_else(|| panic!("no such file: {place}"));
    let text = String::from_utf8_lossy(bytes);
    let line = place.line.checked_sub(1).and_then(|line| text.split('\n').nth(line));
    let line = line.unwrap_or_else(|| panic!("no such line: {place}\n{text}"));
    // A line that the audit mends before it reads it has its columns moved.
    let most = line.chars().count() + 2 + 20 * 50;
    assert!((1..=most).contains(&place.column), "no such column: {place}");
}

fn shown(report: &Report, files: &Files) {
    let all: Vec<_> = report.findings.iter().collect();
    let mut json = Vec::new();
    audit_json::write(report, &all, &mut json).expect("a vector takes all");
    serde_json::from_slice::<serde_json::Value>(&json).expect("JSON");
    let _ = sarif::value(&all, files).to_string();
    let text = audit_text::text(report, &all, files, audit_text::Style { color: false, all: true });
    for said in [audit_markdown::document(report, &all), text, audit_text::explain(&all, files, false)] {
        assert!(!said.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')), "{said:?}");
    }
}

/// The rules that the audit writes, on the files they are about.
fn written(report: &Report, files: &Files) {
    let written = rules(report, files, &[], Milestones { found_in: "M03", fix_in: "M04" });
    let read = |text: &String| parse("rules/w.yml", text.as_bytes()).unwrap_or_else(|fault| panic!("{fault}\n{text}"));
    let there: Vec<_> = written.iter().map(|(_, text)| read(text)).collect();
    let again = rules(report, files, &there, Milestones { found_in: "M03", fix_in: "M04" });
    assert!(again.is_empty(), "a rerun writes rules anew: {again:?}");
    let snapshot = Snapshot { names: files.keys().cloned().collect(), files: files.clone(), ..Snapshot::default() };
    for ((id, text), risk) in written.iter().zip(&there) {
        assert_eq!(&risk.id, id);
        if let Some(fault) = plan(&[risk], &snapshot, DATE).iter().find_map(|planned| planned.fault().cloned()) {
            assert!(!matches!(fault.kind, FaultKind::Bug), "{fault}\n{text}");
        }
    }
}
