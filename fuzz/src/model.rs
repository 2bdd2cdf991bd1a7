//! Values of a document as the rewrites do not know them: a nested copy, changed by simple means.

use wf_fix::yaml::{NodeId, Tree, Value as Node};

/// A value: scalars with their style, aliases and anchors as they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// What has no children, as it prints.
    Leaf(String),
    /// A list.
    List(String, Vec<Value>),
    /// A mapping.
    Map(String, Vec<(Value, Value)>),
}

/// A subtree.
pub fn of(tree: &Tree, id: NodeId) -> Value {
    let node = &tree.nodes[id];
    let frame = format!("&{} {:?}", node.anchor, node.tag);
    match &node.value {
        Node::Sequence(items) => Value::List(frame, items.iter().map(|&item| of(tree, item)).collect()),
        Node::Mapping(pairs) => {
            Value::Map(frame, pairs.iter().map(|&(key, value)| (of(tree, key), of(tree, value))).collect())
        }
        leaf => Value::Leaf(format!("{frame} {leaf:?}")),
    }
}

/// How two values differ, in the fewest words: what an operation may do is judged by this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// A pair of a mapping is gone.
    PairGone(Vec<usize>),
    /// An item of a list is gone.
    ItemGone(Vec<usize>),
    /// Anything else.
    Other(Vec<usize>),
}

/// All differences, each with the way of positions in `before`.
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(before, after, &mut Vec::new(), &mut found);
    found
}

fn compare(before: &Value, after: &Value, way: &mut Vec<usize>, found: &mut Vec<Difference>) {
    match (before, after) {
        (Value::Map(f, p), Value::Map(g, q)) if f == g && q.len() <= p.len() => {
            let mut rest = q.iter().peekable();
            let mut own = Vec::new();
            for (index, (key, value)) in p.iter().enumerate() {
                way.push(index);
                match rest.next_if(|(other, _)| other == key) {
                    Some((_, other)) => compare(value, other, way, &mut own),
                    None => own.push(Difference::PairGone(way.clone())),
                }
                way.pop();
            }
            match rest.next() {
                Some(_) => found.push(Difference::Other(way.clone())),
                None => found.extend(own),
            }
        }
        (Value::List(f, p), Value::List(g, q)) if f == g && p.len() == q.len() => {
            for (index, (value, other)) in p.iter().zip(q).enumerate() {
                way.push(index);
                compare(value, other, way, found);
                way.pop();
            }
        }
        (Value::List(f, p), Value::List(g, q)) if f == g && q.len() < p.len() => {
            let mut rest = q.iter().peekable();
            let mut own = Vec::new();
            for (index, value) in p.iter().enumerate() {
                if rest.next_if(|other| *other == value).is_none() {
                    own.push(Difference::ItemGone([way.as_slice(), &[index]].concat()));
                }
            }
            match rest.next() {
                Some(_) => found.push(Difference::Other(way.clone())),
                None => found.extend(own),
            }
        }
        (before, after) if before == after => {}
        _ => found.push(Difference::Other(way.clone())),
    }
}

/// The positions that lead to a node.
pub fn way(tree: &Tree, id: NodeId) -> Vec<usize> {
    let mut way = Vec::new();
    let mut at = id;
    while let Some(parent) = tree.nodes[at].parent {
        let index = match &tree.nodes[parent].value {
            Node::Sequence(items) => items.iter().position(|&item| item == at),
            Node::Mapping(pairs) => pairs.iter().position(|&(key, value)| key == at || value == at),
            _ => None,
        };
        way.push(index.expect("a child lies in its parent"));
        at = parent;
    }
    way.reverse();
    way
}
