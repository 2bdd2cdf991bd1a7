//! The signal proof: what a change of workflows means for the runs.
//!
//! The signal model ([`crate::workflow::signal`]) is asked of the files before and after, and the answers are compared
//! job by job and step by step, through the workflows that call them and the steps that use them. An [`Effect`] lists
//! what differs, each with its place and its chain on both sides, the ways to the runs, and what else happens when it
//! fails. [`Expected`] holds it against what a rule says it does; [`deferred`] lists what only a run upstream can show.
//!
//! Promises: the same files give the same effect. A difference in anything the model does not judge (a script, an
//! input, a trigger) is listed as such and is never part of what is proven. Where a run decides, the effect says so.
//!
//! Limitations: those of the model (`docs/signal-model.md`); callers in other repositories are not known; one failure
//! at a time, while all else succeeds.
//!
//! ```
//! use wf_fix::effect::{Says, of_texts};
//!
//! let before = "
//! on: push
//! jobs:
//!   unit:
//!     runs-on: ubuntu-latest
//!     steps:
//!       - name: Test
//!         continue-on-error: true
//!         run: make test
//! ";
//! let after = before.replace("        continue-on-error: true\n", "");
//! let path = ".github/workflows/ci.yml".to_owned();
//! let files = |text: &str| [(path.clone(), text.as_bytes().to_vec())].into();
//! let effect = of_texts(&files(before), &files(&after));
//! assert_eq!(effect.changes.len(), 1);
//! assert_eq!(effect.changes[0].says(), Says::FailsRun);
//! assert_eq!(effect.changes[0].subject.to_string(), "step `Test` of job `unit`");
//! ```

mod aftermath;
mod compare;
pub mod deferred;
mod expect;
mod graph;
mod guard;
mod legs;
mod play;
mod same;
mod scope;
mod state;
mod subject;
mod texts;
mod way;
mod words;

pub use deferred::Deferred;
pub use expect::{Expect, Expected};
pub use play::Fate;
pub use state::State;
pub use subject::Subject;
pub use texts::{of_texts, touched};
pub use way::{Guard, Hop, Way};

use crate::workflow::script::Command;
use crate::workflow::signal::{Runs, Signal};
use crate::workflow::world::World;
use crate::yaml::Place;

/// What a change of files means for the runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// Every job and step that is another to a run, in the order of the files.
    pub changes: Vec<Change>,
    /// What differs in a run in which nothing fails, beyond the changes: conditions that ask about others.
    pub when_all_is_well: Vec<Consequence>,
    /// Files that refer to the changed ones and cannot be read, with the reason; what they do is not known.
    pub unread: Vec<(String, String)>,
}

/// A job or a step that is another to a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is.
    pub subject: Subject,
    /// What became of its failure before; `None` if it was not there.
    pub before: Option<State>,
    /// What becomes of it now; `None` if it is gone.
    pub after: Option<State>,
    /// Whether its own keys differ; else it is another because of what it stands in or needs.
    pub own: bool,
    /// Its keys that differ and that the signal model does not judge.
    pub unjudged: Vec<String>,
    /// What of it can still hide its failure, and why: commands of the step, steps of the job.
    pub still_hidden: Vec<Hidden>,
    /// Whether no command of the step can make it fail, so that its own signal is never asked for.
    pub cannot_fail: bool,
    /// What else happens when it fails, where that is another than before or worth knowing.
    pub when_it_fails: Vec<Consequence>,
    /// What becomes of the other legs of its matrix when it fails in one, if that is another than before.
    pub legs: Option<Legs>,
}

/// What becomes of the other legs of a matrix when one fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Legs {
    /// Those that have not ended are cancelled.
    Cancelled,
    /// These expressions decide.
    Depends(Vec<String>),
}

/// A part whose failure does not reach the whole, or may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// The command in its first line, in back-quotes, or the step in words.
    pub what: String,
    /// Where it stands.
    pub place: Place,
    /// What becomes of its failure.
    pub signal: Signal,
}

/// What happens to another step or job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consequence {
    /// What it is.
    pub subject: Subject,
    /// Where it stands after the change.
    pub place: Place,
    /// What became of it before.
    pub before: Fate,
    /// What becomes of it now.
    pub after: Fate,
    /// The expression by which it looks at the failure, if it does.
    pub reads: Option<String>,
}

/// What a change comes to, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Says {
    /// Nothing at run time: it never ran, or never runs and never did.
    Nothing,
    /// A failure that could hide now fails the run.
    FailsRun,
    /// Now its own check is red, and the run stays green.
    OwnCheckOnly,
    /// It is still masked, by something else.
    StillMasked,
    /// Now it is masked in some legs of the matrix only.
    InLegs,
    /// A run decides what becomes of it now.
    Depends,
    /// A failure that showed can hide now.
    LessVisible,
    /// It never ran, and now runs.
    NowRuns,
    /// It ran, and now never runs.
    NoLongerRuns,
    /// It runs on another condition.
    RunsOtherwise,
    /// Its own keys differ, and its failure ends where it did.
    Same,
    /// Its failure gets to the run by another way.
    OtherWay,
    /// Something differs that the model does not judge.
    Unjudged,
}

impl Change {
    /// What the change comes to.
    pub fn says(&self) -> Says {
        let never = |state: &State| matches!(state.runs, Runs::Never(_));
        match (&self.before, &self.after) {
            (None, None) => Says::Unjudged,
            (Some(before), None) if never(before) => Says::Nothing,
            (Some(_), None) => Says::NoLongerRuns,
            (None, Some(after)) if never(after) => Says::Nothing,
            (None, Some(_)) => Says::NowRuns,
            (Some(before), Some(after)) => match (never(before), never(after)) {
                (true, true) => Says::Nothing,
                (true, false) => Says::NowRuns,
                (false, true) => Says::NoLongerRuns,
                (false, false) if !self.unjudged.is_empty() => Says::Unjudged,
                (false, false) => between(before, after),
            },
        }
    }
}

/// What two states of something that runs on both sides come to.
fn between(before: &State, after: &State) -> Says {
    if !same::runs(&before.runs, &after.runs) {
        return Says::RunsOtherwise;
    }
    if same::signal(&before.signal, &after.signal) {
        return if same::ways(&before.ways, &after.ways) { Says::Same } else { Says::OtherWay };
    }
    let kind = std::mem::discriminant::<Signal>;
    // The run was green before in both; a red check that may go with it is in the words.
    let hidden = |signal: &Signal| matches!(signal, Signal::Masked(_) | Signal::FailsOwnCheckOnly(_));
    match (&before.signal, &after.signal) {
        (_, Signal::FailsRun) => Says::FailsRun,
        (Signal::Masked(_), Signal::Masked(_)) => Says::StillMasked,
        (Signal::Masked(_), Signal::FailsOwnCheckOnly(_)) => Says::OwnCheckOnly,
        (before, Signal::MaskedInLegs { .. }) if hidden(before) => Says::InLegs,
        (before, Signal::Depends { .. }) if hidden(before) => Says::Depends,
        (a, b) if kind(a) == kind(b) => match b {
            Signal::FailsOwnCheckOnly(_) => Says::OwnCheckOnly,
            Signal::MaskedInLegs { .. } => Says::InLegs,
            _ => Says::Depends,
        },
        _ => Says::LessVisible,
    }
}

impl Effect {
    /// Whether nothing is another at run time, as far as the model judges: no change, or only of what never runs.
    pub fn is_nothing(&self) -> bool {
        self.when_all_is_well.is_empty() && self.changes.iter().all(|change| change.says() == Says::Nothing)
    }
}

/// The effect of a change: `before` and `after` hold the touched files and, as far as known, the files that call them.
pub fn of(before: &World<'_>, after: &World<'_>, touched: &[&str]) -> Effect {
    compare::compare(before, after, touched)
}

/// A command as it is listed.
fn hidden(file: &str, command: &Command<'_>, signal: Signal) -> Hidden {
    Hidden {
        what: format!("`{}`", command.text.trim().lines().next().unwrap_or_default()),
        place: Place { file: file.to_owned(), line: command.line, column: command.column },
        signal,
    }
}
