//! Bytes to a tree, as GitHub would read them.

use crate::workflow::bounds;
use crate::yaml::{Fault, Tree, load as load_tree, read_tree};

/// One file, read.
#[derive(Debug)]
pub struct Loaded<'b> {
    /// Its path in the repository.
    pub path: &'b str,
    /// Its text without a byte order mark; empty where the bytes are unfit.
    pub text: &'b str,
    /// Its tree, or why there is none.
    pub tree: Result<Tree, Fault>,
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

/// Reads a file whose only fault is that lines of `[` and `{` collections are not indented deep enough, as GitHub does.
///
/// Inside such a collection indentation means nothing, so the lines are read as if they were indented; they stay on
/// their lines, with other columns.
fn leniently(path: &str, text: &str, first: Fault) -> Result<Tree, Fault> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut fault = first.clone();
    for _ in 0..MOST_MENDED {
        let shallow = fault.cause.contains("is not indented deeper");
        let line = fault.place.as_ref().filter(|_| shallow).and_then(|place| place.line.checked_sub(1));
        let Some(line) = line.and_then(|line| lines.get_mut(line)) else { return Err(first) };
        line.insert_str(0, "                    ");
        match load_tree(path, &lines.join("\n")) {
            Ok(tree) => return Ok(tree),
            Err(next) => fault = next,
        }
    }
    Err(first)
}
