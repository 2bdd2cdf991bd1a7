//! Typed reading of a mapping in a rule file, every mistake with its line and column.

use super::events::{NodeId, Tree, Value, load};
use super::fault::{Fault, FaultKind, Place};
use super::intake;
use super::query::Query;
use super::resolve;

/// A rule file, checked and loaded.
#[derive(Debug)]
pub struct Source {
    file: String,
    tree: Tree<'static>,
}

impl Source {
    /// Loads a rule file.
    ///
    /// # Errors
    /// What makes any file unfit, as a mistake in a rule.
    pub fn load(file: &str, bytes: &[u8]) -> Result<Source, Fault> {
        let as_rule = |fault: Fault| Fault { kind: FaultKind::Rule, ..fault };
        let (text, _) = intake::check(file, bytes).map_err(as_rule)?;
        let tree = load(file, text).map_err(as_rule)?;
        Ok(Source { file: file.to_owned(), tree })
    }

    /// The fields of the document.
    ///
    /// # Errors
    /// The document is no mapping.
    pub fn fields(&self) -> Result<Fields<'_>, Fault> {
        Fields { source: self, at: 0 }.checked()
    }

    /// The place of a node.
    pub fn place(&self, id: NodeId) -> Place {
        let node = &self.tree.nodes[id];
        Place { file: self.file.clone(), line: node.line, column: node.column }
    }
}

/// A mapping in a rule file.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    source: &'a Source,
    at: NodeId,
}

impl<'a> Fields<'a> {
    fn checked(self) -> Result<Self, Fault> {
        match self.source.tree.nodes[self.at].value {
            Value::Mapping(_) => Ok(self),
            // `remove-workflow:` without parameters is as good as `{}`.
            Value::Scalar(ref text, _) if text.is_empty() => Ok(self),
            _ => Err(self.fault_here("a mapping is needed here", "write `key: value` pairs")),
        }
    }

    /// A fault at this mapping.
    pub fn fault_here(&self, cause: impl Into<String>, way_out: impl Into<String>) -> Fault {
        self.fault(self.at, cause, way_out)
    }

    /// A fault at the value of a key, or at the mapping if the key is absent.
    pub fn fault_at(&self, key: &str, cause: impl Into<String>, way_out: impl Into<String>) -> Fault {
        self.fault(self.get(key).unwrap_or(self.at), cause, way_out)
    }

    fn fault(&self, id: NodeId, cause: impl Into<String>, way_out: impl Into<String>) -> Fault {
        Fault::at(FaultKind::Rule, self.place_of(id), cause, way_out)
    }

    fn place_of(&self, id: NodeId) -> Place {
        // The parser places a block mapping at its first `:`; it starts at its first key.
        let first_key = self.source.tree.pairs(id).first().map(|&(key, _)| self.source.place(key));
        first_key.map_or_else(|| self.source.place(id), |key| key.min(self.source.place(id)))
    }

    /// The place of the value of a key, or of the mapping.
    pub fn place(&self, key: &str) -> Place {
        self.place_of(self.get(key).unwrap_or(self.at))
    }

    fn get(&self, key: &str) -> Option<NodeId> {
        self.source.tree.get(self.at, key)
    }

    /// Whether a key is there.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Refuses keys outside `known`.
    ///
    /// # Errors
    /// The first unknown key, with the nearest known one.
    pub fn only(&self, known: &[&str]) -> Result<(), Fault> {
        for &(key, _) in self.source.tree.pairs(self.at) {
            let name = self.source.tree.text(key).unwrap_or("(not a name)");
            if !known.contains(&name) {
                let way_out = match crate::nearest::nearest(name, known) {
                    Some(near) => format!("did you mean `{near}`? known here: {}", known.join(", ")),
                    None => format!("known here: {}", known.join(", ")),
                };
                return Err(self.fault(key, format!("unknown key `{name}`"), way_out));
            }
        }
        Ok(())
    }

    /// The text of a key, if it is there.
    ///
    /// # Errors
    /// The value is no string (a number or a boolean counts as its text).
    pub fn text(&self, key: &str) -> Result<Option<&'a str>, Fault> {
        let Some(id) = self.get(key) else { return Ok(None) };
        match self.source.tree.text(id) {
            Some(text) => Ok(Some(text)),
            None => Err(self.fault(id, format!("`{key}` must be a string"), "")),
        }
    }

    /// The text of a key on one line, without control characters, if it is there.
    ///
    /// # Errors
    /// The value is no string, or has several lines or a control character.
    pub fn line(&self, key: &str) -> Result<Option<&'a str>, Fault> {
        match self.text(key)?.map(str::trim) {
            Some(text) if text.contains(|c: char| c.is_control()) => {
                Err(self.fault_at(key, format!("`{key}` must be one line of plain text"), "say it in one line"))
            }
            text => Ok(text),
        }
    }

    /// The text of a key that must be there and not be empty.
    ///
    /// # Errors
    /// It is absent, empty or no string.
    pub fn required(&self, key: &str) -> Result<&'a str, Fault> {
        match self.text(key)? {
            Some(text) if !text.trim().is_empty() => Ok(text),
            Some(_) => Err(self.fault_at(key, format!("`{key}` is empty"), "")),
            None => Err(self.fault_here(format!("`{key}` is missing"), format!("add `{key}: ...`"))),
        }
    }

    /// One of several words, or the first of them if the key is absent.
    ///
    /// # Errors
    /// Another word.
    pub fn choice(&self, key: &str, words: &[&'static str]) -> Result<&'static str, Fault> {
        let Some(text) = self.text(key)? else { return Ok(words[0]) };
        words.iter().find(|w| **w == text).copied().ok_or_else(|| {
            self.fault_at(key, format!("`{key}: {text}` is not known"), format!("one of: {}", words.join(", ")))
        })
    }

    /// A string or a list of strings, each with its place.
    ///
    /// # Errors
    /// Something else, or an empty list.
    pub fn texts(&self, key: &str) -> Result<Vec<(&'a str, Place)>, Fault> {
        let Some(id) = self.get(key) else {
            return Err(self.fault_here(format!("`{key}` is missing"), format!("add `{key}: ...`")));
        };
        let tree = &self.source.tree;
        let ids = if matches!(tree.nodes[id].value, Value::Sequence(_)) { tree.items(id) } else { &[id][..] };
        let text = |&i: &NodeId| Some((tree.text(i).filter(|t| !t.is_empty())?, self.place_of(i)));
        let texts: Option<Vec<_>> = ids.iter().map(text).collect();
        match texts {
            Some(texts) if !texts.is_empty() => Ok(texts),
            _ => Err(self.fault(id, format!("`{key}` must be a string or a list of strings"), "")),
        }
    }

    /// The resolved value of a scalar.
    ///
    /// # Errors
    /// A list or a mapping.
    pub fn value(&self, key: &str) -> Result<Option<serde_json::Value>, Fault> {
        let Some(id) = self.get(key) else { return Ok(None) };
        match &self.source.tree.nodes[id].value {
            Value::Scalar(text, super::Style::Plain) => Ok(Some(resolve::plain(text))),
            Value::Scalar(text, _) => Ok(Some(serde_json::Value::String(text.to_string()))),
            _ => Err(self.fault(id, format!("`{key}` must be a single value"), "")),
        }
    }

    /// A query.
    ///
    /// # Errors
    /// It is absent or no RFC 9535 query.
    pub fn query(&self, key: &str) -> Result<Query, Fault> {
        let text = self.required(key)?;
        Query::parse(text).map_err(|bad| {
            let at = text[..bad.offset].chars().count() + 1;
            let cause = format!("`{key}` is not an RFC 9535 query: {} at character {at} of `{text}`", bad.message);
            self.fault_at(key, cause, "for example: $.jobs['build'].steps[?@.name == 'Test']['continue-on-error']")
        })
    }

    /// The fields of a mapping below a key, if it is there.
    ///
    /// # Errors
    /// The value is no mapping.
    pub fn mapping(&self, key: &str) -> Result<Option<Fields<'a>>, Fault> {
        self.get(key).map(|at| Fields { source: self.source, at }.checked()).transpose()
    }

    /// The mappings of a list.
    ///
    /// # Errors
    /// The value is no list, or an item no mapping.
    pub fn mappings(&self, key: &str) -> Result<Vec<Fields<'a>>, Fault> {
        let Some(id) = self.get(key) else { return Ok(Vec::new()) };
        let tree = &self.source.tree;
        if !matches!(tree.nodes[id].value, Value::Sequence(_)) {
            return Err(self.fault(id, format!("`{key}` must be a list"), "start each entry with `- `"));
        }
        tree.items(id).iter().map(|&at| Fields { source: self.source, at }.checked()).collect()
    }

    /// The mappings of a list, each with one key: the key's name and place, and the fields of its value.
    ///
    /// # Errors
    /// Anything else.
    pub fn entries(&self, key: &str) -> Result<Vec<(&'a str, Place, Fields<'a>)>, Fault> {
        let Some(id) = self.get(key) else { return Ok(Vec::new()) };
        let tree = &self.source.tree;
        if !matches!(tree.nodes[id].value, Value::Sequence(_)) {
            return Err(self.fault(id, format!("`{key}` must be a list"), "start each entry with `- `"));
        }
        let entry = |&item: &NodeId| {
            let (name, value) = match tree.pairs(item) {
                [(name, value)] => (tree.text(*name), *value),
                [_, (second, _), ..] => {
                    let name = tree.text(*second).unwrap_or_default();
                    let cause = format!("one operation per list entry is needed, and `{name}` is a second");
                    return Err(self.fault(*second, cause, "start it with `- ` on a line of its own, or indent it"));
                }
                [] => (tree.text(item), item),
            };
            match name {
                Some(name) if value == item => {
                    let way_out = format!("write `- {name}:` and its parameters below");
                    Err(self.fault(item, format!("`{name}` has no parameters"), way_out))
                }
                Some(name) => Ok((name, self.place_of(item), Fields { source: self.source, at: value }.checked()?)),
                None => Err(self.fault(item, "one operation per list entry is needed here", "")),
            }
        };
        tree.items(id).iter().map(entry).collect()
    }
}
