//! Text from files on its way into Markdown: it cannot make markup of its own, and no control character goes raw.
//!
//! Names between back-quotes, as messages have them, become code; everything else is escaped (CommonMark, backslash
//! escapes; GitHub's tables for `|`).

use crate::report::json_text;
use crate::report::safe::shown;

/// Running text.
pub fn prose(text: &str) -> String {
    inline(text, false)
}

/// Running text in a cell of a table.
pub fn cell(text: &str) -> String {
    inline(text, true)
}

/// A code span, in a table too: a bar in it would end the cell.
pub fn code(text: &str) -> String {
    span(text, true)
}

/// A code block that nothing in its text can end.
pub fn block(text: &str, language: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    let language: String = language.chars().filter(char::is_ascii_alphanumeric).collect();
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{language}\n{}{end}{fence}", shown(text))
}

/// JSON in a code block; what must not go raw is written as JSON writes it.
pub fn json(value: &serde_json::Value) -> String {
    block(&json_text::text(value), "json")
}

fn inline(text: &str, table: bool) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts: Vec<&str> = line.split('`').collect();
    // An odd back-quote opens nothing.
    let pairs = if parts.len().is_multiple_of(2) { parts.len() - 2 } else { parts.len() - 1 };
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        match index % 2 == 1 && index < pairs {
            true if !part.is_empty() => out.push_str(&span(part, table)),
            true => out.push_str("\\`\\`"),
            false if index > pairs => out.push_str(&format!("\\`{}", plain(part, false))),
            false => out.push_str(&plain(part, out.is_empty())),
        }
    }
    out
}

fn span(text: &str, table: bool) -> String {
    let line = shown(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let line = if table { line.replace('|', "\\|") } else { line };
    let fence = "`".repeat(longest_run(&line) + 1);
    match line.starts_with('`') || line.ends_with('`') || line.is_empty() {
        true => format!("{fence} {line} {fence}"),
        false => format!("{fence}{line}{fence}"),
    }
}

/// Text without markup; `first` says that it may start a line.
fn plain(text: &str, first: bool) -> String {
    let text = shown(text);
    let mut out = String::with_capacity(text.len());
    let chars: Vec<char> = text.chars().collect();
    let number = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    for (index, &c) in chars.iter().enumerate() {
        let word = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphanumeric());
        let escape = match c {
            '\\' | '*' | '[' | ']' | '|' | '~' => true,
            '_' => !(word(index.checked_sub(1)) && word(Some(index + 1))),
            '#' | '>' | '-' | '+' | '=' => first && index == 0,
            '.' | ')' => first && index == number && number > 0,
            _ => false,
        };
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            _ if escape => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

/// The longest run of back-quotes.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_makes_no_markup() {
        for (text, wanted) in [
            ("plain text, (with) a-few_names!", "plain text, (with) a-few_names!"),
            ("step `Do TD` of job `a|b`", "step `Do TD` of job `a|b`"),
            ("# head", "\\# head"),
            ("1. one", "1\\. one"),
            ("1.5 times", "1\\.5 times"),
            ("a *b* _c_ [d](e) <b> &amp; | ~", "a \\*b\\* \\_c\\_ \\[d\\](e) &lt;b> &amp;amp; \\| \\~"),
            ("odd ` quote", "odd \\` quote"),
            ("two\nlines\u{1b}[1m", "two lines\\\\u{1b}\\[1m"),
            ("empty `` pair", "empty \\`\\` pair"),
        ] {
            assert_eq!(prose(text), wanted, "{text:?}");
        }
        assert_eq!(cell("a `b|c` | d"), "a `b\\|c` \\| d");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(block("x\n````\n", "diff`"), "`````diff\nx\n````\n`````");
        assert_eq!(json(&serde_json::json!("\u{202e}")), "```json\n\"\\u202e\"\n```");
    }
}
