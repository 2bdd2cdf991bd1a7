//! One parsed file: source text, values and exact bytes, zipped node by node.
//!
//! Promises: every node of the tree has its bytes in the text; every comment is known with its line; a file on which
//! the two parsers disagree is refused.
//!
//! Limitations: explicit keys (`? key`) and some rare forms that tree-sitter-yaml rejects (multi-line quoted scalars
//! with an unindented continuation, a dedented `]` or `}`) are refused.

use std::ops::Range;
use std::sync::OnceLock;

use super::events::{NodeId, Style, Tree, Value, load};
use super::fault::{Fault, FaultKind, Place};
use super::intake;
use super::lines::Lines;
use super::path::{Path, Segment};
use super::resolve;
use super::syntax::{self, Shape, Spot};

/// A comment with its bytes, from `#` to the end of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The bytes, `#` included, line end not.
    pub range: Range<usize>,
    /// Its line, from 0.
    pub line: usize,
    /// Whether nothing but white space stands before it on its line.
    pub own_line: bool,
}

/// A pair of a mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The mapping it lies in.
    pub mapping: NodeId,
    /// Its position in the mapping, from 0.
    pub index: usize,
    /// The key's node.
    pub key: NodeId,
    /// The value's node.
    pub value: NodeId,
}

/// One parsed file.
#[derive(Debug)]
pub struct Document {
    name: String,
    text: String,
    bom: bool,
    tree: Tree<'static>,
    spots: Vec<Spot>,
    comments: Vec<Comment>,
    lines: Lines,
    json: OnceLock<Result<(serde_json::Value, usize), Fault>>,
}

impl Document {
    /// Takes in a file: byte checks, then both parsers, then the comparison of the two.
    ///
    /// `name` is the path that messages show.
    ///
    /// # Errors
    /// Anything that makes the file unsafe to rewrite, as a [`Fault`] with its place.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Document, Fault> {
        let (text, bom) = intake::check(name, bytes)?;
        let tree = load(name, text)?;
        let syntax = syntax::parse(text).map_err(|broken| {
            let place = place_of(name, text, broken.0);
            let cause = "tree-sitter-yaml cannot read this, though it may be valid YAML";
            let way_out = "look for a quoted scalar or a bracket that continues at a smaller indent, and indent it";
            Fault::at(FaultKind::Unfit, place, cause, way_out)
        })?;
        zip(name, text, &tree, &syntax.spots)?;
        let lines = Lines::new(text);
        let comments = syntax.comments.into_iter().map(|(start, end)| comment(text, &lines, start, end)).collect();
        let json = OnceLock::new();
        Ok(Document {
            name: name.to_owned(),
            text: text.to_owned(),
            bom,
            tree,
            spots: syntax.spots,
            comments,
            lines,
            json,
        })
    }

    /// The path that messages show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The source text, without its byte order mark. All offsets count from here.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the file if its text were `text`: with the byte order mark it came with.
    pub fn encode(&self, text: &str) -> Vec<u8> {
        let bom = if self.bom { "\u{feff}" } else { "" };
        [bom.as_bytes(), text.as_bytes()].concat()
    }

    /// The values.
    pub fn tree(&self) -> &Tree<'static> {
        &self.tree
    }

    /// The comments, in order.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// The lines of the text.
    pub fn lines(&self) -> &Lines {
        &self.lines
    }

    /// The bytes of a node, its anchor and tag included. A collection ends at its last leaf, a block scalar at the
    /// last line of its content; an empty value has an empty span right after its key's colon.
    pub fn span(&self, id: NodeId) -> Range<usize> {
        self.spots[id].start..self.spots[id].end
    }

    /// The bytes of a node without its anchor and tag.
    pub fn content(&self, id: NodeId) -> Range<usize> {
        self.spots[id].content..self.spots[id].end
    }

    /// Whether a collection is written in flow style, `{}` or `[]`.
    pub fn is_flow(&self, id: NodeId) -> bool {
        self.spots[id].flow
    }

    /// Whether a node lies in a flow collection.
    pub fn in_flow(&self, id: NodeId) -> bool {
        self.ancestors(id).any(|up| self.is_flow(up))
    }

    /// The collections a node lies in, innermost first.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.tree.nodes[id].parent, |&up| self.tree.nodes[up].parent)
    }

    /// The pair whose value is `value`; `None` for the root and for sequence items.
    pub fn pair_of(&self, value: NodeId) -> Option<Pair> {
        let mapping = self.tree.nodes[value].parent?;
        let index = self.tree.pairs(mapping).iter().position(|&(_, v)| v == value)?;
        let (key, value) = self.tree.pairs(mapping)[index];
        Some(Pair { mapping, index, key, value })
    }

    /// The bytes of a pair, from its key to the end of its value.
    pub fn pair_span(&self, pair: Pair) -> Range<usize> {
        self.spots[pair.key].start..self.spots[pair.value].end.max(self.spots[pair.key].end)
    }

    /// Where a node is in the document.
    pub fn path(&self, id: NodeId) -> Path {
        let mut segments = Vec::new();
        let mut at = id;
        while let Some(parent) = self.tree.nodes[at].parent {
            segments.push(self.segment(parent, at));
            at = parent;
        }
        segments.reverse();
        Path(segments)
    }

    fn segment(&self, parent: NodeId, child: NodeId) -> Segment {
        match &self.tree.nodes[parent].value {
            Value::Sequence(items) => Segment::Index(items.iter().position(|&i| i == child).unwrap_or(0)),
            _ => {
                let key = self.tree.pairs(parent).iter().find(|&&(k, v)| v == child || k == child);
                let text = key.and_then(|&(k, _)| self.tree.text(k)).unwrap_or_default();
                Segment::Key(text.to_owned())
            }
        }
    }

    /// The place of a byte.
    pub fn place(&self, offset: usize) -> Place {
        place_of(&self.name, &self.text, offset)
    }

    /// The place of a node.
    pub fn place_of(&self, id: NodeId) -> Place {
        self.place(self.spots[id].start)
    }

    /// The document as JSON, plain scalars resolved as GitHub does and aliases expanded within a budget; and how many
    /// values that are.
    ///
    /// # Errors
    /// Aliases that expand to too much.
    pub fn json(&self) -> Result<&(serde_json::Value, usize), Fault> {
        self.json.get_or_init(|| resolve::json(self)).as_ref().map_err(Clone::clone)
    }

    /// The comment that trails on `line`.
    pub fn trailing_comment(&self, line: usize) -> Option<&Comment> {
        self.comment_on(line).filter(|c| !c.own_line)
    }

    /// The comment that has `line` to itself.
    pub fn line_comment(&self, line: usize) -> Option<&Comment> {
        self.comment_on(line).filter(|c| c.own_line)
    }

    /// The comment on a line; there is at most one, and they are in order.
    fn comment_on(&self, line: usize) -> Option<&Comment> {
        self.comments.binary_search_by_key(&line, |c| c.line).ok().map(|index| &self.comments[index])
    }

    /// The text of a comment without `#` and the white space around.
    pub fn comment_text(&self, comment: &Comment) -> &str {
        self.text[comment.range.clone()].trim_start_matches('#').trim()
    }

    /// The line end that the file uses at `line`: that of the line itself, else of the first line that has one.
    pub fn line_end(&self, line: usize) -> &'static str {
        let of = |l: usize| {
            let full = &self.text[self.lines.full(l)];
            if full.ends_with("\r\n") {
                Some("\r\n")
            } else if full.ends_with('\n') {
                Some("\n")
            } else {
                None
            }
        };
        of(line).or_else(|| of(0)).unwrap_or("\n")
    }
}

fn place_of(name: &str, text: &str, offset: usize) -> Place {
    let (line, column) = intake::position(&text[..intake::boundary(text, offset)]);
    Place { file: name.to_owned(), line, column }
}

fn comment(text: &str, lines: &Lines, start: usize, end: usize) -> Comment {
    let line = lines.at(start);
    let own_line = text[lines.start(line)..start].trim().is_empty();
    let end = start + text[start..end].trim_end_matches(['\r', '\n']).len();
    Comment { range: start..end, line, own_line }
}

/// Compares what the two parsers saw: the same nodes in the same order, of the same kind, on the same lines.
fn zip(name: &str, text: &str, tree: &Tree, spots: &[Spot]) -> Result<(), Fault> {
    let disagree = |offset: usize, what: &str| {
        let cause = format!("the two YAML parsers disagree here: {what}");
        let way_out = "wf-fix changes only what both read alike; write this part in a plainer form";
        Fault::at(FaultKind::Unfit, place_of(name, text, offset), cause, way_out)
    };
    let mut line = 1;
    let mut counted = 0;
    for (id, (node, spot)) in tree.nodes.iter().zip(spots).enumerate() {
        if spot.explicit {
            return Err(disagree(spot.start, "an explicit key (`? key`), which wf-fix does not rewrite"));
        }
        if !matches_shape(&node.value, spot.shape) {
            return Err(disagree(spot.start, "the kind of this node"));
        }
        let is_leaf = matches!(node.value, Value::Scalar(..) | Value::Alias(_));
        if is_leaf && spot.content < spot.end {
            if spot.content < counted {
                return Err(disagree(spot.content, "the order of the nodes"));
            }
            line += text[counted..spot.content].bytes().filter(|&b| b == b'\n').count();
            counted = spot.content;
            // The parser places a block scalar at its header or at its first line of content.
            let block = matches!(node.value, Value::Scalar(_, Style::Literal | Style::Folded));
            if node.line != line && !(block && node.line > line) {
                return Err(disagree(spot.content, &format!("node {id} starts on line {} or {line}", node.line)));
            }
        }
    }
    if tree.nodes.len() != spots.len() {
        let at = spots.get(tree.nodes.len()).map_or(text.len(), |spot| spot.start);
        return Err(disagree(at, &format!("{} nodes or {}", tree.nodes.len(), spots.len())));
    }
    Ok(())
}

fn matches_shape(value: &Value, shape: Shape) -> bool {
    match (value, shape) {
        (Value::Scalar(_, style), Shape::Scalar(seen)) => *style == seen,
        (Value::Alias(_), Shape::Alias) => true,
        (Value::Sequence(_), Shape::Sequence) => true,
        (Value::Mapping(_), Shape::Mapping) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span_of<'a>(document: &'a Document, path: &[&str]) -> &'a str {
        let mut at = 0;
        for key in path {
            at = match key.parse::<usize>() {
                Ok(index) => document.tree().items(at)[index],
                Err(_) => document.tree().get(at, key).unwrap(),
            };
        }
        &document.text()[document.span(at)]
    }

    #[test]
    fn every_node_has_its_exact_bytes() {
        let text = "on: push # when\njobs:\n  a-b:\n    steps:\n      - run: |+\n          x\n\n      # c\n      - {a: 'b, c', d: [1, 2: 3]}\n    empty:\n    n: &x !!str 5\n    m: *x\n\n# end\n";
        let document = Document::parse("w.yml", text.as_bytes()).unwrap();
        assert_eq!(span_of(&document, &["on"]), "push");
        assert_eq!(span_of(&document, &["jobs", "a-b", "steps", "0", "run"]), "|+\n          x\n");
        assert_eq!(span_of(&document, &["jobs", "a-b", "steps", "1", "a"]), "'b, c'");
        assert_eq!(span_of(&document, &["jobs", "a-b", "steps", "1", "d", "1"]), "2: 3");
        assert_eq!(span_of(&document, &["jobs", "a-b", "empty"]), "");
        assert_eq!(span_of(&document, &["jobs", "a-b", "n"]), "&x !!str 5");
        assert!(span_of(&document, &["jobs"]).ends_with("m: *x"));
        assert_eq!(document.comments().len(), 3);
        assert!(!document.comments()[0].own_line && document.comments()[1].own_line);
    }

    #[test]
    fn crlf_bom_and_non_ascii_keep_their_bytes() {
        let bytes = "\u{feff}ключ: да\r\nb: \"é\"\r\n".as_bytes();
        let document = Document::parse("w.yml", bytes).unwrap();
        assert_eq!(span_of(&document, &["b"]), "\"é\"");
        assert_eq!(document.encode(document.text()), bytes);
        assert_eq!(document.line_end(0), "\r\n");
    }

    #[test]
    fn what_tree_sitter_cannot_read_is_refused_with_its_place() {
        let fault = Document::parse("w.yml", b"a: \"x\ny\"\nb: 1\n").unwrap_err();
        assert_eq!(fault.kind, FaultKind::Unfit);
        assert!(fault.place.is_some());
    }

    #[test]
    fn paths_are_normalised() {
        let document = Document::parse("w", b"jobs:\n  a-b:\n    steps: [{if: x}]\n").unwrap();
        let last = document.tree().nodes.len() - 1;
        assert_eq!(document.path(last).to_string(), "$.jobs['a-b'].steps[0].if");
    }
}
