//! Which risks a run is about.

use anyhow::{Result, anyhow};

use super::args::Args;
use crate::change::Snapshot;
use crate::nearest::nearest;
use crate::plan::matches_any;
use crate::rule::{Disposition, Register, Risk};

/// The risks asked for, each once: by ID in the order given, else by ID.
///
/// # Errors
/// An ID or a milestone that is not in the register.
pub fn select<'r>(args: &Args, register: &'r Register) -> Result<Vec<&'r Risk>> {
    let mut risks: Vec<&Risk> = Vec::new();
    for id in &args.risk {
        let risk = register.get(id)?;
        if !risks.iter().any(|known| known.id == risk.id) {
            risks.push(risk);
        }
    }
    let fixable = |risk: &&Risk| matches!(risk.disposition, Disposition::Fix(_));
    let by_id = || register.iter().map(|(risk, _)| risk).filter(fixable);
    if let Some(milestone) = &args.milestone {
        risks.extend(register.milestone(milestone));
        if risks.is_empty() {
            return Err(no_milestone(milestone, register));
        }
    }
    if args.all {
        risks.extend(by_id());
    }
    Ok(risks)
}

/// Splits off the built-in risks that this repository does not have: selected by `--all` or `--milestone`, and none of
/// their workflows is there. The built-in register is about one project; others have their own.
pub fn applicable<'r>(
    args: &Args,
    register: &Register,
    risks: Vec<&'r Risk>,
    snapshot: &Snapshot,
) -> (Vec<&'r Risk>, Vec<&'r Risk>) {
    let there = |risk: &Risk| matches_any(&risk.workflows, snapshot);
    risks.into_iter().partition(|risk| !args.risk.is_empty() || there(risk) || !register.is_built_in(&risk.id))
}

pub(super) fn no_milestone(wanted: &str, register: &Register) -> anyhow::Error {
    let fixable = register.iter().filter(|(risk, _)| matches!(risk.disposition, Disposition::Fix(_)));
    let mut known: Vec<&str> = fixable.map(|(risk, _)| risk.milestone.as_str()).filter(|m| !m.is_empty()).collect();
    known.sort_unstable();
    known.dedup();
    let near = nearest(wanted, &known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    anyhow!("no risk of milestone `{wanted}` is to be fixed{near}\n  help: there is: {}", known.join(", "))
}
