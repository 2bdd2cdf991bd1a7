//! The values of a file: the delta of the commit must be the delta of the plan, by raw text and style.

use super::brief;
use super::content::Files;
use super::reason::{Code, Reason};
use crate::claim::Change;
use crate::proof::delta::delta;
use crate::workflow::naming::describe;
use crate::yaml::{Document, Path, Place, Segment};

/// What differs from the plan.
pub(super) fn check(files: &Files<'_>) -> Vec<Reason> {
    if delta(files.expected.tree(), files.actual.tree()).is_empty() {
        return Vec::new();
    }
    let planned = delta(files.before.tree(), files.expected.tree());
    let made = delta(files.before.tree(), files.actual.tree());
    let undone: Vec<&Change> = planned.iter().filter(|change| !made.contains(change)).collect();
    let extra: Vec<&Change> = made.iter().filter(|change| !planned.contains(change)).collect();
    let mut reasons: Vec<Reason> = extra.iter().map(|change| extra_change(files, change)).collect();
    // A change to another value at the same place is no half work but other work.
    let other = |change: &&&Change| extra.iter().any(|extra| extra.path() == change.path());
    let open: Vec<&&Change> = undone.iter().filter(|change| !other(change)).collect();
    let code = if undone.len() == planned.len() && extra.is_empty() { Code::NotFixed } else { Code::PartialFix };
    reasons.extend(open.into_iter().map(|change| not_made(files, change, code)));
    if reasons.is_empty() {
        let cause = "the values are not those of the plan";
        let commit = files.commit;
        reasons.push(Reason::in_file(Code::ExtraChange, commit, files.actual.name(), cause, "compare with --dry-run"));
    }
    reasons
}

fn extra_change(files: &Files<'_>, change: &Change) -> Reason {
    let (code, what) = match change {
        Change::Added { path, now } if soft_fails(path, now) => (Code::SoftFailAdded, format!("`{now}` comes in")),
        Change::Changed { path, now, .. } if soft_fails(path, now) => {
            (Code::SoftFailAdded, format!("it becomes `{}`", brief(now)))
        }
        Change::Changed { was, now, .. } if unquoted(was) == unquoted(now) => {
            (Code::Quotes, format!("`{}` is now written `{}`", brief(was), brief(now)))
        }
        Change::Added { now, .. } => (Code::ExtraChange, format!("`{}` comes in", brief(now))),
        Change::Removed { was, .. } => (Code::ExtraChange, format!("`{}` goes", brief(was))),
        Change::Changed { was, now, .. } => (Code::ExtraChange, format!("`{}` becomes `{}`", brief(was), brief(now))),
    };
    let (document, holder) = match change {
        Change::Added { .. } => (files.actual, files.actual),
        _ => (files.before, files.before),
    };
    let place = place(files.actual, change.path()).or_else(|| place(document, change.path()));
    let of = describe(holder.tree(), change.path());
    let key = last_key(change.path()).map(|key| format!("`{}` of ", brief(key))).unwrap_or_default();
    let cause = format!("{key}{}: {what}, and the rule does not ask for it", of);
    let place = place.or_else(|| start(files));
    Reason::at(code, &files.commit.id, place, cause, "take it out of the commit")
}

fn not_made(files: &Files<'_>, change: &Change, code: Code) -> Reason {
    let (was, path) = match change {
        Change::Removed { path, was } => (format!("`{}` should go", brief(was)), path),
        Change::Changed { path, now, .. } => (format!("it should be `{}`", brief(now)), path),
        Change::Added { path, now } => (format!("`{}` should come in", brief(now)), path),
    };
    let key = last_key(path).map(|key| format!("`{}` of ", brief(key))).unwrap_or_default();
    let cause = format!("{key}{}: {was}", describe(files.before.tree(), path));
    let place = place(files.actual, path).or_else(|| place(files.before, path)).or_else(|| start(files));
    Reason::at(code, &files.commit.id, place, cause, "make the whole change; `wf-fix --risk ID --dry-run` shows it")
}

fn start(files: &Files<'_>) -> Option<Place> {
    Some(Place { file: files.actual.name().to_owned(), line: 1, column: 1 })
}

/// Whether a change makes something soft-fail.
fn soft_fails(path: &Path, now: &str) -> bool {
    last_key(path) == Some("continue-on-error") && unquoted(now) != "false" || now.contains("continue-on-error: true")
}

fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('\'').or_else(|| inner('"')).unwrap_or(text)
}

/// The key a path ends in.
fn last_key(path: &Path) -> Option<&str> {
    match path.0.last() {
        Some(Segment::Key(key)) => Some(key),
        _ => None,
    }
}

/// Where the value at a path starts; its key, for a pair.
pub(super) fn place(document: &Document, path: &Path) -> Option<Place> {
    let tree = document.tree();
    let (mut at, mut shown) = (0, 0);
    for segment in &path.0 {
        (shown, at) = match segment {
            Segment::Key(key) => *tree.pairs(at).iter().find(|(k, _)| tree.text(*k) == Some(key.as_str()))?,
            Segment::Index(index) => tree.items(at).get(*index).map(|&item| (item, item))?,
        };
    }
    Some(document.place_of(shown))
}
