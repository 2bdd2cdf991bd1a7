//! What the parser of scripts is shown: a text of the same length and the same lines, in which all that it would only
//! stumble over, or read for nothing, is made of ordinary characters.
//!
//! Promise: the tree has the same statements at the same places. Masked are `${{ }}`, which is no shell, and, since every
//! word costs time, comments, and the arguments of a line that holds nothing but words, as one argument.

use std::ops::Range;

use super::inner;
use crate::workflow::expression;

/// The text for the parser.
pub(super) fn mask(text: &str) -> String {
    let plain = expressions(text);
    let mut out = String::with_capacity(plain.len());
    for line in plain.split_inclusive('\n') {
        let filled = comment(line).map(|range| (range, ' ')).or_else(|| Some((arguments(line)?, 'x')));
        match filled {
            Some((range, with)) => {
                out.push_str(&line[..range.start]);
                out.extend(std::iter::repeat_n(with, range.len()));
                out.push_str(&line[range.end..]);
            }
            None => out.push_str(line),
        }
    }
    out
}

/// Where a comment stands that is all of its line and would be harmless in a string or a heredoc.
fn comment(line: &str) -> Option<Range<usize>> {
    let end = line.trim_end().len();
    let start = line.len() - line.trim_start().len();
    let is_comment = line.get(start..end)?.starts_with('#');
    (is_comment && !line.contains(['\'', '"', '`', '(', ')', '\\'])).then_some(start..end)
}

/// The text with every `${{ }}` as so many ordinary characters, line breaks kept.
fn expressions(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(open) = text[at..].find("${{").map(|i| at + i) {
        let Some(close) = expression::closing(text, open + 3).map(|i| i + 2) else { break };
        out.push_str(&text[at..open]);
        out.extend(text[open..close].bytes().map(|b| if b == b'\n' { '\n' } else { 'x' }));
        at = close;
    }
    out.push_str(&text[at..]);
    out
}

/// First words that make of the rest of the line more than arguments.
const GRAMMAR: &[&str] = &[
    "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "select", "function",
    "in", "time", "coproc", "declare", "typeset", "export", "readonly", "local", "unset", "unsetenv", "set", "shopt",
];

/// Where the arguments of a line stand that are nothing but two or more words.
///
/// Quotes count as words where they end on the line: whatever is open before the line is so behind it, so that it does
/// no harm inside a string or a heredoc either.
fn arguments(line: &str) -> Option<Range<usize>> {
    let end = line.trim_end().len();
    let start = line.len() - line.trim_start().len();
    let first = line.get(start..end)?.split([' ', '\t']).next()?;
    let from = start + first.len() + 1;
    let rest = line.get(from..end)?.trim_start();
    let several = rest.contains([' ', '$', '"', '\'']);
    let tame = !first.contains(['=', '"', '\'']) && !GRAMMAR.contains(&first) && !inner::may_stand_in(line);
    (several && tame && is_words(&line.as_bytes()[start..end])).then_some(end - rest.len()..end)
}

/// Whether the shell sees only words here: no operator, no comment, nothing that goes on behind the line.
fn is_words(line: &[u8]) -> bool {
    let quotes = |quote: u8| memchr::memchr_iter(quote, line).count();
    let (single, double) = (quotes(b'\''), quotes(b'"'));
    if single % 2 + double % 2 > 0 || (single > 0 && double > 0) {
        return false;
    }
    let mut at = 0;
    while let Some(&byte) = line.get(at) {
        match byte {
            b'$' if line.get(at + 1) == Some(&b'{') => {
                let name = line[at + 2..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
                at += 2 + name;
                if name == 0 || line.get(at) != Some(&b'}') {
                    return false;
                }
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | 0x80.. => {}
            _ if br#" -_./:@,+%~^=*?$"'"#.contains(&byte) => {}
            _ => return false,
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_keep_offsets_and_lines() {
        assert_eq!(mask("a ${{ x\n }} b"), "a xxxxx\nxxx b");
        assert_eq!(mask("${{ 'é' }}").len(), "${{ 'é' }}".len());
        assert_eq!(mask("a ${{ b"), "a ${{ b");
        assert_eq!(mask("  npm run é \"x y\"\n# a b\n# don't\n"), "  npm xxxxxxxxxxxx\n     \n# don't\n");
    }

    /// The statements of a text as it stands, with their places.
    fn outline(masked: &str) -> Vec<(String, Range<usize>)> {
        fn below(node: tree_sitter::Node<'_>, found: &mut Vec<(String, Range<usize>)>) {
            let mut cursor = node.walk();
            for child in node.named_children(&mut cursor).filter(|child| !matches!(child.kind(), "comment" | "word")) {
                found.push((child.kind().to_owned(), child.byte_range()));
                if !matches!(child.kind(), "command" | "heredoc_body" | "string" | "array") {
                    below(child, found);
                }
            }
        }
        let mut found = Vec::new();
        if let Some(tree) = super::super::posix::parse(masked, &[], None) {
            below(tree.root_node(), &mut found);
        }
        found
    }

    #[test]
    fn the_statements_stay_where_they_are() {
        for script in [
            "npm run a b || true\nmake \"x y\" z\n# why not\nmake a b c\n",
            "cat <<EOF > f\nsome words here\n# and here\nEOF\nmake a b c && make d e f\n",
            "echo \"first line\nsecond \"line here\" of it\nthird line here\"\nmake a b c | tee log\n",
            "docker run \\\n  -v a:b image \\\n  # no comment\n  make a b c\nls -l a b\n",
            "case x in\n  a)\n    make a b c\n    ;;\nesac\n",
            "for x in \\\n  a b c\ndo\n  make $x ${y} \"$z\"\ndone\n",
            "files=(\n  a b c\n  d e f\n)\nif make a b c\nthen\n  make d e f\nelse\n  # nothing to do here\n  true\nfi\n",
            "f() {\n  make a b c\n  return 1\n}\nf a b || exit 1\nX=$(make a b c)\nexport A=1 B=2\n",
        ] {
            let plain = outline(script);
            assert!(!plain.is_empty(), "{script}");
            assert_ne!(mask(script), script);
            assert_eq!(outline(&mask(script)), plain, "{script}");
        }
    }

    #[test]
    fn only_words_become_one() {
        for line in [
            "make",
            "make -j4",
            "a b | c",
            "a b; c",
            "X=1 a b",
            "export A B",
            "for x in a b c",
            "a 'b c",
            "a b \\",
            "a $(b c)",
            "a `b c`",
            "a b # c d",
            "a > b c",
            "[ a b ]",
            "a \"b 'c\" d'",
            "bash -c 'a b'",
            "a ${b:-c d}",
            "\"a b\" c d",
            "a {b,c} d",
            "a !b c",
        ] {
            assert_eq!(mask(line), line);
        }
    }
}
