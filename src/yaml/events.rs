//! The values of a document: a loader of our own on the `yaml-rust2` pull parser.
//!
//! Promises: no recursion on input, every limit an error, raw scalar text and style kept in order, aliases kept as
//! references, duplicate keys refused. It does not resolve values (`resolve` does) and knows no byte offsets
//! (`syntax` does): the parser's own index drifts after non-ASCII block scalars, its line and column do not.

use std::borrow::Cow;

use yaml_rust2::parser::{Event, Parser, Tag};
use yaml_rust2::scanner::{Marker, ScanError, TScalarStyle};

use super::build::{Builder, Spot};
use super::fault::{Fault, FaultKind, Place};
use super::intake::position;
use super::quick::{self, Quickly};

/// Index of a node in its [`Tree`], in document order.
pub type NodeId = usize;

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes; also the empty value after `key:`.
    Plain,
    /// `'...'`
    Single,
    /// `"..."`
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

impl Style {
    /// A text in this style, as [`Tree::render`] prints it.
    pub fn quote(self, text: &str) -> String {
        match self {
            Style::Plain => text.to_owned(),
            Style::Single => format!("'{}'", text.replace('\'', "''")),
            Style::Double => format!("{text:?}"),
            Style::Literal => format!("|{text:?}"),
            Style::Folded => format!(">{text:?}"),
        }
    }
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'s> {
    /// Decoded text and the style it is written in; the text is lent where the source has it as it is.
    Scalar(Cow<'s, str>, Style),
    /// A reference to the node that carries this anchor number.
    Alias(usize),
    /// The items, in order.
    Sequence(Vec<NodeId>),
    /// The pairs, in order.
    Mapping(Vec<(NodeId, NodeId)>),
}

/// One node of a [`Tree`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node<'s> {
    /// What it holds.
    pub value: Value<'s>,
    /// The number of its anchor; 0 for none.
    pub anchor: usize,
    /// Its explicit tag, such as `!!str`.
    pub tag: Option<String>,
    /// Line of its start, from 1 (of a block mapping: of its first key).
    pub line: usize,
    /// Column of its start in characters, from 1.
    pub column: usize,
    /// The collection it lies in.
    pub parent: Option<NodeId>,
    /// One past the last node below it.
    pub end: NodeId,
}

/// The nodes of one document in document order; the root is node 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree<'s> {
    /// All nodes; a node's descendants are the ids from its own, exclusive, to its `end`.
    pub nodes: Vec<Node<'s>>,
}

impl Tree<'_> {
    /// The same with texts of its own.
    pub fn into_owned(self) -> Tree<'static> {
        Tree { nodes: self.nodes.into_iter().map(Node::into_owned).collect() }
    }

    /// The text of a scalar; `None` for anything else.
    pub fn text(&self, id: NodeId) -> Option<&str> {
        match &self.nodes[id].value {
            Value::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// The pairs of a mapping; none for anything else.
    pub fn pairs(&self, id: NodeId) -> &[(NodeId, NodeId)] {
        match &self.nodes[id].value {
            Value::Mapping(pairs) => pairs,
            _ => &[],
        }
    }

    /// The items of a sequence; none for anything else.
    pub fn items(&self, id: NodeId) -> &[NodeId] {
        match &self.nodes[id].value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The value of a key in a mapping.
    pub fn get(&self, mapping: NodeId, key: &str) -> Option<NodeId> {
        self.pairs(mapping).iter().find(|(k, _)| self.text(*k) == Some(key)).map(|&(_, v)| v)
    }

    /// A subtree on one line: raw text with its quotes, collections in flow form. The same subtrees print the same.
    pub fn render(&self, id: NodeId) -> String {
        let node = &self.nodes[id];
        let list = |items: Vec<String>| items.join(", ");
        let body = match &node.value {
            Value::Scalar(text, style) => style.quote(text),
            Value::Alias(anchor) => format!("*{anchor}"),
            Value::Sequence(items) => format!("[{}]", list(items.iter().map(|&i| self.render(i)).collect())),
            Value::Mapping(pairs) => {
                let pair = |&(k, v): &(NodeId, NodeId)| format!("{}: {}", self.render(k), self.render(v));
                format!("{{{}}}", list(pairs.iter().map(pair).collect()))
            }
        };
        let anchor = if node.anchor > 0 { format!("&{} ", node.anchor) } else { String::new() };
        let tag = node.tag.as_deref().map(|tag| format!("!<{tag}> ")).unwrap_or_default();
        format!("{anchor}{tag}{body}")
    }

    /// A subtree as a text that no other subtree has; for comparing, not for people.
    pub fn key(&self, id: NodeId) -> String {
        let node = &self.nodes[id];
        let frame = format!("{}&{}", node.tag.as_deref().map_or(0, str::len), node.anchor);
        let tag = node.tag.as_deref().unwrap_or_default();
        let list = |ids: &mut dyn Iterator<Item = NodeId>| ids.map(|id| self.key(id)).collect::<String>();
        let body = match &node.value {
            Value::Scalar(text, style) => format!("{style:?}{}:{text}", text.len()),
            Value::Alias(anchor) => format!("Alias{anchor}"),
            Value::Sequence(items) => format!("Seq{}:{}", items.len(), list(&mut items.iter().copied())),
            Value::Mapping(pairs) => {
                format!("Map{}:{}", pairs.len(), list(&mut pairs.iter().flat_map(|&(k, v)| [k, v])))
            }
        };
        format!("({frame}{tag}{body})")
    }

    /// Whether two subtrees, of this tree and of another, are the same: values, styles, tags, anchors and order.
    pub fn same(&self, id: NodeId, other: &Tree<'_>, other_id: NodeId) -> bool {
        let (a, b) = (&self.nodes[id..self.nodes[id].end], &other.nodes[other_id..other.nodes[other_id].end]);
        a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.alike(y) && x.end - id == y.end - other_id)
    }
}

impl Node<'_> {
    fn into_owned(self) -> Node<'static> {
        let value = match self.value {
            Value::Scalar(text, style) => Value::Scalar(text.into_owned().into(), style),
            Value::Alias(anchor) => Value::Alias(anchor),
            Value::Sequence(items) => Value::Sequence(items),
            Value::Mapping(pairs) => Value::Mapping(pairs),
        };
        Node { value, ..self }
    }

    /// Whether two nodes hold the same, their children and places aside.
    fn alike(&self, other: &Node<'_>) -> bool {
        let value = match (&self.value, &other.value) {
            (Value::Scalar(a, s), Value::Scalar(b, t)) => a == b && s == t,
            (Value::Alias(a), Value::Alias(b)) => a == b,
            (Value::Sequence(a), Value::Sequence(b)) => a.len() == b.len(),
            (Value::Mapping(a), Value::Mapping(b)) => a.len() == b.len(),
            _ => false,
        };
        value && self.anchor == other.anchor && self.tag == other.tag
    }
}

/// Loads the one document of `text`, which must have passed the byte checks of intake (no BOM, no NUL).
///
/// # Errors
/// A syntax error, several documents, none, a duplicate key or nesting deeper than [`MAX_DEPTH`](super::MAX_DEPTH), each with its place.
pub fn load(file: &str, text: &str) -> Result<Tree<'static>, Fault> {
    // Most files are ASCII, where a byte is a character: nothing to decode.
    match text.is_ascii() {
        true => load_from(file, text, Parser::new(text.bytes().map(char::from))),
        false => load_from(file, text, Parser::new_from_str(text)),
    }
}

fn load_from(file: &str, text: &str, mut parser: Parser<impl Iterator<Item = char>>) -> Result<Tree<'static>, Fault> {
    let mut builder = Builder::new(file, text.len());
    let mut documents = 0;
    let end = (!text.ends_with('\n')).then(|| position(text));
    loop {
        let (event, marker) = parser.next_token().map_err(|e| syntax_fault(file, text, &e))?;
        let spot = spot(&marker, &end);
        match event {
            Event::StreamEnd => break,
            Event::DocumentStart => {
                documents += 1;
                if documents > 1 {
                    let way_out = "a workflow is one document: split the file at `---`";
                    return Err(builder.fault(spot, "the file holds several YAML documents", way_out));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                builder.add(Value::Scalar(text.into(), style_of(style)), anchor, tag.map(shown), spot)?;
            }
            Event::Alias(anchor) => builder.add(Value::Alias(anchor), 0, None, spot)?,
            Event::SequenceStart(anchor, tag) => {
                builder.open(Value::Sequence(Vec::new()), anchor, tag.map(shown), spot)?;
            }
            Event::MappingStart(anchor, tag) => {
                builder.open(Value::Mapping(Vec::new()), anchor, tag.map(shown), spot)?;
            }
            Event::SequenceEnd | Event::MappingEnd => builder.close(),
            _ => {}
        }
    }
    let tree = builder.tree();
    if tree.nodes.is_empty() {
        let at = Place { file: file.to_owned(), line: 1, column: 1 };
        return Err(Fault::at(FaultKind::Unfit, at, "the file holds no YAML document", "there is nothing to rewrite"));
    }
    Ok(tree)
}

/// Where an event stands. The parser ends an unended last line itself, and then puts what is empty behind it.
fn spot(marker: &Marker, end: &Option<(usize, usize)>) -> Spot {
    match *end {
        Some((line, column)) if marker.line() > line => Spot { line, column },
        _ => Spot { line: marker.line(), column: marker.col() + 1 },
    }
}

fn shown(tag: Tag) -> String {
    format!("{}{}", tag.handle, tag.suffix)
}

/// The text and the values of a file from its bytes: the byte checks of intake, then [`load`].
///
/// The quick way for those who only look: no spans, no comments, and no second parser checks the first. Nearly all files
/// are so plain that `quick` reads them.
///
/// # Errors
/// As for [`super::Document::parse`], the second parser's part left out.
pub fn read_tree<'b>(file: &str, bytes: &'b [u8]) -> Result<(&'b str, Tree<'b>), Fault> {
    let (text, _) = super::intake::check(file, bytes)?;
    Ok((text, read(file, text)?))
}

/// The same as [`load`], the quick way where it can be gone.
///
/// # Errors
/// As for [`load`].
pub fn read<'s>(file: &str, text: &'s str) -> Result<Tree<'s>, Fault> {
    match quick::read(file, text) {
        Quickly::Read(tree) => Ok(tree),
        Quickly::Shallow(Spot { line, column }) => {
            let place = Place { file: file.to_owned(), line, column };
            Err(Fault::at(FaultKind::Unfit, place, SHALLOW.0, SHALLOW.1))
        }
        Quickly::Unsure => load(file, text),
    }
}

/// YAML 1.2 wants every line of a flow collection deeper than what holds it; GitHub is more lenient.
const SHALLOW: (&str, &str) = (
    "not valid YAML 1.2: a line of a `[` or `{` collection is not indented deeper than its key",
    "indent the line, often a closing bracket; GitHub accepts both",
);

/// A syntax error, with the place of a tab where that is to blame: the parser names the start of the scalar before it.
fn syntax_fault(file: &str, text: &str, error: &ScanError) -> Fault {
    let mut place = place(file, error.marker());
    // The parser ends a last line that has no line end itself, and then stands behind it.
    let (line, column) = position(text);
    if place.line > line {
        (place.line, place.column) = (line, column);
    }
    // At the end of a block scalar it may stand behind the end of a line.
    let end = text.lines().nth(place.line - 1).map_or(1, |line| line.chars().count() + 1);
    place.column = place.column.min(end);
    let tab = |(_, line): &(usize, &str)| line.trim_start_matches(' ').starts_with('\t');
    if error.info().contains("tab")
        && let Some((line, content)) = text.lines().enumerate().skip(place.line - 1).find(tab)
    {
        place.line = line + 1;
        place.column = content.find('\t').map_or(1, |at| at + 1);
    }
    let (cause, way_out) = match error.info() {
        "recursion limit exceeded" => ("nested too deep for the YAML parser".to_owned(), "no workflow needs this"),
        "invalid indentation" => (SHALLOW.0.to_owned(), SHALLOW.1),
        info => (format!("not valid YAML: {info}"), "mend the syntax first; the YAML parser stopped here"),
    };
    Fault::at(FaultKind::Unfit, place, cause, way_out)
}

fn place(file: &str, marker: &Marker) -> Place {
    Place { file: file.to_owned(), line: marker.line(), column: marker.col() + 1 }
}

fn style_of(style: TScalarStyle) -> Style {
    match style {
        TScalarStyle::Plain => Style::Plain,
        TScalarStyle::SingleQuoted => Style::Single,
        TScalarStyle::DoubleQuoted => Style::Double,
        TScalarStyle::Literal => Style::Literal,
        TScalarStyle::Folded => Style::Folded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_style_and_raw_text() {
        let tree = load("t", "on: push\nb: ['1.10', *x]\n".replace("*x", "y").as_str()).unwrap();
        let b = tree.get(0, "b").unwrap();
        assert_eq!(tree.nodes[tree.items(b)[0]].value, Value::Scalar("1.10".into(), Style::Single));
        assert_eq!(tree.get(0, "on").and_then(|v| tree.text(v)), Some("push"));
    }

    #[test]
    fn an_error_at_the_end_stands_inside_the_file() {
        for (text, place) in [("a: 1\nb", "t:2:2"), ("a: 1\nb\n", "t:3:1"), ("a: 1\né", "t:2:2"), ("a: [", "t:1:5")] {
            let fault = load("t", text).unwrap_err();
            assert_eq!(fault.place.unwrap().to_string(), place, "{text:?}");
        }
    }

    #[test]
    fn an_empty_value_at_the_end_stands_inside_the_file() {
        for (text, at) in [("a: ", (1, 4)), ("a:", (1, 3)), ("a: 1\né: ", (2, 4)), ("- a\n-", (2, 2)), ("a:\n", (2, 1))]
        {
            let tree = load("t", text).unwrap();
            let last = tree.nodes.last().unwrap();
            assert_eq!((last.line, last.column), at, "{text:?}");
        }
    }

    #[test]
    fn a_duplicate_key_is_refused_at_the_second() {
        let fault = load("t", "a: 1\nb: 2\na: 3\n").unwrap_err();
        assert_eq!(fault.place.unwrap().to_string(), "t:3:1");
        assert!(fault.cause.contains("line 1"));
    }

    #[test]
    fn a_duplicate_key_is_found_in_a_large_mapping_too() {
        let mut text: String = (0..100).map(|i| format!("k{i}: {i}\n")).collect();
        assert!(load("t", &text).is_ok());
        text.push_str("k3: again\n");
        assert!(load("t", &text).unwrap_err().cause.contains("line 4"));
    }

    #[test]
    fn several_documents_and_none_are_refused() {
        assert!(load("t", "a: 1\n---\nb: 2\n").unwrap_err().cause.contains("several"));
        assert!(load("t", "# nothing\n").unwrap_err().cause.contains("no YAML"));
    }

    #[test]
    fn depth_is_limited_without_recursion() {
        let text = "[".repeat(200_000);
        assert!(load("t", &text).unwrap_err().cause.contains("too deep"));
        let text = (0..300).map(|i| format!("{}a:\n", " ".repeat(i))).collect::<String>();
        assert!(load("t", &text).unwrap_err().cause.contains("deeper"));
    }
}
