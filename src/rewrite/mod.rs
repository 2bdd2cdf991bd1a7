//! The operations of a rule: one file each, a [`Document`] and its parameters in, edits and claims out.
//!
//! A rewrite never applies anything. It plans edits against the original text and says in claims what they change;
//! the proof holds it to that. To add an operation: write its file and add a line to [`OPERATIONS`].

mod edit_condition;
mod edit_script;
mod excise;
mod guard;
mod justify;
mod note;
mod remove_jobs;
mod remove_key;
mod remove_workflow;
mod target;
mod template;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use crate::change::Snapshot;
use crate::claim::Claim;
use crate::effect::Expect;
use crate::yaml::{Document, Edit, Fault, Fields};

/// What a rewrite may look at besides its document.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The risk's ID, for `{risk}`.
    pub risk: &'a str,
    /// The risk's milestone, for `{milestone}`.
    pub milestone: &'a str,
    /// The day of the run as `YYYY-MM-DD`, for `{date}`.
    pub date: &'a str,
    /// Everything that was read for this run.
    pub snapshot: &'a Snapshot,
    /// The files that earlier risks of this run have looked at, as they leave them; `None` for a deleted one.
    pub current: &'a BTreeMap<String, Option<Arc<Document>>>,
}

/// The edits of one rewrite on one document, and what they change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Work {
    /// Against the document's text.
    pub edits: Vec<Edit>,
    /// All that the edits change, nothing more and nothing less.
    pub claims: Vec<Claim>,
    /// What a reviewer should know that is no change of the file.
    pub remarks: Vec<String>,
    /// Whether the whole file goes; then there are no edits.
    pub delete_file: bool,
}

impl Work {
    /// Adds the work of another part of the same risk. The same edits again are the same work.
    pub fn merge(&mut self, other: Work) {
        let again = !other.edits.is_empty() && other.edits.iter().all(|edit| self.edits.contains(edit));
        if !again {
            self.edits.extend(other.edits);
            self.claims.extend(other.claims);
        }
        self.remarks.extend(other.remarks);
        self.delete_file |= other.delete_file;
    }
}

/// What a rewrite finds in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// There is work.
    Pending(Work),
    /// There is nothing left to do, and why.
    Done(String),
    /// What the rule names is not there.
    Missing(Fault),
}

/// One operation with its parameters.
pub trait Rewrite: Debug + Send + Sync {
    /// Its name in a rule file.
    fn name(&self) -> &'static str;

    /// Plans the rewrite of one document.
    ///
    /// # Errors
    /// A refusal: the rewrite would not be safe here.
    fn plan(&self, document: &Document, context: &Context<'_>) -> Result<Outcome, Fault>;

    /// What it does to the runs, if its kind says so.
    fn effect(&self) -> Option<Expect> {
        None
    }

    /// Whether the absence of the whole file means that the work is done.
    fn done_without_file(&self) -> bool {
        false
    }

    /// Whether it must see every workflow of the repository, not only the one it changes.
    fn reads_all_workflows(&self) -> bool {
        false
    }
}

/// Reads the parameters of an operation.
pub type Reader = fn(&Fields<'_>) -> Result<Box<dyn Rewrite>, Fault>;

/// Every operation: its name in a rule file and the reader of its parameters.
pub const OPERATIONS: &[(&str, Reader)] = &[
    (remove_key::NAME, remove_key::read),
    (remove_jobs::NAME, remove_jobs::read),
    (edit_condition::NAME, edit_condition::read),
    (edit_script::NAME, edit_script::read),
    (justify::NAME, justify::read),
    (remove_workflow::NAME, remove_workflow::read),
];
