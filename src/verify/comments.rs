//! The comments of a file whose values are those of the plan: each as planned, in its place.
//!
//! A place is the leaf before it and whether the comment has its line to itself. Other line breaks in a block of
//! comments are form; other words are not.

use std::collections::BTreeMap;

use super::brief;
use super::content::Files;
use super::reason::{Code, Reason};
use crate::claim::Claim;
use crate::yaml::{Document, Place, Value};

/// A comment, its place among the leaves, and its line from 1.
#[derive(Debug, Clone)]
struct Placed {
    words: String,
    key: (usize, bool),
    line: usize,
}

/// What differs in form.
///
/// # Errors
/// What differs in more than form.
pub(super) fn check(files: &Files<'_>) -> Result<Vec<String>, Vec<Reason>> {
    let (mut planned, mut made) = (placed(files.expected), placed(files.actual));
    cancel(&mut planned, &mut made, |a, b| a.key == b.key && a.words == b.words, |_, _| {});
    if planned.is_empty() && made.is_empty() {
        return Ok(Vec::new());
    }
    if wrapped(&planned) == wrapped(&made) {
        return Ok(vec![format!("{}: the lines of a comment break elsewhere", files.actual.name())]);
    }
    let mut reasons = Vec::new();
    cancel(
        &mut planned,
        &mut made,
        |a, b| a.words == b.words,
        |_, own| {
            let cause = format!("the comment `{}` stands in another place", brief(&own.words));
            reasons.push(reason(files, Code::CommentMoved, own.line, cause, "leave it where it was"));
        },
    );
    let notes = added(files);
    let is_note = |comment: &Placed| notes.contains(&comment.words);
    let (missing, lost): (Vec<Placed>, Vec<Placed>) = planned.into_iter().partition(is_note);
    for note in missing {
        // A comment in the place of the note is the note in other words.
        match made.iter().position(|own| own.key == note.key) {
            Some(other) => {
                let own = made.remove(other);
                let cause =
                    format!("the comment should say `{}`, and says `{}`", brief(&note.words), brief(&own.words));
                reasons.push(reason(files, Code::NoteDiffers, own.line, cause, "write it as the rule does"));
            }
            None => {
                let cause = format!("the comment `{}` is missing", brief(&note.words));
                let line = note.line.min(files.actual.text().lines().count());
                reasons.push(reason(files, Code::NoteMissing, line, cause, "add it: the rule asks for it"));
            }
        }
    }
    for comment in lost {
        let cause = format!("the comment `{}` is lost", brief(&comment.words));
        let line = line_before(files, &comment.words).unwrap_or(comment.line);
        reasons.push(reason(files, Code::CommentLost, line, cause, "put it back"));
    }
    for own in made {
        let cause = format!("the comment `{}` is not one that the rule leaves here", brief(&own.words));
        reasons.push(reason(files, Code::CommentAdded, own.line, cause, "take it out of the commit"));
    }
    Err(reasons)
}

fn reason(files: &Files<'_>, code: Code, line: usize, cause: String, way_out: &str) -> Reason {
    let place = Place { file: files.actual.name().to_owned(), line, column: 1 };
    Reason::at(code, &files.commit.id, Some(place), cause, way_out)
}

/// Takes pairs out of both lists, in order.
fn cancel(
    planned: &mut Vec<Placed>,
    made: &mut Vec<Placed>,
    same: impl Fn(&Placed, &Placed) -> bool,
    mut each: impl FnMut(&Placed, &Placed),
) {
    planned.retain(|one| match made.iter().position(|own| same(one, own)) {
        Some(index) => {
            each(one, &made.remove(index));
            false
        }
        None => true,
    });
}

/// The words at each place, whatever lines they stand on.
fn wrapped(comments: &[Placed]) -> BTreeMap<(usize, bool), String> {
    let mut all: BTreeMap<(usize, bool), String> = BTreeMap::new();
    for comment in comments {
        let words = all.entry(comment.key).or_default();
        if !words.is_empty() && !comment.words.is_empty() {
            words.push(' ');
        }
        words.push_str(&comment.words);
    }
    all
}

/// The comments that the plan adds.
fn added(files: &Files<'_>) -> Vec<String> {
    let text = |(claim, _): &(Claim, String)| match claim {
        Claim::CommentAdded { text } => Some(words(text)),
        _ => None,
    };
    files.plan.claims.iter().filter_map(text).collect()
}

/// The line on which a comment stood before.
fn line_before(files: &Files<'_>, wanted: &str) -> Option<usize> {
    placed(files.before).into_iter().find(|comment| comment.words == wanted).map(|comment| comment.line)
}

fn placed(document: &Document) -> Vec<Placed> {
    let nodes = &document.tree().nodes;
    let is_leaf = |&id: &usize| matches!(nodes[id].value, Value::Scalar(..) | Value::Alias(_));
    let leaves: Vec<usize> = (0..nodes.len()).filter(is_leaf).map(|id| document.span(id).start).collect();
    let place = |comment: &crate::yaml::Comment| Placed {
        words: words(&document.text()[comment.range.clone()]),
        key: (leaves.partition_point(|&start| start < comment.range.start), comment.own_line),
        line: comment.line + 1,
    };
    document.comments().iter().map(place).collect()
}

/// A comment without its `#` and white space around and between its words.
fn words(comment: &str) -> String {
    comment.strip_prefix('#').unwrap_or(comment).split_whitespace().collect::<Vec<_>>().join(" ")
}
