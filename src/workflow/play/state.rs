//! The state of a shell while a script is played.

use std::collections::BTreeMap;

use super::sets::Sets;
use super::tree::Node;
use super::trial::{self, Trial};
use super::{HOLE, MAX_TEXT};
use crate::workflow::condition::Truth;

/// Where the script goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    On,
    Break,
    Continue,
    Return,
    Exit,
}

/// A variable: one text, or the members of an array by their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Var {
    Text(String),
    Array(Vec<(String, String)>),
}

#[derive(Debug, Clone)]
pub(super) struct State<'s> {
    pub source: &'s str,
    pub vars: BTreeMap<String, Var>,
    pub functions: BTreeMap<&'s str, Node<'s>>,
    /// `$1` and on.
    pub args: Vec<String>,
    pub errexit: bool,
    pub pipefail: bool,
    /// How many conditions are around: in them `-e` does nothing.
    pub asked: usize,
    /// Whether the last command succeeded.
    pub status: Truth,
    /// Its exit code, if it failed with a known one.
    pub code: i64,
    /// What `local` has hidden, to be put back at the end of the function.
    pub hidden: Vec<(String, Option<Var>)>,
    pub flow: Flow,
    /// How the runs ended that have ended before here, if any may have: whether they succeed.
    pub ended: Option<Truth>,
    pub input: String,
    pub out: String,
    /// Whether the command substitution of this assignment succeeded.
    pub substituted: Truth,
    /// What later steps see, and the same where the script may have ended well before here.
    pub sets: Sets,
    pub left: Option<Sets>,
    /// The same where it has failed before here.
    pub lost: Option<Sets>,
    pub steps: usize,
    pub depth: usize,
    /// How many functions are around.
    pub calls: usize,
    /// Whether a pipe or a redirection feeds the input.
    pub fed: bool,
    /// Where one command is tried.
    pub trial: Option<Trial<'s>>,
}

impl<'s> State<'s> {
    pub fn new(source: &'s str, env: &[(&str, String)], errexit: bool, pipefail: bool) -> State<'s> {
        let files = Sets::files().map(|(name, path)| (name, path.to_owned()));
        let given = env.iter().map(|(key, value)| (*key, value.clone())).chain(files);
        let given = given.map(|(key, value)| (key.to_owned(), Var::Text(value)));
        State {
            source,
            vars: given.collect(),
            functions: BTreeMap::new(),
            args: Vec::new(),
            errexit,
            pipefail,
            asked: 0,
            status: Truth::True,
            code: 1,
            hidden: Vec::new(),
            flow: Flow::On,
            ended: None,
            input: HOLE.to_string(),
            out: String::new(),
            substituted: Truth::True,
            sets: Sets::default(),
            left: None,
            lost: None,
            steps: 0,
            depth: 0,
            calls: 0,
            fed: false,
            trial: None,
        }
    }

    /// How the script comes out, over all ways it may have taken.
    pub fn succeeds(&self) -> Truth {
        match self.flow {
            Flow::Exit => self.ended.unwrap_or(Truth::Unknown),
            _ => join(self.ended, self.status),
        }
    }

    /// What later steps see, over all ways that end well; over all ways, if it may have `failed` all the same.
    pub fn handed_on(&self, failed: bool) -> Sets {
        let here = (self.flow != Flow::Exit).then_some(&self.sets);
        let ended = meeting(self.left.clone(), here);
        let ended = if failed || ended.is_none() { meeting(ended, self.lost.as_ref()) } else { ended };
        ended.unwrap_or_else(|| self.sets.clone())
    }

    pub fn set(&mut self, name: &str, value: String) {
        self.keep(name, Var::Text(value));
    }

    /// Gives a variable a value; what is too long to be kept is not known.
    pub fn keep(&mut self, name: &str, value: Var) {
        let size = match &value {
            Var::Text(text) => text.len(),
            Var::Array(all) => all.iter().map(|(key, value)| key.len() + value.len() + 16).sum(),
        };
        let most = if self.trial.is_some() { trial::MAX_TEXT } else { MAX_TEXT };
        let value = if size > most { Var::Text(HOLE.to_string()) } else { value };
        self.vars.insert(name.to_owned(), value);
    }

    /// Plays something whose failure is asked for.
    pub fn asked(&mut self, play: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.asked += 1;
        play(self)?;
        self.asked -= 1;
        Some(())
    }

    /// Ends the script, or the function or shell of its own that is played.
    pub fn exit(&mut self, succeeds: Truth) {
        self.ended = Some(join(self.ended, succeeds));
        if succeeds != Truth::False {
            self.left = meeting(self.left.take(), Some(&self.sets));
        }
        if succeeds != Truth::True {
            self.lost = meeting(self.lost.take(), Some(&self.sets));
        }
        self.flow = Flow::Exit;
    }

    /// Under `-e`, a failure ends the script.
    pub fn check(&mut self) {
        match self.status {
            _ if !self.errexit || self.asked > 0 || self.flow != Flow::On => {}
            Truth::True => {}
            Truth::False => self.exit(Truth::False),
            // Some runs end here; the others go on with a success.
            Truth::Unknown => {
                self.lost = meeting(self.lost.take(), Some(&self.sets));
                self.ended = Some(join(self.ended, Truth::False));
                self.status = Truth::True;
            }
        }
    }

    /// Plays statements in a shell of their own: whether they succeed, and what they print.
    pub fn apart(&mut self, nodes: &[Node<'s>], errexit: bool) -> Option<(Truth, String)> {
        let mut own = State { out: String::new(), ended: None, left: None, lost: None, errexit, ..self.clone() };
        for node in nodes {
            own.run(*node)?;
            if own.flow != Flow::On {
                break;
            }
        }
        self.steps = own.steps;
        let succeeds = own.succeeds();
        // Its variables are its own, the files are not.
        (self.sets, self.code) = (own.handed_on(true), own.code);
        // What is printed before an end that may come is not told from what follows it.
        let out = if own.ended.is_some() && own.flow != Flow::Exit { HOLE.to_string() } else { own.out };
        Some((succeeds, out))
    }

    /// Plays one of two ways, or both where it is not known which.
    pub fn fork(
        &mut self,
        which: Truth,
        yes: impl FnOnce(&mut Self) -> Option<()>,
        no: impl FnOnce(&mut Self) -> Option<()>,
    ) -> Option<()> {
        match which {
            Truth::True => yes(self),
            Truth::False => no(self),
            Truth::Unknown => {
                let mut other = self.clone();
                yes(self)?;
                other.steps = self.steps;
                no(&mut other)?;
                self.merge(other)
            }
        }
    }

    /// What is known whichever of two ways was taken.
    fn merge(&mut self, other: State<'s>) -> Option<()> {
        let ended = other.ended.or(self.ended).map(|last| join(self.ended, last));
        let left = meeting(self.left.take(), other.left.as_ref());
        let lost = meeting(self.lost.take(), other.lost.as_ref());
        match (self.flow, other.flow) {
            (_, Flow::Exit) => {}
            (Flow::Exit, _) => *self = other.clone(),
            (one, two) if one != two => return None,
            _ => {
                let same = self.errexit == other.errexit && self.pipefail == other.pipefail && self.args == other.args;
                if !same || self.functions != other.functions {
                    return None;
                }
                self.status = if self.status == other.status { self.status } else { Truth::Unknown };
                self.code = if self.code == other.code { self.code } else { UNKNOWN_CODE };
                self.meet(&other);
            }
        }
        self.ended = ended;
        (self.left, self.lost) = (left, lost);
        self.steps = self.steps.max(other.steps);
        Some(())
    }

    /// The variables and texts of two ways: what differs is a hole.
    fn meet(&mut self, other: &State<'s>) {
        let hole = || HOLE.to_string();
        let names: Vec<String> = self.vars.keys().chain(other.vars.keys()).cloned().collect();
        for name in names {
            if self.vars.get(&name) != other.vars.get(&name) {
                self.vars.insert(name, Var::Text(hole()));
            }
        }
        self.sets.meet(&other.sets);
        for (own, other) in [(&mut self.out, &other.out), (&mut self.input, &other.input)] {
            if own != other {
                *own = hole();
            }
        }
    }
}

/// Stands for an exit code that is not known.
pub(super) const UNKNOWN_CODE: i64 = -1;

fn meeting(first: Option<Sets>, second: Option<&Sets>) -> Option<Sets> {
    match (first, second) {
        (Some(mut first), Some(second)) => {
            first.meet(second);
            Some(first)
        }
        (first, second) => first.or_else(|| second.cloned()),
    }
}

fn join(first: Option<Truth>, second: Truth) -> Truth {
    if first.is_none_or(|first| first == second) { second } else { Truth::Unknown }
}
