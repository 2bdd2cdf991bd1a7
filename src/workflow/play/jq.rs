//! The few filters of jq that gates fold results with, on known JSON. Source: <https://jqlang.org/manual/>.
//!
//! Known are paths, `[]`, `|`, `,`, comparisons, `and`, `or`, `not`, `select`, `map`, `all`, `any`, `contains`, `IN`,
//! `to_entries`, `length`, `join`, arrays and `as $name`; all else is not.

use serde_json::Value;

use super::HOLE;
use crate::workflow::condition::Truth;

/// Stands for the values of a JSON text that are not known.
const UNKNOWN: &str = "\u{fffc}";

/// The most words and signs of a filter.
const MOST: usize = 300;

enum Filter {
    Identity,
    Literal(Value),
    Field(String),
    Each,
    Collect(Box<Filter>),
    Pipe(Box<Filter>, Box<Filter>),
    /// `a, b`
    Both(Box<Filter>, Box<Filter>),
    /// `source as $name | body`
    Bind(String, Box<Filter>, Box<Filter>),
    Variable(String),
    Operator(String, Box<Filter>, Box<Filter>),
    Call(String, Vec<Filter>),
}

/// Whether `jq` with these words succeeds on a text, and what it prints; `None` where that is not known.
pub(super) fn run(words: &[&str], input: &str) -> Option<(Truth, String)> {
    let is_option = |word: &&str| word.starts_with('-');
    let (options, rest): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| is_option(word));
    // Without a filter the text is shown.
    let filter = match rest[..] {
        [] => ".",
        [filter] => filter,
        _ => return None,
    };
    let known = [
        "-e",
        "-r",
        "-c",
        "-er",
        "-re",
        "-ce",
        "-rc",
        "-cr",
        "-C",
        "--exit-status",
        "--raw-output",
        "--compact-output",
    ];
    if filter.contains(HOLE) || options.iter().any(|option| !known.contains(option)) {
        return None;
    }
    let has =
        |letter: char, long: &str| options.iter().any(|o| *o == long || (!o.starts_with("--") && o.contains(letter)));
    let mut reading = Reading { tokens: tokens(filter).filter(|all| all.len() <= MOST)?, at: 0, depth: 0 };
    let filter = reading.pipe()?;
    if reading.at < reading.tokens.len() {
        return None;
    }
    // An object's members that are not known are one.
    let json = input.replace(&format!("{{{HOLE}}}"), &format!("{{\"{HOLE}\":null}}"));
    let results = apply(&filter, &serde_json::from_str(&json).ok()?, &[])?;
    let fails = results.last().is_none_or(|last| !is_true(last));
    let succeeds = if has('e', "--exit-status") { Truth::from(!fails) } else { Truth::True };
    let raw = has('r', "--raw-output");
    let show = |value: &Value| match value {
        Value::String(text) if raw => format!("{text}\n"),
        Value::Array(_) | Value::Object(_) => format!("{HOLE}\n"),
        value => format!("{value}\n"),
    };
    Some((succeeds, results.iter().map(show).collect()))
}

fn is_true(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

/// The variables that are bound at a point of a filter, the latest last.
type Bound<'a> = &'a [(String, Value)];

/// All that a filter gives for one value.
fn apply(filter: &Filter, value: &Value, bound: Bound<'_>) -> Option<Vec<Value>> {
    let one = |value: Value| Some(vec![value]);
    match filter {
        Filter::Identity => one(value.clone()),
        Filter::Literal(literal) => one(literal.clone()),
        Filter::Field(name) => match value {
            Value::Object(members) if members.contains_key(UNKNOWN) => None,
            Value::Object(members) => one(members.get(name).cloned().unwrap_or(Value::Null)),
            _ => None,
        },
        Filter::Each => match value {
            Value::Array(items) => Some(items.clone()),
            Value::Object(members) if members.contains_key(UNKNOWN) => None,
            Value::Object(members) => Some(members.values().cloned().collect()),
            _ => None,
        },
        Filter::Collect(inner) => one(Value::Array(apply(inner, value, bound)?)),
        Filter::Both(first, second) => Some([apply(first, value, bound)?, apply(second, value, bound)?].concat()),
        Filter::Variable(name) => one(bound.iter().rev().find(|(own, _)| own == name)?.1.clone()),
        Filter::Bind(name, source, body) => {
            let with = |own: &Value| [bound, &[(name.clone(), own.clone())]].concat();
            let each: Option<Vec<Vec<Value>>> =
                apply(source, value, bound)?.iter().map(|own| apply(body, value, &with(own))).collect();
            Some(each?.concat())
        }
        Filter::Pipe(first, second) => {
            let each: Option<Vec<Vec<Value>>> =
                apply(first, value, bound)?.iter().map(|own| apply(second, own, bound)).collect();
            Some(each?.concat())
        }
        Filter::Operator(sign, left, right) => operator(sign, left, right, (value, bound)).and_then(one),
        Filter::Call(name, arguments) => call(name, arguments, value, bound),
    }
}

fn operator(sign: &str, left: &Filter, right: &Filter, (value, bound): (&Value, Bound<'_>)) -> Option<Value> {
    let single = |filter: &Filter| match &apply(filter, value, bound)?[..] {
        [one] => Some(one.clone()),
        _ => None,
    };
    let left = single(left)?;
    let number = |value: &Value| value.as_f64();
    Some(Value::Bool(match sign {
        "and" => is_true(&left) && is_true(&single(right)?),
        "or" => is_true(&left) || is_true(&single(right)?),
        "==" => left == single(right)?,
        "!=" => left != single(right)?,
        ">" => number(&left)? > number(&single(right)?)?,
        _ => number(&left)? < number(&single(right)?)?,
    }))
}

/// Source: the manual, `contains`: an array contains another if each of its members is in a member of the first, and a text
/// another that is a part of it.
fn contains(value: &Value, part: &Value) -> Option<bool> {
    match (value, part) {
        (Value::String(text), Value::String(part)) => Some(text.contains(part.as_str())),
        (Value::Array(items), Value::Array(parts)) => {
            let within = |part: &Value| {
                let found: Option<Vec<bool>> = items.iter().map(|item| contains(item, part)).collect();
                Some(found?.contains(&true))
            };
            let all: Option<Vec<bool>> = parts.iter().map(within).collect();
            Some(all?.iter().all(|own| *own))
        }
        (Value::Object(_), _) | (_, Value::Object(_)) => None,
        (value, part) => Some(value == part),
    }
}

fn call(name: &str, arguments: &[Filter], value: &Value, bound: Bound<'_>) -> Option<Vec<Value>> {
    let items = || match value {
        Value::Array(items) => Some(items.clone()),
        Value::Object(members) if !members.contains_key(UNKNOWN) => Some(members.values().cloned().collect()),
        _ => None,
    };
    // Whether each member is true to the condition, or itself.
    let truths = |of: Vec<Value>| -> Option<Vec<bool>> {
        let test = |item: &Value| match arguments {
            [] => Some(is_true(item)),
            [condition] => apply(condition, item, bound)?.last().map(is_true),
            _ => None,
        };
        of.iter().map(test).collect()
    };
    let one = |value: Value| Some(vec![value]);
    match (name, arguments) {
        ("all", _) => one(Value::Bool(truths(items()?)?.into_iter().all(|own| own))),
        ("any", _) => one(Value::Bool(truths(items()?)?.into_iter().any(|own| own))),
        ("select", [_]) => Some(if truths(vec![value.clone()])? == [true] { vec![value.clone()] } else { Vec::new() }),
        ("contains", [part]) => match &apply(part, value, bound)?[..] {
            [part] => one(Value::Bool(contains(value, part)?)),
            _ => None,
        },
        ("IN", [among]) => one(Value::Bool(apply(among, value, bound)?.contains(value))),
        ("not", []) => one(Value::Bool(!is_true(value))),
        ("map", [inner]) => {
            let each: Option<Vec<Vec<Value>>> = items()?.iter().map(|item| apply(inner, item, bound)).collect();
            one(Value::Array(each?.concat()))
        }
        ("length", []) => items().and_then(|items| one(Value::from(items.len()))),
        ("keys", []) => match value {
            Value::Object(members) => one(members.keys().cloned().collect()),
            _ => None,
        },
        ("to_entries", []) => match value {
            Value::Object(members) if !members.contains_key(UNKNOWN) => {
                let entry = |(key, value): (&String, &Value)| serde_json::json!({ "key": key, "value": value });
                one(members.iter().map(entry).collect())
            }
            _ => None,
        },
        ("join", [Filter::Literal(Value::String(by))]) => {
            let texts: Option<Vec<String>> = items()?.iter().map(|item| item.as_str().map(str::to_owned)).collect();
            one(Value::String(texts?.join(by)))
        }
        _ => None,
    }
}

/// The words and signs of a filter; a string with an interpolation is text that is not known.
fn tokens(filter: &str) -> Option<Vec<String>> {
    let (mut found, mut rest) = (Vec::new(), filter.trim_start());
    while let Some(first) = rest.chars().next() {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = match first {
            '"' => {
                let mut depth = 0i32;
                let mut before = ' ';
                let end = rest[1..].find(|c| {
                    depth += i32::from(c == '(' && before == '\\') - i32::from(c == ')' && depth > 0);
                    let closes = c == '"' && before != '\\' && depth == 0;
                    before = c;
                    closes
                });
                end? + 2
            }
            c if is_name(c) => rest.find(|c| !is_name(c)).unwrap_or(rest.len()),
            _ if ["==", "!="].iter().any(|sign| rest.starts_with(sign)) => 2,
            '$' => 1 + rest[1..].find(|c| !is_name(c)).unwrap_or(rest.len() - 1),
            '.' | '|' | '(' | ')' | '[' | ']' | '<' | '>' | ',' => 1,
            _ => return None,
        };
        found.push(rest.get(..length)?.to_owned());
        rest = rest.get(length..)?.trim_start();
    }
    Some(found)
}

/// A string with a hole for each `\(...)` in it.
fn interpolated(text: &str) -> String {
    let mut parts = text.split("\\(");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut depth = 1;
        let end = part.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        out.push(HOLE);
        out.push_str(end.map_or("", |end| &part[end + 1..]));
    }
    out
}

struct Reading {
    tokens: Vec<String>,
    at: usize,
    depth: usize,
}

impl Reading {
    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", String::as_str)
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.peek() == token;
        self.at += usize::from(found);
        found
    }

    fn pipe(&mut self) -> Option<Filter> {
        self.depth += 1;
        if self.depth > super::MAX_DEPTH {
            return None;
        }
        let mut filter = self.comma()?;
        if self.take("as") {
            let name = self.peek().to_owned();
            self.at += 1;
            let bound = name.starts_with('$') && name.len() > 1 && self.take("|");
            let body = bound.then(|| self.pipe()).flatten()?;
            filter = Filter::Bind(name, Box::new(filter), Box::new(body));
        } else if self.take("|") {
            filter = Filter::Pipe(Box::new(filter), Box::new(self.pipe()?));
        }
        self.depth -= 1;
        Some(filter)
    }

    fn comma(&mut self) -> Option<Filter> {
        let mut filter = self.operators(&[&["or"], &["and"], &["==", "!=", "<", ">"]])?;
        while self.take(",") {
            let next = self.operators(&[&["or"], &["and"], &["==", "!=", "<", ">"]])?;
            filter = Filter::Both(Box::new(filter), Box::new(next));
        }
        Some(filter)
    }

    /// Operators, those that bind least first.
    fn operators(&mut self, levels: &[&[&str]]) -> Option<Filter> {
        let Some((signs, tighter)) = levels.split_first() else { return self.term() };
        let mut left = self.operators(tighter)?;
        while signs.contains(&self.peek()) {
            let sign = self.peek().to_owned();
            self.at += 1;
            left = Filter::Operator(sign, Box::new(left), Box::new(self.operators(tighter)?));
        }
        Some(left)
    }

    fn term(&mut self) -> Option<Filter> {
        let token = self.peek().to_owned();
        self.at += 1;
        let first_dot = token == ".";
        let mut filter = match token.as_str() {
            "." => {
                self.at -= usize::from(self.peek() != "[");
                Filter::Identity
            }
            "(" => self.closed(")")?,
            "[" => Filter::Collect(Box::new(self.closed("]")?)),
            text if text.starts_with('"') => Filter::Literal(serde_json::from_str(&interpolated(text)).ok()?),
            "true" | "false" | "null" => Filter::Literal(serde_json::from_str(&token).ok()?),
            text if text.starts_with('$') && text.len() > 1 => Filter::Variable(token),
            text if text.starts_with(|c: char| c.is_ascii_digit()) => Filter::Literal(serde_json::from_str(text).ok()?),
            text if text.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                let arguments = if self.take("(") { vec![self.closed(")")?] } else { Vec::new() };
                Filter::Call(token, arguments)
            }
            _ => return None,
        };
        while let Some(next) = self.suffix(first_dot)? {
            filter = Filter::Pipe(Box::new(filter), Box::new(next));
        }
        Some(filter)
    }

    fn closed(&mut self, by: &str) -> Option<Filter> {
        let filter = self.pipe()?;
        self.take(by).then_some(filter)
    }

    /// `.name`, `[]`, or nothing more; behind a first `.` that stands alone there is nothing.
    fn suffix(&mut self, dot: bool) -> Option<Option<Filter>> {
        if self.take("[") {
            return self.take("]").then_some(Some(Filter::Each));
        }
        if !self.take(".") {
            return Some(None);
        }
        let name = self.peek().to_owned();
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        match name.as_str() {
            "[" => Some(Some(Filter::Identity)),
            _ if is_name && !matches!(name.as_str(), "and" | "or") => {
                self.at += 1;
                Some(Some(Filter::Field(name)))
            }
            // `.` and no more.
            _ if dot => Some(None),
            _ => None,
        }
    }
}
