//! A request that publishes or checks, and succeeds whatever the server answers: `curl` without `--fail`.
//!
//! Source: curl's manual page, `--fail` and exit code 22. `wget`, `gh api` and PowerShell's `Invoke-WebRequest` fail by
//! themselves.

use super::Detector;
use super::commands::Commands;
use super::comment::Topic;
use super::curl::{Request, Sends, request};
use super::errexit::ANSWERS;
use super::examined;
use super::finding::Finding;
use super::judge::{Case, Level, severity, verdict};
use super::role::{self, Purpose, Role};
use super::scene::Scene;
use super::settled::{places, settled};
use super::statement::{behind, feeds_pipe, place_of, statement};
use crate::workflow::script::{Command, Dialect, Effect};

pub(super) const DETECTOR: Detector = Detector {
    name: "http-error",
    category: "soft-fail",
    about: "a request that publishes or checks and passes over HTTP errors: `curl` without `--fail`",
    find,
};

/// Whether a script may have one: a command that begins with `curl`. Few scripts have.
pub(super) fn may_pass(script: &str) -> bool {
    const BEFORE: &[&str] = &["&& ", "; ", "do ", "then ", "{ ", "( "];
    let opens = |at: usize| {
        let before = script[..at].rsplit('\n').next().unwrap_or_default();
        before.trim_start().is_empty() || BEFORE.iter().any(|lead| before.ends_with(lead))
    };
    memchr::memmem::find_iter(script.as_bytes(), b"curl ").any(opens)
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
    if goes_on(text, line, command.text) || tells_people(command.text) {
        return None;
    }
    let purpose = purpose(scene, script, command, request)?;
    let step = script.spot.called();
    let message = format!("`{}` succeeds in {step} whatever the server answers", role::short(command.text));
    let mut finding = scene.finding_of(&DETECTOR, command, step, message);
    let case = Case {
        detector: DETECTOR.name,
        topic: Topic::Command,
        purpose: &purpose,
        places: places(script, command, command.line),
        job: script.spot.job.map(|job| job.id.text),
        settled: &|| settled(scene, script, command),
    };
    finding.verdict = verdict(scene, case);
    finding.severity = severity(scene, Level::Command, purpose.role, &finding.verdict);
    finding.purpose = purpose;
    Some(finding)
}

/// Whether somebody else takes the answer: a variable, a pipe, a file.
fn goes_on(script: &str, line: &str, command: &str) -> bool {
    let first = command.lines().next().unwrap_or_default();
    let Some(at) = line.find(first) else { return true };
    let rest = behind(line, command);
    let opens = |text: &str| ["$(", "`", "<("].iter().any(|opens| text.contains(opens));
    let above = script[..place_of(script, line).unwrap_or(0)].trim_end();
    // What stands behind `&&` or `;` redirects the next command.
    let end = ["&&", ";"].iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
    let answer = rest[..end].replace("2>&1", "").replace("2>", "");
    let away = |to: &str| to.trim_start_matches('>').trim_start().starts_with("/dev/null");
    let kept = answer.rsplit_once('>').is_some_and(|(_, to)| !away(to));
    opens(&line[..at]) || above.ends_with("$(") || kept || feeds_pipe(line, command) || is_called(script, above)
}

/// Whether the function that a place of a script stands in gives its output to whoever calls it: `ID=$(post_json x)`.
fn is_called(script: &str, above: &str) -> bool {
    let head = |line: &&str| line.contains("() {") || line.starts_with("function ");
    let closed = |line: &str| line == "}";
    let name = above.lines().rev().take_while(|line| !closed(line)).find(head);
    let name = name.map(|line| line.trim_start_matches("function ").split(['(', ' ']).next().unwrap_or_default());
    name.is_some_and(|name| !name.is_empty() && script.contains(&format!("$({name}")))
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
    "matrix.org",
    "ntfy",
    "pushover",
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
    "analytics",
    "/comments",
    "/statuses/",
    "/labels",
    "sitemap",
    "badge",
    "shutdown",
];

/// Whether a request tells people, or a service that counts; a hook that a step deploys by does not.
pub(super) fn tells_people(command: &str) -> bool {
    let lower = command.to_ascii_lowercase();
    let is_address = |word: &&str| word.contains("://") || word.contains('$') || word.contains("secrets.");
    lower.split_whitespace().filter(is_address).any(|word| PEOPLE.iter().any(|part| word.contains(part)))
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
    // `curl "$DEPLOY_HOOK"`
    let hook = || command.text.to_ascii_lowercase().contains("hook");
    match (step.role, request.sends) {
        (_, Sends::Removal) => None,
        (Role::Publish, Sends::Words | Sends::File) => Some(step),
        (Role::Publish, Sends::Nothing) if hook() => Some(step),
        (Role::Verify, _) if is_the_check(script, command) => Some(step),
        _ => None,
    }
}

/// Whether nothing else in a script checks: no command that a table knows to, and behind it none that looks at something or
/// that no table knows.
fn is_the_check(script: &Commands<'_, '_>, command: &Command<'_>) -> bool {
    let text = script.script.run.text;
    let decides = |other: &Command<'_>| {
        let later = other.line > command.line && other.program() != "curl";
        later && (ANSWERS.contains(&other.program()) || script.role_of(other).is_none())
    };
    !script.commands.iter().any(|other| script.matters(other) || decides(other))
        && !examined::can_end(behind(text, statement(text, command.text)))
}
