//! What the audit reports.

use std::fmt;

use super::fix::Fix;
use super::role::Purpose;
use crate::rule::Severity;
use crate::workflow::link::Link;
use crate::yaml::Place;

/// One finding.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Which detector, such as `step-continue-on-error`.
    pub detector: &'static str,
    /// One of [`crate::rule::CATEGORIES`].
    pub category: &'static str,
    /// Where it stands.
    pub place: Place,
    /// More lines of the same finding, in the same file.
    pub also: Vec<usize>,
    /// What it is about: "step `Run tests` of job `unit`".
    pub subject: String,
    /// What is the matter, in a sentence without a full stop.
    pub message: String,
    /// What the subject is for.
    pub purpose: Purpose,
    /// How much it matters.
    pub severity: Severity,
    /// Whether it needs action.
    pub verdict: Verdict,
    /// What stands between the failure and the run, nearest first.
    pub chain: Vec<Link>,
    /// The rewrite that removes it.
    pub fix: Option<Fix>,
    /// What stays the same when lines move: the path of the place by names.
    pub key: String,
}

impl Finding {
    /// Whether it needs action.
    pub fn needs_action(&self) -> bool {
        self.verdict == Verdict::Action
    }

    /// It may stay after all, for this reason.
    pub fn pass(&mut self, reason: Reason, note: String) {
        self.verdict = Verdict::Fine(reason, note);
        self.severity = Severity::Low;
    }

    /// A fingerprint that survives line moves: of detector, file and the place by names.
    pub fn fingerprint(&self) -> String {
        use sha1::{Digest, Sha1};
        let digest = Sha1::digest(format!("{}\0{}\0{}", self.detector, self.place.file, self.key));
        let start = digest.iter().take(8).fold(0, |start: u64, byte| start << 8 | u64::from(*byte));
        format!("{start:016x}")
    }
}

/// Whether a finding needs action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Someone should change it.
    Action,
    /// It is fine as it is.
    Fine(Reason, String),
}

/// Why something is fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A comment at the place accepts it, or an entry of the register.
    Accepted,
    /// A comment at the place gives a reason.
    Justified,
    /// The result is looked at later.
    Examined,
    /// The result is shown to reviewers in another way.
    Reported,
    /// It is masked in some legs or some runs only.
    SomeRuns,
    /// The failure is expected, or shown on purpose.
    Expected,
    /// What it does checks nothing.
    Purpose,
    /// The file is generated: its template is where to look.
    Generated,
    /// It never runs anyway.
    Dead,
    /// A guard against running where it cannot.
    Guard,
    /// A lasting failure still fails.
    Retried,
    /// Worth knowing, no more.
    Informational,
}

impl Reason {
    /// The word that outputs use.
    pub fn word(self) -> &'static str {
        match self {
            Reason::Accepted => "accepted",
            Reason::Justified => "justified",
            Reason::Examined => "examined",
            Reason::Reported => "reported",
            Reason::SomeRuns => "some-runs",
            Reason::Expected => "expected",
            Reason::Purpose => "purpose",
            Reason::Generated => "generated",
            Reason::Dead => "dead",
            Reason::Guard => "guard",
            Reason::Retried => "retried",
            Reason::Informational => "informational",
        }
    }

    /// The reason in plain words, for people.
    pub fn words(self) -> &'static str {
        match self {
            Reason::Accepted => "accepted in a comment or in the register",
            Reason::Justified => "justified by a comment at the place",
            Reason::Examined => "the result is looked at later",
            Reason::Reported => "reviewers see the result elsewhere",
            Reason::SomeRuns => "masked in some legs or runs only",
            Reason::Expected => "the failure is expected",
            Reason::Purpose => "it checks nothing",
            Reason::Generated => "the file is generated",
            Reason::Dead => "it never runs anyway",
            Reason::Guard => "a guard",
            Reason::Retried => "a lasting failure still fails",
            Reason::Informational => "worth knowing, no more",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
