//! Queries: the first line is one, the rest the document. What is found is in order, once, and behind no alias.

use wf_fix::yaml::{Document, FaultKind, Query};

/// A query and a document.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (asked, rest) = text.split_once('\n').unwrap_or((text, ""));
    let query = match Query::parse(asked) {
        Ok(query) => query,
        Err(bad) => {
            assert!(asked.is_char_boundary(bad.offset) && !bad.message.is_empty(), "{bad:?}");
            return;
        }
    };
    segments(&query);
    let Ok(document) = Document::parse("w.yml", rest.as_bytes()) else { return };
    let found = match query.select(&document) {
        Ok(found) => found,
        Err(fault) => return assert_ne!(fault.kind, FaultKind::Bug, "{fault}"),
    };
    assert!(found.is_sorted_by(|a, b| a < b), "in document order, each once");
    if let Some(names) = names(&query) {
        let mut at = Some(0);
        for name in &names {
            at = at.and_then(|at| document.tree().get(at, name));
        }
        assert_eq!(found, at.into_iter().collect::<Vec<_>>(), "{names:?}");
    }
}

/// The segments are the query, and each beginning of it is a query.
fn segments(query: &Query) {
    let parts: String = (0..query.segments()).map(|index| query.segment(index)).collect();
    assert_eq!(query.text().split_once('$').map(|(_, rest)| rest.trim_start()), Some(parts.as_str()));
    for index in 0..=query.segments() {
        let prefix = query.prefix(index).expect("a beginning of a query is one");
        assert_eq!(prefix.segments(), index, "{}", prefix.text());
    }
}

/// The names of a query that is nothing but names.
fn names(query: &Query) -> Option<Vec<String>> {
    (0..query.segments()).map(|index| query.segment_name(index)).collect()
}
