//! The raw text as lines, each with its own line end: what the oracle computes expected bytes from.

/// A text cut at `\n`; a `\r` before it counts as part of the line end.
pub struct Lines<'a> {
    lines: Vec<&'a str>,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a str) -> Lines<'a> {
        Lines { lines: text.split_inclusive('\n').collect() }
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Line `i` with its line end.
    pub fn whole(&self, i: usize) -> &'a str {
        self.lines[i]
    }

    /// Line `i` without its line end.
    pub fn body(&self, i: usize) -> &'a str {
        let line = self.lines[i];
        let line = line.strip_suffix('\n').unwrap_or(line);
        line.strip_suffix('\r').unwrap_or(line)
    }

    /// The line end of line `i`: `\n`, `\r\n`, or nothing at the end of the file.
    pub fn end(&self, i: usize) -> &'a str {
        &self.lines[i][self.body(i).len()..]
    }

    /// How many blanks line `i` starts with.
    pub fn indent(&self, i: usize) -> usize {
        let body = self.body(i);
        body.len() - body.trim_start_matches([' ', '\t']).len()
    }

    pub fn is_blank(&self, i: usize) -> bool {
        self.indent(i) == self.body(i).len()
    }

    /// Whether line `i` holds a comment and nothing else (the caller knows that it is not inside a scalar).
    pub fn is_comment(&self, i: usize) -> bool {
        self.body(i)[self.indent(i)..].starts_with('#')
    }

    /// The column at which the text of the comment line `i` starts, after `#` and blanks; `None` if it is empty.
    pub fn comment_text_col(&self, i: usize) -> Option<usize> {
        let body = self.body(i);
        let text = body[self.indent(i)..].trim_start_matches('#').trim_start();
        if text.is_empty() { None } else { Some(body.len() - text.len()) }
    }

    /// Line `i` cut before the character at column `col`.
    pub fn split(&self, i: usize, col: usize) -> Option<(&'a str, &'a str)> {
        let line = self.lines[i];
        let at = line.char_indices().map(|(at, _)| at).nth(col)?;
        line.split_at_checked(at)
    }

    /// Lines `from..to`, as they are.
    pub fn concat(&self, from: usize, to: usize) -> String {
        self.lines[from..to].concat()
    }
}
