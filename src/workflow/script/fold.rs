//! Arguments folded into one before the parse: `cargo test --all --locked` is parsed as `cargo test_--all_--locked`.
//!
//! What becomes of a failure does not depend on how many arguments a command has, and tree-sitter-bash takes its time
//! over every word. Offsets stay, and the walk reads all texts from the script itself. Words are folded only where they
//! can be nothing but arguments or text in quotes: behind a plain command name, of characters that mean nothing to the
//! shell, and never in a script where a bracket stays open over the end of a line.

/// Folds the arguments of a script in place.
pub(super) fn fold(script: &mut [u8]) {
    let count = |line: &[u8], wanted: u8| memchr::memchr_iter(wanted, line).count();
    let closed = |line: &[u8]| count(line, b'(') == count(line, b')') && count(line, b'[') == count(line, b']');
    if script.split(|&b| b == b'\n').all(closed) {
        script.split_mut(|&b| b == b'\n').for_each(fold_line);
    }
}

/// Words after which the next word is no argument, or its arguments mean something.
const KEYWORDS: [&[u8]; 26] = [
    b"if",
    b"then",
    b"else",
    b"elif",
    b"fi",
    b"for",
    b"while",
    b"until",
    b"do",
    b"done",
    b"case",
    b"esac",
    b"in",
    b"select",
    b"function",
    b"time",
    b"coproc",
    b"declare",
    b"typeset",
    b"export",
    b"readonly",
    b"local",
    b"unset",
    b"unsetenv",
    b"set",
    b"let",
];

fn fold_line(line: &mut [u8]) {
    let is_blank = |b: &u8| matches!(b, b' ' | b'\t');
    let (mut at, mut named) = (0, false);
    // Where the argument ends that the next can be joined to.
    let mut joins = None;
    while let Some(start) = line[at..].iter().position(|b| !is_blank(b)).map(|skipped| at + skipped) {
        let end = line[start..].iter().position(is_blank).map_or(line.len(), |length| start + length);
        let word = &line[start..end];
        let plain = word.iter().all(|&b| is_plain(b));
        match named {
            _ if matches!(word, b"|" | b"||" | b"&&" | b";") => (named, joins) = (false, None),
            false if !plain || word.contains(&b'=') || KEYWORDS.contains(&word) => return,
            false => named = true,
            true if plain => {
                if let Some(last) = joins {
                    line[last..start].fill(b'_');
                }
                joins = Some(end);
            }
            true if word.iter().all(|&b| is_plain(b) || is_quiet(b)) => joins = None,
            true => return,
        }
        at = end;
    }
}

/// A character that never means anything to the shell within a word.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b':' | b'=' | b',' | b'@' | b'%' | b'+')
}

/// A character that may, but opens no command and ends none.
fn is_quiet(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'$' | b'*' | b'?' | b'~' | b'^')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_arguments_are_folded() {
        for (script, folded) in [
            ("cargo test --all  --locked", "cargo test_--all__--locked"),
            ("a b c | d e f || true", "a b_c | d e_f || true"),
            ("a b \"$x y\" c d", "a b \"$x y\" c_d"),
            ("if a b c; then d e f; fi", "if a b c; then d e f; fi"),
            ("a b > c d e", "a b > c d e"),
            ("a $(b c d) e f", "a $(b c d) e f"),
            ("X=1 a b c", "X=1 a b c"),
            ("[[ a == b &&\n c == d ]]", "[[ a == b &&\n c == d ]]"),
            ("set -e -o pipefail\na b c", "set -e -o pipefail\na b_c"),
            ("cat <<EOF\na b c\nEOF", "cat <<EOF\na b_c\nEOF"),
        ] {
            let mut bytes = script.as_bytes().to_vec();
            fold(&mut bytes);
            assert_eq!(String::from_utf8_lossy(&bytes), folded);
        }
    }
}
