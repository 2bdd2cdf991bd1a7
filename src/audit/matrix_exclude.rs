//! Values that a matrix lists and `exclude` takes out of every leg: they look tested and are not.
//!
//! A matrix with no leg left is a job that never runs, and found as such.

use super::Detector;
use super::finding::{Finding, Reason, Verdict};
use super::scene::Scene;

pub(super) const DETECTOR: Detector = Detector {
    name: "matrix-exclude",
    category: "scope-gap",
    about: "a value that a matrix lists and `exclude` takes out of every leg",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    for job in scene.workflow().map_or(&[][..], |workflow| &workflow.jobs) {
        let Some(matrix) = &job.matrix else { continue };
        let (Some(at), gone) = (matrix.exclude_at, matrix.excluded()) else { continue };
        if gone.is_empty() {
            continue;
        }
        let names: Vec<String> = gone.iter().map(|(name, value)| format!("`{name}: {value}`")).collect();
        let subject = format!("the matrix of job `{}`", job.id.text);
        let message = format!("{subject} has no leg with {}: `exclude` takes all of them out", names.join(", "));
        let mut finding = scene.finding(&DETECTOR, scene.place(at), subject, message);
        finding.purpose = scene.job_purpose(job);
        finding.verdict = Verdict::Fine(Reason::Informational, "the value is listed and never used".to_owned());
        out.push(finding);
    }
}
