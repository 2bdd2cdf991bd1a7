//! Tools told to succeed: `--exit-zero`, `exit-code: 0`, `fail_ci_if_error: false` and their kin.

use std::sync::LazyLock;

use super::comment::Topic;
use super::finding::{Finding, Reason};
use super::judge::{Case, Level, severity, verdict};
use super::role::{self, Purpose, Role};
use super::scene::Scene;
use super::spot::Spot;
use super::statement::statement;
use super::{Detector, captured, examined, soft_around, twin};
use crate::any_of::AnyOf;
use crate::workflow::view::Step;

pub(super) const DETECTOR: Detector = Detector {
    name: "tool-flag",
    category: "soft-fail",
    about: "a tool that is told to succeed whatever it finds",
    find,
};

/// Flags on command lines; each with where it is documented.
const FLAGS: &[(&str, &str)] = &[
    ("--exit-zero", "flake8, ruff, pylint: exit 0 even if there are findings"),
    ("--exit-code 0", "trivy: the exit code when findings exist"),
    ("--exit-code=0", "trivy: the exit code when findings exist"),
    ("--soft-fail", "checkov, tfsec: exit 0 in case of findings"),
    ("-Dmaven.test.failure.ignore", "Maven Surefire: testFailureIgnore"),
    ("--no-error-on-findings", "semgrep: do not exit 1 on findings"),
    ("--suppress-exit-code", "playwright and others: exit 0 with failing tests"),
    ("--passWithNoTests", "jest, vitest: pass when no test was found"),
    ("--no-exit-code", "lint tools: exit 0 with findings"),
    ("--no-fail-on-findings", "lint tools: exit 0 with findings"),
    ("--fail-severity=none", "lint tools: never fail"),
    ("--no-fail ", "hadolint: do not exit with a failure status"),
    ("--issues-exit-code=0", "golangci-lint: the exit code when issues were found"),
    ("--issues-exit-code 0", "golangci-lint: the exit code when issues were found"),
    ("--fail-never", "Maven: never fail the build"),
    ("-fn", "Maven: never fail the build"),
    ("--mute-exit-status", "credo: exit 0 with findings"),
    ("--lenient", "swiftlint: downgrade errors to warnings"),
    ("--nostatusrc", "Robot Framework: exit 0 whatever failed"),
    ("--failure-exit-code 0", "RSpec: the exit code of a failing run"),
    ("--failure-exit-code=0", "RSpec: the exit code of a failing run"),
    ("--suppress-tests-failed-exit-code", "pytest-custom-exit-code: exit 0 with failing tests"),
    ("--error-exitcode=0", "cppcheck: the exit code when errors are found"),
    ("--no-exit", "Vale: exit 0 with alerts"),
    ("--ignore-on-exit all", "KICS: exit 0 whatever was found"),
    ("--ignore-on-exit results", "KICS: exit 0 whatever was found"),
    ("-PignoreFailures=true", "Gradle: ignoreFailures of a task"),
    ("--warn-only", "linters: findings are warnings"),
    ("--fail-under=0", "pylint, coverage: any score passes"),
    ("--no-fail-on-error", "lint tools: exit 0 with findings"),
    ("--allow-failures", "test and lint tools: exit 0 with failures"),
    ("--ignore-failure", "test and lint tools: exit 0 with failures"),
    ("--ignore-failures", "test and lint tools: exit 0 with failures"),
    ("-no-fail", "gosec: do not fail the scanning"),
];

/// Inputs that actions hand to the tool they run.
const ARGUMENTS: &[&str] =
    &["args", "arguments", "options", "opts", "flags", "extra_args", "extra-args", "src", "version-args", "cli-args"];

/// Finds out whether a text has any of the flags, in one pass.
static SEARCH: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(FLAGS.iter().map(|(flag, _)| *flag)));

/// Inputs of actions and the values that switch failing off.
const INPUTS: &[(&str, &[&str], &str)] = &[
    ("fail_ci_if_error", &["false"], "codecov/codecov-action: exit with 1 on errors"),
    ("exit-code", &["0"], "aquasecurity/trivy-action: exit code when findings exist"),
    ("exit_code", &["0"], "scanners: exit code when findings exist"),
    ("soft_fail", &["true"], "bridgecrewio/checkov-action, tfsec: do not fail on findings"),
    ("soft-fail", &["true"], "scanners: do not fail on findings"),
    ("fail_on_error", &["false"], "reviewdog actions: exit with 1 on findings"),
    ("fail-on-error", &["false"], "dorny/test-reporter: fail on failed tests"),
    ("fail_level", &["none"], "reviewdog actions: the level that fails"),
    ("fail", &["false"], "lycheeverse/lychee-action: fail on broken links"),
    ("fail-build", &["false"], "anchore/scan-action: fail on findings"),
    ("ignore-failure", &["true"], "wrappers: ignore a failing command"),
    ("ignore_failure", &["true"], "wrappers: ignore a failing command"),
    ("fail_on_failure", &["false"], "test reporters: fail on failed tests"),
    ("require_tests", &["false"], "test reporters: fail without tests"),
    ("fail_on_findings", &["false"], "scanners: fail on findings"),
    ("fail-on-findings", &["false"], "scanners: fail on findings"),
    ("fail-on-vuln", &["false"], "google/osv-scanner-action: fail on vulnerabilities"),
    ("no-fail", &["true"], "hadolint/hadolint-action: never fail"),
    ("failure-threshold", &["none"], "hadolint/hadolint-action: the level that fails"),
    ("allow-failure", &["true"], "wrappers: let a failure pass"),
    ("allow_failure", &["true"], "wrappers: let a failure pass"),
    ("soft_fail_commenter", &["true"], "aquasecurity/tfsec-pr-commenter-action: do not fail on findings"),
    ("warn-only", &["true"], "actions/dependency-review-action: findings are warnings"),
    ("warn_only", &["true"], "linters: findings are warnings"),
    ("only_warn", &["1", "true"], "codespell-project/actions-codespell: findings are warnings"),
    ("exit_zero", &["true"], "linters: exit 0 with findings"),
    ("exit-zero", &["true"], "linters: exit 0 with findings"),
    ("continue_on_error", &["true"], "wrappers: let a failure pass"),
    ("fail_on_issues", &["false"], "scanners: fail on findings"),
    ("fail-on-issues", &["false"], "scanners: fail on findings"),
    ("fail_on_vulnerabilities", &["false"], "scanners: fail on findings"),
    ("break_on_findings", &["false"], "scanners: fail on findings"),
    ("fail-on-alert", &["false"], "scanners: fail on findings"),
    ("fail-if-incompatible", &["false", "no"], "grafana/plugin-actions/is-compatible: fail on incompatible APIs"),
    ("failOnErrors", &["false"], "wagoid/commitlint-github-action: fail on errors"),
];

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    for spot in scene.spots() {
        for (key, value) in &spot.step.with {
            let known = INPUTS.iter().find(|(name, values, _)| *name == key.text && values.contains(&value.text));
            // So general a name says something of one action only.
            let own = |name: &str| name != "fail" || spot.step.uses.is_some_and(|uses| uses.text.contains("lychee"));
            if let Some((name, _, about)) = known
                && spot.step.uses.is_some()
                && own(name)
            {
                let what = format!("{name}: {}", value.text);
                out.push(one(scene, spot, key.at.line, key.at.column, &what, about, scene.purpose(spot)));
            }
            let passed = ARGUMENTS.contains(&key.text) && spot.step.uses.is_some() && !value.text.trim().contains('\n');
            let given = passed.then(|| format!(" {} ", value.text)).filter(|given| SEARCH.stands_in(given));
            let told = given.and_then(|given| FLAGS.iter().find(|(flag, _)| has_flag(&given, flag.trim())));
            if let Some((flag, about)) = told {
                out.push(one(scene, spot, key.at.line, key.at.column, flag.trim(), about, scene.purpose(spot)));
            }
        }
        let Some(run) = spot.step.run.filter(|run| SEARCH.stands_in(run.text)) else { continue };
        for (row, line) in run.text.lines().enumerate() {
            let Some((flag, about)) = FLAGS.iter().find(|(flag, _)| has_flag(line, flag.trim())) else { continue };
            let start = line.trim_start();
            let aside = start.starts_with('#') || start.starts_with("echo ") || *flag == "-fn" && !line.contains("mvn");
            if aside || line.contains(&format!("{flag}=false")) || checked_around(line) {
                continue;
            }
            let purpose = role::of_command(line.trim()).unwrap_or_else(|| scene.purpose(spot));
            let mut found = one(scene, spot, run.at.line + row, run.at.column, flag.trim(), about, purpose);
            if found.needs_action()
                && let Some((reason, note)) = strict_beside(spot, line, flag)
                    .map(|strict| (Reason::Examined, strict))
                    .or_else(|| captured::read_later(spot, run.text, statement(run.text, line)))
            {
                found.pass(reason, note);
            }
            out.push(found);
        }
    }
}

/// Whether a checker that fails with a code of its own runs the tool: `valgrind --error-exitcode=42 ./tool`.
fn checked_around(line: &str) -> bool {
    let code = line.split_once("--error-exitcode=").and_then(|(_, rest)| rest.chars().next());
    line.contains("valgrind ") && code.is_some_and(|code| ('1'..='9').contains(&code))
}

/// Whether a line has a flag as a word, or as the head of one with `=`.
fn has_flag(line: &str, flag: &str) -> bool {
    line.match_indices(flag).any(|(at, _)| {
        let before = line[..at].chars().last().is_some_and(char::is_whitespace);
        before && line[at + flag.len()..].chars().next().is_none_or(|c| c.is_whitespace() || "='\"".contains(c))
    })
}

/// Programs that succeed whatever they find, and the option by which they do not.
///
/// Source: trivy, "CLI: image", `--exit-code` (0 by default); grype, "Gating on severity of vulnerabilities"; the manual of cppcheck,
/// "Exit code"; semgrep, "CLI reference", `--error`.
const LENIENT: &[(&str, &str)] =
    &[("trivy", "--exit-code"), ("grype", "--fail-on"), ("cppcheck", "--error-exitcode"), ("semgrep", "--error")];

/// A strict run of the same program in the same job.
fn strict_beside(spot: Spot<'_, '_>, line: &str, flag: &str) -> Option<String> {
    let program = role::program_of(line.trim())?;
    let told = LENIENT.iter().find(|(lenient, _)| *lenient == program).map(|(_, option)| *option);
    let strict = |step: &&Step<'_>| {
        let run = step.run.filter(|_| step.continue_on_error.is_none());
        run.is_some_and(|run| {
            let lines = run.text.lines().map(str::trim).filter(|other| !other.contains(flag) && !other.contains("||"));
            let checks = |other: &&str| role::role_of_command(other) == Some(Role::Verify);
            let mut own = lines.filter(checks).filter(|other| role::program_of(other).as_ref() == Some(&program));
            own.any(|other| told.is_none_or(|option| other.contains(option)))
        })
    };
    let step = spot.steps.iter().find(strict)?;
    Some(format!("the step on line {} runs `{program}` strictly", step.at.line))
}

fn one(
    scene: &Scene<'_, '_>,
    spot: Spot<'_, '_>,
    line: usize,
    column: usize,
    what: &str,
    about: &str,
    purpose: Purpose,
) -> Finding {
    let place = crate::yaml::Place { file: scene.file().to_owned(), line, column };
    let message = format!("{} cannot fail for what it finds: `{what}`", spot.called());
    let mut finding = scene.finding(&DETECTOR, place, spot.called(), message);
    finding.key = format!("{}: {what}", finding.subject);
    let signal = scene.signal(spot);
    let case = Case {
        detector: DETECTOR.name,
        topic: Topic::SoftFail,
        purpose: &purpose,
        places: vec![line, spot.step.at.line],
        job: spot.job.map(|job| job.id.text),
        settled: &|| {
            signal
                .as_ref()
                .and_then(|signal| settled(scene, spot, signal))
                .or_else(|| weak(what))
                .or_else(|| twin::of_step(scene, spot, DETECTOR.name, |step| told_so(step, what)))
        },
    };
    finding.verdict = verdict(scene, case);
    finding.severity = severity(scene, Level::Command, purpose.role, &finding.verdict);
    finding.purpose = purpose;
    finding.chain = Vec::new();
    finding.message = format!("{} ({about})", finding.message);
    finding
}

/// The line of the input of a step that says the same: `exit-code: 0`.
fn told_so(step: &Step<'_>, what: &str) -> Option<usize> {
    let says = |key: &str, value: &str| what.split_once(": ") == Some((key, value));
    step.with.iter().find(|(key, value)| says(key.text, value.text)).map(|(key, _)| key.at.line)
}

/// As for a soft-fail, but that the step's failure counts is no answer here.
fn settled(
    scene: &Scene<'_, '_>,
    spot: Spot<'_, '_>,
    signal: &crate::workflow::signal::Signal,
) -> Option<(Reason, String)> {
    use crate::workflow::signal::Signal;
    let masked = Signal::Masked(Vec::new());
    let signal = if matches!(signal, Signal::NeverRuns(_)) { signal } else { &masked };
    examined::step(scene, spot, signal).or_else(|| later_check(spot)).or_else(|| soft_around::justified(scene, spot))
}

/// A later step of the job fails on what was found.
fn later_check(spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let step = spot.steps[spot.index + 1..].iter().find(|step| {
        let gate =
            step.name.is_some_and(|name| role::of_name(name.text).is_some_and(|named| named.role == Role::Verify));
        gate && step.run.is_some_and(|run| examined::can_end(run.text))
    })?;
    Some((Reason::Examined, format!("the step on line {} can fail", step.at.line)))
}

/// Flags that let little pass.
fn weak(what: &str) -> Option<(Reason, String)> {
    matches!(what, "--passWithNoTests" | "require_tests: false")
        .then(|| (Reason::Informational, "only the absence of tests passes".to_owned()))
}
