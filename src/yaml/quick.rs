//! The quick way to the values of a plain document: block collections, scalars and flow collections on one line, and
//! block scalars, as nearly all workflows are written. It goes line by line, where a parser goes character by character.
//!
//! Promise: what it reads, it reads exactly as the parser behind [`super::load`] does, node by node and place by place.
//! Whatever it is not sure of, it does not read at all: an anchor, an alias, a tag, a merge of documents, a scalar or a
//! flow collection over several lines, an escape, a tab, a carriage return, and every error.

use super::build::{Builder, Spot};
use super::events::{Style, Tree, Value};

/// The longest key: past 1,024 characters YAML knows no simple keys.
const MAX_KEY: usize = 1000;

/// Reads a text without a byte order mark; `None` where the parser has to.
pub(super) fn read(file: &str, text: &str) -> Option<Tree> {
    if text.ends_with(' ') || memchr::memchr(b'\r', text.as_bytes()).is_some() {
        return None;
    }
    let lines = Lines { rest: text, number: 0 };
    let mut quick = Quick { builder: Builder::new(file, text.len()), blocks: Vec::new(), lines, marked: false };
    while let Some(line) = quick.lines.next() {
        quick.line(line)?;
    }
    // What is empty at the end stands on the line behind the last.
    quick.settle(Spot { line: quick.lines.number + 1, column: 1 }, text.ends_with('\n'))?;
    let tree = quick.builder.tree();
    (!tree.nodes.is_empty()).then_some(tree)
}

/// The lines from some place on.
#[derive(Clone, Copy)]
struct Lines<'t> {
    rest: &'t str,
    /// The number of the last line that was given, from 1.
    number: usize,
}

#[derive(Clone, Copy)]
struct Line<'t> {
    text: &'t str,
    number: usize,
}

impl<'t> Lines<'t> {
    fn next(&mut self) -> Option<Line<'t>> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', self.rest.as_bytes());
        let text = &self.rest[..end.unwrap_or(self.rest.len())];
        self.rest = end.map_or("", |end| &self.rest[end + 1..]);
        self.number += 1;
        Some(Line { text, number: self.number })
    }
}

impl Line<'_> {
    /// The place of a byte of the line.
    fn spot(&self, at: usize) -> Spot {
        let before = &self.text[..at];
        let characters = if before.is_ascii() { at } else { before.chars().count() };
        Spot { line: self.number, column: characters + 1 }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The next byte that is no space.
    fn skip_spaces(&self, from: usize) -> usize {
        from + spaces(&self.text[from..])
    }

    /// Whether a blank or the end stands here.
    fn is_blank(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b' '))
    }

    /// Whether nothing but white space and a comment stands from here on.
    fn ends(&self, at: usize) -> bool {
        let next = self.skip_spaces(at);
        match self.byte(next) {
            None => true,
            Some(byte) => byte == b'#' && next > at,
        }
    }
}

fn spaces(text: &str) -> usize {
    text.bytes().take_while(|&byte| byte == b' ').count()
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

struct Quick<'t> {
    builder: Builder<'t>,
    blocks: Vec<Block>,
    lines: Lines<'t>,
    /// Whether `---` was read.
    marked: bool,
}

impl<'t> Quick<'t> {
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
        if memchr::memchr(b'\t', rest.as_bytes()).is_some() {
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

    /// `key: value`
    fn entry(&mut self, line: Line<'t>, indent: usize, opens: Option<Kind>) -> Option<()> {
        let key = key(line, indent)??;
        if opens.is_some() {
            self.builder.open(Value::Mapping(Vec::new()), 0, None, line.spot(key.colon)).ok()?;
            self.blocks.push(Block { indent, kind: Kind::Mapping, waits: false });
        }
        self.builder.add(key.value(), 0, None, line.spot(indent)).ok()?;
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
                let end = self.flow(line, at)?;
                line.ends(end).then_some(())
            }
            b'\'' | b'"' => {
                let quoted = quoted(line, at)?;
                self.builder.add(quoted.value(), 0, None, line.spot(at)).ok()?;
                line.ends(quoted.end).then_some(())
            }
            _ => {
                let text = plain(line, at)?;
                self.builder.add(Value::Scalar(text.to_owned(), Style::Plain), 0, None, line.spot(at)).ok()
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
        let mut text = String::new();
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
        self.builder.add(Value::Scalar(text, style), 0, None, first.spot(indent)).ok()
    }

    /// A flow collection on one line; gives the place behind it.
    fn flow(&mut self, line: Line<'t>, at: usize) -> Option<usize> {
        let (empty, close) = match line.byte(at)? {
            b'[' => (Value::Sequence(Vec::new()), b']'),
            _ => (Value::Mapping(Vec::new()), b'}'),
        };
        self.builder.open(empty, 0, None, line.spot(at)).ok()?;
        let mut at = line.skip_spaces(at + 1);
        while line.byte(at)? != close {
            if close == b'}' {
                let colon = self.flow_scalar(line, at)?;
                if line.byte(colon)? != b':' || line.byte(colon + 1)? != b' ' {
                    return None;
                }
                at = line.skip_spaces(colon + 1);
            }
            let end = match line.byte(at)? {
                b'[' | b'{' => self.flow(line, at)?,
                _ => self.flow_scalar(line, at)?,
            };
            at = line.skip_spaces(end);
            match line.byte(at)? {
                b',' => at = line.skip_spaces(at + 1),
                byte if byte == close => {}
                _ => return None,
            }
        }
        self.builder.close();
        Some(at + 1)
    }

    /// A scalar in a flow collection; gives the place behind it.
    fn flow_scalar(&mut self, line: Line<'t>, at: usize) -> Option<usize> {
        if matches!(line.byte(at)?, b'\'' | b'"') {
            let quoted = quoted(line, at)?;
            self.builder.add(quoted.value(), 0, None, line.spot(at)).ok()?;
            return Some(quoted.end);
        }
        let bytes = line.text.as_bytes();
        let flow = |byte: &u8| matches!(byte, b',' | b'[' | b']' | b'{' | b'}');
        let stops = |&at: &usize| {
            let colon = bytes[at] == b':' && bytes.get(at + 1).is_none_or(|next| *next == b' ' || flow(next));
            colon || flow(&bytes[at]) || (bytes[at] == b'#' && bytes[at - 1] == b' ')
        };
        let end = (at..bytes.len()).find(stops)?;
        let text = line.text[at..end].trim_end_matches(' ');
        if !starts_plain(line, at) || text == "-" || text.ends_with(" -") || text.is_empty() {
            return None;
        }
        self.builder.add(Value::Scalar(text.to_owned(), Style::Plain), 0, None, line.spot(at)).ok()?;
        Some(at + text.len())
    }
}

/// The value behind a key that has none.
fn nothing() -> Value {
    Value::Scalar(String::new(), Style::Plain)
}

/// Whether a line, its indentation left out, is an item of a sequence.
fn is_item(rest: &str) -> bool {
    rest.starts_with("- ") || rest == "-"
}

/// A scalar on one line.
struct Word<'t> {
    text: &'t str,
    style: Style,
    /// The place behind it.
    end: usize,
}

impl Word<'_> {
    fn value(&self) -> Value {
        let text = if self.style == Style::Single { self.text.replace("''", "'") } else { self.text.to_owned() };
        Value::Scalar(text, self.style)
    }
}

/// A key and the place of its colon.
struct Key<'t> {
    word: Word<'t>,
    colon: usize,
}

impl Key<'_> {
    fn value(&self) -> Value {
        self.word.value()
    }
}

/// The key that begins here: the inner `None` where there is none, the outer one where that is not sure.
fn key(line: Line<'_>, at: usize) -> Option<Option<Key<'_>>> {
    match line.byte(at)? {
        b'\'' | b'"' => {
            let word = quoted(line, at)?;
            let colon = word.end;
            let is_key = line.byte(colon) == Some(b':');
            if is_key && (!line.is_blank(colon + 1) || colon - at > MAX_KEY) {
                return None;
            }
            Some(is_key.then_some(Key { word, colon }))
        }
        b'|' | b'>' | b'[' | b'{' => Some(None),
        _ if !starts_plain(line, at) => None,
        _ => {
            let bytes = line.text.as_bytes();
            let mut colons = memchr::memchr_iter(b':', &bytes[at..]).map(|found| at + found);
            let Some(colon) = colons.find(|colon| line.is_blank(colon + 1)) else { return Some(None) };
            let text = line.text[at..colon].trim_end_matches(' ');
            if memchr::memmem::find(text.as_bytes(), b" #").is_some() {
                return Some(None);
            }
            let word = Word { text, style: Style::Plain, end: at + text.len() };
            (text.len() <= MAX_KEY).then_some(Some(Key { word, colon }))
        }
    }
}

/// Whether a plain scalar can begin here.
fn starts_plain(line: Line<'_>, at: usize) -> bool {
    match line.byte(at) {
        Some(b'-') => !line.is_blank(at + 1),
        Some(byte) => !br#"?:,[]{}#&*!|>'"%@`"#.contains(&byte),
        None => false,
    }
}

/// A plain scalar that is the rest of the line but for a comment.
fn plain(line: Line<'_>, at: usize) -> Option<&str> {
    let rest = &line.text[at..];
    let end = memchr::memmem::find(rest.as_bytes(), b" #").unwrap_or(rest.len());
    let text = rest[..end].trim_end_matches(' ');
    let mut colons = memchr::memchr_iter(b':', text.as_bytes());
    let another = colons.any(|colon| matches!(text.as_bytes().get(colon + 1), None | Some(b' ')));
    (starts_plain(line, at) && !another).then_some(text)
}

/// A quoted scalar on one line without an escape by a backslash.
fn quoted(line: Line<'_>, at: usize) -> Option<Word<'_>> {
    let quote = line.byte(at)?;
    let bytes = line.text.as_bytes();
    let mut end = at + 1;
    loop {
        end += memchr::memchr(quote, &bytes[end..])?;
        if quote == b'"' || line.byte(end + 1) != Some(quote) {
            break;
        }
        end += 2;
    }
    let text = &line.text[at + 1..end];
    if quote == b'"' && text.contains('\\') {
        return None;
    }
    Some(Word { text, style: if quote == b'"' { Style::Double } else { Style::Single }, end: end + 1 })
}

#[cfg(test)]
mod tests {
    use super::super::load;
    use super::*;

    #[test]
    fn a_plain_workflow_is_read_as_the_parser_reads_it() {
        let text = "---\n# A comment\nname: CI # and one behind\non:\n  push:\n  pull_request:\n    branches: [main, 'release/*', \
                    \"v[0-9]\"]\n    types:\n    - opened\n    -   synchronize\njobs:\n  build:\n    strategy:\n      \
                    matrix: {os: [a, b c], include: [{x: 1}, {}]}\n    steps:\n      - uses: a/b@v1\n        with:\n          \
                    'key': \"value: x\"\n\n      -\n        run: |\n\n          a\n            b # no comment\n\n          c\n\n      - run: \
                    >-\n          a\n          b\n\n           c\n          d\n      - name: it''s é: no\n      - run: |+\n          x\n\n      \
                    - plain\n    env:\n";
        let text = text.replace("é: no", "é '#' no");
        assert_eq!(read("w", &text), load("w", &text).ok());
        assert!(read("w", &text).is_some());
        let unended = text.trim_end_matches("    env:\n").trim_end();
        assert_eq!(read("w", unended), load("w", unended).ok());
        assert!(read("w", unended).is_some());
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_parser() {
        for text in [
            "",
            "# nothing\n",
            "a: &x 1\n",
            "a: *x\n",
            "a: !!str 1\n",
            "a: 1\n---\nb: 2\n",
            "a: 1\na: 2\n",
            "a: b\n  c\n",
            "a: 'b\n  c'\n",
            "a: [b,\n  c]\n",
            "a: \"\\n\"\n",
            "a:\tb\n",
            "a: b\r\n",
            "a: b: c\n",
            "a:\n  b\n",
            "? a\n: b\n",
            "a: [b: c]\n",
            "a: {b}\n",
            "- - a\n",
            "-\n- a\n",
            "a: |2\n    b\n",
            "a: |\n\nb: c\n",
            "a: |\n    \n  b\n",
            " a: 1\nb: 2\n",
            "a: 1\n b: 2\n",
            "a: `b`\n",
            "a: b #\nc\n",
            "<<: a\n  b: c\n",
        ] {
            assert_eq!(read("w", text), None, "{text:?}");
        }
    }

    /// Parts of lines that meet in every order: most texts of them are no YAML, and many are.
    const PARTS: &[&str] = &[
        "a",
        "b",
        "key",
        "x y",
        "é",
        ":",
        ": ",
        ": ",
        " ",
        "  ",
        "    ",
        "\n",
        "\n",
        "\n",
        "\n  ",
        "\n    ",
        "\n      ",
        "\n- ",
        "\n  - ",
        "- ",
        "-",
        "'",
        "\"",
        "''",
        "#",
        " # c",
        "[",
        "]",
        "{",
        "}",
        ", ",
        ",",
        "|",
        "|-",
        "|+",
        ">",
        ">-",
        "|\n",
        "a: |\n    x\n",
        "a: >\n    x\n    y\n",
        "b:\n",
        "c: 1\n",
        "- a: 1\n  b: 2\n",
        "'q': \"r\"\n",
        "k: [a, b]\n",
        "k: {a: b, c: [d]}\n",
        "---\n",
        "...",
        "*",
        "&",
        "!",
        "%",
        "@",
        "`",
        "?",
        "? ",
        "\t",
        "\\",
        "-1",
        "--x",
        "a#b",
        "a:b",
        "~",
    ];

    #[test]
    fn what_it_reads_it_reads_as_the_parser_does() {
        let mut dice = 0x2545_f491_4f6c_dd1d_u64;
        let mut roll = |below: usize| {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            (dice >> 16) as usize % below
        };
        let mut read_at_all = 0;
        for _ in 0..60_000 {
            let text: String = (0..=roll(14)).map(|_| PARTS[roll(PARTS.len())]).collect();
            if let Some(tree) = read("w", &text) {
                read_at_all += 1;
                assert_eq!(Some(tree), load("w", &text).ok(), "{text:?}");
            }
        }
        assert!(read_at_all > 1000, "{read_at_all}");
    }
}
