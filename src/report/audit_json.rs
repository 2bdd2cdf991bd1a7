//! An audit for programs; the schema stands in docs/audit.md.
//!
//! The types here are the schema: a field, a line. They borrow what the audit holds, so that an audit of thousands of
//! files is not held twice.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::audit_text::way_out;
use super::json_text::nested;
use crate::audit::{self, Entry, Finding, Report, Verdict};
use crate::parallel::parallel;
use crate::workflow::link as workflow;

/// The version of the schema; it grows when a field changes its meaning or goes.
pub const VERSION: u64 = 1;

#[derive(Serialize)]
struct Found<'a> {
    detector: &'a str,
    category: &'a str,
    severity: String,
    verdict: &'a str,
    reason: Option<&'a str>,
    note: Option<&'a str>,
    file: &'a str,
    line: usize,
    column: usize,
    also: &'a [usize],
    subject: &'a str,
    message: &'a str,
    role: &'a str,
    evidence: &'a str,
    chain: Vec<Link<'a>>,
    fix: Option<Fix<'a>>,
    way_out: Option<String>,
    fingerprint: String,
}

#[derive(Serialize)]
struct Link<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    kind: String,
    what: &'a str,
    words: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    rewrite: &'a str,
    at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    drop: Option<&'a str>,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    name: &'a str,
    triggers: &'a [String],
    jobs: usize,
    role: &'a str,
    signal: &'a str,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    action: usize,
    fine: usize,
}

/// Writes the whole audit; `shown` are the findings that the filters let through.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, shown: &[&Finding], out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    let action = shown.iter().filter(|finding| finding.needs_action()).count();
    let summary = Summary { files: report.inventory.len(), action, fine: shown.len() - action };
    write!(out, "{{\n  \"version\": {VERSION},\n  \"findings\": ")?;
    list(&mut out, shown, |finding| nested(&found(finding), 2))?;
    out.write_all(b",\n  \"inventory\": ")?;
    list(&mut out, &report.inventory, |entry| nested(&file(entry), 2))?;
    out.write_all(b",\n  \"summary\": ")?;
    out.write_all(&nested(&summary, 1))?;
    out.write_all(b"\n}\n")?;
    out.flush()
}

/// How many entries are put into words before they are written: threads have enough to do, and few are held at once.
const BLOCK: usize = 256;

/// A list of the outermost object.
fn list<T: Sync>(out: &mut impl Write, items: &[T], text: impl Fn(&T) -> Vec<u8> + Sync) -> io::Result<()> {
    if items.is_empty() {
        return out.write_all(b"[]");
    }
    let mut between: &[u8] = b"[\n    ";
    for block in items.chunks(BLOCK) {
        for text in parallel(block, &text) {
            out.write_all(between)?;
            out.write_all(&text)?;
            between = b",\n    ";
        }
    }
    out.write_all(b"\n  ]")
}

fn file(entry: &Entry) -> File<'_> {
    File {
        path: &entry.path,
        name: &entry.name,
        triggers: &entry.triggers,
        jobs: entry.jobs,
        role: entry.role.word(),
        signal: entry.strength.word(),
    }
}

fn found(finding: &Finding) -> Found<'_> {
    let (verdict, reason, note) = match &finding.verdict {
        Verdict::Action => ("action", None, None),
        Verdict::Fine(reason, note) => ("fine", Some(reason.word()), Some(note.as_str())),
    };
    Found {
        detector: finding.detector,
        category: finding.category,
        severity: finding.severity.to_string(),
        verdict,
        reason,
        note,
        file: &finding.place.file,
        line: finding.place.line,
        column: finding.place.column,
        also: &finding.also,
        subject: &finding.subject,
        message: &finding.message,
        role: finding.purpose.role.word(),
        evidence: &finding.purpose.evidence,
        chain: finding.chain.iter().map(link).collect(),
        fix: finding.fix.as_ref().map(fix),
        way_out: finding.needs_action().then(|| way_out(finding)),
        fingerprint: finding.fingerprint(),
    }
}

fn link(link: &workflow::Link) -> Link<'_> {
    Link {
        file: &link.place.file,
        line: link.place.line,
        column: link.place.column,
        kind: format!("{:?}", link.kind),
        what: &link.what,
        words: link.kind.words(),
    }
}

fn fix(fix: &audit::Fix) -> Fix<'_> {
    let (line, drop) = match fix {
        audit::Fix::DropOr { line, tail, .. } => (Some(line.as_str()), Some(*tail)),
        _ => (None, None),
    };
    Fix { rewrite: fix.operation(), at: fix.target(), line, drop }
}
