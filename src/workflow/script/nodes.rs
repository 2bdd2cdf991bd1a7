//! Shapes of tree-sitter-bash's nodes.

use tree_sitter::Node;

use super::tail::text;

/// The parts of an `if` or `elif`.
pub(super) struct Parts<'n> {
    pub condition: Option<Node<'n>>,
    pub then: Vec<Node<'n>>,
    pub otherwise: Vec<Node<'n>>,
}

pub(super) fn parts(node: Node<'_>) -> Parts<'_> {
    let mut parts = Parts { condition: None, then: Vec::new(), otherwise: Vec::new() };
    for child in statements(node) {
        match child.kind() {
            "elif_clause" | "else_clause" => parts.otherwise.push(child),
            _ if parts.condition.is_none() => parts.condition = Some(child),
            _ => parts.then.push(child),
        }
    }
    parts
}

/// The named children that are no comments.
pub(super) fn statements(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

pub(super) fn is_statement(node: Node<'_>) -> bool {
    matches!(node.kind(), "case_item" | "do_group")
        || node.kind().ends_with("_statement")
        || node.kind().ends_with("command")
        || matches!(node.kind(), "command" | "list" | "pipeline" | "subshell" | "variable_assignment")
}

pub(super) fn operator(node: Node<'_>) -> &'static str {
    let mut cursor = node.walk();
    node.children(&mut cursor)
        .find_map(|child| ["&&", "||"].into_iter().find(|kind| child.kind() == *kind))
        .unwrap_or("")
}

pub(super) fn followed_by_ampersand(node: Node<'_>, source: &str) -> bool {
    // The text tells most, and asking a node for its neighbour is slow.
    let next = source.get(node.end_byte()..).unwrap_or_default().trim_start_matches([' ', '\t']);
    next.starts_with(['&', '\\']) && node.next_sibling().is_some_and(|next| next.kind() == "&")
}

pub(super) fn is_exit(node: Node<'_>, source: &str) -> bool {
    node.kind() == "command" && text(node, source).split_whitespace().next() == Some("exit")
}
