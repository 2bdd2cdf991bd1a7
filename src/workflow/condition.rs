//! `if:` conditions: the form they are written in, and what is known of their truth without a run.

use std::borrow::Cow;
use std::ops::Range;

use github_actions_expressions::call::Function;
use github_actions_expressions::literal::Literal;
use github_actions_expressions::op::UnOp;
use github_actions_expressions::{Expr, SpannedExpr};

use super::expression;
use super::value::{self, Scope};
use crate::yaml::{NodeId, Style, Tree, Value, plain};

/// How a condition is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An expression without `${{ }}`; GitHub adds them.
    Bare,
    /// One `${{ }}` and nothing around it.
    Wrapped,
    /// Text around `${{ }}`, a line break included: a string that is never empty, so the condition is always true.
    ///
    /// Source: GitHub evaluates the expressions, joins the text, and converts the result to a boolean; a non-empty
    /// string is true
    /// (<https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#operators>).
    Mixed,
}

/// What is known of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// True in every run.
    True,
    /// False in every run.
    False,
    /// A run decides.
    Unknown,
}

/// The text of a condition as GitHub evaluates it; `None` for a list or a mapping.
///
/// A plain `False` or `TRUE` is a YAML boolean before it is an expression.
pub fn text<'t>(tree: &'t Tree<'_>, id: NodeId) -> Option<Cow<'t, str>> {
    match &tree.nodes[id].value {
        Value::Scalar(text, Style::Plain) => Some(match plain(text) {
            serde_json::Value::Bool(value) => Cow::Owned(value.to_string()),
            _ => Cow::Borrowed(text),
        }),
        Value::Scalar(text, _) => Some(Cow::Borrowed(text)),
        _ => None,
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Truth {
        if known { Truth::True } else { Truth::False }
    }
}

impl std::ops::Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

impl std::ops::BitAnd for Truth {
    type Output = Truth;

    fn bitand(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::True, Truth::True) => Truth::True,
            _ => Truth::Unknown,
        }
    }
}

impl std::ops::BitOr for Truth {
    type Output = Truth;

    fn bitor(self, other: Truth) -> Truth {
        !(!self & !other)
    }
}

/// The form of a condition, from its decoded text.
pub fn form(decoded: &str) -> Form {
    let Some(first) = expression::opening(decoded) else { return Form::Bare };
    match expression::closing(decoded, first + 3) {
        Some(close) if first == 0 && close + 2 == decoded.len() => Form::Wrapped,
        _ => Form::Mixed,
    }
}

/// Where the expression itself stands in `text`, the white space around it left out.
pub fn expression_range(text: &str, form: Form) -> Range<usize> {
    let inner = match (form, expression::opening(text)) {
        (Form::Wrapped, Some(open)) => open + 3..expression::closing(text, open + 3).unwrap_or(text.len()),
        _ => 0..text.len(),
    };
    let slice = &text[inner.clone()];
    let start = inner.start + slice.len() - slice.trim_start().len();
    start..start + slice.trim().len()
}

/// What is known of a condition from its decoded text alone.
pub fn truth(decoded: &str) -> Truth {
    Own::of(decoded).constant()
}

/// The truth of an expression in three values: `false && unknown` is false, as GitHub short-circuits.
pub fn fold(expr: &SpannedExpr<'_>) -> Truth {
    value::eval(expr, &value::Nothing).truth()
}

/// What a condition comes to in a scope, with the implicit `success()`.
pub fn judge(decoded: &str, scope: &dyn Scope) -> Truth {
    Own::of(decoded).judge(scope)
}

/// What the text of a condition comes to in a scope, the implicit `success()` left out.
pub fn own_truth(decoded: &str, scope: &dyn Scope) -> Truth {
    Own::of(decoded).truth(scope)
}

/// The text of a condition, parsed once for many scopes.
#[derive(Debug, Default)]
pub enum Own<'t> {
    /// There is none.
    #[default]
    Empty,
    /// Text around `${{ }}`, as it stands.
    Mixed(&'t str),
    /// An expression.
    Expression(SpannedExpr<'t>),
    /// Nothing that parses.
    Broken,
}

impl<'t> Own<'t> {
    /// Parses the decoded text of a condition.
    pub fn of(decoded: &'t str) -> Own<'t> {
        if decoded.trim().is_empty() {
            return Own::Empty;
        }
        let form = form(decoded);
        if form == Form::Mixed {
            return Own::Mixed(decoded);
        }
        let body = &decoded[expression_range(decoded, form)];
        match alone(body).filter(|_| form == Form::Wrapped) {
            Some(text) if text.trim().is_empty() => Own::Empty,
            // With quotes in it, it is another text than the one that stands here.
            Some(text) if text.contains('\'') => Own::Broken,
            text => expression::parse(text.unwrap_or(body)).map_or(Own::Broken, Own::Expression),
        }
    }

    /// What it comes to in a scope, the implicit `success()` left out.
    pub fn truth(&self, scope: &dyn Scope) -> Truth {
        match self {
            Own::Empty => scope.status(Function::Success),
            Own::Mixed(_) => Truth::True,
            Own::Expression(expr) => value::eval(expr, scope).truth(),
            Own::Broken => Truth::Unknown,
        }
    }

    /// What it is in every run, as far as it says so itself.
    pub fn constant(&self) -> Truth {
        self.truth(&value::Nothing)
    }

    /// What the condition comes to in a scope, with the implicit `success()`.
    ///
    /// An empty condition is `success()`; one that calls no status function is `success() && (...)`; one with text around
    /// `${{ }}` is true as a string, but the implicit `success()` still applies.
    ///
    /// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions>:
    /// a default status check of `success()` is applied unless a status function is included; the runner does it in
    /// `PipelineTemplateConverter.ConvertToIfCondition`.
    pub fn judge(&self, scope: &dyn Scope) -> Truth {
        let own = self.truth(scope);
        if matches!(self, Own::Empty) || self.asks_status() {
            return own;
        }
        scope.status(Function::Success) & own
    }

    /// Whether it calls a status function, so that `success()` is not implied.
    pub fn asks_status(&self) -> bool {
        self.calls_one_of(&[Function::Always, Function::Failure, Function::Cancelled, Function::Success])
    }

    /// Whether it lets a job run although something it needs failed or was skipped: it calls `always()`, `failure()` or
    /// `cancelled()`.
    ///
    /// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions>:
    /// `success()` is applied unless one of these functions is included. A condition that does not parse counts as one
    /// that does, to be safe.
    pub fn overrides_status(&self) -> bool {
        self.calls_one_of(&[Function::Always, Function::Failure, Function::Cancelled])
    }

    fn calls_one_of(&self, functions: &[Function]) -> bool {
        match self {
            Own::Expression(expr) => calls(expr, functions),
            // The text of a mixed condition is a string: no expression of it decides.
            Own::Mixed(text) => {
                let calls = |body: &str| expression::parse(body).map_or(true, |expr| calls(&expr, functions));
                expression::bodies(text).iter().any(|body| calls(body))
            }
            Own::Empty | Own::Broken => true,
        }
    }
}

/// The text that is all of an expression: `${{ 'false' }}` stands for `false`, before it is read as a condition, and never runs.
///
/// Source: the runner's `TemplateReader.ParseScalar` makes a literal of a value that is one expression and nothing but a text,
/// and `PipelineTemplateConverter.ConvertToIfCondition` takes the literal for the condition.
pub fn alone(body: &str) -> Option<&str> {
    let text = body.strip_prefix('\'')?.strip_suffix('\'')?;
    // `'a' == 'b'` has quotes in it that are no pairs.
    (!text.replace("''", "").contains('\'')).then_some(text)
}

/// Whether an operand is the constant false as people write it: `false` or `!true`.
pub fn is_false(expr: &SpannedExpr<'_>) -> bool {
    match &expr.inner {
        Expr::Literal(Literal::Boolean(value)) => !value,
        Expr::UnExpr { op: UnOp::Not, expr } => matches!(expr.inner, Expr::Literal(Literal::Boolean(true))),
        _ => false,
    }
}

/// Whether a condition lets a job run although something it needs failed or was skipped ([`Own::overrides_status`]).
pub fn overrides_status(decoded: &str) -> bool {
    Own::of(decoded).overrides_status()
}

fn calls(expr: &SpannedExpr<'_>, functions: &[Function]) -> bool {
    expression::any(expr, &|e| matches!(&e.inner, Expr::Call(call) if functions.contains(&call.func)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_follow_the_text_around_the_braces() {
        assert_eq!(form("github.ref == 'x'"), Form::Bare);
        assert_eq!(form("${{ a == '}}' }}"), Form::Wrapped);
        for mixed in ["${{ a }} && b", "${{ a }}\n", "!${{ a }}", "${{ a }} && ${{ b }}"] {
            assert_eq!(form(mixed), Form::Mixed, "{mixed}");
            assert_eq!(truth(mixed), Truth::True, "{mixed}");
        }
    }

    #[test]
    fn constant_conditions_are_known() {
        for (text, known) in [
            ("false", Truth::False),
            ("${{ false }}", Truth::False),
            ("${{ 'false' }}", Truth::False),
            ("'false'", Truth::True),
            ("${{ 'no expression' }}", Truth::Unknown),
            ("${{ 'github.ref == ''x''' }}", Truth::Unknown),
            ("${{ 'a' == 'b' }}", Truth::False),
            ("false && github.x", Truth::False),
            ("github.x && false", Truth::False),
            ("(false && a) || b", Truth::Unknown),
            ("!true", Truth::False),
            ("always()", Truth::True),
            ("'x' == 'y'", Truth::False),
            ("github.x", Truth::Unknown),
            ("1 ==", Truth::Unknown),
        ] {
            assert_eq!(truth(text), known, "{text}");
        }
    }

    #[test]
    fn success_is_implied_only_where_no_status_function_is_called() {
        struct Failed;
        impl Scope for Failed {
            fn context(&self, _: &[&str]) -> value::Value {
                value::Value::Unknown
            }

            fn status(&self, function: Function) -> Truth {
                Truth::from(function == Function::Failure)
            }
        }
        for (text, known) in [
            ("", Truth::False),
            ("github.x", Truth::False),
            ("success() && github.x", Truth::False),
            ("success() || github.x", Truth::Unknown),
            ("failure()", Truth::True),
        ] {
            assert_eq!(judge(text, &Failed), known, "{text}");
        }
    }

    #[test]
    fn status_functions_are_found_wherever_they_stand() {
        assert!(overrides_status("github.x && !cancelled()"));
        assert!(overrides_status("${{ ALWAYS() }}"));
        assert!(!overrides_status("success() && contains('always()', 'x')"));
    }
}
