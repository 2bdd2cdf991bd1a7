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
    /// When a `return` leaves the function it stands in with a failure.
    pub leave: Fate,
    /// When the construct ends with a failing status and nothing stopped the shell.
    pub status: Fate,
    /// When a part of a pipe fails that is not its last: something looks at `PIPESTATUS`.
    pub pipe: Option<Fate>,
    /// Whether all ways on from here lead to an `exit 1`.
    pub doomed: bool,
    /// Why `-e` does not count here, if it does not.
    ///
    /// Source: POSIX, `set -e`: the setting is ignored in the condition of `if`, `elif`, `while` and `until`, in a
    /// pipeline that begins with `!`, and in any command of an AND-OR list but the last.
    pub exempt: Option<Link>,
}

impl Fates {
    /// For a shell or a subshell of its own, whose end with a failure has this fate.
    pub fn within(status: Fate, exempt: Option<Link>) -> Fates {
        Fates { abort: status.clone(), leave: status.clone(), status, pipe: None, doomed: false, exempt }
    }

    /// For a part whose status goes elsewhere and that `-e` passes over.
    pub fn exempt(&self, link: Link, status: Fate) -> Fates {
        Fates { status, exempt: Some(link), pipe: None, doomed: false, ..self.clone() }
    }

    /// For a part that is not the end of the construct.
    pub fn with_status(&self, status: Fate) -> Fates {
        Fates { status, pipe: None, ..self.clone() }
    }
}
