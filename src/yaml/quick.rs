//! The quick way to the values of a plain document: block collections, scalars on one line, flow collections of them, and
//! block scalars, as nearly all workflows are written. It goes line by line, where a parser goes character by character.
//!
//! Promise: what it reads, it reads exactly as the parser behind [`super::load`] does, node by node and place by place.
//! Whatever it is not sure of, it does not read at all: an anchor, an alias, a tag, a merge of documents, a rare escape, a tab, a carriage return, and every error but one, which GitHub does not mind.

mod flow;
mod folded;
mod line;

use line::{Line, Lines, is_item, key, plain, quoted, spaces};

use super::build::{Builder, Spot};
use super::events::{Style, Tree, Value};

/// The longest line that is read here, in bytes: each value on a line asks for its column from the line's start on.
const MOST: usize = 4096;

/// What the quick way makes of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Quickly<'t> {
    /// It is read.
    Read(Tree<'t>),
    /// A line of a flow collection begins here, not deeper than what holds it: the first error of the parser.
    Shallow(Spot),
    /// The parser has to read it.
    Unsure,
}

/// Reads a text without a byte order mark.
pub(super) fn read<'t>(file: &str, text: &'t str) -> Quickly<'t> {
    if text.ends_with(' ') || memchr::memchr(b'\r', text.as_bytes()).is_some() {
        return Quickly::Unsure;
    }
    let mut quick = Quick {
        builder: Builder::new(file, text.len()),
        blocks: Vec::new(),
        lines: Lines { rest: text, number: 0, ascii: text.is_ascii() },
        scalar: String::new(),
        marked: false,
        holds_plain: false,
        shallow: None,
    };
    match (quick.all(text.ends_with('\n')), quick.shallow, quick.builder.is_empty()) {
        (Some(()), _, false) => Quickly::Read(quick.builder.tree()),
        (None, Some(spot), _) => Quickly::Shallow(spot),
        _ => Quickly::Unsure,
    }
}

/// A block collection that is open.
struct Block {
    /// The column of its entries, from 0.
    indent: usize,
    kind: Kind,
    /// Whether its last entry has no value yet.
    waits: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Mapping,
    Sequence,
    /// A sequence whose `-` stand in the column of the key it belongs to.
    Indentless,
}

struct Quick<'f, 't> {
    builder: Builder<'f, 't>,
    blocks: Vec<Block>,
    lines: Lines<'t>,
    /// Where a block scalar is put together before it is kept: it grows for the longest, and each gets just the room that
    /// it needs.
    scalar: String,
    /// Whether `---` was read.
    marked: bool,
    /// Whether a plain scalar stands in the flow collection that is open, at whatever depth.
    holds_plain: bool,
    /// Where a line of a flow collection was not deep enough.
    shallow: Option<Spot>,
}

impl<'t> Quick<'_, 't> {
    fn all(&mut self, ends_in_break: bool) -> Option<()> {
        while let Some(line) = self.lines.next() {
            self.line(line)?;
        }
        // What is empty at the end stands on the line behind the last.
        self.settle(Spot { line: self.lines.number + 1, column: 1 }, ends_in_break)
    }

    fn line(&mut self, line: Line<'t>) -> Option<()> {
        let indent = spaces(line.text);
        let rest = &line.text[indent..];
        if rest.is_empty() || rest.starts_with('#') {
            return Some(());
        }
        if indent == 0 && rest.starts_with(['-', '.', '%']) && !is_item(rest) {
            let starts = rest == "---" && self.builder.is_empty() && !self.marked;
            self.marked |= starts;
            return starts.then_some(());
        }
        if rest.len() > MOST || memchr::memchr(b'\t', rest.as_bytes()).is_some() {
            return None;
        }
        let opens = self.make_way(line, indent, is_item(rest))?;
        match (is_item(rest), opens) {
            (true, opens) => self.item(line, indent, opens),
            (false, opens) => self.entry(line, indent, opens),
        }
    }

    /// Ends what an entry at this indentation ends; the kind of the block that it opens, if it does.
    fn make_way(&mut self, line: Line<'t>, indent: usize, item: bool) -> Option<Option<Kind>> {
        let new = if item { Kind::Sequence } else { Kind::Mapping };
        let spot = line.spot(indent);
        loop {
            let Some(top) = self.blocks.last_mut() else {
                return self.builder.is_empty().then_some(Some(new));
            };
            if top.indent < indent {
                return std::mem::take(&mut top.waits).then_some(Some(new));
            }
            match (top.indent == indent, top.kind, item) {
                (true, Kind::Mapping, true) => {
                    return std::mem::take(&mut top.waits).then_some(Some(Kind::Indentless));
                }
                (true, Kind::Mapping, false) => {
                    if std::mem::take(&mut top.waits) {
                        self.builder.add(nothing(), 0, None, spot).ok()?;
                    }
                    return Some(None);
                }
                (true, _, true) => return (!top.waits).then_some(None),
                (true, Kind::Sequence, false) => return None,
                (true, Kind::Indentless, false) | (false, ..) => self.close(spot)?,
            }
        }
    }

    /// Ends the innermost block; what waits for a value in a mapping has none.
    fn close(&mut self, next: Spot) -> Option<()> {
        let block = self.blocks.pop()?;
        match (block.waits, block.kind) {
            (false, _) => {}
            (true, Kind::Mapping) => self.builder.add(nothing(), 0, None, next).ok()?,
            (true, _) => return None,
        }
        self.builder.close();
        Some(())
    }

    /// Ends all blocks at the end of the text.
    fn settle(&mut self, end: Spot, ends_in_break: bool) -> Option<()> {
        if !ends_in_break && self.blocks.iter().any(|block| block.waits) {
            return None;
        }
        while !self.blocks.is_empty() {
            self.close(end)?;
        }
        Some(())
    }

    /// `- ` and what stands behind it.
    fn item(&mut self, line: Line<'t>, indent: usize, opens: Option<Kind>) -> Option<()> {
        let at = line.skip_spaces(indent + 1);
        let empty = line.ends(indent + 1);
        if let Some(kind) = opens {
            let spot = match kind {
                Kind::Indentless if empty => return None,
                Kind::Indentless => line.spot(at),
                _ => line.spot(indent),
            };
            self.builder.open(Value::Sequence(Vec::new()), 0, None, spot).ok()?;
            self.blocks.push(Block { indent, kind, waits: false });
        }
        if empty {
            self.blocks.last_mut()?.waits = true;
            return Some(());
        }
        if is_item(&line.text[at..]) {
            return None;
        }
        match key(line, at)? {
            Some(_) => self.entry(line, at, Some(Kind::Mapping)),
            None => self.value(line, at, indent),
        }
    }

    /// `key: value`, or the value of what waits for one.
    fn entry(&mut self, line: Line<'t>, indent: usize, opens: Option<Kind>) -> Option<()> {
        let Some(key) = key(line, indent)? else {
            let parent = self.blocks.last().filter(|_| opens.is_some())?.indent;
            let is_block = matches!(line.byte(indent), Some(b'|' | b'>'));
            return if is_block { None } else { self.value(line, indent, parent) };
        };
        if opens.is_some() {
            self.builder.open(Value::Mapping(Vec::new()), 0, None, line.spot(key.colon)).ok()?;
            self.blocks.push(Block { indent, kind: Kind::Mapping, waits: false });
        }
        self.builder.add(key.word.value(), 0, None, line.spot(indent)).ok()?;
        if line.ends(key.colon + 1) {
            self.blocks.last_mut()?.waits = true;
            return Some(());
        }
        self.value(line, line.skip_spaces(key.colon + 1), indent)
    }

    /// A value that begins on this line, in a block at `indent`.
    fn value(&mut self, line: Line<'t>, at: usize, indent: usize) -> Option<()> {
        match line.byte(at)? {
            b'|' | b'>' => self.block_scalar(line, at, indent),
            b'[' | b'{' => {
                self.holds_plain = false;
                let (last, end) = self.flow(line, at, indent)?;
                last.ends(end).then_some(())
            }
            b'\'' | b'"' => {
                let Some(quoted) = quoted(line, at) else { return self.quoted_over_lines(line, at, indent) };
                let ends = line.ends(quoted.end);
                self.builder.add(quoted.value(), 0, None, line.spot(at)).ok()?;
                ends.then_some(())
            }
            _ => {
                let text = plain(line, at)?;
                let goes_on = line.skip_spaces(at + text.len()) == line.text.len();
                let text = if goes_on { self.folded(text, indent)? } else { text.into() };
                self.builder.add(Value::Scalar(text, Style::Plain), 0, None, line.spot(at)).ok()
            }
        }
    }

    /// `|` or `>` with its lines, in a block at `parent`.
    fn block_scalar(&mut self, line: Line<'t>, at: usize, parent: usize) -> Option<()> {
        let folded = line.byte(at) == Some(b'>');
        let chomp = line.byte(at + 1).filter(|byte| matches!(byte, b'+' | b'-'));
        if !line.ends(at + 1 + usize::from(chomp.is_some())) {
            return None;
        }
        let (mut breaks, mut longest) = (0, 0);
        let first = loop {
            let mut ahead = self.lines;
            let line = ahead.next()?;
            let blank = spaces(line.text);
            if blank < line.text.len() {
                break line;
            }
            (breaks, longest, self.lines) = (breaks + 1, longest.max(blank), ahead);
        };
        let indent = spaces(first.text);
        if indent <= parent || longest > indent {
            return None;
        }
        let mut text = std::mem::take(&mut self.scalar);
        text.clear();
        let (mut behind_line, mut behind_blank) = (false, false);
        loop {
            let mut ahead = self.lines;
            let Some(line) = ahead.next() else { break };
            let blank = spaces(line.text).min(indent);
            if blank == line.text.len() {
                (breaks, self.lines) = (breaks + 1, ahead);
                continue;
            }
            if blank < indent {
                break;
            }
            let content = &line.text[indent..];
            let begins_blank = content.starts_with([' ', '\t']);
            if folded && behind_line && !behind_blank && !begins_blank {
                if breaks == 0 {
                    text.push(' ');
                }
            } else if behind_line {
                text.push('\n');
            }
            text.extend(std::iter::repeat_n('\n', breaks));
            text.push_str(content);
            (breaks, behind_line, behind_blank, self.lines) = (0, true, begins_blank, ahead);
        }
        if chomp != Some(b'-') {
            text.push('\n');
        }
        if chomp == Some(b'+') {
            text.extend(std::iter::repeat_n('\n', breaks));
        }
        let style = if folded { Style::Folded } else { Style::Literal };
        self.builder.add(Value::Scalar(text.as_str().to_owned().into(), style), 0, None, first.spot(indent)).ok()?;
        self.scalar = text;
        Some(())
    }
}

/// The value behind a key that has none.
fn nothing() -> Value<'static> {
    Value::Scalar("".into(), Style::Plain)
}

#[cfg(test)]
mod tests;
