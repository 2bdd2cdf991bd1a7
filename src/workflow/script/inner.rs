//! Scripts in scripts: `bash -c '...'`, and functions that change the options of the shell that calls them.
//!
//! Limitations: a script that another one gives to a shell on its standard input is not looked into, nor one in double
//! quotes that hold a substitution or a backslash which changes the text.

use std::ops::Range;

use super::fates::{Fate, Fates};
use super::syntax::{Kind, Node};
use super::tail::text;
use super::walk::{State, Walker};
use super::{is_name, posix};
use crate::workflow::expression;

/// Programs that run their arguments as a command and hand its status on.
///
/// Source: the manual of each.
const WRAPPERS: &[&str] = &[
    "bash",
    "sh",
    "dash",
    "env",
    "time",
    "timeout",
    "sudo",
    "exec",
    "command",
    "nice",
    "stdbuf",
    "unbuffer",
    "docker",
    "podman",
    "nix",
    "nix-shell",
    "xvfb-run",
    "conda",
    "mamba",
    "micromamba",
    "poetry",
    "uv",
    "srun",
    "arch",
];

/// Whether a text may hold `bash -c` or its kin: `false` is certain.
pub(super) fn may_stand_in(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), "sh").any(|at| {
        let rest = &text[at + "sh".len()..];
        rest.starts_with(char::is_whitespace) && rest.trim_start().starts_with(['-', '\\'])
    })
}

/// A word of a command and where it begins in the script.
type Word<'s> = (usize, &'s str);

/// The words of a command that begins there, as the shell cuts them: what quotes, brackets or a backslash hold together is
/// one.
fn words(command: &str, start: usize) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let blank = |rest: &str| match rest.as_bytes() {
            [b' ' | b'\t' | b'\n', ..] => 1,
            [b'\\', b'\n', ..] => 2,
            _ => 0,
        };
        while blank(&command[at..]) > 0 {
            at += blank(&command[at..]);
        }
        let begin = at;
        while at < command.len() && !command[at..].starts_with([' ', '\t', '\n']) {
            at = behind(command, at);
        }
        (at > begin).then(|| (start + begin, &command[begin..at]))
    })
}

/// The place behind what begins here and is one for the shell, or for what fills in expressions before it.
fn behind(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let end = match rest.as_bytes()[0] {
        b'$' if rest.starts_with("${{") => expression::closing(text, at + 3).map_or(text.len(), |end| end + 2),
        b'\\' => at + 1 + first(&rest[1..]),
        quote @ (b'\'' | b'`' | b'"') => until(text, at + 1, char::from(quote)),
        b'(' => until(text, at + 1, ')'),
        _ => at + first(rest),
    };
    end.min(text.len())
}

/// How long the first character is.
fn first(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// The place behind the sign that ends what begins there. What nests deeper than scripts may is not parsed in the first place.
fn until(text: &str, mut at: usize, end: char) -> usize {
    while at < text.len() && !text[at..].starts_with(end) {
        let rest = &text[at..];
        // In a string only `$(` opens a bracket, and between single quotes nothing begins but an expression.
        let begins = match end {
            '"' => !rest.starts_with(['\'', '(']) || text[..at].ends_with('$') && rest.starts_with('('),
            ')' => true,
            _ => rest.starts_with("${{"),
        };
        at = if begins { behind(text, at) } else { at + first(rest) };
    }
    at + 1
}

impl<'n> Walker<'_, '_, 'n> {
    /// The script in the arguments of a shell, whose failure is that of the command.
    pub(super) fn inner_script(&mut self, node: Node<'n>, fate: &Fate) {
        let Some((range, state)) = script_of(text(node, self.source), node.start()) else { return };
        let Some(tree) = posix::parse_part(self.source, range) else { return };
        let mut walker = Walker::new(self.script);
        (walker.state, walker.inner) = (state, Some(node.start()));
        walker.whole(tree.root(), &Fates::within(fate.clone(), None));
        let found = std::mem::take(&mut walker.found);
        self.found.extend(found);
    }

    /// What a call of a function does to the options of the shell: those that it sets stay set.
    pub(super) fn options_of(&mut self, name: &str) {
        let Some(body) = self.functions.get(name).copied().filter(|body| body.kind() == Kind::Compound) else {
            return;
        };
        let statements: Vec<Node<'n>> = body.children().collect();
        for statement in statements {
            let body = text(statement, self.source);
            if statement.kind() == Kind::Command && body.starts_with("set ") {
                self.set(body, statement.start());
            }
        }
    }

    /// `shopt -so pipefail`
    pub(super) fn shopt(&mut self, body: &str) {
        let flags = |letter: char| body.split_whitespace().any(|word| word.starts_with('-') && word.contains(letter));
        let on = flags('s');
        if !flags('o') || on == flags('u') {
            return;
        }
        for word in body.split_whitespace() {
            match word {
                "pipefail" => self.state.pipefail = on,
                "errexit" => self.state.errexit = on,
                _ => {}
            }
        }
    }
}

/// Where the script of `bash -c '...'` stands, of a command that begins there, and the options of its shell.
fn script_of(command: &str, start: usize) -> Option<(Range<usize>, State)> {
    let assigns = |(_, word): &Word<'_>| word.split_once('=').is_some_and(|(name, _)| is_name(name));
    let mut words = words(command, start).skip_while(assigns).peekable();
    if !WRAPPERS.contains(&words.peek()?.1) {
        return None;
    }
    words.find(|(_, word)| matches!(word.rsplit('/').next(), Some("bash" | "sh" | "dash")))?;
    let mut state = State { errexit: false, pipefail: false, switched_off: None };
    while let Some((_, word)) = words.next() {
        if matches!(word, "pipefail" | "errexit") {
            state.pipefail |= word == "pipefail";
            state.errexit |= word == "errexit";
            continue;
        }
        let letters = word.strip_prefix('-').filter(|letters| !letters.starts_with('-'))?;
        state.errexit |= letters.contains('e');
        if letters.contains('c') {
            let (at, script) = words.next().filter(|(_, word)| is_literal(word))?;
            return Some((at + 1..at + script.len() - 1, state));
        }
    }
    None
}

/// Whether a word is a string that the shell passes on as it stands.
fn is_literal(word: &str) -> bool {
    let whole = word.len() > 1 && behind(word, 0) == word.len();
    match word.as_bytes()[0] {
        b'\'' => whole && word.ends_with('\''),
        b'"' => whole && word.ends_with('"') && !word.contains('`') && !word.contains("$(") && keeps(word),
        _ => false,
    }
}

/// Whether every backslash in double quotes joins lines, which it does in the script as well, or leaves a variable to the
/// script, which changes no command.
fn keeps(word: &str) -> bool {
    word.match_indices('\\').all(|(at, _)| {
        let rest = &word[at + 1..];
        let name = rest.strip_prefix('$').map(|rest| rest.trim_start_matches('{'));
        rest.starts_with('\n')
            || name.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_of_a_shell_is_found_behind_its_options() {
        for (command, script) in [
            ("bash -c 'a; b'", Some("a; b")),
            ("X=1 sudo /bin/sh -eu \\\n  -o pipefail -xc \"a $b 'c'\" d", Some("a $b 'c'")),
            ("docker run -v $(pwd \"x y\"):/z `a b` \"c $(d 'e f') g\" i bash -c 'j'", Some("j")),
            ("bash -c 'a ${{ b == 'c' && 'd e' }} f'", Some("a ${{ b == 'c' && 'd e' }} f")),
            ("docker run ${{ a && 'b c' }} sh -c 'é'", Some("é")),
            ("bash -c \"\n a && \\\n b \\$c \\${d} \"", Some("\n a && \\\n b \\$c \\${d} ")),
            ("bash -c \"a \\$(b)\"", None),
            ("bash -c \"a \\\"b | c\\\" d\"", None),
            ("bash -c \"a $(b)\"", None),
            ("bash -c 'a'\\''b'", None),
            ("bash -c a", None),
            ("bash -c '", None),
            ("bash --norc -c 'a'", None),
            ("bash x.sh -c 'a'", None),
            ("echo bash -c 'a'", None),
            ("bash -c", None),
            ("", None),
        ] {
            let found = script_of(command, 0).and_then(|(range, _)| command.get(range));
            assert_eq!(found, script, "{command}");
        }
    }
}
