//! What a script sets for the steps behind it: lines in the files of `$GITHUB_OUTPUT` and `$GITHUB_ENV`.
//!
//! Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>, "Setting an output
//! parameter", "Setting an environment variable" and "Multiline strings".

use std::collections::BTreeMap;

use super::HOLE;
use crate::workflow::value::Value;

/// Where a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// `steps.<id>.outputs`.
    Output,
    /// The environment of later steps.
    Env,
}

/// The variables that name the files, and what they stand for while a script is played.
const FILES: &[(&str, &str, Channel)] =
    &[("GITHUB_OUTPUT", "\u{fffb}output", Channel::Output), ("GITHUB_ENV", "\u{fffb}env", Channel::Env)];

/// The values that a script sets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sets {
    values: BTreeMap<(Channel, String), String>,
    /// Whether others may be set too.
    open: bool,
    /// Whether a variable that was set before may have another value now.
    lost: bool,
    /// Whether the last line has no end, so that what comes next goes on in it.
    unended: bool,
}

impl Sets {
    /// Whatever a step may set of which nothing is known.
    pub fn unknown() -> Sets {
        Sets { open: true, lost: true, ..Sets::default() }
    }

    /// What a step may set that does not write to the files by what is seen of it: an action, which is taken to leave the
    /// variables alone that scripts beside it set.
    pub fn of_action() -> Sets {
        Sets { lost: false, ..Sets::unknown() }
    }

    /// The same of a step that may not have run.
    pub fn in_doubt(mut self) -> Sets {
        self.meet(&Sets::default());
        self
    }

    /// The variables by which a script finds the files.
    pub(super) fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
        FILES.iter().map(|(name, path, _)| (*name, *path))
    }

    /// Whether a word of a command names one of the files.
    pub(super) fn named_in(word: &str) -> bool {
        FILES.iter().any(|(name, path, _)| word.contains(path) || word.contains(name))
    }

    /// Where what is written to this path goes.
    pub(super) fn channel(path: &str) -> Option<Channel> {
        FILES.iter().find(|(_, own, _)| *own == path).map(|(_, _, channel)| *channel)
    }

    /// An output of the step: null if it is not set.
    pub fn output(&self, name: &str) -> Value {
        match self.values.get(&(Channel::Output, name.to_ascii_lowercase())) {
            _ if self.unended => Value::Unknown,
            Some(value) if value.contains(HOLE) => Value::Unknown,
            Some(value) => Value::Text(value.clone()),
            None if self.open => Value::Unknown,
            None => Value::Null,
        }
    }

    /// The variables that are known behind these steps, with holes for what is not known of them.
    pub fn variables<'s>(steps: impl DoubleEndedIterator<Item = &'s Sets> + Clone) -> Vec<(&'s str, &'s str)> {
        let since = steps.clone().rev().take_while(|sets| !sets.lost && !sets.unended).count();
        let of = |sets: &'s Sets| {
            let env = sets.values.iter().filter(|((channel, _), _)| *channel == Channel::Env);
            env.map(|((_, name), value)| (name.as_str(), value.as_str()))
        };
        let mut known: Vec<_> = steps.rev().take(since).flat_map(of).collect();
        known.reverse();
        known
    }

    /// A program that is not known may set what it likes.
    pub(super) fn leave_open(&mut self) {
        self.open = true;
    }

    /// Takes away what has been written to one of the files.
    pub(super) fn truncate(&mut self, channel: Channel) {
        self.values.retain(|(own, _), _| *own != channel);
    }

    /// Takes up what is written to one of the files.
    pub(super) fn write(&mut self, channel: Channel, text: &str) {
        // What comes next would go on in the same line.
        self.unended |= !text.is_empty() && !text.ends_with('\n');
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let (name, value) = match (line.split_once("<<"), line.split_once('=')) {
                (Some((name, end)), equals) if equals.is_none_or(|(before, _)| before.len() > name.len()) => {
                    let rest: Vec<&str> = lines.clone().collect();
                    let Some(length) = rest.iter().position(|line| *line == end) else { return self.blur() };
                    lines.nth(length);
                    (name, rest[..length].join("\n"))
                }
                (_, Some((name, value))) => (name, value.to_owned()),
                _ if line.trim().is_empty() => continue,
                _ => return self.blur(),
            };
            if name.contains(HOLE) {
                return self.blur();
            }
            let name = match channel {
                // The runner's outputs know no case.
                Channel::Output => name.to_ascii_lowercase(),
                // Its own variables cannot be overwritten.
                Channel::Env if name.starts_with("GITHUB_") || name.starts_with("RUNNER_") => continue,
                Channel::Env => name.to_owned(),
            };
            self.values.insert((channel, name), value);
        }
    }

    /// What is known whichever of two ways was taken.
    pub(super) fn meet(&mut self, other: &Sets) {
        self.open |= other.open;
        self.lost |= other.lost;
        self.unended |= other.unended;
        for key in other.values.keys() {
            self.values.entry(key.clone()).or_insert_with(|| HOLE.to_string());
        }
        for (key, value) in &mut self.values {
            if other.values.get(key) != Some(value) {
                *value = HOLE.to_string();
            }
        }
    }

    /// Nothing is known any more.
    pub(super) fn blur(&mut self) {
        (self.open, self.lost) = (true, true);
        self.values.values_mut().for_each(|value| *value = HOLE.to_string());
    }
}
