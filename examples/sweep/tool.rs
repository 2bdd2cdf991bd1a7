//! The tool under test: the only file of the sweep that touches the library.

use crate::find::{Kind, Target};
use crate::oracle::{DATE, NOTE};
use std::collections::BTreeMap;

use wf_fix::change::Snapshot;
use wf_fix::effect::{Effect, Expected, Says, deferred};
use wf_fix::plan::{Status, plan, wanted_around};

/// What the tool makes of one target.
pub enum Outcome {
    /// The whole file's new bytes, and what the signal proof says of them.
    Rewritten(Vec<u8>, Option<Said>),
    /// It will not, and says why.
    Refused(String),
    /// It finds nothing to do.
    Done,
}

/// What a signal proof says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What the change comes to, in a word.
    pub word: &'static str,
    /// Whether other jobs or steps are reached otherwise when it fails.
    pub consequences: bool,
    /// Whether nothing of the step can fail it by what is known.
    pub cannot_fail: bool,
    /// Whether something is left for a run upstream to show.
    pub deferred: bool,
}

impl Said {
    fn of(effect: &Effect) -> Said {
        let own: Vec<_> = effect.changes.iter().filter(|change| change.own).collect();
        let word = match own.iter().map(|change| change.says()).find(|says| *says != Says::Nothing) {
            Some(says) => wf_fix::report::effect_json::says(says),
            None => "nothing",
        };
        let turned = |change: &&&wf_fix::effect::Change| change.when_it_fails.iter().any(|one| one.before != one.after);
        Said {
            word,
            consequences: own.iter().find(turned).is_some(),
            cannot_fail: own.iter().any(|change| change.cannot_fail),
            deferred: !deferred::register("", [("", effect)]).is_empty(),
        }
    }
}

/// The files of a repository, for the callers among them.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Applies one rewrite to the file `path` (relative to its repository) with the content `text`: planned and proven as
/// the command line does it.
pub fn apply(path: &str, text: &[u8], target: &Target, around: &Files) -> Outcome {
    let risk = match wf_fix::rule::parse("sweep.yml", rule_text(path, target).as_bytes()) {
        Ok(risk) => risk,
        Err(fault) => return Outcome::Refused(fault.to_string()),
    };
    let files = [(path.to_owned(), text.to_vec())].into();
    let mut snapshot = Snapshot { names: vec![path.to_owned()], files, ..Snapshot::default() };
    if !wanted_around(&[&risk], &snapshot).is_empty() {
        snapshot.around.clone_from(around);
    }
    let planned = plan(&[&risk], &snapshot, DATE).pop();
    // Whether it is as expected decides the plan; here it must be said without a panic.
    let said = planned.as_ref().and_then(|planned| planned.effect.as_ref()).map(|effect| {
        let _ = (effect.to_string(), Expected::default().check(effect).is_ok());
        Said::of(effect)
    });
    match planned.map(|planned| planned.status) {
        Some(Status::Pending(mut files)) => match files.pop().and_then(|file| file.change.after) {
            Some(bytes) => Outcome::Rewritten(bytes, said),
            None => Outcome::Done,
        },
        Some(Status::Missing(fault) | Status::Refused(fault)) => Outcome::Refused(fault.to_string()),
        _ => Outcome::Done,
    }
}

/// A rule file for one target, in the format of the risk register.
pub fn rule_text(path: &str, target: &Target) -> String {
    let rewrite = match target.kind {
        Kind::JobKey | Kind::StepKey | Kind::ActionStepKey => {
            format!("  - remove-key:\n      at: {}\n", yaml_string(&target.at))
        }
        Kind::DisabledJob | Kind::AnyJob => format!(
            "  - remove-jobs:\n      jobs: [{}]\n      dependents: remove\n      note: {}\n      expect: {}\n",
            yaml_string(&target.job),
            yaml_string(NOTE),
            // What never runs must be proven to be no runtime change.
            if target.kind == Kind::DisabledJob { "never-runs" } else { "anything" },
        ),
        Kind::Condition => {
            format!("  - edit-condition:\n      at: {}\n      drop: false\n", yaml_string(&target.at))
        }
    };
    let workflow = yaml_string(path);
    format!(
        "id: M00-R01\ntitle: sweep\nseverity: low\ncategory: soft-fail\nmilestone: M00\ninvariant: INV-000\n\
         disposition: fix\nworkflow: {workflow}\nrationale: |\n  One target of the sweep.\nrewrites:\n{rewrite}"
    )
}

/// A double-quoted YAML scalar: a JSON string is one.
fn yaml_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_yaml_whatever_the_job_is_called() {
        let at = format!("$.jobs[{}]['continue-on-error']", crate::find::quote("it's \"x\""));
        let target = Target { kind: Kind::JobKey, at, job: "it's \"x\"".to_owned() };
        let doc = crate::events::Doc::parse(&rule_text(".github/workflows/a.yml", &target)).unwrap();
        let mut strings = doc.events.iter().filter_map(|ev| match &ev.event {
            yaml_rust2::Event::Scalar(text, ..) => Some(text.as_str()),
            _ => None,
        });
        assert_eq!(strings.next_back(), Some(r#"$.jobs['it\'s "x"']['continue-on-error']"#));
    }
}
