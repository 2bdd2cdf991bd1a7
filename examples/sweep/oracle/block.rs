//! Where the content of a node ends, found in the lines alone.

use crate::events::{Doc, Node};
use crate::lines::Lines;
use yaml_rust2::Event;
use yaml_rust2::scanner::TScalarStyle;

/// The last line of `node`'s content. Its key stands on line `first`; the next content stands on line `next`
/// (or the file ends there), so that only blank and comment lines lie between.
pub fn last_line(doc: &Doc, lines: &Lines, node: &Node, first: usize, next: usize) -> usize {
    let leaf =
        doc.events[node.events.clone()].iter().rev().find(|ev| matches!(ev.event, Event::Scalar(..) | Event::Alias(_)));
    let mut floor = first;
    if let Some(leaf) = leaf {
        match &leaf.event {
            // The parser places a block scalar at its first line of text; one without text ends on its header.
            Event::Scalar(text, TScalarStyle::Literal | TScalarStyle::Folded, ..) => {
                if !text.trim_matches('\n').is_empty() {
                    return block_scalar_end(lines, leaf.line, leaf.col, next);
                }
            }
            Event::Scalar(text, TScalarStyle::Plain, ..) if text.is_empty() => {}
            _ => floor = leaf.line,
        }
    }
    let last = (floor..next).rev().find(|&i| !lines.is_blank(i) && !lines.is_comment(i));
    last.unwrap_or(floor)
}

/// The last content line of the block scalar whose first content line is `first`, indented by `indent`.
fn block_scalar_end(lines: &Lines, first: usize, indent: usize, next: usize) -> usize {
    let header = (0..first).rev().find(|&i| !lines.is_blank(i));
    let keeps = header.is_some_and(|i| keeps_blank_lines(lines.body(i)));
    let mut last = first;
    for i in first..next {
        if lines.is_blank(i) {
            // Blanks beyond the indent are text of the scalar; `+` keeps all blank lines.
            if keeps || lines.indent(i) > indent {
                last = i;
            }
        } else if lines.indent(i) >= indent {
            last = i;
        } else {
            break;
        }
    }
    last
}

/// Whether a line that ends in a block scalar's header has the indicator `+` in it.
fn keeps_blank_lines(header: &str) -> bool {
    let before_comment = header.split(" #").next().unwrap_or(header);
    before_comment.rsplit(['|', '>']).next().is_some_and(|indicators| indicators.contains('+'))
}
