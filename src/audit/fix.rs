//! The rewrite that removes a finding, as a rule file names it.

use crate::workflow::reader::At;
use crate::yaml::{NodeId, Tree, Value};

/// A rewrite of a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// `remove-key` at this query.
    RemoveKey(String),
    /// `remove-jobs` of this job, and of those that need it.
    RemoveJob(String),
    /// `edit-condition` with `drop: false` at this query.
    DropFalse(String),
    /// `edit-script` at the query of the `run`: this line loses what stands at its end.
    DropOr {
        /// The query.
        at: String,
        /// The line of the script.
        line: String,
        /// What goes.
        tail: &'static str,
    },
    /// `justify` at this query: what may stay where something else goes.
    Justify(String),
}

impl Fix {
    /// The operation's name.
    pub fn operation(&self) -> &'static str {
        match self {
            Fix::RemoveKey(_) => "remove-key",
            Fix::RemoveJob(_) => "remove-jobs",
            Fix::DropFalse(_) => "edit-condition",
            Fix::DropOr { .. } => "edit-script",
            Fix::Justify(_) => "justify",
        }
    }

    /// The query, or the job.
    pub fn target(&self) -> &str {
        match self {
            Fix::RemoveKey(at) | Fix::RemoveJob(at) | Fix::DropFalse(at) | Fix::Justify(at) => at,
            Fix::DropOr { at, .. } => at,
        }
    }

    /// What tells it from others of a workflow; the keys that a detector removes from one are one risk.
    pub fn cause(&self) -> String {
        match self {
            Fix::RemoveKey(_) => String::new(),
            Fix::DropOr { at, line, .. } => format!("{at} {line}"),
            other => other.target().to_owned(),
        }
    }
}

/// The query of a node: by names where steps have them, so that it holds when steps move.
///
/// `None` where the way leads through an alias or a key that a query cannot write.
pub fn query(tree: &Tree, at: At) -> Option<String> {
    let mut parts = Vec::new();
    let mut node = at.node;
    while let Some(parent) = tree.nodes.get(node)?.parent {
        parts.push(segment(tree, parent, node)?);
        node = parent;
    }
    parts.push("$".to_owned());
    parts.reverse();
    Some(parts.concat())
}

fn segment(tree: &Tree, parent: NodeId, node: NodeId) -> Option<String> {
    match &tree.nodes[parent].value {
        Value::Mapping(pairs) => {
            let (key, _) = pairs.iter().find(|(_, value)| *value == node)?;
            let key = tree.text(*key)?;
            Some(if is_plain(key) { format!(".{key}") } else { format!("[{}]", quoted(key)?) })
        }
        Value::Sequence(items) => {
            let index = items.iter().position(|item| *item == node)?;
            let unique = |key: &str| {
                let own = tree.text(tree.get(node, key)?)?;
                let same = |item: &&NodeId| tree.get(**item, key).and_then(|id| tree.text(id)) == Some(own);
                (items.iter().filter(same).count() == 1).then_some(own)
            };
            for key in ["name", "id"] {
                if let Some(text) = unique(key).and_then(quoted) {
                    return Some(format!("[?@.{key} == {text}]"));
                }
            }
            Some(format!("[{index}]"))
        }
        _ => None,
    }
}

fn is_plain(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn quoted(text: &str) -> Option<String> {
    let fits = !text.chars().any(|c| c.is_control() || c == '\\');
    fits.then(|| format!("'{}'", text.replace('\'', "\\'")))
}
