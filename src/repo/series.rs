//! Reading a series of commits from git objects alone: no index, no worktree, nothing written. Works on bare
//! repositories and on shallow clones that hold the range.
//!
//! `BASE..HEAD` is git's: what HEAD reaches and BASE does not, oldest first. A commit whose parents a shallow clone has
//! cut off is no root: the range is not there, and the error says what to fetch.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow, bail};
use git2::{Delta, DiffOptions, ErrorCode, Oid, Patch, Sort, Tree};

use super::entry::{FETCH, Found, find};
use super::{MAX_FILE, Repo};
use crate::change::Snapshot;
use crate::verify::series::{Commit, Entry, Item, Kind, Series};

/// The most commits of a series.
const MOST_COMMITS: usize = 1000;
/// The most changed paths of a commit.
const MOST_ENTRIES: usize = 100_000;
/// The most bytes of changed files that are kept of a commit: 64 MiB. A risk's commit has a handful of workflows.
const MOST_BYTES: usize = 64 << 20;

/// What git's line count says of one file of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stat {
    /// Its path.
    pub path: String,
    /// Lines added.
    pub added: usize,
    /// Lines removed.
    pub removed: usize,
    /// Whether it is no text; then no lines count.
    pub binary: bool,
    /// The hunks, in the form of a unified diff.
    pub hunks: String,
}

impl Repo {
    /// The commits of `BASE..HEAD`, each with what it changes and the bytes that it leaves.
    ///
    /// # Errors
    /// A revision that names no commit, an empty range, or objects that a shallow or partial clone does not have.
    pub fn series(&self, base: &str, head: &str) -> Result<Series> {
        self.guard_replaced(true)?;
        let (base_id, head_id) = (self.end_of_range(base)?, self.end_of_range(head)?);
        let shown = format!("{}..{}", base.escape_debug(), head.escape_debug());
        if base_id == head_id || self.git.graph_descendant_of(base_id, head_id).map_err(|error| self.fetch(error))? {
            bail!("there is no commit in {shown}: the range is empty, or the older revision is not the first");
        }
        let start = match self.git.merge_base(base_id, head_id) {
            Ok(start) => start,
            Err(error) if error.code() == ErrorCode::NotFound && self.git.is_shallow() => {
                bail!("{shown} share no commit in this shallow clone\n{}", self.deepen());
            }
            Err(error) if error.code() == ErrorCode::NotFound => base_id,
            Err(error) => return Err(self.fetch(error)),
        };
        let mut walk = self.git.revwalk()?;
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE)?;
        walk.push(head_id)?;
        walk.hide(base_id)?;
        let ids: Vec<Oid> = walk.take(MOST_COMMITS + 1).collect::<Result<_, _>>().map_err(|error| self.fetch(error))?;
        if ids.len() > MOST_COMMITS {
            bail!("there are more than {MOST_COMMITS} commits in {shown}: a series has one per risk");
        }
        let commits = ids.into_iter().map(|id| self.series_commit(id)).collect::<Result<_>>()?;
        Ok(Series { base: base_id.to_string(), start: start.to_string(), head: head_id.to_string(), commits })
    }

    /// A revision that a range names; in a shallow clone it may be one that is not here yet.
    fn end_of_range(&self, rev: &str) -> Result<Oid> {
        self.commit_of(rev).map_err(|error| match self.git.is_shallow() {
            true => anyhow!("{error}; this clone is shallow\n{}", self.deepen()),
            false => error,
        })
    }

    fn series_commit(&self, id: Oid) -> Result<Commit> {
        let commit = self.git.find_commit(id).map_err(|error| self.fetch(error))?;
        let header = String::from_utf8_lossy(commit.raw_header_bytes()).into_owned();
        let parents: Vec<String> =
            header.lines().filter_map(|line| line.strip_prefix("parent ")).map(str::to_owned).collect();
        let read: Vec<String> = commit.parent_ids().map(|id| id.to_string()).collect();
        if parents.len() == read.len() && parents != read {
            bail!(
                "commit {id} has other parents by `info/grafts` than it was made with\n  help: remove that file of the repository's git folder"
            );
        }
        if parents.len() != read.len() {
            bail!("commit {id} is where this shallow clone ends: its parent is not here\n{}", self.deepen());
        }
        let (subject, trailers) = words_of(commit.message_bytes());
        let mut out = Commit {
            id: id.to_string(),
            subject,
            trailers,
            author_day: day(commit.author().when()),
            committer_day: day(commit.committer().when()),
            parents,
            ..Commit::default()
        };
        if commit.parent_count() < 2 {
            let before = commit.parents().next().map(|parent| self.tree(parent.tree_id())).transpose()?;
            out.entries = self.entries(before.as_ref(), &self.tree(commit.tree_id())?)?;
            out.after = self.contents(&out.entries)?;
        }
        Ok(out)
    }

    fn tree(&self, id: Oid) -> Result<Tree<'_>> {
        self.git.find_tree(id).map_err(|error| self.fetch(error))
    }

    /// What differs between two trees, by path.
    fn entries(&self, before: Option<&Tree<'_>>, after: &Tree<'_>) -> Result<Vec<Entry>> {
        let diff = self.git.diff_tree_to_tree(before, Some(after), None).map_err(|error| self.fetch(error))?;
        if diff.deltas().len() > MOST_ENTRIES {
            bail!("a commit changes more than {MOST_ENTRIES} files: no series does");
        }
        let mut found: BTreeMap<Vec<u8>, Entry> = BTreeMap::new();
        for delta in diff.deltas() {
            let item = |file: git2::DiffFile<'_>| Item { id: file.id().to_string(), mode: file.mode().into() };
            let (old, new) = (delta.old_file(), delta.new_file());
            let bytes = new.path_bytes().or_else(|| old.path_bytes()).unwrap_or_default();
            let path = String::from_utf8_lossy(bytes).into_owned();
            let entry = found.entry(bytes.to_vec()).or_insert(Entry { path, before: None, after: None });
            if delta.status() != Delta::Added {
                entry.before = Some(item(old));
            }
            if delta.status() != Delta::Deleted {
                entry.after = Some(item(new));
            }
        }
        Ok(found.into_values().collect())
    }

    /// The bytes of the regular files that entries leave, as far as they could be a workflow or a line count wants them.
    fn contents(&self, entries: &[Entry]) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut found = BTreeMap::new();
        let odb = self.git.odb()?;
        let mut rest = MOST_BYTES;
        for entry in entries {
            let Some(item) = entry.after.as_ref().filter(|item| item.kind() == Kind::File) else { continue };
            let id = Oid::from_str(&item.id)?;
            let (size, _) = odb.read_header(id).map_err(|error| self.fetch(error))?;
            if size <= MAX_FILE.min(rest) {
                rest -= size;
                let blob = self.git.find_blob(id).map_err(|error| self.fetch(error))?;
                found.insert(entry.path.clone(), blob.content().to_vec());
            }
        }
        Ok(found)
    }

    /// The rule files in a folder of a revision, by name; none if there is no such folder.
    ///
    /// # Errors
    /// The folder or a rule file in it is a link or a submodule, which would hide what the rules are.
    pub fn rules_at(&self, revision: &str, folder: &str) -> Result<Vec<(String, Vec<u8>)>> {
        let tree = self.tree(self.git.find_commit(Oid::from_str(revision)?)?.tree_id())?;
        let id = match find(&self.git, &tree, folder)? {
            Found::Absent => return Ok(Vec::new()),
            Found::Folder(id) => id,
            Found::File { .. } => bail!("`{folder}` is a file: it should be a folder of rule files"),
            Found::Unfit(why, _) => bail!("`{folder}` {why}: rules are read from the commit itself"),
        };
        let mut files = Vec::new();
        for entry in &self.tree(id)? {
            let Ok(name) = entry.name() else { continue };
            let path = format!("{folder}/{name}");
            match Found::of(&entry) {
                _ if !(name.ends_with(".yml") || name.ends_with(".yaml")) => {}
                Found::File { id, .. } => {
                    let (size, _) = self.git.odb()?.read_header(id).map_err(|error| self.fetch(error))?;
                    super::folder::check_size(&path, size as u64)?;
                    let blob = self.git.find_blob(id).map_err(|error| self.fetch(error))?;
                    files.push((path, blob.content().to_vec()));
                }
                Found::Unfit(why, _) => bail!("`{path}` {why}: rules are read from the commit itself"),
                _ => bail!("`{path}` is no regular file: move it out of the rules folder"),
            }
        }
        Ok(files)
    }

    /// Reads what is wanted of a commit of a series. A path that is no regular file stands in the snapshot with the
    /// reason.
    ///
    /// # Errors
    /// Objects are missing.
    pub fn read_for_series(&self, revision: &str, wanted: &[String]) -> Result<Snapshot> {
        let mut snapshot = Snapshot::default();
        match self.read_revision(revision, wanted) {
            Ok(whole) => return Ok(whole),
            Err(error) => self.only_unfit(error).map(drop)?,
        }
        for path in wanted {
            match self.read_revision(revision, std::slice::from_ref(path)) {
                Ok(part) => snapshot.merge(part),
                Err(error) => drop(snapshot.unreadable.insert(path.clone(), self.only_unfit(error)?)),
            }
        }
        Ok(snapshot)
    }

    /// The words of an error that lies in what stands at a path; an error of git itself goes on.
    fn only_unfit(&self, error: anyhow::Error) -> Result<String> {
        match error.is::<git2::Error>() {
            true if self.git.is_shallow() => Err(error.context(self.deepen())),
            true => Err(error),
            false => Ok(format!("{error:#}")),
        }
    }

    /// What differs between two commits, counted in lines as git counts them; `None` is the empty tree.
    ///
    /// # Errors
    /// Objects are missing.
    pub fn stats(&self, before: Option<&str>, after: &str) -> Result<Vec<Stat>> {
        let tree = |id: &str| -> Result<Tree<'_>> { self.tree(self.git.find_commit(Oid::from_str(id)?)?.tree_id()) };
        let before = before.map(tree).transpose()?;
        let mut options = DiffOptions::new();
        // No attribute or setting of one machine has a say.
        options.context_lines(3).interhunk_lines(0).force_text(true);
        let diff = self.git.diff_tree_to_tree(before.as_ref(), Some(&tree(after)?), Some(&mut options))?;
        (0..diff.deltas().len()).map(|index| self.stat(&diff, index)).collect()
    }

    fn stat(&self, diff: &git2::Diff<'_>, index: usize) -> Result<Stat> {
        let delta = diff.get_delta(index).context("a difference of the range cannot be read")?;
        let bytes = delta.new_file().path_bytes().or_else(|| delta.old_file().path_bytes()).unwrap_or_default();
        let mut stat = Stat {
            path: String::from_utf8_lossy(bytes).into_owned(),
            added: 0,
            removed: 0,
            binary: false,
            hunks: String::new(),
        };
        let blobs = [delta.old_file().id(), delta.new_file().id()];
        let blob = |id: &Oid| self.git.find_blob(*id).ok();
        stat.binary = blobs.iter().filter_map(blob).any(|blob| blob.is_binary() || blob.size() > MAX_FILE);
        if stat.binary {
            return Ok(stat);
        }
        let Some(patch) = Patch::from_diff(diff, index).map_err(|error| self.fetch(error))? else { return Ok(stat) };
        (_, stat.added, stat.removed) = patch.line_stats()?;
        for number in 0..patch.num_hunks() {
            let (hunk, lines) = patch.hunk(number)?;
            let range =
                |start: u32, lines: u32| if lines == 1 { start.to_string() } else { format!("{start},{lines}") };
            stat.hunks.push_str(&format!(
                "@@ -{} +{} @@\n",
                range(hunk.old_start(), hunk.old_lines()),
                range(hunk.new_start(), hunk.new_lines())
            ));
            for line in 0..lines {
                let line = patch.line_in_hunk(number, line)?;
                if matches!(line.origin(), ' ' | '+' | '-') {
                    stat.hunks.push(line.origin());
                }
                stat.hunks.push_str(&String::from_utf8_lossy(line.content()));
            }
        }
        Ok(stat)
    }

    /// An error of git in a range, with the way out for objects that are not here.
    fn fetch(&self, error: git2::Error) -> anyhow::Error {
        match error.code() {
            ErrorCode::NotFound => anyhow!("the range is not all here: {}\n{}", error.message(), self.deepen()),
            _ => error.into(),
        }
    }

    fn deepen(&self) -> String {
        match self.git.is_shallow() {
            true => {
                "fetch more of it: git fetch --deepen=50, or git fetch --unshallow (actions/checkout: fetch-depth: 0)"
                    .into()
            }
            false => format!("`git fsck` says what is missing, {FETCH} may bring it"),
        }
    }
}

/// The words of a commit message: its first line, and its trailers as git reads them.
pub fn words_of(message: &[u8]) -> (String, Vec<(String, String)>) {
    let message = String::from_utf8_lossy(message);
    let subject = message.lines().next().unwrap_or_default().to_owned();
    // A message with a NUL has no trailers that git would read.
    let Ok(found) = git2::message_trailers_strs(&message) else { return (subject, Vec::new()) };
    (subject, found.iter().map(|(key, value)| (key.to_owned(), value.trim().to_owned())).collect())
}

/// The day of a moment, in its own time zone.
fn day(when: git2::Time) -> String {
    let offset = jiff::tz::Offset::from_seconds(when.offset_minutes().saturating_mul(60)).ok();
    let moment = jiff::Timestamp::from_second(when.seconds()).ok();
    let zoned = moment.zip(offset).map(|(moment, offset)| moment.to_zoned(offset.to_time_zone()));
    zoned.map(|zoned| zoned.date().to_string()).unwrap_or_default()
}
