//! What names say: of steps, ids, jobs and workflows.
//!
//! To extend: add words to a line, or a line. A phrase matches at the start of a word (`test` finds `tests` and
//! `testing`); a phrase that ends in `$` matches whole words only. Within a table the first line that matches wins.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Match};

use super::Role::{self, *};

/// What decides wherever it stands in the name.
const TELLING: &[(Role, &[&str])] = &[
    (Verify, &["target determination", "test selection", "select tests", "test determinat", "do td$"]),
    (Verify, &["smoke test", "sanity check", "coverage check", "check coverage", "verify checksum"]),
    (Telemetry, &["codecov", "coveralls", "coverage report", "coverage upload", "upload coverage", "upload code cov"]),
    (Telemetry, &["telemetry", "metrics", "statistics", "monitoring", "scorecard", "usage", "merge record"]),
    (Telemetry, &["upload test result", "upload test stat", "upload benchmark", "publish test result", "test report"]),
    (Telemetry, &["benchmark result", "performance result", "upload stats", "test stats", "sonar", "test summary"]),
    (Publish, &["pypi", "npmjs", "crates io", "docker hub", "dockerhub", "maven central", "to s3 release"]),
    (Suggest, &["suggest", "autoformat", "auto format", "autofix", "auto fix", "dependency update"]),
    (Cache, &["docker push$", "cache", "sccache", "ccache"]),
    (
        Notify,
        &["slack", "notify", "notification", "pr comment", "comment on", "sticky comment", "discord", "pagerduty"],
    ),
    (Cleanup, &["cleanup", "clean up", "teardown", "tear down"]),
    (Support, &["pre test", "post test", "debug", "ssh", "tmate", "defender", "disk space", "runner info", "diagnos"]),
    (
        Support,
        &["test dependenc", "build dependenc", "test data", "test matrix", "test env", "build env", "test script"],
    ),
    (Artifact, &["artifact"]),
];

/// What decides at the start of the name.
const LEADS: &[(Role, &[&str])] = &[
    (Artifact, &["upload", "download", "archive", "store", "attach", "retrieve", "fetch build", "save"]),
    (
        Support,
        &["install", "setup", "set up", "set$", "configure", "checkout", "check out", "clone", "init", "prepare"],
    ),
    (
        Support,
        &["bootstrap", "login", "log in", "authenticate", "create", "enable", "disable", "free", "get$", "fetch"],
    ),
    (Support, &["determine", "compute", "calculate", "extract", "add", "export", "start", "launch", "wait", "pull$"]),
    (
        Support,
        &["mount", "unzip", "unpack", "copy", "move", "find", "resolve", "read", "write", "apply", "merge", "rebase"],
    ),
    (
        Support,
        &["show", "print", "dump", "display", "list", "view", "inspect", "output", "echo", "tail", "cat$", "log$"],
    ),
    (
        Support,
        &[
            "check if",
            "check whether",
            "check for",
            "check label",
            "check disk",
            "check user",
            "check team",
            "detect",
            "parse",
        ],
    ),
    (
        Support,
        &[
            "parallel",
            "assign",
            "define",
            "select$",
            "restore",
            "use$",
            "switch",
            "update apt",
            "warm",
            "allow",
            "fix perm",
        ],
    ),
    (Support, &["minimi", "skip", "filter", "changes$", "changed", "matrix", "wrapper", "record", "setup"]),
    (Telemetry, &["report", "collect", "measure", "monitor", "coverage", "summar", "generate report", "process test"]),
    (Telemetry, &["annotate", "emit", "track", "capture"]),
    (Notify, &["notify", "post$", "comment", "send", "announce", "label", "open issue", "create issue", "close"]),
    (Cleanup, &["clean", "delete", "remove", "stop", "kill", "prune", "shutdown", "shut down", "chown", "destroy"]),
    (Cleanup, &["uninstall", "reset", "revoke", "terminate"]),
    (Generated, &["generate", "regenerate", "sync", "update", "bump", "commit", "format$", "sort"]),
    (Publish, &["publish", "release", "deploy", "push", "promote", "sign$"]),
    (
        Verify,
        &["build", "test", "lint", "check", "verify", "validate", "compile", "scan", "compare", "audit", "typecheck"],
    ),
];

/// What decides anywhere, where nothing above did.
const ANYWHERE: &[(Role, &[&str])] = &[
    (Support, &["install", "checkout", "setup", "set up"]),
    (Artifact, &["upload", "download"]),
    (Telemetry, &["results", "report", "summary", "coverage", "logs", "stats"]),
    (Publish, &["publish", "deploy", "release$"]),
    (
        Verify,
        &["test", "pytest", "unittest", "e2e", "lint", "type check", "typecheck", "mypy", "clippy", "tidy", "eslint"],
    ),
    (Verify, &["build", "compile", "check", "verify", "verification", "validat", "scan", "analy", "audit", "semgrep"]),
    (
        Verify,
        &["sanitizer", "fuzz", "compar", "conformance", "regression", "doctest", "spec$", "specs$", "codeql", "trivy"],
    ),
    (Verify, &["snyk", "brakeman", "detekt", "shellcheck", "flake8", "bandit", "integration", "quality", "compat"]),
    (
        Verify,
        &[
            "hawkscan",
            "zap$",
            "benchmark",
            "microbench",
            "perf$",
            "wheel",
            "docs$",
            "documentation",
            "sanity",
            "ut$",
            "docker image",
        ],
    ),
];

/// Jobs that watch over others, wherever the name says it.
const GATES: &[&str] = &[
    "all green",
    "alls green",
    "all checks",
    "all jobs",
    "all tests",
    "all good",
    "all done",
    "all passed",
    "all ok",
    "ci ok",
    "ci success",
    "ci status",
    "ci pass",
    "ci complete",
    "ci done",
    "ci result",
    "ci gate",
    "ci required",
    "tests pass",
    "tests ok",
    "tests done",
    "tests success",
    "checks pass",
    "check pass",
    "check success",
    "build success",
    "required check",
    "required status",
    "required job",
    "gatekeeper",
    "merge gate",
    "pr gate",
    "status check",
    "merge ok",
    "ready to merge",
    "can merge",
    "mergeable",
    "final result",
    "check result",
    "test status",
    "build status",
];

/// Jobs that watch over others, if the name begins so.
const GATE_LEADS: &[&str] = &[
    "required$",
    "gate$",
    "done$",
    "conclusion",
    "success$",
    "finish$",
    "complete$",
    "passed$",
    "bors",
    "aggregate",
    "final$",
];

/// The role a name shows.
pub fn of(name: &str) -> Option<Role> {
    ROLES.first(&words(name), LAST)
}

/// The role that even the name of a whole workflow shows.
pub fn telling(name: &str) -> Option<Role> {
    ROLES.first(&words(name), 0)
}

/// The role that words show wherever they stand.
pub fn telling_any(name: &str) -> Option<Role> {
    ROLES.first(&words(name), TELLING.len() - 1)
}

/// Whether a job of this name watches over others.
pub fn is_gate(name: &str) -> bool {
    GATE_NAMES.first(&words(name), LAST).is_some()
}

/// The tables of roles, as one.
static ROLES: LazyLock<Phrases<Role>> = LazyLock::new(|| {
    let rows = |table: &'static [(Role, &'static [&'static str])], lead: bool| {
        table.iter().map(move |(role, phrases)| (*role, *phrases, lead))
    };
    Phrases::new(rows(TELLING, false).chain(rows(LEADS, true)).chain(rows(ANYWHERE, false)))
});

/// The tables of gates, as one.
static GATE_NAMES: LazyLock<Phrases<()>> = LazyLock::new(|| Phrases::new([((), GATES, false), ((), GATE_LEADS, true)]));

/// Past the last row of any table.
const LAST: usize = usize::MAX;

/// All phrases of some tables, looked for in one pass over a name.
struct Phrases<R> {
    search: AhoCorasick,
    /// The row of each pattern, and whether it counts at the start of the name only.
    patterns: Vec<(usize, bool)>,
    rows: Vec<R>,
}

impl<R: Copy> Phrases<R> {
    /// From rows in the order of their weight: what they show, their phrases, and whether these lead.
    fn new(table: impl IntoIterator<Item = (R, &'static [&'static str], bool)>) -> Phrases<R> {
        let (mut texts, mut patterns, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        for (row, (shows, phrases, lead)) in table.into_iter().enumerate() {
            rows.push(shows);
            patterns.extend(phrases.iter().map(|_| (row, lead)));
            texts.extend(phrases.iter().map(|phrase| format!(" {}", phrase.replace('$', " "))));
        }
        #[expect(clippy::expect_used, reason = "the tables are constant, and far below the limit of patterns")]
        let search = AhoCorasick::new(texts).expect("the phrases make an automaton");
        Phrases { search, patterns, rows }
    }

    /// What the first row shows, up to row `last`, that has a phrase in ` name `.
    fn first(&self, name: &str, last: usize) -> Option<R> {
        let row = |found: Match| {
            let (row, lead) = self.patterns[found.pattern()];
            (row <= last && (!lead || found.start() == 0)).then_some(row)
        };
        self.search.find_overlapping_iter(name).filter_map(row).min().map(|row| self.rows[row])
    }
}

/// Lower case, all that is no letter or digit a space, a space at both ends; `camelCase` stays one word.
fn words(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    out.push(' ');
    for c in name.chars() {
        match c.is_ascii_alphanumeric() {
            true => out.push(c.to_ascii_lowercase()),
            false if !out.ends_with(' ') => out.push(' '),
            false => {}
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_steps_are_for() {
        for (name, role) in [
            ("Run tests", Some(Verify)),
            ("Do TD", Some(Verify)),
            ("Upload coverage to Codecov", Some(Telemetry)),
            ("Install test dependencies", Some(Support)),
            ("🧹 Clean up", Some(Cleanup)),
            ("Setup SSH (Click me for login details)", Some(Support)),
            ("build-and-test", Some(Verify)),
            ("Download artifacts", Some(Artifact)),
            ("Publish to PyPI", Some(Publish)),
            ("Frobnicate", None),
            ("", None),
        ] {
            assert_eq!(of(name), role, "{name}");
        }
    }
}
