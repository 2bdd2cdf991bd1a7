//! bash and sh, parsed with tree-sitter-bash.

use std::cell::RefCell;
use std::ops::Range;

use tree_sitter::{Parser, Point, Tree};

use super::walk::Walker;
use super::{Command, Effect, Script, plain};
use crate::workflow::expression;

/// The most bytes of a script that are parsed.
const MAX_BYTES: usize = 256 * 1024;

/// The most ends of commands in a script that is parsed: what becomes of one is looked for among those that follow.
/// The longest of 17,491 real scripts has 1,125.
const MAX_ENDS: usize = 4_000;

/// The most brackets and keywords open at once.
const MAX_NESTING: usize = 100;

thread_local! {
    static PARSER: RefCell<Option<Parser>> = RefCell::new(parser());
}

fn parser() -> Option<Parser> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_bash::LANGUAGE.into()).ok()?;
    Some(parser)
}

/// The commands of a script; all unknown where it does not parse or is out of bounds.
pub(super) fn commands<'t>(script: &Script<'t>) -> Vec<Command<'t>> {
    let text = script.run.text;
    let unknown = || plain::commands(script, &Effect::Unknown);
    if text.len() > MAX_BYTES || has_many_ends(text) || nesting(text) > MAX_NESTING {
        return unknown();
    }
    match parse(&mask(text), &[]) {
        Some(tree) => Walker::new(script).run(tree.root_node()),
        None => unknown(),
    }
}

/// The tree of a part of a script, with the places of the whole; `None` where it does not parse.
pub(super) fn parse_part(text: &str, part: Range<usize>) -> Option<Tree> {
    let point = |at: usize| {
        let row = text[..at].matches('\n').count();
        Point { row, column: at - text[..at].rfind('\n').map_or(0, |i| i + 1) }
    };
    let range = tree_sitter::Range {
        start_byte: part.start,
        end_byte: part.end,
        start_point: point(part.start),
        end_point: point(part.end),
    };
    parse(&mask(text), &[range])
}

/// No range is all of it.
fn parse(masked: &str, ranges: &[tree_sitter::Range]) -> Option<Tree> {
    let tree = PARSER.with_borrow_mut(|parser| {
        let parser = parser.as_mut()?;
        parser.set_included_ranges(ranges).ok()?;
        parser.parse(masked, None)
    });
    tree.filter(|tree| !tree.root_node().has_error())
}

/// The text with every `${{ }}` as so many ordinary characters, line breaks kept.
fn mask(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(open) = text[at..].find("${{").map(|i| at + i) {
        let Some(close) = expression::closing(text, open + 3).map(|i| i + 2) else { break };
        out.push_str(&text[at..open]);
        out.extend(text[open..close].bytes().map(|b| if b == b'\n' { '\n' } else { 'x' }));
        at = close;
    }
    out.push_str(&text[at..]);
    out
}

/// Whether more commands may end in a script than are looked at.
fn has_many_ends(text: &str) -> bool {
    let ends = |byte: &u8| matches!(byte, b'\n' | b';' | b'&' | b'|');
    text.len() > MAX_ENDS && text.as_bytes().iter().filter(|byte| ends(byte)).count() > MAX_ENDS
}

/// An upper bound of how deep the constructs of a script nest.
fn nesting(text: &str) -> usize {
    let (mut depth, mut most) = (0usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'{' | b'[' => depth += 1,
            b')' | b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    let (mut opens, mut closes) = (0usize, 0);
    for word in text.split_whitespace() {
        opens += usize::from(matches!(word, "if" | "while" | "until" | "for" | "case"));
        closes += usize::from(word.starts_with("fi") || word.starts_with("done"));
    }
    most + opens.saturating_sub(closes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_keep_offsets_and_lines() {
        assert_eq!(mask("a ${{ x\n }} b"), "a xxxxx\nxxx b");
        assert_eq!(mask("${{ 'é' }}").len(), "${{ 'é' }}".len());
        assert_eq!(mask("a ${{ b"), "a ${{ b");
    }
}
