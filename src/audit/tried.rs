//! A command tried in its script: what the words of the script promise is held against what it does.

use super::captured;
use super::commands::Commands;
use super::scene::Scene;
use super::statement::{place_of, statement};
use crate::workflow::play::Trial;
use crate::workflow::script::Command;
use crate::workflow::signal;
use crate::workflow::view::Step;

/// How many commands of a file are tried.
const MOST: usize = 20;

/// Whether the script is certain to succeed where this command fails, so that whatever it reads and tests further down, it does
/// not fail for that.
pub fn passes_over(scene: &Scene<'_, '_>, script: &Commands<'_, '_>, command: &Command<'_>) -> bool {
    let (text, spot) = (script.script.run.text, script.spot);
    let Some(at) = place_of(text, command.text).filter(|_| scene.counts_trial() <= MOST) else { return false };
    let outer = scene.workflow().map_or(&[][..], |workflow| &workflow.env);
    let of_job = spot.job.map_or(&[][..], |job| &job.env);
    let env: Vec<_> = outer.iter().chain(of_job).chain(&spot.step.env).copied().collect();
    let fills = captured::fills(statement(text, command.text));
    let sets = |step: &Step<'_>| step.run.is_some_and(|run| run.text.contains("GITHUB_ENV"));
    let may_be_set = spot.steps[..spot.index].iter().any(sets);
    let unset = if may_be_set { Vec::new() } else { only_handed_on(text) };
    let trial = Trial { fills: &fills, unset: &unset };
    let parts = (&text[..at], &text[at + command.text.len()..]);
    signal::passes_over((script.script.shell, spot.job, scene.tree()), parts, &env, &trial)
}

/// The names that a script writes to its outputs and sets nowhere: `echo "code=$?" >> $GITHUB_OUTPUT` is no `code=$?`.
fn only_handed_on(script: &str) -> Vec<String> {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let told = script.lines().filter(|line| line.contains("GITHUB_OUTPUT")).filter_map(|line| {
        let (_, said) = line.rsplit_once("echo ")?;
        said.trim_start_matches(['"', '\'']).split_once('=').map(|(name, _)| name).filter(|name| is_name(name))
    });
    let sets = |name: &str| {
        let lead = format!("{name}=");
        const BEFORE: &[&str] = &["then ", "else ", "do ", "export ", "local ", "declare ", "readonly "];
        let assigns = |piece: &str| {
            let piece = BEFORE.iter().fold(piece.trim_start(), |rest, word| rest.trim_start_matches(word).trim_start());
            piece.starts_with(&lead) || piece.starts_with("read ") && piece.contains(name)
        };
        let pieces = script.split(['\n', ';', '{', '(', '&', '|']);
        pieces.into_iter().any(assigns) || script.contains(&format!("for {name} "))
    };
    told.filter(|name| !sets(name)).map(str::to_owned).collect()
}
