//! A run that was killed, or whose machine lost power, is finished or undone by the next run, whatever that is for.
//!
//! Only a run that is no more is touched: a live one holds the lock of its turn. What a live one is doing is none of
//! our business here, and nothing happens.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use git2::Repository;

use super::Repo;
use super::delivery::Delivery;
use super::journal::Journal;
use super::open::root_of_unknown_format;
use super::turn::Turn;
use super::worktree::Outcome;

/// The folder of the turn in a plain folder.
const IN_FOLDER: &str = ".wf-fix-run";
/// The same in a git folder.
const IN_GIT: &str = "wf-fix";

impl Repo {
    fn recover(&self) -> Result<Option<String>> {
        let Some(turn) = Turn::of_the_dead(&self.git.commondir().join(IN_GIT))? else { return Ok(None) };
        if turn.is_empty() {
            return Ok(None);
        }
        self.recover_turn(turn).map(Some)
    }

    /// The turn to deliver here.
    pub(super) fn turn(&self) -> Result<Turn> {
        let turn = Turn::take(&self.git.commondir().join(IN_GIT))?;
        if turn.read_journal()?.is_some() {
            bail!("{}; run wf-fix again", self.recover_turn(turn)?);
        }
        Ok(turn)
    }

    fn recover_turn(&self, turn: Turn) -> Result<String> {
        let Some(journal) = journal_of(&turn)? else { return Ok(nothing_done()) };
        let here = self.git_dir_name()?;
        let there = journal.git_dir.clone().unwrap_or_default();
        if here == there {
            return settle(turn, journal, Some(self));
        }
        let folder = self.git.commondir().join(&there);
        let root = self.worktree_of(&folder);
        let place = if there.is_empty() { self.git.commondir() } else { root.as_path() };
        let other = Repo::open(Some(place)).with_context(|| {
            format!(
                "a run of wf-fix was killed in the worktree {}, which cannot be opened: if it is gone for good, remove {}",
                root.display(),
                turn.path("").display()
            )
        })?;
        if other.git.commondir() != self.git.commondir() || other.git_dir_name()? != there {
            bail!("a run of wf-fix was killed in the worktree {}: run wf-fix there", root.display());
        }
        settle(turn, journal, Some(&other))
    }

    /// The git folder of this worktree, seen from the common one: empty, or `worktrees/NAME`.
    pub(super) fn git_dir_name(&self) -> Result<String> {
        let name = self.git.path().strip_prefix(self.git.commondir()).unwrap_or(Path::new(""));
        Ok(name.to_str().context("the name of the worktree is not UTF-8")?.to_owned())
    }

    /// What the journal remembers of index and worktree, so that another environment is not taken for the same.
    pub(super) fn index_name(&self) -> Result<String> {
        let index = self.git.index()?;
        let path = index.path().context("the index has no file")?;
        let root = self.root().map(|root| root.display().to_string()).unwrap_or_default();
        let standard = self.git.path().parent().is_some_and(|around| Some(around) == self.root()) || self.is_linked();
        let root = if standard { String::new() } else { root };
        Ok(format!("{root}:{}", path.strip_prefix(self.git.path()).unwrap_or(path).display()))
    }

    fn is_linked(&self) -> bool {
        self.git.path() != self.git.commondir()
    }
}

/// Whether a run is under way around `dir` (as in [`Repo::open`]) or was killed there: a look at a few names.
pub fn left_behind(dir: Option<&Path>) -> bool {
    let there = |folder: &Path| fs::symlink_metadata(folder).is_ok();
    match common_git_folder(dir) {
        // Beside a `.git` of a format that cannot be opened the files are those of a plain folder.
        Some(common) => there(&common.join(IN_GIT)) || there(&common.with_file_name(IN_FOLDER)),
        None => there(&dir.unwrap_or(Path::new(".")).join(IN_FOLDER)),
    }
}

/// Finishes or undoes what a killed run left around `dir`, in a repository or in a plain folder, and says which.
///
/// # Errors
/// It cannot be done, and why; it is tried again by the next run. Nothing that anybody changed since is overwritten.
pub fn recover(dir: Option<&Path>) -> Result<Option<String>> {
    match common_git_folder(dir) {
        Some(_) => match root_of_unknown_format(dir) {
            Some(root) => recover_folder(&root),
            None => Repo::open(dir)?.recover(),
        },
        None => recover_folder(dir.unwrap_or(Path::new("."))),
    }
}

/// Where git would look, without opening it.
fn common_git_folder(dir: Option<&Path>) -> Option<PathBuf> {
    let named = env::var_os("GIT_DIR").filter(|_| dir.is_none()).map(PathBuf::from);
    let no_ceiling: [&OsStr; 0] = [];
    let git = named.or_else(|| Repository::discover_path(dir.unwrap_or(Path::new(".")), no_ceiling).ok())?;
    let common = fs::read_to_string(git.join("commondir")).ok();
    Some(common.map_or_else(|| git.clone(), |common| git.join(common.trim_end())))
}

fn recover_folder(root: &Path) -> Result<Option<String>> {
    let Some(turn) = Turn::of_the_dead(&root.join(IN_FOLDER))? else { return Ok(None) };
    if turn.is_empty() {
        return Ok(None);
    }
    recover_turn(turn).map(Some)
}

/// The turn to deliver into a plain folder.
pub(super) fn turn_of_folder(root: &Path) -> Result<Turn> {
    let turn = Turn::take(&root.join(IN_FOLDER))?;
    if turn.read_journal()?.is_some() {
        bail!("{}; run wf-fix again", recover_turn(turn)?);
    }
    Ok(turn)
}

fn recover_turn(turn: Turn) -> Result<String> {
    let Some(journal) = journal_of(&turn)? else { return Ok(nothing_done()) };
    settle(turn, journal, None)
}

fn journal_of(turn: &Turn) -> Result<Option<Journal>> {
    let Some(bytes) = turn.read_journal()? else { return Ok(None) };
    let journal = Journal::parse(&bytes).with_context(|| {
        format!(
            "a run of wf-fix was killed here and its journal {} cannot be used: look at `git status`, then remove the \
             folder around it",
            turn.path("journal").display()
        )
    })?;
    Ok(Some(journal))
}

fn settle(turn: Turn, journal: Journal, repo: Option<&Repo>) -> Result<String> {
    let root = match repo {
        Some(repo) if journal.files.is_empty() => repo.root().map(Path::to_owned),
        Some(repo) => Some(repo.worktree_root()?.canonicalize()?),
        None => Some(turn.home().canonicalize()?),
    };
    if let (Some(repo), Some(index)) = (repo, &journal.index)
        && repo.index_name()? != *index
    {
        bail!(
            "a run of wf-fix was killed here that worked with another worktree or index (`{}`): run wf-fix once with \
             the same GIT_WORK_TREE and GIT_INDEX_FILE",
            index.escape_debug()
        );
    }
    let delivery = Delivery::resume(turn, journal, repo, root);
    let failed = "a run of wf-fix was killed here, and what it left cannot be put in order yet";
    let (outcome, kept) = delivery.settle(None).context(failed)?;
    let Delivery { turn, journal, .. } = delivery;
    turn.end().context(failed)?;
    Ok([vec![told(outcome, &journal)], kept].concat().join("\n"))
}

fn nothing_done() -> String {
    "a run of wf-fix was killed here before it had changed anything".to_owned()
}

fn told(outcome: Outcome, journal: &Journal) -> String {
    let files = crate::report::safe::plural(journal.files.len(), "file");
    let reference = journal.reference.as_ref().map(|plan| (plan.name.trim_start_matches("refs/heads/"), &plan.new[..]));
    let what = match reference {
        Some((name, new)) => format!("{name} to {}, {files} of the worktree", &new[..12.min(new.len())]),
        None => files,
    };
    let ending = match outcome {
        Outcome::Finished => "finished now, all of it is delivered",
        Outcome::Undone => "undone now, nothing of it is left",
        Outcome::Left => "neither finished nor undone, for the branch has moved on since: the files stay as they are",
    };
    format!("a run of wf-fix was killed here while it delivered ({what}): {ending}")
}
