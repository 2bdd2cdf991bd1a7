//! Taking pairs out of a mapping and items out of a sequence, in block and in flow style.
//!
//! Block style: whole lines go, their line ends and trailing comments included. A comment below that is indented
//! deeper than the entry lies inside it and goes too; any other comment stays. The first pair of a compact list item
//! (`- key: value`) leaves the dash to the next pair: `- next: value`.
//! Flow style: the entry goes with one comma; entries that have their lines to themselves go with their lines.
//!
//! Limitation: the first pair of a list item can only go together with the second if no comment stands between them.

use std::ops::Range;

use super::guard::refuse;
use super::note;
use crate::yaml::{Document, Edit, Fault, NodeId};

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
    let dash = |start: usize| {
        let text = document.text();
        let before = text[..start].trim_end_matches([' ', '\t']);
        if before.ends_with('-') { before.len() - 1 } else { start }
    };
    let flow = document.is_flow(sequence);
    let nodes = document.tree().items(sequence).iter();
    let entries: Vec<Entry> = nodes
        .map(|&node| {
            let span = document.span(node);
            Entry { span: if flow { span } else { dash(span.start)..span.end }, node }
        })
        .collect();
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
    let last_line = document.lines().at(entries[run.end - 1].span.end);
    not_after_keep(document, first.node, last_line)?;
    if starts_its_line(document, first.span.start) {
        return Ok(entries[run].iter().map(|entry| Edit::delete(block_lines(document, &entry.span))).collect());
    }
    // The first entry shares its line with a dash: what follows the run moves up to the dash.
    let last = &entries[run.end - 1];
    if run.end == entries.len() {
        let cause = "nothing would be left of this list item";
        return Err(refuse(document, first.node, cause, "remove the whole item by hand"));
    }
    let after = last.span.end.max(block_lines(document, &last.span).end);
    let text = document.text();
    let next = after + (text[after..].len() - text[after..].trim_start().len());
    let between = first.span.end..last.span.end;
    if run.len() > 1 && document.comments().iter().any(|c| c.own_line && between.contains(&c.range.start)) {
        let cause = "a comment stands between the keys to remove, right behind the dash";
        return Err(refuse(document, first.node, cause, "move the comment, or remove these keys by hand"));
    }
    Ok(vec![Edit::delete(first.span.start..next)])
}

/// Refuses to let blank lines below the cut become content of a `|+` scalar above it.
pub(super) fn not_after_keep(document: &Document, first: NodeId, last_line: usize) -> Result<(), Fault> {
    let (lines, tree) = (document.lines(), document.tree());
    let below = last_line + 1;
    let blank_below = below < lines.count() && lines.is_blank(below, document.text());
    let above = (0..first).rev().find(|&id| tree.text(id).is_some()).map(|id| &document.text()[document.content(id)]);
    let keeps = |source: &str| {
        let header = source.lines().next().unwrap_or_default().split('#').next().unwrap_or_default();
        source.starts_with(['|', '>']) && header.contains('+')
    };
    if blank_below && above.is_some_and(keeps) {
        let cause =
            "the blank line below would become part of the block scalar above, which keeps its blank lines (`+`)";
        return Err(refuse(document, first, cause, "remove the blank line, or the `+`, first"));
    }
    Ok(())
}

/// Whether only white space stands before a byte on its line.
pub(super) fn starts_its_line(document: &Document, at: usize) -> bool {
    let start = document.lines().start(document.lines().at(at));
    document.text()[start..at].trim().is_empty()
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
    if let Some(range) = own_lines(document, holder, first, last) {
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

/// The lines of flow entries, if nothing else but a comma and a trailing comment stands on them.
fn own_lines(document: &Document, holder: NodeId, first: &Range<usize>, last: &Range<usize>) -> Option<Range<usize>> {
    let (lines, text) = (document.lines(), document.text());
    let (from, to) = (lines.at(first.start), lines.at(last.end));
    let inside = from > lines.at(document.content(holder).start) && to < lines.at(document.span(holder).end);
    let tail = text[last.end..lines.start(to + 1)].trim_start().trim_start_matches(',').trim_start();
    let free = tail.is_empty() || tail.starts_with('#');
    (inside && free && starts_its_line(document, first.start)).then(|| lines.start(from)..lines.start(to + 1))
}
