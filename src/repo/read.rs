//! Reading files out of git trees. Touches the wanted folders and files only; loads no index and no worktree.
//!
//! A literal path that is a link, a submodule or a folder is an error; under a glob such entries are left out.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use git2::{Oid, Repository, Tree};

use super::entry::{Found, find, missing};
use super::wanted::{Wanted, join};
use super::{MAX_FILE, Repo};
use crate::change::Snapshot;

impl Repo {
    /// Reads the wanted files of a revision: `HEAD`, a branch, an object ID, anything `git rev-parse` knows.
    ///
    /// `wanted` holds paths and glob patterns relative to the root. A path that is not there is simply absent.
    pub fn read_revision(&self, rev: &str, wanted: &[String]) -> Result<Snapshot> {
        let wanted = Wanted::parse(wanted)?;
        let tree = self.tree_of(rev)?;
        let mut reader = Reader { git: &self.git, wanted: &wanted, names: BTreeSet::new(), out: Snapshot::default() };
        for path in &wanted.literals {
            match find(&self.git, &tree, path)? {
                Found::Absent => {}
                Found::File { id, executable } => reader.take(path, id, executable)?,
                Found::Folder(_) => {
                    bail!("`{path}` in {rev} is a folder: name a file in it, or `{path}/*.yml`")
                }
                Found::Unfit(why) => bail!("`{path}` in {rev} {why}: name the file it stands for"),
            }
        }
        for (folder, depth) in &wanted.folders {
            let found = if folder.is_empty() { Found::Folder(tree.id()) } else { find(&self.git, &tree, folder)? };
            if let Found::Folder(id) = found {
                reader.list(folder, id, *depth)?;
            }
        }
        reader.out.names = reader.names.into_iter().collect();
        Ok(reader.out)
    }

    fn tree_of(&self, rev: &str) -> Result<Tree<'_>> {
        let commit = self.commit_of(rev)?;
        let commit = self.git.find_commit(commit).with_context(|| missing(commit))?;
        commit.tree().with_context(|| missing(commit.tree_id()))
    }

    /// The commit a revision names.
    pub(super) fn commit_of(&self, rev: &str) -> Result<Oid> {
        let found = self.git.revparse_single(rev).and_then(|object| object.peel_to_commit());
        match found {
            Ok(commit) => Ok(commit.id()),
            Err(_) if rev == "HEAD" && self.is_unborn() => {
                bail!("the current branch has no commits yet: commit the workflows first, or use --no-commit")
            }
            Err(error) => {
                let shown = rev.escape_debug();
                Err(error).with_context(|| format!("`{shown}` names no commit: `git branch -a` lists what there is"))
            }
        }
    }

    /// Whether HEAD points at a branch that has no commit.
    pub(super) fn is_unborn(&self) -> bool {
        matches!(self.git.head(), Err(error) if error.code() == git2::ErrorCode::UnbornBranch)
    }
}

struct Reader<'a> {
    git: &'a Repository,
    wanted: &'a Wanted,
    names: BTreeSet<String>,
    out: Snapshot,
}

impl Reader<'_> {
    /// Lists a folder's files, `depth` levels of them, and reads those a glob asks for.
    fn list(&mut self, folder: &str, tree: Oid, depth: usize) -> Result<()> {
        let tree = self.git.find_tree(tree).with_context(|| missing(tree))?;
        for entry in &tree {
            let Ok(name) = entry.name() else {
                let path = join(folder, &String::from_utf8_lossy(entry.name_bytes()));
                self.pass_over(path, "has a name that is not UTF-8");
                continue;
            };
            let path = join(folder, name);
            match Found::of(&entry) {
                // A submodule is a folder of its own, and nothing that a glob for files would take.
                Found::Unfit(why) if entry.kind() == Some(git2::ObjectType::Blob) => self.pass_over(path, &why),
                Found::Folder(id) if depth > 1 => self.list(&path, id, depth - 1)?,
                Found::File { id, executable } => {
                    if self.wanted.glob_matches(&path) {
                        self.take(&path, id, executable)?;
                    }
                    self.names.insert(path);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn pass_over(&mut self, path: String, why: &str) {
        if self.wanted.glob_matches(&path) {
            self.out.passed_over.insert(path, why.to_owned());
        }
    }

    fn take(&mut self, path: &str, id: Oid, executable: bool) -> Result<()> {
        if self.out.files.contains_key(path) {
            return Ok(());
        }
        let (size, _) = self.git.odb()?.read_header(id).with_context(|| missing(id))?;
        super::folder::check_size(path, size as u64)?;
        let blob = self.git.find_blob(id).with_context(|| missing(id))?;
        debug_assert!(blob.size() <= MAX_FILE);
        self.out.files.insert(path.to_owned(), blob.content().to_vec());
        if executable {
            self.out.executable.insert(path.to_owned());
        }
        Ok(())
    }
}
