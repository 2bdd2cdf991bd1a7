//! What an expression is worth, as far as it is known without a run.
//!
//! Source of all operators and conversions:
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/expressions>. Whatever is not constant and not
//! known to the [`Scope`] is [`Value::Unknown`] and stays so; nothing is guessed.

use github_actions_expressions::call::{Call, Function};
use github_actions_expressions::context::Context;
use github_actions_expressions::literal::Literal;
use github_actions_expressions::op::{BinExpr, BinOp, UnOp};
use github_actions_expressions::{Evaluation, Expr, SpannedExpr};

use super::condition::Truth;

/// The most operators and operands that are evaluated in one expression; beyond, it is unknown.
const MAX_DEPTH: usize = 128;

/// A value, or what is known of one.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`, and what a missing property reads as.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string.
    Text(String),
    /// A list whose members are known one by one.
    List(Vec<Value>),
    /// An object, as `toJSON` writes it.
    Object(String),
    /// One of these; which, a run decides.
    OneOf(Vec<Value>),
    /// A text that begins so, or none.
    Begins(&'static str),
    /// A text, any but this.
    Except(&'static str),
    /// Not known, except that it converts to true.
    Truthy,
    /// Not known, except that it converts to false.
    Falsy,
    /// A run decides.
    Unknown,
}

impl Value {
    /// The value as a condition: `false`, `0`, `-0`, `''` and `null` are false, all else is true.
    pub fn truth(&self) -> Truth {
        match self {
            Value::Unknown | Value::Begins(_) | Value::Except(_) => Truth::Unknown,
            Value::OneOf(values) => shared(values, Value::truth),
            Value::Null | Value::Falsy | Value::Bool(false) => Truth::False,
            Value::Number(n) => Truth::from(*n != 0.0 && !n.is_nan()),
            Value::Text(text) => Truth::from(!text.is_empty()),
            Value::Bool(true) | Value::List(_) | Value::Object(_) | Value::Truthy => Truth::True,
        }
    }

    fn of(truth: Truth) -> Value {
        match truth {
            Truth::True => Value::Bool(true),
            Truth::False => Value::Bool(false),
            Truth::Unknown => Value::Unknown,
        }
    }

    /// The number that a scalar counts as in a comparison of unlike types.
    fn number(&self) -> Option<f64> {
        match self {
            Value::Null => Some(0.0),
            Value::Bool(b) => Some(f64::from(u8::from(*b))),
            Value::Number(n) => Some(*n),
            Value::Text(text) => Some(parse_number(text.trim())),
            Value::List(_) | Value::Object(_) => Some(f64::NAN),
            _ => None,
        }
    }

    /// The text of a known scalar, as `format` and the string functions see it.
    pub fn text(&self) -> Option<String> {
        match self {
            Value::Null => Some(String::new()),
            Value::Bool(b) => Some(b.to_string()),
            Value::Number(n) => Some(n.to_string()),
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

/// The number that a text counts as: none but `NaN` unless it is written as one.
///
/// Source: actions/runner, `ExpressionUtility.ParseNumber`: a decimal number with sign, point and exponent, or a 32-bit
/// integer behind `0x` or `0o`, or `Infinity`; nothing at all is 0. (Rust would take `inf` and `nan` as well.)
fn parse_number(text: &str) -> f64 {
    let bits = |digits: &str, radix| {
        let fits = digits.chars().all(|c| c.is_digit(radix));
        u32::from_str_radix(digits, radix).ok().filter(|_| fits).map(|bits| f64::from(bits.cast_signed()))
    };
    let known = match (text, text.get(..2)) {
        ("", _) => Some(0.0),
        ("Infinity", _) => Some(f64::INFINITY),
        ("-Infinity", _) => Some(f64::NEG_INFINITY),
        (_, Some("0x")) => bits(&text[2..], 16),
        (_, Some("0o")) => bits(&text[2..], 8),
        _ if text.contains(|c: char| c.is_ascii_alphabetic() && !matches!(c, 'e' | 'E')) => None,
        _ => text.parse().ok(),
    };
    known.unwrap_or(f64::NAN)
}

impl From<serde_json::Value> for Value {
    /// Objects count as true and nothing more.
    fn from(json: serde_json::Value) -> Value {
        match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(b) => Value::Bool(b),
            serde_json::Value::Number(n) => n.as_f64().map_or(Value::Unknown, Value::Number),
            serde_json::Value::String(text) => Value::Text(text),
            serde_json::Value::Array(items) => Value::List(items.into_iter().map(Value::from).collect()),
            serde_json::Value::Object(_) => Value::Truthy,
        }
    }
}

/// What is known where an expression stands.
pub trait Scope {
    /// The value of a context such as `["needs", "build", "result"]`; `*` stands for all members.
    fn context(&self, path: &[&str]) -> Value;
    /// What `success()`, `failure()` or `cancelled()` says here; `always()` is true everywhere.
    fn status(&self, function: Function) -> Truth;
}

/// The scope that knows nothing: only constants are decided.
pub struct Nothing;

impl Scope for Nothing {
    fn context(&self, _: &[&str]) -> Value {
        Value::Unknown
    }

    fn status(&self, _: Function) -> Truth {
        Truth::Unknown
    }
}

/// The value of an expression in a scope.
pub fn eval(expr: &SpannedExpr<'_>, scope: &dyn Scope) -> Value {
    eval_at(expr, scope, 0)
}

fn eval_at(expr: &SpannedExpr<'_>, scope: &dyn Scope, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Unknown;
    }
    match &expr.inner {
        Expr::Literal(literal) => constant(literal),
        Expr::BinExpr(binary) => operator(binary, scope, depth),
        Expr::UnExpr { op: UnOp::Not, expr } => Value::of(!eval_at(expr, scope, depth + 1).truth()),
        Expr::Call(call) => function(expr, call, scope, depth),
        Expr::Context(context) => look_up(context, scope),
        _ => Value::Unknown,
    }
}

fn constant(literal: &Literal<'_>) -> Value {
    match literal {
        Literal::Number(n) => Value::Number(*n),
        Literal::String(text) => Value::Text(text.to_string()),
        Literal::Boolean(b) => Value::Bool(*b),
        Literal::Null => Value::Null,
    }
}

/// `&&` and `||` return an operand, not a boolean; an unknown left side still leaves what both outcomes share.
fn operator(binary: &BinExpr<'_>, scope: &dyn Scope, depth: usize) -> Value {
    let left = eval_at(&binary.lhs, scope, depth + 1);
    let right = || eval_at(&binary.rhs, scope, depth + 1);
    match (&binary.op, left.truth()) {
        (BinOp::And, Truth::False) | (BinOp::Or, Truth::True) => left,
        (BinOp::And, Truth::True) | (BinOp::Or, Truth::False) => right(),
        (BinOp::And, Truth::Unknown) if right().truth() == Truth::False => Value::Falsy,
        (BinOp::Or, Truth::Unknown) if right().truth() == Truth::True => Value::Truthy,
        (BinOp::And | BinOp::Or, Truth::Unknown) => Value::Unknown,
        (op, _) => Value::of(compare(op, &left, &right())),
    }
}

/// What holds of each of the values, if the same does.
fn shared(values: &[Value], test: impl Fn(&Value) -> Truth) -> Truth {
    let mut each = values.iter().map(test);
    let first = each.next().unwrap_or(Truth::Unknown);
    if each.all(|one| one == first) { first } else { Truth::Unknown }
}

/// Comparisons: like types directly, strings without regard to case, unlike ones as numbers.
fn compare(op: &BinOp, left: &Value, right: &Value) -> Truth {
    match (left, right) {
        (Value::OneOf(values), other) => return shared(values, |one| compare(op, one, other)),
        (other, Value::OneOf(values)) => return shared(values, |one| compare(op, other, one)),
        (Value::Except(never), Value::Text(text)) | (Value::Text(text), Value::Except(never)) => {
            return match op {
                BinOp::Eq if text.eq_ignore_ascii_case(never) => Truth::False,
                BinOp::Neq if text.eq_ignore_ascii_case(never) => Truth::True,
                _ => Truth::Unknown,
            };
        }
        (Value::Begins(head), Value::Text(text)) | (Value::Text(text), Value::Begins(head)) => {
            let can_be_equal = text.is_empty() || begins(text, head);
            return match op {
                BinOp::Eq if !can_be_equal => Truth::False,
                BinOp::Neq if !can_be_equal => Truth::True,
                _ => Truth::Unknown,
            };
        }
        _ => {}
    }
    if let (Value::Text(a), Value::Text(b)) = (left, right) {
        let order = a.to_lowercase().cmp(&b.to_lowercase());
        return Truth::from(match op {
            BinOp::Eq => order.is_eq(),
            BinOp::Neq => order.is_ne(),
            BinOp::Gt => order.is_gt(),
            BinOp::Ge => order.is_ge(),
            BinOp::Lt => order.is_lt(),
            _ => order.is_le(),
        });
    }
    let (Some(a), Some(b)) = (left.number(), right.number()) else { return Truth::Unknown };
    Truth::from(match op {
        BinOp::Eq => a == b,
        BinOp::Neq => a != b,
        BinOp::Gt => a > b,
        BinOp::Ge => a >= b,
        BinOp::Lt => a < b,
        _ => a <= b,
    })
}

fn function(expr: &SpannedExpr<'_>, call: &Call<'_>, scope: &dyn Scope, depth: usize) -> Value {
    match call.func {
        Function::Always => Value::Bool(true),
        Function::Success | Function::Failure | Function::Cancelled => Value::of(scope.status(call.func)),
        Function::HashFiles => Value::Unknown,
        Function::Contains | Function::StartsWith | Function::EndsWith if call.args.len() == 2 => {
            let argument = |i: usize| eval_at(&call.args[i], scope, depth + 1);
            Value::of(search(call.func, &argument(0), &argument(1)))
        }
        Function::Join if !call.args.is_empty() => {
            let list = eval_at(&call.args[0], scope, depth + 1);
            let by = call.args.get(1).map_or(Value::Text(",".to_owned()), |by| eval_at(by, scope, depth + 1));
            join(&list, &by).map_or(Value::Unknown, Value::Text)
        }
        Function::Case => case(&call.args, scope, depth + 1),
        Function::ToJSON if call.args.len() == 1 => match eval_at(&call.args[0], scope, depth + 1) {
            Value::Object(json) => Value::Text(json),
            Value::List(items) => list_to_json(&items).map_or(Value::Unknown, Value::Text),
            _ => expr.consteval().map_or(Value::Unknown, known),
        },
        _ => expr.consteval().map_or(Value::Unknown, known),
    }
}

/// `case(a, x, b, y, z)`: the value behind the first condition that holds, else the last.
fn case(args: &[SpannedExpr<'_>], scope: &dyn Scope, depth: usize) -> Value {
    for pair in args.chunks(2) {
        let [asks, value] = pair else { return eval_at(&pair[0], scope, depth) };
        match eval_at(asks, scope, depth).truth() {
            Truth::True => return eval_at(value, scope, depth),
            Truth::Unknown => return Value::Unknown,
            Truth::False => {}
        }
    }
    Value::Unknown
}

/// A list of texts as `toJSON` writes it: "a pretty-print JSON representation".
fn list_to_json(items: &[Value]) -> Option<String> {
    let text = |item: &Value| match item {
        Value::Text(text) => Some(serde_json::Value::from(text.as_str())),
        _ => None,
    };
    let items: Option<Vec<serde_json::Value>> = items.iter().map(text).collect();
    serde_json::to_string_pretty(&items?).ok()
}

/// `join`: the texts of a list with a separator between, by default a comma.
fn join(list: &Value, by: &Value) -> Option<String> {
    let Value::List(items) = list else { return list.text().map(|text| text.to_string()) };
    let texts: Option<Vec<String>> = items.iter().map(|item| item.text().map(|text| text.to_string())).collect();
    Some(texts?.join(&by.text()?))
}

/// Whether a text begins with another, without regard to case.
fn begins(text: &str, head: &str) -> bool {
    text.get(..head.len()).is_some_and(|own| own.eq_ignore_ascii_case(head))
}

/// `contains`, `startsWith` and `endsWith`, all without regard to case.
fn search(function: Function, whole: &Value, part: &Value) -> Truth {
    match (whole, part) {
        (Value::OneOf(values), part) => return shared(values, |one| search(function, one, part)),
        (whole, Value::OneOf(values)) => return shared(values, |one| search(function, whole, one)),
        (Value::Begins(head), Value::Text(part)) if function == Function::StartsWith => {
            return if begins(part, head) || begins(head, part) { Truth::Unknown } else { Truth::False };
        }
        _ => {}
    }
    if let (Value::List(items), Function::Contains) = (whole, function) {
        let found = |item: &Value| compare(&BinOp::Eq, item, part);
        return items.iter().map(found).fold(Truth::False, |any, item| any | item);
    }
    let (Some(whole), Some(part)) = (whole.text(), part.text()) else { return Truth::Unknown };
    let (whole, part) = (whole.to_lowercase(), part.to_lowercase());
    Truth::from(match function {
        Function::StartsWith => whole.starts_with(&part),
        Function::EndsWith => whole.ends_with(&part),
        _ => whole.contains(&part),
    })
}

fn known(evaluation: Evaluation) -> Value {
    match evaluation {
        Evaluation::String(text) => Value::Text(text),
        Evaluation::Number(n) => Value::Number(n),
        Evaluation::Boolean(b) => Value::Bool(b),
        Evaluation::Null => Value::Null,
        Evaluation::Array(items) => Value::List(items.into_iter().map(known).collect()),
        Evaluation::Object(_) => Value::Truthy,
    }
}

fn look_up(context: &Context<'_>, scope: &dyn Scope) -> Value {
    path(context).map_or(Value::Unknown, |path| scope.context(&path))
}

/// The names that a context is made of, `*` for all members; `None` where one is computed.
pub fn path<'e>(context: &'e Context<'_>) -> Option<Vec<&'e str>> {
    let name = |part: &'e SpannedExpr<'_>| match &part.inner {
        Expr::Identifier(name) => Some(name.as_str()),
        Expr::Star => Some("*"),
        Expr::Index(index) => match &index.inner {
            Expr::Literal(Literal::String(name)) => Some(&**name),
            Expr::Star => Some("*"),
            _ => None,
        },
        _ => None,
    };
    context.parts.iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Known;

    impl Scope for Known {
        fn context(&self, path: &[&str]) -> Value {
            match path {
                ["needs", "*", "result"] => Value::List(vec![Value::Text("success".into()), Value::Unknown]),
                ["matrix", "n"] => Value::Number(3.0),
                _ => Value::Unknown,
            }
        }

        fn status(&self, function: Function) -> Truth {
            Truth::from(function == Function::Failure)
        }
    }

    fn value(text: &str) -> Value {
        eval(&Expr::parse(text).unwrap(), &Known)
    }

    #[test]
    fn operators_follow_githubs_conversions() {
        for (text, expected) in [
            ("1 == '1'", Value::Bool(true)),
            ("'A' == 'a'", Value::Bool(true)),
            ("null == ''", Value::Bool(true)),
            ("'x' == 0", Value::Bool(false)),
            ("' 0x1F ' == 31 && '0o17' == 15 && ' -.5e1 ' == -5 && ' ' == 0", Value::Bool(true)),
            ("'0xFFFFFFFF' == -1 && 'Infinity' > 1", Value::Bool(true)),
            ("'inf' > 1 || 'NaN' == 0 || '0x' == 0 || '0x+1' == 1", Value::Bool(false)),
            ("matrix.n == 3 && 'yes' || 'no'", Value::Text("yes".into())),
            ("github.x && false", Value::Falsy),
            ("github.x || 'a'", Value::Truthy),
            ("github.x == 'a'", Value::Unknown),
            ("!github.x || true", Value::Truthy),
            ("failure() && !cancelled()", Value::Bool(true)),
            ("contains(needs.*.result, 'success')", Value::Bool(true)),
            ("contains(needs.*.result, 'failure')", Value::Unknown),
            ("startsWith('Refs/x', 'refs')", Value::Bool(true)),
            ("case(failure(), 1, 0)", Value::Number(1.0)),
            ("case(success(), 1, cancelled(), 2, 0)", Value::Number(0.0)),
            ("case(github.x, 1, 0)", Value::Unknown),
            ("fromJSON('[1, 2]')", Value::List(vec![Value::Number(1.0), Value::Number(2.0)])),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }
}
