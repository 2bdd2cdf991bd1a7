//! What the words of a command say whatever its program.

use super::Role;

/// What the words of a command say whatever its program: that it signs in, measures, changes what it compares with, puts reports
/// together, or takes something down.
pub(super) fn by_any_word(program: &str, words: &[&str], text: &str) -> Option<Role> {
    const ENDS: &[&str] = &["stop", "down", "destroy", "dispose", "teardown"];
    let has = |own: &[&str]| words.iter().skip(1).any(|word| own.contains(word));
    let bare = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase());
    match () {
        () if words.get(1).is_some_and(|word| *word == "login") => Some(Role::Support),
        () if has(&["diagnostics", "store-credentials", "keygen", "--only-dependencies", "--gtest_list_tests"]) => {
            Some(Role::Support)
        }
        () if text.trim_start().starts_with("uv sync") => Some(Role::Support),
        // Whoever starts it does not wait for how it ends.
        () if matches!(program, "docker" | "podman") && words.get(1) == Some(&"run") && has(&["-d", "--detach"]) => {
            Some(Role::Support)
        }
        () if has(&["bench", "jmh:run"]) && matches!(program, "cargo" | "cabal" | "sbt" | "stack" | "make") => {
            Some(Role::Telemetry)
        }
        () if has(&["--benchmark-json"]) => Some(Role::Telemetry),
        // Of Maven it asks for newer dependencies.
        () if !program.starts_with("mvn") && has(&["--update-snapshot", "--update-snapshots"])
            || words.iter().any(|word| word.ends_with("update-snapshots")) =>
        {
            Some(Role::Generated)
        }
        () if has(&["combine"]) && text.contains("cover") => Some(Role::Telemetry),
        () if words.last().filter(|word| bare(word)).is_some_and(|word| words.len() > 1 && ENDS.contains(word)) => {
            Some(Role::Cleanup)
        }
        // To prepare what is deployed, and to show what would be made.
        () if program == "pnpm" && has(&["deploy"]) && has(&["--prod"]) => Some(Role::Support),
        () if program == "kubectl" && has(&["--dry-run=client"]) && has(&["-o"]) => Some(Role::Support),
        () => None,
    }
}
