//! One delivery at a time: an advisory lock on a file in a folder of our own, which the kernel lets go when the process
//! ends, however it ends.
//!
//! The folder is `wf-fix` in the common git folder, so that the linked worktrees of a repository share it; outside of
//! git it is `.wf-fix-run` in the folder that is edited. Between deliveries it does not exist. All that a delivery needs
//! besides the files it changes is in it; whoever holds the lock may remove the rest, for nobody else is writing there.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::durable;

const LOCK: &str = "lock";
const JOURNAL: &str = "journal";

/// The largest journal: one of a million files is smaller.
const MOST: u64 = 256 << 20;

/// The lock, held. Dropped, it clears the folder, except while a journal stands there: that is for the next run.
pub(super) struct Turn {
    folder: PathBuf,
    _lock: File,
}

impl Turn {
    /// Takes the lock, or says that another run holds it.
    pub fn take(folder: &Path) -> Result<Turn> {
        match Self::attempt(folder)? {
            Some(turn) => Ok(turn),
            None => {
                bail!(
                    "another wf-fix is writing here: nothing was written; wait for it to end and run wf-fix again ({})",
                    folder.display()
                )
            }
        }
    }

    /// Takes the lock if a run left the folder behind and is no more.
    pub fn of_the_dead(folder: &Path) -> Result<Option<Turn>> {
        if fs::symlink_metadata(folder).is_ok() { Self::attempt(folder) } else { Ok(None) }
    }

    fn attempt(folder: &Path) -> Result<Option<Turn>> {
        let cannot = || format!("{} cannot be written: nothing was changed", folder.display());
        let place = folder.join(LOCK);
        // Whoever ends removes file and folder: what we opened counts only if it still stands there.
        for _ in 0..1000 {
            match fs::create_dir(folder) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error).with_context(cannot),
                _ => {}
            }
            not_a_link(folder)?;
            let lock = match open_lock(&place) {
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                opened => opened.inspect_err(|_| drop(fs::remove_dir(folder))).with_context(cannot)?,
            };
            match lock.try_lock() {
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error).with_context(cannot),
                Ok(()) if stands_at(&lock, &place) => return Ok(Some(Turn { folder: folder.to_owned(), _lock: lock })),
                Ok(()) => {}
            }
        }
        Ok(None)
    }

    /// The folder around ours.
    pub fn home(&self) -> &Path {
        self.folder.parent().filter(|home| !home.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// Whether there is only the lock: no run ever got further, or one is about to begin and will take it again.
    pub fn is_empty(&self) -> bool {
        let mut entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries.all(|entry| entry.file_name() == LOCK)
    }

    /// A file of this name in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Puts the journal down, whole or not at all, so that it outlasts a power cut.
    pub fn write_journal(&self, bytes: &[u8]) -> Result<()> {
        let part = self.path("journal.part");
        let written = durable::create(&part, bytes)
            .and_then(|()| fs::rename(&part, self.path(JOURNAL)))
            .and_then(|()| durable::sync_folder(&self.folder))
            .and_then(|()| durable::sync_around(&self.folder));
        written.with_context(|| format!("{} cannot be written: nothing was changed", self.folder.display()))
    }

    /// The journal that stands here.
    pub fn read_journal(&self) -> Result<Option<Vec<u8>>> {
        let place = self.path(JOURNAL);
        let cannot = || format!("{} cannot be read", place.display());
        // Opening a FIFO would hang, and a link leads elsewhere: look before.
        match fs::symlink_metadata(&place) {
            Ok(meta) if !meta.is_file() || meta.len() > MOST => {
                bail!("{} is no journal of wf-fix: remove the folder around it", place.display())
            }
            Ok(_) => fs::read(&place).map(Some).with_context(cannot),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(cannot),
        }
    }

    /// The delivery is settled: the journal goes first, then the rest.
    pub fn end(self) -> Result<()> {
        let journal = self.path(JOURNAL);
        durable::remove(&journal).with_context(|| format!("{} cannot be removed", journal.display()))?;
        Ok(durable::sync_folder(&self.folder)?)
    }

    fn clear(&self) -> std::io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_name() == LOCK {
            } else if entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?;
            } else {
                fs::remove_file(entry.path())?;
            }
        }
        // From here on another run may begin; the folder then stays, for it is not empty.
        fs::remove_file(self.path(LOCK))?;
        fs::remove_dir(&self.folder)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if fs::symlink_metadata(self.path(JOURNAL)).is_err() {
            // What is left is no harm; the next run clears it.
            let _ = self.clear();
        }
    }
}

/// Refuses a link in the place of our folder: what is in the folder is ours to remove, what is elsewhere is not.
fn not_a_link(folder: &Path) -> Result<()> {
    match fs::symlink_metadata(folder) {
        Ok(meta) if !meta.is_dir() => {
            bail!("{} is not a folder that wf-fix made: nothing was changed; remove it", folder.display())
        }
        _ => Ok(()),
    }
}

/// Opens the lock or makes it, and follows no link on the way.
fn open_lock(place: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    }
    options.open(place)
}

#[cfg(unix)]
fn stands_at(file: &File, place: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |meta: fs::Metadata| (meta.dev(), meta.ino());
    file.metadata().ok().map(id) == fs::symlink_metadata(place).ok().map(id)
}

/// An open file cannot be removed here.
#[cfg(not(unix))]
fn stands_at(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_the_lock_and_what_it_leaves_is_cleared() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("wf-fix");
        assert!(Turn::of_the_dead(&folder).unwrap().is_none() && !folder.exists());
        let turn = Turn::take(&folder).unwrap();
        assert!(Turn::take(&folder).is_err() && Turn::of_the_dead(&folder).unwrap().is_none());
        fs::write(turn.path("claim"), "x").unwrap();
        drop(turn);
        assert!(!folder.exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_the_folder_or_the_lock_leads_nowhere() {
        let home = tempfile::tempdir().unwrap();
        let (folder, other) = (home.path().join("wf-fix"), home.path().join("other"));
        fs::create_dir(&other).unwrap();
        fs::write(other.join("precious"), "x").unwrap();
        std::os::unix::fs::symlink(&other, &folder).unwrap();
        assert!(Turn::of_the_dead(&folder).is_err() && Turn::take(&folder).is_err());
        assert_eq!(fs::read_dir(&other).unwrap().count(), 1);
        fs::remove_file(&folder).unwrap();
        fs::create_dir(&folder).unwrap();
        std::os::unix::fs::symlink(other.join("new"), folder.join(LOCK)).unwrap();
        assert!(Turn::take(&folder).is_err() && !other.join("new").exists());
    }

    #[test]
    fn a_journal_outlives_its_run_until_it_is_ended() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("wf-fix");
        let turn = Turn::take(&folder).unwrap();
        turn.write_journal(b"{}").unwrap();
        drop(turn);
        let turn = Turn::of_the_dead(&folder).unwrap().unwrap();
        assert_eq!(turn.read_journal().unwrap().unwrap(), b"{}");
        turn.end().unwrap();
        assert!(!folder.exists());
    }
}
