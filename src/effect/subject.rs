//! What a change is about: the jobs and steps of a file, and which of them before is which after.
//!
//! Jobs are matched by their id. Steps are matched by their content where that is the same, in order; between those by
//! their id, else by their name, else by what they use or run, else by their order. So a step that goes does not make
//! all that follow it look changed.

use std::fmt;

use crate::workflow::script::{Script, Shell};
use crate::workflow::view::{Action, Defaults, Job, Step, Workflow};
use crate::yaml::Tree;

/// A workflow, a job, a step: in words that people use.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// The path of its file.
    pub file: String,
    /// The id of its job; `None` for the workflow, the action, and the steps of an action.
    pub job: Option<String>,
    /// What people call the step, ``step `Do TD` ``; `None` for a job.
    pub step: Option<String>,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.step, &self.job) {
            (Some(step), Some(job)) => write!(f, "{step} of job `{job}`"),
            (Some(step), None) => write!(f, "{step} of the action"),
            (None, Some(job)) => write!(f, "job `{job}`"),
            (None, None) => f.write_str("the file as a whole"),
        }
    }
}

/// The steps of a job or of a composite action, with what they stand in.
#[derive(Clone, Copy)]
pub(super) struct List<'w, 't> {
    pub file: &'t str,
    pub tree: &'t Tree<'t>,
    pub job: Option<&'w Job<'t>>,
    pub steps: &'w [Step<'t>],
    pub defaults: Defaults<'t>,
}

impl<'w, 't> List<'w, 't> {
    pub fn of_job(workflow: &Workflow<'t>, job: &'w Job<'t>) -> List<'w, 't> {
        List {
            file: workflow.file,
            tree: workflow.tree,
            job: Some(job),
            steps: &job.steps,
            defaults: workflow.defaults,
        }
    }

    pub fn of_action(action: &'w Action<'t>) -> List<'w, 't> {
        List { file: action.file, tree: action.tree, job: None, steps: &action.steps, defaults: Defaults::default() }
    }

    /// The script of a step that runs one.
    pub fn script(&self, step: &Step<'t>) -> Option<Script<'t>> {
        Some(Script { file: self.file, run: step.run?, shell: Shell::of(step, self.job, &self.defaults) })
    }

    pub fn subject(&self, index: usize) -> Subject {
        Subject {
            file: self.file.to_owned(),
            job: self.job.map(|job| job.id.text.to_owned()),
            step: self.steps.get(index).map(|step| step.called(index)),
        }
    }
}

/// The subject of a job.
pub(super) fn of_job(file: &str, job: &Job<'_>) -> Subject {
    Subject { file: file.to_owned(), job: Some(job.id.text.to_owned()), step: None }
}

/// Pairs of positions before and after; a position that is alone has no counterpart. In the order after, what is gone
/// where it was.
pub(super) type Pairs = Vec<(Option<usize>, Option<usize>)>;

/// Matches jobs by id.
pub(super) fn jobs(before: &[Job<'_>], after: &[Job<'_>]) -> Pairs {
    let at = |jobs: &[Job<'_>], id: &str| jobs.iter().position(|job| job.id.text == id);
    let kept = before.iter().enumerate().map(|(index, job)| (Some(index), at(after, job.id.text)));
    let new = after.iter().enumerate().filter(|(_, job)| at(before, job.id.text).is_none());
    kept.chain(new.map(|(index, _)| (None, Some(index)))).collect()
}

/// Matches the steps of two lists.
pub(super) fn steps(before: &List<'_, '_>, after: &List<'_, '_>) -> Pairs {
    let (first, last) = (before.steps.len(), after.steps.len());
    let same = |i: usize, j: usize| before.tree.same(before.steps[i].at.node, after.tree, after.steps[j].at.node);
    let head = (0..first.min(last)).take_while(|&i| same(i, i)).count();
    let rest = first.min(last) - head;
    let tail = (0..rest).take_while(|&i| same(first - 1 - i, last - 1 - i)).count();
    let mut pairs: Pairs = (0..head).map(|i| (Some(i), Some(i))).collect();
    pairs.extend(between(before, after, head..first - tail, head..last - tail));
    pairs.extend((0..tail).map(|i| (Some(first - tail + i), Some(last - tail + i))));
    pairs
}

type Range = std::ops::Range<usize>;

/// Whether two steps have a sign in common.
type Sign<'s> = dyn Fn(&Step<'_>, &Step<'_>) -> bool + 's;

/// Matches the steps between the equal ends: by content first, then by ever weaker signs.
fn between(before: &List<'_, '_>, after: &List<'_, '_>, old: Range, new: Range) -> Pairs {
    let mut to: Vec<Option<usize>> = vec![None; old.len()];
    let mut taken = vec![false; new.len()];
    let text = |text: Option<crate::workflow::reader::Text<'_>>| text.map(|text| text.text.to_owned());
    let signs: [&Sign<'_>; 5] = [
        &|a, b| before.tree.same(a.at.node, after.tree, b.at.node),
        &|a, b| a.id.is_some() && text(a.id) == text(b.id),
        &|a, b| a.name.is_some() && text(a.name) == text(b.name) && a.id.is_none() == b.id.is_none(),
        &|a, b| a.name.is_none() && b.name.is_none() && text(a.uses) == text(b.uses) && text(a.run) == text(b.run),
        &|a, b| a.id.is_none() && b.id.is_none() && a.name.is_none() && b.name.is_none(),
    ];
    for sign in signs {
        for (i, to) in to.iter_mut().enumerate().filter(|(_, to)| to.is_none()) {
            let fits = |j: &usize| !taken[*j] && sign(&before.steps[old.start + i], &after.steps[new.start + *j]);
            if let Some(j) = (0..taken.len()).find(fits) {
                *to = Some(j);
                taken[j] = true;
            }
        }
    }
    let kept = to.iter().enumerate().map(|(i, j)| (Some(old.start + i), j.map(|j| new.start + j)));
    let fresh = taken.iter().enumerate().filter(|(_, taken)| !**taken).map(|(j, _)| (None, Some(new.start + j)));
    kept.chain(fresh).collect()
}
