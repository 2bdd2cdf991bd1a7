//! Retries and test reruns: a lasting failure still fails, a flaky one no longer shows.

use super::Detector;
use super::finding::{Finding, Reason, Verdict};
use super::scene::Scene;

pub(super) const DETECTOR: Detector = Detector {
    name: "retry",
    category: "retry-masking",
    about: "a retry action or a flag that runs failed tests again",
    find,
};

const ACTIONS: &[&str] = &["nick-fields/retry", "nick-invision/retry", "wandalen/wretry", "retry-step", "retry-action"];

/// Source: the documentation of pytest-rerunfailures, Maven Surefire, cargo-nextest, gotestsum, bazel, jest-circus.
const FLAGS: &[&str] = &[
    "--reruns",
    "rerunFailingTestsCount",
    "--retries",
    "--rerun-fails",
    "--flaky_test_attempts",
    "--retry-failed",
    "--max-retries",
];

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    for spot in scene.spots() {
        let action = spot.step.uses.filter(|uses| ACTIONS.iter().any(|name| uses.text.contains(name)));
        let flag = || {
            let run = spot.step.run?;
            let flag = FLAGS.iter().find(|flag| run.text.contains(**flag))?;
            let row = run.text[..run.text.find(flag)?].matches('\n').count();
            Some((run.at.line + row, *flag))
        };
        let (line, what) = match (action, flag()) {
            (Some(uses), _) => (uses.at.line, uses.text),
            (None, Some((line, flag))) => (line, flag),
            _ => continue,
        };
        let place = crate::yaml::Place { file: scene.file().to_owned(), line, column: 1 };
        let message = format!("{} is tried again when it fails (`{what}`)", spot.called());
        let mut finding = scene.finding(&DETECTOR, place, spot.called(), message);
        finding.purpose = scene.purpose(spot);
        finding.verdict = Verdict::Fine(Reason::Retried, "a lasting failure still fails".to_owned());
        out.push(finding);
    }
}
