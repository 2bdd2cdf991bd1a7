//! A line of plain YAML, and the scalars on it.

use crate::yaml::build::Spot;
use crate::yaml::events::{Style, Value};

/// The longest key: past 1,024 characters YAML knows no simple keys.
const MAX_KEY: usize = 1000;

/// The lines from some place on.
#[derive(Clone, Copy)]
pub(super) struct Lines<'t> {
    pub(super) rest: &'t str,
    /// The number of the last line that was given, from 1.
    pub(super) number: usize,
}

#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    pub(super) text: &'t str,
    pub(super) number: usize,
}

impl<'t> Lines<'t> {
    pub(super) fn next(&mut self) -> Option<Line<'t>> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', self.rest.as_bytes());
        let text = &self.rest[..end.unwrap_or(self.rest.len())];
        self.rest = end.map_or("", |end| &self.rest[end + 1..]);
        self.number += 1;
        Some(Line { text, number: self.number })
    }
}

impl Line<'_> {
    /// The place of a byte of the line.
    pub(super) fn spot(&self, at: usize) -> Spot {
        let before = &self.text[..at];
        let characters = if before.is_ascii() { at } else { before.chars().count() };
        Spot { line: self.number, column: characters + 1 }
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The next byte that is no space.
    pub(super) fn skip_spaces(&self, from: usize) -> usize {
        from + spaces(&self.text[from..])
    }

    /// Whether a blank or the end stands here.
    fn is_blank(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b' '))
    }

    /// Whether nothing but white space and a comment stands from here on.
    pub(super) fn ends(&self, at: usize) -> bool {
        let next = self.skip_spaces(at);
        match self.byte(next) {
            None => true,
            Some(byte) => byte == b'#' && next > at,
        }
    }
}

pub(super) fn spaces(text: &str) -> usize {
    text.bytes().take_while(|&byte| byte == b' ').count()
}

/// Whether a line, its indentation left out, is an item of a sequence.
pub(super) fn is_item(rest: &str) -> bool {
    rest.starts_with("- ") || rest == "-"
}

/// A scalar on one line.
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) style: Style,
    /// The place behind it.
    pub(super) end: usize,
}

impl Word<'_> {
    pub(super) fn value(&self) -> Value {
        let text = if self.style == Style::Single { self.text.replace("''", "'") } else { self.text.to_owned() };
        Value::Scalar(text, self.style)
    }
}

/// A key and the place of its colon.
pub(super) struct Key<'t> {
    pub(super) word: Word<'t>,
    pub(super) colon: usize,
}

impl Key<'_> {
    pub(super) fn value(&self) -> Value {
        self.word.value()
    }
}

/// The key that begins here: the inner `None` where there is none, the outer one where that is not sure.
pub(super) fn key(line: Line<'_>, at: usize) -> Option<Option<Key<'_>>> {
    match line.byte(at)? {
        b'\'' | b'"' => {
            let word = quoted(line, at)?;
            let colon = word.end;
            let is_key = line.byte(colon) == Some(b':');
            if is_key && (!line.is_blank(colon + 1) || colon - at > MAX_KEY) {
                return None;
            }
            Some(is_key.then_some(Key { word, colon }))
        }
        b'|' | b'>' | b'[' | b'{' => Some(None),
        _ if !starts_plain(line, at) => None,
        _ => {
            let bytes = line.text.as_bytes();
            let mut colons = memchr::memchr_iter(b':', &bytes[at..]).map(|found| at + found);
            let Some(colon) = colons.find(|colon| line.is_blank(colon + 1)) else { return Some(None) };
            let text = line.text[at..colon].trim_end_matches(' ');
            if memchr::memmem::find(text.as_bytes(), b" #").is_some() {
                return Some(None);
            }
            let word = Word { text, style: Style::Plain, end: at + text.len() };
            (text.len() <= MAX_KEY).then_some(Some(Key { word, colon }))
        }
    }
}

/// Whether a plain scalar can begin here.
pub(super) fn starts_plain(line: Line<'_>, at: usize) -> bool {
    match line.byte(at) {
        Some(b'-') => !line.is_blank(at + 1),
        Some(byte) => !br#"?:,[]{}#&*!|>'"%@`"#.contains(&byte),
        None => false,
    }
}

/// A plain scalar that is the rest of the line but for a comment.
pub(super) fn plain(line: Line<'_>, at: usize) -> Option<&str> {
    let rest = &line.text[at..];
    let end = memchr::memmem::find(rest.as_bytes(), b" #").unwrap_or(rest.len());
    let text = rest[..end].trim_end_matches(' ');
    let mut colons = memchr::memchr_iter(b':', text.as_bytes());
    let another = colons.any(|colon| matches!(text.as_bytes().get(colon + 1), None | Some(b' ')));
    (starts_plain(line, at) && !another).then_some(text)
}

/// A quoted scalar on one line without an escape by a backslash.
pub(super) fn quoted(line: Line<'_>, at: usize) -> Option<Word<'_>> {
    let quote = line.byte(at)?;
    let bytes = line.text.as_bytes();
    let mut end = at + 1;
    loop {
        end += memchr::memchr(quote, &bytes[end..])?;
        if quote == b'"' || line.byte(end + 1) != Some(quote) {
            break;
        }
        end += 2;
    }
    let text = &line.text[at + 1..end];
    if quote == b'"' && text.contains('\\') {
        return None;
    }
    Some(Word { text, style: if quote == b'"' { Style::Double } else { Style::Single }, end: end + 1 })
}
