//! Intake and both parsers: any bytes. They agree, or the file is refused with a place inside it.

use wf_fix::audit::load;
use wf_fix::yaml::{self, Document, Fault, FaultKind, NodeId, Query, Style, Value, read_tree};

const NAME: &str = "w.yml";

/// Any bytes as a file.
pub fn run(data: &[u8]) {
    let quick = read_tree(NAME, data);
    if let Ok((text, tree)) = &quick {
        match yaml::load(NAME, text) {
            Ok(parsed) => assert_eq!(tree, &parsed, "the quick reader and the parser differ"),
            Err(fault) => panic!("the quick reader takes what the parser refuses: {fault}"),
        }
    }
    if let Ok(tree) = &load(NAME, data).tree {
        assert!(!tree.nodes.is_empty());
    }
    match Document::parse(NAME, data) {
        Ok(document) => {
            let (text, tree) = quick.expect("what both parsers read, one reads");
            assert_eq!((document.text(), document.tree()), (text, &tree));
            assert_eq!(document.encode(document.text()), data);
            nodes(&document);
            comments(&document);
            paths(&document);
        }
        Err(fault) => check_place(&fault, data),
    }
}

/// A fault that input causes is none of ours and names a place in the file.
pub fn check_place(fault: &Fault, data: &[u8]) {
    assert_ne!(fault.kind, FaultKind::Bug, "{fault}");
    assert!(!fault.cause.is_empty());
    let Some(place) = &fault.place else { return };
    let text = String::from_utf8_lossy(data);
    let lines = text.split('\n').count();
    assert!((1..=lines).contains(&place.line), "line {} of {lines}: {fault}", place.line);
    let line = text.split('\n').nth(place.line - 1).unwrap_or_default();
    // The place may be the end of the line, and a byte order mark counts as a character here.
    assert!((1..=line.chars().count() + 2).contains(&place.column), "column {} of {line:?}: {fault}", place.column);
}

/// Every node has its bytes: inside its parent's, after its elder sibling's, and saying what the value says.
fn nodes(document: &Document) {
    let (text, tree) = (document.text(), document.tree());
    let mut last_end = vec![0; tree.nodes.len()];
    for (id, node) in tree.nodes.iter().enumerate() {
        let (span, content) = (document.span(id), document.content(id));
        assert!(span.start <= content.start && content.end == span.end && span.end <= text.len());
        assert!(text.is_char_boundary(span.start) && text.is_char_boundary(content.start));
        assert!(text.is_char_boundary(span.end));
        if let Some(parent) = node.parent {
            let outer = document.span(parent);
            assert!(outer.start <= span.start && span.end <= outer.end, "{id} lies outside of {parent}");
            assert!(last_end[parent] <= span.start, "{id} begins before its sibling ends");
            last_end[parent] = span.end;
            assert!(parent < id && node.end <= tree.nodes[parent].end);
        }
        if let Value::Scalar(value, style) = &node.value {
            scalar(&text[content], value, *style);
        }
    }
}

fn scalar(written: &str, value: &str, style: Style) {
    let inner = |quote: char| written.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)).expect("quotes");
    if written.contains('\n') && matches!(style, Style::Plain | Style::Single | Style::Double) {
        return;
    }
    match style {
        Style::Plain => assert_eq!(written, if written.is_empty() { "" } else { value }),
        Style::Single => assert_eq!(inner('\'').replace("''", "'"), value),
        Style::Double if !written.contains('\\') => assert_eq!(inner('"'), value),
        Style::Double => drop(inner('"')),
        Style::Literal => assert!(written.starts_with('|')),
        Style::Folded => assert!(written.starts_with('>')),
    }
}

fn comments(document: &Document) {
    let text = document.text();
    let mut at = 0;
    for comment in document.comments() {
        assert!(at <= comment.range.start);
        at = comment.range.end;
        let written = &text[comment.range.clone()];
        assert!(written.starts_with('#') && !written.contains('\n'), "{written:?}");
        assert_eq!(text[..comment.range.start].matches('\n').count(), comment.line);
        assert!(
            text[at..].is_empty() || text[at..].starts_with(['\n', '\r']),
            "a comment goes on to the end of its line"
        );
    }
}

/// A path is a query that finds its node and no other.
fn paths(document: &Document) {
    let tree = document.tree();
    let values = (0..tree.nodes.len()).filter(|&id| document.pair_of(id).is_some());
    for id in values.take(40).filter(|&id| named(document, id)) {
        let path = document.path(id).to_string();
        let Ok(query) = Query::parse(&path) else { continue };
        match query.select(document) {
            Ok(found) => assert_eq!(found, [id], "{path}"),
            Err(fault) => assert_ne!(fault.kind, FaultKind::Bug, "{fault}"),
        }
    }
}

/// Whether every key on the way is a scalar, and nothing lies inside a key, where no query leads.
fn named(document: &Document, id: NodeId) -> bool {
    let tree = document.tree();
    let mut way = document.ancestors(id).chain([id]);
    way.all(|at| match (document.pair_of(at), tree.nodes[at].parent) {
        (Some(pair), _) => tree.text(pair.key).is_some(),
        (None, Some(parent)) => matches!(tree.nodes[parent].value, Value::Sequence(_)),
        (None, None) => true,
    })
}
