//! The jobs of a workflow, what they need, and which of them can never run.

use std::collections::{HashMap, HashSet};

use crate::workflow::reads::is_condition;
use crate::workflow::{condition, expression};
use crate::yaml::{NodeId, Tree, Value};

/// One job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id: the key under `jobs`.
    pub name: String,
    /// Node of the key.
    pub key: NodeId,
    /// Node of the value.
    pub value: NodeId,
    /// Ids of the jobs it needs, with the nodes that name them.
    pub needs: Vec<(String, NodeId)>,
    /// Whether its own condition is false in every run.
    pub disabled: bool,
    /// Whether it could run although something it needs was skipped.
    ///
    /// Source: <https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-jobs>: jobs
    /// that need a failed or skipped job are skipped unless a conditional expression makes them continue.
    pub survives_skipped_needs: bool,
}

/// The jobs of a workflow, in order; none if it has no `jobs` mapping.
pub fn jobs(tree: &Tree) -> Vec<Job> {
    let Some(mapping) = tree.get(0, "jobs") else { return Vec::new() };
    let job = |&(key, value): &(NodeId, NodeId)| {
        let name = tree.text(key)?.to_owned();
        let condition = tree.get(value, "if").and_then(|id| condition::text(tree, id));
        let disabled = condition.as_deref().is_some_and(|c| condition::truth(c) == condition::Truth::False);
        let survives_skipped_needs = !disabled && condition.as_deref().is_some_and(condition::overrides_status);
        Some(Job { name, key, value, needs: needs(tree, value), disabled, survives_skipped_needs })
    };
    tree.pairs(mapping).iter().filter_map(job).collect()
}

fn needs(tree: &Tree, job: NodeId) -> Vec<(String, NodeId)> {
    let Some(needs) = tree.get(job, "needs") else { return Vec::new() };
    let named = |&id: &NodeId| tree.text(id).map(|text| (text.to_owned(), id));
    match &tree.nodes[needs].value {
        Value::Sequence(items) => items.iter().filter_map(named).collect(),
        _ => named(&needs).into_iter().collect(),
    }
}

impl Job {
    /// Whether it needs one of these jobs directly.
    pub fn needs_any(&self, names: &[String]) -> bool {
        self.needs.iter().any(|(name, _)| names.contains(name))
    }
}

/// The names of the jobs that can never run: they are disabled, or need one that never runs.
pub fn never_run(all: &[Job]) -> Vec<String> {
    let mut dead: HashSet<&str> = all.iter().filter(|job| job.disabled).map(|job| job.name.as_str()).collect();
    let mut newly: Vec<&str> = dead.iter().copied().collect();
    let mut needed_by: HashMap<&str, Vec<&Job>> = HashMap::new();
    for job in all.iter().filter(|job| !job.survives_skipped_needs) {
        job.needs.iter().for_each(|(need, _)| needed_by.entry(need).or_default().push(job));
    }
    while let Some(name) = newly.pop() {
        let more = needed_by.get(name).into_iter().flatten().map(|job| job.name.as_str());
        newly.extend(more.filter(|job| dead.insert(job)));
    }
    all.iter().map(|job| &job.name).filter(|name| dead.contains(name.as_str())).cloned().collect()
}

/// The first place below `root` whose expressions read `head.member`, and how.
pub fn first_read(tree: &Tree, root: NodeId, head: &str, member: &str) -> Option<(NodeId, expression::Use)> {
    (root..tree.nodes[root].end).find_map(|id| {
        let text = tree.text(id)?;
        if !text.to_ascii_lowercase().contains(head) {
            return None;
        }
        let bare = is_condition(tree, id) && !text.contains("${{");
        let bodies = if bare { vec![text] } else { expression::bodies(text) };
        bodies.into_iter().find_map(|body| expression::reads(body, head, member)).map(|how| (id, how))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Document;

    const TEXT: &[u8] = b"
jobs:
  a: {if: false}
  b: {needs: a}
  c: {needs: [b, x], if: \"github.x\"}
  d: {needs: a, if: always()}
  e: {needs: d}
  x: {if: '${{ needs.q.result }}'}
";

    #[test]
    fn what_needs_a_dead_job_is_dead_unless_it_insists() {
        let document = Document::parse("w", TEXT).unwrap();
        let all = jobs(document.tree());
        assert_eq!(never_run(&all), ["a", "b", "c"]);
    }

    #[test]
    fn reads_are_found_at_their_node() {
        let document = Document::parse("w", TEXT).unwrap();
        let (id, how) = first_read(document.tree(), 0, "needs", "q").unwrap();
        assert_eq!(document.path(id).to_string(), "$.jobs.x.if");
        assert_eq!(how, expression::Use::Named);
        assert_eq!(first_read(document.tree(), 0, "needs", "zz"), None);
    }
}
