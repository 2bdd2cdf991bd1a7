//! The invariants at HEAD: those that wf-fix knows, and those of the register.

mod critical;
mod own;
mod valid;

use std::collections::{BTreeMap, BTreeSet};

use super::reason::{Code, Reason};
use crate::audit::{self, Report};
use crate::change::Snapshot;
use crate::rule::{Disposition, Register, Risk};
use crate::yaml::Place;

/// An invariant and what breaks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its ID.
    pub id: String,
    /// What it asks for.
    pub text: String,
    /// How many files it was asked of.
    pub files: usize,
    /// What breaks it.
    pub broken: Vec<Reason>,
}

/// What the invariants look at.
pub(super) struct Scene<'a> {
    /// The workflows and actions at HEAD.
    pub files: &'a BTreeMap<String, Vec<u8>>,
    /// What of them cannot be read, a path or a glob, with the reason.
    pub unreadable: &'a BTreeMap<String, String>,
    /// The files that the series changes and that are there at HEAD.
    pub touched: BTreeSet<&'a str>,
    /// What the audit finds in them.
    pub audit: Report,
    /// HEAD.
    pub head: &'a str,
}

/// Checks every invariant, by ID; returns the audit besides.
pub(super) fn check(
    at_head: &Snapshot,
    touched: BTreeSet<&str>,
    register: &Register,
    head: &str,
) -> (Vec<Held>, Report) {
    let accepts = |risk: &&Risk| matches!(risk.disposition, Disposition::Accept(_));
    let accepted: Vec<&Risk> = register.iter().map(|(risk, _)| risk).filter(accepts).collect();
    let files = &at_head.files;
    let scene = Scene { files, unreadable: &at_head.unreadable, touched, audit: audit::audit(files, &accepted), head };
    let mut all = vec![critical::check(&scene), valid::check(&scene)];
    all.extend(register.invariants().map(|invariant| own::check(&scene, invariant)));
    all.sort_by(|a, b| a.id.cmp(&b.id));
    (all, scene.audit)
}

impl Scene<'_> {
    fn reason(&self, place: Option<Place>, cause: String, way_out: &str) -> Reason {
        Reason::at(Code::Invariant, self.head, place, cause, way_out)
    }
}

/// Whether GitHub reads a file as a workflow.
fn is_workflow(path: &str) -> bool {
    let name = path.strip_prefix(".github/workflows/").filter(|name| !name.contains('/'));
    name.is_some_and(|name| name.ends_with(".yml") || name.ends_with(".yaml"))
}
