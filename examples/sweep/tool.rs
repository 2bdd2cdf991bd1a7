//! The tool under test: the only file of the sweep that touches the library.

use crate::find::{Kind, Target};
use crate::oracle::{DATE, NOTE};
use wf_fix::change::Snapshot;
use wf_fix::plan::{Status, plan};

/// What the tool makes of one target.
pub enum Outcome {
    /// The whole file's new bytes.
    Rewritten(Vec<u8>),
    /// It will not, and says why.
    Refused(String),
    /// It finds nothing to do.
    Done,
}

/// Applies one rewrite to the file `path` (relative to its repository) with the content `text`: planned and proven as
/// the command line does it.
pub fn apply(path: &str, text: &[u8], target: &Target) -> Outcome {
    let risk = match wf_fix::rule::parse("sweep.yml", rule_text(path, target).as_bytes()) {
        Ok(risk) => risk,
        Err(fault) => return Outcome::Refused(fault.to_string()),
    };
    let files = [(path.to_owned(), text.to_vec())].into();
    let snapshot = Snapshot { names: vec![path.to_owned()], files, ..Snapshot::default() };
    match plan(&[&risk], &snapshot, DATE).pop().map(|planned| planned.status) {
        Some(Status::Pending(mut files)) => match files.pop().and_then(|file| file.change.after) {
            Some(bytes) => Outcome::Rewritten(bytes),
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
            "  - remove-jobs:\n      jobs: [{}]\n      dependents: remove\n      note: {}\n",
            yaml_string(&target.job),
            yaml_string(NOTE),
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
