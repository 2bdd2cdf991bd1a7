//! The script of a step, played where it runs.

use crate::workflow::condition::Truth;
use crate::workflow::play::{Outcome, Played, Sets, Trial, fails_with, wants_bash};
use crate::workflow::reader::Text;
use crate::workflow::script::{Dialect, Shell};
use crate::workflow::value::Nothing;
use crate::workflow::view::Job;
use crate::yaml::Tree;

use super::needs::fill;

/// What a script comes to, its `${{ }}` and the values of its environment filled in; nothing is known of a language that is
/// not played.
pub(super) fn play(
    played: &Played,
    (shell, in_container): (Shell<'_>, bool),
    script: &str,
    env: &[(&str, String)],
) -> Outcome {
    match options((shell, in_container), script) {
        Some((errexit, pipefail)) => played.play(script, env, errexit, pipefail),
        None => Outcome::unknown(Truth::Unknown, Sets::unknown()),
    }
}

/// Whether `-e` and `pipefail` hold at the start of a script; `None` if it is not one that can be played.
fn options((shell, in_container): (Shell<'_>, bool), script: &str) -> Option<(bool, bool)> {
    // On a runner of unknown system it is bash that can read it.
    let default = shell.dialect == Dialect::Unknown && shell.named.is_none();
    let is_bash = default || shell.dialect == Dialect::Posix;
    let other = !is_bash || shell.is_plain_sh(in_container) && wants_bash(script);
    (!other).then_some((default || shell.errexit, shell.pipefail))
}

/// Whether a script is certain to succeed where one of its commands fails and all else goes well: `check | tee log; code=$?`
/// asks for what `tee` says.
///
/// The parts are those before and behind the command; the environment is that of the workflow, its job and the step.
pub fn passes_over(
    (shell, job, tree): (Shell<'_>, Option<&Job<'_>>, &Tree<'_>),
    (before, behind): (&str, &str),
    env: &[(Text<'_>, Text<'_>)],
    trial: &Trial<'_>,
) -> bool {
    let fill = |text: &str| fill(text, &Nothing);
    let in_container = job.is_some_and(|job| in_container(tree, job));
    let env: Vec<(&str, String)> = env.iter().map(|(name, value)| (name.text, fill(value.text))).collect();
    // Of dash less is known.
    let options = options((shell, in_container), "").filter(|_| !shell.is_plain_sh(in_container));
    options.is_some_and(|options| fails_with((&fill(before), &fill(behind)), &env, options, trial) == Truth::False)
}

/// Whether a job's steps run in a container, where the default shell is `sh`.
pub(super) fn in_container(tree: &Tree<'_>, job: &Job<'_>) -> bool {
    tree.get(job.at.node, "container").is_some()
}
