//! An effect as data: part of `--format json` and of the reports. The schema is described in docs/json.md.

use serde_json::{Value, json};

use crate::effect::{Change, Consequence, Deferred, Effect, Expected, Fate, Guard, Says, State, Subject, Way};
use crate::workflow::link::Link;
use crate::workflow::signal::{Runs, Signal};
use crate::yaml::Place;

/// An effect with what was expected of it.
pub fn effect(effect: &Effect, expected: &Expected) -> Value {
    json!({
        "expected": expected.words().iter().map(|word| word.word()).collect::<Vec<_>>(),
        "nothing": effect.is_nothing(),
        "words": effect.lines(),
        "changes": effect.changes.iter().map(change).collect::<Vec<_>>(),
        "when_all_is_well": effect.when_all_is_well.iter().map(consequence).collect::<Vec<_>>(),
        "unread": effect.unread.iter().map(|(path, why)| json!({ "path": path, "why": why })).collect::<Vec<_>>(),
    })
}

/// An entry of the register of deferred verification.
pub fn deferred(entry: &Deferred) -> Value {
    json!({
        "id": entry.id,
        "risk": entry.risk,
        "place": place(&entry.place),
        "why": entry.why,
        "observe": entry.observe,
        "exit": entry.exit,
    })
}

fn change(change: &Change) -> Value {
    let hidden = change.still_hidden.iter();
    let hidden =
        hidden.map(|one| json!({ "what": one.what, "place": place(&one.place), "signal": signal(&one.signal) }));
    json!({
        "subject": subject(&change.subject),
        "says": says(change.says()),
        "own": change.own,
        "before": change.before.as_ref().map(state),
        "after": change.after.as_ref().map(state),
        "unjudged": change.unjudged,
        "still_hidden": hidden.collect::<Vec<_>>(),
        "cannot_fail": change.cannot_fail,
        "when_it_fails": change.when_it_fails.iter().map(consequence).collect::<Vec<_>>(),
    })
}

/// A word for what a change comes to.
pub fn says(says: Says) -> &'static str {
    match says {
        Says::Nothing => "nothing",
        Says::FailsRun => "fails-run",
        Says::OwnCheckOnly => "own-check-only",
        Says::StillMasked => "still-masked",
        Says::InLegs => "in-legs",
        Says::Depends => "depends",
        Says::LessVisible => "less-visible",
        Says::NowRuns => "now-runs",
        Says::NoLongerRuns => "no-longer-runs",
        Says::RunsOtherwise => "runs-otherwise",
        Says::Same => "same",
        Says::OtherWay => "other-way",
        Says::Unjudged => "unjudged",
    }
}

fn subject(subject: &Subject) -> Value {
    json!({ "file": subject.file, "job": subject.job, "step": subject.step, "words": subject.to_string() })
}

fn state(state: &State) -> Value {
    json!({
        "place": place(&state.place),
        "runs": runs(&state.runs),
        "signal": signal(&state.signal),
        "ways": state.ways.iter().map(way).collect::<Vec<_>>(),
        "guards": state.guards.iter().map(guard).collect::<Vec<_>>(),
    })
}

fn way(way: &Way) -> Value {
    let hop = way.hops.iter().map(|hop| json!({ "place": place(&hop.place), "job": hop.job, "step": hop.step }));
    json!({
        "run": way.run,
        "hops": hop.collect::<Vec<_>>(),
        "ends": signal(&way.ends),
        "guards": way.guards.iter().map(guard).collect::<Vec<_>>(),
    })
}

fn guard(guard: &Guard) -> Value {
    json!({ "place": place(&guard.place), "of": guard.of, "condition": guard.condition })
}

fn runs(runs: &Runs) -> Value {
    match runs {
        Runs::Always => json!({ "kind": "always" }),
        Runs::If(condition) => json!({ "kind": "if", "condition": condition }),
        Runs::Never(links) => json!({ "kind": "never", "chain": chain(links) }),
    }
}

fn signal(signal: &Signal) -> Value {
    match signal {
        Signal::FailsRun => json!({ "kind": "fails-run" }),
        Signal::FailsOwnCheckOnly(links) => json!({ "kind": "own-check-only", "chain": chain(links) }),
        Signal::Masked(links) => json!({ "kind": "masked", "chain": chain(links) }),
        Signal::MaskedInLegs { legs, chain: links, own_check, otherwise } => json!({
            "kind": "masked-in-legs", "legs": legs, "chain": chain(links), "own_check": own_check,
            "otherwise": self::signal(otherwise),
        }),
        Signal::NeverRuns(links) => json!({ "kind": "never-runs", "chain": chain(links) }),
        Signal::Depends { place: at, on, chain: links } => {
            json!({ "kind": "depends", "place": place(at), "on": on, "chain": chain(links) })
        }
    }
}

fn chain(links: &[Link]) -> Vec<Value> {
    let link = |link: &Link| json!({ "place": place(&link.place), "words": link.kind.words(), "what": link.what });
    links.iter().map(link).collect()
}

fn consequence(one: &Consequence) -> Value {
    json!({
        "subject": subject(&one.subject),
        "place": place(&one.place),
        "before": fate(one.before),
        "after": fate(one.after),
        "reads": one.reads,
    })
}

fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Runs => "runs",
        Fate::RunsIf => "runs-if",
        Fate::Skipped => "skipped",
        Fate::Fails => "fails",
        Fate::Depends => "depends",
    }
}

fn place(place: &Place) -> Value {
    json!({ "file": place.file, "line": place.line, "column": place.column })
}
