//! Deferred verification: what the files cannot show and a run upstream can, as entries of a register.
//!
//! An entry is made for each risk whose change is another to a run, where a condition that a run decides stands between
//! it and its run, where an expression decides what becomes of its failure, or where nothing known calls its workflow.
//! What is proven in full gets none.

use super::{Change, Effect, Guard, Says, State};
use crate::workflow::signal::Signal;
use crate::yaml::Place;

/// One entry of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deferred {
    /// Its ID: the milestone and a number in the order of the risks, `M04-V01`.
    pub id: String,
    /// The risk it is about.
    pub risk: String,
    /// Where it is decided.
    pub place: Place,
    /// Why the files do not show it.
    pub why: String,
    /// What to observe upstream.
    pub observe: String,
    /// When the entry can be closed.
    pub exit: String,
}

/// The register of a milestone: an entry for each risk that needs one, numbered in the order given.
pub fn register<'a>(milestone: &str, risks: impl IntoIterator<Item = (&'a str, &'a Effect)>) -> Vec<Deferred> {
    let prefix = if milestone.is_empty() { String::new() } else { format!("{milestone}-") };
    let open = risks.into_iter().filter_map(|(risk, effect)| Some((risk, open(effect)?)));
    open.enumerate()
        .map(|(index, (risk, open))| Deferred {
            id: format!("{prefix}V{:02}", index + 1),
            risk: risk.to_owned(),
            place: open.place,
            why: open.why,
            observe: open.observe,
            exit: open.exit,
        })
        .collect()
}

/// An entry without its number.
struct Open {
    place: Place,
    why: String,
    observe: String,
    exit: String,
}

/// What of an effect is left for a run to show.
fn open(effect: &Effect) -> Option<Open> {
    let own: Vec<&Change> =
        effect.changes.iter().filter(|change| change.own && change.says() != Says::Nothing).collect();
    let (place, why) = own.iter().find_map(|change| reason(change))?;
    Some(Open { place, why, observe: observe(&own), exit: exit(&own) })
}

/// Why the files do not decide it, and where.
fn reason(change: &Change) -> Option<(Place, String)> {
    let state = change.after.as_ref()?;
    if let Signal::Depends { place, on, .. } = &state.signal {
        return Some((place.clone(), format!("what becomes of its failure depends on `{on}`")));
    }
    if let [first, rest @ ..] = state.open_conditions().as_slice() {
        let more = if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
        return Some((first.place.clone(), format!("{} runs only if `{}`{more}", first.of, first.condition)));
    }
    let uncalled = state.ways.is_empty();
    uncalled.then(|| (state.place.clone(), "nothing in this repository calls the workflow".to_owned()))
}

/// What to look for, changes that wait for the same in one sentence.
fn observe(own: &[&Change]) -> String {
    let mut groups: Vec<((Says, String), Vec<String>)> = Vec::new();
    for change in own {
        let key = (change.says(), when(change));
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, subjects)) => subjects.push(change.subject.to_string()),
            None => groups.push((key, vec![change.subject.to_string()])),
        }
    }
    let sentence = |((says, when), subjects): ((Says, String), Vec<String>)| {
        let who = subjects.join(" or ");
        match says {
            Says::NowRuns => format!("a run {when}: {who} is not skipped"),
            Says::FailsRun => format!("a run {when} in which {who} fails: the job is red, and so is the run"),
            Says::NoLongerRuns => format!("a run without {who}"),
            _ => format!("a run {when} in which {who} fails: what becomes of the job and of the run"),
        }
    };
    groups.into_iter().map(sentence).collect::<Vec<_>>().join("; ")
}

/// The conditions under which a change shows.
fn when(change: &Change) -> String {
    let texts: Vec<String> = conditions(change).iter().map(|guard| format!("`{}`", guard.condition)).collect();
    let mut distinct: Vec<String> = Vec::new();
    for text in texts {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    if distinct.is_empty() { "of the workflow".to_owned() } else { format!("with {}", distinct.join(" and ")) }
}

fn exit(own: &[&Change]) -> String {
    match own.iter().all(|change| change.says() == Says::NowRuns) {
        true => "a link to one such run in which it ran to its end".to_owned(),
        false => "a link to one such run, a failure provoked on a branch included".to_owned(),
    }
}

/// The conditions between a change and its run that a run decides.
pub fn conditions(change: &Change) -> Vec<&Guard> {
    change.after.as_ref().map(State::open_conditions).unwrap_or_default()
}
