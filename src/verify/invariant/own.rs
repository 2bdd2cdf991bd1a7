//! The invariants of a register: a query or an audit filter that must come out empty.

use super::{Held, Scene};
use crate::audit::Finding;
use crate::rule::{Ask, Filter, Invariant, glob, is_glob};
use crate::verify::reason::Reason;
use crate::yaml::{Document, Query};

/// The most places that are named one by one.
const MOST: usize = 100;

pub(super) fn check(scene: &Scene<'_>, invariant: &Invariant) -> Held {
    let (files, mut broken) = match &invariant.ask {
        Ask::Query(query, workflows) => by_query(scene, invariant, query, workflows),
        Ask::Audit(filter) => by_audit(scene, invariant, filter),
    };
    let more = broken.len().saturating_sub(MOST);
    broken.truncate(MOST);
    if let Some(last) = broken.last_mut().filter(|_| more > 0) {
        last.cause.push_str(&format!(", and {more} places more"));
    }
    Held { id: invariant.id.clone(), text: invariant.text.clone(), files, broken }
}

fn by_query(scene: &Scene<'_>, invariant: &Invariant, query: &Query, workflows: &[String]) -> (usize, Vec<Reason>) {
    let files: Vec<_> = scene.files.iter().filter(|(path, _)| any(workflows, path)).collect();
    let mut broken = Vec::new();
    let say = |what: &str| format!("{}: {}: {what}", invariant.id, invariant.text.trim_end_matches('.'));
    let way_out = "mend it, or change the invariant in a change of its own";
    for (path, bytes) in &files {
        let asked = Document::parse(path, bytes).and_then(|document| {
            let found = query.select(&document)?;
            Ok(found.into_iter().map(|id| (document.place_of(id), document.path(id).to_string())).collect::<Vec<_>>())
        });
        match asked {
            Ok(found) => {
                broken.extend(found.into_iter().map(|(place, path)| scene.reason(Some(place), say(&path), way_out)));
            }
            Err(fault) => {
                let cause = say(&format!("it cannot be asked here: {}", fault.cause));
                let start = crate::yaml::Place { file: (*path).clone(), line: 1, column: 1 };
                broken.push(scene.reason(Some(fault.place.unwrap_or(start)), cause, &fault.way_out));
            }
        }
    }
    (files.len(), broken)
}

fn by_audit(scene: &Scene<'_>, invariant: &Invariant, filter: &Filter) -> (usize, Vec<Reason>) {
    let passes = |finding: &&Finding| {
        let one_of = |known: &[String], own: &str| known.is_empty() || known.iter().any(|name| name == own);
        finding.needs_action()
            && one_of(&filter.detectors, finding.detector)
            && one_of(&filter.categories, finding.category)
            && filter.severity.is_none_or(|least| finding.severity <= least)
            && (filter.paths.is_empty() || any(&filter.paths, &finding.place.file))
    };
    let reason = |finding: &Finding| {
        let cause = format!("{}: {}: {}", invariant.id, invariant.text.trim_end_matches('.'), finding.message);
        scene.reason(Some(finding.place.clone()), cause, "`wf-fix audit --explain FILE:LINE` says why")
    };
    let files = scene.files.keys().filter(|path| filter.paths.is_empty() || any(&filter.paths, path)).count();
    (files, scene.audit.findings.iter().filter(passes).map(reason).collect())
}

/// Whether one of these paths or globs names a file.
fn any(patterns: &[String], path: &str) -> bool {
    patterns.iter().any(|pattern| match is_glob(pattern) {
        true => glob(pattern).is_ok_and(|glob| glob.compile_matcher().is_match(path)),
        false => pattern == path,
    })
}
