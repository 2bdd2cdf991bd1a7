//! What an expression is worth, by an evaluator of its own: written from GitHub's documentation and the runner's
//! `ExpressionUtility.ParseNumber` and `EvaluationResult`, for worlds in which everything is known.
//!
//! It says nothing (`None`) of what it does not cover: text beyond ASCII, objects, numbers as text that are no small
//! integers, and functions that make values.

use github_actions_expressions::call::Function;
use github_actions_expressions::literal::Literal;
use github_actions_expressions::op::{BinOp, UnOp};
use github_actions_expressions::{Expr, SpannedExpr};
use wf_fix::workflow::condition::Truth;
use wf_fix::workflow::value::{Scope, Value};

/// A world: every context has a value, which its path and the seed decide, or none is known of a share of them.
#[derive(Debug, Clone, Copy)]
pub struct World {
    /// What tells it from others.
    pub seed: u8,
    /// Of eight contexts, so many are not known.
    pub hidden: u8,
}

impl World {
    /// The same world with everything known.
    pub fn whole(self) -> World {
        World { hidden: 0, ..self }
    }

    fn number(self, path: &[&str]) -> u64 {
        let bytes = path.iter().flat_map(|part| part.bytes().map(|b| b.to_ascii_lowercase()).chain([b'.']));
        let start = 0xcbf2_9ce4_8422_2325 ^ u64::from(self.seed);
        let hash = bytes.fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        hash >> 17
    }
}

impl Scope for World {
    fn context(&self, path: &[&str]) -> Value {
        let number = self.number(path);
        if number % 8 < u64::from(self.hidden) {
            return Value::Unknown;
        }
        if path.contains(&"*") {
            return Value::List(vec![simple(number / 8), simple(number / 64)]);
        }
        simple(number / 8)
    }

    fn status(&self, function: Function) -> Truth {
        if self.hidden > 4 {
            return Truth::Unknown;
        }
        let state = [Function::Success, Function::Failure, Function::Cancelled][usize::from(self.seed) % 3];
        Truth::from(function == state)
    }
}

fn simple(number: u64) -> Value {
    match number % 10 {
        0 => Value::Null,
        1 => Value::Bool(true),
        2 => Value::Bool(false),
        3 => Value::Number(0.0),
        4 => Value::Number(3.0),
        5 => Value::Text(String::new()),
        6 => Value::Text("success".into()),
        7 => Value::Text("Failure".into()),
        8 => Value::Text("3".into()),
        _ => Value::Text("false".into()),
    }
}

/// The value of an expression in a whole world, as far as this evaluator goes.
pub fn evaluate(expr: &SpannedExpr<'_>, world: World) -> Option<Value> {
    match &expr.inner {
        Expr::Literal(literal) => Some(match literal {
            Literal::Number(number) => Value::Number(*number),
            Literal::String(text) => Value::Text(text.to_string()),
            Literal::Boolean(value) => Value::Bool(*value),
            Literal::Null => Value::Null,
        }),
        Expr::UnExpr { op: UnOp::Not, expr } => Some(Value::Bool(!truthy(&evaluate(expr, world)?))),
        Expr::BinExpr(both) => {
            let left = evaluate(&both.lhs, world)?;
            match both.op {
                BinOp::And if !truthy(&left) => Some(left),
                BinOp::Or if truthy(&left) => Some(left),
                BinOp::And | BinOp::Or => evaluate(&both.rhs, world),
                ref op => compare(op, &left, &evaluate(&both.rhs, world)?).map(Value::Bool),
            }
        }
        Expr::Call(call) => match (call.func, call.args.as_slice()) {
            (Function::Always, _) => Some(Value::Bool(true)),
            (Function::Success | Function::Failure | Function::Cancelled, _) => {
                Some(Value::Bool(world.status(call.func) == Truth::True))
            }
            (Function::Contains | Function::StartsWith | Function::EndsWith, [whole, part]) => {
                search(call.func, &evaluate(whole, world)?, &evaluate(part, world)?).map(Value::Bool)
            }
            _ => None,
        },
        Expr::Context(context) => {
            let names = context.parts.iter().map(|part| match &part.inner {
                Expr::Identifier(name) => Some(name.as_str()),
                Expr::Star => Some("*"),
                _ => None,
            });
            Some(world.context(&names.collect::<Option<Vec<_>>>()?))
        }
        _ => None,
    }
}

/// `false`, `0`, `-0`, `''`, `null` and what is no number are false.
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::Text(text) => !text.is_empty(),
        _ => true,
    }
}

fn compare(op: &BinOp, left: &Value, right: &Value) -> Option<bool> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let order = match (left, right) {
        (Value::Text(a), Value::Text(b)) => {
            // GitHub compares in upper case, character by character.
            if !a.is_ascii() || !b.is_ascii() {
                return None;
            }
            let equality = matches!(op, BinOp::Eq | BinOp::Neq);
            let letters = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric());
            if !(equality || letters(a) && letters(b)) {
                return None;
            }
            Some(a.to_ascii_uppercase().cmp(&b.to_ascii_uppercase()))
        }
        (Value::List(_), _) | (_, Value::List(_)) => return None,
        _ => number(left)?.partial_cmp(&number(right)?),
    };
    Some(match op {
        BinOp::Eq => order == Some(Equal),
        BinOp::Neq => order != Some(Equal),
        BinOp::Gt => order == Some(Greater),
        BinOp::Ge => matches!(order, Some(Greater | Equal)),
        BinOp::Lt => order == Some(Less),
        BinOp::Le => matches!(order, Some(Less | Equal)),
        _ => return None,
    })
}

/// `ParseNumber`: a sign, digits, a point and an exponent; `0x` and `0o`; `Infinity`; anything else is no number.
fn number(value: &Value) -> Option<f64> {
    Some(match value {
        Value::Null => 0.0,
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Number(number) => *number,
        Value::Text(text) if !text.is_ascii() => return None,
        Value::Text(text) => parse_number(text.trim()),
        _ => return None,
    })
}

fn parse_number(text: &str) -> f64 {
    if text.is_empty() {
        return 0.0;
    }
    if text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E')) {
        return text.parse().unwrap_or(f64::NAN);
    }
    let digits = |prefix: &str, radix: u32| {
        let digits = text.strip_prefix(prefix).filter(|digits| digits.chars().all(|c| c.is_digit(radix)))?;
        u32::from_str_radix(digits, radix).ok().map(|bits| f64::from(bits.cast_signed()))
    };
    match text {
        "Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        _ => digits("0x", 16).or_else(|| digits("0o", 8)).unwrap_or(f64::NAN),
    }
}

fn search(function: Function, whole: &Value, part: &Value) -> Option<bool> {
    if let (Value::List(items), Function::Contains) = (whole, function) {
        let found: Option<Vec<bool>> = items.iter().map(|item| compare(&BinOp::Eq, item, part)).collect();
        return found.map(|found| found.contains(&true));
    }
    let (whole, part) = (text(whole)?.to_ascii_uppercase(), text(part)?.to_ascii_uppercase());
    Some(match function {
        Function::StartsWith => whole.starts_with(&part),
        Function::EndsWith => whole.ends_with(&part),
        _ => whole.contains(&part),
    })
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Text(text) => text.is_ascii().then(|| text.clone()),
        Value::Number(number) if number.fract() == 0.0 && (0.0..1e6).contains(number) && number.is_sign_positive() => {
            Some(number.to_string())
        }
        _ => None,
    }
}
