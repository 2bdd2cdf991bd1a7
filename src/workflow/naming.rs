//! What people call a place in a workflow: "step `Run tests` of job `unit`".

use crate::yaml::{NodeId, Path, Segment, Tree};

/// The job, step or key that a path is about, in words.
///
/// A step goes by its name, else its id, else what it uses, else its position from 1.
pub fn describe(tree: &Tree, path: &Path) -> String {
    match path.0.as_slice() {
        [Segment::Key(jobs), Segment::Key(job), rest @ ..] if jobs == "jobs" => {
            let step = step(tree, path, 2, rest).map(|step| format!("{step} of "));
            format!("{}job `{job}`", step.unwrap_or_default())
        }
        [Segment::Key(runs), rest @ ..] if runs == "runs" => {
            step(tree, path, 1, rest).unwrap_or_else(|| "the action".to_owned())
        }
        _ => "the workflow".to_owned(),
    }
}

/// The step that the rest of a path leads into.
fn step(tree: &Tree, path: &Path, depth: usize, rest: &[Segment]) -> Option<String> {
    let (Some(Segment::Key(steps)), Some(Segment::Index(index))) = (rest.first(), rest.get(1)) else { return None };
    if steps != "steps" {
        return None;
    }
    let node = lookup(tree, &path.0[..depth + 2])?;
    let called = ["name", "id", "uses"].iter().find_map(|key| tree.text(tree.get(node, key)?));
    Some(called.map_or_else(|| format!("step {}", index + 1), |name| format!("step `{name}`")))
}

/// The node at a path.
pub fn lookup(tree: &Tree, path: &[Segment]) -> Option<NodeId> {
    path.iter().try_fold(0, |at, segment| match segment {
        Segment::Key(key) => tree.get(at, key),
        Segment::Index(index) => tree.items(at).get(*index).copied(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Document;

    #[test]
    fn places_go_by_their_names() {
        let text = "jobs:\n  a:\n    steps:\n      - {name: N, if: x}\n      - run: y\n";
        let document = Document::parse("w", text.as_bytes()).unwrap();
        let steps = Path::default().key("jobs").key("a").key("steps");
        assert_eq!(describe(document.tree(), &steps.index(0).key("if")), "step `N` of job `a`");
        assert_eq!(describe(document.tree(), &steps.index(1).key("run")), "step 2 of job `a`");
        assert_eq!(describe(document.tree(), &Path::default().key("jobs").key("a")), "job `a`");
        assert_eq!(describe(document.tree(), &Path::default().key("on")), "the workflow");
    }
}
