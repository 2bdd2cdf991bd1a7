//! What examines a result and what does not; what words at a place say of a failure; what stands for an unreleased version.

use super::{action, one, steps};

/// What needs action in a workflow, as `detector@line`.
fn alarms(text: &str) -> Vec<String> {
    action(&one("ci.yml", text)).iter().map(|f| format!("{}@{}", f.detector, f.place.line)).collect()
}

/// How many places of these steps need action.
fn count(lines: &str) -> usize {
    action(&one("ci.yml", &steps(lines))).len()
}

#[test]
fn a_step_that_only_writes_to_the_same_folder_reads_nothing() {
    let later =
        |script: &str| count(&format!("- run: pyright | tee reports/types.txt\n- name: Check stubs\n  run: {script}"));
    assert_eq!(later("mypy > reports/stubs.txt"), 1);
    assert_eq!(later("./check.sh reports/types.txt"), 0);
}

#[test]
fn a_file_that_a_command_was_handed_tells_how_it_ended() {
    let script = |read: &str| {
        count(&format!(
            "- name: Run tests\n  run: |\n    set +e\n    podman run -v ./code.txt:/tmp/code.txt image make test\n    {read}\n    [ \"$code\" -gt 0 ] && exit 1\n    exit 0"
        ))
    };
    assert_eq!(script("code=`cat ./code.txt`"), 0);
    assert_eq!(script("echo done"), 1);
}

#[test]
fn a_status_that_is_only_counted_is_lost() {
    let script = |end: &str| {
        count(&format!(
            "- name: Validate samples\n  run: |\n    set +e\n    GOOD=0\n    for file in *.x; do\n      ./tool --validate $file\n      if [[ $? -eq 0 ]]; then\n        GOOD=$((GOOD + 1))\n      fi\n    done\n    {end}"
        ))
    };
    assert_eq!(script("echo $GOOD"), 1);
    assert_eq!(script("test $GOOD -gt 5"), 0);
    assert_eq!(script("[ $GOOD -gt 5 ] || exit 1"), 0);
}

#[test]
fn one_lost_check_among_settled_commands_is_enough() {
    let script = |first: &str| {
        count(&format!(
            "- shell: 'script -q -e -c \"bash {{0}}\"'\n  run: |\n    {first}\n    make -C tests test-valgrind\n    make -C tests test-fuzz"
        ))
    };
    assert_eq!(script("make setup"), 1);
    assert_eq!(count("- shell: 'script -q -e -c \"bash -e {0}\"'\n  run: |\n    make test\n    make lint"), 0);
}

#[test]
fn a_test_whose_failure_is_only_printed_as_an_error_masks() {
    let step = |name: &str, line: &str| count(&format!("- name: {name}\n  run: |\n    {line}\n    date"));
    assert_eq!(step("Test the image", "[[ \"$A\" = \"$B\" ]] || echo \"::error::versions differ\""), 1);
    assert_eq!(step("Verify settings", "tool env | grep -i RETRY && echo good || echo \"RETRY not found\""), 1);
    assert_eq!(step("Test the image", "[[ -f x ]] || echo \"using the default\""), 0);
    assert_eq!(step("Prepare", "grep -q x y || echo \"x not found\""), 0);
    assert_eq!(step("Test the image", "(grep Acc log || echo failed) | tail -n 1 | tee -a all.csv"), 0);
}

#[test]
fn a_local_action_that_is_handed_the_outcome_may_fail_for_it() {
    let report = |script: &str| {
        let ci = steps(
            "- {id: t, run: make test, continue-on-error: true}\n- uses: ./report\n  with: {outcome: '${{ steps.t.outcome }}'}",
        );
        let used = format!(
            "inputs: {{outcome: {{}}}}\nruns:\n  using: composite\n  steps: [{{shell: bash, run: \"{script}\"}}]\n"
        );
        let files = [(".github/workflows/ci.yml", ci), ("report/action.yml", used)];
        let files = files.map(|(path, text)| (path.to_owned(), text.into_bytes())).into();
        action(&wf_fix::audit::audit(&files, &[])).len()
    };
    assert_eq!(report("[ ${{ inputs.outcome }} = success ] || exit 1"), 0);
    assert_eq!(report("echo ${{ inputs.outcome }}"), 1);
}

#[test]
fn words_behind_a_command_must_give_a_cause() {
    assert_eq!(count("- run: make check < /dev/null | tee   # confuse the console detection of the tool"), 1);
    assert_eq!(count("- run: make check || true   # the mirror is often down"), 0);
}

#[test]
fn that_it_is_off_for_bugs_is_no_cause() {
    let job = |comment: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  a:\n    # {comment}\n    if: false\n    runs-on: ubuntu-latest\n    steps: [{{run: make test}}]\n"
        ))
    };
    assert_eq!(job("Disabled for now due to bugs"), ["never-runs@5"]);
    assert!(job("Disabled due to a bug in the driver").is_empty());
}

#[test]
fn what_an_expression_in_a_name_holds_is_no_word_of_the_name() {
    let job = |name: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  a:\n    name: {name}\n    continue-on-error: true\n    runs-on: ubuntu-latest\n    steps: [{{run: make test}}]\n"
        ))
    };
    assert_eq!(job("test-${{ matrix.kind == 'flaky' && 'flaky' || 'stable' }}"), ["job-continue-on-error@5"]);
    assert!(job("test (flaky)").is_empty());
}

#[test]
fn a_comment_above_an_earlier_step_may_speak_of_all_that_follow() {
    let release = |comment: &str| {
        count(&format!(
            "# {comment}\n\n- run: date\n- name: Publish the release\n  continue-on-error: true\n  run: gh release create v1"
        ))
    };
    assert_eq!(release("Every step here is continue-on-error because the package is out already."), 0);
    assert_eq!(release("Every step here is continue-on-error."), 1);
}

#[test]
fn a_job_against_an_unreleased_version_may_fail_beside_a_strict_one() {
    let workflow = |soft: &str, strict: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  {soft}:\n    continue-on-error: true\n    runs-on: ubuntu-latest\n    steps: [{{run: make test}}]\n  {strict}:\n    runs-on: ubuntu-latest\n    steps: [{{run: make test}}]\n"
        ))
    };
    assert!(workflow("test-tip", "test-latest").is_empty());
    assert_eq!(workflow("test-windows", "test-latest"), ["job-continue-on-error@4"]);
    assert_eq!(workflow("test-tip", "lint"), ["job-continue-on-error@4"]);
}

#[test]
fn a_gate_that_asks_for_a_job_it_does_not_need_reads_nothing() {
    let workflow = |needs: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  changes:\n    runs-on: ubuntu-latest\n    outputs: {{code: x}}\n    steps: [{{run: date}}]\n  unit:\n    needs: changes\n    runs-on: ubuntu-latest\n    steps: [{{run: make test}}]\n  required:\n    needs: {needs}\n    if: always()\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          [ ${{{{ needs.unit.result }}}} = success ] || [ \"${{{{ needs.changes.outputs.code }}}}\" != true ] || exit 1\n"
        ))
    };
    assert_eq!(workflow("[unit]"), ["gate@11"]);
    assert!(workflow("[unit, changes]").is_empty());
}

#[test]
fn a_job_that_sets_a_status_must_run_after_a_failure_too() {
    let workflow = |condition: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  scan:\n    runs-on: ubuntu-latest\n    steps: [{{run: semgrep ci}}]\n  update:\n    needs: scan\n{condition}    runs-on: ubuntu-latest\n    steps: [{{uses: org/commit-status@v1, with: {{result: '${{{{ needs.scan.result }}}}'}}}}]\n"
        ))
    };
    assert_eq!(workflow(""), ["gate@6"]);
    assert!(workflow("    if: always()\n").is_empty());
}

#[test]
fn a_gate_may_tell_people_and_a_comment_on_a_job_left_out_must_speak_of_leaving_out() {
    let workflow = |comment: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  unit:\n    runs-on: ubuntu-latest\n    steps: [{{run: make test}}]\n  lint:\n    runs-on: ubuntu-latest\n    steps: [{{run: make lint}}]\n  # {comment}\n  types:\n    runs-on: ubuntu-latest\n    steps: [{{run: mypy .}}]\n  analyze:\n    needs: [unit, lint]\n    if: always()\n    runs-on: ubuntu-latest\n    steps:\n      - uses: re-actors/alls-green@v1\n        with: {{jobs: '${{{{ toJSON(needs) }}}}'}}\n      - name: Report failures\n        if: failure()\n        run: gh issue create --title failed\n"
        ))
    };
    assert_eq!(workflow("Requires the new server."), ["gate-leaves-out@13"]);
    assert!(workflow("Not required: too slow.").is_empty());
}

#[test]
fn a_word_in_a_name_is_no_check_where_no_code_is() {
    let job = |step: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  ok-to-test:\n    continue-on-error: true\n    runs-on: ubuntu-latest\n    steps:\n      - {{name: Check if the author is a member, run: ./x}}\n      - {step}\n"
        ))
    };
    assert!(job("{name: Approve runs, run: ./y}").is_empty());
    assert_eq!(job("{uses: actions/checkout@v4}").len(), 1);
}

#[test]
fn a_copy_to_a_bucket_in_a_release_publishes() {
    let workflow = |job: &str, to: &str| {
        alarms(&format!(
            "on: push\njobs:\n  {job}:\n    runs-on: ubuntu-latest\n    steps:\n      - name: JSON schema\n        continue-on-error: true\n        run: aws s3 sync {to} --exclude '*'\n"
        ))
    };
    assert_eq!(workflow("release-files", "s3://staging/x s3://release/x").len(), 1);
    assert!(workflow("release-files", "s3://staging/x ./x").is_empty());
    assert!(workflow("prepare", "s3://staging/x s3://release/x").is_empty());
}

#[test]
fn words_of_a_manual_or_a_heading_are_no_reason() {
    let step = |comment: &str| count(&format!("# {comment}\n- run: make test\n  continue-on-error: true"));
    assert_eq!(step("Watches the code, see https://docs.example.org/failures"), 1);
    assert_eq!(step("--- Linux: the known failure ---"), 1);
    assert_eq!(step("The new kernel breaks it, see https://example.org/issues/3"), 0);
}

#[test]
fn a_check_that_names_a_build_folder_is_not_examined_by_any_exit() {
    let script = |end: &str| count(&format!("- run: |\n    clang-tidy -p build x.c | tee log\n    {end}"));
    assert_eq!(script("[ \"$SKIP\" ] && exit 1\n    exit 0"), 1);
    assert_eq!(script("grep -q error log && exit 1 || true"), 0);
}

#[test]
fn what_a_status_is_written_to_is_handed_on() {
    let script = |told: &str| {
        count(&format!("- run: |\n    set +e\n    make test\n    if [ $? -ne 0 ]; then {told}; fi\n    date"))
    };
    assert_eq!(script("echo failed"), 1);
    assert_eq!(script("echo unit >> failures.txt"), 0);
}

#[test]
fn a_function_of_a_script_that_is_read_may_end_the_step_itself() {
    let script = |first: &str| {
        count(&format!(
            "- name: Test the installer\n  shell: zsh {{0}}\n  run: |\n    {first}\n    verify_version 1.2\n    date"
        ))
    };
    assert_eq!(script(". ./ci/helpers.sh"), 0);
    assert_eq!(script(". ./venv/bin/activate"), 1);
}

#[test]
fn folded_text_is_placed_at_the_operator() {
    let text = steps("- run: >\n    mypy\n    --strict\n    || true");
    let report = one("ci.yml", &text);
    let line = text.lines().position(|line| line.contains("|| true")).unwrap() + 1;
    assert!(report.findings[0].also.contains(&line), "{:?}", report.findings[0].also);
}

#[test]
fn an_attempt_that_waits_first_is_another_attempt() {
    let first = "- id: sign\n  name: Notarize\n  run: |\n    if [ -n \"$ID\" ]; then\n      xcrun notarytool submit a.pkg --wait\n    fi\n  continue-on-error: true\n";
    let again = |script: &str| {
        count(&format!(
            "{first}- if: steps.sign.outcome == 'failure'\n  name: Notarize again\n  run: |\n    if [ -n \"$ID\" ]; then\n{script}    fi"
        ))
    };
    assert_eq!(again("      sleep 600\n      xcrun notarytool submit a.pkg --wait\n"), 0);
    assert_eq!(again("      xcrun notarytool log a.pkg\n"), 1);
}

#[test]
fn a_log_that_a_later_step_searches_and_fails_by_is_examined() {
    let later = |script: &str| {
        count(&format!("- run: govulncheck ./... | tee vulns.txt\n- name: Known ones only\n  run: {script}"))
    };
    assert_eq!(later("cat vulns.txt | grep 'affected by 2 vulnerabilities'"), 0);
    assert_eq!(later("cat vulns.txt"), 1);
}

#[test]
fn a_job_against_a_development_version_may_fail_beside_a_strict_one_and_a_report_is_none() {
    let job = |id: &str, name: &str, run: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  msrv:\n    runs-on: x\n    steps: [{{run: cargo msrv verify}}]\n  \
             {id}:\n    name: {name}\n    runs-on: x\n    continue-on-error: true\n    steps: [{{run: {run}}}]\n"
        ))
        .len()
    };
    assert_eq!(job("msrv_development", "msrv of tomorrow", "cargo msrv verify"), 0);
    assert_eq!(job("msrv_windows", "msrv of windows", "cargo msrv verify"), 1);
    assert_eq!(job("report", "Publish HTML Report", "./x.sh"), 0);
    assert_eq!(job("report", "Publish Image", "./x.sh"), 1);
}

#[test]
fn results_that_a_later_step_checks_count() {
    let job = |last: &str| {
        alarms(&steps(&format!(
            "- name: Run the unit tests\n  continue-on-error: true\n  run: ./run-tests\n- name: Print the summary\n  continue-on-error: true\n  run: cat summary.yml\n{last}"
        )))
    };
    assert_eq!(job(""), ["step-continue-on-error@7"]);
    assert!(job("- name: Check test_results/summary.yml for pass or fail\n  run: python judge.py\n").is_empty());
    let soft = "- name: Check test_results/summary.yml\n  continue-on-error: true\n  run: python judge.py\n";
    assert!(job(soft).contains(&"step-continue-on-error@7".to_owned()));
}

#[test]
fn a_search_fails_for_nothing_if_its_pipe_goes_on() {
    let job = |last: &str| {
        alarms(&steps(&format!("- run: clang-tidy -p build a.cpp | tee tidy.txt || true\n- run: |\n    {last}\n")))
    };
    assert!(job("grep -q error tidy.txt").is_empty());
    let counts = "grep -o error tidy.txt \\\n      | sort | uniq -c || true";
    assert!(!job(counts).is_empty());
    assert!(!job("grep -o error tidy.txt |\n      sort").is_empty());
}

#[test]
fn what_a_scanner_shows_again_is_reported_once() {
    let scan = |image: &str| {
        alarms(&steps(&format!(
            "- run: trivy image --format sarif --output t.sarif app:1\n- uses: github/codeql-action/upload-sarif@v3\n  with: {{sarif_file: t.sarif}}\n- name: Scan for the log\n  run: trivy image --format table --exit-code 0 {image}\n"
        )))
    };
    assert!(scan("app:1").is_empty());
    assert_eq!(scan("app:2"), ["tool-flag@10"]);
}

#[test]
fn an_action_beside_the_tool_that_it_runs_is_for_its_annotations() {
    let job = |run: &str| {
        alarms(&steps(&format!(
            "- uses: actions-rs/clippy-check@v1\n  continue-on-error: true\n  with: {{token: x}}\n- run: {run}\n"
        )))
    };
    assert!(job("cargo clippy -- -D warnings").is_empty());
    assert_eq!(job("cargo build"), ["step-continue-on-error@7"]);
}

#[test]
fn what_is_moved_at_the_end_must_have_been_built() {
    let job = |last: &str| {
        alarms(&steps(&format!("- shell: bash {{0}}\n  run: |\n    python3 setup.py bdist_wheel\n    {last}\n")))
    };
    assert!(job("mv dist/*.whl out/").is_empty());
    assert_eq!(job("echo done"), ["no-errexit@8"]);
}

#[test]
fn a_later_step_that_checks_the_results_by_its_name_must_be_able_to_fail() {
    let job = |name: &str, last: &str| {
        alarms(&steps(&format!(
            "- run: pytest --json-report\n  continue-on-error: true\n- name: {name}\n  run: {last}\n"
        )))
    };
    assert!(job("Check test results", "python3 ci/judge.py").is_empty());
    for (name, last) in [("Check test results", "echo done"), ("Show test results", "python3 ci/judge.py")] {
        assert_eq!(job(name, last), ["step-continue-on-error@7"], "{name}, {last}");
    }
}
