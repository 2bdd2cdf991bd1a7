//! What the rest of the file does with a result that is not allowed to count by itself.
//!
//! These are signs, not proofs: the signal model says what is certain, this says what a reader would accept.

use super::finding::Reason;
use super::role::{self, Role};
use super::scene::{Scene, Spot};
use crate::workflow::signal::Signal;
use crate::workflow::view::{File, Job, Step};
use crate::workflow::world::Caller;

/// Whether the result of a soft-failing step is looked at, reported, or expected.
pub fn step(scene: &Scene<'_, '_>, spot: Spot<'_, '_>, signal: &Signal) -> Option<(Reason, String)> {
    match signal {
        Signal::FailsRun => return Some((Reason::Examined, "another step fails in its place".to_owned())),
        Signal::NeverRuns(_) => return Some((Reason::Dead, "the step never runs".to_owned())),
        Signal::MaskedInLegs { legs, .. } => {
            return Some((Reason::SomeRuns, format!("only for {}", super::scene::legs(legs))));
        }
        _ => {}
    }
    outcome_read(scene, spot)
        .or_else(|| depends(scene, spot.step.continue_on_error.map(|text| text.text)))
        .or_else(|| sarif(spot))
        .or_else(|| expected(scene, spot))
        .or_else(|| named_soft(spot.step.name.map(|name| name.text)))
        .or_else(|| summarised(spot))
}

/// Someone reads `steps.ID.outcome` or its outputs, and may fail.
fn outcome_read(scene: &Scene<'_, '_>, spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let id = spot.step.id?.text;
    let tree = scene.tree();
    let range = |node: usize| node..tree.nodes.get(node).map_or(node, |n| n.end);
    let own = range(spot.step.at.node);
    for read in scene.signals.reads(spot.job) {
        if !read.sees("steps", id, "outcome") || own.contains(&read.at.node) {
            continue;
        }
        match spot.steps.iter().find(|step| range(step.at.node).contains(&read.at.node)) {
            Some(reader) if can_fail(reader, &read.expression) => {
                return Some((Reason::Examined, format!("line {} reads its outcome and can fail", read.at.line)));
            }
            Some(_) => {}
            None => return Some((Reason::Examined, format!("line {} hands its outcome on", read.at.line))),
        }
    }
    let mark = format!("steps.{id}.outputs.");
    let reader =
        spot.steps[spot.index + 1..].iter().find(|step| texts(step).any(|text| text.contains(&mark)) && fails(step))?;
    Some((Reason::Examined, format!("the step on line {} reads its outputs and can fail", reader.at.line)))
}

/// Whether a step that looks at an outcome fails for it, or does the work again.
fn can_fail(reader: &Step<'_>, expression: &str) -> bool {
    if reader.continue_on_error.is_some_and(|text| text.text == "true") {
        return false;
    }
    let asks_failure = expression.contains("failure") || expression.contains("!=");
    fails(reader) || (asks_failure && role::of_step(reader, None, None).role == Role::Verify)
}

/// Whether a step has words that end it with a failure.
fn fails(step: &Step<'_>) -> bool {
    let asserts =
        step.uses.is_some_and(|uses| ["assert", "alls-green", "fail"].iter().any(|word| uses.text.contains(word)));
    asserts || texts(step).any(can_end)
}

/// Whether a script can end with a failure of its own will.
pub fn can_end(text: &str) -> bool {
    const ENDS: &[&str] = &[
        "exit 1",
        "exit 2",
        "exit $",
        "exit \"$",
        "setFailed",
        "process.exit",
        "throw ",
        "exit -1",
        "exit ${",
        "sys.exit",
        "return 1",
    ];
    ENDS.iter().any(|end| text.contains(end))
}

fn texts<'s>(step: &'s Step<'_>) -> impl Iterator<Item = &'s str> {
    let with = step.with.iter().chain(&step.env).map(|(_, value)| value.text);
    step.run.iter().chain(&step.condition).map(|text| text.text).chain(with)
}

/// `continue-on-error: ${{ ... }}`: true for some legs, events or inputs only.
pub fn depends(scene: &Scene<'_, '_>, text: Option<&str>) -> Option<(Reason, String)> {
    let text = text.filter(|text| text.contains("${{"))?;
    let body = text.trim().trim_start_matches("${{").trim_end_matches("}}").trim();
    let some = |note: String| Some((Reason::SomeRuns, note));
    if body.contains("matrix.") {
        return some(format!("only where `{body}`"));
    }
    let rare = ["'schedule'", "'workflow_dispatch'", "'release'"].iter().any(|event| body.contains(event));
    if body.contains("event_name ==") && rare && !body.contains("||") {
        return some(format!("only where `{body}`"));
    }
    let name = body.strip_prefix("inputs.")?;
    let off = input_default(scene, name).is_none_or(|default| default == "false");
    (off && !turned_on(scene, name))
        .then(|| (Reason::SomeRuns, format!("`{name}` is off by default and nobody turns it on")))
}

fn input_default(scene: &Scene<'_, '_>, name: &str) -> Option<String> {
    let tree = scene.tree();
    let inputs = match scene.view {
        File::Action(_) => tree.get(0, "inputs")?,
        File::Workflow(_) => {
            let on = tree.get(0, "on")?;
            let event = tree.get(on, "workflow_call").or_else(|| tree.get(on, "workflow_dispatch"))?;
            tree.get(event, "inputs")?
        }
    };
    let default = tree.get(tree.get(inputs, name)?, "default")?;
    tree.text(default).map(str::to_owned)
}

fn turned_on(scene: &Scene<'_, '_>, name: &str) -> bool {
    let callers: Vec<Caller<'_, '_>> = match scene.view {
        File::Workflow(_) => scene.world.callers_of(scene.file()),
        File::Action(_) => scene.world.users_of(scene.file()),
    };
    callers.iter().any(|caller| {
        let with = caller.step.map(|(_, step)| &step.with).or(caller.job.map(|job| &job.with));
        let own = with.and_then(|with| with.iter().find(|(key, _)| key.text == name));
        own.is_some_and(|(_, value)| value.text != "false")
    })
}

/// A strict step later uploads the findings to code scanning, where reviewers see them.
fn sarif(spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let uploads = |step: &&Step<'_>| {
        step.uses.is_some_and(|uses| uses.text.contains("upload-sarif")) && step.continue_on_error.is_none()
    };
    let step = spot.steps[spot.index + 1..].iter().find(uploads)?;
    Some((Reason::Reported, format!("line {} uploads the findings to code scanning", step.at.line)))
}

/// The name itself says that it does not block: people who read the check list see that.
pub fn named_soft(name: Option<&str>) -> Option<(Reason, String)> {
    const WORDS: &[&str] = &[
        "warning-only",
        "warning only",
        "warn only",
        "non-blocking",
        "nonblocking",
        "not blocking",
        "allowed to fail",
        "allow failure",
        "allow to fail",
        "can fail",
        "may fail",
        "informational",
        "advisory",
        "best effort",
        "best-effort",
        "experimental",
        "optional",
    ];
    let lower = name?.to_lowercase();
    let word = WORDS.iter().find(|word| lower.contains(**word))?;
    Some((Reason::Justified, format!("its name says `{word}`")))
}

/// The next step with a script goes through the failures, and is not allowed to fail softly itself.
fn summarised(spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let next = spot.steps[spot.index + 1..].iter().find(|step| step.run.is_some())?;
    let name = next.name.map(|name| name.text.to_lowercase())?;
    let counts =
        ["failures", "check result", "check test result", "check outcome", "fail if", "fail the", "check status"];
    let strict = next.continue_on_error.is_none() && !role::only_after_failure(next);
    let found = strict && counts.iter().any(|words| name.contains(words));
    found.then(|| (Reason::Examined, format!("the step on line {} goes through the failures", next.at.line)))
}

/// The failure is what the step is there to show.
fn expected(scene: &Scene<'_, '_>, spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let names = [spot.step.name, spot.step.id, spot.job.map(|job| job.id), spot.job.and_then(|job| job.name)];
    let says = |text: &str| {
        let text = text.to_lowercase();
        ["expect", "should fail", "should-fail", "must fail", "intentional", "negative"]
            .iter()
            .any(|word| text.contains(word))
    };
    let demo = scene.file().rsplit('/').next().is_some_and(|name| name.starts_with("demo"));
    (demo || names.iter().flatten().any(|name| says(name.text)))
        .then(|| (Reason::Expected, "the failure is what it shows".to_owned()))
}

/// A job that sets the commit's status itself when it fails.
pub fn own_status(job: &Job<'_>) -> Option<(Reason, String)> {
    let sets = |step: &&Step<'_>| {
        let status = texts(step)
            .chain(step.uses.map(|uses| uses.text))
            .any(|text| text.contains("status") || text.contains("update-check"));
        role::only_after_failure(step) && status
    };
    let step = job.steps.iter().find(sets)?;
    Some((Reason::Reported, format!("line {} sets a status of its own on failure", step.at.line)))
}

/// What a command of a script writes is read later by something that can fail.
pub fn captured(spot: Spot<'_, '_>, script: &str, statement: &str) -> Option<(Reason, String)> {
    let rest = script.find(statement).map_or("", |at| &script[at + statement.len()..]);
    let names = outputs(statement);
    let in_script = can_end(rest) && names.iter().any(|name| rest.contains(name.as_str()));
    let reads = |step: &&Step<'_>| {
        fails(step)
            && names
                .iter()
                .filter(|name| name.len() > 3)
                .any(|name| texts(step).any(|text| text.contains(name.as_str())))
    };
    if in_script {
        return Some((Reason::Examined, "the script reads what it wrote and can fail".to_owned()));
    }
    let later = spot.steps[spot.index + 1..].iter().find(reads)?;
    Some((Reason::Examined, format!("the step on line {} reads what it wrote and can fail", later.at.line)))
}

/// Names of files and variables that a statement fills.
fn outputs(statement: &str) -> Vec<String> {
    let words: Vec<&str> = statement.split_whitespace().collect();
    let mut names = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let next = || words.get(index + 1).copied().unwrap_or_default();
        match *word {
            ">" | ">>" | "&>" | "tee" | "-o" | "--output" | "--out" | "--output-file" | "--report" => {
                names.push(next())
            }
            _ => {}
        }
        if let Some(name) = word.strip_prefix("&>").or(word.strip_prefix('>')) {
            names.push(name.trim_start_matches('>'));
        }
        if let Some((name, value)) = word.split_once('=') {
            if name.starts_with("--") {
                names.push(value);
            } else if value.starts_with("$(") || value.starts_with("\"$(") || value.starts_with('`') {
                names.push(name);
            }
        }
    }
    let names = names.iter().map(|name| name.trim_matches(['"', '\'', '{', '}']).to_owned());
    names
        .filter(|name| {
            name.len() > 1 && name != "/dev/null" && name != "&1" && name != "&2" && !name.contains("GITHUB_")
        })
        .collect()
}
