//! A step and what stands around it.

use crate::workflow::view::{Job, Step};
use crate::yaml::NodeId;

/// What tells a step from all others: the key of its job, and its position. Several jobs may have one list.
pub type Key = (Option<NodeId>, usize);

/// A step and where it stands.
#[derive(Clone, Copy)]
pub struct Spot<'w, 't> {
    /// Its job; `None` in a composite action.
    pub job: Option<&'w Job<'t>>,
    /// The list it stands in.
    pub steps: &'w [Step<'t>],
    /// Its position there.
    pub index: usize,
    /// Itself.
    pub step: &'w Step<'t>,
}

impl<'w, 't> Spot<'w, 't> {
    /// Which step it is.
    pub fn key(self) -> Key {
        (self.job.map(|job| job.id.at.node), self.index)
    }

    /// The other steps of its list that run whenever it does, in the same folder, and whose failure counts.
    pub fn strict_beside(self) -> impl Iterator<Item = &'w Step<'t>> {
        let condition = |step: &Step<'t>| step.condition.map(|text| text.text.trim());
        let folder = |step: &Step<'t>| step.working_directory.map(|text| text.text);
        let others = self.steps.iter().filter(move |step| step.at.node != self.step.at.node);
        others.filter(move |step| {
            let runs = step.condition.is_none() || condition(step) == condition(self.step);
            step.continue_on_error.is_none() && runs && folder(step) == folder(self.step)
        })
    }

    /// Of those, the ones behind it.
    pub fn strict_below(self) -> impl Iterator<Item = &'w Step<'t>> {
        self.strict_beside().filter(move |step| step.at.node > self.step.at.node)
    }

    /// What people call it: "step `Run tests` of job `unit`".
    pub fn called(&self) -> String {
        let step = self.step.called(self.index);
        match self.job {
            Some(job) => format!("{step} of job `{}`", job.id.text),
            None => step,
        }
    }
}
