//! JSON as text: indented, and with nothing raw in its strings that a terminal would act on or that nobody sees.

use std::io::{BufWriter, Result, Write};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

use super::safe::is_unsafe;

/// Writes a value and a line feed.
///
/// # Errors
/// Those of `out`.
pub fn write(value: &impl Serialize, out: impl Write) -> Result<()> {
    // JSON is written in crumbs, and what comes may be slow to take each.
    let mut out = BufWriter::with_capacity(1 << 16, out);
    let mut serializer = Serializer::with_formatter(&mut out, Layout { level: 0, empty: false });
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// How many bytes most values have at the most that stand in others.
const LENGTH: usize = 1 << 10;

/// The text of a value that stands this many levels deep in another, from its first character to its last.
pub fn nested(value: &impl Serialize, level: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(LENGTH);
    // Writing a value into memory cannot fail.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut out, Layout { level, empty: false }));
    out
}

/// A value as text with a line feed at its end.
pub fn text(value: &Value) -> String {
    let mut out = Vec::new();
    // Writing a value into memory cannot fail, and JSON is UTF-8.
    let _ = write(value, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// The usual layout, two spaces a level; what [`is_unsafe`] names is written as `\uXXXX`.
struct Layout {
    /// How deep the value stands that is written.
    level: usize,
    /// Whether nothing has been written yet in the innermost list or object.
    empty: bool,
}

impl Layout {
    fn open<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> Result<()> {
        self.level += 1;
        self.empty = true;
        out.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> Result<()> {
        self.level -= 1;
        if !std::mem::take(&mut self.empty) {
            self.line(out)?;
        }
        out.write_all(bracket)
    }

    fn item<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        self.line(out)
    }

    fn line<W: ?Sized + Write>(&self, out: &mut W) -> Result<()> {
        const INDENT: &[u8] = b"\n                                ";
        match INDENT.get(..1 + 2 * self.level) {
            Some(indent) => out.write_all(indent),
            None => write!(out, "\n{:1$}", "", 2 * self.level),
        }
    }
}

impl Formatter for Layout {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> Result<()> {
        // Most is ASCII, of which the serialiser has escaped all controls but one.
        if !fragment.bytes().fold(false, |any, byte| any | (byte >= 0x7f)) {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|&(_, c)| is_unsafe(c)) {
            out.write_all(&rest.as_bytes()[..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.open(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.close(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> Result<()> {
        self.item(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> Result<()> {
        self.empty = false;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.open(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.close(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> Result<()> {
        self.item(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> Result<()> {
        self.empty = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn strings_say_the_same_and_hold_nothing_raw() {
        let value = json!({ "a\u{202e}": ["é\u{9b}\u{e0041}\u{1b}\n", { "b": null }], "c": [] });
        let text = text(&value);
        assert!(!text.contains(is_unsafe), "{text:?}");
        assert!(text.contains("\"a\\u202e\": [\n    \"é\\u009b\\udb40\\udc41\\u001b\\n\""), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn a_nested_value_stands_as_in_the_whole() {
        let value = json!({ "a": [1, { "b": "x\ny" }], "c": {} });
        let whole = text(&json!({ "v": [value] }));
        let nested = String::from_utf8(nested(&value, 2)).unwrap();
        assert_eq!(whole, format!("{{\n  \"v\": [\n    {nested}\n  ]\n}}\n"));
    }
}
