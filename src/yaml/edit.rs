//! Edits: byte ranges of the original text and their replacements.
//!
//! The invariant: edits never overlap and are all against the original text, so they can be applied in one pass and
//! in any order. The same edit twice is one edit; two edits that share a byte, or insert different text at one
//! place, are a conflict.

use std::ops::Range;

/// One replacement. An empty range inserts; an empty text deletes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Bytes of the original text.
    pub range: Range<usize>,
    /// What stands there instead.
    pub text: String,
}

impl Edit {
    /// Deletes a range.
    pub fn delete(range: Range<usize>) -> Edit {
        Edit { range, text: String::new() }
    }

    /// Replaces a range.
    pub fn replace(range: Range<usize>, text: impl Into<String>) -> Edit {
        Edit { range, text: text.into() }
    }

    /// Inserts at an offset.
    pub fn insert(at: usize, text: impl Into<String>) -> Edit {
        Edit { range: at..at, text: text.into() }
    }
}

/// Two edits that exclude each other: the byte where they meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap(pub usize);

/// Applies edits to the text they were made for.
///
/// # Errors
/// [`Overlap`] when two different edits touch the same bytes.
///
/// ```
/// use wf_fix::yaml::{Edit, apply};
/// let edits = [Edit::delete(2..4), Edit::insert(0, "> ")];
/// assert_eq!(apply("a, b", &edits).unwrap(), "> a,");
/// ```
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, Overlap> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|e| (e.range.start, e.range.end));
    sorted.dedup();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut last: Option<&Edit> = None;
    for edit in sorted {
        let same_spot = last.is_some_and(|l| l.range.is_empty() && l.range.start == edit.range.start);
        if edit.range.start < at || same_spot && edit.range.is_empty() {
            return Err(Overlap(edit.range.start));
        }
        out.push_str(&text[at..edit.range.start]);
        out.push_str(&edit.text);
        at = edit.range.end;
        last = Some(edit);
    }
    out.push_str(&text[at..]);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_edit_twice_is_one_and_an_overlap_an_error() {
        let twice = [Edit::delete(1..2), Edit::delete(1..2)];
        assert_eq!(apply("abc", &twice), Ok("ac".to_owned()));
        assert_eq!(apply("abc", &[Edit::delete(0..2), Edit::delete(1..3)]), Err(Overlap(1)));
        assert_eq!(apply("abc", &[Edit::insert(1, "x"), Edit::insert(1, "y")]), Err(Overlap(1)));
        assert_eq!(apply("abc", &[Edit::delete(0..1), Edit::delete(1..2)]), Ok("c".to_owned()));
    }
}
