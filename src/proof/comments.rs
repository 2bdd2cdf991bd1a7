//! Every comment accounted for: kept in its place, or claimed as removed or added.
//!
//! The place of a comment is whether it has its line to itself, and how many of the leaves that survive the change
//! start before it.

use std::ops::Range;

use crate::claim::{Change, Claim};
use crate::yaml::{Comment, Document, NodeId, Path, Segment, Tree, Value};

/// A comment and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Placed {
    text: String,
    own_line: bool,
    leaves_before: usize,
}

/// Checks the comments of two documents; returns how many survived.
///
/// # Errors
/// What happened to a comment that no claim mentions.
pub fn check(before: &Document, after: &Document, delta: &[Change], claims: &[Claim]) -> Result<usize, String> {
    let (gone, new) = (removed_paths(delta), added_paths(delta));
    let mut kept = Vec::new();
    let mut claimed: Vec<(usize, &str)> = claims
        .iter()
        .filter_map(|claim| match claim {
            Claim::CommentRemoved { line, text } => Some((*line, text.as_str())),
            _ => None,
        })
        .collect();
    let places = placed(before, &gone);
    for (comment, place) in before.comments().iter().zip(places) {
        match claimed.iter().position(|(line, text)| *line == comment.line + 1 && *text == place.text) {
            Some(index) => drop(claimed.swap_remove(index)),
            None => kept.push(place),
        }
    }
    if let Some((line, text)) = claimed.first() {
        return Err(format!("no comment {text:?} stood on line {line}, and the rewrite claims to remove it"));
    }
    match_up(&kept, placed(after, &new), claims)?;
    Ok(kept.len())
}

/// Goes through both lists: what is not the next kept comment must be the next claimed new one.
fn match_up(kept: &[Placed], after: Vec<Placed>, claims: &[Claim]) -> Result<(), String> {
    let mut added: Vec<&str> = claims
        .iter()
        .filter_map(|claim| match claim {
            Claim::CommentAdded { text } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let mut kept = kept.iter().peekable();
    for comment in after {
        if kept.peek() == Some(&&comment) {
            kept.next();
        } else if let Some(index) = added.iter().position(|text| *text == comment.text) {
            added.remove(index);
        } else {
            return Err(format!("the comment {:?} is new or has moved, and no rewrite claims it", comment.text));
        }
    }
    if let Some(lost) = kept.next() {
        return Err(format!("the comment {:?} is lost", lost.text));
    }
    match added.first() {
        Some(text) => Err(format!("the comment {text:?} is claimed and not there")),
        None => Ok(()),
    }
}

fn removed_paths(delta: &[Change]) -> Vec<&Path> {
    let removed = delta.iter().filter(|change| matches!(change, Change::Removed { .. }));
    removed.map(Change::path).collect()
}

fn added_paths(delta: &[Change]) -> Vec<&Path> {
    delta.iter().filter(|change| matches!(change, Change::Added { .. })).map(Change::path).collect()
}

/// The comments of a document with their places, leaves below the paths in `ignored` not counted.
fn placed(document: &Document, ignored: &[&Path]) -> Vec<Placed> {
    let leaves = leaf_starts(document, ignored);
    let place = |comment: &Comment| Placed {
        text: document.text()[comment.range.clone()].to_owned(),
        own_line: comment.own_line,
        leaves_before: leaves.partition_point(|&start| start < comment.range.start),
    };
    document.comments().iter().map(place).collect()
}

/// Where the leaves start that are not below `ignored`, ascending.
fn leaf_starts(document: &Document, ignored: &[&Path]) -> Vec<usize> {
    let skip: Vec<Range<NodeId>> = ignored.iter().filter_map(|path| nodes_of(document.tree(), path)).collect();
    let is_leaf = |id: &NodeId| matches!(document.tree().nodes[*id].value, Value::Scalar(..) | Value::Alias(_));
    let nodes = 0..document.tree().nodes.len();
    let counted = nodes.filter(is_leaf).filter(|id| !skip.iter().any(|range| range.contains(id)));
    counted.map(|id| document.span(id).start).collect()
}

/// The nodes of a pair (key and value) or of an item.
fn nodes_of(tree: &Tree, path: &Path) -> Option<Range<NodeId>> {
    let mut range = 0..tree.nodes.len();
    let mut at = 0;
    for segment in &path.0 {
        let (first, value) = match segment {
            Segment::Key(key) => *tree.pairs(at).iter().find(|(k, _)| tree.text(*k) == Some(key))?,
            Segment::Index(index) => tree.items(at).get(*index).map(|&item| (item, item))?,
        };
        range = first..tree.nodes[value].end;
        at = value;
    }
    Some(range)
}
