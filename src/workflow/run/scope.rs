//! What expressions see during a played run.

use github_actions_expressions::call::Function;

use super::{Status, StepRun};
use crate::workflow::condition::Truth;
use crate::workflow::occasion::Occasion;
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

/// A step's condition and settings: the steps before it, the matrix, the needs.
pub(super) struct InStep<'a, 't> {
    pub job: &'a InJob<'a>,
    pub leg: Option<&'a Leg<'t>>,
    /// The steps so far, by id; one without an id cannot be read.
    pub steps: &'a [(Option<&'t str>, StepRun)],
    /// Whether the job has failed so far.
    pub failed: Truth,
}

impl Scope for InStep<'_, '_> {
    fn context(&self, path: &[&str]) -> Value {
        let is = |part: &str, word: &str| part.eq_ignore_ascii_case(word);
        match path {
            [head, rest @ ..] if is(head, "matrix") => self.leg.map_or(Value::Null, |leg| leg.value(rest)),
            // Of a step that has not run, or is not there, nothing is known to the runner.
            [head, member, "outputs", _] if is(head, "steps") && *member != "*" => {
                let known = self.steps.iter().any(|(id, _)| id.is_some_and(|id| is(id, member)));
                if known { Value::Unknown } else { Value::Null }
            }
            [head, member, property] if is(head, "steps") => {
                let found = self.steps.iter().find(|(id, _)| id.is_some_and(|id| is(id, member)));
                match (found, property.to_ascii_lowercase().as_str()) {
                    (Some((_, run)), "outcome") => value(run.outcome),
                    (Some((_, run)), "conclusion") => value(run.conclusion),
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
