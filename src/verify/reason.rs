//! Why a series does not pass: a word, a place, the cause and the way out.

use std::fmt;

use super::series::{Commit, short};
use crate::yaml::{Fault, Place};

/// Every reason: its word in outputs, and what it says, for the documentation and `--help` of reports.
pub const REASONS: &[(Code, &str, &str)] = &[
    (Code::NoRisk, "no-risk", "the commit names no risk, neither in a `Risk-ID:` trailer nor in its subject"),
    (Code::TwoRisks, "two-risks", "the commit names several risks"),
    (Code::UnknownRisk, "unknown-risk", "the register has no risk of this ID"),
    (Code::SubjectDisagrees, "subject-disagrees", "the subject names another risk than the trailer"),
    (Code::TrailerDisagrees, "trailer-disagrees", "another trailer says something else than the register"),
    (Code::AcceptedRisk, "accepted-risk", "the register accepts the risk: there is nothing to fix"),
    (Code::OtherMilestone, "other-milestone", "the risk belongs to another milestone"),
    (Code::FixupCommit, "fixup-commit", "a fixup! or squash! commit that was not folded in"),
    (Code::MergeCommit, "merge-commit", "a commit with several parents"),
    (Code::RootCommit, "root-commit", "a commit without a parent"),
    (Code::EmptyCommit, "empty-commit", "a commit that changes nothing"),
    (Code::RiskTwice, "risk-twice", "an earlier commit of the series names the same risk"),
    (Code::MissingRisk, "missing-risk", "a risk of the milestone that no commit removes"),
    (Code::NothingToDo, "nothing-to-do", "the risk was gone before the commit"),
    (Code::RiskReturns, "risk-returns", "the commit brings the risk back"),
    (Code::NotDoneAtHead, "not-done-at-head", "the risk is there again at HEAD"),
    (Code::CannotPlan, "cannot-plan", "the rule cannot be planned on the parent, so there is nothing to compare with"),
    (Code::RuleEdited, "rule-edited", "a rule file changes in the series that it judges"),
    (Code::ExtraFile, "extra-file", "a file that the risk does not concern"),
    (Code::FileUntouched, "file-untouched", "a file that the rule changes and the commit does not"),
    (Code::FileDeleted, "file-deleted", "a file goes that should stay"),
    (Code::FileKept, "file-kept", "a file stays that should go"),
    (Code::Renamed, "renamed", "a file moves"),
    (Code::Symlink, "symlink", "a symbolic link"),
    (Code::Submodule, "submodule", "a submodule"),
    (Code::ModeChanged, "mode-changed", "a file's mode changes"),
    (Code::Binary, "binary", "a file that is no text"),
    (Code::Unreadable, "unreadable", "the file cannot be read after the commit"),
    (Code::ByteOrderMark, "byte-order-mark", "a byte order mark comes or goes"),
    (Code::LineEnds, "line-ends", "line ends change"),
    (Code::FinalNewline, "final-newline", "the newline at the end of the file comes or goes"),
    (Code::WhiteSpace, "white-space", "white space changes on a line that the risk does not concern"),
    (Code::Reformatted, "reformatted", "a line that the risk does not concern is written otherwise"),
    (Code::NotFixed, "not-fixed", "the commit makes none of the changes that remove the risk"),
    (Code::PartialFix, "partial-fix", "the commit makes some of the changes that remove the risk, not all"),
    (Code::SoftFailAdded, "soft-fail-added", "a `continue-on-error` comes in"),
    (Code::Quotes, "quotes", "a value is quoted otherwise"),
    (Code::ExtraChange, "extra-change", "a value changes that the risk does not concern, or to something else"),
    (Code::CommentLost, "comment-lost", "a comment goes that should stay"),
    (Code::CommentMoved, "comment-moved", "a comment stands in another place"),
    (Code::CommentAdded, "comment-added", "a comment comes in, or stays, that the rule does not leave there"),
    (Code::NoteMissing, "note-missing", "a comment that the rule adds is not there"),
    (Code::NoteDiffers, "note-differs", "a comment that the rule adds has other words"),
    (Code::Form, "form", "with --exact: the commit differs from the plan in form"),
    (Code::Invariant, "invariant", "an invariant does not hold at HEAD"),
];

/// What sort of reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "REASONS says what each means")]
pub enum Code {
    NoRisk,
    TwoRisks,
    UnknownRisk,
    SubjectDisagrees,
    TrailerDisagrees,
    AcceptedRisk,
    OtherMilestone,
    FixupCommit,
    MergeCommit,
    RootCommit,
    EmptyCommit,
    RiskTwice,
    MissingRisk,
    NothingToDo,
    RiskReturns,
    NotDoneAtHead,
    CannotPlan,
    RuleEdited,
    ExtraFile,
    FileUntouched,
    FileDeleted,
    FileKept,
    Renamed,
    Symlink,
    Submodule,
    ModeChanged,
    Binary,
    Unreadable,
    ByteOrderMark,
    LineEnds,
    FinalNewline,
    WhiteSpace,
    Reformatted,
    NotFixed,
    PartialFix,
    SoftFailAdded,
    Quotes,
    ExtraChange,
    CommentLost,
    CommentMoved,
    CommentAdded,
    NoteMissing,
    NoteDiffers,
    Form,
    Invariant,
}

impl Code {
    /// The word that outputs use.
    pub fn word(self) -> &'static str {
        REASONS.iter().find(|(code, ..)| *code == self).map_or("unknown", |(_, word, _)| word)
    }
}

/// Where a reason is: a commit, a file in it, a position in that.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The commit's object ID; that of HEAD for what holds at HEAD.
    pub commit: String,
    /// The file.
    pub file: Option<String>,
    /// Line and column, from 1.
    pub position: Option<(usize, usize)>,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(short(&self.commit))?;
        self.file.iter().try_for_each(|file| write!(f, ":{file}"))?;
        self.position.iter().try_for_each(|(line, column)| write!(f, ":{line}:{column}"))
    }
}

/// Why a series does not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What sort of reason.
    pub code: Code,
    /// Where.
    pub at: At,
    /// What is wrong, in one sentence without a full stop.
    pub cause: String,
    /// What to do about it.
    pub way_out: String,
}

impl Reason {
    /// A reason that concerns a whole commit.
    pub fn of(code: Code, commit: &Commit, cause: impl Into<String>, way_out: impl Into<String>) -> Reason {
        Reason::at(code, &commit.id, None, cause, way_out)
    }

    /// A reason in a file of a commit.
    pub fn in_file(
        code: Code,
        commit: &Commit,
        file: &str,
        cause: impl Into<String>,
        way_out: impl Into<String>,
    ) -> Reason {
        let at = At { commit: commit.id.clone(), file: Some(file.to_owned()), position: None };
        Reason { code, at, cause: cause.into(), way_out: way_out.into() }
    }

    /// A reason at a place of a commit, or at the commit if there is none.
    pub fn at(
        code: Code,
        commit: &str,
        place: Option<Place>,
        cause: impl Into<String>,
        way_out: impl Into<String>,
    ) -> Reason {
        let position = place.as_ref().map(|place| (place.line, place.column));
        let at = At { commit: commit.to_owned(), file: place.map(|place| place.file), position };
        Reason { code, at, cause: cause.into(), way_out: way_out.into() }
    }

    /// A fault of reading or planning, as a reason.
    pub fn fault(code: Code, commit: &str, fault: &Fault) -> Reason {
        Reason::at(code, commit, fault.place.clone(), fault.cause.clone(), fault.way_out.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_one_word_of_its_own() {
        let mut words: Vec<&str> = REASONS.iter().map(|(_, word, _)| *word).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), REASONS.len());
        assert_eq!(REASONS.last().map(|(code, ..)| *code as usize), Some(REASONS.len() - 1));
        assert!(REASONS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
