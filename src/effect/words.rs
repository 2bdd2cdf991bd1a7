//! An effect in plain words: a sentence for each change, and what follows from it.

use std::fmt;

use super::{Change, Consequence, Effect, Fate, Hidden, Legs, Says, State, Way};
use crate::workflow::link::Link;
use crate::workflow::signal::{Runs, Signal};
use crate::yaml::Place;

/// How many of a kind are named before the rest is counted.
const NAMED: usize = 6;

impl fmt::Display for Effect {
    /// A paragraph: each change in a line, what belongs to it below, indented by two; no line feed at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().join("\n"))
    }
}

impl Effect {
    /// The lines of its display.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for change in self.changes.iter().filter(|change| !self.is_part(change)) {
            lines.push(format!("{}.", upper_first(&change.headline())));
            let parts = self.parts(change);
            if !parts.is_empty() {
                lines.push(format!("  With it: {}.", named(parts.iter().map(|part| part_name(part)))));
            }
            lines.extend(change.details().into_iter().map(|line| format!("  {line}.")));
        }
        lines.extend(
            self.when_all_is_well.iter().map(|other| {
                format!("{} {} when nothing fails.", upper_first(&other.subject.to_string()), turn(other))
            }),
        );
        lines.extend(self.unread.iter().map(|(path, why)| format!("{path} refers to it and cannot be read: {why}.")));
        lines.push(
            match (self.changes.is_empty() && self.when_all_is_well.is_empty(), self.is_nothing()) {
                (_, true) => "Nothing changes at run time.",
                (true, false) | (false, false) => "Nothing else changes at run time.",
            }
            .to_owned(),
        );
        lines
    }

    /// Whether a change is a step that goes the way of its job, whose own change says so.
    fn is_part(&self, change: &Change) -> bool {
        !change.own && self.changes.iter().any(|whole| whole.own && is_part_of(change, whole))
    }

    fn parts(&self, whole: &Change) -> Vec<&Change> {
        if !whole.own {
            return Vec::new();
        }
        self.changes.iter().filter(|change| !change.own && is_part_of(change, whole)).collect()
    }
}

fn is_part_of(step: &Change, job: &Change) -> bool {
    job.subject.step.is_none()
        && job.subject.job.is_some()
        && step.subject.step.is_some()
        && (&step.subject.file, &step.subject.job) == (&job.subject.file, &job.subject.job)
        && step.says() == job.says()
}

fn part_name(change: &Change) -> String {
    change.subject.step.clone().unwrap_or_else(|| change.subject.to_string())
}

impl Change {
    /// What is another now, in a sentence without a full stop.
    pub fn headline(&self) -> String {
        let subject = &self.subject;
        match (&self.before, &self.after) {
            (None, None) => format!("{subject} of {}: {}", subject.file, self.unjudged_words()),
            (Some(before), None) => match &before.runs {
                Runs::Never(links) => format!("{subject} is gone; it never ran: {}", chain(links, &subject.file)),
                _ => format!("{subject} is gone, and it could run"),
            },
            (None, Some(after)) => match &after.runs {
                Runs::Never(links) => format!("{subject} is new, and never runs: {}", chain(links, &subject.file)),
                runs => format!("{subject} is new, and runs {}", when(runs)),
            },
            (Some(before), Some(after)) => self.turn(before, after),
        }
    }

    fn turn(&self, before: &State, after: &State) -> String {
        let subject = &self.subject;
        let file = &subject.file;
        let step = self.subject.step.is_some();
        let was = || was(&before.signal, file, step);
        match (self.says(), &before.runs, &after.runs) {
            (Says::Nothing, _, Runs::Never(links)) => {
                format!("{subject} never runs, before and after: {}", chain(links, file))
            }
            (Says::NowRuns, Runs::Never(links), runs) => {
                format!("{subject} never ran: {}; now it runs {}", chain(links, file), when(runs))
            }
            (Says::NoLongerRuns, _, Runs::Never(links)) => {
                format!("{subject} could run; now it never does: {}", chain(links, file))
            }
            (Says::RunsOtherwise, was, is) => format!("{subject} ran {}; now it runs {}", when(was), when(is)),
            (Says::Unjudged, ..) => format!("{subject}: {}", self.unjudged_words()),
            (Says::Same, ..) if after.signal == Signal::FailsRun => {
                format!("{subject}: its failure failed the run before, and still does")
            }
            (Says::Same, ..) => format!("{subject}: {}; that is as it was", was()),
            (Says::OtherWay, ..) if after.signal == Signal::FailsRun => {
                format!("{subject}: its failure failed the run, and still does, {}", self.way_words(after))
            }
            (Says::OtherWay, ..) => format!("{subject}: {}, and still is, by other ways", was()),
            (Says::FailsRun, ..) => format!("{subject}: {}; now it {}", was(), self.way_words(after)),
            (Says::StillMasked, ..) => {
                format!("{subject}: {}; it still is masked: {}", was(), chain(after.signal.chain(), file))
            }
            _ => format!("{subject}: {}; now {}", was(), is(&after.signal, file, step)),
        }
    }

    fn unjudged_words(&self) -> String {
        let keys: Vec<String> = self.unjudged.iter().map(|key| format!("`{key}`")).collect();
        let verb = if keys.len() == 1 { "differs" } else { "differ" };
        format!("{} {verb}, which the signal model does not judge", keys.join(", "))
    }

    /// How a failure gets to the runs.
    fn way_words(&self, after: &State) -> String {
        let first = match (&self.subject.step, &self.subject.job) {
            (Some(_), Some(job)) => format!("fails job `{job}`, and with it"),
            (Some(_), None) => "fails the action, and with it".to_owned(),
            _ => "fails".to_owned(),
        };
        let called = |way: &&Way| !way.hops.is_empty();
        let (called, own): (Vec<&Way>, Vec<&Way>) = after.live_ways().partition(called);
        let (through, hidden): (Vec<&Way>, Vec<&Way>) =
            called.into_iter().partition(|way| way.ends == Signal::FailsRun);
        let runs = || named(distinct(through.iter().map(|way| hops(way))).into_iter());
        let words = match (own.is_empty(), through.is_empty()) {
            (false, true) => format!("{first} the run"),
            (false, false) => format!("{first} the run, also where it is called: {}", runs()),
            (true, false) => format!("{first} the run of {}", runs()),
            (true, true) => {
                format!("{first} the run that calls the workflow, of which there is none in this repository")
            }
        };
        let but = distinct(hidden.into_iter().map(|way| format!("{}: {}", hops(way), ends(&way.ends))));
        if but.is_empty() { words } else { format!("{words}, but not that of {}", named(but.into_iter())) }
    }

    /// What follows from the change, in sentences without a full stop.
    pub fn details(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.cannot_fail {
            lines.push("No command of the step can fail it, so nothing becomes visible by this".to_owned());
        }
        if !self.still_hidden.is_empty() {
            let hidden = self.still_hidden.iter().map(|hidden| still(hidden, &self.subject.file));
            lines.push(format!("Still hidden: {}", named(hidden)));
        }
        lines.extend(self.consequences());
        if let Some(after) = self.after.as_ref().filter(|_| self.own && self.says() != Says::Nothing) {
            let open = after.open_conditions();
            let texts = open.iter().map(|guard| {
                format!("`{}` ({}, {})", guard.condition, guard.of, place(&guard.place, &self.subject.file))
            });
            if !open.is_empty() {
                lines.push(format!("A run decides whether it runs: {}", named(texts)));
            }
            let dead = after.ways.iter().filter(|way| matches!(way.ends, Signal::NeverRuns(_)));
            lines.extend(dead.map(|way| format!("By way of {} it never runs: {}", hops(way), ends(&way.ends))));
        }
        lines
    }

    fn consequences(&self) -> Vec<String> {
        let all = &self.when_it_fails;
        // What a job does, its steps need not say again.
        let said = |one: &Consequence| {
            let whole = |job: &Consequence| {
                let of_it = (&job.subject.file, &job.subject.job) == (&one.subject.file, &one.subject.job);
                of_it && job.subject.step.is_none() && job.after == one.after
            };
            one.subject.step.is_some() && all.iter().any(whole)
        };
        let of = |test: &dyn Fn(&Consequence) -> bool| -> Vec<&Consequence> {
            all.iter().filter(|one| test(one) && !said(one)).collect()
        };
        let turned = |one: &Consequence| one.before != one.after;
        let step = |one: &Consequence| one.subject.step.is_some();
        let groups = [
            ("No longer reached when it fails", of(&|one| turned(one) && step(one) && one.after == Fate::Skipped)),
            (
                "Skipped when it fails, which a required check takes for success",
                of(&|one| turned(one) && !step(one) && one.after == Fate::Skipped),
            ),
            (
                "Reached only when it fails, as it shows now",
                of(&|one| turned(one) && one.before == Fate::Skipped && matches!(one.after, Fate::Runs | Fate::RunsIf)),
            ),
            ("Fails with it", of(&|one| turned(one) && one.after == Fate::Fails)),
            (
                "A run decides what becomes then of",
                of(&|one| one.after == Fate::Depends && (turned(one) || one.reads.is_none())),
            ),
            (
                "Runs then on another condition",
                of(&|one| turned(one) && one.before != Fate::Skipped && matches!(one.after, Fate::Runs | Fate::RunsIf)),
            ),
            (
                "Needs it and runs all the same when it fails, so it must not stand for it as a required check",
                of(&|one| !turned(one) && one.reads.is_none() && !matches!(one.after, Fate::Depends | Fate::RunsIf)),
            ),
            (
                "Needs it and, where its own condition holds, runs all the same when it fails, so it must not stand for it as a required check",
                of(&|one| !turned(one) && one.reads.is_none() && one.after == Fate::RunsIf),
            ),
        ];
        let mut lines: Vec<String> = self.legs.iter().map(legs).collect();
        let groups = groups
            .into_iter()
            .filter(|(_, who)| !who.is_empty())
            .map(|(what, who)| format!("{what}: {}", self.others(&who)));
        lines.extend(groups);
        lines.extend(all.iter().filter(|one| one.reads.is_some()).map(|one| {
            let reads = one.reads.as_deref().unwrap_or_default();
            let before = if turned(one) { "" } else { ", as before" };
            format!(
                "{} reads `{reads}`, and {} then{before}",
                upper_first(&format!("{}{}", self.name(one), self.inside(&one.subject.file))),
                fate(one.after)
            )
        }));
        lines
    }

    /// Other jobs and steps, by their files.
    fn others(&self, all: &[&Consequence]) -> String {
        let mut files: Vec<(&str, Vec<String>)> = Vec::new();
        for one in all {
            let file = one.subject.file.as_str();
            match files.iter_mut().find(|(known, _)| *known == file) {
                Some((_, names)) => names.push(self.name(one)),
                None => files.push((file, vec![self.name(one)])),
            }
        }
        let words = files.into_iter().map(|(file, names)| format!("{}{}", named(names.into_iter()), self.inside(file)));
        words.collect::<Vec<_>>().join("; ")
    }

    /// Another job or step, as far as it needs to be told from this one.
    fn name(&self, one: &Consequence) -> String {
        match &one.subject.step {
            Some(step) if one.subject.job == self.subject.job && one.subject.file == self.subject.file => step.clone(),
            _ => one.subject.to_string(),
        }
    }

    fn inside(&self, file: &str) -> String {
        if file == self.subject.file { String::new() } else { format!(" in {file}") }
    }
}

/// "ran before, and is skipped now".
pub(super) fn turn(one: &Consequence) -> String {
    let before = match one.before {
        Fate::Runs => "ran",
        Fate::RunsIf => "ran if its condition held",
        Fate::Skipped => "was skipped",
        Fate::Fails => "failed",
        Fate::Depends => "did what a run decided",
    };
    format!("{before} before, and {} now,", fate(one.after))
}

fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Runs => "runs",
        Fate::RunsIf => "runs if its condition holds",
        Fate::Skipped => "is skipped",
        Fate::Fails => "fails",
        Fate::Depends => "does what a run decides",
    }
}

fn was(signal: &Signal, file: &str, step: bool) -> String {
    let whose = if step { "its job's" } else { "its" };
    match signal {
        Signal::FailsRun => "its failure failed the run".to_owned(),
        Signal::FailsOwnCheckOnly(links) => {
            format!("its failure reddened only {whose} own check: {}", chain(links, file))
        }
        Signal::Masked(links) => format!("its failure was masked: {}", chain(links, file)),
        Signal::MaskedInLegs { legs, chain: links, .. } => {
            format!("its failure was masked for {}: {}", named(legs.iter().cloned()), chain(links, file))
        }
        Signal::NeverRuns(links) => format!("it never ran: {}", chain(links, file)),
        Signal::Depends { place: at, on, .. } => format!("its failure depended on `{on}` ({})", place(at, file)),
    }
}

fn is(signal: &Signal, file: &str, step: bool) -> String {
    let whose = if step { "its job's" } else { "its" };
    match signal {
        Signal::FailsRun => "it fails the run".to_owned(),
        Signal::FailsOwnCheckOnly(links) => {
            format!("it reddens {whose} own check, and the run stays green: {}", chain(links, file))
        }
        Signal::Masked(links) => format!("it is masked: {}", chain(links, file)),
        Signal::MaskedInLegs { legs, chain: links, otherwise, .. } => {
            let legs = named(legs.iter().cloned());
            format!("it is masked for {legs} ({}), and elsewhere {}", chain(links, file), is(otherwise, file, step))
        }
        Signal::NeverRuns(links) => format!("it never runs: {}", chain(links, file)),
        Signal::Depends { place: at, on, .. } => format!("it depends on `{on}` ({})", place(at, file)),
    }
}

fn when(runs: &Runs) -> String {
    match runs {
        Runs::Always => "whenever what it stands in and needs lets it".to_owned(),
        Runs::If(condition) => format!("if `{}`", condition.trim()),
        Runs::Never(_) => "never".to_owned(),
    }
}

fn still(hidden: &Hidden, file: &str) -> String {
    let why = match &hidden.signal {
        Signal::Depends { place: at, on, .. } => format!("depends on `{on}`, {}", place(at, file)),
        signal => chain(signal.chain(), file),
    };
    format!("{} ({why})", hidden.what)
}

fn hops(way: &Way) -> String {
    let hop = way.hops.last();
    let job = hop.and_then(|hop| hop.job.as_ref()).map(|job| format!(" by way of its job `{job}`")).unwrap_or_default();
    format!("{}{job}", way.run)
}

fn ends(signal: &Signal) -> String {
    match signal {
        Signal::Depends { place, on, .. } => format!("it depends on `{on}` ({place})"),
        signal => chain(signal.chain(), ""),
    }
}

/// The links of a chain with their places, `file` left out where it is the same.
fn chain(links: &[Link], file: &str) -> String {
    let link = |link: &Link| {
        let what = if link.what.is_empty() { String::new() } else { format!("`{}`, ", link.what) };
        format!("{} ({what}{})", link.kind.words(), place(&link.place, file))
    };
    named(links.iter().map(link))
}

fn place(place: &Place, file: &str) -> String {
    if place.file == file { format!("line {}", place.line) } else { format!("{}:{}", place.file, place.line) }
}

/// A list in words, the first few by name.
fn named(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    match items.len().checked_sub(NAMED) {
        Some(more) if more > 0 => format!("{}, and {more} more", items[..NAMED].join(", ")),
        _ => items.join(", "),
    }
}

/// Each once, in order.
fn distinct(items: impl Iterator<Item = String>) -> Vec<String> {
    let mut found = Vec::new();
    for item in items {
        if !found.contains(&item) {
            found.push(item);
        }
    }
    found
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// What becomes of the other legs of a matrix.
fn legs(legs: &Legs) -> String {
    let what = "other legs of the matrix that have not ended are cancelled";
    match legs {
        Legs::Cancelled => format!("When it fails in one leg, the {what}: `fail-fast` is on, as by default"),
        Legs::Depends(on) => {
            let on = on.iter().map(|text| format!("`{text}`"));
            format!("A run decides whether, when it fails in one leg, the {what}: {}", named(on))
        }
    }
}
