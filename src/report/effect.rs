//! An effect in the summary of a run and in the message of a commit.

use super::safe::short;
use crate::effect::{Deferred, Effect, Expected, deferred};
use crate::plan::Planned;

/// The most lines of an effect that are printed; a risk over thousands of files says how many more there are.
const LINES: usize = 60;

/// The longest line of an effect.
const LONG: usize = 900;

/// The lines of an effect, safe to print, those that belong to another indented by two.
pub fn lines(effect: &Effect) -> Vec<String> {
    let all = effect.lines();
    let more = all.len().saturating_sub(LINES);
    let safe = |line: &String| {
        let text = line.trim_start();
        format!("{}{}", " ".repeat(line.len() - text.len()), short(text, LONG))
    };
    let mut lines: Vec<String> = all[more..].iter().map(safe).collect();
    if more > 0 {
        // The last line sums up, so the first ones go.
        lines.insert(0, format!("({more} lines more before these)"));
    }
    lines
}

/// What was expected, in brackets, for a heading; empty if nothing was.
pub fn expected(expected: &Expected) -> String {
    if expected.words().is_empty() { String::new() } else { format!(" ({expected}, as expected)") }
}

/// The register of deferred verification for a run, milestone by milestone, each numbered in the order of the risks.
pub fn register(planned: &[Planned<'_>]) -> Vec<Deferred> {
    let mut milestones: Vec<&str> = Vec::new();
    for one in planned {
        if !milestones.contains(&one.risk.milestone.as_str()) {
            milestones.push(&one.risk.milestone);
        }
    }
    let of = |milestone: &&str| {
        let own = planned.iter().filter(|one| one.risk.milestone == *milestone);
        deferred::register(milestone, own.filter_map(|one| Some((one.risk.id.as_str(), one.effect.as_ref()?))))
    };
    milestones.iter().flat_map(of).collect()
}

/// An entry of the register in a line.
pub fn deferred_line(entry: &Deferred) -> String {
    let why = short(&entry.why, 300);
    format!("{}  {}: {why}; observe {}", entry.id, entry.risk, short(&entry.observe, 500))
}
