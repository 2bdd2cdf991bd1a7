//! Taking pairs out of a mapping and items out of a sequence, in block and in flow style.
//!
//! Block style: whole lines go, their line ends and trailing comments included. A comment below that is indented
//! deeper than the entry lies inside it and goes too; any other comment stays. The first pair of a compact list item
//! (`- key: value`) leaves the dash to the next pair: `- next: value`. Comments between the two then stand above the dash.
//! Flow style: the entry goes with one comma; entries that have their lines to themselves go with their lines.
//!
//! Limitation: the first pair of a list item can only go together with the second if no comment stands between them.

use std::ops::Range;

use super::guard::refuse;
use super::note;
use crate::yaml::{Comment, Document, Edit, Fault, Lines, NodeId};

/// One entry of a collection: its bytes and the node to name in messages.
#[derive(Debug, Clone)]
struct Entry {
    span: Range<usize>,
    node: NodeId,
}

/// Edits that take out the pairs at these positions (ascending); at least one pair must stay.
///
/// # Errors
/// A form that cannot be cut safely.
pub(super) fn pairs(document: &Document, mapping: NodeId, gone: &[usize]) -> Result<Vec<Edit>, Fault> {
    let key_values = document.tree().pairs(mapping).iter();
    let entries: Vec<Entry> = key_values
        .map(|&(key, value)| {
            let end = document.span(value).end.max(document.span(key).end);
            Entry { span: document.span(key).start..end, node: key }
        })
        .collect();
    cut(document, mapping, &entries, gone)
}

/// Edits that take out the items at these positions (ascending); at least one item must stay.
///
/// # Errors
/// A form that cannot be cut safely.
pub(super) fn items(document: &Document, sequence: NodeId, gone: &[usize]) -> Result<Vec<Edit>, Fault> {
    let flow = document.is_flow(sequence);
    let entry = |&node: &NodeId| {
        let span = document.span(node);
        let before = document.text()[..span.start].trim_end_matches([' ', '\t']);
        match before.strip_suffix('-') {
            _ if flow => Ok(Entry { span, node }),
            Some(before) => Ok(Entry { span: before.len()..span.end, node }),
            None => {
                let cause = "this item stands apart from its dash";
                Err(refuse(document, node, cause, "write it on the line of its dash first"))
            }
        }
    };
    let entries = document.tree().items(sequence).iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    cut(document, sequence, &entries, gone)
}

fn cut(document: &Document, holder: NodeId, entries: &[Entry], gone: &[usize]) -> Result<Vec<Edit>, Fault> {
    let flow = document.is_flow(holder);
    let mut edits = Vec::new();
    for run in runs(gone) {
        if flow {
            edits.push(flow_run(document, holder, entries, run)?);
        } else {
            edits.extend(block_run(document, entries, run)?);
        }
    }
    Ok(edits)
}

/// Groups of neighbours.
fn runs(sorted: &[usize]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for &index in sorted {
        match runs.last_mut() {
            Some(run) if run.end == index => run.end += 1,
            _ => runs.push(index..index + 1),
        }
    }
    runs
}

fn block_run(document: &Document, entries: &[Entry], run: Range<usize>) -> Result<Vec<Edit>, Fault> {
    let first = &entries[run.start];
    if starts_its_line(document, first.span.start) {
        let cuts: Vec<Range<usize>> = entries[run].iter().map(|entry| block_lines(document, &entry.span)).collect();
        let whole = cuts[0].start..cuts[cuts.len() - 1].end;
        not_into_scalar(document, first.node, &whole)?;
        return Ok(cuts.into_iter().map(Edit::delete).collect());
    }
    // The first entry shares its line with a dash: what follows the run moves up to the dash.
    let Some(next) = entries.get(run.end) else {
        let cause = "nothing would be left of this list item";
        return Err(refuse(document, first.node, cause, "remove the whole item by hand"));
    };
    let last = &entries[run.end - 1];
    let between = first.span.end..last.span.end;
    if run.len() > 1 && document.comments().iter().any(|c| c.own_line && between.contains(&c.range.start)) {
        let cause = "a comment stands between the keys to remove, right behind the dash";
        return Err(refuse(document, first.node, cause, "move the comment, or remove these keys by hand"));
    }
    let after = last.span.end.max(block_lines(document, &last.span).end);
    Ok(dash_to(document, first.span.start, after, next.span.start))
}

/// Edits that hand the dash before `first` on to the entry at `next`, without what is before `after`. Comments in between
/// come to stand above the dash, at its indent, as those of a first entry do.
fn dash_to(document: &Document, first: usize, after: usize, next: usize) -> Vec<Edit> {
    let (lines, text) = (document.lines(), document.text());
    let comments: Vec<&Comment> =
        document.comments().iter().filter(|c| c.own_line && (after..next).contains(&c.range.start)).collect();
    let Some(upper) = comments.first() else { return vec![Edit::delete(first..next)] };
    let start = lines.start(lines.at(first));
    let dash = &text[start..first];
    let indent = dash.len() - dash.trim_start_matches(' ').len();
    let mut edits = vec![Edit::delete(start..lines.start(upper.line))];
    for comment in comments {
        let margin = lines.start(comment.line) + indent;
        edits.extend((margin < comment.range.start).then(|| Edit::delete(margin..comment.range.start)));
    }
    edits.push(Edit::replace(lines.start(lines.at(next))..next, dash));
    edits
}

/// Refuses to let blank lines below a cut become content of the block scalar that ends right above it: any if it keeps
/// its blank lines (`+`), any that holds spaces, and at the end of the file any if it has no other content.
pub(super) fn not_into_scalar(document: &Document, first: NodeId, cut: &Range<usize>) -> Result<(), Fault> {
    let (lines, tree, text) = (document.lines(), document.tree(), document.text());
    let Some(above) = (0..first).rev().find(|&id| tree.text(id).is_some()) else { return Ok(()) };
    let content = document.content(above);
    // A comment in between ends the scalar.
    if !text[content.clone()].starts_with(['|', '>']) || text[content.end..cut.start].contains('#') {
        return Ok(());
    }
    if text[cut.end..].trim_ascii().is_empty()
        && tree.text(above).is_some_and(|value| value.trim_matches('\n').is_empty())
    {
        let cause = "the block scalar above holds nothing but blank lines, and would be another at the end of the file";
        return Err(refuse(document, first, cause, "write that scalar as `''` first"));
    }
    let header = text[content.clone()].lines().next().unwrap_or_default().split('#').next().unwrap_or_default();
    let below = lines.at(cut.end);
    let blanks = (below..lines.count()).take_while(|&line| cut.end < text.len() && lines.is_blank(line, text));
    let swallowed = |line: usize| header.contains('+') || !lines.content(line, text).is_empty();
    if blanks.into_iter().any(swallowed) {
        let cause = "the blank line below would become part of the block scalar above";
        return Err(refuse(document, first, cause, "remove the blank line first, or the `+` of the scalar"));
    }
    Ok(())
}

/// Whether only white space stands before a byte on its line.
pub(super) fn starts_its_line(document: &Document, at: usize) -> bool {
    let start = document.lines().start(document.lines().at(at));
    document.text()[start..at].trim_matches([' ', '\t']).is_empty()
}

/// The whole lines of a block entry, with the comments below it that are indented deeper than its start.
pub(super) fn block_lines(document: &Document, span: &Range<usize>) -> Range<usize> {
    let lines = document.lines();
    let first = lines.at(span.start);
    let column = span.start - lines.start(first);
    let last = last_inner_line(document, lines.at(span.end.max(span.start)), column);
    lines.start(first)..lines.start(last + 1)
}

/// The last line, from `last` on, that holds a comment deeper than `column` with only blank lines and such comments
/// between.
pub(super) fn last_inner_line(document: &Document, last: usize, column: usize) -> usize {
    let lines = document.lines();
    let mut end = last;
    for line in last + 1..lines.count() {
        if note::own_comment_indent(document, line).is_some_and(|indent| indent > column) {
            end = line;
        } else if !lines.is_blank(line, document.text()) {
            break;
        }
    }
    end
}

fn flow_run(document: &Document, holder: NodeId, entries: &[Entry], run: Range<usize>) -> Result<Edit, Fault> {
    let (first, last) = (&entries[run.start].span, &entries[run.end - 1].span);
    let is_last = run.end == entries.len();
    if let Some(range) = own_lines(document, holder, first, last, is_last) {
        return Ok(Edit::delete(range));
    }
    let range = match (run.start.checked_sub(1), entries.get(run.end)) {
        (Some(before), _) => entries[before].span.end..last.end,
        (None, Some(next)) => first.start..next.span.start,
        (None, None) => {
            let cause = "nothing would be left between the brackets";
            return Err(refuse(document, holder, cause, "remove the whole collection by hand"));
        }
    };
    if document.comments().iter().any(|c| range.contains(&c.range.start)) {
        let cause = "a comment stands among the entries to remove";
        return Err(refuse(document, entries[run.start].node, cause, "move the comment first"));
    }
    Ok(Edit::delete(range))
}

/// Whether the first sign below a line, comments left out, is a comma.
fn comma_below(text: &str, line: usize, lines: &Lines) -> bool {
    let below = text[lines.start(line + 1)..].lines().map(str::trim_start);
    below.into_iter().find(|line| !line.is_empty() && !line.starts_with('#')).is_some_and(|line| line.starts_with(','))
}

/// The lines of flow entries, if nothing else but a comma and a trailing comment stands on them.
fn own_lines(
    document: &Document,
    holder: NodeId,
    first: &Range<usize>,
    last: &Range<usize>,
    is_last: bool,
) -> Option<Range<usize>> {
    let (lines, text) = (document.lines(), document.text());
    let (from, to) = (lines.at(first.start), lines.at(last.end));
    let inside = from > lines.at(document.content(holder).start) && to < lines.at(document.span(holder).end);
    let tail = text[last.end..lines.start(to + 1)].trim_start();
    let comma = tail.starts_with(',');
    let rest = tail.trim_start_matches(',').trim_start();
    // Without its comma on the line the entry cannot go with the line, unless no other follows.
    let free = (comma || is_last && !comma_below(text, to, lines)) && (rest.is_empty() || rest.starts_with('#'));
    (inside && free && starts_its_line(document, first.start)).then(|| lines.start(from)..lines.start(to + 1))
}
