//! What begins with `$`: variables, sums and `$( )`.

use super::Quick;
use crate::workflow::script::syntax::Kind;

impl Quick<'_> {
    /// What begins with `$`.
    pub(super) fn dollar(&mut self) -> Option<()> {
        match *self.bytes.get(self.at + 1)? {
            b'(' if self.bytes.get(self.at + 2) == Some(&b'(') => self.arithmetic(),
            b'(' => self.substitution(),
            b'{' => self.expansion(),
            b'$' if self.starts_with("$${") => None,
            b'?' | b'#' | b'@' | b'*' | b'!' | b'$' => {
                self.at += 2;
                Some(())
            }
            byte if byte.is_ascii_digit() => {
                self.at += 2;
                Some(())
            }
            b'\'' => self.escaped(),
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                self.at += 1;
                self.name();
                Some(())
            }
            _ => None,
        }
    }

    /// `$'\n'`
    fn escaped(&mut self) -> Option<()> {
        self.at += 1;
        let start = self.at;
        self.raw()?;
        (!self.text[start..self.at].contains("\\'")).then_some(())
    }

    /// How long `{}` or `{1..3}` is, which is all of a word.
    pub(super) fn braces(&self) -> Option<usize> {
        let rest = &self.text[self.at..];
        let length = rest.find('}')? + 1;
        let body = &rest[1..length - 1];
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let range = body.split_once("..").is_some_and(|(from, to)| digits(from) && digits(to));
        let ends = self.bytes.get(self.at + length).is_none_or(|byte| matches!(byte, b' ' | b'\n' | b';'));
        ((body.is_empty() || range) && ends).then_some(length)
    }

    fn name(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            self.at += 1;
        }
    }

    /// `${name}`, `${name:-word}` and its kin.
    fn expansion(&mut self) -> Option<()> {
        self.at += 2;
        if matches!(self.peek(), Some(b'#' | b'!')) {
            self.at += 1;
        }
        let start = self.at;
        self.name();
        if self.at == start {
            return None;
        }
        if self.starts_with("[$") {
            self.at += 1;
            self.dollar()?;
            self.take_byte(b']')?;
        }
        self.at += self.index();
        if self.peek()? != b'}' {
            let rest = &self.bytes[self.at..];
            let operator = [&b":-"[..], b":?", b":=", b":+", b"-", b"##", b"#", b"%%", b"%", b"^^", b",,", b"//", b"/"];
            if rest[0] == b':'
                && rest.get(1).is_some_and(|byte| byte.is_ascii_digit() || *byte == b':')
                && !rest.starts_with(b":-")
            {
                return self.slice();
            }
            let found = operator.into_iter().find(|operator| rest.starts_with(operator))?;
            self.at += found.len();
            let tame = |byte: u8| byte.is_ascii_alphanumeric() || b"_./-* ,:+=@^[]<>?|%".contains(&byte);
            loop {
                match self.peek()? {
                    b'$' => self.dollar()?,
                    b'"' => self.string()?,
                    b'\\' if self.bytes.get(self.at + 1).is_some_and(u8::is_ascii_punctuation) => self.at += 2,
                    byte if tame(byte) => self.at += 1,
                    _ => break,
                }
            }
        }
        if self.peek()? != b'}' {
            return None;
        }
        self.at += 1;
        Some(())
    }

    fn take_byte(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// How long `[@]`, `[*]` or `[1]` is, if one stands here.
    fn index(&self) -> usize {
        let Some(rest) = self.bytes[self.at..].strip_prefix(b"[") else { return 0 };
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let all = usize::from(digits == 0 && matches!(rest.first(), Some(b'@' | b'*')));
        let length = digits + all;
        if length > 0 && rest.get(length) == Some(&b']') { length + 2 } else { 0 }
    }

    /// `${name:0:7}`, from the first colon on.
    fn slice(&mut self) -> Option<()> {
        while self.peek().is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'-')) {
            self.at += 1;
        }
        (self.peek()? == b'}').then(|| self.at += 1)
    }

    /// `$((a + 1))`
    fn arithmetic(&mut self) -> Option<()> {
        self.at += 3;
        let mut open = 0;
        loop {
            match self.peek()? {
                b')' if open > 0 => {
                    open -= 1;
                    self.at += 1;
                }
                b')' if self.starts_with("))") => {
                    self.at += 2;
                    return Some(());
                }
                b'(' => {
                    open += 1;
                    self.at += 1;
                }
                byte if byte.is_ascii_alphanumeric() || b"_ +-*/%<>=!?:".contains(&byte) => self.at += 1,
                b'$' => self.dollar()?,
                _ => return None,
            }
        }
    }

    /// `$( )`
    fn substitution(&mut self) -> Option<()> {
        let own = self.open(Kind::CommandSubstitution);
        self.at += 2;
        self.blanks();
        if self.starts_with("< ") {
            self.redirection()?;
            self.take_byte(b')')?;
            self.close(own);
            return Some(());
        }
        if self.at_redirection() {
            return None;
        }
        self.bracketed(own)
    }

    /// `` `a` ``, the only one on its line and with no escapes.
    pub(super) fn backquoted(&mut self) -> Option<()> {
        let own = self.open(Kind::CommandSubstitution);
        let start = self.at + 1;
        let end = start + memchr::memchr(b'`', &self.bytes[start..])?;
        let rest = &self.bytes[end + 1..];
        // One that is escaped, as in a here-document, begins nothing.
        let mut more = memchr::memchr_iter(b'`', rest).filter(|at| !rest[..*at].ends_with(b"\\")).peekable();
        let same_line = more.peek().is_some_and(|at| !self.text[end + 1..end + 1 + at].contains('\n'));
        if self.text[start..end].contains(['\\', '\n', '#']) || same_line || more.count() % 2 == 1 {
            return None;
        }
        let (text, bytes) = (self.text, self.bytes);
        (self.text, self.bytes, self.at) = (&text[..end], &bytes[..end], start);
        self.sequence(&[])?;
        if self.at < end || self.entries.len() == own + 1 {
            return None;
        }
        (self.text, self.bytes, self.at) = (text, bytes, end + 1);
        self.close(own);
        Some(())
    }

    /// Whether `<( )` or `>( )` stands here.
    pub(super) fn at_process(&self) -> bool {
        self.starts_with("<(") || self.starts_with(">(")
    }

    /// `<( )`
    pub(super) fn process(&mut self) -> Option<()> {
        let own = self.open(Kind::ProcessSubstitution);
        self.at += 2;
        self.bracketed(own)
    }

    /// Statements up to a bracket.
    pub(super) fn bracketed(&mut self, own: usize) -> Option<()> {
        let before = self.entries.len();
        self.sequence(&[")"])?;
        if self.peek()? != b')' || self.entries.len() == before {
            return None;
        }
        self.at += 1;
        self.close(own);
        Some(())
    }
}
