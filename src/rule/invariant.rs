//! Invariants that a register defines itself: `invariants.yml` in a rules folder.
//!
//! ```yaml
//! invariants:
//!   - id: INV-080
//!     text: External actions are pinned to a commit SHA.
//!     workflow: .github/workflows/*.yml        # default: every workflow
//!     query: $.jobs.*.steps[?@.uses && !search(@.uses, '@[0-9a-f]{40}')].uses
//!   - id: INV-090
//!     text: Nothing in a release fails silently.
//!     audit:
//!       category: soft-fail
//!       path: .github/workflows/release*.yml
//! ```
//!
//! Each asks for what must not be there, by a query over the workflows or by a filter over what the audit finds to need
//! action.

use std::collections::BTreeMap;

use super::{CATEGORIES, Severity, glob, is_glob};
use crate::audit::DETECTORS;
use crate::yaml::{Fault, FaultKind, Fields, Place, Query, Source};

/// An invariant of a register.
#[derive(Debug)]
pub struct Invariant {
    /// Its ID, such as `INV-080`.
    pub id: String,
    /// What it asks for, in a sentence.
    pub text: String,
    /// What must come out empty.
    pub ask: Ask,
    /// Where it is defined.
    pub place: Place,
}

/// What must come out empty.
#[derive(Debug)]
pub enum Ask {
    /// A query over the workflows that these paths or globs name.
    Query(Query, Vec<String>),
    /// What the audit finds to need action and this lets through.
    Audit(Filter),
}

/// What a finding must be; what is absent lets all through.
#[derive(Debug, Default)]
pub struct Filter {
    /// One of these detectors.
    pub detectors: Vec<String>,
    /// One of these categories.
    pub categories: Vec<String>,
    /// This severity or above.
    pub severity: Option<Severity>,
    /// In a file that one of these paths or globs names.
    pub paths: Vec<String>,
}

/// The IDs that wf-fix checks itself.
const OWN: &[&str] = &["INV-060", "INV-070"];

/// Every workflow that GitHub reads.
const WORKFLOWS: &[&str] = &[".github/workflows/*.yml", ".github/workflows/*.yaml"];

/// Whether a file of a rules folder defines invariants.
pub(super) fn is_file(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    name == "invariants.yml" || name == "invariants.yaml"
}

/// Adds the invariants of a file to `known`; returns the mistake that ends it, if there is one.
pub(super) fn collect(file: &str, bytes: &[u8], known: &mut BTreeMap<String, Invariant>) -> Option<Fault> {
    read(file, bytes, known).err()
}

fn read(file: &str, bytes: &[u8], known: &mut BTreeMap<String, Invariant>) -> Result<(), Fault> {
    let source = Source::load(file, bytes)?;
    let fields = source.fields()?;
    fields.only(&["invariants"])?;
    for entry in fields.mappings("invariants")? {
        let one = invariant(&entry)?;
        if let Some(first) = known.get(&one.id) {
            let cause = format!("the invariant `{}` stands twice, first in {}", one.id, first.place);
            return Err(Fault::at(FaultKind::Rule, one.place, cause, "give each an ID of its own"));
        }
        known.insert(one.id.clone(), one);
    }
    Ok(())
}

fn invariant(fields: &Fields<'_>) -> Result<Invariant, Fault> {
    fields.only(&["id", "text", "workflow", "query", "audit"])?;
    let id = fields.required("id")?.trim();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if id.len() > 64 || !id.chars().all(fits) {
        return Err(fields.fault_at("id", format!("`{id}` is no ID"), "letters, digits, `-`, `_`, `.`; at most 64"));
    }
    if OWN.contains(&id) {
        return Err(fields.fault_at("id", format!("{id} is built in"), "give yours another ID"));
    }
    fields.required("text")?;
    let text = fields.line("text")?.unwrap_or_default().to_owned();
    let ask = match (fields.has("query"), fields.mapping("audit")?) {
        (true, Some(_)) => {
            return Err(fields.fault_at("audit", "`query` or `audit`, not both", "make it two invariants"));
        }
        (false, None) => {
            return Err(fields.fault_here("neither `query` nor `audit`", "say what must come out empty"));
        }
        (true, None) => Ask::Query(fields.query("query")?, workflows(fields)?),
        (false, Some(_)) if fields.has("workflow") => {
            return Err(fields.fault_at("workflow", "`workflow` goes with `query`", "use `path` below `audit`"));
        }
        (false, Some(filter)) => Ask::Audit(read_filter(&filter)?),
    };
    Ok(Invariant { id: id.to_owned(), text, ask, place: fields.place("id") })
}

fn workflows(fields: &Fields<'_>) -> Result<Vec<String>, Fault> {
    if !fields.has("workflow") {
        return Ok(WORKFLOWS.iter().map(|glob| (*glob).to_owned()).collect());
    }
    paths(fields, "workflow")
}

fn paths(fields: &Fields<'_>, key: &str) -> Result<Vec<String>, Fault> {
    let found = fields.texts(key)?;
    for (path, place) in &found {
        let wrong = match super::path::check(path) {
            Err(cause) => Some(cause),
            Ok(()) if is_glob(path) => glob(path).err().map(|error| format!("`{path}` is no glob: {}", error.kind())),
            Ok(()) => None,
        };
        if let Some(cause) = wrong {
            return Err(Fault::at(FaultKind::Rule, place.clone(), cause, "name files below the repository's root"));
        }
    }
    Ok(found.into_iter().map(|(path, _)| path.to_owned()).collect())
}

fn read_filter(fields: &Fields<'_>) -> Result<Filter, Fault> {
    fields.only(&["detector", "category", "severity", "path"])?;
    let detectors: Vec<&str> = DETECTORS.iter().map(|detector| detector.name).collect();
    let severity = match fields.has("severity") {
        true => Some(match fields.choice("severity", &["high", "medium", "low"])? {
            "high" => Severity::High,
            "medium" => Severity::Medium,
            _ => Severity::Low,
        }),
        false => None,
    };
    Ok(Filter {
        detectors: words(fields, "detector", &detectors)?,
        categories: words(fields, "category", CATEGORIES)?,
        severity,
        paths: if fields.has("path") { paths(fields, "path")? } else { Vec::new() },
    })
}

/// Words out of a list of known ones.
fn words(fields: &Fields<'_>, key: &str, known: &[&str]) -> Result<Vec<String>, Fault> {
    if !fields.has(key) {
        return Ok(Vec::new());
    }
    let found = fields.texts(key)?;
    match found.iter().find(|(word, _)| !known.contains(word)) {
        Some((word, place)) => {
            let cause = format!("unknown {key} `{word}`");
            Err(Fault::at(FaultKind::Rule, place.clone(), cause, format!("one of: {}", known.join(", "))))
        }
        None => Ok(found.into_iter().map(|(word, _)| word.to_owned()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "invariants:\n  - id: INV-080\n    text: Pinned.\n    query: $.jobs.*.uses\n  - id: INV-090\n    text: Loud.\n    audit:\n      detector: pipe\n      severity: medium\n";

    fn read(text: &str) -> Result<BTreeMap<String, Invariant>, String> {
        let mut known = BTreeMap::new();
        match collect("r/invariants.yml", text.as_bytes(), &mut known) {
            Some(fault) => Err(fault.to_string()),
            None => Ok(known),
        }
    }

    #[test]
    fn a_good_file_gives_invariants() {
        let known = read(GOOD).unwrap();
        assert!(matches!(&known["INV-080"].ask, Ask::Query(_, files) if files.len() == 2));
        assert!(matches!(&known["INV-090"].ask, Ask::Audit(filter) if filter.severity == Some(Severity::Medium)));
        assert!(is_file(".wf-fix/rules/invariants.yml") && !is_file("rules/my-invariants.yml"));
    }

    #[test]
    fn every_mistake_has_its_place() {
        for (from, to, place, word) in [
            ("id: INV-080", "id: INV-060", "r/invariants.yml:2:9", "built in"),
            ("id: INV-080", "id: 'INV 80'", "r/invariants.yml:2:9", "no ID"),
            ("id: INV-090", "id: INV-080", "r/invariants.yml:5:9", "stands twice"),
            ("text: Pinned.", "txt: Pinned.", "r/invariants.yml:3:5", "did you mean `text`"),
            ("query: $.jobs.*.uses", "query: $.jobs[", "r/invariants.yml:4:12", "RFC 9535"),
            ("    query: $.jobs.*.uses\n", "", "r/invariants.yml:2:5", "neither"),
            ("query: $.jobs.*.uses", "query: $.a\n    workflow: ../x.yml", "r/invariants.yml:5:15", "leave the"),
            ("query: $.jobs.*.uses", "query: $.a\n    audit: {}", "r/invariants.yml:5:12", "not both"),
            ("detector: pipe", "detector: pips", "r/invariants.yml:8:17", "unknown detector"),
            ("severity: medium", "severity: big", "r/invariants.yml:9:17", "not known"),
            ("invariants:", "invariant:", "r/invariants.yml:1:1", "did you mean"),
            ("text: Loud.", "text: Loud.\n    workflow: a.yml", "r/invariants.yml:7:15", "goes with `query`"),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let fault = read(&GOOD.replace(from, to)).unwrap_err();
            assert!(fault.starts_with(place) && fault.contains(word), "{fault}");
        }
    }
}
