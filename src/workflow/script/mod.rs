//! A `run:` script: its commands, and what becomes of the failure of each.
//!
//! Promises: every command of a bash or sh script that parses is listed once, in order; where the model cannot tell,
//! the effect is [`Effect::Unknown`] or [`Effect::Depends`], never a guess. It does not run anything, does not look
//! into called programs, and judges only whether a failing status reaches the step.

mod asked;
mod branches;
mod fates;
mod handed;
mod inner;
mod lists;
mod mask;
mod nodes;
mod plain;
mod posix;
mod quick;
mod shell;
mod syntax;
mod tail;
mod walk;
mod windows;
mod without;

pub use handed::handed_over;
pub use posix::Parsed;
use shell::looks_posix;
pub use shell::{Dialect, Platform, Shell, platform};
pub use without::{TAILS, cut, without};

use std::borrow::Cow;

use super::link::{Link, LinkKind};
use super::reader::Text;
use crate::yaml::{Place, Style};

/// What becomes of the step if a command fails and nothing else does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The step fails.
    FailsStep,
    /// The step succeeds, for these reasons.
    Masked(Vec<Link>),
    /// The command is never reached.
    NeverRuns(Link),
    /// It depends on what stands at a place of the script.
    Depends(Place, String),
    /// The model cannot tell: the shell or the construct is not known to it.
    Unknown,
}

/// A command of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command<'t> {
    /// It as written, over several lines if it is.
    pub text: &'t str,
    /// Its line in the file, from 1; of a folded scalar, the nearest that can be told.
    pub line: usize,
    /// Its column in the file in characters, from 1.
    pub column: usize,
    /// What becomes of its failure.
    pub effect: Effect,
}

impl Command<'_> {
    /// The word that names the program, assignments before it left out.
    pub fn program(&self) -> &str {
        program(self.text)
    }
}

/// The word that names the program of a command, assignments before it left out.
fn program(text: &str) -> &str {
    // Most commands begin with a word of plain letters, which is quick to tell.
    let end = text.bytes().position(|byte| !is_plain(byte)).unwrap_or(text.len());
    if end > 0 && text.as_bytes().get(end).is_none_or(|byte| matches!(byte, b' ' | b'\n')) {
        return &text[..end];
    }
    let is_assignment = |word: &&str| word.split_once('=').is_some_and(|(name, _)| is_name(name));
    text.split_whitespace().find(|word| !is_assignment(word)).unwrap_or_default()
}

/// Whether a byte may stand in a word that is no assignment.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/')
}

/// Whether a script only prints, and succeeds: whatever it shows, it fails for nothing.
pub fn only_prints(script: &str) -> bool {
    let prints = |line: &str| {
        let starts = line == "echo" || ["echo ", "printf "].iter().any(|word| line.starts_with(word));
        let plain = !line.contains(['|', '&', ';', '`', '\\']) && !line.contains("$(");
        (starts && plain) || ["", ":", "true", "exit 0"].contains(&line)
    };
    let plain = if script.contains("${{") { Cow::Owned(mask::expressions(script)) } else { Cow::Borrowed(script) };
    plain.lines().map(str::trim).all(prints)
}

/// Whether a script does nothing but print, or fail in any case.
pub fn only_prints_or_fails(script: &str) -> bool {
    script.lines().map(str::trim).all(|line| ["exit 1", "false"].contains(&line) || only_prints(line))
}

/// Whether a command can begin behind this part of a script, what `if` and its like ask left out.
fn opens_command(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default().trim_end();
    let word = line.rsplit([' ', '\t']).next().unwrap_or_default();
    line.is_empty()
        || line.ends_with([';', '{', '(', ')', '&', '|', '`'])
        || matches!(word, "then" | "else" | "do" | "!" | "time")
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A script in its file.
#[derive(Debug, Clone, Copy)]
pub struct Script<'t> {
    /// The path of the file.
    pub file: &'t str,
    /// The value of `run:`.
    pub run: Text<'t>,
    /// What runs it.
    pub shell: Shell<'t>,
}

impl<'t> Script<'t> {
    /// Whether anything in the script or its shell could keep the failure of a command from the step.
    ///
    /// A cheap look at the text: `false` is certain, `true` may be wrong.
    pub fn may_mask(&self) -> bool {
        match self.shell.dialect {
            Dialect::Posix => {
                let several = self.run.text.trim().contains('\n');
                (several && !self.shell.errexit) || !plain::is_plain(self.run.text)
            }
            Dialect::Program => false,
            Dialect::PowerShell | Dialect::Cmd | Dialect::Unknown => true,
        }
    }

    /// Whether the failure of a command could be lost behind an operator, in a pipe, or for want of `-e`; what the
    /// script asks (`if`) or substitutes does not count: no finding speaks of it.
    ///
    /// A cheap look at the text: `false` is certain, `true` may be wrong.
    pub fn may_lose(&self) -> bool {
        let text = self.run.text;
        match self.shell.dialect {
            Dialect::Posix => {
                let has = |byte: u8| memchr::memchr(byte, text.as_bytes()).is_some();
                let pipes = || has(b'|') && (!self.shell.pipefail || text.contains("pipefail") || text.contains("||"));
                let lists = || has(b'&') && text.contains("&&");
                let switch = |word: &str| word.starts_with('+') && word.contains(['e', 'o']);
                let switches = || has(b'+') && text.contains("set") && text.split_whitespace().any(switch);
                let turns = || has(b'!') && text.match_indices("! ").any(|(at, _)| opens_command(&text[..at]));
                let runs = || has(b';') && text.contains("-exec");
                let others = || turns() || runs() || text.contains("shopt") || inner::may_stand_in(text);
                !self.shell.errexit || pipes() || lists() || switches() || others()
            }
            Dialect::Program => false,
            Dialect::PowerShell | Dialect::Cmd => true,
            Dialect::Unknown => looks_posix(text) && self.as_default_bash().may_lose(),
        }
    }

    /// Its commands, in order.
    pub fn commands(&self) -> Vec<Command<'t>> {
        self.read(None).0
    }

    /// Its commands, in order, and what it was parsed to, if it was; `near` is that of a script that differs little.
    pub fn read(&self, near: Option<&Parsed>) -> (Vec<Command<'t>>, Option<Parsed>) {
        let commands = match self.shell.dialect {
            Dialect::Posix if !self.may_mask() => plain::commands(self, &Effect::FailsStep),
            Dialect::Posix => return posix::read(self, near),
            Dialect::PowerShell => windows::powershell(self),
            Dialect::Cmd => windows::cmd(self),
            Dialect::Program => vec![self.command(0, self.run.text.trim_end(), Effect::FailsStep)],
            Dialect::Unknown if looks_posix(self.run.text) => return posix::read(&self.as_default_bash(), near),
            Dialect::Unknown => plain::commands(self, &Effect::Unknown),
        };
        (commands, None)
    }

    /// Whether the script fails whenever it runs: it ends in `exit 1` or the like and nothing before ends it otherwise.
    pub fn always_fails(&self) -> bool {
        let ends = |line: &str| {
            let mut words = line.split_whitespace();
            match (words.next(), words.next()) {
                (Some("false"), None) => true,
                (Some("exit"), Some(code)) => code.parse::<u8>().is_ok_and(|code| code != 0),
                _ => false,
            }
        };
        let text = self.run.text.trim();
        let structured = text.lines().any(|line| {
            matches!(line.split_whitespace().next(), Some("if" | "case" | "for" | "while" | "until" | "function"))
        });
        let last = text.lines().last().unwrap_or_default();
        let last = last.rsplit([';', '&']).next().unwrap_or_default();
        !structured && !text.contains("exit 0") && ends(last)
    }

    /// The same script under the default of a Linux runner: what its own syntax shows it to be written for.
    ///
    /// A wrapper with a name of its own (`wsl-bash {0}`) sets switches of its own: then only what the script itself masks
    /// is masked.
    fn as_default_bash(&self) -> Script<'t> {
        let wrapped = self.shell.named.is_some();
        let shell = Shell { dialect: Dialect::Posix, errexit: true, pipefail: wrapped, ..self.shell };
        Script { shell, ..*self }
    }

    fn command(&self, offset: usize, text: &'t str, effect: Effect) -> Command<'t> {
        let (line, column) = self.position(offset);
        Command { text, line, column, effect }
    }

    /// The place in the file of a byte of the script.
    fn place(&self, offset: usize) -> Place {
        let (line, column) = self.position(offset);
        Place { file: self.file.to_owned(), line, column }
    }

    /// The line and the column of that.
    ///
    /// Exact for literal blocks and for scalars on one line; elsewhere YAML has folded lines, and the place is that
    /// of the scalar, or on its line.
    fn position(&self, offset: usize) -> (usize, usize) {
        let before = &self.run.text[..offset.min(self.run.text.len())];
        let row = memchr::memchr_iter(b'\n', before.as_bytes()).count();
        let start = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |at| at + 1);
        let column = before[start..].chars().count();
        let blank = self.run.text.len() - self.run.text.trim_start_matches('\n').len();
        let at = self.run.at;
        match self.run.style {
            Style::Literal => (at.line + row - blank.min(row), at.column + column),
            Style::Folded => (at.line, at.column),
            Style::Plain => (at.line, at.column + column),
            Style::Single | Style::Double => (at.line, at.column + 1 + column),
        }
    }

    fn link(&self, kind: LinkKind, offset: usize, what: &str) -> Link {
        Link { kind, place: self.place(offset), what: short(what) }
    }
}

/// The first line of a text, cut to what fits a message.
fn short(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}...", &line[..at]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::view::Workflow;
    use crate::yaml::load;

    /// The commands of a script under a shell with their effects in short: `!` fails, `?` unknown, else the links.
    fn effects(shell: &str, script: &str) -> Vec<String> {
        let body: String = script.lines().map(|line| format!("          {line}\n")).collect();
        let shell = if shell.is_empty() { String::new() } else { format!("        shell: {shell}\n") };
        let text = format!("jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n{body}{shell}");
        let tree = load("w", &text).unwrap();
        let workflow = Workflow::of("w", &tree);
        let job = &workflow.jobs[0];
        let step = &job.steps[0];
        let shell = Shell::of(step, Some(job), &workflow.defaults);
        let script = Script { file: "w", run: step.run.unwrap(), shell };
        let effect = |effect: &Effect| match effect {
            Effect::FailsStep => "!".to_owned(),
            Effect::Masked(links) => links.iter().map(|l| format!("{:?}", l.kind)).collect::<Vec<_>>().join(">"),
            Effect::NeverRuns(_) => "never".to_owned(),
            Effect::Depends(..) => "depends".to_owned(),
            Effect::Unknown => "?".to_owned(),
        };
        script.commands().iter().map(|c| format!("{} {}", c.program(), effect(&c.effect))).collect()
    }

    #[test]
    fn a_script_of_too_many_commands_is_unknown_and_soon_read() {
        let of = |count: usize| effects("", &format!("{}b || true", "a; ".repeat(count)));
        assert_eq!(of(300).last().map(String::as_str), Some("true !"));
        for all in [of(80_000), effects("", &"a | ".repeat(60_000)), effects("", &"a &".repeat(80_000))] {
            assert!(all.iter().all(|effect| effect.ends_with('?')), "{:?}", all.first());
        }
    }

    #[test]
    fn each_command_has_its_effect() {
        for (shell, script, expected) in [
            ("", "a\nb\n", vec!["a !", "b !"]),
            ("", "a || true\nb", vec!["a OrSucceeds", "true !", "b !"]),
            ("", "a | tee log", vec!["a PipeWithoutPipefail", "tee !"]),
            ("bash", "a | tee log", vec!["a !", "tee !"]),
            ("", "set -o pipefail\na | tee log", vec!["set !", "a !", "tee !"]),
            ("bash -l {0}", "a\nb", vec!["a ShellWithoutE>LaterStatusCounts", "b !"]),
            ("", "set +e\na\nb", vec!["set !", "a SetPlusE>LaterStatusCounts", "b !"]),
            ("", "set +e\na\nrc=$?\nb\nexit $rc", vec!["set !", "a !", "b SetPlusE>LaterStatusCounts", "exit !"]),
            (
                "",
                "set -o pipefail\na | b | c && d || e\nf",
                vec![
                    "set !",
                    "a LeftOfAnd>OrFallback",
                    "b LeftOfAnd>OrFallback",
                    "c LeftOfAnd>OrFallback",
                    "d OrFallback",
                    "e !",
                    "f !",
                ],
            ),
            (
                "",
                "a | b | c && d\ne",
                vec!["a PipeWithoutPipefail", "b PipeWithoutPipefail", "c LeftOfAnd>LaterStatusCounts", "d !", "e !"],
            ),
            ("", "a && b\nc", vec!["a LeftOfAnd>LaterStatusCounts", "b !", "c !"]),
            ("", "a && b", vec!["a !", "b !"]),
            (
                "",
                "bash -c 'a; b' || true",
                vec!["bash OrSucceeds", "a ShellWithoutE>LaterStatusCounts", "b OrSucceeds", "true !"],
            ),
            ("", "a || { echo no; exit 1; }", vec!["a !", "echo !", "exit !"]),
            ("", "a || exit 1", vec!["a !", "exit !"]),
            ("", "find . -exec a {} \\;", vec!["find !", "a FindExec"]),
            ("", "find . -exec a {} +", vec!["find !"]),
            ("", "find . -exec a {} \\; || true", vec!["find OrSucceeds", "true !"]),
            ("", "for x in 1 2; do a $x; done", vec!["a !"]),
            ("", "for x in 1 2; do a $x; done || exit 1", vec!["a OrFallback>LaterStatusCounts", "exit !"]),
            ("", "set +e\nfor x in 1 2; do a && break; done", vec!["set !", "a !", "break !"]),
            ("", "set +e\nfor x in 1; do a --exit-code 1; done", vec!["set !", "a SetPlusE>LaterStatusCounts"]),
            ("", "a || { if ! b; then exit 1; fi; echo c; }", vec!["a depends", "b !", "exit !", "echo !"]),
            ("", "set +e\nfor x in 1 2; do a $x; done", vec!["set !", "a SetPlusE>LaterStatusCounts"]),
            (
                "",
                "a || { b; x=$(b); if c; then exit 0; else exit 1; fi; }",
                vec!["a depends", "b !", "b !", "c !", "exit !", "exit !"],
            ),
            ("", "a || b", vec!["a OrFallback", "b !"]),
            ("", "if a; then b; fi", vec!["a TestedByScript", "b !"]),
            ("", "if ! a; then exit 1; fi", vec!["a !", "exit !"]),
            ("", "if a; then b; else exit 1; fi", vec!["a !", "b !", "exit !"]),
            ("", "! a\nb", vec!["a Negated>LaterStatusCounts", "b !"]),
            ("", "! a | b\nc", vec!["a PipeWithoutPipefail", "b Negated>LaterStatusCounts", "c !"]),
            ("", "a\n! b", vec!["a !", "b Negated"]),
            ("", "! a || exit 1\nb", vec!["a Negated", "exit !", "b !"]),
            ("", "f() { ! a; }\nf\nb", vec!["a Negated", "f !", "b !"]),
            ("", "a &\nb", vec!["a Background", "b !"]),
            ("", "x=$(a)\necho $(b)", vec!["a !", "echo !", "b Substitution"]),
            ("", "export x=$(a)", vec!["a Substitution"]),
            ("", "(a; b)", vec!["a !", "b !"]),
            ("", "{ a; b; } || true", vec!["a OrSucceeds>LaterStatusCounts", "b OrSucceeds", "true !"]),
            ("", "f() { a; b; }\nf", vec!["a !", "b !", "f !"]),
            (
                "",
                "f() { a; b; }\nf || true",
                vec!["a OrSucceeds>LaterStatusCounts", "b OrSucceeds", "f OrSucceeds", "true !"],
            ),
            ("", "exit 0\na", vec!["exit !", "a never"]),
            ("bash {0}", "a\nexit 0", vec!["a ShellWithoutE>LaterStatusCounts", "exit !"]),
            ("", "a > x || true", vec!["a OrSucceeds", "true !"]),
            ("", "a <<EOF || true\nx\nEOF\nb", vec!["a OrSucceeds", "true !", "b !"]),
            ("", "for x in 1 2; do a; b; done", vec!["a !", "b !"]),
            ("", "echo ${{ github.x || 'y' }}", vec!["echo !"]),
            ("", "echo '|| true'", vec!["echo !"]),
            ("", "case x in a) b;; esac", vec!["b !"]),
            ("", "a || rc=$?\nexit $rc", vec!["a !", "exit !"]),
            ("", "a || rc=$?\nif [ $rc = 2 ]; then b; fi", vec!["a depends", "[ TestedByScript", "b !"]),
            ("pwsh", "a\nb", vec!["a NativeNotLast", "b !"]),
            ("pwsh", "Remove-Item x -ErrorAction SilentlyContinue", vec!["Remove-Item ErrorActionArgument"]),
            ("cmd", "a\nb", vec!["a CmdNotLast", "b !"]),
            ("cmd", "a.cmd x\nb", vec!["a.cmd !", "b ?"]),
            ("cmd", "call a.cmd x\nb", vec!["call CmdNotLast", "b !"]),
            ("powershell", "a\ncat log", vec!["a !", "cat !"]),
            ("pwsh", "a\ncat log", vec!["a ?", "cat !"]),
            ("python", "import x\n", vec!["import !"]),
            ("msys2 {0}", "a", vec!["a ?"]),
        ] {
            assert_eq!(effects(shell, script), expected, "{shell}: {script}");
        }
    }
}
