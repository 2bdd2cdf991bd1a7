//! Bytes to a tree, as GitHub would read them.

use crate::workflow::bounds;
use crate::yaml::{Fault, Tree, read, read_tree};

/// One file, read.
#[derive(Debug)]
pub struct Loaded<'b> {
    /// Its path in the repository.
    pub path: &'b str,
    /// Its text without a byte order mark; empty where the bytes are unfit.
    pub text: &'b str,
    /// Its tree, or why there is none.
    pub tree: Result<Tree<'b>, Fault>,
    /// Whether it is YAML 1.2 to the letter; wf-fix rewrites no other file.
    pub strict: bool,
}

/// Reads a file.
pub fn load<'b>(path: &'b str, bytes: &'b [u8]) -> Loaded<'b> {
    match read_tree(path, bytes) {
        Ok((text, tree)) => Loaded { path, text, tree: bounds::check(path, &tree).map(|()| tree), strict: true },
        Err(fault) => {
            let text = std::str::from_utf8(bytes).unwrap_or_default();
            Loaded { path, text, tree: leniently(path, text, fault), strict: false }
        }
    }
}

/// How many lines of a file are mended before it counts as broken.
const MOST_MENDED: usize = 50;

/// Reads a file whose only fault is that lines of `[` and `{` collections, or of quoted text, are not indented deep enough,
/// as GitHub does.
///
/// Inside of those indentation means nothing, so the lines are read as if they were indented; they stay on their lines,
/// with other columns.
fn leniently(path: &str, text: &str, first: Fault) -> Result<Tree<'static>, Fault> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut fault = first.clone();
    // The lines of a quoted text, of which the fault names the first only.
    let mut below = 0;
    for _ in 0..MOST_MENDED {
        let quoted = fault.cause.contains("in quoted scalar");
        let shallow = quoted || fault.cause.contains("is not indented deeper");
        below = if quoted { below + 1 } else { 0 };
        let line = fault.place.as_ref().filter(|_| shallow).and_then(|place| (place.line + below).checked_sub(1));
        let Some(line) = line.and_then(|line| lines.get_mut(line)) else { return Err(first) };
        if !line.trim().is_empty() {
            line.insert_str(0, "                    ");
        }
        match read(path, &lines.join("\n")) {
            Ok(tree) => return bounds::check(path, &tree).map(|()| tree.into_owned()),
            Err(next) => {
                below = if next.place == fault.place { below } else { 0 };
                fault = next;
            }
        }
    }
    Err(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_may_go_on_where_its_key_stands() {
        let of = |text: &str| load("w", text.as_bytes()).tree.map(|tree| tree.render(0)).map_err(|fault| fault.cause);
        let deep = of("a:\n  b: 'one\n\n    two'\n  c: \"x\n     y\"\n");
        assert_eq!(of("a:\n  b: 'one\n\n  two'\n  c: \"x\n  y\"\n"), deep);
        assert!(deep.is_ok());
        assert!(of("a:\n  b: 'one\n  c: two\n").is_err());
    }
}
