//! Flow collections of plain YAML, each scalar of them on one line.

use super::line::{Line, quoted, spaces, starts_plain};
use super::{MOST, Quick};
use crate::yaml::events::{Style, Value};

impl<'t> Quick<'t> {
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
        loop {
            let next = line.skip_spaces(at);
            match line.byte(next) {
                Some(b'#') if next == at => return None,
                None | Some(b'#') => {}
                Some(_) => return Some((line, next)),
            }
            line = self.lines.next()?;
            let blank = spaces(line.text);
            let shallow = blank <= indent && blank < line.text.len();
            if shallow || line.text.len() > MOST || memchr::memchr(b'\t', line.text.as_bytes()).is_some() {
                return None;
            }
            at = 0;
        }
    }

    /// A scalar in a flow collection; gives the place behind it.
    fn flow_scalar(&mut self, line: Line<'t>, at: usize) -> Option<usize> {
        if matches!(line.byte(at)?, b'\'' | b'"') {
            let quoted = quoted(line, at)?;
            self.builder.add(quoted.value(), 0, None, line.spot(at)).ok()?;
            return Some(quoted.end);
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
        self.builder.add(Value::Scalar(text.to_owned(), Style::Plain), 0, None, line.spot(at)).ok()?;
        Some(at + text.len())
    }
}
