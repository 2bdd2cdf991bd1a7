//! Comment blocks: what stands above a line, and lines to insert.

use std::ops::Range;

use crate::claim::Claim;
use crate::yaml::{Document, Edit};

/// The lines of the comment block that ends directly above `line`, all at the same indent, without a blank between.
pub(super) fn block_above(document: &Document, line: usize, indent: usize) -> Range<usize> {
    let mut start = line;
    while start > 0 && own_comment_indent(document, start - 1) == Some(indent) {
        start -= 1;
    }
    start..line
}

/// The indent of the comment that has a line to itself.
pub(super) fn own_comment_indent(document: &Document, line: usize) -> Option<usize> {
    document.line_comment(line).map(|comment| comment.range.start - document.lines().start(line))
}

/// The texts, from `#`, of the comments on these lines.
pub(super) fn texts(document: &Document, lines: Range<usize>) -> Vec<&str> {
    lines.filter_map(|line| document.line_comment(line)).map(|c| &document.text()[c.range.clone()]).collect()
}

/// Comment lines at an indent, each with the file's line end.
pub(super) fn block(indent: &str, comments: &[String], line_end: &str) -> String {
    comments.iter().map(|comment| format!("{indent}{comment}{line_end}")).collect()
}

/// Claims for the comments that a range of bytes takes with it.
pub(super) fn removed_within(document: &Document, range: &Range<usize>) -> Vec<Claim> {
    let inside = document.comments().iter().filter(|c| range.start <= c.range.start && c.range.end <= range.end);
    inside
        .map(|c| Claim::CommentRemoved { line: c.line + 1, text: document.text()[c.range.clone()].to_owned() })
        .collect()
}

/// Claims for the comments that edits take with them.
pub(super) fn removed_by(document: &Document, edits: &[Edit]) -> Vec<Claim> {
    edits.iter().flat_map(|edit| removed_within(document, &edit.range)).collect()
}

/// Claims for new comment lines.
pub(super) fn added(comments: &[String]) -> Vec<Claim> {
    comments.iter().map(|text| Claim::CommentAdded { text: text.clone() }).collect()
}
