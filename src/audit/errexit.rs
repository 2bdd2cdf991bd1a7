//! `set +e`, or a shell without `-e`: what fails before the last command is passed over.

use super::command_purpose::purpose;
use super::commands::Commands;
use super::comment::Topic;
use super::finding::{Finding, Reason};
use super::judge::{Case, Level, severity, verdict};
use super::role::{self, Role};
use super::scene::Scene;
use super::settled::{places, settled};
use super::statement::statement;
use super::{Detector, product};
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
    let text = script.script.run.text;
    let over = |command| passed_over(command).or_else(|| value_dropped(text, command));
    let mut found: Vec<(&Command<'_>, &[Link])> = script.commands.iter().filter_map(over).collect();
    if found.is_empty() {
        return None;
    }
    let step = scene.purpose(script.spot);
    let alone = !script.commands.iter().any(|command| script.matters(command));
    let sourced = sources(script.script.run.text);
    found.retain(|(command, _)| !(sourced && may_be_function(command)));
    found.retain(|(command, _)| matters(script, command, step.role == Role::Verify, alone));
    // What is built in a step that installs is a tool.
    let installs = script.spot.step.name.is_some_and(|name| name.text.to_lowercase().starts_with("install"));
    found
        .retain(|(command, _)| !installs || !script.matters(command) || purpose(scene, script, command).role.matters());
    if found.is_empty() {
        return None;
    }
    // One that nothing settles speaks for all.
    let settles = |command: &Command<'_>| {
        settled(scene, script, command)
            .or_else(|| product::of_command(scene, script, command))
            .or_else(|| counted(script.script.run.text, command))
            .or_else(|| moved_at_the_end(script, command))
    };
    let open = found.iter().find(|(command, _)| settles(command).is_none());
    let (command, links) = open.or(found.first())?;
    let purpose = match script.purpose_of(command) {
        Some(known) if known.role.matters() => {
            // Of a step that only looks around, every command does.
            let here = purpose(scene, script, command);
            if here.role == Role::Support { here } else { known }
        }
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
    // Where the shell is named, for all steps perhaps, the finding is known as well.
    let masks = links.iter().filter(|link| matches!(link.kind, LinkKind::SetPlusE | LinkKind::ShellWithoutE));
    let lines = found.iter().map(|(command, _)| command.line).chain(masks.map(|link| link.place.line));
    finding.also = lines.filter(|line| *line != command.line).collect();
    let case = Case {
        detector: DETECTOR.name,
        topic: Topic::Command,
        purpose: &purpose,
        places: places(script, command, links.first().map_or(command.line, |link| link.place.line)),
        job: script.spot.job.map(|job| job.id.text),
        settled: &|| settles(command),
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
    // Where `|| true` stands behind the whole, the masked command says it.
    let told = |links: &[Link]| links.iter().any(|link| link.kind == LinkKind::OrSucceeds);
    match &command.effect {
        Effect::Masked(links) if links.first().is_some_and(off) && !told(links) => Some((command, links)),
        _ => None,
    }
}

/// `out=$(check)` that a script without `-e` passes over, and whose variable nothing reads.
fn value_dropped<'c, 't>(script: &str, command: &'c Command<'t>) -> Option<(&'c Command<'t>, &'c [Link])> {
    let Effect::Masked(links) = &command.effect else { return None };
    let off = |link: &Link| matches!(link.kind, LinkKind::SetPlusE | LinkKind::ShellWithoutE);
    let kept = links.first()?.kind == LinkKind::Substitution && links.get(1).is_some_and(off);
    if !kept {
        return None;
    }
    let (name, _) = statement(script, command.text).trim().split_once("=$(")?;
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let reads = |line: &str| [format!("${name}"), format!("${{{name}")].iter().any(|way| line.contains(way.as_str()));
    // What is only printed is read by people; what goes to a file may be read by others, also that of a group: `} >> file`.
    let prints = |line: &str| {
        let line = line.trim_start();
        let says = ["echo ", "printf "].iter().any(|word| line.starts_with(word));
        let to = line.split_once('>').map(|(_, to)| to.trim_start_matches('>').trim_start());
        let shown = to.is_none_or(|to| to.starts_with('&') || to.contains("GITHUB_STEP_SUMMARY"));
        says && shown && !line.contains(['|', '`']) && !line.contains("$(")
    };
    let grouped = script.lines().any(|line| line.trim_start().starts_with("} >") && !line.contains("STEP_SUMMARY"));
    let read = script.lines().any(|line| reads(line) && !prints(line));
    (is_name && !read && !grouped).then_some((command, &links[1..]))
}

/// Programs whose status is an answer.
pub(super) const ANSWERS: &[&str] = &["grep", "egrep", "rg", "[", "[[", "test", "diff", "cmp"];

/// Words of the shell that go on elsewhere: they have no failure that could be passed over.
pub(super) const FLOW: &[&str] = &["continue", "break", "return", "exit", "shift", ":"];

/// What checks by itself; in a step that checks, also what asks, what installs the product that is tested, and, if
/// nothing else in it checks, what no table knows.
fn matters(script: &Commands<'_, '_>, command: &Command<'_>, step_checks: bool, alone: bool) -> bool {
    if FLOW.contains(&command.program()) {
        return false;
    }
    match script.role_of(command) {
        Some(role) if role.matters() => true,
        None => {
            step_checks && alone && !command.program().starts_with(['$', '"', '-']) && !is_scenery(command.program())
        }
        Some(Role::Support) => {
            let product = installs_product(command.text) && !needed_below(script, command);
            step_checks && !looks_into(script, command) && (ANSWERS.contains(&command.program()) || product)
        }
        Some(_) => false,
    }
}

/// `strings lib.so | grep ^GLIBC` shows what is in a file: nobody asks.
fn looks_into(script: &Commands<'_, '_>, command: &Command<'_>) -> bool {
    const READS: &[&str] = &["strings ", "readelf ", "objdump ", "nm ", "ldd ", "otool ", "file "];
    let line = super::statement::statement(script.script.run.text, command.text).trim();
    command.program() == "grep"
        && !command.text.contains(" -q")
        && READS.iter().any(|program| line.starts_with(program))
}

/// Whether a script counts the failure of a command in a variable and ends with it: `EXIT_STATUS=1` behind the command or
/// in the function that it is, `exit $EXIT_STATUS` last.
fn counted(script: &str, command: &Command<'_>) -> Option<(Reason, String)> {
    let last = script.trim_end().lines().last()?.trim().strip_prefix("exit ").filter(|last| last.contains('$'))?;
    let name = last.trim_matches(['"', '$', '{', '}']);
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return None;
    }
    let sets = |text: &str| {
        let mut at = text.match_indices(name).map(|(at, _)| &text[at + name.len()..]);
        at.any(|rest| ["=1", "=$?", "+=", "++", "=$((", "|="].iter().any(|way| rest.starts_with(way)))
    };
    let own = command.program();
    let function = [format!("{own}()"), format!("{own} ()"), format!("function {own}")];
    let is_function = function.iter().any(|head| script.contains(head.as_str()));
    let counts = sets(statement(script, command.text)) || (is_function && sets(script));
    counts.then(|| (Reason::Examined, format!("it is counted in `{name}`, with which the script ends")))
}

/// The last command moves or lists what is built, and counts: `make`, `cp build/*.whl dist/` fails where nothing was.
fn moved_at_the_end(script: &Commands<'_, '_>, command: &Command<'_>) -> Option<(Reason, String)> {
    const BUILDS: &[&str] = &["build", "make", "ninja", "bdist", "sdist"];
    let builds = BUILDS.iter().any(|word| command.text.contains(word)) && !command.text.contains("test");
    let last = script.commands.iter().max_by_key(|other| (other.line, other.column)).filter(|_| builds)?;
    let moves = matches!(last.program(), "cp" | "mv" | "ls" | "tar" | "unzip");
    let counts = last.line > command.line && last.effect == Effect::FailsStep;
    let named = last.text.split_whitespace().skip(1).any(|word| !word.starts_with('-') && word.contains(['/', '*']));
    (moves && counts && named)
        .then(|| (Reason::Examined, format!("line {} needs what it builds, and counts", last.line)))
}

/// Whether a script reads functions from a file of the repository: those may end it themselves.
fn sources(script: &str) -> bool {
    let reads =
        |line: &str| [". ./", "source ./", ". .github/", "source .github/"].iter().any(|lead| line.starts_with(lead));
    script.lines().any(|line| reads(line.trim_start()) && !is_scenery(line))
}

/// A bare name that no table knows as a program.
fn may_be_function(command: &Command<'_>) -> bool {
    let name = command.program();
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    bare && name.contains(['_', '-']) && role::known_check(command.text).is_none()
}

/// Scripts that set the scene for what follows.
fn is_scenery(program: &str) -> bool {
    ["activate", "vars", "env", "setup", "init"].iter().any(|part| program.to_ascii_lowercase().contains(part))
}

/// What runs what was installed, and fails without: an import or a script of Python, or a known check, whose status counts.
fn needed_below(script: &Commands<'_, '_>, command: &Command<'_>) -> bool {
    let strict = |other: &&Command<'_>| other.line > command.line && other.effect == Effect::FailsStep;
    let runs = |other: &Command<'_>| {
        script.matters(other) || role::program_of(other.text).is_some_and(|program| program.starts_with("python"))
    };
    script.commands.iter().filter(strict).any(runs)
}

/// `pip install dist/x.whl`: what is installed is what was built.
fn installs_product(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("pip install") && ["dist/", "whl", "wheel_name"].iter().any(|part| lower.contains(part))
}
