//! Plain and quoted scalars over several lines.

use std::borrow::Cow;

use super::line::{Line, end_of_double, end_of_single, spaces, unescaped};
use super::{MOST, Quick};
use crate::yaml::events::{Style, Value};

impl<'t> Quick<'_, 't> {
    /// A plain scalar in a block at `indent` that begins so and goes on to the end of its line, with the lines below that
    /// belong to it.
    pub(super) fn folded(&mut self, first: &'t str, indent: usize) -> Option<Cow<'t, str>> {
        // Seldom does it go on: the line below is only taken where it does.
        let below = spaces(self.lines.rest);
        let ends = |&byte: &u8| byte == b'#' || (byte != b'\n' && below <= indent);
        if self.lines.rest.as_bytes().get(below).is_none_or(ends) {
            return Some(first.into());
        }
        let mut text = first.to_owned();
        let (mut ahead, mut breaks) = (self.lines, 0);
        while let Some(line) = ahead.next() {
            let blank = spaces(line.text);
            let rest = &line.text[blank..];
            if rest.is_empty() {
                breaks += 1;
                continue;
            }
            if blank <= indent || rest.starts_with('#') {
                break;
            }
            let end = memchr::memmem::find(rest.as_bytes(), b" #");
            let more = rest[..end.unwrap_or(rest.len())].trim_end_matches(' ');
            if memchr::memchr(b'\t', rest.as_bytes()).is_some() || more.ends_with(':') || more.contains(": ") {
                return None;
            }
            text.push_str(if breaks == 0 { " " } else { "" });
            text.extend(std::iter::repeat_n('\n', breaks));
            text.push_str(more);
            (breaks, self.lines) = (0, ahead);
            // A comment ends it.
            if end.is_some() {
                break;
            }
        }
        Some(text.into())
    }

    /// A quoted scalar in a block at `indent` that begins here and ends on a line below, where nothing else may stand.
    pub(super) fn quoted_over_lines(&mut self, first: Line<'t>, at: usize, indent: usize) -> Option<()> {
        let style = if first.byte(at)? == b'"' { Style::Double } else { Style::Single };
        let end_of = |text: &[u8]| match style {
            Style::Double => end_of_double(text),
            _ => end_of_single(text),
        };
        let begin = &first.text[at + 1..];
        if end_of(begin.as_bytes()).is_some() {
            return None;
        }
        // Behind a backslash the line break is none.
        let part = |text: &'t str| {
            let text = text.trim_end_matches(' ');
            (style == Style::Single || !text.ends_with('\\')).then_some(text)
        };
        let (mut text, mut breaks) = (part(begin)?.to_owned(), 0);
        let (last, end) = loop {
            let line = self.lines.next()?;
            let blank = spaces(line.text);
            let rest = &line.text[blank..];
            if rest.is_empty() {
                breaks += 1;
                continue;
            }
            if blank <= indent || rest.len() > MOST || memchr::memchr(b'\t', rest.as_bytes()).is_some() {
                return None;
            }
            text.push_str(if breaks == 0 { " " } else { "" });
            text.extend(std::iter::repeat_n('\n', std::mem::take(&mut breaks)));
            if let Some(end) = end_of(rest.as_bytes()) {
                text.push_str(&rest[..end]);
                break (line, blank + end + 1);
            }
            text.push_str(part(rest)?);
        };
        let text = match style {
            Style::Double => unescaped(&text)?.into_owned(),
            _ => text.replace("''", "'"),
        };
        self.builder.add(Value::Scalar(text.into(), style), 0, None, first.spot(at)).ok()?;
        last.ends(end).then_some(())
    }
}
