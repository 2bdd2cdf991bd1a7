//! `! check` that is not the last command of its script: `-e` passes over a negated command, so it can fail for nothing.

use super::commands::Commands;
use super::comment::Topic;
use super::errexit::ANSWERS;
use super::finding::{Finding, Reason};
use super::judge::{Case, Level, severity, verdict};
use super::role::{self, Purpose, Role};
use super::scene::Scene;
use super::settled::places;
use super::statement::statement;
use super::{Detector, examined, soft_around};
use crate::workflow::link::{Link, LinkKind};
use crate::workflow::script::{Command, Effect};
use crate::workflow::signal::Signal;

pub(super) const DETECTOR: Detector = Detector {
    name: "negated",
    category: "soft-fail",
    about: "a command behind `!` that is not the last of its script, which `-e` passes over",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    for script in &scene.scripts {
        let mut seen: Vec<&Link> = Vec::new();
        for command in &script.commands {
            let Some(links) = lost(command).filter(|links| !seen.contains(&&links[0])) else { continue };
            seen.push(&links[0]);
            out.push(one(scene, script, command, links));
        }
    }
}

/// The chain of a negated command that `-e` passes over and whose status nothing asks for.
pub(super) fn lost<'c>(command: &'c Command<'_>) -> Option<&'c [Link]> {
    let Effect::Masked(links) = &command.effect else { return None };
    let gone = |link: &Link| link.kind == LinkKind::LaterStatusCounts;
    (links.first()?.kind == LinkKind::Negated && links.get(1).is_some_and(gone)).then_some(links)
}

fn one(scene: &Scene<'_, '_>, script: &Commands<'_, '_>, command: &Command<'_>, links: &[Link]) -> Finding {
    let step = script.spot.called();
    let line = statement(script.script.run.text, command.text).trim();
    let message = format!("`{}` cannot fail {step}: `-e` passes over a negated command", role::short(line));
    let place = crate::yaml::Place { file: scene.file().to_owned(), line: command.line, column: command.column };
    let mut finding = scene.finding(&DETECTOR, place, step, message);
    finding.key = format!("{}: {}", finding.subject, role::short(line));
    let purpose = purpose(scene, script, command);
    let case = Case {
        detector: DETECTOR.name,
        topic: Topic::Negated,
        purpose: &purpose,
        places: places(script, command, links[0].place.line),
        job: script.spot.job.map(|job| job.id.text),
        settled: &|| settled(scene, script),
    };
    finding.verdict = verdict(scene, case);
    finding.severity = severity(scene, Level::Command, purpose.role, &finding.verdict);
    finding.purpose = purpose;
    finding.chain = links.to_vec();
    finding
}

/// What the rest of the job makes of it.
fn settled(scene: &Scene<'_, '_>, script: &Commands<'_, '_>) -> Option<(Reason, String)> {
    if let Some(Signal::NeverRuns(_)) = scene.signal(script.spot) {
        return Some((Reason::Dead, "the step never runs".to_owned()));
    }
    examined::after_failure(script.spot)
        .or_else(|| examined::named_soft(script.spot))
        .or_else(|| soft_around::justified(scene, script.spot))
}

/// What is written to fail where something succeeds asserts, unless its step is for other things.
fn purpose(scene: &Scene<'_, '_>, script: &Commands<'_, '_>, command: &Command<'_>) -> Purpose {
    let step = scene.purpose(script.spot);
    let asserts = ANSWERS.contains(&command.program()) || script.matters(command);
    // `! pkill server` takes something away, and `! which tool` looks around.
    let named = || script.spot.step.name.and_then(|name| role::of_name(name.text)).map(|named| named.role);
    let other = |purpose: &Purpose| purpose.role == Role::Cleanup || named() != Some(Role::Verify);
    if let Some(purpose) =
        script.purpose_of(command).filter(|purpose| !asserts && !purpose.role.matters() && other(purpose))
    {
        return purpose;
    }
    match step.role {
        Role::Verify | Role::Publish => step,
        Role::Support | Role::Unknown if asserts => {
            Purpose { role: Role::Verify, evidence: "what stands behind `!` has to fail".to_owned() }
        }
        _ => step,
    }
}
