//! The walk over a parsed bash or sh script: it carries downwards what a failing status leads to.
//!
//! Sources: POSIX.1-2024, Shell Command Language (2.9.3 lists, 2.14 `set -e`), and the bash manual for `pipefail`,
//! `!`, command substitution (which does not inherit `-e`) and compound commands.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::fates::{Fate, Fates, Mark};
use super::nodes::{is_exit, is_statement, statements};
use super::syntax::{Field, Kind, Node};
use super::tail::text;
use super::{Command, Effect, Script, program};
use crate::any_of::AnyOf;
use crate::workflow::link::{Link, LinkKind};

/// How the status of what went before is asked for, sought in one pass.
static ASKS: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(["$?", "PIPESTATUS", "${?"]));

/// The deepest that the walk follows a construct, function calls included.
const MAX_DEPTH: usize = 150;

/// The options of the shell at a point of the script.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub errexit: bool,
    pub pipefail: bool,
    /// Where `set +e` stands.
    pub switched_off: Option<usize>,
}

/// A function that was called, how, and under which options.
type Call = (Fates, State);

pub(super) struct Walker<'a, 't, 'n> {
    pub(super) script: &'a Script<'t>,
    pub(super) source: &'t str,
    pub(super) state: State,
    pub(super) functions: BTreeMap<&'t str, Node<'n>>,
    calls: BTreeMap<&'t str, Call>,
    /// Set once something ends the script for good.
    dead: Option<Mark>,
    depth: usize,
    pub(super) found: Vec<(usize, Command<'t>)>,
    /// Where the inner shell stands whose script this is, for `bash -c`.
    pub(super) inner: Option<usize>,
}

impl<'a, 't, 'n> Walker<'a, 't, 'n> {
    pub fn new(script: &'a Script<'t>) -> Self {
        let shell = script.shell;
        Walker {
            script,
            source: script.run.text,
            state: State { errexit: shell.errexit, pipefail: shell.pipefail, switched_off: None },
            functions: BTreeMap::new(),
            calls: BTreeMap::new(),
            dead: None,
            depth: 0,
            found: Vec::new(),
            inner: None,
        }
    }

    /// The commands below the root, in order.
    pub fn run(mut self, root: Node<'n>) -> Vec<Command<'t>> {
        self.whole(root, &Fates::within(Fate::Fails, None));
        self.found.sort_by_key(|(offset, _)| *offset);
        let trap = self.exit_trap();
        let ends = |effect: &Effect| *effect == Effect::FailsStep;
        let mut found: Vec<Command<'t>> = self.found.into_iter().map(|(_, command)| command).collect();
        if let Some(trap) = trap {
            let unsure = |c: &mut Command<'t>| c.effect = Effect::Depends(trap.place.clone(), trap.what.clone());
            found.iter_mut().filter(|c| ends(&c.effect)).for_each(unsure);
        }
        found
    }

    /// A script from its first statement to the bodies of its functions.
    pub(super) fn whole(&mut self, root: Node<'n>, fates: &Fates) {
        self.sequence(&statements(root), fates);
        self.bodies();
    }

    /// A trap that exits on its own terms, itself or in a function that it calls.
    fn exit_trap(&self) -> Option<Link> {
        let calls = |text: &str| {
            self.functions.iter().any(|(name, body)| {
                text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == *name)
                    && self::text(*body, self.source).contains("exit")
            })
        };
        let at_the_end = |text: &str| text.split_whitespace().skip(2).any(|word| matches!(word, "EXIT" | "0" | "ERR"));
        let exits = |c: &Command<'_>| at_the_end(c.text) && (c.text.contains("exit") || calls(c.text));
        let (offset, trap) = self.found.iter().find(|(_, c)| c.program() == "trap" && exits(c))?;
        Some(self.script.link(LinkKind::LaterStatusCounts, *offset, trap.text))
    }

    /// The bodies of the functions, each as its most telling call has it; one nobody calls by name is unknown.
    fn bodies(&mut self) {
        let mut done: Vec<&str> = Vec::new();
        while let Some((name, (fates, state))) = self.next_call(&done) {
            done.push(name);
            if let Some(body) = self.functions.get(name).copied() {
                (self.state, self.dead) = (state, None);
                let leave = self.fate(&fates);
                // The last status of a function is that of the call, which `-e` heeds unless the call is exempt.
                let status = if fates.exempt.is_none() { leave.clone() } else { fates.status.clone() };
                self.statement(body, &Fates { leave, status, doomed: false, ..fates });
            }
        }
        let uncalled: Vec<Node<'n>> =
            self.functions.iter().filter(|(name, _)| !done.contains(*name)).map(|(_, body)| *body).collect();
        for body in uncalled {
            let before = self.found.len();
            self.statement(body, &Fates::within(Fate::Fails, None));
            self.found[before..].iter_mut().for_each(|(_, command)| command.effect = Effect::Unknown);
        }
    }

    fn next_call(&self, done: &[&str]) -> Option<(&'t str, Call)> {
        let mut names: Vec<&'t str> = self.calls.keys().copied().filter(|name| !done.contains(name)).collect();
        names.retain(|name| self.functions.contains_key(name));
        names.sort_unstable();
        let name = *names.first()?;
        Some((name, self.calls.get(name)?.clone()))
    }

    /// Statements one after the other; the last one's status is the construct's.
    pub(super) fn sequence(&mut self, statements: &[Node<'n>], fates: &Fates) {
        let outer_dead = self.dead;
        for (index, statement) in statements.iter().enumerate() {
            let mut inner = fates.with_status(self.status_at(statements, index, fates));
            inner.doomed |= self.ends_badly(&statements[index + 1..], fates).is_some();
            inner.pipe = self.pipe_asked(&statements[index + 1..], fates);
            if statement.followed_by_ampersand() {
                inner = self.background(statements, index, fates);
            }
            self.statement(*statement, &inner);
            if self.dead.is_none() && is_exit(*statement, self.source) {
                self.dead = Some(Mark::of(LinkKind::Unreachable, *statement));
            }
        }
        self.dead = outer_dead;
    }

    /// What becomes of a status that does not stop the shell: the next statement has its own, unless it asks.
    fn status_at(&self, statements: &[Node<'n>], index: usize, fates: &Fates) -> Fate {
        let rest = &statements[index + 1..];
        let Some(next) = rest.iter().find(|n| n.kind() != Kind::Function) else {
            // A definition succeeds.
            let definition = rest.first().map(|n| Fate::masked(Mark::of(LinkKind::LaterStatusCounts, *n)));
            return definition.unwrap_or_else(|| fates.status.clone());
        };
        let next_text = text(*next, self.source);
        if ASKS.stands_in(next_text) {
            return self.asked(*next, fates);
        }
        match (next_text, self.ends_badly(rest, fates)) {
            // Without a number, with the status of what went before.
            ("exit", _) => fates.abort.clone(),
            ("return", _) => fates.leave.clone(),
            (_, Some(end)) => end,
            _ if fates.doomed && !self.may_end_well(rest) => fates.status.clone(),
            _ => Fate::masked(Mark::of(LinkKind::LaterStatusCounts, *next)),
        }
    }

    /// Where what follows comes to, if that is an `exit 1` or `return 1` whatever happens on the way.
    fn ends_badly(&self, rest: &[Node<'n>], fates: &Fates) -> Option<Fate> {
        let bad = |node: &Node<'n>| {
            let text = text(*node, self.source);
            let exit = text.strip_prefix("exit ").map(|code| (code, &fates.abort));
            let (code, fate) = exit.or_else(|| Some((text.strip_prefix("return ")?, &fates.leave)))?;
            code.trim().parse::<u8>().is_ok_and(|code| code != 0).then(|| fate.clone())
        };
        let (at, fate) = rest.iter().enumerate().find_map(|(at, node)| Some((at, bad(node)?)))?;
        (!self.may_end_well(&rest[..at])).then_some(fate)
    }

    fn may_end_well(&self, rest: &[Node<'n>]) -> bool {
        rest.iter().any(|node| {
            let words = text(*node, self.source);
            words.contains("exit") || words.contains("return") || words.contains("exec ")
        })
    }

    /// What becomes of a part of a pipe that is not its last, if the next statement looks at all parts.
    fn pipe_asked(&self, rest: &[Node<'n>], fates: &Fates) -> Option<Fate> {
        let next = rest.first().filter(|next| text(**next, self.source).contains("PIPESTATUS"))?;
        Some(self.asked(*next, fates))
    }

    /// The fates of `command &`: nobody asks, unless a later `wait $!` takes its status on, or `wait $pid` where the
    /// next statement is `pid=$!`.
    fn background(&self, statements: &[Node<'n>], index: usize, fates: &Fates) -> Fates {
        let rest = &statements[index + 1..];
        let words = |node: &Node<'n>| text(*node, self.source);
        let name = rest.first().and_then(|next| words(next).strip_suffix("=$!"));
        let spellings =
            name.map(|name| [format!("wait ${name}"), format!("wait \"${name}\""), format!("wait ${{{name}}}")]);
        let waits = |node: &Node<'n>| {
            let text = words(node);
            text.starts_with("wait $!") || spellings.iter().flatten().any(|spelling| text.starts_with(spelling))
        };
        let some = |node: &&Node<'n>| ["wait $", "wait \"$", "wait -"].iter().any(|lead| words(node).contains(lead));
        let mark = Mark::of(LinkKind::Background, statements[index]);
        let status = match (rest.iter().position(waits), rest.iter().find(some)) {
            (Some(at), _) => self.fate(&fates.with_status(self.status_at(statements, index + 1 + at, fates))),
            (None, Some(wait)) => Fate::Depends(Mark::of(LinkKind::Background, *wait)),
            (None, None) => Fate::masked(mark),
        };
        Fates::within(status, Some(mark))
    }

    pub(super) fn statement(&mut self, node: Node<'n>, fates: &Fates) {
        if self.depth >= MAX_DEPTH {
            return;
        }
        self.depth += 1;
        match node.kind() {
            Kind::Command | Kind::TestCommand | Kind::UnsetCommand => self.command(node, fates),
            Kind::List => self.list(node, fates),
            Kind::Pipeline => self.pipeline(node, fates),
            Kind::Redirected => self.redirected(node, fates),
            Kind::NegatedCommand => {
                let inner = self.negated(Mark::of(LinkKind::Negated, node), fates);
                self.children(node, &inner);
            }
            Kind::If => self.branch(node, fates),
            Kind::While => self.repeat(node, fates),
            Kind::For => self.children(node, &self.in_round(node, fates)),
            Kind::Case | Kind::CaseItem => self.children(node, fates),
            Kind::Subshell => self.subshell(node, fates),
            Kind::Compound | Kind::DoGroup | Kind::Program => self.sequence(&statements(node), fates),
            Kind::Function => self.define(node),
            Kind::Assignment | Kind::Assignments => {
                self.substitutions(node, fates, last_substitution(node));
            }
            _ => self.substitutions(node, fates, None),
        }
        self.depth -= 1;
    }

    /// The fates in a round of a loop: where `-e` is off the last status of a round is that of the loop in its last round
    /// alone. A round that may leave the loop is another matter.
    ///
    /// Source: POSIX, 2.9.4 compound commands: the exit status of `for` and `while` is that of the last list that was executed.
    pub(super) fn in_round(&self, node: Node<'n>, fates: &Fates) -> Fates {
        let leaves = || may_leave(node, self.source, MAX_LEAVING);
        match (self.state.errexit && fates.exempt.is_none()) || leaves() {
            true => fates.clone(),
            false => fates.with_status(Fate::masked(Mark::of(LinkKind::LaterStatusCounts, node))),
        }
    }

    /// The statements among the children of a construct, with the fates of the whole.
    fn children(&mut self, node: Node<'n>, fates: &Fates) {
        let (bodies, rest): (Vec<_>, Vec<_>) = statements(node).into_iter().partition(|n| is_statement(*n));
        rest.into_iter().for_each(|part| self.substitutions(part, fates, None));
        self.sequence(&bodies, fates);
    }

    fn command(&mut self, node: Node<'n>, fates: &Fates) {
        let fate = self.fate(fates);
        let effect = match self.dead {
            Some(mark) => Effect::NeverRuns(mark.link(self.script)),
            None => fate.effect(self.script),
        };
        let body = text(node, self.source);
        self.found.push((node.start(), self.script.command(node.start(), body, effect)));
        let name = program(body);
        match name {
            "set" => self.set(body, node.start()),
            "shopt" => self.shopt(body),
            _ => self.options_of(name),
        }
        let call = (fates.clone(), self.state);
        let stronger = self.calls.get(name).is_none_or(|(old, _)| old.status != Fate::Fails && fate == Fate::Fails);
        if stronger && node.kind() == Kind::Command {
            self.calls.insert(name, call);
        }
        self.substitutions(node, fates, None);
        self.inner_script(node, &fate);
        if name == "find" && fate == Fate::Fails && self.dead.is_none() {
            self.find_exec(node);
        }
    }

    /// The command that `find -exec command {} \;` runs.
    ///
    /// Source: POSIX, `find`, `-exec`: with `;` a status that is not zero makes the primary false and leaves that of `find` as it
    /// is; with `+` it makes `find` fail.
    fn find_exec(&mut self, node: Node<'n>) {
        let body = text(node, self.source);
        let Some(at) = ["-exec ", "-execdir "].iter().find_map(|word| Some(body.find(word)? + word.len())) else {
            return;
        };
        let Some(end) = [" \\;", " ';'", " \";\""].iter().filter_map(|end| body[at..].find(end)).min() else { return };
        let (start, inner) = (node.start() + at, body[at..at + end].trim_end_matches(['\\', ' ', '\n']));
        let link = self.script.link(LinkKind::FindExec, node.start(), body);
        self.found.push((start, self.script.command(start, inner, Effect::Masked(vec![link]))));
    }

    /// What a failing status leads to here: `-e` stops the shell, or the construct goes on.
    pub(super) fn fate(&self, fates: &Fates) -> Fate {
        match fates.exempt {
            Some(mark) => fates.status.clone().behind(mark),
            // The last status of a shell is that of the shell: `-e` makes no difference there.
            None if self.state.errexit || fates.status == fates.abort => fates.abort.clone(),
            None => fates.status.clone().behind(self.no_errexit()),
        }
    }

    fn no_errexit(&self) -> Mark {
        match (self.state.switched_off, self.inner) {
            (Some(offset), _) => Mark::point(LinkKind::SetPlusE, offset),
            (None, Some(offset)) => Mark::point(LinkKind::ShellWithoutE, offset),
            (None, None) => Mark::shell(),
        }
    }

    /// The fates inside of `! ...`: a failure there is a success of the whole.
    ///
    /// A failure of the whole is one that `-e`, where it is on, passes over; where nothing behind it asks either, the chain
    /// goes on to say so.
    ///
    /// Source: POSIX, `set -e`: the setting is ignored in a pipeline that begins with `!`.
    pub(super) fn negated(&self, mark: Mark, fates: &Fates) -> Fates {
        let passed_over = self.state.errexit && fates.exempt.is_none();
        let status = match &fates.status {
            lost @ Fate::Masked(_) if passed_over => lost.clone().behind(mark),
            _ => Fate::masked(mark),
        };
        fates.exempt(mark, status)
    }

    /// `set -euo pipefail`, `set +e` and their long forms.
    pub(super) fn set(&mut self, body: &str, offset: usize) {
        let words: Vec<&str> = body.split_whitespace().skip(1).take_while(|word| *word != "--").collect();
        for (index, word) in words.iter().enumerate() {
            let on = word.starts_with('-');
            let Some(letters) = word.strip_prefix(['-', '+']) else { continue };
            let option = letters.ends_with('o').then(|| words.get(index + 1).copied()).flatten();
            if letters.contains('e') || option == Some("errexit") {
                self.state.errexit = on;
                self.state.switched_off = (!on).then_some(offset);
            }
            if option == Some("pipefail") {
                self.state.pipefail = on;
            }
        }
    }

    /// A subshell: `-e` ends it, and its status counts as that of a command.
    fn subshell(&mut self, node: Node<'n>, fates: &Fates) {
        let state = self.state;
        let status = self.fate(fates);
        self.sequence(&statements(node), &Fates::within(status, fates.exempt));
        self.state = state;
    }

    fn define(&mut self, node: Node<'n>) {
        let name = node.field(Field::Name).map_or("", |name| text(name, self.source));
        if let Some(body) = node.field(Field::Body) {
            self.functions.insert(name, body);
        }
    }

    /// The commands in `$(...)`, backquotes and `<(...)` below a node.
    ///
    /// In a plain assignment the status of the last one, `kept`, is that of the statement; elsewhere it is lost.
    pub(super) fn substitutions(&mut self, node: Node<'n>, fates: &Fates, kept: Option<Node<'n>>) {
        if memchr::memchr2(b'(', b'`', text(node, self.source).as_bytes()).is_none() {
            return;
        }
        for child in node.children() {
            let kind = match child.kind() {
                Kind::CommandSubstitution => LinkKind::Substitution,
                Kind::ProcessSubstitution => LinkKind::ProcessSubstitution,
                _ if self.depth < MAX_DEPTH => {
                    self.depth += 1;
                    self.substitutions(child, fates, kept);
                    self.depth -= 1;
                    continue;
                }
                _ => continue,
            };
            let mark = Mark::of(kind, child);
            let status = if kept == Some(child) { self.fate(fates) } else { Fate::masked(mark) };
            let inner = Fates::within(status, Some(mark));
            let state = self.state;
            self.sequence(&statements(child), &inner);
            self.state = state;
        }
    }
}

/// How deep a round is looked through for what leaves its loop.
const MAX_LEAVING: usize = 12;

/// Whether a command in a round leaves the loop: `break`, `exit`, `return`.
fn may_leave(node: Node<'_>, source: &str, depth: usize) -> bool {
    match node.kind() {
        Kind::Command => matches!(program(text(node, source)), "break" | "exit" | "return"),
        _ => depth > 0 && node.children().any(|child| may_leave(child, source, depth - 1)),
    }
}

/// The last `$(...)` of an assignment, not one inside another.
fn last_substitution(node: Node<'_>) -> Option<Node<'_>> {
    let children: Vec<Node<'_>> = node.children().collect();
    children.into_iter().rev().find_map(|child| match child.kind() {
        Kind::CommandSubstitution => Some(child),
        Kind::ProcessSubstitution => None,
        _ => last_substitution(child),
    })
}
