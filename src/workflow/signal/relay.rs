//! A step that soft-fails and another that looks at its outcome and fails in its place.

use github_actions_expressions::call::Function;

use super::Signal;
use crate::workflow::condition::{self, Truth};
use crate::workflow::reads::Read;
use crate::workflow::script::{Script, Shell};
use crate::workflow::value::{Scope, Value};
use crate::workflow::view::{Job, Step, Workflow};

/// What becomes of a soft-failed step's failure if the rest of its job reads its outcome; `None` if nothing does.
///
/// Source: contexts reference, `steps.<step_id>.outcome` ("the result of a completed step before `continue-on-error`
/// is applied") and `steps.<step_id>.conclusion` (after it).
pub(super) fn of(
    workflow: &Workflow<'_>,
    job: &Job<'_>,
    index: usize,
    reads: &[Read],
    outer: &dyn Fn() -> Signal,
) -> Option<Signal> {
    let id = job.steps[index].id?.text;
    let own = job.steps[index].at.node;
    let own = own..workflow.tree.nodes.get(own)?.end;
    let sees = |read: &Read| read.sees("steps", id, "outcome") && !own.contains(&read.at.node);
    let first = reads.iter().find(|read| sees(read))?;
    if job.steps[index + 1..].iter().any(|step| fails_instead(workflow, job, step, id)) {
        return Some(outer());
    }
    Some(Signal::Depends { place: workflow.place(first.at), on: first.expression.clone(), chain: Vec::new() })
}

/// Whether a step runs when that outcome is a failure, and then always fails itself.
fn fails_instead(workflow: &Workflow<'_>, job: &Job<'_>, step: &Step<'_>, id: &str) -> bool {
    let (Some(condition), Some(run)) = (step.condition, step.run) else { return false };
    if step.continue_on_error.is_some() || condition::judge(condition.text, &SoftFailed(id)) != Truth::True {
        return false;
    }
    let script = Script { file: workflow.file, run, shell: Shell::of(step, Some(job), &workflow.defaults) };
    script.always_fails()
}

/// All went well but this step, which failed softly.
struct SoftFailed<'a>(&'a str);

impl Scope for SoftFailed<'_> {
    fn context(&self, path: &[&str]) -> Value {
        match path {
            [head, member, property] if head.eq_ignore_ascii_case("steps") && member.eq_ignore_ascii_case(self.0) => {
                match property.to_ascii_lowercase().as_str() {
                    "outcome" => Value::Text("failure".to_owned()),
                    "conclusion" => Value::Text("success".to_owned()),
                    _ => Value::Unknown,
                }
            }
            _ => Value::Unknown,
        }
    }

    fn status(&self, function: Function) -> Truth {
        Truth::from(function == Function::Success)
    }
}
