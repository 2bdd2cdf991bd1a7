//! `set +e`, or a shell without `-e`: what fails before the last command is passed over.

use super::Detector;
use super::comment::Topic;
use super::finding::Finding;
use super::judge::{Case, Level, severity, verdict};
use super::masked::{places, settled};
use super::role::{self, Role};
use super::scene::{Commands, Scene};
use crate::workflow::link::{Link, LinkKind};
use crate::workflow::script::{Command, Effect};

pub(super) const DETECTOR: Detector = Detector {
    name: "no-errexit",
    category: "soft-fail",
    about: "checks that are not the last command of a script without `-e`",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    out.extend(scene.scripts.iter().filter_map(|script| one(scene, script)));
}

fn one(scene: &Scene<'_, '_>, script: &Commands<'_, '_>) -> Option<Finding> {
    let mut found: Vec<(&Command<'_>, &[Link])> = script.commands.iter().filter_map(passed_over).collect();
    if found.is_empty() {
        return None;
    }
    let step = scene.purpose(script.spot);
    found.retain(|(command, _)| matters(command, step.role == Role::Verify));
    let (command, links) = found.first()?;
    let purpose = match role::of_command(command.text) {
        Some(purpose) if purpose.role.matters() => purpose,
        _ => step,
    };
    let called = script.spot.called();
    let more = match found.len() {
        1 => String::new(),
        n => format!(" (and {} more)", n - 1),
    };
    let message = format!("a failure of `{}`{more} is passed over in {called}", role::short(command.text));
    let place = crate::yaml::Place { file: scene.file().to_owned(), line: command.line, column: command.column };
    let mut finding = scene.finding(&DETECTOR, place, called, message);
    finding.also = found.iter().skip(1).map(|(command, _)| command.line).collect();
    let case = Case {
        detector: DETECTOR.name,
        topic: Topic::SoftFail,
        purpose: &purpose,
        places: places(script, command, links.first().map_or(command.line, |link| link.place.line)),
        job: None,
        settled: settled(scene, script, command),
    };
    finding.verdict = verdict(scene, case);
    finding.severity = severity(scene, Level::Command, purpose.role, &finding.verdict);
    finding.purpose = purpose;
    finding.chain = links.to_vec();
    Some(finding)
}

/// A command whose failure a script without `-e` passes over, with the chain.
fn passed_over<'c, 't>(command: &'c Command<'t>) -> Option<(&'c Command<'t>, &'c [Link])> {
    let off = |link: &Link| matches!(link.kind, LinkKind::SetPlusE | LinkKind::ShellWithoutE);
    match &command.effect {
        Effect::Masked(links) if links.first().is_some_and(off) => Some((command, links)),
        _ => None,
    }
}

/// Words that only set the scene, even in a step that checks.
const SCENERY: &[&str] = &[
    "echo",
    "printf",
    "cd",
    "export",
    "set",
    "source",
    ".",
    "mkdir",
    "ls",
    "cat",
    "printenv",
    "env",
    "rm",
    "cp",
    "mv",
    "pushd",
    "popd",
    "sleep",
    "trap",
    "[",
    "[[",
    "test",
    "local",
    "unset",
    "shopt",
    "exit",
    "ulimit",
    "touch",
    "tee",
    "sed",
    "date",
    "df",
    "free",
    "true",
    "kill",
    "pkill",
    "chmod",
    "chown",
    "git",
    "curl",
    "wget",
    "tar",
    "unzip",
    "which",
    "eval",
    "nvidia-smi",
    "sudo",
    "conda",
    "declare",
    "find",
    "head",
    "tail",
    "wait",
    "ps",
    "awk",
    "tr",
    "xpu-smi",
    "python3",
    "lscpu",
];

/// In a step that checks, everything but scenery counts; elsewhere only what checks by itself.
fn matters(command: &Command<'_>, step_checks: bool) -> bool {
    let own = role::of_command(command.text).map(|purpose| purpose.role);
    match own {
        Some(role) if role.matters() => true,
        Some(Role::Support) | None => {
            step_checks && !SCENERY.contains(&command.program()) && !command.program().contains("act")
        }
        Some(_) => false,
    }
}
