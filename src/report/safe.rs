//! Text from files on its way to a terminal, a log or a message: what a terminal or a runner would act on, and what
//! nobody sees, is shown, never sent raw.

use std::borrow::Cow;

/// The text with control, bidirectional and invisible characters written as `\u{..}`; line feeds and tabs stay. A line
/// that begins with `::` has its first colon written so too: GitHub Actions would read it as a command.
///
/// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>; the runner passes over
/// white space before the `::`.
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) && !text.contains("::") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut leading = true;
    for (at, c) in text.char_indices() {
        let command = leading && text[at..].starts_with("::");
        if is_unsafe(c) || command {
            out.extend(c.escape_unicode())
        } else {
            out.push(c)
        }
        leading = c == '\n' || leading && c.is_whitespace();
    }
    Cow::Owned(out)
}

/// The text on one line, cut off to at most `most` characters.
pub fn short(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = shown(&line);
    if line.chars().count() <= most {
        return line.into_owned();
    }
    let head: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", head.trim_end())
}

/// "1 comment", "2 comments".
pub fn plural(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

/// Whether a character must not go out raw: a control other than line feed and tab, one that turns the direction of
/// text around, one that breaks a line where nobody expects it, one that nobody sees.
pub fn is_unsafe(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        // Soft hyphen, Arabic letter mark, Mongolian vowel separator; zero widths and marks of direction; line and
        // paragraph separators, embeddings and overrides; invisible operators and isolates; the byte order mark;
        // annotations; tags.
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        c => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_a_command_of_github_actions() {
        assert_eq!(shown("a ::b\n \t::error::x"), "a ::b\n \t\\u{3a}:error::x");
        assert_eq!(shown("::stop-commands::x"), "\\u{3a}:stop-commands::x");
    }

    #[test]
    fn nothing_reaches_a_terminal_raw() {
        assert_eq!(shown("a\x1b[31mb\u{202e}c\r"), "a\\u{1b}[31mb\\u{202e}c\\u{d}");
        assert_eq!(shown("é\n\t"), "é\n\t");
        assert_eq!(shown("\u{9b}\u{200b}\u{2066}\u{e0041}"), "\\u{9b}\\u{200b}\\u{2066}\\u{e0041}");
        assert_eq!(short("a\n  bcd efgh", 6), "a bcd…");
    }
}
