//! RFC 9535 JSONPath over a document, every match mapped back to its node.

mod bounds;

use serde_json_path::{JsonPath, PathElement};

use super::document::Document;
use super::events::{NodeId, Value};
use super::fault::{Fault, FaultKind};
use super::intake::boundary;

/// A parsed query.
#[derive(Debug, Clone)]
pub struct Query {
    text: String,
    path: JsonPath,
    /// Where each segment ends in `text`; the first entry is the end of `$`.
    ends: Vec<usize>,
    /// Whether it calls `match()` or `search()`.
    patterns: bool,
}

/// Why a query does not parse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadQuery {
    /// Byte offset into the query's text, at a character's start or at the end.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
}

/// Blanks between segments (RFC 9535, section 2.1: `B`); other white space may be part of a name.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

impl Query {
    /// Parses an RFC 9535 query.
    ///
    /// # Errors
    /// The offset and the reason, for text that is no query or one that would take too long.
    pub fn parse(text: &str) -> Result<Query, BadQuery> {
        // A place may fall inside a character.
        let bad = |offset, message| BadQuery { offset: boundary(text, offset), message };
        let patterns = bounds::check(text).map_err(|(offset, message)| bad(offset, message))?;
        let path = JsonPath::parse(text).map_err(|e| {
            bad(e.position().saturating_sub(1), e.message().replace("parser error", "it stops making sense"))
        })?;
        let mut ends = segment_starts(text);
        ends.push(text.len());
        Ok(Query { text: text.to_owned(), path, ends, patterns })
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
        let text = self.segment(index).trim_end_matches(BLANKS);
        match text.strip_prefix('.') {
            Some(rest) => (!rest.starts_with(['.', '*'])).then(|| rest.trim_matches(BLANKS).to_owned()),
            None => unquote(text.strip_prefix('[')?.strip_suffix(']')?.trim_matches(BLANKS)),
        }
    }

    /// The query cut off after so many segments.
    pub fn prefix(&self, segments: usize) -> Option<Query> {
        Query::parse(self.text[..self.ends[segments]].trim_end_matches(BLANKS)).ok()
    }

    /// The nodes the query selects, in document order, each once.
    ///
    /// # Errors
    /// A match that lies behind an alias: one edit there would hit two places. A query that would take too long on
    /// this document.
    pub fn select(&self, document: &Document) -> Result<Vec<NodeId>, Fault> {
        let mut found = Vec::new();
        let (json, values) = document.json()?;
        let work = self.text.len() * if self.patterns { bounds::PATTERN_WORK } else { 1 };
        if work.saturating_mul(*values) > bounds::MAX_WORK {
            let cause = format!("a query of {} bytes would take too long on {values} values", self.text.len());
            let way_out = "shorten the query, or name the way instead of searching for it";
            return Err(Fault::at(FaultKind::Refused, document.place(0), cause, way_out));
        }
        for located in self.path.query_located(json).iter() {
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
        let wide = Query::parse("$ .jobs ['a.b'] .steps").unwrap();
        let prefixes: Vec<_> = (0..=3).filter_map(|i| wide.prefix(i).map(|query| query.text().to_owned())).collect();
        assert_eq!(prefixes, ["$", "$ .jobs", "$ .jobs ['a.b']", "$ .jobs ['a.b'] .steps"]);
        assert_eq!(wide.segment_name(1).as_deref(), Some("a.b"));
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
            (format!("$.x{}", "[*,*]".repeat(7)), "multiply"),
            ("$..[?search(@.a, '(a{100}){100}')]".to_owned(), "pattern"),
            ("$..[?match(@.a, '\\\\p{L}{500}')]".to_owned(), "pattern"),
            ("$..[?match(@.a, @.b)]".to_owned(), "in quotes"),
        ] {
            assert!(Query::parse(&query).unwrap_err().message.contains(word), "{query}");
        }
        for query in ["$.a['“x”".to_owned(), "$['„']é".to_owned(), format!("$['{}']", "é".repeat(2100)), "é".into()]
        {
            let bad = Query::parse(&query).unwrap_err();
            assert!(query.is_char_boundary(bad.offset), "{bad:?}");
        }
        assert!(Query::parse("$..[?search(@.a, 'a{2}|[0-9]+')]['x','y']").is_ok());
        assert!(Query::parse("$['a..b..c,,,,,,,,,,,,,,,,,,,,((((((((((']").is_ok());
    }

    #[test]
    fn a_query_too_heavy_for_a_document_is_refused() {
        let text = format!("x: [{}]\n", "a, ".repeat(60_000));
        let document = Document::parse("w", text.as_bytes()).unwrap();
        assert!(Query::parse("$..a").unwrap().select(&document).is_ok());
        let fault = Query::parse("$..[?search(@, 'a{2}zzzzzzzzzzzzzzzzzz')]").unwrap().select(&document).unwrap_err();
        assert!(fault.cause.contains("would take too long on 60002 values"), "{fault}");
    }

    #[test]
    fn a_match_behind_an_alias_is_refused() {
        let document = Document::parse("w", b"a: &x {k: 1}\nb: *x\n").unwrap();
        let fault = Query::parse("$.b.k").unwrap().select(&document).unwrap_err();
        assert_eq!(fault.place.unwrap().to_string(), "w:2:4");
    }
}
