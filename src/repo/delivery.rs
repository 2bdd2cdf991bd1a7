//! A delivery under a journal: begun, and then settled in one place, whether it succeeded, failed, or was killed and is
//! found by a later run.
//!
//! The steps, each leaving only what `settle` can finish or undo:
//! 1. the turn is taken (`turn`), objects are written (`objects`): nobody sees them;
//! 2. the journal is written and synced;
//! 3. `index.lock`; every refusal judged again under it; new contents written beside the files; the reference's lock;
//! 4. files exchanged with their new contents (`worktree`), the new index written beside the index, all of it synced;
//! 5. the reference moved: one rename, and everybody sees the new state;
//! 6. the index renamed into place, old files and locks removed, at last the journal.
//!
//! What decides after a crash is the reference: if it moved, the rest is finished, else undone. Without commits
//! (`--no-commit`) it is the files: once all are exchanged the delivery is finished.

use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result, anyhow, bail};
use git2::Oid;

use super::entry::{Finder, Found};
use super::index::{self, IndexFile, Update};
use super::journal::{Journal, Move};
use super::reference::Reference;
use super::turn::Turn;
use super::worktree::{self, Files, Outcome};
use super::{Repo, durable};

/// The ready contents of our locks, in the folder of the turn.
const CLAIM: &str = "claim";
const VALUE: &str = "value";

/// A delivery that has its journal on disk.
pub(super) struct Delivery<'a> {
    pub turn: Turn,
    pub journal: Journal,
    /// The repository, unless plain files are written.
    repo: Option<&'a Repo>,
    /// The canonical folder of the files; none if only a reference moves.
    root: Option<PathBuf>,
}

impl<'a> Delivery<'a> {
    /// Writes the journal. From here on [`Delivery::end`] must be called; if it is not, a later run does its work.
    pub fn begin(turn: Turn, journal: Journal, repo: Option<&'a Repo>, root: Option<PathBuf>) -> Result<Self> {
        let cannot = || "the delivery cannot be prepared: nothing was changed";
        if journal.index.is_some() {
            durable::create(&turn.path(CLAIM), &journal.claim()).with_context(cannot)?;
        }
        if let Some(plan) = &journal.reference {
            durable::create(&turn.path(VALUE), &plan.value()).with_context(cannot)?;
        }
        turn.write_journal(&journal.bytes()?)?;
        Ok(Delivery { turn, journal, repo, root })
    }

    /// What a run that was killed left behind.
    pub fn resume(turn: Turn, journal: Journal, repo: Option<&'a Repo>, root: Option<PathBuf>) -> Self {
        Delivery { turn, journal, repo, root }
    }

    pub fn files(&self) -> Option<Files<'_>> {
        self.root.as_deref().map(|root| Files { root, journal: &self.journal })
    }

    pub fn reference(&self) -> Option<Reference<'_>> {
        Some(Reference::of(self.repo?, self.journal.reference.as_ref()?))
    }

    pub fn index(&self) -> Result<Option<IndexFile>> {
        match (self.repo, &self.journal.index) {
            (Some(repo), Some(_)) => IndexFile::of(&index::load(&repo.git)?, &self.journal).map(Some),
            _ => Ok(None),
        }
    }

    pub fn lock_index(&self) -> Result<()> {
        self.index()?.map_or(Ok(()), |index| index.lock(&self.turn.path(CLAIM)))
    }

    pub fn lock_reference(&self) -> Result<()> {
        self.reference().map_or(Ok(()), |reference| reference.lock(&self.turn.path(VALUE)))
    }

    /// Ends a delivery that went well as far as `delivered` says: what is missing is finished, or all is undone.
    pub fn end(self, delivered: Result<()>) -> Result<()> {
        // Without a reference that tells, an error means that not all was done.
        let outcome = if delivered.is_err() && self.journal.reference.is_none() { Some(Outcome::Undone) } else { None };
        let settled = self.settle(outcome).or_else(|_| self.settle(outcome));
        let (outcome, kept) = match (settled, &delivered) {
            (Ok(settled), _) => settled,
            (Err(error), Ok(())) => {
                return Err(error.context(
                    "all was delivered, but not all could be put in order: the next run of wf-fix will try again",
                ));
            }
            (Err(error), Err(first)) => {
                return Err(error.context(format!(
                    "{first:#}\nand what was begun could not be undone: the next run of wf-fix will try again"
                )));
            }
        };
        let ended = self.turn.end().context("the next run of wf-fix will try again");
        match (outcome, delivered) {
            (Outcome::Finished, _) if kept.is_empty() => {
                ended.context("all was delivered, but the journal could not be removed")
            }
            (Outcome::Finished, _) => bail!("all was delivered, but:\n{}", kept.join("\n")),
            (_, Err(error)) => Err(with_kept(error, &kept)),
            (_, Ok(())) => Err(with_kept(anyhow!("all was delivered, but somebody has undone it meanwhile"), &kept)),
        }
    }

    /// Finishes or undoes, from wherever the delivery stands; once done, doing it again changes nothing. Says which,
    /// and what was kept for the user to look at. If `outcome` is not given, what stands on disk decides.
    pub fn settle(&self, outcome: Option<Outcome>) -> Result<(Outcome, Vec<String>)> {
        let outcome = outcome.map_or_else(|| self.outcome(), Ok)?;
        if let Some(files) = self.files() {
            files.settle(outcome)?;
        }
        let index = self.index()?;
        if outcome == Outcome::Finished
            && let Some(index) = &index
        {
            self.finish_index(index)?;
        }
        if let Some(reference) = self.reference() {
            if outcome == Outcome::Undone {
                reference.unlog()?;
            }
            reference.unlock()?;
        }
        let known = |id: Oid| self.repo.is_some_and(|repo| repo.git.odb().is_ok_and(|odb| odb.exists(id)));
        let kept = self.files().map_or(Ok(Vec::new()), |files| files.tidy(outcome, &known))?;
        if let Some(index) = &index {
            index.discard()?;
            index.unlock()?;
        }
        Ok((outcome, kept))
    }

    fn outcome(&self) -> Result<Outcome> {
        let (Some(reference), Some(plan)) = (self.reference(), &self.journal.reference) else {
            return self.files().map_or(Ok(Outcome::Undone), |files| files.outcome());
        };
        let (old, new) = plan.ids()?;
        if reference.is_symbolic() {
            return Ok(Outcome::Left);
        }
        let now = reference.value()?;
        Ok(match now {
            Some(now) if now == new => Outcome::Finished,
            _ if now == old => Outcome::Undone,
            // Somebody has built on it, or gone elsewhere.
            Some(now) if self.repo.is_some_and(|repo| repo.git.graph_descendant_of(now, new).unwrap_or(false)) => {
                Outcome::Finished
            }
            _ => Outcome::Left,
        })
    }

    /// Brings the entries that are still the old ones to the new ones, under our lock or one that is taken for it.
    fn finish_index(&self, file: &IndexFile) -> Result<()> {
        let updates = self.updates(true)?;
        if updates.is_empty() {
            return Ok(());
        }
        if !file.is_ours() {
            let claim = self.turn.path(CLAIM);
            if !claim.exists() {
                durable::create(&claim, &self.journal.claim())?;
            }
            file.lock(&claim)?;
        }
        file.stage(&updates).and_then(|()| file.commit()).context("the index cannot be written")
    }

    /// What becomes of the index entries, by the trees of the old and the new commit; all of them, or those that have
    /// not become it yet.
    pub fn updates(&self, only_missing: bool) -> Result<Vec<Update<'_>>> {
        let (Some(repo), Some(files), Some(plan)) = (self.repo, self.files(), &self.journal.reference) else {
            return Ok(Vec::new());
        };
        let (old, new) = plan.ids()?;
        let tree = |id: Oid| -> Result<_> { Ok(repo.git.find_commit(id)?.tree()?) };
        let (old, new) = (tree(old.context("a commit on HEAD without a parent")?)?, tree(new)?);
        let index = index::load(&repo.git)?;
        let mut updates = Vec::new();
        let mut finder = Finder::of(&repo.git);
        for record in &self.journal.files {
            let path = record.path.as_str();
            let Found::File { id: before, .. } = finder.find(&old, path)? else { continue };
            let after = match finder.find(&new, path)? {
                Found::File { id, .. } => Some(id),
                _ => None,
            };
            let entry = index.get_path(Path::new(path), 0);
            if entry.is_some_and(|entry| entry.id == before) || !only_missing {
                let content = record.after.as_deref();
                let meta = content.and_then(|content| worktree::settled_meta(&files.root.join(path), content));
                updates.push(Update { path, new: after, meta });
            }
        }
        Ok(updates)
    }
}

impl Move {
    pub fn ids(&self) -> Result<(Option<Oid>, Oid)> {
        Ok((self.old.as_deref().map(Oid::from_str).transpose()?, Oid::from_str(&self.new)?))
    }
}

fn with_kept(error: Error, kept: &[String]) -> Error {
    if kept.is_empty() { error } else { anyhow!("{error:#}\n{}", kept.join("\n")) }
}
