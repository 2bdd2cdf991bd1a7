//! Workflows switched off by their triggers, triggers whose filters let nothing through, and jobs that wait for a ref
//! or an event that no trigger brings.
//!
//! Limitations: a workflow disabled in the settings of its repository shows in no file; a called workflow's occasions
//! are its callers' and not judged here.

use super::Detector;
use super::comment;
use super::finding::{Finding, Reason, Verdict};
use super::judge::{Case, IN_GENERATED, Level, severity, verdict};
use super::role::{self, Purpose, Role};
use super::scene::Scene;
use crate::workflow::condition::Truth;
use crate::workflow::filter::Filter;
use crate::workflow::link::{Link, LinkKind};
use crate::workflow::occasion::Occasion;
use crate::workflow::reader::{At, Text};
use crate::workflow::signal::Runs;
use crate::workflow::view::{File, Job, Step, Trigger, Workflow};

pub(super) const DETECTOR: Detector = Detector {
    name: "switched-off",
    category: "conditional-skip",
    about: "a workflow, a trigger or a job that the triggers and their filters never let run",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    let Some(workflow) = scene.workflow().filter(|workflow| !workflow.triggers.is_empty()) else { return };
    out.extend(commented_out(scene, workflow));
    out.extend(no_job(scene, workflow));
    for trigger in workflow.triggers.iter().filter(|trigger| FILTERED.contains(&trigger.event.text)) {
        out.extend(["branches", "tags", "paths"].iter().filter_map(|key| shut(scene, workflow, trigger, key)));
    }
    let jobs = workflow.jobs.iter().filter(|job| job.condition.is_some());
    if jobs.clone().next().is_none() {
        return;
    }
    if let Some(occasions) = occasions(scene, workflow) {
        let jobs = workflow.jobs.iter().filter(|job| job.condition.is_some());
        out.extend(jobs.filter_map(|job| waits_in_vain(scene, job, &occasions)));
    }
}

/// All occasions on which a workflow runs: its own, and those of the workflows that call it. `None` where it can be called
/// and no caller is known, or one of them is called itself.
fn occasions<'t>(scene: &Scene<'_, 't>, workflow: &Workflow<'t>) -> Option<Vec<Occasion<'t>>> {
    let own = workflow.triggers.iter().filter(|trigger| trigger.event.text != "workflow_call");
    let mut found: Vec<Occasion<'t>> = own.flat_map(Occasion::of).collect();
    if workflow.on("workflow_call") {
        let callers = scene.world.callers_of(workflow.file);
        for caller in &callers {
            let File::Workflow(caller) = caller.file else { return None };
            if caller.on("workflow_call") {
                return None;
            }
            found.extend(caller.triggers.iter().flat_map(Occasion::of));
        }
        if callers.is_empty() {
            return None;
        }
    }
    Some(found)
}

/// Events whose filters GitHub reads; on others the words have no effect.
///
/// Source: workflow syntax, `on.<event>.branches`, `on.push.tags` and `on.<event>.paths`.
const FILTERED: &[&str] = &["push", "pull_request", "pull_request_target", "workflow_run"];

/// The weightiest purpose among the jobs.
fn purpose(scene: &Scene<'_, '_>, workflow: &Workflow<'_>) -> Purpose {
    let purposes = workflow.jobs.iter().map(|job| scene.job_purpose(job));
    purposes.min_by_key(|own| (own.role != Role::Verify, own.role != Role::Publish)).unwrap_or_else(Purpose::unknown)
}

fn judged(scene: &Scene<'_, '_>, finding: &mut Finding, purpose: Purpose, places: Vec<usize>) {
    finding.verdict = verdict(scene, Case::switched_off(DETECTOR.name, &purpose, places));
    finding.severity = severity(scene, Level::Job, purpose.role, &finding.verdict);
    finding.purpose = purpose;
}

/// Events that start a workflow by themselves, as a commented-out line begins.
const EVENTS: &[&str] = &["push", "pull_request", "pull_request_target", "merge_group", "schedule", "release"];

/// Only by hand, with the other triggers commented out.
fn commented_out(scene: &Scene<'_, '_>, workflow: &Workflow<'_>) -> Option<Finding> {
    if !workflow.triggers.iter().all(|trigger| trigger.event.text == "workflow_dispatch") {
        return None;
    }
    let (at, first) = (workflow.triggers[0].event.at, on_line(scene)?);
    let last = scene.lines().iter().enumerate().skip(first + 1);
    let is_next = |line: &str| line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '"' || c == '\'');
    let end = last.into_iter().find(|(_, line)| is_next(line)).map_or(scene.lines().len(), |(index, _)| index);
    let named = |line: &str| {
        let code = line.trim().strip_prefix('#')?.trim_start_matches(['#', ' ', '-']);
        let code = code.strip_prefix("on:").unwrap_or(code).trim_start_matches([' ', '[']);
        let word = code.split([':', ',', ']', ' ']).next()?;
        let rest = code.strip_prefix(word)?;
        let is_code = rest.is_empty() || rest.starts_with([':', ',', ']']);
        EVENTS.iter().find(|event| **event == word).filter(|_| is_code)
    };
    let lines: Vec<(usize, &&str)> =
        (first..end).filter_map(|index| Some((index + 1, named(comment_of(scene.lines()[index])?)?))).collect();
    // Where every job is kept off the event, it would start nothing.
    let kept_off = |job: &Job<'_>, event: &str| {
        let plain = job.condition.map_or(String::new(), |text| text.text.replace(char::is_whitespace, ""));
        plain.contains(&format!("github.event_name!='{event}'"))
    };
    let starts = |event: &str| !workflow.jobs.iter().all(|job| kept_off(job, event));
    let lines: Vec<(usize, &&str)> = lines.into_iter().filter(|(_, event)| starts(event)).collect();
    let (line, event) = lines.first()?;
    let message = format!("the workflow runs by hand only: its trigger `{event}` is commented out");
    let mut finding = scene.finding(&DETECTOR, scene.place(at), "the workflow".to_owned(), message);
    let purpose = purpose(scene, workflow);
    let proposes = || workflow.jobs.iter().flat_map(|job| &job.steps).any(role::commits);
    let bot =
        workflow.name.is_some_and(|name| role::keeps_up(name.text)) || (purpose.role == Role::Verify && proposes());
    // What publishes by hand still publishes, when somebody wants it to; a check waits for nobody.
    let hands_out = |step: &Step<'_>| scene.itself(step).is_some_and(|purpose| purpose.role == Role::Publish);
    let publishes = purpose.role == Role::Publish
        || publishes_by_name(scene, workflow)
        || workflow.jobs.iter().flat_map(|job| &job.steps).any(hands_out);
    let matters = purpose.role.matters() && !bot && !publishes;
    let places = [vec![*line, first + 1], lines.iter().map(|(line, _)| *line).collect()].concat();
    judged(scene, &mut finding, purpose, places);
    if let Some(words) = manual(scene).filter(|_| finding.needs_action()) {
        finding.pass(Reason::Justified, words);
    }
    finding.also = lines.iter().map(|(line, _)| *line).collect();
    if scene.generated && finding.needs_action() {
        finding.pass(Reason::Generated, IN_GENERATED.to_owned());
    }
    if !matters && finding.needs_action() {
        finding.pass(Reason::Purpose, "it neither checks nor publishes".to_owned());
    }
    Some(finding)
}

/// Whether the name of a workflow or of its file says that it publishes.
fn publishes_by_name(scene: &Scene<'_, '_>, workflow: &Workflow<'_>) -> bool {
    let file = scene.file().rsplit('/').next().unwrap_or_default();
    let stem = file.trim_end_matches(".yml").trim_end_matches(".yaml");
    let says = |name: &str| role::of_name(name).is_some_and(|named| named.role == Role::Publish && named.leads);
    let releases = || role::name_words(stem).iter().any(|word| word == "release");
    says(stem) || releases() || workflow.name.is_some_and(|name| says(name.text))
}

/// What the head of the file says of running by hand, if it says that this is how it runs.
fn manual(scene: &Scene<'_, '_>) -> Option<String> {
    const WORDS: &[&str] = &[
        "only be run manually",
        "run manually",
        "manual only",
        "manually triggered",
        "triggered manually",
        "only manually",
    ];
    let head = scene.lines().iter().take_while(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
    let plain = head.map(|line| super::reason::plain(line)).find(|line| {
        let lower = line.to_lowercase();
        WORDS.iter().any(|words| lower.contains(words))
            && ![" or ", "until", "also"].iter().any(|word| lower.contains(word))
    })?;
    Some(plain)
}

/// A line that is a comment, or the comment behind it.
fn comment_of(line: &str) -> Option<&str> {
    if line.trim_start().starts_with('#') { Some(line) } else { comment::trailing(line) }
}

/// The index of the line of `on:`.
fn on_line(scene: &Scene<'_, '_>) -> Option<usize> {
    scene.lines().iter().position(|line| {
        let key = line.split(':').next().unwrap_or_default().trim_end();
        line.contains(':') && matches!(key, "on" | "\"on\"" | "'on'")
    })
}

/// Every job is dead: each has its own finding, and this says what that amounts to.
fn no_job(scene: &Scene<'_, '_>, workflow: &Workflow<'_>) -> Option<Finding> {
    let never = |job: &Job<'_>| matches!(scene.signals.job_runs(job.id.text), Some(Runs::Never(_)));
    if workflow.jobs.len() < 2 || !workflow.jobs.iter().all(never) {
        return None;
    }
    let at = workflow.triggers[0].event.at;
    let message = "no job of the workflow ever runs".to_owned();
    let mut finding = scene.finding(&DETECTOR, scene.place(at), "the workflow".to_owned(), message);
    finding.key = "all jobs".to_owned();
    finding.purpose = purpose(scene, workflow);
    finding.verdict = Verdict::Fine(Reason::Dead, "each job has a finding of its own".to_owned());
    finding.also = workflow.jobs.iter().map(|job| job.id.at.line).collect();
    Some(finding)
}

/// A filter that lets nothing through.
fn shut(scene: &Scene<'_, '_>, workflow: &Workflow<'_>, trigger: &Trigger<'_>, key: &str) -> Option<Finding> {
    let (name, texts) = trigger.filters.iter().find(|(name, texts)| name.text == key && !texts.is_empty())?;
    let whole = |text: &Text<'_>| key != "paths" && text.text.starts_with("refs/");
    if !texts.iter().all(|text| text.text.starts_with('!')) && !texts.iter().all(whole) {
        return None;
    }
    let filter = Filter::of(trigger, key)?;
    // Of `branches` and `tags` beside each other either lets a push through: patterns with `!` alone say "none of these".
    let beside = |other: &str| trigger.filters.iter().any(|(name, texts)| name.text == other && !texts.is_empty());
    if filter.only_takes_out() && ((key == "tags" && beside("branches")) || (key == "branches" && beside("tags"))) {
        return None;
    }
    let why = match (filter.only_takes_out(), texts.iter().all(whole)) {
        (true, _) => "has only patterns with `!`, and GitHub asks for one without",
        (_, true) => "names whole refs, and is compared with the short name",
        _ => return None,
    };
    let subject = format!("trigger `{}`", trigger.event.text);
    let message = format!("{subject} lets nothing through: its `{}` {why}", name.text);
    let mut finding = scene.finding(&DETECTOR, scene.place(name.at), subject, message);
    finding.key = format!("{} {key}", finding.key);
    judged(scene, &mut finding, purpose(scene, workflow), vec![name.at.line, trigger.event.at.line]);
    Some(finding)
}

/// A job whose condition is false on every occasion that the triggers bring, but not by itself.
fn waits_in_vain(scene: &Scene<'_, '_>, job: &Job<'_>, occasions: &[Occasion<'_>]) -> Option<Finding> {
    let vain = occasions.iter().all(|occasion| job.asks.truth(occasion) == Truth::False);
    let known = matches!(scene.signals.job_runs(job.id.text), Some(Runs::Never(_)));
    let condition = job.condition.filter(|_| vain && !known)?;
    let subject = format!("job `{}`", job.id.text);
    let message = format!("{subject} never runs: no trigger brings the ref or the event that its condition asks for");
    let mut finding = scene.finding(&DETECTOR, scene.place(condition.at), subject, message);
    let purpose = scene.job_purpose(job);
    let checks = purpose.role == Role::Verify;
    judged(scene, &mut finding, purpose, vec![condition.at.line, job.id.at.line]);
    if !checks && finding.needs_action() {
        finding.pass(Reason::Purpose, "no trigger asks for it now, and it checks nothing".to_owned());
    }
    let link = |kind, at: At, what: &str| Link { kind, place: scene.place(at), what: what.trim().to_owned() };
    finding.chain = vec![link(LinkKind::ConditionFalse, condition.at, condition.text)];
    Some(finding)
}
