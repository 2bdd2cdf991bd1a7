//! The verdict on a series for people: a line per commit, every reason at its place, the invariants.

use std::fmt::Write as _;

use super::safe::{plural, short, shown};
use crate::verify::invariant::Held;
use crate::verify::reason::Reason;
use crate::verify::series::{self, Series};
use crate::verify::{Checked, Verdict};

/// The whole text.
pub fn text(series: &Series, verdict: &Verdict<'_>, color: bool) -> String {
    let mut out = String::new();
    for checked in &verdict.commits {
        commit(&mut out, checked, color);
    }
    if !verdict.reasons.is_empty() {
        let _ = writeln!(out, "{}  the series", mark(false, color));
        verdict.reasons.iter().for_each(|one| reason(&mut out, one));
    }
    for risk in &verdict.done_before {
        let _ = writeln!(out, "note  {} was gone before the series", risk.id);
    }
    for held in &verdict.invariants {
        invariant(&mut out, held, color);
    }
    let commits = plural(verdict.commits.len(), "commit");
    let (start, head) = (series::short(&series.start), series::short(&series.head));
    let _ = match verdict.reasons().count() {
        0 => writeln!(out, "{commits} from {start} to {head}: everything is in order"),
        n => writeln!(out, "{commits} from {start} to {head}: {} against it", plural(n, "reason")),
    };
    out
}

fn mark(good: bool, color: bool) -> &'static str {
    match (good, color) {
        (true, false) => "ok  ",
        (false, false) => "FAIL",
        (true, true) => "\x1b[32mok\x1b[0m  ",
        (false, true) => "\x1b[1;31mFAIL\x1b[0m",
    }
}

fn commit(out: &mut String, checked: &Checked<'_>, color: bool) {
    let risk = checked.risk.map_or("-", |risk| risk.id.as_str());
    let good = checked.reasons.is_empty();
    let subject = short(&checked.commit.subject, 100);
    let _ = writeln!(out, "{}  {}  {risk}  {subject}", mark(good, color), checked.commit.short());
    if good {
        match checked.form.is_empty() {
            true => out.push_str("      byte for byte what wf-fix writes\n"),
            false => {
                out.push_str("      by hand, with the values and comments that wf-fix leaves; it differs in form:\n")
            }
        }
    }
    for words in checked.form.iter().filter(|_| good) {
        let _ = writeln!(out, "        {}", short(words, 300));
    }
    for note in &checked.notes {
        let _ = writeln!(out, "      note: {}", short(note, 300));
    }
    checked.reasons.iter().for_each(|one| reason(out, one));
}

fn invariant(out: &mut String, held: &Held, color: bool) {
    let files = plural(held.files, "file");
    let _ = writeln!(out, "{}  {}  {} ({files})", mark(held.broken.is_empty(), color), held.id, short(&held.text, 160));
    held.broken.iter().for_each(|one| reason(out, one));
}

fn reason(out: &mut String, reason: &Reason) {
    let cause = short(&reason.cause, 500);
    let _ = writeln!(out, "      {}: {}: {cause}", shown(&reason.at.to_string()), reason.code.word());
    if !reason.way_out.is_empty() {
        let _ = writeln!(out, "        help: {}", short(&reason.way_out, 300));
    }
}
