//! Expected bytes of `edit-condition` with `drop: false` on a simple `false && X` on one line.

use super::{Answer, Not};
use crate::condition::simple_false_and;
use crate::events::Doc;
use crate::find::Found;
use crate::lines::Lines;
use yaml_rust2::scanner::TScalarStyle;

pub fn drop_false(doc: &Doc, lines: &Lines, found: &Found) -> Result<Answer, Not> {
    let Some(&(map, index)) = found.trail.last() else {
        return Err(Not::Unknown("no trail"));
    };
    let value = &doc.pairs(map)[index].value;
    let Some((text, style)) = doc.scalar(value) else {
        return Err(Not::Unknown("not a scalar"));
    };
    if doc.anchor(value).is_some() {
        return Err(Not::Refuse("anchor in the span"));
    }
    let quotes = match style {
        TScalarStyle::Plain => 0,
        TScalarStyle::SingleQuoted | TScalarStyle::DoubleQuoted => 1,
        TScalarStyle::Literal | TScalarStyle::Folded => {
            return Err(Not::Unknown("condition in a block scalar"));
        }
    };
    let line = doc.line(value);
    let Some((before, raw)) = lines.split(line, doc.col(value)) else {
        return Err(Not::Unknown("value not on its line"));
    };
    if !raw.get(quotes..).is_some_and(|raw| raw.starts_with(text)) {
        return Err(Not::Unknown("condition with escapes or over several lines"));
    }
    let Some(cut) = simple_false_and(text) else {
        return Err(Not::Unknown("not a simple condition"));
    };
    let mut left = text.to_owned();
    left.replace_range(cut, "");
    let tail = &raw[quotes + text.len()..];
    let edited =
        [&lines.concat(0, line), before, &raw[..quotes], &left, tail, &lines.concat(line + 1, lines.len())].concat();
    Ok(Answer { text: edited, gone: Vec::new(), changed: Some((value.events.start, left)) })
}
