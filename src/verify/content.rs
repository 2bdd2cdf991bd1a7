//! What a commit makes of the files: what planning its risk on its parent gives, byte for byte, or by hand the same.
//!
//! The day of a removal note is the author's to say: a commit is held against the plan of each day that its new lines
//! name, then of its author's and its committer's day.

use super::reason::{Code, Reason};
use super::series::{Commit, Kind};
use super::{comments, form, values};
use crate::plan::{FilePlan, Planned, Status, plan, plan_without_effect};
use crate::rule::Risk;
use crate::yaml::Document;

/// What came of the comparison.
#[derive(Debug)]
pub struct Compared<'a> {
    /// The plan that fits best.
    pub planned: Planned<'a>,
    /// What a hand made otherwise than the plan, in words; empty if the bytes are those of the plan.
    pub form: Vec<String>,
    /// What a reviewer should know besides.
    pub notes: Vec<String>,
}

/// Plans the risk of a commit on its parent: for the day on which the result is that of the commit, if there is one.
pub fn planned<'a>(commit: &Commit, risk: &'a Risk) -> (Option<Planned<'a>>, String) {
    let days = days(commit);
    let exact = |day: &&String| {
        let plan = plan_without_effect(&[risk], &commit.before, day);
        plan.iter().flat_map(Planned::files).all(|file| is_exact(commit, file))
    };
    let day = days.iter().find(exact).or(days.first()).cloned().unwrap_or_default();
    (plan(&[risk], &commit.before, &day).into_iter().next(), day)
}

/// Compares a commit with the plan of its risk; the paths themselves are judged elsewhere.
pub fn compare<'a>(commit: &Commit, planned: Planned<'a>, day: &str) -> (Compared<'a>, Vec<Reason>) {
    let mut compared = Compared { planned, form: Vec::new(), notes: Vec::new() };
    let mut reasons = Vec::new();
    match &compared.planned.status {
        Status::Pending(files) => {
            for file in files {
                match compare_file(commit, file) {
                    Ok(words) => compared.form.extend(words),
                    Err(why) => reasons.extend(why),
                }
            }
            let says_day = files.iter().any(|file| added_text(file).contains(day));
            if says_day && day != commit.author_day && day != commit.committer_day {
                compared.notes.push(format!("the note is dated {day}, the commit {}", commit.author_day));
            }
        }
        Status::Done(why) => reasons.push(nothing_to_do(commit, compared.planned.risk, why)),
        Status::Missing(fault) | Status::Refused(fault) => {
            reasons.push(Reason::fault(Code::CannotPlan, &commit.id, fault));
        }
        // Said of the commit's words already.
        Status::Accepted(_) => {}
    }
    (compared, reasons)
}

/// The risk was gone: does the commit bring it back?
fn nothing_to_do(commit: &Commit, risk: &Risk, why: &[String]) -> Reason {
    let mut after = commit.before.clone();
    after.files.extend(commit.after.clone());
    let back = plan_without_effect(&[risk], &after, &commit.author_day);
    let way_out = "drop the commit";
    match back.iter().flat_map(|one| one.files()).next() {
        Some(file) => {
            let cause = format!("the commit brings {} back", risk.id);
            Reason::in_file(Code::RiskReturns, commit, &file.change.path, cause, way_out)
        }
        None => {
            let why = why.first().map(|why| format!(": {why}")).unwrap_or_default();
            Reason::of(Code::NothingToDo, commit, format!("{} was gone before{why}", risk.id), way_out)
        }
    }
}

fn is_exact(commit: &Commit, file: &FilePlan) -> bool {
    commit.after.get(&file.change.path) == file.change.after.as_ref()
}

fn compare_file(commit: &Commit, file: &FilePlan) -> Result<Vec<String>, Vec<Reason>> {
    let path = &file.change.path;
    let (Some(expected), Some(actual)) = (&file.change.after, commit.after.get(path)) else {
        let there = commit.entries.iter().find(|entry| entry.path == *path).and_then(|entry| entry.after.as_ref());
        return match there {
            Some(item) if item.kind() == Kind::File && file.change.after.is_some() => {
                let cause = "the file is too large to be read, so it is no workflow";
                Err(vec![Reason::in_file(Code::Unreadable, commit, path, cause, "make the commit anew")])
            }
            // A file that went, stayed or is no regular file any more is said by the check of the entries.
            _ => Ok(Vec::new()),
        };
    };
    if expected == actual {
        return Ok(Vec::new());
    }
    let unfit = |code| move |fault: crate::yaml::Fault| vec![Reason::fault(code, &commit.id, &fault)];
    let before = Document::parse(path, &file.change.before).map_err(unfit(Code::CannotPlan))?;
    let expected = Document::parse(path, expected).map_err(unfit(Code::CannotPlan))?;
    let actual_text = Document::parse(path, actual).map_err(unfit(Code::Unreadable))?;
    let files = Files { commit, plan: file, before: &before, expected: &expected, actual: &actual_text };
    let (mut reasons, lines) = form::whole_file(&files);
    let values = values::check(&files);
    let mut words = Vec::new();
    // Where values differ, so do lines and perhaps comments: one reason is enough.
    if values.is_empty() {
        match comments::check(&files) {
            Ok(said) => words.extend(said),
            Err(why) => reasons.extend(why),
        }
        if !reasons.iter().any(|reason| is_about_comments(reason.code)) {
            match form::lines(&files, &lines) {
                Ok(said) => words.extend(said),
                Err(why) => reasons.extend(why),
            }
        }
    }
    reasons.extend(values);
    if reasons.is_empty() { Ok(words) } else { Err(reasons) }
}

fn is_about_comments(code: Code) -> bool {
    use Code::*;
    matches!(code, CommentLost | CommentMoved | CommentAdded | NoteMissing | NoteDiffers)
}

/// One file of a commit beside its plan.
pub(super) struct Files<'a> {
    /// The commit.
    pub commit: &'a Commit,
    /// The plan.
    pub plan: &'a FilePlan,
    /// The file before.
    pub before: &'a Document,
    /// The file as planned.
    pub expected: &'a Document,
    /// The file as committed.
    pub actual: &'a Document,
}

/// The days to plan for, each once, the likeliest first.
fn days(commit: &Commit) -> Vec<String> {
    let mut days: Vec<String> = Vec::new();
    for (path, after) in &commit.after {
        let after = String::from_utf8_lossy(after);
        let before = commit.before.files.get(path).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
        let old: std::collections::HashSet<&str> = before.lines().collect();
        days.extend(after.lines().filter(|line| !old.contains(line)).flat_map(days_in));
    }
    days.truncate(MOST_DAYS);
    days.extend([commit.author_day.clone(), commit.committer_day.clone()]);
    let mut seen = std::collections::HashSet::new();
    days.retain(|day| seen.insert(day.clone()));
    days
}

/// More days than this in the new lines of a commit are no removal notes.
const MOST_DAYS: usize = 16;

/// What reads `YYYY-MM-DD` and is a day.
fn days_in(line: &str) -> Vec<String> {
    let bytes = line.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let like = |at: &usize| {
        let digits = [0, 1, 2, 3, 5, 6, 8, 9].iter().all(|i| digit(at + i));
        let dashes = bytes.get(at + 4) == Some(&b'-') && bytes.get(at + 7) == Some(&b'-');
        digits && dashes && !digit(at + 10) && !(*at > 0 && digit(at - 1))
    };
    let day = |at: usize| line.get(at..at + 10).filter(|day| day.parse::<jiff::civil::Date>().is_ok());
    (0..bytes.len()).filter(like).filter_map(day).map(str::to_owned).collect()
}

/// The comments that a plan adds.
fn added_text(file: &FilePlan) -> String {
    let text = |(claim, _): &(crate::claim::Claim, String)| match claim {
        crate::claim::Claim::CommentAdded { text } => Some(text.clone()),
        _ => None,
    };
    file.claims.iter().filter_map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_found_in_lines() {
        assert_eq!(days_in("# gone (2026-02-08), not 2026-13-40 nor 12026-02-080"), ["2026-02-08"]);
        assert_eq!(days_in("é 2025-12-31"), ["2025-12-31"]);
        assert!(days_in("2026-2-8").is_empty());
    }
}
