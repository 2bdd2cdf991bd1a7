//! Scripts that a step hands to an action, which runs them in a shell of its own.

use super::shell::{Dialect, Shell};
use crate::workflow::reader::Text;
use crate::workflow::view::{Job, Step};

/// How an action runs the script that it is handed.
struct Runs {
    /// The action, without its version; behind a `/` at the end stands any machine: `freebsd-vm`.
    action: &'static str,
    /// The input with the script.
    input: &'static str,
    /// Whether a failing command ends the script.
    errexit: bool,
}

/// Sources:
/// - nick-fields/retry, `src/index.ts`: `spawn(command, { shell: "bash" })`, which is `bash -c`;
/// - addnab/docker-run-action, `entrypoint.sh`: `-c` with the lines joined by `;`;
/// - uraimo/run-on-arch-action, `src/run-on-arch.js`: it writes `set -eu` before the script;
/// - cross-platform-actions/action, `src/action/action.ts`: `exec "$SHELL" -e`;
/// - ReactiveCircus/android-emulator-runner, `src/script-parser.ts`: each line by itself, until one fails;
/// - vmactions: the script goes to the login shell of the machine by `ssh`; that it goes on behind a failure is not held
///   against anyone here.
const SCRIPTS: &[Runs] = &[
    Runs { action: "nick-fields/retry", input: "command", errexit: false },
    Runs { action: "nick-invision/retry", input: "command", errexit: false },
    Runs { action: "addnab/docker-run-action", input: "run", errexit: false },
    Runs { action: "uraimo/run-on-arch-action", input: "run", errexit: true },
    Runs { action: "cross-platform-actions/action", input: "run", errexit: true },
    Runs { action: "reactivecircus/android-emulator-runner", input: "script", errexit: true },
    Runs { action: "vmactions/", input: "run", errexit: true },
];

/// The script that a step hands to its action, and the shell that runs it: none has pipefail.
///
/// A `shell:` input that names another language, and a runner on Windows, leave it unknown.
pub fn handed_over<'t>(step: &Step<'t>, job: Option<&Job<'t>>) -> Option<(Text<'t>, Shell<'t>)> {
    let uses = step.uses?.text;
    let action = uses.split('@').next()?;
    let is_it = |runs: &&Runs| match runs.action.strip_suffix('/') {
        Some(owner) => action.split('/').next().is_some_and(|own| own.eq_ignore_ascii_case(owner)),
        None => runs.action.eq_ignore_ascii_case(action),
    };
    let runs = SCRIPTS.iter().find(is_it)?;
    let input =
        |name: &str| step.with.iter().find(|(key, _)| key.text.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
    let script = input(runs.input)?;
    // A switch holds in its own line alone there.
    if runs.input == "script" && script.text.contains("set ") {
        return None;
    }
    let posix = input("shell").is_none_or(|shell| matches!(shell.text.rsplit('/').next(), Some("bash" | "sh")));
    let elsewhere = job.is_some_and(|job| super::shell::platform_of(job, step) == Some(super::Platform::Windows));
    let shell = Shell { dialect: Dialect::Posix, errexit: runs.errexit, pipefail: false, named: None };
    (posix && !elsewhere).then_some((script, shell))
}
