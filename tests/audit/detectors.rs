//! Each detector on small files: what it finds, on which line, and what looks like it and is none.

use wf_fix::audit::{Report, audit};

/// Findings of one detector in one workflow: the line, and `!` if it needs action.
fn found(detector: &str, text: &str) -> Vec<String> {
    of(&report(&[("ci.yml", text)]), detector)
}

fn report(files: &[(&str, &str)]) -> Report {
    let path = |name: &str| format!(".github/workflows/{name}");
    let files = files.iter().map(|(name, text)| (path(name), text.as_bytes().to_vec())).collect();
    audit(&files, &[])
}

fn of(report: &Report, detector: &str) -> Vec<String> {
    let own = report.findings.iter().filter(|finding| finding.detector == detector);
    own.map(|f| format!("{}{}", f.place.line, if f.needs_action() { "!" } else { "" })).collect()
}

const JOBS: &str = "jobs:
  build:
    runs-on: ubuntu-latest
    steps: [{run: make build}]
  test:
    needs: build
    runs-on: ubuntu-latest
    steps: [{run: make test}]
";

fn gated(lint: &str, gate: &str) -> String {
    format!(
        "on: [pull_request, push]\n{JOBS}  lint:\n    runs-on: ubuntu-latest\n{lint}    steps: [{{run: eslint .}}]\n\
         {gate}    steps: [{{run: exit 1, if: \"contains(needs.*.result, 'failure')\"}}]\n"
    )
}

const GATE: &str = "  all-green:\n    needs: [build, test]\n    if: always()\n    runs-on: ubuntu-latest\n";

#[test]
fn a_gate_that_leaves_out_a_check() {
    let all = GATE.replace("build, test", "lint, test");
    let named = GATE.replace("all-green", "finally");
    let notifies = GATE.replace("    runs-on", "    name: Notify the team\n    runs-on");
    let some_runs = GATE.replace("always()", "always() && needs.build.outputs.skip == 'true'");
    let comment = GATE.replace("    needs", "    # lint is informational and may fail\n    needs");
    for (lint, gate, expected) in [
        ("", GATE, vec!["13!"]),
        ("", &named, vec!["13!"]),
        // Reached over two steps: build by test.
        ("", &all, vec![]),
        ("", &some_runs, vec![]),
        ("", &notifies, vec!["14!"]),
        ("", &comment, vec!["13"]),
        ("    continue-on-error: true\n", GATE, vec![]),
        ("    name: Lint (non-blocking)\n", GATE, vec![]),
        ("    if: false\n", GATE, vec![]),
        ("    if: github.event_name == 'push'\n", GATE, vec![]),
        ("    if: github.ref == 'refs/heads/main'\n", GATE, vec![]),
        ("    if: github.event_name != 'push'\n", GATE, vec!["14!"]),
        ("    needs: all-green\n", GATE, vec![]),
        ("    # known to be flaky, see #12\n", GATE, vec![]),
        ("    # runs the linter over all files\n", GATE, vec!["14!"]),
    ] {
        let text = gated(lint, gate);
        let lines: Vec<String> = found("gate-leaves-out", &text);
        let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        let moved = |line: &String| line.trim_end_matches('!').parse::<usize>().unwrap() > 12;
        assert!(lines.len() == expected.len() && lines.iter().all(moved), "{lines:?} {expected:?}\n{text}");
        let action = |lines: &[String]| lines.iter().filter(|line| line.ends_with('!')).count();
        assert_eq!(action(&lines), action(&expected), "{text}");
    }
    let two = format!(
        "{}  also:\n    needs: [lint, build]\n    if: always()\n    runs-on: x\n    steps: [{{run: exit 1, if: failure()}}]\n",
        gated("", GATE)
    );
    assert_eq!(
        found("gate-leaves-out", &two.replace("also:", "lint-passed:\n    name: Checks passed")),
        [""; 0],
        "{two}"
    );
}

#[test]
fn paths_that_leave_out_what_is_checked() {
    let text = |paths: &str, rest: &str| {
        format!(
            "on:\n  pull_request:\n    {paths}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      \
             - uses: actions/checkout@v4\n      - run: cargo test\n{rest}"
        )
    };
    let web = "        working-directory: web\n";
    for (paths, rest, expected) in [
        ("paths: ['docs/**']", "", vec!["3"]),
        ("paths: ['**.md']", "", vec!["3!"]),
        ("paths: ['**.rs', '.github/**']", "", vec![]),
        ("paths: ['api/**', '.github/workflows/ci.yml']", web, vec!["3!"]),
        ("paths: ['**', '!web/**']", web, vec!["3!"]),
        ("paths: ['**', '!web/**', 'web/src/**']", web, vec![]),
        ("paths-ignore: ['web/**']", web, vec!["3!"]),
        ("paths-ignore: ['**.rs']", "", vec!["3!"]),
        ("paths-ignore: ['**.md']", "", vec![]),
        // Only to try the workflow itself.
        ("paths: ['.github/workflows/ci.yml']", "", vec![]),
        ("branches: [main]", "", vec![]),
    ] {
        assert_eq!(found("path-filter", &text(paths, rest)), expected, "{paths}");
    }
    let gap = text("paths: ['**.md']", "");
    let other = text("paths: ['**.rs']", "");
    assert_eq!(
        of(&report(&[("ci.yml", &gap), ("rust.yml", &other)]), "path-filter").len(),
        2,
        "both leave out themselves"
    );
    assert!(!of(&report(&[("ci.yml", &gap), ("rust.yml", &other)]), "path-filter").iter().any(|f| f.ends_with('!')));
    let reason = gap.replace("    paths", "    # only because the docs embed these\n    paths");
    assert_eq!(found("path-filter", &reason), ["4"]);
}

#[test]
fn what_the_triggers_switch_off() {
    for (head, job_if, expected) in [
        ("on:\n  workflow_dispatch:\n  # push:\n  #   branches: [main]\n", "", vec!["2!"]),
        ("on: workflow_dispatch # [push, pull_request]\n", "", vec!["1!"]),
        ("on:\n  # schedule:\n  #   - cron: '0 0 * * *'\n  workflow_dispatch:\n", "", vec!["4!"]),
        ("on:\n  # needs the GPU pool that we do not have\n  # push:\n  workflow_dispatch:\n", "", vec!["4"]),
        ("on:\n  workflow_dispatch:\n  # pushes are too slow here\n", "", vec![]),
        ("on:\n  pull_request:\n  # push:\n", "", vec![]),
        ("on:\n  push:\n    branches: ['!main']\n", "", vec!["3!"]),
        ("on:\n  push:\n    branches: [refs/heads/main]\n", "", vec!["3!"]),
        ("on:\n  push:\n    branches: ['**', '!main']\n", "", vec![]),
        ("on:\n  push:\n    branches: [main]\n", "startsWith(github.ref, 'refs/tags/')", vec!["6!"]),
        ("on:\n  push:\n    branches: [main]\n    tags: ['v*']\n", "startsWith(github.ref, 'refs/tags/')", vec![]),
        ("on:\n  pull_request:\n  workflow_call:\n", "github.ref == 'refs/heads/main'", vec![]),
        ("on:\n  pull_request:\n", "github.ref == 'refs/heads/main'", vec!["5!"]),
        ("on:\n  pull_request:\n  workflow_dispatch:\n", "github.ref == 'refs/heads/main'", vec![]),
    ] {
        let condition = if job_if.is_empty() { String::new() } else { format!("    if: {job_if}\n") };
        let text =
            format!("{head}jobs:\n  test:\n{condition}    runs-on: ubuntu-latest\n    steps: [{{run: make test}}]\n");
        assert_eq!(found("switched-off", &text), expected, "{text}");
    }
    let dead = "on: push\njobs:\n  a:\n    if: false\n    steps: [{run: make}]\n  b:\n    needs: a\n    steps: [{run: make}]\n";
    assert_eq!(found("switched-off", dead), ["1"]);
    assert_eq!(found("never-runs", dead), ["4!", "6!"]);
    let back = dead.replace("if: false", "if: github.actor == 'x' && false");
    assert_eq!(found("never-runs", &back), ["4!", "6!"]);
}

#[test]
fn matrix_values_that_no_leg_has() {
    for (matrix, expected) in [
        ("os: [a, b]\n        exclude: [{os: b}]", vec!["8"]),
        ("os: [a, b]\n        v: [1, 2]\n        exclude: [{os: b, v: 1}]", vec![]),
        ("os: [a, b]\n        v: [1, 2]\n        exclude: [{os: b, v: 1}, {os: b, v: 2}]", vec!["9"]),
        ("os: [a, b]\n        exclude: [{os: b}]\n        include: [{os: b, v: 1}]", vec![]),
        ("os: [a, b]\n        exclude: [{os: c}]", vec![]),
        ("os: '${{ fromJSON(x) }}'\n        exclude: [{os: b}]", vec![]),
    ] {
        let text = format!(
            "on: push\njobs:\n  a:\n    runs-on: x\n    strategy:\n      matrix:\n        {matrix}\n    steps: [{{run: make}}]\n"
        );
        assert_eq!(found("matrix-exclude", &text), expected, "{text}");
    }
    let none = "on: push\njobs:\n  a:\n    strategy:\n      matrix:\n        os: [a]\n        exclude: [{os: a}]\n    steps: [{run: make}]\n";
    assert_eq!((found("matrix-exclude", none).len(), found("never-runs", none).len()), (0, 1));
}

#[test]
fn workflows_that_assert_nothing() {
    let text = |step: &str| format!("on: schedule\njobs:\n  a:\n    runs-on: x\n    steps:\n      - {step}\n");
    for (step, expected) in
        [("uses: actions/stale@v9", vec!["1"]), ("run: make test", vec![]), ("uses: someone/something@v1", vec![])]
    {
        assert_eq!(found("asserts-nothing", &text(step)), expected, "{step}");
    }
}

/// The words of a soft-fail where they mean none.
#[test]
fn look_alikes_are_no_findings() {
    let text = "on:
  workflow_call:
    inputs:
      continue-on-error:
        type: boolean
        default: true
jobs:
  test:
    # continue-on-error: true
    runs-on: ubuntu-latest
    strategy:
      fail-fast: false
      matrix:
        continue-on-error: [true]
        run: ['pytest || true']
    env:
      continue-on-error: true
      SCRIPT: pytest || true
    steps:
      - uses: someone/tests@v1
        with:
          continue-on-error: true
          run: |
            pytest || true
      - run: |
          # pytest || true
          cat > run.sh <<'END'
          pytest || true
          END
          echo 'pytest || true' \"set +e\"
          pytest # || true
";
    let report = report(&[("ci.yml", text)]);
    let quiet = report.findings.iter().all(|finding| finding.category == "informational");
    assert!(quiet, "{:#?}", report.findings);
}
