//! What would make a query take too long, told from its text alone.

use regex::RegexBuilder;

/// The most descendant segments (`..`) in one query: each multiplies the work by the size of the document.
const MAX_DESCENDANTS: usize = 1;
/// The longest query, in bytes.
const MAX_LENGTH: usize = 4096;
/// The deepest nesting of brackets and parentheses: the parser takes twice as long for each more.
const MAX_NESTING: usize = 8;
/// The most commas in a query.
const MAX_COMMAS: usize = 16;
/// The most that the lists of selectors in brackets may multiply what a query finds.
const MAX_COMBINATIONS: usize = 64;
/// The largest pattern of `match()` or `search()` once it is compiled, in bytes: that happens anew for every node.
const MAX_PATTERN: usize = 64 << 10;
/// The most work of a query on a document: its bytes times the values there.
pub(super) const MAX_WORK: usize = 100_000_000;
/// How many times the work is if the query holds a pattern.
pub(super) const PATTERN_WORK: usize = 50;

/// What is open at a byte of the query.
struct Open {
    at: usize,
    commas: usize,
}

/// Whether the query calls `match()` or `search()`.
///
/// # Errors
/// The offset and the reason, for one that would take too long.
pub(super) fn check(text: &str) -> Result<bool, (usize, String)> {
    if text.len() > MAX_LENGTH {
        return Err((MAX_LENGTH, format!("the query is longer than {MAX_LENGTH} bytes")));
    }
    let (mut open, mut commas, mut descendants, mut combinations) = (Vec::<Open>::new(), 0, 0, 1usize);
    let (mut wholes, mut patterns, mut literal, mut at) = (0, false, 0..0, 0);
    let bytes = text.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'\'' | b'"') => {
                literal = at..end_of_literal(bytes, at, quote);
                at = literal.end;
            }
            b'[' | b'(' => open.push(Open { at, commas: 0 }),
            b']' => combinations = combinations.saturating_mul(open.pop().map_or(0, |open| open.commas) + 1),
            b')' => {
                if let Some(open) = open.pop().filter(|open| takes_a_pattern(&text[..open.at])) {
                    patterns = true;
                    pattern(text, open.at, at, &literal)?;
                }
            }
            b',' => {
                commas += 1;
                open.last_mut().into_iter().for_each(|open| open.commas += 1);
            }
            // A whole query anew for every node that a filter looks at.
            b'$' if !open.is_empty() => wholes += 1,
            b'.' if bytes.get(at + 1) == Some(&b'.') => descendants += 1,
            _ => {}
        }
        let over = [
            (open.len() > MAX_NESTING, format!("brackets nest deeper than {MAX_NESTING}")),
            (commas > MAX_COMMAS, format!("more than {MAX_COMMAS} commas")),
            (wholes > 0, "a query inside a filter begins at `$`; only `@` may stand there".to_owned()),
            (descendants > MAX_DESCENDANTS, format!("more than {MAX_DESCENDANTS} descendant segment (`..`)")),
            (
                combinations > MAX_COMBINATIONS,
                format!("its lists multiply what it finds by more than {MAX_COMBINATIONS}"),
            ),
        ];
        if let Some((_, message)) = over.into_iter().find(|(over, _)| *over) {
            return Err((at, message));
        }
        at += 1;
    }
    Ok(patterns)
}

/// Where the literal that opens at `at` closes, or the end of the text.
fn end_of_literal(bytes: &[u8], at: usize, quote: u8) -> usize {
    let mut end = at + 1;
    while end < bytes.len() && bytes[end] != quote {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    end.min(bytes.len())
}

fn takes_a_pattern(before: &str) -> bool {
    before.ends_with("match") || before.ends_with("search")
}

/// Judges the second argument of a call whose parentheses stand at `open` and `close`.
fn pattern(text: &str, open: usize, close: usize, literal: &std::ops::Range<usize>) -> Result<(), (usize, String)> {
    let last = open + text[open..close].trim_end().len();
    if literal.end + 1 != last || literal.start < open {
        return Err((open, "a pattern must stand in quotes: one from the document could take any time".to_owned()));
    }
    // As RFC 9535 has it, a literal is a JSON string, in single quotes too.
    let body = &text[literal.start + 1..literal.end];
    let body = match text.as_bytes()[literal.start] {
        b'"' => body.to_owned(),
        _ => body.replace("\\'", "'").replace('"', "\\\""),
    };
    let Ok(pattern) = serde_json::from_str::<String>(&format!("\"{body}\"")) else { return Ok(()) };
    match RegexBuilder::new(&pattern).size_limit(MAX_PATTERN).build() {
        Err(regex::Error::CompiledTooBig(_)) => {
            Err((literal.start, format!("the pattern is larger than {MAX_PATTERN} bytes once it is compiled")))
        }
        // What is no pattern matches nothing.
        _ => Ok(()),
    }
}
