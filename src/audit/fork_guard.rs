//! Conditions that keep jobs off forks: worth knowing, since nothing of them can be seen on a fork.

use super::Detector;
use super::finding::{Finding, Reason, Verdict};
use super::scene::Scene;
use crate::workflow::condition::{Own, Truth};
use crate::workflow::occasion::Occasion;
use crate::workflow::value::{Scope, Value};
use crate::workflow::view::Workflow;
use github_actions_expressions::call::Function;

pub(super) const DETECTOR: Detector = Detector {
    name: "fork-guard",
    category: "conditional-skip",
    about: "a job that runs only in its own repository",
    find,
};

/// What asks whose repository it is.
const OWN: &[&str] = &["github.repository_owner ==", "github.repository =="];

/// What asks where a pull request comes from.
const PULLS: &[&str] = &[".fork", "head.repo.full_name =="];

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    let Some(workflow) = scene.workflow() else { return };
    for job in &workflow.jobs {
        let Some(condition) = job.condition else { continue };
        let has = |marks: &[&str]| marks.iter().any(|mark| condition.text.contains(mark));
        let subject = format!("job `{}`", job.id.text);
        let message = match (has(OWN), has(PULLS)) {
            (true, _) => format!("{subject} {}", in_forks(workflow, &job.asks)),
            (_, true) => format!("{subject} asks whether a pull request comes from a fork"),
            _ => continue,
        };
        let mut finding = scene.finding(&DETECTOR, scene.place(condition.at), subject, message);
        finding.purpose = scene.job_purpose(job);
        finding.verdict = Verdict::Fine(Reason::Guard, "forks lack its secrets or runners".to_owned());
        out.push(finding);
    }
}

/// What becomes of a job in a fork: kept off on every event, or on some.
fn in_forks(workflow: &Workflow<'_>, asks: &Own<'_>) -> String {
    let off = |occasion: &Occasion<'_>| asks.truth(&Fork(occasion)) == Truth::False;
    let (mut kept, mut free) = (Vec::new(), false);
    for trigger in &workflow.triggers {
        match Occasion::of(trigger).iter().all(off) {
            true => kept.push(format!("`{}`", trigger.event.text)),
            false => free = true,
        }
    }
    match (kept.is_empty(), free) {
        (false, false) => "is kept off forks".to_owned(),
        (false, true) => format!("is kept off forks on {}", kept.join(", ")),
        (true, _) => "asks whether it runs in a fork".to_owned(),
    }
}

/// An occasion in somebody else's repository.
struct Fork<'o, 't>(&'o Occasion<'t>);

impl Scope for Fork<'_, '_> {
    fn context(&self, path: &[&str]) -> Value {
        match path {
            // No owner and no repository has such a name.
            ["github", "repository_owner" | "repository"] => Value::Text("/".to_owned()),
            _ => self.0.context(path),
        }
    }

    fn status(&self, function: Function) -> Truth {
        self.0.status(function)
    }
}
