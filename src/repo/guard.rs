//! The refusals that concern the repository as a whole, each with git's words for the way out.

use std::path::PathBuf;

use anyhow::{Result, bail};
use git2::RepositoryState as State;

use super::build::Builder;
use super::{CommitOptions, Repo, clean, folder, index};

/// Hooks that have a say in what `git commit` commits.
const DECIDING: [&str; 3] = ["pre-commit", "prepare-commit-msg", "commit-msg"];
/// Hooks that git would run besides.
const FOLLOWING: [&str; 3] = ["post-commit", "post-index-change", "reference-transaction"];

impl Repo {
    /// Every refusal of [`Repo::commit_on_head`] that can be known now, before anything is written.
    pub fn guard_commit(&self, paths: &[&str], options: CommitOptions) -> Result<()> {
        self.guard_state(options)?;
        Builder::new(self)?;
        let index = index::load(&self.git)?;
        index::guard_unlocked(&index)?;
        self.guard_paths(&index, paths)
    }

    /// Refuses unless these files are clean: what a commit of them alone would say of them.
    pub fn guard_files(&self, paths: &[&str]) -> Result<()> {
        let head = self.git.find_commit(self.commit_of("HEAD")?)?.tree()?;
        clean::guard(&self.git, self.worktree_root()?, &index::load(&self.git)?, &head, paths)
    }

    /// The executable hooks that git would run for a commit and wf-fix does not, sorted.
    pub fn unrun_hooks(&self) -> Vec<&'static str> {
        let mut found: Vec<_> = DECIDING.into_iter().chain(FOLLOWING).filter(|name| self.has_hook(name)).collect();
        found.sort_unstable();
        found
    }

    fn guard_state(&self, options: CommitOptions) -> Result<()> {
        self.worktree_root()?;
        // Between two commits of a sequence libgit2 sees nothing; `git status` does.
        let state = match self.git.state() {
            State::Clean if self.git.path().join("sequencer/todo").exists() => State::CherryPickSequence,
            state => state,
        };
        if let Some((what, way_out)) = in_progress(state) {
            bail!("{what} is in progress: {way_out}; --branch NAME works meanwhile");
        }
        self.commit_of("HEAD")?;
        self.guard_replaced(false)?;
        self.guard_reference("HEAD")?;
        self.guard_reference(&self.branch_of_head()?)?;
        if !options.no_verify
            && let Some(hook) = DECIDING.into_iter().find(|name| self.has_hook(name))
        {
            bail!(
                "the {hook} hook is installed ({}) and wf-fix runs no hooks: commit without it by --no-verify, or \
                 use --no-commit and `git commit`",
                self.hooks_folder().display()
            );
        }
        Ok(())
    }

    /// Refuses unless all paths are clean; also what `git commit` refuses while anything is unmerged.
    pub(super) fn guard_paths(&self, index: &git2::Index, paths: &[&str]) -> Result<()> {
        let head = self.git.find_commit(self.commit_of("HEAD")?)?.tree()?;
        clean::guard(&self.git, self.worktree_root()?, index, &head, paths)?;
        if index.has_conflicts() {
            bail!(
                "Committing is not possible because you have unmerged files: fix them up and `git add` them, or use \
                 --branch NAME"
            );
        }
        Ok(())
    }

    fn has_hook(&self, name: &str) -> bool {
        std::fs::metadata(self.hooks_folder().join(name)).is_ok_and(|meta| meta.is_file() && is_runnable(&meta))
    }

    /// `core.hooksPath`, relative to the worktree as in githooks(5), else `hooks` of the repository.
    fn hooks_folder(&self) -> PathBuf {
        let configured = self.git.config().and_then(|config| config.get_path("core.hooksPath")).ok();
        match (configured, self.root()) {
            (Some(path), Some(root)) => root.join(path),
            (Some(path), None) => self.git.path().join(path),
            (None, _) => self.git.commondir().join("hooks"),
        }
    }
}

/// Git for Windows runs a hook by its first line; elsewhere the executable bit decides.
fn is_runnable(meta: &std::fs::Metadata) -> bool {
    cfg!(not(unix)) || folder::is_executable(meta)
}

fn in_progress(state: State) -> Option<(&'static str, &'static str)> {
    Some(match state {
        State::Clean => return None,
        State::Merge => ("a merge", "finish it with `git merge --continue` or `git merge --abort`"),
        State::Revert | State::RevertSequence => {
            ("a revert", "finish it with `git revert --continue` or `git revert --abort`")
        }
        State::CherryPick | State::CherryPickSequence => {
            ("a cherry-pick", "finish it with `git cherry-pick --continue` or `git cherry-pick --abort`")
        }
        State::Bisect => ("a bisect", "finish it with `git bisect reset`"),
        State::Rebase | State::RebaseInteractive | State::RebaseMerge => {
            ("a rebase", "finish it with `git rebase --continue` or `git rebase --abort`")
        }
        State::ApplyMailbox => ("an am session", "finish it with `git am --continue` or `git am --abort`"),
        State::ApplyMailboxOrRebase => (
            "an am session or a rebase",
            "finish it with `git am --continue` or `git am --abort` (or `git rebase --continue`, `--abort`)",
        ),
    })
}
