//! Which values a context can have at all where a condition stands: what its type and its place leave, whatever the run.
//!
//! Sources: <https://docs.github.com/en/actions/reference/workflows-and-actions/contexts> for the words that a result, a
//! runner or a ref is one of; <https://docs.github.com/en/webhooks/webhook-events-and-payloads> for the booleans of an
//! event. A context that is not listed here can have any value.

use github_actions_expressions::call::Function;

use super::soft::InLeg;
use crate::workflow::condition::{Own, Truth};
use crate::workflow::reader::Text;
use crate::workflow::value::{Scope, Value};
use crate::workflow::view::{Job, Leg, Step, Trigger, Workflow};

/// What is known of the results that a condition reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Results {
    /// Nothing: whether they can come about is another question, which a change of a `continue-on-error` answers anew.
    Open,
    /// That they are words for results.
    Words,
    /// That all before has succeeded, as the implicit `success()` makes it.
    AfterSuccess,
}

impl Results {
    /// What a condition can count on by itself.
    pub fn known_to(asks: &Own<'_>) -> Results {
        if asks.asks_status() { Results::Words } else { Results::AfterSuccess }
    }
}

/// Where a condition stands.
#[derive(Clone, Copy)]
pub struct Site<'a, 't> {
    /// Its workflow.
    pub workflow: &'a Workflow<'t>,
    /// Its job.
    pub job: &'a Job<'t>,
    /// The index of the step it belongs to; `None` for the job's own.
    pub step: Option<usize>,
}

impl<'a, 't> Site<'a, 't> {
    /// The condition as it is written.
    pub fn condition(self) -> Option<Text<'t>> {
        self.step.map_or(self.job.condition, |step| self.job.steps[step].condition)
    }

    /// The condition, parsed.
    pub fn asks(self) -> &'a Own<'t> {
        self.step.map_or(&self.job.asks, |step| &self.job.steps[step].asks)
    }

    /// Whether the `needs` context has this member: in a step's condition what the job needs itself, in its own condition also
    /// what those need. `*` stands for all.
    ///
    /// Source: contexts, `needs`: "contains outputs from all jobs that are defined as a direct dependency of the current
    /// job"; in the condition of a job its ancestors are there too, see <https://github.com/actions/runner/issues/2356>. A
    /// property that is not there evaluates to an empty string.
    pub fn sees_need(self, member: &str) -> bool {
        let direct = |name: &str| name == "*" || self.job.waits_for(name);
        let ancestor = || self.workflow.ancestors(self.job).iter().any(|id| id.eq_ignore_ascii_case(member));
        direct(member) || (self.step.is_none() && ancestor())
    }

    /// The step that the `steps` context has under this name.
    ///
    /// Source: contexts, `steps`: it holds "the steps in the current job that have an `id` specified and have already run".
    pub fn sees_step(self, member: &str) -> Option<&'a Step<'t>> {
        let at = self.job.step(member).filter(|at| self.step.is_some_and(|own| *at < own))?;
        Some(&self.job.steps[at])
    }

    /// The values that a context can have here.
    fn values(self, path: &[&str], results: Results) -> Value {
        let succeeded = results == Results::AfterSuccess && self.step.is_none();
        match path {
            ["needs", member, ..] if !self.sees_need(member) => Value::Null,
            ["steps", member, ..] if *member != "*" && self.step.is_some() && self.sees_step(member).is_none() => {
                Value::Null
            }
            ["needs", member, "outputs", output] if self.lacks_output(member, output) => Value::Null,
            // An output is a text, and a text has no properties.
            ["needs" | "steps", _, "outputs", _, rest @ ..] if !rest.is_empty() && rest.contains(&"*") => {
                Value::List(Vec::new())
            }
            ["needs" | "steps", _, "outputs", _, _, ..] => Value::Null,
            ["env", name] if self.step.is_some() && self.lacks_variable(name) => Value::Null,
            ["needs" | "steps" | "job", ..] if results == Results::Open => Value::Unknown,
            ["needs", "*", "result"] if succeeded => {
                Value::List(vec![text("success"); self.workflow.ancestors(self.job).len()])
            }
            ["needs", _, "result"] if succeeded => text("success"),
            ["needs", member, "result"] if *member != "*" => one_of(RESULTS),
            ["steps", member, property] => {
                self.sees_step(member).map_or(Value::Unknown, |step| result_of(step, property, results))
            }
            ["inputs", name] => self.input(name),
            ["github", "ref"] if self.has_whole_refs() => Value::Begins("refs/"),
            ["github", "event", "inputs", name] if !self.workflow.on("workflow_call") => self.sent(name),
            _ => anywhere(path),
        }
    }

    /// Whether a job with steps of its own declares no such output.
    ///
    /// Source: contexts, `needs.<job_id>.outputs.<output name>`; what a called workflow hands out it declares itself.
    pub fn lacks_output(self, member: &str, output: &str) -> bool {
        let own = |job: &&Job<'_>| job.uses.is_none() && !job.steps.is_empty();
        let has = |job: &Job<'_>| job.outputs.iter().any(|(name, _)| name.text.eq_ignore_ascii_case(output));
        output != "*" && self.workflow.job(member).filter(own).is_some_and(|job| !has(job))
    }

    /// Whether `github.ref` begins with `refs/` however the workflow starts; a called one has the ref of its caller's event.
    ///
    /// Sources: contexts, `github.ref`: "the fully-formed ref of the branch or tag"; actions/checkout, `src/input-helper.ts`: once a
    /// pull request is merged it is the plain name of the branch.
    fn has_whole_refs(self) -> bool {
        let closes = |trigger: &Trigger<'_>| {
            let types = trigger.filters.iter().filter(|(key, _)| key.text == "types").flat_map(|(_, types)| types);
            trigger.event.text.starts_with("pull_request") && types.into_iter().any(|own| own.text == "closed")
        };
        !self.workflow.on("workflow_call") && !self.workflow.triggers.iter().any(closes)
    }

    /// Whether a variable is one of the runner's own that nothing in the workflow sets.
    ///
    /// Source: contexts, `env`: it "does not contain variables inherited by the runner process"; variables, default
    /// environment variables: `GITHUB_*` and `RUNNER_*` cannot be overwritten.
    fn lacks_variable(self, name: &str) -> bool {
        const OWN: &[&str] = &[
            "GITHUB_ACTOR",
            "GITHUB_BASE_REF",
            "GITHUB_EVENT_NAME",
            "GITHUB_HEAD_REF",
            "GITHUB_REF",
            "GITHUB_REF_TYPE",
            "GITHUB_REPOSITORY",
            "GITHUB_REPOSITORY_OWNER",
            "GITHUB_SHA",
            "RUNNER_ARCH",
            "RUNNER_ENVIRONMENT",
            "RUNNER_NAME",
            "RUNNER_OS",
        ];
        let step = self.step.map(|step| &self.job.steps[step].env[..]).unwrap_or_default();
        let set = [&self.workflow.env[..], &self.job.env[..], step];
        let written =
            |step: &Step<'_>| step.run.is_some_and(|run| run.text.contains("GITHUB_ENV") && run.text.contains(name));
        OWN.contains(&name)
            && !self.job.steps.iter().any(written)
            && !set.iter().any(|env| env.iter().any(|(key, _)| key.text == name))
    }

    /// A boolean input: a boolean, or nothing where another event started the run. One that is not declared is nothing.
    ///
    /// Source: contexts, `inputs`: "the `inputs` context preserves Boolean values as Booleans instead of converting them to
    /// strings", and "contains input properties passed to an action, to a reusable workflow, or to a manually triggered
    /// workflow"; a caller that passes another is refused.
    fn input(self, name: &str) -> Value {
        let types = ["workflow_dispatch", "workflow_call"].map(|event| self.type_of(event, name));
        if self.lacks_input(name) {
            return Value::Null;
        }
        match types.iter().flatten().all(|own| *own == "boolean") && types.iter().any(Option::is_some) {
            true => boolean(),
            false => Value::Unknown,
        }
    }

    /// A boolean input in the event: its text, or nothing.
    fn sent(self, name: &str) -> Value {
        match self.type_of("workflow_dispatch", name) {
            Some("boolean") if self.is_dispatched() => one_of(&["true", "false"]),
            Some("boolean") => Value::OneOf(vec![text("true"), text("false"), Value::Null]),
            _ if self.lacks_input(name) => Value::Null,
            _ => Value::Unknown,
        }
    }

    /// Whether no event of the workflow brings such an input.
    pub fn lacks_input(self, name: &str) -> bool {
        name != "*" && ["workflow_dispatch", "workflow_call"].iter().all(|event| self.type_of(event, name).is_none())
    }

    /// Whether somebody starts each run by hand, so that its inputs are there.
    pub(super) fn is_dispatched(self) -> bool {
        self.workflow.triggers.iter().all(|trigger| trigger.event.text == "workflow_dispatch")
    }

    /// The type of an input; a string unless it says another.
    pub(super) fn type_of(self, event: &str, name: &str) -> Option<&'a str> {
        let tree = self.workflow.tree;
        let inputs = tree.get(tree.get(tree.get(0, "on")?, event)?, "inputs")?;
        let is_it = |key: usize| tree.text(key).is_some_and(|own| own.eq_ignore_ascii_case(name));
        let (_, input) = tree.pairs(inputs).iter().find(|(key, _)| is_it(*key))?;
        Some(tree.get(*input, "type").and_then(|id| tree.text(id)).unwrap_or("string"))
    }
}

/// The words for what a step or a job came to.
const RESULTS: &[&str] = &["success", "failure", "cancelled", "skipped"];

/// The outcome, before `continue-on-error`, or the conclusion, after it, of a step that has run or was skipped.
fn result_of(step: &Step<'_>, property: &str, results: Results) -> Value {
    let soft = step.continue_on_error.map(|text| text.text.trim());
    let is_strict = matches!(soft, None | Some("false"));
    let succeeded = results == Results::AfterSuccess;
    match property {
        _ if step.is_concurrent() => Value::Unknown,
        "outcome" if succeeded && is_strict => one_of(&["success", "skipped"]),
        "conclusion" if succeeded => one_of(&["success", "skipped"]),
        "conclusion" if soft == Some("true") => one_of(&["success", "cancelled", "skipped"]),
        "outcome" | "conclusion" => one_of(RESULTS),
        _ => Value::Unknown,
    }
}

/// The values of a context whose type does not depend on where it is read.
fn anywhere(path: &[&str]) -> Value {
    match path {
        ["runner", "os"] => one_of(&["Linux", "Windows", "macOS"]),
        ["runner", "arch"] => one_of(&["X86", "X64", "ARM", "ARM64"]),
        // A called workflow has the event of its caller.
        ["github", "event_name"] => Value::Except("workflow_call"),
        ["job", "status"] => one_of(&["success", "failure", "cancelled"]),
        ["github", "event", "pull_request", "draft" | "merged" | "locked"]
        | ["github", "event", "pull_request", "head" | "base", "repo", "fork" | "private" | "archived"]
        | ["github", "event", "repository", "fork" | "private" | "archived"]
        | ["github", "event", "release", "draft" | "prerelease"] => boolean(),
        _ => Value::Unknown,
    }
}

fn text(word: &str) -> Value {
    Value::Text(word.to_owned())
}

fn one_of(words: &[&str]) -> Value {
    Value::OneOf(words.iter().map(|word| text(word)).collect())
}

/// A boolean, or nothing.
fn boolean() -> Value {
    Value::OneOf(vec![Value::Bool(true), Value::Bool(false), Value::Null])
}

/// What is known at a site in a run for one event and in one leg of the matrix, or in any.
pub struct InRun<'a, 't> {
    /// The leg.
    pub leg: Option<&'a Leg<'t>>,
    /// The event's name.
    pub event: Option<&'a str>,
    /// Where the condition stands; `None` in an action.
    pub site: Option<Site<'a, 't>>,
    /// What is known of results.
    pub results: Results,
}

impl Scope for InRun<'_, '_> {
    fn context(&self, path: &[&str]) -> Value {
        match (path, self.event) {
            (["github", "event_name"], Some(event)) => text(event),
            (["matrix", ..], _) => InLeg(self.leg).context(path),
            _ => match self.site {
                Some(site) => site.values(path, self.results),
                None => anywhere(path),
            },
        }
    }

    fn status(&self, _: Function) -> Truth {
        Truth::Unknown
    }
}
