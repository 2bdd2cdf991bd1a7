//! Whether the order matters: risks that share a file, planned the other way round, must give the same lines.
//!
//! The check knows nothing of operations, it only plans again. Where the other order is refused by itself, the order is
//! one that the risks need, and that is no contradiction; nor is it one where two risks put comments above the same
//! line, of which one has to stand first.

use std::collections::{BTreeMap, BTreeSet};

use super::{Planned, State, paths};
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
pub(super) fn contradictions(planned: &[(usize, Planned<'_>)], run: &State<'_, '_>) -> Vec<(usize, Fault)> {
    if planned.iter().all(|(_, planned)| planned.files().is_empty()) {
        return Vec::new();
    }
    let sharing = sharing(planned, run);
    if sharing.len() < 2 {
        return Vec::new();
    }
    let risks: Vec<&Risk> = sharing.iter().map(|sharer| sharer.planned.risk).collect();
    let turned: Vec<&Risk> = risks.iter().rev().copied().collect();
    let whole = plan(&turned, run);
    if whole.as_ref() == Some(&files_of(sharing.iter().map(|sharer| sharer.planned))) {
        return Vec::new();
    }
    let contradict = |&(one, other): &(usize, usize)| {
        let either = [[risks[one], risks[other]], [risks[other], risks[one]]];
        let meet = sharing[one].changes.intersection(&sharing[other].changes).next().is_some();
        meet && matches!(either.map(|order| plan(&order, run)), [Some(ab), Some(ba)] if ab != ba)
    };
    let pairs = (0..risks.len()).flat_map(|later| (0..later).map(move |earlier| (earlier, later)));
    let mut found: Vec<(usize, usize)> = pairs.filter(contradict).collect();
    if found.is_empty() && whole.is_some() {
        // No two of them by themselves, but all of them do.
        found.push((0, risks.len() - 1));
    }
    found.into_iter().map(|(one, other)| (sharing[other].number, fault(&sharing[one], &sharing[other]))).collect()
}

/// A risk that changes a file which another changes too.
struct Sharer<'p, 'a> {
    number: usize,
    planned: &'p Planned<'a>,
    /// The files it changes, here or alone.
    changes: BTreeSet<String>,
}

/// The risks that change a file with another, those left out that did not come through.
fn sharing<'p, 'a>(planned: &'p [(usize, Planned<'a>)], run: &State<'_, '_>) -> Vec<Sharer<'p, 'a>> {
    let able = |(_, planned): &&(usize, Planned<'_>)| planned.fault().is_none() && !planned.risk.rewrites().is_empty();
    // Most risks name files of their own, and need no look at what they change.
    let mut all: Vec<Sharer<'_, '_>> = planned
        .iter()
        .filter(able)
        .map(|(number, planned)| {
            let changes = paths(planned.risk, run.snapshot).into_iter().collect();
            Sharer { number: *number, planned, changes }
        })
        .collect();
    only_shared(&mut all);
    for sharer in &mut all {
        let alone = plan(&[sharer.planned.risk], run).unwrap_or_default();
        let here = sharer.planned.files().iter().map(|file| file.change.path.clone());
        sharer.changes = alone.into_keys().chain(here).collect();
    }
    only_shared(&mut all);
    all
}

fn only_shared(all: &mut Vec<Sharer<'_, '_>>) {
    let mut users: BTreeMap<String, usize> = BTreeMap::new();
    for path in all.iter().flat_map(|sharer| &sharer.changes) {
        *users.entry(path.clone()).or_default() += 1;
    }
    all.retain(|sharer| sharer.changes.iter().any(|path| users[path] > 1));
}

/// The files as these plans, one after the other, leave them.
fn files_of<'p>(planned: impl Iterator<Item = &'p Planned<'p>>) -> Files {
    let changes = planned.flat_map(Planned::files);
    changes.map(|file| (file.change.path.clone(), file.change.after.as_deref().map(Lines::of))).collect()
}

/// What these risks leave, planned in this order on what the run has read; `None` where one does not come through.
fn plan(risks: &[&Risk], run: &State<'_, '_>) -> Option<Files> {
    let (read, snapshot, date) = (run.read.clone(), run.snapshot, run.date);
    let mut state = State { snapshot, around: None, date, proves: false, current: read.clone(), read };
    let planned: Vec<Planned<'_>> = risks.iter().map(|risk| state.plan(risk)).collect();
    planned.iter().all(|planned| planned.fault().is_none()).then(|| files_of(planned.iter()))
}

fn fault(earlier: &Sharer<'_, '_>, later: &Sharer<'_, '_>) -> Fault {
    let shared = earlier.changes.intersection(&later.changes).next().map_or("", String::as_str);
    let (earlier, later) = (earlier.planned.risk, later.planned.risk);
    let cause = format!(
        "{} and {} contradict each other in `{shared}`: what comes out depends on which is first",
        earlier.id, later.id
    );
    let way_out =
        "leave one of the two out, or let one rule do both; run alone, one after the other, each does its work";
    Fault::at(FaultKind::Refused, later.place.clone(), cause, way_out)
}
