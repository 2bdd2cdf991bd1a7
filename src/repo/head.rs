//! The default delivery: commits on HEAD, with the worktree and the index following for exactly the changed paths.
//!
//! The order, and what a crash leaves after each step:
//! 1. all refusals; commits built (and signed) in the object database: the old state, plus unreachable objects;
//! 2. `index.lock` taken, refusals judged again under it, temporary files written beside the targets: the old state;
//! 3. the branch locked and compared with the commit built on: the old state, with locks to remove;
//! 4. files renamed into place, the new index written into `index.lock`: HEAD and index old, files new, as if edited;
//! 5. the branch moved (one reference update shows all commits); `index.lock` renamed to `index`: the new state.
//!
//! Files come before the branch, so that a crash never leaves an index that would commit the old text again unseen.
//! An error, unlike a crash, in steps 2 to 5 puts everything back.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use git2::{Oid, Transaction};

use super::build::{Builder, Chain};
use super::entry::{Found, find};
use super::index::{self, IndexLock, Update};
use super::worktree::{Staged, Write};
use super::{CommitOptions, Committed, Repo, eol, folder};
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

        let index = index::load(&self.git)?;
        let lock = IndexLock::acquire(&index)?;
        // Judged again: until the lock was ours, another process could have staged or edited.
        self.guard_paths(&index::load(&self.git)?, &paths)?;
        let root = self.worktree_root()?.canonicalize()?;
        let staged = Staged::prepare(&root, self.writes(&root, &net, chain.tip)?)?;

        let mut branch = self.lock_ref(&head.name)?;
        if self.where_head_stands()? != head {
            bail!("HEAD has moved meanwhile: nothing was written; run wf-fix again");
        }
        let applied = staged.apply()?;
        let moved = self.updates(&root, &net, chain.tip).and_then(|updates| {
            lock.stage(&updates)?;
            branch.set_target(&head.name, chain.tip, Some(&builder.committer), &reflog(&chain))?;
            branch.commit().with_context(|| format!("{} cannot be moved", head.name))
        });
        if let Err(error) = moved {
            return Err(applied.undo(error));
        }
        lock.commit().with_context(|| {
            format!("the commits are made, but the index was not updated: `git reset -q -- {}`", paths.join(" "))
        })?;
        Ok(chain.commits)
    }

    fn where_head_stands(&self) -> Result<Head> {
        let head = self.git.head()?;
        let tip = head.target().context("HEAD does not lead to a commit: `git fsck` may say why")?;
        Ok(Head { name: head.name()?.to_owned(), tip })
    }

    /// Locks a reference as git does, so that nobody moves it until the transaction ends.
    pub(super) fn lock_ref(&self, name: &str) -> Result<Transaction<'_>> {
        let mut transaction = self.git.transaction()?;
        transaction.lock_ref(name).with_context(|| {
            format!(
                "cannot lock {name}: another git process seems to hold it; if it crashed, remove {name}.lock in .git"
            )
        })?;
        Ok(transaction)
    }

    /// What each file holds now and what a checkout of `tip` would put there.
    fn writes(&self, root: &Path, net: &Net<'_>, tip: Oid) -> Result<Vec<Write>> {
        let mut converted = Vec::new();
        for (path, (_, after)) in net {
            if after.is_some() && eol::may_convert(&self.git, path)? {
                converted.push(*path);
            }
        }
        let mut converted = eol::checked_out(&self.git, tip, &converted)?;
        let mut writes = Vec::new();
        for (path, (before, after)) in net {
            let expect = folder::read_file(&root.join(path), path)?;
            let same = match eol::may_convert(&self.git, path)? {
                true => eol::same_but_line_ends(&expect, before),
                false => expect == *before,
            };
            if !same {
                bail!("`{path}` is not what HEAD has, though its time and size say so: `git update-index --refresh`");
            }
            let content = converted.remove(*path).or_else(|| after.map(<[u8]>::to_vec));
            writes.push(Write { path: (*path).to_owned(), expect, content });
        }
        Ok(writes)
    }

    fn updates<'a>(&self, root: &Path, net: &Net<'a>, tip: Oid) -> Result<Vec<Update<'a>>> {
        let tree = self.git.find_commit(tip)?.tree()?;
        let entry = |path: &str| -> Result<_> {
            Ok(match find(&self.git, &tree, path)? {
                Found::File { id, .. } => Some((id, root.join(path))),
                _ => None,
            })
        };
        net.keys().map(|path| Ok(Update { path, entry: entry(path)? })).collect()
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
pub(super) fn reflog(chain: &Chain) -> String {
    let subject = chain.commits.last().map_or("", |last| &last.subject);
    match chain.commits.len() {
        1 => format!("commit: {subject}"),
        n => format!("commit: {subject} (the last of {n} by wf-fix)"),
    }
}
