//! Signs by which a reader tells that a failure is not lost, or that it is, in forms that were met in fresh repositories.

use super::{action, one, steps};

/// What needs action: detector and line.
fn alarms(text: &str) -> Vec<String> {
    action(&one("ci.yml", text)).iter().map(|f| format!("{}@{}", f.detector, f.place.line)).collect()
}

fn of(lines: &str) -> Vec<String> {
    alarms(&steps(lines))
}

#[test]
fn a_report_that_a_script_judges_is_examined() {
    let scan = |next: &str| {
        of(&format!(
            "- name: Scan libraries\n  uses: aquasecurity/trivy-action@v1\n  with: {{exit-code: '0', output: libs.json}}\n- run: {next}"
        ))
    };
    assert!(scan("node docker/scan-gate.js libs.json").is_empty());
    assert_eq!(scan("node docker/render.js libs.json"), ["tool-flag@8"]);
    // Whether a report is well formed says nothing of what it found.
    let lint = |look: &str| {
        of(&format!(
            "- run: |\n    ruff check src -o lint.json || true\n    if {look}; then\n      exit 0\n    fi\n    exit 1"
        ))
    };
    assert_eq!(lint("[ -f lint.json ] && jq empty lint.json"), ["masked-command@7"]);
    assert!(lint("jq -e 'length == 0' lint.json").is_empty());
}

#[test]
fn a_text_over_several_lines_is_one_statement() {
    let audit = |end: &str| {
        of(&format!("- run: |\n    npm audit --json | jq '\n      .advisories\n    ' > found.json\n    {end}"))
    };
    assert!(audit("if [ \"$(jq length found.json)\" -gt 0 ]; then exit 1; fi").is_empty());
    assert_eq!(audit("ls"), ["pipe@7"]);
}

#[test]
fn an_outcome_may_be_handed_on_by_a_script() {
    let text = |end: &str| {
        format!(
            "- id: check\n  name: Test\n  continue-on-error: true\n  run: npm test\n- id: pack\n  env: {{OUTCOME: \"${{{{ steps.check.outcome }}}}\"}}\n  run: python pack.py\n{end}"
        )
    };
    assert!(of(&text("- if: steps.pack.outputs.failed == 'true'\n  run: exit 1")).is_empty());
    assert_eq!(of(&text("- run: exit 1")), ["step-continue-on-error@8"]);
}

#[test]
fn what_feeds_an_assertion_can_fail_all_the_same() {
    let text = |line: &str| of(&format!("- shell: bash\n  run: |\n    {line}\n    echo none"));
    assert_eq!(text("cargo check 2>&1 | sed s/x// | grep warning: && exit 1"), ["masked-command@8"]);
    assert!(text("cargo check && exit 1").is_empty());
    // `grep` finds nothing where nothing comes in.
    let asked =
        |ask: &str| of(&format!("- run: |\n    if {ask}; then\n      echo good\n    else\n      exit 1\n    fi"));
    assert!(asked("npm test | grep -v warning").is_empty());
    assert_eq!(asked("npm test | tee log"), ["pipe@7"]);
    assert_eq!(of("- run: |\n    if npm test | grep -v ok; then\n      exit 1\n    fi"), ["pipe@7"]);
}

#[test]
fn what_is_signed_for_the_notary_is_examined() {
    let sign = |next: &str| of(&format!("- name: Sign\n  run: codesign --sign X app || true\n- run: {next}"));
    assert!(sign("xcrun notarytool submit app.dmg --wait").is_empty());
    assert_eq!(sign("xcrun notarytool submit app.dmg || true").len(), 2);
    assert_eq!(sign("ls"), ["masked-command@7"]);
}

#[test]
fn a_missing_file_may_be_asked_for_by_a_condition() {
    let build = |condition: &str| of(&format!("- run: npm run build || true\n- if: {condition}\n  run: exit 1"));
    assert!(build("hashFiles('dist/app.js') == ''").is_empty());
    assert_eq!(build("github.ref == 'refs/heads/x'"), ["masked-command@6"]);
    // A test leaves its files as they were.
    let test = of("- run: npm test || true\n- if: hashFiles('package-lock.json') == ''\n  run: exit 1");
    assert_eq!(test, ["masked-command@6"]);
}

#[test]
fn a_value_that_nobody_reads_keeps_no_failure() {
    let check = |end: &str| of(&format!("- run: |\n    set +e\n    out=$(cargo test)\n    {end}"));
    assert_eq!(check("echo done"), ["no-errexit@8"]);
    assert!(check("echo \"$out\" | grep -q ok || exit 1").is_empty());
    assert_eq!(check("echo \"$out\" >> $GITHUB_STEP_SUMMARY"), ["no-errexit@8"]);
    assert!(check("{\n      echo \"$out\"\n    } >> \"$GITHUB_ENV\"").is_empty());
    // In a loop the last round alone counts.
    assert_eq!(of("- run: |\n    set +e\n    for x in a b; do\n      cargo test -p $x\n    done"), ["no-errexit@9"]);
    assert!(of("- run: |\n    for x in a b; do\n      cargo test -p $x\n    done").is_empty());
    // So it is where the loop is asked as a whole, and not where a round that succeeds leaves it.
    let asked = of("- run: |\n    for x in a b; do\n      cargo test -p $x\n    done || exit 1");
    assert_eq!(asked, ["masked-command@8"]);
    assert!(of("- run: |\n    set +e\n    for x in 1 2 3; do\n      cargo test && break\n    done").is_empty());
}

#[test]
fn a_branch_of_the_fallback_may_fail() {
    let text = |code: u8| {
        of(&format!(
            "- run: |\n    npm publish || {{\n      V=$(npm view a version)\n      if [ \"$V\" = 1 ]; then exit 0; else exit {code}; fi\n    }}"
        ))
    };
    assert!(text(1).is_empty());
    assert_eq!(text(0), ["masked-command@7"]);
}

#[test]
fn legs_may_be_marked_by_a_key_of_their_own() {
    let text = |key: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  a:\n    runs-on: x\n    strategy:\n      matrix:\n        arch: [x64, arm64, riscv]\n        include: [{{arch: arm64, {key}: true}}]\n    steps:\n      - run: make test\n        continue-on-error: ${{{{ matrix.arch == 'arm64' }}}}\n"
        ))
    };
    assert!(text("experimental").is_empty());
    assert_eq!(text("slow"), ["step-continue-on-error@11"]);
}

#[test]
fn purposes_that_names_hide() {
    let soft = |name: &str, run: &str| {
        !of(&format!("- name: {name}\n  continue-on-error: true\n  run: |\n    {run}")).is_empty()
    };
    for (name, run, matters) in [
        ("upload folder", "rsync -r out/ \"$USER@host.example:\"", true),
        ("Upload the logs", "rsync -r logs/ \"$USER@host.example:\"", false),
        ("upload folder", "tar czf out.tgz out", false),
        ("Show the test result", "colcon test-result --verbose", true),
        ("Show the test result", "cat result.txt", false),
        ("Build spec-duration manifest", "node durations.js", false),
        ("Generate the timing report", "scripts/junit_to_csv.py a b", false),
        ("Backtrace on test failure", "gdb -batch core", false),
    ] {
        assert_eq!(soft(name, run), matters, "{name}: {run}");
    }
    let uses = |action: &str| !of(&format!("- uses: {action}@v1\n  continue-on-error: true")).is_empty();
    assert!(uses("SonarSource/sonarqube-scan-action") && uses("x/code-sign-action") && !uses("x/sign-in-action"));
    // `release` in a title makes no release.
    let open = |command: &str| !of(&format!("- run: {command} || echo exists")).is_empty();
    assert!(!open("gh pr create --title 'the next release'") && open("gh release create v1"));
    assert!(open("gh release edit v1 --prerelease=false") && !open("gh release edit v1 --notes x"));
}

#[test]
fn a_gate_behind_a_guard_of_the_runner_is_one() {
    let gate = |condition: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  test:\n    runs-on: x\n    steps: [{{run: make test}}]\n  ci:\n    needs: test\n    if: {condition}\n    runs-on: x\n    steps: [{{uses: step-security/harden-runner@v2}}, {{run: echo OK}}]\n"
        ))
    };
    assert_eq!(gate("'!failure()'"), ["gate@6"]);
    assert!(!gate("success()").is_empty());
}

#[test]
fn a_gate_leaves_out_nothing_that_runs_at_other_times_or_publishes() {
    let text = |name: &str, condition: &str| {
        alarms(&format!(
            "on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{{run: make}}]\n  b:\n    runs-on: x\n    steps: [{{run: make test}}]\n  {name}:\n    if: {condition}\n    runs-on: x\n    steps: [{{run: npm run build}}]\n  required-check:\n    needs: [a, b]\n    if: startsWith(github.ref, 'refs/heads/pr/') && always()\n    runs-on: x\n    steps: [{{run: exit 1, if: \"contains(needs.*.result, 'failure') || contains(needs.*.result, 'skipped')\"}}]\n"
        ))
    };
    assert!(text("c", "\"!startsWith(github.ref, 'refs/heads/pr/')\"").is_empty());
    assert_eq!(text("c", "startsWith(github.ref, 'refs/heads/')"), ["gate-leaves-out@13"]);
    assert!(text("bump-version", "startsWith(github.ref, 'refs/heads/')").is_empty());
}

#[test]
fn reasons_among_the_keys_and_over_lines() {
    let text = |comment: &str| {
        of(&format!(
            "- name: Check the links\n  uses: x/link-check@v1\n{comment}  timeout-minutes: 20\n  continue-on-error: true"
        ))
    };
    let said = "  # a host with a rate limit can stall for hours; the step is allowed to\n  # fail, so the limit ends the check and never the run\n";
    assert!(text(said).is_empty());
    assert_eq!(text("  # thousands of links\n"), ["step-continue-on-error@10"]);
    // What is said of one step is not said of another that only begins alike.
    let twins = of(
        "- name: Unit test\n  continue-on-error: true # flaky on this distribution, see #1\n  run: |\n    source setup.bash\n    colcon test\n- name: Scenario test\n  continue-on-error: true\n  run: |\n    source setup.bash\n    ros2 test all",
    );
    assert_eq!(twins, ["step-continue-on-error@12"]);
}

#[test]
fn words_that_only_look_like_an_excuse() {
    let told = |words: &str| {
        of(&format!("- run: |\n    if pip-audit; then\n      echo good\n    else\n      echo \"{words}\"\n    fi"))
    };
    assert!(told("rejected (expected before the release)").is_empty());
    for words in [
        "a dependency has a security advisory",
        "the result is not as expected",
        "version 2 is expected",
        "it ended with exit code 1",
    ] {
        assert_eq!(told(words), ["masked-command@7"], "{words}");
    }
    let named = |name: &str| of(&format!("- name: {name}\n  continue-on-error: true\n  run: npm run api:check"));
    assert_eq!(named("Verify no unexpected change").len(), 1);
    assert!(named("Verify the expected failure").is_empty());
    // What only looks mends nothing.
    let mends = |command: &str| of(&format!("- run: {command} || true\n- run: git diff --exit-code"));
    assert!(mends("npm run format").is_empty());
    assert_eq!(mends("npm run format:check").len(), 1);
}

#[test]
fn a_function_of_the_script_may_be_asked() {
    let text = |name: &str| {
        of(&format!(
            "- run: |\n    {name}() {{\n      pytest a\n      pytest b\n    }}\n    if ! {name}; then exit 1; fi"
        ))
    };
    assert_eq!(text("do_it"), ["masked-command@8"]);
    assert_eq!(text("run_tests"), ["masked-command@8"]);
}

#[test]
fn an_output_is_a_text_without_properties() {
    let text = |read: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  a:\n    runs-on: x\n    outputs: {{labels: \"${{{{ steps.x.outputs.labels }}}}\"}}\n    steps: [{{id: x, run: echo}}]\n  b:\n    needs: a\n    if: contains({read}, 'x')\n    runs-on: x\n    steps: [{{run: make test}}]\n"
        ))
    };
    assert_eq!(text("needs.a.outputs.labels.*.name"), ["never-runs@9"]);
    assert!(text("fromJSON(needs.a.outputs.labels).*.name").is_empty());
    assert!(text("needs.a.outputs.labels").is_empty());
}

#[test]
fn a_merged_pull_request_has_the_ref_of_its_target() {
    let text = |types: &str| {
        alarms(&format!(
            "on: {{pull_request: {{types: [{types}]}}}}\njobs:\n  a:\n    if: github.ref == 'refs/heads/main'\n    runs-on: x\n    steps: [{{run: make test}}]\n"
        ))
    };
    assert!(text("closed").is_empty());
    assert_eq!(text("opened"), ["switched-off@4"]);
}

#[test]
fn find_succeeds_whatever_its_command_does() {
    let text = |command: &str| of(&format!("- run: find . -name '*.sh' {command}"));
    assert_eq!(text("-exec shellcheck {} \\;"), ["masked-command@6"]);
    assert!(text("-exec shellcheck {} +").is_empty());
    assert!(text("-exec chmod +x {} \\;").is_empty());
}
