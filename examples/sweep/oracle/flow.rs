//! Expected bytes of `remove-key` in a flow mapping that stands on one line: the pair and one comma go.

use super::Not;
use crate::events::{Doc, Node};
use crate::lines::Lines;

/// `{a: 1, b: 2, c: 3}` without `b` is `{a: 1, c: 3}`; without `c`, `{a: 1, b: 2}`.
pub fn remove_pair(doc: &Doc, lines: &Lines, map: &Node, index: usize) -> Result<String, Not> {
    let pairs = doc.pairs(map);
    let line = doc.line(map);
    let one_line = pairs.iter().all(|p| doc.line(&p.key) == line && doc.line(&p.value) == line);
    let opens = lines.split(line, doc.col(map)).is_some_and(|(_, rest)| rest.starts_with('{'));
    if !one_line || !opens {
        return Err(Not::Unknown("flow mapping over several lines"));
    }
    let whole = lines.whole(line);
    let column = |node: &Node| lines.split(line, doc.col(node)).map(|(before, _)| before.len());
    let unknown = Not::Unknown("flow mapping not on its line");
    let cut = if let Some(next) = pairs.get(index + 1) {
        // From this key to the next one: the comma and the blanks after it go too.
        column(&pairs[index].key).zip(column(&next.key))
    } else {
        // The last pair: from the comma before it to the end of its value.
        let value = &pairs[index].value;
        let comma = column(&pairs[index].key).and_then(|key| whole[..key].rfind(','));
        let end = column(value).zip(doc.text(value)).map(|(start, text)| {
            let quotes = if whole[start..].starts_with(['"', '\'']) { 2 } else { 0 };
            start + text.len() + quotes
        });
        comma.zip(end)
    };
    let Some((from, to)) = cut else {
        return Err(unknown);
    };
    Ok(lines.concat(0, line) + &whole[..from] + &whole[to..] + &lines.concat(line + 1, lines.len()))
}
