//! The oracle: what the bytes must be after a rewrite, computed line by line from the raw text.
//!
//! It knows where things start from yaml-rust2's events and everything else from the lines. It shares no code
//! with the library, so that the two can disagree. What it cannot judge it says (`NoOracle`), and what it
//! computes is checked by `check`, which knows events only.

mod block;
mod check;
mod edit_condition;
mod flow;
mod remove_jobs;
mod remove_key;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::events::{Doc, Kind as NodeKind};
use crate::find::{Found, Kind};
use crate::lines::Lines;

/// The template of the note that removed jobs leave, as the tool is told it.
pub const NOTE: &str = "NOTE: {jobs} removed ({date}).";
/// The date in the note.
pub const DATE: &str = "2026-02-08";

/// What the tool must do with a target.
#[derive(Debug, PartialEq, Eq)]
pub enum Expected {
    /// Exactly these bytes; refusing is fine too where a reason stands.
    Bytes { text: String, may_refuse: Option<&'static str> },
    /// A refusal, for this reason.
    Refusal(&'static str),
    /// The oracle does not know, for this reason.
    NoOracle(&'static str),
    /// The oracle's own result fails its self-check.
    Doubt(String),
}

/// The oracle's result: the text, and what that does to the events.
struct Answer {
    text: String,
    /// Events of the original that are gone.
    gone: Vec<Range<usize>>,
    /// A scalar event that has another text now.
    changed: Option<(usize, String)>,
}

/// Why there is no `Answer`.
enum Not {
    Refuse(&'static str),
    Unknown(&'static str),
}

/// What must become of `text` (without its BOM) for one target.
pub fn expect(text: &str, doc: &Doc, found: &Found) -> Expected {
    if doc.documents > 1 {
        return Expected::Refusal("several documents");
    }
    if doc.duplicate_key {
        return Expected::Refusal("duplicate key");
    }
    if let Some(reason) = shared_owner(doc, found) {
        return Expected::Refusal(reason);
    }
    let lines = Lines::new(text);
    let answer = match found.target.kind {
        Kind::DisabledJob | Kind::AnyJob => remove_jobs::remove_job(doc, &lines, found),
        Kind::Condition => edit_condition::drop_false(doc, &lines, found),
        Kind::JobKey | Kind::StepKey | Kind::ActionStepKey => remove_key::remove_key(doc, &lines, found),
    };
    match answer {
        Err(Not::Refuse(reason)) => Expected::Refusal(reason),
        Err(Not::Unknown(reason)) => Expected::NoOracle(reason),
        Ok(answer) => match check::check(doc, &answer) {
            Err(why) => Expected::Doubt(why),
            Ok(()) => Expected::Bytes { text: answer.text, may_refuse: may_refuse(doc, found) },
        },
    }
}

/// A reason why an edit below these containers would hit, or be hit by, another place.
fn shared_owner(doc: &Doc, found: &Found) -> Option<&'static str> {
    for (node, _) in &found.trail {
        if doc.anchor(node).is_some_and(|id| doc.aliased.contains(&id)) {
            return Some("inside an anchored node that an alias repeats");
        }
    }
    let (owner, _) = found.trail.last()?;
    doc.merges(owner).then_some("the mapping has a merge key")
}

/// A reason that makes a careful refusal as good as the exact bytes.
fn may_refuse(doc: &Doc, found: &Found) -> Option<&'static str> {
    let anchored = found.trail.iter().any(|(node, _)| doc.anchor(node).is_some());
    anchored.then_some("inside an anchored node")
}

/// Whether any of the target's containers is written in flow style.
fn in_flow(doc: &Doc, lines: &Lines, found: &Found) -> bool {
    found.trail.iter().any(|(node, _)| {
        let at = lines.split(doc.line(node), doc.col(node));
        matches!(node.kind, NodeKind::Map(_) | NodeKind::Seq(_))
            && at.is_some_and(|(_, rest)| rest.starts_with(['{', '[']))
    })
}
