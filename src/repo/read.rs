//! Reading files out of git trees. Touches the wanted folders and files only; loads no index and no worktree.
//!
//! A literal path that is a link, a submodule or a folder is an error; under a glob such entries are left out.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use git2::{Odb, Oid, Repository, Tree};

use super::Repo;
use super::entry::{Found, find, missing};
use super::wanted::{Wanted, join};
use crate::change::Snapshot;

impl Repo {
    /// Reads the wanted files of a revision: `HEAD`, a branch, an object ID, anything `git rev-parse` knows.
    ///
    /// `wanted` holds paths and glob patterns relative to the root. A path that is not there is simply absent.
    pub fn read_revision(&self, rev: &str, wanted: &[String]) -> Result<Snapshot> {
        let wanted = Wanted::parse(wanted)?;
        let tree = self.tree_of(rev)?;
        let mut reader = Reader {
            git: &self.git,
            wanted: &wanted,
            names: BTreeSet::new(),
            found: Vec::new(),
            out: Snapshot::default(),
        };
        for path in &wanted.literals {
            match find(&self.git, &tree, path)? {
                Found::Absent => {}
                Found::File { id, executable } => reader.take(path, id, executable)?,
                Found::Folder(_) => {
                    bail!("`{path}` in {rev} is a folder: name a file in it, or `{path}/*.yml`")
                }
                Found::Unfit(why, way_out) => bail!("`{path}` in {rev} {why}: {way_out}"),
            }
        }
        for (folder, depth) in &wanted.folders {
            let found = if folder.is_empty() { Found::Folder(tree.id()) } else { find(&self.git, &tree, folder)? };
            if let Found::Folder(id) = found {
                reader.list(folder, id, *depth)?;
            }
        }
        reader.take_noted()?;
        reader.out.names = reader.names.into_iter().collect();
        Ok(reader.out)
    }

    fn tree_of(&self, rev: &str) -> Result<Tree<'_>> {
        self.guard_replaced(false)?;
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
                match error.code() {
                    git2::ErrorCode::NotFound => {
                        bail!(
                            "`{shown}` names no commit\n  help: `git branch -a` and `git log --oneline` list what there is"
                        )
                    }
                    _ => Err(error).with_context(|| format!("`{shown}` names no commit")),
                }
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
    /// What a glob asks for: path, blob, whether it is executable.
    found: Vec<(String, Oid, bool)>,
    out: Snapshot,
}

/// From how many files on they are read on two threads.
const MANY: usize = 48;

impl Reader<'_> {
    /// Lists a folder's files, `depth` levels of them, and notes those a glob asks for.
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
                Found::Unfit(why, _) if entry.kind() == Some(git2::ObjectType::Blob) => self.pass_over(path, &why),
                Found::Folder(id) if depth > 1 => self.list(&path, id, depth - 1)?,
                Found::File { id, executable } => {
                    if self.wanted.glob_matches(&path) && !self.out.files.contains_key(&path) {
                        self.found.push((path.clone(), id, executable));
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

    /// Reads what was noted, half of many files in a thread of its own.
    fn take_noted(&mut self) -> Result<()> {
        let found = std::mem::take(&mut self.found);
        let odb = self.git.odb()?;
        let (own, other) = found.split_at(if found.len() < MANY { found.len() } else { found.len() / 2 });
        let all = |part: &[(String, Oid, bool)]| -> Result<Vec<Vec<u8>>> {
            part.iter().map(|(path, id, _)| read(&odb, path, *id)).collect()
        };
        let contents = std::thread::scope(|scope| {
            let there = (!other.is_empty()).then(|| scope.spawn(|| all(other)));
            let mut contents = all(own)?;
            match there.map(std::thread::ScopedJoinHandle::join) {
                None => {}
                Some(Ok(there)) => contents.extend(there?),
                Some(Err(panic)) => std::panic::resume_unwind(panic),
            }
            Ok::<_, anyhow::Error>(contents)
        })?;
        for ((path, _, executable), bytes) in found.iter().zip(contents) {
            self.keep(path, bytes, *executable);
        }
        Ok(())
    }

    fn take(&mut self, path: &str, id: Oid, executable: bool) -> Result<()> {
        if !self.out.files.contains_key(path) {
            let bytes = read(&self.git.odb()?, path, id)?;
            self.keep(path, bytes, executable);
        }
        Ok(())
    }

    fn keep(&mut self, path: &str, bytes: Vec<u8>, executable: bool) {
        self.out.files.insert(path.to_owned(), bytes);
        if executable {
            self.out.executable.insert(path.to_owned());
        }
    }
}

/// The content of a blob, if it is not too large.
fn read(odb: &Odb<'_>, path: &str, id: Oid) -> Result<Vec<u8>> {
    let object = odb.read(id).with_context(|| missing(id))?;
    super::folder::check_size(path, object.len() as u64)?;
    Ok(object.data().to_vec())
}
