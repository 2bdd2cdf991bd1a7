//! A command tried in its script: what the words of the script promise is held against what it does.

use super::captured;
use super::commands::Commands;
use super::scene::Scene;
use super::statement::{place_of, statement};
use crate::workflow::play::Trial;
use crate::workflow::script::Command;
use crate::workflow::signal;

/// Whether the script is certain to succeed where this command fails, so that whatever it reads and tests further down, it does
/// not fail for that.
pub fn passes_over(scene: &Scene<'_, '_>, script: &Commands<'_, '_>, command: &Command<'_>) -> bool {
    let (text, spot) = (script.script.run.text, script.spot);
    let Some(at) = place_of(text, command.text) else { return false };
    let outer = scene.workflow().map_or(&[][..], |workflow| &workflow.env);
    let of_job = spot.job.map_or(&[][..], |job| &job.env);
    let env: Vec<_> = outer.iter().chain(of_job).chain(&spot.step.env).copied().collect();
    let sets = |step: &crate::workflow::view::Step<'_>| step.run.is_some_and(|run| run.text.contains("GITHUB_ENV"));
    let trial = Trial {
        fills: &captured::outputs(statement(text, command.text)),
        open: spot.steps[..spot.index].iter().any(sets),
    };
    let parts = (&text[..at], &text[at + command.text.len()..]);
    signal::passes_over((script.script.shell, spot.job, scene.tree()), parts, &env, &trial)
}
