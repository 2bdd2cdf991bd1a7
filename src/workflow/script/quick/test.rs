//! `[ a = b ]` and `[[ a == b ]]`.

use super::{MAX_DEPTH, Quick};
use crate::workflow::script::syntax::Kind;

impl Quick<'_> {
    /// Tests of the plain sort: `-f a`, `a = b`, `! -z a`, and several of them in `[[ ]]`.
    pub(super) fn test(&mut self) -> Option<()> {
        let own = self.open(Kind::TestCommand);
        let double = self.starts_with("[[");
        self.at += if double { 2 } else { 1 };
        let close = if double { "]]" } else { "]" };
        loop {
            self.term(double)?;
            self.blanks();
            if self.starts_with(close) {
                break;
            }
            let joined = match double {
                true => self.starts_with("&&") || self.starts_with("||"),
                false => self.starts_with("-a ") || self.starts_with("-o "),
            };
            if !joined {
                return None;
            }
            self.at += 2;
            self.next_part()?;
        }
        self.at += close.len();
        let ends = self.peek().is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b';' | b')' | b'&' | b'|'));
        self.close(own);
        ends.then_some(())
    }

    /// One test, or some in brackets, in which others may stand.
    fn term(&mut self, double: bool) -> Option<()> {
        self.blanks();
        if !double || !self.starts_with("(") {
            return self.single(double);
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        self.at += 1;
        self.term(double)?;
        self.blanks();
        while self.starts_with("&&") || self.starts_with("||") {
            self.at += 2;
            self.term(double)?;
            self.blanks();
        }
        self.depth -= 1;
        self.starts_with(")").then(|| self.at += 1)
    }

    fn single(&mut self, double: bool) -> Option<()> {
        self.blanks();
        if self.starts_with("! ") {
            self.at += 1;
            self.blanks();
            if self.starts_with("$(") {
                return None;
            }
        }
        let rest = &self.bytes[self.at..];
        if rest.len() > 3 && rest[0] == b'-' && rest[1].is_ascii_alphabetic() && rest[2] == b' ' {
            self.at += 2;
            self.blanks();
            return self.operand();
        }
        self.operand()?;
        self.blanks();
        let rest = &self.bytes[self.at..];
        if double && rest.starts_with(b"=~ ") {
            self.at += 3;
            return if self.starts_with("\"") { self.word() } else { self.pattern() };
        }
        const KNOWN: &[&[u8]] =
            &[b"== ", b"!= ", b"= ", b"-eq ", b"-ne ", b"-gt ", b"-lt ", b"-ge ", b"-le ", b"-nt ", b"-ot "];
        const ORDER: &[&[u8]] = &[b"> ", b"< "];
        let mut known = KNOWN.iter().chain(ORDER.iter().filter(|_| double));
        let Some(operator) = known.find(|operator| rest.starts_with(operator)) else { return Some(()) };
        self.at += operator.len();
        self.blanks();
        if double && (operator.starts_with(b"==") || operator.starts_with(b"!=")) {
            return self.word();
        }
        self.operand()
    }

    /// A string, a variable or a word.
    fn operand(&mut self) -> Option<()> {
        let start = self.at;
        self.word()?;
        let text = &self.text[start..self.at];
        // Patterns and switches are read in ways of their own.
        let tame = text.starts_with(['"', '\'', '$', '`'])
            || text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/' | b'-' | b'~' | b'$'));
        tame.then_some(())
    }

    /// What stands behind `=~`.
    fn pattern(&mut self) -> Option<()> {
        let rest = &self.text[self.at..];
        // A blank behind a backslash is a part of it.
        let ends = |(at, _): &(usize, &str)| !rest[..*at].ends_with('\\');
        let (length, _) = rest.match_indices(' ').find(ends)?;
        let known = |byte: u8| byte.is_ascii_alphanumeric() || br"^$._+*?/:-[](){}|\,@ =".contains(&byte);
        self.at += length;
        (length > 0 && rest[..length].bytes().all(known)).then_some(())
    }
}
