//! Which risk a commit names: the `Risk-ID:` trailer, else the subject.
//!
//! In a subject a risk is a word that the register has as an ID, or that is spelt like one of its IDs with other
//! digits, so that a mistyped ID is an unknown risk and not none at all.

use super::reason::{Code, Reason};
use super::series::Commit;
use crate::rule::{Disposition, Register, Risk};

const ADD: &str = "name it: a line `Risk-ID: M03-R01` at the end of the message, or the ID in the subject";

/// The risk that a commit names, if it names exactly one of the register.
///
/// # Errors
/// Why there is none.
pub fn risk<'r>(commit: &Commit, register: &'r Register) -> Result<&'r Risk, Box<Reason>> {
    let no = |code, cause: String, way_out: &str| Box::new(Reason::of(code, commit, cause, way_out));
    let trailers = by_trailer(commit);
    let subject = by_subject(&commit.subject, register);
    let named = if trailers.is_empty() { &subject } else { &trailers };
    let id = match named.as_slice() {
        [one] => one,
        [] => return Err(no(Code::NoRisk, "the commit names no risk".to_owned(), ADD)),
        many => {
            let cause = format!("the commit names {} risks: {}", many.len(), many.join(", "));
            return Err(no(Code::TwoRisks, cause, "split it: one commit per risk"));
        }
    };
    if let Some(other) = subject.iter().find(|other| *other != id) {
        let cause = format!("the subject names {other}, the trailer {id}");
        return Err(no(Code::SubjectDisagrees, cause, "reword the commit"));
    }
    register.get(id).map_err(|fault| no(Code::UnknownRisk, fault.cause, &fault.way_out))
}

/// What else is wrong with a commit's words, once its risk is known.
pub fn words(commit: &Commit, risk: &Risk, milestone: Option<&str>) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if let Disposition::Accept(reason) = &risk.disposition {
        let cause = format!("the register accepts {}: {}", risk.id, reason.trim());
        reasons.push(Reason::of(Code::AcceptedRisk, commit, cause, "drop the commit, or change the register first"));
    }
    if let Some(wanted) = milestone.filter(|wanted| *wanted != risk.milestone) {
        let of = if risk.milestone.is_empty() { "no milestone" } else { &risk.milestone };
        let cause = format!("{} belongs to {of}, not to {wanted}", risk.id);
        reasons.push(Reason::of(Code::OtherMilestone, commit, cause, "move the commit to a series of its own"));
    }
    let known = [("Milestone", Some(risk.milestone.as_str())), ("Invariant", risk.invariant.as_deref())];
    for (key, value) in &commit.trailers {
        let right = known.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).and_then(|(_, right)| *right);
        if let Some(right) = right.filter(|right| *right != value.trim()) {
            let cause = format!("the trailer `{key}: {value}` is not what the register says, `{right}`");
            reasons.push(Reason::of(Code::TrailerDisagrees, commit, cause, "reword the commit"));
        }
    }
    reasons
}

/// Whether the commit was to be folded into another.
pub fn fixup(commit: &Commit) -> Option<Reason> {
    let marked = ["fixup! ", "squash! ", "amend! "].iter().any(|mark| commit.subject.starts_with(mark));
    marked.then(|| {
        let cause = "the commit was to be folded into another";
        Reason::of(Code::FixupCommit, commit, cause, "git rebase -i --autosquash BASE")
    })
}

/// The IDs of the trailers, each once.
fn by_trailer(commit: &Commit) -> Vec<String> {
    let values = commit.trailers.iter().filter(|(key, _)| key.eq_ignore_ascii_case("Risk-ID"));
    let mut ids = Vec::new();
    for id in
        values.flat_map(|(_, value)| value.split(|c: char| c == ',' || c.is_whitespace())).filter(|id| !id.is_empty())
    {
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    ids
}

fn by_subject(subject: &str, register: &Register) -> Vec<String> {
    let in_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let known: Vec<&str> = register.iter().map(|(risk, _)| risk.id.as_str()).collect();
    let like = |word: &str| {
        known.contains(&word) || word.contains(|c: char| c.is_ascii_digit()) && known.iter().any(|id| alike(id, word))
    };
    let mut ids: Vec<String> = Vec::new();
    for word in subject.split(|c| !in_id(c)).map(|word| word.trim_matches(['.', '-', '_'])) {
        if like(word) && !ids.iter().any(|id| id == word) {
            ids.push(word.to_owned());
        }
    }
    ids
}

/// Whether two IDs differ in their digits only.
fn alike(a: &str, b: &str) -> bool {
    let spelling = |id: &str| {
        let mut out = String::new();
        for c in id.chars() {
            let c = if c.is_ascii_digit() { '0' } else { c };
            if !(c == '0' && out.ends_with('0')) {
                out.push(c);
            }
        }
        out
    };
    a.contains(|c: char| c.is_ascii_alphabetic()) && spelling(a) == spelling(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Layer;

    fn register() -> Register {
        let rule = |id: &str| {
            let text = format!(
                "id: {id}\ntitle: t\nseverity: low\ncategory: soft-fail\nworkflow: a.yml\ndisposition: accept\nreason: r\n"
            );
            (format!("{id}.yml"), text.into_bytes())
        };
        let files = vec![rule("M03-R01"), rule("M03-R02")];
        Register::load(&[Layer { origin: "o".into(), files }]).unwrap()
    }

    fn named(subject: &str, trailers: &[(&str, &str)]) -> Result<String, &'static str> {
        let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let trailers = trailers.iter().map(own).collect();
        let commit = Commit { subject: subject.into(), trailers, ..Commit::default() };
        let register = register();
        risk(&commit, &register).map(|risk| risk.id.clone()).map_err(|reason| reason.code.word())
    }

    #[test]
    fn a_commit_names_one_risk() {
        assert_eq!(named("anything", &[("risk-id", "M03-R01")]), Ok("M03-R01".into()));
        assert_eq!(named("ci: mend it (M03-R02)", &[]), Ok("M03-R02".into()));
        assert_eq!(
            named("M03-R02: mend SHA-256", &[("Risk-ID", "M03-R02"), ("Risk-ID", "M03-R02")]),
            Ok("M03-R02".into())
        );
        assert_eq!(named("mend it", &[]), Err("no-risk"));
        assert_eq!(named("mend SHA-256 in UTF-8 (INV-060)", &[]), Err("no-risk"));
        assert_eq!(named("M03-R01 and M03-R02", &[]), Err("two-risks"));
        assert_eq!(named("x", &[("Risk-ID", "M03-R01, M03-R02")]), Err("two-risks"));
        assert_eq!(named("x (M03-R99)", &[]), Err("unknown-risk"));
        assert_eq!(named("x", &[("Risk-ID", "Z")]), Err("unknown-risk"));
        assert_eq!(named("x (M03-R01)", &[("Risk-ID", "M03-R02")]), Err("subject-disagrees"));
    }
}
