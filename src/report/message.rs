//! The message of a risk's commit: a conventional subject, the rationale, the proven change, trailers.

use super::claims::{self, is_job, last_key};
use super::safe::{plural, short, shown};
use crate::change::Step;
use crate::claim::{Change, Claim};
use crate::plan::{FilePlan, Planned};
use crate::rule::Risk;

/// The longest subject line that stays readable in a log.
const SUBJECT: usize = 72;

/// What a planned risk wants committed; `None` if there is nothing to do.
pub fn step(planned: &Planned<'_>) -> Option<Step> {
    let files = planned.files();
    if files.is_empty() {
        return None;
    }
    Some(Step {
        risk: planned.risk.id.clone(),
        message: message(planned.risk, files),
        files: files.iter().map(|file| file.change.clone()).collect(),
    })
}

/// The whole message, ending in a newline.
pub fn message(risk: &Risk, files: &[FilePlan]) -> String {
    let mut body = vec![shown(&risk.rationale).into_owned()];
    body.push(format!("Change:\n{}", changes(files)));
    body.push(proven(files));
    let body = body.iter().filter(|part| !part.is_empty()).map(|part| harmless(part));
    format!("{}\n\n{}\n\n{}\n", subject(risk, files), body.collect::<Vec<_>>().join("\n\n"), trailers(risk))
}

fn subject(risk: &Risk, files: &[FilePlan]) -> String {
    let claims: Vec<&(Claim, String)> = files.iter().flat_map(|file| &file.claims).collect();
    let what =
        [jobs(&claims, files), keys(&claims), conditions(&claims), whole_files(files)].into_iter().flatten().next();
    let what = what.unwrap_or_else(|| "justify what may stay".to_owned());
    let room = SUBJECT.saturating_sub(risk.id.len() + 7);
    let what = if what.chars().count() > room { format!("fix {}", lower_first(&risk.title)) } else { what };
    format!("ci: {} ({})", short(&what, room), risk.id)
}

fn lower_first(title: &str) -> String {
    let mut chars = title.chars();
    // An acronym stays as it is.
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(chars).collect(),
        _ => title.to_owned(),
    }
}

fn jobs(claims: &[&(Claim, String)], files: &[FilePlan]) -> Option<String> {
    let removed = |(claim, place): &&(Claim, String)| match claim {
        Claim::Value(Change::Removed { path, .. }) if is_job(path) => Some(place.replace("job ", "")),
        _ => None,
    };
    let names: Vec<String> = claims.iter().copied().filter_map(|claim| removed(&claim)).collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("remove job {one}")),
        [a, b] if a.len() + b.len() < 36 => Some(format!("remove jobs {a} and {b}")),
        many => Some(format!("remove {} jobs from {}", many.len(), file_name(files))),
    }
}

fn keys(claims: &[&(Claim, String)]) -> Option<String> {
    let removed = |(claim, place): &&(Claim, String)| match claim {
        Claim::Value(Change::Removed { path, .. }) => Some((last_key(path)?.to_owned(), place.clone())),
        _ => None,
    };
    let found: Vec<(String, String)> = claims.iter().copied().filter_map(|claim| removed(&claim)).collect();
    let (key, place) = found.first()?;
    let place = place.split(" of job ").next().unwrap_or(place);
    let place = place.strip_prefix("step ").unwrap_or(place).replace('`', "\"");
    let others = found.iter().filter(|(k, _)| k == key).count();
    let times = if others > 1 { format!(" in {others} places") } else { String::new() };
    Some(format!("remove {key} from {place}{times}"))
}

fn conditions(claims: &[&(Claim, String)]) -> Option<String> {
    let changed = |(claim, place): &&(Claim, String)| match claim {
        Claim::Value(Change::Changed { .. }) => Some(format!("mend the condition of {place}")),
        _ => None,
    };
    claims.iter().copied().find_map(|claim| changed(&claim)).map(|text| text.replace('`', "\""))
}

fn whole_files(files: &[FilePlan]) -> Option<String> {
    let gone = files.iter().find(|file| file.change.after.is_none())?;
    Some(format!("delete {}", base_name(&gone.change.path)))
}

fn file_name(files: &[FilePlan]) -> String {
    match files {
        [one] => base_name(&one.change.path).to_owned(),
        many => format!("{} workflows", many.len()),
    }
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn changes(files: &[FilePlan]) -> String {
    let mut out = Vec::new();
    for file in files {
        out.push(format!("- {}", shown(&file.change.path)));
        out.extend(file.claims.iter().map(|(claim, place)| format!("  - {}", claims::line(claim, place))));
        out.extend(file.remarks.iter().map(|remark| format!("  - note: {}", shown(remark))));
    }
    out.join("\n")
}

/// What the proof shows, in a sentence.
fn proven(files: &[FilePlan]) -> String {
    let proofs: Vec<_> = files.iter().filter_map(|file| file.proof.as_ref()).collect();
    if proofs.is_empty() {
        return String::new();
    }
    let sum = |count: fn(&crate::proof::Proof) -> usize| proofs.iter().map(|p| count(p)).sum::<usize>();
    let (values, comments, bytes) = (sum(|p| p.delta.len()), sum(|p| p.comments_kept), sum(|p| p.bytes_kept));
    let values = match values {
        0 => "no value differs".to_owned(),
        1 => "exactly one value differs".to_owned(),
        n => format!("exactly {n} values differ"),
    };
    let comments = plural(comments, "other comment");
    format!("Proof: {values}, as listed; {comments} and {bytes} other bytes are as they were.")
}

fn trailers(risk: &Risk) -> String {
    let mut lines = vec![format!("Risk-ID: {}", risk.id)];
    if !risk.milestone.is_empty() {
        lines.push(format!("Milestone: {}", short(&risk.milestone, 100)));
    }
    lines.extend(risk.invariant.iter().map(|invariant| format!("Invariant: {}", short(invariant, 100))));
    lines.push(format!("Rule: {}", shown(&risk.place.file)));
    lines.join("\n")
}

/// Lines that `git am` would take for the end of the message are indented.
fn harmless(text: &str) -> String {
    let ends = |line: &str| {
        ["---", "diff -", "Index: ", "From ", ">From "].iter().any(|start| line.starts_with(start)) || line == "-- "
    };
    let line = |line: &str| if ends(line) { format!(" {line}") } else { line.trim_end().to_owned() };
    text.trim_matches('\n').lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_starts_small_unless_it_is_an_acronym() {
        assert_eq!(lower_first("Disabled jobs"), "disabled jobs");
        assert_eq!(lower_first("LLM job"), "LLM job");
    }

    #[test]
    fn what_would_end_a_message_is_indented() {
        assert_eq!(harmless("a\n---\ndiff --git x\nb  "), "a\n ---\n diff --git x\nb");
    }
}
