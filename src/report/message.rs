//! The message of a risk's commit: a conventional subject, the rationale, the proven change, trailers.

use super::claims::{self, is_job, last_key};
use super::effect;
use super::safe::{plural, short, shown};
use crate::change::Step;
use crate::claim::{Change, Claim};
use crate::effect::Effect;
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
        message: message(planned.risk, files, planned.effect.as_ref()),
        files: files.iter().map(|file| file.change.clone()).collect(),
    })
}

/// The whole message, ending in a newline.
pub fn message(risk: &Risk, files: &[FilePlan], effect: Option<&Effect>) -> String {
    let mut body = vec![shown(&risk.rationale).into_owned()];
    body.push(format!("Change:\n{}", changes(files)));
    body.extend(effect.map(|effect| at_run_time(risk, effect)));
    body.push(proven(files));
    body.retain(|part| !part.is_empty());
    // Breaking lines may bring a word to the start of one.
    let body = harmless(&body.join("\n\n"));
    format!("{}\n\n{}\n\n{}\n", subject(risk, files), shown(&body), trailers(risk))
}

fn subject(risk: &Risk, files: &[FilePlan]) -> String {
    let claims: Vec<&(Claim, String)> = files.iter().flat_map(|file| &file.claims).collect();
    let what =
        [jobs(&claims, files), keys(&claims), conditions(&claims), whole_files(files)].into_iter().flatten().next();
    let what = what.unwrap_or_else(|| "justify what may stay".to_owned());
    let room = SUBJECT.saturating_sub(risk.id.len() + 7);
    let what = if what.chars().count() > room { format!("fix {}", lower_first(&risk.title)) } else { what };
    format!("ci: {} ({})", short(&what, room).replace("=?", "= ?"), risk.id)
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
    let step = |place: &str| place.split(" of job ").next().unwrap_or(place).to_owned();
    let same_key = found.iter().filter(|(other, _)| other == key).count();
    let same_place = found.iter().filter(|(other, at)| other == key && step(at) == step(place)).count();
    let place = step(place);
    let name = place.strip_prefix("step `").map_or_else(|| place.clone(), |rest| format!("`{rest}"));
    Some(match (same_key, same_place) {
        (1, _) => format!("remove {key} from {}", name.replace('`', "\"")),
        (all, same) if all == same => format!("remove {key} from {} in {all} places", name.replace('`', "\"")),
        (all, _) => format!("remove {key} in {all} places"),
    })
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

/// The most lines that list changes; a commit over thousands of files says how many more there are.
const CHANGES: usize = 200;

fn changes(files: &[FilePlan]) -> String {
    let mut out = Vec::new();
    for file in files {
        out.push(format!("- {}", short(&file.change.path, 200)));
        out.extend(file.claims.iter().map(|(claim, place)| format!("  - {}", claims::line(claim, place))));
        out.extend(file.remarks.iter().map(|remark| format!("  - note: {}", short(remark, 200))));
    }
    if out.len() > CHANGES {
        let more = out.len() - CHANGES;
        out.truncate(CHANGES);
        out.push(format!("- and {more} lines more"));
    }
    out.join("\n")
}

/// The width at which a sentence goes on in the next line.
const WIDTH: usize = 110;

/// The most details of one change that a message takes; `verify` and `report` derive them all again.
const DETAILS: usize = 8;

/// What the change means for the runs, a point per change.
fn at_run_time(risk: &Risk, effect: &Effect) -> String {
    let mut out = vec![format!("At run time{}:", effect::expected(&risk.effect))];
    for line in capped(effect::lines(effect)) {
        let text = line.trim_start();
        let indent = " ".repeat(line.len() - text.len());
        out.extend(wrapped(&format!("{indent}- "), &format!("{indent}  "), text));
    }
    out.join("\n")
}

/// The lines with at most [`DETAILS`] indented ones in a row; the rest is counted.
fn capped(lines: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut details = 0;
    for line in lines {
        details = if line.starts_with(' ') { details + 1 } else { 0 };
        match details {
            0..=DETAILS => out.push(line),
            _ => {
                out.truncate(out.len() - usize::from(details > DETAILS + 1));
                out.push(format!("  And {}.", plural(details - DETAILS, "more detail")));
            }
        }
    }
    out
}

/// A text in lines, broken between words.
fn wrapped(first: &str, rest: &str, text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split(' ') {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut line, rest.to_owned()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push(line);
    lines
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
    lines.push(format!("Rule: {}", rule_name(&risk.place.file)));
    lines.join("\n")
}

/// The rule file as others know it: below the repository or the built-in folder by its path, else by its name alone.
fn rule_name(file: &str) -> String {
    let known = file.starts_with(".wf-fix/rules/") || file.starts_with("rules/");
    let plain = known && crate::rule::path::check(file).is_ok();
    short(if plain { file } else { base_name(file) }, 200)
}

/// Text as it may stand in a message: nothing in it that `git am`, `git apply` or a scissors setting would take for
/// something else, no run of blank lines, which `git am` would fold.
fn harmless(text: &str) -> String {
    const STARTS: [&str; 9] = ["---", "diff ", "Index: ", "From ", ">From ", "@@ ", "+++ ", "GIT binary", "-- "];
    let header = |line: &str| {
        let name = line.split(':').next().unwrap_or_default();
        name.len() < line.len() && !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let mut out: Vec<String> = Vec::new();
    // `git am` takes mail headers from the first lines of a message.
    let mut leading = true;
    for line in text.trim_matches('\n').lines() {
        let line = line.trim_end().replace("8<", "8 <").replace(">8", "> 8");
        leading &= line.is_empty() || header(&line);
        let indent = STARTS.iter().any(|start| line.starts_with(start)) || line == "--" || leading && !line.is_empty();
        match line.is_empty() {
            true if out.last().is_some_and(String::is_empty) => {}
            _ => out.push(if indent { format!(" {line}") } else { line }),
        }
    }
    out.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_takes_so_many_details_and_counts_the_rest() {
        let change = |details: usize| {
            let of = |n: usize| format!("  detail {n}");
            [vec!["Change".to_owned()], (0..details).map(of).collect()].concat()
        };
        assert_eq!(capped(change(DETAILS)), change(DETAILS));
        let many = capped([change(DETAILS + 3), change(1)].concat());
        let expected = [change(DETAILS), vec!["  And 3 more details.".to_owned()], change(1)].concat();
        assert_eq!(many, expected);
        assert_eq!(capped(change(DETAILS + 1)).last().map(String::as_str), Some("  And 1 more detail."));
    }

    #[test]
    fn a_title_starts_small_unless_it_is_an_acronym() {
        assert_eq!(lower_first("Disabled jobs"), "disabled jobs");
        assert_eq!(lower_first("LLM job"), "LLM job");
    }

    #[test]
    fn what_would_end_a_message_is_indented() {
        assert_eq!(harmless("a\n---\ndiff --git x\nb  "), "a\n ---\n diff --git x\nb");
        assert_eq!(harmless("From: e\n@@ -1 +1 @@\n\n\n\n-- >8 --"), " From: e\n @@ -1 +1 @@\n\n -- > 8 --");
    }
}
