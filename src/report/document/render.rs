//! A document through a template: MiniJinja, with Markdown as its way to escape.
//!
//! Whatever a template prints is escaped as running text unless a filter says what it is: `cell`, `code`, `block`,
//! `json`. Even what is marked `safe` keeps no control character. A variable that is not there is an error, and work is
//! bounded.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

use super::{Kind, markdown};
use crate::report::safe::shown;
use crate::yaml::{Fault, FaultKind, Place};

const SUMMARY: &str = include_str!("summary.md");
const AUDIT: &str = include_str!("audit.md");

/// The most steps that a template may take.
const FUEL: u64 = 20_000_000;

/// The template in the binary for a kind of document, with its name.
pub fn built_in(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Summary => ("summary.md", SUMMARY),
        Kind::Audit => ("audit.md", AUDIT),
    }
}

/// Renders a document.
///
/// # Errors
/// The template is wrong, with its file and line.
pub fn render(name: &str, template: &str, document: &serde_json::Value) -> Result<String, Fault> {
    let fault = |error: Error| {
        let place = Place { file: name.to_owned(), line: error.line().unwrap_or(1), column: 1 };
        let cause = match error.detail() {
            Some(detail) => format!("{}: {detail}", error.kind()),
            None => error.kind().to_string(),
        };
        Fault::at(FaultKind::Rule, place, cause, "docs/report.md lists the variables and filters")
    };
    let environment = environment().map_err(fault)?;
    let mut context = document.clone();
    context["appendix"] = super::appendix(document);
    let rendered = environment.render_named_str(name, template, Value::from(Serde(context))).map_err(fault)?;
    let trimmed = rendered.trim_end();
    Ok(format!("{trimmed}\n"))
}

fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    environment.set_formatter(print);
    environment.add_filter("cell", |value: Value| safe(markdown::cell(&text(&value))));
    environment.add_filter("code", |value: Value| safe(markdown::code(&text(&value))));
    environment.add_filter("block", |value: Value, language: Option<String>| {
        safe(markdown::block(&text(&value), &language.unwrap_or_default()))
    });
    environment.add_filter("json", |value: Value| match serde_json::to_value(&value) {
        Ok(value) => Ok(safe(markdown::json(&value))),
        Err(error) => Err(Error::new(ErrorKind::BadSerialization, error.to_string())),
    });
    Ok(environment)
}

fn safe(text: String) -> Value {
    Value::from_safe_string(text)
}

/// A value as text; null is empty.
fn text(value: &Value) -> String {
    if value.is_none() { String::new() } else { value.to_string() }
}

fn print(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(Error::new(ErrorKind::UndefinedError, "there is no such variable"));
    }
    let text = text(value);
    let text = if value.is_safe() { shown(&text).into_owned() } else { markdown::prose(&text) };
    out.write_str(&text).map_err(|_| Error::new(ErrorKind::WriteFailure, "the document cannot be written"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_escaped_and_errors_have_their_line() {
        let document = json!({ "name": "a | *b*\u{1b}", "none": null, "list": [{ "k": 1 }] });
        let said = render("t.md", "{{ name }} {{ none }}{{ name | code }} {{ name | safe }}", &document).unwrap();
        assert_eq!(said, "a \\| \\*b\\*\\\\u{1b} `a \\| *b*\\u{1b}` a | *b*\\u{1b}\n");
        for (template, place) in [
            ("\n\n{{ nam }}", "t.md:3:1: undefined"),
            ("\n{% for x in list %}{{ x.q }}{% endfor %}", "t.md:2:1: undefined"),
            ("\n{% if %}", "t.md:2:1: syntax error"),
            ("{{ name | nope }}", "t.md:1:1: unknown filter"),
            (
                "{% for a in range(10000) %}{% for b in range(10000) %}x{% endfor %}{% endfor %}",
                "t.md:1:1: engine ran out of fuel",
            ),
            ("{% include 'x' %}", "t.md:1:1:"),
        ] {
            let fault = render("t.md", template, &document).unwrap_err().to_string();
            assert!(fault.starts_with(place), "{template}: {fault}");
        }
    }
}
