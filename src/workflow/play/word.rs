//! Words: what their quotes, variables and substitutions come to (manual, Shell Expansions).

use super::HOLE;
use super::state::{State, UNKNOWN_CODE, Var};
use super::tree::Node;
use crate::workflow::condition::Truth;

fn hole() -> String {
    HOLE.to_string()
}

impl<'s> State<'s> {
    /// The text of a word that is not split.
    pub fn text(&mut self, node: Node<'s>) -> Option<String> {
        let source = self.source.get(node.byte_range())?;
        Some(match node.kind() {
            // `~` is the folder of whoever runs it.
            "word" if source.starts_with('~') => hole(),
            "word" | "number" | "variable_name" => unescape(source, |_| true),
            "raw_string" => source.trim_matches('\'').to_owned(),
            "ansi_c_string" if !source.contains('\\') => source.get(2..source.len().saturating_sub(1))?.to_owned(),
            "ansi_c_string" if source == r"$'\n'" => "\n".to_owned(),
            "string" => self.pieces(node, node.start_byte() + 1, node.end_byte().saturating_sub(1))?,
            "heredoc_body" if source.contains('`') => hole(),
            "heredoc_body" => self.pieces(node, node.start_byte(), node.end_byte())?,
            "concatenation" => {
                let parts = node.children();
                parts.into_iter().map(|part| self.text(part)).collect::<Option<Vec<_>>>()?.concat()
            }
            "simple_expansion" | "expansion" => self.parameter(source)?.join(" "),
            "command_substitution" => self.substitution(node)?,
            "arithmetic_expansion" => match node.children()[..] {
                [one] => self.number(one)?.map_or_else(hole, |number| number.to_string()),
                _ => hole(),
            },
            _ => hole(),
        })
    }

    /// What stands between quotes: literal text, and expansions in it.
    fn pieces(&mut self, node: Node<'s>, start: usize, end: usize) -> Option<String> {
        let (mut out, mut at) = (String::new(), start);
        let literal = |text: &str| unescape(text, |c| "$`\"\\\n".contains(c));
        for child in node.children() {
            if matches!(child.kind(), "string_content" | "heredoc_content") {
                continue;
            }
            out.push_str(&literal(self.source.get(at..child.start_byte())?));
            out.push_str(&self.text(child)?);
            at = child.end_byte();
        }
        out.push_str(&literal(self.source.get(at..end)?));
        Some(out)
    }

    /// What a substituted command prints, without the line ends behind it. `-e` does not hold in it (manual, Command
    /// Execution Environment).
    fn substitution(&mut self, node: Node<'s>) -> Option<String> {
        let parts = node.children();
        if parts.iter().any(|part| part.kind() == "file_redirect") {
            return Some(hole());
        }
        let (succeeds, out) = self.apart(&parts, false)?;
        self.substituted = succeeds;
        Some(out.trim_end_matches('\n').to_owned())
    }

    /// The words that one word comes to.
    pub fn fields(&mut self, node: Node<'s>) -> Option<Vec<String>> {
        let source = self.source.get(node.byte_range())?;
        match node.kind() {
            "simple_expansion" | "expansion" => {
                let all = self.parameter(source)?;
                Some(all.iter().flat_map(|text| text.split_whitespace()).map(str::to_owned).collect())
            }
            "command_substitution" => Some(self.text(node)?.split_whitespace().map(str::to_owned).collect()),
            "string" => {
                let inner = source.get(1..source.len().saturating_sub(1))?;
                let alone = matches!(node.children()[..], [one] if one.byte_range().len() == inner.len());
                let list = inner == "$@" || (inner.starts_with("${") && inner.ends_with("[@]}"));
                if alone && list { self.parameter(inner) } else { Some(vec![self.text(node)?]) }
            }
            "word" | "concatenation" if self.expands_braces(node) => None,
            _ => Some(vec![self.text(node)?]),
        }
    }

    /// Whether braces stand outside of quotes in a word that may be a list: `{a,b}`.
    fn expands_braces(&self, node: Node<'s>) -> bool {
        let parts = if node.kind() == "word" { vec![node] } else { node.children() };
        let bare = parts.iter().filter(|part| !matches!(part.kind(), "string" | "raw_string"));
        let text: String = bare.filter_map(|part| self.source.get(part.byte_range())).collect();
        text.contains('{') && (text.contains(',') || text.contains(".."))
    }

    /// The same where it counts how many they are.
    pub fn known_fields(&mut self, node: Node<'s>) -> Option<Vec<String>> {
        let quoted = node.kind() == "string";
        self.fields(node).filter(|fields| quoted || !fields.iter().any(|field| field.contains(HOLE)))
    }

    /// What a variable comes to, written `$x` or `${x...}`: one text, or the members of an array.
    fn parameter(&mut self, source: &str) -> Option<Vec<String>> {
        let braced = source.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        let Some(inner) = braced else { return Some(self.value(source.get(1..)?, None)) };
        if let Some(name) = inner.strip_prefix('#').filter(|name| !name.is_empty()) {
            let (name, key) = subscript(name);
            let values = self.value(name, key);
            let count = if key.is_some() { values.len() } else { values.concat().chars().count() };
            let known = !values.iter().any(|value| value.contains(HOLE))
                && (key.is_none() || self.vars.contains_key(name))
                || self.is_array(name);
            return Some(vec![if known { count.to_string() } else { hole() }]);
        }
        if let Some(name) = inner.strip_prefix('!') {
            let keys = subscript(name);
            return Some(match (keys.1, self.vars.get(keys.0)) {
                (Some("@" | "*"), Some(Var::Array(all))) => all.iter().map(|(key, _)| key.clone()).collect(),
                (None, Some(Var::Text(other))) if !other.contains(HOLE) => self.value(&other.clone(), None),
                _ => vec![hole()],
            });
        }
        let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inner.len());
        let close = if inner[end..].starts_with('[') { inner.find(']')? + 1 } else { end.max(1) };
        let (name, key) = subscript(inner.get(..close)?);
        let values = self.value(name, key);
        let lower = |all: Vec<String>| all.iter().map(|text| text.to_lowercase()).collect();
        Some(match inner.get(close..)? {
            "" => values,
            ",," => lower(values),
            // What is set, if to nothing, stays.
            rest if rest.starts_with('-') && self.vars.contains_key(name) => values,
            rest => match rest.strip_prefix(":-").or_else(|| rest.strip_prefix('-')) {
                Some(default) if values.concat().is_empty() => {
                    vec![if default.contains(['$', '`', '"', '\'']) { hole() } else { default.to_owned() }]
                }
                // What may be empty may have the default.
                Some(_) if values.concat().chars().all(|c| c == HOLE) => vec![hole()],
                Some(_) => values,
                None if rest.starts_with(['?', '=']) || rest.starts_with(":?") || rest.starts_with(":=") => {
                    return None;
                }
                None => vec![hole()],
            },
        })
    }

    fn is_array(&self, name: &str) -> bool {
        matches!(self.vars.get(name), Some(Var::Array(_)))
    }

    /// The values of a variable, or of the members of an array that a key picks.
    fn value(&self, name: &str, key: Option<&str>) -> Vec<String> {
        if let Ok(position) = name.parse::<usize>() {
            let own = position.checked_sub(1).map(|at| self.args.get(at).cloned().unwrap_or_default());
            return vec![own.unwrap_or_else(hole)];
        }
        match (name, self.vars.get(name)) {
            ("@" | "*", _) => self.args.clone(),
            ("#", _) => vec![self.args.len().to_string()],
            ("?", _) => vec![match self.status {
                Truth::True => "0".to_owned(),
                Truth::False if self.code != UNKNOWN_CODE => self.code.to_string(),
                Truth::False => hole(),
                Truth::Unknown => hole(),
            }],
            (_, Some(Var::Text(text))) => vec![text.clone()],
            (_, Some(Var::Array(all))) => match key {
                Some("@" | "*") => all.iter().map(|(_, value)| value.clone()).collect(),
                key => vec![self.member(all, key.unwrap_or("0"))],
            },
            (_, None) if self.trial.as_ref().is_some_and(|trial| trial.unset.iter().any(|own| own == name)) => {
                vec![String::new()]
            }
            (_, None) => vec![hole()],
        }
    }

    fn member(&self, all: &[(String, String)], key: &str) -> String {
        let key = key.trim_matches(['"', '\'']);
        let key = match key.strip_prefix('$') {
            Some(name) => self.value(name.trim_matches(['{', '}']), None).concat(),
            None => key.to_owned(),
        };
        let found = all.iter().find(|(own, _)| *own == key).map(|(_, value)| value.clone());
        found.unwrap_or_else(|| if key.contains(HOLE) { hole() } else { String::new() })
    }
}

/// A name and what stands in brackets behind it.
fn subscript(text: &str) -> (&str, Option<&str>) {
    match text.split_once('[') {
        Some((name, key)) => (name, Some(key.trim_end_matches(']'))),
        None => (text, None),
    }
}

/// A text without the backslashes before these characters.
fn unescape(text: &str, special: impl Fn(char) -> bool) -> String {
    let (mut out, mut chars) = (String::new(), text.chars().peekable());
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(&next) if c == '\\' && special(next) => {
                chars.next();
                out.extend(Some(next).filter(|next| *next != '\n'));
            }
            _ => out.push(c),
        }
    }
    out
}
