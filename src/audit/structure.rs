//! Files that cannot be read: nothing in them can be judged, and GitHub may not run them either.

use super::Detector;
use super::comment::Topic;
use super::finding::{Finding, Reason, Verdict};
use super::load::Loaded;
use super::reason::{Near, is_reason, plain};
use super::role::Purpose;
use crate::rule::Severity;
use crate::yaml::Place;

pub(super) const DETECTOR: Detector =
    Detector { name: "unreadable", category: "structure", about: "a workflow that cannot be read", find: |_, _| {} };

/// The finding for a file without a tree.
pub(super) fn finding(loaded: &Loaded<'_>) -> Option<Finding> {
    let fault = loaded.tree.as_ref().err()?;
    let verdict = match only_comments(loaded.text) {
        Some(reason) => Verdict::Fine(Reason::Justified, reason),
        None => Verdict::Action,
    };
    let start = Place { file: loaded.path.to_owned(), line: 1, column: 1 };
    Some(Finding {
        detector: DETECTOR.name,
        category: DETECTOR.category,
        place: fault.place.clone().unwrap_or(start),
        also: Vec::new(),
        subject: "the file".to_owned(),
        message: format!("the file cannot be read: {}", fault.cause),
        purpose: Purpose::unknown(),
        severity: if verdict == Verdict::Action { Severity::Medium } else { Severity::Low },
        verdict,
        chain: Vec::new(),
        fix: None,
        key: String::new(),
    })
}

/// Of a file that is commented out as a whole, why, if its head says so.
fn only_comments(text: &str) -> Option<String> {
    let comment = |line: &str| line.is_empty() || line.starts_with('#');
    if !text.lines().map(str::trim).all(comment) {
        return None;
    }
    let mut head = text.lines().filter(|line| !line.trim().is_empty()).take(5);
    head.find(|line| is_reason(line, Topic::SwitchedOff, Near::Above)).map(plain)
}
