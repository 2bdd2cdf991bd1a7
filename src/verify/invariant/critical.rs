//! INV-060: no step that verifies or publishes, in a workflow that the series touches, is masked or dead.
//!
//! What is masked, what it is for and whether a reason at the place excuses it, the audit says; its judgement of what
//! something is for can be wrong (docs/audit.md).

use super::{Held, Scene};
use crate::audit::Finding;

pub(super) fn check(scene: &Scene<'_>) -> Held {
    let breaks = |finding: &&Finding| {
        scene.touched.contains(finding.place.file.as_str())
            && finding.needs_action()
            && finding.purpose.role.matters()
            && matches!(finding.category, "soft-fail" | "conditional-skip")
    };
    let reason = |finding: &Finding| {
        let cause = format!("INV-060: {} ({}, {})", finding.message, finding.purpose.role, finding.detector);
        scene.reason(Some(finding.place.clone()), cause, "`wf-fix audit --explain FILE:LINE` says why")
    };
    Held {
        id: "INV-060".to_owned(),
        text: "If a correctness-critical step of a touched workflow fails, CI fails visibly".to_owned(),
        files: scene.touched.len(),
        broken: scene.audit.findings.iter().filter(breaks).map(reason).collect(),
    }
}
