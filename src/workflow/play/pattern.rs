//! Patterns of `case` and `[[ ]]`, as regular expressions (manual, Pattern Matching).

use regex::Regex;

use super::HOLE;
use super::state::State;
use super::tree::Node;
use crate::workflow::condition::Truth;

/// A pattern that has to fit the whole of a text, or a regular expression that fits some part.
#[derive(Debug)]
pub(super) struct Pattern {
    search: Option<Search>,
    /// Whether what fits a part of a text fits the whole.
    anywhere: bool,
    whole: bool,
}

/// What is sought: most often a text as it stands, with anything before and behind it or with nothing.
#[derive(Debug)]
enum Search {
    Text { text: String, open: (bool, bool) },
    Regex(Regex),
}

impl Search {
    fn regex(expression: &str) -> Option<Search> {
        Regex::new(expression).ok().map(Search::Regex)
    }

    fn is_match(&self, text: &str) -> bool {
        match self {
            Search::Regex(regex) => regex.is_match(text),
            Search::Text { text: own, open } => match open {
                (true, true) => text.contains(own),
                (true, false) => text.ends_with(own),
                (false, true) => text.starts_with(own),
                (false, false) => text == own,
            },
        }
    }
}

/// The one text that an expression fits.
fn literal(expression: &str) -> Option<String> {
    const SIGNS: &str = r"\.+*?()|[]{}^$";
    let (mut out, mut chars) = (String::new(), expression.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push(chars.next().filter(|&next| SIGNS.contains(next) || "#&-~".contains(next))?),
            _ if SIGNS.contains(c) => return None,
            _ => out.push(c),
        }
    }
    Some(out)
}

impl Pattern {
    /// A regular expression of `=~`, or of `grep -E`.
    pub fn regex(text: &str) -> Pattern {
        let search = || match literal(text) {
            Some(text) => Some(Search::Text { text, open: (true, true) }),
            None => Search::regex(text),
        };
        // What the two kinds of expressions read otherwise.
        let otherwise = [r"\d", r"\D", "*?", "+?", "??", "}?"].iter().any(|part| text.contains(part));
        let search = if text.contains(HOLE) || otherwise { None } else { search() };
        Pattern { search, anywhere: !text.contains(['^', '$', '\\']), whole: false }
    }

    /// A pattern that was made to an expression; `any` where it begins and ends with `*`.
    fn glob(expression: &str, any: bool) -> Pattern {
        let search = || {
            let rest = expression.strip_prefix(".*");
            let inner = rest.unwrap_or(expression).strip_suffix(".*");
            let open = (rest.is_some(), inner.is_some());
            match literal(inner.or(rest).unwrap_or(expression)) {
                Some(text) => Some(Search::Text { text, open }),
                None => Search::regex(&format!("^(?s:{expression})$")),
            }
        };
        let search = if expression.contains(HOLE) { None } else { search() };
        Pattern { search, anywhere: any, whole: expression == ".*" }
    }

    /// Whether a text fits; around a hole only what is known counts.
    pub fn fits(&self, text: &str) -> Truth {
        match &self.search {
            None => Truth::Unknown,
            Some(_) if self.whole => Truth::True,
            Some(search) if !text.contains(HOLE) => Truth::from(search.is_match(text)),
            Some(search) if self.anywhere && text.split(HOLE).any(|part| search.is_match(part)) => Truth::True,
            Some(_) => Truth::Unknown,
        }
    }
}

impl<'s> State<'s> {
    /// A pattern as it is written: what is quoted stands for itself.
    pub fn pattern(&mut self, node: Node<'s>) -> Option<Pattern> {
        let expression = self.expression(node, false)?;
        let any = expression.starts_with(".*") && expression.ends_with(".*");
        Some(Pattern::glob(&expression, any))
    }

    /// The right side of `=~`.
    pub fn regex(&mut self, node: Node<'s>) -> Option<Pattern> {
        Some(Pattern::regex(&self.expression(node, true)?))
    }

    fn expression(&mut self, node: Node<'s>, regex: bool) -> Option<String> {
        match node.kind() {
            "string" | "raw_string" | "ansi_c_string" => Some(regex::escape(&self.text(node)?)),
            "concatenation" => {
                let mut all = String::new();
                for part in node.children() {
                    all.push_str(&self.expression(part, regex)?);
                }
                Some(all)
            }
            "word" | "extglob_pattern" | "regex" | "number" => {
                let text = self.source.get(node.byte_range())?;
                Some(translate(text, regex))
            }
            _ => {
                let text = self.text(node)?;
                Some(if regex { text } else { translate(&text, false) })
            }
        }
    }
}

/// A pattern's unquoted text as an expression, with a hole where it is not known.
fn translate(text: &str, regex: bool) -> String {
    let (mut out, mut chars, mut quote) = (String::new(), text.chars().peekable(), None);
    while let Some(c) = chars.next() {
        match c {
            '"' | '\'' if quote.is_none() => quote = Some(c),
            _ if quote == Some(c) => quote = None,
            '$' if quote != Some('\'') && chars.peek().is_some_and(|c| c.is_alphanumeric() || "{(_".contains(*c)) => {
                out.push(HOLE);
            }
            _ if quote.is_some() => out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
            _ if regex => out.push(c),
            '\\' => out.extend(chars.next().map(|next| regex::escape(next.encode_utf8(&mut [0; 4])))),
            '@' if chars.peek() == Some(&'(') => {
                chars.next();
                out.push_str("(?:");
            }
            '!' | '+' | '?' | '*' if chars.peek() == Some(&'(') => out.push(HOLE),
            '*' => out.push_str(".*"),
            '?' => out.push('.'),
            '(' | ')' | '|' | '[' | ']' | '-' => out.push(c),
            _ => out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    out
}
