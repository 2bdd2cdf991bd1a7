//! The table of `docs/git.md`, made of what came out.

use std::fmt::Write as _;
use std::fs;

use crate::Outcomes;
use crate::engine::{COMMANDS, Outcome};
use crate::rows::GROUPS;
use crate::situation::Situation;

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/git.md");
const BEGIN: &str = "<!-- What follows is written by tests/matrix: WF_FIX_BLESS=1 cargo test --test matrix -->\n";
const END: &str = "<!-- end of what tests/matrix writes -->\n";

/// The docs must hold what came out; with `WF_FIX_BLESS` they are made to.
pub fn compare(results: &[Outcomes]) {
    let docs = fs::read_to_string(DOCS).unwrap();
    let (head, rest) = docs.split_once(BEGIN).expect("the first mark");
    let (old, tail) = rest.split_once(END).expect("the last mark");
    let new = table(results, old);
    if std::env::var_os("WF_FIX_BLESS").is_some() {
        fs::write(DOCS, format!("{head}{BEGIN}{new}{END}{tail}")).unwrap();
        return;
    }
    let differs = old.lines().zip(new.lines()).find(|(old, new)| old != new);
    let hint = "look at it, then: WF_FIX_BLESS=1 cargo test --locked --test matrix";
    assert!(old == new, "docs/git.md is not what came out ({hint}): {differs:#?}");
}

/// What is refused with the same words: the situations, the commands, the words.
type Refusals = Vec<(Vec<&'static str>, Vec<&'static str>, String)>;

/// Rows that could not be made here stay as they are.
fn table(results: &[Outcomes], old: &str) -> String {
    let mut out = String::new();
    let mut results = results.iter();
    for (title, rows) in GROUPS {
        let (heads, marks) = (COMMANDS.map(|(name, _)| name).join(" | "), COMMANDS.map(|_| "---").join(" | "));
        write!(out, "\n## {title}\n\n| situation | {} |\n| --- | {marks} |\n", heads).unwrap();
        let mut refusals = Refusals::new();
        let mut kept: Vec<&str> = Vec::new();
        for (row, outcomes) in rows.iter().zip(results.by_ref()) {
            match outcomes {
                Some(outcomes) => {
                    out += &line(row, outcomes);
                    collect(row, outcomes, &mut refusals);
                }
                None => {
                    let named = |head: String| old.lines().filter(move |line| line.starts_with(&head));
                    named(format!("| {} |", row.name)).for_each(|line| out += &format!("{line}\n"));
                    kept.extend(named(format!("- {}: ", row.name)));
                    kept.extend(named(format!("- {}; ", row.name)));
                }
            }
        }
        if !refusals.is_empty() {
            out += "\nRefused with these words:\n\n";
        }
        for (names, commands, words) in refusals {
            writeln!(out, "- {}: {}: {words}", names.join("; "), commands.join(", ")).unwrap();
        }
        kept.into_iter().for_each(|line| out += &format!("{line}\n"));
    }
    out + "\n"
}

fn line(row: &Situation, outcomes: &[Outcome; 6]) -> String {
    let cells = outcomes.each_ref().map(|outcome| match outcome {
        Outcome::Works => "yes",
        Outcome::Refused(_) => "refused",
    });
    format!("| {} | {} |\n", row.name, cells.join(" | "))
}

/// Adds the words of a row, each with the commands that say them.
fn collect(row: &Situation, outcomes: &[Outcome; 6], refusals: &mut Refusals) {
    let mut own: Vec<(Vec<&'static str>, &str)> = Vec::new();
    for ((command, _), outcome) in COMMANDS.iter().zip(outcomes) {
        let Outcome::Refused(words) = outcome else { continue };
        match own.iter_mut().find(|(_, known)| known == words) {
            Some((commands, _)) => commands.push(command),
            None => own.push((vec![command], words)),
        }
    }
    for (number, (commands, words)) in own.into_iter().enumerate() {
        let tried = number == 0 && row.way_out.is_some();
        let words = if tried { format!("{words} *(tried)*") } else { words.to_owned() };
        match refusals.iter_mut().find(|known| known.1 == commands && known.2 == words) {
            Some((names, ..)) => names.push(row.name),
            None => refusals.push((vec![row.name], commands, words)),
        }
    }
}
