//! Which jobs of a workflow need which, by their positions: looked up once for many questions.

use std::collections::{BTreeSet, HashMap};

use crate::workflow::view::Workflow;

/// Who needs whom.
#[derive(Debug)]
pub(super) struct Graph {
    /// For each job the positions of its needs, in their order; none for one that is not there.
    pub needs: Vec<Vec<Option<usize>>>,
    names: HashMap<String, usize>,
}

impl Graph {
    /// Reads the `needs` of all jobs; names count without regard to case, and the first of a name.
    pub fn of(workflow: &Workflow<'_>) -> Graph {
        let mut names = HashMap::new();
        for (index, job) in workflow.jobs.iter().enumerate() {
            names.entry(job.id.text.to_ascii_lowercase()).or_insert(index);
        }
        let mut graph = Graph { needs: Vec::new(), names };
        graph.needs =
            workflow.jobs.iter().map(|job| job.needs.iter().map(|need| graph.find(need.text)).collect()).collect();
        graph
    }

    /// The position of a job.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.names.get(&name.to_ascii_lowercase()).copied()
    }

    /// The jobs that a job needs, directly or not; in a circle the job itself too.
    pub fn ancestors(&self, job: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut open = vec![job];
        while let Some(job) = open.pop() {
            open.extend(self.needs[job].iter().flatten().filter(|need| found.insert(**need)));
        }
        found
    }

    /// For each job whether it needs this one, directly or not.
    pub fn dependents(&self, job: usize) -> Vec<bool> {
        let mut needed_by = vec![Vec::new(); self.needs.len()];
        for (index, needs) in self.needs.iter().enumerate() {
            needs.iter().flatten().for_each(|need| needed_by[*need].push(index));
        }
        let mut found = vec![false; self.needs.len()];
        let mut open = vec![job];
        while let Some(job) = open.pop() {
            for next in &needed_by[job] {
                if !std::mem::replace(&mut found[*next], true) {
                    open.push(*next);
                }
            }
        }
        found
    }
}
