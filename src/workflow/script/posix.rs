//! bash and sh, parsed with tree-sitter-bash.

use std::cell::RefCell;
use std::ops::Range;

use tree_sitter::{InputEdit, Parser, Point, Tree};

use super::mask::mask;
use super::syntax;
use super::walk::Walker;
use super::{Command, Effect, Script, plain, quick};

/// The most bytes of a script that are parsed. GitHub takes 21,000 characters where an expression stands in it.
const MAX_BYTES: usize = 32 * 1024;

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

/// A script as it was parsed: one that differs little from it is parsed quicker beside it.
#[derive(Debug)]
pub struct Parsed {
    masked: String,
    tree: Tree,
}

/// The commands of a script; all unknown where it does not parse or is out of bounds.
pub(super) fn read<'t>(script: &Script<'t>, near: Option<&Parsed>) -> (Vec<Command<'t>>, Option<Parsed>) {
    let text = script.run.text;
    let unknown = || (plain::commands(script, &Effect::Unknown), None);
    if text.len() > MAX_BYTES || has_many_ends(text) || is_deep(text) {
        return unknown();
    }
    if let Some(tree) = quick::read(text) {
        return (Walker::new(script).run(tree.root()), None);
    }
    let masked = mask(text);
    let old = near.map(|near| near.edited(&masked));
    let Some(tree) = parse(&masked, &[], old.as_ref()) else { return unknown() };
    match syntax::Tree::of(&tree, &masked) {
        Some(own) => (Walker::new(script).run(own.root()), Some(Parsed { masked, tree })),
        None => unknown(),
    }
}

impl Parsed {
    /// The tree, told where another text differs.
    fn edited(&self, new: &str) -> Tree {
        let (old, new) = (self.masked.as_bytes(), new.as_bytes());
        let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let tails = old[start..].iter().rev().zip(new[start..].iter().rev());
        let end = tails.take_while(|(a, b)| a == b).count();
        let (old_end, new_end) = (old.len() - end, new.len() - end);
        let mut tree = self.tree.clone();
        tree.edit(&InputEdit {
            start_byte: start,
            old_end_byte: old_end,
            new_end_byte: new_end,
            start_position: point(old, start),
            old_end_position: point(old, old_end),
            new_end_position: point(new, new_end),
        });
        tree
    }
}

fn point(text: &[u8], at: usize) -> Point {
    let before = &text[..at];
    let start = memchr::memrchr(b'\n', before).map_or(0, |line| line + 1);
    Point { row: memchr::memchr_iter(b'\n', before).count(), column: at - start }
}

/// The tree of a part of a script, with the places of the whole; `None` where it does not parse.
pub(super) fn parse_part(text: &str, part: Range<usize>) -> Option<syntax::Tree> {
    let range = tree_sitter::Range {
        start_byte: part.start,
        end_byte: part.end,
        start_point: point(text.as_bytes(), part.start),
        end_point: point(text.as_bytes(), part.end),
    };
    let masked = mask(text);
    parse(&masked, &[range], None).and_then(|tree| syntax::Tree::of(&tree, &masked))
}

/// No range is all of it; `old` is a tree of a text that differs little.
pub(super) fn parse(masked: &str, ranges: &[tree_sitter::Range], old: Option<&Tree>) -> Option<Tree> {
    let tree = PARSER.with_borrow_mut(|parser| {
        let parser = parser.as_mut()?;
        parser.set_included_ranges(ranges).ok()?;
        parser.parse(masked, old)
    });
    tree.filter(|tree| !tree.root_node().has_error())
}

/// Whether more commands may end in a script than are looked at.
fn has_many_ends(text: &str) -> bool {
    let ends = |byte: &u8| matches!(byte, b'\n' | b';' | b'&' | b'|');
    text.len() > MAX_ENDS && text.as_bytes().iter().filter(|byte| ends(byte)).count() > MAX_ENDS
}

/// Whether the constructs of a script may nest deeper than they are looked into.
fn is_deep(text: &str) -> bool {
    may_open(text) > MAX_NESTING && nesting(text) > MAX_NESTING
}

/// An upper bound of [`nesting`], soon counted: the brackets, and the pairs of letters that its words begin with.
fn may_open(text: &str) -> usize {
    let opens = |a: u8, b: u8| {
        (a == b'(')
            | (a == b'{')
            | (a == b'[')
            | (a == b'i') & (b == b'f')
            | (a == b'w') & (b == b'h')
            | (a == b'u') & (b == b'n')
            | (a == b'f') & (b == b'o')
            | (a == b'c') & (b == b'a')
    };
    // So many that a byte can count them, which many are counted beside each other in.
    const BLOCK: usize = 255;
    let bytes = text.as_bytes();
    let blocks = bytes.chunks(BLOCK).zip(bytes.get(1..).unwrap_or_default().chunks(BLOCK));
    let count = |(a, b): (&[u8], &[u8])| a.iter().zip(b).fold(0, |sum: u8, (&a, &b)| sum + u8::from(opens(a, b)));
    // The last byte opens nothing that could be closed, and counts all the same.
    blocks.map(|block| usize::from(count(block))).sum::<usize>() + 1
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
