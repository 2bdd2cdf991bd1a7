//! The bytes of every node and the comments: a walk over the `tree-sitter-yaml` tree.
//!
//! The walk yields nodes in the order of the YAML events, so that the two can be zipped. Ends are worked out here:
//! a collection ends at its last leaf (tree-sitter lets it run on over comments and blank lines), and a block scalar
//! at the last line of its content.

use tree_sitter::{Parser, TreeCursor};

use super::events::Style;

/// What sort of node the syntax tree shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Scalar(Style),
    Alias,
    Sequence,
    Mapping,
}

/// A node with its bytes; `start` includes its anchor and tag, `explicit` marks a key behind `?`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub shape: Shape,
    pub start: usize,
    /// Where the content starts, after anchor and tag.
    pub content: usize,
    pub end: usize,
    pub flow: bool,
    pub explicit: bool,
}

/// What the walk found.
#[derive(Debug, Default)]
pub(super) struct Syntax {
    pub spots: Vec<Spot>,
    pub comments: Vec<(usize, usize)>,
}

/// Where tree-sitter could not make sense of the text (byte offset), or that it gave up.
#[derive(Debug)]
pub(super) struct Broken(pub usize);

/// Parses `text`, whose depth and line count must have been checked before (see FACTS in `intake`).
pub(super) fn parse(text: &str) -> Result<Syntax, Broken> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_yaml::LANGUAGE.into()).map_err(|_| Broken(0))?;
    let tree = parser.parse(text, None).ok_or(Broken(0))?;
    if tree.root_node().has_error() {
        return Err(Broken(first_error(tree.walk())));
    }
    let mut walk = Walk { text, out: Syntax::default() };
    walk.children(&mut tree.walk(), Walk::document_level);
    Ok(walk.out)
}

fn first_error(mut cursor: TreeCursor<'_>) -> usize {
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            return node.start_byte();
        }
        let deeper = node.has_error() && cursor.goto_first_child();
        if !deeper && !cursor.goto_next_sibling() {
            return cursor.node().start_byte();
        }
    }
}

struct Walk<'a> {
    text: &'a str,
    out: Syntax,
}

/// The anchor or tag seen before the content it belongs to.
type Prefix = Option<usize>;

impl<'a> Walk<'a> {
    /// Visits every child of the cursor's node, comments apart, and returns to the node.
    fn children(&mut self, cursor: &mut TreeCursor<'a>, mut visit: impl FnMut(&mut Self, &mut TreeCursor<'a>)) {
        if !cursor.goto_first_child() {
            return;
        }
        loop {
            let node = cursor.node();
            if node.kind() == "comment" {
                self.out.comments.push((node.start_byte(), node.end_byte()));
            } else if node.is_named() {
                visit(self, cursor);
            }
            if !cursor.goto_next_sibling() {
                break;
            }
        }
        cursor.goto_parent();
    }

    fn document_level(&mut self, cursor: &mut TreeCursor<'a>) {
        match cursor.node().kind() {
            "document" => self.children(cursor, Walk::document_level),
            "block_node" | "flow_node" => self.node(cursor),
            _ => {}
        }
    }

    /// A `block_node` or `flow_node`: anchor and tag, then the content.
    fn node(&mut self, cursor: &mut TreeCursor<'a>) {
        let first = self.out.spots.len();
        let mut prefix: Prefix = None;
        let mut after = cursor.node().end_byte();
        self.children(cursor, |walk, cursor| {
            let node = cursor.node();
            match node.kind() {
                "anchor" | "tag" => {
                    prefix.get_or_insert(node.start_byte());
                    after = node.end_byte();
                }
                _ => walk.content(cursor, prefix),
            }
        });
        if self.out.spots.len() == first {
            // Only an anchor or a tag: an empty value.
            self.leaf(Shape::Scalar(Style::Plain), prefix, after, after);
        }
    }

    fn content(&mut self, cursor: &mut TreeCursor<'a>, prefix: Prefix) {
        let node = cursor.node();
        let (start, end) = (node.start_byte(), node.end_byte());
        match node.kind() {
            "plain_scalar" => self.leaf(Shape::Scalar(Style::Plain), prefix, start, end),
            "single_quote_scalar" => self.leaf(Shape::Scalar(Style::Single), prefix, start, end),
            "double_quote_scalar" => self.leaf(Shape::Scalar(Style::Double), prefix, start, end),
            "alias" => self.leaf(Shape::Alias, prefix, start, end),
            "block_scalar" => {
                self.children(cursor, |_, _| ());
                let folded = self.text[start..].starts_with('>');
                let style = if folded { Style::Folded } else { Style::Literal };
                self.leaf(Shape::Scalar(style), prefix, start, block_scalar_end(self.text, start, end));
            }
            "block_mapping" | "flow_mapping" => self.collection(cursor, Shape::Mapping, prefix),
            "block_sequence" | "flow_sequence" => self.collection(cursor, Shape::Sequence, prefix),
            _ => {}
        }
    }

    fn leaf(&mut self, shape: Shape, prefix: Prefix, start: usize, end: usize) {
        let spot = Spot { shape, start: prefix.unwrap_or(start), content: start, end, flow: false, explicit: false };
        self.out.spots.push(spot);
    }

    fn collection(&mut self, cursor: &mut TreeCursor<'a>, shape: Shape, prefix: Prefix) {
        let node = cursor.node();
        let flow = node.kind().starts_with("flow");
        let id = self.out.spots.len();
        self.leaf(shape, prefix, node.start_byte(), node.end_byte());
        self.out.spots[id].flow = flow;
        self.children(cursor, |walk, cursor| match cursor.node().kind() {
            "block_mapping_pair" => walk.pair(cursor),
            "flow_pair" if shape == Shape::Mapping => walk.pair(cursor),
            "flow_pair" => walk.lone_pair(cursor),
            "block_sequence_item" => walk.item(cursor),
            "flow_node" if shape == Shape::Mapping => {
                walk.node(cursor);
                let end = cursor.node().end_byte();
                walk.leaf(Shape::Scalar(Style::Plain), None, end, end);
            }
            _ => walk.node(cursor),
        });
        if !flow {
            let last = self.out.spots[id + 1..].iter().map(|s| s.end).max();
            self.out.spots[id].end = last.unwrap_or(self.out.spots[id].end);
        }
    }

    /// A pair inside a flow sequence, `[a: b]`, is a mapping of its own.
    fn lone_pair(&mut self, cursor: &mut TreeCursor<'a>) {
        let node = cursor.node();
        let id = self.out.spots.len();
        self.leaf(Shape::Mapping, None, node.start_byte(), node.end_byte());
        self.out.spots[id].flow = true;
        self.pair(cursor);
    }

    fn item(&mut self, cursor: &mut TreeCursor<'a>) {
        let (first, dash) = (self.out.spots.len(), cursor.node().start_byte() + 1);
        self.children(cursor, Walk::node);
        if self.out.spots.len() == first {
            self.leaf(Shape::Scalar(Style::Plain), None, dash, dash);
        }
    }

    fn pair(&mut self, cursor: &mut TreeCursor<'a>) {
        let node = cursor.node();
        let first = self.out.spots.len();
        let explicit =
            self.text[node.start_byte()..].starts_with('?') && node.child(0).is_some_and(|child| child.kind() == "?");
        let (mut key_end, mut has_key, mut has_value) = (node.start_byte(), false, false);
        self.children(cursor, |walk, cursor| {
            let is_value = cursor.field_name() == Some("value");
            if is_value && !has_key {
                walk.leaf(Shape::Scalar(Style::Plain), None, key_end, key_end);
            }
            walk.node(cursor);
            has_key |= !is_value;
            has_value |= is_value;
            key_end = cursor.node().end_byte();
        });
        if !has_value {
            let end = self.text[key_end..node.end_byte()].find(':').map_or(key_end, |colon| key_end + colon + 1);
            self.leaf(Shape::Scalar(Style::Plain), None, end, end);
        }
        if let Some(key) = self.out.spots.get_mut(first) {
            key.explicit = explicit;
        }
    }
}

/// The end of a block scalar's last content line, without its line end.
///
/// tree-sitter's own end lies before the final newline, even where `|+` makes the blank lines after it content, and
/// past blank lines at the end of a file.
fn block_scalar_end(text: &str, start: usize, end: usize) -> usize {
    let header_end = text[start..].find('\n').map_or(text.len(), |i| start + i);
    let header = text[start..header_end].split('#').next().unwrap_or("");
    let trimmed = start + text[start..end.max(header_end.min(text.len()))].trim_end().len();
    if !header.contains('+') {
        return trimmed;
    }
    let mut last = trimmed;
    let mut at = text[trimmed..].find('\n').map_or(text.len(), |i| trimmed + i + 1);
    while at < text.len() {
        let line_end = text[at..].find('\n').map_or(text.len(), |i| at + i);
        if !text[at..line_end].trim().is_empty() {
            break;
        }
        last = line_end - usize::from(text[at..line_end].ends_with('\r'));
        at = line_end + 1;
    }
    last
}
