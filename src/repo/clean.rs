//! Whether a path is the same in HEAD, the index and the worktree, and what to do if it is not.
//!
//! Looks at the given paths only. Each way of not being clean has its own words.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use git2::{DiffOptions, Index, IndexEntry, IndexEntryExtendedFlag, IndexEntryFlag, Oid, Repository, Tree};

use super::entry::{Finder, Found, find};
use super::{Repo, eol, folder, worktree};

/// Refuses unless every path is a tracked, clean, checked-out regular file. `root` is the worktree.
pub(super) fn guard(git: &Repository, root: &Path, index: &Index, head: &Tree<'_>, paths: &[&str]) -> Result<()> {
    let mut finder = Finder::of(git);
    for path in paths {
        crate::rule::path::check(path).map_err(anyhow::Error::msg)?;
        let (id, executable) = in_head(git, root, index, finder.find(head, path)?, path)?;
        in_index(git, index, path, id, executable)?;
        eol::refuse_filters(git, path)?;
        on_disk(root, path)?;
    }
    let mut limited = DiffOptions::new();
    limited.disable_pathspec_match(true).include_typechange(true);
    for path in paths {
        limited.pathspec(path);
    }
    let diff = git.diff_index_to_workdir(Some(index), Some(&mut limited))?;
    if let Some(path) = diff.deltas().find_map(|delta| delta.old_file().path().map(|p| p.display().to_string())) {
        if eol::is_only_unnormalised(git, root, index, &path) {
            bail!(
                "`{path}` has line ends that its attributes do not want, and git sees it as changed: \
                 `git add --renormalize -- {path}` and commit it, or use --branch NAME"
            );
        }
        bail!(
            "`{path}` has unstaged changes: commit them, `git stash`, or `git restore -- {path}`; --branch NAME works beside them"
        );
    }
    Ok(())
}

fn in_head(git: &Repository, root: &Path, index: &Index, found: Found, path: &str) -> Result<(Oid, bool)> {
    match found {
        Found::File { id, executable } => Ok((id, executable)),
        Found::Unfit(why, way_out) => bail!("`{path}` {why}, and wf-fix changes regular files only: {way_out}"),
        Found::Folder(_) => bail!("`{path}` is a folder: name a file in it"),
        Found::Absent => bail!(not_in_head(git, root, Some(index), path)),
    }
}

/// Why a file is not in HEAD.
fn not_in_head(git: &Repository, root: &Path, index: Option<&Index>, path: &str) -> String {
    let entry = index.and_then(|index| index.get_path(Path::new(path), 0));
    let planned = |entry: &IndexEntry| extended(entry).contains(IndexEntryExtendedFlag::INTENT_TO_ADD);
    if entry.is_some_and(|entry| !planned(&entry)) {
        format!("`{path}` is staged but not committed yet: commit it first, or use --no-commit")
    } else if fs::symlink_metadata(root.join(path)).is_err() {
        format!("`{path}` is not in HEAD")
    } else if git.is_path_ignored(path).unwrap_or(false) {
        format!(
            "`{path}` is ignored (.gitignore) and not tracked: `git add -f -- {path}` and commit it, or use --no-commit"
        )
    } else {
        format!("`{path}` is untracked: `git add -- {path}` and commit it, or use --no-commit")
    }
}

fn extended(entry: &IndexEntry) -> IndexEntryExtendedFlag {
    IndexEntryExtendedFlag::from_bits_truncate(entry.flags_extended)
}

/// What to do about a file that the index has without one on disk.
fn check_out(git: &Repository, path: &str) -> String {
    let sparse = git.config().and_then(|config| config.get_bool("core.sparseCheckout")).unwrap_or(false);
    let how = match sparse {
        true => "`git sparse-checkout add` its folder".to_owned(),
        false => format!("`git update-index --no-skip-worktree -- {path}`"),
    };
    format!("`{path}` is not checked out (skip-worktree): {how}, or use --branch NAME")
}

impl Repo {
    /// Why a file that is asked for is not there though it is not far: in the worktree and not committed, or, for a
    /// look at the worktree, committed and not on disk. With the way out.
    pub fn why_absent(&self, path: &str, in_worktree: bool) -> Option<String> {
        let root = self.root()?;
        let on_disk = fs::symlink_metadata(root.join(path)).is_ok();
        let head = self.git.head().and_then(|head| head.peel_to_tree()).ok();
        let committed = matches!(find(&self.git, &head?, path), Ok(Found::File { .. }));
        if committed != in_worktree || on_disk == in_worktree {
            return None;
        }
        let index = super::index::load(&self.git).ok();
        if !in_worktree {
            return Some(not_in_head(&self.git, root, index.as_ref(), path));
        }
        let entry = index.and_then(|index| index.get_path(Path::new(path), 0));
        Some(match entry.is_some_and(|entry| is_skipped(&entry)) {
            true => check_out(&self.git, path),
            false => format!("`{path}` is deleted in the worktree: `git restore -- {path}`, or use --branch NAME"),
        })
    }
}

fn is_skipped(entry: &IndexEntry) -> bool {
    extended(entry).contains(IndexEntryExtendedFlag::SKIP_WORKTREE)
}

fn in_index(git: &Repository, index: &Index, path: &str, id: Oid, executable: bool) -> Result<()> {
    let file = Path::new(path);
    if (1..=3).any(|stage| index.get_path(file, stage).is_some()) {
        bail!("`{path}` is unmerged: resolve the conflict, `git add -- {path}`, and commit");
    }
    let Some(entry) = index.get_path(file, 0) else {
        bail!("the deletion of `{path}` is staged: commit it, or `git restore --staged -- {path}`");
    };
    if is_skipped(&entry) {
        bail!(check_out(git, path));
    }
    if IndexEntryFlag::from_bits_truncate(entry.flags).contains(IndexEntryFlag::VALID) {
        bail!("`{path}` is marked assume-unchanged: `git update-index --no-assume-unchanged -- {path}`");
    }
    let mode = if executable { 0o100_755 } else { 0o100_644 };
    if extended(&entry).contains(IndexEntryExtendedFlag::INTENT_TO_ADD) || entry.id != id || entry.mode != mode {
        bail!(
            "`{path}` has staged changes: commit them, or `git restore --staged -- {path}`; --branch NAME works beside them"
        );
    }
    Ok(())
}

fn on_disk(root: &Path, path: &str) -> Result<()> {
    match folder::find(root, path) {
        Ok(Some(place)) => worktree::refuse_hard_link(&place, path),
        Ok(None) => {
            bail!("`{path}` is deleted in the worktree: commit that, or `git restore -- {path}`")
        }
        Err(error) => Err(error.context(format!(
            "`{path}` has changed its type in the worktree: commit that, or `git restore -- {path}`"
        ))),
    }
}
