//! The audit on workflows in the shapes of the reference milestone, and on what only looks like a finding.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod beside;
mod detectors;
mod elsewhere;
mod examination;
mod excuses;
mod handed_on;
mod holes;
mod judgement;
mod knowledge;
mod occasions;
mod principles;
mod products;
mod requests;
mod signs;
mod surroundings;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use wf_fix::audit::{Finding, Fix, Reason, Report, Verdict, audit, audit_by_reading};
use wf_fix::rule::Severity;

fn demo() -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/workflows");
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.unwrap();
        let name = format!(".github/workflows/{}", entry.file_name().to_str().unwrap());
        (name, fs::read(entry.path()).unwrap())
    };
    fs::read_dir(folder).unwrap().map(file).collect()
}

/// An audit of one workflow of this name.
fn one(name: &str, text: &str) -> Report {
    audit(&[(format!(".github/workflows/{name}"), text.as_bytes().to_vec())].into(), &[])
}

/// An audit of several workflows by their names.
fn all(files: &[(&str, &str)]) -> Report {
    let file = |(name, text): &(&str, &str)| (format!(".github/workflows/{name}"), text.as_bytes().to_vec());
    audit(&files.iter().map(file).collect(), &[])
}

/// A workflow with these lines as the steps of a job on Linux.
fn steps(lines: &str) -> String {
    let body: String = lines.lines().map(|line| format!("      {line}\n")).collect();
    format!("on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{body}")
}

/// All findings but what is only worth knowing of the workflow as a whole.
fn masks(report: &Report) -> Vec<&Finding> {
    report.findings.iter().filter(|finding| finding.category != "informational").collect()
}

fn action(report: &Report) -> Vec<&Finding> {
    report.findings.iter().filter(|finding| finding.needs_action()).collect()
}

#[test]
fn an_audit_that_forgets_texts_finds_the_same() {
    let mut files = demo();
    // What a filter leaves out is asked of all others: before, after, and behind it.
    for (name, paths) in [("0", "'**.rs'"), ("gap", "'**.md'"), ("z", "'**.md'")] {
        let text = format!("on: {{pull_request: {{paths: [{paths}]}}}}\n")
            + &steps("- run: cargo test")["on: pull_request\n".len()..];
        files.insert(format!(".github/workflows/{name}.yml"), text.into_bytes());
    }
    let mut paths: Vec<&str> = files.keys().map(String::as_str).collect();
    let of = |paths: &[&str], read: &wf_fix::audit::Reader<'_>| audit_by_reading(paths, read, &[]);
    let forgetful = of(&paths, &|at| files.get(paths[at]).cloned());
    assert!(forgetful.findings.iter().any(|finding| finding.detector == "path-filter"));
    let report = format!("{:?}", audit(&files, &[]));
    assert_eq!(format!("{forgetful:?}"), report);
    // What cannot be read is not there.
    let all = paths.clone();
    paths.retain(|path| !path.ends_with("/z.yml"));
    let without = of(&all, &|at| files.get(all[at]).filter(|_| !all[at].ends_with("/z.yml")).cloned());
    files.remove(".github/workflows/z.yml");
    let less = format!("{:?}", audit(&files, &[]));
    assert_eq!(format!("{without:?}"), less);
    assert_ne!(less, report);
}

#[test]
fn a_file_that_is_audited_as_it_is_read_counts_those_that_call_it_all_the_same() {
    let callee = "on: workflow_call\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make test || true\n";
    let caller = |soft: &str| {
        format!("on: push\njobs:\n  c:\n    uses: ./.github/workflows/a.yml\n    continue-on-error: {soft}\n")
    };
    // Before the callee in the list of files, and behind it.
    for name in ["0", "z"] {
        let files: BTreeMap<String, Vec<u8>> = [("a", callee.to_owned()), (name, caller("true"))]
            .map(|(name, text)| (format!(".github/workflows/{name}.yml"), text.into_bytes()))
            .into();
        let paths: Vec<&str> = files.keys().map(String::as_str).collect();
        let read = audit_by_reading(&paths, &|at| files.get(paths[at]).cloned(), &[]);
        assert_eq!(format!("{read:?}"), format!("{:?}", audit(&files, &[])));
        assert!(read.findings.iter().any(|finding| finding.detector == "job-continue-on-error"));
    }
}

#[test]
fn the_five_risks_of_the_milestone_come_out_and_nothing_else() {
    let report = audit(&demo(), &[]);
    let found: Vec<String> = action(&report)
        .iter()
        .map(|f| format!("{} {} {}", f.severity, f.place.file.rsplit('/').next().unwrap(), f.subject))
        .collect();
    assert_eq!(
        found,
        [
            "high llm_td_retrieval.yml job `llm-retrieval`",
            "high target_determination.yml step `Do TD` of job `target-determination`",
            "high tools-unit-tests.yml step `Run tests` of job `lumen-cli-unit-tests-python312`",
            "high tools-unit-tests.yml step `Run tests` of job `lumen-cli-compatible-python39`",
            "high trunk.yml job `linux-jammy-py3-clang15-executorch-build`",
            "high trunk.yml job `linux-jammy-py3-clang15-executorch-test`",
            "medium scorecards.yml job `analysis`",
        ]
    );
}

#[test]
fn each_risk_has_its_rewrite() {
    let report = audit(&demo(), &[]);
    let fixes: Vec<(&str, &str)> =
        action(&report).iter().filter_map(|f| f.fix.as_ref()).map(|fix| (fix.operation(), fix.target())).collect();
    assert_eq!(fixes[0], ("remove-key", "$.jobs['llm-retrieval']['continue-on-error']"));
    assert!(fixes.contains(&("remove-jobs", "linux-jammy-py3-clang15-executorch-build")));
    assert!(fixes.contains(&("edit-condition", "$.jobs.analysis.if")));
    assert_eq!(fixes.len(), 6);
}

#[test]
fn what_the_milestone_accepts_is_fine() {
    for (name, lines) in [
        // R06: monitoring and uploads in reusable workflows.
        (
            "_linux-build.yml",
            "- name: Start monitoring script\n  continue-on-error: true\n  run: python3 -m tools.stats.monitor &\n\
             - name: Upload artifacts to s3\n  continue-on-error: true\n  uses: seemethere/upload-artifact-s3@v5\n\
             - name: Upload sccache stats\n  continue-on-error: true\n  run: python3 -m tools.stats.upload_sccache_stats",
        ),
        // R07: suggestions.
        (
            "lint-autoformat.yml",
            "- name: Run lintrunner (nonretryable)\n  continue-on-error: true\n  # we can't run all files here because of the size\n  run: lintrunner -a || true\n",
        ),
        // R08: conveniences of Windows machines.
        (
            "generated-windows-binary-wheel-main.yml",
            "- name: \"[FB EMPLOYEES] Enable SSH (Click me for login details)\"\n  continue-on-error: true\n  uses: pytorch/test-infra/.github/actions/setup-ssh@main\n\
             - name: Disables Windows Defender scheduled and real-time scanning for files in directories used by PyTorch\n  continue-on-error: true\n  shell: powershell\n  run: |\n    Add-MpPreference -ExclusionPath $(Get-Location).tostring() -ErrorAction Ignore\n",
        ),
    ] {
        let report = one(name, &steps(lines));
        let found: Vec<&String> = action(&report).iter().map(|f| &f.message).collect();
        assert!(found.is_empty(), "{name}: {found:?}");
        assert!(!report.findings.is_empty(), "{name}");
    }
}

#[test]
fn words_that_mask_nothing_are_no_findings() {
    for lines in [
        "- uses: a/b@v1\n  with:\n    continue-on-error: true\n    fail: 'false'",
        "- run: |\n    # pytest || true\n    pytest",
        "- run: |\n    cat <<'EOF' > x.sh\n    pytest || true\n    EOF\n    pytest",
        "- run: echo 'pytest || true'",
        "- run: pytest --no-fail-fast",
        "- run: pytest\n  if: github.event.pull_request.draft == false",
        "- run: pytest\n  continue-on-error: false",
        "- run: |\n    if pytest; then echo ok; else exit 1; fi",
        "- run: pytest | tee log\n  shell: bash",
        "- run: |\n    set -o pipefail\n    pytest | tee log",
    ] {
        let report = one("ci.yml", &steps(lines));
        assert!(masks(&report).is_empty(), "{lines}: {:?}", report.findings);
    }
    let keys = "on:\n  workflow_call:\n    inputs:\n      continue-on-error: {type: boolean, default: true}\njobs:\n  a:\n    \
                runs-on: ubuntu-latest\n    strategy:\n      matrix:\n        continue-on-error: [true, false]\n    steps:\n      - run: pytest\n";
    assert!(one("ci.yml", keys).findings.is_empty());
}

#[test]
fn masked_checks_are_found() {
    for (lines, detector) in [
        ("- run: pytest\n  continue-on-error: true", "step-continue-on-error"),
        ("- run: pytest || true", "masked-command"),
        ("- run: |\n    make test || echo failed", "masked-command"),
        ("- run: pytest | tee log", "pipe"),
        ("- run: |\n    set +e\n    pytest\n    echo done", "no-errexit"),
        ("- run: |\n    pytest\n    echo done\n  shell: bash {0}", "no-errexit"),
        ("- run: |\n    bash -c 'pytest; echo done'", "no-errexit"),
        ("- run: |\n    shopt -uo errexit\n    pytest\n    echo done", "no-errexit"),
        ("- run: flake8 --exit-zero", "tool-flag"),
        ("- run: pytest\n  if: false", "never-runs"),
        ("- run: pytest\n  if: ${{ github.ref }} == 'x'", "always-true"),
    ] {
        let report = one("ci.yml", &steps(lines));
        let found: Vec<&str> = action(&report).iter().map(|f| f.detector).collect();
        assert_eq!(found, [detector], "{lines}");
    }
}

#[test]
fn a_reason_beside_the_place_makes_it_fine() {
    for (lines, reason) in [
        ("- run: pytest\n  continue-on-error: true  # the mirror may fail, see #12", Reason::Justified),
        (
            "# Failures are known until the new driver is out.\n- run: pytest\n  continue-on-error: true",
            Reason::Justified,
        ),
        (
            "- run: |\n    # wf-fix: accept[masked-command] compared by the next job\n    pytest || true",
            Reason::Accepted,
        ),
        (
            "- id: t\n  run: pytest\n  continue-on-error: true\n- if: steps.t.outcome == 'failure'\n  run: exit 1",
            Reason::Examined,
        ),
        ("- run: rm -rf x || true", Reason::Purpose),
    ] {
        let report = one("ci.yml", &steps(lines));
        let verdict = masks(&report).iter().map(|f| &f.verdict).collect::<Vec<_>>();
        assert!(matches!(verdict[..], [Verdict::Fine(found, _)] if *found == reason), "{lines}: {verdict:?}");
    }
}

#[test]
fn an_accepted_risk_covers_the_file_it_names() {
    let files = [(".github/workflows/ci.yml".to_owned(), steps("- run: pytest || true").into_bytes())].into();
    let rule = |workflow: &str| {
        let text = format!(
            "id: X-1\ntitle: t\nseverity: low\ncategory: soft-fail\ndisposition: accept\nreason: known\nworkflow: '{workflow}'\n"
        );
        wf_fix::rule::parse("x.yml", text.as_bytes()).unwrap()
    };
    let (named, glob) = (rule(".github/workflows/ci.yml"), rule(".github/workflows/*.yml"));
    assert!(action(&audit(&files, &[&named])).is_empty());
    assert_eq!(action(&audit(&files, &[&glob])).len(), 1);
}

#[test]
fn a_nightly_weighs_less_than_a_pull_request() {
    let text = steps("- run: pytest\n  continue-on-error: true");
    assert_eq!(one("ci.yml", &text).findings[0].severity, Severity::High);
    let nightly = text.replace("on: pull_request", "on: {schedule: [{cron: '0 4 * * *'}]}");
    assert_eq!(action(&one("ci.yml", &nightly))[0].severity, Severity::Medium);
}

#[test]
fn gates_must_look() {
    let gate = |body: &str| {
        format!(
            "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps: [{{run: pytest}}]\n  all-green:\n    needs: test\n    runs-on: ubuntu-latest\n{body}"
        )
    };
    let skipped = one("ci.yml", &gate("    steps: [{run: echo ok}]\n"));
    assert!(action(&skipped)[0].message.contains("is skipped when `test` fails"), "{:?}", skipped.findings);
    let blind = one("ci.yml", &gate("    if: always()\n    steps: [{run: echo ok}]\n"));
    assert!(action(&blind)[0].message.contains("does not look"), "{:?}", blind.findings);
    let good = one(
        "ci.yml",
        &gate("    if: always()\n    steps:\n      - if: contains(needs.*.result, 'failure')\n        run: exit 1\n"),
    );
    assert!(action(&good).is_empty(), "{:?}", good.findings);
}

#[test]
fn a_broken_file_is_a_finding_and_the_audit_goes_on() {
    let mut files = demo();
    files.insert(".github/workflows/broken.yml".to_owned(), b"on: push\njobs: [\n".to_vec());
    let report = audit(&files, &[]);
    let broken: Vec<&Finding> = report.findings.iter().filter(|f| f.detector == "unreadable").collect();
    assert_eq!(broken.len(), 1);
    assert_eq!(broken[0].category, "structure");
    assert!(report.findings.len() > 5);
}

#[test]
fn fingerprints_survive_line_moves() {
    let text = steps("- name: Run tests\n  run: pytest\n  continue-on-error: true");
    let moved = format!("# a\n# b\n{}", text.replace("    steps:", "    timeout-minutes: 5\n    steps:"));
    assert_eq!(one("ci.yml", &text).findings[0].fingerprint(), one("ci.yml", &moved).findings[0].fingerprint());
}

#[test]
fn steps_are_addressed_by_name_where_that_is_unique() {
    let report = one(
        "ci.yml",
        &steps("- {name: T, run: pytest, continue-on-error: true}\n- {run: pytest, continue-on-error: true}"),
    );
    let targets: Vec<&str> = report.findings.iter().filter_map(|f| f.fix.as_ref()).map(Fix::target).collect();
    assert_eq!(
        targets,
        ["$.jobs.a.steps[?@.name == 'T']['continue-on-error']", "$.jobs.a.steps[1]['continue-on-error']"]
    );
}
