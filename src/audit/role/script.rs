//! A script cut into its commands, close enough to tell what it is for.

use std::borrow::Cow;

/// The commands of a script, one by one, with heredocs left out; close enough to tell what it is for.
///
/// They are cut as they are asked for, and only a script whose lines go on is copied.
pub fn lines(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let joined = text.contains("\\\n").then(|| text.replace("\\\n", " "));
    let copied = joined.as_deref().map(|joined| commands(joined).map(|part| Cow::Owned(part.to_owned())).collect());
    let copied: Vec<Cow<'_, str>> = copied.unwrap_or_default();
    let plain = if joined.is_some() { "" } else { text };
    commands(plain).map(Cow::Borrowed).chain(copied)
}

fn commands(text: &str) -> impl Iterator<Item = &str> {
    let mut heredoc: Option<&str> = None;
    let outside = text.lines().filter(move |line| match heredoc {
        Some(end) => {
            heredoc = heredoc.filter(|_| line.trim() != end);
            false
        }
        None => {
            heredoc = heredoc_of(line);
            true
        }
    });
    outside.flat_map(|line| Parts { line, start: Some(0) }).filter(|part| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '$' | '[' | '"' | '_'))
    })
}

/// The word that ends the heredoc which a line opens.
fn heredoc_of(line: &str) -> Option<&str> {
    let at = memchr::memmem::find(line.as_bytes(), b"<<")?;
    let rest = &line[at + 2..];
    if rest.starts_with('<') {
        return None;
    }
    let word =
        rest.trim_start_matches(['-', '~']).trim_start().split(|c: char| c.is_whitespace() || ";|&)".contains(c));
    let word = word.into_iter().next()?.trim_matches(['"', '\'']);
    (!word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')).then_some(word)
}

/// A line cut at `&&`, `;` and `|` outside of quotes.
struct Parts<'l> {
    line: &'l str,
    /// Where the next part begins; `None` behind the last, or where a comment does.
    start: Option<usize>,
}

impl<'l> Iterator for Parts<'l> {
    type Item = &'l str;

    fn next(&mut self) -> Option<&'l str> {
        loop {
            let start = self.start?;
            let (end, next) = cut(self.line, start);
            self.start = next;
            let part = self.line[start..end].trim().trim_start_matches(['(', '{', ' ']).trim_end_matches(')');
            if !part.is_empty() {
                return Some(part);
            }
        }
    }
}

/// Where the part of a line that begins at `start` ends, and where the next begins.
fn cut(line: &str, start: usize) -> (usize, Option<usize>) {
    let mut quote = None;
    for (at, byte) in line.bytes().enumerate().skip(start) {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b';' | b'|' | b'&') => return (at, Some(at + 1)),
            (None, b'#') if at == 0 || line[..at].ends_with(char::is_whitespace) => return (at, None),
            _ => {}
        }
    }
    (line.len(), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_cut_outside_of_quotes_comments_and_heredocs() {
        let text = "a 'b; c' | (d)&&e;#f; g\n# h\ni \"${x#y}\" #j; k\nl <<- 'EOF' | m\nn\n  EOF\no <<< p";
        let parts = ["a 'b; c'", "d", "e", "g", "i \"${x#y}\"", "l <<- 'EOF'", "m", "o <<< p"];
        assert_eq!(lines(text).collect::<Vec<_>>(), parts);
        assert_eq!(lines("a \\\n  b; c").collect::<Vec<_>>(), ["a    b", "c"]);
    }
}
