//! What a rewrite says it changes, and what the proof finds changed: the words both use.

use crate::yaml::Path;

/// A change of one value.
///
/// Values print as [`crate::yaml::Tree::render`] does: raw text with its quotes, collections in flow form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// A pair or an item is gone; the path is that before the change.
    Removed {
        /// Where it was.
        path: Path,
        /// What it was.
        was: String,
    },
    /// A pair or an item is new; the path is that after the change.
    Added {
        /// Where it is.
        path: Path,
        /// What it is.
        now: String,
    },
    /// A value is another.
    Changed {
        /// Where, before the change.
        path: Path,
        /// What it was.
        was: String,
        /// What it is.
        now: String,
    },
}

impl Change {
    /// Where it is.
    pub fn path(&self) -> &Path {
        match self {
            Change::Removed { path, .. } | Change::Added { path, .. } | Change::Changed { path, .. } => path,
        }
    }
}

/// What a rewrite says it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// A value.
    Value(Change),
    /// A comment is gone.
    CommentRemoved {
        /// Its line before the change, from 1.
        line: usize,
        /// Its text, `#` included.
        text: String,
    },
    /// A comment is new.
    CommentAdded {
        /// Its text, `#` included.
        text: String,
    },
    /// The whole file goes.
    FileRemoved,
}
