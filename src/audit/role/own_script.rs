//! What a script of the repository is for, by the words of its path.

use super::Role;
use super::effective::{base, is_python};
use super::names;
use super::programs;
use super::task::by_task;

/// A script of the repository, by the words of its path: `./ci/run_tests.sh`, `python tools/compare.py`, `bash x.sh`.
pub(super) fn by_script(program: &str, words: &[&str]) -> Option<Role> {
    const INTERPRETERS: &[&str] = &[
        "bash",
        "sh",
        "zsh",
        "dash",
        "node",
        "ruby",
        "perl",
        "php",
        "pwsh",
        "powershell",
        "cmd",
        "docker",
        "julia",
        "Rscript",
        "tsx",
        "ts-node",
        "lua",
        "groovy",
        "jbang",
        "elixir",
        "dart",
    ];
    let script = match is_python(program) || INTERPRETERS.contains(&program) {
        true => words[1..].iter().find(|word| !word.starts_with('-') && word.contains(['.', '/'])).copied()?,
        false => words.first().copied()?,
    };
    let of = |name: &str| names::of(name).map(|named| named.role).or_else(|| names::in_path(name));
    let name = base(script.trim_matches(['"', '\'']));
    // `sh gradlew build`
    if let Some(at) =
        words[1..].iter().position(|word| matches!(base(word), "gradlew" | "mvnw")).filter(|_| !is_python(program))
    {
        return by_task(base(words[at + 1]), &words[at + 1..]);
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    // `junit_to_csv.py` writes the same in another form.
    if converts(stem) {
        return None;
    }
    if let Some(role) = programs::role(name, &words[1..]).filter(|_| name.contains('.')) {
        return Some(role);
    }
    // `./helpers.sh install_tools`: the first argument is what is done.
    let argument = || {
        let at = words.iter().position(|word| *word == script)?;
        let next = words.get(at + 1)?;
        next.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).then(|| of(next))?
    };
    of(stem).or_else(argument).or_else(|| {
        ((stands_among_tests(script) && !only_reports(stem)) || (is_ci(stem) && words.last() == Some(&script)))
            .then_some(Role::Verify)
    })
}

/// `junit_to_csv`, `report2html`: it ends in a format, behind a word for the way there.
fn converts(stem: &str) -> bool {
    const FORMATS: &[&str] = &["csv", "json", "html", "md", "markdown", "xml", "junit", "sarif", "txt", "text", "pdf"];
    let ends = |format: &&str| {
        let before = stem.strip_suffix(*format);
        before.is_some_and(|before| ["_to_", "-to-", "2"].iter().any(|way| before.ends_with(way)))
    };
    FORMATS.iter().any(ends)
}

/// Whether a script that goes by no known name lies in a folder of tests, and not among what those need.
fn stands_among_tests(script: &str) -> bool {
    const TESTS: &[&str] = &["test", "tests", "testing", "e2e", "spec", "__tests__", "integration-tests"];
    const NEEDS: &[&str] = &[
        "fixture",
        "data",
        "util",
        "helper",
        "tool",
        "script",
        "mock",
        "resource",
        "docker",
        "infra",
        "profile",
        "profiling",
        "bench",
        "benchmark",
        "perf",
        "node_module",
    ];
    let Some((folders, _)) = script.rsplit_once('/') else { return false };
    let mut behind = folders.split('/').skip_while(|folder| !TESTS.contains(folder));
    let is_support = |folder: &str| words_of(folder).any(|word| NEEDS.contains(&word));
    behind.next().is_some() && !behind.any(is_support)
}

/// `analyze.py`, `collect_results.sh`, `up.sh`: what only puts results together, or serves the tests.
fn only_reports(stem: &str) -> bool {
    const REPORTS: &[&str] = &[
        "analyze",
        "analyse",
        "analysi",
        "report",
        "collect",
        "summary",
        "summarize",
        "gather",
        "parse",
        "plot",
        "generate",
        "create",
        "result",
        "stat",
        "up",
        "down",
        "cert",
        "deploy",
        "proxy",
        "vnc",
        "pre",
        "post",
        "after",
        "before",
        "mock",
        "server",
        "convert",
        "gen",
        "postproces",
    ];
    words_of(stem).any(|word| REPORTS.contains(&word))
}

/// The words of a name, in the singular.
fn words_of(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_ascii_alphanumeric()).map(|word| word.trim_end_matches('s'))
}

/// `ci.sh`, `run_ci.py`: what continuous integration is for.
fn is_ci(stem: &str) -> bool {
    matches!(stem, "ci" | "run-ci" | "run_ci" | "ci-run" | "ci_run")
}
