//! The same check in another place of the job, where it counts: then what is masked here is not lost.

use super::family::SHOWS;
use super::finding::Reason;
use super::role::{self, Role};
use super::scene::Scene;
use super::spot::Spot;
use crate::workflow::script::{Command, Effect};
use crate::workflow::view::Step;

/// A strict step of the same job runs the same check, later or before.
pub(super) fn step(spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let own = checks(spot.step);
    let stays = !own.is_empty() && !moves(spot.step);
    let same_checks = |step: &Step<'_>| {
        let theirs = if stays && !moves(step) { checks(step) } else { Vec::new() };
        stays && own.iter().all(|check| theirs.contains(check))
    };
    let below = |step: &Step<'_>| step.at.node > spot.step.at.node;
    let same_script = |step: &Step<'_>| {
        let both = step.run.zip(spot.step.run);
        below(step) && both.is_some_and(|(a, b)| a.text.trim() == b.text.trim())
    };
    let uses = action(spot.step).filter(|_| uses_checks(spot.step));
    let same_action = |step: &Step<'_>| uses.is_some() && action(step) == uses && same_with(step, spot.step);
    // An action that runs a tool for its annotations, beside the tool itself.
    let tool = uses.and_then(|uses| TOOLS.iter().find(|(action, _)| uses.contains(action)));
    let same_tool =
        |step: &Step<'_>| tool.is_some_and(|(_, tool)| checks(step).iter().any(|line| line.starts_with(tool)));
    let same = |step: &&Step<'_>| {
        let same = same_checks(step) || same_script(step) || same_action(step) || same_tool(step);
        same && env(step).eq(env(spot.step))
    };
    let other = spot.strict_beside().find(same)?;
    Some((Reason::Examined, format!("line {} runs the same check strictly", other.at.line)))
}

/// Actions, by a part of their names, and the commands that they run.
const TOOLS: &[(&str, &str)] = &[
    ("clippy-check", "cargo clippy"),
    ("audit-check", "cargo audit"),
    ("golangci-lint-action", "golangci-lint run"),
    ("action-shellcheck", "shellcheck"),
];

/// The variables of a step, in words.
fn env<'t>(step: &Step<'t>) -> impl Iterator<Item = (&'t str, &'t str)> {
    step.env.iter().map(|(key, value)| (key.text, value.text))
}

/// Whether a script goes elsewhere before it does its work.
fn moves(step: &Step<'_>) -> bool {
    let lines = step.run.map_or("", |run| run.text).lines();
    lines.map(str::trim).any(|line| line.starts_with("cd ") || line.starts_with("pushd "))
}

/// The same command stands further down in its script, where it counts; or one that differs by its options only, and names
/// the same files.
pub(super) fn in_script(commands: &[Command<'_>], command: &Command<'_>) -> Option<(Reason, String)> {
    let own = one_blank(command.text);
    let named = plain_words(command.text);
    let names_file = named.iter().skip(1).any(|word| word.contains('/') || word.contains('.'));
    let same = |other: &&Command<'_>| {
        let below = other.line > command.line && other.effect == Effect::FailsStep;
        let weaker = |word: &str| WEAK.contains(&word) || SHOWS.contains(&word);
        let weak = |word: &str| weaker(word) && !command.text.split_whitespace().any(|own| own == word);
        below
            && !other.text.split_whitespace().any(weak)
            && (one_blank(other.text) == own
                || shown_otherwise(command.text, other.text)
                || (names_file
                    && plain_words(other.text).starts_with(&named)
                    && !sets_otherwise(command.text, other.text)))
    };
    let later = commands.iter().find(same).filter(|_| own.contains(' '))?;
    let goes = |other: &Command<'_>| matches!(other.program(), "cd" | "pushd" | "popd");
    let elsewhere = commands.iter().any(|other| other.line > command.line && other.line < later.line && goes(other));
    // What stands deeper is done under a condition.
    let deeper = later.column > command.column;
    (!elsewhere && !deeper).then(|| (Reason::Examined, format!("line {} runs the same, and counts", later.line)))
}

/// The same check that only writes its findings in another form: `bandit -r src -f json -o x || true` beside `bandit -r src`.
fn shown_otherwise(own: &str, other: &str) -> bool {
    const TOOLS: &[&str] = &[
        "bandit",
        "eslint",
        "flake8",
        "golangci-lint",
        "hadolint",
        "mypy",
        "phpstan",
        "pip-audit",
        "pylint",
        "rubocop",
        "ruff",
        "safety",
        "semgrep",
        "shellcheck",
        "stylelint",
        "swiftlint",
        "yamllint",
    ];
    const FORMS: &[&str] = &["json", "sarif", "junit", "xml", "format", "report", "output", " -o ", "html"];
    let tool = role::program_of(own).filter(|tool| TOOLS.contains(&tool.as_str()));
    let weaker = |word: &str| WEAK.contains(&word) || SHOWS.contains(&word);
    tool.is_some()
        && tool == role::program_of(other)
        && FORMS.iter().any(|form| own.contains(form))
        && !FORMS.iter().any(|form| other.contains(form))
        && !other.split_whitespace().any(weaker)
}

/// Whether two commands give an option different values: `--spec=1.1` and `--spec=2.0` are two checks.
fn sets_otherwise(one: &str, other: &str) -> bool {
    let options =
        |text| str::split_whitespace(text).filter(|word| word.starts_with('-')).filter_map(|word| word.split_once('='));
    options(one).any(|(name, value)| options(other).any(|(its, theirs)| name == its && value != theirs))
}

/// Options with which a command checks less.
const WEAK: &[&str] = &["--exit-zero", "--fix", "--list", "--no-fail"];

/// The words of a command that are no options, up to where its output goes.
fn plain_words(command: &str) -> Vec<&str> {
    let words = command.split_whitespace().take_while(|word| !word.starts_with('>') && !word.starts_with("2>"));
    words.filter(|word| !word.starts_with('-') && *word != "\\").collect()
}

/// The same command stands in a step of the job where it counts; or the task that it is a part of does: `lint` of
/// `lint:css`.
pub(super) fn command(scene: &Scene<'_, '_>, spot: Spot<'_, '_>, command: &str) -> Option<(Reason, String)> {
    let own = one_blank(command);
    let whole = own.rsplit_once(':').filter(|(_, part)| !part.contains(' ')).map(|(whole, _)| whole);
    let same = |line: &str| {
        let line = one_blank(line);
        line == own || whole.is_some_and(|whole| line == whole) || shown_otherwise(command, &line)
    };
    if moves(spot.step) || !own.contains(' ') {
        return None;
    }
    let first = own.split(' ').next().unwrap_or_default();
    // Few scripts have the word at all.
    let names = |step: &&Step<'_>| step.run.is_some_and(|run| run.text.contains(first));
    let counts = |step: &&Step<'_>| scene.counting(step).iter().any(|line| same(line));
    let there = |step: &&Step<'_>| !moves(step) && env(step).eq(env(spot.step));
    let step = spot.strict_beside().filter(names).filter(there).find(counts)?;
    Some((Reason::Examined, format!("the step on line {} runs the same, and counts", step.at.line)))
}

fn one_blank(text: &str) -> String {
    let quiet = |word: &&str| matches!(*word, "--silent" | "--quiet" | "-q" | "-s");
    text.split_whitespace().filter(|word| !quiet(word)).collect::<Vec<_>>().join(" ")
}

/// The commands of a step that check, blanks aside.
fn checks(step: &Step<'_>) -> Vec<String> {
    let Some(run) = step.run else { return Vec::new() };
    // What is behind `||` or a pipe counts for nothing here, of either step.
    if run.text.contains("||") {
        return Vec::new();
    }
    let lines = role::commands_of(run.text).filter(|line| role::role_of_command(line) == Some(Role::Verify));
    lines.map(|line| one_blank(&line)).collect()
}

fn action<'t>(step: &Step<'t>) -> Option<&'t str> {
    step.uses.map(|uses| uses.text.split('@').next().unwrap_or_default())
}

fn uses_checks(step: &Step<'_>) -> bool {
    role::of_action(step).is_some_and(|role| role == Role::Verify)
}

fn same_with(a: &Step<'_>, b: &Step<'_>) -> bool {
    let shown = |step: &Step<'_>| {
        step.with.iter().map(|(key, value)| (key.text.to_owned(), value.text.to_owned())).collect::<Vec<_>>()
    };
    shown(a) == shown(b)
}
