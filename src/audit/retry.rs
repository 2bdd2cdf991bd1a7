//! Retries and test reruns: a lasting failure still fails, a flaky one no longer shows.

use std::sync::LazyLock;

use super::Detector;
use super::finding::{Finding, Reason, Verdict};
use super::scene::Scene;
use crate::any_of::AnyOf;
use crate::workflow::reader::At;
use crate::workflow::view::Step;
use crate::yaml::{Place, Style};

pub(super) const DETECTOR: Detector = Detector {
    name: "retry",
    category: "retry-masking",
    about: "a retry action or a flag that runs failed tests again",
    find,
};

const ACTIONS: &[&str] = &["nick-fields/retry", "nick-invision/retry", "wandalen/wretry", "retry-step", "retry-action"];

/// The same for actions.
static SEARCH_ACTIONS: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(ACTIONS.iter().copied()));

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

/// Finds out whether a text has any of the flags, in one pass.
static SEARCH: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(FLAGS.iter().copied()));

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    for spot in scene.spots() {
        let action = spot.step.uses.filter(|uses| SEARCH_ACTIONS.stands_in(uses.text));
        let (place, what) = match (action, flag(scene, spot.step)) {
            (Some(uses), _) => (scene.place(uses.at), uses.text),
            (None, Some(found)) => found,
            _ => continue,
        };
        let message = format!("{} is tried again when it fails (`{what}`)", spot.called());
        let mut finding = scene.finding(&DETECTOR, place, spot.called(), message);
        finding.purpose = scene.purpose(spot);
        finding.verdict = Verdict::Fine(Reason::Retried, "a lasting failure still fails".to_owned());
        out.push(finding);
    }
}

/// The first flag in the commands of a step, and its place.
fn flag(scene: &Scene<'_, '_>, step: &Step<'_>) -> Option<(Place, &'static str)> {
    let run = step.run.filter(|run| SEARCH.stands_in(run.text))?;
    let lines = run.text.lines().skip_while(|line| line.is_empty()).enumerate();
    let code = |line: &str| line.split(" #").next().unwrap_or_default().len();
    let found = lines.filter(|(_, line)| !line.trim_start().starts_with('#')).find_map(|(row, line)| {
        let (at, flag) = FLAGS.iter().find_map(|flag| Some((line[..code(line)].find(flag)?, *flag)))?;
        Some((row, line[..at].chars().count(), flag))
    });
    let (row, column, flag) = found?;
    let at = match run.style {
        Style::Literal => At { line: run.at.line + row, column: run.at.column + column, ..run.at },
        _ => run.at,
    };
    Some((scene.place(at), flag))
}
