//! The words of a command from its program on: what only lends it rights, a clock or an interpreter is left out.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::programs::{RUNNERS, WRAPPERS};
use crate::workflow::expression::opening;

/// A command with `${{ }}` as a variable of the shell, which holds no blanks.
pub(super) fn without_expressions(text: &str) -> Cow<'_, str> {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = opening(rest) {
        out.push_str(&rest[..at]);
        out.push_str("$_");
        rest = rest[at..].find("}}").map_or("", |end| &rest[at + end + 2..]);
    }
    if rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The words between white space.
fn split(text: &str) -> Vec<&str> {
    // Most commands are ASCII, which is quicker to tell apart byte by byte.
    if !text.is_ascii() {
        return text.split_whitespace().collect();
    }
    let is_space = |byte: u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let (mut words, mut start) = (Vec::with_capacity(8), None);
    for (at, byte) in text.bytes().enumerate() {
        match start {
            Some(from) if is_space(byte) => {
                words.push(&text[from..at]);
                start = None;
            }
            None if !is_space(byte) => start = Some(at),
            _ => {}
        }
    }
    words.extend(start.map(|from| &text[from..]));
    words
}

/// The words from the program on: assignments, wrappers and `python -m` left out.
pub(super) fn effective(text: &str) -> Vec<&str> {
    let mut words = split(text);
    for _ in 0..8 {
        let Some(&first) = words.first() else { break };
        let assigns = first
            .split_once('=')
            .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        // A command in a variable, such as `${CONDA_RUN} pip install`, is most often a wrapper.
        let variable = first.starts_with('$') && !first.contains('/') && words.len() > 1 && words[1] != "=";
        let opens = matches!(first, "|" | "\\" | "if" | "elif" | "while" | "until" | "{" | "(" | "@" | "&");
        if assigns {
            words.drain(..assignment(&words));
            continue;
        }
        if variable || opens {
            words.remove(0);
            continue;
        }
        let program = base(first);
        if let Some(module) = words.iter().position(|word| *word == "-m").filter(|_| is_python(program))
            && words[1..module].iter().all(|word| word.starts_with('-') || PYTHON_VALUES.contains(word))
        {
            words.drain(..=module);
            continue;
        }
        // `node common/scripts/install-run-rush.js build` fetches Rush and runs it.
        if program == "node" && words.len() > 2 && base(words[1]).starts_with("install-run-rush") {
            words.drain(..2);
            words.insert(0, "rush");
            break;
        }
        match wrapper(program) {
            Some(usize::MAX) => match words.iter().position(|word| RUNNERS.contains(word)) {
                Some(at) if at + 1 < words.len() && at < 4 => drop(words.drain(..=at)),
                _ => break,
            },
            Some(skip) if words.len() > skip + 1 => drop(words.drain(..=skip)),
            _ => break,
        }
        while words.len() > 1 && (words[0].starts_with('-') || words[0].chars().all(|c| c.is_ascii_digit())) {
            words.remove(0);
        }
    }
    words
}

/// What stands behind options of Python before `-m`: `-W error`, `-X dev`.
const PYTHON_VALUES: &[&str] = &["error", "ignore", "default", "always", "dev", "utf8", "importtime", "faulthandler"];

/// How many words an assignment takes up: `FLAGS="-D warnings"` takes two.
fn assignment(words: &[&str]) -> usize {
    let value = words[0].split_once('=').map_or("", |(_, value)| value);
    let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return 1 };
    let ends = |word: &str| word.ends_with(quote);
    if value.len() > 1 && ends(value) {
        return 1;
    }
    words.iter().skip(1).position(|word| ends(word)).map_or(1, |at| at + 2)
}

fn wrapper(program: &str) -> Option<usize> {
    static SKIPS: LazyLock<HashMap<&str, usize>> = LazyLock::new(|| {
        WRAPPERS.iter().flat_map(|(names, skip)| names.split_whitespace().map(move |name| (name, *skip))).collect()
    });
    SKIPS.get(program).copied()
}

pub(super) fn is_python(program: &str) -> bool {
    program.starts_with("python") || program == "py" || program == "pypy3" || program == "pypy"
}

/// The last part of a path, quotes left out.
pub(super) fn base(word: &str) -> &str {
    let word = word.trim_matches(['"', '\'', '(', ')']);
    let last = word.rsplit(['/', '\\']).next().unwrap_or(word);
    // To trim sets up a search each time, and nearly no word has such an end.
    match [".exe", ".cmd", ".bat"].iter().any(|end| last.ends_with(end)) {
        true => last.trim_end_matches(".exe").trim_end_matches(".cmd").trim_end_matches(".bat"),
        false => last,
    }
}
