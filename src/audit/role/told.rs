//! What the options of a command make of it: checked instead of mended, mended instead of checked, only shown.

use std::sync::LazyLock;

use super::Role;
use super::effective::base;
use crate::any_of::AnyOf;

/// The syntax of a file, and nothing more: `php -l`, `bash -n`, `node --check`.
pub(super) fn only_parses(program: &str, words: &[&str]) -> bool {
    let has = |option: &str| words.contains(&option);
    match program {
        "php" => has("-l"),
        "ruby" | "perl" => has("-c") || has("-wc"),
        "bash" | "sh" | "zsh" | "dash" => has("-n"),
        "node" => has("--check") || has("--test"),
        "ansible-playbook" => has("--syntax-check") || has("--check"),
        _ => false,
    }
}

/// Whether a linter is told to mend what it finds, and not to fail for it.
pub(super) fn mends(words: &[&str]) -> bool {
    const MENDS: &[&str] = &[
        "--fix",
        "--write",
        "--autofix",
        "--autocorrect",
        "--auto-correct",
        "--autocorrect-all",
        "--auto-correct-all",
        "--reformat",
        "autocorrect",
    ];
    let told = |word: &str| ["--check", "--dry-run", "--exit-non-zero-on-fix", "--diff"].contains(&word);
    words.iter().any(|word| MENDS.contains(word)) && !words.iter().any(|word| told(word))
}

/// What writes files, told to check, checks: `terraform fmt -check`.
pub(super) fn told_to_check(role: Role, words: &[&str]) -> Role {
    let told = words
        .iter()
        .any(|word| matches!(*word, "-check" | "--check" | "--check-formatted" | "-diff" | "--dry-run" | "--verify"));
    if role == Role::Generated && told { Role::Verify } else { role }
}

/// Options by which a program that no table knows is told to check: `naga --validate`, `./tool --check`.
pub(super) fn by_flag(words: &[&str]) -> Option<Role> {
    const FLAGS: &[&str] = &[
        "--check",
        "--check-only",
        "--validate",
        "--verify",
        "--lint",
        "--self-test",
        "--selftest",
        "--set-exit-if-changed",
    ];
    words.iter().skip(1).any(|word| FLAGS.contains(&word.split('=').next().unwrap_or(word))).then_some(Role::Verify)
}

/// Arguments that make a program show what it is.
const VERSION: &[&str] = &[
    "--version",
    "-version",
    "-VERSION",
    "/VERSION",
    "-V",
    "--help",
    "-help",
    "-dumpspecs",
    "-dumpversion",
    "version",
];

/// A function of Python packages that does.
const SHOW: &str = "show_versions(";

/// Of all that makes a program show its version some part, and more: what has none of these need not be looked at.
pub(super) static SHOWS: LazyLock<AnyOf> =
    LazyLock::new(|| AnyOf::new(["version", "help", "-V", "-v", "-h", "-dumpspecs"]));

pub(super) fn shows_version(words: &[&str]) -> bool {
    words.len() <= 3 && words.iter().skip(1).any(|word| VERSION.contains(word))
        || matches!(words, [program, "-v" | "-h" | "-vV" | "help"] if words[1] != "-v" || !is_verbose(base(program)))
        || words.iter().any(|word| word.len() >= SHOW.len() && word.contains(SHOW))
}

/// Whether `-v` makes a program say more, and not what it is.
fn is_verbose(program: &str) -> bool {
    ["pytest", "py.test", "unittest", "tox", "nox", "nosetests", "nose2", "ninja", "bats", "prove", "trial"]
        .contains(&program)
}
