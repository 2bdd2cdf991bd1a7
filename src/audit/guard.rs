//! The conditions of a file, each with what it guards: for detectors that look at conditions themselves.

use super::judge::Level;
use super::role::Purpose;
use super::scene::Scene;
use super::slip::Slip;
use super::spot::Spot;
use crate::workflow::condition::Own;
use crate::workflow::reader::Text;
use crate::workflow::view::Job;

/// A condition.
pub(super) struct Guard<'s, 'w, 't> {
    /// As it is written.
    pub condition: Text<'t>,
    /// The same, parsed.
    pub asks: &'w Own<'t>,
    /// What it says that nobody can have meant.
    pub slip: Option<&'s Slip>,
    guarded: Guarded<'w, 't>,
}

/// What runs only if the condition holds.
#[derive(Clone, Copy)]
enum Guarded<'w, 't> {
    Job(&'w Job<'t>),
    Step(Spot<'w, 't>),
}

/// All conditions: those of the jobs, then those of the steps.
pub(super) fn all<'s, 'w, 't>(scene: &'s Scene<'w, 't>) -> impl Iterator<Item = Guard<'s, 'w, 't>> {
    let jobs = scene.workflow().map_or(&[][..], |workflow| &workflow.jobs).iter().filter_map(|job| {
        let slip = scene.slip(job, None);
        Some(Guard { condition: job.condition?, asks: &job.asks, slip, guarded: Guarded::Job(job) })
    });
    let steps = scene.spots().filter_map(|spot| {
        let condition = spot.step.condition?;
        let slip = spot.job.and_then(|job| scene.slip(job, Some(spot.index)));
        Some(Guard { condition, asks: &spot.step.asks, slip, guarded: Guarded::Step(spot) })
    });
    jobs.chain(steps)
}

impl<'w, 't> Guard<'_, 'w, 't> {
    /// What people call the job or the step.
    pub fn subject(&self) -> String {
        match self.guarded {
            Guarded::Job(job) => format!("job `{}`", job.id.text),
            Guarded::Step(spot) => spot.called(),
        }
    }

    /// What that is for.
    pub fn purpose(&self, scene: &Scene<'w, 't>) -> Purpose {
        match self.guarded {
            Guarded::Job(job) => scene.job_purpose(job),
            Guarded::Step(spot) => scene.purpose(spot),
        }
    }

    /// The lines at which a comment may justify it.
    pub fn places(&self) -> Vec<usize> {
        let head = match self.guarded {
            Guarded::Job(job) => job.id.at.line,
            Guarded::Step(spot) => spot.step.at.line,
        };
        vec![self.condition.at.line, head]
    }

    /// Whether it is one of a job or of a step.
    pub fn level(&self) -> Level {
        match self.guarded {
            Guarded::Job(_) => Level::Job,
            Guarded::Step(_) => Level::Step,
        }
    }
}
