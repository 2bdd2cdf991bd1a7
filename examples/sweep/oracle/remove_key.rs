//! Expected bytes of `remove-key` on a pair whose value is `true`, so on one line.
//!
//! Whole lines go, with the trailing comment and with deeper comment lines right below. A key on the dash's
//! line hands its place to what follows.

use super::{Answer, Not, flow, in_flow};
use crate::events::{Doc, Kind, Node};
use crate::find::Found;
use crate::lines::Lines;

pub fn remove_key(doc: &Doc, lines: &Lines, found: &Found) -> Result<Answer, Not> {
    let Some(&(target_map, target_index)) = found.trail.last() else {
        return Err(Not::Unknown("no trail"));
    };
    let value = &doc.pairs(target_map)[target_index].value;
    let (map, index) = widest_lone_pair(doc, found)?;
    let pair = &doc.pairs(map)[index];
    if let Some(reason) = doc.shared(pair.events()) {
        return Err(Not::Refuse(reason));
    }
    if in_flow(doc, lines, found) {
        let text = flow::remove_pair(doc, lines, map, index)?;
        return Ok(Answer { text, gone: vec![pair.events()], changed: None });
    }
    let (first, last) = (doc.line(&pair.key), doc.line(value));
    let key_col = doc.col(&pair.key);
    let Some((before_key, _)) = lines.split(first, key_col) else {
        return Err(Not::Unknown("key not on its line"));
    };
    let next = own_comments(lines, last + 1, key_col);

    let mut text = lines.concat(0, first);
    if before_key.trim().is_empty() {
        text += &lines.concat(next, lines.len());
    } else if before_key.replace('-', " ").trim().is_empty() {
        let Some(follower) = doc.pairs(map).get(index + 1) else {
            return Err(Not::Unknown("nothing follows on the dash"));
        };
        let follower_line = doc.line(&follower.key);
        text += before_key;
        text += &moved_up(lines, next, follower_line)?;
        text += &lines.concat(follower_line + 1, lines.len());
    } else {
        return Err(Not::Unknown("something else stands before the key"));
    }
    Ok(Answer { text, gone: vec![pair.events()], changed: None })
}

/// The target's pair; where it is the only one of its mapping, the pair that mapping is the value of, and so on.
fn widest_lone_pair<'a>(doc: &Doc, found: &Found<'a>) -> Result<(&'a Node, usize), Not> {
    for &(node, index) in found.trail.iter().rev() {
        match node.kind {
            Kind::Map(ref pairs) if pairs.len() > 1 => return Ok((node, index)),
            Kind::Map(_) if doc.shared(node.events.clone()).is_some() => {
                return Err(Not::Refuse("anchor in the span"));
            }
            Kind::Map(_) => {}
            _ => return Err(Not::Refuse("only key of a sequence item")),
        }
    }
    Err(Not::Refuse("only key of the file"))
}

/// The first line from `from` on that stays: comment lines deeper than the key belong to its pair, and so do
/// the blank lines before each.
fn own_comments(lines: &Lines, from: usize, key_col: usize) -> usize {
    let mut next = from;
    for i in from..lines.len() {
        if lines.is_blank(i) {
            continue;
        }
        if !lines.is_comment(i) || lines.indent(i) <= key_col {
            break;
        }
        next = i + 1;
    }
    next
}

/// Lines `from..=to` as they follow a dash: the first one loses its indent, blank lines go.
fn moved_up(lines: &Lines, from: usize, to: usize) -> Result<String, Not> {
    let mut out = String::new();
    for i in from..=to {
        if lines.is_blank(i) {
            continue;
        }
        if i < to && !lines.is_comment(i) {
            return Err(Not::Unknown("content before the next key"));
        }
        let start = if out.is_empty() { lines.indent(i) } else { 0 };
        out += &lines.whole(i)[start..];
    }
    Ok(out)
}
