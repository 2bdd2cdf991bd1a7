//! What becomes of the jobs that need a removed one.

use std::collections::HashSet;

use super::super::Work;
use super::super::guard::refuse;
use crate::workflow::expression::Use;
use crate::workflow::jobs::{Job, first_read, never_run};
use crate::yaml::{Document, Fault, Fields};

/// The `dependents` parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Policy {
    Refuse,
    Remove,
    Unlink,
}

impl Policy {
    pub fn read(fields: &Fields<'_>) -> Result<Policy, Fault> {
        Ok(match fields.choice("dependents", &["refuse", "remove", "unlink"])? {
            "remove" => Policy::Remove,
            "unlink" => Policy::Unlink,
            _ => Policy::Refuse,
        })
    }
}

/// All jobs to remove, in the order of the file, and the work on those that only lose a need.
pub(super) fn resolve<'a>(
    document: &Document,
    all: &'a [Job],
    named: &[String],
    policy: Policy,
) -> Result<(Vec<&'a Job>, Work), Fault> {
    let mut gone: Vec<String> = named.to_vec();
    let mut work = Work::default();
    match policy {
        Policy::Refuse => refuse_dependents(document, all, &gone)?,
        Policy::Remove => add_dependents(document, all, &mut gone)?,
        Policy::Unlink => work = unlink_dependents(document, all, &gone)?,
    }
    refuse_output_reads(document, &gone)?;
    let gone: HashSet<&String> = gone.iter().collect();
    Ok((all.iter().filter(|job| gone.contains(&job.name)).collect(), work))
}

fn refuse_dependents(document: &Document, all: &[Job], gone: &[String]) -> Result<(), Fault> {
    let dependents = dependents(all, gone);
    let Some(first) = dependents.first() else { return Ok(()) };
    let need =
        |job: &Job| job.needs.iter().find(|(name, _)| gone.contains(name)).map_or("", |(name, _)| name).to_owned();
    let needs = dependents.iter().map(|job| format!("`{}` needs `{}`", job.name, need(job)));
    let cause = format!("a job to be removed is needed: {}", needs.collect::<Vec<_>>().join(", "));
    let way_out = "list them in `jobs:` too, or set `dependents: remove` or `dependents: unlink`";
    Err(refuse(document, first.key, cause, way_out))
}

fn dependents<'a>(all: &'a [Job], gone: &[String]) -> Vec<&'a Job> {
    all.iter().filter(|job| !gone.contains(&job.name) && job.needs_any(gone)).collect()
}

fn add_dependents(document: &Document, all: &[Job], gone: &mut Vec<String>) -> Result<(), Fault> {
    let mut known: HashSet<String> = gone.iter().cloned().collect();
    loop {
        let needs_gone =
            |job: &&Job| !known.contains(&job.name) && job.needs.iter().any(|(need, _)| known.contains(need));
        let more: Vec<&Job> = all.iter().filter(needs_gone).collect();
        if let Some(job) = more.iter().find(|job| job.survives_skipped_needs) {
            let cause = format!("job `{}` needs a job that is to be removed, and could run without it", job.name);
            let way_out = "its `if:` calls a status function; use `dependents: unlink`, or mend it by hand first";
            return Err(refuse(document, job.key, cause, way_out));
        }
        if more.is_empty() {
            return Ok(());
        }
        known.extend(more.iter().map(|job| job.name.clone()));
        gone.extend(more.iter().map(|job| job.name.clone()));
    }
}

fn unlink_dependents(document: &Document, all: &[Job], gone: &[String]) -> Result<Work, Fault> {
    let dead = never_run(all);
    let mut work = Work::default();
    for job in dependents(all, gone) {
        for name in gone {
            if let Some((at, how)) = first_read(document.tree(), job.value, "needs", name) {
                let what = if how == Use::Named { format!("`needs.{name}`") } else { "all its `needs`".to_owned() };
                let cause = format!("job `{}` reads {what} here, and would no longer see `{name}`", job.name);
                return Err(refuse(document, at, cause, "mend the expression first"));
            }
        }
        work.merge(super::unlink(document, job, gone)?);
        if dead.contains(&job.name) && !job.disabled {
            work.remarks
                .push(format!("job `{}` never ran, and can run once it no longer needs the removed job", job.name));
        }
    }
    Ok(work)
}

/// A reusable workflow hands the outputs of its jobs to its callers.
fn refuse_output_reads(document: &Document, gone: &[String]) -> Result<(), Fault> {
    let tree = document.tree();
    let Some(on) = tree.get(0, "on") else { return Ok(()) };
    match gone.iter().find_map(|name| Some((name, first_read(document.tree(), on, "jobs", name)?.0))) {
        Some((name, at)) => {
            let cause = format!("an output of this reusable workflow reads job `{name}`");
            Err(refuse(document, at, cause, "remove the output first, and mend the callers that use it"))
        }
        None => Ok(()),
    }
}
