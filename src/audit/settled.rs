//! What the rest of its script and of its job does with the failure of a command that is not allowed to count.
//!
//! The signs are asked one after the other, the nearest first; what each looks at stands in the file of its name.

use super::commands::Commands;
use super::finding::Reason;
use super::role::Role;
use super::scene::Scene;
use super::spot::Spot;
use super::statement::{behind, feeds_pipe, statement};
use super::{again, asked, captured, examined, reported, soft_around, told, tried};
use crate::workflow::script::{Command, Effect};
use crate::workflow::view::Step;

/// The lines whose comments speak of a command: its own, the end of its chain, its step, the script's key.
pub(super) fn places(script: &Commands<'_, '_>, command: &Command<'_>, last: usize) -> Vec<usize> {
    let run = script.script.run.at.line;
    let mut places = vec![command.line];
    places.extend(beginning(script, last));
    places.extend([last, run, run.saturating_sub(1), script.spot.step.at.line]);
    places.dedup();
    places
}

/// The line on which a construct begins that ends on this one: `fi | tee log || true` ends what an `if` began.
fn beginning(script: &Commands<'_, '_>, end: usize) -> Option<usize> {
    const ENDS: &[(&str, &[&str])] =
        &[("fi ", &["if "]), ("done ", &["for ", "while ", "until "]), ("} ", &["{"]), (") ", &["("])];
    let run = script.script.run;
    let row = end.checked_sub(run.at.line)?;
    let last = run.text.lines().nth(row)?;
    let (_, begins) = ENDS.iter().find(|(end, _)| last.trim_start().starts_with(end))?;
    let indent = |line: &str| line.len() - line.trim_start().len();
    let opens = |line: &str| begins.iter().any(|begin| line.trim_start().starts_with(begin));
    let above = run.text.lines().enumerate().take(row);
    let first = above.filter(|(_, line)| indent(line) == indent(last) && opens(line)).last()?.0;
    Some(run.at.line + first)
}

/// What the rest of the job does with it.
pub(super) fn settled(
    scene: &Scene<'_, '_>,
    script: &Commands<'_, '_>,
    command: &Command<'_>,
) -> Option<(Reason, String)> {
    if let Some(crate::workflow::signal::Signal::NeverRuns(_)) = scene.signal(script.spot) {
        return Some((Reason::Dead, "the step never runs".to_owned()));
    }
    if let Some(settled) = examined::after_failure(script.spot) {
        return Some(settled);
    }
    let text = script.script.run.text;
    let line = statement(text, command.text);
    captured::read_below(text, line)
        // What the words promise, the script played may not keep.
        .filter(|_| !tried::passes_over(scene, script, command))
        .or_else(|| captured::read_by_step(script.spot, line))
        .or_else(|| captured::of_loop_around(script.spot, text, line))
        // What feeds the pipe that is asked can fail unseen all the same.
        .or_else(|| (!feeds_pipe(line, command.text)).then(|| asked::asserts_failure(text, line)).flatten())
        .or_else(|| told::says_expected(text, line))
        .or_else(|| asked::tried_again(text, line))
        .or_else(|| asked::told_by_variable(text, line))
        .or_else(|| asked::folder_used(text, line))
        .or_else(|| asked::doomed(text, line))
        .or_else(|| asked::said_worth(line))
        .or_else(|| taken_by_caller(scene, script, command))
        .or_else(|| captured::mended(script.spot, text, line))
        .or_else(|| marks_output(text, command).then(|| examined::outputs_read(scene, script.spot)).flatten())
        .or_else(|| {
            captured::told_by_output(script.spot, text, line)
                .then(|| examined::outputs_read(scene, script.spot))
                .flatten()
        })
        .or_else(|| makes_files(command.text).then(|| examined::missing_is_asked(script.spot)).flatten())
        .or_else(|| signed_for_notary(script.spot, command.text))
        .or_else(|| line.contains("GITHUB_ENV").then(|| captured::variable_read(script.spot)).flatten())
        .or_else(|| stands_again(scene, script, command))
        .or_else(|| examined::named_soft(script.spot))
        .or_else(|| examined::expected(scene, script.spot))
        .or_else(|| reported::elsewhere(scene, script.spot))
        .or_else(|| examined::summarised(script.spot))
        .or_else(|| soft_around::justified(scene, script.spot))
        .or_else(|| reported::by_follower(scene, script.spot))
}

/// Whether a command makes files, by its words: what tests leaves them as they were.
fn makes_files(command: &str) -> bool {
    const MAKES: &[&str] = &["build", "compile", "bundle", "pack", "package", "dist", "make", "generate"];
    command.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| MAKES.contains(&word))
}

/// `x=$(f || true)`, the command standing in `f`: what the function gives is looked at where it is called.
fn taken_by_caller(
    scene: &Scene<'_, '_>,
    script: &Commands<'_, '_>,
    command: &Command<'_>,
) -> Option<(Reason, String)> {
    let Effect::Masked(links) = &command.effect else { return None };
    let text = script.script.run.text;
    let call = links.iter().map(|link| link.place.line).find(|line| *line > command.line)?;
    let call = scene.lines().get(call - 1)?.trim();
    let call = text.lines().find(|line| line.trim() == call && line.contains("=$("))?;
    let name = call.split_once("=$(")?.0.rsplit(' ').next()?;
    let tests = |line: &str| {
        line.contains('[') && [format!("${name}"), format!("${{{name}")].iter().any(|read| line.contains(read.as_str()))
    };
    behind(text, call).lines().any(tests).then(|| captured::read_later(script.spot, text, call)).flatten()
}

/// The same check in a place where it counts; of two publications each is one.
fn stands_again(scene: &Scene<'_, '_>, script: &Commands<'_, '_>, command: &Command<'_>) -> Option<(Reason, String)> {
    let asks = super::errexit::ANSWERS.contains(&command.program());
    let checks = asks || script.role_of(command).is_none_or(|role| role == Role::Verify);
    let elsewhere = || checks.then(|| again::command(scene, script.spot, command.text)).flatten();
    again::in_script(&script.commands, command).or_else(elsewhere)
}

/// `codesign ... || true` before a notarization that counts: Apple takes nothing that is not signed.
///
/// Source: Apple, "Notarizing macOS software before distribution": every executable has to be signed.
fn signed_for_notary(spot: Spot<'_, '_>, command: &str) -> Option<(Reason, String)> {
    const ASKS: &[&str] = &["notarytool submit", "stapler staple", "stapler validate"];
    let asks = |step: &&Step<'_>| {
        let counts = |line: &str| !line.contains("||") && ASKS.iter().any(|way| line.contains(way));
        step.run.is_some_and(|run| run.text.lines().any(counts))
    };
    let step = spot.strict_below().find(asks).filter(|_| command.starts_with("codesign "))?;
    Some((
        Reason::Examined,
        format!("the step on line {} has it notarized, and fails where it is not signed", step.at.line),
    ))
}

/// Whether the failure of a command is written to the outputs of its step.
fn marks_output(script: &str, command: &Command<'_>) -> bool {
    statement(script, command.text).contains("GITHUB_OUTPUT")
}
