//! A pipe without `pipefail` whose first command checks: only the last command's status counts.

use super::Detector;
use super::comment::Topic;
use super::finding::{Finding, Reason};
use super::judge::{Case, Level, severity, verdict};
use super::masked::{places, purpose, settled, statement};
use super::role::{self, Role};
use super::scene::Scene;
use crate::workflow::link::LinkKind;
use crate::workflow::script::Effect;

pub(super) const DETECTOR: Detector = Detector {
    name: "pipe",
    category: "soft-fail",
    about: "a check whose status is lost in a pipe without `pipefail`",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    for script in &scene.scripts {
        for command in &script.commands {
            let Effect::Masked(links) = &command.effect else { continue };
            let Some(link) = links.first().filter(|link| link.kind == LinkKind::PipeWithoutPipefail) else { continue };
            let purpose = purpose(scene, script, command, Role::Unknown);
            if !purpose.role.matters() {
                continue;
            }
            let step = script.spot.called();
            let message = format!("the status of `{}` is lost in a pipe in {step}", role::short(command.text));
            let place =
                crate::yaml::Place { file: scene.file().to_owned(), line: command.line, column: command.column };
            let mut finding = scene.finding(&DETECTOR, place, step, message);
            finding.key = format!("{}: {}", finding.subject, role::short(command.text));
            let line = statement(script.script.run.text, command.text);
            let case = Case {
                detector: DETECTOR.name,
                topic: Topic::SoftFail,
                purpose: &purpose,
                places: places(script, command, link.place.line),
                job: None,
                settled: settled(scene, script, command)
                    .or_else(|| last_checks(line))
                    .or_else(|| asked(line))
                    .or_else(|| on_line(line)),
            };
            finding.verdict = verdict(scene, case);
            finding.severity = severity(scene, Level::Command, purpose.role, &finding.verdict);
            finding.purpose = purpose;
            finding.chain = links.clone();
            out.push(finding);
        }
    }
}

/// `set -o pipefail && a | b`, on one line.
fn on_line(line: &str) -> Option<(Reason, String)> {
    line.contains("pipefail").then(|| (Reason::Examined, "the line itself sets pipefail".to_owned()))
}

/// The line itself asks for the status of the pipe's parts.
fn asked(line: &str) -> Option<(Reason, String)> {
    line.contains("PIPESTATUS").then(|| (Reason::Examined, "the line looks at PIPESTATUS".to_owned()))
}

/// The last command of the pipe is the check: it looks for something, and its status counts.
fn last_checks(line: &str) -> Option<(Reason, String)> {
    let last = line.rsplit('|').next()?.trim();
    let program = last.split_whitespace().next()?;
    let looks =
        matches!(program, "grep" | "egrep" | "rg" | "diff" | "cmp" | "reviewdog" | "python" | "python3" | "node")
            || role::of_command(last).is_some_and(|purpose| purpose.role == Role::Verify);
    looks.then(|| (Reason::Examined, format!("`{}` at the end of the pipe decides", role::short(last))))
}
