//! What a scalar means: plain scalars resolved as the GitHub runner does, and a document as JSON for queries.
//!
//! The runner reads the YAML 1.2 core schema with its own lists for null and booleans
//! (<https://github.com/actions/runner>, `YamlObjectReader`): `on`, `yes`, `no` and `off` are strings.

use serde_json::{Map, Number, Value as Json};

use super::document::Document;
use super::events::{NodeId, Style, Value};
use super::fault::{Fault, FaultKind};
use super::intake::MAX_DEPTH;

/// The most nodes a document may have once its aliases are expanded.
const MAX_EXPANDED: usize = 1_000_000;
/// The most bytes of text they may hold then.
const MAX_TEXT: usize = 32 << 20;

/// The JSON value of a plain scalar.
pub fn plain(text: &str) -> Json {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Json::Null,
        "true" | "True" | "TRUE" => Json::Bool(true),
        "false" | "False" | "FALSE" => Json::Bool(false),
        _ => number(text).map_or_else(|| Json::String(text.to_owned()), Json::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    if let Some(hex) = text.strip_prefix("0x") {
        return i64::from_str_radix(hex, 16).ok().map(Number::from);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return i64::from_str_radix(octal, 8).ok().map(Number::from);
    }
    let unsigned = text.trim_start_matches(['+', '-']);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') || unsigned.len() + 1 < text.len() {
        return None;
    }
    if let Ok(integer) = text.parse::<i64>() {
        return Some(Number::from(integer));
    }
    text.parse::<f64>().ok().and_then(Number::from_f64)
}

/// The JSON value of a scalar node.
fn scalar(text: &str, style: Style, tag: Option<&str>) -> Json {
    match (style, tag) {
        (Style::Plain, None) => plain(text),
        _ => Json::String(text.to_owned()),
    }
}

/// The whole document, and how many values it holds; aliases stand for what they point to.
pub(super) fn json(document: &Document) -> Result<(Json, usize), Fault> {
    let tree = document.tree();
    let most = tree.nodes.iter().map(|node| node.anchor).max().unwrap_or(0);
    let mut anchors = vec![None; most + 1];
    for (id, node) in tree.nodes.iter().enumerate().filter(|(_, node)| node.anchor > 0) {
        anchors[node.anchor] = Some(id);
    }
    let mut expander = Expander { document, anchors, made: 0, text: 0 };
    let json = expander.value(0, 0)?;
    Ok((json, expander.made))
}

struct Expander<'a> {
    document: &'a Document,
    anchors: Vec<Option<NodeId>>,
    made: usize,
    text: usize,
}

impl Expander<'_> {
    fn value(&mut self, id: NodeId, depth: usize) -> Result<Json, Fault> {
        self.made += 1;
        self.text += self.document.tree().text(id).map_or(0, str::len);
        if self.made > MAX_EXPANDED || self.text > MAX_TEXT || depth > 2 * MAX_DEPTH {
            let cause = "the aliases of this file expand to too much, or to themselves";
            let place = self.document.place_of(id);
            return Err(Fault::at(FaultKind::Unfit, place, cause, "write the values out"));
        }
        let node = &self.document.tree().nodes[id];
        Ok(match &node.value {
            Value::Scalar(text, style) => scalar(text, *style, node.tag.as_deref()),
            Value::Alias(anchor) => match self.anchors.get(*anchor).copied().flatten() {
                Some(target) => self.value(target, depth + 1)?,
                None => Json::Null,
            },
            Value::Sequence(items) => {
                Json::Array(items.iter().map(|&i| self.value(i, depth + 1)).collect::<Result<_, _>>()?)
            }
            Value::Mapping(pairs) => {
                let mut map = Map::new();
                for &(key, value) in pairs {
                    if let Some(name) = self.document.tree().text(key) {
                        map.insert(name.to_owned(), self.value(value, depth + 1)?);
                    }
                }
                Json::Object(map)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn plain_scalars_resolve_as_on_github() {
        for (text, value) in [
            ("on", json!("on")),
            ("yes", json!("yes")),
            ("True", json!(true)),
            ("~", json!(null)),
            ("", json!(null)),
            ("12", json!(12)),
            ("1.10", json!(1.1)),
            ("0x10", json!(16)),
            ("1.2.3", json!("1.2.3")),
            ("--3", json!("--3")),
            ("inf", json!("inf")),
        ] {
            assert_eq!(plain(text), value, "{text}");
        }
    }

    #[test]
    fn aliases_expand_within_a_budget() {
        let document = Document::parse("w", b"a: &x [1]\nb: *x\n").unwrap();
        assert_eq!(document.json().unwrap(), &(json!({"a": [1], "b": [1]}), 6));
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for i in 1..9 {
            let refs = vec![format!("*a{}", i - 1); 10].join(", ");
            bomb.push_str(&format!("a{i}: &a{i} [{refs}]\n"));
        }
        let document = Document::parse("w", bomb.as_bytes()).unwrap();
        assert!(document.json().unwrap_err().cause.contains("expand"));
    }
}
