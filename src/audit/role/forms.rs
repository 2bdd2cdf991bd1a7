//! What the shape of a name says: its first and its last word taken together.
//!
//! To extend: add a word to a list.

use super::Role::{self, *};
use super::words::{Word, position};

/// Whether a word is one of these.
macro_rules! is_one {
    ($word:expr, $($own:literal)+) => { matches!($word, $($own)|+) };
}

/// The first word of a name, or nothing.
pub fn first<'w>(words: &'w [Word<'_>]) -> &'w str {
    words.first().map_or("", |word| word)
}

fn last<'w>(words: &'w [Word<'_>]) -> &'w str {
    words.last().map_or("", |word| word)
}

/// What is said whatever other words stand in the name.
pub fn role(words: &[Word<'_>]) -> Option<Role> {
    let role = |role, fits| Some(role).filter(|_| fits);
    match first(words) {
        "run" | "execute" if migrates(words) => Some(Support),
        "run" | "execute" | "retry" | "rerun" => role(Verify, runs_tests(words)),
        "apply" | "perform" | "database" | "db" => role(Support, migrates(words)),
        "ensure" | "verify" | "confirm" => role(Verify, position(words, "up to date").is_some()),
        "post" if checks_afterwards(words) => Some(Verify),
        "post" | "attach" | "add" | "upload" => role(Publish, attaches(words)),
        _ => role(Verify, checks_thing(words)),
    }
}

/// `Run approve-plan tests`: what is run decides, whatever word stands before it.
pub fn runs_check(words: &[Word<'_>]) -> bool {
    is_one!(first(words), "run" "execute")
        && is_one!(last(words), "test" "tests" "check" "checks" "lint" "linter" "linters" "ci" "coverage")
}

/// `Run the install tests in a container`, `Retry flaky tests`, but not `Run the test database`.
fn runs_tests(words: &[Word<'_>]) -> bool {
    let is_around = |word: &Word<'_>| {
        is_one!(&**word, "data" "database" "databases" "db" "env" "environment" "setup" "server" "servers" "service" "services"
            "proxy" "stack" "preparation" "preparations" "report" "reports" "result" "results" "summary" "log" "logs" "stats"
            "coverage" "benchmark" "benchmarks" "performance" "perf")
    };
    let script = |at: usize| words.get(at + 1).is_some_and(|word| word == "script");
    let tests = |at: usize| words[at] == "tests" || words[at] == "test" && script(at);
    (1..words.len()).any(tests) && !words.iter().any(is_around)
}

/// `Import lint`, `Codegen checks`: what is checked is called by a word that elsewhere is a verb.
fn checks_thing(words: &[Word<'_>]) -> bool {
    (2..=3).contains(&words.len())
        && is_one!(first(words), "commit" "commits" "format" "formatting" "codegen" "import" "imports" "export" "exports" "sync"
            "log" "bench" "cache" "provider")
        && is_one!(last(words), "lint" "linter" "check" "checks" "validation" "verification" "assertion")
}

/// `Post-build static tests`: behind the build, and no message.
fn checks_afterwards(words: &[Word<'_>]) -> bool {
    let behind =
        words.get(1).is_some_and(|word| is_one!(&**word, "build" "version" "install" "merge" "deploy" "release"));
    behind && words.len() > 2 && (ends_in_check(words) || last(words) == "guard")
}

/// `Run database migrations`
fn migrates(words: &[Word<'_>]) -> bool {
    is_one!(last(words), "migration" "migrations")
}

/// `Attach the chart to the release`: what is put there is published; its text, and who worked on it, publish nothing.
fn attaches(words: &[Word<'_>]) -> bool {
    let is_text =
        |word: &Word<'_>| is_one!(&**word, "changelog" "notes" "contributors" "info" "label" "body" "comment");
    let ends = |at: usize| words.get(at + 1).is_none_or(|word| is_one!(&**word, "assets" "artifacts"));
    let to = |at: usize| words[..at].iter().rev().take(4).any(|word| is_one!(&**word, "to" "as"));
    let to_release = |at: usize| words[at] == "release" && ends(at) && (to(at) || at + 1 < words.len());
    (1..words.len()).any(to_release) && !words.iter().any(is_text)
}

/// Whether a name says that it asks for a version.
pub fn names_version(name: &str) -> bool {
    let words = super::words::words(name);
    let asks = || is_one!(first(&words), "check" "test" "testing" "get" "show" "print" "grab" "package" "sanity" "version" "current");
    is_one!(last(&words), "version" "versions") && asks() || first(&words) == "version"
}

/// Whether words behind a value that was worked out only look whether it is in order: `Resolve and verify PR number`.
pub fn checks_value(words: &[Word<'_>]) -> bool {
    words.len() > 1
        && is_one!(first(words), "validate" "verify" "check")
        && is_one!(last(words), "tag" "tags" "version" "number" "path" "name" "inputs" "input" "params" "parameters" "label" "branch"
            "sha" "ref" "author" "mode")
}

/// Whether a name begins with a word for checking.
pub fn asserts(words: &[Word<'_>]) -> bool {
    is_one!(first(words), "check" "verify" "validate" "assert" "ensure" "refuse" "abort" "test" "fail" "lint")
}

/// Whether the last word of a name is one for a check.
pub fn ends_in_check(words: &[Word<'_>]) -> bool {
    is_one!(last(words), "build" "test" "tests" "check" "checks" "lint")
}

/// What the last word makes of a verb: to build a matrix is to work out values, and to publish a report tells people.
pub fn by_object(words: &[Word<'_>]) -> Option<Role> {
    if words.len() > 1 && is_one!(last(words), "info" "information") && !asserts(words) {
        return Some(Support);
    }
    match first(words) {
        "check" if is_one!(last(words), "permission" "permissions") => Some(Support),
        "build" | "create" | "generate" | "compose" | "make" | "prepare" | "assemble" | "rebuild" => made(words),
        "publish" => told(words),
        _ => None,
    }
}

/// What is made, where it is no product.
fn made(words: &[Word<'_>]) -> Option<Role> {
    match last(words) {
        "matrix" | "matrices" | "list" | "args" | "arguments" | "inputs" | "name" | "names" | "prompt"
        | "variables" | "vars" | "metadata" | "inventory" | "payload" | "plan" | "prefix" | "url" | "urls"
        | "filters" | "params" | "parameters" | "badge" => Some(Support).filter(|_| words.len() > 2),
        _ if words.len() < 2 => None,
        "message" | "body" | "summary" | "description" | "changelog" | "notes" | "table" => Some(Generated),
        "issue" | "issues" | "ticket" | "tickets" => Some(Notify),
        _ => None,
    }
}

/// What is published, where it only tells people.
fn told(words: &[Word<'_>]) -> Option<Role> {
    let is_figure = |word: &Word<'_>| is_one!(&**word, "report" "reports" "summary" "result" "results" "metrics" "dashboard" "status" "badge");
    let is_tiding = || is_one!(last(words), "comment" "comments" "event" "marker" "feedback" "message");
    match words.get(1..)? {
        behind if behind.iter().any(is_figure) => Some(Telemetry),
        [_, ..] if is_tiding() => Some(Notify),
        _ => None,
    }
}

/// `Create release directory`
pub fn ends_in_folder(words: &[Word<'_>]) -> bool {
    is_one!(last(words), "directory" "directories" "dir" "folder")
}

/// Words before what is only brought here.
pub fn is_taking(word: &str) -> bool {
    is_one!(word, "install" "installing" "download" "downloading")
}

/// `make test`, `Make documentation`, `Create sdist`: a build by the name of its tool or of what it makes.
pub fn makes_product(words: &[Word<'_>]) -> bool {
    let is_target = |word: &str| is_one!(word, "test" "tests" "check" "lint" "build" "all" "doc" "docs" "documentation" "html" "dist");
    let is_product = |word: &str| is_one!(word, "sdist" "msi" "rpm" "deb" "wheel" "wheels" "package" "packages" "installer" "appimage");
    match words {
        [make] => make == "make",
        [make, target] if make == "make" && is_target(target) => true,
        [make, .., product] => is_one!(&**make, "make" "create") && is_product(product),
        [] => false,
    }
}

/// `create-beta-release`, `make the app release`.
pub fn makes_release(words: &[Word<'_>]) -> bool {
    is_one!(first(words), "create" "make" "produce") && is_one!(last(words), "release" "prerelease")
}

/// `Ensure the simulator is ready`: what is made sure of is what the work needs.
pub fn gets_ready(words: &[Word<'_>]) -> bool {
    let installed = is_one!(first(words), "verify" "check" "make")
        && last(words) == "installed"
        && !words.iter().any(|word| word == "not");
    installed
        || first(words) == "ensure"
            && is_one!(last(words), "ready" "loaded" "installed" "running" "available" "started" "space" "directory")
}

/// `unittests`, `eslint`, `typecheck`: words that end in what is done.
pub fn is_compound(word: &str) -> bool {
    let except =
        ["latest", "attest", "contest", "fastest", "shortest", "greatest", "smartest", "splint", "healthcheck"];
    let ends = ["test", "tests", "lint", "check", "checks", "build", "builds"];
    word.len() > 5 && !except.contains(&word) && ends.iter().any(|end| word.ends_with(end))
}
