//! Reading a tree with its aliases followed.
//!
//! Source: GitHub reads an alias as the value of its anchor and knows no merge keys
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations#yaml-anchors-and-aliases>).
//! A budget bounds what aliases can multiply to; past it, everything reads as absent and [`Reader::cut`] says so.

use std::cell::Cell;

use crate::yaml::{NodeId, Style, Tree, Value};

/// The most nodes one view reads.
const BUDGET: usize = 400_000;

/// The most aliases in a row that are followed.
const MAX_HOPS: usize = 16;

/// Where something stands: a node of the tree, its line and its column in characters, both from 1.
///
/// What is read through an alias stands at its anchor. A block scalar stands at its first line that is not blank, as the
/// YAML parser marks it, and not at its `|`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct At {
    /// The node.
    pub node: NodeId,
    /// Its line, from 1.
    pub line: usize,
    /// Its column in characters, from 1.
    pub column: usize,
}

/// A scalar with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'t> {
    /// The decoded text.
    pub text: &'t str,
    /// How it is written.
    pub style: Style,
    /// Where it stands.
    pub at: At,
}

impl Text<'_> {
    /// The text as GitHub resolves it: a plain `true` is a boolean, a quoted one is a string.
    pub fn value(&self) -> super::value::Value {
        match self.style {
            Style::Plain => crate::yaml::plain(self.text).into(),
            _ => super::value::Value::Text(self.text.to_owned()),
        }
    }
}

/// Reads a tree.
pub struct Reader<'t> {
    tree: &'t Tree<'t>,
    anchors: Vec<(usize, NodeId)>,
    left: Cell<usize>,
}

impl<'t> Reader<'t> {
    /// A reader of a tree, with a fresh budget.
    pub fn new(tree: &'t Tree<'t>) -> Reader<'t> {
        let anchored = tree.nodes.iter().enumerate().filter(|(_, node)| node.anchor > 0);
        Reader { tree, anchors: anchored.map(|(id, node)| (node.anchor, id)).collect(), left: Cell::new(BUDGET) }
    }

    /// Whether the budget ran out, so that what was read is not the whole.
    pub fn cut(&self) -> bool {
        self.left.get() == 0
    }

    /// The node itself, or what its alias stands for.
    pub fn follow(&self, id: NodeId) -> Option<NodeId> {
        let left = self.left.get().checked_sub(1).filter(|&left| left > 0);
        self.left.set(left.unwrap_or(0));
        left?;
        let mut at = id;
        for _ in 0..MAX_HOPS {
            match self.tree.nodes.get(at)?.value {
                Value::Alias(anchor) => {
                    // Anchors are numbered in the order of the document.
                    let found = self.anchors.binary_search_by_key(&anchor, |(number, _)| *number).ok()?;
                    at = self.anchors[found].1;
                }
                _ => return Some(at),
            }
        }
        None
    }

    /// Where a node stands.
    pub fn at(&self, id: NodeId) -> At {
        self.tree.nodes.get(id).map_or(At::default(), |node| At { node: id, line: node.line, column: node.column })
    }

    /// A scalar, alias followed.
    pub fn text(&self, id: NodeId) -> Option<Text<'t>> {
        let id = self.follow(id)?;
        match &self.tree.nodes[id].value {
            Value::Scalar(text, style) => Some(Text { text, style: *style, at: self.at(id) }),
            _ => None,
        }
    }

    /// The value of a key, alias followed.
    pub fn get(&self, mapping: NodeId, key: &str) -> Option<NodeId> {
        self.follow(self.tree.get(self.follow(mapping)?, key)?)
    }

    /// The scalar under a key.
    pub fn text_at(&self, mapping: NodeId, key: &str) -> Option<Text<'t>> {
        self.text(self.get(mapping, key)?)
    }

    /// The pairs of a mapping with scalar keys; none for anything else.
    pub fn pairs(&self, id: NodeId) -> impl Iterator<Item = (Text<'t>, NodeId)> + '_ {
        let pairs = self.follow(id).map_or(&[][..], |id| self.tree.pairs(id));
        pairs.iter().filter_map(|&(key, value)| Some((self.text(key)?, self.follow(value)?)))
    }

    /// The items of a sequence; none for anything else.
    pub fn items(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let items = self.follow(id).map_or(&[][..], |id| self.tree.items(id));
        items.iter().filter_map(|&item| self.follow(item))
    }

    /// The scalar, or the scalars of the sequence: how GitHub writes lists of names.
    pub fn names(&self, id: NodeId) -> Vec<Text<'t>> {
        match self.text(id) {
            Some(text) => vec![text],
            None => self.items(id).filter_map(|item| self.text(item)).collect(),
        }
    }

    /// The pairs of a mapping whose values are scalars.
    pub fn entries(&self, id: NodeId) -> Vec<(Text<'t>, Text<'t>)> {
        self.pairs(id).filter_map(|(key, value)| Some((key, self.text(value)?))).collect()
    }
}
