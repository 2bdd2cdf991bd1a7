//! What expressions see during a played run.

use github_actions_expressions::call::Function;

use super::{Status, StepRun};
use crate::workflow::condition::Truth;
use crate::workflow::occasion::Occasion;
use crate::workflow::play::{HOLE, Sets};
use crate::workflow::reader::Text;
use crate::workflow::value::{Scope, Value};
use crate::workflow::view::Leg;

/// A job's condition: the jobs it needs.
pub(super) struct InJob<'a> {
    /// The direct ones by id.
    pub needs: Vec<(&'a str, Status)>,
    /// The results of all, direct or not.
    pub ancestors: Vec<Status>,
    /// Whether a job that failed has set no output.
    pub failed_are_silent: bool,
    /// How the run started, if that is known.
    pub occasion: Option<&'a Occasion<'a>>,
}

impl Scope for InJob<'_> {
    fn context(&self, path: &[&str]) -> Value {
        let is = |part: &str, word: &str| part.eq_ignore_ascii_case(word);
        match path {
            [head, "*", property] if is(head, "needs") && is(property, "result") => {
                Value::List(self.needs.iter().map(|(_, status)| value(*status)).collect())
            }
            [head, member, property] if is(head, "needs") && is(property, "result") => {
                let found = self.needs.iter().find(|(name, _)| is(name, member));
                found.map_or(Value::Null, |(_, status)| value(*status))
            }
            // A job that did not run has set none.
            [head, member, property, _] if is(head, "needs") && is(property, "outputs") => {
                let found = self.needs.iter().find(|(name, _)| is(name, member));
                match found.map(|(_, status)| *status) {
                    None | Some(Status::Skipped) => Value::Null,
                    Some(Status::Failure) if self.failed_are_silent => Value::Null,
                    Some(_) => Value::Unknown,
                }
            }
            _ => self.occasion.map_or(Value::Unknown, |occasion| occasion.context(path)),
        }
    }

    fn status(&self, function: Function) -> Truth {
        let all = |status| self.ancestors.iter().map(|own| own.is(status)).fold(Truth::True, |all, one| all & one);
        let any = |status| self.ancestors.iter().map(|own| own.is(status)).fold(Truth::False, |any, one| any | one);
        match function {
            Function::Success => all(Status::Success),
            Function::Failure => any(Status::Failure),
            _ => Truth::False,
        }
    }
}

/// A step that is over.
pub(super) struct Done<'t> {
    /// What it is read by; one without an id cannot be read.
    pub id: Option<&'t str>,
    /// What became of it.
    pub run: StepRun,
    /// What it set.
    pub sets: Sets,
}

/// A step's condition and settings: the steps before it, the matrix, the needs.
pub(super) struct InStep<'a, 't> {
    pub job: &'a InJob<'a>,
    pub leg: Option<&'a Leg<'t>>,
    /// The steps so far.
    pub steps: &'a [Done<'t>],
    /// Whether the job has failed so far.
    pub failed: Truth,
    /// The environment of the step itself, which hides what others have set.
    pub own: &'a [(Text<'t>, Text<'t>)],
}

impl<'t> InStep<'_, 't> {
    fn step(&self, member: &str) -> Option<&Done<'t>> {
        self.steps.iter().find(|step| step.id.is_some_and(|id| id.eq_ignore_ascii_case(member)))
    }

    /// The variables that the steps so far have set.
    pub fn env(&self) -> Vec<(&str, &str)> {
        Sets::variables(self.steps.iter().map(|step| &step.sets))
    }
}

impl Scope for InStep<'_, '_> {
    fn context(&self, path: &[&str]) -> Value {
        let is = |part: &str, word: &str| part.eq_ignore_ascii_case(word);
        match path {
            [head, rest @ ..] if is(head, "matrix") => self.leg.map_or(Value::Null, |leg| leg.value(rest)),
            // Of a step that has not run, or is not there, nothing is known to the runner.
            [head, member, "outputs", name] if is(head, "steps") && *member != "*" => {
                self.step(member).map_or(Value::Null, |step| step.sets.output(name))
            }
            [head, name] if is(head, "env") && self.own.iter().any(|(own, _)| own.text == *name) => Value::Unknown,
            [head, name] if is(head, "env") => {
                let set = self.env().into_iter().rev().find(|(own, _)| own == name).map(|(_, value)| value);
                set.filter(|value| !value.contains(HOLE)).map_or(Value::Unknown, |value| Value::Text(value.to_owned()))
            }
            [head, "*", property] if is(head, "steps") && is(property, "outcome") => {
                let read = self.steps.iter().filter(|step| step.id.is_some());
                Value::List(read.map(|step| value(step.run.outcome)).collect())
            }
            [head, "*", property] if is(head, "steps") && is(property, "conclusion") => {
                let read = self.steps.iter().filter(|step| step.id.is_some());
                Value::List(read.map(|step| value(step.run.conclusion)).collect())
            }
            [head, "*", ..] if is(head, "steps") => Value::Unknown,
            [head, member, property] if is(head, "steps") => {
                match (self.step(member), property.to_ascii_lowercase().as_str()) {
                    (Some(step), "outcome") => value(step.run.outcome),
                    (Some(step), "conclusion") => value(step.run.conclusion),
                    (None, _) => Value::Null,
                    _ => Value::Unknown,
                }
            }
            [head, property] if is(head, "job") && is(property, "status") => value(Status::of(self.failed)),
            _ => self.job.context(path),
        }
    }

    fn status(&self, function: Function) -> Truth {
        match function {
            Function::Success => !self.failed,
            Function::Failure => self.failed,
            _ => Truth::False,
        }
    }
}

fn value(status: Status) -> Value {
    status.word().map_or(Value::Unknown, |word| Value::Text(word.to_owned()))
}
