//! A comparison in a condition that every run fulfils, or none, though the condition as a whole is decided by the rest: it
//! guards nothing, or lets nothing in.

use super::Detector;
use super::finding::{Finding, Reason, Verdict};
use super::guard::{self, Guard};
use super::judge::{Case, IN_GENERATED, severity, verdict};
use super::scene::Scene;
use super::slip::Slip;
use crate::workflow::condition::Truth;
use crate::workflow::occasion::Occasion;

pub(super) const DETECTOR: Detector = Detector {
    name: "dead-comparison",
    category: "conditional-skip",
    about: "a part of a condition that holds in every run, or in none, by the type of what it reads or for want of it",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    out.extend(guard::all(scene).filter_map(|guard| match guard.slip? {
        Slip::Idle { why, asks_event } => Some(one(scene, &guard, why, *asks_event)),
        Slip::Never(_) | Slip::Always(_) => None,
    }));
}

fn one<'w, 't>(scene: &Scene<'w, 't>, guard: &Guard<'_, 'w, 't>, why: &str, asks_event: bool) -> Finding {
    let (subject, purpose) = (guard.subject(), guard.purpose(scene));
    let message = format!("a part of the condition of {subject} is idle: {why}");
    let mut finding = scene.finding(&DETECTOR, scene.place(guard.condition.at), subject, message);
    finding.verdict = match verdict(scene, Case::switched_off(DETECTOR.name, &purpose, guard.places())) {
        Verdict::Action if !purpose.role.matters() => {
            Verdict::Fine(Reason::Purpose, "what it guards is neither a check nor a publication".to_owned())
        }
        // A called workflow has the event of its caller: without one nothing is missed.
        Verdict::Action if asks_event && is_uncalled(scene, guard) => Verdict::Fine(
            Reason::Informational,
            "no workflow here calls it, and it runs on its other events".to_owned(),
        ),
        Verdict::Action if scene.generated => Verdict::Fine(Reason::Generated, IN_GENERATED.to_owned()),
        verdict => verdict,
    };
    finding.severity = severity(scene, guard.level(), purpose.role, &finding.verdict);
    finding.purpose = purpose;
    finding
}

/// Whether nobody calls the workflow here, and the condition can hold on an event of its own.
fn is_uncalled(scene: &Scene<'_, '_>, guard: &Guard<'_, '_, '_>) -> bool {
    scene.workflow().is_some_and(|workflow| {
        let own = workflow.triggers.iter().filter(|trigger| trigger.event.text != "workflow_call");
        let holds = |on: Occasion<'_>| guard.asks.truth(&on) != Truth::False;
        scene.world.callers_of(workflow.file).is_empty() && own.flat_map(Occasion::of).any(holds)
    })
}
