//! The default delivery: commits on HEAD, with the worktree and the index following for exactly the changed paths.
//!
//! The order of things, and what becomes of a crash between them, stands in `delivery`. Files come before the branch, so
//! that a crash never leaves an index that would commit the old text again unseen.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use git2::{Oid, Signature};

use super::build::{Builder, Chain};
use super::delivery::Delivery;
use super::journal::{Journal, Move};
use super::reference::Reference;
use super::worktree::Write;
use super::{CommitOptions, Committed, Repo, eol, folder, index, objects};
use crate::change::Step;

/// The paths that a delivery changes, each with its first `before` and its last `after`.
type Net<'a> = BTreeMap<&'a str, (&'a [u8], Option<&'a [u8]>)>;

/// Where HEAD stands: the reference that a commit moves (`HEAD` itself when detached), and its commit.
#[derive(PartialEq, Eq)]
struct Head {
    name: String,
    tip: Oid,
}

impl Repo {
    /// Commits one step after the other on HEAD: all of them or none.
    pub fn commit_on_head(&self, steps: &[Step], options: CommitOptions) -> Result<Vec<Committed>> {
        if steps.is_empty() {
            return Ok(Vec::new());
        }
        let net = net(steps);
        let paths: Vec<&str> = net.keys().copied().collect();
        self.guard_commit(&paths, options)?;
        let head = self.where_head_stands()?;
        let builder = Builder::new(self)?;
        let chain = builder.chain(head.tip, steps)?;

        let turn = self.turn()?;
        let root = self.worktree_root()?.canonicalize()?;
        let writes = self.writes(&root, &net, chain.tip).or_else(|error| {
            // What was edited meanwhile has better words.
            self.guard_paths(&index::load(&self.git)?, &paths)?;
            Err(error)
        })?;
        let mut journal = Journal::new(&writes);
        journal.git_dir = Some(self.git_dir_name()?);
        journal.index = Some(self.index_name()?);
        journal.reference = Some(self.plan_move(&head.name, Some(head.tip), true, &chain, &builder.committer)?);
        objects::store(&self.git.odb()?, &chain.objects, &turn, &self.objects_folder())?;
        let delivery = Delivery::begin(turn, journal, Some(self), Some(root))?;
        let delivered = self.deliver_on_head(&delivery, &head, &paths, &writes);
        delivery.end(delivered)?;
        Ok(chain.commits)
    }

    fn deliver_on_head(&self, delivery: &Delivery<'_>, head: &Head, paths: &[&str], writes: &[Write]) -> Result<()> {
        delivery.lock_index()?;
        // Judged again: until the lock was ours, another process could have staged or edited.
        self.guard_paths(&index::load(&self.git)?, paths)?;
        let (files, index) = (delivery.files().context("no worktree")?, delivery.index()?.context("no index")?);
        files.stage(writes)?;
        delivery.lock_reference()?;
        if self.where_head_stands()? != *head {
            bail!("HEAD has moved meanwhile: nothing was written; run wf-fix again");
        }
        files.swap(writes)?;
        index.stage(&delivery.updates(false)?).context("the index cannot be written")?;
        delivery.reference().context("no reference")?.advance()?;
        index.commit().context("the index cannot be written")
    }

    /// How `name` moves to the tip of the chain, which `by_head` says HEAD stands on.
    pub(super) fn plan_move(
        &self,
        name: &str,
        old: Option<Oid>,
        by_head: bool,
        chain: &Chain,
        committer: &Signature<'_>,
    ) -> Result<Move> {
        let line = reflog(old, chain, committer);
        let (old, new) = (old.map(|id| id.to_string()), chain.tip.to_string());
        let mut plan = Move { name: name.to_owned(), old, new, line, by_head, logs: Vec::new() };
        plan.logs = Reference::of(self, &plan).logs_there();
        Ok(plan)
    }

    /// Where new objects go: `GIT_OBJECT_DIRECTORY` where git would heed it, else the repository's own.
    pub(super) fn objects_folder(&self) -> PathBuf {
        let own = self.git.commondir().join("objects");
        self.objects.clone().unwrap_or(own)
    }

    fn where_head_stands(&self) -> Result<Head> {
        let head = self.git.head()?;
        let tip = head.target().context("HEAD does not lead to a commit: `git fsck` may say why")?;
        Ok(Head { name: head.name()?.to_owned(), tip })
    }

    /// What each file holds now and what a checkout of `tip` would put there; with line ends as they are, if they are
    /// those of the blob.
    fn writes(&self, root: &Path, net: &Net<'_>, tip: Oid) -> Result<Vec<Write>> {
        let mut writes = Vec::new();
        let mut converted = Vec::new();
        for (path, (before, after)) in net {
            let expect = folder::read_file(&root.join(path), path)?;
            if expect != *before {
                if !eol::may_convert(&self.git, path)? || !eol::same_but_line_ends(&expect, before) {
                    bail!(
                        "`{path}` is not what HEAD has, though its time and size say so: `git update-index --refresh`"
                    );
                }
                converted.extend(after.is_some().then_some(*path));
            }
            writes.push(Write { path: (*path).to_owned(), expect, content: after.map(<[u8]>::to_vec) });
        }
        // What stands in the file as it stands in the blob stays so, though a checkout might convert it.
        let mut converted = eol::checked_out(&self.git, tip, &converted)?;
        for write in &mut writes {
            write.content = converted.remove(&write.path).or(write.content.take());
        }
        Ok(writes)
    }
}

fn net(steps: &[Step]) -> Net<'_> {
    let mut net = Net::new();
    for file in steps.iter().flat_map(|step| &step.files) {
        let after = file.after.as_deref();
        net.entry(&file.path).and_modify(|(_, last)| *last = after).or_insert((&file.before, after));
    }
    net
}

/// The reflog's line, as `git commit` writes it; one line for all, for there is one update.
fn reflog(old: Option<Oid>, chain: &Chain, committer: &Signature<'_>) -> String {
    let subject = chain.commits.last().map_or("", |last| &last.subject);
    let message = match chain.commits.len() {
        1 => format!("commit: {subject}"),
        n => format!("commit: {subject} (the last of {n} by wf-fix)"),
    };
    let when = committer.when();
    let minutes = when.offset_minutes().abs();
    let zone = format!("{}{:02}{:02}", when.sign(), minutes / 60, minutes % 60);
    let who = format!(
        "{} <{}>",
        String::from_utf8_lossy(committer.name_bytes()),
        String::from_utf8_lossy(committer.email_bytes())
    );
    let old = old.map_or_else(|| "0".repeat(40), |id| id.to_string());
    format!("{old} {} {who} {} {zone}\t{message}\n", chain.tip, when.seconds())
}
