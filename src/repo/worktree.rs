//! Replacing files of a worktree: every new content stands beside its file before the first one is renamed.
//!
//! Each file is replaced by a rename, keeps its mode, and is compared with what it should hold just before. On an
//! error the temporary files go and renamed files get their old content back. Owner, ACLs and attributes are those of
//! a new file. Links, hard links and anything that is no regular file are refused.

use std::fs::{self, File, Permissions};
use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result, bail};
use tempfile::TempPath;

use super::folder;

/// One file to write.
pub(super) struct Write {
    /// Relative to the root.
    pub path: String,
    /// What it must hold until the rename.
    pub expect: Vec<u8>,
    /// What it shall hold; `None` deletes it.
    pub content: Option<Vec<u8>>,
}

struct Item {
    write: Write,
    place: PathBuf,
    permissions: Permissions,
    fresh: Option<TempPath>,
}

/// Writes that are ready: temporary files stand beside the files. Dropped, they are removed.
pub(super) struct Staged {
    root: PathBuf,
    items: Vec<Item>,
}

/// Writes that are done and can still be undone.
pub(super) struct Applied {
    root: PathBuf,
    done: Vec<Item>,
}

impl Staged {
    /// Checks every file and writes every temporary one; `root` is canonical.
    pub fn prepare(root: &Path, writes: Vec<Write>) -> Result<Self> {
        let mut items = Vec::new();
        for write in writes {
            super::path::check(&write.path)?;
            let place = place_of(root, &write)?;
            let fresh = write.content.as_ref().filter(|content| **content != write.expect);
            let fresh = match fresh {
                Some(content) => Some(temporary(&place, content)?),
                None if write.content.is_some() => continue,
                None => None,
            };
            let permissions = fs::metadata(&place)?.permissions();
            items.push(Item { write, place, permissions, fresh });
        }
        Ok(Staged { root: root.to_owned(), items })
    }

    /// Renames them all, or none.
    pub fn apply(self) -> Result<Applied> {
        let mut applied = Applied { root: self.root, done: Vec::new() };
        for mut item in self.items {
            let replaced = place_of(&applied.root, &item.write).and_then(|place| replace(&place, item.fresh.take()));
            match replaced {
                Ok(()) => applied.done.push(item),
                Err(error) => return Err(applied.undo(error)),
            }
        }
        for item in &applied.done {
            sync_folder(&item.place);
            if item.write.content.is_none() {
                remove_empty_folders(&applied.root, &item.place);
            }
        }
        Ok(applied)
    }
}

impl Applied {
    /// Gives the files their old content back and returns the cause, with the files that could not be restored.
    pub fn undo(self, cause: Error) -> Error {
        let mut lost = Vec::new();
        for item in self.done.iter().rev() {
            if restore(item).is_err() {
                lost.push(item.write.path.as_str());
            }
        }
        match lost.as_slice() {
            [] => cause,
            lost => cause.context(format!(
                "these files hold the new content and could not be put back: {}; `git restore` them",
                lost.join(", ")
            )),
        }
    }
}

/// The file on disk, if it may be replaced and holds what is expected.
fn place_of(root: &Path, write: &Write) -> Result<PathBuf> {
    let path = &write.path;
    let Some(place) = folder::find(root, path)? else {
        bail!("`{path}` is gone: someone removed it meanwhile; run wf-fix again");
    };
    refuse_hard_link(&place, path)?;
    if folder::read_file(&place, path)? != write.expect {
        bail!("`{path}` has changed since it was read: nothing was written; run wf-fix again");
    }
    Ok(place)
}

/// Refuses a file with a second name: a rename would cut the two apart.
#[cfg(unix)]
pub(super) fn refuse_hard_link(place: &Path, path: &str) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    let links = fs::symlink_metadata(place)?.nlink();
    if links > 1 {
        bail!("`{path}` is hard-linked ({links} names): break the link with `cp {path} x && mv x {path}`");
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn refuse_hard_link(_: &Path, _: &str) -> Result<()> {
    Ok(())
}

/// A synced file with `content` beside `place`, with its mode.
fn temporary(place: &Path, content: &[u8]) -> Result<TempPath> {
    use std::io::Write as _;
    let folder = place.parent().context("a file without a folder")?;
    let written = || -> std::io::Result<TempPath> {
        let mut file = tempfile::Builder::new().prefix(".wf-fix-").suffix(".tmp").tempfile_in(folder)?;
        file.write_all(content)?;
        file.as_file().set_permissions(fs::metadata(place)?.permissions())?;
        file.as_file().sync_all()?;
        Ok(file.into_temp_path())
    };
    written().with_context(|| format!("cannot write in {}: nothing was changed", folder.display()))
}

fn replace(place: &Path, fresh: Option<TempPath>) -> Result<()> {
    let done = match fresh {
        Some(fresh) => fresh.persist(place).map_err(|error| error.error),
        None => fs::remove_file(place),
    };
    done.with_context(|| format!("{} cannot be replaced", place.display()))
}

fn restore(item: &Item) -> Result<()> {
    let folder = item.place.parent().context("a file without a folder")?;
    match &item.write.content {
        // Only what we wrote is ours to take back.
        Some(ours) if fs::read(&item.place)? != *ours => bail!("changed meanwhile"),
        Some(_) => temporary(&item.place, &item.write.expect)?.persist(&item.place)?,
        None => {
            fs::create_dir_all(folder)?;
            fs::write(&item.place, &item.write.expect)?;
            fs::set_permissions(&item.place, item.permissions.clone())?;
        }
    }
    sync_folder(&item.place);
    Ok(())
}

/// Makes the rename last; what cannot be synced (some network file systems) is not worth failing for.
fn sync_folder(place: &Path) {
    if let Some(folder) = place.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
}

/// As git does after a removal; stops at the first folder that is not empty, and at the root.
fn remove_empty_folders(root: &Path, place: &Path) {
    for folder in place.ancestors().skip(1).take_while(|folder| *folder != root) {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
}
