//! Whether a path is the same in HEAD, the index and the worktree, and what to do if it is not.
//!
//! Looks at the given paths only. Each way of not being clean has its own words.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use git2::{DiffOptions, Index, IndexEntryExtendedFlag, IndexEntryFlag, Oid, Repository, Tree};

use super::entry::{Found, find};
use super::{eol, folder, worktree};

/// Refuses unless every path is a tracked, clean, checked-out regular file. `root` is the worktree.
pub(super) fn guard(git: &Repository, root: &Path, index: &Index, head: &Tree<'_>, paths: &[&str]) -> Result<()> {
    for path in paths {
        super::path::check(path)?;
        let (id, executable) = in_head(git, root, index, head, path)?;
        in_index(index, path, id, executable)?;
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
        bail!(
            "`{path}` has unstaged changes: commit them, `git stash`, or `git restore -- {path}`; --branch NAME works beside them"
        );
    }
    Ok(())
}

fn in_head(git: &Repository, root: &Path, index: &Index, head: &Tree<'_>, path: &str) -> Result<(Oid, bool)> {
    match find(git, head, path)? {
        Found::File { id, executable } => Ok((id, executable)),
        Found::Unfit(why) => bail!("`{path}` {why}: wf-fix changes regular files only"),
        Found::Folder(_) => bail!("`{path}` is a folder: name a file in it"),
        Found::Absent if index.get_path(Path::new(path), 0).is_some() => {
            bail!("`{path}` is staged but not committed yet: commit it first, or use --no-commit")
        }
        Found::Absent if fs::symlink_metadata(root.join(path)).is_err() => {
            bail!("`{path}` is not in HEAD")
        }
        Found::Absent if git.is_path_ignored(path).unwrap_or(false) => {
            bail!(
                "`{path}` is ignored (.gitignore) and not tracked: `git add -f -- {path}` and commit it, or use --no-commit"
            )
        }
        Found::Absent => {
            bail!("`{path}` is untracked: `git add -- {path}` and commit it, or use --no-commit")
        }
    }
}

fn in_index(index: &Index, path: &str, id: Oid, executable: bool) -> Result<()> {
    let file = Path::new(path);
    if (1..=3).any(|stage| index.get_path(file, stage).is_some()) {
        bail!("`{path}` is unmerged: resolve the conflict, `git add -- {path}`, and commit");
    }
    let Some(entry) = index.get_path(file, 0) else {
        bail!("the deletion of `{path}` is staged: commit it, or `git restore --staged -- {path}`");
    };
    let extended = IndexEntryExtendedFlag::from_bits_truncate(entry.flags_extended);
    if extended.contains(IndexEntryExtendedFlag::SKIP_WORKTREE) {
        bail!(
            "`{path}` is not checked out (skip-worktree): `git sparse-checkout add` its folder, or use --branch NAME"
        );
    }
    if IndexEntryFlag::from_bits_truncate(entry.flags).contains(IndexEntryFlag::VALID) {
        bail!("`{path}` is marked assume-unchanged: `git update-index --no-assume-unchanged -- {path}`");
    }
    let mode = if executable { 0o100_755 } else { 0o100_644 };
    if extended.contains(IndexEntryExtendedFlag::INTENT_TO_ADD) || entry.id != id || entry.mode != mode {
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
