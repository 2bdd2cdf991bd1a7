//! What becomes of a failing status at a point of a script.

use super::super::link::Link;
use super::Effect;
use crate::yaml::Place;

/// What a failing status leads to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fate {
    /// The step fails.
    Fails,
    /// Nothing, for these reasons.
    Masked(Vec<Link>),
    /// It depends on this.
    Depends(Place, String),
}

impl Fate {
    /// The same with a reason in front, unless the failure gets through anyway.
    pub fn behind(self, link: &Link) -> Fate {
        match self {
            Fate::Masked(links) if links.first() != Some(link) => {
                Fate::Masked(std::iter::once(link.clone()).chain(links).collect())
            }
            other => other,
        }
    }
}

impl From<Fate> for Effect {
    fn from(fate: Fate) -> Effect {
        match fate {
            Fate::Fails => Effect::FailsStep,
            Fate::Masked(links) => Effect::Masked(links),
            Fate::Depends(place, what) => Effect::Depends(place, what),
        }
    }
}

/// The fates that a construct hands to what stands in it.
#[derive(Debug, Clone)]
pub(super) struct Fates {
    /// When the shell that runs it stops there with a failure.
    pub abort: Fate,
    /// When the construct ends with a failing status and nothing stopped the shell.
    pub status: Fate,
    /// Why `-e` does not count here, if it does not.
    ///
    /// Source: POSIX, `set -e`: the setting is ignored in the condition of `if`, `elif`, `while` and `until`, in a
    /// pipeline that begins with `!`, and in any command of an AND-OR list but the last.
    pub exempt: Option<Link>,
}

impl Fates {
    /// For a part whose status goes elsewhere and that `-e` passes over.
    pub fn exempt(&self, link: Link, status: Fate) -> Fates {
        Fates { abort: self.abort.clone(), status, exempt: Some(link) }
    }

    /// For a part that is not the end of the construct.
    pub fn with_status(&self, status: Fate) -> Fates {
        Fates { status, ..self.clone() }
    }
}
