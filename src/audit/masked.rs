//! `|| true` and its kin: a command of a script whose failure is turned into success.

use super::comment::Topic;
use super::finding::{Finding, Reason};
use super::fix::{Fix, query};
use super::judge::{Case, Level, severity, verdict};
use super::role::{self, Purpose, Role};
use super::scene::{Commands, Scene};
use super::statement::{behind, statement};
use super::{Detector, again, asked, captured, examined, product, reported, told};
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
            let purpose = purpose(scene, script, command, Role::Unknown);
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
fn leaves_subshell(script: &str, command: &Command<'_>) -> bool {
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
    matches!(kind, OrSucceeds | ErrorActionArgument | ErrorActionPreference | LeftOfAnd | NativeNotLast | CmdNotLast)
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
    let place = crate::yaml::Place { file: scene.file().to_owned(), line: command.line, column: command.column };
    let mut finding = scene.finding(&DETECTOR, place, step, message);
    finding.key = format!("{}: {}", finding.subject, role::short(command.text));
    let last = links.first().map_or(command.line, |link| link.place.line);
    let settled = settled(scene, script, command).or_else(|| product::of_command(scene, script, command));
    let case = Case {
        detector: DETECTOR.name,
        topic: Topic::Command,
        purpose: &purpose,
        places: places(script, command, last),
        job: script.spot.job.map(|job| job.id.text),
        settled,
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

/// The lines whose comments speak of a command: its own, the end of its chain, its step, the script's key.
pub(super) fn places(script: &Commands<'_, '_>, command: &Command<'_>, last: usize) -> Vec<usize> {
    let run = script.script.run.at.line;
    let mut places = vec![command.line];
    places.extend([last, run, run.saturating_sub(1), script.spot.step.at.line]);
    places.dedup();
    places
}

/// What the rest of the job does with it.
pub(super) fn settled(
    scene: &Scene<'_, '_>,
    script: &Commands<'_, '_>,
    command: &Command<'_>,
) -> Option<(Reason, String)> {
    if let Some(crate::workflow::signal::Signal::NeverRuns(_)) = scene.signal(script.spot) {
        return Some((Reason::Dead, "the step never runs".to_owned()));
    }
    if let Some(settled) = examined::after_failure(script.spot) {
        return Some(settled);
    }
    let text = script.script.run.text;
    let line = statement(text, command.text);
    captured::read_later(script.spot, text, line)
        .or_else(|| captured::of_loop_around(script.spot, text, line))
        .or_else(|| asked::asserts_failure(text, line))
        .or_else(|| asked::tried_again(text, line))
        .or_else(|| asked::told_by_variable(text, line))
        .or_else(|| asked::folder_used(text, line))
        .or_else(|| asked::doomed(text, line))
        .or_else(|| asked::said_worth(line))
        .or_else(|| taken_by_caller(scene, script, command))
        .or_else(|| captured::mended(script.spot, text, line))
        .or_else(|| marks_output(text, command).then(|| examined::outputs_read(scene, script.spot)).flatten())
        .or_else(|| line.contains("GITHUB_ENV").then(|| captured::variable_read(script.spot)).flatten())
        .or_else(|| stands_again(scene, script, command))
        .or_else(|| examined::named_soft(script.spot))
        .or_else(|| examined::expected(scene, script.spot))
        .or_else(|| reported::elsewhere(scene, script.spot))
        .or_else(|| examined::summarised(script.spot))
}

/// `x=$(f || true)`, the command standing in `f`: what the function gives is looked at where it is called.
fn taken_by_caller(
    scene: &Scene<'_, '_>,
    script: &Commands<'_, '_>,
    command: &Command<'_>,
) -> Option<(Reason, String)> {
    let Effect::Masked(links) = &command.effect else { return None };
    let text = script.script.run.text;
    let call = links.iter().map(|link| link.place.line).find(|line| *line > command.line)?;
    let call = scene.lines().get(call - 1)?.trim();
    let call = text.lines().find(|line| line.trim() == call && line.contains("=$("))?;
    let name = call.split_once("=$(")?.0.rsplit(' ').next()?;
    let tests = |line: &str| {
        line.contains('[') && [format!("${name}"), format!("${{{name}")].iter().any(|read| line.contains(read.as_str()))
    };
    behind(text, call).lines().any(tests).then(|| captured::read_later(script.spot, text, call)).flatten()
}

/// The same check in a place where it counts; of two publications each is one.
fn stands_again(scene: &Scene<'_, '_>, script: &Commands<'_, '_>, command: &Command<'_>) -> Option<(Reason, String)> {
    let asks = super::errexit::ANSWERS.contains(&command.program());
    let checks = asks || script.role_of(command).is_none_or(|role| role == Role::Verify);
    let elsewhere = || checks.then(|| again::command(scene, script.spot, command.text)).flatten();
    again::in_script(&script.commands, command).or_else(elsewhere)
}

fn first_link(command: &Command<'_>) -> Option<LinkKind> {
    match &command.effect {
        Effect::Masked(links) => links.first().map(|link| link.kind),
        _ => None,
    }
}

/// `$NAME` or `${NAME}`, and nothing else.
fn is_variable(text: &str) -> bool {
    let name = text.strip_prefix('$').map(|name| name.trim_start_matches('{').trim_end_matches('}'));
    name.is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

/// Whether the comment above a command, or the name of its step or job, says that it fills a cache.
fn warms_cache(scene: &Scene<'_, '_>, script: &Commands<'_, '_>, command: &Command<'_>) -> bool {
    let above = super::comment::above(scene.lines(), command.line.saturating_sub(1)).join(" ");
    let names = script.spot.job.into_iter().flat_map(|job| [Some(job.id), job.name]).chain([script.spot.step.name]);
    fills_cache(&above) || names.flatten().any(|name| fills_cache(name.text))
}

fn fills_cache(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_verb = |word: &str| ["warm", "warms", "prime", "primes", "populate", "populates"].contains(&word);
    let fills = |at: usize| is_verb(words[at]) && words[at + 1..].iter().take(3).any(|word| *word == "cache");
    (0..words.len()).any(fills)
}

/// Whether a command hands something out, in a step that deploys or publishes by its name.
fn hands_out(command: &str) -> bool {
    const WAYS: &[&str] = &[
        "helm upgrade ",
        "helm install ",
        "kubectl apply ",
        "kubectl set image ",
        "kubectl rollout restart ",
        "rsync ",
        "scp ",
        "azcopy ",
        "rclone ",
        "lftp ",
    ];
    role::copies_to_bucket(command) || WAYS.iter().any(|way| command.starts_with(way))
}

/// Whether a command asks a question that can be the check of its step, if nothing else in it is.
fn proves(command: &str) -> bool {
    const WAYS: &[&str] = &[
        "sha256sum -c",
        "sha256sum --check",
        "shasum -c",
        "sha512sum -c",
        "gpg --verify",
        "curl -f ",
        "curl -sf ",
        "curl --fail",
        "curl -fsS ",
    ];
    WAYS.iter().any(|way| command.starts_with(way))
}

/// Whether the failure of a command is written to the outputs of its step.
fn marks_output(script: &str, command: &Command<'_>) -> bool {
    statement(script, command.text).contains("GITHUB_OUTPUT")
}

/// Whether a bare test stands before an `|| echo` that calls its failure one: `[ "$a" = "$b" ] || echo "::error::..."`.
fn calls_error(script: &Commands<'_, '_>, command: &Command<'_>) -> bool {
    const BAD: &[&str] = &[
        "error",
        "fail",
        "not found",
        "missing",
        "mismatch",
        "differ",
        "wrong",
        "invalid",
        "not configured",
        "\u{2717}",
        "\u{274c}",
        "\u{2718}",
    ];
    let line = statement(script.script.run.text, command.text);
    let told = line.rsplit_once("||").map(|(_, told)| told.trim_start().to_lowercase());
    // What goes on from here, into a pipe or a variable, is a value.
    let value = line.contains("$(") || line.trim_start().starts_with('(') || line.contains('`');
    let says = |told: String| {
        let prints = ["echo ", "printf ", "{ echo ", "(echo "].iter().any(|word| told.starts_with(word));
        prints && !value && !told.contains('|') && BAD.iter().any(|word| told.contains(word))
    };
    super::errexit::ANSWERS.contains(&command.program()) && told.is_some_and(says)
}

/// What a command is for: its program, else its step, if that is known to check.
///
/// `plain` is the role of a command that no table knows in a step that does not check.
pub(super) fn purpose(scene: &Scene<'_, '_>, script: &Commands<'_, '_>, command: &Command<'_>, plain: Role) -> Purpose {
    if role::only_after_failure(script.spot.step) {
        return scene.purpose(script.spot);
    }
    if is_variable(command.text) && first_link(command) == Some(LinkKind::LeftOfAnd) {
        return Purpose {
            role: Role::Support,
            evidence: "a variable that holds `true` or `false` is a condition".to_owned(),
        };
    }
    // `test bad && false || echo good` was written to fail.
    let fails = command.program() == "false" || leaves_subshell(script.script.run.text, command);
    if fails && first_link(command) == Some(LinkKind::OrSucceeds) {
        let step = scene.purpose(script.spot);
        if matches!(step.role, Role::Verify | Role::Unknown | Role::Support) {
            return Purpose { role: Role::Verify, evidence: "what asserts is caught by its own fallback".to_owned() };
        }
    }
    if warms_cache(scene, script, command) {
        return Purpose { role: Role::Cache, evidence: "what stands above says that it warms a cache".to_owned() };
    }
    if let Some(purpose) = script.purpose_of(command) {
        if purpose.role == Role::Support && calls_error(script, command) {
            let step = scene.purpose(script.spot);
            let alone = || !script.commands.iter().any(|other| script.matters(other));
            if step.role == Role::Verify && alone() {
                return Purpose { role: Role::Verify, evidence: "the script only prints that it failed".to_owned() };
            }
        }
        if purpose.role == Role::Support && hands_out(command.text) {
            let step = scene.purpose(script.spot);
            if step.role == Role::Publish {
                return step;
            }
        }
        if purpose.role == Role::Support && proves(command.text) {
            let step = scene.purpose(script.spot);
            let whole = statement(script.script.run.text, command.text).trim().starts_with(command.text.trim());
            if step.role == Role::Verify && whole && !script.commands.iter().any(|other| script.matters(other)) {
                return step;
            }
        }
        // What an installation builds is a tool; what a listing compares is shown.
        let prepares = |named: &role::Named| {
            let proves = command.text.contains("verify");
            purpose.role == Role::Verify
                && !proves
                && !named.vague
                && !named.role.matters()
                && named.role != Role::Generated
        };
        // A step of an action without a name does a part of what the action is for.
        let whole = || scene.name().filter(|_| script.spot.job.is_none());
        let name = script.spot.step.name.map(|name| name.text).or_else(whole);
        let writes = || {
            let line = statement(script.script.run.text, command.text);
            let to = line.split_once(" > ").map(|(_, to)| to.split_whitespace().next().unwrap_or_default());
            to.is_some_and(|to| [".md", ".txt", ".json"].iter().any(|end| to.ends_with(end)))
        };
        if purpose.role == Role::Publish && writes() {
            return Purpose { role: Role::Generated, evidence: "it only writes a file".to_owned() };
        }
        let named = name.and_then(|name| Some((role::of_name(name).filter(prepares)?.role, name)));
        return match named {
            Some((role, name)) => Purpose { role, evidence: format!("its name says `{}`", role::short(name)) },
            None => scene.in_view_of(script.spot, purpose),
        };
    }
    let is_text = command.text.starts_with(['"', '\'']) && script.script.shell.dialect == Dialect::PowerShell;
    if is_text || (command.text.starts_with('$') && command.text.contains(" = ")) {
        return Purpose { role: Role::Support, evidence: "the script takes its output".to_owned() };
    }
    let line = statement(script.script.run.text, command.text);
    let taken = line.find(command.text.lines().next().unwrap_or_default()).is_some_and(|at| {
        let before = &line[..at];
        before.contains("$(") || before.contains('`') || before.contains("<(")
    });
    let step = scene.purpose(script.spot);
    // The script's check is a known one, or what makes it end in failure further down.
    let text = script.script.run.text;
    let is_path = command.text.split_whitespace().any(|word| word.contains('/') && !word.starts_with(['-', '/', '$']));
    let below = || behind(text, line);
    let beside =
        || script.commands.iter().any(|other| script.matters(other)) || (!is_path && examined::can_end(below()));
    match taken {
        true => Purpose { role: Role::Support, evidence: "the script takes its output".to_owned() },
        // The step's check is another command; this one stands beside it.
        false if step.role.matters() && beside() => {
            Purpose { role: Role::Support, evidence: "another command of the script is the check".to_owned() }
        }
        false if step.role.matters() => step,
        false => Purpose { role: if plain == Role::Unknown { step.role } else { plain }, ..step },
    }
}
