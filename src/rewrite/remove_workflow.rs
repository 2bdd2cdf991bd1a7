//! `remove-workflow`: delete the file.
//!
//! It has no parameters. A reusable workflow that another workflow of the repository still calls is refused.
//!
//! Limitation: callers in other repositories, and `workflow_run` triggers that name the workflow, are not seen.

use super::guard::refuse;
use super::{Context, Outcome, Rewrite, Work};
use crate::claim::Claim;
use crate::yaml::{Document, Fault, Fields};

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
        let call = format!("./{}", document.name());
        let calls = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().any(|line| uses(line) == Some(call.as_str()));
        let caller = context.snapshot.files.iter().find(|(path, bytes)| *path != document.name() && calls(bytes));
        if let Some((caller, _)) = caller {
            let cause = format!("`{caller}` calls this workflow");
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

/// What a line `uses:`.
fn uses(line: &str) -> Option<&str> {
    let value = line.trim().trim_start_matches("- ").strip_prefix("uses:")?;
    let value = value.split(" #").next()?.trim();
    Some(value.trim_matches(['\'', '"']))
}
