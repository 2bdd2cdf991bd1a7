//! The series as a whole: no risk twice, none of the milestone missing, and none back at HEAD.

use std::collections::BTreeMap;

use super::reason::{Code, Reason};
use super::{Checked, Request};
use crate::plan::{Status, matches_any, plan_without_effect};
use crate::rule::{Disposition, Risk};

/// Marks every commit whose risk an earlier one names.
pub(super) fn twice(commits: &mut [Checked<'_>]) {
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    for checked in commits {
        let Some(risk) = checked.risk else { continue };
        match first.get(&risk.id) {
            Some(earlier) => {
                let cause = format!("{} has a commit already: {earlier}", risk.id);
                let way_out = "fold the two into one: git rebase -i";
                checked.reasons.push(Reason::of(Code::RiskTwice, checked.commit, cause, way_out));
            }
            None => drop(first.insert(risk.id.clone(), checked.commit.short().to_owned())),
        }
    }
}

/// What is missing or back, and which risks of the milestone were gone before.
pub(super) fn whole<'a>(commits: &[Checked<'a>], request: &Request<'a>) -> (Vec<Reason>, Vec<&'a Risk>) {
    let mut reasons = back(commits, request);
    let mut done_before = Vec::new();
    let named = |risk: &Risk| commits.iter().any(|checked| checked.risk.is_some_and(|own| own.id == risk.id));
    let wanted = request.milestone.map(|name| request.register.milestone(name)).unwrap_or_default();
    for risk in wanted.into_iter().filter(|risk| !named(risk)) {
        // The built-in register is about one project: elsewhere its workflows are not there.
        if request.register.is_built_in(&risk.id) && !matches_any(&risk.workflows, request.start) {
            continue;
        }
        match plan_without_effect(&[risk], request.start, "").into_iter().next().map(|one| one.status) {
            Some(Status::Done(_)) => done_before.push(risk),
            status => reasons.push(missing(risk, status, request)),
        }
    }
    (reasons, done_before)
}

fn missing(risk: &Risk, status: Option<Status>, request: &Request<'_>) -> Reason {
    let why = match &status {
        Some(Status::Missing(fault) | Status::Refused(fault)) => format!(" (on BASE: {})", fault.cause),
        _ => String::new(),
    };
    let cause = format!("no commit removes {}, {}{why}", risk.id, risk.title);
    let way_out = format!("wf-fix --risk {}", risk.id);
    Reason::at(Code::MissingRisk, &request.series.head, None, cause, way_out)
}

/// Risks that a commit removed and HEAD has again.
fn back(commits: &[Checked<'_>], request: &Request<'_>) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for risk in commits.iter().filter_map(|checked| checked.risk) {
        if seen.contains(&risk.id.as_str()) || !matches!(risk.disposition, Disposition::Fix(_)) {
            continue;
        }
        seen.push(&risk.id);
        let planned = plan_without_effect(&[risk], request.head, "");
        for file in planned.iter().flat_map(|one| one.files()) {
            let place = crate::yaml::Place { file: file.change.path.clone(), line: 1, column: 1 };
            let cause = format!("{} is there at HEAD", risk.id);
            let way_out = "a later commit brings it back, or the fix is not whole";
            reasons.push(Reason::at(Code::NotDoneAtHead, &request.series.head, Some(place), cause, way_out));
        }
    }
    reasons
}
