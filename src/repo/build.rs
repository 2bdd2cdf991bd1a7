//! Building commits in memory: nothing is written anywhere, so that a signature may take its time and a refusal leaves
//! no trace. `objects` writes them when all is settled.
//!
//! A step's `after` becomes a blob as it is (the plan read the normalised blob, so no filter applies again); modes are
//! kept; every `before` is compared with the tree the step builds on.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};
use git2::build::TreeUpdateBuilder;
use git2::{FileMode, Oid, Repository, Signature, Tree};

use super::entry::{Found, find, missing};
use super::identity::Role;
use super::sign::Signer;
use super::{Committed, Repo, objects, settings};
use crate::change::Step;

/// Who commits, and how it is signed: resolved once for all steps.
pub(super) struct Builder<'a> {
    git: &'a Repository,
    author: Signature<'static>,
    pub committer: Signature<'static>,
    signer: Option<Signer>,
}

/// Commits on top of each other that no reference shows yet.
pub(super) struct Chain {
    pub commits: Vec<Committed>,
    pub tip: Oid,
    /// Every object that is needed for them and may be new.
    pub objects: BTreeSet<Oid>,
}

impl<'a> Builder<'a> {
    /// Fails where the identity is missing, or a setting or a way of signing is asked for that is not known.
    pub fn new(repo: &'a Repo) -> Result<Self> {
        let config = repo.git.config()?.snapshot()?;
        settings::guard(&config)?;
        let committer = repo.person(Role::Committer)?;
        Ok(Builder {
            git: &repo.git,
            author: repo.person(Role::Author)?.signature()?,
            committer: committer.signature()?,
            signer: Signer::of(&config, &committer)?,
        })
    }

    /// One commit a step, the first on `base`.
    pub fn chain(&self, base: Oid, steps: &[Step]) -> Result<Chain> {
        objects::keep_in_memory(&self.git.odb()?)?;
        let mut chain = Chain { commits: Vec::new(), tip: base, objects: BTreeSet::new() };
        for step in steps {
            chain.tip = self.commit(chain.tip, step).with_context(|| format!("risk {}", step.risk))?;
            self.collect(chain.tip, step, &mut chain.objects)?;
            chain.commits.push(Committed {
                risk: step.risk.clone(),
                oid: chain.tip.to_string(),
                subject: step.message.lines().next().unwrap_or_default().to_owned(),
            });
        }
        Ok(chain)
    }

    fn commit(&self, parent: Oid, step: &Step) -> Result<Oid> {
        let parent = self.git.find_commit(parent).with_context(|| missing(parent))?;
        let tree = self.git.find_tree(self.tree(&parent.tree()?, step)?)?;
        let parents = [&parent];
        let buffer = self.git.commit_create_buffer(&self.author, &self.committer, &step.message, &tree, &parents)?;
        let buffer = buffer.as_str().context("the commit is not UTF-8")?;
        let Some(signer) = &self.signer else {
            return Ok(self.git.odb()?.write(git2::ObjectType::Commit, buffer.as_bytes())?);
        };
        let folder = self.git.workdir().unwrap_or(self.git.path());
        Ok(self.git.commit_signed(buffer, &signer.sign(buffer, folder)?, None)?)
    }

    /// The commit, and along the path of each file its trees and its blob.
    fn collect(&self, commit: Oid, step: &Step, objects: &mut BTreeSet<Oid>) -> Result<()> {
        let root = self.git.find_commit(commit)?.tree()?;
        objects.extend([commit, root.id()]);
        for file in &step.files {
            let way: Vec<&Path> = Path::new(&file.path).ancestors().filter(|at| !at.as_os_str().is_empty()).collect();
            // Removed files, and the folders that went with them, are not there.
            objects.extend(way.iter().filter_map(|at| root.get_path(at).ok()).map(|entry| entry.id()));
        }
        Ok(())
    }

    fn tree(&self, base: &Tree<'_>, step: &Step) -> Result<Oid> {
        let mut update = TreeUpdateBuilder::new();
        for file in &step.files {
            let path = file.path.as_str();
            crate::rule::path::check(path).map_err(anyhow::Error::msg)?;
            let (id, mode) = match find(self.git, base, path)? {
                Found::File { id, executable: true } => (id, FileMode::BlobExecutable),
                Found::File { id, executable: false } => (id, FileMode::Blob),
                Found::Unfit(why, way_out) => bail!("`{path}` {why}: {way_out}"),
                _ => bail!("`{path}` is not in the commit to build on: run wf-fix again"),
            };
            if self.git.find_blob(id).with_context(|| missing(id))?.content() != file.before {
                bail!("`{path}` is not what the change was planned on: run wf-fix again");
            }
            match &file.after {
                Some(bytes) => update.upsert(path, self.git.blob(bytes)?, mode),
                None => update.remove(path),
            };
        }
        Ok(update.create_updated(self.git, base)?)
    }
}
