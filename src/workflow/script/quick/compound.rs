//! `if`, loops, `case`, functions and groups.

use super::Quick;
use crate::workflow::script::syntax::{Entry, Field, Kind};

impl Quick<'_> {
    /// `if a; then b; elif c; then d; else e; fi`
    pub(super) fn condition(&mut self) -> Option<()> {
        let own = self.open(Kind::If);
        self.take("if")?;
        self.tested()?;
        while self.reserved() == "elif" {
            let clause = self.open(Kind::Elif);
            self.take("elif")?;
            self.tested()?;
            self.close_before(clause);
        }
        if self.reserved() == "else" {
            let clause = self.open(Kind::Else);
            self.take("else")?;
            self.body(&["fi"])?;
            self.close_before(clause);
        }
        self.take_end("fi")?;
        self.close(own);
        Some(())
    }

    /// A condition, `then`, and what stands below.
    fn tested(&mut self) -> Option<()> {
        let before = self.entries.len();
        self.sequence(&["then"])?;
        if self.entries.len() == before {
            return None;
        }
        self.take("then")?;
        self.body(&["elif", "else", "fi"])
    }

    /// A branch that is not empty.
    fn body(&mut self, ends: &[&str]) -> Option<()> {
        let before = self.entries.len();
        self.sequence(ends)?;
        (self.entries.len() > before).then_some(())
    }

    /// A clause ends with the terminator of its last statement.
    fn close_before(&mut self, clause: usize) {
        self.close(clause);
        self.entries[clause].end = self.terminated as u32;
    }

    /// Takes a word that ends a construct, and behind which only an end of a statement may stand.
    fn take_end(&mut self, word: &str) -> Option<()> {
        let rest = self.text[self.at..].strip_prefix(word)?;
        let ends = rest.is_empty() || rest.starts_with([' ', '\t', '\n', ';', ')', '|', '&', '>', '<']);
        ends.then(|| self.at += word.len())
    }

    /// `while a; do b; done`
    pub(super) fn repetition(&mut self) -> Option<()> {
        let own = self.open(Kind::While);
        if self.reserved() == "until" {
            self.entries[own].operator = "until";
        }
        self.at += "while".len();
        let before = self.at;
        self.sequence(&["do"])?;
        // A comment here would count as a condition.
        let asked = &self.text[before..self.at];
        let comments = asked.match_indices('#').any(|(at, _)| asked[..at].ends_with([' ', '\t', '\n', ';']));
        if comments || self.entries.len() == own + 1 {
            return None;
        }
        self.rounds()?;
        self.close(own);
        Some(())
    }

    /// `do a; done`
    fn rounds(&mut self) -> Option<()> {
        let own = self.open(Kind::DoGroup);
        self.entries[own].field = Field::Body;
        self.take("do")?;
        self.sequence(&["done"])?;
        self.take_end("done")?;
        self.close(own);
        Some(())
    }

    /// `for x in a b; do c; done`
    pub(super) fn each(&mut self) -> Option<()> {
        let own = self.open(Kind::For);
        self.take("for")?;
        self.blanks();
        let name = self.open(Kind::Word);
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            self.at += 1;
        }
        if self.at == start {
            return None;
        }
        self.close(name);
        self.blanks();
        self.take("in")?;
        loop {
            self.blanks();
            match self.peek()? {
                b'\n' | b';' => break,
                _ => self.listed()?,
            }
        }
        self.at += 1;
        self.lines();
        self.rounds()?;
        self.close(own);
        Some(())
    }

    /// A word of the list of a loop: a substitution that is all of it stands for itself.
    fn listed(&mut self) -> Option<()> {
        let word = self.open(Kind::Word);
        let start = self.at;
        self.word()?;
        self.close(word);
        let alone = self.entries.get(word + 1).is_some_and(|below| {
            below.kind == Kind::CommandSubstitution && below.start as usize == start && below.end as usize == self.at
        });
        if alone {
            self.remove(word);
        }
        Some(())
    }

    /// `case x in a) b ;; esac`
    pub(super) fn case(&mut self) -> Option<()> {
        let own = self.open(Kind::Case);
        self.take("case")?;
        self.blanks();
        self.listed()?;
        self.blanks();
        self.take("in")?;
        loop {
            self.lines();
            if self.reserved() == "esac" {
                break;
            }
            self.item()?;
        }
        self.take_end("esac")?;
        self.close(own);
        Some(())
    }

    fn item(&mut self) -> Option<()> {
        let own = self.open(Kind::CaseItem);
        loop {
            self.blanks();
            let pattern = self.open(Kind::Word);
            let start = self.at;
            self.word()?;
            let odd = self.bytes[start..self.at].iter().any(|byte| matches!(byte, b'$' | b'\\'));
            if self.entries.len() > pattern + 1 || odd {
                return None;
            }
            self.close(pattern);
            self.blanks();
            match self.peek()? {
                b'|' => self.at += 1,
                b')' => break,
                _ => return None,
            }
        }
        self.at += 1;
        self.sequence(&[";;", "esac"])?;
        if !self.starts_with(";;") {
            return None;
        }
        self.at += 2;
        self.close(own);
        Some(())
    }

    /// `{ a; }`
    pub(super) fn group(&mut self) -> Option<()> {
        let own = self.open(Kind::Compound);
        self.take("{")?;
        self.sequence(&["}"])?;
        self.take_end("}")?;
        self.close(own);
        Some(())
    }

    /// `(a; b)`
    pub(super) fn subshell(&mut self) -> Option<()> {
        let own = self.open(Kind::Subshell);
        if self.starts_with("((") {
            return self.calculated(own);
        }
        self.at += 1;
        self.bracketed(own)
    }

    /// `((a += 1))`
    fn calculated(&mut self, own: usize) -> Option<()> {
        self.entries[own].kind = Kind::Compound;
        self.at += 2;
        while self.peek()? == b' ' {
            self.at += 1;
        }
        let inner = self.open(Kind::Word);
        let start = self.at;
        loop {
            match self.peek()? {
                b')' => break,
                b'$' if !self.starts_with("$(") => self.dollar()?,
                byte if byte.is_ascii_alphanumeric() || b"_ +-*/%<>=!&|".contains(&byte) => self.at += 1,
                _ => return None,
            }
        }
        let end = start + self.text[start..self.at].trim_end_matches(' ').len();
        self.close(inner);
        self.entries[inner].end = end as u32;
        if end == start || !self.starts_with("))") {
            return None;
        }
        self.at += 2;
        self.close(own);
        Some(())
    }

    /// `! a`
    pub(super) fn negated(&mut self) -> Option<()> {
        let own = self.open(Kind::NegatedCommand);
        self.take("!")?;
        self.blanks();
        if self.reserved() == "!" {
            return None;
        }
        let inner = self.entries.len();
        self.part()?;
        use Kind::*;
        if !matches!(self.entries.get(inner)?.kind, Command | TestCommand | Subshell | Assignment) {
            return None;
        }
        self.close(own);
        self.entries[own].end = self.entries[inner].end;
        Some(())
    }

    /// `function f { a; }`
    pub(super) fn function(&mut self) -> Option<()> {
        let own = self.open(Kind::Function);
        self.take("function")?;
        self.blanks();
        self.defined(own)
    }

    /// The length of the name, if `f()` stands here.
    pub(super) fn function_name(&self) -> Option<usize> {
        let rest = &self.bytes[self.at..];
        let word = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'_' | b'-');
        let length = rest.iter().take_while(word).count();
        let behind = rest[length..].strip_prefix(b" ").unwrap_or(&rest[length..]);
        (length > 0 && behind.starts_with(b"()")).then_some(length)
    }

    /// `f() { a; }`, from the name on.
    pub(super) fn defined(&mut self, own: usize) -> Option<()> {
        let rest = &self.bytes[self.at..];
        let word = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'_' | b'-');
        let length = rest.iter().take_while(word).count();
        if length == 0 {
            return None;
        }
        let mut name = Entry::new(Kind::Word, self.here(), self.here() + length as u32);
        name.field = Field::Name;
        name.after = self.entries.len() as u32 + 1;
        self.entries.push(name);
        self.at += length;
        self.blanks();
        if self.starts_with("()") {
            self.at += 2;
        }
        self.next_part()?;
        let body = self.entries.len();
        if self.reserved() != "{" {
            return None;
        }
        self.group()?;
        self.entries[body].field = Field::Body;
        self.close(own);
        self.blanks();
        (!self.at_redirection()).then_some(())
    }
}
