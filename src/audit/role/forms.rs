//! What the shape of a name says: its first and its last word taken together.
//!
//! To extend: add a word to a list; blanks part words.

use super::Role::{self, *};
use super::words::{Word, position};

/// Whether a word stands in a list.
fn is_one_of(word: &str, list: &str) -> bool {
    list.split(' ').any(|own| own == word)
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
    match () {
        () if runs_tests(words) || stays_current(words) || checks_thing(words) => Some(Verify),
        () if checks_afterwards(words) => Some(Verify),
        () if migrates(words) => Some(Support),
        () if attaches(words) => Some(Publish),
        () => None,
    }
}

/// `Run approve-plan tests`: what is run decides, whatever word stands before it.
pub fn runs_check(words: &[Word<'_>]) -> bool {
    const CHECKS: &str = "test tests check checks lint linter linters ci coverage";
    is_one_of(first(words), "run execute") && is_one_of(last(words), CHECKS)
}

/// `Run the install tests in a container`, `Retry flaky tests`, but not `Run the test database`.
fn runs_tests(words: &[Word<'_>]) -> bool {
    const AROUND: &str = "data database databases db env environment setup server servers report reports result results summary \
        log logs stats coverage service services proxy stack preparation preparations benchmark benchmarks performance perf";
    let script = |at: usize| words.get(at + 1).is_some_and(|word| word == "script");
    let tests = |at: usize| words[at] == "tests" || words[at] == "test" && script(at);
    is_one_of(first(words), "run execute retry rerun")
        && (1..words.len()).any(tests)
        && !words.iter().any(|word| is_one_of(word, AROUND))
}

/// `Ensure that the generated files are up to date`
fn stays_current(words: &[Word<'_>]) -> bool {
    is_one_of(first(words), "ensure verify confirm") && position(words, "up to date").is_some()
}

/// `Import lint`, `Codegen checks`: what is checked is called by a word that elsewhere is a verb.
fn checks_thing(words: &[Word<'_>]) -> bool {
    const THINGS: &str =
        "commit commits format formatting codegen import imports export exports sync log bench cache provider";
    (2..=3).contains(&words.len())
        && is_one_of(first(words), THINGS)
        && is_one_of(last(words), "lint linter check checks validation verification assertion")
}

/// `Post-build static tests`: behind the build, and no message.
fn checks_afterwards(words: &[Word<'_>]) -> bool {
    let behind = words.get(1).is_some_and(|word| is_one_of(word, "build version install merge deploy release"));
    first(words) == "post" && behind && words.len() > 2 && (ends_in_check(words) || last(words) == "guard")
}

/// `Run database migrations`
fn migrates(words: &[Word<'_>]) -> bool {
    is_one_of(first(words), "run apply execute perform database db") && is_one_of(last(words), "migration migrations")
}

/// Whether a name says that it asks for a version.
pub fn names_version(name: &str) -> bool {
    let words = super::words::words(name);
    let asks = "check test testing get show print grab package sanity version current";
    is_one_of(last(&words), "version versions") && is_one_of(first(&words), asks) || first(&words) == "version"
}

/// Whether words behind a value that was worked out only look whether it is in order: `Resolve and verify PR number`.
pub fn checks_value(words: &[Word<'_>]) -> bool {
    const VALUES: &str = "validate verify check tag tags version number path name inputs input params parameters label branch sha ref author mode";
    words.len() > 1 && is_one_of(first(words), "validate verify check") && is_one_of(last(words), VALUES)
}

/// `Attach the chart to the release`: what is put there is published.
fn attaches(words: &[Word<'_>]) -> bool {
    let ends = |at: usize| words.get(at + 1).is_none_or(|word| is_one_of(word, "assets artifacts"));
    let to = |at: usize| words[..at].iter().rev().take(4).any(|word| is_one_of(word, "to as"));
    let to_release = |at: usize| words[at] == "release" && ends(at) && (to(at) || at + 1 < words.len());
    // The text of a release, and who worked on it, publish nothing.
    let is_text = |word: &Word<'_>| is_one_of(word, "changelog notes contributors info label body comment");
    is_one_of(first(words), "attach add upload post") && (1..words.len()).any(to_release) && !words.iter().any(is_text)
}

/// Whether a name begins with a word for checking.
pub fn asserts(words: &[Word<'_>]) -> bool {
    is_one_of(first(words), "check verify validate assert ensure refuse abort test fail lint")
}

/// Whether the last word of a name is one for a check.
pub fn ends_in_check(words: &[Word<'_>]) -> bool {
    is_one_of(last(words), "build test tests check checks lint")
}

/// What the last word makes of a verb: to build a matrix is to work out values, and to publish a report tells people.
pub fn by_object(words: &[Word<'_>]) -> Option<Role> {
    const VALUES: &str = "matrix matrices list args arguments inputs name names prompt variables vars metadata inventory payload plan \
        prefix url urls filters params parameters badge";
    const TEXTS: &str = "message body summary description changelog notes table";
    const FIGURES: &str = "report reports summary result results metrics dashboard status badge";
    const TIDINGS: &str = "comment comments event marker feedback message";
    let behind = words.get(1..).filter(|rest| !rest.is_empty())?;
    let ends = |list| is_one_of(last(words), list);
    if is_one_of(first(words), "build create generate compose make prepare assemble rebuild") {
        return match () {
            () if behind.len() > 1 && ends(VALUES) => Some(Support),
            () if ends(TEXTS) => Some(Generated),
            () if ends("issue issues ticket tickets") => Some(Notify),
            () => None,
        };
    }
    match first(words) {
        "publish" if behind.iter().any(|word| is_one_of(word, FIGURES)) => Some(Telemetry),
        "publish" if ends(TIDINGS) => Some(Notify),
        _ => None,
    }
}

/// `Create release directory`
pub fn ends_in_folder(words: &[Word<'_>]) -> bool {
    is_one_of(last(words), "directory directories dir folder")
}

/// Words before what is only brought here.
pub fn is_taking(word: &str) -> bool {
    is_one_of(word, "install installing download downloading")
}

/// `make test`, `Make documentation`, `Create sdist`: a build by the name of its tool or of what it makes.
pub fn makes_product(words: &[Word<'_>]) -> bool {
    const TARGETS: &str = "test tests check lint build all doc docs documentation html dist";
    const PRODUCTS: &str = "sdist msi rpm deb wheel wheels package packages installer appimage";
    match words {
        [make] => make == "make",
        [make, target] if make == "make" && is_one_of(target, TARGETS) => true,
        [make, .., product] => is_one_of(make, "make create") && is_one_of(product, PRODUCTS),
        [] => false,
    }
}

/// `create-beta-release`, `make the app release`.
pub fn makes_release(words: &[Word<'_>]) -> bool {
    is_one_of(first(words), "create make produce") && is_one_of(last(words), "release prerelease")
}

/// `Ensure the simulator is ready`: what is made sure of is what the work needs.
pub fn gets_ready(words: &[Word<'_>]) -> bool {
    first(words) == "ensure"
        && is_one_of(last(words), "ready loaded installed running available started space directory")
}

/// `unittests`, `eslint`, `typecheck`: words that end in what is done.
pub fn is_compound(word: &str) -> bool {
    let except =
        ["latest", "attest", "contest", "fastest", "shortest", "greatest", "smartest", "splint", "healthcheck"];
    let ends = ["test", "tests", "lint", "check", "checks", "build", "builds"];
    word.len() > 5 && !except.contains(&word) && ends.iter().any(|end| word.ends_with(end))
}
