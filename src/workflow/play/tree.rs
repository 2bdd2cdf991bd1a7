//! The tree of a script, made once of the parser's: a script is played for many results, and its nodes are asked for
//! again and again.

use std::ops::Range;
use std::sync::LazyLock;

use tree_sitter::Language;

static BASH: LazyLock<Language> = LazyLock::new(|| tree_sitter_bash::LANGUAGE.into());

/// What the parser calls the comments between statements.
const COMMENT: &str = "comment";

/// The roles of nodes that are asked for, as the parser calls them.
const FIELDS: &[&str] = &["body", "descriptor", "destination", "index", "name", "value", "variable"];

/// A node; those below it follow it.
#[derive(Debug)]
struct Entry {
    kind: &'static str,
    field: Option<&'static str>,
    is_named: bool,
    start: usize,
    end: usize,
    /// Behind the last of those below it.
    after: usize,
}

/// A tree of nodes.
#[derive(Debug)]
pub(super) struct Tree {
    entries: Vec<Entry>,
}

impl Tree {
    /// The tree of a bash script; `None` where it has an error.
    pub fn of(script: &str) -> Option<Tree> {
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&BASH).ok()?;
        let tree = parser.parse(script, None).filter(|tree| !tree.root_node().has_error())?;
        Some(Tree { entries: entries(&tree) })
    }

    pub fn root(&self) -> Node<'_> {
        Node { tree: self, at: 0 }
    }
}

fn entries(tree: &tree_sitter::Tree) -> Vec<Entry> {
    let mut cursor = tree.walk();
    let (mut entries, mut open) = (Vec::new(), Vec::new());
    loop {
        let node = cursor.node();
        entries.push(Entry {
            kind: BASH.node_kind_for_id(node.kind_id()).unwrap_or_default(),
            field: cursor.field_name().and_then(|name| FIELDS.iter().find(|field| **field == name)).copied(),
            is_named: node.is_named(),
            start: node.start_byte(),
            end: node.end_byte(),
            after: entries.len() + 1,
        });
        if cursor.goto_first_child() {
            open.push(entries.len() - 1);
            continue;
        }
        while !cursor.goto_next_sibling() {
            let Some(own) = open.pop() else { return entries };
            entries[own].after = entries.len();
            cursor.goto_parent();
        }
    }
}

/// A node of a tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'n> {
    tree: &'n Tree,
    at: usize,
}

/// Of nodes of one tree.
impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl<'n> Node<'n> {
    fn entry(self) -> &'n Entry {
        &self.tree.entries[self.at]
    }

    /// The name of its kind, as tree-sitter-bash has it.
    pub fn kind(self) -> &'static str {
        self.entry().kind
    }

    /// Whether it is more than a sign or a keyword.
    pub fn is_named(self) -> bool {
        self.entry().is_named
    }

    pub fn start_byte(self) -> usize {
        self.entry().start
    }

    pub fn end_byte(self) -> usize {
        self.entry().end
    }

    pub fn byte_range(self) -> Range<usize> {
        self.start_byte()..self.end_byte()
    }

    /// All nodes right below it, signs and keywords too.
    pub fn all(self) -> impl Iterator<Item = Node<'n>> {
        let (end, mut next) = (self.entry().after, self.at + 1);
        std::iter::from_fn(move || {
            let node = (next < end).then_some(Node { at: next, ..self })?;
            next = node.entry().after;
            Some(node)
        })
    }

    /// The named nodes right below it, comments left out.
    pub fn children(self) -> Vec<Node<'n>> {
        self.all().filter(|child| child.is_named() && child.kind() != COMMENT).collect()
    }

    /// A named node right below it, by its number; comments count.
    pub fn named_child(self, number: usize) -> Option<Node<'n>> {
        self.all().filter(|child| child.is_named()).nth(number)
    }

    /// Whether a sign or keyword stands right below it.
    pub fn has_sign(self, sign: &str) -> bool {
        self.all().any(|child| !child.is_named() && child.kind() == sign)
    }

    /// The node of this role right below it.
    pub fn field(self, name: &str) -> Option<Node<'n>> {
        self.fields(name).next()
    }

    /// The nodes of this role right below it.
    pub fn fields(self, name: &str) -> impl Iterator<Item = Node<'n>> {
        debug_assert!(FIELDS.contains(&name), "`{name}` is kept of no node");
        self.all().filter(move |child| child.entry().field == Some(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each node in short, with what stands below it in brackets.
    fn shown(node: Node<'_>) -> String {
        let below: Vec<String> = node.all().map(shown).collect();
        let field = node.entry().field.map_or(String::new(), |field| format!("{field}: "));
        format!("{field}{}[{}]", node.kind(), below.join(" "))
    }

    #[test]
    fn it_is_the_tree_of_the_parser() {
        let tree = Tree::of("a || b # c\nd").unwrap();
        let word = "name: command_name[word[]]";
        let list = format!("list[command[{word}] ||[] command[{word}]]");
        assert_eq!(shown(tree.root()), format!("program[{list} comment[] command[{word}]]"));
        assert_eq!(tree.root().children().len(), 2);
        assert!(tree.root().named_child(0).unwrap().has_sign("||"));
        assert!(Tree::of("a $(").is_none());
    }
}
