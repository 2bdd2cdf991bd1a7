//! A step that soft-fails and another that looks at its outcome and fails in its place.

use github_actions_expressions::call::Function;

use super::{Signal, behind};
use crate::workflow::condition::Truth;
use crate::workflow::play::Played;
use crate::workflow::reads::Read;
use crate::workflow::value::{Scope, Value};
use crate::workflow::view::{Defaults, Job, Step};
use crate::workflow::world::World;
use crate::yaml::{Place, Tree};

/// A list of steps, and what it stands in.
#[derive(Clone, Copy)]
pub(super) struct Steps<'w, 't> {
    /// The path of the file.
    pub file: &'t str,
    /// Its tree.
    pub tree: &'t Tree<'t>,
    /// The reads of results in the job, or in the action's whole file.
    pub reads: &'w [Read],
    /// The job; `None` in a composite action.
    pub job: Option<&'w Job<'t>>,
    /// The steps.
    pub steps: &'w [Step<'t>],
    /// The workflow's defaults.
    pub defaults: Defaults<'t>,
    /// Its scripts that were played already.
    pub played: &'w Played,
}

/// What becomes of a soft-failed step's failure if the rest of its list reads its outcome; `None` if nothing does.
///
/// Source: contexts reference, `steps.<step_id>.outcome` ("the result of a completed step before `continue-on-error`
/// is applied") and `steps.<step_id>.conclusion` (after it).
pub(super) fn of(list: &Steps<'_, '_>, index: usize, world: &World<'_>, outer: &dyn Fn() -> Signal) -> Option<Signal> {
    let id = list.steps[index].id?.text;
    let own = list.steps[index].at.node;
    let own = own..list.tree.nodes.get(own)?.end;
    let sees = |read: &&Read| read.sees("steps", id, "outcome") && !own.contains(&read.at.node);
    let seen: Vec<&Read> = list.reads.iter().filter(sees).collect();
    if seen.is_empty() {
        return None;
    }
    // Only what asks about this step is worth a look: a list may be long.
    let asks =
        |step: &&Step<'_>| step.condition.is_some_and(|text| seen.iter().any(|read| read.at.node == text.at.node));
    let asking: Vec<&Step<'_>> = list.steps[index + 1..].iter().filter(asks).collect();
    let skipped: Vec<usize> = asking.iter().filter_map(|step| skipped_by(step, id)).collect();
    let first = seen.into_iter().find(|read| !skipped.contains(&read.at.node))?;
    if behind::fail(list, index, world) {
        return Some(outer());
    }
    let place = Place { file: list.file.to_owned(), line: first.at.line, column: first.at.column };
    Some(outer().if_it_gets_there(Signal::Depends { place, on: first.expression.clone(), chain: Vec::new() }))
}

/// The node of a step's condition, if the step does not run when that outcome is a failure: it looks, and does nothing.
fn skipped_by(step: &Step<'_>, id: &str) -> Option<usize> {
    let condition = step.condition?;
    (step.asks.judge(&SoftFailed(id)) == Truth::False).then_some(condition.at.node)
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
