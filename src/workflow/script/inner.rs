//! Scripts in scripts: `bash -c '...'`, and functions that change the options of the shell that calls them.
//!
//! Limitations: a script that another one gives to a shell on its standard input is not looked into, nor one in double
//! quotes that hold a substitution or a backslash, which change the text.

use super::fates::{Fate, Fates};
use super::posix;
use super::syntax::{Kind, Node};
use super::tail::text;
use super::walk::{State, Walker};

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

/// Whether a shell stands somewhere with `-c` behind it: only then are the words of a command asked for.
///
/// A cheap look at the text: `false` is certain, `true` may be wrong.
pub(super) fn may_hold_script(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), "sh").any(|at| {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let name = text[..at].rsplit(|c: char| !is_part(c)).next();
        let rest = &text[at + "sh".len()..];
        matches!(name, Some("" | "ba" | "da")) && rest.starts_with(char::is_whitespace) && takes_script(rest)
    })
}

/// Whether the options that a text begins with have a `-c` among them.
fn takes_script(text: &str) -> bool {
    let mut words = text.split_whitespace().filter(|word| !matches!(*word, "\\" | "pipefail" | "errexit"));
    let letters = words.by_ref().map_while(|word| word.strip_prefix('-').filter(|letters| !letters.starts_with('-')));
    letters.into_iter().any(|letters| letters.contains('c'))
}

impl<'n> Walker<'_, '_, 'n> {
    /// The script in the arguments of a shell, whose failure is that of the command.
    pub(super) fn inner_script(&mut self, node: Node<'n>, fate: &Fate) {
        let Some((script, state)) = self.script_of(node) else { return };
        let range = script.start() + 1..script.end().saturating_sub(1);
        let Some(tree) = posix::parse_part(self.source, range) else { return };
        let mut walker = Walker::new(self.script);
        (walker.state, walker.inner) = (state, Some(node.start()));
        walker.whole(tree.root(), &Fates::within(fate.clone(), None));
        let found = std::mem::take(&mut walker.found);
        self.found.extend(found);
    }

    /// The string behind `bash -c`, and the options that stand there.
    fn script_of(&self, node: Node<'n>) -> Option<(Node<'n>, State)> {
        let words: Vec<Node<'n>> = node.children().filter(|n| n.kind() != Kind::Assignment).collect();
        let said = |word: &Node<'n>| text(*word, self.source);
        let name = words.first().map(said)?;
        if !WRAPPERS.contains(&name) {
            return None;
        }
        let is_shell = |word: &str| matches!(word.rsplit('/').next(), Some("bash" | "sh" | "dash"));
        let shell = words.iter().position(|word| is_shell(said(word)))?;
        let mut state = State { errexit: false, pipefail: false, switched_off: None };
        for (index, word) in words.iter().enumerate().skip(shell + 1) {
            let word = said(word);
            if matches!(word, "pipefail" | "errexit") {
                state.pipefail |= word == "pipefail";
                state.errexit |= word == "errexit";
                continue;
            }
            let letters = word.strip_prefix('-').filter(|letters| !letters.starts_with('-'))?;
            state.errexit |= letters.contains('e');
            if letters.contains('c') {
                let script = *words.get(index + 1).filter(|word| is_literal(**word, self.source))?;
                return Some((script, state));
            }
        }
        None
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

/// Whether a string stands in the source as the shell passes it on.
fn is_literal(word: Node<'_>, source: &str) -> bool {
    let body = text(word, source);
    match word.kind() {
        Kind::RawString => true,
        Kind::Str => !body.contains(['\\', '`']) && !body.contains("$("),
        _ => false,
    }
}
