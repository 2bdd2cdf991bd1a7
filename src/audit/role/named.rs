//! What a step is for by its name and its script together: the name decides, but for these cases.
//!
//! What the commands do takes longest to tell, so it is asked last and only where it counts.

use std::cell::LazyCell;

use super::Role::{self, *};
use super::does::{
    self, asserts, only_answers, only_commits, only_hands_on, only_lists, only_potters, only_sets_status,
    only_shows_version, only_starts, only_waits, only_writes_files,
};
use super::names::Named;
use super::proposal::deploys;
use super::{Purpose, command, forms, of_script, says, words};
use crate::workflow::view::Step;

/// By both.
pub fn purpose(step: &Step<'_>, (name, text): (Named, &str), script: &str) -> Purpose {
    // `Start the server` by a command that runs on behind the script.
    if name.vague && only_starts(text, script) {
        return Purpose::new(name.role, says(text));
    }
    by_commands(&name, text, script)
        .or_else(|| by_bounds(step, name.role, text, script))
        .unwrap_or_else(|| Purpose::new(name.role, says(text)))
}

/// What the commands do, where it says more than the name.
fn by_commands(name: &Named, text: &str, script: &str) -> Option<Purpose> {
    let does = LazyCell::new(|| of_script(script));
    let does_so = |role: Role| does.as_ref().filter(|does| does.role == role).cloned();
    // `Archive the app` by a command that builds it.
    if (name.vague || name.role == Artifact)
        && let Some(check) = command::known_check(script)
    {
        return Some(check);
    }
    match name.role {
        Generated if may_check(name, text, script) => does_so(Verify),
        Support if fails_for_finds(script) || asks_whether(text) => does_so(Verify),
        // What a script of the repository is called says less than a name that begins with `Test`.
        Verify if only_looks_at(text) && !(begins(text, "test") && script.contains(".sh")) => {
            does_so(Support).filter(|_| only_lists(script) || !asserts(script) && !is_smoke_test(text, script))
        }
        _ => None,
    }
}

/// That the script does no more than this, where the name says more; or that it measures.
fn by_bounds(step: &Step<'_>, role: Role, text: &str, script: &str) -> Option<Purpose> {
    let answers = || only_looks_at(text) || ends_as_check(text) && script.contains("$(");
    let (role, evidence) = match role {
        // `Check the current version`
        Verify if forms::names_version(text) && only_shows_version(script) => (Support, "it only asks for a version"),
        role if role.matters() && only_potters(script) => (Support, "it only prints, moves or fetches files"),
        Verify if only_waits(script) => (Support, "it only waits"),
        // `C compiler` that only hands a name on.
        Verify if only_hands_on(script) => (Support, "it only sets variables"),
        // `Rust build` that only writes what the build reads.
        Verify if only_writes_files(script) => (Support, "it only writes a file"),
        // `Push the updated list` commits what a step before it has written.
        Publish if only_commits(script) && step.working_directory.is_none() && !deploys(step) => {
            (Generated, "it only commits what was written")
        }
        // `Upload the folder` to a server.
        Artifact if does::copies_to_host(script) && !keeps(text) => (Publish, "it copies files to a host"),
        // `Publish the link` as a status of the commit.
        Publish if only_sets_status(script) => (Notify, "it only sets a status"),
        // `Check the diff` that writes its answer to an output asks, and asserts nothing.
        Verify if answers() && only_answers(script) => (Support, "it only writes an output"),
        // `Compare with main` by a tool that measures.
        _ if begins(text, "compar") => return of_script(script).filter(|does| does.role == Telemetry),
        _ => return None,
    };
    Some(Purpose::new(role, evidence.to_owned()))
}

/// `Generate mutation report` by `ci/pitest.sh`: a script that tests writes its report by the way; and `Format` may only
/// ask whether all is formatted.
fn may_check(name: &Named, text: &str, script: &str) -> bool {
    name.vague && !begins(text, "updat") || script.contains("check") || script.contains("--exit-code")
}

/// `Show the test result` by a command that fails for it.
fn fails_for_finds(script: &str) -> bool {
    ["colcon test-result", "git diff --exit-code"].iter().any(|command| script.contains(command))
}

/// Whether a name begins so, in whatever letters.
fn begins(name: &str, lead: &str) -> bool {
    name.get(..lead.len()).is_some_and(|head| head.eq_ignore_ascii_case(lead))
}

/// `Check if the notebooks run` by a test, but not `Check if the image exists already`.
fn asks_whether(name: &str) -> bool {
    const IS_THERE: &[&str] = &["exist", "already", "need", "should", "changed"];
    let asks = ["check if", "check whether"].iter().any(|lead| begins(name, lead));
    asks && !IS_THERE.iter().any(|word| name.to_ascii_lowercase().contains(word))
}

/// Whether a name speaks of what is kept to be looked at.
fn keeps(name: &str) -> bool {
    const KEPT: &[&str] =
        &["log", "report", "result", "coverage", "debug", "trace", "bench", "cache", "dump", "artifact"];
    words::words(name).iter().any(|word| KEPT.iter().any(|kept| word.starts_with(kept)))
}

/// Whether a name begins with a word that is said of looking as well as of checking.
pub fn only_looks_at(name: &str) -> bool {
    let words = words::words(name);
    words.first().is_some_and(|word| {
        ["check", "verify", "validate", "ensure", "confirm", "test", "require"].contains(&word.as_ref())
    })
}

/// Whether the last word of a name is `check`: `issue check`.
fn ends_as_check(name: &str) -> bool {
    words::words(name).last().is_some_and(|word| word == "check")
}

/// `Test executable` that asks what was built for its version.
fn is_smoke_test(name: &str, script: &str) -> bool {
    words::words(name).first().is_some_and(|word| word == "test") && command::tries_own(script)
}
