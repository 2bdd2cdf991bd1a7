//! Jobs that stand for others in branch protection: skipped when those fail, or not looking at them.

use super::comment::Topic;
use super::finding::{Finding, Reason};
use super::gate_shape::{checks_out, is_gate, reads_alone, runs_for_changes};
use super::judge::{Case, Level, severity, verdict};
use super::role::{self, Purpose, Role};
use super::scene::Scene;
use super::{Detector, examined, reported};
use crate::workflow::condition::overrides_status;
use crate::workflow::link::{Link, LinkKind};
use crate::workflow::reader::Text;
use crate::workflow::reads::{Read, reads};
use crate::workflow::signal::{Runs, Sight, Soft, Watcher};
use crate::workflow::view::{Job, Step, Trigger, Workflow};

pub(super) const DETECTOR: Detector = Detector {
    name: "gate",
    category: "soft-fail",
    about: "a job that stands for others and passes, or is skipped, when they fail",
    find,
};

/// Events of releases, which no change waits for.
const RELEASES: &[&str] = &["release", "workflow_dispatch", "create"];

/// Whether a workflow runs for releases only: on tags, on a release, by hand.
pub(super) fn only_releases(workflow: &Workflow<'_>) -> bool {
    let tags = |trigger: &Trigger<'_>| {
        let has = |key: &str| trigger.filters.iter().any(|(name, _)| name.text == key);
        trigger.event.text == "push" && has("tags") && !has("branches")
    };
    let mut triggers = workflow.triggers.iter().peekable();
    triggers.peek().is_some()
        && workflow.triggers.iter().any(|trigger| trigger.event.text != "workflow_dispatch")
        && triggers.all(|trigger| tags(trigger) || RELEASES.contains(&trigger.event.text))
}

/// Whether a change waits for what a workflow does, or could: what runs on a schedule, by hand or behind another workflow is
/// no check of one.
fn guards_changes(workflow: &Workflow<'_>) -> bool {
    const CHANGES: &[&str] = &["pull_request", "pull_request_target", "merge_group", "push", "workflow_call"];
    workflow.triggers.iter().any(|trigger| CHANGES.contains(&trigger.event.text))
}

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    let counts = |workflow: &&Workflow<'_>| !only_releases(workflow) && guards_changes(workflow);
    let Some(workflow) = scene.workflow().filter(counts) else { return };
    // A workflow that is called waits for changes where its caller does.
    let waits = |on: &str| ["pull_request", "pull_request_target", "merge_group", "workflow_call"].contains(&on);
    let changes_wait = workflow.triggers.iter().any(|trigger| waits(trigger.event.text));
    let gates = workflow.jobs.iter().filter(|job| is_gate(workflow, job, changes_wait));
    out.extend(gates.filter_map(|job| one(scene, workflow, job)));
}

/// Whether a gate looks at what a job handed on, and can fail for it.
fn reads_outputs(job: &Job<'_>, need: &str) -> bool {
    let mark = format!("needs.{need}.outputs");
    job.steps.iter().any(|step| examined::mentions(step, &mark) && examined::fails(step))
}

/// Whether the failure of a job skips the checks that the gate waits for, and the gate lets that pass: its own condition
/// asks for an output of the job, which is then empty.
fn skipped_with(workflow: &Workflow<'_>, job: &Job<'_>, need: &str) -> bool {
    asks_for_output(job, need) && others_wait(workflow, job, need)
}

/// Whether the condition of a job asks for an output of another.
fn asks_for_output(job: &Job<'_>, need: &str) -> bool {
    let output = format!("needs.{need}.outputs.");
    job.condition.is_some_and(|text| {
        let plain = text.text.replace(char::is_whitespace, "");
        let mark = plain.find(&output).map(|at| &plain[at..]);
        mark.is_some_and(|rest| rest.contains("=='true'") || rest.contains("!='false'") || !rest.contains("="))
    })
}

/// The same by its script, which ends well before it looks at any result.
fn leaves_early(workflow: &Workflow<'_>, job: &Job<'_>, need: &str) -> bool {
    let output = format!("needs.{need}.outputs.");
    let leaves = |step: &Step<'_>| {
        let env = step.env.iter().chain(&job.env).filter(|(_, value)| value.text.contains(&output));
        let names: Vec<String> =
            env.flat_map(|(key, _)| [format!("${}", key.text), format!("${{{}", key.text)]).collect();
        let reads = |line: &str| line.contains(&output) || names.iter().any(|name| line.contains(name));
        step.run.is_some_and(|run| {
            let mut lines = run.text.lines().skip_while(|line| !reads(line)).take(4);
            let asks = lines.next().is_some_and(|line| line.contains("!= \"true\"") || line.contains("!= 'true'"));
            asks && lines.any(|line| line.trim() == "exit 0")
        })
    };
    let looks = || reads(workflow.tree, job.at.node).iter().any(|read| read.sees("needs", need, "result"));
    others_wait(workflow, job, need) && job.steps.iter().any(leaves) && !looks()
}

/// Whether another job that the gate needs waits for this one.
fn others_wait(workflow: &Workflow<'_>, job: &Job<'_>, need: &str) -> bool {
    let waits = |other: &Job<'_>| other.waits_for(need);
    job.needs.iter().any(|other| workflow.job(other.text).is_some_and(waits))
}

/// Another job that shows under the same name, runs when something fails, and fails then: one of the two always stands
/// in the list of checks.
fn twin<'w, 't>(workflow: &'w Workflow<'t>, job: &Job<'_>) -> Option<&'w Job<'t>> {
    let name = job.name?.text;
    workflow.jobs.iter().find(|other| {
        let same = other.id.text != job.id.text && other.name.is_some_and(|own| own.text == name);
        let asks = other.condition.is_some_and(|text| {
            text.text.contains("fail") && !text.text.contains("!failure") || text.text.contains("!success()")
        });
        same && asks && other.steps.iter().any(examined::fails)
    })
}

/// Whether the action of a step asks GitHub itself for the results of the run's jobs.
fn asks_github(step: &Step<'_>) -> bool {
    const ACTIONS: &[&str] =
        &["join_jobs", "merge-gatekeeper", "wait-on-check", "wait-for-check", "wait-for-status-checks"];
    // `gh run view --json jobs`, `gh api repos/x/y/actions/runs/1/jobs`
    let by_hand = |run: &str| {
        let asks = run.contains("gh run view") || run.contains("/actions/runs/") && run.contains("jobs");
        asks && examined::can_end(run)
    };
    // It hands the conclusion on in the environment.
    let concluded = |text: Text<'_>| text.text.contains("env.WORKFLOW_CONCLUSION");
    step.condition.is_some_and(concluded) && step.run.is_some_and(|run| examined::can_end(run.text))
        || step.uses.is_some_and(|uses| ACTIONS.iter().any(|action| uses.text.contains(action)))
        || step.run.is_some_and(|run| by_hand(run.text))
        || examined::mentions(step, "listJobsForWorkflowRun") && examined::fails(step)
}

/// Whether another job that waits for this one, be it by a third, fails when what this one waits for has failed.
fn caught<'t>(scene: &Scene<'_, 't>, workflow: &Workflow<'t>, job: &Job<'t>, need: &str) -> bool {
    // What is skipped with it fails for nothing.
    let runs = |other: &&Job<'_>| {
        other.condition.is_some_and(|text| overrides_status(text.text) && !text.text.contains("event_name"))
    };
    let direct = |other: &Job<'_>| other.waits_for(job.id.text);
    let waits = |other: &&Job<'_>| direct(other) || (runs(other) && workflow.ancestors(other).contains(&job.id.text));
    workflow
        .jobs
        .iter()
        .filter(|other| waits(other) && runs_for_changes(workflow, other))
        .any(|other| Watcher::new(workflow, scene.world, other).sight(need) == Some(Sight::Fails))
}

/// A job that a gate asks about without needing it: what it reads is empty in every run.
///
/// Source: contexts, `needs`: it "contains information from all jobs that are defined as a direct dependency".
fn not_needed<'w, 't>(workflow: &'w Workflow<'t>, job: &Job<'_>) -> Option<&'w Job<'t>> {
    let asked = |other: &&Job<'_>| {
        let mark = format!("needs.{}.", other.id.text);
        job.steps.iter().any(|step| examined::mentions(step, &mark))
    };
    let needs = |other: &&Job<'_>| job.waits_for(other.id.text);
    workflow.jobs.iter().filter(|other| !needs(other)).find(asked)
}

fn empty(scene: &Scene<'_, '_>, job: &Job<'_>, other: &Job<'_>) -> Finding {
    let subject = format!("job `{}`", job.id.text);
    let message =
        format!("{subject} asks for `needs.{}`, a job it does not need: that is empty in every run", other.id.text);
    let mut finding = scene.finding(&DETECTOR, scene.place(job.id.at), subject, message);
    let purpose = Purpose { role: Role::Verify, evidence: "it stands for others".to_owned() };
    let places = vec![job.id.at.line];
    let topic = Topic::Gate;
    let case = Case { detector: DETECTOR.name, topic, purpose: &purpose, places, job: None, settled: &|| None };
    finding.verdict = verdict(scene, case);
    finding.severity = severity(scene, Level::Job, Role::Verify, &finding.verdict).max(crate::rule::Severity::Medium);
    finding.purpose = purpose;
    let what = other.id.text.to_owned();
    finding.chain = vec![Link { kind: LinkKind::BlindGate, place: scene.place(other.id.at), what }];
    finding
}

/// A job whose failure skips one that checks and that the gate needs, which lets that pass; and the one that is skipped.
fn hole<'w, 't>(
    scene: &Scene<'w, 't>,
    workflow: &'w Workflow<'t>,
    (job, watcher): (&'w Job<'t>, &Watcher<'w, 't>),
    twin: Option<&'w Job<'t>>,
) -> Option<(Text<'t>, &'t str)> {
    // What a gate asks for alone is what it stands for.
    let alone = job.needs.len() == 1 && reads(workflow.tree, job.at.node).iter().any(Read::sees_a_result);
    // So it does where another gate fails in its place.
    let stands = |other: &Job<'_>| other.id.text != job.id.text && is_gate(workflow, other, true);
    let sees = |other: &'w Job<'t>, fails: &Job<'_>| {
        Watcher::new(workflow, scene.world, other).sight(fails.id.text) == Some(Sight::Fails)
    };
    let other_fails = |fails: &Job<'_>| {
        twin.is_some_and(|twin| sees(twin, fails))
            || workflow.jobs.iter().any(|other| {
                other.id.text != fails.id.text
                    && stands(other)
                    && runs_for_changes(workflow, other)
                    && sees(other, fails)
            })
    };
    let counts =
        |fails: &Job<'t>, lost: &Job<'t>| (alone || scene.own_job_purpose(lost).role.matters()) && !other_fails(fails);
    let (fails, lost) = watcher.lost(&counts)?;
    Some((fails.id, lost.id.text))
}

fn one<'w, 't>(scene: &Scene<'w, 't>, workflow: &'w Workflow<'t>, job: &'w Job<'t>) -> Option<Finding> {
    if let Some(Runs::Never(_)) = scene.signals.job_runs(job.id.text) {
        return None;
    }
    // A job that posts the result of another as a status lets the status speak.
    let always_well = ["state=success", "'success'", "\"success\"", "state: success", "state: 'success'"];
    let constant = |step: &Step<'_>| always_well.iter().any(|words| examined::mentions(step, words));
    let tells = |step: &Step<'_>| role::of_step_words(step).is_some_and(|purpose| purpose.role == Role::Notify);
    let posts = job.steps.iter().any(|step| reported::sets_status(step) && !constant(step) && !tells(step));
    let posted = |need: &Text<'_>| {
        posts && reads(workflow.tree, job.at.node).iter().any(|read| read.sees("needs", need.text, "result"))
    };
    let always = job.condition.is_some_and(|text| overrides_status(text.text));
    let watcher = Watcher::new(workflow, scene.world, job);
    let mut passes = Vec::new();
    let (mut skipped, mut deciding) = (false, false);
    let never = |need: &&Text<'_>| matches!(scene.signals.job_runs(need.text), Some(Runs::Never(_)));
    for need in job.needs.iter().filter(|need| !never(need)) {
        match watcher.sight(need.text) {
            Some(Sight::Blind) if skipped_with(workflow, job, need.text) => {
                deciding = true;
                passes.push(*need);
            }
            Some(Sight::Blind | Sight::Depends) if leaves_early(workflow, job, need.text) => {
                deciding = true;
                passes.push(*need);
            }
            // What runs for a value of another job stands for the runs that have it.
            Some(Sight::Blind) if reads_outputs(job, need.text) || asks_for_output(job, need.text) => {}
            Some(Sight::Skipped) if posted(need) && always => {}
            Some(Sight::Skipped) => {
                skipped = true;
                deciding |= skipped_with(workflow, job, need.text);
                passes.push(*need);
            }
            Some(Sight::Blind) if posted(need) => {}
            Some(Sight::Blind) => passes.push(*need),
            _ => {}
        }
    }
    if job.steps.iter().any(asks_github) {
        return None;
    }
    if let Some(other) = not_needed(workflow, job) {
        return Some(empty(scene, job, other));
    }
    // What only prepares or filters may fail unseen: then nothing that checks has run, and the gate sees that.
    let checks = |need: &&Text<'_>| {
        let matters = |job: &Job<'t>| scene.own_job_purpose(job).role.matters() || is_gate(workflow, job, true);
        workflow.job(need.text).is_some_and(matters)
    };
    // A script that is checked out may ask for results in ways of its own.
    if !skipped && job.steps.iter().any(checks_out) && !reads_alone(job) {
        return None;
    }
    if skipped && !deciding && passes.iter().all(|need| caught(scene, workflow, job, need.text)) {
        return None;
    }
    let subject = format!("job `{}`", job.id.text);
    let twin = twin(workflow, job);
    let seen = deciding || passes.iter().any(|need| checks(&need));
    let fails_softly = |need: &Text<'_>| {
        workflow.job(need.text).is_some_and(|watched| Soft::of(watched.continue_on_error, Some(watched)) == Soft::Yes)
    };
    let all_soft = passes.iter().filter(checks).all(fails_softly);
    // Where another job fails in its place, neither does for what is skipped.
    let hole = if seen && !all_soft && twin.is_none() { None } else { hole(scene, workflow, (job, &watcher), twin) };
    let (first, message) = match hole {
        Some((fails, lost)) => (
            fails,
            format!("{subject} passes when `{}` fails: `{lost}` is skipped then, which it lets pass", fails.text),
        ),
        None if !seen => return None,
        None => {
            let names = passes.iter().map(|need| format!("`{}`", need.text)).collect::<Vec<_>>().join(", ");
            let message = match skipped {
                true => format!("{subject} is skipped when {names} fails, and a skipped check passes"),
                false => format!("{subject} passes when {names} fails: it does not look at the result"),
            };
            (*passes.first()?, message)
        }
    };
    let mut finding = scene.finding(&DETECTOR, scene.place(job.id.at), subject, message);
    let purpose = Purpose { role: Role::Verify, evidence: "its name says that it stands for others".to_owned() };
    let soft = fails_softly(&first) && all_soft;
    let case = Case {
        detector: DETECTOR.name,
        topic: Topic::Gate,
        purpose: &purpose,
        places: vec![job.id.at.line],
        job: None,
        settled: &|| match soft {
            true => Some((Reason::Expected, "the job it needs fails softly".to_owned())),
            false => twin
                .filter(|_| hole.is_none())
                .map(|twin| (Reason::Examined, format!("job `{}` of the same name fails in its place", twin.id.text))),
        },
    };
    finding.verdict = verdict(scene, case);
    finding.severity = match severity(scene, Level::Job, Role::Verify, &finding.verdict) {
        crate::rule::Severity::High => crate::rule::Severity::Medium,
        other => other,
    };
    finding.purpose = purpose;
    finding.chain = vec![Link { kind: LinkKind::BlindGate, place: scene.place(first.at), what: first.text.to_owned() }];
    Some(finding)
}
