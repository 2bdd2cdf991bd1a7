//! Where a command stands in its script, and the lines around it.
//!
//! Promise: pure. Lines are taken as written: one that ends in `\`, `|` or `&&` goes on in the next.

/// Where a part of a text stands that was cut out of it; else where the same words first stand.
///
/// The same words may stand in the text before, in a comment even: a part that was cut out knows its own place.
fn place_of(text: &str, part: &str) -> Option<usize> {
    let own = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize);
    let is_there = |&at: &usize| at <= text.len() && text.get(at..).is_some_and(|rest| rest.starts_with(part));
    own.filter(is_there).or_else(|| text.find(part))
}

/// What stands behind a part of a text.
pub(super) fn behind<'t>(text: &'t str, part: &str) -> &'t str {
    place_of(text, part).map_or("", |at| &text[at + part.len()..])
}

/// The lines of a script that hold a command, with what is redirected behind it.
pub(super) fn statement<'t>(script: &'t str, command: &str) -> &'t str {
    let Some(at) = place_of(script, command) else { return "" };
    let start = script[..at].rfind('\n').map_or(0, |i| i + 1);
    let mut end = at + command.len();
    while let Some(line) = script[end..].find('\n').map(|i| end + i) {
        let before = script[..line].trim_end();
        let goes_on = before.ends_with(['\\', '|']) || before.ends_with("&&");
        end = line + usize::from(goes_on);
        if !goes_on {
            return &script[start..end];
        }
    }
    &script[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_was_cut_out_knows_its_place() {
        let script = "# make x\nmake x | tee log\nmake x \\\n  y > z\nrest";
        let last = &script[script.rfind("make x").unwrap()..][..6];
        assert_eq!(statement(script, last), "make x \\\n  y > z");
        assert_eq!(behind(script, statement(script, last)), "\nrest");
        // Words from elsewhere stand where they first do.
        let elsewhere = String::from("make x");
        assert_eq!(statement(script, &elsewhere), "# make x");
        assert_eq!(statement(script, "make q"), "");
        assert_eq!(behind(script, "make q"), "");
    }
}
