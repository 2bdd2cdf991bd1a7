//! What is constant when one trigger starts a workflow: the event's name, and of the ref what its filters leave.
//!
//! Sources: <https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#github-context> (`ref` of a pull
//! request is `refs/pull/<number>/merge`, `head_ref` and `base_ref` are set for pull requests only); workflow syntax,
//! `on.<push>.<branches|tags>`: with only `branches`, a tag starts nothing.
//!
//! Limitations: a ref is known where the filter lists plain names; everything else is unknown, never guessed.

use github_actions_expressions::call::Function;

use std::collections::HashSet;

use super::condition::{Own, Truth};
use super::value::{Scope, Value};
use super::view::{Job, Trigger, Workflow};

/// One way in which a workflow can start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion<'t> {
    /// The event.
    pub event: &'t str,
    /// `github.ref`, where it is known.
    pub reference: Option<String>,
}

/// The most plain names of a filter that are told apart.
const MOST: usize = 20;

impl<'t> Occasion<'t> {
    /// The ways in which a trigger starts its workflow; never none.
    pub fn of(trigger: &Trigger<'t>) -> Vec<Occasion<'t>> {
        let event = trigger.event.text;
        let names = match event {
            // Once it is merged, the ref is the branch that it was merged into.
            "pull_request" if !closes(trigger) => vec![Some("refs/pull/1/merge".to_owned())],
            "push" => refs(trigger).unwrap_or_else(|| vec![None]),
            _ => vec![None],
        };
        names.into_iter().map(|reference| Occasion { event, reference }).collect()
    }

    /// Whether a job can run on this occasion: neither its condition nor those of what it needs rule it out.
    ///
    /// Each job is asked once, however many ways lead to it.
    pub fn lets(&self, workflow: &Workflow<'_>, job: &Job<'_>) -> bool {
        let mut asked: HashSet<&str> = HashSet::new();
        let mut open = vec![job];
        while let Some(job) = open.pop() {
            if job.asks.truth(self) == Truth::False {
                return false;
            }
            let goes_on = !matches!(job.asks, Own::Empty) && job.asks.overrides_status();
            let needs = job.needs.iter().filter(|_| !goes_on).filter_map(|need| workflow.job(need.text));
            open.extend(needs.filter(|need| asked.insert(need.id.text)));
        }
        true
    }
}

/// Whether a trigger may start the workflow as a pull request is closed.
///
/// Source: contexts, `github.ref`: of a pull request that was merged it is the branch it was merged into.
fn closes(trigger: &Trigger<'_>) -> bool {
    let types = trigger.filters.iter().filter(|(key, _)| key.text == "types").flat_map(|(_, types)| types);
    types.into_iter().any(|own| own.text == "closed")
}

/// The refs of a `push` whose filters list plain branches only.
fn refs(trigger: &Trigger<'_>) -> Option<Vec<Option<String>>> {
    let has = |key: &str| trigger.filters.iter().find(|(name, _)| name.text == key);
    if ["tags", "tags-ignore", "branches-ignore"].iter().any(|key| has(key).is_some()) {
        return None;
    }
    let (_, names) = has("branches")?;
    let plain = |name: &str| !name.is_empty() && !name.contains(['*', '?', '+', '[', '!', '\\']);
    let all = !names.is_empty() && names.len() <= MOST && names.iter().all(|name| plain(name.text));
    all.then(|| names.iter().map(|name| Some(format!("refs/heads/{}", name.text))).collect())
}

impl Scope for Occasion<'_> {
    fn context(&self, path: &[&str]) -> Value {
        let pulls = self.event.starts_with("pull_request");
        let bare = matches!(self.event, "push" | "schedule" | "merge_group" | "workflow_dispatch");
        match (path, &self.reference) {
            (["github", "event_name"], _) => Value::Text(self.event.to_owned()),
            (["github", "ref"], Some(reference)) => Value::Text(reference.clone()),
            (["github", "ref_name"], Some(reference)) => {
                let short = reference.strip_prefix("refs/heads/").or(reference.strip_prefix("refs/pull/"));
                Value::Text(short.unwrap_or(reference).to_owned())
            }
            (["github", "head_ref" | "base_ref"], _) if bare && !pulls => Value::Text(String::new()),
            (["github", "event", "pull_request", ..], _) if bare => Value::Null,
            (["github", "event", "pull_request"], _) if pulls => Value::Object(String::new()),
            (["github", "ref_type"], _) if self.event == "pull_request" => Value::Text("branch".to_owned()),
            _ => Value::Unknown,
        }
    }

    fn status(&self, _: Function) -> Truth {
        Truth::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::load;

    fn runs(on: &str, condition: &str) -> Vec<bool> {
        let text = format!("on:\n{on}\njobs:\n  a:\n    if: {condition}\n    runs-on: x\n  b:\n    needs: a\n");
        let tree = load("w", &text).unwrap();
        let workflow = Workflow::of("w", &tree);
        let occasions: Vec<_> = workflow.triggers.iter().flat_map(Occasion::of).collect();
        occasions.iter().map(|one| one.lets(&workflow, &workflow.jobs[1])).collect()
    }

    #[test]
    fn an_occasion_knows_its_event_and_plain_refs() {
        let push = "  push:\n    branches: [main, dev]";
        for (on, condition, expected) in [
            (push, "github.ref == 'refs/heads/main'", vec![true, false]),
            (push, "github.ref == 'refs/heads/x'", vec![false, false]),
            (push, "startsWith(github.ref, 'refs/tags/')", vec![false, false]),
            (push, "github.event_name == 'pull_request'", vec![false, false]),
            (push, "github.event.pull_request.draft == false", vec![true, true]),
            (push, "github.head_ref == 'x'", vec![false, false]),
            ("  push:\n    branches: ['v*']", "github.ref == 'refs/heads/main'", vec![true]),
            ("  push:\n    tags: ['v*']", "github.ref == 'refs/heads/main'", vec![true]),
            ("  pull_request: {types: [closed]}", "github.ref == 'refs/heads/main'", vec![true]),
            ("  pull_request:", "github.ref == 'refs/heads/main'", vec![false]),
            ("  pull_request_target:", "github.ref == 'refs/heads/main'", vec![true]),
            ("  pull_request:\n  schedule:", "github.event_name != 'schedule'", vec![true, false]),
        ] {
            assert_eq!(runs(on, condition), expected, "{on} {condition}");
        }
    }
}
