//! What `verify` and `report` read: a series of commits, the register that counts for it, and the files beside it.

use std::path::Path;

use anyhow::{Result, bail};

use super::args::Args;
use super::audit::WANTED;
use super::layers::{self, IN_REPOSITORY};
use super::output::Output;
use crate::change::Snapshot;
use crate::effect::of_texts;
use crate::plan::{wanted, wanted_around};
use crate::repo::Repo;
use crate::report::document::Work;
use crate::rule::{Ask, Layer, Register, Risk};
use crate::verify::series::{Commit, Series};
use crate::verify::{Request, named_risk};

/// A series and all that judging it needs.
pub struct Ground {
    /// The repository.
    pub repo: Repo,
    /// The commits.
    pub series: Series,
    /// The register that counts.
    pub register: Register,
    rule_folders: Vec<String>,
    start: Snapshot,
    head: Snapshot,
}

impl Ground {
    /// Reads the series `BASE..HEAD`.
    ///
    /// # Errors
    /// The request is unfit, a rule has a mistake, or objects are missing.
    pub fn read(args: &Args, range: &str, milestone: Option<&str>, output: &Output) -> Result<Ground> {
        let (base, head) = split(range)?;
        let repo = Repo::open(args.dir.as_deref())?;
        let mut series = repo.series(base, head)?;
        let register = layers::register(&rules(args, &repo, &series.base)?, output)?;
        let risks = match milestone {
            Some(name) => register.milestone(name),
            None => Vec::new(),
        };
        if let Some(name) = milestone.filter(|_| risks.is_empty()) {
            return Err(super::select::no_milestone(name, &register));
        }
        let mut named: Vec<&Risk> = Vec::new();
        for commit in &mut series.commits {
            if let (Some(risk), Some(parent)) = (named_risk(commit, &register), commit.parents.first()) {
                commit.before = repo.read_for_series(parent, &wanted(&[risk]))?;
                let around = repo.read_for_series(parent, &wanted_around(&[risk], &commit.before))?;
                commit.before.around = around.files;
                commit.before.unread.extend(around.unreadable);
                named.push(risk);
            }
        }
        output.detail(&format!("{} commits from {} to {}", series.commits.len(), series.start, series.head));
        let start = repo.read_for_series(&series.start, &wanted(&risks))?;
        let mut at_head: Vec<String> = WANTED.iter().map(|path| (*path).to_owned()).collect();
        at_head.extend(wanted(&named));
        for invariant in register.invariants() {
            if let Ask::Query(_, workflows) = &invariant.ask {
                at_head.extend(workflows.clone());
            }
        }
        at_head.sort();
        at_head.dedup();
        let head = repo.read_for_series(&series.head, &at_head)?;
        let rule_folders = rule_folders(args, &repo);
        Ok(Ground { repo, series, register, rule_folders, start, head })
    }

    /// What each commit changes, counted, and what it means for the runs.
    ///
    /// # Errors
    /// Objects are missing.
    pub fn work(&self) -> Result<Vec<Work>> {
        let wanted: Vec<String> = WANTED.iter().map(|path| (*path).to_owned()).collect();
        let work = |commit: &Commit| {
            let parent = commit.parents.first();
            let read = |id: &String| self.repo.read_for_series(id, &wanted);
            let (before, after) = (parent.map(read).transpose()?.unwrap_or_default(), read(&commit.id)?);
            let mut effect = of_texts(&before.files, &after.files);
            effect.unread.extend(before.unreadable);
            effect.unread.extend(after.unreadable);
            Ok(Work { stats: self.repo.stats(parent.map(String::as_str), &commit.id)?, effect })
        };
        self.series.commits.iter().map(work).collect()
    }

    /// The paths of the files that were read at HEAD.
    pub fn files_at_head(&self) -> impl Iterator<Item = &str> {
        self.head.files.keys().map(String::as_str)
    }

    /// What is to be judged.
    pub fn request<'a>(&'a self, milestone: Option<&'a str>, exact: bool) -> Request<'a> {
        Request {
            series: &self.series,
            register: &self.register,
            milestone,
            rule_folders: &self.rule_folders,
            start: &self.start,
            head: &self.head,
            exact,
        }
    }
}

fn split(range: &str) -> Result<(&str, &str)> {
    let shown = range.escape_debug();
    match range.split_once("..") {
        Some((_, head)) if head.starts_with('.') => {
            bail!("`{shown}` has three dots\n  help: write BASE..HEAD; where BASE has moved on, the fork point counts")
        }
        Some((base, head)) if !base.is_empty() => Ok((base, if head.is_empty() { "HEAD" } else { head })),
        _ => bail!("`{shown}` is no range\n  help: write BASE..HEAD, such as main..HEAD"),
    }
}

/// The layers that count: given ones, those of the repository as they are at BASE, the built-in ones.
fn rules(args: &Args, repo: &Repo, base: &str) -> Result<Vec<Layer>> {
    let mut all = Vec::new();
    for dir in &args.rules {
        all.push(layers::from_dir(&args.seen_from_dir(dir), &dir.display().to_string())?);
    }
    let own = repo.rules_at(base, IN_REPOSITORY)?;
    if !own.is_empty() {
        all.push(Layer { origin: IN_REPOSITORY.to_owned(), files: own });
    }
    all.push(layers::built_in());
    Ok(all)
}

/// The folders of the repository that hold rules: its own, and those of `--rules` that lie in its worktree.
fn rule_folders(args: &Args, repo: &Repo) -> Vec<String> {
    let mut folders = vec![IN_REPOSITORY.to_owned()];
    let root = repo.root().and_then(|root| root.canonicalize().ok());
    for dir in &args.rules {
        let inside = |root: &Path| {
            let dir = args.seen_from_dir(dir).canonicalize().ok()?;
            let path = dir.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
            (!path.is_empty()).then_some(path)
        };
        folders.extend(root.as_deref().and_then(inside));
    }
    folders
}
