//! The proof against brute force: generated repositories, a change of each, every combination of what can fail and of
//! what a run decides, played by a runner of its own (`truth`), which must never contradict what the effect says.
//!
//! `EFFECT_CASES=100000 cargo test --release --test effect brute` runs more of them.

mod spec;
mod truth;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use wf_fix::effect::{Change, Consequence, Effect, Expect, Expected, Fate, Subject, of_texts};
use wf_fix::workflow::signal::{Runs, Signal};

use spec::{Kind, Spec, Work, case};
use truth::{Given, Key, Result, Truth, play};
use write::texts;

/// How many cases the ordinary run has.
const CASES: u64 = 2_030;

#[test]
fn no_combination_contradicts_the_proof() {
    let cases: u64 = std::env::var("EFFECT_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES);
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let counts = std::thread::scope(|scope| {
        let part = |first: u64| scope.spawn(move || play_seeds((first..cases).step_by(threads as usize)));
        let parts: Vec<_> = (0..threads).map(part).collect();
        let mut all: BTreeMap<String, usize> = BTreeMap::new();
        for (what, n) in parts.into_iter().flat_map(|part| part.join().unwrap()) {
            *all.entry(what).or_default() += n;
        }
        all
    });
    println!("{counts:#?}");
    for wanted in [
        "StepSoft FailsRun",
        "StepSoft OwnCheckOnly",
        "StepSoft Nothing",
        "StepSoft consequences",
        "JobSoft FailsRun",
        "JobSoft consequences",
        "ActionSoft FailsRun",
        "CallerSoft FailsRun",
        "CallerSoft consequences",
        "DeadJob Nothing",
        "Restore NowRuns",
        "Restore consequences",
    ] {
        assert!(counts.get(wanted).is_some_and(|n| *n >= 10), "{wanted}: too few to show anything: {counts:?}");
    }
}

/// Checks the cases of these seeds; what they were about, counted.
fn play_seeds(seeds: impl Iterator<Item = u64>) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for seed in seeds {
        let (kind, before, after) = case(seed);
        let files = (texts(&before), texts(&after));
        let effect = of_texts(&files.0, &files.1);
        if let Err(why) = Check::of(kind, &before, &after, &effect).all() {
            let text = |files: &BTreeMap<String, Vec<u8>>| -> String {
                files.iter().map(|(path, bytes)| format!("# {path}\n{}\n", String::from_utf8_lossy(bytes))).collect()
            };
            panic!("seed {seed}, {kind:?}: {why}\n\n{}\nafter:\n{}\n{effect}", text(&files.0), text(&files.1));
        }
        for change in effect.changes.iter().filter(|change| change.own) {
            *counts.entry(format!("{kind:?} {:?}", change.says())).or_default() += 1;
        }
        let consequences = effect.changes.iter().map(|change| change.when_it_fails.len()).sum::<usize>();
        *counts.entry(format!("{kind:?} consequences")).or_default() += consequences;
    }
    counts
}

/// One case: what was said, and all that can happen on both sides.
struct Check<'a> {
    kind: Kind,
    before: &'a Spec,
    effect: &'a Effect,
    all: Vec<(Given, Truth, Truth)>,
}

type Verdict = std::result::Result<(), String>;

impl<'a> Check<'a> {
    fn of(kind: Kind, before: &'a Spec, after: &'a Spec, effect: &'a Effect) -> Check<'a> {
        let mut all = Vec::new();
        for bits in 0..1 << before.bits {
            for frees in 0..1 << before.frees {
                let given = Given { bits, frees };
                all.push((given, play(before, given), play(after, given)));
            }
        }
        Check { kind, before, effect, all }
    }

    fn all(&self) -> Verdict {
        for change in &self.effect.changes {
            if !change.unjudged.is_empty() {
                return Err(format!("{}: {:?} is not judged", change.subject, change.unjudged));
            }
            self.signals(change)?;
        }
        self.nothing_else()?;
        self.consequences()?;
        self.expectation()
    }

    /// What the two signals of a change say, in every combination.
    fn signals(&self, change: &Change) -> Verdict {
        for (state, side) in [(&change.before, 0), (&change.after, 1)] {
            let Some(state) = state else { continue };
            let subject = &change.subject;
            for (given, before, after) in &self.all {
                let truth = if side == 0 { before } else { after };
                for (key, result) in truth.seen.iter().filter(|(key, _)| is(subject, key)) {
                    let ran = *result != Result::Skipped;
                    if matches!(state.runs, Runs::Never(_)) && ran {
                        return Err(format!("{subject} ran on side {side} with {given:?}, and never runs"));
                    }
                    let failed = *result == Result::Failure;
                    let way = state.ways.iter().find(|way| runs_in(way, key));
                    let Some(way) = way else { return Err(format!("no way of {subject} leads to {key:?}")) };
                    // A whole run: some way says it fails, and this is one of those.
                    let counts = state.signal == Signal::FailsRun && way.ends == Signal::FailsRun;
                    if counts && failed && !truth.runs[&key.0] {
                        return Err(format!(
                            "{subject} failed on side {side} with {given:?}, and run {} is green",
                            key.0
                        ));
                    }
                }
            }
            if matches!(state.signal, Signal::Masked(_) | Signal::FailsOwnCheckOnly(_)) {
                self.makes_no_difference(subject, side)?;
            }
        }
        Ok(())
    }

    /// A hidden failure that comes alone makes no run red.
    fn makes_no_difference(&self, subject: &Subject, side: usize) -> Verdict {
        let Some(bit) = self.bit(subject) else { return Ok(()) };
        for (given, ..) in self.all.iter().filter(|(given, ..)| given.bits == 1 << bit) {
            let with = self.at(*given, side);
            let without = self.at(Given { bits: 0, ..*given }, side);
            let fails =
                |truth: &Truth| truth.seen.iter().any(|(key, result)| is(subject, key) && *result == Result::Failure);
            let redder = with.runs.iter().any(|(run, failed)| *failed && !without.runs[run]);
            if fails(with) && redder {
                return Err(format!("{subject} is hidden on side {side}, and its failure shows with {given:?}"));
            }
        }
        Ok(())
    }

    fn at(&self, given: Given, side: usize) -> &Truth {
        // In the order in which they were made.
        let (_, before, after) = &self.all[(given.bits << self.before.frees | given.frees) as usize];
        if side == 0 { before } else { after }
    }

    /// The bit of a step, if it has one of its own.
    fn bit(&self, subject: &Subject) -> Option<usize> {
        let job = |file: &spec::File| file.jobs.clone();
        let lists = self.before.files.iter().enumerate().flat_map(|(at, file)| {
            job(file).into_iter().map(move |job| (write::path(at), format!("j{}", job.id), job.steps))
        });
        let action = (write::ACTION.to_owned(), String::new(), self.before.action.clone());
        let mut found = None;
        let mut uses: Vec<usize> = Vec::new();
        for (path, job, steps) in lists.chain([action]) {
            for step in steps {
                let Work::Bit(bit) = step.work else { continue };
                uses.push(bit);
                let prefix = if job.is_empty() { "a" } else { &job };
                let name = write::step_name(prefix, step.id);
                if is(subject, &(0, String::new(), path.clone(), job.clone(), name)) {
                    found = Some(bit);
                }
            }
        }
        found.filter(|bit| uses.iter().filter(|other| *other == bit).count() == 1)
    }

    /// Whether one of the changed things is the cause of a difference here: it failed, or it runs on one side only.
    fn is_touched(&self, before: &Truth, after: &Truth) -> bool {
        let own: Vec<&Change> = self.effect.changes.iter().filter(|change| change.own).collect();
        own.iter().any(|change| {
            let at = |truth: &Truth| -> Vec<Result> {
                let own = truth.seen.iter().filter(|(key, _)| is(&change.subject, key));
                own.map(|(_, result)| *result).filter(|result| *result != Result::Skipped).collect()
            };
            let (was, is) = (at(before), at(after));
            let failed = |results: &[Result]| results.contains(&Result::Failure);
            change.after.is_some() && (failed(&was) || failed(&is) || was != is)
        })
    }

    /// Where no changed thing fails or newly runs, every other job and step, and every run, is as it was.
    fn nothing_else(&self) -> Verdict {
        for (given, before, after) in self.all.iter().filter(|(_, before, after)| !self.is_touched(before, after)) {
            if let Some((key, was, now)) = difference(before, after) {
                return Err(format!("{key:?} was {was:?} and is {now:?} with {given:?}"));
            }
            if before.runs != after.runs {
                return Err(format!("the runs went from {:?} to {:?} with {given:?}", before.runs, after.runs));
            }
        }
        Ok(())
    }

    /// Where one changed thing fails, what differs is what the effect lists, and goes as it says.
    fn consequences(&self) -> Verdict {
        let own: Vec<&Change> =
            self.effect.changes.iter().filter(|change| change.own && change.after.is_some()).collect();
        let [change] = own.as_slice() else { return Ok(()) };
        let bit = self.bit(&change.subject);
        for (given, before, after) in &self.all {
            let alone = match bit {
                Some(bit) => given.bits == 1 << bit,
                None => change.subject.step.is_none() && given.bits.count_ones() <= 1,
            };
            let happens = self.is_touched(before, after);
            if !alone || !happens {
                continue;
            }
            for key in before.seen.keys().chain(after.seen.keys()) {
                let (was, now) = (before.of(key), after.of(key));
                let way = is(&change.subject, key) || self.is_on_the_way(change, key);
                if was != now && !way && !self.is_listed(change, key) {
                    return Err(format!("{key:?} was {was:?} and is {now:?} with {given:?}, and is not listed"));
                }
            }
        }
        change.when_it_fails.iter().try_for_each(|one| self.consequence(change, one, bit))
    }

    /// The job of a step that changed, the steps of a job that did, and the jobs that call them.
    fn is_on_the_way(&self, change: &Change, key: &Key) -> bool {
        let subject = &change.subject;
        let own = subject.file == key.2 && subject.job.as_deref() == Some(&*key.3);
        let part = own && (subject.step.is_none() || key.4.is_empty());
        let hops = change.after.iter().flat_map(|state| &state.ways).flat_map(|way| &way.hops);
        let is_hop = |hop: &wf_fix::effect::Hop| {
            let step = hop.step.as_deref().is_none_or(|step| key.4.is_empty() || step == format!("step `{}`", key.4));
            hop.place.file == key.2 && hop.job.as_deref() == Some(&*key.3) && step
        };
        // What a caller calls is a part of it.
        let called = subject.step.is_none()
            && subject.job.is_some()
            && key.1.split('/').any(|job| subject.job.as_deref() == Some(job));
        part || hops.into_iter().any(is_hop) || called
    }

    fn is_listed(&self, change: &Change, key: &Key) -> bool {
        let lists = change.when_it_fails.iter().chain(&self.effect.when_all_is_well);
        let of_job = |subject: &Subject| {
            subject.step.is_none() && subject.file == key.2 && subject.job.as_deref() == Some(&*key.3)
        };
        let listed = |one: &Consequence| is(&one.subject, key) || of_job(&one.subject);
        let changed = |other: &Change| is(&other.subject, key) || of_job(&other.subject);
        // What an action's step does is that of the step which uses it; what a called job does that of its caller.
        let inside = |subject: &Subject| {
            key.1.split('/').any(|part| {
                subject.job.as_deref() == Some(part) || subject.step.as_deref() == Some(&format!("step `{part}`"))
            })
        };
        lists.clone().any(listed)
            || self.effect.changes.iter().any(changed)
            || !key.1.is_empty() && lists.map(|one| &one.subject).any(inside)
    }

    /// What a consequence says, where the change fails alone and every job that it does not touch runs.
    fn consequence(&self, change: &Change, one: &Consequence, bit: Option<usize>) -> Verdict {
        let Some(bit) = bit else { return Ok(()) };
        // An action that two steps use has the consequences of each, and a combination may be about either.
        if change.after.as_ref().is_none_or(|state| state.place.file == write::ACTION && state.ways.len() > 1) {
            return Ok(());
        }
        let ran: BTreeSet<&Key> = self
            .all
            .iter()
            .flat_map(|(_, before, _)| before.seen.iter().filter(|(_, result)| **result != Result::Skipped))
            .map(|(key, _)| key)
            .filter(|key| key.4.is_empty() && !is(&one.subject, key))
            .collect();
        for (given, before, after) in self.all.iter().filter(|(given, ..)| given.bits == 1 << bit) {
            // The effect speaks of one failure; what a run reaches twice fails twice here.
            let fails_once = |truth: &Truth, root: usize| {
                let own = truth.seen.iter().filter(|(key, _)| key.0 == root && is(&change.subject, key));
                own.map(|(_, result)| *result).collect::<Vec<_>>() == [Result::Failure]
            };
            let well = self.at(Given { bits: 0, ..*given }, 0);
            let untouched = ran.iter().all(|key| well.of(key) != Result::Skipped);
            for (truth, fate) in [(before, one.before), (after, one.after)] {
                if !untouched {
                    continue;
                }
                let said = |key: &Key| is(&one.subject, key) && fails_once(truth, key.0);
                for (key, result) in truth.seen.iter().filter(|(key, _)| said(key)) {
                    let fits = match fate {
                        Fate::Skipped => *result == Result::Skipped,
                        Fate::Fails => *result == Result::Failure,
                        // An action that always fails by itself does so here as well.
                        Fate::Runs | Fate::RunsIf if *result == Result::Failure => well.of(key) == Result::Failure,
                        Fate::Runs => *result == Result::Success,
                        Fate::RunsIf => true,
                        Fate::Depends => true,
                    };
                    if !fits {
                        return Err(format!("{key:?} is {result:?} with {given:?}, and {fate:?} is said: {one:?}"));
                    }
                }
            }
        }
        Ok(())
    }

    /// What is within the word of a rule is so in every combination; and what the kind of change is for is within it.
    fn expectation(&self) -> Verdict {
        let holds = |word: Expect| Expected::of([word]).check(self.effect);
        if holds(Expect::NoRuntimeChange).is_ok() {
            self.is_identical()?;
        }
        if holds(Expect::FailuresVisible).is_ok() {
            let hidden = self
                .all
                .iter()
                .find(|(_, before, after)| before.runs.iter().any(|(run, failed)| *failed && !after.runs[run]));
            if let Some((given, ..)) = hidden {
                return Err(format!("a failure shows no longer with {given:?}"));
            }
        }
        let word = match self.kind {
            Kind::DeadJob => Expect::NoRuntimeChange,
            Kind::Restore => Expect::ConditionRestored,
            _ => Expect::FailuresVisible,
        };
        holds(word).map_err(|fault| fault.to_string())
    }

    fn is_identical(&self) -> Verdict {
        for (given, before, after) in &self.all {
            if difference(before, after).is_some() || before.runs != after.runs {
                return Err(format!("no runtime change, and with {given:?} there is one"));
            }
        }
        Ok(())
    }
}

/// The first job or step that is another; one that is gone counts as skipped.
fn difference<'t>(before: &'t Truth, after: &'t Truth) -> Option<(&'t Key, Result, Result)> {
    let keys = before.seen.keys().chain(after.seen.keys());
    keys.map(|key| (key, before.of(key), after.of(key))).find(|(_, was, now)| was != now)
}

/// Whether a key is a subject's.
fn is(subject: &Subject, key: &Key) -> bool {
    let step = subject.step.as_deref().map(|step| step.trim_start_matches("step `").trim_end_matches('`'));
    subject.file == key.2 && subject.job.as_deref().unwrap_or_default() == key.3 && step.unwrap_or_default() == key.4
}

/// Whether a way is the one by which a key's run reaches it.
fn runs_in(way: &wf_fix::effect::Way, key: &Key) -> bool {
    let hops: Vec<String> = way
        .hops
        .iter()
        .rev()
        .flat_map(|hop| {
            let job = hop.job.clone();
            let step =
                hop.step.as_deref().map(|step| step.trim_start_matches("step `").trim_end_matches('`').to_owned());
            [job, step].into_iter().flatten().collect::<Vec<_>>()
        })
        .collect();
    let wanted: Vec<&str> = key.1.split('/').filter(|part| !part.is_empty()).collect();
    // A way that ends in an action's user stands for all that go on from there.
    let last: Vec<&str> = hops.iter().map(String::as_str).collect();
    match way.ends == Signal::FailsRun {
        true => way.run == write::path(key.0) && last == wanted,
        false => wanted.ends_with(&last) && (way.run == write::path(key.0) || last.len() < wanted.len()),
    }
}
