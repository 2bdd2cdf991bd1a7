//! `--branch NAME [--base REV]`: commits on a branch from git objects alone.
//!
//! Reads no index and no worktree, so it works in a bare repository, on a dirty tree and amid a rebase. Runs no hooks,
//! like `git commit-tree` and `git update-ref`. Refuses a branch that some worktree has checked out or is rebasing or
//! bisecting: its HEAD would move under the files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use git2::{Oid, Reference};

use super::build::Builder;
use super::delivery::Delivery;
use super::journal::Journal;
use super::{Committed, Repo, objects, reference};
use crate::change::Step;

/// What commits on a branch will build on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchStart {
    /// The commit, 40 hexadecimal digits: what [`Repo::read_revision`] should read.
    pub revision: String,
    /// Whether the branch is there already and this is its tip.
    pub exists: bool,
}

impl Repo {
    /// What `--branch name --base base` builds on: the branch's tip if it exists, else `base`, else HEAD.
    ///
    /// Holds every refusal: a bad name, a name that collides with another branch, a branch in use by a worktree, a
    /// `base` that an existing branch does not contain.
    pub fn branch_start(&self, name: &str, base: Option<&str>) -> Result<BranchStart> {
        let full = full_name(name)?;
        self.guard_reference(&full)?;
        let base_id = base.map(|base| self.commit_of(base)).transpose()?;
        self.refuse_if_in_use(name, &full)?;
        let Some(tip) = self.tip(&full)? else {
            self.refuse_collision(name)?;
            let start = base_id.map_or_else(|| self.commit_of("HEAD"), Ok)?;
            return Ok(BranchStart { revision: start.to_string(), exists: false });
        };
        if let (Some(base), Some(id)) = (base, base_id)
            && id != tip
            && !self.git.graph_descendant_of(tip, id)?
        {
            bail!(
                "branch '{name}' exists and does not contain {base}: leave --base out to build on its tip, rebase it, \
                 or choose another name"
            );
        }
        Ok(BranchStart { revision: tip.to_string(), exists: true })
    }

    /// Commits the steps on the branch, creating it if need be; with no steps nothing is written.
    pub fn commit_on_branch(&self, name: &str, base: Option<&str>, steps: &[Step]) -> Result<Vec<Committed>> {
        if steps.is_empty() {
            return Ok(Vec::new());
        }
        let start = self.branch_start(name, base)?;
        let from = Oid::from_str(&start.revision)?;
        let full = full_name(name)?;
        let builder = Builder::new(self)?;
        let chain = builder.chain(from, steps)?;

        let turn = self.turn()?;
        let old = start.exists.then_some(from);
        let mut journal = Journal::new(&[]);
        journal.git_dir = Some(self.git_dir_name()?);
        journal.reference = Some(self.plan_move(&full, old, false, &chain, &builder.committer)?);
        objects::store(&self.git.odb()?, &chain.objects, &turn, &self.objects_folder())?;
        let delivery = Delivery::begin(turn, journal, Some(self), None)?;
        let delivered = self.deliver_on_branch(&delivery, name, &full, old);
        delivery.end(delivered)?;
        Ok(chain.commits)
    }

    fn deliver_on_branch(&self, delivery: &Delivery<'_>, name: &str, full: &str, old: Option<Oid>) -> Result<()> {
        delivery.lock_reference()?;
        if self.tip(full)? != old {
            bail!("branch '{name}' has moved meanwhile: nothing was written; run wf-fix again");
        }
        self.refuse_if_in_use(name, full)?;
        let moved = delivery.reference().context("no reference")?.advance();
        moved.with_context(|| format!("branch '{name}' cannot be written"))
    }

    fn tip(&self, full: &str) -> Result<Option<Oid>> {
        reference::value(&self.git, full)
    }

    /// Refuses `a/b` beside a branch `a`, and `a` beside `a/b`: both would need the same file name.
    fn refuse_collision(&self, name: &str) -> Result<()> {
        let words = |other: &str| {
            format!("cannot create branch '{name}': branch '{other}' exists; choose another name, or rename that one")
        };
        for (at, _) in name.match_indices('/') {
            if self.tip(&format!("refs/heads/{}", &name[..at]))?.is_some() {
                bail!(words(&name[..at]));
            }
        }
        let mut below = self.git.references_glob(&format!("refs/heads/{name}/*"))?;
        if let Some(other) = below.names().flatten().next() {
            bail!(words(other.trim_start_matches("refs/heads/")));
        }
        Ok(())
    }

    fn refuse_if_in_use(&self, name: &str, full: &str) -> Result<()> {
        for folder in self.worktree_git_folders() {
            let Some(how) = use_of(&folder, full) else {
                continue;
            };
            if how == "checked out" && folder == self.git.commondir() && self.main_is_bare() {
                continue;
            }
            let place = self.worktree_of(&folder);
            let way_out =
                if place.exists() { "commit there without --branch" } else { "it is gone, `git worktree prune`" };
            bail!("branch '{name}' is {how} at {}: {way_out}, or choose another name", place.display());
        }
        Ok(())
    }

    /// The git folder of the main worktree and of each linked one (gitrepository-layout(5)).
    fn worktree_git_folders(&self) -> Vec<PathBuf> {
        let common = self.git.commondir();
        let linked = fs::read_dir(common.join("worktrees")).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut folders: Vec<PathBuf> = linked.collect();
        folders.push(common.to_owned());
        folders.sort();
        folders
    }

    /// The worktree of a git folder: what its `gitdir` file names, else the folder around `.git`.
    pub(super) fn worktree_of(&self, folder: &Path) -> PathBuf {
        if let (true, Some(root)) = (folder == self.git.path(), self.root()) {
            return root.to_owned();
        }
        let named = fs::read_to_string(folder.join("gitdir")).ok();
        let git = named.map_or_else(|| folder.to_owned(), |text| PathBuf::from(text.trim_end()));
        git.parent().unwrap_or(&git).to_owned()
    }

    /// Whether the main repository has no worktree: then its HEAD is no checkout.
    fn main_is_bare(&self) -> bool {
        match self.git.is_worktree() {
            true => self.git.config().and_then(|config| config.get_bool("core.bare")).unwrap_or(false),
            false => self.git.is_bare(),
        }
    }
}

fn full_name(name: &str) -> Result<String> {
    let full = format!("refs/heads/{name}");
    if name == "HEAD" || name.starts_with('-') || name.contains('\0') || !Reference::is_valid_name(&full) {
        bail!("'{}' is not a valid branch name: `git check-ref-format --branch` says what is", name.escape_debug());
    }
    Ok(full)
}

/// How the worktree of a git folder uses a branch, as git's `die_if_checked_out` judges it.
fn use_of(folder: &Path, full: &str) -> Option<&'static str> {
    let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap_or_default();
    let short = full.trim_start_matches("refs/heads/");
    if read("HEAD").trim_end().strip_prefix("ref:").map(str::trim_start) == Some(full) {
        Some("checked out")
    } else if read("rebase-merge/head-name").trim_end() == full || read("rebase-apply/head-name").trim_end() == full {
        Some("being rebased")
    } else if folder.join("BISECT_LOG").exists() && read("BISECT_START").trim_end() == short {
        Some("being bisected")
    } else {
        None
    }
}
