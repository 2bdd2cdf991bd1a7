//! What a gate is: a job that stands for others and does no work of its own, by its name or by what it does.

use super::role::{self, Role};
use super::{examined, reported};
use crate::workflow::condition::overrides_status;
use crate::workflow::occasion::Occasion;
use crate::workflow::reader::Text;
use crate::workflow::reads::{Read, reads};
use crate::workflow::script::only_prints_or_fails;
use crate::workflow::view::{Job, Step, Workflow};

/// A gate needs others and does no work of its own; it goes by such a name, or only says that all went well and nothing
/// waits for it.
pub(super) fn is_gate(workflow: &Workflow<'_>, job: &Job<'_>, changes_wait: bool) -> bool {
    // Few jobs get past this, and it is quick to tell.
    // What has an environment publishes there.
    if job.needs.is_empty() || job.uses.is_some() || job.environment.is_some() || own_steps(job) > 6 {
        return false;
    }
    // What stands for so many may check out a script that knows them.
    let many = job.needs.len() > 4 && role::is_gate_name(job.id.text);
    let gate_name = role::is_gate_name(job.id.text) || job.name.is_some_and(|name| role::is_gate_name(name.text));
    let clears = |step: &Step<'_>| {
        let uses = |action: &str| step.uses.is_some_and(|uses| uses.text.contains(action));
        // Results can come as files.
        uses("delete-artifact")
            || (gate_name && uses("actions/download-artifact") && job.steps.iter().any(examined::fails))
    };
    // Files that are there play no part where every script reads results itself, and calls none of them.
    let by_itself = reads_alone(job);
    // What does nothing but fail for results of others may hand files on besides, for a comment.
    let judges = job.steps.iter().any(|step| {
        let asks = step.condition.is_some_and(|text| text.text.contains("needs."));
        asks && examined::fails(step) && step.run.is_some_and(|run| only_prints_or_fails(run.text))
    });
    // So may it tell people of them.
    let decides = job.steps.iter().any(|step| {
        let reads = examined::mentions(step, "needs.") && examined::mentions(step, ".result");
        reads && step.run.is_some_and(|run| examined::can_end(run.text))
    });
    let hands_on = |step: &Step<'_>| judges && role::of_action(step) == Some(Role::Artifact);
    let busy = |step: &Step<'_>| {
        if role::notifies(step) {
            return !decides;
        }
        let allowed = ((many || by_itself) && checks_out(step)) || clears(step) || hands_on(step);
        works(step) && !allowed
    };
    if job.steps.iter().any(busy) {
        return false;
    }
    // `finalize` that runs a program and asks for no result does what it is called for.
    let idle = || own_steps(job) == 0 || job.steps.iter().all(|step| step.run.is_none());
    let looks = || reads(workflow.tree, job.at.node).iter().any(Read::sees_a_result);
    let is_name = |name: &str| role::is_gate_name(name) && (!role::is_end_name(name) || idle() || looks());
    let named = || is_name(job.id.text) || job.name.is_some_and(|name| is_name(name.text));
    let needed = || workflow.jobs.iter().any(|other| other.waits_for(job.id.text));
    // What asks for the results of what it needs and can fail for them stands for those.
    let asks = || {
        // A condition that asks for a success is how a job waits for another.
        let own = job.condition.map(|text| text.at.node);
        let results =
            reads(workflow.tree, job.at.node).iter().any(|read| Some(read.at.node) != own && read.sees_a_result());
        let talks = |step: &Step<'_>| role::of_step_words(step).is_some_and(|p| p.role == Role::Notify);
        let tells = || job.steps.iter().any(|step| talks(step) && !reported::sets_status(step));
        results
            && (judges || decides || !tells())
            && job.steps.iter().any(|step| examined::fails(step) || reported::sets_status(step))
            && !needed()
    };
    // Where no change waits for it, a skip stops what follows as a failure does; what always runs lets it go on.
    let always = job.condition.is_some_and(|text| overrides_status(text.text));
    let barrier = needed() && !changes_wait && !always;
    let stands = named()
        || asks()
        || (!job.steps.is_empty()
            && job.steps.iter().any(only_says)
            && job.steps.iter().all(|step| only_says(step) || guards_runner(step))
            && job.environment.is_none()
            && (!waited_for(workflow, job) || changes_wait && job.steps.iter().any(says_all_passed)));
    // What hands values on to others that wait for it is a joint.
    let joint = !job.outputs.is_empty() && needed();
    // A job whose steps all talk to people changes a label, and stands for nothing.
    let talks = |step: &Step<'_>| role::of_step_words(step).is_some_and(|p| p.role == Role::Notify);
    let only_talks =
        || !job.steps.is_empty() && job.steps.iter().all(|step| talks(step) && !reported::sets_status(step));
    stands && !joint && !barrier && !opens_publication(job, &needed) && !clears_up(job) && !only_talks()
}

/// Whether another job waits for this one where a change is checked: what only publishes once it is merged does not.
fn waited_for(workflow: &Workflow<'_>, job: &Job<'_>) -> bool {
    let waits = |other: &&Job<'_>| other.waits_for(job.id.text);
    workflow.jobs.iter().filter(waits).any(|other| runs_for_changes(workflow, other))
}

/// Whether a job can run on a pull request, where the workflow does.
pub(super) fn runs_for_changes(workflow: &Workflow<'_>, job: &Job<'_>) -> bool {
    let mut pulls = workflow.triggers.iter().filter(|trigger| trigger.event.text == "pull_request").peekable();
    pulls.peek().is_none() || pulls.flat_map(Occasion::of).any(|pull| pull.lets(workflow, job))
}

/// What others wait for before they publish: a skip stops them as a failure does.
fn opens_publication(job: &Job<'_>, needed: &dyn Fn() -> bool) -> bool {
    let speaks = |name: &str| {
        role::name_words(name).iter().any(|word| ["publish", "release", "deploy"].contains(&word.as_str()))
    };
    (speaks(job.id.text) || job.name.is_some_and(|name| speaks(name.text))) && needed()
}

/// Whether every script of a job reads the results of needed jobs itself and runs nothing that could be checked out.
pub(super) fn reads_alone(job: &Job<'_>) -> bool {
    const RUNS: &[&str] = &["bash", "sh", "python", "python3", "node", "make", "ruby", "perl"];
    let is_file = |word: &str| word.starts_with("./") || [".sh", ".py", ".js"].iter().any(|end| word.ends_with(end));
    let calls_one = |line: &str| {
        let mut words = line.split_whitespace();
        words.next().is_some_and(|first| RUNS.contains(&first) || is_file(first)) || words.any(is_file)
    };
    let calls = |run: Text<'_>| role::commands_of(run.text).any(|line| calls_one(&line));
    let mut scripts = job.steps.iter().filter(|step| step.run.is_some()).peekable();
    scripts.peek().is_some()
        && scripts.all(|step| examined::mentions(step, "needs") && !step.run.is_some_and(calls))
        && job.steps.iter().all(|step| step.run.is_some() || checks_out(step) || sums_up(step))
}

/// Whether an action writes a summary, or moves files, by the name of its step.
fn sums_up(step: &Step<'_>) -> bool {
    let role = role::of_step_words(step).map(|purpose| purpose.role);
    step.uses.is_some() && matches!(role, Some(Role::Telemetry | Role::Notify | Role::Artifact | Role::Support))
}

/// `close-issue-on-success`, `delete-image` and `ping-success` do what they are called for; `all-clear` says that all is well.
pub(super) fn clears_up(job: &Job<'_>) -> bool {
    let all = role::name_words(job.id.text).iter().any(|word| word == "all");
    let prints = |step: &Step<'_>| step.run.is_some_and(|run| only_prints_or_fails(run.text));
    let tells = || !job.steps.iter().all(prints);
    let by_name = |named: role::Named| match named.role {
        Role::Cleanup => true,
        Role::Notify => named.leads && tells(),
        _ => false,
    };
    !all && role::of_name(job.id.text).is_some_and(by_name)
}

/// How many steps do more than fail, or say something: a gate can have one of those for each job that it needs.
fn own_steps(job: &Job<'_>) -> usize {
    let tells = |step: &&Step<'_>| step.run.is_some_and(|run| only_prints_or_fails(run.text));
    job.steps.iter().filter(|step| !tells(step)).count()
}

/// A step that does work of its own: it checks files out, or does something an action is known for.
fn works(step: &Step<'_>) -> bool {
    let known = role::of_action(step).is_some_and(|role| role != Role::Verify && role != Role::Support);
    known || checks_out(step)
}

pub(super) fn checks_out(step: &Step<'_>) -> bool {
    step.uses.is_some_and(|uses| uses.text.starts_with("actions/checkout"))
}

/// A step that only watches what the runner talks to.
fn guards_runner(step: &Step<'_>) -> bool {
    step.uses.is_some_and(|uses| uses.text.starts_with("step-security/harden-runner"))
}

/// A step that prints that all went well, and nothing more.
fn only_says(step: &Step<'_>) -> bool {
    let says = |line: &str| {
        ["echo ", "echo", "printf ", "true", ":", "exit 0"]
            .iter()
            .any(|word| line == *word || line.starts_with("echo ") || line.starts_with("printf "))
    };
    let well = ["success", "succe", "passed", "pass", "all good", "green", "complete", "done", "finished", " ok"];
    let text =
        format!("{} {}", step.name.map_or("", |name| name.text), step.run.map_or("", |run| run.text)).to_lowercase();
    let idle = |run: &str| run.lines().map(str::trim).all(|line| ["", "true", ":", "exit 0"].contains(&line));
    let good = well.iter().any(|word| text.contains(word)) || step.run.is_some_and(|run| idle(run.text));
    good && step.run.is_some_and(|run| {
        !run.text.contains("GITHUB_") && run.text.lines().map(str::trim).filter(|line| !line.is_empty()).all(says)
    })
}

/// `echo All tests passed`: what it stands for it says itself.
fn says_all_passed(step: &Step<'_>) -> bool {
    const WHAT: &[&str] = &["test", "tests", "check", "checks", "job", "jobs", "build", "builds", "suites"];
    step.run.is_some_and(|run| {
        let text = run.text.to_lowercase();
        let has = |names: &[&str]| text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| names.contains(&word));
        has(&["all"]) && has(WHAT) && has(&["passed", "succeeded", "successful"])
    })
}
