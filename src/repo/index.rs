//! The index under git's own lock: `index.lock` is held from before the first write until all is delivered.
//!
//! libgit2 takes the lock only while it writes, which would leave time for another process in between; so the new
//! index is written to a file of its own and renamed onto the index under a lock that is ours.

use std::fs::{self, File, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use git2::{Index, IndexEntry, IndexTime, Oid, Repository};

use super::journal::{CLAIM, Journal};
use super::{durable, extension, reference};

/// The words for a lock that another process holds.
fn held(lock: &Path) -> String {
    let ours = fs::read(lock).is_ok_and(|bytes| bytes.starts_with(CLAIM.as_bytes()));
    let (who, way_out) = match ours {
        true => ("Another wf-fix is writing", "nothing was written; wait for it to end and run wf-fix again"),
        false => {
            ("Another git process seems to be running", "wait for it to end; if it crashed earlier, remove the file")
        }
    };
    format!("Unable to create '{}': File exists.\n{who} in this repository: {way_out}", lock.display())
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
    /// The new one; `None` removes the entry.
    pub new: Option<Oid>,
    /// The state of the file on disk, if it is known to hold just that; else git compares the content once.
    pub meta: Option<Metadata>,
}

/// The index of a delivery: its lock holds a claim that names the delivery, so that it is known for ours after a crash.
pub(super) struct IndexFile {
    index: PathBuf,
    lock: PathBuf,
    scratch: PathBuf,
    claim: Vec<u8>,
}

impl IndexFile {
    /// Finds the files; touches nothing.
    pub fn of(index: &Index, journal: &Journal) -> Result<Self> {
        let place = index.path().context("the index has no file")?.to_owned();
        let mut scratch = place.clone().into_os_string();
        scratch.push(format!(".wf-fix-{}", journal.mark));
        Ok(IndexFile { lock: lock_path(index)?, index: place, scratch: scratch.into(), claim: journal.claim() })
    }

    /// Takes the lock, or says who may hold it. `ready` is a synced file with the claim.
    pub fn lock(&self, ready: &Path) -> Result<()> {
        match reference::take(&self.lock, ready, &self.claim) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!(held(&self.lock)),
            taken => taken.with_context(|| format!("{} cannot be created", self.lock.display())),
        }
    }

    /// Whether the lock is there and ours.
    pub fn is_ours(&self) -> bool {
        fs::read(&self.lock).is_ok_and(|bytes| bytes == self.claim)
    }

    /// Writes the index as it shall be beside it: only `updates` differ.
    pub fn stage(&self, updates: &[Update<'_>]) -> Result<()> {
        self.discard()?;
        fs::copy(&self.index, &self.scratch)?;
        let written = fs::metadata(&self.index)?;
        let mut index = Index::open(&self.scratch)?;
        smudge_racy(&mut index, &written)?;
        for update in updates {
            let path = Path::new(update.path);
            match update.new {
                None => index.remove(path, 0)?,
                Some(id) => {
                    let mut entry = index.get_path(path, 0).context("the index entry is gone")?;
                    entry.id = id;
                    stat_into(&mut entry, update.meta.as_ref());
                    index.add(&entry)?;
                }
            }
        }
        index.write()?;
        if let Some(whole) = extension::carry_untracked_cache(&fs::read(&self.index)?, &fs::read(&self.scratch)?) {
            fs::write(&self.scratch, whole)?;
        }
        fs::set_permissions(&self.scratch, written.permissions())?;
        File::open(&self.scratch)?.sync_all()?;
        Ok(())
    }

    /// Makes the staged index the index.
    pub fn commit(&self) -> Result<()> {
        fs::rename(&self.scratch, &self.index)?;
        Ok(durable::sync_around(&self.index)?)
    }

    /// Removes what was staged.
    pub fn discard(&self) -> Result<()> {
        let mut lock = self.scratch.clone().into_os_string();
        lock.push(".lock");
        for place in [&self.scratch, &PathBuf::from(lock)] {
            durable::remove(place).with_context(|| format!("{} cannot be removed", place.display()))?;
        }
        Ok(())
    }

    /// Lets the lock go, if it is ours.
    pub fn unlock(&self) -> Result<()> {
        reference::release(&self.lock, &self.claim)
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
fn stat_into(entry: &mut IndexEntry, meta: Option<&Metadata>) {
    use std::os::unix::fs::MetadataExt;
    let Some(meta) = meta else { return forget_stat(entry) };
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

#[cfg(not(unix))]
fn stat_into(entry: &mut IndexEntry, _: Option<&Metadata>) {
    forget_stat(entry);
}

/// Without the stat fields git compares the content once and fills them in.
fn forget_stat(entry: &mut IndexEntry) {
    entry.mtime = IndexTime::new(0, 0);
    entry.file_size = 0;
}

#[cfg(not(unix))]
fn mtime(_: &Metadata) -> IndexTime {
    IndexTime::new(0, 0)
}
