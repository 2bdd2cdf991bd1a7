//! What becomes of a failing status at a point of a script.

use super::super::link::{Link, LinkKind};
use super::syntax::Node;
use super::{Effect, Script};
use crate::yaml::Place;

/// A reason and where in the script it stands. Most are given up on the way, so that only those that last are worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub kind: LinkKind,
    at: At,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// From here to there: the words that count.
    Words(usize, usize),
    /// A place whose words say nothing that the kind does not.
    Point(usize),
    /// The shell that the step names, or the step's own.
    Shell,
}

impl Mark {
    pub fn of(kind: LinkKind, node: Node<'_>) -> Mark {
        Mark { kind, at: At::Words(node.start(), node.end()) }
    }

    pub fn point(kind: LinkKind, offset: usize) -> Mark {
        Mark { kind, at: At::Point(offset) }
    }

    /// For want of `-e` in the shell that runs the step.
    pub fn shell() -> Mark {
        Mark { kind: LinkKind::ShellWithoutE, at: At::Shell }
    }

    pub fn link(self, script: &Script<'_>) -> Link {
        match self.at {
            At::Words(start, end) => script.link(self.kind, start, script.run.text.get(start..end).unwrap_or_default()),
            At::Point(at) => script.link(self.kind, at, if self.kind == LinkKind::SetPlusE { "set +e" } else { "" }),
            At::Shell => {
                let named = script.shell.named;
                let at = named.map_or(script.run.at, |text| text.at);
                let place = Place { file: script.file.to_owned(), line: at.line, column: at.column };
                Link { kind: self.kind, place, what: named.map_or("", |text| text.text).to_owned() }
            }
        }
    }
}

/// What a failing status leads to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fate {
    /// The step fails.
    Fails,
    /// Nothing, for these reasons.
    Masked(Vec<Mark>),
    /// It depends on this.
    Depends(Mark),
}

impl Fate {
    /// The same with a reason in front, unless the failure gets through anyway.
    pub fn behind(self, mark: Mark) -> Fate {
        match self {
            Fate::Masked(marks) if marks.first() != Some(&mark) => {
                Fate::Masked(std::iter::once(mark).chain(marks).collect())
            }
            other => other,
        }
    }

    /// Masked for one reason.
    pub fn masked(mark: Mark) -> Fate {
        Fate::Masked(vec![mark])
    }

    /// In words.
    pub fn effect(&self, script: &Script<'_>) -> Effect {
        match self {
            Fate::Fails => Effect::FailsStep,
            Fate::Masked(marks) => Effect::Masked(marks.iter().map(|mark| mark.link(script)).collect()),
            Fate::Depends(mark) => {
                let link = mark.link(script);
                Effect::Depends(link.place, link.what)
            }
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
    pub exempt: Option<Mark>,
}

impl Fates {
    /// For a shell or a subshell of its own, whose end with a failure has this fate.
    pub fn within(status: Fate, exempt: Option<Mark>) -> Fates {
        Fates { abort: status.clone(), leave: status.clone(), status, pipe: None, doomed: false, exempt }
    }

    /// For a part whose status goes elsewhere and that `-e` passes over.
    pub fn exempt(&self, mark: Mark, status: Fate) -> Fates {
        Fates { status, exempt: Some(mark), pipe: None, doomed: false, ..self.clone() }
    }

    /// For a part that is not the end of the construct.
    pub fn with_status(&self, status: Fate) -> Fates {
        Fates { status, pipe: None, ..self.clone() }
    }
}
