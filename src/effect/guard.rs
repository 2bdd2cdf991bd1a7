//! Which conditions a run decides by more than whether things went well.

use github_actions_expressions::call::Function;

use super::subject::List;
use super::way::Guard;
use crate::workflow::condition::{self, Truth};
use crate::workflow::reader::Text;
use crate::workflow::value::{Scope, Value};
use crate::workflow::view::{Job, Step, Workflow};
use crate::yaml::Place;

/// The conditions of a step and of its job that a run decides, nearest first.
pub(super) fn of(workflow: &Workflow<'_>, job: &Job<'_>, step: Option<(usize, &Step<'_>)>) -> Vec<Guard> {
    of_step(workflow, job, step).into_iter().chain(of_job(workflow, job)).collect()
}

/// The condition of a job, if a run decides it.
pub(super) fn of_job(workflow: &Workflow<'_>, job: &Job<'_>) -> Option<Guard> {
    at(workflow, job.condition, || format!("job `{}`", job.id.text))
}

/// The condition of a step, if a run decides it.
pub(super) fn of_step(workflow: &Workflow<'_>, job: &Job<'_>, step: Option<(usize, &Step<'_>)>) -> Option<Guard> {
    let (index, step) = step?;
    at(workflow, step.condition, || format!("{} of job `{}`", step.called(index), job.id.text))
}

fn at(workflow: &Workflow<'_>, text: Option<Text<'_>>, of: impl Fn() -> String) -> Option<Guard> {
    let text = text.filter(|text| is_open(text.text))?;
    Some(Guard { place: workflow.place(text.at), of: of(), condition: bare(text.text) })
}

/// The condition of an action's step, if a run decides it.
pub(super) fn of_action(list: &List<'_, '_>, index: usize) -> Vec<Guard> {
    let open = list.steps[index].condition.filter(|text| is_open(text.text));
    let guard = open.map(|text| Guard {
        place: Place { file: list.file.to_owned(), line: text.at.line, column: text.at.column },
        of: list.subject(index).to_string(),
        condition: bare(text.text),
    });
    guard.into_iter().collect()
}

/// A condition without the `${{ }}` around it.
fn bare(condition: &str) -> String {
    let condition = condition.trim();
    condition[condition::expression_range(condition, condition::form(condition))].to_owned()
}

/// Whether a run decides a condition although all went well.
pub(super) fn is_open(condition: &str) -> bool {
    condition::judge(condition, &AllWell) == Truth::Unknown
}

/// All that ran succeeded.
struct AllWell;

impl Scope for AllWell {
    fn context(&self, path: &[&str]) -> Value {
        let is = |part: &str, words: &[&str]| words.iter().any(|word| part.eq_ignore_ascii_case(word));
        match path {
            [head, member, property] if is(head, &["needs", "steps"]) && *member != "*" => {
                match is(property, &["result", "outcome", "conclusion"]) {
                    true => Value::Text("success".to_owned()),
                    false => Value::Unknown,
                }
            }
            [head, property] if is(head, &["job"]) && is(property, &["status"]) => Value::Text("success".to_owned()),
            _ => Value::Unknown,
        }
    }

    fn status(&self, function: Function) -> Truth {
        Truth::from(function == Function::Success)
    }
}
