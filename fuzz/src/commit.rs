//! Commit messages: any bytes as verify reads them, and messages that wf-fix writes from hostile rules.
//!
//! A risk that is named stands in the message. A message of ours names its risk and nothing else, whatever the rule's
//! words are.

use wf_fix::change::Snapshot;
use wf_fix::plan::plan;
use wf_fix::repo::words_of;
use wf_fix::report::{message::step, verify_json, verify_text};
use wf_fix::rule::{Layer, Register, parse};
use wf_fix::verify::series::{Commit, Series};
use wf_fix::verify::{Request, named_risk, verify};

use super::choices::{Choices, split};
use super::rewrite::{DATE, PATH, snapshot};
use super::seeds::{RULES, WORKFLOW};

/// Choices and a message, or the words of a rule.
pub fn run(data: &[u8]) {
    let (mut choices, rest) = split(data);
    match choices.below(3) {
        2 => written(&String::from_utf8_lossy(rest), &mut choices),
        _ => read(rest),
    }
}

fn register() -> Register {
    let files = RULES.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
    Register::load(&[Layer { origin: "ours".into(), files }]).expect("rules of ours")
}

/// A commit with this message that changes nothing.
fn commit(message: &[u8]) -> Commit {
    let (subject, trailers) = words_of(message);
    assert!(!subject.contains('\n'));
    Commit { id: "c".repeat(40), parents: vec!["b".repeat(40)], subject, trailers, ..Commit::default() }
}

fn read(message: &[u8]) {
    let commit = commit(message);
    let text = String::from_utf8_lossy(message).into_owned();
    for (key, value) in &commit.trailers {
        assert!(!key.is_empty() && !key.contains('\n') && text.contains(key.as_str()), "{key:?}");
        assert!(value.lines().all(|line| text.contains(line.trim())), "{value:?}");
    }
    let register = register();
    if let Some(risk) = named_risk(&commit, &register) {
        assert!(text.contains(&risk.id), "{} is named out of nothing", risk.id);
    }
    let series = Series { head: commit.id.clone(), commits: vec![commit], ..Series::default() };
    let nothing = Snapshot::default();
    let request = Request {
        series: &series,
        register: &register,
        milestone: Some("M04"),
        rule_folders: &["rules".to_owned()],
        start: &nothing,
        head: &nothing,
        exact: true,
    };
    let verdict = verify(request);
    assert!(!verdict.passes(), "a commit that changes nothing passes");
    let said = verify_text::text(&series, &verdict, false);
    assert!(!said.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')), "{said:?}");
    let _ = verify_json::value(&series, &verdict, Some("M04")).to_string();
}

/// The message of a risk whose title, rationale and comment say anything.
fn written(words: &str, choices: &mut Choices<'_>) {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let (title, rest) = words.split_once('\n').unwrap_or((words, ""));
    let (milestone, rationale) =
        if choices.yes() { rest.split_once('\n').unwrap_or(("M04", rest)) } else { ("M04", rest) };
    let rule = format!(
        "id: M03-R01\ntitle: {}\nseverity: low\ncategory: soft-fail\nmilestone: {}\nworkflow: {PATH}\nrationale: {}\n\
         rewrites:\n  - remove-key:\n      at: $.jobs.test.steps[0]['continue-on-error']\n",
        quoted(title),
        quoted(milestone),
        quoted(rationale)
    );
    let Ok(risk) = parse("rules/M03-R01.yml", rule.as_bytes()) else { return };
    let planned = plan(&[&risk], &snapshot(WORKFLOW.as_bytes()), DATE);
    let message = planned.iter().find_map(step).expect("there is work").message;
    assert!(!message.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')), "{message:?}");
    let commit = commit(message.as_bytes());
    let mut wanted = vec![("Risk-ID", "M03-R01")];
    if !risk.milestone.is_empty() {
        wanted.push(("Milestone", risk.milestone.as_str()));
    }
    wanted.push(("Rule", "rules/M03-R01.yml"));
    let trailers: Vec<(&str, &str)> =
        commit.trailers.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let plain = risk.milestone.chars().count() < 100 && !risk.milestone.contains(|c: char| !c.is_ascii_graphic());
    if plain {
        assert_eq!(trailers, wanted, "{message}");
    }
    let known = register();
    // A title that names another risk of the register contradicts the trailer, as it should.
    if named_risk(&commit, &known).is_none() {
        assert!(title.contains(|c: char| c.is_ascii_digit()), "{message}");
    }
}
