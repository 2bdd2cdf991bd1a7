//! Comment templates: text with `{variable}`s, rendered as comment lines, and recognised again.

use crate::yaml::{Fault, Fields};

/// The most variables in a template: each may stand for a comment as large as a file.
const MAX_VARIABLES: usize = 16;

/// A comment template, its variables checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    lines: Vec<Vec<Part>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable(String),
}

impl Template {
    /// Reads a template from a rule file.
    ///
    /// # Errors
    /// It is absent or empty, or has a control character or a variable outside `known`.
    pub fn read(fields: &Fields<'_>, key: &str, known: &[&str]) -> Result<Template, Fault> {
        let text = fields.required(key)?;
        let template = Template { lines: text.trim_end().lines().map(parts).collect() };
        if text.contains(|c: char| c.is_control() && c != '\n') {
            return Err(fields.fault_at(key, format!("`{key}` holds a control character"), "write plain text"));
        }
        if template.variables().count() > MAX_VARIABLES {
            let cause = format!("more than {MAX_VARIABLES} variables in `{key}`");
            return Err(fields.fault_at(key, cause, "say it once"));
        }
        let unknown = template.variables().find(|name| !known.contains(name));
        match unknown {
            Some(name) => Err(fields.fault_at(
                key,
                format!("unknown variable `{{{name}}}` in `{key}`"),
                format!("known here: {}", known.iter().map(|k| format!("{{{k}}}")).collect::<Vec<_>>().join(", ")),
            )),
            None => Ok(template),
        }
    }

    fn variables(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().flatten().filter_map(|part| match part {
            Part::Variable(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// Whether the template has words of its own, by which a later run can recognise what it wrote.
    pub fn has_words(&self) -> bool {
        self.lines.iter().flatten().any(|part| match part {
            Part::Text(text) => text.chars().any(char::is_alphabetic),
            Part::Variable(_) => false,
        })
    }

    /// Whether the template uses a variable.
    pub fn uses(&self, name: &str) -> bool {
        self.variables().any(|used| used == name)
    }

    /// Whether a variable stands as a word of its own wherever it is used, so that a later run finds its value.
    pub fn stands_apart(&self, name: &str) -> bool {
        let touches = |pair: &[Part]| match pair {
            [Part::Variable(own), Part::Text(text)] => own == name && text.starts_with(in_name),
            [Part::Text(text), Part::Variable(own)] => own == name && text.ends_with(in_name),
            [Part::Variable(one), Part::Variable(other)] => one == name || other == name,
            _ => false,
        };
        !self.lines.iter().any(|line| line.windows(2).any(touches))
    }

    /// The comment lines, each from `#`; a variable without a value stays empty.
    pub fn render(&self, values: &[(&str, &str)]) -> Vec<String> {
        self.lines.iter().map(|line| comment_line(&render_line(line, values))).collect()
    }

    /// How many lines it renders to.
    pub fn height(&self) -> usize {
        self.lines.len()
    }

    /// Whether these comment lines (each from `#`) are this template with some values, each in `fixed` as given.
    pub fn matches(&self, comments: &[&str], fixed: &[(&str, &str)]) -> bool {
        comments.len() == self.lines.len()
            && self.lines.iter().zip(comments).all(|(line, text)| matches_line(&pattern(line, fixed), text))
    }
}

/// Whether a sign may be part of a name: what stands beside a name, and is one, makes it another.
pub(super) fn in_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

fn comment_line(text: &str) -> String {
    if text.is_empty() { "#".to_owned() } else { format!("# {text}") }
}

fn render_line(line: &[Part], values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for part in line {
        match part {
            // "{comment}." after a comment that ends in a full stop keeps one.
            Part::Text(text) if text.starts_with('.') && out.ends_with('.') => out.push_str(&text[1..]),
            Part::Text(text) => out.push_str(text),
            Part::Variable(name) => out.push_str(value(values, name).unwrap_or_default()),
        }
    }
    out.trim_end().to_owned()
}

fn value<'v>(values: &[(&str, &'v str)], name: &str) -> Option<&'v str> {
    values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

/// The literal pieces of a comment line, between which anything may stand.
fn pattern(line: &[Part], fixed: &[(&str, &str)]) -> Vec<String> {
    let mut pieces = vec![String::from("# ")];
    for part in line {
        let text = match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Variable(name) => value(fixed, name),
        };
        match (text, pieces.last_mut()) {
            (Some(text), Some(last)) => last.push_str(text),
            _ => pieces.push(String::new()),
        }
    }
    if line.is_empty() {
        pieces = vec!["#".to_owned()];
    }
    pieces
}

fn matches_line(pieces: &[String], text: &str) -> bool {
    let text = text.trim_end();
    if pieces.concat().trim_end() == text {
        return true;
    }
    let Some((first, rest)) = pieces.split_first() else { return text.is_empty() };
    let Some((last, middle)) = rest.split_last() else { return text == first.trim_end() };
    let Some(mut at) = text.strip_prefix(first.as_str()) else { return false };
    for piece in middle {
        match at.find(piece.as_str()) {
            Some(i) => at = &at[i + piece.len()..],
            None => return false,
        }
    }
    at.ends_with(last.trim_end())
}

/// Splits a line at `{name}`; other braces are text.
fn parts(line: &str) -> Vec<Part> {
    let (mut parts, mut text, mut rest) = (Vec::new(), String::new(), line);
    while let Some(open) = rest.find('{') {
        let name: String = rest[open + 1..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
        let close = open + 1 + name.len();
        let is_variable = !name.is_empty() && rest[close..].starts_with('}') && !rest[..open].ends_with('{');
        if is_variable {
            text.push_str(&rest[..open]);
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            parts.push(Part::Variable(name));
            rest = &rest[close + 1..];
        } else {
            text.push_str(&rest[..=open]);
            rest = &rest[open + 1..];
        }
    }
    text.push_str(rest);
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(text: &str) -> Template {
        Template { lines: text.lines().map(parts).collect() }
    }

    #[test]
    fn renders_and_recognises_itself() {
        let template = template("Gone: {jobs} ({date}).\n\nSee ${{ x }} {comment}.");
        let lines = template.render(&[("jobs", "a and b"), ("date", "2026-01-02"), ("comment", "why.")]);
        assert_eq!(lines, ["# Gone: a and b (2026-01-02).", "#", "# See ${{ x }} why."]);
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert!(template.matches(&lines, &[]));
        assert!(template.matches(&lines, &[("jobs", "a and b")]));
        assert!(!template.matches(&lines, &[("jobs", "c")]));
        assert!(!template.matches(&["# other", "#", "# See"], &[]));
    }
}
