//! What a git tree holds at a path: a file, nothing, or something that cannot be edited (and why).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use anyhow::{Context, Result};
use git2::{FileMode, ObjectType, Oid, Repository, Tree, TreeEntry};

/// What stands at a path of a tree.
#[derive(Debug)]
pub(super) enum Found {
    /// Nothing.
    Absent,
    /// A regular file.
    File { id: Oid, executable: bool },
    /// A folder, given as its tree.
    Folder(Oid),
    /// Something else, said in words that follow the path, "is a symbolic link", and the way out.
    Unfit(String, &'static str),
}

impl Found {
    /// The entry as found in its folder.
    pub fn of(entry: &TreeEntry<'_>) -> Self {
        match (entry.kind(), entry.filemode()) {
            (Some(ObjectType::Tree), _) => Found::Folder(entry.id()),
            (Some(ObjectType::Commit), _) => Found::Unfit("is a submodule".into(), "run wf-fix in there"),
            (_, mode) if mode == i32::from(FileMode::Link) => {
                Found::Unfit("is a symbolic link".into(), "name the file it stands for")
            }
            (_, mode) => Found::File { id: entry.id(), executable: mode == i32::from(FileMode::BlobExecutable) },
        }
    }
}

/// Looks `path` up in `tree`, one folder at a time, never through a link or a submodule.
pub(super) fn find(git: &Repository, tree: &Tree<'_>, path: &str) -> Result<Found> {
    Finder::of(git).find(tree, path)
}

/// Looks up many paths. A large folder is read once, not for each: libgit2 keeps small ones only.
pub(super) struct Finder<'g> {
    git: &'g Repository,
    folders: HashMap<Oid, Tree<'g>>,
}

impl<'g> Finder<'g> {
    pub fn of(git: &'g Repository) -> Finder<'g> {
        Finder { git, folders: HashMap::new() }
    }

    pub fn find(&mut self, tree: &Tree<'_>, path: &str) -> Result<Found> {
        let mut here = tree.id();
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            let Some(found) = self.folder(here)?.get_name(part).map(|entry| Found::of(&entry)) else {
                return Ok(Found::Absent);
            };
            match found {
                Found::Folder(id) => here = id,
                found if parts.peek().is_none() => return Ok(found),
                Found::Unfit(why, way_out) => {
                    return Ok(Found::Unfit(format!("lies beyond `{part}`, which {why}"), way_out));
                }
                _ => return Ok(Found::Absent),
            }
        }
        Ok(Found::Folder(here))
    }

    fn folder(&mut self, id: Oid) -> Result<&Tree<'g>> {
        Ok(match self.folders.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.git.find_tree(id).with_context(|| missing(id))?),
        })
    }
}

/// How to fetch what is missing, also in a partial clone, in which nothing but git itself fetches on demand.
pub(super) const FETCH: &str = "`git fetch` (in a partial clone `git fetch --refetch --no-filter`)";

/// The words for an object that is not there.
pub(super) fn missing(id: Oid) -> String {
    format!("object {id} cannot be read: `git fsck` says what is missing, {FETCH} may bring it")
}
