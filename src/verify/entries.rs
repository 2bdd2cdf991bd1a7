//! The paths a commit changes: only files that the risk's plan changes, and each still a regular file of its mode.

use super::reason::{Code, Reason};
use super::series::{Commit, Entry, Item, Kind};
use crate::change::FileChange;
use crate::rule::{Risk, glob, is_glob};

/// The most files that are named one by one.
const MOST: usize = 20;

/// Everything that is wrong with the paths of a commit; `planned` are the files its risk changes.
pub fn check(commit: &Commit, risk: Option<&Risk>, planned: &[FileChange], rule_folders: &[String]) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let (mut extra, mut more) = (0, 0);
    for entry in &commit.entries {
        let plan = planned.iter().find(|file| file.path == entry.path);
        let Some(reason) = entry_reason(commit, entry, risk, plan, planned, rule_folders) else { continue };
        extra += usize::from(plan.is_none());
        match extra > MOST && plan.is_none() {
            true => more += 1,
            false => reasons.push(reason),
        }
    }
    if more > 0 {
        let cause = format!("and {more} files more");
        reasons.push(Reason::of(Code::ExtraFile, commit, cause, "make the commit anew, with the risk's files only"));
    }
    for file in planned.iter().filter(|file| !commit.entries.iter().any(|entry| entry.path == file.path)) {
        let cause = "the rule changes this file, and the commit does not";
        reasons.push(Reason::in_file(Code::FileUntouched, commit, &file.path, cause, "remove the risk here too"));
    }
    reasons
}

fn entry_reason(
    commit: &Commit,
    entry: &Entry,
    risk: Option<&Risk>,
    plan: Option<&FileChange>,
    planned: &[FileChange],
    rule_folders: &[String],
) -> Option<Reason> {
    let reason = |code, cause: String, way_out: &str| Some(Reason::in_file(code, commit, &entry.path, cause, way_out));
    if is_rule(&entry.path, rule_folders) {
        let cause = "a rule file changes in the series that it judges".to_owned();
        return reason(Code::RuleEdited, cause, "change the register first, in a change of its own");
    }
    let id = risk.map_or("the series", |risk| risk.id.as_str());
    if let Some((code, cause)) = strange(commit, entry, planned) {
        return reason(code, cause, "leave it out: a risk's commit changes the text of its workflows only");
    }
    // Where no risk is named, or its plan is empty, that is said already.
    if risk.is_none() || plan.is_none() && planned.is_empty() && risk.is_some_and(|risk| names(risk, &entry.path)) {
        return None;
    }
    match (plan, &entry.after) {
        (Some(plan), None) if plan.after.is_some() => {
            reason(Code::FileDeleted, format!("the file is deleted, and {id} only changes it"), "keep it")
        }
        (Some(plan), Some(_)) if plan.after.is_none() => {
            reason(Code::FileKept, format!("{id} deletes the file, and the commit keeps it"), "delete it")
        }
        (Some(_), _) => None,
        (None, None) => {
            reason(Code::FileDeleted, format!("the file is deleted, which {id} does not ask for"), "keep it")
        }
        (None, Some(_)) => {
            let named = risk.is_some_and(|risk| names(risk, &entry.path));
            let binary = commit.after.get(&entry.path).is_some_and(|bytes| is_binary(bytes));
            let cause = match named {
                true => format!("{id} names this file, and has nothing to change in it"),
                false => format!("{id} does not name this file"),
            };
            let code = if binary { Code::Binary } else { Code::ExtraFile };
            reason(code, cause, "put the change into a commit of its own, outside the series")
        }
    }
}

/// What a text editor would not do to a file.
fn strange(commit: &Commit, entry: &Entry, planned: &[FileChange]) -> Option<(Code, String)> {
    let kind = |item: &Option<Item>| item.as_ref().map(Item::kind);
    match (kind(&entry.before), kind(&entry.after)) {
        (_, Some(Kind::Submodule)) | (Some(Kind::Submodule), _) => {
            return Some((Code::Submodule, "a submodule comes, goes or moves".to_owned()));
        }
        (_, Some(Kind::Link)) | (Some(Kind::Link), _) => {
            return Some((Code::Symlink, "a symbolic link comes, goes or points elsewhere".to_owned()));
        }
        _ => {}
    }
    if let (Some(before), Some(after)) = (&entry.before, &entry.after)
        && before.mode != after.mode
    {
        return Some((
            Code::ModeChanged,
            format!("the file's mode changes from {:o} to {:o}", before.mode, after.mode),
        ));
    }
    let twin = |path: &str, other: &Entry| other.path != path && same_text(commit, path, other, planned);
    match (&entry.before, &entry.after) {
        (Some(_), None) => {
            let to = commit.entries.iter().find(|other| other.before.is_none() && twin(&entry.path, other))?;
            Some((Code::Renamed, format!("the file moves to {}", to.path)))
        }
        (None, Some(_)) => {
            let from = commit.entries.iter().find(|from| from.after.is_none() && twin(&from.path, entry))?;
            Some((Code::Renamed, format!("the file was {}", from.path)))
        }
        _ => None,
    }
}

/// Whether a new file holds what the deleted one at `path` held, or was to hold.
fn same_text(commit: &Commit, path: &str, new: &Entry, planned: &[FileChange]) -> bool {
    let old = commit.entries.iter().find(|entry| entry.path == path).and_then(|entry| entry.before.as_ref());
    let same_blob = old.zip(new.after.as_ref()).is_some_and(|(old, new)| old.id == new.id);
    let plan = planned.iter().find(|file| file.path == path).and_then(|file| file.after.as_ref());
    same_blob || plan.is_some_and(|bytes| commit.after.get(&new.path) == Some(bytes))
}

/// Whether a risk names a path.
fn names(risk: &Risk, path: &str) -> bool {
    risk.workflows.iter().any(|pattern| match is_glob(pattern) {
        true => glob(pattern).is_ok_and(|glob| glob.compile_matcher().is_match(path)),
        false => pattern == path,
    })
}

fn is_rule(path: &str, folders: &[String]) -> bool {
    folders.iter().any(|folder| path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/')))
}

/// Git's own guess: a NUL among the first 8,000 bytes.
pub fn is_binary(bytes: &[u8]) -> bool {
    bytes.iter().take(8000).any(|byte| *byte == 0)
}
