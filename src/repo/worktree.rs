//! Replacing files of a worktree by renames alone, so that any crash can be undone or finished from what stands on disk.
//!
//! A file's new content is written and synced beside it, and then changes places with it (`swap::exchange`): what comes
//! out is looked at, and put back if it is not what was planned on. The old file, whole with owner and attributes, stays
//! beside the new one until all is delivered; a file to be removed is renamed in the same way. Where the file system
//! knows no exchange the old file is renamed aside first, and for a moment its name is free.
//!
//! The new file keeps the mode; owner, ACLs and attributes are those of a new file. Links, hard links and anything that
//! is no regular file are refused. Limits: a program that opened a file before the exchange and writes into it later
//! writes into the old file; it is kept if the writing is seen when the old file would go, and lost if it comes later.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result, bail};
use git2::Oid;

use super::journal::{Journal, Record, content_id};
use super::{durable, folder, swap};
use crate::rule::path;

/// One file to write.
pub(super) struct Write {
    /// Relative to the root.
    pub path: String,
    /// What it must hold until it is replaced.
    pub expect: Vec<u8>,
    /// What it shall hold; `None` removes it.
    pub content: Option<Vec<u8>>,
}

/// Where a delivery stands, or shall go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// All is delivered.
    Finished,
    /// Nothing is.
    Undone,
    /// Others have gone on meanwhile: everything stays as it stands.
    Left,
}

/// What stands at a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    File(Oid),
    /// No regular file, or one that no workflow can be.
    Other,
}

/// The files of a journal below a root.
pub(super) struct Files<'a> {
    pub root: &'a Path,
    pub journal: &'a Journal,
}

/// The names of one file: itself, its new content while it is written and when it is ready, its old content aside.
struct Names {
    target: PathBuf,
    part: PathBuf,
    new: PathBuf,
    old: PathBuf,
}

impl Files<'_> {
    /// Writes the new contents beside the files; `writes` are those of the journal.
    pub fn stage(&self, writes: &[Write]) -> Result<()> {
        let cannot = |write: &Write| format!("cannot write beside `{}`: nothing was changed", write.path);
        let mut staged = Vec::new();
        for (number, write) in writes.iter().enumerate() {
            check(self.root, write)?;
            let names = self.names_now(number)?;
            if let Some(content) = &write.content {
                create_like(&names, content).with_context(|| cannot(write))?;
                staged.push((write, names));
            }
        }
        // Syncing all after writing all lets the file system do most of it at one go.
        for (write, names) in &staged {
            durable::sync_file(&names.part).with_context(|| cannot(write))?;
        }
        for (write, names) in &staged {
            fs::rename(&names.part, &names.new).with_context(|| cannot(write))?;
        }
        self.sync()
    }

    /// Replaces all files. On an error some may be replaced: [`Files::settle`] puts them back.
    pub fn swap(&self, writes: &[Write]) -> Result<()> {
        for (number, write) in writes.iter().enumerate() {
            check(self.root, write)?;
            let names = self.names_now(number)?;
            let cannot = || format!("{} cannot be replaced", names.target.display());
            match write.content {
                Some(_) if swap::exchange(&names.new, &names.target).with_context(cannot)? => {
                    if !holds(&names.new, &write.expect)? {
                        swap::exchange(&names.new, &names.target).with_context(cannot)?;
                        bail!(changed(&write.path));
                    }
                }
                ref content => {
                    // The name aside is ours alone; what stands at the other one goes there whatever it is by now.
                    fs::rename(&names.target, &names.old).with_context(cannot)?;
                    if !holds(&names.old, &write.expect)? {
                        swap::rename_new(&names.old, &names.target).with_context(cannot)?;
                        bail!(changed(&write.path));
                    }
                    if content.is_some() {
                        swap::rename_new(&names.new, &names.target).with_context(cannot)?;
                    }
                }
            }
        }
        self.sync()
    }

    /// How far a delivery of files alone has come: as soon as all are replaced it is finished.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut replaced = false;
        for (number, record) in self.journal.files.iter().enumerate() {
            let Some(names) = self.names(number)? else { continue };
            match step_of(&names, record.ids()?)? {
                Step::Waits => return Ok(Outcome::Undone),
                Step::Replaced => replaced = true,
                Step::Unknown => {}
            }
        }
        Ok(if replaced { Outcome::Finished } else { Outcome::Undone })
    }

    /// Takes every file to the outcome, from wherever it stands. A file that holds neither the old nor the new content
    /// is somebody else's by now and stays.
    pub fn settle(&self, outcome: Outcome) -> Result<()> {
        for number in 0..self.journal.files.len() {
            if let Some(names) = self.names(number)? {
                settle(&names, self.journal.files[number].ids()?, outcome)
                    .with_context(|| format!("`{}` cannot be put in order", self.journal.files[number].path))?;
            }
        }
        self.sync()
    }

    /// Removes what stands beside the files, except a content that would be lost; says where such a one stands.
    /// `known` tells whether a content can be had elsewhere.
    pub fn tidy(&self, outcome: Outcome, known: &dyn Fn(Oid) -> bool) -> Result<Vec<String>> {
        let mut kept = Vec::new();
        for (number, record) in self.journal.files.iter().enumerate() {
            let (before, after) = record.ids()?;
            let Some(names) = self.names(number)? else {
                remove_folders_of(self.root, record, outcome);
                continue;
            };
            let target = look(&names.target)?;
            remove(&names.part)?;
            for place in [&names.new, &names.old] {
                let found = look(place)?;
                let ours = |id| Some(id) == after || id == before && (outcome == Outcome::Finished || known(id));
                match found {
                    Found::Nothing => {}
                    Found::File(id) if ours(id) || found == target => remove(place)?,
                    _ => kept.push(format!(
                        "`{}` was changed by somebody else at the same moment; another text of it stands in {}: \
                         compare them, then remove that file",
                        record.path,
                        place.display()
                    )),
                }
            }
            remove_folders_of(self.root, record, outcome);
        }
        self.sync()?;
        Ok(kept)
    }

    /// The names that go with a record; none if its folder is gone, or is by now not a folder of the worktree.
    fn names(&self, number: usize) -> Result<Option<Names>> {
        let path = &self.journal.files[number].path;
        let target = self.root.join(path);
        let beside = target.parent().context("a file without a folder")?;
        let real = match beside.canonicalize() {
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
            real => real.with_context(|| format!("the folder of `{path}` cannot be looked at"))?,
        };
        if real != beside {
            return Ok(None);
        }
        let name = |end: &str| real.join(format!(".wf-fix-{}-{number}.{end}", self.journal.mark));
        Ok(Some(Names { part: name("part"), new: name("new"), old: name("old"), target }))
    }

    /// The same where the folder was there a moment ago.
    fn names_now(&self, number: usize) -> Result<Names> {
        self.names(number)?.with_context(|| format!("the folder of `{}` is gone", self.journal.files[number].path))
    }

    /// Makes what was renamed last.
    fn sync(&self) -> Result<()> {
        let places = self.journal.files.iter().map(|record| self.root.join(&record.path));
        let folders: BTreeSet<PathBuf> = places.filter_map(|place| place.parent().map(Path::to_owned)).collect();
        for folder in folders.iter().filter(|folder| folder.is_dir()) {
            durable::sync_folder(folder).with_context(|| format!("{} cannot be synced", folder.display()))?;
        }
        Ok(())
    }
}

impl Record {
    fn ids(&self) -> Result<(Oid, Option<Oid>)> {
        Ok((Oid::from_str(&self.before)?, self.after.as_deref().map(Oid::from_str).transpose()?))
    }
}

/// How far one file has come.
enum Step {
    Waits,
    Replaced,
    /// Somebody has changed it, and nothing of ours stands beside it: before it was replaced, or after all was tidy.
    Unknown,
}

fn step_of(names: &Names, (before, after): (Oid, Option<Oid>)) -> Result<Step> {
    let (target, new, old) = (look(&names.target)?, look(&names.new)?, look(&names.old)?);
    let delivered = after.map_or(Found::Nothing, Found::File);
    Ok(if after.is_some() && (new == delivered || look(&names.part)? != Found::Nothing) {
        Step::Waits
    } else if target == delivered || new != Found::Nothing || old != Found::Nothing {
        Step::Replaced
    } else if target == Found::File(before) {
        Step::Waits
    } else {
        Step::Unknown
    })
}

fn settle(names: &Names, (before, after): (Oid, Option<Oid>), outcome: Outcome) -> Result<()> {
    let target = look(&names.target)?;
    let (new, old) = (look(&names.new)?, look(&names.old)?);
    let delivered = after.map(Found::File);
    match outcome {
        Outcome::Left => {}
        // Aside stands what was there, be it ours to judge or not: its place is free, or taken by our text.
        Outcome::Undone if old != Found::Nothing && target == Found::Nothing => {
            swap::rename_new(&names.old, &names.target)?;
        }
        Outcome::Undone if old == Found::File(before) && Some(target) == delivered => {
            fs::rename(&names.old, &names.target)?;
        }
        Outcome::Undone if Some(target) == delivered && new != Found::Nothing && new != target => {
            exchange_if(&names.new, &names.target, after)?;
        }
        Outcome::Finished if target == Found::File(before) && after.is_some() && Some(new) == delivered => {
            exchange_if(&names.new, &names.target, Some(before))?;
        }
        Outcome::Finished if target == Found::Nothing && old == Found::File(before) && Some(new) == delivered => {
            swap::rename_new(&names.new, &names.target)?;
        }
        Outcome::Finished if target == Found::File(before) && after.is_none() => {
            fs::rename(&names.target, &names.old)?;
        }
        _ => {}
    }
    Ok(())
}

/// The new content, with the mode of the file.
fn create_like(names: &Names, content: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(&names.part)?;
    file.write_all(content)?;
    file.set_permissions(fs::metadata(&names.target)?.permissions())
}

/// Exchanges, and back again if what came out is not `expected`.
fn exchange_if(new: &Path, target: &Path, expected: Option<Oid>) -> Result<()> {
    if !swap::exchange(new, target)? {
        fs::rename(new, target)?;
    } else if Some(look(new)?) != expected.map(Found::File) {
        swap::exchange(new, target)?;
    }
    Ok(())
}

/// What stands at `place`; a name that leads nowhere is nothing.
fn look(place: &Path) -> Result<Found> {
    match fs::symlink_metadata(place) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(Found::Nothing),
        Err(error) => Err(error).with_context(|| format!("{} cannot be looked at", place.display())),
        Ok(meta) if !meta.is_file() || meta.len() > super::MAX_FILE as u64 => Ok(Found::Other),
        Ok(_) => {
            let bytes = fs::read(place).with_context(|| format!("{} cannot be read", place.display()))?;
            Ok(Found::File(content_id(&bytes)?))
        }
    }
}

/// The metadata of a file that holds this content and did not change while it was looked at.
pub(super) fn settled_meta(place: &Path, content: &str) -> Option<fs::Metadata> {
    let before = fs::symlink_metadata(place).ok()?;
    let found = look(place).ok()?;
    let after = fs::symlink_metadata(place).ok()?;
    let same = before.modified().ok() == after.modified().ok() && before.len() == after.len();
    (same && found == Found::File(Oid::from_str(content).ok()?)).then_some(after)
}

/// The folders that a removed file leaves empty.
fn remove_folders_of(root: &Path, record: &Record, outcome: Outcome) {
    if outcome == Outcome::Finished && record.after.is_none() {
        remove_empty_folders(root, &root.join(&record.path));
    }
}

fn holds(place: &Path, bytes: &[u8]) -> Result<bool> {
    Ok(look(place)? == Found::File(content_id(bytes)?))
}

fn changed(path: &str) -> String {
    format!("`{path}` has changed since it was read: nothing was written; run wf-fix again")
}

fn remove(place: &Path) -> Result<()> {
    durable::remove(place).with_context(|| format!("{} cannot be removed", place.display()))
}

/// The file must be there, be one that may be replaced, and hold what is expected.
fn check(root: &Path, write: &Write) -> Result<()> {
    let path = &write.path;
    path::check(path).map_err(Error::msg)?;
    let Some(place) = folder::find(root, path)? else {
        bail!("`{path}` is gone: someone removed it meanwhile; run wf-fix again");
    };
    refuse_hard_link(&place, path)?;
    if folder::read_file(&place, path)? != write.expect {
        bail!(changed(path));
    }
    Ok(())
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

/// As git does after a removal; stops at the first folder that is not empty, and at `end`.
pub(super) fn remove_empty_folders(end: &Path, place: &Path) {
    for folder in place.ancestors().skip(1).take_while(|folder| *folder != end) {
        match fs::remove_dir(folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => break,
            _ => {}
        }
    }
}
