//! Results that reviewers see elsewhere: in code scanning, as a check run of their own, as a status of the commit.

use memchr::memmem::Finder;

use super::examined::{mentions, texts};
use super::finding::Reason;
use super::repository::follows;
use super::role::{self, Role};
use super::scene::Scene;
use super::spot::Spot;
use crate::workflow::reader::Text;
use crate::workflow::view::{Job, Step, Workflow};

/// A strict step later shows the findings to reviewers: to code scanning, or as a check run of their own.
pub fn elsewhere(scene: &Scene<'_, '_>, spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    if let Some(reporter) = own_check_run(scene, spot) {
        return Some((Reason::Reported, format!("its reporter `{reporter}` is a check of its own")));
    }
    if spot.step.run.is_some_and(|run| run.text.contains("reviewdog") && run.text.contains("reporter=")) {
        return Some((Reason::Reported, "it hands its findings to reviewdog".to_owned()));
    }
    let strict = |step: &&Step<'_>| step.continue_on_error.is_none();
    let later = || spot.steps[spot.index + 1..].iter().filter(strict);
    if let Some(step) = later().find(|step| uploads_sarif(step)).filter(|_| leaves_findings(spot.step)) {
        return Some((Reason::Reported, format!("line {} uploads the findings to code scanning", step.at.line)));
    }
    if let Some(step) = same_scan(spot) {
        return Some((Reason::Reported, format!("line {} uploads the findings of the same scanner", step.at.line)));
    }
    let words = words(spot.step);
    // The same for what linters have found.
    const FINDINGS: &[(&str, &str)] = &[
        ("eslint-annotate", "eslint"),
        ("checkstyle-github-action", "checkstyle"),
        ("spotbugs-github-action", "spotbugs"),
        ("pmd-github-action", "pmd"),
    ];
    let about = FINDINGS.iter().filter(|(_, tool)| words.contains(tool) && !words.contains("test"));
    let actions: Vec<&str> = about.map(|(action, _)| *action).collect();
    if let Some(step) = later().find(|step| uses(step, &actions)) {
        return Some((Reason::Reported, format!("line {} publishes the findings as a check", step.at.line)));
    }
    let step = later().find(|step| uses(step, CHECKS))?;
    tests(spot).then(|| (Reason::Reported, format!("line {} publishes the results as a check", step.at.line)))
}

/// The strict step that uploads to code scanning what an earlier run of the same scanner has found: this one shows it again.
fn same_scan<'w, 't>(spot: Spot<'w, 't>) -> Option<&'w Step<'t>> {
    const SCANNERS: &[&str] =
        &["trivy", "grype", "snyk", "semgrep", "bandit", "checkov", "gosec", "osv-scanner", "zizmor", "kubescape"];
    let scans = |step: &Step<'_>, scanner: &str| uses(step, &[scanner]) || words(step).contains(scanner);
    let scanner = SCANNERS.iter().find(|scanner| scans(spot.step, scanner))?;
    let before = &spot.steps[..spot.index];
    let same = |step: &Step<'_>| scans(step, scanner) && target(step) == target(spot.step);
    let first = before.iter().position(|step| same(step) && mentions(step, "sarif"))?;
    before[first..].iter().find(|step| uploads_sarif(step) && step.continue_on_error.is_none())
}

/// What a step scans: the inputs that say so, or the last word of its script.
fn target<'t>(step: &Step<'t>) -> Vec<&'t str> {
    const INPUTS: &[&str] = &["image-ref", "image", "scan-type", "scan-ref", "path", "input", "target", "sbom"];
    let inputs = step.with.iter().filter(|(key, _)| INPUTS.contains(&key.text)).map(|(_, value)| value.text);
    inputs.chain(step.run.and_then(|run| run.text.split_whitespace().next_back())).collect()
}

/// Actions that fail, or publish a check run that fails, for what the reports of the tests say.
const CHECKS: &[&str] = &[
    "dorny/test-reporter",
    "enricomi/publish-unit-test-result",
    "mikepenz/action-junit-report",
    "scacap/action-surefire-report",
    "phoenix-actions/test-reporting",
];

/// The name of a step, in small letters, and its script.
fn words(step: &Step<'_>) -> String {
    let named = step.name.map_or("", |name| name.text).to_ascii_lowercase();
    format!("{named} {}", step.run.map_or("", |run| run.text))
}

/// Whether a step uses one of these actions, by a part of the name.
fn uses(step: &Step<'_>, names: &[&str]) -> bool {
    let named = |uses: Text<'_>| {
        let uses = uses.text.to_ascii_lowercase();
        names.iter().any(|name| uses.contains(name))
    };
    step.uses.is_some_and(named)
}

/// Whether a step tests: what lints stands in no report of tests.
pub(super) fn tests(spot: Spot<'_, '_>) -> bool {
    let words = words(spot.step);
    let lints = words.contains("lint") && !words.contains("test");
    role::of_step_words(spot.step).is_some_and(|purpose| purpose.role == Role::Verify) && !lints
}

/// A workflow that runs behind this one publishes the results that the job uploads as a check.
///
/// Source: dorny/test-reporter, "Recommended setup for public repositories": pull requests from forks may write no check, so
/// a workflow with `on: workflow_run` does.
pub fn by_follower(scene: &Scene<'_, '_>, spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let workflow = scene.workflow()?;
    let name = scene.name().unwrap_or(workflow.file);
    // To ask about all other files takes long, and few steps have results to hand on.
    const RESULTS: &[&str] = &["test-result", "test_result", "test result", "junit", "surefire", "test-report", ".trx"];
    let results = |step: &Step<'_>| {
        RESULTS.iter().any(|word| step.with.iter().any(|(_, own)| own.text.to_lowercase().contains(word)))
    };
    let uploads = |step: &Step<'_>| {
        step.uses.is_some_and(|uses| uses.text.starts_with("actions/upload-artifact")) && results(step)
    };
    if !spot.steps[spot.index + 1..].iter().any(uploads) || !tests(spot) {
        return None;
    }
    let publishes = |step: &Step<'_>| step.continue_on_error.is_none() && uses(step, CHECKS);
    let behind = |other: &Workflow<'_>| {
        let follows = other.triggers.iter().any(|trigger| {
            let named = |texts: &[Text<'_>]| texts.iter().any(|text| text.text == name);
            trigger.event.text == "workflow_run"
                && trigger.filters.iter().any(|(key, texts)| key.text == "workflows" && named(texts))
        });
        follows && other.jobs.iter().flat_map(|job| &job.steps).any(publishes)
    };
    let sought = Finder::new("workflow_run");
    let found =
        scene.repository.any_other(workflow.file, Some(&follows(name)), |text| sought.find(text).is_some(), behind);
    found
        .then(|| (Reason::Reported, "a workflow that runs behind this one publishes the results as a check".to_owned()))
}

/// Whether a step can be what leaves findings for code scanning: one that verifies a signature leaves none.
fn leaves_findings(step: &Step<'_>) -> bool {
    let proves = |text: &str| {
        ["cosign verify", "attestation verify", "slsa-verifier", "gpg --verify"]
            .iter()
            .any(|words| text.contains(words))
    };
    const TESTS: &[&str] = &["pytest", "npm test", "cargo test", "go test", "mvn test"];
    let tests = step.run.is_some_and(|run| TESTS.iter().any(|own| run.text.contains(own)));
    mentions(step, "sarif") || !tests && !step.run.is_some_and(|run| proves(run.text))
}

/// Whether a step uploads what others have found to code scanning.
fn uploads_sarif(step: &Step<'_>) -> bool {
    step.uses.is_some_and(|uses| uses.text.to_ascii_lowercase().contains("upload-sarif"))
}

/// Whether a step hands findings to code scanning, its own or those of others, where reviewers see them.
pub fn to_code_scanning(step: &Step<'_>) -> bool {
    const SCANNERS: &[&str] = &["zizmor-action", "codeql-action/analyze", "ossf/scorecard-action"];
    let scans = |uses: &str| SCANNERS.iter().any(|scanner| uses.contains(scanner));
    uploads_sarif(step) || step.uses.is_some_and(|uses| scans(&uses.text.to_ascii_lowercase()))
}

/// The reporter of reviewdog that makes a check run, where the job may write one.
///
/// Source: reviewdog, "Reporters": `github-check` and `github-pr-check` need `checks: write`.
fn own_check_run<'t>(scene: &Scene<'_, '_>, spot: Spot<'_, 't>) -> Option<&'t str> {
    let (_, reporter) = spot.step.with.iter().find(|(key, _)| key.text == "reporter")?;
    let tree = scene.tree();
    let permissions =
        spot.job.and_then(|job| tree.get(job.at.node, "permissions")).or_else(|| tree.get(0, "permissions"));
    let pairs = permissions.map_or(&[][..], |permissions| tree.pairs(permissions));
    let writes = pairs.is_empty()
        || pairs.iter().any(|&(key, value)| tree.text(key) == Some("checks") && tree.text(value) == Some("write"));
    (writes && ["github-check", "github-pr-check"].contains(&reporter.text)).then_some(reporter.text)
}

/// Whether a step sets a status or a check run of the commit.
pub fn sets_status(step: &Step<'_>) -> bool {
    const WORDS: &[&str] = &[
        "createCommitStatus",
        "/statuses/",
        "commit-status",
        "commit status",
        "check-runs",
        "checks-action",
        "checks.create",
        "checks.update",
        "update-check",
        "create-check",
        "set-status",
        "github-status",
        "status-check",
        "conclude-check",
        "report-status",
        "set_status",
    ];
    let with_status =
        |step: &Step<'_>| step.with.iter().any(|(key, value)| key.text == "status" && value.text == "failure");
    let text = texts(step).chain(step.uses.map(|uses| uses.text));
    let named = text.into_iter().any(|text| WORDS.iter().any(|word| text.contains(word)));
    named || with_status(step)
}

/// A job that sets the commit's status itself when it fails.
pub fn own_status(job: &Job<'_>) -> Option<(Reason, String)> {
    let looks = |step: &Step<'_>| {
        let text = step.condition.map_or("", |text| text.text);
        role::only_after_failure(step)
            || (text.contains("always()")
                && texts(step).any(|text| text.contains("job.status") || text.contains(".outcome")))
    };
    let step = job.steps.iter().find(|step| looks(step) && sets_status(step))?;
    Some((Reason::Reported, format!("line {} sets a status of its own on failure", step.at.line)))
}
