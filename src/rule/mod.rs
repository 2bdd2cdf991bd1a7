//! The risk register: rule files in, checked [`Risk`]s out.

mod file;
mod invariant;
pub mod path;
mod register;

pub use file::parse;
pub use invariant::{Ask, Filter, Invariant};
pub use register::{BUILT_IN, Layer, Register};

use std::fmt;

use crate::effect::Expected;
use crate::rewrite::Rewrite;
use crate::yaml::Place;

/// How much a risk matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Can hide a broken build.
    High,
    /// Can hide part of one.
    Medium,
    /// Worth knowing.
    Low,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
        })
    }
}

/// The categories of the audit taxonomy.
pub const CATEGORIES: &[&str] =
    &["soft-fail", "conditional-skip", "retry-masking", "scope-gap", "informational", "supply-chain", "structure"];

/// What the register says of a risk.
#[derive(Debug)]
pub enum Disposition {
    /// It is to be removed by these rewrites; at least one.
    Fix(Vec<Box<dyn Rewrite>>),
    /// It stays as it is, for this reason.
    Accept(String),
}

/// One entry of the register.
#[derive(Debug)]
pub struct Risk {
    /// Its ID, such as `M03-R01`.
    pub id: String,
    /// One line.
    pub title: String,
    /// How much it matters.
    pub severity: Severity,
    /// One of [`CATEGORIES`].
    pub category: &'static str,
    /// The milestone that fixes it, such as `M04`; empty for none.
    pub milestone: String,
    /// The invariant it violates, such as `INV-060`.
    pub invariant: Option<String>,
    /// Fix or accept.
    pub disposition: Disposition,
    /// What its change does to the runs: what the rule file says, else what its rewrites are for.
    pub effect: Expected,
    /// Paths or globs of the workflows it is in.
    pub workflows: Vec<String>,
    /// Why it is a risk.
    pub rationale: String,
    /// What the audit wrote it for, if it did: a rerun knows it by this. An accepted risk that has it records what is fine
    /// anyway, and covers nothing else.
    pub audit: Option<String>,
    /// The place of its rule file.
    pub place: Place,
    /// The rule file's text.
    pub source: String,
}

impl Risk {
    /// Its rewrites; none if it is accepted.
    pub fn rewrites(&self) -> &[Box<dyn Rewrite>] {
        match &self.disposition {
            Disposition::Fix(rewrites) => rewrites,
            Disposition::Accept(_) => &[],
        }
    }
}

/// A glob of a rule: `*` and `?` stop at `/`, `**` does not. The one place that says so.
///
/// # Errors
/// The pattern is no glob.
pub fn glob(pattern: &str) -> Result<globset::Glob, globset::Error> {
    globset::GlobBuilder::new(pattern).literal_separator(true).build()
}

/// Whether a path in a rule is a glob.
pub fn is_glob(path: &str) -> bool {
    path.contains(['*', '?', '[', '{'])
}
