//! `continue-on-error`, constant or not.

use github_actions_expressions::call::Function;

use crate::workflow::condition::{self, Form, Truth};
use crate::workflow::expression;
use crate::workflow::reader::Text;
use crate::workflow::value::{self, Scope, Value};
use crate::workflow::view::{Job, Leg};

/// What a `continue-on-error` comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Soft {
    /// It is absent or false: a failure counts.
    No,
    /// It is true.
    Yes,
    /// True in these legs of the matrix, false in the others.
    Legs(Vec<String>),
    /// A run decides, by this expression.
    Depends(String),
}

impl Soft {
    /// Reads a `continue-on-error`, of a job or of one of its steps.
    ///
    /// Source: workflow syntax, `jobs.<job_id>.continue-on-error` and `jobs.<job_id>.steps[*].continue-on-error`:
    /// a boolean or an expression; the example there takes the value from the matrix.
    pub fn of(text: Option<Text<'_>>, job: Option<&Job<'_>>) -> Soft {
        let Some(text) = text else { return Soft::No };
        if condition::form(text.text) != Form::Wrapped {
            return if text.text.trim().eq_ignore_ascii_case("true") { Soft::Yes } else { Soft::No };
        }
        let body = &text.text[condition::expression_range(text.text, Form::Wrapped)];
        let Ok(expr) = expression::parse(body) else { return Soft::Depends(body.to_owned()) };
        let legs = match job.and_then(|job| job.matrix.as_ref()).map(|matrix| matrix.legs()) {
            Some(Some(legs)) if !legs.is_empty() => legs,
            _ => Vec::new(),
        };
        let truth = |leg| value::eval(&expr, &InLeg(leg)).truth();
        if legs.is_empty() {
            return Soft::from(truth(None), body);
        }
        let each: Vec<Truth> = legs.iter().map(|leg| truth(Some(leg))).collect();
        match each.first() {
            Some(first) if each.iter().all(|one| one == first) => Soft::from(*first, body),
            _ if each.contains(&Truth::Unknown) => Soft::Depends(body.to_owned()),
            _ => {
                let soft = legs.iter().zip(&each).filter(|(_, truth)| **truth == Truth::True);
                Soft::Legs(soft.map(|(leg, _)| leg.name()).collect())
            }
        }
    }

    /// Whether a failure counts in every run.
    pub fn is_no(&self) -> bool {
        *self == Soft::No
    }

    fn from(truth: Truth, body: &str) -> Soft {
        match truth {
            Truth::True => Soft::Yes,
            Truth::False => Soft::No,
            Truth::Unknown => Soft::Depends(body.to_owned()),
        }
    }
}

/// What is constant in a leg: its matrix values.
pub(super) struct InLeg<'a, 't>(pub Option<&'a Leg<'t>>);

impl Scope for InLeg<'_, '_> {
    fn context(&self, path: &[&str]) -> Value {
        match (path, self.0) {
            ([head, rest @ ..], Some(leg)) if head.eq_ignore_ascii_case("matrix") => leg.value(rest),
            _ => Value::Unknown,
        }
    }

    fn status(&self, _: Function) -> Truth {
        Truth::Unknown
    }
}
