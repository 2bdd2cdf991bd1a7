//! The git edge: reads the files a run looks at, and delivers the steps it planned.
//!
//! Promises: a read touches only the wanted files and their folders; every refusal comes before anything is
//! written; one reference update makes all commits visible at once; a delivery that dies is finished or undone by the
//! next run (`delivery`, `recover`); what is staged, dirty or untracked elsewhere stays as it is; no hook, filter or monitor of the repository runs. Git's words are used for the way out.
//!
//! Limits: no SHA-256 or reftable repositories, no split or sparse index, no partial clone that says so in
//! `extensions.partialclone`, no x509 signatures, no file above [`MAX_FILE`], no creation of new files.
//! Replaced objects are refused. Errors are [`anyhow::Error`] with cause and way out.

mod branch;
mod build;
mod clean;
mod date;
mod delivery;
mod durable;
mod entry;
mod eol;
mod extension;
mod folder;
mod guard;
mod head;
mod identity;
mod include;
mod index;
mod journal;
mod objects;
mod open;
mod overlay;
mod protected;
mod read;
mod recover;
mod reference;
mod replace;
mod series;
mod settings;
mod sign;
mod swap;
mod turn;
mod wanted;
mod worktree;

use std::path::{Path, PathBuf};

pub use branch::BranchStart;
pub use folder::{Listing, list_what_can_be, read_folder, read_what_can_be, write_files};
pub use identity::{Person, source_date_epoch};
pub use open::root_of_unknown_format;
pub use recover::{left_behind, recover};
pub use series::{Stat, words_of};

/// The largest file that is read: 8 MiB. GitHub itself refuses workflow files far below that.
pub const MAX_FILE: usize = 8 * 1024 * 1024;

/// A git repository, with or without a worktree.
pub struct Repo {
    git: git2::Repository,
    root: Option<PathBuf>,
    /// Where the environment wants new objects.
    objects: Option<PathBuf>,
    replaced: std::sync::OnceLock<replace::Replaced>,
    /// Settings from the environment; libgit2 may read the file again at any time.
    _overlay: Option<tempfile::TempPath>,
}

impl std::fmt::Debug for Repo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Repo").field(&self.git.path()).finish()
    }
}

impl Repo {
    /// The worktree's root; `None` for a bare repository.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }
}

/// How to commit on HEAD.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CommitOptions {
    /// Commit although hooks are installed that would have had a say, as `git commit --no-verify` does.
    pub no_verify: bool,
}

/// A commit that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// The risk ID of its step.
    pub risk: String,
    /// The commit's object ID, 40 hexadecimal digits.
    pub oid: String,
    /// The first line of its message.
    pub subject: String,
}
