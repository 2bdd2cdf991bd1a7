//! The values that cross from the pure core to the edges: what a run read, and what it wants written.
//!
//! Nothing here reads or writes. `repo` fills a [`Snapshot`] and delivers [`Step`]s; planning turns the
//! one into the other.

use std::collections::{BTreeMap, BTreeSet};

/// The files a run looks at, read once at the edge (a git tree or a worktree) before planning starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Every file path in the folders the rules look into, sorted, relative to the repository's root, with `/`.
    /// Names only: it serves globs and "there is Y" hints.
    pub names: Vec<String>,
    /// The bytes of the files that were asked for, by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Those of the files that are executable, for the modes in patches.
    pub executable: BTreeSet<String>,
    /// Other workflows and actions, for the signal proof alone: they may call the files that change.
    pub around: BTreeMap<String, Vec<u8>>,
    /// What of those could not be read, a path or a glob, with the reason.
    pub unread: BTreeMap<String, String>,
    /// What was asked for and cannot be read, a path or a glob, with the reason.
    pub unreadable: BTreeMap<String, String>,
    /// Why a path that was asked for is not among the files, where more is known than that it is not there.
    pub absent: BTreeMap<String, String>,
    /// What a glob would have taken if it were a regular file with a name in UTF-8: the name, and what it is.
    pub passed_over: BTreeMap<String, String>,
}

impl Snapshot {
    /// Adds what another read gave.
    pub fn merge(&mut self, other: Snapshot) {
        self.names.extend(other.names);
        self.names.sort();
        self.names.dedup();
        self.files.extend(other.files);
        self.executable.extend(other.executable);
        self.unreadable.extend(other.unreadable);
        self.absent.extend(other.absent);
        self.passed_over.extend(other.passed_over);
    }
}

/// One file before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Path relative to the repository's root, with `/`.
    pub path: String,
    /// The bytes the change was planned on. Delivery refuses if the file holds anything else by then.
    pub before: Vec<u8>,
    /// The bytes to write; `None` deletes the file.
    pub after: Option<Vec<u8>>,
}

/// What one risk changes: one commit, one patch, or one set of worktree writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The risk ID, such as `M03-R01`.
    pub risk: String,
    /// The whole commit message: subject, blank line, body, trailers; ends with a newline.
    pub message: String,
    /// The changed files, sorted by path, each once; never empty.
    pub files: Vec<FileChange>,
}
