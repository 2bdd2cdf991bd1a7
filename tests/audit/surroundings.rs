//! What a place takes from the step, the job or the branch that it stands in.

use super::{action, one, steps};

fn alarms(text: &str) -> Vec<String> {
    action(&one("ci.yml", text)).iter().map(|f| format!("{}@{}", f.detector, f.place.line)).collect()
}

fn of(lines: &str) -> Vec<String> {
    alarms(&steps(lines))
}

#[test]
fn what_may_fail_as_a_whole_for_a_reason_may_pass_over_its_parts() {
    let with = |soft: &str, why: &str| of(&format!("- {soft}\n  run: make lint | tee log || true{why}"));
    let reason = "continue-on-error: true # the mirror is often down";
    assert!(with(reason, "").is_empty());
    assert_eq!(with("continue-on-error: true", ""), ["step-continue-on-error@6", "pipe@7"]);
    // Whose outcome is asked for fails for nothing if its script fails for nothing.
    let asked = "- id: a\n  continue-on-error: true\n  run: make lint || true\n- if: steps.a.outcome == 'failure'\n  run: exit 1";
    assert_eq!(of(asked), ["masked-command@8"]);
    let job = |why: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n    continue-on-error: true{why}\n    steps:\n      - run: |\n          ! make broken\n          make lint || true\n      - uses: aquasecurity/trivy-action@v1\n        with: {{exit-code: 0}}\n"
        ))
    };
    assert!(job(" # the mirror is often down").is_empty());
    assert_eq!(job("").len(), 4, "{:?}", job(""));
}

#[test]
fn nobody_comes_to_the_branch_behind_a_pipe_that_succeeds() {
    let then = |after: &str| {
        of(&format!(
            "- run: |\n    npm run build 2>&1 | tee build.log || {{\n      grep -A 5 Error build.log\n      exit 1\n    }}\n{after}"
        ))
    };
    assert_eq!(then(""), ["pipe@7"]);
    assert!(then("    ! grep -q Error build.log\n").is_empty());
}

#[test]
fn what_looks_at_its_inputs_first_is_about_to_do_something_else() {
    let job = |run: &str| {
        alarms(&format!(
            "on: {{workflow_call: {{inputs: {{target: {{type: string}}}}}}}}\njobs:\n  create-report:\n    runs-on: x\n    continue-on-error: true\n    steps:\n      - name: Check the target\n        run: |\n          {run}\n      - name: Upload report\n        uses: actions/upload-artifact@v4\n        with: {{name: a, path: b}}\n"
        ))
    };
    let compares = "if [[ \"${{ inputs.target }}\" != \"local\" ]]; then\n            echo unknown\n            exit 1\n          fi";
    assert!(job(compares).is_empty());
    assert_eq!(job("make check"), ["job-continue-on-error@5"]);
}

#[test]
fn a_check_by_its_last_word_may_only_write_its_answer() {
    let step = |run: &str| of(&format!("- name: issue check\n  continue-on-error: true\n  run: {run}"));
    assert!(step("echo \"kind=$(tracker view A-1)\" >> $GITHUB_OUTPUT").is_empty());
    assert_eq!(step("./check-issues"), ["step-continue-on-error@7"]);
}

#[test]
fn a_gate_may_write_a_summary_besides() {
    let gate = |last: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  trigger:\n    runs-on: x\n    outputs: {{run: '${{{{ steps.l.outputs.run }}}}'}}\n    steps: [{{id: l, run: ./label}}]\n  e2e-test:\n    needs: trigger\n    if: always() && needs.trigger.outputs.run == 'true'\n    runs-on: x\n    steps: [{{run: make e2e-test}}]\n  summary:\n    needs: [trigger, e2e-test]\n    if: always()\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - name: Generate test summary\n        if: needs.trigger.outputs.run == 'true'\n        uses: ./.github/summary\n      - run: |\n          if [[ \"${{{{ needs.e2e-test.result }}}}\" == \"success\" ]]; then\n            exit 0\n          elif {last}; then\n            exit 0\n          else\n            exit 1\n          fi\n"
        ))
    };
    assert_eq!(gate("[[ \"${{ needs.e2e-test.result }}\" == \"skipped\" ]]"), ["gate@12"]);
    assert!(gate("[[ \"${{ needs.trigger.outputs.run }}\" == \"false\" ]]").is_empty());
}

#[test]
fn javascript_that_cannot_fail_is_no_look_at_a_result() {
    let gate = |script: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  build:\n    runs-on: x\n    steps: [{{run: make}}]\n  e2e:\n    needs: build\n    runs-on: x\n    steps: [{{run: make e2e-test}}]\n  e2e-ok:\n    needs: [build, e2e]\n    if: ${{{{ !cancelled() }}}}\n    runs-on: x\n    steps:\n      - name: Send results\n        uses: actions/github-script@v7\n        with:\n          script: |\n            const bad = '${{{{ needs.build.result }}}}' !== 'success' || '${{{{ needs.e2e.result }}}}' !== 'success'\n            {script}\n      - run: |\n          result=\"${{{{ needs.build.result }}}}\"\n          if [[ $result == \"failed\" ]]; then exit 1; fi\n          result=\"${{{{ needs.e2e.result }}}}\"\n          if [[ $result == \"success\" || $result == \"skipped\" ]]; then exit 0; fi\n          exit 1\n"
        ))
    };
    assert_eq!(gate("await fetch(url, {body: bad})"), ["gate@10"]);
    assert!(gate("if (bad) core.setFailed('no')").is_empty());
}

#[test]
fn what_the_words_of_a_script_promise_is_held_against_what_it_does() {
    // `$?` is what `tee` says.
    let asked = |shell: &str| {
        of(&format!(
            "- shell: {shell}\n  run: |\n    LOG=$(mktemp)\n    make test | tee \"$LOG\"\n    CODE=$?\n    cat \"$LOG\" >> $GITHUB_STEP_SUMMARY\n    exit $CODE"
        ))
    };
    assert_eq!(asked("bash -e {0}"), ["pipe@9"]);
    assert!(asked("bash").is_empty());
    // The exit code goes to the outputs, and the variable of that name is never set.
    let told = |to: &str, before: &str| {
        of(&format!(
            "{before}- run: |\n    semgrep scan -o report.json || {to}\n    ls report.json\n    if [[ -n \"$exit_code\" && \"$exit_code\" != \"0\" ]]; then exit $exit_code; fi"
        ))
    };
    assert_eq!(told("echo \"exit_code=$?\" >> $GITHUB_OUTPUT", "").len(), 1);
    assert!(told("exit_code=$?", "").is_empty());
    assert!(told("echo \"exit_code=$?\" >> $GITHUB_OUTPUT", "- run: echo exit_code=0 >> $GITHUB_ENV\n").is_empty());
    // What is given to another program may make it fail.
    let given = |then: &str| {
        of(&format!("- run: |\n    make test > log.txt || true\n    {then}\n    if [ \"$x\" = 1 ]; then exit 1; fi"))
    };
    assert!(given("./judge log.txt").is_empty());
    assert_eq!(given("cat log.txt"), ["masked-command@7"]);
}
