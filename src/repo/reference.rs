//! Moving a branch, or a detached HEAD, by the protocol of git's `files` references (gitrepository-layout(5)):
//! `<ref>.lock` is created only if nobody has it, the reflogs get their line, the lock is renamed to the reference.
//!
//! libgit2 does the same, but its lock is empty at first, so that after a crash nobody could tell whose it is. Ours
//! comes into being with its content, the commit that only this delivery knows, by a link to a finished file.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use git2::{ErrorCode, Oid, ReferenceType, Repository};

use super::Repo;
use super::durable;
use super::journal::Move;
use super::worktree::remove_empty_folders;

/// The files of a reference that moves.
pub(super) struct Reference<'a> {
    git: &'a Repository,
    plan: &'a Move,
    file: PathBuf,
    lock: PathBuf,
    /// The reference's own reflog, and HEAD's if HEAD stands on it.
    logs: Vec<PathBuf>,
    /// Which of them are begun where there is none.
    wanted: [bool; 2],
}

impl<'a> Reference<'a> {
    /// Finds the files; touches nothing.
    pub fn of(repo: &'a Repo, plan: &'a Move) -> Self {
        let (own, common) = (repo.git.path(), repo.git.commondir());
        let home = if plan.name == "HEAD" { own } else { common };
        let mut logs = vec![home.join("logs").join(&plan.name)];
        if plan.by_head && plan.name != "HEAD" {
            logs.push(own.join("logs/HEAD"));
        }
        let mut lock = home.join(&plan.name).into_os_string();
        lock.push(".lock");
        let file = home.join(&plan.name);
        let wanted = [wants_log(repo, &plan.name), wants_log(repo, "HEAD")];
        Reference { git: &repo.git, plan, file, lock: lock.into(), logs, wanted }
    }

    /// Which of the reflogs are there.
    pub fn logs_there(&self) -> Vec<bool> {
        self.logs.iter().map(|log| log.is_file()).collect()
    }

    /// What the reference holds now.
    pub fn value(&self) -> Result<Option<Oid>> {
        value(self.git, &self.plan.name)
    }

    /// Whether it points at another reference by now, as a HEAD that was detached may.
    pub fn is_symbolic(&self) -> bool {
        let found = self.git.find_reference(&self.plan.name);
        found.is_ok_and(|reference| reference.kind() == Some(ReferenceType::Symbolic))
    }

    /// Takes the lock; `ready` is a synced file with the new value.
    pub fn lock(&self, ready: &Path) -> Result<()> {
        make_room(&self.file)?;
        take(&self.lock, ready, &self.plan.value()).with_context(|| held(&self.plan.name, &self.lock))
    }

    /// Moves the reference: from here on everybody sees the new state.
    pub fn advance(&self) -> Result<()> {
        let moved = || format!("{} cannot be moved", self.plan.name);
        for ((log, there), wanted) in self.logs.iter().zip(&self.plan.logs).zip(self.wanted) {
            if wanted || *there {
                append(log, &self.plan.line).with_context(moved)?;
            }
        }
        fs::rename(&self.lock, &self.file).with_context(moved)?;
        durable::sync_around(&self.file).with_context(moved)
    }

    /// Takes our line back out of the reflogs: it stands last there, whole or torn.
    pub fn unlog(&self) -> Result<()> {
        for (log, there) in self.logs.iter().zip(&self.plan.logs) {
            let bytes = read_if_there(log)?;
            let kept = bytes.as_ref().map_or(0, |bytes| without_tail(bytes, self.plan.line.as_bytes()));
            if kept == 0 && !there {
                if bytes.is_some() {
                    fs::remove_file(log).with_context(|| format!("{} cannot be removed", log.display()))?;
                }
                remove_empty_folders(self.git.commondir(), log);
            } else if bytes.is_some_and(|bytes| kept < bytes.len()) {
                let file = OpenOptions::new().write(true).open(log);
                let cut = file.and_then(|file| file.set_len(kept as u64).and_then(|()| file.sync_all()));
                cut.with_context(|| format!("{} cannot be cut", log.display()))?;
            }
        }
        Ok(())
    }

    /// Removes the lock if it is ours, and folders that were made for a branch that did not come to be.
    pub fn unlock(&self) -> Result<()> {
        release(&self.lock, &self.plan.value())?;
        let heads = self.git.commondir().join("refs/heads");
        if self.plan.old.is_none() && self.file.starts_with(&heads) {
            remove_empty_folders(&heads, &self.file);
        }
        Ok(())
    }
}

impl Repo {
    /// Refuses if the reference could not be moved now: somebody holds its lock, or git would move none at all.
    pub(super) fn guard_reference(&self, name: &str) -> Result<()> {
        if std::env::var_os("GIT_QUARANTINE_PATH").is_some() {
            bail!("ref updates forbidden inside quarantine environment: run wf-fix after the push, not in its hook");
        }
        let home = if name == "HEAD" { self.git.path() } else { self.git.commondir() };
        let lock = home.join(format!("{name}.lock"));
        if fs::symlink_metadata(&lock).is_ok() {
            bail!(held(name, &lock));
        }
        Ok(())
    }

    /// The reference that a commit on HEAD moves: HEAD itself, when it is detached.
    pub(super) fn branch_of_head(&self) -> Result<String> {
        let head = self.git.find_reference("HEAD")?;
        let Some(branch) = head.symbolic_target()? else { return Ok("HEAD".to_owned()) };
        let next = self.git.find_reference(branch)?;
        if let Some(target) = next.symbolic_target()? {
            bail!(
                "HEAD is on {branch}, which stands for {target}: `git symbolic-ref HEAD {target}`, or use --branch NAME"
            );
        }
        Ok(branch.to_owned())
    }
}

/// The words for a lock that somebody holds.
fn held(name: &str, lock: &Path) -> String {
    format!("cannot lock {name}: another git process seems to hold it; if it crashed, remove {}", lock.display())
}

/// What a reference holds; a symbolic one is not for us to move.
pub(super) fn value(git: &Repository, name: &str) -> Result<Option<Oid>> {
    match git.find_reference(name) {
        Ok(reference) => match reference.target() {
            Some(id) => Ok(Some(id)),
            None => bail!("{name} is a symbolic reference: name the branch it points at"),
        },
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{name} cannot be read: `git fsck` may say why")),
    }
}

/// Takes a lock file: it appears with its whole content, or not at all if the name is taken. Where the file system
/// knows no links it is created and then filled; a crash in between leaves an empty lock that nobody can claim.
pub(super) fn take(lock: &Path, ready: &Path, content: &[u8]) -> std::io::Result<()> {
    match fs::hard_link(ready, lock) {
        Ok(()) => durable::sync_around(lock),
        Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::StorageFull) => Err(error),
        Err(_) => durable::create(lock, content),
    }
}

/// Removes a lock file if it holds what ours does.
pub(super) fn release(lock: &Path, content: &[u8]) -> Result<()> {
    match read_if_there(lock)? {
        Some(bytes) if bytes == content => {
            fs::remove_file(lock).with_context(|| format!("{} cannot be removed", lock.display()))
        }
        _ => Ok(()),
    }
}

/// The bytes of a file. Only if it is known not to be there it counts as absent, not if it cannot be read.
fn read_if_there(place: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(place) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error)
            if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory) =>
        {
            Ok(None)
        }
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", place.display())),
    }
}

/// `core.logAllRefUpdates`: by default branches and HEAD have reflogs, and only in a repository with a worktree.
fn wants_log(repo: &Repo, name: &str) -> bool {
    let usual = name == "HEAD" || ["refs/heads/", "refs/remotes/", "refs/notes/"].iter().any(|at| name.starts_with(at));
    let config = repo.git.config();
    let set = config.as_ref().ok().and_then(|config| config.get_string("core.logAllRefUpdates").ok());
    match set.as_deref() {
        Some("always") => true,
        Some(_) => usual && config.and_then(|config| config.get_bool("core.logAllRefUpdates")).unwrap_or(true),
        None => usual && repo.root().is_some(),
    }
}

fn append(log: &Path, line: &str) -> std::io::Result<()> {
    make_room(log)?;
    let mut file = OpenOptions::new().append(true).create(true).open(log)?;
    file.write_all(line.as_bytes())?;
    file.sync_all()
}

/// The folder for a file, and no empty folders in its own place, which git may leave of a deleted branch.
fn make_room(file: &Path) -> std::io::Result<()> {
    file.parent().map_or(Ok(()), fs::create_dir_all)?;
    if file.is_dir() {
        remove_empty_tree(file)?;
    }
    Ok(())
}

fn remove_empty_tree(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_empty_tree(&entry.path())?;
        }
    }
    fs::remove_dir(folder)
}

/// How much of a reflog there is without our line, or the beginning of it, at the end.
fn without_tail(log: &[u8], line: &[u8]) -> usize {
    if log.ends_with(line) {
        return log.len() - line.len();
    }
    let start = log.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    if line.starts_with(&log[start..]) { start } else { log.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_whole_or_torn_and_no_other_does() {
        for (log, kept) in [("a\nours\n", 2), ("a\nou", 2), ("ours\n", 0), ("a\n", 2), ("", 0), ("a\nother", 7)] {
            assert_eq!(without_tail(log.as_bytes(), b"ours\n"), kept, "{log:?}");
        }
    }

    #[test]
    fn a_lock_is_taken_once_and_only_its_own_is_released() {
        let folder = tempfile::tempdir().unwrap();
        let (ready, lock) = (folder.path().join("ready"), folder.path().join("x.lock"));
        fs::write(&ready, "ours").unwrap();
        take(&lock, &ready, b"ours").unwrap();
        assert!(take(&lock, &ready, b"ours").is_err());
        release(&lock, b"theirs").unwrap();
        assert!(lock.exists());
        release(&lock, b"ours").unwrap();
        assert!(!lock.exists());
    }
}
