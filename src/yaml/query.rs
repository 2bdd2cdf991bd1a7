//! RFC 9535 JSONPath over a document, every match mapped back to its node.

use serde_json_path::{JsonPath, PathElement};

use super::document::Document;
use super::events::{NodeId, Value};
use super::fault::{Fault, FaultKind};
use super::intake::boundary;

/// The most descendant segments (`..`) in one query: each multiplies the work by the size of the document.
const MAX_DESCENDANTS: usize = 1;
/// The longest query, in bytes.
const MAX_LENGTH: usize = 4096;
/// The deepest nesting of brackets and parentheses: the parser takes twice as long for each more.
const MAX_NESTING: usize = 8;
/// The most commas, which multiply what a query finds.
const MAX_COMMAS: usize = 16;

/// A parsed query.
#[derive(Debug, Clone)]
pub struct Query {
    text: String,
    path: JsonPath,
    /// Where each segment ends in `text`; the first entry is the end of `$`.
    ends: Vec<usize>,
}

/// Why a query does not parse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadQuery {
    /// Byte offset into the query's text, at a character's start or at the end.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
}

impl Query {
    /// Parses an RFC 9535 query.
    ///
    /// # Errors
    /// The offset and the reason, for text that is no query or one that would take too long.
    pub fn parse(text: &str) -> Result<Query, BadQuery> {
        // A place may fall inside a character.
        let bad = |offset, message| BadQuery { offset: boundary(text, offset), message };
        if let Some((offset, message)) = too_much(text) {
            return Err(bad(offset, message));
        }
        let path = JsonPath::parse(text).map_err(|e| {
            bad(e.position().saturating_sub(1), e.message().replace("parser error", "it stops making sense"))
        })?;
        let mut ends = segment_starts(text);
        ends.push(text.len());
        Ok(Query { text: text.to_owned(), path, ends })
    }

    /// The query as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many segments follow the `$`.
    pub fn segments(&self) -> usize {
        self.ends.len() - 1
    }

    /// The text of one segment, such as `.steps` or `[?@.id == 'x']`.
    pub fn segment(&self, index: usize) -> &str {
        &self.text[self.ends[index]..self.ends[index + 1]]
    }

    /// The name a segment selects, when it selects by one name and not among descendants.
    pub fn segment_name(&self, index: usize) -> Option<String> {
        let text = self.segment(index);
        match text.strip_prefix('.') {
            Some(rest) => (!rest.starts_with(['.', '*'])).then(|| rest.trim().to_owned()),
            None => unquote(text.strip_prefix('[')?.strip_suffix(']')?.trim()),
        }
    }

    /// The query cut off after so many segments.
    pub fn prefix(&self, segments: usize) -> Option<Query> {
        Query::parse(&self.text[..self.ends[segments]]).ok()
    }

    /// The nodes the query selects, in document order, each once.
    ///
    /// # Errors
    /// A match that lies behind an alias: one edit there would hit two places.
    pub fn select(&self, document: &Document) -> Result<Vec<NodeId>, Fault> {
        let mut found = Vec::new();
        for located in self.path.query_located(document.json()?).iter() {
            let mut at = 0;
            for element in located.location().iter() {
                at = step(document, at, element)?;
            }
            found.push(at);
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}

fn step(document: &Document, at: NodeId, element: &PathElement<'_>) -> Result<NodeId, Fault> {
    let tree = document.tree();
    let next = match element {
        PathElement::Name(name) => tree.get(at, name),
        PathElement::Index(index) => tree.items(at).get(*index).copied(),
    };
    next.ok_or_else(|| {
        let cause = match tree.nodes[at].value {
            Value::Alias(_) => "the target lies behind this alias, so one edit would hit two places",
            _ => "the target cannot be traced to its bytes",
        };
        Fault::at(FaultKind::Refused, document.place_of(at), cause, "write the aliased value out here first")
    })
}

/// What would make a query take too long, and where.
fn too_much(text: &str) -> Option<(usize, String)> {
    if text.len() > MAX_LENGTH {
        return Some((MAX_LENGTH, format!("the query is longer than {MAX_LENGTH} bytes")));
    }
    let (mut depth, mut commas, mut descendants, mut wholes, mut quote) = (0usize, 0, 0, 0, None);
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some(_), b'\\') => at += 1,
            (Some(open), b) if b == open => quote = None,
            (Some(_), _) => {}
            (None, b @ (b'\'' | b'"')) => quote = Some(b),
            (None, b'[' | b'(') => depth += 1,
            (None, b']' | b')') => depth = depth.saturating_sub(1),
            (None, b',') => commas += 1,
            // A whole query anew for every node that a filter looks at.
            (None, b'$') if depth > 0 => wholes += 1,
            (None, b'.') if bytes.get(at + 1) == Some(&b'.') => descendants += 1,
            _ => {}
        }
        let over = [
            (depth > MAX_NESTING, format!("brackets nest deeper than {MAX_NESTING}")),
            (commas > MAX_COMMAS, format!("more than {MAX_COMMAS} commas")),
            (wholes > 0, "a query inside a filter begins at `$`; only `@` may stand there".to_owned()),
            (descendants > MAX_DESCENDANTS, format!("more than {MAX_DESCENDANTS} descendant segment (`..`)")),
        ];
        if let Some((_, message)) = over.into_iter().find(|(over, _)| *over) {
            return Some((at, message));
        }
        at += 1;
    }
    None
}

/// Where each segment of a valid query starts.
fn segment_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let (mut starts, mut depth, mut quote, mut at) = (Vec::new(), 0usize, None, 1);
    while at < bytes.len() {
        let b = bytes[at];
        match (quote, b) {
            (Some(_), b'\\') => at += 1,
            (Some(open), _) if b == open => quote = None,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some(b),
            (None, b'[') => {
                if depth == 0 && !text[..at].ends_with("..") {
                    starts.push(at);
                }
                depth += 1;
            }
            (None, b']') => depth = depth.saturating_sub(1),
            (None, b'.') if depth == 0 && !text[..at].ends_with('.') => starts.push(at),
            _ => {}
        }
        at += 1;
    }
    starts
}

/// The text of one quoted name, for the simple escapes; `None` for anything else, such as a list of selectors.
fn unquote(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let mut name = String::new();
    let mut chars = text[1..].chars();
    loop {
        match chars.next()? {
            c if c == quote => return chars.as_str().is_empty().then_some(name),
            '\\' => name.push(chars.next().filter(|c| matches!(c, '\\' | '\'' | '"' | '/'))?),
            c => name.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "jobs:\n  a.b:\n    steps:\n      - name: Do TD\n        x: 1\n      - name: y\n  'q \"x':\n    steps: []\n";

    fn select(query: &str) -> Vec<String> {
        let document = Document::parse("w", TEXT.as_bytes()).unwrap();
        let query = Query::parse(query).unwrap();
        query.select(&document).unwrap().into_iter().map(|id| document.path(id).to_string()).collect()
    }

    #[test]
    fn matches_map_to_nodes() {
        assert_eq!(select("$.jobs['a.b'].steps[?@.name == 'Do TD'].x"), ["$.jobs['a.b'].steps[0].x"]);
        assert_eq!(select("$..name").len(), 2);
        assert_eq!(select("$.jobs['q \"x'].steps"), ["$.jobs['q \"x'].steps"]);
        assert!(select("$.jobs.none").is_empty());
    }

    #[test]
    fn segments_split_at_the_top_level_only() {
        let query = Query::parse("$.jobs['a.b'].steps[?@.name == 'x].[']['k']").unwrap();
        let segments: Vec<_> = (0..query.segments()).map(|i| query.segment(i)).collect();
        assert_eq!(segments, [".jobs", "['a.b']", ".steps", "[?@.name == 'x].[']", "['k']"]);
        assert_eq!(query.segment_name(1).as_deref(), Some("a.b"));
        assert_eq!(query.segment_name(0).as_deref(), Some("jobs"));
        assert_eq!(query.segment_name(3), None);
        let odd = Query::parse(r#"$["it's \"x\""]['a','b'].*[0]"#).unwrap();
        let names: Vec<_> = (0..odd.segments()).map(|i| odd.segment_name(i)).collect();
        assert_eq!(names, [Some("it's \"x\"".to_owned()), None, None, None]);
        assert_eq!(query.prefix(2).unwrap().text(), "$.jobs['a.b']");
        assert_eq!(Query::parse("$..['a'].b").unwrap().segments(), 2);
    }

    #[test]
    fn a_bad_query_names_the_offset() {
        let bad = Query::parse("$.jobs[").unwrap_err();
        assert!((5..=7).contains(&bad.offset), "{bad:?}");
        for (query, word) in [
            ("$..a..b".to_owned(), "descendant"),
            ("$[?count(@..a) > 0]..b".to_owned(), "descendant"),
            ("$.a[?count($.a[*]) > 1]".to_owned(), "begins at `$`"),
            (format!("${}", "[?@".repeat(20)), "nest"),
            (format!("$[{}*]", "*,".repeat(40)), "commas"),
            (format!("$['{}']", "x".repeat(5000)), "longer"),
        ] {
            assert!(Query::parse(&query).unwrap_err().message.contains(word), "{query}");
        }
        for query in ["$.a['“x”".to_owned(), "$['„']é".to_owned(), format!("$['{}']", "é".repeat(2100)), "é".into()]
        {
            let bad = Query::parse(&query).unwrap_err();
            assert!(query.is_char_boundary(bad.offset), "{bad:?}");
        }
        assert!(Query::parse("$['a..b..c,,,,,,,,,,,,,,,,,,,,((((((((((']").is_ok());
    }

    #[test]
    fn a_match_behind_an_alias_is_refused() {
        let document = Document::parse("w", b"a: &x {k: 1}\nb: *x\n").unwrap();
        let fault = Query::parse("$.b.k").unwrap().select(&document).unwrap_err();
        assert_eq!(fault.place.unwrap().to_string(), "w:2:4");
    }
}
