//! Quality gates and exit criteria, each computed: met, not met, or not known here.

use serde_json::{Value, json};

use super::Input;
use super::work::risks;
use crate::effect::Says;
use crate::effect::deferred::Deferred;
use crate::report::safe::plural;
use crate::verify::reason::Code;

use Code::*;

/// A gate: what it asks for, and the reasons that break it.
const GATES: &[(&str, &str, &[Code])] = &[
    (
        "one-risk-per-commit",
        "Every commit names exactly one risk of the register",
        &[NoRisk, TwoRisks, UnknownRisk, SubjectDisagrees, TrailerDisagrees, AcceptedRisk, OtherMilestone, FixupCommit],
    ),
    ("linear-series", "No merges, no roots, no empty commits", &[MergeCommit, RootCommit, EmptyCommit]),
    (
        "named-files-only",
        "Every commit touches only the files of its risk, text and mode unchanged otherwise",
        &[ExtraFile, FileDeleted, FileKept, FileUntouched, Renamed, Symlink, Submodule, ModeChanged, Binary],
    ),
    (
        "exact-delta",
        "The values of each file change as the rule says, no more and no less",
        &[CannotPlan, NothingToDo, Unreadable, NotFixed, PartialFix, SoftFailAdded, Quotes, ExtraChange, RiskReturns],
    ),
    (
        "lossless",
        "Comments, quotes, white space, line ends and byte order marks stay as they were",
        &[
            ByteOrderMark,
            LineEnds,
            FinalNewline,
            WhiteSpace,
            Reformatted,
            CommentLost,
            CommentMoved,
            CommentAdded,
            NoteMissing,
            NoteDiffers,
            Form,
        ],
    ),
    ("each-risk-once", "No risk has two commits, and none is back at HEAD", &[RiskTwice, NotDoneAtHead]),
    ("milestone-complete", "No risk of the milestone is missing", &[MissingRisk]),
    ("register-untouched", "No rule file changes in the range", &[RuleEdited]),
    ("invariants", "Every invariant holds at HEAD", &[Invariant]),
];

/// The gates, each with how many reasons break it.
pub(super) fn gates(input: &Input<'_>) -> Vec<Value> {
    let broken = |codes: &[Code]| input.verdict.reasons().filter(|reason| codes.contains(&reason.code)).count();
    let row = |(id, text, codes): &(&str, &str, &[Code])| {
        let broken = broken(codes);
        json!({ "id": id, "text": text, "passes": broken == 0, "reasons": broken })
    };
    let mut rows: Vec<Value> = GATES.iter().map(row).collect();
    let worse = less_visible(input);
    let text = "No failure that showed can hide now";
    rows.push(json!({ "id": "no-failure-hidden", "text": text, "passes": worse == 0, "reasons": worse }));
    let beyond = beyond(input);
    let text = "Each change means for the runs what its rule expects, and no more";
    rows.push(json!({ "id": "effect-as-expected", "text": text, "passes": beyond == 0, "reasons": beyond }));
    rows
}

/// How many commits do more to the runs than their rules expect.
fn beyond(input: &Input<'_>) -> usize {
    let named = input.verdict.commits.iter().zip(input.work).filter_map(|(one, work)| Some((one.risk?, &work.effect)));
    named.filter(|(risk, effect)| risk.effect.check(effect).is_err()).count()
}

/// How many failures are less visible after the range.
fn less_visible(input: &Input<'_>) -> usize {
    let changes = input.work.iter().flat_map(|work| &work.effect.changes);
    changes.filter(|change| change.says() == Says::LessVisible).count()
}

/// What must be so for the milestone to end; `met` is null where no file can tell.
pub(super) fn exit_criteria(input: &Input<'_>, deferred: &[Deferred]) -> Vec<Value> {
    let verdict = input.verdict;
    let wanted = input.register.milestone(input.milestone);
    let missing = verdict.reasons().filter(|reason| reason.code == MissingRisk).count();
    let (named, before) = (risks(input), verdict.done_before.len());
    let fails = |risk: &str| {
        verdict.commits.iter().any(|one| one.risk.is_some_and(|own| own.id == risk) && !one.reasons.is_empty())
    };
    let removed = named.iter().filter(|risk| !fails(&risk.id)).count();
    let bad = verdict.commits.iter().filter(|checked| !checked.reasons.is_empty()).count();
    let by_hand = verdict.commits.iter().filter(|one| one.reasons.is_empty() && !one.form.is_empty()).count();
    let broken = verdict.invariants.iter().filter(|held| !held.broken.is_empty()).count();
    let commits = verdict.commits.len();
    let ids: Vec<&str> = deferred.iter().map(|one| one.id.as_str()).collect();
    vec![
        criterion(
            "Every risk of the milestone is removed",
            Some(missing == 0 && removed == named.len()),
            format!("{removed} removed in the range, {before} before it, of {} in the register", wanted.len()),
        ),
        criterion(
            "Every commit is what its rule gives, and nothing else",
            Some(bad == 0),
            format!(
                "{} of {} byte for byte, {by_hand} by hand, {bad} not",
                commits - bad - by_hand,
                plural(commits, "commit")
            ),
        ),
        criterion(
            "Every invariant holds",
            Some(broken == 0),
            format!("{} of {} hold", verdict.invariants.len() - broken, verdict.invariants.len()),
        ),
        criterion(
            "No failure is less visible than before",
            Some(less_visible(input) == 0),
            format!("{} less visible", less_visible(input)),
        ),
        criterion(
            "Nothing is left for a run upstream to show",
            ids.is_empty().then_some(true),
            if ids.is_empty() { "nothing is deferred".to_owned() } else { format!("open: {}", ids.join(", ")) },
        ),
    ]
}

fn criterion(text: &str, met: Option<bool>, evidence: String) -> Value {
    json!({ "text": text, "met": met, "evidence": evidence })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::reason::REASONS;

    #[test]
    fn every_reason_breaks_exactly_one_gate() {
        for (code, word, _) in REASONS {
            assert_eq!(GATES.iter().filter(|(_, _, codes)| codes.contains(code)).count(), 1, "{word}");
        }
    }
}
