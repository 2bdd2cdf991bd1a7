//! What is not lost because it is done, needed or looked at elsewhere, and what only looked like a check.

use super::{action, all, one, steps};

fn alarms(text: &str) -> Vec<String> {
    action(&one("ci.yml", text)).iter().map(|f| format!("{}@{}", f.detector, f.place.line)).collect()
}

/// A step with a script under this shell.
fn script(shell: &str, lines: &str) -> String {
    let lines: String = lines.lines().map(|line| format!("          {line}\n")).collect();
    steps(&format!("      - name: Build\n        shell: {shell}\n        run: |\n{lines}"))
}

#[test]
fn a_later_step_needs_what_was_built() {
    let then = |next: &str| script("bash {0}", "cargo build\necho built") + &format!("            - run: {next}\n");
    assert!(alarms(&then("cp target/debug/tool bin")).is_empty());
    assert!(alarms(&then("cargo test")).is_empty());
    assert_eq!(alarms(&then("cargo test || true")).len(), 2);
    assert_eq!(alarms(&then("cp other bin")), ["no-errexit@9"]);
    assert_eq!(alarms(&then("cp target/debug/tool bin\n              continue-on-error: true")), ["no-errexit@9"]);
    assert_eq!(alarms(&then("cp target/debug/tool bin\n              if: vars.X == 'x'")), ["no-errexit@9"]);
    let soft = |next: &str| {
        steps(&format!("      - continue-on-error: true\n        run: python -m build\n      - run: {next}\n"))
    };
    assert!(alarms(&soft("pip install dist/*.whl")).is_empty());
    assert_eq!(alarms(&soft("echo dist/*.whl")).len(), 1);
}

#[test]
fn the_same_command_further_down_counts() {
    assert!(alarms(&script("bash", "make deploy TAG=x || true\nmake deploy TAG=x")).is_empty());
    assert!(alarms(&script("bash", "stubtest --concise src/a || true\nstubtest src/a > log")).is_empty());
    assert_eq!(alarms(&script("bash", "stubtest src/b || true\nstubtest src/a > log")).len(), 1);
    assert_eq!(alarms(&script("bash", "npm test -- --browser=a || true\nnpm test")).len(), 1);
}

#[test]
fn text_of_powershell_is_no_command() {
    let here = |line: &str| script("pwsh", &format!("@\"\n{line}\n\"@ | ./prove\nWrite-Host done"));
    assert!(alarms(&here("(assert (> x 0))")).is_empty());
    assert_eq!(alarms(&script("pwsh", "(assert x)\n./prove")).len(), 1);
}

#[test]
fn a_variable_that_decides_is_no_check() {
    assert!(alarms(&script("bash", "echo retention=$($RELEASE && echo 90 || echo 5)\nnpm test")).is_empty());
    assert!(alarms(&script("bash", "$RELEASE && echo 90\nnpm test")).is_empty());
}

#[test]
fn a_failure_that_goes_to_a_file_is_no_mere_word() {
    let told = |to: &str| {
        script(
            "bash",
            &format!("if ! npm test; then\n  echo failed {to}\nfi\nif [ -s \"$errors\" ]; then\n  exit 1\nfi"),
        )
    };
    assert!(alarms(&told(">> \"$errors\"")).is_empty());
    assert_eq!(alarms(&told(">&2")).len(), 1);
}

#[test]
fn filters_of_events_that_have_none_shut_nothing_out() {
    let text = |event: &str| {
        format!(
            "on:\n  {event}:\n    branches: ['!main']\njobs:\n  a:\n    runs-on: x\n    steps: [{{run: npm test}}]\n"
        )
    };
    assert!(alarms(&text("workflow_dispatch")).is_empty());
    assert_eq!(alarms(&text("push")), ["switched-off@3"]);
}

#[test]
fn what_waits_for_an_event_and_checks_nothing_may_wait() {
    let text = |run: &str| {
        format!(
            "on: schedule\njobs:\n  a:\n    if: github.event_name == 'push'\n    runs-on: x\n    steps: [{{run: {run}}}]\n"
        )
    };
    assert!(alarms(&text("gh issue comment 1")).is_empty());
    assert_eq!(alarms(&text("npm test")).len(), 1);
}

#[test]
fn a_job_waits_in_vain_for_what_no_caller_brings_either() {
    let called = "on:\n  pull_request:\n  workflow_call:\njobs:\n  a:\n    if: github.ref == 'refs/heads/main'\n    runs-on: x\n    steps: [{run: npm test}]\n";
    let caller = |on: &str| format!("on:\n  {on}\njobs:\n  call:\n    uses: ./.github/workflows/called.yml\n");
    let found = |on: &str| {
        let findings = all(&[("called.yml", called), ("caller.yml", &caller(on))]);
        action(&findings).iter().any(|f| f.detector == "switched-off")
    };
    assert!(found("pull_request:"));
    assert!(!found("push:"));
    assert!(!found("workflow_call:"));
}

#[test]
fn what_waits_for_a_leg_is_fine_if_another_run_makes_the_check() {
    let text = |name: &str, condition: &str| {
        format!(
            "on: pull_request\njobs:\n  a:\n    runs-on: x\n    strategy: {{matrix: {{kind: [full]}}}}\n    steps:\n      - name: Test it\n        if: matrix.kind == 'small'\n        run: make test-small X=1\n      - name: {name}\n        if: {condition}\n        run: make test-all X=1\n"
        )
    };
    assert!(alarms(&text("Test it", "matrix.kind == 'full'")).is_empty());
    assert_eq!(alarms(&text("Test all", "matrix.kind == 'full'")), ["never-runs@8"]);
    let other =
        text("Test all", "matrix.kind == 'full'") + "  b:\n    runs-on: x\n    steps: [{run: make test-small X=1}]\n";
    assert!(alarms(&other).is_empty());
}

#[test]
fn a_comment_on_a_condition_is_no_reason_for_it_to_hold_always() {
    let text = |comment: &str| {
        format!(
            "on: pull_request\njobs:\n  a:\n    # {comment}\n    if: ${{{{ vars.X == 'x' }}}} && true\n    runs-on: x\n    steps: [{{run: npm test}}]\n"
        )
    };
    assert_eq!(
        alarms(&text("only where the runner is available, see https://example.org/issues/1")),
        ["always-true@5"]
    );
    assert!(alarms(&text("it shall always run, since the runner is available")).is_empty());
}

#[test]
fn a_to_do_is_no_reason_and_a_cause_is() {
    let text = |comment: &str| {
        format!("on: push\njobs:\n  a:\n    if: false # {comment}\n    runs-on: x\n    steps: [{{run: npm test}}]\n")
    };
    assert_eq!(alarms(&text("Currently disabled, need to investigate further")).len(), 1);
    assert!(alarms(&text("Disabled as the calls don't complete in virtual machines")).is_empty());
}

#[test]
fn what_goes_to_a_branch_of_something_else_stands_beside_a_strict_job() {
    let text = |soft: &str, strict: &str| {
        format!(
            "on: pull_request\njobs:\n  {soft}:\n    runs-on: x\n    steps:\n      - run: npm test\n        continue-on-error: true\n  {strict}:\n    runs-on: x\n    steps: [{{run: npm test}}]\n"
        )
    };
    assert!(alarms(&text("next-main-mysql", "mysql")).is_empty());
    assert_eq!(alarms(&text("next-main-mysql", "sqlite")).len(), 1);
    assert_eq!(alarms(&text("full-mysql", "mysql")).len(), 1);
}

#[test]
fn results_that_another_job_checks_are_examined() {
    let text = |step: &str| {
        format!(
            "on: pull_request\njobs:\n  test:\n    runs-on: x\n    steps:\n      - name: Test\n        continue-on-error: true\n        run: ./suite\n      - uses: actions/upload-artifact@v4\n  judge:\n    needs: test\n    if: always()\n    runs-on: x\n    steps:\n      - uses: actions/download-artifact@v4\n      - name: {step}\n        run: ./judge.sh\n"
        )
    };
    assert!(alarms(&text("Check the results")).is_empty());
    assert_eq!(alarms(&text("Show the results")).len(), 1);
}

#[test]
fn gates_and_what_only_looks_like_one() {
    let job = |name: &str, needs: &str, rest: &str| format!("  {name}:\n    needs: [{needs}]\n    runs-on: x\n{rest}");
    let head = "on: pull_request\njobs:\n  unit:\n    runs-on: x\n    steps: [{run: npm test}]\n  lint:\n    runs-on: x\n    steps: [{run: npm run lint}]\n";
    let label = job("add-ci-passed-label", "unit", "    steps: [{run: gh pr edit 1 --add-label ci-passed}]\n");
    assert!(alarms(&format!("{head}{label}")).is_empty());
    // A job that only folds the results of one is not left out by the gate over it.
    let fold = |name: &str, needs: &str| {
        job(
            name,
            needs,
            "    if: always()\n    steps:\n      - if: contains(needs.*.result, 'failure') || contains(needs.*.result, 'skipped')\n        run: exit 1\n",
        )
    };
    let both = format!("{head}{}{}", fold("ci-all", "unit, lint"), fold("tests-passed", "unit"));
    assert!(alarms(&both).is_empty());
    // The gate that takes the artifacts away looks at results all the same.
    let clears = "    if: always()\n    steps:\n      - if: needs.unit.result != 'success'\n        run: exit 1\n      - uses: someone/delete-artifact@v5\n";
    assert_eq!(alarms(&format!("{head}{}", job("ci-all", "unit, lint", clears))).len(), 1);
}

#[test]
fn a_test_is_no_fixer_though_pages_are_deployed_later() {
    let text = |name: &str| {
        steps(&format!(
            "      - name: {name}\n        continue-on-error: true\n        run: tox -e lint\n      - run: git commit -a -m fixed && git push\n"
        ))
    };
    assert_eq!(alarms(&text("Test the lint")).len(), 1);
    assert!(alarms(&text("Lint")).is_empty());
}

#[test]
fn what_only_shows_or_hands_on_is_no_check() {
    for step in [
        "- name: Check binary\n  run: readelf -p .comment x || true\n",
        "- name: Analyze\n  run: dotnet dump analyze x -c threads || true\n",
        "- run: echo matrix=$(docker buildx bake cross --print | jq -c .) >> $GITHUB_OUTPUT\n",
        "- name: C compiler\n  if: matrix.cc != ''\n  run: echo CC=${{ matrix.cc }} >> $GITHUB_ENV\n",
        "- name: Publish link\n  continue-on-error: true\n  run: gh api repos/a/b/statuses/$SHA -f state=success\n",
        "- run: valgrind --error-exitcode=42 ./cppcheck --error-exitcode=0 x\n",
        "- shell: bash {0}\n  name: Check sizes\n  run: |\n    for x in a b; do\n      [ -f $x ] || continue\n    done\n    echo ok\n",
    ] {
        let lines: String = step.lines().map(|line| format!("      {line}\n")).collect();
        let text = steps(&lines).replace("    runs-on", "    strategy: {matrix: {os: [a]}}\n    runs-on");
        assert!(alarms(&text).is_empty(), "{step}");
    }
}

#[test]
fn a_loop_that_tells_by_a_variable_is_examined() {
    let text = |end: &str| {
        script("bash", &format!("for i in 1 2; do\n  cmake --build build && done=1\n  sleep 1\ndone\n{end}"))
    };
    assert!(alarms(&text("if test \"$done\" != 1; then\n  exit 1\nfi")).is_empty());
    assert!(!alarms(&text("echo \"$done\"")).is_empty());
}

#[test]
fn a_reason_at_the_first_of_several_that_are_alike_is_said_of_all() {
    let publish = |name: &str| format!("      - run: cargo publish -p {name}\n        continue-on-error: true\n");
    let text = |comment: &str| steps(&format!("      # {comment}\n{}{}", publish("a"), publish("b")));
    assert!(alarms(&text("Continue if a crate is already published")).is_empty());
    assert_eq!(alarms(&text("The crates, in order")).len(), 2);
    let scan = |comment: &str, second: &str| {
        steps(&format!(
            "      # {comment}\n      - uses: some/trivy-action@v1\n        with: {{exit-code: 0, image: a}}\n      - uses: some/{second}@v1\n        with: {{exit-code: 0, image: b}}\n"
        ))
    };
    assert!(alarms(&scan("Report-only for now, findings do not fail the run", "trivy-action")).is_empty());
    assert_eq!(alarms(&scan("Report-only for now, findings do not fail the run", "trivy-other-action")).len(), 1);
    let job = |name: &str| {
        format!("  {name}:\n    runs-on: x\n    continue-on-error: true\n    steps: [{{run: npm test}}]\n")
    };
    let jobs = |second: &str| {
        format!(
            "on: push\njobs:\n  # New platforms, non-blocking while they are young.\n{}{}",
            job("build-desktop-linux"),
            job(second)
        )
    };
    assert!(alarms(&jobs("build-desktop-windows")).is_empty());
    assert_eq!(alarms(&jobs("test-desktop-windows")).len(), 1);
}

#[test]
fn a_gate_of_a_release_keeps_no_change_back() {
    let text = |on: &str| {
        format!(
            "on: {on}\njobs:\n  release:\n    runs-on: x\n    steps: [{{run: npm publish}}]\n  release-done:\n    needs: release\n    runs-on: x\n    steps: [{{run: echo All done}}]\n"
        )
    };
    assert!(alarms(&text("{push: {tags: ['v*']}}")).is_empty());
    assert_eq!(alarms(&text("{push: {branches: [main]}}")).len(), 1);
    // Nor does it leave a job out.
    let left = |on: &str| {
        let job = |name: &str| format!("  {name}:\n    runs-on: x\n    steps: [{{run: npm test}}]\n");
        let gate = "  all-green:\n    needs: [a, b]\n    if: always()\n    runs-on: x\n    steps:\n      - if: contains(needs.*.result, 'failure') || contains(needs.*.result, 'skipped')\n        run: exit 1\n";
        alarms(&format!("on: {on}\njobs:\n{}{}{}{gate}", job("a"), job("b"), job("c")))
    };
    assert!(left("{push: {tags: ['v*']}}").is_empty());
    assert_eq!(left("{push: {branches: [main]}}").len(), 1);
}

#[test]
fn findings_that_reviewers_see_keep_a_job_from_being_left_out() {
    let text = |uses: &str| {
        format!(
            "on: pull_request\njobs:\n  unit:\n    runs-on: x\n    steps: [{{run: npm test}}]\n  lint:\n    runs-on: x\n    steps: [{{run: npm run lint}}]\n  scan:\n    runs-on: x\n    steps: [{{run: npm audit}}, {{uses: {uses}}}]\n  ci-all:\n    needs: [unit, lint]\n    if: always()\n    runs-on: x\n    steps:\n      - if: contains(needs.*.result, 'failure') || contains(needs.*.result, 'skipped')\n        run: exit 1\n"
        )
    };
    assert!(alarms(&text("github/codeql-action/upload-sarif@v3")).is_empty());
    assert_eq!(alarms(&text("actions/setup-node@v4")), ["gate-leaves-out@12"]);
}

#[test]
fn a_reporter_may_make_a_check_of_its_own() {
    let text = |permissions: &str, reporter: &str| {
        format!(
            "on: pull_request\npermissions: {permissions}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - name: Mypy on changed files\n        uses: some/action-mypy@v5\n        with: {{reporter: {reporter}, fail_on_error: false}}\n"
        )
    };
    assert!(alarms(&text("{checks: write}", "github-check")).is_empty());
    assert_eq!(alarms(&text("{contents: read}", "github-check")).len(), 1);
    assert_eq!(alarms(&text("{checks: write}", "local")).len(), 1);
}

#[test]
fn a_job_that_only_lends_its_name_may_never_run() {
    let text = |run: &str| {
        format!(
            "on: pull_request\njobs:\n  required-checks:\n    if: false\n    runs-on: x\n    steps: [{{run: {run}}}]\n"
        )
    };
    assert!(alarms(&text("exit 1")).is_empty());
    assert_eq!(alarms(&text("npm test")).len(), 1);
}

#[test]
fn a_list_that_a_loop_goes_over_is_not_examined() {
    let text = |line: &str| {
        steps(&format!(
            "      - id: check\n        continue-on-error: true\n        run: npm test\n      - run: |\n          {line}\n          exit 1\n"
        ))
    };
    assert_eq!(alarms(&text("for x in ${{ steps.check.outputs.list }}; do cat $x; done")).len(), 1);
    assert!(alarms(&text("test -n \"${{ steps.check.outputs.list }}\"")).is_empty());
}

#[test]
fn a_long_comment_must_speak_of_running_to_be_a_reason() {
    let text = |comment: &str| {
        steps(&format!("      # {comment}\n      - name: Test\n        if: false\n        run: npm test\n"))
    };
    let long =
        "see the variables for what is meant here and note that the old compiler doesn't support all of the flags";
    assert_eq!(alarms(&text(long)).len(), 1);
    assert!(alarms(&text(&format!("disabled, {long}"))).is_empty());
}

#[test]
fn a_later_step_takes_the_file_that_was_to_be_written() {
    let text = |command: &str, next: &str| {
        alarms(&steps(&format!(
            "      - name: Build\n        run: {command} -o app.bin src | tee log\n      - run: {next}\n"
        )))
    };
    assert!(text("cargo build", "sha256sum app.bin").is_empty());
    assert_eq!(text("cargo build", "echo app.bin").len(), 1);
    // A report is written by a test that fails as well.
    assert_eq!(text("npm test --", "sha256sum app.bin").len(), 1);
}

#[test]
fn a_job_that_asks_for_no_result_leaves_nothing_out() {
    let text = |run: &str| {
        format!(
            "on: pull_request\njobs:\n  unit:\n    runs-on: x\n    steps: [{{run: npm test}}]\n  lint:\n    runs-on: x\n    steps: [{{run: npm run lint}}]\n  scan:\n    runs-on: x\n    steps: [{{run: npm audit}}]\n  shots-done:\n    needs: [unit, lint]\n    if: always()\n    runs-on: x\n    steps:\n      - run: {run}\n"
        )
    };
    let left = |run: &str| alarms(&text(run)).iter().any(|found| found.starts_with("gate-leaves-out"));
    assert!(!left("npx percy finalize"));
    assert!(left("test \"${{ needs.unit.result }}${{ needs.lint.result }}\" = successsuccess"));
}

#[test]
fn what_a_line_or_a_loop_writes_is_looked_at() {
    for lines in [
        "npm test | tee log && tail -n 1 log | grep -q passed",
        "test $(npm test | grep -c ok) -eq 1",
        "for x in a b; do\n  npm test -- $x || true\ndone | tee found.txt\nif grep -q wrong found.txt; then\n  exit 1\nfi",
    ] {
        assert!(alarms(&script("bash -e {0}", lines)).is_empty(), "{lines}");
    }
    for lines in
        ["npm test | tee log && tail -n 1 log", "for x in a b; do\n  npm test -- $x || true\ndone | tee found.txt"]
    {
        assert_eq!(alarms(&script("bash -e {0}", lines)).len(), 1, "{lines}");
    }
}

#[test]
fn a_fallback_that_chooses_all_masks_nothing() {
    let text = |fallback: &str| {
        steps(&format!(
            "      - name: Test\n        run: npm test || {fallback}\n      - run: pytest $(cat selection.txt)\n"
        ))
    };
    assert!(alarms(&text("echo ALL >> selection.txt")).is_empty());
    assert_eq!(alarms(&text("echo ALL")).len(), 1);
}

#[test]
fn a_publication_by_hand_waits_for_whoever_wants_it_and_a_check_for_nobody() {
    let text = |run: &str, inputs: &str| {
        format!(
            "on:\n  # push:\n  workflow_dispatch:\n    {inputs}\njobs:\n  a:\n    runs-on: x\n    steps: [{{run: {run}}}]\n"
        )
    };
    let inputs = "inputs: {version: {type: string}}";
    assert!(alarms(&text("npm publish", inputs)).is_empty());
    assert!(alarms(&text("npm publish", "")).is_empty());
    assert_eq!(alarms(&text("npm test", inputs)).len(), 1);
    let release = |text: &str| action(&one("build-release.yml", text)).len();
    assert_eq!(release(&text("make", inputs)), 0);
    assert_eq!(release(&text("make", "")), 0);
}

#[test]
fn a_reader_whose_name_says_what_a_result_is_worth_gives_the_reason() {
    let text = |name: &str| {
        steps(&format!(
            "      - id: api\n        continue-on-error: true\n        run: npm test\n      - name: {name}\n        run: echo ${{{{ steps.api.outcome }}}}\n"
        ))
    };
    assert!(alarms(&text("Record non-blocking status")).is_empty());
    assert_eq!(alarms(&text("Record status")).len(), 1);
}

#[test]
fn a_skip_that_a_later_gate_catches_lets_nothing_pass() {
    let text = |look: &str| {
        format!(
            "on: pull_request\njobs:\n  unit:\n    runs-on: x\n    steps: [{{run: npm test}}]\n  tests-passed:\n    needs: unit\n    runs-on: x\n    steps: [{{run: echo all passed}}]\n  ci-gate:\n    needs: tests-passed\n    if: always()\n    runs-on: x\n    steps:\n      - if: {look}\n        run: exit 1\n"
        )
    };
    assert!(alarms(&text("needs.tests-passed.result != 'success'")).is_empty());
    assert!(!alarms(&text("needs.tests-passed.result == 'failure'")).is_empty());
}

#[test]
fn what_makes_room_for_a_strict_line_cleans_up() {
    assert!(alarms(&script("bash", "tool deployment stop site || true\ntool deployment start site")).is_empty());
}
