//! Where a command stands in its script, and the lines around it.
//!
//! Promise: pure. Lines are taken as written: one that ends in `\`, `|` or `&&`, or within a text in quotes, goes on in the
//! next.

/// Where a part of a text stands that was cut out of it; else where the same words first stand.
///
/// The same words may stand in the text before, in a comment even: a part that was cut out knows its own place.
pub(super) fn place_of(text: &str, part: &str) -> Option<usize> {
    let own = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize);
    let is_there = |&at: &usize| at <= text.len() && text.get(at..).is_some_and(|rest| rest.starts_with(part));
    own.filter(is_there).or_else(|| text.find(part))
}

/// What stands behind a part of a text.
pub(super) fn behind<'t>(text: &'t str, part: &str) -> &'t str {
    place_of(text, part).map_or("", |at| &text[at + part.len()..])
}

/// Whether a command of a line hands what it prints to another: `|` is the next operator behind it.
pub(super) fn feeds_pipe(line: &str, command: &str) -> bool {
    let rest = behind(line, command);
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'|') => return !rest[at..].starts_with("||"),
            (None, b'\n') if rest[..at].trim_end_matches(' ').ends_with('\\') => {}
            (None, b';' | b'\n') => return false,
            (None, b'&') if rest[at..].starts_with("&&") => return false,
            _ => {}
        }
    }
    false
}

/// The most lines that a text in quotes may take up.
const MOST_QUOTED: usize = 60;

/// A quick look: a quote that is open has no other half.
fn may_be_quoted(part: &str) -> bool {
    [b'\'', b'"'].iter().any(|quote| memchr::memchr_iter(*quote, part.as_bytes()).count() % 2 == 1)
}

/// Whether a quote that is opened in this part of a script is still open at its end.
fn is_quoted(part: &str) -> bool {
    let (mut quote, mut escaped, mut before) = (None, false, b' ');
    let mut bytes = part.bytes();
    while let Some(byte) = bytes.next() {
        match (quote, byte) {
            _ if escaped => escaped = false,
            (None | Some(b'"'), b'\\') => escaped = true,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'#') if before.is_ascii_whitespace() => {
                bytes.by_ref().find(|byte| *byte == b'\n');
            }
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        before = byte;
    }
    quote.is_some()
}

/// The lines of a script that hold a command, with what is redirected behind it.
pub(super) fn statement<'t>(script: &'t str, command: &str) -> &'t str {
    let Some(at) = place_of(script, command) else { return "" };
    let start = script[..at].rfind('\n').map_or(0, |i| i + 1);
    let mut end = at + command.len();
    while let Some(line) = script[end..].find('\n').map(|i| end + i) {
        let before = script[..line].trim_end();
        let goes_on = before.ends_with(['\\', '|']) || before.ends_with("&&");
        // `program | jq '...` with the rest of the text below.
        if !goes_on && may_be_quoted(&script[start..line]) && is_quoted(&script[start..line]) {
            let closes = |end: &usize| !is_quoted(&script[start..*end]);
            let ends = script[line + 1..].match_indices('\n').map(|(i, _)| line + 1 + i).chain([script.len()]);
            if let Some(closed) = ends.take(MOST_QUOTED).find(closes) {
                end = closed;
                continue;
            }
        }
        end = line + usize::from(goes_on);
        if !goes_on {
            return &script[start..end];
        }
    }
    &script[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_was_cut_out_knows_its_place() {
        let script = "# make x\nmake x | tee log\nmake x \\\n  y > z\nrest";
        let last = &script[script.rfind("make x").unwrap()..][..6];
        assert_eq!(statement(script, last), "make x \\\n  y > z");
        assert_eq!(behind(script, statement(script, last)), "\nrest");
        let quoted = "a | jq '\n  .x # don\n' > y\nit isn't\nrest";
        assert_eq!(statement(quoted, "a"), "a | jq '\n  .x # don\n' > y");
        assert_eq!(statement(quoted, "it"), "it isn't");
        assert!(feeds_pipe("a 'x && y' | b && c", "a") && !feeds_pipe("a && b | c", "a") && !feeds_pipe("a || b", "a"));
        let inner = "x=\"$(a 2>&1)\"\necho 'one\ntwo'\nrest";
        assert_eq!(statement(inner, &inner[5..6]), "x=\"$(a 2>&1)\"");
        assert!(feeds_pipe("a x \\\n  | b", "a"));
        // Words from elsewhere stand where they first do.
        let elsewhere = String::from("make x");
        assert_eq!(statement(script, &elsewhere), "# make x");
        assert_eq!(statement(script, "make q"), "");
        assert_eq!(behind(script, "make q"), "");
    }
}
