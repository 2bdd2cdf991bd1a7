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
    let own: Vec<&Change> = effect.changes.iter().filter(|change| change.own && alive(change)).collect();
    let first = own.iter().find_map(|change| Some((*change, reason(change)?)));
    let (_, (place, why)) = first?;
    let observe: Vec<String> = own.iter().map(|change| observe(change)).collect();
    Some(Open { place, why, observe: observe.join("; "), exit: exit(&own) })
}

fn alive(change: &Change) -> bool {
    change.says() != Says::Nothing
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

fn conditions(state: &State) -> String {
    let texts: Vec<String> = state.open_conditions().iter().map(|guard| format!("`{}`", guard.condition)).collect();
    if texts.is_empty() { "it runs".to_owned() } else { format!("{} holds", texts.join(" and ")) }
}

fn observe(change: &Change) -> String {
    let Some(state) = &change.after else { return format!("a run without {}", change.subject) };
    let when = conditions(state);
    match change.says() {
        Says::NowRuns => format!("a run in which {when}: {} is no longer skipped", change.subject),
        Says::FailsRun => format!(
            "a run in which {when} and {} fails: its job and the run are red; and one in which it succeeds: both are green",
            change.subject
        ),
        _ => format!("a run in which {when} and {} fails: what becomes of its job and of the run", change.subject),
    }
}

fn exit(own: &[&Change]) -> String {
    let restored = own.iter().all(|change| change.says() == Says::NowRuns);
    match restored {
        true => "one run upstream in which it ran to its end, linked here".to_owned(),
        false => "one run upstream with the step green, linked here, and the first failure seen to fail the run, or a \
                  failure provoked on a branch"
            .to_owned(),
    }
}

/// The conditions that stand between a change and its run; for those who word it otherwise.
pub fn conditions_of(change: &Change) -> Vec<&Guard> {
    change.after.as_ref().map(State::open_conditions).unwrap_or_default()
}
