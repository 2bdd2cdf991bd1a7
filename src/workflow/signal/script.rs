//! The script of a step, played where it runs.

use crate::workflow::condition::Truth;
use crate::workflow::play::{Outcome, Played, Sets, wants_bash};
use crate::workflow::script::{Dialect, Shell};
use crate::workflow::view::Job;
use crate::yaml::Tree;

/// What a script comes to, its `${{ }}` and the values of its environment filled in; nothing is known of a language that is
/// not played.
pub(super) fn play(
    played: &Played,
    (shell, in_container): (Shell<'_>, bool),
    script: &str,
    env: &[(&str, String)],
) -> Outcome {
    // On a runner of unknown system it is bash that can read it.
    let default = shell.dialect == Dialect::Unknown && shell.named.is_none();
    let is_bash = default || shell.dialect == Dialect::Posix;
    if !is_bash || shell.is_plain_sh(in_container) && wants_bash(script) {
        return Outcome::unknown(Truth::Unknown, Sets::unknown());
    }
    played.play(script, env, default || shell.errexit, shell.pipefail)
}

/// Whether a job's steps run in a container, where the default shell is `sh`.
pub(super) fn in_container(tree: &Tree<'_>, job: &Job<'_>) -> bool {
    tree.get(job.at.node, "container").is_some()
}
