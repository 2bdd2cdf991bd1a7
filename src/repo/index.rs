//! The index under git's own lock: `index.lock` is taken before the first write and becomes the new index at the end.
//!
//! libgit2 takes the lock only while it writes, which would leave time for another process in between; so the new
//! index is written to a file of its own, renamed onto the lock, and the lock onto the index, as `git commit -o` does.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use git2::{Index, IndexEntry, IndexTime, Oid, Repository};

/// The words for a lock that another process holds.
fn held(lock: &Path) -> String {
    format!(
        "Unable to create '{}': File exists.\nAnother git process seems to be running in this repository: wait for \
         it to end; if it crashed earlier, remove the file",
        lock.display()
    )
}

/// The repository's index, read anew; an error for the kinds libgit2 cannot read.
pub(super) fn load(git: &Repository) -> Result<Index> {
    let way_out = |error: git2::Error| {
        let hint = match error.message() {
            text if text.contains("'link'") => "it is split: `git update-index --no-split-index`",
            text if text.contains("'sdir'") => "it is sparse: `git sparse-checkout reapply --no-sparse-index`",
            _ => "`git status` may say more",
        };
        anyhow::anyhow!("the index cannot be read ({}): {hint}, or use --branch NAME", error.message())
    };
    let mut index = git.index().map_err(way_out)?;
    index.read(true).map_err(way_out)?;
    Ok(index)
}

/// Refuses if another process holds the lock now.
pub(super) fn guard_unlocked(index: &Index) -> Result<()> {
    let lock = lock_path(index)?;
    if fs::symlink_metadata(&lock).is_ok() {
        bail!(held(&lock));
    }
    Ok(())
}

fn lock_path(index: &Index) -> Result<PathBuf> {
    let mut lock = index.path().context("the index has no file")?.as_os_str().to_owned();
    lock.push(".lock");
    Ok(lock.into())
}

/// What becomes of one path of the index.
pub(super) struct Update<'a> {
    pub path: &'a str,
    /// The new blob and the file on disk that holds it; `None` removes the entry.
    pub entry: Option<(Oid, PathBuf)>,
}

/// `index.lock`, held. Dropped, it is removed and the index stays as it was.
pub(super) struct IndexLock {
    index: PathBuf,
    lock: PathBuf,
    held: bool,
}

impl IndexLock {
    /// Takes the lock, or says who may hold it.
    pub fn acquire(index: &Index) -> Result<Self> {
        let lock = lock_path(index)?;
        match OpenOptions::new().write(true).create_new(true).open(&lock) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!(held(&lock)),
            Err(error) => {
                return Err(error).with_context(|| format!("{} cannot be created", lock.display()));
            }
        }
        let index = index.path().context("the index has no file")?.to_owned();
        Ok(IndexLock { index, lock, held: true })
    }

    /// Writes the index as it shall be into the lock: only `updates` differ.
    pub fn stage(&self, updates: &[Update<'_>]) -> Result<()> {
        let folder = self.index.parent().context("the index has no folder")?;
        let scratch = tempfile::Builder::new().prefix("index.wf-fix-").tempfile_in(folder)?.into_temp_path();
        fs::copy(&self.index, &scratch)?;
        let written = fs::metadata(&self.index)?;
        let mut index = Index::open(&scratch)?;
        smudge_racy(&mut index, &written)?;
        for update in updates {
            let path = Path::new(update.path);
            match &update.entry {
                None => index.remove(path, 0)?,
                Some((id, file)) => {
                    let mut entry = index.get_path(path, 0).context("the index entry is gone")?;
                    entry.id = *id;
                    stat_into(&mut entry, &fs::symlink_metadata(file)?);
                    index.add(&entry)?;
                }
            }
        }
        index.write()?;
        fs::set_permissions(&scratch, written.permissions())?;
        File::open(&scratch)?.sync_all()?;
        fs::rename(&scratch, &self.lock)?;
        Ok(())
    }

    /// Makes the staged index the index.
    pub fn commit(mut self) -> Result<()> {
        fs::rename(&self.lock, &self.index)?;
        self.held = false;
        Ok(())
    }
}

impl Drop for IndexLock {
    fn drop(&mut self) {
        if self.held {
            let _ = fs::remove_file(&self.lock);
        }
    }
}

/// Marks entries as unverified that may have changed within the clock tick of the last index write.
///
/// Git compares such a file's content as long as its time is not before the index's own (racy-git.txt). Our newer
/// index would end that and hide the change; size 0 makes git compare it once more. Seconds, as git may be built so.
fn smudge_racy(index: &mut Index, written: &Metadata) -> Result<()> {
    let written = mtime(written).seconds();
    let racy: Vec<IndexEntry> = index.iter().filter(|e| e.mtime.seconds() >= written && e.file_size != 0).collect();
    for mut entry in racy {
        entry.file_size = 0;
        index.add(&entry)?;
    }
    Ok(())
}

#[cfg(unix)]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // the index keeps the low 32 bits of each
fn stat_into(entry: &mut IndexEntry, meta: &Metadata) {
    use std::os::unix::fs::MetadataExt;
    entry.ctime = IndexTime::new(meta.ctime() as i32, meta.ctime_nsec() as u32);
    entry.mtime = mtime(meta);
    entry.dev = meta.dev() as u32;
    entry.ino = meta.ino() as u32;
    entry.uid = meta.uid();
    entry.gid = meta.gid();
    entry.file_size = meta.size() as u32;
}

#[cfg(unix)]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn mtime(meta: &Metadata) -> IndexTime {
    use std::os::unix::fs::MetadataExt;
    IndexTime::new(meta.mtime() as i32, meta.mtime_nsec() as u32)
}

/// Without the stat fields git compares the content once and fills them in.
#[cfg(not(unix))]
fn stat_into(entry: &mut IndexEntry, _: &Metadata) {
    entry.mtime = IndexTime::new(0, 0);
    entry.file_size = 0;
}

#[cfg(not(unix))]
fn mtime(_: &Metadata) -> IndexTime {
    IndexTime::new(0, 0)
}
