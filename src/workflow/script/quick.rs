//! Scripts of the usual make, read without the parser: lists, pipes, redirections, `if`, loops, functions and `$( )`.
//!
//! Promise: the tree is that of tree-sitter-bash, its peculiarities included; what is not sure to be so, or not in order,
//! is refused with `None`, and the parser reads it. A test holds the two against each other. Some things are read as bash reads
//! them, and not as the parser does: what stands behind a pipe of three parts or more, which the parser takes for more of it here
//! and not there (`a | b | c || d` for `a | { b | c || d; }`), the line below several assignments, a word that is `==`, and a
//! here-string behind another redirection, which the parser does not read.

mod command;
mod compound;
mod redirect;
mod test;
mod value;
mod word;

use std::borrow::Cow;

use super::mask::expressions;
use super::syntax::{Entry, Field, Kind, Tree};

/// The most constructs open at once; each takes some of the stack.
const MAX_DEPTH: usize = 100;

/// Reads a script, if it is of a make that is known here.
pub(super) fn read(text: &str) -> Option<Tree> {
    if text.contains('\r') || text.starts_with(char::is_whitespace) || text.trim_end().ends_with('\\') {
        return None;
    }
    let plain: Cow<'_, str> = if text.contains("${{") { expressions(text).into() } else { text.into() };
    let mut quick =
        Quick { text: &plain, bytes: plain.as_bytes(), at: 0, terminated: 0, depth: 0, entries: Vec::new() };
    let root = quick.open(Kind::Program);
    quick.sequence(&[])?;
    if quick.at < quick.bytes.len() {
        return None;
    }
    quick.close(root);
    quick.entries[root].end = 0;
    Some(Tree { entries: quick.entries })
}

/// A script on the way.
struct Quick<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
    /// Behind the last `;` or line break that ended a statement.
    terminated: usize,
    /// How many constructs are open here.
    depth: usize,
    entries: Vec<Entry>,
}

/// Words that are more than words where a command begins.
const RESERVED: &[&str] = &[
    "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "in", "select",
    "function", "{", "}", "!", "[[", "]]", "coproc",
];

impl Quick<'_> {
    fn open(&mut self, kind: Kind) -> usize {
        self.entries.push(Entry::new(kind, self.here(), 0));
        self.entries.len() - 1
    }

    /// Ends a node here.
    fn close(&mut self, at: usize) {
        let (end, after) = (self.here(), self.entries.len() as u32);
        let entry = &mut self.entries[at];
        (entry.end, entry.after) = (end, after);
    }

    fn here(&self) -> u32 {
        self.at as u32
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn starts_with(&self, text: &str) -> bool {
        self.bytes[self.at..].starts_with(text.as_bytes())
    }

    /// Goes past spaces, and lines that go on.
    fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\\') if self.bytes.get(self.at + 1) == Some(&b'\n') => self.at += 2,
                _ => return,
            }
        }
    }

    /// Goes past spaces, line breaks and comments.
    fn lines(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n') => self.at += 1,
                Some(b'\\') if self.goes_on() => self.at += 2,
                Some(b'#') => self.comment(),
                _ => return,
            }
        }
    }

    /// Whether the line goes on below, with something on either side.
    fn goes_on(&self) -> bool {
        let before = self.text[..self.at].trim_end_matches([' ', '\t']);
        let behind = self.text[self.at..].strip_prefix("\\\n").map(|rest| rest.trim_start_matches([' ', '\t']));
        let begins = |rest: &str| !rest.is_empty() && !rest.starts_with(['#', '\n', '\\']);
        !before.is_empty() && !before.ends_with('\n') && behind.is_some_and(begins)
    }

    fn comment(&mut self) {
        self.at += memchr::memchr(b'\n', &self.bytes[self.at..]).unwrap_or(self.bytes.len() - self.at);
    }

    /// The bare word here, not taken: letters, or a bracket that stands alone.
    fn reserved(&self) -> &str {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| c.is_ascii_whitespace() || ";)|&<>".contains(c)).unwrap_or(rest.len());
        &rest[..end]
    }

    /// Takes this word, which stands here.
    fn take(&mut self, word: &str) -> Option<()> {
        (self.reserved() == word).then(|| self.at += word.len())
    }

    /// Statements up to the end, or to one of these words or brackets where a statement could begin.
    fn sequence(&mut self, ends: &[&str]) -> Option<()> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        self.statements(ends)?;
        self.depth -= 1;
        Some(())
    }

    fn statements(&mut self, ends: &[&str]) -> Option<()> {
        loop {
            self.lines();
            let Some(byte) = self.peek() else { return ends.is_empty().then_some(()) };
            if byte == b')' || ends.contains(&self.reserved()) || (byte == b';' && ends.contains(&";;")) {
                return Some(());
            }
            let start = self.at;
            let statement = self.statement()?;
            if self.at == start {
                return None;
            }
            self.blanks();
            if self.text[..self.at].trim_end_matches([' ', '\t']).ends_with("\\\n") {
                return None;
            }
            let ended = match self.peek() {
                Some(b'#') if self.bytes[self.at - 1].is_ascii_whitespace() => {
                    self.comment();
                    false
                }
                None | Some(b'\n' | b')') => false,
                Some(b';') if self.starts_with(";;") => false,
                Some(b';') => true,
                Some(b'&') if !self.starts_with("&&") => {
                    self.entries[statement].ampersand = true;
                    true
                }
                _ => return None,
            };
            self.at += usize::from(ended);
            self.terminated = self.at + usize::from(!ended && self.peek() == Some(b'\n'));
        }
    }

    /// One statement: a list of pipes; gives where its node stands.
    ///
    /// A redirection is read as that of all that stands before it in the statement.
    fn statement(&mut self) -> Option<usize> {
        let whole = self.entries.len();
        let mut last = whole;
        self.part()?;
        loop {
            self.blanks();
            match (self.peek(), self.bytes.get(self.at + 1)) {
                (Some(b'&'), Some(b'&')) => {
                    last = self.list(whole, "&&")?;
                }
                (Some(b'|'), Some(b'|')) => {
                    last = self.list(whole, "||")?;
                }
                (Some(b'|'), Some(b'&')) => return None,
                (Some(b'|'), _) => self.pipe(whole, last)?,
                _ if self.at_redirection() => {
                    self.redirected(whole)?;
                    last = whole;
                }
                _ => return Some(whole),
            }
        }
    }

    /// `a && b`: the operator stands here; gives where the node of the right side stands.
    fn list(&mut self, whole: usize, operator: &'static str) -> Option<usize> {
        self.wrap(whole, Kind::List);
        self.entries[whole].operator = operator;
        self.at += 2;
        self.next_part()?;
        let right = self.entries.len();
        self.part()?;
        self.close_with(whole, right);
        Some(right)
    }

    /// `a | b`: the pipe stands here; what stands at `last` becomes its first part, or is a pipe that goes on.
    fn pipe(&mut self, whole: usize, last: usize) -> Option<()> {
        if self.entries[last].kind != Kind::Pipeline {
            self.wrap(last, Kind::Pipeline);
        }
        self.at += 1;
        self.next_part()?;
        let right = self.entries.len();
        self.part()?;
        self.close_with(last, right);
        self.close_with(whole, right);
        Some(())
    }

    /// What stands behind an operator may stand on the next line.
    fn next_part(&mut self) -> Option<()> {
        self.blanks();
        while self.peek() == Some(b'\n') {
            self.at += 1;
            self.blanks();
        }
        (self.peek()? != b'#').then_some(())
    }

    /// Puts a node around all from `at` on.
    fn wrap(&mut self, at: usize, kind: Kind) {
        for entry in &mut self.entries[at..] {
            entry.after += 1;
        }
        let start = self.entries[at].start;
        self.entries.insert(at, Entry::new(kind, start, 0));
        self.close_with(at, at + 1);
    }

    /// Ends a node where one below it ends.
    fn close_with(&mut self, at: usize, last: usize) {
        let end = self.entries[last].end;
        self.close(at);
        self.entries[at].end = end;
    }

    /// Redirections of what stands at `whole`.
    fn redirected(&mut self, whole: usize) -> Option<()> {
        // The body of a here-document, which begins on the next line, ends all.
        self.wrap(whole, Kind::Redirected);
        self.entries[whole + 1].field = Field::Body;
        if self.starts_with("<<<") && matches!(self.entries[whole + 1].kind, Kind::If | Kind::While) {
            self.here_string(whole)?;
            return (!self.at_redirection()).then_some(());
        }
        while self.at_redirection() {
            if self.starts_with("<<<") {
                if self.entries[whole + 1].kind != Kind::Command {
                    return None;
                }
                self.here_string(whole)?;
                break;
            }
            if self.starts_with("<<") {
                self.drop_dash(whole + 1);
                self.heredoc()?;
                self.close(whole);
                return (self.peek().is_none_or(|byte| byte == b'\n')).then_some(());
            }
            self.redirection()?;
            self.close(whole);
            self.blanks();
        }
        // Words behind a redirection are arguments of the command for the shell, and more targets for the parser.
        let ends = self.peek().is_none_or(|byte| matches!(byte, b'\n' | b';' | b'&' | b'|' | b')' | b'#'));
        (ends && !self.at_redirection()).then_some(())
    }

    /// `<<< "$text"` behind what stands at `whole`.
    fn here_string(&mut self, whole: usize) -> Option<()> {
        let own = self.open(Kind::HerestringRedirect);
        self.at += 3;
        self.blanks();
        self.word()?;
        self.close(own);
        self.close(whole);
        self.blanks();
        Some(())
    }

    /// The parser takes a lone `-` before a here-document for a part of the operator.
    fn drop_dash(&mut self, body: usize) {
        let Entry { kind, start, end, .. } = self.entries[body];
        let text = self.text.get(start as usize..end as usize).and_then(|text| text.strip_suffix(" -"));
        if let Some(text) = text.filter(|_| kind == Kind::Command) {
            self.entries[body].end = start + text.trim_end().len() as u32;
        }
    }

    /// A statement that is no list and no pipe.
    fn part(&mut self) -> Option<()> {
        match (self.peek()?, self.reserved()) {
            (b'*' | b'=' | b'?' | b'^' | b',' | b'%' | b'+' | b'-' | b'{', word) if word != "{" => None,
            _ if self.at_redirection() => None,
            (b'(', _) => self.subshell(),
            (b'[', "[" | "[[") => self.test(),
            (_, "if") => self.condition(),
            (_, "while" | "until") => self.repetition(),
            (_, "for") => self.each(),
            (_, "case") => self.case(),
            (_, "{") => self.group(),
            (_, "!") => self.negated(),
            (_, "function") => self.function(),
            (_, "export" | "declare" | "local" | "readonly" | "typeset") => self.declaration(Kind::DeclarationCommand),
            (_, "unset" | "unsetenv") => self.declaration(Kind::UnsetCommand),
            (_, word) if RESERVED.contains(&word) => None,
            _ if self.function_name().is_some() => {
                let own = self.open(Kind::Function);
                self.defined(own)
            }
            _ => self.command(),
        }
    }
}

#[cfg(test)]
mod real;
#[cfg(test)]
mod tests;
