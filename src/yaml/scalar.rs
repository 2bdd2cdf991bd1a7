//! Scalars as text that can be edited: decoded text with the source byte of each of its bytes, and the way back.
//!
//! Limitation: a double-quoted scalar with escapes other than `\"`, `\\` and `\/`, and a block scalar with an explicit
//! indentation indicator, cannot be mapped and give `None`.

use super::document::Document;
use super::events::{NodeId, Style, Value, load};

/// The text of a scalar as it stands in the source (line breaks and indentation of several lines included), and
/// where each byte of it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScalarText {
    /// The text, quotes and doubled quotes undone; for a scalar over several lines, not folded.
    pub text: String,
    /// How the scalar is written.
    pub style: Style,
    offsets: Vec<usize>,
}

impl ScalarText {
    /// Maps a scalar node; `None` when it is no scalar or cannot be mapped.
    pub fn of(document: &Document, id: NodeId) -> Option<ScalarText> {
        let Value::Scalar(_, style) = document.tree().nodes[id].value else { return None };
        let range = document.content(id);
        let source = &document.text()[range.clone()];
        let (start, inner) = match style {
            Style::Plain => (range.start, source),
            Style::Single | Style::Double => (range.start + 1, source.get(1..source.len().checked_sub(1)?)?),
            Style::Literal | Style::Folded => {
                let header = source.find('\n')?;
                if source[..header].split('#').next()?.contains(|c: char| c.is_ascii_digit()) {
                    return None;
                }
                (range.start + header + 1, &source[header + 1..])
            }
        };
        let (text, offsets) = undo_quotes(inner, start, style)?;
        Some(ScalarText { text, style, offsets })
    }

    /// The source byte of a byte of the text; the end of the text maps to the end of the content.
    pub fn source(&self, at: usize) -> usize {
        self.offsets.get(at).copied().unwrap_or_default()
    }
}

/// The text with doubled or escaped quotes undone, and the source offset of every byte and of the end.
fn undo_quotes(inner: &str, start: usize, style: Style) -> Option<(String, Vec<usize>)> {
    let escape = match style {
        Style::Single => '\'',
        Style::Double => '\\',
        _ => '\0',
    };
    let (mut text, mut offsets) = (String::with_capacity(inner.len()), Vec::with_capacity(inner.len() + 1));
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        let decoded = if c == escape {
            let (_, next) = chars.next()?;
            if style == Style::Double && !matches!(next, '"' | '\\' | '/') {
                return None;
            }
            next
        } else {
            c
        };
        offsets.extend((0..decoded.len_utf8()).map(|_| start + at));
        if c != escape {
            let first = offsets.len() - decoded.len_utf8();
            (0..decoded.len_utf8()).for_each(|i| offsets[first + i] = start + at + i);
        }
        text.push(decoded);
    }
    offsets.push(start + inner.len());
    Some((text, offsets))
}

/// How a value on one line is written: in the style asked for where that is safe, else quoted.
///
/// `flow` says that it will stand inside `{}` or `[]`. A plain text that YAML would misread is quoted: with single
/// quotes, or with double ones if it holds single ones.
pub fn render_scalar(text: &str, style: Style, flow: bool) -> String {
    let single = || format!("'{}'", text.replace('\'', "''"));
    let can_double = !text.contains(['"', '\\']) && !text.contains(|c: char| c.is_control());
    match style {
        Style::Plain if plain_is_safe(text, flow) => text.to_owned(),
        Style::Double if can_double => format!("\"{text}\""),
        Style::Plain | Style::Literal | Style::Folded if text.contains('\'') && can_double => format!("\"{text}\""),
        _ => single(),
    }
}

/// Whether YAML reads this plain text back as it is; asked of the parser, not guessed.
fn plain_is_safe(text: &str, flow: bool) -> bool {
    decode(text, flow).is_some_and(|(decoded, style)| decoded == text && style == Style::Plain)
}

/// The decoded text and the style of a scalar written as `source` behind a key.
pub(crate) fn decode(source: &str, flow: bool) -> Option<(String, Style)> {
    let probe = if flow { format!("{{k: {source}}}") } else { format!("k: {source}\n") };
    let tree = load("", &probe).ok()?;
    match &tree.nodes.get(2)?.value {
        Value::Scalar(text, style) if tree.nodes.len() == 3 => {
            (tree.nodes[2].tag.is_none() && tree.nodes[2].anchor == 0).then(|| (text.to_string(), *style))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_maps_to_its_source_bytes() {
        let document = Document::parse("w", "a: 'é''x'\nb: \"p\\\"q\"\nc: \"\\n\"\n".as_bytes()).unwrap();
        let get = |key| ScalarText::of(&document, document.tree().get(0, key).unwrap());
        let a = get("a").unwrap();
        assert_eq!(a.text, "é'x");
        assert_eq!(&document.text()[a.source(3)..a.source(4)], "x");
        assert_eq!(get("b").unwrap().text, "p\"q");
        assert_eq!(get("c"), None);
    }

    #[test]
    fn what_yaml_would_misread_is_quoted() {
        assert_eq!(render_scalar("a == 'b'", Style::Plain, false), "a == 'b'");
        assert_eq!(render_scalar("!a", Style::Plain, false), "'!a'");
        assert_eq!(render_scalar("!f('a')", Style::Plain, false), "\"!f('a')\"");
        assert_eq!(render_scalar("a: b", Style::Plain, false), "'a: b'");
        assert_eq!(render_scalar("f(a, b)", Style::Plain, false), "f(a, b)");
        assert_eq!(render_scalar("f(a, b)", Style::Plain, true), "'f(a, b)'");
        assert_eq!(render_scalar("it's", Style::Single, false), "'it''s'");
        assert_eq!(render_scalar("a # b", Style::Plain, false), "'a # b'");
    }
}
