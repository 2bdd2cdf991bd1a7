//! Judging a series of commits against the register: is each what removing one risk gives, and nothing else?
//!
//! Values in, a [`Verdict`] out; the git edge reads the series, nothing here reads or writes. One file a check:
//!
//! - `naming`: each commit names exactly one risk of the register, and its words agree with it;
//! - `entries`: it touches only the files that the risk's plan changes, each still a regular file of its mode;
//! - `content`: its files are those of the plan made on its parent, byte for byte, or by hand the same in `values`,
//!   `comments` and, outside the plan's own lines, `form`;
//! - `rounds`: no risk twice, none of the milestone missing, none back at HEAD;
//! - `invariant`: what must hold at HEAD.
//!
//! Limitations: what a commit means to GitHub is for the signal model to say; a commit by hand is held to the rule's
//! words in comments, up to line breaks.

mod comments;
mod content;
mod entries;
mod form;
pub mod invariant;
mod naming;
pub mod reason;
mod rounds;
pub mod series;
mod values;

use std::collections::BTreeSet;

use crate::change::{FileChange, Snapshot};
use crate::plan::Planned;
use crate::rule::{Disposition, Register, Risk};
use content::{compare, planned};
use invariant::Held;
use reason::{Code, Reason};
use series::{Commit, Series};

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The commits, each with the files its risk needs ([`named_risk`] says which).
    pub series: &'a Series,
    /// The register that counts.
    pub register: &'a Register,
    /// The milestone whose risks must all be there, and no others.
    pub milestone: Option<&'a str>,
    /// Folders of rule files in the repository: an edit there is a finding.
    pub rule_folders: &'a [String],
    /// The files of the start that the milestone's risks need.
    pub start: &'a Snapshot,
    /// The workflows and actions at HEAD, and the files of all risks that the series names.
    pub head: &'a Snapshot,
    /// Whether a difference in form counts.
    pub exact: bool,
}

/// What came of it.
#[derive(Debug)]
pub struct Verdict<'a> {
    /// Each commit, oldest first.
    pub commits: Vec<Checked<'a>>,
    /// Risks of the milestone that were gone before the series.
    pub done_before: Vec<&'a Risk>,
    /// The invariants at HEAD, by ID.
    pub invariants: Vec<Held>,
    /// What the audit finds at HEAD.
    pub audit: crate::audit::Report,
    /// What concerns the series as a whole.
    pub reasons: Vec<Reason>,
}

/// One commit, judged.
#[derive(Debug)]
pub struct Checked<'a> {
    /// The commit.
    pub commit: &'a Commit,
    /// The risk it names, if that is one.
    pub risk: Option<&'a Risk>,
    /// The plan of the risk on its parent, if it was made.
    pub planned: Option<Planned<'a>>,
    /// What a hand made otherwise than the plan; empty if the bytes are those of the plan.
    pub form: Vec<String>,
    /// What a reviewer should know besides.
    pub notes: Vec<String>,
    /// What is wrong with it.
    pub reasons: Vec<Reason>,
}

impl Verdict<'_> {
    /// Every reason: of the commits in order, of the series, of the invariants.
    pub fn reasons(&self) -> impl Iterator<Item = &Reason> {
        let commits = self.commits.iter().flat_map(|checked| &checked.reasons);
        commits.chain(&self.reasons).chain(self.invariants.iter().flat_map(|held| &held.broken))
    }

    /// Whether there is none.
    pub fn passes(&self) -> bool {
        self.reasons().next().is_none()
    }
}

/// The risk that a commit names, for the edge to read its files; `None` if there is no single one.
pub fn named_risk<'r>(commit: &Commit, register: &'r Register) -> Option<&'r Risk> {
    naming::risk(commit, register).ok()
}

/// Judges a series.
pub fn verify<'a>(request: Request<'a>) -> Verdict<'a> {
    let mut commits: Vec<Checked<'a>> = request.series.commits.iter().map(|commit| one(commit, &request)).collect();
    rounds::twice(&mut commits);
    let (reasons, done_before) = rounds::whole(&commits, &request);
    let changed = request.series.commits.iter().flat_map(|commit| &commit.entries).map(|entry| entry.path.as_str());
    let touched: BTreeSet<&str> = changed.filter(|path| request.head.files.contains_key(*path)).collect();
    let (invariants, audit) = invariant::check(request.head, touched, request.register, &request.series.head);
    Verdict { commits, done_before, invariants, audit, reasons }
}

fn one<'a>(commit: &'a Commit, request: &Request<'a>) -> Checked<'a> {
    let mut checked =
        Checked { commit, risk: None, planned: None, form: Vec::new(), notes: Vec::new(), reasons: Vec::new() };
    match naming::risk(commit, request.register) {
        Ok(risk) => {
            checked.risk = Some(risk);
            checked.reasons.extend(naming::words(commit, risk, request.milestone));
        }
        Err(reason) => checked.reasons.push(*reason),
    }
    checked.reasons.extend(naming::fixup(commit));
    if let Some(reason) = shape(commit) {
        checked.reasons.push(reason);
        return checked;
    }
    let fixed = checked.risk.filter(|risk| matches!(risk.disposition, Disposition::Fix(_)));
    let mut files: Vec<FileChange> = Vec::new();
    let mut content = Vec::new();
    if let Some((Some(plan), day)) = fixed.map(|risk| planned(commit, risk)) {
        let (compared, reasons) = compare(commit, plan, &day);
        files.extend(compared.planned.files().iter().map(|file| file.change.clone()));
        (checked.form, checked.notes) = (compared.form, compared.notes);
        checked.planned = Some(compared.planned);
        content = reasons;
    }
    checked.reasons.extend(entries::check(commit, checked.risk, &files, request.rule_folders));
    checked.reasons.extend(content);
    if request.exact {
        let way_out = "commit what wf-fix writes, or leave --exact out";
        checked.reasons.extend(checked.form.iter().map(|words| Reason::of(Code::Form, commit, words, way_out)));
    }
    checked
}

/// What makes a commit one that no risk can have.
fn shape(commit: &Commit) -> Option<Reason> {
    match (commit.parents.len(), commit.entries.is_empty()) {
        (0, _) => {
            let way_out = "give a BASE that the series was built on";
            Some(Reason::of(Code::RootCommit, commit, "the commit has no parent", way_out))
        }
        (1, true) => Some(Reason::of(Code::EmptyCommit, commit, "the commit changes nothing", "drop it")),
        (1, false) => None,
        (n, _) => {
            let way_out = "rebase the series; in a pull request, verify its head and not the merge of it";
            Some(Reason::of(Code::MergeCommit, commit, format!("the commit has {n} parents"), way_out))
        }
    }
}

/// Text on one line, cut off.
fn brief(text: &str) -> String {
    const MOST: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    format!("{}…", line.chars().take(MOST - 1).collect::<String>().trim_end())
}
