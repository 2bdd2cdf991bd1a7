//! What the parser of scripts is shown: a text of the same length, in which all that it would only
//! stumble over, or read for nothing, is made of ordinary characters.
//!
//! Promise: the tree has the same statements at the same places. Masked are `${{ }}`, which is no shell, and, since every
//! word costs time, comments, a line that holds nothing but words, as one word, and strings and variables that are nothing
//! but a part of a word.

use std::ops::Range;

use super::inner;
use crate::workflow::expression;

/// The text for the parser.
pub(super) fn mask(text: &str) -> String {
    let plain = expressions(text);
    // The string that holds an inner script can stand on a line of its own.
    let inner = inner::may_stand_in(&plain);
    let mut out = String::with_capacity(plain.len());
    for line in plain.split_inclusive('\n') {
        let filled = comment(line).map(|range| (range, ' ')).or_else(|| Some((words(line)?, 'x')));
        match filled {
            Some(filled) => fill(&mut out, line, [filled]),
            None if inner => out.push_str(line),
            None => fill(&mut out, line, values(line).into_iter().map(|range| (range, 'x'))),
        }
    }
    out
}

/// Adds a line with these parts, which are in order, filled.
fn fill(out: &mut String, line: &str, parts: impl IntoIterator<Item = (Range<usize>, char)>) {
    let mut done = 0;
    for (range, with) in parts {
        out.push_str(&line[done..range.start]);
        out.extend(std::iter::repeat_n(with, range.len()));
        done = range.end;
    }
    out.push_str(&line[done..]);
}

/// Where a comment stands that is all of its line and would be harmless in a string or a heredoc.
fn comment(line: &str) -> Option<Range<usize>> {
    let end = line.trim_end().len();
    let start = line.len() - line.trim_start().len();
    let is_comment = line.get(start..end)?.starts_with('#');
    (is_comment && !line.contains(['\'', '"', '`', '(', ')', '\\'])).then_some(start..end)
}

/// The text with every `${{ }}` as so many ordinary characters: what stands between them is no part of the script, and a line
/// break there ends no command.
pub(super) fn expressions(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(open) = expression::opening(&text[at..]).map(|i| at + i) {
        let Some(close) = expression::closing(text, open + 3).map(|i| i + 2) else { break };
        out.push_str(&text[at..open]);
        out.extend(std::iter::repeat_n('x', close - open));
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

/// Where a line stands that is nothing but two or more words: a program and its arguments.
///
/// Quotes count as words where they end on the line: whatever is open before the line is so behind it, so that it does
/// no harm inside a string or a heredoc either.
fn words(line: &str) -> Option<Range<usize>> {
    let end = line.trim_end().len();
    let start = line.len() - line.trim_start().len();
    let first = line.get(start..end)?.split([' ', '\t']).next()?;
    let from = start + first.len() + 1;
    let rest = line.get(from..end)?.trim_start();
    let tame = !first.contains(['=', '"', '\'']) && !GRAMMAR.contains(&first) && !inner::may_stand_in(line);
    (!rest.is_empty() && tame && is_words(&line.as_bytes()[start..end])).then_some(start..end)
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

/// The strings and variables of a line that are nothing but a part of a word: each takes the parser many steps.
///
/// What cannot be told by this line alone ends the search. Inside a string that was opened on a line above, what is taken for
/// a string here stands between two: it holds no operator, so that it is arguments all the same.
fn values(line: &str) -> Vec<Range<usize>> {
    let bytes = line.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    if line.contains("<<") || !line.contains(['$', '"', '\'']) {
        return found;
    }
    while let Some(offset) = memchr::memchr3(b'$', b'"', b'\'', &bytes[at..]) {
        let start = at + offset;
        if line[at..start].contains(['\\', '`', '#']) {
            break;
        }
        let Some((end, whole)) = value(bytes, start) else { break };
        // `"a"=b` and `$a()` are no words of a kind that can be made up.
        let behind = bytes[end..].iter().take_while(|byte| !byte.is_ascii_whitespace());
        if whole && !behind.clone().any(|byte| matches!(byte, b'=' | b'(' | b'[')) {
            found.push(start..end);
        }
        at = end;
    }
    found
}

/// Where the value at `start` ends, and whether all of it may be filled; `None` where that cannot be told.
fn value(line: &[u8], start: usize) -> Option<(usize, bool)> {
    let quote = *line.get(start)?;
    if quote == b'$' {
        return match line.get(start + 1)? {
            b'(' => Some((start + 1, false)),
            _ => Some((start + variable(&line[start..])?, true)),
        };
    }
    let mut at = start + 1;
    let mut tame = true;
    loop {
        at += match *line.get(at)? {
            byte if byte == quote => return Some((at + 1, tame)),
            b'\\' | b'`' | b'"' | b'\'' | b'#' => return None,
            b'$' if line.get(at + 1) == Some(&b'(') => return None,
            b'$' => variable(&line[at..])?,
            byte => {
                tame &= byte.is_ascii_alphanumeric() || br" -_./:@,+%~^=*?".contains(&byte) || byte >= 0x80;
                1
            }
        };
    }
}

/// How long `$name`, `${name}`, `$1` or `$?` is; `None` for anything else behind a `$`.
fn variable(text: &[u8]) -> Option<usize> {
    let name = |from: usize| text[from..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    match text.get(1)? {
        b'{' => (name(2) > 0 && text.get(2 + name(2)) == Some(&b'}')).then(|| 3 + name(2)),
        b'?' => Some(2),
        byte if byte.is_ascii_digit() => Some(2),
        _ => (name(1) > 0).then(|| 1 + name(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_keep_offsets_and_lines() {
        assert_eq!(mask("a ${{ x\n }} b"), "xxxxxxxxxxxxx");
        assert_eq!(mask("${{ 'é' }}").len(), "${{ 'é' }}".len());
        assert_eq!(mask("a ${{ b"), "a ${{ b");
        assert_eq!(mask("  npm run é \"x y\"\n# a b\n# don't\n"), "  xxxxxxxxxxxxxxxx\n     \n# don't\n");
    }

    #[test]
    fn strings_and_variables_become_words() {
        for (line, masked) in [
            ("a \"b $c\" | d", "a xxxxxx | d"),
            ("X=\"$Y\" a 'b c' && d $e", "X=xxxx a xxxxx && d xx"),
            ("[ \"${A}\" = 'b' ] || c", "[ xxxxxx = xxx ] || c"),
            ("a $? | b", "a xx | b"),
            // What is more than a part of a word stays.
            ("a \"$(b)\" | c", "a \"$(b)\" | c"),
            ("a \"b | c\" | d", "a \"b | c\" | d"),
            ("cat <<\"EOF\" | a", "cat <<\"EOF\" | a"),
            ("\"a\"=b | c", "\"a\"=b | c"),
            ("a $'b' | c", "a $'b' | c"),
            ("a \\\"b\\\" | c", "a \\\"b\\\" | c"),
            ("a | b # it's \"c\"", "a | b # it's \"c\""),
            ("a \"it's\" | c", "a \"it's\" | c"),
        ] {
            assert_eq!(mask(line), masked);
        }
        // The string may be an inner script.
        assert_eq!(mask("bash \\\n  -c \\\n  \"a b\" | c"), "bash \\\n  -c \\\n  \"a b\" | c");
    }

    /// What is no statement, but a word or a part of one.
    const PARTS: &[&str] = &[
        "comment",
        "word",
        "string",
        "raw_string",
        "simple_expansion",
        "expansion",
        "variable_name",
        "concatenation",
        "extglob_pattern",
    ];

    /// The statements of a text as it stands, with their places.
    fn outline(masked: &str) -> Vec<(String, Range<usize>)> {
        fn below(node: tree_sitter::Node<'_>, found: &mut Vec<(String, Range<usize>)>) {
            let mut cursor = node.walk();
            for child in node.named_children(&mut cursor).filter(|child| !PARTS.contains(&child.kind())) {
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
            "if make \"$a\" 'b c'; then\n  echo \"x\ny\" && make \"z\" | tee \"$LOG\"\nfi\nX=\"$Y\" make || echo \"no $Z\"\n",
            "echo \"a\nb\" && make \"c\nd\" | tee log\ncase \"$x\" in\n  \"a b\"|$c) make \"$d\" || true ;;\nesac\n",
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
            "a {b,c} d",
            "a !b c",
        ] {
            assert_eq!(mask(line), line);
        }
    }
}
