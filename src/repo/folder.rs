//! Files on disk: a repository's worktree, or a plain folder that is no repository.
//!
//! Never follows a symbolic link below the root, never opens anything but a regular file, never enters `.git` or a
//! nested repository. A literal path that is something else is an error; under a glob such entries are left out.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::delivery::Delivery;
use super::journal::Journal;
use super::recover::turn_of_folder;
use super::turn::Turn;
use super::wanted::{Wanted, join};
use super::worktree::Write;
use super::{MAX_FILE, Repo};
use crate::change::{FileChange, Snapshot};
use crate::parallel::parallel;

impl Repo {
    /// Reads the wanted files of the worktree as they are on disk, tracked or not.
    pub fn read_worktree(&self, wanted: &[String]) -> Result<Snapshot> {
        read_folder(self.worktree_root()?, wanted)
    }

    /// Writes the changes to the worktree alone: no index, no commit. See [`write_files`].
    pub fn write_worktree(&self, files: &[FileChange]) -> Result<()> {
        let root = canonical(self.worktree_root()?)?;
        write(self.turn()?, Some(self), root, files)
    }

    /// The worktree's root, or the refusal for a bare repository.
    pub(super) fn worktree_root(&self) -> Result<&Path> {
        self.root().context("this is a bare repository, it has no worktree: use --branch NAME")
    }
}

/// Reads the wanted files below `root`; the counterpart of [`Repo::read_revision`] for a plain folder.
pub fn read_folder(root: &Path, wanted: &[String]) -> Result<Snapshot> {
    read(root, wanted, false)
}

/// The same for one who only looks: what cannot be read, or may not, is passed over with the reason.
pub fn read_what_can_be(root: &Path, wanted: &[String]) -> Result<Snapshot> {
    read(root, wanted, true)
}

/// The files that were asked for below a folder, none of them read yet.
#[derive(Debug)]
pub struct Listing {
    /// Their paths below the root and on disk.
    found: Vec<(String, PathBuf)>,
    /// Every file path in the folders that were looked into.
    names: Vec<String>,
    /// What was passed over, with the reason.
    pub passed_over: BTreeMap<String, String>,
}

impl Listing {
    /// The paths, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.found.iter().map(|(path, _)| path.as_str())
    }

    /// The bytes of the file at this position as they are by now, or why they cannot be read.
    pub fn read(&self, at: usize) -> Result<Vec<u8>, String> {
        let (path, place) = self.found.get(at).ok_or_else(|| "was not listed".to_owned())?;
        read_file(place, path).map_err(|error| why(&error, path))
    }
}

/// The wanted files below `root`; what may not be read is passed over with the reason.
pub fn list_what_can_be(root: &Path, wanted: &[String]) -> Result<Listing> {
    listing(root, wanted, true)
}

fn read(root: &Path, wanted: &[String], lenient: bool) -> Result<Snapshot> {
    let Listing { found, names, passed_over } = listing(root, wanted, lenient)?;
    let read = parallel(&found, |(path, place)| read_with_mode(place, path));
    let mut out = Snapshot { names, passed_over, ..Snapshot::default() };
    let mut files = Vec::with_capacity(found.len());
    for ((path, _), file) in found.into_iter().zip(read) {
        match file {
            Ok((bytes, executable)) => {
                out.executable.extend(executable.then(|| path.clone()));
                files.push((path, bytes));
            }
            Err(error) if lenient => drop(out.passed_over.insert(path.clone(), why(&error, &path))),
            Err(error) => return Err(error),
        }
    }
    // They are in order: a map of all is made sooner than one that grows.
    out.files = files.into_iter().collect();
    Ok(out)
}

fn listing(root: &Path, wanted: &[String], lenient: bool) -> Result<Listing> {
    let wanted = Wanted::parse(wanted)?;
    let root = canonical(root)?;
    let (mut found, mut passed_over) = (BTreeMap::new(), BTreeMap::new());
    let mut names = Vec::new();
    for path in &wanted.literals {
        match find(&root, path) {
            Ok(place) => found.extend(place.map(|place| (path.clone(), place))),
            Err(error) if lenient => drop(passed_over.insert(path.clone(), why(&error, path))),
            Err(error) => return Err(error),
        }
    }
    for (folder, depth) in &wanted.folders {
        let listed = list(&root, folder, *depth, &mut |path, unfit| {
            let asked_for = wanted.glob_matches(&path) && !found.contains_key(&path);
            match unfit {
                Some(why) if asked_for => drop(passed_over.insert(path, why)),
                Some(_) => {}
                None => {
                    if asked_for {
                        found.insert(path.clone(), root.join(&path));
                    }
                    names.push(path);
                }
            }
            Ok(())
        });
        match listed {
            Err(error) if lenient => drop(passed_over.insert(folder.clone(), why(&error, folder))),
            listed => listed?,
        }
    }
    // Folders may lie in each other.
    names.sort_unstable();
    names.dedup();
    Ok(Listing { found: found.into_iter().collect(), names, passed_over })
}

/// What an error says of a path, the path itself left out.
fn why(error: &anyhow::Error, path: &str) -> String {
    let said = format!("{error:#}");
    said.strip_prefix(&format!("`{path}` ")).map_or(said.clone(), str::to_owned)
}

/// Writes the changes below `root`, each file atomically, all or none: refuses if a file no longer holds `before`,
/// is a link or has a second hard link; keeps modes; what an error or a crash leaves is undone or finished.
pub fn write_files(root: &Path, files: &[FileChange]) -> Result<()> {
    let root = canonical(root)?;
    write(turn_of_folder(&root)?, None, root, files)
}

fn write(turn: Turn, repo: Option<&Repo>, root: PathBuf, files: &[FileChange]) -> Result<()> {
    let changed = files.iter().filter(|file| file.after.as_ref() != Some(&file.before));
    let writes: Vec<Write> = changed
        .map(|file| Write { path: file.path.clone(), expect: file.before.clone(), content: file.after.clone() })
        .collect();
    for write in &writes {
        crate::rule::path::check(&write.path).map_err(anyhow::Error::msg)?;
    }
    let mut journal = Journal::new(&writes);
    journal.git_dir = repo.map(Repo::git_dir_name).transpose()?;
    let delivery = Delivery::begin(turn, journal, repo, Some(root))?;
    let written = delivery.files().map_or(Ok(()), |files| files.stage(&writes).and_then(|()| files.swap(&writes)));
    delivery.end(written)
}

fn canonical(root: &Path) -> Result<PathBuf> {
    root.canonicalize().with_context(|| format!("{} cannot be opened: name a folder that exists", root.display()))
}

/// Where the regular file `path` stands below `root`; `None` if it is not there, an error if it is anything else.
pub(super) fn find(root: &Path, path: &str) -> Result<Option<PathBuf>> {
    let mut place = root.to_owned();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        place.push(part);
        let meta = match fs::symlink_metadata(&place) {
            Ok(meta) => meta,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => {
                return Err(error).with_context(|| format!("`{path}` cannot be looked at"));
            }
        };
        let last = parts.peek().is_none();
        if meta.is_symlink() && last {
            bail!("`{path}` is a symbolic link: name the file it points at");
        } else if meta.is_symlink() {
            bail!("`{path}` lies beyond a symbolic link (`{part}`): name the file by its real path");
        } else if meta.is_dir() && last {
            bail!("`{path}` is a folder: name a file in it, or `{path}/*.yml`");
        } else if meta.is_dir() && fs::symlink_metadata(place.join(".git")).is_ok() {
            bail!("`{path}` lies in a submodule or another repository (`{part}`): run wf-fix in there");
        } else if last && !meta.is_file() {
            bail!("`{path}` is not a regular file but {}", kind_of(&meta));
        }
    }
    Ok(Some(place))
}

/// What [`list`] calls: a path, and what is wrong with it if it is not a regular file that can be asked for.
type Each<'a> = dyn FnMut(String, Option<String>) -> Result<()> + 'a;

/// Calls `each` with everything but folders, `depth` levels of folders down.
fn list(root: &Path, folder: &str, depth: usize, each: &mut Each<'_>) -> Result<()> {
    let mut place = root.to_owned();
    for part in folder.split('/').filter(|part| !part.is_empty()) {
        place.push(part);
        match fs::symlink_metadata(&place) {
            Ok(meta) if meta.is_symlink() => {
                bail!("`{folder}` is or lies beyond a symbolic link: name it by its real path")
            }
            Ok(meta) if meta.is_dir() && fs::symlink_metadata(place.join(".git")).is_err() => {}
            _ => return Ok(()),
        }
    }
    let entries = fs::read_dir(&place).with_context(|| format!("the folder {} cannot be read", place.display()))?;
    let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_cached_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = match entry.file_name().into_string() {
            Ok(name) => name,
            Err(name) => {
                let unfit = "has a name that is not UTF-8".to_owned();
                each(join(folder, &name.to_string_lossy()), Some(unfit))?;
                continue;
            }
        };
        let kind = entry.file_type()?;
        if kind.is_file() {
            each(join(folder, &name), None)?;
        } else if !kind.is_dir() {
            each(join(folder, &name), Some(format!("is {}", kind_of(&entry.metadata()?))))?;
        } else if depth > 1 && !crate::rule::path::is_dot_git(&name) {
            list(root, &join(folder, &name), depth - 1, each)?;
        }
    }
    Ok(())
}

/// The bytes of a file that [`find`] has judged. It is opened only as a regular file: opening a FIFO would hang.
pub(super) fn read_file(place: &Path, path: &str) -> Result<Vec<u8>> {
    read_with_mode(place, path).map(|(bytes, _)| bytes)
}

/// The bytes of a file, as by [`read_file`], and whether it can be run.
fn read_with_mode(place: &Path, path: &str) -> Result<(Vec<u8>, bool)> {
    let meta = fs::symlink_metadata(place).with_context(|| format!("`{path}` cannot be looked at"))?;
    if !meta.is_file() {
        bail!("`{path}` is not a regular file but {}", kind_of(&meta));
    }
    check_size(path, meta.len())?;
    let file = File::open(place).with_context(|| format!("`{path}` cannot be opened: check its permissions"))?;
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0) + 1);
    file.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes).with_context(|| format!("`{path}` cannot be read"))?;
    check_size(path, bytes.len() as u64)?;
    Ok((bytes, is_executable(&meta)))
}

/// Refuses a file that no workflow can be.
pub(super) fn check_size(path: &str, size: u64) -> Result<()> {
    if size > MAX_FILE as u64 {
        bail!(
            "`{path}` is {size} bytes, above the limit of {MAX_FILE}: it cannot be a workflow; leave it out of the rule"
        );
    }
    Ok(())
}

#[cfg(unix)]
fn kind_of(meta: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = meta.file_type();
    match () {
        () if kind.is_fifo() => "a FIFO",
        () if kind.is_socket() => "a socket",
        () if kind.is_block_device() || kind.is_char_device() => "a device",
        () if kind.is_symlink() => "a symbolic link",
        () if kind.is_dir() => "a folder",
        () => "something else",
    }
}

#[cfg(not(unix))]
fn kind_of(_: &Metadata) -> &'static str {
    "something else"
}

#[cfg(unix)]
pub(super) fn is_executable(meta: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    meta.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
pub(super) fn is_executable(_: &Metadata) -> bool {
    false
}
