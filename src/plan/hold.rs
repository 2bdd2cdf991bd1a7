//! Whether a planned change of one file holds: its proof, and what is said if it fails.

use super::combine;
use crate::proof::{self, Proof};
use crate::rewrite::{Context, Outcome, Rewrite, Work};
use crate::rule::Risk;
use crate::yaml::{Document, Edit, Fault, FaultKind, Overlap, apply};

/// The fault of several rewrites whose common result does not hold: if each holds alone, they do not go together.
pub(super) fn apart(
    risk: &Risk,
    document: &Document,
    rewrites: &[Box<dyn Rewrite>],
    context: &Context<'_>,
    together: Fault,
) -> Fault {
    let holds_alone = |index: usize| {
        let one = &rewrites[index..=index];
        let Ok(Outcome::Pending(work)) = combine(one, document, context) else { return true };
        let Ok(text) = apply(document.text(), &work.edits) else { return false };
        let after = Document::parse(document.name(), &document.encode(&text));
        after.is_ok_and(|after| prove(one, document, &after, &work, context).is_ok())
    };
    if !(0..rewrites.len()).all(holds_alone) {
        return together;
    }
    let cause = format!("the rewrites of {} do not go together in this file, though each does alone", risk.id);
    Fault::at(FaultKind::Refused, document.place(0), cause, "make them two risks, or one rewrite")
}

pub(super) fn overlap(risk: &Risk, document: &Document, at: Overlap) -> Fault {
    let cause = format!("two rewrites of {} overlap: both change the bytes here", risk.id);
    Fault::at(FaultKind::Refused, document.place(at.0), cause, "make them two risks, or one rewrite")
}

/// The proof, and that a second plan on the result is empty.
pub(super) fn prove(
    rewrites: &[Box<dyn Rewrite>],
    before: &Document,
    after: &Document,
    work: &Work,
    context: &Context<'_>,
) -> Result<Proof, Fault> {
    let edits: &[Edit] = &work.edits;
    let proof = proof::prove(before, after, edits, &work.claims)?;
    match combine(rewrites, after, context) {
        Ok(Outcome::Done(second_run)) => Ok(Proof { second_run, ..proof }),
        Ok(Outcome::Pending(_)) => Err(proof::bug(before, "a second run would change the file again")),
        Ok(Outcome::Missing(fault)) | Err(fault) => {
            Err(proof::bug(before, &format!("a second run would not find the work done: {fault}")))
        }
    }
}
