//! Names cut into words, and phrases of a table found among them.
//!
//! A phrase is one or more words. Its last word also matches with the endings of English (`test`: `tests`, `testing`,
//! `tester`), and with anything behind it if the phrase ends in `*`; `$` at its end asks for the very word.

use std::borrow::Cow;

use crate::workflow::expression::opening;

/// A word in lower case, most often as the name has it.
pub type Word<'n> = Cow<'n, str>;

/// The words of a name, in lower case: cut at all that is no letter or digit, and where `camelCase` begins a new word
/// of three letters or more. What `${{ }}` holds is no part of the name.
pub fn words(name: &str) -> Vec<Word<'_>> {
    let mut out = Vec::with_capacity(8);
    let mut rest = name;
    while let Some(at) = opening(rest) {
        cut(&rest[..at], &mut out);
        rest = rest[at..].find("}}").map_or("", |end| &rest[at + end + 2..]);
    }
    cut(rest, &mut out);
    out
}

fn cut<'n>(text: &'n str, out: &mut Vec<Word<'n>>) {
    let mut rest = text;
    while let Some(start) = rest.bytes().position(|byte| KINDS[usize::from(byte)] != APART) {
        rest = &rest[start..];
        let mut kinds = APART;
        let mut is_part = |byte: u8| {
            kinds |= KINDS[usize::from(byte)];
            KINDS[usize::from(byte)] != APART
        };
        let length = rest.bytes().take_while(|&byte| is_part(byte)).count();
        let (word, behind) = rest.split_at(length);
        match kinds & CAPITAL {
            0 => out.push(Cow::Borrowed(word)),
            _ => turns(word, out),
        }
        rest = behind;
    }
}

/// What parts words.
const APART: u8 = 0;
/// A small letter or a digit.
const SMALL: u8 = 1;
/// A capital.
const CAPITAL: u8 = 2;

/// What each byte is: names are cut so often that to look it up counts.
const KINDS: [u8; 256] = {
    let mut kinds = [APART; 256];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' | b'0'..=b'9' => SMALL,
            b'A'..=b'Z' => CAPITAL,
            _ => APART,
        };
        byte += 1;
    }
    kinds
};

/// A word with capitals, cut where it turns.
fn turns<'n>(word: &'n str, out: &mut Vec<Word<'n>>) {
    // Names of things that are one word in spite of their spelling.
    const ONE: &[&str] = &["github", "gitlab", "javascript", "typescript", "powershell", "opentelemetry", "postgresql"];
    let mut start = 0;
    let bytes = word.as_bytes();
    let is_one = ONE.iter().any(|one| word.eq_ignore_ascii_case(one));
    let end = if is_one { 0 } else { bytes.len().saturating_sub(2) };
    for at in 3..end {
        let turn = bytes[at - 1].is_ascii_lowercase() && bytes[at].is_ascii_uppercase();
        if turn && at - start >= 3 && bytes[at + 1..at + 3].iter().all(u8::is_ascii_lowercase) {
            out.push(Cow::Owned(word[start..at].to_ascii_lowercase()));
            start = at;
        }
    }
    out.push(Cow::Owned(word[start..].to_ascii_lowercase()));
}

/// Where a phrase stands first among the words.
pub fn position(words: &[Word<'_>], phrase: &str) -> Option<usize> {
    let first = phrase.as_bytes().first();
    (0..words.len()).find(|at| words[*at].as_bytes().first() == first && starts(&words[*at..], phrase))
}

/// Whether the words begin with a phrase.
fn starts(words: &[Word<'_>], phrase: &str) -> bool {
    starts_with(words, &phrase.split(' ').collect::<Vec<_>>())
}

/// Whether the words begin with a phrase, given word by word.
pub fn starts_with(words: &[Word<'_>], phrase: &[&str]) -> bool {
    let Some((last, lead)) = phrase.split_last() else { return false };
    let Some(word) = words.get(lead.len()) else { return false };
    lead.iter().zip(words).all(|(part, word)| word == part) && ends(word, last)
}

/// Whether a word is the last word of a phrase, with an ending or without.
fn ends(word: &str, part: &str) -> bool {
    if word.as_bytes().first() != part.as_bytes().first() {
        return false;
    }
    if let Some(exact) = part.strip_suffix('$') {
        return word == exact;
    }
    if let Some(stem) = part.strip_suffix('*') {
        return word.starts_with(stem);
    }
    let Some(rest) = word.strip_prefix(part) else {
        // `release`: `releasing`.
        let stem = part.strip_suffix('e').and_then(|stem| word.strip_prefix(stem));
        return stem.is_some_and(|rest| matches!(rest, "ing" | "er" | "ers" | "ed"));
    };
    // `scan`: `scanning`.
    let doubled = part.chars().last().and_then(|last| rest.strip_prefix(last)).unwrap_or(rest);
    matches!(rest, "" | "s" | "es" | "d" | "r" | "rs") || matches!(doubled, "ed" | "ing" | "er" | "ers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        for (name, expected) in [
            ("Build & test (x86_64)", "build test x86 64"),
            ("runUnitTests", "run unit tests"),
            ("CodeQL on ${{ matrix.os }} PyPI", "codeql on pypi"),
            ("${{ inputs.name", ""),
        ] {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
    }

    #[test]
    fn phrases_match_with_endings() {
        for (name, phrase, found) in [
            ("run tests", "test", true),
            ("scanning images", "scan", true),
            ("releasing", "release", true),
            ("checksums", "check", false),
            ("checkout", "check", false),
            ("validation", "validat*", true),
            ("set up", "set$", true),
            ("setting", "set$", false),
            ("upload test results", "test result", true),
            ("test the results", "test result", false),
        ] {
            assert_eq!(position(&words(name), phrase).is_some(), found, "{name}: {phrase}");
        }
    }
}
