//! Where the lines of a text begin and end.

use std::ops::Range;

/// The lines of a text; a line ends with `\n` or `\r\n` (lone `\r` never passes intake) or at the end of the text.
#[derive(Debug, Clone)]
pub struct Lines {
    /// Byte offset of the start of each line; never empty.
    starts: Vec<usize>,
    len: usize,
}

impl Lines {
    /// Finds the lines of `text`. A final newline does not open another line.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i + 1));
        if starts.len() > 1 && starts.last() == Some(&text.len()) {
            starts.pop();
        }
        Lines { starts, len: text.len() }
    }

    /// How many lines there are.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line, from 0, that holds the byte at `offset`; the last line for the end of the text.
    pub fn at(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// Where a line starts; the end of the text for a line past the last.
    pub fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.len)
    }

    /// The bytes of a line, its line end included.
    pub fn full(&self, line: usize) -> Range<usize> {
        self.start(line)..self.start(line + 1)
    }

    /// The bytes of a line without its line end.
    pub fn content(&self, line: usize, text: &str) -> Range<usize> {
        let full = self.full(line);
        let trimmed = text[full.clone()].trim_end_matches(['\n', '\r']);
        full.start..full.start + trimmed.len()
    }

    /// Whether a line holds nothing but white space.
    pub fn is_blank(&self, line: usize, text: &str) -> bool {
        text[self.full(line)].trim_matches([' ', '\t', '\r', '\n']).is_empty()
    }

    /// The white space a line starts with, in bytes.
    pub fn indent(&self, line: usize, text: &str) -> usize {
        let content = &text[self.content(line, text)];
        content.len() - content.trim_start_matches([' ', '\t']).len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_cover_the_text_whatever_its_line_ends() {
        let text = "a\r\nb\n\n  c";
        let lines = Lines::new(text);
        assert_eq!(lines.count(), 4);
        assert_eq!((0..4).map(|l| &text[lines.full(l)]).collect::<String>(), text);
        assert_eq!(&text[lines.content(0, text)], "a");
        assert!(lines.is_blank(2, text));
        assert_eq!(lines.indent(3, text), 2);
        assert_eq!(lines.at(text.len()), 3);
    }

    #[test]
    fn a_final_newline_opens_no_line() {
        assert_eq!(Lines::new("a\n").count(), 1);
        assert_eq!(Lines::new("").count(), 1);
    }
}
