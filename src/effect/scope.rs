//! What conditions see while one failure is played.

use github_actions_expressions::Expr;
use github_actions_expressions::call::Function;

use super::play::State;
use crate::workflow::condition::{self, Truth};
use crate::workflow::expression;
use crate::workflow::run::Status;
use crate::workflow::value::{Scope, Value};

/// Whether a condition asks how things went: by a status function that can answer differently, or by a result.
pub(super) fn asks_for_results(condition: &str) -> bool {
    let form = condition::form(condition);
    let body = &condition[condition::expression_range(condition, form)];
    let Ok(expr) = expression::parse(body) else { return true };
    let results = ["needs", "steps", "job"];
    expression::any(&expr, &|e| match &e.inner {
        Expr::Call(call) => matches!(call.func, Function::Success | Function::Failure),
        Expr::Context(context) => {
            let part = |at: usize| match context.parts.get(at).map(|part| &part.inner) {
                Some(Expr::Identifier(name)) => Some(name.as_str()),
                _ => None,
            };
            let known = |name: &str| results.iter().any(|known| name.eq_ignore_ascii_case(known));
            part(0).is_some_and(known) && part(2).is_none_or(|property| !property.eq_ignore_ascii_case("outputs"))
        }
        _ => false,
    })
}

/// What a job's condition sees.
pub(super) struct Needs {
    /// The direct ones by id.
    pub direct: Vec<(String, Status)>,
    /// The results of all, direct or not.
    pub ancestors: Vec<Status>,
}

impl Scope for Needs {
    fn context(&self, path: &[&str]) -> Value {
        let is = |part: &str, word: &str| part.eq_ignore_ascii_case(word);
        match path {
            [head, "*", property] if is(head, "needs") && is(property, "result") => {
                Value::List(self.direct.iter().map(|(_, status)| word(*status)).collect())
            }
            [head, member, property] if is(head, "needs") && is(property, "result") => {
                let found = self.direct.iter().find(|(name, _)| is(name, member));
                found.map_or(Value::Null, |(_, status)| word(*status))
            }
            _ => Value::Unknown,
        }
    }

    fn status(&self, function: Function) -> Truth {
        let is = |own: Status, other: Status| match own {
            Status::Unknown => Truth::Unknown,
            known => Truth::from(known == other),
        };
        let all = self.ancestors.iter().copied();
        match function {
            Function::Success => all.fold(Truth::True, |all, one| all & is(one, Status::Success)),
            Function::Failure => all.fold(Truth::False, |any, one| any | is(one, Status::Failure)),
            _ => Truth::False,
        }
    }
}

/// A step that is played.
pub(super) struct Done<'t> {
    pub id: Option<&'t str>,
    /// Its failure as it counts for the job.
    pub state: State,
    /// Its failure before `continue-on-error`.
    pub outcome: Truth,
}

/// What a step's condition sees.
pub(super) struct InSteps<'a, 't> {
    pub needs: &'a Needs,
    pub done: &'a [Done<'t>],
    pub failed: Truth,
}

impl Scope for InSteps<'_, '_> {
    fn context(&self, path: &[&str]) -> Value {
        let is = |part: &str, word: &str| part.eq_ignore_ascii_case(word);
        match path {
            [head, member, property] if is(head, "steps") => {
                let found = self.done.iter().find(|done| done.id.is_some_and(|id| is(id, member)));
                match (found, property.to_ascii_lowercase().as_str()) {
                    (Some(done), "outcome") => word(done.state.outcome(done.outcome)),
                    (Some(done), "conclusion") => word(done.state.outcome(done.state.fails)),
                    (None, _) => Value::Null,
                    _ => Value::Unknown,
                }
            }
            [head, property] if is(head, "job") && is(property, "status") => match self.failed {
                Truth::True => word(Status::Failure),
                Truth::False => word(Status::Success),
                Truth::Unknown => Value::Unknown,
            },
            _ => self.needs.context(path),
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

fn word(status: Status) -> Value {
    status.word().map_or(Value::Unknown, |word| Value::Text(word.to_owned()))
}
