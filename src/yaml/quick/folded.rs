//! Plain scalars over several lines.

use super::Quick;
use super::line::spaces;

impl<'t> Quick<'t> {
    /// A plain scalar in a block at `indent` that begins so and goes on to the end of its line, with the lines below that
    /// belong to it.
    pub(super) fn folded(&mut self, first: &str, indent: usize) -> Option<String> {
        let mut text = first.to_owned();
        // Seldom does it go on: the line below is only taken where it does.
        let below = spaces(self.lines.rest);
        let ends = |&byte: &u8| byte == b'#' || (byte != b'\n' && below <= indent);
        if self.lines.rest.as_bytes().get(below).is_none_or(ends) {
            return Some(text);
        }
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
        Some(text)
    }
}
