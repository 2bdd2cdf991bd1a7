//! The laws of a change: bytes outside the edits stay, the delta is what is claimed, a second run finds nothing, two
//! risks give the same in any order or say why not.

use std::collections::BTreeMap;

use proptest::prelude::*;
use wf_fix::change::Snapshot;
use wf_fix::claim::{Change, Claim};
use wf_fix::plan::{FilePlan, Status, plan};
use wf_fix::proof::delta::delta;
use wf_fix::rewrite::{Context, Outcome};
use wf_fix::rule::Risk;
use wf_fix::yaml::{Document, FaultKind, load};

use crate::shapes::{PATH, Shape, What, risk, shape, what};

const DATE: &str = "2026-02-08";

/// The bytes of a file after a run, `None` once it is deleted; or why there is none, in words.
type After = Result<Option<Vec<u8>>, String>;

fn snapshot(bytes: Option<&[u8]>) -> Snapshot {
    let files: BTreeMap<String, Vec<u8>> = bytes.into_iter().map(|bytes| (PATH.to_owned(), bytes.to_vec())).collect();
    Snapshot { names: files.keys().cloned().collect(), files, ..Snapshot::default() }
}

/// Plans risks in one run; what the file is then, and the plans.
fn run(bytes: Option<&[u8]>, risks: &[&Risk]) -> (After, Vec<FilePlan>) {
    let mut now: After = Ok(bytes.map(<[u8]>::to_vec));
    let mut plans = Vec::new();
    for planned in plan(risks, &snapshot(bytes), DATE) {
        match planned.status {
            Status::Pending(files) => {
                for file in files {
                    if now.is_ok() {
                        now = Ok(file.change.after.clone());
                    }
                    plans.push(file);
                }
            }
            Status::Done(_) => {}
            Status::Missing(fault) | Status::Refused(fault) => {
                let bug = fault.kind == FaultKind::Bug;
                assert!(!bug, "{fault}\n{}", String::from_utf8_lossy(bytes.unwrap_or_default()));
                if now.is_ok() {
                    now = Err(format!("{}: {}", planned.risk.id, fault.cause));
                }
            }
            status => panic!("{status:?}"),
        }
    }
    (now, plans)
}

/// One after the other, each a run of its own.
fn in_turn(bytes: &[u8], risks: &[&Risk]) -> After {
    risks.iter().try_fold(Some(bytes.to_vec()), |now, risk| run(now.as_deref(), &[risk]).0)
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}')
}

/// Whether `after` is `before` with something else in place of `ranges`, which are in order and apart.
fn same_outside(before: &str, after: &str, ranges: &[std::ops::Range<usize>]) -> bool {
    let (mut from, mut rest) = (0, after);
    for range in ranges {
        let kept = &before[from..range.start];
        // What stands before the first edit is at the start; what is between two is found in order.
        let at = if from == 0 && !kept.is_empty() { rest.starts_with(kept).then_some(0) } else { rest.find(kept) };
        let Some(at) = at else { return false };
        rest = &rest[at + kept.len()..];
        from = range.end;
    }
    rest.ends_with(&before[from..])
}

fn values(claims: &[(Claim, String)]) -> Vec<Change> {
    let value = |(claim, _): &(Claim, String)| match claim {
        Claim::Value(change) => Some(change.clone()),
        _ => None,
    };
    let mut changes: Vec<Change> = claims.iter().filter_map(value).collect();
    changes.sort();
    changes
}

/// The lines of a text without white space around, blank ones left out.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(|line| line.trim_matches([' ', '-', '\r'])).filter(|line| !line.is_empty()).collect()
}

/// The lines of a text, those of comments sorted: two risks may put comments above the same line.
fn in_any_order(bytes: &Option<Vec<u8>>) -> (Vec<String>, Vec<String>) {
    let text = String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned();
    let own = text.split('\n').map(str::to_owned);
    let (mut comments, others): (Vec<String>, _) = own.partition(|line| line.trim_start().starts_with('#'));
    comments.sort();
    (others, comments)
}

fn planned(shape: &Shape, risk: &Risk) -> Option<(Document, FilePlan)> {
    let (after, mut plans) = run(Some(shape.text.as_bytes()), &[risk]);
    let plan = plans.pop().filter(|plan| after.is_ok() && plan.change.after.is_some())?;
    Some((Document::parse(PATH, shape.text.as_bytes()).unwrap(), plan))
}

proptest! {
    #![proptest_config(crate::config(300))]

    #[test]
    fn the_shapes_are_workflows(shape in shape()) {
        // The laws below would hold of nothing.
        let document = Document::parse(PATH, shape.text.as_bytes());
        prop_assert!(document.is_ok(), "{}\n{}", document.unwrap_err(), shape.text);
    }

    #[test]
    fn bytes_outside_the_edits_are_as_they_were(shape in shape(), what in what(), at in any::<u8>()) {
        let risk = risk("P-1", &shape, PATH, what, at.into());
        let Some((document, plan)) = planned(&shape, &risk) else { return Ok(()) };
        let (all, current) = (snapshot(Some(shape.text.as_bytes())), BTreeMap::new());
        let context = Context { risk: "P-1", milestone: "", date: DATE, snapshot: &all, current: &current };
        let Ok(Outcome::Pending(work)) = risk.rewrites()[0].plan(&document, &context) else { panic!("it was planned") };
        let mut ranges: Vec<_> = work.edits.iter().map(|edit| edit.range.clone()).collect();
        ranges.sort_by_key(|range| (range.start, range.end));
        let after = plan.change.after.unwrap();
        prop_assert!(same_outside(text(shape.text.as_bytes()), text(&after), &ranges), "{ranges:?}\n{}", shape.text);
        // Byte order mark and line ends are those of the file.
        let (before, after) = (shape.text.as_str(), std::str::from_utf8(&after).unwrap());
        prop_assert_eq!(after.starts_with('\u{feff}'), before.starts_with('\u{feff}'));
        if before.contains("\r\n") {
            prop_assert!(!after.replace("\r\n", "").contains(['\r', '\n']), "{after:?}");
        }
    }

    #[test]
    fn the_delta_is_what_is_claimed(shape in shape(), what in what(), at in any::<u8>()) {
        let risk = risk("P-1", &shape, PATH, what, at.into());
        let Some((_, plan)) = planned(&shape, &risk) else { return Ok(()) };
        let after = plan.change.after.unwrap();
        let (old, new) = (load("b", text(shape.text.as_bytes())).unwrap(), load("a", text(&after)).unwrap());
        let mut found = delta(&old, &new);
        found.sort();
        prop_assert_eq!(found, values(&plan.claims));
        // Lines that no claim speaks of are there, in their order.
        let removed = |line: &&str| !lines(text(&after)).contains(line);
        let gone: Vec<&str> = lines(text(shape.text.as_bytes())).into_iter().filter(removed).collect();
        prop_assert!(gone.is_empty() || !plan.claims.is_empty(), "{gone:?}");
    }

    #[test]
    fn a_soft_step_loses_its_key_and_nothing_else(shape in shape(), at in any::<u8>()) {
        let risk = risk("P-1", &shape, PATH, What::RemoveKey, at.into());
        let Some((_, plan)) = planned(&shape, &risk) else { return Ok(()) };
        let after = plan.change.after.unwrap();
        let (before, after) = (text(shape.text.as_bytes()), text(&after));
        let count = |text: &str| text.matches("continue-on-error").count();
        prop_assert_eq!(count(after) + 1, count(before));
        if !before.contains(" # flow") {
            let kept = |text: &str| -> Vec<String> {
                lines(text).into_iter().filter(|line| !line.starts_with("continue-on-error")).map(str::to_owned).collect()
            };
            prop_assert_eq!(kept(after), kept(before));
        }
    }

    #[test]
    fn a_second_run_plans_nothing(shape in shape(), what in what(), at in any::<u8>()) {
        let risk = risk("P-1", &shape, PATH, what, at.into());
        let (Ok(after), plans) = run(Some(shape.text.as_bytes()), &[&risk]) else { return Ok(()) };
        let (again, more) = run(after.as_deref(), &[&risk]);
        prop_assert_eq!(again, Ok(after.clone()));
        prop_assert!(more.is_empty(), "{plans:?}");
    }

    #[test]
    fn two_risks_commute_or_one_says_why_not(
        shape in shape(),
        first in (what(), any::<u8>()),
        second in (what(), any::<u8>()),
    ) {
        let one = risk("P-1", &shape, PATH, first.0, first.1.into());
        let other = risk("P-2", &shape, PATH, second.0, second.1.into());
        let bytes = shape.text.as_bytes();
        let (ab, ba) = (in_turn(bytes, &[&one, &other]), in_turn(bytes, &[&other, &one]));
        let together = run(Some(bytes), &[&one, &other]).0;
        match (&ab, &ba) {
            (Ok(ab), Ok(ba)) if in_any_order(ab) == in_any_order(ba) => prop_assert_eq!(together, Ok(ab.clone())),
            // Loud: both are named, and where.
            (Ok(_), Ok(_)) => {
                let why = together.expect_err("the order decides, and the run says nothing");
                prop_assert!(why.starts_with("P-2: P-1 and P-2 contradict each other") && why.contains(PATH), "{why}");
            }
            (Ok(ab), Err(_)) => prop_assert_eq!(together, Ok(ab.clone()), "the order that works"),
            (Err(why), _) => {
                prop_assert!(why.starts_with("P-1: ") || why.starts_with("P-2: "));
                prop_assert!(together.is_err(), "alone: {why}");
            }
        }
    }
}

#[test]
fn the_oracle_of_bytes_sees_a_byte_that_moved() {
    let seen = |after: &str| !same_outside("abc def ghi", after, std::slice::from_ref(&(4..7)));
    assert!(!seen("abc X ghi"));
    assert!(seen("abd X ghi") && seen("abc X ghj") && seen("xabc X ghi"));
}
