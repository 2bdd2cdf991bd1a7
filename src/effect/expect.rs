//! What a rule says its change does to the runs, and whether that is all it does.
//!
//! A word allows what follows from it: a failure that now shows ends its job, so steps that wait for success are no
//! longer reached, jobs that need it are skipped, and who reads its outcome reads another one. Those happen *when it
//! fails* and are no difference of their own. What is beyond a word is another job or step that runs at other times,
//! or whose failure ends elsewhere, for another reason.

use std::fmt;

use super::{Change, Effect, Says, State};
use crate::yaml::{Fault, FaultKind, Place};

/// A word for what a rule expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expect {
    /// Failures that could hide show, and nothing runs at other times.
    FailuresVisible,
    /// Nothing that ever runs is another.
    NoRuntimeChange,
    /// Jobs or steps that never ran, run.
    ConditionRestored,
    /// No value differs.
    DocumentationOnly,
}

impl Expect {
    /// All words.
    pub const ALL: [Expect; 4] =
        [Expect::FailuresVisible, Expect::NoRuntimeChange, Expect::ConditionRestored, Expect::DocumentationOnly];

    /// The word as a rule file has it.
    pub fn word(self) -> &'static str {
        match self {
            Expect::FailuresVisible => "failures-visible",
            Expect::NoRuntimeChange => "no-runtime-change",
            Expect::ConditionRestored => "condition-restored",
            Expect::DocumentationOnly => "documentation-only",
        }
    }

    /// Whether a change is within the word.
    fn allows(self, change: &Change) -> bool {
        match (self, change.says()) {
            (Expect::DocumentationOnly, _) => false,
            (_, Says::Nothing) => true,
            (Expect::NoRuntimeChange, _) => false,
            (Expect::FailuresVisible, says) => {
                let shows =
                    [Says::Same, Says::FailsRun, Says::OwnCheckOnly, Says::StillMasked, Says::InLegs, Says::Depends];
                shows.contains(&says)
            }
            (Expect::ConditionRestored, says) => says == Says::NowRuns && change.before.is_some(),
        }
    }
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What a rule expects of all its rewrites together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// The words; a difference must be within one of them.
    words: Vec<Expect>,
    /// Whether a rewrite says nothing about what it does, so that the effect is shown and not judged.
    open: bool,
}

impl Expected {
    /// Of several words.
    pub fn of(words: impl IntoIterator<Item = Expect>) -> Expected {
        let mut words: Vec<Expect> = words.into_iter().collect();
        words.sort_unstable();
        words.dedup();
        Expected { words, open: false }
    }

    /// Of several rewrites; one without a word leaves the whole open.
    pub fn combined(rewrites: impl IntoIterator<Item = Option<Expect>>) -> Expected {
        let rewrites: Vec<Option<Expect>> = rewrites.into_iter().collect();
        Expected { open: rewrites.contains(&None), ..Expected::of(rewrites.into_iter().flatten()) }
    }

    /// The words, none if nothing is expected.
    pub fn words(&self) -> &[Expect] {
        if self.open { &[] } else { &self.words }
    }

    /// Holds an effect against the expectation.
    ///
    /// # Errors
    /// The first difference beyond it, with its place, and the way out.
    pub fn check(&self, effect: &Effect) -> Result<(), Fault> {
        if self.open {
            return Ok(());
        }
        let beyond = |change: &&Change| !self.words.iter().any(|word| word.allows(change));
        if let Some(change) = effect.changes.iter().find(beyond) {
            return Err(self.fault(place(change), &change.headline()));
        }
        let restores = self.words.contains(&Expect::ConditionRestored);
        match effect.when_all_is_well.iter().find(|_| !restores) {
            Some(other) => {
                let what = format!("{} {} when nothing fails", other.subject, super::words::turn(other));
                Err(self.fault(Some(other.place.clone()), &what))
            }
            None => Ok(()),
        }
    }

    fn fault(&self, place: Option<Place>, what: &str) -> Fault {
        let cause = format!("the change goes beyond `effect: {self}`: {what}");
        let way_out = "look whether the workflow is what the rule takes it for; if this is meant, say so with `effect:` \
                       in the rule file";
        match place {
            Some(place) => Fault::at(FaultKind::Refused, place, cause, way_out),
            None => Fault::new(FaultKind::Refused, cause, way_out),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.words().iter().map(|word| word.word()).collect();
        f.write_str(&words.join(", "))
    }
}

/// Where a change stands before it is made, else after.
fn place(change: &Change) -> Option<Place> {
    let of = |state: &Option<State>| state.as_ref().map(|state| state.place.clone());
    let whole = || Place { file: change.subject.file.clone(), line: 1, column: 1 };
    Some(of(&change.before).or(of(&change.after)).unwrap_or_else(whole))
}
