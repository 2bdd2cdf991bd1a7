//! `remove-workflow`: delete the file.
//!
//! It has no parameters. A reusable workflow that another workflow of the repository still calls is refused.
//!
//! Limitation: callers in other repositories, and `workflow_run` triggers that name the workflow, are not seen.

use super::guard::refuse;
use super::{Context, Outcome, Rewrite, Work};
use crate::claim::Claim;
use crate::yaml::{Document, Fault, Fields, Tree, load};

pub(super) const NAME: &str = "remove-workflow";

#[derive(Debug)]
struct RemoveWorkflow;

pub(super) fn read(fields: &Fields<'_>) -> Result<Box<dyn Rewrite>, Fault> {
    fields.only(&[])?;
    Ok(Box::new(RemoveWorkflow))
}

impl Rewrite for RemoveWorkflow {
    fn name(&self) -> &'static str {
        NAME
    }

    fn plan(&self, document: &Document, context: &Context<'_>) -> Result<Outcome, Fault> {
        if let Some(caller) = caller(document.name(), context) {
            let cause = format!("`{caller}` calls this workflow, or cannot be read and mentions it");
            return Err(refuse(document, 0, cause, "remove the calling job first"));
        }
        Ok(Outcome::Pending(Work { claims: vec![Claim::FileRemoved], delete_file: true, ..Work::default() }))
    }

    fn done_without_file(&self) -> bool {
        true
    }

    fn reads_all_workflows(&self) -> bool {
        true
    }
}

/// The first other workflow, as earlier risks leave it, that calls this one.
fn caller<'c>(name: &str, context: &Context<'c>) -> Option<&'c str> {
    let call = format!("./{name}");
    let calls = |(path, bytes): &(&'c String, &'c Vec<u8>)| match context.current.get(path.as_str()) {
        Some(None) => false,
        Some(Some(document)) => has_call(document.tree(), &call),
        None => {
            let text = String::from_utf8_lossy(bytes);
            // Most files do not even mention it.
            text.contains(name) && load(path, &text).map_or(true, |tree| has_call(&tree, &call))
        }
    };
    let others = context.snapshot.files.iter().filter(|(path, _)| *path != name);
    others.into_iter().find(calls).map(|(path, _)| path.as_str())
}

/// Whether a job `uses` the workflow.
fn has_call(tree: &Tree, call: &str) -> bool {
    let jobs = tree.get(0, "jobs").map(|jobs| tree.pairs(jobs)).unwrap_or_default();
    jobs.iter().any(|&(_, job)| tree.get(job, "uses").and_then(|uses| tree.text(uses)) == Some(call))
}
