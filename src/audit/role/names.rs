//! What names say: of steps, ids, jobs, workflows and scripts. The phrases stand in [`super::phrases`].

use std::sync::LazyLock;

use memchr::memmem;

use super::Role::{self, *};
use super::index::Index;
use super::phrases::{
    ANYWHERE, EDIT_TARGETS, GATE_LEADS, GATES, HANDS_OVER, LEADS, Row, TARGETS, TELLING, VAGUE_LEADS,
};
use super::words::{Word, position, words};

/// What a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// The role.
    pub role: Role,
    /// Whether the words are of a kind that what is done can overrule: "generate", "create", "report".
    pub vague: bool,
    /// Whether a telling phrase or the first word says it, and not a word somewhere.
    pub leads: bool,
}

/// A table and the index of its phrases.
struct Table {
    rows: &'static [Row],
    index: Index,
}

impl Table {
    fn of(rows: &'static [Row]) -> Table {
        Table { rows, index: Index::of(rows.iter().map(|(_, phrases)| *phrases)) }
    }

    fn leading(&self, words: &[Word<'_>]) -> Option<Role> {
        self.index.leading(words).map(|row| self.rows[row].0)
    }

    fn anywhere(&self, words: &[Word<'_>]) -> Option<Role> {
        self.index.anywhere(words).map(|row| self.rows[row].0)
    }
}

static TABLES: LazyLock<[Table; 4]> = LazyLock::new(|| [TELLING, LEADS, VAGUE_LEADS, ANYWHERE].map(Table::of));
static GATE_PHRASES: LazyLock<[Index; 2]> = LazyLock::new(|| [GATES, GATE_LEADS].map(|list| Index::of([list])));
static HANDING: LazyLock<[Index; 3]> =
    LazyLock::new(|| [HANDS_OVER, TARGETS, EDIT_TARGETS].map(|list| Index::of([list])));

/// The role a name shows: the weightiest of the things it names.
///
/// What stands in brackets at the end, or behind `with`, only says where or how, and counts if the rest says nothing.
pub fn of(name: &str) -> Option<Named> {
    let how = [" (", " with "].iter().filter_map(|mark| memmem::find(name.as_bytes(), mark.as_bytes())).min();
    // `Check the network (for debugging)`
    if let Some(at) = how.filter(|at| name[*at..].starts_with(" (for debug")) {
        return clauses(&name[at..]);
    }
    let before = how.filter(|at| *at > 0).and_then(|at| clauses(&name[..at]));
    before.or_else(|| clauses(name))
}

/// `build and upload` is a build.
fn clauses(name: &str) -> Option<Named> {
    let words = words(name);
    let parts = words.split(|word| word == "and" || word == "then");
    // `Delete tag and release`: what stands alone behind `and` is taken away too.
    let clears =
        || words.first().is_some_and(|first| clause(std::slice::from_ref(first)).is_some_and(|n| n.role == Cleanup));
    // `Check for a tag and if it is released` asks for both.
    let parts = parts.filter(|part| !part.first().is_some_and(|word| word == "if" || word == "whether"));
    let found = parts.filter(|part| !(part.len() == 1 && *part != &words[..1] && clears())).filter_map(clause);
    // `Build & push`, `lint + test`: the signs are gone, and the words behind them seldom lead.
    let is_sign = |byte: u8| matches!(byte, b'&' | b'+' | b';' | b',');
    // Few names have one, and to look byte by byte is sooner done than to cut.
    let behind = name.bytes().position(is_sign).map(|at| &name[at + 1..]);
    let marked = behind.into_iter().flat_map(|rest| rest.split(['&', '+', ';', ',']));
    // `Install clang and clang-tidy`: what is installed does nothing yet.
    let installs = words.first().is_some_and(|word| is_taking(word));
    let found = found.chain(marked.filter_map(|part| clause(&super::words::words(part))));
    found.filter(|named| !installs || named.leads).min_by_key(|named| (weight(named.role), named.vague))
}

fn weight(role: Role) -> usize {
    match role {
        Verify => 0,
        Publish => 1,
        _ => 2,
    }
}

fn clause(words: &[Word<'_>]) -> Option<Named> {
    let [telling, leads, vague_leads, anywhere] = &*TABLES;
    let said = |role, vague| Some(Named { role, vague, leads: true });
    if let Some(role) = telling.anywhere(words) {
        // `check the cache hash` checks; `check cache`, `check if it is in the cache` and `build cache` do not.
        let asks = words.first().is_some_and(|word| ["check", "verify", "validate", "test"].contains(&word.as_ref()));
        let asks = asks && words.get(1).is_none_or(|word| !["if", "whether"].contains(&word.as_ref()));
        if asks && role == Cache && telling.anywhere(&words[..words.len().min(2)]).is_none() {
            return said(Verify, true);
        }
        // `Delete old release assets` makes room, and `fetch-gh-release-asset` takes one.
        let first = words.first().map_or("", |word| &**word);
        let instead = match first {
            "delete" | "remove" | "prune" => Some(Cleanup),
            "fetch" | "get" | "find" | "list" => Some(Support),
            // `Notify Slack that terraform apply is pending`
            "notify" | "announce" => Some(Notify),
            // `Create release directory`
            "create" | "make" if ends_in_folder(words) => Some(Support),
            _ => None,
        };
        if role == Verify && is_taking(first) {
            return said(Support, false);
        }
        return said(instead.filter(|_| role == Publish).unwrap_or(role), role == Telemetry);
    }
    if runs_check(words) {
        return said(Verify, false);
    }
    if gets_ready(words) {
        return said(Support, false);
    }
    let from = words.iter().position(|word| !is_filler(word)).unwrap_or(0);
    let words = &words[from..];
    if let Some(role) = hands_over(words) {
        return said(role, false);
    }
    if let Some(role) = leads.leading(words) {
        return said(role, false);
    }
    if makes_product(words) {
        return said(Verify, false);
    }
    // `create-beta-release`, `make the app release`.
    let makes = words.first().is_some_and(|word| ["create", "make", "produce"].contains(&word.as_ref()));
    if makes && words.last().is_some_and(|word| ["release", "prerelease"].contains(&word.as_ref())) {
        return said(Publish, false);
    }
    if let Some(role) = vague_leads.leading(words) {
        // To generate documentation is to build it.
        let is_doc = |word: &str| matches!(word, "doc" | "docs" | "documentation" | "apidoc" | "apidocs" | "javadoc");
        let docs = role == Generated && words.iter().skip(1).any(|word| is_doc(word));
        return said(if docs { Verify } else { role }, true);
    }
    if let Some(role) = anywhere.anywhere(words) {
        return Some(Named { role, vague: role != Verify && role != Publish, leads: false });
    }
    words.iter().any(|word| is_compound(word)).then_some(Named { role: Verify, vague: false, leads: false })
}

/// `Run approve-plan tests`: what is run decides, whatever word stands before it.
fn runs_check(words: &[Word<'_>]) -> bool {
    let runs = words.first().is_some_and(|word| matches!(&**word, "run" | "execute"));
    let last = words.last().map_or("", |word| &**word);
    runs && ["test", "tests", "check", "checks", "lint", "linter", "linters", "ci", "coverage"].contains(&last)
}

/// Words before what is only brought here.
fn is_taking(word: &str) -> bool {
    ["install", "installing", "download", "downloading"].contains(&word)
}

fn ends_in_folder(words: &[Word<'_>]) -> bool {
    words.last().is_some_and(|word| ["directory", "directories", "dir", "folder"].contains(&word.as_ref()))
}

/// `make test`, `Make documentation`, `Create sdist`: a build by the name of its tool or of what it makes.
fn makes_product(words: &[Word<'_>]) -> bool {
    const TARGETS: &[&str] =
        &["test", "tests", "check", "lint", "build", "all", "doc", "docs", "documentation", "html", "dist"];
    const PRODUCTS: &[&str] =
        &["sdist", "msi", "rpm", "deb", "wheel", "wheels", "package", "packages", "installer", "appimage"];
    match words {
        [make] => make == "make",
        [make, target] if make == "make" && TARGETS.contains(&target.as_ref()) => true,
        [make, .., product] => ["make", "create"].contains(&make.as_ref()) && PRODUCTS.contains(&product.as_ref()),
        [] => false,
    }
}

/// `Ensure the simulator is ready`: what is made sure of is what the work needs.
fn gets_ready(words: &[Word<'_>]) -> bool {
    const READY: &[&str] = &["ready", "loaded", "installed", "running", "available", "started", "space", "directory"];
    words.first().is_some_and(|word| word == "ensure")
        && words.last().is_some_and(|word| READY.contains(&word.as_ref()))
}

/// Words before the one that tells: `run the tests`, `1. install`.
fn is_filler(word: &str) -> bool {
    let fillers =
        ["run", "runs", "running", "execute", "perform", "do", "try", "to", "the", "a", "job", "step", "now", "ci"];
    fillers.contains(&word) || word.chars().all(|c| c.is_ascii_digit())
}

/// `Upload to PyPI`, `push image`: a verb that hands over, and what goes to users or where they get it.
fn hands_over(words: &[Word<'_>]) -> Option<Role> {
    let [verbs, targets, edits] = &*HANDING;
    verbs.leading(words)?;
    let kept = ["artifact", "artefact", "result", "report", "log", "coverage", "trace", "screenshot", "sarif"];
    match (edits.anywhere(words).is_some(), targets.anywhere(words).is_some()) {
        _ if kept.iter().any(|phrase| position(words, phrase).is_some()) => None,
        (true, _) => Some(Generated),
        (false, true) => Some(Publish),
        _ => None,
    }
}

/// `unittests`, `eslint`, `typecheck`: words that end in what is done.
fn is_compound(word: &str) -> bool {
    let except =
        ["latest", "attest", "contest", "fastest", "shortest", "greatest", "smartest", "splint", "healthcheck"];
    let ends = ["test", "tests", "lint", "check", "checks", "build", "builds"];
    word.len() > 5 && !except.contains(&word) && ends.iter().any(|end| word.ends_with(end))
}

/// Whether a path's or a task's word begins or ends with what is done: `runtests`, `buildall`.
pub fn in_path(name: &str) -> Option<Role> {
    let begins = ["test", "build", "lint", "check", "verif", "validat", "compil"];
    let except = ["checkout", "checksum", "testdata", "testing", "builder"];
    let tells = |word: &Word<'_>| {
        is_compound(word)
            || (!except.iter().any(|e| word.starts_with(e)) && begins.iter().any(|start| word.starts_with(start)))
    };
    words(name).iter().any(tells).then_some(Verify)
}

/// The role that even the name of a whole workflow shows.
pub fn telling(name: &str) -> Option<Role> {
    let [telling, ..] = &*TABLES;
    let words = words(name);
    // The first line wins, so it matches if the index names it.
    (telling.index.anywhere(&words) == Some(0)).then(|| telling.rows[0].0)
}

/// The role that words show wherever they stand.
pub fn telling_any(name: &str) -> Option<Role> {
    TABLES[0].anywhere(&words(name))
}

/// Whether a job of this name watches over others.
pub fn is_gate(name: &str) -> bool {
    let [anywhere, leads] = &*GATE_PHRASES;
    let words = words(name);
    // `add-ci-passed-label` changes a label, whatever it says, and `build-complete-webhook` tells others.
    let does = ["label", "webhook", "notif", "comment", "slack", "dispatch", "upload"];
    if words.last().is_some_and(|word| does.iter().any(|thing| word.starts_with(thing))) {
        return false;
    }
    anywhere.anywhere(&words).is_some() || leads.leading(&words).is_some() || says_all_went_well(&words)
}

/// `test-suite-success`, but not `notify-success`.
fn says_all_went_well(words: &[Word<'_>]) -> bool {
    let well = ["success", "succeeded", "passed", "green"];
    let tells = ["notify", "on", "if", "report", "announce", "comment", "label", "post"];
    matches!(words, [first, .., last] if well.contains(&last.as_ref()) && !tells.contains(&first.as_ref()))
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
            ("build_artifact", Some(Verify)),
            ("Install and test", Some(Verify)),
            ("Checksums with BLAKE3", None),
            ("runUnitTests", Some(Verify)),
            ("Download artifacts", Some(Artifact)),
            ("Publish to PyPI", Some(Publish)),
            ("Upload wheels to PyPI", Some(Publish)),
            ("Log in to Docker Hub", Some(Support)),
            ("Push changes", Some(Generated)),
            ("Push image", Some(Publish)),
            ("Build & push image", Some(Verify)),
            ("Create GitHub release", Some(Publish)),
            ("Run benchmarks", Some(Telemetry)),
            ("Compare benchmarks", Some(Verify)),
            ("Publish test results", Some(Telemetry)),
            ("${{ matrix.os }}", None),
            ("Frobnicate", None),
            ("", None),
        ] {
            assert_eq!(of(name).map(|named| named.role), role, "{name}");
        }
    }

    #[test]
    fn gates_go_by_their_names() {
        for (name, gate) in [
            ("all-green", true),
            ("Required Checks: Nix", true),
            ("CI success", true),
            ("ci-ok", true),
            ("required", true),
            ("build", false),
            ("deploy-gate-keeper-image", false),
        ] {
            assert_eq!(is_gate(name), gate, "{name}");
        }
    }
}
