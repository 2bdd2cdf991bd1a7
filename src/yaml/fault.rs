//! What can be wrong with input, as a value: a place, the cause, and the way out.

use std::fmt;

/// A position in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Path of the file as the user knows it, with `/`.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// What sort of trouble a [`Fault`] is; it decides what a run does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// A workflow that wf-fix cannot read safely.
    Unfit,
    /// A rewrite that would not be safe here.
    Refused,
    /// What a rule names is not there.
    Missing,
    /// A mistake in a rule file.
    Rule,
    /// A proof that failed: a bug in wf-fix.
    Bug,
}

/// An error with a place, a cause and a way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What sort of trouble this is.
    pub kind: FaultKind,
    /// Where; `None` when no single place is to blame.
    pub place: Option<Place>,
    /// What is wrong, in one sentence without a full stop.
    pub cause: String,
    /// What the user can do about it; empty when the cause says it all.
    pub way_out: String,
}

impl Fault {
    /// A fault at a place.
    pub fn at(kind: FaultKind, place: Place, cause: impl Into<String>, way_out: impl Into<String>) -> Self {
        Fault { kind, place: Some(place), cause: cause.into(), way_out: way_out.into() }
    }

    /// A fault without a place.
    pub fn new(kind: FaultKind, cause: impl Into<String>, way_out: impl Into<String>) -> Self {
        Fault { kind, place: None, cause: cause.into(), way_out: way_out.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.cause)?;
        if !self.way_out.is_empty() {
            write!(f, "\n  help: {}", self.way_out)?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}
