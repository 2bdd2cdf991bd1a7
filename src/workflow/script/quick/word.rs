//! Words, with strings in them.

use super::{Quick, RESERVED};

/// What may stand in a word without quotes and means nothing.
const fn is_ordinary(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || byte >= 0x80
        || matches!(
            byte,
            b'_' | b'-' | b'.' | b'/' | b':' | b'@' | b',' | b'+' | b'%' | b'^' | b'=' | b'~' | b'*' | b'?'
        )
}

const ORDINARY: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = is_ordinary(byte as u8);
        byte += 1;
    }
    table
};

impl Quick<'_> {
    /// One word; the substitutions in it become nodes.
    pub(super) fn word(&mut self) -> Option<()> {
        let start = self.at;
        // The parser takes it for an operator, wherever it stands.
        if self.starts_with("==") || self.starts_with("=~") {
            return None;
        }
        loop {
            while self.peek().is_some_and(|byte| ORDINARY[usize::from(byte)]) {
                self.at += 1;
            }
            match self.peek() {
                Some(b'\'') => self.raw()?,
                Some(b'"') => {
                    let from = self.at;
                    self.string()?;
                    let over_lines = memchr::memchr(b'\n', &self.bytes[from..self.at]).is_some();
                    if over_lines && self.peek().is_some_and(|byte| ORDINARY[usize::from(byte)]) {
                        return None;
                    }
                }
                // `done$x` is a word to the shell, and not to the parser.
                Some(b'$') if RESERVED.contains(&&self.text[start..self.at]) => return None,
                Some(b'$') => self.dollar()?,
                Some(b'\\') => {
                    let next = *self.bytes.get(self.at + 1)?;
                    if next == b' ' && self.at > start && ORDINARY[usize::from(self.bytes[self.at - 1])] {
                        self.at += 2;
                        continue;
                    }
                    if next.is_ascii_whitespace() || next >= 0x80 {
                        return None;
                    }
                    self.at += 2;
                }
                Some(b'{') if self.at == start => {
                    self.at += self.braces()?;
                }
                Some(b'#') if self.at > start && self.is_within() => self.at += 1,
                None | Some(b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b')' | b'<' | b'>' | b'(') => {
                    return (self.at > start).then_some(());
                }
                Some(_) => return None,
            }
        }
    }

    /// Whether letters stand before what is here, and behind it.
    fn is_within(&self) -> bool {
        let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        is_letter(self.bytes[..self.at].last()) && is_letter(self.bytes.get(self.at + 1))
    }

    pub(super) fn raw(&mut self) -> Option<()> {
        let end = memchr::memchr(b'\'', &self.bytes[self.at + 1..])?;
        self.at += end + 2;
        Some(())
    }

    pub(super) fn string(&mut self) -> Option<()> {
        self.at += 1;
        // Behind the last value in it, or its quote.
        let mut value = self.at;
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' if self.bytes.get(self.at + 1) == Some(&b'\n') => return None,
                b'\\' => self.at += 2,
                b'`' => return None,
                // A pattern that ends: no variable has such a name.
                b'$' if matches!(self.bytes.get(self.at + 1), Some(b'"' | b'|')) => self.at += 1,
                b'$' => {
                    // The parser has a substitution begin right behind what begins with `$` before it, spaces or not.
                    let spaces = value < self.at && self.text[value..self.at].trim().is_empty();
                    if spaces && self.starts_with("$(") && !self.starts_with("$((") {
                        return None;
                    }
                    self.dollar()?;
                    value = self.at;
                }
                b'\n' => {
                    self.at += 1;
                    self.blanks();
                    if self.peek()? == b'#' {
                        return None;
                    }
                }
                _ => self.at += 1,
            }
        }
    }
}
