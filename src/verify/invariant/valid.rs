//! INV-070: every workflow parses, and has what GitHub needs to run it.
//!
//! Checked: YAML; `on` and a mapping `jobs` with at least one job; each job a mapping with `runs-on` or `uses`, and
//! steps unless it calls a workflow; every name in `needs` a job, and no circle among them.
//! Source: workflow syntax, `on`, `jobs`, `jobs.<job_id>.runs-on`, `.uses`, `.steps`, `.needs`.
//!
//! Limitations: it does not know every key that GitHub knows, nor check expressions; actionlint does.

use super::{Held, Scene, is_workflow};
use crate::audit::{Loaded, load};
use crate::workflow::jobs::{Job, jobs};
use crate::yaml::{NodeId, Place, Tree, Value};

pub(super) fn check(scene: &Scene<'_>) -> Held {
    let workflows = scene.files.iter().filter(|(path, _)| is_workflow(path));
    let (mut count, mut broken) = (0, Vec::new());
    for (path, bytes) in workflows {
        count += 1;
        let loaded = load(path, bytes);
        for (place, cause) in faults(&loaded) {
            let way_out = "mend the workflow; actionlint says more";
            broken.push(scene.reason(Some(place), format!("INV-070: {cause}"), way_out));
        }
    }
    for (path, why) in scene.unreadable.iter().filter(|(path, _)| path.starts_with(".github/workflows/")) {
        let place = Place { file: path.clone(), line: 1, column: 1 };
        broken.push(scene.reason(Some(place), format!("INV-070: it cannot be read: {why}"), "mend the workflow"));
    }
    let text = "Every workflow is valid and analysable".to_owned();
    Held { id: "INV-070".to_owned(), text, files: count, broken }
}

fn faults(loaded: &Loaded<'_>) -> Vec<(Place, String)> {
    let start = Place { file: loaded.path.to_owned(), line: 1, column: 1 };
    let tree = match &loaded.tree {
        Ok(tree) => tree,
        Err(fault) => {
            return vec![(fault.place.clone().unwrap_or(start), format!("it cannot be read: {}", fault.cause))];
        }
    };
    let place = |id: NodeId| {
        let node = &tree.nodes[id];
        Place { file: loaded.path.to_owned(), line: node.line, column: node.column }
    };
    let mut found = Vec::new();
    if tree.get(0, "on").is_none() {
        found.push((start.clone(), "there is no `on`, so nothing starts it".to_owned()));
    }
    let all = jobs(tree);
    if all.is_empty() {
        found.push((start, "there are no `jobs`".to_owned()));
    }
    for job in &all {
        found.extend(job_fault(tree, job).map(|cause| (place(job.key), cause)));
        for (need, at) in &job.needs {
            if !all.iter().any(|other| other.name.eq_ignore_ascii_case(need)) {
                found.push((place(*at), format!("job `{}` needs `{need}`, which is no job", job.name)));
            }
        }
    }
    if let Some(job) = in_circle(&all) {
        found.push((place(job.key), format!("job `{}` needs itself, by way of others", job.name)));
    }
    found
}

fn job_fault(tree: &Tree, job: &Job) -> Option<String> {
    let name = &job.name;
    let has = |key| tree.get(job.value, key).is_some();
    match &tree.nodes[job.value].value {
        // What an alias or a merge key stands for is not followed here.
        Value::Alias(_) => None,
        _ if has("<<") => None,
        Value::Mapping(_) if has("uses") => None,
        Value::Mapping(_) if !has("runs-on") => Some(format!("job `{name}` has neither `runs-on` nor `uses`")),
        Value::Mapping(_) if !has("steps") => Some(format!("job `{name}` has no `steps`")),
        Value::Mapping(_) => None,
        _ => Some(format!("job `{name}` is no mapping")),
    }
}

/// A job that waits for itself: what is left when jobs without open needs are taken away until none is.
fn in_circle(all: &[Job]) -> Option<&Job> {
    let mut open: Vec<&Job> = all.iter().collect();
    loop {
        let waits = |job: &&Job| {
            let other = |need: &String| open.iter().any(|other| other.name.eq_ignore_ascii_case(need));
            job.needs.iter().any(|(need, _)| other(need))
        };
        let left: Vec<&Job> = open.iter().copied().filter(|job| waits(job)).collect();
        if left.len() == open.len() {
            return left.first().copied();
        }
        open = left;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        let loaded = load(".github/workflows/a.yml", text.as_bytes());
        faults(&loaded).into_iter().map(|(place, cause)| format!("{}: {cause}", place.line)).collect()
    }

    #[test]
    fn what_github_could_not_run_is_found() {
        let good = "on: push\njobs:\n  a: {runs-on: x, steps: []}\n  b: {needs: A, uses: ./x.yml}\n";
        assert!(said(good).is_empty(), "{:?}", said(good));
        for (text, line, word) in [
            ("on: push\njobs: [", 2, "cannot be read"),
            ("jobs:\n  a: {runs-on: x, steps: []}\n", 1, "no `on`"),
            ("on: push\n", 1, "no `jobs`"),
            ("on: push\njobs:\n  a: {steps: []}\n", 3, "neither `runs-on`"),
            ("on: push\njobs:\n  a: {runs-on: x}\n", 3, "no `steps`"),
            ("on: push\njobs:\n  a: x\n", 3, "no mapping"),
            ("on: push\njobs:\n  a: {runs-on: x, steps: [],\n      needs: q}\n", 4, "which is no job"),
            (
                "on: push\njobs:\n  a: {uses: x, needs: b}\n  b: {uses: x, needs: a}\n  c: {uses: x}\n",
                3,
                "needs itself",
            ),
        ] {
            let said = said(text);
            assert!(said.len() == 1 && said[0].starts_with(&format!("{line}: ")) && said[0].contains(word), "{said:?}");
        }
    }
}
