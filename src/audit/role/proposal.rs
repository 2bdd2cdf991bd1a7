//! What proposes a change, commits one, or writes nothing anew.

use super::{Role, actions, names, words};
use crate::workflow::view::Step;

/// Whether the name of a file or a workflow says that it only proposes changes.
pub fn proposes(name: &str) -> bool {
    names::telling_any(name) == Some(Role::Suggest)
}

/// Whether a name says that files are kept up to date: `Upgrade dependencies`, `Update pins`, `update-baselines`.
pub fn keeps_up(name: &str) -> bool {
    let words = words::words(name);
    const KEPT: &[&str] = &["dep", "pin", "lock", "baseline", "snapshot", "fixture", "golden", "translation"];
    let verbs = ["update", "upgrade", "bump", "refresh", "regenerate"];
    let first = words.first().is_some_and(|word| verbs.contains(&word.as_ref()));
    first && words.iter().any(|word| KEPT.iter().any(|kept| word.starts_with(kept)))
}

/// Whether a step hands its job's work on as a proposal.
pub fn proposes_change(step: &Step<'_>) -> bool {
    let by_words = |uses: &str| {
        let path = uses.split('@').next().unwrap_or(uses);
        let own = || path.starts_with("./") && words::words(path).iter().any(|word| word == "commit");
        actions::by_words(uses).is_some_and(|named| named.role == Role::Suggest) || own()
    };
    // What the tools before it have mended is committed.
    let commits = |run: &str| run.contains("git commit") && run.contains("git push");
    // `Commit fixes` by a program of its own.
    let says = |name: &str| {
        let words = words::words(name);
        const WHAT: &[&str] = &["fix", "fixes", "change", "changes", "autofix", "autofixes"];
        words.first().is_some_and(|word| word == "commit") && words.iter().any(|word| WHAT.contains(&word.as_ref()))
    };
    let named = || step.name.is_some_and(|name| says(name.text));
    step.run.is_some_and(|run| (commits(run.text) || named()) && !deploys(step))
        || step.uses.is_some_and(|uses| actions::known(uses.text) == Some(Role::Suggest) || by_words(uses.text))
}

/// Whether a step commits pages, and not what a fixer has changed, by its name.
pub(super) fn deploys(step: &Step<'_>) -> bool {
    let words = step.name.map_or(Vec::new(), |name| words::words(name.text));
    words.iter().any(|word| word.starts_with("deploy") || word.starts_with("publish"))
}

/// Whether a name says that a step tests, and writes nothing anew: `Run doctests`, but not `Test and update snapshots`.
pub fn only_tests(name: &str) -> bool {
    let words = words::words(name);
    let mends =
        |word: &words::Word<'_>| ["update", "regenerate", "snapshot", "fix"].iter().any(|verb| word.starts_with(verb));
    words.iter().find(|word| *word != "run").is_some_and(|word| word.contains("test")) && !words.iter().any(mends)
}

/// Whether a step commits what the run has made, or proposes it as a change.
pub fn commits(step: &Step<'_>) -> bool {
    let says = |run: &str| ["git commit", "gh pr create"].iter().any(|words| run.contains(words));
    proposes_change(step) || step.run.is_some_and(|run| says(run.text))
}
