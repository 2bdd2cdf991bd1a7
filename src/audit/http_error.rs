//! A request that publishes or checks, and succeeds whatever the server answers: `curl` without `--fail`.
//!
//! Source: curl's manual page, `--fail` and exit code 22. `wget`, `gh api` and PowerShell's `Invoke-WebRequest` fail by
//! themselves.

use super::Detector;
use super::comment::Topic;
use super::curl::{Request, Sends, request};
use super::examined;
use super::finding::Finding;
use super::judge::{Case, Level, severity, verdict};
use super::role::{self, Purpose, Role};
use super::scene::{Commands, Scene};
use super::settled::{places, settled};
use super::statement::{behind, statement};
use crate::workflow::script::{Command, Dialect, Effect};

pub(super) const DETECTOR: Detector = Detector {
    name: "http-error",
    category: "soft-fail",
    about: "a request that publishes or checks and passes over HTTP errors: `curl` without `--fail`",
    find,
};

/// Whether a script may have one: a line that begins with `curl`. Few scripts have.
pub(super) fn may_pass(script: &str) -> bool {
    memchr::memmem::find(script.as_bytes(), b"curl ").is_some()
        && script.lines().any(|line| line.trim_start().starts_with("curl "))
}

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    for script in scene.scripts.iter().filter(|script| may_pass(script.script.run.text)) {
        if script.script.shell.dialect != Dialect::Posix {
            continue;
        }
        out.extend(script.commands.iter().filter_map(|command| one(scene, script, command)));
    }
}

fn one(scene: &Scene<'_, '_>, script: &Commands<'_, '_>, command: &Command<'_>) -> Option<Finding> {
    if command.effect != Effect::FailsStep || command.program() != "curl" {
        return None;
    }
    let request = request(command.text).filter(|request| !request.fails && !request.kept)?;
    let text = script.script.run.text;
    let line = statement(text, command.text);
    if goes_on(line, command.text) || tells_people(command.text) {
        return None;
    }
    let purpose = purpose(scene, script, command, request)?;
    let step = script.spot.called();
    let message = format!("`{}` succeeds in {step} whatever the server answers", role::short(command.text));
    let place = crate::yaml::Place { file: scene.file().to_owned(), line: command.line, column: command.column };
    let mut finding = scene.finding(&DETECTOR, place, step, message);
    finding.key = format!("{}: {}", finding.subject, role::short(command.text));
    let case = Case {
        detector: DETECTOR.name,
        topic: Topic::Command,
        purpose: &purpose,
        places: places(script, command, command.line),
        job: script.spot.job.map(|job| job.id.text),
        settled: settled(scene, script, command),
    };
    finding.verdict = verdict(scene, case);
    finding.severity = severity(scene, Level::Command, purpose.role, &finding.verdict);
    finding.purpose = purpose;
    Some(finding)
}

/// Whether somebody else takes the answer: a variable, a pipe, a file.
fn goes_on(line: &str, command: &str) -> bool {
    let first = command.lines().next().unwrap_or_default();
    let Some(at) = line.find(first) else { return true };
    let (before, rest) = (&line[..at], behind(line, command));
    let taken = ["$(", "`", "<("].iter().any(|opens| before.contains(opens));
    let kept = rest.split("2>").next().is_some_and(|rest| rest.contains('>') && !rest.contains("> /dev/null"));
    taken || kept || rest.contains('|') && !rest.contains("||")
}

/// Addresses where people are told and figures are kept: parts of them.
const PEOPLE: &[&str] = &[
    "slack",
    "discord",
    "telegram",
    "office.com",
    "teams",
    "chat.google",
    "feishu",
    "dingtalk",
    "mattermost",
    "matrix",
    "ntfy",
    "pushover",
    "webhook",
    "notify",
    "codecov",
    "coveralls",
    "codacy",
    "codeclimate",
    "sonar",
    "datadog",
    "newrelic",
    "sentry",
    "healthchecks",
    "hc-ping",
    "uptime",
    "purge",
    "indexnow",
    "/ping",
    "analytics",
    "/comments",
    "/statuses/",
    "/labels",
    "sitemap",
    "badge",
    "shutdown",
    "stop",
];

fn tells_people(command: &str) -> bool {
    let lower = command.to_ascii_lowercase();
    PEOPLE.iter().any(|part| lower.contains(part))
}

/// What the request is for: sent by a step that publishes, or asked by one that checks, if nothing else in it does.
fn purpose(
    scene: &Scene<'_, '_>,
    script: &Commands<'_, '_>,
    command: &Command<'_>,
    request: Request,
) -> Option<Purpose> {
    if role::only_after_failure(script.spot.step) {
        return None;
    }
    let step = scene.purpose(script.spot);
    let alone = || {
        let below = behind(script.script.run.text, statement(script.script.run.text, command.text));
        !script.commands.iter().any(|other| script.matters(other)) && !examined::can_end(below)
    };
    match (step.role, request.sends) {
        (_, Sends::Removal) => None,
        (Role::Publish, Sends::Words | Sends::File) => Some(step),
        (Role::Verify, _) if alone() => Some(step),
        _ => None,
    }
}
