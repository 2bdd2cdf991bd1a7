//! Flow collections of plain YAML, each scalar of them on one line.

use super::line::{Line, quoted, spaces, starts_plain};
use super::{MOST, Quick};
use crate::yaml::events::{Style, Value};

impl<'t> Quick<'_, 't> {
    /// A flow collection in a block at `indent`; gives the place behind it.
    pub(super) fn flow(&mut self, line: Line<'t>, at: usize, indent: usize) -> Option<(Line<'t>, usize)> {
        let (empty, close) = match line.byte(at)? {
            b'[' => (Value::Sequence(Vec::new()), b']'),
            _ => (Value::Mapping(Vec::new()), b'}'),
        };
        self.builder.open(empty, 0, None, line.spot(at)).ok()?;
        let (mut line, mut at) = self.next_in_flow(line, at + 1, indent)?;
        while line.byte(at)? != close {
            if close == b'}' {
                let colon = self.flow_scalar(line, at)?;
                if line.byte(colon)? != b':' || line.byte(colon + 1)? != b' ' {
                    return None;
                }
                at = line.skip_spaces(colon + 1);
            }
            let (last, end) = match line.byte(at)? {
                b'[' | b'{' => self.flow(line, at, indent)?,
                _ => (line, self.flow_scalar(line, at)?),
            };
            (line, at) = self.next_in_flow(last, end, indent)?;
            match line.byte(at)? {
                b',' => (line, at) = self.next_in_flow(line, at + 1, indent)?,
                byte if byte == close => {}
                _ => return None,
            }
        }
        self.builder.close();
        Some((line, at + 1))
    }

    /// The next place in a flow collection where something stands; on another line, that is deeper than the block.
    fn next_in_flow(&mut self, mut line: Line<'t>, mut at: usize, indent: usize) -> Option<(Line<'t>, usize)> {
        // A scalar without quotes could go on.
        let is_begun = !matches!(line.byte(at - 1), Some(b',' | b'[' | b'{'));
        loop {
            let next = line.skip_spaces(at);
            match line.byte(next) {
                Some(b'#') if next == at && at > 0 => return None,
                None | Some(b'#') => {}
                Some(_) => return Some((line, next)),
            }
            line = self.lines.next()?;
            let blank = spaces(line.text);
            if line.text.len() > MOST || memchr::memchr(b'\t', line.text.as_bytes()).is_some() {
                return None;
            }
            if let Some(first) = line.byte(blank).filter(|byte| *byte != b'#' && blank <= indent) {
                let ends = matches!(first, b',' | b']' | b'}');
                // Where the collection holds a plain scalar, the parser does not mind.
                if !(ends && self.holds_plain && blank == indent) {
                    // Three of these in the first column end the document.
                    let marks = blank == 0 && matches!(first, b'-' | b'.' | b'%');
                    let sure = (ends || !is_begun) && !marks && (blank < indent || !self.holds_plain);
                    self.shallow = sure.then(|| line.spot(blank));
                    return None;
                }
            }
            at = 0;
        }
    }

    /// A scalar in a flow collection; gives the place behind it.
    fn flow_scalar(&mut self, line: Line<'t>, at: usize) -> Option<usize> {
        if matches!(line.byte(at)?, b'\'' | b'"') {
            let quoted = quoted(line, at)?;
            let end = quoted.end;
            self.builder.add(quoted.value(), 0, None, line.spot(at)).ok()?;
            return Some(end);
        }
        let bytes = line.text.as_bytes();
        let flow = |byte: &u8| matches!(byte, b',' | b'[' | b']' | b'{' | b'}');
        let stops = |&at: &usize| {
            let colon = bytes[at] == b':' && bytes.get(at + 1).is_none_or(|next| *next == b' ' || flow(next));
            colon || flow(&bytes[at]) || (bytes[at] == b'#' && bytes[at - 1] == b' ')
        };
        // What goes on behind the line has no comma there, and is refused where the next line begins.
        let end = (at..bytes.len()).find(stops).unwrap_or(bytes.len());
        let text = line.text[at..end].trim_end_matches(' ');
        if !starts_plain(line, at) || text == "-" || text.ends_with(" -") || text.is_empty() {
            return None;
        }
        self.holds_plain = true;
        self.builder.add(Value::Scalar(text.into(), Style::Plain), 0, None, line.spot(at)).ok()?;
        Some(at + text.len())
    }
}
