//! Findings as SARIF 2.1.0, for code scanning.
//!
//! Source: OASIS SARIF 2.1.0, and GitHub's "SARIF support for code scanning". What needs action is a result; what is
//! fine is one with a suppression, so that reviewers see that it was looked at. A fix is given where the removal of a
//! whole line, or of the end of one, is the rewrite.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::audit_text::way_out;
use crate::audit::{DETECTORS, Finding, Fix, Verdict};
use crate::rule::Severity;
use crate::workflow::link::Link;
use crate::workflow::script::cut;
use crate::yaml::Place;

/// The SARIF log of one run.
pub fn value(found: &[&Finding], files: &BTreeMap<String, Vec<u8>>) -> Value {
    let rules = DETECTORS.iter().map(|detector| {
        json!({
            "id": detector.name,
            "shortDescription": { "text": detector.about },
            "properties": { "category": detector.category, "tags": ["ci", detector.category] },
        })
    });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "wf-fix",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": found.iter().map(|finding| result(finding, files)).collect::<Vec<_>>(),
        }],
    })
}

fn result(finding: &Finding, files: &BTreeMap<String, Vec<u8>>) -> Value {
    let level = match (&finding.verdict, finding.severity) {
        (Verdict::Fine(..), _) | (_, Severity::Low) => "note",
        (_, Severity::High) => "error",
        (_, Severity::Medium) => "warning",
    };
    let mut result = json!({
        "ruleId": finding.detector,
        "ruleIndex": DETECTORS.iter().position(|detector| detector.name == finding.detector),
        "level": level,
        "message": { "text": format!("{}. {}", finding.message, way_out(finding)) },
        "locations": [location(&finding.place)],
        "relatedLocations": finding.chain.iter().map(related).collect::<Vec<_>>(),
        "partialFingerprints": { "wfFix/v1": finding.fingerprint() },
        "properties": { "role": finding.purpose.role.word(), "evidence": finding.purpose.evidence },
    });
    if let Verdict::Fine(reason, note) = &finding.verdict {
        let text = format!("{}: {note}", reason.words());
        result["suppressions"] = json!([{ "kind": "external", "justification": text }]);
    }
    if let Some(fix) = fix(finding, files) {
        result["fixes"] = json!([fix]);
    }
    result
}

fn location(place: &Place) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&place.file) },
        "region": { "startLine": place.line, "startColumn": place.column },
    }})
}

fn related(link: &Link) -> Value {
    let mut value = location(&link.place);
    value["message"] = json!({ "text": link.kind.words() });
    value
}

/// The removal of the line or of its end, where the rewrite is that.
fn fix(finding: &Finding, files: &BTreeMap<String, Vec<u8>>) -> Option<Value> {
    let text = std::str::from_utf8(files.get(&finding.place.file)?).ok()?;
    let numbered = |number: usize| text.lines().nth(number.checked_sub(1)?);
    let at = finding.place.line;
    let (what, region) = match finding.fix.as_ref()? {
        // A key on a line of its own; one behind a dash is left to wf-fix itself.
        Fix::RemoveKey(_) if numbered(at)?.trim_start().starts_with("continue-on-error:") => (
            "remove continue-on-error".to_owned(),
            json!({ "startLine": at, "startColumn": 1, "endLine": at + 1, "endColumn": 1 }),
        ),
        Fix::DropOr { tail, .. } => {
            let number = finding.also.last().copied().unwrap_or(at);
            let line = numbered(number)?;
            let (from, to) = (cut(line, tail)?.chars().count() + 1, line.chars().count() + 1);
            let region = json!({ "startLine": number, "startColumn": from, "endLine": number, "endColumn": to });
            (format!("remove {tail}"), region)
        }
        _ => return None,
    };
    Some(json!({
        "description": { "text": what },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(&finding.place.file) },
            "replacements": [{ "deletedRegion": region }],
        }],
    }))
}

/// A path as a relative URI reference.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
