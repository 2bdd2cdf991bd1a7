//! A comparison in a condition that every run fulfils, or none, though the condition as a whole is decided by the rest: it
//! guards nothing, or lets nothing in.

use super::Detector;
use super::finding::{Finding, Reason, Verdict};
use super::judge::{Case, IN_GENERATED, Level, severity, verdict};
use super::role::Purpose;
use super::scene::Scene;
use super::slip::Slip;
use crate::workflow::reader::Text;

pub(super) const DETECTOR: Detector = Detector {
    name: "dead-comparison",
    category: "conditional-skip",
    about: "a part of a condition that holds in every run, or in none, by the type of what it reads or for want of it",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    for job in scene.workflow().map_or(&[][..], |workflow| &workflow.jobs) {
        if let Some((condition, Slip::Idle(why))) = job.condition.zip(scene.slip(job, None)) {
            let places = vec![condition.at.line, job.id.at.line];
            let subject = format!("job `{}`", job.id.text);
            out.push(one(scene, subject, (condition, why), scene.job_purpose(job), places, Level::Job));
        }
    }
    for spot in scene.spots() {
        let slip = spot.job.and_then(|job| scene.slip(job, Some(spot.index)));
        if let Some((condition, Slip::Idle(why))) = spot.step.condition.zip(slip) {
            let places = vec![condition.at.line, spot.step.at.line];
            out.push(one(scene, spot.called(), (condition, why), scene.purpose(spot), places, Level::Step));
        }
    }
}

fn one(
    scene: &Scene<'_, '_>,
    subject: String,
    (condition, why): (Text<'_>, &str),
    purpose: Purpose,
    places: Vec<usize>,
    level: Level,
) -> Finding {
    let message = format!("a part of the condition of {subject} is idle: {why}");
    let mut finding = scene.finding(&DETECTOR, scene.place(condition.at), subject, message);
    finding.verdict = match verdict(scene, Case::switched_off(DETECTOR.name, &purpose, places)) {
        Verdict::Action if !purpose.role.matters() => {
            Verdict::Fine(Reason::Purpose, "what it guards is neither a check nor a publication".to_owned())
        }
        Verdict::Action if scene.generated => Verdict::Fine(Reason::Generated, IN_GENERATED.to_owned()),
        verdict => verdict,
    };
    finding.severity = severity(scene, level, purpose.role, &finding.verdict);
    finding.purpose = purpose;
    finding
}
