//! Texts of booleans: contexts that are `true` or `false` as a text, so that either is true where nothing compares it.
//!
//! Sources: contexts, `needs` and `steps`: outputs are strings; expressions, "Literals": a string that is not empty is true.

use github_actions_expressions::Expr;
use github_actions_expressions::call::Function;
use github_actions_expressions::op::{BinOp, UnOp};

use super::domain::{Results, Site};
use super::soft::Soft;
use crate::workflow::condition::{self, Form};
use crate::workflow::expression;
use crate::workflow::value;
use crate::workflow::view::{Job, Step};

/// A context that is the text of a boolean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag {
    /// Whether it is there in every run in which the condition is asked; else it may be empty.
    pub is_set: bool,
}

/// Whether a context is the text of a boolean where a condition stands: an output that is declared as a comparison or handed on
/// from a path filter, or a boolean input in the event.
pub fn flag(site: Site<'_, '_>, path: &[&str]) -> Option<Flag> {
    let workflow = site.workflow;
    let succeeded = Results::known_to(site.asks()) == Results::AfterSuccess;
    match path {
        ["github", "event", "inputs", name] if !workflow.on("workflow_call") => {
            let is_set = site.is_dispatched();
            (site.type_of("workflow_dispatch", name) == Some("boolean")).then_some(Flag { is_set })
        }
        ["needs", member, "outputs", name] if site.sees_need(member) => {
            let job = workflow.job(member)?;
            let (_, value) = job.outputs.iter().find(|(own, _)| own.text.eq_ignore_ascii_case(name))?;
            let strict = Soft::of(job.continue_on_error, Some(job)).is_no();
            let own = declared(job, value.text)?;
            Some(Flag { is_set: own.is_set && strict && succeeded && site.step.is_none() })
        }
        ["steps", member, "outputs", name] => {
            let own = handed_on(site.job, site.sees_step(member)?, name)?;
            Some(Flag { is_set: own.is_set && succeeded })
        }
        _ => None,
    }
}

/// The same of the value of an output, once its job has succeeded.
fn declared(job: &Job<'_>, value: &str) -> Option<Flag> {
    let value = value.trim();
    if condition::form(value) != Form::Wrapped {
        return None;
    }
    let expr = expression::parse(&value[condition::expression_range(value, Form::Wrapped)]).ok()?;
    let compares = match &expr.inner {
        Expr::BinExpr(binary) => !matches!(binary.op, BinOp::And | BinOp::Or),
        Expr::UnExpr { op: UnOp::Not, .. } => true,
        Expr::Call(call) => matches!(call.func, Function::Contains | Function::StartsWith | Function::EndsWith),
        Expr::Context(context) => {
            return match value::path(context)?[..] {
                ["steps", member, "outputs", name] => handed_on(job, &job.steps[job.step(member)?], name),
                _ => None,
            };
        }
        _ => false,
    };
    compares.then_some(Flag { is_set: true })
}

/// The same of an output of a step's action, once what follows the step is asked.
///
/// Sources: <https://github.com/dorny/paths-filter>, "Outputs": for each filter `'true'` or `'false'`;
/// <https://github.com/tj-actions/changed-files>, `any_changed` and its kin.
fn handed_on(job: &Job<'_>, step: &Step<'_>, output: &str) -> Option<Flag> {
    let uses = step.uses?.text;
    let lists = ["_count", "_files"].iter().any(|end| output.ends_with(end)) || output == "changes";
    let any = ["any_changed", "any_modified", "any_deleted", "only_changed", "only_modified"];
    let is_flag = (uses.starts_with("dorny/paths-filter@") && !lists)
        || (uses.starts_with("tj-actions/changed-files@") && any.iter().any(|end| output.ends_with(end)));
    let is_set = step.condition.is_none() && Soft::of(step.continue_on_error, Some(job)).is_no();
    is_flag.then_some(Flag { is_set })
}
