//! Whether the order matters: risks that share a file, planned the other way round, must give the same lines.
//!
//! The check knows nothing of operations, it only plans again. Where the other order is refused by itself, the order is
//! one that the risks need, and that is no contradiction; nor is it one where two risks put comments above the same
//! line, of which one has to stand first.

use std::collections::BTreeMap;

use super::{Planned, State, paths};
use crate::change::Snapshot;
use crate::rule::Risk;
use crate::yaml::{Fault, FaultKind};

/// The changed files after a run, `None` for a deleted one.
type Files = BTreeMap<String, Option<Lines>>;

/// The lines of a file in their order, and those of comments in any.
#[derive(Debug, PartialEq, Eq)]
struct Lines {
    others: Vec<Vec<u8>>,
    comments: Vec<Vec<u8>>,
}

impl Lines {
    fn of(bytes: &[u8]) -> Lines {
        let lines = bytes.split(|&byte| byte == b'\n').map(<[u8]>::to_vec);
        let (mut comments, others): (Vec<_>, Vec<_>) =
            lines.partition(|line| line.trim_ascii_start().starts_with(b"#"));
        comments.sort();
        Lines { others, comments }
    }
}

/// Of two risks of which the order decides what comes out, the later one's number and what is said to it.
pub(super) fn contradictions(planned: &[(usize, Planned<'_>)], snapshot: &Snapshot, date: &str) -> Vec<(usize, Fault)> {
    if planned.iter().all(|(_, planned)| planned.files().is_empty()) {
        return Vec::new();
    }
    let sharing = sharing(planned, snapshot);
    if sharing.len() < 2 {
        return Vec::new();
    }
    let risks: Vec<&Risk> = sharing.iter().map(|(_, planned)| planned.risk).collect();
    let turned: Vec<&Risk> = risks.iter().rev().copied().collect();
    let whole = plan(&turned, snapshot, date);
    if whole.as_ref() == Some(&files_of(sharing.iter().map(|(_, planned)| *planned))) {
        return Vec::new();
    }
    let contradict = |&(one, other): &(usize, usize)| {
        let either = [[risks[one], risks[other]], [risks[other], risks[one]]];
        matches!(either.map(|order| plan(&order, snapshot, date)), [Some(ab), Some(ba)] if ab != ba)
    };
    let pairs = (0..risks.len()).flat_map(|later| (0..later).map(move |earlier| (earlier, later)));
    let mut found: Vec<(usize, usize)> = pairs.filter(contradict).collect();
    if found.is_empty() && whole.is_some() {
        // No two of them by themselves, but all of them do.
        found.push((0, risks.len() - 1));
    }
    found.into_iter().map(|(one, other)| (sharing[other].0, fault(risks[one], risks[other], snapshot))).collect()
}

/// The risks that share a file with another, those left out that did not come through.
fn sharing<'p, 'a>(planned: &'p [(usize, Planned<'a>)], snapshot: &Snapshot) -> Vec<(usize, &'p Planned<'a>)> {
    let able = |(_, planned): &&(usize, Planned<'_>)| planned.fault().is_none() && !planned.risk.rewrites().is_empty();
    let own: Vec<Vec<String>> = planned.iter().filter(able).map(|(_, planned)| paths(planned.risk, snapshot)).collect();
    let mut users: BTreeMap<&str, usize> = BTreeMap::new();
    for path in own.iter().flatten() {
        *users.entry(path).or_default() += 1;
    }
    let shares = |paths: &[String]| paths.iter().any(|path| users[path.as_str()] > 1);
    let all = planned.iter().filter(able).zip(&own);
    all.filter(|(_, paths)| shares(paths)).map(|((index, planned), _)| (*index, planned)).collect()
}

/// The files as these plans, one after the other, leave them.
fn files_of<'p>(planned: impl Iterator<Item = &'p Planned<'p>>) -> Files {
    let changes = planned.flat_map(Planned::files);
    changes.map(|file| (file.change.path.clone(), file.change.after.as_deref().map(Lines::of))).collect()
}

/// What these risks leave, planned in this order; `None` where one of them does not come through.
fn plan(risks: &[&Risk], snapshot: &Snapshot, date: &str) -> Option<Files> {
    let mut state = State { snapshot, around: None, date, proves: false, current: BTreeMap::new() };
    let planned: Vec<Planned<'_>> = risks.iter().map(|risk| state.plan(risk)).collect();
    planned.iter().all(|planned| planned.fault().is_none()).then(|| files_of(planned.iter()))
}

fn fault(earlier: &Risk, later: &Risk, snapshot: &Snapshot) -> Fault {
    let own = paths(later, snapshot);
    let shared = paths(earlier, snapshot).into_iter().find(|path| own.contains(path)).unwrap_or_default();
    let cause = format!(
        "{} and {} contradict each other in `{shared}`: what comes out depends on which is first",
        earlier.id, later.id
    );
    let way_out =
        "leave one of the two out, or let one rule do both; run alone, one after the other, each does its work";
    Fault::at(FaultKind::Refused, later.place.clone(), cause, way_out)
}
