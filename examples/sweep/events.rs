//! The sweep's own view of YAML: yaml-rust2's pull-parser events, and a tree of ranges over them.
//!
//! Shares nothing with the library. Lines count from 0, columns from 0 in characters. Only start positions
//! exist (the parser gives no ends); a mapping's position is that of its first `:`, or of its `{`.

use std::collections::HashSet;
use std::ops::Range;

use yaml_rust2::Event;
use yaml_rust2::parser::Parser;
use yaml_rust2::scanner::TScalarStyle;

/// Deeper nesting than any real workflow has (8); keeps the recursive walks below safe.
const MAX_DEPTH: usize = 100;

/// One parser event and where it starts.
#[derive(Debug, Clone)]
pub struct Ev {
    pub event: Event,
    pub line: usize,
    pub col: usize,
}

/// A node, as the range of its events.
#[derive(Debug)]
pub struct Node {
    pub events: Range<usize>,
    pub kind: Kind,
}

#[derive(Debug)]
pub enum Kind {
    Scalar,
    Alias,
    Seq(Vec<Node>),
    Map(Vec<Pair>),
}

#[derive(Debug)]
pub struct Pair {
    pub key: Node,
    pub value: Node,
}

impl Pair {
    /// The events of key and value.
    pub fn events(&self) -> Range<usize> {
        self.key.events.start..self.value.events.end
    }
}

/// A parsed file.
#[derive(Debug)]
pub struct Doc {
    pub events: Vec<Ev>,
    pub root: Option<Node>,
    pub documents: usize,
    /// A mapping somewhere holds the same key twice (the events do not object).
    pub duplicate_key: bool,
    /// Anchors that an alias refers to.
    pub aliased: HashSet<usize>,
}

impl Doc {
    /// Reads `text`, which must not start with a BOM.
    pub fn parse(text: &str) -> Result<Doc, String> {
        if let Some(c) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(format!("control character {c:?}"));
        }
        let events = read_events(text).or_else(|error| read_events(&with_deep_closers(text)).map_err(|_| error))?;
        let (mut documents, mut aliased) = (0, HashSet::new());
        for ev in &events {
            match ev.event {
                Event::DocumentStart => documents += 1,
                Event::Alias(id) => drop(aliased.insert(id)),
                _ => {}
            }
        }
        let root = build(&events)?;
        let mut doc = Doc { events, root: None, documents, duplicate_key: false, aliased };
        doc.duplicate_key = root.as_ref().is_some_and(|node| doc.has_duplicate(node));
        doc.root = root;
        Ok(doc)
    }

    pub fn line(&self, node: &Node) -> usize {
        self.events[node.events.start].line
    }

    pub fn col(&self, node: &Node) -> usize {
        self.events[node.events.start].col
    }

    /// A scalar's decoded text and style.
    pub fn scalar(&self, node: &Node) -> Option<(&str, TScalarStyle)> {
        match &self.events[node.events.start].event {
            Event::Scalar(text, style, _, _) => Some((text, *style)),
            _ => None,
        }
    }

    pub fn text(&self, node: &Node) -> Option<&str> {
        self.scalar(node).map(|(text, _)| text)
    }

    /// The anchor on the node itself.
    pub fn anchor(&self, node: &Node) -> Option<usize> {
        anchor_of(&self.events[node.events.start].event)
    }

    /// The pairs of a mapping node; empty for anything else.
    pub fn pairs<'a>(&self, node: &'a Node) -> &'a [Pair] {
        match &node.kind {
            Kind::Map(pairs) => pairs,
            _ => &[],
        }
    }

    /// The value under `key` in a mapping node.
    pub fn get<'a>(&self, node: &'a Node, key: &str) -> Option<&'a Node> {
        let pair = self.pairs(node).iter().find(|p| self.text(&p.key) == Some(key));
        pair.map(|p| &p.value)
    }

    /// Whether a mapping node holds a merge key itself.
    pub fn merges(&self, node: &Node) -> bool {
        self.get(node, "<<").is_some()
    }

    /// What in these events would make an edit of them hit another place too.
    pub fn shared(&self, range: Range<usize>) -> Option<&'static str> {
        self.events[range].iter().find_map(|ev| match &ev.event {
            Event::Alias(_) => Some("alias in the span"),
            Event::Scalar(text, TScalarStyle::Plain, ..) if text == "<<" => Some("merge key in the span"),
            event => anchor_of(event).map(|_| "anchor in the span"),
        })
    }

    fn has_duplicate(&self, node: &Node) -> bool {
        match &node.kind {
            Kind::Scalar | Kind::Alias => false,
            Kind::Seq(items) => items.iter().any(|item| self.has_duplicate(item)),
            Kind::Map(pairs) => {
                let mut seen = HashSet::new();
                pairs.iter().any(|p| {
                    self.text(&p.key).is_some_and(|key| !seen.insert(key))
                        || self.has_duplicate(&p.key)
                        || self.has_duplicate(&p.value)
                })
            }
        }
    }
}

fn anchor_of(event: &Event) -> Option<usize> {
    match event {
        Event::Scalar(_, _, id, _) | Event::SequenceStart(id, _) | Event::MappingStart(id, _) if *id > 0 => Some(*id),
        _ => None,
    }
}

fn read_events(text: &str) -> Result<Vec<Ev>, String> {
    let mut parser = Parser::new_from_str(text);
    let mut events = Vec::new();
    loop {
        let (event, mark) = parser.next_token().map_err(|e| e.to_string())?;
        let last = event == Event::StreamEnd;
        events.push(Ev { event, line: mark.line().saturating_sub(1), col: mark.col() });
        if last {
            return Ok(events);
        }
    }
}

/// The text with every line that starts with `]` or `}` indented further.
///
/// A flow collection closed at its key's own column is not YAML to this parser, yet GitHub reads it, and
/// repositories have it. Nothing but those lines moves, so every other position stays true.
fn with_deep_closers(text: &str) -> String {
    let indented = text.split_inclusive('\n').map(|line| {
        let closes = line.trim_start().starts_with([']', '}']);
        if closes { format!("{:64}{line}", "") } else { line.to_owned() }
    });
    indented.collect()
}

/// A collection that is still open while the tree is built.
struct Open {
    start: usize,
    /// Children in order; for a mapping, keys and values alternate.
    children: Vec<Node>,
}

/// The tree of the first document.
fn build(events: &[Ev]) -> Result<Option<Node>, String> {
    let mut open: Vec<Open> = Vec::new();
    for (i, ev) in events.iter().enumerate() {
        let node = match &ev.event {
            Event::Scalar(..) => Node { events: i..i + 1, kind: Kind::Scalar },
            Event::Alias(_) => Node { events: i..i + 1, kind: Kind::Alias },
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if open.len() == MAX_DEPTH {
                    return Err(format!("nested deeper than {MAX_DEPTH}"));
                }
                open.push(Open { start: i, children: Vec::new() });
                continue;
            }
            end @ (Event::SequenceEnd | Event::MappingEnd) => {
                let Open { start, children } = open.pop().ok_or("unbalanced events")?;
                let kind = if *end == Event::SequenceEnd { Kind::Seq(children) } else { Kind::Map(pair_up(children)) };
                Node { events: start..i + 1, kind }
            }
            _ => continue,
        };
        match open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => return Ok(Some(node)),
        }
    }
    Ok(None)
}

fn pair_up(children: Vec<Node>) -> Vec<Pair> {
    let mut pairs = Vec::with_capacity(children.len() / 2);
    let mut rest = children.into_iter();
    while let (Some(key), Some(value)) = (rest.next(), rest.next()) {
        pairs.push(Pair { key, value });
    }
    pairs
}
