//! A reason that stands at the first of several that are alike is said of all: nine steps that publish a package each, a
//! scan of two images, a job for each platform.
//!
//! Limitation: what is alike is told by the action or the first words, and only what stands above is looked at.

use std::cell::LazyCell;

use super::comment::{Said, Topic, said};
use super::finding::Reason;
use super::role;
use super::scene::Scene;
use super::spot::Spot;
use crate::workflow::view::{Job, Step};

/// The reason at an earlier step of the job that does the same to something else; `soft` tells which can fail as softly.
pub(super) fn of_step(
    scene: &Scene<'_, '_>,
    spot: Spot<'_, '_>,
    detector: &str,
    soft: impl Fn(&Step<'_>) -> Option<usize>,
) -> Option<(Reason, String)> {
    let own = LazyCell::new(|| does(spot.step));
    // Few steps are soft, and what a step does takes longer to tell.
    let soft = spot.steps[..spot.index].iter().filter_map(|step| Some((step, soft(step)?)));
    let mut alike = soft.filter(|(step, _)| own.is_some() && does(step) == *own);
    alike.find_map(|(step, line)| reason(scene, &[line, step.at.line], detector))
}

/// The reason at an earlier job whose name begins with the same two words and that fails as softly.
pub(super) fn of_job(scene: &Scene<'_, '_>, job: &Job<'_>, detector: &str) -> Option<(Reason, String)> {
    let own = first_words(job)?;
    let before = scene.workflow()?.jobs.iter().take_while(|other| other.id.text != job.id.text);
    let soft = |other: &&Job<'_>| other.continue_on_error.is_some_and(|text| text.text == "true");
    let alike = before.filter(soft).filter(|other| first_words(other).as_ref() == Some(&own));
    let mut found = alike.filter_map(|other| {
        let (reason, said) = reason(scene, &[other.continue_on_error?.at.line, other.id.at.line], detector)?;
        // What is said of the one alone: "nightly is unstable" beside `test-nightly` and `test-stable`.
        let lower = said.to_lowercase();
        let own = role::name_words(job.id.text);
        let alone =
            role::name_words(other.id.text).iter().any(|word| !own.contains(word) && lower.contains(word.as_str()));
        (!alone).then_some((reason, said))
    });
    found.next()
}

fn reason(scene: &Scene<'_, '_>, places: &[usize], detector: &str) -> Option<(Reason, String)> {
    match said(scene.lines(), places, detector, Topic::SoftFail)? {
        Said::Reason(reason) | Said::Accepts(reason) => Some((Reason::Justified, reason)),
    }
}

/// What a step does, whatever to: its action, or the first words of its first command.
fn does(step: &Step<'_>) -> Option<String> {
    if let Some(uses) = step.uses {
        return uses.text.split('@').next().filter(|name| !name.ends_with("/github-script")).map(str::to_owned);
    }
    let readies = |line: &str| ["source ", ". ", "cd ", "set ", "export "].iter().any(|word| line.starts_with(word));
    let line = role::commands_of(step.run?.text).find(|line| !readies(line))?;
    let words: Vec<&str> = line.split_whitespace().collect();
    // Of a runner the task tells, and not that it runs one.
    let runs = matches!(words.get(1), Some(&"run" | &"-m" | &"exec" | &"run-script"));
    let most = if runs { 3 } else { 2 };
    (words.len() >= most).then(|| words[..most].join(" "))
}

fn first_words(job: &Job<'_>) -> Option<[String; 2]> {
    let mut words = role::name_words(job.id.text).into_iter();
    Some([words.next()?, words.next()?])
}
