//! `|| true` and its kin: a command of a script whose failure is turned into success.

use super::command_purpose::{calls_error, purpose};
use super::commands::Commands;
use super::comment::Topic;
use super::finding::Finding;
use super::fix::{Fix, query};
use super::judge::{Case, Level, severity, verdict};
use super::role::{self, Purpose, Role};
use super::scene::Scene;
use super::settled::{places, settled};
use super::statement::statement;
use super::{Detector, product, told};
use crate::workflow::link::{Link, LinkKind};
use crate::workflow::script::{Command, Dialect, Effect, TAILS, cut, without};
use crate::yaml::Style;

pub(super) const DETECTOR: Detector = Detector {
    name: "masked-command",
    category: "soft-fail",
    about: "a command behind `|| true`, `|| echo ...`, `-ErrorAction SilentlyContinue` or left of `&&`",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    for script in &scene.scripts {
        let mut seen: Vec<&Link> = Vec::new();
        let mut shells: Vec<(&str, &[Link])> = Vec::new();
        for command in &script.commands {
            let Effect::Masked(links) = &command.effect else { continue };
            let told = |link: &Link| link.kind == LinkKind::TestedByScript && only_told(script, command);
            let passed_over = || in_asked_function(links) && script.matters(command);
            let shows = |link: &Link| shows_instead(script, command, link);
            // `exit 0` at the end of a script of PowerShell or cmd.
            let ends_well = |link: &Link| {
                let windows = matches!(script.script.shell.dialect, Dialect::PowerShell | Dialect::Cmd);
                windows && link.kind == LinkKind::LaterStatusCounts && script.matters(command)
            };
            let counts =
                |link: &&Link| counts(link.kind) || told(link) || shows(link) || ends_well(link) || passed_over();
            let Some(link) = links.first().filter(counts) else { continue };
            let purpose = purpose(scene, script, command);
            // `a && b` is how scripts ask before they act: only a check counts there.
            let text = script.script.run.text;
            let commits = || text.contains("git push") || text.contains("git commit");
            // `git diff --exit-code x || echo "going to push"` asks whether there is something to push.
            let before_push = command.text.starts_with("git diff") && commits();
            let asks_git = (link.kind == LinkKind::LeftOfAnd && command.program() == "git") || before_push;
            let asks = matches!(link.kind, LinkKind::LeftOfAnd | LinkKind::NativeNotLast | LinkKind::CmdNotLast);
            if asks_git
                || (super::errexit::FLOW.contains(&command.program()) && !leaves_subshell(text, command))
                || (asks && !(purpose.role.matters() && (script.matters(command) || calls_error(script, command))))
                || (seen.contains(&link) && !purpose.role.matters())
                || (command.program() == "false" && told_already(out, link))
                || shells.iter().any(|(outer, chain)| outer.contains(command.text) && links.ends_with(chain))
            {
                continue;
            }
            seen.push(link);
            shells.extend(shell_with_script(command).then_some((command.text, links.as_slice())));
            out.push(one(scene, script, command, links, purpose));
        }
    }
}

/// `(... && exit 1) || echo good`: the subshell alone is left.
pub(super) fn leaves_subshell(script: &str, command: &Command<'_>) -> bool {
    let line = statement(script, command.text);
    let code = command.text.strip_prefix("exit ").map(str::trim);
    let inside = line.find(command.text).is_some_and(|at| {
        let open = line[..at].rfind('(').filter(|open| !line[..*open].ends_with(['$', '<', '>']));
        // `(a && exit 1 || exit 0)` is left with 1.
        let last = line[at + command.text.len()..].trim_start().starts_with(')');
        last && open.is_some_and(|open| !line[open..at].contains(')'))
    });
    code.is_some_and(|code| code != "0") && inside
}

/// `f || exit 1` with a check in `f` that is not its last command: `-e` does not count there, and the next command's status
/// is that of `f`.
///
/// Source: POSIX, `set -e`: the setting is ignored in any command of an AND-OR list but the last.
fn in_asked_function(links: &[Link]) -> bool {
    let asked = |link: &Link| matches!(link.kind, LinkKind::OrFallback | LinkKind::TestedByScript);
    links.first().is_some_and(asked) && links.iter().any(|link| link.kind == LinkKind::LaterStatusCounts)
}

/// A check that an `if` asks for, and whose failure leads to words only.
fn only_told(script: &Commands<'_, '_>, command: &Command<'_>) -> bool {
    let text = script.script.run.text;
    script.role_of(command) == Some(Role::Verify) && told::only_told(text, statement(text, command.text))
}

/// `bash -c '...'`: the commands of its script stand in the list too, and what masks it masks them.
fn shell_with_script(command: &Command<'_>) -> bool {
    command.text.contains("sh ") && command.text.contains(['\'', '"'])
}

/// Whether the last finding needs action for what stands before the same fallback.
fn told_already(found: &[Finding], link: &Link) -> bool {
    found.last().is_some_and(|finding| finding.needs_action() && finding.chain.contains(link))
}

/// `npm test || cat log`: what only shows something succeeds as a rule.
fn shows_instead(script: &Commands<'_, '_>, command: &Command<'_>, link: &Link) -> bool {
    const SHOWS: &[&str] = &[
        "cat ",
        "tail ",
        "head ",
        "ls ",
        "find ",
        "touch ",
        "sleep ",
        "/bin/true",
        "journalctl ",
        "dmesg",
        "git status",
        "git diff",
        "docker logs ",
        "docker ps",
        "docker compose logs",
        "docker-compose logs",
        "kubectl logs ",
        "kubectl get ",
        "kubectl describe ",
    ];
    let what = link.what.trim_start_matches(['{', '(', ' ', '\n']);
    let shown = || SHOWS.iter().any(|show| what.starts_with(show)) && !link.what.contains("exit");
    link.kind == LinkKind::OrFallback && script.matters(command) && shown()
}

fn counts(kind: LinkKind) -> bool {
    use LinkKind::*;
    matches!(
        kind,
        OrSucceeds | FindExec | ErrorActionArgument | ErrorActionPreference | LeftOfAnd | NativeNotLast | CmdNotLast
    )
}

fn one(
    scene: &Scene<'_, '_>,
    script: &Commands<'_, '_>,
    command: &Command<'_>,
    links: &[Link],
    purpose: Purpose,
) -> Finding {
    let step = script.spot.called();
    let message = format!("`{}` fails silently in {step}", role::short(command.text));
    let mut finding = scene.finding_of(&DETECTOR, command, step, message);
    let last = links.first().map_or(command.line, |link| link.place.line);
    let settled = || settled(scene, script, command).or_else(|| product::of_command(scene, script, command));
    let case = Case {
        detector: DETECTOR.name,
        topic: Topic::Command,
        purpose: &purpose,
        places: places(script, command, last),
        job: script.spot.job.map(|job| job.id.text),
        settled: &settled,
    };
    finding.verdict = verdict(scene, case);
    finding.severity = severity(scene, Level::Command, purpose.role, &finding.verdict);
    finding.purpose = purpose;
    finding.chain = links.to_vec();
    let more =
        links.iter().filter(|link| counts(link.kind)).map(|link| link.place.line).filter(|line| *line != command.line);
    finding.also.extend(more);
    finding.also.extend(folded(scene, script).filter(|line| *line != command.line));
    // To try a line without its end is to read the script again: only where something is to be done.
    let droppable = finding.needs_action() && links.first().is_some_and(|link| link.kind == LinkKind::OrSucceeds);
    finding.fix = droppable.then(|| drop_or(scene, script, command)).flatten();
    finding
}

/// In folded text every place is that of the whole: the lines that hold the operator.
fn folded(scene: &Scene<'_, '_>, script: &Commands<'_, '_>) -> impl Iterator<Item = usize> {
    let run = script.script.run;
    let below = if run.style == Style::Folded { run.at.line } else { usize::MAX };
    let next = script.spot.steps.get(script.spot.index + 1).map_or(usize::MAX, |step| step.at.line);
    let inside =
        move |text: &str| text.trim().is_empty() || text.chars().take_while(|c| *c == ' ').count() + 1 >= run.at.column;
    let lines =
        scene.lines().iter().enumerate().skip(below).take_while(move |(at, text)| at + 1 < next && inside(text));
    lines.filter(|(_, text)| text.contains("||")).map(|(at, _)| at + 1)
}

/// The most commands of a script whose lines are tried without their ends: each is one more reading of the script.
const MOST_TRIED: usize = 300;

/// The `|| true` at the end of the command's line, where it can go and the failure then counts.
fn drop_or(scene: &Scene<'_, '_>, script: &Commands<'_, '_>, command: &Command<'_>) -> Option<Fix> {
    // What is handed to an action is no `run` that a rewrite could edit.
    script.spot.step.run?;
    let run = script.script.run;
    let one_line = !run.text.trim_end().contains('\n') && run.style != Style::Folded && !run.text.contains('\\');
    if run.style != Style::Literal && !one_line || script.commands.len() > MOST_TRIED {
        return None;
    }
    let line = statement(run.text, command.text).trim();
    let line = line.lines().last()?.trim();
    let tail = TAILS.iter().find(|tail| cut(line, tail).is_some())?;
    without(&script.script, (&script.commands, script.parsed.as_ref()), line, tail).ok()?;
    Some(Fix::DropOr { at: query(scene.tree(), run.at)?, line: line.to_owned(), tail })
}
