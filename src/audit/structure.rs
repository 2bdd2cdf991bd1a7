//! Files that cannot be read: nothing in them can be judged, and GitHub may not run them either.

use super::Detector;
use super::finding::{Finding, Verdict};
use super::load::Loaded;
use super::role::Purpose;
use crate::rule::Severity;
use crate::yaml::Place;

pub(super) const DETECTOR: Detector =
    Detector { name: "unreadable", category: "structure", about: "a workflow that cannot be read", find: |_, _| {} };

/// The finding for a file without a tree.
pub(super) fn finding(loaded: &Loaded<'_>) -> Option<Finding> {
    let fault = loaded.tree.as_ref().err()?;
    let start = Place { file: loaded.path.to_owned(), line: 1, column: 1 };
    Some(Finding {
        detector: DETECTOR.name,
        category: DETECTOR.category,
        place: fault.place.clone().unwrap_or(start),
        also: Vec::new(),
        subject: "the file".to_owned(),
        message: format!("the file cannot be read: {}", fault.cause),
        purpose: Purpose::unknown(),
        severity: Severity::Medium,
        verdict: Verdict::Action,
        chain: Vec::new(),
        fix: None,
        key: String::new(),
    })
}
