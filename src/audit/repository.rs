//! The texts of all files: for their audits, and for the rare question that a group cannot answer.
//!
//! A text that nobody needs afterwards is dropped with its audit: the texts would be half of the memory otherwise. Whoever
//! asks for one that is gone reads it again; who asks before all have been read is audited once more when they have.
//! Limitation: if the file is another by then, or gone, the answer is that of its new state.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock};

use super::load::load;
use crate::workflow::view::{File, Workflow};

/// Reads the file at a place in the list of paths; `None` if it is gone or cannot be read.
pub type Reader<'a> = dyn Fn(usize) -> Option<Vec<u8>> + Sync + 'a;

/// A text on its way through the audit.
#[derive(Debug)]
pub(super) enum Text<'b> {
    /// Of somebody who needs it afterwards.
    Lent(&'b [u8]),
    /// Read, or held, until it is audited; then only what its steps are called is known.
    Given(RwLock<Option<Vec<u8>>>, OnceLock<Vec<u32>>),
}

/// What is remembered, beside the names of steps, of a workflow that pull requests start.
pub(super) const PULLS: &str = "on: pull_request";

/// The same of one that runs behind the workflow of this name.
pub(super) fn follows(name: &str) -> String {
    format!("on: workflow_run: {name}")
}

/// All files of the repository. None is kept as a tree.
#[derive(Clone, Copy)]
pub(super) struct Repository<'b> {
    /// Their paths and texts.
    pub files: &'b [(&'b str, Text<'b>)],
    /// How to read one whose text is not held.
    pub read: &'b Reader<'b>,
    /// Set where files are not all read yet, and notes that somebody asked for others: the answer is void.
    pub early: Option<&'b AtomicBool>,
}

impl<'b> Repository<'b> {
    /// The path of a file, and its text, which is not held here any more if it was given.
    pub fn take(&self, at: usize) -> (&'b str, Cow<'b, [u8]>) {
        let (path, text) = &self.files[at];
        match text {
            Text::Lent(bytes) => (path, Cow::Borrowed(bytes)),
            Text::Given(bytes, _) => {
                let held = bytes.write().unwrap_or_else(PoisonError::into_inner).take();
                (path, Cow::Owned(held.or_else(|| (self.read)(at)).unwrap_or_default()))
            }
        }
    }

    /// Holds a text until it is taken.
    pub fn hold(&self, at: usize, text: Vec<u8>) {
        if let Text::Given(bytes, _) = &self.files[at].1 {
            *bytes.write().unwrap_or_else(PoisonError::into_inner) = Some(text);
        }
    }

    /// Notes what is remembered of a file whose text goes; `None` if it cannot be read.
    pub fn remember(&self, at: usize, view: Option<&File<'_>>) {
        let Text::Given(_, steps) = &self.files[at].1 else { return };
        let (jobs, triggers) = match view {
            Some(File::Workflow(workflow)) => (&workflow.jobs[..], &workflow.triggers[..]),
            _ => (&[][..], &[][..]),
        };
        let pulls = triggers.iter().any(|trigger| trigger.event.text.starts_with("pull_request"));
        let names = jobs.iter().flat_map(|job| &job.steps).filter_map(|step| Some(hash(step.name?.text)));
        let behind = triggers.iter().filter(|trigger| trigger.event.text == "workflow_run");
        let behind = behind.flat_map(|trigger| trigger.filters.iter().filter(|(key, _)| key.text == "workflows"));
        let behind = behind.flat_map(|(_, names)| names).map(|name| hash(&follows(name.text)));
        let marks = pulls.then(|| hash(PULLS)).into_iter().chain(behind);
        // Nobody else has this file on the table.
        let _ = steps.set(names.chain(marks).collect());
    }

    /// Whether any workflow but `own` is so, where one can only be so if that `mark` is remembered of it: the name
    /// of a step, [`PULLS`] or what [`follows`] says. Only those are parsed
    /// whose text is `likely` to be, and those whose text is held come first.
    pub fn any_other(
        &self,
        own: &str,
        mark: Option<&str>,
        likely: impl Fn(&[u8]) -> bool,
        is_so: impl Fn(&Workflow<'_>) -> bool,
    ) -> bool {
        if let Some(early) = self.early {
            early.store(true, Ordering::Relaxed);
            return false;
        }
        let fits = |path: &str, bytes: &[u8]| likely(bytes) && is_workflow(path, bytes, &is_so);
        let mut gone = Vec::new();
        for (at, (path, text)) in self.files.iter().enumerate().filter(|(_, (path, _))| *path != own) {
            match text.held(|bytes| fits(path, bytes)) {
                Some(true) => return true,
                Some(false) => {}
                None => gone.push((at, *path, text)),
            }
        }
        let mark = mark.map(hash);
        let mut gone = gone.into_iter().filter(|(.., text)| mark.is_none_or(|mark| text.may_have(mark)));
        gone.any(|(at, path, _)| (self.read)(at).is_some_and(|bytes| fits(path, &bytes)))
    }
}

impl Text<'_> {
    /// What `ask` says of the text; `None` if it is gone.
    fn held(&self, ask: impl FnOnce(&[u8]) -> bool) -> Option<bool> {
        match self {
            Text::Lent(bytes) => Some(ask(bytes)),
            Text::Given(bytes, _) => bytes.read().unwrap_or_else(PoisonError::into_inner).as_deref().map(ask),
        }
    }

    /// Whether this may be remembered of it: the name of a step, [`PULLS`] or what [`follows`] says.
    fn may_have(&self, mark: u32) -> bool {
        match self {
            Text::Lent(_) => true,
            Text::Given(_, steps) => steps.get().is_none_or(|steps| steps.contains(&mark)),
        }
    }
}

/// What is remembered of a name.
fn hash(name: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    (hasher.finish() >> 32) as u32
}

fn is_workflow(path: &str, bytes: &[u8], is_so: impl Fn(&Workflow<'_>) -> bool) -> bool {
    match &load(path, bytes).tree {
        Ok(tree) => matches!(File::of(path, tree), File::Workflow(workflow) if is_so(&workflow)),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::read;

    const TEXT: &str =
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - name: Unit tests\n        run: make\n";

    fn given(text: &str) -> (&'static str, Text<'static>) {
        (".github/workflows/a.yml", Text::Given(RwLock::new(Some(text.as_bytes().to_vec())), OnceLock::new()))
    }

    fn pushes(all: Repository<'_>, step: &str) -> bool {
        all.any_other(
            "own",
            Some(step),
            |_| true,
            |workflow| workflow.triggers.iter().any(|on| on.event.text == "push"),
        )
    }

    #[test]
    fn a_text_that_is_gone_is_read_again() {
        let files = [given(TEXT)];
        let [still, mended, gone]: [&Reader<'_>; 3] =
            [&|_| Some(TEXT.as_bytes().to_vec()), &|_| Some(b"on: {".to_vec()), &|_| None];
        let all = |read| Repository { files: &files, read, early: None };
        assert!(pushes(all(gone), "Unit tests"), "it is held");
        assert_eq!(all(gone).take(0).1, TEXT.as_bytes());
        assert!(pushes(all(still), "Unit tests"));
        assert!(!pushes(all(mended), "Unit tests"));
        assert!(!pushes(all(gone), "Unit tests"));
    }

    #[test]
    fn a_text_without_a_step_of_that_name_is_not_read_again() {
        let files = [given(TEXT)];
        let all = Repository { files: &files, read: &|_| Some(TEXT.as_bytes().to_vec()), early: None };
        all.take(0);
        all.remember(0, Some(&File::of(files[0].0, &read(files[0].0, TEXT).unwrap())));
        assert!(pushes(all, "Unit tests"));
        assert!(!pushes(all, "Other tests"));
    }

    #[test]
    fn a_lent_text_stays() {
        let files = [("a.yml", Text::Lent(TEXT.as_bytes()))];
        let all = Repository { files: &files, read: &|_| None, early: None };
        assert_eq!(all.take(0), all.take(0));
        assert!(pushes(all, "Unit tests"));
    }
}
