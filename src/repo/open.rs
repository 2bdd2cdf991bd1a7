//! Opening a repository as git would find it, and git's way out when it cannot be opened.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Error, Result, anyhow};
use git2::{ErrorCode, Repository, RepositoryOpenFlags as Flags};

use super::Repo;

impl Repo {
    /// Opens the repository around `dir`, or, for `None`, the one git would use here: `GIT_DIR` and its companions,
    /// else the one around the current folder. A `dir` that was named outweighs `GIT_DIR`.
    pub fn open(dir: Option<&Path>) -> Result<Repo> {
        Self::new(raw(dir).map_err(|error| explain(&error, dir))?, dir)
    }

    /// The same; `None` if there is no repository at all.
    pub fn discover(dir: Option<&Path>) -> Result<Option<Repo>> {
        match raw(dir) {
            Ok(git) => Self::new(git, dir).map(Some),
            Err(error) if error.code() == ErrorCode::NotFound && !named_by_environment(dir) => Ok(None),
            Err(error) => Err(explain(&error, dir)),
        }
    }

    fn new(git: Repository, dir: Option<&Path>) -> Result<Repo> {
        // Git heeds GIT_NAMESPACE in transport only; libgit2 would look for every reference in it.
        git.remove_namespace()?;
        if named_by_environment(dir) && worktree_is_here(&git)? {
            git.set_workdir(&env::current_dir()?, false)?;
        }
        let root = git.workdir().map(Path::to_owned);
        let overlay = super::overlay::apply(&git)?;
        if !named_by_environment(dir) {
            super::protected::guard_bare(&git)?;
        }
        // As `raw` below: a folder that was named outweighs GIT_DIR and its companions.
        let heeded = dir.is_none() || env::var_os("GIT_DIR").is_none();
        let objects = heeded.then(|| env::var_os("GIT_OBJECT_DIRECTORY").map(Into::into)).flatten();
        Ok(Repo { git, root, objects, replaced: OnceLock::new(), _overlay: overlay })
    }
}

/// The root of the worktree around `dir` if its repository is of a format that libgit2 does not know (SHA-256,
/// reftable, an extension). Its files can be read and written as those of a plain folder.
pub fn root_of_unknown_format(dir: Option<&Path>) -> Option<PathBuf> {
    let error = raw(dir).err()?;
    if named_by_environment(dir) || !is_of_unknown_format(error.message()) {
        return None;
    }
    root_around(dir.unwrap_or(Path::new(".")))
}

/// The nearest folder with a `.git` in it.
fn root_around(dir: &Path) -> Option<PathBuf> {
    let dir = dir.canonicalize().ok()?;
    dir.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}

fn is_of_unknown_format(text: &str) -> bool {
    ["object format", "objectformat", "extension", "repository version"].iter().any(|word| text.contains(word))
}

/// Whether git would take the current folder for the worktree of a repository that `GIT_DIR` names, as it does if
/// nothing else says where it is (git(1), `GIT_WORK_TREE`). libgit2 takes the folder around `GIT_DIR`.
fn worktree_is_here(git: &Repository) -> Result<bool> {
    let config = git.config()?;
    let said = env::var_os("GIT_WORK_TREE").is_some() || config.get_entry("core.worktree").is_ok();
    Ok(!said && !config.get_bool("core.bare").unwrap_or(false))
}

/// Whether `GIT_DIR` says which repository is meant.
fn named_by_environment(dir: Option<&Path>) -> bool {
    dir.is_none() && env::var_os("GIT_DIR").is_some()
}

fn raw(dir: Option<&Path>) -> Result<Repository, git2::Error> {
    match dir {
        // The companions of GIT_DIR (GIT_INDEX_FILE and such) belong to that repository, not to this one.
        Some(dir) if env::var_os("GIT_DIR").is_some() => open_ext(dir, Flags::empty()),
        Some(dir) => open_ext(dir, Flags::FROM_ENV),
        None => Repository::open_from_env(),
    }
}

fn open_ext(dir: &Path, flags: Flags) -> Result<Repository, git2::Error> {
    Repository::open_ext(dir, flags, [] as [&OsStr; 0])
}

/// The cause in git's words, and what to do.
fn explain(error: &git2::Error, dir: Option<&Path>) -> Error {
    let named = env::var_os("GIT_DIR").filter(|_| dir.is_none());
    let (dir, text) = (dir.unwrap_or(Path::new(".")), error.message());
    if error.code() == ErrorCode::Owner {
        let root = root_around(dir).unwrap_or_else(|| dir.to_owned());
        return anyhow!(
            "detected dubious ownership in the repository at {root}: {text}\n\
             if you trust it: git config --global --add safe.directory '{root}'",
            root = root.display()
        );
    }
    let dir = dir.display();
    if let (ErrorCode::NotFound, Some(named)) = (error.code(), named) {
        return anyhow!(
            "not a git repository: '{}'\nGIT_DIR names it: set it to another, or unset it",
            named.display()
        );
    }
    if error.code() == ErrorCode::NotFound {
        return anyhow!(
            "not a git repository (or any of the parent directories): {dir}\n\
             name one with -C DIR, or edit plain files with --no-commit"
        );
    }
    let way_out = if text.contains("object format") || text.contains("objectformat") {
        "wf-fix reads SHA-1 repositories only: use --no-commit on its worktree and commit with git"
    } else if text.contains("refstorage") {
        "wf-fix reads the `files` reference format only: `git refs migrate --ref-format=files`, or use --no-commit"
    } else if text.contains("partialclone") {
        "the clone works without that entry, its remote is marked as promisor: `git config --unset extensions.partialclone`"
    } else if text.contains("unsupported extension") || text.contains("unsupported repository version") {
        "wf-fix cannot read this repository format: use --no-commit on its worktree and commit with git"
    } else {
        "`git status` there may say more"
    };
    anyhow!("the repository at {dir} cannot be opened: {text}\n{way_out}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use git2::ErrorClass;

    #[test]
    fn a_foreign_owner_is_answered_with_safe_directory() {
        let error = git2::Error::new(ErrorCode::Owner, ErrorClass::Config, "repository path '/r' is not owned");
        let message = explain(&error, Some(Path::new("/r"))).to_string();
        assert!(message.contains("dubious ownership") && message.contains("safe.directory"), "{message}");
    }
}
