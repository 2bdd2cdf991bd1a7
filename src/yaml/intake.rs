//! What a file must be before a parser sees it: small enough, UTF-8, free of control characters and conflicts.
//!
//! The order matters: each check protects the next. The parsers abort, hang or silently stop on some of what is
//! refused here (a NUL ends YAML input early; tree-sitter-yaml aborts the process on deep nesting and gives up past
//! 32,768 lines).

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::fault::{Fault, FaultKind, Place};

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// The most lines a file may have.
pub const MAX_LINES: usize = 30_000;
/// The deepest nesting of collections. The deepest real workflow has 8 levels.
pub const MAX_DEPTH: usize = 100;

const BOM: &str = "\u{feff}";

/// The text of a file without its byte order mark, and whether it had one.
pub(super) fn check<'a>(file: &str, bytes: &'a [u8]) -> Result<(&'a str, bool), Fault> {
    let refuse = |line: usize, column: usize, cause: String, way_out: &str| {
        let place = Place { file: file.to_owned(), line, column };
        Err(Fault::at(FaultKind::Unfit, place, cause, way_out))
    };
    if bytes.len() > MAX_BYTES {
        let cause = format!("the file has {} bytes; wf-fix reads up to {} MiB", bytes.len(), MAX_BYTES >> 20);
        return refuse(1, 1, cause, "GitHub would refuse such a workflow as well; split it");
    }
    let newlines = memchr::memchr_iter(b'\n', bytes).count();
    let lines = newlines + usize::from(bytes.last() != Some(&b'\n'));
    if lines > MAX_LINES {
        let cause = format!("the file has {lines} lines; wf-fix reads up to {MAX_LINES}");
        return refuse(MAX_LINES + 1, 1, cause, "split the workflow");
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(e) => {
            let (line, column) = position(&String::from_utf8_lossy(&bytes[..e.valid_up_to()]));
            let cause = format!("not UTF-8: byte 0x{:02x}", bytes[e.valid_up_to()]);
            return refuse(line, column, cause, "save the file as UTF-8");
        }
    };
    let (text, bom) = text.strip_prefix(BOM).map_or((text, false), |rest| (rest, true));
    if let Some((at, what)) = forbidden(text) {
        let (line, column) = position(&text[..at]);
        return refuse(line, column, what, "remove the character; YAML does not allow it");
    }
    if let Some(line) = conflict(text) {
        let cause = "a merge conflict marker".to_owned();
        return refuse(line + 1, 1, cause, "resolve the conflict first");
    }
    Ok((text, bom))
}

/// The first line, from 0, that marks a merge conflict.
fn conflict(text: &str) -> Option<usize> {
    const MARKS: [&str; 2] = ["<<<<<<< ", ">>>>>>> "];
    static FINDERS: LazyLock<[Finder<'_>; 2]> = LazyLock::new(|| MARKS.map(Finder::new));
    let marked = FINDERS.iter().any(|mark| mark.find(text.as_bytes()).is_some());
    let is_mark = |line: &str| MARKS.iter().any(|mark| line.starts_with(mark));
    if marked { text.lines().position(is_mark) } else { None }
}

/// How many bytes are looked at together: most files hold nothing suspicious, and so much is one look.
const BLOCK: usize = 64;

/// The first character that must not stand in a workflow, and what it is.
fn forbidden(text: &str) -> Option<(usize, String)> {
    let bytes = text.as_bytes();
    let suspicious = |b: u8| (b < 0x20) & (b != b'\t') & (b != b'\n') | (b == 0x7f) | (b == 0xc2) | (b == 0xef);
    // Less is asked of a block: whether all of it is ASCII that can be printed, or a tab or a line break.
    let unusual = |b: u8| (b.wrapping_sub(b' ') > b'~' - b' ') & (b != b'\t') & (b != b'\n');
    let blocks = bytes.chunks(BLOCK).enumerate();
    let dubious = blocks.filter(|(_, block)| block.iter().fold(false, |any, &b| any | unusual(b)));
    let each = dubious.flat_map(|(number, block)| (number * BLOCK..).zip(block));
    each.filter(|&(_, &b)| suspicious(b)).find_map(|(at, &b)| match b {
        b'\r' if bytes.get(at + 1) == Some(&b'\n') => None,
        b'\r' => Some((at, "a carriage return that ends no line".to_owned())),
        0xc2 | 0xef => match text[at..].chars().next() {
            Some(c @ ('\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}')) => Some((at, control(c))),
            Some('\u{feff}') => Some((at, "a byte order mark inside the text".to_owned())),
            _ => None,
        },
        b => Some((at, control(char::from(b)))),
    })
}

fn control(c: char) -> String {
    if c == '\0' {
        return "a NUL character (U+0000), where the YAML parser would stop silently".to_owned();
    }
    format!("the control character U+{:04X}", u32::from(c))
}

/// The start of the character that the byte at `offset` belongs to; the end of the text for what lies behind it.
pub(super) fn boundary(text: &str, offset: usize) -> usize {
    let within = offset.min(text.len());
    (0..=within).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Line and column, from 1, of what follows `before`.
pub(super) fn position(before: &str) -> (usize, usize) {
    let line = before.bytes().filter(|&b| b == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> String {
        check("w.yml", bytes).unwrap_err().to_string()
    }

    #[test]
    fn each_refusal_names_its_place() {
        assert!(refused(b"a: 1\nb: \0\n").starts_with("w.yml:2:4: a NUL character"));
        assert!(refused(b"a: \xff\n").starts_with("w.yml:1:4: not UTF-8: byte 0xff"));
        assert!(refused("é: \u{85}\u{90}\n".as_bytes()).starts_with("w.yml:1:5: the control character U+0090"));
        assert!(refused(b"a: 1\rb: 2\n").starts_with("w.yml:1:5: a carriage return"));
        assert!(refused(b"a: 1\n<<<<<<< HEAD\n").starts_with("w.yml:2:1: a merge conflict marker"));
        assert!(refused(&b"\n".repeat(MAX_LINES + 1)).contains("lines"));
        assert!(refused(&b"#".repeat(MAX_BYTES + 1)).contains("bytes"));
    }

    #[test]
    fn a_bom_is_taken_off_and_remembered() {
        assert_eq!(check("w", "\u{feff}a: 1\r\n".as_bytes()).unwrap(), ("a: 1\r\n", true));
    }
}
