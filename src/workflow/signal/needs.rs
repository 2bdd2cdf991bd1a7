//! The results of needed jobs as a gate sees them: in expressions, and in texts with expressions filled in.

use std::borrow::Cow;

use github_actions_expressions::call::Function;

use crate::workflow::condition::Truth;
use crate::workflow::expression;
use crate::workflow::occasion::Occasion;
use crate::workflow::play::HOLE;
use crate::workflow::reader::Text;
use crate::workflow::run::Status;
use crate::workflow::value::{self, Scope, Value};
use crate::workflow::view::Workflow;

/// The results of needed jobs, and the environment so far; nothing else is known.
pub(super) struct Needs<'a, 't> {
    pub workflow: &'a Workflow<'t>,
    pub results: &'a [(&'a str, Status)],
    pub env: Vec<(Cow<'t, str>, String)>,
    /// How the run started, if that is known.
    pub occasion: Option<&'a Occasion<'a>>,
    /// What else an expression sees: the steps before, the matrix.
    pub scope: Option<&'a dyn Scope>,
}

impl<'t> Needs<'_, 't> {
    /// Adds variables to the environment; later ones stand before earlier ones.
    ///
    /// Source: workflow syntax, `env`: "GitHub uses the most specific variable".
    pub fn add(&mut self, env: &[(Text<'t>, Text<'t>)]) {
        for (key, value) in env {
            let value = self.fill(value.text);
            self.put(Cow::Borrowed(key.text), value);
        }
    }

    /// Sets one variable.
    pub fn set(&mut self, name: &str, value: String) {
        self.put(Cow::Owned(name.to_owned()), value);
    }

    fn put(&mut self, name: Cow<'t, str>, value: String) {
        self.env.retain(|(own, _)| *own != name);
        self.env.push((name, value));
    }

    /// A text with the values of its `${{ }}`; a hole for what is not known.
    pub fn fill(&self, text: &str) -> String {
        fill(text, self)
    }

    /// The context as `toJSON(needs)` writes it.
    ///
    /// Source: contexts, `needs`, "Example contents of the `needs` context".
    fn json(&self) -> Value {
        let member = |(need, status): &(&str, Status)| {
            let outputs = if self.outputs(need, *status) == Value::Null { String::new() } else { HOLE.to_string() };
            let word = status.word()?;
            Some(format!("  \"{need}\": {{\n    \"result\": \"{word}\",\n    \"outputs\": {{{outputs}}}\n  }}"))
        };
        let members: Option<Vec<String>> = self.results.iter().map(member).collect();
        members.map_or(Value::Unknown, |members| Value::Object(format!("{{\n{}\n}}", members.join(",\n"))))
    }

    /// What a job's outputs read as: nothing, where it has none or did not come to set them.
    fn outputs(&self, need: &str, status: Status) -> Value {
        let none = self.workflow.job(need).is_some_and(|job| job.outputs.is_empty() && job.uses.is_none());
        if none || matches!(status, Status::Failure | Status::Skipped) { Value::Null } else { Value::Unknown }
    }
}

/// A text with the values that its `${{ }}` have in a scope; a hole for what is not known.
pub(super) fn fill(text: &str, scope: &dyn Scope) -> String {
    let (mut out, mut at) = (String::new(), 0);
    while let Some(open) = expression::opening(&text[at..]).map(|i| at + i) {
        let Some(close) = expression::closing(text, open + 3) else { break };
        out.push_str(&text[at..open]);
        let value = expression::parse(text[open + 3..close].trim()).map(|expr| value::eval(&expr, scope));
        match value.ok().and_then(|value| value.text()) {
            Some(value) => out.push_str(&value),
            None => out.push(HOLE),
        }
        at = close + 2;
    }
    out.push_str(&text[at..]);
    out
}

impl Scope for Needs<'_, '_> {
    fn context(&self, path: &[&str]) -> Value {
        let is = |part: &str, word: &str| part.eq_ignore_ascii_case(word);
        let value = |status: Status| status.word().map_or(Value::Unknown, |word| Value::Text(word.to_owned()));
        let of = |member: &str| self.results.iter().find(|(need, _)| is(need, member));
        match path {
            [head] if is(head, "needs") => self.json(),
            [head, "*", property] if is(head, "needs") && is(property, "result") => {
                Value::List(self.results.iter().map(|(_, status)| value(*status)).collect())
            }
            [head, member, property] if is(head, "needs") && is(property, "result") => {
                of(member).map_or(Value::Unknown, |(_, status)| value(*status))
            }
            [head, member, property, _] if is(head, "needs") && is(property, "outputs") => {
                of(member).map_or(Value::Unknown, |(need, status)| self.outputs(need, *status))
            }
            [head, name] if is(head, "env") => {
                let found = self.env.iter().find(|(own, value)| own == name && !value.contains(HOLE));
                found.map_or(Value::Unknown, |(_, value)| Value::Text(value.clone()))
            }
            _ => match (self.scope, self.occasion) {
                (Some(scope), _) => scope.context(path),
                (None, Some(occasion)) => occasion.context(path),
                (None, None) => Value::Unknown,
            },
        }
    }

    fn status(&self, _: Function) -> Truth {
        Truth::Unknown
    }
}
