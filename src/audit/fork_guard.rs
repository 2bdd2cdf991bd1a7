//! Conditions that keep jobs off forks: worth knowing, since nothing of them can be seen on a fork.

use super::Detector;
use super::finding::{Finding, Reason, Verdict};
use super::scene::Scene;

pub(super) const DETECTOR: Detector = Detector {
    name: "fork-guard",
    category: "conditional-skip",
    about: "a job that runs only in its own repository",
    find,
};

const MARKS: &[&str] = &["github.repository_owner ==", "github.repository ==", ".fork", "head.repo.full_name =="];

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    for job in scene.workflow().map_or(&[][..], |workflow| &workflow.jobs) {
        let Some(condition) = job.condition.filter(|text| MARKS.iter().any(|mark| text.text.contains(mark))) else {
            continue;
        };
        let subject = format!("job `{}`", job.id.text);
        let message = format!("{subject} is kept off forks");
        let mut finding = scene.finding(&DETECTOR, scene.place(condition.at), subject, message);
        finding.purpose = scene.job_purpose(job);
        finding.verdict = Verdict::Fine(Reason::Guard, "forks lack its secrets or runners".to_owned());
        out.push(finding);
    }
}
