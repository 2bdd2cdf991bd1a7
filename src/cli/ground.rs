//! What a run stands on: a git repository, or a plain folder for `--no-commit`.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::args::Args;
use crate::change::Snapshot;
use crate::repo::{self, Repo};
use crate::rule::is_glob;

/// What the run stands on.
pub enum Ground {
    /// A git repository, with or without a worktree.
    Repository(Repo),
    /// A folder that is in no repository, or the worktree of one that cannot be read.
    Folder(PathBuf),
}

impl Ground {
    /// The repository around the folder of the run; for `--no-commit` the folder itself if there is none, or the
    /// worktree if its repository is of a format that is not known.
    ///
    /// # Errors
    /// There is no repository, or it cannot be opened.
    pub fn find(args: &Args) -> Result<Ground> {
        let folder = args.dir.as_deref().unwrap_or(Path::new("."));
        if !folder.is_dir() {
            bail!("{} is no folder: name one that exists", folder.display());
        }
        match Repo::discover(args.dir.as_deref()) {
            Ok(Some(repo)) => Ok(Ground::Repository(repo)),
            Ok(None) if args.no_commit => Ok(Ground::Folder(folder.to_owned())),
            Ok(None) => Repo::open(args.dir.as_deref()).map(Ground::Repository),
            Err(error) => {
                let root = args.no_commit.then(|| repo::root_of_unknown_format(args.dir.as_deref())).flatten();
                root.map(Ground::Folder).ok_or(error)
            }
        }
    }

    /// Where the files are; none for a bare repository.
    pub fn root(&self) -> Option<&Path> {
        match self {
            Ground::Repository(repo) => repo.root(),
            Ground::Folder(dir) => Some(dir),
        }
    }

    /// The revision that is planned on; `None` for the files as they are in the worktree.
    fn revision(&self, args: &Args) -> Result<Option<String>> {
        match (self, &args.branch) {
            (Ground::Folder(_), _) => Ok(None),
            (Ground::Repository(_), None) if args.no_commit => Ok(None),
            (Ground::Repository(_), None) => Ok(Some("HEAD".to_owned())),
            (Ground::Repository(repo), Some(branch)) => {
                Ok(Some(repo.branch_start(branch, args.base.as_deref())?.revision))
            }
        }
    }

    /// Reads what is wanted. A path that cannot be read stands in the snapshot with the reason, so that only the risks
    /// that need it suffer.
    ///
    /// # Errors
    /// Nothing of it can be read.
    pub fn read(&self, args: &Args, wanted: &[String]) -> Result<Snapshot> {
        let mut snapshot = self.read_what_can_be(args, wanted)?;
        if let Ground::Repository(repo) = self {
            for path in wanted.iter().filter(|path| !is_glob(path)) {
                if snapshot.files.contains_key(path) || snapshot.unreadable.contains_key(path) {
                    continue;
                }
                snapshot.absent.extend(repo.why_absent(path, args.no_commit).map(|why| (path.clone(), why)));
            }
        }
        Ok(snapshot)
    }

    fn read_what_can_be(&self, args: &Args, wanted: &[String]) -> Result<Snapshot> {
        let revision = self.revision(args)?;
        let whole = self.read_from(revision.as_deref(), wanted);
        let Err(first) = whole else { return whole };
        let mut snapshot = Snapshot::default();
        for path in wanted {
            match self.read_from(revision.as_deref(), std::slice::from_ref(path)) {
                Ok(part) => snapshot.merge(part),
                Err(error) => drop(snapshot.unreadable.insert(path.clone(), format!("{error:#}"))),
            }
        }
        if snapshot.files.is_empty() { Err(first) } else { Ok(snapshot) }
    }

    /// Reads the files that may call those of the snapshot into it. What cannot be read stands there with the reason.
    pub fn read_around(&self, args: &Args, wanted: &[String], snapshot: &mut Snapshot) {
        if wanted.is_empty() {
            return;
        }
        match self.read(args, wanted) {
            Ok(around) => {
                snapshot.around = around.files;
                snapshot.unread.extend(around.unreadable);
            }
            Err(error) => snapshot.unread.extend(wanted.iter().map(|glob| (glob.clone(), format!("{error:#}")))),
        }
    }

    fn read_from(&self, revision: Option<&str>, wanted: &[String]) -> Result<Snapshot> {
        match (self, revision) {
            (Ground::Repository(repo), Some(revision)) => repo.read_revision(revision, wanted),
            (Ground::Repository(repo), None) => repo.read_worktree(wanted),
            (Ground::Folder(dir), _) => repo::read_folder(dir, wanted),
        }
    }
}
