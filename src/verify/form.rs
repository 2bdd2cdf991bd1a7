//! The form of a file whose values are those of the plan: byte order mark, line ends, and every line that the plan does
//! not touch, as they were.
//!
//! Inside the lines that the plan writes, and the blank lines beside them, a hand may space as it likes.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::content::Files;
use super::reason::{Code, Reason};
use crate::yaml::Place;

/// The most lines that are named one by one.
const MOST: usize = 10;
/// How many characters of a line are shown.
const WINDOW: usize = 60;

/// What concerns the file as a whole, and its lines as they compare after that.
pub(super) fn whole_file(files: &Files<'_>) -> (Vec<Reason>, Lines) {
    let path = files.actual.name();
    let text = |document: &crate::yaml::Document| document.encode(document.text());
    let (expected, actual) = (text(files.expected), text(files.actual));
    let (expected, actual) = (String::from_utf8_lossy(&expected), String::from_utf8_lossy(&actual));
    let mut reasons = Vec::new();
    let mut reason = |code, line, cause: &str| {
        let place = Place { file: path.to_owned(), line, column: 1 };
        reasons.push(Reason::at(code, &files.commit.id, Some(place), cause, "set your editor to leave it alone"));
    };
    match (expected.starts_with(BOM), actual.starts_with(BOM)) {
        (true, false) => reason(Code::ByteOrderMark, 1, "the byte order mark is gone"),
        (false, true) => reason(Code::ByteOrderMark, 1, "a byte order mark came in"),
        _ => {}
    }
    if let Some(line) = other_line_end(&expected, &actual) {
        reason(Code::LineEnds, line, "the line ends change here");
    }
    let last = actual.lines().count().max(1);
    match (expected.ends_with('\n'), actual.ends_with('\n')) {
        (true, false) => reason(Code::FinalNewline, last, "the newline at the end of the file is gone"),
        (false, true) => reason(Code::FinalNewline, last, "a newline at the end of the file came in"),
        _ => {}
    }
    (reasons, Lines { expected: plain(&expected), actual: plain(&actual) })
}

const BOM: char = '\u{feff}';

/// The lines of both texts without what the whole file was judged for.
pub(super) struct Lines {
    expected: Vec<String>,
    actual: Vec<String>,
}

fn plain(text: &str) -> Vec<String> {
    text.trim_start_matches(BOM).lines().map(|line| line.trim_end_matches('\r').to_owned()).collect()
}

/// The first line of the file as committed that ends otherwise than the plan has it.
fn other_line_end(expected: &str, actual: &str) -> Option<usize> {
    let lines = |text: &str| text.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>();
    let (old, new) = (lines(expected), lines(actual));
    let bare = |lines: &[String]| lines.iter().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    for op in capture_diff_slices(Algorithm::Patience, &bare(&old), &bare(&new)) {
        let DiffOp::Equal { old_index, new_index, len } = op else { continue };
        let differs = |i: &usize| {
            let (a, b) = (&old[old_index + i], &new[new_index + i]);
            a.ends_with('\n') && b.ends_with('\n') && a.ends_with("\r\n") != b.ends_with("\r\n")
        };
        if let Some(i) = (0..len).find(differs) {
            return Some(new_index + i + 1);
        }
    }
    None
}

/// Compares the lines; the values and comments are known to be those of the plan.
///
/// # Errors
/// Lines that the plan does not touch and the commit does.
pub(super) fn lines(files: &Files<'_>, lines: &Lines) -> Result<Vec<String>, Vec<Reason>> {
    let touched = touched(files, &lines.expected);
    let (mut words, mut reasons) = (Vec::new(), Vec::new());
    let mut more = 0;
    for op in capture_diff_slices(Algorithm::Patience, &lines.expected, &lines.actual) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (old, new) = (op.old_range(), op.new_range());
        let line = new.start + 1;
        if touched.iter().any(|range| range.start <= old.start && old.end <= range.end) {
            words.push(format!("{}:{line}: {}", files.actual.name(), difference(lines, &old, &new)));
        } else if reasons.len() == MOST {
            more += 1;
        } else {
            reasons.push(untouched(files, lines, &old, &new));
        }
    }
    if let Some(last) = reasons.last_mut().filter(|_| more > 0) {
        last.cause.push_str(&format!(", and {more} places more"));
    }
    if reasons.is_empty() { Ok(words) } else { Err(reasons) }
}

fn untouched(files: &Files<'_>, lines: &Lines, old: &Range<usize>, new: &Range<usize>) -> Reason {
    let (was, now) = (&lines.expected[old.clone()], &lines.actual[new.clone()]);
    let bare = |lines: &[String]| lines.concat().split_whitespace().collect::<String>();
    let code = if bare(was) == bare(now) { Code::WhiteSpace } else { Code::Reformatted };
    let place = Place { file: files.actual.name().to_owned(), line: new.start + 1, column: 1 };
    let cause = format!("the risk does not concern this line: {}", difference(lines, old, new));
    Reason::at(code, &files.commit.id, Some(place), cause, "leave it as it was")
}

/// What differs, in a few words.
fn difference(lines: &Lines, old: &Range<usize>, new: &Range<usize>) -> String {
    let (was, now) = (&lines.expected[old.clone()], &lines.actual[new.clone()]);
    let from = was.first().zip(now.first()).map_or(0, |(was, now)| alike(was, now));
    let show = |lines: &[String]| match lines {
        [] => "nothing".to_owned(),
        all if all.iter().all(|line| line.trim().is_empty()) => match all.len() {
            1 => "a blank line".to_owned(),
            n => format!("{n} blank lines"),
        },
        [first, ..] => format!("`{}`", window(first, from)),
    };
    format!("{} instead of {}", show(now), show(was))
}

/// How far two texts begin alike, in characters.
fn alike(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count()
}

/// A part of a line that shows what stands at a character of it.
fn window(line: &str, at: usize) -> String {
    let start = at.saturating_sub(WINDOW / 2).min(line.chars().count().saturating_sub(WINDOW));
    let head = if start > 0 { "…" } else { "" };
    let tail = if line.chars().count() > start + WINDOW { "…" } else { "" };
    let part: String = line.chars().skip(start).take(WINDOW).collect();
    format!("{head}{}{tail}", part.replace('\t', "\\t"))
}

/// The lines of the plan's result that it writes, and the blank lines beside them.
fn touched(files: &Files<'_>, expected: &[String]) -> Vec<Range<usize>> {
    let before = plain(files.before.text());
    let blank = |line: usize| expected.get(line).is_some_and(|text| text.trim().is_empty());
    let widen = |mut range: Range<usize>| {
        while range.start > 0 && blank(range.start - 1) {
            range.start -= 1;
        }
        while blank(range.end) {
            range.end += 1;
        }
        range
    };
    let ops = capture_diff_slices(Algorithm::Patience, &before, expected);
    ops.iter().filter(|op| !matches!(op, DiffOp::Equal { .. })).map(|op| widen(op.new_range())).collect()
}
