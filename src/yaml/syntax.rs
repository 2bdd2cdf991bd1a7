//! The bytes of every node and the comments: a walk over the `tree-sitter-yaml` tree.
//!
//! The walk yields nodes in the order of the YAML events, so that the two can be zipped. Ends are worked out here:
//! a collection ends at its last leaf (tree-sitter lets it run on over comments and blank lines), and a block scalar
//! at the last line of its content.

use std::sync::LazyLock;

use tree_sitter::{Language, Parser, TreeCursor};

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

/// The node kinds that matter, as the grammar numbers them; comparing names would cost as much as the parse.
struct Kinds {
    language: Language,
    ids: Vec<Kind>,
    value: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Document,
    Node,
    Comment,
    AnchorOrTag,
    Scalar(Style),
    BlockScalar,
    Alias,
    Mapping,
    FlowMapping,
    Sequence,
    FlowSequence,
    Pair,
    FlowPair,
    Item,
    Other,
}

static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
    let language: Language = tree_sitter_yaml::LANGUAGE.into();
    let names = [
        ("document", Kind::Document),
        ("block_node", Kind::Node),
        ("flow_node", Kind::Node),
        ("comment", Kind::Comment),
        ("anchor", Kind::AnchorOrTag),
        ("tag", Kind::AnchorOrTag),
        ("plain_scalar", Kind::Scalar(Style::Plain)),
        ("single_quote_scalar", Kind::Scalar(Style::Single)),
        ("double_quote_scalar", Kind::Scalar(Style::Double)),
        ("block_scalar", Kind::BlockScalar),
        ("alias", Kind::Alias),
        ("block_mapping", Kind::Mapping),
        ("flow_mapping", Kind::FlowMapping),
        ("block_sequence", Kind::Sequence),
        ("flow_sequence", Kind::FlowSequence),
        ("block_mapping_pair", Kind::Pair),
        ("flow_pair", Kind::FlowPair),
        ("block_sequence_item", Kind::Item),
    ];
    let mut ids = vec![Kind::Other; language.node_kind_count()];
    for (name, kind) in names {
        // A kind may have several numbers of one name.
        let named = |id: &u16| language.node_kind_for_id(*id) == Some(name) && language.node_kind_is_named(*id);
        (0..language.node_kind_count() as u16).filter(named).for_each(|id| ids[usize::from(id)] = kind);
    }
    let value = language.field_id_for_name("value").map(u16::from);
    Kinds { language, ids, value }
});

/// Parses `text`, whose depth and line count must have been checked before (see `intake`).
pub(super) fn parse(text: &str) -> Result<Syntax, Broken> {
    let kinds = &*KINDS;
    let mut parser = Parser::new();
    parser.set_language(&kinds.language).map_err(|_| Broken(0))?;
    let tree = parser.parse(text, None).ok_or(Broken(0))?;
    if tree.root_node().has_error() {
        return Err(Broken(first_error(tree.walk())));
    }
    let mut walk = Walk { text, kinds, out: Syntax::default() };
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
    kinds: &'a Kinds,
    out: Syntax,
}

/// The anchor or tag seen before the content it belongs to.
type Prefix = Option<usize>;

/// A child as the visitors see it.
#[derive(Clone, Copy)]
struct Child {
    kind: Kind,
    start: usize,
    end: usize,
    is_value: bool,
}

impl<'a> Walk<'a> {
    fn here(&self, cursor: &TreeCursor<'a>) -> Option<Child> {
        let node = cursor.node();
        if !node.is_named() {
            return None;
        }
        let kind = self.kinds.ids.get(usize::from(node.kind_id())).copied().unwrap_or(Kind::Other);
        let field = cursor.field_id().map(u16::from);
        let is_value = field.is_some() && field == self.kinds.value;
        Some(Child { kind, start: node.start_byte(), end: node.end_byte(), is_value })
    }

    /// Visits every named child of the cursor's node, comments apart, and returns to the node.
    fn children(&mut self, cursor: &mut TreeCursor<'a>, mut visit: impl FnMut(&mut Self, &mut TreeCursor<'a>, Child)) {
        if !cursor.goto_first_child() {
            return;
        }
        loop {
            match self.here(cursor) {
                Some(child) if child.kind == Kind::Comment => self.out.comments.push((child.start, child.end)),
                Some(child) => visit(self, cursor, child),
                None => {}
            }
            if !cursor.goto_next_sibling() {
                break;
            }
        }
        cursor.goto_parent();
    }

    fn document_level(&mut self, cursor: &mut TreeCursor<'a>, child: Child) {
        match child.kind {
            Kind::Document => self.children(cursor, Walk::document_level),
            Kind::Node => self.node(cursor, child),
            _ => {}
        }
    }

    /// A `block_node` or `flow_node`: anchor and tag, then the content.
    fn node(&mut self, cursor: &mut TreeCursor<'a>, node: Child) {
        let first = self.out.spots.len();
        let mut prefix: Prefix = None;
        let mut after = node.end;
        self.children(cursor, |walk, cursor, child| {
            if child.kind == Kind::AnchorOrTag {
                prefix.get_or_insert(child.start);
                after = child.end;
            } else {
                walk.content(cursor, child, prefix);
            }
        });
        if self.out.spots.len() == first {
            // Only an anchor or a tag: an empty value.
            self.leaf(Shape::Scalar(Style::Plain), prefix, after, after);
        }
    }

    fn content(&mut self, cursor: &mut TreeCursor<'a>, node: Child, prefix: Prefix) {
        let (start, end) = (node.start, node.end);
        match node.kind {
            Kind::Scalar(style) => self.leaf(Shape::Scalar(style), prefix, start, end),
            Kind::Alias => self.leaf(Shape::Alias, prefix, start, end),
            Kind::BlockScalar => {
                self.children(cursor, |_, _, _| ());
                let folded = self.text[start..].starts_with('>');
                let style = if folded { Style::Folded } else { Style::Literal };
                self.leaf(Shape::Scalar(style), prefix, start, block_scalar_end(self.text, start, end));
            }
            Kind::Mapping | Kind::FlowMapping => self.mapping(cursor, node, prefix),
            Kind::Sequence | Kind::FlowSequence => self.sequence(cursor, node, prefix),
            _ => {}
        }
    }

    fn leaf(&mut self, shape: Shape, prefix: Prefix, start: usize, end: usize) {
        let spot = Spot { shape, start: prefix.unwrap_or(start), content: start, end, flow: false, explicit: false };
        self.out.spots.push(spot);
    }

    /// Opens a collection; its children follow.
    fn open(&mut self, shape: Shape, prefix: Prefix, node: Child, flow: bool) -> usize {
        self.leaf(shape, prefix, node.start, node.end);
        let id = self.out.spots.len() - 1;
        self.out.spots[id].flow = flow;
        id
    }

    /// Ends a block collection at its last leaf.
    fn close(&mut self, id: usize) {
        let last = self.out.spots[id + 1..].iter().map(|s| s.end).max();
        if let (false, Some(last)) = (self.out.spots[id].flow, last) {
            self.out.spots[id].end = last;
        }
    }

    fn mapping(&mut self, cursor: &mut TreeCursor<'a>, node: Child, prefix: Prefix) {
        let id = self.open(Shape::Mapping, prefix, node, node.kind == Kind::FlowMapping);
        self.children(cursor, |walk, cursor, child| match child.kind {
            Kind::Pair | Kind::FlowPair => walk.pair(cursor, child),
            // A key alone, `{a, b: 1}`, has an empty value.
            _ => {
                walk.node(cursor, child);
                walk.leaf(Shape::Scalar(Style::Plain), None, child.end, child.end);
            }
        });
        self.close(id);
    }

    fn sequence(&mut self, cursor: &mut TreeCursor<'a>, node: Child, prefix: Prefix) {
        let id = self.open(Shape::Sequence, prefix, node, node.kind == Kind::FlowSequence);
        self.children(cursor, |walk, cursor, child| match child.kind {
            Kind::Item => walk.item(cursor, child),
            // A pair inside a flow sequence, `[a: b]`, is a mapping of its own.
            Kind::FlowPair => {
                walk.open(Shape::Mapping, None, child, true);
                walk.pair(cursor, child);
            }
            _ => walk.node(cursor, child),
        });
        self.close(id);
    }

    fn item(&mut self, cursor: &mut TreeCursor<'a>, item: Child) {
        let first = self.out.spots.len();
        self.children(cursor, Walk::node);
        if self.out.spots.len() == first {
            let after_dash = item.start + 1;
            self.leaf(Shape::Scalar(Style::Plain), None, after_dash, after_dash);
        }
    }

    fn pair(&mut self, cursor: &mut TreeCursor<'a>, pair: Child) {
        let first = self.out.spots.len();
        // A plain scalar may start with `?` too; the indicator is followed by white space.
        let explicit = self.text[pair.start..].starts_with("? ") || self.text[pair.start..].starts_with("?\n");
        let (mut key_end, mut has_key, mut has_value) = (pair.start, false, false);
        self.children(cursor, |walk, cursor, child| {
            if child.is_value && !has_key {
                walk.leaf(Shape::Scalar(Style::Plain), None, key_end, key_end);
            }
            walk.node(cursor, child);
            has_key |= !child.is_value;
            has_value |= child.is_value;
            key_end = child.end;
        });
        if !has_value {
            let end = self.text[key_end..pair.end].find(':').map_or(key_end, |colon| key_end + colon + 1);
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
