//! A tree, node by node, as a parser comes upon the nodes.
//!
//! Promises: no recursion, and an error with its place for a duplicate key and for nesting deeper than [`MAX_DEPTH`].

use std::collections::BTreeMap;

use super::events::{Node, NodeId, Tree, Value};
use super::fault::{Fault, FaultKind, Place};
use super::intake::MAX_DEPTH;

/// Where a node starts: line and column in characters, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub line: usize,
    pub column: usize,
}

/// A collection that is still open.
struct Open {
    id: NodeId,
    is_mapping: bool,
    /// Where those that lie in it begin among the `children`.
    first: usize,
    /// The keys of a large mapping with their lines; those of a small one are compared one by one.
    seen: BTreeMap<String, usize>,
}

/// From how many pairs on a mapping's keys are put in order.
const LARGE: usize = 24;

/// How many bytes nearly all workflows have for a node at the least; what is not used costs no memory.
const BYTES_PER_NODE: usize = 20;

/// How deep most workflows nest.
const DEEP: usize = 16;

/// How many nodes lie in the open collections of most workflows.
const BESIDE: usize = 64;

/// A tree that grows.
pub(super) struct Builder<'a, 's> {
    file: &'a str,
    tree: Tree<'s>,
    open: Vec<Open>,
    /// What lies in the open collections, keys and values alike, the innermost last: each collection gets its own at its
    /// end, when it is known how many they are.
    children: Vec<NodeId>,
}

impl<'a, 's> Builder<'a, 's> {
    /// Nothing yet, of a text of so many bytes.
    pub fn new(file: &'a str, bytes: usize) -> Builder<'a, 's> {
        let tree = Tree { nodes: Vec::with_capacity(bytes / BYTES_PER_NODE) };
        Builder { file, tree, open: Vec::with_capacity(DEEP), children: Vec::with_capacity(BESIDE) }
    }

    /// What was added.
    pub fn tree(self) -> Tree<'s> {
        self.tree
    }

    /// Whether nothing was added yet.
    pub fn is_empty(&self) -> bool {
        self.tree.nodes.is_empty()
    }

    /// A fault at a place of the file.
    pub fn fault(&self, spot: Spot, cause: impl Into<String>, way_out: &str) -> Fault {
        let place = Place { file: self.file.to_owned(), line: spot.line, column: spot.column };
        Fault::at(FaultKind::Unfit, place, cause, way_out)
    }

    /// Adds a collection, into which what follows goes.
    pub fn open(&mut self, value: Value<'s>, anchor: usize, tag: Option<String>, spot: Spot) -> Result<(), Fault> {
        if self.open.len() >= MAX_DEPTH {
            let cause = format!("nested deeper than {MAX_DEPTH} levels");
            return Err(self.fault(spot, cause, "no workflow needs this; wf-fix reads no deeper"));
        }
        let (id, is_mapping) = (self.tree.nodes.len(), matches!(value, Value::Mapping(_)));
        self.add(value, anchor, tag, spot)?;
        self.open.push(Open { id, is_mapping, first: self.children.len(), seen: BTreeMap::new() });
        Ok(())
    }

    /// Ends the innermost collection.
    pub fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let end = self.tree.nodes.len();
        let node = &mut self.tree.nodes[open.id];
        node.end = end;
        let children = &self.children[open.first..];
        match &mut node.value {
            Value::Sequence(items) => *items = children.to_vec(),
            Value::Mapping(pairs) => *pairs = children.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect(),
            _ => {}
        }
        self.children.truncate(open.first);
    }

    /// Adds a node below the innermost open collection.
    pub fn add(&mut self, value: Value<'s>, anchor: usize, tag: Option<String>, spot: Spot) -> Result<(), Fault> {
        let id = self.tree.nodes.len();
        self.attach(id, &value, spot)?;
        self.tree.nodes.push(Node {
            value,
            anchor,
            tag,
            line: spot.line,
            column: spot.column,
            parent: self.open.last().map(|open| open.id),
            end: id + 1,
        });
        Ok(())
    }

    fn attach(&mut self, id: NodeId, value: &Value<'_>, spot: Spot) -> Result<(), Fault> {
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        let is_key = open.is_mapping && (self.children.len() - open.first).is_multiple_of(2);
        if let (true, Value::Scalar(text, _)) = (is_key, value)
            && let Some(first) = open.earlier(text, &self.tree, &self.children[open.first..], spot.line)
        {
            let cause = format!("duplicate key `{text}`; it stands on line {first} already");
            return Err(self.fault(spot, cause, "remove one of the two; GitHub refuses such a file"));
        }
        self.children.push(id);
        Ok(())
    }
}

impl Open {
    /// The line of an earlier key of the same text, among the keys and values so far.
    fn earlier(&mut self, text: &str, tree: &Tree<'_>, children: &[NodeId], line: usize) -> Option<usize> {
        let mut keys = children.iter().step_by(2).copied();
        if keys.len() < LARGE {
            return keys.find(|key| tree.text(*key) == Some(text)).map(|key| tree.nodes[key].line);
        }
        if self.seen.is_empty() {
            self.seen.extend(keys.filter_map(|key| Some((tree.text(key)?.to_owned(), tree.nodes[key].line))));
        }
        self.seen.insert(text.to_owned(), line)
    }
}
