//! What names say: of steps, ids, jobs, workflows and scripts. The phrases stand in [`super::phrases`].

use std::sync::LazyLock;

use memchr::memmem;

use super::Role::{self, *};
use super::forms;
use super::index::Index;
use super::phrases::{
    ANYWHERE, EDIT_TARGETS, GATE_LEADS, GATES, HANDS_OVER, LEADS, Row, TARGETS, TELLING, UNCHECKED, VAGUE_LEADS,
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
/// The phrases of both in one, those that a word for checking overrules first: to look once is quicker.
static SPOKEN: LazyLock<Index> =
    LazyLock::new(|| Index::of(UNCHECKED.iter().chain(TELLING).map(|(_, phrases)| *phrases)));
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
    // `Build & push`, `lint + test`: the signs are gone, and the words behind them seldom lead.
    let is_sign = |byte: u8| matches!(byte, b'&' | b'+' | b';' | b',');
    // Few names have one, and to look byte by byte is sooner done than to cut.
    let behind = name.bytes().position(is_sign).map(|at| &name[at + 1..]);
    // `Commit and push`: a bot writes back what it has made; `Push fixes and create PR`: it proposes it.
    let is_bot = || forms::first(&words) == "commit" || TABLES[0].anywhere(&words) == Some(Suggest);
    let counts = |named: &Named| named.role != Publish || !is_bot();
    // `Check for a tag and if it is released` asks for both.
    let asks = |part: &[Word<'_>]| matches!(forms::first(part), "if" | "whether");
    let mut parts = words.split(|word| word == "and" || word == "then");
    let first = parts.next().filter(|part| !asks(part)).and_then(clause);
    // `Delete tag and release`: what stands alone behind `and` is taken away too.
    let clears =
        || words.first().is_some_and(|word| clause(std::slice::from_ref(word)).is_some_and(|n| n.role == Cleanup));
    let taken = |part: &[Word<'_>]| {
        matches!(part, [only] if !matches!(&**only, "build" | "test" | "compile" | "install" | "check")) && clears()
    };
    // `Install clang and clang-tidy`, `Clean up the workspace & Docker images`: what stands behind is what it is done to.
    let only_readies = first.is_some_and(|named| named.leads && !named.vague && !named.role.matters());
    let runs = |part: &[Word<'_>]| forms::first(part) == "run";
    let is_no_part = |part: &[Word<'_>]| asks(part) || taken(part) || only_readies && forms::checks_value(part);
    let rest = parts.filter(|part| !is_no_part(part));
    let rest = rest.filter_map(|part| clause(part).map(|named| Named { leads: named.leads || runs(part), ..named }));
    let marked = behind.into_iter().flat_map(|rest| rest.split(['&', '+', ';', ',']));
    let marked = marked.filter_map(|part| clause(&super::words::words(part)));
    let found = first.into_iter().chain(rest).filter(counts).chain(marked);
    found.filter(|named| !only_readies || named.leads).min_by_key(|named| (weight(named.role), named.vague))
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
    let spoken = SPOKEN.anywhere(words);
    let unchecked = spoken.and_then(|row| UNCHECKED.get(row)).map(|row| row.0);
    if let Some(role) = forms::role(words).or_else(|| unchecked.filter(|_| !forms::asserts(words))) {
        return said(role, false);
    }
    let told = spoken.and_then(|row| match row.checked_sub(UNCHECKED.len()) {
        Some(row) => TELLING.get(row).map(|row| row.0),
        None => telling.anywhere(words),
    });
    if let Some(role) = told {
        // `check the cache hash` checks; `check cache`, `check if it is in the cache` and `build cache` do not.
        let first = forms::first(words);
        let asks = ["check", "verify", "validate", "test"].contains(&first);
        let asks = asks && words.get(1).is_none_or(|word| !["if", "whether"].contains(&word.as_ref()));
        let counts = matches!(first, "verify" | "validate") && role == Telemetry;
        if (asks && role == Cache || counts) && telling.anywhere(&words[..words.len().min(2)]).is_none() {
            return said(Verify, true);
        }
        // `Telegram Desktop build`, `Run discord-listener tests`: what is named so is no message.
        if role == Notify && first != "notify" && forms::ends_in_check(words) {
            return said(Verify, false);
        }
        if role == Support && first == "deploy" {
            return said(Publish, false);
        }
        // `Delete old release assets` makes room, and `fetch-gh-release-asset` takes one.
        let instead = match first {
            "delete" | "remove" | "prune" | "clean" | "cleanup" | "destroy" | "stop" => Some(Cleanup),
            "download" => Some(Artifact),
            "fetch" | "get" | "find" | "list" | "wait" | "resolve" | "locate" | "compute" | "copy" | "print"
            | "show" | "set" => Some(Support),
            // `Notify Slack that terraform apply is pending`
            "notify" | "announce" => Some(Notify),
            // `Create release directory`
            "create" | "make" if forms::ends_in_folder(words) => Some(Support),
            _ => None,
        };
        if role == Verify && forms::is_taking(first) {
            return said(Support, false);
        }
        return said(instead.filter(|_| role.matters()).unwrap_or(role), role == Telemetry);
    }
    if forms::runs_check(words) {
        return said(Verify, false);
    }
    if forms::gets_ready(words) {
        return said(Support, false);
    }
    let from = words.iter().position(|word| !is_filler(word)).unwrap_or(0);
    let words = &words[from..];
    if let Some(role) = forms::by_object(words) {
        return said(role, false);
    }
    if let Some(role) = hands_over(words) {
        return said(role, false);
    }
    if let Some(role) = leads.leading(words) {
        return said(role, false);
    }
    if forms::makes_product(words) {
        return said(Verify, false);
    }
    if forms::makes_release(words) {
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
    words.iter().any(|word| forms::is_compound(word)).then_some(Named { role: Verify, vague: false, leads: false })
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

/// Whether a path's or a task's word begins or ends with what is done: `runtests`, `buildall`.
pub fn in_path(name: &str) -> Option<Role> {
    let begins = ["test", "build", "lint", "check", "verif", "validat", "compil"];
    let except = ["checkout", "checksum", "testdata", "testing", "builder"];
    let tells = |word: &Word<'_>| {
        forms::is_compound(word)
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
            ("Run the install tests in a container", Some(Verify)),
            ("Run test database", Some(Support)),
            ("Ensure that generated files are up to date", Some(Verify)),
            ("Attach chart to release", Some(Publish)),
            ("Attach logs", Some(Artifact)),
            ("Build test matrix", Some(Support)),
            ("Build the release notes", Some(Generated)),
            ("Validate release notes", Some(Verify)),
            ("Publish SpotBugs report", Some(Telemetry)),
            ("Commit and push index", Some(Generated)),
            ("Push fixes and create PR", Some(Suggest)),
            ("Clean up workspace & Docker images", Some(Cleanup)),
            ("Clean and build", Some(Verify)),
            ("Delete the dry-run release", Some(Cleanup)),
            ("Notify Slack that terraform apply is pending", Some(Notify)),
            ("Telegram Desktop build", Some(Verify)),
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
