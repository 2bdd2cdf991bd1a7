//! What a failure that counts does to the other legs of a matrix.
//!
//! Source: workflow syntax, `jobs.<job_id>.strategy.fail-fast`: unless it is false, a job of the matrix that fails
//! cancels those in progress and in the queue; it is true by default. One whose `continue-on-error` is true cancels none.
//!
//! Limitation: a step of a composite action has no job here, so the matrices of the jobs that use it are not asked.

use super::Legs;
use crate::workflow::reader::Text;
use crate::workflow::view::{Job, Step};

/// What a change makes of the other legs; `None` if a failure cancelled them before as well, or never does.
pub(super) fn cancelled(before: (&Job<'_>, Option<&Step<'_>>), after: (&Job<'_>, Option<&Step<'_>>)) -> Option<Legs> {
    let now = cancels(after)?;
    let commands = |step: Option<&Step<'_>>| step.and_then(|step| step.run).map(|run| run.text.to_owned());
    let same = cancels(before).as_ref() == Some(&now) && commands(before.1) == commands(after.1);
    (!same).then_some(now)
}

/// Whether a failure in one leg cancels the others.
fn cancels((job, step): (&Job<'_>, Option<&Step<'_>>)) -> Option<Legs> {
    let matrix = job.matrix.as_ref()?;
    if matrix.legs().is_some_and(|legs| legs.len() < 2) {
        return None;
    }
    let soft = [step.and_then(|step| step.continue_on_error), job.continue_on_error];
    let soft = soft.into_iter().flatten().filter(|text| !is(text, "false"));
    let slow = job.fail_fast.filter(|text| !is(text, "true"));
    let mut decides: Vec<&str> = Vec::new();
    for text in soft.chain(slow.filter(|text| !is(text, "false"))) {
        if is(&text, "true") {
            return None;
        }
        decides.push(text.text.trim());
    }
    match slow {
        Some(text) if is(&text, "false") => None,
        _ if decides.is_empty() => Some(Legs::Cancelled),
        _ => Some(Legs::Depends(decides.iter().map(|text| (*text).to_owned()).collect())),
    }
}

/// Whether a text is this constant, in braces or not.
fn is(text: &Text<'_>, word: &str) -> bool {
    let text = text.text.trim();
    text.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")).unwrap_or(text).trim() == word
}
