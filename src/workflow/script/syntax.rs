//! The tree of a script as the walk needs it: its statements, the substitutions in its words, and little else.
//!
//! It is made from a tree of tree-sitter-bash, or, for what is easily read, without one (see [`quick`](super::quick)).
//! Words are left out where no one asks for them; the substitutions in them then stand right below their statement.
//! Comments are left out between statements.

use tree_sitter::TreeCursor;

/// What a node is. The names are those of tree-sitter-bash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Program,
    Command,
    TestCommand,
    UnsetCommand,
    DeclarationCommand,
    NegatedCommand,
    Redirected,
    List,
    Pipeline,
    If,
    Elif,
    Else,
    While,
    /// `for` of both kinds, and `select`.
    For,
    Case,
    CaseItem,
    DoGroup,
    Compound,
    Subshell,
    Function,
    Assignment,
    Assignments,
    CommandSubstitution,
    ProcessSubstitution,
    FileRedirect,
    HeredocRedirect,
    HeredocBody,
    HerestringRedirect,
    Comment,
    /// Anything else: words and parts of words.
    Word,
}

impl Kind {
    fn of(name: &str) -> Kind {
        use Kind::*;
        match name {
            "program" => Program,
            "command" => Command,
            "test_command" => TestCommand,
            "unset_command" => UnsetCommand,
            "declaration_command" => DeclarationCommand,
            "negated_command" => NegatedCommand,
            "redirected_statement" => Redirected,
            "list" => List,
            "pipeline" => Pipeline,
            "if_statement" => If,
            "elif_clause" => Elif,
            "else_clause" => Else,
            "while_statement" => While,
            "for_statement" | "c_style_for_statement" => For,
            "case_statement" => Case,
            "case_item" => CaseItem,
            "do_group" => DoGroup,
            "compound_statement" => Compound,
            "subshell" => Subshell,
            "function_definition" => Function,
            "variable_assignment" => Assignment,
            "variable_assignments" => Assignments,
            "command_substitution" => CommandSubstitution,
            "process_substitution" => ProcessSubstitution,
            "file_redirect" => FileRedirect,
            "heredoc_redirect" => HeredocRedirect,
            "heredoc_body" => HeredocBody,
            "herestring_redirect" => HerestringRedirect,
            "comment" => Comment,
            _ => Word,
        }
    }

    /// Whether its children are statements one after the other, so that comments between them say nothing.
    fn is_sequence(self) -> bool {
        use Kind::*;
        matches!(
            self,
            Program
                | If
                | Elif
                | Else
                | For
                | Case
                | CaseItem
                | DoGroup
                | Compound
                | Subshell
                | CommandSubstitution
                | ProcessSubstitution
        )
    }

    /// Whether only the substitutions in its words are asked for.
    fn is_of_words(self) -> bool {
        use Kind::*;
        matches!(
            self,
            Command
                | TestCommand
                | UnsetCommand
                | DeclarationCommand
                | Assignment
                | Assignments
                | FileRedirect
                | HerestringRedirect
                | HeredocBody
                | Word
        )
    }

    fn is_word(self) -> bool {
        matches!(self, Kind::Word | Kind::Assignment | Kind::HerestringRedirect)
    }
}

/// What a node is to the one above it, as far as it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Name,
    Body,
    Right,
    Other,
}

/// A node before it is read: the tree holds them from the root down, each before those below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub kind: Kind,
    pub field: Field,
    /// `&&` or `||` of a list, `until`, else nothing.
    pub operator: &'static str,
    /// Whether `&` stands behind it.
    pub ampersand: bool,
    pub start: u32,
    pub end: u32,
    /// The position behind all that is below it.
    pub after: u32,
}

impl Entry {
    pub fn new(kind: Kind, start: u32, end: u32) -> Entry {
        Entry { kind, field: Field::Other, operator: "", ampersand: false, start, end, after: 0 }
    }
}

/// The deepest tree that is taken over; each level takes some of the stack.
const MAX_DEPTH: usize = 600;

/// A script that was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tree {
    pub entries: Vec<Entry>,
}

/// A node of a tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'n> {
    tree: &'n Tree,
    at: u32,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.at == other.at
    }
}

impl Tree {
    /// The same as a tree of tree-sitter-bash, if it is not too deep.
    pub fn of(tree: &tree_sitter::Tree, masked: &str) -> Option<Tree> {
        let mut made = Making { entries: Vec::new(), masked, depth: 0, too_deep: false };
        let mut cursor = tree.walk();
        let root = made.push(&cursor, Kind::Program, Kind::Program);
        made.below(&mut cursor, Kind::Program);
        made.close(root);
        (made.entries[root].start, made.entries[root].end) = (0, 0);
        (!made.too_deep).then_some(Tree { entries: made.entries })
    }

    pub fn root(&self) -> Node<'_> {
        Node { tree: self, at: 0 }
    }
}

struct Making<'m> {
    entries: Vec<Entry>,
    masked: &'m str,
    depth: usize,
    too_deep: bool,
}

impl Making<'_> {
    fn push(&mut self, cursor: &TreeCursor<'_>, kind: Kind, parent: Kind) -> usize {
        let node = cursor.node();
        let mut entry = Entry::new(kind, offset(node.start_byte()), offset(node.end_byte()));
        entry.field = match (cursor.field_name(), parent) {
            (Some("name"), Kind::Function | Kind::Assignment) => Field::Name,
            (Some("body"), _) => Field::Body,
            (Some("right"), Kind::HeredocRedirect) => Field::Right,
            _ => Field::Other,
        };
        self.entries.push(entry);
        self.entries.len() - 1
    }

    fn close(&mut self, at: usize) {
        self.entries[at].after = offset(self.entries.len());
    }

    /// What stands below the cursor, under the last entry that is open, whose kind is `parent`.
    fn below(&mut self, cursor: &mut TreeCursor<'_>, parent: Kind) {
        let owner = self.entries.len() - 1;
        if parent.is_of_words() && parent != Kind::Assignment && !self.substitutes(cursor) {
            return;
        }
        self.within(cursor, |making, cursor| making.siblings(cursor, parent, owner));
    }

    /// Works on the first node below the cursor and those beside it.
    fn within(&mut self, cursor: &mut TreeCursor<'_>, work: impl FnOnce(&mut Self, &mut TreeCursor<'_>)) {
        self.too_deep |= self.depth == MAX_DEPTH;
        if self.too_deep || !cursor.goto_first_child() {
            return;
        }
        self.depth += 1;
        work(self, cursor);
        self.depth -= 1;
        cursor.goto_parent();
    }

    fn siblings(&mut self, cursor: &mut TreeCursor<'_>, parent: Kind, owner: usize) {
        let mut before: Option<usize> = None;
        loop {
            let node = cursor.node();
            if node.is_named() {
                before = self.child(cursor, parent);
            } else {
                match (node.kind(), before) {
                    ("&", Some(at)) => self.entries[at].ampersand = true,
                    ("&&", _) => self.operate(owner, "&&"),
                    ("||", _) => self.operate(owner, "||"),
                    ("until", _) => self.operate(owner, "until"),
                    _ => {}
                }
                before = None;
            }
            if !cursor.goto_next_sibling() {
                return;
            }
        }
    }

    /// Whether a substitution may stand in what the cursor is at.
    fn substitutes(&self, cursor: &TreeCursor<'_>) -> bool {
        let text = self.masked.as_bytes().get(cursor.node().byte_range()).unwrap_or_default();
        memchr::memchr2(b'(', b'`', text).is_some()
    }

    /// The first operator counts.
    fn operate(&mut self, owner: usize, operator: &'static str) {
        let entry = &mut self.entries[owner];
        if entry.operator.is_empty() {
            entry.operator = operator;
        }
    }

    fn child(&mut self, cursor: &mut TreeCursor<'_>, parent: Kind) -> Option<usize> {
        let node = cursor.node();
        let kind = Kind::of(node.kind());
        if kind == Kind::Comment && (parent.is_sequence() || (parent.is_of_words() && parent != Kind::Command)) {
            return None;
        }
        let named = cursor.field_name() == Some("name") && matches!(parent, Kind::Function | Kind::Assignment);
        if kind.is_word() && parent.is_of_words() && !named {
            if self.substitutes(cursor) {
                self.within(cursor, |making, cursor| making.hoisted(cursor, parent));
            }
            return None;
        }
        let at = self.push(cursor, kind, parent);
        self.below(cursor, kind);
        self.close(at);
        Some(at)
    }

    /// The substitutions in a word that is left out.
    fn hoisted(&mut self, cursor: &mut TreeCursor<'_>, parent: Kind) {
        loop {
            if cursor.node().is_named() {
                self.child(cursor, parent);
            }
            if !cursor.goto_next_sibling() {
                return;
            }
        }
    }
}

/// A script that is parsed has no more than `MAX_BYTES`.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl<'n> Node<'n> {
    fn entry(self) -> &'n Entry {
        &self.tree.entries[self.at as usize]
    }

    pub fn kind(self) -> Kind {
        self.entry().kind
    }

    pub fn start(self) -> usize {
        self.entry().start as usize
    }

    pub fn end(self) -> usize {
        self.entry().end as usize
    }

    /// `&&` or `||` of a list, `until` of a loop.
    pub fn operator(self) -> &'static str {
        self.entry().operator
    }

    pub fn followed_by_ampersand(self) -> bool {
        self.entry().ampersand
    }

    pub fn children(self) -> Children<'n> {
        Children { tree: self.tree, at: self.at + 1, end: self.entry().after }
    }

    pub fn child(self, index: usize) -> Option<Node<'n>> {
        self.children().nth(index)
    }

    pub fn field(self, field: Field) -> Option<Node<'n>> {
        self.children().find(|child| child.entry().field == field)
    }
}

/// The nodes right below one, in order.
pub(super) struct Children<'n> {
    tree: &'n Tree,
    at: u32,
    end: u32,
}

impl<'n> Iterator for Children<'n> {
    type Item = Node<'n>;

    fn next(&mut self) -> Option<Node<'n>> {
        let node = (self.at < self.end).then_some(Node { tree: self.tree, at: self.at })?;
        self.at = node.entry().after;
        Some(node)
    }
}
