//! What the rest of the file does with a result that is not allowed to count by itself.
//!
//! These are signs, not proofs: the signal model says what is certain, this says what a reader would accept. A result is
//! examined only where something can fail for it; telling people is not enough.

use std::sync::LazyLock;

use super::depends;
use super::finding::Reason;
use super::reason::{says_worth, spaced};
use super::reported;
use super::role::{self, Role};
use super::scene::Scene;
use super::spot::Spot;
use crate::any_of::AnyOf;
use crate::workflow::condition::overrides_status;
use crate::workflow::script::only_prints;
use crate::workflow::signal::Signal;
use crate::workflow::view::{Job, Step};

/// Whether the result of a soft-failing step is looked at, reported, or expected.
pub fn step(scene: &Scene<'_, '_>, spot: Spot<'_, '_>, signal: &Signal) -> Option<(Reason, String)> {
    match signal {
        Signal::FailsRun => return Some((Reason::Examined, "another step fails in its place".to_owned())),
        Signal::NeverRuns(_) => return Some((Reason::Dead, "the step never runs".to_owned())),
        _ => {}
    }
    let text = spot.step.continue_on_error.map_or("", |text| text.text);
    outcome_read(scene, spot)
        .or_else(|| tried_again(spot, 0))
        .or_else(|| depends::of(scene, spot.job, Some(spot.step), signal, text))
        .or_else(|| reported::elsewhere(scene, spot))
        .or_else(|| expected(scene, spot))
        .or_else(|| named_soft(spot))
        .or_else(|| summarised(spot))
        .or_else(|| super::again::step(spot))
        .or_else(|| super::captured::mended_by_action(spot))
        .or_else(|| super::captured::read_after(spot))
        .or_else(|| super::captured::variable_read(spot))
        .or_else(|| after_failure(spot))
        .or_else(|| super::product::of_step(scene, spot))
        .or_else(|| depends::beside_released(scene, spot.job?))
        .or_else(|| results_checked(scene, spot))
        .or_else(|| reported::by_follower(scene, spot))
}

/// A strict step behind this one checks results by its name, or one in a job that needs this one, itself or by another, and
/// takes artifacts over.
fn results_checked(scene: &Scene<'_, '_>, spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let says = |step: &&Step<'_>| {
        let name = step.name.map_or(String::new(), |name| name.text.to_lowercase());
        let checks = ["check", "verify", "evaluate", "fail"].iter().any(|word| name.starts_with(word));
        checks && name.contains("result") && is_strict_work(step)
    };
    let in_job = |step: &&Step<'_>| says(step) && !role::only_after_failure(step);
    if let Some(step) = spot.steps[spot.index + 1..].iter().find(in_job).filter(|_| reported::tests(spot)) {
        return Some((Reason::Examined, format!("the step on line {} checks the results", step.at.line)));
    }
    let workflow = scene.workflow()?;
    let own = spot.job?.id.text;
    let hands_on = |step: &Step<'_>| step.uses.is_some_and(|uses| uses.text.starts_with("actions/upload-artifact"));
    let takes = |step: &Step<'_>| step.uses.is_some_and(|uses| uses.text.starts_with("actions/download-artifact"));
    if !spot.steps[spot.index + 1..].iter().any(hands_on) {
        return None;
    }
    let later = workflow.jobs.iter().filter(|job| job.continue_on_error.is_none());
    let later = later.filter(|job| workflow.ancestors(job).contains(&own) && job.steps.iter().any(takes));
    let step = later.flat_map(|job| job.steps.iter()).find(says)?;
    Some((Reason::Examined, format!("the step on line {} checks the results that the job hands on", step.at.line)))
}

/// A step that runs only once an earlier step that counts has failed: the job is red already.
pub fn after_failure(spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let condition = spot.step.condition?.text.replace(char::is_whitespace, "");
    let asks = |step: &&Step<'_>| {
        let strict = step.continue_on_error.is_none() && !condition.contains("||");
        strict && step.id.is_some_and(|id| condition.contains(&format!("steps.{}.outcome=='failure'", id.text)))
    };
    let failed = spot.steps[..spot.index].iter().find(asks)?;
    Some((Reason::Examined, format!("it runs only after the step on line {} has failed, which counts", failed.at.line)))
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
            Some(reader) if can_fail(scene, reader, &read.expression) => {
                return Some((Reason::Examined, format!("line {} reads its outcome and can fail", read.at.line)));
            }
            Some(reader) if hands_to_judge(reader, &read.expression) => {
                return Some((
                    Reason::Examined,
                    format!("line {} hands its outcome to a script that judges", read.at.line),
                ));
            }
            Some(reader) if named_worth(reader) => {
                return Some((Reason::Justified, format!("line {} calls its outcome advisory", reader.at.line)));
            }
            Some(reader) if reported::sets_status(reader) => {
                return Some((Reason::Reported, format!("line {} reports its outcome as a status", read.at.line)));
            }
            Some(reader) if relayed(scene, spot, reader) => {
                return Some((Reason::Examined, format!("line {} hands its outcome on", read.at.line)));
            }
            Some(_) => {}
            None if handed_on(scene, spot.job, read.at.node) => {
                return Some((Reason::Examined, format!("line {} hands its outcome on", read.at.line)));
            }
            None => {}
        }
    }
    outputs_read(scene, spot)
}

/// Whether a strict step that checks by its name hands what it reads to a script of the repository: `env: {RESULTS: ...}`,
/// `node check-results.js`.
fn hands_to_judge(step: &Step<'_>, expression: &str) -> bool {
    const VERBS: &[&str] = &["check", "verify", "evaluate", "validate", "enforce", "assert", "fail", "require", "gate"];
    const FILES: &[&str] = &[".sh", ".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".ps1"];
    let is_file = |word: &str| FILES.iter().any(|end| word.trim_matches(['"', '\'']).ends_with(end));
    let words = step.name.map_or(Vec::new(), |name| role::name_words(name.text));
    let says = words.first().is_some_and(|word| VERBS.contains(&word.as_str()));
    // A step that asks for a success is skipped when there is none.
    let runs_then = step.condition.is_none_or(|text| overrides_status(text.text) && !text.text.contains("'success'"));
    let strict = step.continue_on_error.is_none() && !role::only_after_failure(step) && runs_then;
    let handed = step.env.iter().any(|(_, value)| value.text.contains(expression.trim()));
    let tells = |line: &str| ["comment", "notify", "report", "summary", "chmod"].iter().any(|word| line.contains(word));
    let runs = |line: std::borrow::Cow<'_, str>| {
        let takes = handed || line.contains(expression.trim());
        takes && !line.starts_with("echo") && !tells(&line) && line.split_whitespace().any(is_file)
    };
    let strict = strict && !step.run.is_some_and(|run| run.text.contains("||"));
    says && strict && step.run.is_some_and(|run| role::commands_of(run.text).any(runs))
}

/// Whether the name of a step says what a result is worth: `Record non-blocking checker status`.
fn named_worth(step: &Step<'_>) -> bool {
    step.name.is_some_and(|name| says_worth(name.text))
}

/// How often an attempt that may fail is followed by another.
const MOST_ATTEMPTS: usize = 10;

/// A later step does the same where this one fails, and may not fail, or the last of several such attempts may not.
fn tried_again(spot: Spot<'_, '_>, attempts: usize) -> Option<(Reason, String)> {
    let mark = format!("steps.{}.outcome", spot.step.id?.text);
    let same = |step: &Step<'_>| {
        let text = |text: Option<crate::workflow::reader::Text<'_>>| text.map(|text| text.text.trim().to_owned());
        // The second attempt often says first that it is one.
        let runs_it = step.run.zip(spot.step.run).is_some_and(|(second, first)| {
            let waits_first = || work(second.text).eq(work(first.text));
            (second.text.trim().ends_with(first.text.trim()) || waits_first()) && !second.text.contains("||")
        });
        text(step.uses) == text(spot.step.uses) && (runs_it || text(step.run) == text(spot.step.run))
    };
    let asks = |step: &Step<'_>| {
        let condition = step.condition.map_or("", |text| text.text);
        condition.contains(&mark) && (condition.contains("failure") || condition.contains("!="))
    };
    let later = (spot.index + 1..spot.steps.len()).find(|&at| asks(&spot.steps[at]) && same(&spot.steps[at]))?;
    let step = &spot.steps[later];
    match step.continue_on_error {
        None => Some((Reason::Retried, format!("line {} tries again, and must succeed", step.at.line))),
        Some(_) if attempts < MOST_ATTEMPTS => tried_again(Spot { index: later, step, ..spot }, attempts + 1),
        Some(_) => None,
    }
}

/// The lines of a script but for those by which another attempt waits and says so.
fn work(script: &str) -> impl Iterator<Item = &str> {
    let waits = |line: &&str| line.is_empty() || line.starts_with("sleep ") || line.starts_with("echo ");
    script.lines().map(str::trim).filter(move |line| !waits(line))
}

/// A later strict step fails where a file is missing: `if: hashFiles('dist/app.js') == ''`.
pub fn missing_is_asked(spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let asks = |step: &&Step<'_>| {
        let plain = step.condition.map_or(String::new(), |text| text.text.replace(char::is_whitespace, ""));
        plain.contains("hashFiles(") && plain.contains("==''") && step.continue_on_error.is_none() && fails(step)
    };
    let step = spot.steps[spot.index + 1..].iter().find(asks)?;
    Some((Reason::Examined, format!("the step on line {} fails where a file is missing", step.at.line)))
}

/// Someone reads the outputs of a step and may fail, in the job or beyond it.
pub fn outputs_read(scene: &Scene<'_, '_>, spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let id = spot.step.id?.text;
    let mark = format!("steps.{id}.outputs.");
    let beyond = |job: &Job<'_>| {
        let outputs = job.outputs.iter().filter(|(_, value)| value.text.contains(&mark));
        outputs.map(|(key, _)| key).any(|key| read_beyond(scene, job, key.text))
    };
    if spot.job.is_some_and(beyond) {
        return Some((Reason::Examined, "another job reads its outputs and can fail".to_owned()));
    }
    let reads = |step: &Step<'_>| texts(step).any(|text| text.contains(&mark)) && !only_loops_over(step, &mark);
    let reader = spot.steps[spot.index + 1..].iter().find(|step| reads(step) && fails(step))?;
    Some((Reason::Examined, format!("the step on line {} reads its outputs and can fail", reader.at.line)))
}

/// `for file in ${{ steps.ID.outputs.files }}`: nothing comes of an output that is empty.
fn only_loops_over(step: &Step<'_>, mark: &str) -> bool {
    let Some(run) = step.run else { return false };
    let elsewhere = step.with.iter().chain(&step.env).any(|(_, value)| value.text.contains(mark));
    let mut lines = run.text.lines().filter(|line| line.contains(mark)).peekable();
    !elsewhere && lines.peek().is_some() && lines.all(|line| line.trim_start().starts_with("for "))
}

/// Whether an output of the job that holds a result is read by something that can fail, here or in a caller.
fn handed_on(scene: &Scene<'_, '_>, job: Option<&Job<'_>>, node: usize) -> bool {
    let Some(job) = job else { return true };
    let Some((key, _)) = job.outputs.iter().find(|(_, value)| value.at.node == node) else { return true };
    read_beyond(scene, job, key.text)
}

/// A step that turns an outcome into an output which is read by something that can fail.
fn relayed(scene: &Scene<'_, '_>, spot: Spot<'_, '_>, reader: &Step<'_>) -> bool {
    // What writes the output may be a program that the script calls.
    let Some(id) = reader.id.filter(|_| reader.run.is_some()) else { return false };
    let mark = format!("steps.{}.outputs.", id.text);
    let later = spot.steps.iter().any(|step| mentions(step, &mark) && fails(step));
    let beyond = |job: &Job<'_>| {
        job.outputs.iter().any(|(key, value)| value.text.contains(&mark) && read_beyond(scene, job, key.text))
    };
    later || spot.job.is_some_and(beyond)
}

/// Whether an output of a job is read by a step that can fail, or by the condition of a job that can.
fn read_beyond(scene: &Scene<'_, '_>, job: &Job<'_>, output: &str) -> bool {
    let Some(workflow) = scene.workflow() else { return true };
    let mark = format!("needs.{}.outputs.{output}", job.id.text);
    let mut steps = workflow.jobs.iter().flat_map(|other| other.steps.iter());
    let has = |text: &str| {
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        text.contains("needs.") && text.match_indices(&mark).any(|(at, _)| ends(&text[at + mark.len()..]))
    };
    let reads = |step: &Step<'_>| texts(step).any(has) && (fails(step) || reported::sets_status(step));
    let by_job = |other: &Job<'_>| {
        // A job of an environment may wait for a reviewer.
        let stops = other.environment.is_some() || other.steps.iter().any(fails);
        other.condition.is_some_and(|text| has(text.text)) && stops
    };
    workflow.on("workflow_call") || steps.any(reads) || workflow.jobs.iter().any(by_job)
}

/// Whether a step that looks at an outcome fails for it, or does the work again.
fn can_fail(scene: &Scene<'_, '_>, reader: &Step<'_>, expression: &str) -> bool {
    if reader.continue_on_error.is_some_and(|text| text.text == "true") {
        return false;
    }
    // A step that only runs where all went well is skipped when it did not.
    let plain = expression.replace(char::is_whitespace, "");
    let own = reader.condition.is_some_and(|text| text.text.replace(char::is_whitespace, "").contains(&plain));
    if own && plain.contains("=='success'") && !plain.contains("||") {
        return false;
    }
    let asks_failure = expression.contains("failure") || expression.contains("!=");
    let inside = || scene.world.used(reader).is_some_and(|action| action.steps.iter().any(fails));
    fails(reader) || inside() || (asks_failure && role::of_step(reader, None, None, scene.world).role == Role::Verify)
}

/// Whether a step has words that end it with a failure.
pub fn fails(step: &Step<'_>) -> bool {
    let asserts =
        step.uses.is_some_and(|uses| ["assert", "alls-green", "fail"].iter().any(|word| uses.text.contains(word)));
    asserts || texts(step).any(can_end) || step.run.is_some_and(|run| tests_last(run.text))
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
        "raise ",
        "exit 3",
        "exit 4",
        "exit 255",
        "exit /b 1",
        "die(",
        "os._exit",
        "return $",
    ];
    static SEARCH: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(ENDS.iter().copied()));
    let ends = |line: &str| line.split(" #").next().is_some_and(|line| line.trim() == "false");
    // What is only said ends nothing.
    let says = |line: &str| ["echo ", "#", "printf "].iter().any(|lead| line.trim_start().starts_with(lead));
    let acts = |line: &str| SEARCH.stands_in(line) && (!says(line) || line.contains(';') || line.contains("&&"));
    (SEARCH.stands_in(text) && text.lines().any(acts)) || text.lines().any(ends)
}

/// Whether a line of a script is a bare test, whose failure ends it: `[ "$X" = success ]`, `test -s log`.
fn tests_last(script: &str) -> bool {
    let tests = |part: &str| {
        ["[ ", "[[ ", "test ", "grep ", "! grep", "diff ", "cmp "].iter().any(|start| part.starts_with(start))
    };
    script.replace("\\\n", " ").replace("|\n", "| ").lines().map(str::trim).any(|line| {
        // Of a pipe the last part counts.
        let last = line.rsplit('|').next().unwrap_or_default().trim();
        let begins = tests(line) || line.starts_with("cat ");
        begins && tests(last) && !line.contains("||") && !line.ends_with("&&") && !line.ends_with("then")
    })
}

pub fn texts<'s>(step: &'s Step<'_>) -> impl Iterator<Item = &'s str> {
    let with = step.with.iter().chain(&step.env).map(|(_, value)| value.text);
    step.run.iter().chain(&step.condition).map(|text| text.text).chain(with)
}

/// Whether a step's script, condition, inputs or variables hold these words.
pub fn mentions(step: &Step<'_>, words: &str) -> bool {
    texts(step).any(|text| text.contains(words))
}

/// The name itself says that it does not block: people who read the check list see that.
pub fn named_soft(spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let names = [spot.step.name, spot.job.map(|job| job.id), spot.job.and_then(|job| job.name)];
    let name = names.into_iter().flatten().find(|name| says_worth(name.text))?;
    Some((Reason::Justified, format!("its name says `{}`", role::short(name.text))))
}

/// As [`named_soft`], for a job.
pub fn named_soft_job(job: &Job<'_>) -> Option<(Reason, String)> {
    let name = [Some(job.id), job.name].into_iter().flatten().find(|name| says_worth(name.text))?;
    Some((Reason::Justified, format!("its name says `{}`", role::short(name.text))))
}

/// Whether a step has a script that does more than print, and its failure counts.
fn is_strict_work(step: &Step<'_>) -> bool {
    step.continue_on_error.is_none() && step.run.is_some_and(|run| !only_prints(run.text))
}

/// The next step with a script goes through the failures, and is not allowed to fail softly itself.
pub fn summarised(spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let next = spot.steps[spot.index + 1..].iter().find(|step| step.run.is_some())?;
    let name = next.name.map(|name| name.text.to_lowercase())?;
    let counts = [
        "failures",
        "check result",
        "check test result",
        "check outcome",
        "fail if",
        "fail the",
        "check status",
        "fail job",
        "fail on",
        "exit code",
        "propagate",
        "fail when",
        "check for fail",
        "check for error",
    ];
    let found =
        is_strict_work(next) && !role::only_after_failure(next) && counts.iter().any(|words| name.contains(words));
    found.then(|| (Reason::Examined, format!("the step on line {} goes through the failures", next.at.line)))
}

/// The failure is what the step is there to show.
pub fn expected(scene: &Scene<'_, '_>, spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let names = [spot.step.name, spot.step.id, spot.job.map(|job| job.id), spot.job.and_then(|job| job.name)];
    let says = |text: &str| {
        let text = spaced(text).replace("unexpected", "");
        [
            "expect",
            "should fail",
            "must fail",
            "intentional",
            "negative test",
            "failing example",
            "shouldn't pass",
            "should not pass",
        ]
        .iter()
        .any(|word| text.contains(word))
    };
    let demo = scene.file().rsplit('/').next().is_some_and(|name| name.starts_with("demo"));
    (demo || names.iter().flatten().any(|name| says(name.text)))
        .then(|| (Reason::Expected, "the failure is what it shows".to_owned()))
}

/// A job one of whose steps is told to expect a failure.
pub fn expects(job: &Job<'_>) -> Option<(Reason, String)> {
    let told =
        |step: &&Step<'_>| step.with.iter().any(|(key, value)| key.text.starts_with("expect-") && value.text == "true");
    let step = job.steps.iter().find(told)?;
    Some((Reason::Expected, format!("the step on line {} expects a failure", step.at.line)))
}

/// A job whose results, or whose failure, another job looks at and fails for.
pub fn job_read(scene: &Scene<'_, '_>, job: &Job<'_>) -> Option<(Reason, String)> {
    let workflow = scene.workflow()?;
    let mark = format!("needs.{}.outputs.", job.id.text);
    let mut steps =
        workflow.jobs.iter().filter(|other| other.id.text != job.id.text).flat_map(|other| other.steps.iter());
    let step = steps.find(|step| texts(step).any(|text| text.contains(&mark)) && fails(step))?;
    Some((Reason::Examined, format!("the step on line {} reads its outputs and can fail", step.at.line)))
}
