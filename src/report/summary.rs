//! The summary of a run, for people: a line per risk, its files, a line per claim, the proof.

use std::fmt::Write as _;

use super::patch::{Count, Diffs, shortstat};
use super::safe::{plural, short, shown};
use super::{claims, effect};
use crate::plan::{FilePlan, Planned, Status};

/// The word for a status.
pub fn word(status: &Status) -> &'static str {
    match status {
        Status::Pending(_) => "pending",
        Status::Done(_) => "done",
        Status::Accepted(_) => "accept",
        Status::Missing(_) => "missing",
        Status::Refused(_) => "refused",
    }
}

/// The whole summary. `applied` says that the changes were made, not only planned.
pub fn text(planned: &[Planned<'_>], diffs: &Diffs, applied: bool) -> String {
    let (mut out, mut total) = (String::new(), Count::default());
    let width = planned.iter().map(|p| p.risk.id.len()).max().unwrap_or(0);
    for one in planned {
        let status = said(one, applied);
        let _ = writeln!(out, "{:width$}  {status:8} {}", one.risk.id, short(&headline(one), 400));
        for file in one.files() {
            let lines = diffs.get(&one.risk.id, &file.change.path).count;
            total += lines;
            write_file(&mut out, file, lines, width);
        }
        write_effect(&mut out, one, width);
    }
    let deferred = effect::register(planned);
    if !deferred.is_empty() {
        out.push_str("To be verified upstream:\n");
    }
    for entry in deferred {
        let _ = writeln!(out, "{}", effect::deferred_line(&entry));
    }
    let _ = writeln!(out, "{}", closing(planned, total, applied));
    out
}

fn said(planned: &Planned<'_>, applied: bool) -> &'static str {
    if applied && !planned.files().is_empty() { "fixed" } else { word(&planned.status) }
}

fn headline(planned: &Planned<'_>) -> String {
    match &planned.status {
        Status::Pending(_) => planned.risk.title.clone(),
        Status::Done(why) => match why.first() {
            Some(why) => format!("nothing to do: {}", short(why, 140)),
            None => "nothing to do".to_owned(),
        },
        Status::Accepted(reason) => short(reason, 100),
        Status::Missing(fault) | Status::Refused(fault) => fault.cause.clone(),
    }
}

fn write_file(out: &mut String, file: &FilePlan, lines: Count, width: usize) {
    let indent = " ".repeat(width + 2);
    let path = shown(&file.change.path);
    let _ = writeln!(out, "{indent}{path} (+{} -{})", lines.added, lines.removed);
    for (claim, place) in &file.claims {
        let _ = writeln!(out, "{indent}  {}", claims::line(claim, place));
    }
    for remark in &file.remarks {
        let _ = writeln!(out, "{indent}  note: {}", shown(remark));
    }
    if let Some(proof) = &file.proof {
        let values = match proof.delta.len() {
            0 => "no value changed".to_owned(),
            n => format!("{} changed, as claimed", plural(n, "value")),
        };
        let comments = plural(proof.comments_kept, "comment");
        let _ = writeln!(out, "{indent}  proven: {values}; {comments} and {} bytes untouched", proof.bytes_kept);
    }
}

fn write_effect(out: &mut String, planned: &Planned<'_>, width: usize) {
    let Some(found) = &planned.effect else { return };
    let indent = " ".repeat(width + 2);
    let _ = writeln!(out, "{indent}effect{}:", effect::expected(&planned.risk.effect));
    for line in effect::lines(found) {
        let _ = writeln!(out, "{indent}  {line}");
    }
}

fn closing(planned: &[Planned<'_>], lines: Count, applied: bool) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for one in planned {
        let word = said(one, applied);
        match counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, n)) => *n += 1,
            None => counts.push((word, 1)),
        }
    }
    let mut paths: Vec<&str> = planned.iter().flat_map(|p| p.files()).map(|f| f.change.path.as_str()).collect();
    paths.sort_unstable();
    paths.dedup();
    let counts: Vec<String> = counts.iter().map(|(word, n)| format!("{n} {word}")).collect();
    let stat = if paths.is_empty() { "nothing to change".to_owned() } else { shortstat(paths.len(), lines) };
    format!("{}: {stat}", counts.join(", "))
}
