//! Finding what a query means in a document, and saying what is nearest when it is not there.

use crate::nearest::nearest;
use crate::yaml::{Document, Fault, FaultKind, NodeId, Query};

/// What a query finds.
#[derive(Debug)]
pub(super) enum Targets {
    /// These nodes.
    Found(Vec<NodeId>),
    /// The key the query ends in is not there, while what should hold it is: nothing is left to do.
    Gone,
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
    let last = query.segments().saturating_sub(1);
    if query.segments() > 0 && (query.segment(last).starts_with("..") || query.segment_name(last).is_some()) {
        let parent = query.prefix(last).map(|parent| parent.select(document)).transpose()?;
        if parent.is_some_and(|nodes| !nodes.is_empty()) {
            return Ok(Targets::Gone);
        }
    }
    missing(document, query).map(Targets::Missing)
}

/// Says which segment finds nothing, and what is nearest to it.
fn missing(document: &Document, query: &Query) -> Result<Fault, Fault> {
    let mut holders = vec![0];
    for index in 0..query.segments() {
        let Some(prefix) = query.prefix(index + 1) else { break };
        let found = prefix.select(document)?;
        if found.is_empty() {
            return Ok(describe(document, query, index, &holders));
        }
        holders = found;
    }
    Ok(Fault::new(FaultKind::Missing, format!("`{}` finds nothing in {}", query.text(), document.name()), ""))
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
