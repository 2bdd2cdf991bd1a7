//! Finding what a query means in a document, and saying what is nearest when it is not there.

use crate::nearest::nearest;
use crate::yaml::{Document, Fault, FaultKind, NodeId, Query};

/// What a query finds.
#[derive(Debug)]
pub(super) enum Targets {
    /// These nodes.
    Found(Vec<NodeId>),
    /// The keys the query ends in are not there, while what should hold them is: nothing is left to do, and why.
    Gone(String),
    /// Not even what should hold the target is there.
    Missing(Fault),
}

/// Looks a query up.
///
/// # Errors
/// A match behind an alias.
pub(super) fn find(document: &Document, query: &Query) -> Result<Targets, Fault> {
    let found = query.select(document)?;
    if !found.is_empty() {
        return Ok(Targets::Found(found));
    }
    let (index, holders) = first_failing(document, query)?;
    let fault = describe(document, query, index, &holders);
    let gone = is_gone(query, index) && !is_misspelt(document, query, index, &holders);
    Ok(if gone { Targets::Gone(fault.cause) } else { Targets::Missing(fault) })
}

/// Whether a query that fails at this segment means something that is simply no longer there: only keys follow, and
/// the segment itself is a key as well, but neither a job id nor `jobs` or `runs` (those are names to mend). A filter
/// on the very key that the query ends in fails once the key is gone.
fn is_gone(query: &Query, index: usize) -> bool {
    let last = query.segments() - 1;
    let job_id = index == 1 && query.segment_name(0).as_deref() == Some("jobs") && query.segments() > 2;
    let root = index == 0 && matches!(query.segment_name(0).as_deref(), Some("jobs" | "runs"));
    let target = query.segment_name(last);
    let key = |i: usize| {
        let text = query.segment(i);
        let filters_target = || target.as_deref().is_some_and(|name| text.contains(name));
        i == last || !text.contains('?') || filters_target()
    };
    !job_id && !root && (index..=last).all(key)
}

/// Whether a key before the last is not there while one that is almost the same is.
fn is_misspelt(document: &Document, query: &Query, index: usize, holders: &[NodeId]) -> bool {
    let tree = document.tree();
    let Some(name) = query.segment_name(index).filter(|_| index + 1 < query.segments()) else { return false };
    let known: Vec<&str> = holders.iter().flat_map(|&h| tree.pairs(h)).filter_map(|&(k, _)| tree.text(k)).collect();
    crate::nearest::almost(&name, &known)
}

/// The first segment that finds nothing, and the nodes it was asked of.
fn first_failing(document: &Document, query: &Query) -> Result<(usize, Vec<NodeId>), Fault> {
    let mut holders = vec![0];
    for index in 0..query.segments() {
        let found = query.prefix(index + 1).map(|prefix| prefix.select(document)).transpose()?.unwrap_or_default();
        if found.is_empty() {
            return Ok((index, holders));
        }
        holders = found;
    }
    Ok((query.segments().saturating_sub(1), holders))
}

fn describe(document: &Document, query: &Query, index: usize, holders: &[NodeId]) -> Fault {
    let tree = document.tree();
    let place = document.place_of(holders[0]);
    let inside = index == 1 && query.segment_name(0).as_deref() == Some("jobs");
    let (cause, wanted, known): (_, _, Vec<&str>) = match query.segment_name(index) {
        Some(name) => {
            let known = holders.iter().flat_map(|&h| tree.pairs(h)).filter_map(|&(k, _)| tree.text(k)).collect();
            let what = if inside { "job" } else { "key" };
            let holder = if inside { String::new() } else { format!(" in `{}`", document.path(holders[0])) };
            (format!("no {what} `{name}`{holder}"), vec![name], known)
        }
        None => {
            let items = holders.iter().flat_map(|&h| tree.items(h));
            let names = items.flat_map(|&item| tree.pairs(item)).filter_map(|&(_, value)| tree.text(value));
            let cause = format!("nothing in `{}` matches `{}`", document.path(holders[0]), query.segment(index));
            (cause, quoted(query.segment(index)), names.collect())
        }
    };
    let near = wanted.iter().find_map(|name| nearest(name, &known));
    let cause = near.map_or(cause.clone(), |near| format!("{cause}; there is `{near}`"));
    let way_out = match known.len() {
        1..=12 if near.is_none() => format!("there is: {}", known.join(", ")),
        _ => "mend the name in the rule file, or the query".to_owned(),
    };
    Fault::at(FaultKind::Missing, place, cause, way_out)
}

/// The strings in a filter.
fn quoted(filter: &str) -> Vec<String> {
    filter.split(['\'', '"']).skip(1).step_by(2).map(str::to_owned).collect()
}
