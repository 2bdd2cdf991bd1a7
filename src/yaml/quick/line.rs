//! A line of plain YAML, and the scalars on it.

use std::borrow::Cow;

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
    /// Whether the whole text is ASCII, as most are.
    pub(super) ascii: bool,
}

#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    pub(super) text: &'t str,
    pub(super) number: usize,
    ascii: bool,
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
        Some(Line { text, number: self.number, ascii: self.ascii })
    }
}

impl Line<'_> {
    /// The place of a byte of the line.
    pub(super) fn spot(&self, at: usize) -> Spot {
        let before = &self.text[..at];
        let characters = if self.ascii || before.is_ascii() { at } else { before.chars().count() };
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

    /// The next colon with a blank or the end behind it.
    ///
    /// Keys are short: to look byte by byte is soonest done.
    fn colon(&self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            at += self.text.as_bytes()[at..].iter().position(|&byte| byte == b':')?;
            if self.is_blank(at + 1) {
                return Some(at);
            }
            at += 1;
        }
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

/// How many spaces a text begins with.
///
/// Eight bytes are looked at together, since every line begins with some: what is left of them where spaces are taken off
/// begins with as many zeros.
pub(super) fn spaces(text: &str) -> usize {
    let (blocks, rest) = text.as_bytes().as_chunks::<8>();
    for (index, block) in blocks.iter().enumerate() {
        let other = u64::from_le_bytes(*block) ^ u64::from_le_bytes([b' '; 8]);
        if other != 0 {
            return 8 * index + other.trailing_zeros() as usize / 8;
        }
    }
    8 * blocks.len() + rest.iter().take_while(|&&byte| byte == b' ').count()
}

/// Whether a line, its indentation left out, is an item of a sequence.
pub(super) fn is_item(rest: &str) -> bool {
    matches!(rest.as_bytes(), [b'-'] | [b'-', b' ', ..])
}

/// A scalar on one line.
pub(super) struct Word<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) style: Style,
    /// The place behind it.
    pub(super) end: usize,
}

impl<'t> Word<'t> {
    pub(super) fn value(self) -> Value<'t> {
        Value::Scalar(self.text, self.style)
    }
}

/// A key and the place of its colon.
pub(super) struct Key<'t> {
    pub(super) word: Word<'t>,
    pub(super) colon: usize,
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
            let Some(colon) = line.colon(at) else { return Some(None) };
            let text = line.text[at..colon].trim_end_matches(' ');
            if text.bytes().any(|byte| byte == b'#') && comment(text).is_some() {
                return Some(None);
            }
            let word = Word { text: text.into(), style: Style::Plain, end: at + text.len() };
            (text.len() <= MAX_KEY).then_some(Some(Key { word, colon }))
        }
    }
}

/// Whether a plain scalar can begin here.
pub(super) fn starts_plain(line: Line<'_>, at: usize) -> bool {
    match line.byte(at) {
        Some(b'-') => !line.is_blank(at + 1),
        Some(byte) => !matches!(
            byte,
            b'?' | b':'
                | b','
                | b'['
                | b']'
                | b'{'
                | b'}'
                | b'#'
                | b'&'
                | b'*'
                | b'!'
                | b'|'
                | b'>'
                | b'\''
                | b'"'
                | b'%'
                | b'@'
                | b'`'
        ),
        None => false,
    }
}

/// Where the space stands that the `#` of a comment is behind.
fn comment(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'#', bytes).filter_map(|at| at.checked_sub(1)).find(|&before| bytes[before] == b' ')
}

/// A plain scalar that is the rest of the line but for a comment.
pub(super) fn plain(line: Line<'_>, at: usize) -> Option<&str> {
    let rest = &line.text[at..];
    let end = comment(rest).unwrap_or(rest.len());
    let text = rest[..end].trim_end_matches(' ');
    let mut colons = memchr::memchr_iter(b':', text.as_bytes());
    let another = colons.any(|colon| matches!(text.as_bytes().get(colon + 1), None | Some(b' ')));
    // `:16:8` as the value of a key.
    let starts = starts_plain(line, at) || line.byte(at) == Some(b':') && !line.is_blank(at + 1);
    (starts && !another).then_some(text)
}

/// A quoted scalar on one line.
pub(super) fn quoted(line: Line<'_>, at: usize) -> Option<Word<'_>> {
    let start = at + 1;
    match line.byte(at)? {
        b'"' => {
            let length = end_of_double(line.text.as_bytes().get(start..)?)?;
            let text = unescaped(&line.text[start..start + length])?;
            Some(Word { text, style: Style::Double, end: start + length + 1 })
        }
        _ => {
            let length = end_of_single(line.text.as_bytes().get(start..)?)?;
            let text = &line.text[start..start + length];
            // Two quotes are one.
            let doubled = memchr::memchr(b'\'', text.as_bytes()).is_some();
            let text = if doubled { text.replace("''", "'").into() } else { text.into() };
            Some(Word { text, style: Style::Single, end: start + length + 1 })
        }
    }
}

/// Where a text in single quotes ends: at the first quote that no other follows.
pub(super) fn end_of_single(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr(b'\'', text.get(at..)?)?;
        if text.get(at + 1) != Some(&b'\'') {
            return Some(at);
        }
        at += 2;
    }
}

/// Where a text in double quotes ends: at the first quote that no backslash stands before.
pub(super) fn end_of_double(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some(at);
        }
        at += 2;
    }
}

/// What a text in double quotes says; `None` if there is an escape in it that is seldom written.
pub(super) fn unescaped(text: &str) -> Option<Cow<'_, str>> {
    if memchr::memchr(b'\\', text.as_bytes()).is_none() {
        return Some(text.into());
    }
    let mut said = String::with_capacity(text.len());
    let mut parts = text.split('\\');
    said.push_str(parts.next()?);
    while let Some(part) = parts.next() {
        let mut letters = part.chars();
        match letters.next() {
            Some('n') => said.push('\n'),
            Some('t') => said.push('\t'),
            Some(letter @ ('"' | '/')) => said.push(letter),
            // Of two backslashes the second is the one that is meant.
            None => {
                said.push('\\');
                letters = parts.next()?.chars();
            }
            _ => return None,
        }
        said.push_str(letters.as_str());
    }
    Some(said.into())
}
