//! A small script played with known values: whether it fails the step.
//!
//! Gates judge the results of other jobs in a few lines of bash; these are carried out in three values. A text may have
//! holes, an unknown condition plays both of its branches, and what the player does not know makes the answer unknown,
//! never a guess. It runs nothing. Source of all rules: the bash manual, <https://www.gnu.org/software/bash/manual/>.

mod assign;
mod command;
mod jq;
mod number;
mod pattern;
mod sets;
mod state;
mod test;
mod tree;
mod trial;
mod word;

use std::rc::Rc;

use super::condition::Truth;
use crate::memo::Memo;
pub use sets::Sets;
use state::{Flow, State};
use tree::{Node, Tree};
pub use trial::{Fill, Trial, fails_with};

/// Stands in a text for what a run decides: any text, also an empty one.
pub const HOLE: char = '\u{fffc}';

/// The most statements that are played.
const MAX_STEPS: usize = 3_000;

/// The deepest that statements and words nest; each level takes some of the stack.
const MAX_DEPTH: usize = 60;

/// The longest value that a variable can have, and the most that is printed; what doubles itself ends here.
const MAX_TEXT: usize = 32 * 1024;

/// The longest script that is played.
const MAX_BYTES: usize = 16 * 1024;

/// What a script comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it fails its step.
    pub fails: Truth,
    /// What it sets for later steps where it succeeds.
    pub sets: Sets,
    /// The same whether or not it succeeds, for a step that may fail.
    pub in_any_case: Sets,
}

impl Outcome {
    /// What it sets, for a step that may fail and be passed over or not.
    pub fn sets_of(self, may_fail: bool) -> Sets {
        if may_fail { self.in_any_case } else { self.sets }
    }

    /// Nothing is known but what is said of the files.
    pub fn unknown(fails: Truth, sets: Sets) -> Outcome {
        Outcome { fails, in_any_case: sets.clone(), sets }
    }
}

/// Whether a script for `sh` has something that bash reads otherwise, or alone: on Debian and its kin `sh` is dash.
pub fn wants_bash(script: &str) -> bool {
    const SIGNS: &[&str] =
        &["[[", " == ", "echo -", "<<<", "+=", "=(", "function ", "((", "&>", "declare", "${!", ",,}"];
    SIGNS.iter().any(|sign| script.contains(sign))
}

/// What was played: a gate is asked about each job that it needs, and most of what it does is the same for all of them.
#[derive(Default)]
pub struct Played {
    answers: Memo<String, Outcome>,
    /// By the scripts with one word for all results; `None` where one cannot be parsed.
    trees: Memo<String, Option<Rc<Tree>>>,
}

impl Played {
    /// What a bash script comes to, its `${{ }}` and the values of its environment filled in.
    pub fn play(&self, script: &str, env: &[(&str, String)], errexit: bool, pipefail: bool) -> Outcome {
        let mut key = format!("{errexit} {pipefail}\n{script}");
        for (name, value) in env {
            key.extend(["\0", *name, "\0", value.as_str()]);
        }
        let play = || {
            let tree = self.tree(script)?;
            let mut state = State::new(script, env, errexit, pipefail);
            state.run(tree.root())?;
            let (sets, in_any_case) = (state.handed_on(false), state.handed_on(true));
            Some(Outcome { fails: !state.succeeds(), sets, in_any_case })
        };
        self.answers.get(key, || play().unwrap_or_else(|| Outcome::unknown(Truth::Unknown, Sets::unknown())))
    }

    /// The tree of a script; `None` if it is too long or has an error.
    ///
    /// The words for results are of one length and alike to a parser, so that one tree stands for all of them.
    fn tree(&self, script: &str) -> Option<Rc<Tree>> {
        if script.len() > MAX_BYTES {
            return None;
        }
        let alike = script.replace("failure", "success").replace("skipped", "success");
        self.trees.get(alike, || Tree::of(script).map(Rc::new))
    }
}

impl<'s> State<'s> {
    /// One statement; `None` where the player does not know what it does.
    fn run(&mut self, node: Node<'s>) -> Option<()> {
        self.steps += 1;
        let most = if self.trial.is_some() { trial::MAX_STEPS } else { MAX_STEPS };
        (self.steps <= most && self.out.len() <= MAX_TEXT).then_some(())?;
        self.deeper(|state| state.statement(node))
    }

    /// Plays what lies deeper, within bounds.
    fn deeper<T>(&mut self, play: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.depth += 1;
        (self.depth <= MAX_DEPTH).then_some(())?;
        let played = play(self)?;
        self.depth -= 1;
        Some(played)
    }

    fn statement(&mut self, node: Node<'s>) -> Option<()> {
        match node.kind() {
            "compound_statement" if node.has_sign("((") => {
                self.status = self.arithmetic(node)?;
                self.check();
                Some(())
            }
            "program" | "compound_statement" | "do_group" | "else_clause" => self.sequence(node, &node.children()),
            "subshell" => {
                let (succeeds, out) = self.apart(&node.children(), self.errexit)?;
                self.out.push_str(&out);
                self.done(succeeds)
            }
            "list" => self.list(node),
            "pipeline" => self.pipeline(node),
            "negated_command" => {
                self.asked(|state| state.run(node.named_child(0)?))?;
                self.status = !self.status;
                Some(())
            }
            "if_statement" => self.clauses(&[node]),
            "case_statement" => self.case(node),
            "for_statement" => self.each(node),
            "while_statement" => self.repeat(node),
            "redirected_statement" => self.redirected(node),
            "function_definition" => {
                // What its output is led to is not followed.
                if node.children().iter().any(|child| child.kind().ends_with("_redirect")) {
                    return None;
                }
                let name = self.source.get(node.field("name")?.byte_range())?;
                self.functions.insert(name, node.field("body")?);
                self.done(Truth::True)
            }
            "test_command" => {
                let succeeds = self.test(node)?;
                self.done(succeeds)
            }
            "variable_assignment" | "variable_assignments" | "declaration_command" => self.assignments(node),
            "unset_command" => self.unset(node),
            "command" => self.command(node),
            _ => None,
        }
    }

    /// Ends a command: under `-e` its failure ends the script.
    fn done(&mut self, succeeds: Truth) -> Option<()> {
        self.status = succeeds;
        self.check();
        Some(())
    }

    fn sequence(&mut self, owner: Node<'s>, nodes: &[Node<'s>]) -> Option<()> {
        if owner.has_sign("&") {
            return None;
        }
        for node in nodes {
            self.run(*node)?;
            if self.flow != Flow::On {
                break;
            }
        }
        Some(())
    }

    /// `&&` and `||`. "The shell does not exit if the command that fails is [...] part of any command executed in a
    /// `&&` or `||` list except the command following the final `&&` or `||`" (manual, The Set Builtin).
    fn list(&mut self, node: Node<'s>) -> Option<()> {
        let (left, right) = (node.named_child(0)?, node.named_child(1)?);
        self.asked(|state| state.run(left))?;
        if self.flow != Flow::On {
            return Some(());
        }
        let and = node.has_sign("&&");
        let goes_on = if and { self.status } else { !self.status };
        self.fork(goes_on, |state| state.run(right), |state| state.ends(Truth::from(!and)))
    }

    /// All of a pipe's commands run in a shell of their own (manual, Pipelines).
    fn pipeline(&mut self, node: Node<'s>) -> Option<()> {
        if node.has_sign("|&") {
            return None;
        }
        let (mut all, outer, fed) = (Truth::True, self.input.clone(), self.fed);
        for part in node.children() {
            let (succeeds, out) = self.apart(&[part], self.errexit)?;
            (self.input, self.fed) = (out, true);
            all = all & succeeds;
            self.status = succeeds;
        }
        // Words that are printed read nothing; what another first part leaves of the input is not known.
        let first = node.named_child(0).and_then(|first| self.source.get(first.byte_range())).unwrap_or_default();
        let prints = ["echo ", "printf "].iter().any(|word| first.starts_with(word));
        let left = if prints { outer } else { HOLE.to_string() };
        let printed = std::mem::replace(&mut self.input, left);
        self.fed = fed;
        self.out.push_str(&printed);
        self.done(if self.pipefail { all } else { self.status })
    }

    /// The clauses of an `if` one after the other; in each, the condition stands before `then`.
    fn clauses(&mut self, clauses: &[Node<'s>]) -> Option<()> {
        let Some((clause, rest)) = clauses.split_first() else { return self.ends(Truth::True) };
        if clause.kind() == "else_clause" {
            return self.run(*clause);
        }
        let then = clause.all().find(|child| child.kind() == "then")?.start_byte();
        let is_clause = |node: &Node<'_>| matches!(node.kind(), "elif_clause" | "else_clause");
        let (mut next, parts): (Vec<_>, Vec<_>) = clause.children().into_iter().partition(is_clause);
        let (condition, body): (Vec<_>, Vec<_>) = parts.into_iter().partition(|node| node.start_byte() < then);
        next.extend(rest);
        self.asked(|state| state.sequence(*clause, &condition))?;
        if self.flow != Flow::On {
            return Some(());
        }
        self.fork(
            self.status,
            |state| state.sequence(*clause, &body),
            |state| state.deeper(|state| state.clauses(&next)),
        )
    }

    fn case(&mut self, node: Node<'s>) -> Option<()> {
        let value = self.text(node.field("value")?)?;
        let items: Vec<_> = node.children().into_iter().filter(|child| child.kind() == "case_item").collect();
        self.items(&value, &items)
    }

    fn items(&mut self, value: &str, items: &[Node<'s>]) -> Option<()> {
        let Some((item, rest)) = items.split_first() else { return self.ends(Truth::True) };
        if item.has_sign(";&") || item.has_sign(";;&") {
            return None;
        }
        let patterns: Vec<_> = item.fields("value").collect();
        let mut hit = Truth::False;
        for pattern in &patterns {
            hit = hit | self.pattern(*pattern)?.fits(value);
        }
        let body: Vec<_> = item.children().into_iter().filter(|child| !patterns.contains(child)).collect();
        self.fork(hit, |state| state.sequence(*item, &body), |state| state.deeper(|state| state.items(value, rest)))
    }

    fn each(&mut self, node: Node<'s>) -> Option<()> {
        if node.has_sign("select") || !node.has_sign("in") {
            return None;
        }
        let name = self.source.get(node.field("variable")?.byte_range())?;
        let mut values = Vec::new();
        for value in node.fields("value") {
            values.extend(self.known_fields(value)?);
        }
        let body = node.field("body")?;
        if values.is_empty() {
            return self.ends(Truth::True);
        }
        for value in values {
            self.set(name, value);
            self.run(body)?;
            if self.leaves_loop() {
                break;
            }
        }
        Some(())
    }

    /// `while` over what can be told: most often `while read`, until the input ends.
    fn repeat(&mut self, node: Node<'s>) -> Option<()> {
        let body = node.field("body")?;
        let condition: Vec<_> = node.children().into_iter().filter(|child| *child != body).collect();
        let goes_on = if node.has_sign("until") { Truth::False } else { Truth::True };
        loop {
            self.asked(|state| state.sequence(node, &condition))?;
            match self.status {
                _ if self.flow != Flow::On => return Some(()),
                Truth::Unknown => return None,
                status if status == goes_on => self.run(body)?,
                _ => return self.ends(Truth::True),
            }
            if self.leaves_loop() {
                return Some(());
            }
        }
    }

    fn ends(&mut self, succeeds: Truth) -> Option<()> {
        self.status = succeeds;
        Some(())
    }

    /// Whether the loop ends here, by `break` or with all that is around it.
    fn leaves_loop(&mut self) -> bool {
        match self.flow {
            Flow::On => false,
            Flow::Continue => {
                self.flow = Flow::On;
                false
            }
            Flow::Break => {
                self.flow = Flow::On;
                true
            }
            Flow::Return | Flow::Exit => true,
        }
    }
}

#[cfg(test)]
mod tests;
