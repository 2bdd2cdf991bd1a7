//! What a command of a script is for: by its place, by the table that knows it, or by its step.

use super::commands::Commands;
use super::curl::{Request, Sends, request};
use super::examined;
use super::http_error::tells_people;
use super::masked::leaves_subshell;
use super::role::{self, Purpose, Role};
use super::scene::Scene;
use super::statement::{behind, statement};
use crate::workflow::link::LinkKind;
use crate::workflow::script::{Command, Dialect, Effect};

/// What a command is for: its program, else its step, if that is known to check.
pub(super) fn purpose(scene: &Scene<'_, '_>, script: &Commands<'_, '_>, command: &Command<'_>) -> Purpose {
    if role::only_after_failure(script.spot.step) {
        return scene.purpose(script.spot);
    }
    by_its_place(scene, script, command).unwrap_or_else(|| match script.purpose_of(command) {
        Some(purpose) => known(scene, script, command, purpose),
        None => unknown(scene, script, command),
    })
}

/// By what stands around it, whatever it runs.
fn by_its_place(scene: &Scene<'_, '_>, script: &Commands<'_, '_>, command: &Command<'_>) -> Option<Purpose> {
    let said = |role, evidence: &str| Some(Purpose { role, evidence: evidence.to_owned() });
    if is_variable(command.text) && first_link(command) == Some(LinkKind::LeftOfAnd) {
        return said(Role::Support, "a variable that holds `true` or `false` is a condition");
    }
    // `test bad && false || echo good` was written to fail.
    let fails = command.program() == "false" || leaves_subshell(script.script.run.text, command);
    if fails && first_link(command) == Some(LinkKind::OrSucceeds) {
        let step = scene.purpose(script.spot);
        if matches!(step.role, Role::Verify | Role::Unknown | Role::Support) {
            return said(Role::Verify, "what asserts is caught by its own fallback");
        }
    }
    if is_question(script, command) {
        return said(Role::Support, "the script takes its answer");
    }
    warms_cache(scene, script, command)
        .then(|| said(Role::Cache, "what stands above says that it warms a cache"))
        .flatten()
}

/// `x="$(compare a b && echo true || echo false)"`: the answer is a value of the script.
fn is_question(script: &Commands<'_, '_>, command: &Command<'_>) -> bool {
    // What builds or tests is no comparison.
    let compares = command.text.contains("compare") || super::errexit::ANSWERS.contains(&command.program());
    if !compares || first_link(command).is_none() {
        return false;
    }
    let line = statement(script.script.run.text, command.text);
    let rest = behind(line, command.text).trim_start().replace(['"', '\''], "");
    let answers = ["&& echo true || echo false)", "&& echo yes || echo no)", "&& echo 1 || echo 0)"];
    answers.iter().any(|answer| rest.starts_with(answer)) && line.contains("$(")
}

/// A command that a table knows, in view of its step.
fn known(scene: &Scene<'_, '_>, script: &Commands<'_, '_>, command: &Command<'_>, purpose: Purpose) -> Purpose {
    if let Some(lent) = lent_by_step(scene, script, command, purpose.role) {
        return lent;
    }
    let line = || statement(script.script.run.text, command.text);
    let writes = || {
        let to = line().split_once(" > ").map(|(_, to)| to.split_whitespace().next().unwrap_or_default());
        to.is_some_and(|to| [".md", ".txt", ".json"].iter().any(|end| to.ends_with(end)))
    };
    if purpose.role == Role::Publish && writes() {
        return Purpose { role: Role::Generated, evidence: "it only writes a file".to_owned() };
    }
    // A step of an action without a name does a part of what the action is for.
    let whole = || scene.name().filter(|_| script.spot.job.is_none());
    let name = script.spot.step.name.map(|name| name.text).or_else(whole);
    let says_check = name.is_some_and(|name| role::name_words(name).first().is_some_and(|word| word == "check"));
    // What an installation builds is a tool; what a listing compares is shown.
    let prepares = |named: &role::Named| {
        let proves = command.text.contains("verify") || says_check && role::known_check(command.text).is_some();
        purpose.role == Role::Verify
            && !proves
            && !named.vague
            && !named.role.matters()
            && named.role != Role::Generated
    };
    let named = name.and_then(|name| Some((role::of_name(name).filter(prepares)?.role, name)));
    match named {
        Some((role, name)) => Purpose { role, evidence: format!("its name says `{}`", role::short(name)) },
        None => scene.in_view_of(script.spot, purpose),
    }
}

/// What a command of another role does for its step: it proves, hands out, or is said to verify.
fn lent_by_step(
    scene: &Scene<'_, '_>,
    script: &Commands<'_, '_>,
    command: &Command<'_>,
    role: Role,
) -> Option<Purpose> {
    let step = |wanted: Role| Some(scene.purpose(script.spot)).filter(|step| step.role == wanted);
    let alone = || !script.commands.iter().any(|other| script.matters(other));
    let said = |evidence: &str| Purpose { role: Role::Verify, evidence: evidence.to_owned() };
    // `git push https://host/models` in a step that publishes by its name.
    if role == Role::Generated && command.text.starts_with("git push ") && pushes_elsewhere(command.text) {
        return step(Role::Publish);
    }
    if role != Role::Support {
        return None;
    }
    if calls_error(script, command) && step(Role::Verify).is_some() && alone() {
        return Some(said("the script only prints that it failed"));
    }
    if role::tries_own(command.text) && (said_to_verify(scene, command) || named_to_verify(script)) {
        return Some(said("it is said to verify what was built"));
    }
    if (hands_out(command.text) || sends_out(command.text))
        && let Some(step) = step(Role::Publish)
    {
        return Some(step);
    }
    let whole = || statement(script.script.run.text, command.text).trim().starts_with(command.text.trim());
    if proves(command.text) && whole() && alone() { step(Role::Verify) } else { None }
}

/// A command that no table knows: its step's, if no other command is the check.
fn unknown(scene: &Scene<'_, '_>, script: &Commands<'_, '_>, command: &Command<'_>) -> Purpose {
    let support = |evidence: &str| Purpose { role: Role::Support, evidence: evidence.to_owned() };
    let is_text = command.text.starts_with(['"', '\'']) && script.script.shell.dialect == Dialect::PowerShell;
    if is_text || (command.text.starts_with('$') && command.text.contains(" = ")) {
        return support("the script takes its output");
    }
    let text = script.script.run.text;
    let line = statement(text, command.text);
    let taken = line.find(command.text.lines().next().unwrap_or_default()).is_some_and(|at| {
        let before = &line[..at];
        before.contains("$(") || before.contains('`') || before.contains("<(")
    });
    if taken {
        return support("the script takes its output");
    }
    let step = scene.purpose(script.spot);
    // The script's check is a known one, or what makes it end in failure further down.
    let is_path = command.text.split_whitespace().any(|word| word.contains('/') && !word.starts_with(['-', '/', '$']));
    let beside = || {
        script.commands.iter().any(|other| script.matters(other)) || (!is_path && examined::can_end(behind(text, line)))
    };
    match step.role.matters() && beside() {
        true => support("another command of the script is the check"),
        false => step,
    }
}

/// The kind of what masks a command first.
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

/// Whether the comment above a command, or above the line before it, says that it verifies: `# make sure that it starts`.
fn said_to_verify(scene: &Scene<'_, '_>, command: &Command<'_>) -> bool {
    let above = [1, 2].map(|up| super::comment::above(scene.lines(), command.line.saturating_sub(up)).join(" "));
    let says = |text: &String| {
        let lower = text.to_lowercase();
        ["verify", "make sure", "ensure", "smoke test", "check that"].iter().any(|word| lower.contains(word))
    };
    above.iter().any(says)
}

/// Whether the step says by its name that it tries out what was built: `Verify build`, `Smoke test`.
fn named_to_verify(script: &Commands<'_, '_>) -> bool {
    let words = script.spot.step.name.map_or(Vec::new(), |name| role::name_words(name.text));
    words.first().is_some_and(|word| ["verify", "smoke"].contains(&word.as_str()))
}

/// `curl -T app.deb https://packages.example`
fn sends_out(command: &str) -> bool {
    let sends = |request: Request| matches!(request.sends, Sends::Words | Sends::File);
    command.starts_with("curl ") && request(command).is_some_and(sends) && !tells_people(command)
}

/// Whether a push goes to an address, and not to a remote of the checkout.
fn pushes_elsewhere(command: &str) -> bool {
    command.split_whitespace().any(|word| word.contains("://") && !word.contains("github.com"))
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
    const WAYS: &[&str] = &["sha256sum -c", "sha256sum --check", "shasum -c", "sha512sum -c", "gpg --verify"];
    let asks = |request: Request| request.fails && !request.kept && request.sends == Sends::Nothing;
    WAYS.iter().any(|way| command.starts_with(way)) || request(command).is_some_and(asks)
}

/// Whether a bare test stands before an `|| echo` that calls its failure one: `[ "$a" = "$b" ] || echo "::error::..."`.
pub(super) fn calls_error(script: &Commands<'_, '_>, command: &Command<'_>) -> bool {
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
