//! `remove-jobs`: delete jobs and leave a removal note in their place.
//!
//! ```yaml
//! jobs:                                   jobs:
//!   # Old build.                            # NOTE: old-build was removed in M04 (2026-02-08):
//!   old-build:                              # broken for a while.
//!     if: false # broken for a while
//!     runs-on: ubuntu-latest                lint:
//!                                             runs-on: ubuntu-latest
//!   lint:
//!     runs-on: ubuntu-latest
//! ```
//!
//! Parameters: `jobs` (one id or a list), `note` (a template with `{jobs} {milestone} {date} {reason} {risk}`),
//! `reason` (for `{reason}`, where no comment gives one), `dependents: refuse | remove | unlink` (default refuse),
//! `expect: never-runs` (refuse if a job could run).
//!
//! A job's comment block directly above, at its indent, goes with it; so do comments inside it at any column and
//! commented-out lines that touch its end. The next job's comments never do. Jobs with nothing but blank lines
//! between them share one note, and those blank lines go. Without a note one separation remains.
//!
//! Limitations: jobs in flow style are refused; a job that a `workflow_call` output reads is refused; without a note
//! nothing tells a job removed earlier from a misspelt one, so an absent job counts as done.

mod dependents;
mod span;

use super::guard::{self, refuse};
use super::template::{Template, in_name};
use super::{Context, Outcome, Rewrite, Work, excise, note};
use crate::claim::{Change, Claim};
use crate::effect::Expect;
use crate::nearest::nearest;
use crate::workflow::jobs::{self, Job};
use crate::yaml::{Document, Edit, Fault, FaultKind, Fields};

pub(super) const NAME: &str = "remove-jobs";

const VARIABLES: &[&str] = &["jobs", "milestone", "date", "reason", "risk"];

#[derive(Debug)]
struct RemoveJobs {
    jobs: Vec<String>,
    note: Option<Template>,
    reason: Option<String>,
    dependents: dependents::Policy,
    only_if_dead: bool,
}

pub(super) fn read(fields: &Fields<'_>) -> Result<Box<dyn Rewrite>, Fault> {
    fields.only(&["jobs", "note", "reason", "dependents", "expect"])?;
    let note = fields.has("note").then(|| Template::read(fields, "note", VARIABLES)).transpose()?;
    if note.as_ref().is_some_and(|note| !note.stands_apart("jobs")) {
        let cause = "`{jobs}` touches other words in `note`";
        return Err(fields.fault_at("note", cause, "put a blank or a sign around it: a later run looks for the names"));
    }
    Ok(Box::new(RemoveJobs {
        jobs: fields.texts("jobs")?.into_iter().map(|(name, _)| name.to_owned()).collect(),
        note,
        reason: fields.line("reason")?.map(str::to_owned),
        dependents: dependents::Policy::read(fields)?,
        only_if_dead: fields.choice("expect", &["anything", "never-runs"])? == "never-runs",
    }))
}

impl Rewrite for RemoveJobs {
    fn name(&self) -> &'static str {
        NAME
    }

    fn effect(&self) -> Option<Expect> {
        self.only_if_dead.then_some(Expect::NoRuntimeChange)
    }

    fn plan(&self, document: &Document, context: &Context<'_>) -> Result<Outcome, Fault> {
        let all = jobs::jobs(document.tree());
        if let Some(outcome) = self.without_targets(document, &all, context) {
            return Ok(outcome);
        }
        self.check_dead(document, &all)?;
        let (gone, unlinked) = dependents::resolve(document, &all, &self.jobs, self.dependents)?;
        check_remainder(document, &all, &gone)?;
        let mut work = self.remove(document, &gone, context)?;
        work.merge(unlinked);
        work.remarks.extend(self.remarks(&all, &gone));
        Ok(Outcome::Pending(work))
    }
}

impl RemoveJobs {
    /// The outcome when a named job is not there, unless the note says that it was removed and others remain.
    fn without_targets(&self, document: &Document, all: &[Job], context: &Context<'_>) -> Option<Outcome> {
        let absent: Vec<&String> = self.jobs.iter().filter(|name| all.iter().all(|job| job.name != **name)).collect();
        let noted = |name: &&&String| self.note.as_ref().is_some_and(|note| notes(document, note, name, context));
        let unexplained = absent.iter().find(|name| !noted(name));
        let all_absent = absent.len() == self.jobs.len();
        let Some(first) = unexplained else {
            return all_absent.then(|| Outcome::Done("the removal note is there and the jobs are not".to_owned()));
        };
        let names: Vec<&str> = all.iter().map(|job| job.name.as_str()).collect();
        let near = nearest(first, &names).map(|near| format!("; there is `{near}`")).unwrap_or_default();
        let cause = format!("no job `{first}`{near}");
        if all_absent && self.note.is_none() && !all.is_empty() {
            return Some(Outcome::Done(cause));
        }
        let place = document.tree().get(0, "jobs").map_or_else(|| document.place(0), |id| document.place_of(id));
        let way_out = "mend the name in the rule file, or retire the rule if the job has gone";
        Some(Outcome::Missing(Fault::at(FaultKind::Missing, place, cause, way_out)))
    }

    fn check_dead(&self, document: &Document, all: &[Job]) -> Result<(), Fault> {
        let dead = jobs::never_run(all);
        let live = all.iter().find(|job| self.jobs.contains(&job.name) && !dead.contains(&job.name));
        match live {
            Some(job) if self.only_if_dead => {
                let cause = format!("job `{}` can run, and the rule expects one that never runs", job.name);
                let way_out = "look whether the job works again; then retire the rule, or drop `expect: never-runs`";
                Err(refuse(document, job.key, cause, way_out))
            }
            _ => Ok(()),
        }
    }

    fn remove(&self, document: &Document, gone: &[&Job], context: &Context<'_>) -> Result<Work, Fault> {
        let mut work = Work::default();
        for group in span::groups(document, gone)? {
            let names: Vec<String> = group.jobs.iter().map(|job| job.name.clone()).collect();
            let comments = match &self.note {
                Some(note) => self.render(document, note, &group.jobs, &listed(&names), context)?,
                None => Vec::new(),
            };
            let edits = vec![group.edit(document, &comments)?];
            for job in &group.jobs {
                guard::untied(document, job.value)?;
                let was = document.tree().render(job.value);
                work.claims.push(Claim::Value(Change::Removed { path: document.path(job.value), was }));
            }
            work.claims.extend(note::removed_by(document, &edits));
            work.claims.extend(note::added(&comments));
            work.edits.extend(edits);
        }
        Ok(work)
    }

    fn render(
        &self,
        document: &Document,
        note: &Template,
        group: &[&Job],
        names: &str,
        context: &Context<'_>,
    ) -> Result<Vec<String>, Fault> {
        let reason = group.iter().find_map(|job| reason(document, job)).or_else(|| self.reason.clone());
        if reason.is_none() && note.uses("reason") {
            let name = &group[0].name;
            let cause = format!("the note uses {{reason}}, and no comment on or above the `if:` of `{name}` gives one");
            return Err(refuse(document, group[0].key, cause, "add `reason: ...` to the rewrite"));
        }
        Ok(note.render(&[
            ("jobs", names),
            ("milestone", context.milestone),
            ("date", context.date),
            ("reason", reason.as_deref().unwrap_or_default()),
            ("risk", context.risk),
        ]))
    }

    fn remarks(&self, all: &[Job], gone: &[&Job]) -> Vec<String> {
        let dead = jobs::never_run(all);
        let live = gone.iter().filter(|job| !dead.contains(&job.name));
        live.map(|job| format!("job `{}` was not disabled: it could run", job.name)).collect()
    }
}

/// Whether a comment block in the file is this note, with the job's name in it.
fn notes(document: &Document, note: &Template, job: &str, context: &Context<'_>) -> bool {
    let lines: Vec<usize> = document.comments().iter().filter(|c| c.own_line).map(|c| c.line).collect();
    lines.windows(note.height()).any(|window| {
        let adjacent = window.last().zip(window.first()).is_some_and(|(l, f)| l - f + 1 == note.height());
        let texts: Vec<&str> = window.iter().flat_map(|&line| note::texts(document, line..line + 1)).collect();
        let named = !note.uses("jobs") || texts.iter().any(|text| names(text, job));
        adjacent && named && note.matches(&texts, &[("risk", context.risk)])
    })
}

/// Whether a text has this job's name as a word.
fn names(text: &str, job: &str) -> bool {
    text.match_indices(job)
        .any(|(at, _)| !text[..at].ends_with(in_name) && !text[at + job.len()..].starts_with(in_name))
}

/// Refuses to leave a file without jobs.
fn check_remainder(document: &Document, all: &[Job], gone: &[&Job]) -> Result<(), Fault> {
    if gone.len() < all.len() {
        return Ok(());
    }
    let cause = "this would remove every job of the workflow";
    let way_out = "delete the workflow instead, with the rewrite `remove-workflow`";
    Err(refuse(document, gone[0].key, cause, way_out))
}

/// The comment on the job's `if:` line, else the one directly above it.
fn reason(document: &Document, job: &Job) -> Option<String> {
    let value = document.tree().get(job.value, "if")?;
    let key = document.pair_of(value)?.key;
    let lines = document.lines();
    let (first, last) = (lines.at(document.span(key).start), lines.at(document.span(value).end));
    let trailing = document.trailing_comment(first).or_else(|| document.trailing_comment(last));
    let above = || first.checked_sub(1).and_then(|line| document.line_comment(line));
    let text = document.comment_text(trailing.or_else(above)?);
    (!text.is_empty()).then(|| text.to_owned())
}

/// "a", "a and b", "a, b and c".
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Takes one job out of the `needs` of another.
fn unlink(document: &Document, dependent: &Job, gone: &[String]) -> Result<Work, Fault> {
    let tree = document.tree();
    let Some(needs) = tree.get(dependent.value, "needs") else { return Ok(Work::default()) };
    guard::untied(document, needs)?;
    let items = tree.items(needs);
    let out: Vec<usize> =
        (0..items.len()).filter(|&i| tree.text(items[i]).is_some_and(|t| gone.iter().any(|g| g == t))).collect();
    if out.len() == items.len() {
        return super::remove_key::remove(document, vec![super::remove_key::pair(document, needs)?], false);
    }
    let edits: Vec<Edit> = excise::items(document, needs, &out)?;
    let removed =
        |&i: &usize| Claim::Value(Change::Removed { path: document.path(items[i]), was: tree.render(items[i]) });
    let mut claims: Vec<Claim> = out.iter().map(removed).collect();
    claims.extend(note::removed_by(document, &edits));
    Ok(Work { edits, claims, ..Work::default() })
}
