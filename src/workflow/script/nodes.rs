//! Shapes of the nodes of a script.

use super::program;
use super::syntax::{Kind, Node};
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
            Kind::Elif | Kind::Else => parts.otherwise.push(child),
            _ if parts.condition.is_none() => parts.condition = Some(child),
            _ => parts.then.push(child),
        }
    }
    parts
}

/// The named children that are no comments.
pub(super) fn statements(node: Node<'_>) -> Vec<Node<'_>> {
    node.children().filter(|child| child.kind() != Kind::Comment).collect()
}

pub(super) fn is_statement(node: Node<'_>) -> bool {
    use Kind::*;
    matches!(
        node.kind(),
        Command
            | TestCommand
            | UnsetCommand
            | DeclarationCommand
            | NegatedCommand
            | Redirected
            | List
            | Pipeline
            | If
            | While
            | For
            | Case
            | CaseItem
            | DoGroup
            | Compound
            | Subshell
            | Assignment
    )
}

pub(super) fn is_exit(node: Node<'_>, source: &str) -> bool {
    node.kind() == Kind::Command && program(text(node, source)) == "exit"
}
