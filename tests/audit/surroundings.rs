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
            "{before}- run: |\n    semgrep scan -o report.json || {to}\n    echo \"wrote report.json\"\n    if [[ -n \"$exit_code\" && \"$exit_code\" != \"0\" ]]; then exit $exit_code; fi"
        ))
    };
    assert_eq!(told("echo \"exit_code=$?\" >> $GITHUB_OUTPUT", "").len(), 1);
    assert!(told("exit_code=$?", "").is_empty());
    assert!(told("echo \"exit_code=$?\" >> $GITHUB_OUTPUT", "- run: echo exit_code=0 >> $GITHUB_ENV\n").is_empty());
    // What is given to another program may make it fail.
    let given = |then: &str| {
        of(&format!(
            "- run: |\n    x=0; make test > log.txt || true\n    {then}\n    if [ \"$x\" = 1 ]; then exit 1; fi"
        ))
    };
    assert!(given("./judge log.txt").is_empty());
    assert_eq!(given("cat log.txt"), ["masked-command@7"]);
}

#[test]
fn a_text_alone_within_the_braces_is_the_condition_itself() {
    let with = |condition: &str| of(&format!("- run: make test\n  if: {condition}"));
    assert_eq!(with("${{ 'false' }}"), ["never-runs@7"]);
    assert!(with("${{ 'true' }}").is_empty());
    assert_eq!(with("\"'false'\""), ["always-true@7"]);
}

#[test]
fn what_is_taken_asked_or_written_is_no_check() {
    let soft = |name: &str, run: &str| of(&format!("- name: {name}\n  continue-on-error: true\n  run: {run}"));
    assert!(soft("Rust build", "echo '[workspace]' > Cargo.toml").is_empty());
    assert_eq!(soft("Rust build", "cargo build").len(), 1);
    let script = |run: &str| of(&format!("- id: a\n  run: |\n    {run}"));
    assert!(script("ok=\"$(npx semver-compare 1 ge 2 && echo true || echo false)\"\n    echo $ok").is_empty());
    assert!(
        script("LATEST=$(git ls-remote --exit-code --tags origin | cut -f2)\n    git fetch origin $LATEST").is_empty()
    );
    assert!(script("go test ./q -run '^$' -bench '^Big$' | tee bench.txt").is_empty());
    assert_eq!(script("go test ./q -run '^Big$' | tee test.txt"), ["pipe@8"]);
    let asked = "if ./ci_gate check-status --output \"$GITHUB_OUTPUT\"; then\n      echo known\n    else\n      echo unknown\n    fi";
    assert!(script(asked).is_empty());
    assert_eq!(script(&asked.replace(" --output \"$GITHUB_OUTPUT\"", "")), ["masked-command@8"]);
    let windows = |run: &str| {
        alarms(&format!(
            "on: push\njobs:\n  a:\n    runs-on: windows-latest\n    steps:\n      - name: Push packages\n        run: |\n          {run}\n          nuget push x\n"
        ))
    };
    assert!(windows("$packages = @(Get-ChildItem out/packages -ErrorAction SilentlyContinue)").is_empty());
    let tests = |last: &str| {
        alarms(&format!(
            "on: push\njobs:\n  a:\n    runs-on: windows-latest\n    steps:\n      - run: |\n          python -m pytest\n          {last}\n"
        ))
    };
    assert!(tests("deactivate").is_empty());
    assert_eq!(tests("whoami"), ["masked-command@7"]);
}

#[test]
fn a_comment_above_a_construct_speaks_of_its_end() {
    let with = |comment: &str| {
        of(&format!(
            "- run: |\n    set -uo pipefail\n    # {comment}\n    if [ \"$X\" = 1 ]; then\n      make test\n    else\n      make test-all\n    fi 2>&1 | tee log || true\n    echo done"
        ))
    };
    assert!(
        with("The runner exits 1 when the mirror is down, which is none of our faults; a failure is tolerated")
            .is_empty()
    );
    assert_eq!(with("Run the tests"), ["masked-command@10", "masked-command@12"]);
}

#[test]
fn an_upload_of_a_log_is_no_look_at_it() {
    let with = |then: &str| {
        of(&format!("- run: linkcheck > links-report.json || true\n- name: Upload Link Check Reports\n  {then}"))
    };
    assert_eq!(
        with("uses: actions/upload-artifact@v4\n  with: {name: a, path: links-report.json}"),
        ["masked-command@6"]
    );
    assert!(with("run: ./judge links-report.json").is_empty());
}

#[test]
fn a_log_that_is_searched_may_be_judged_by_a_script() {
    let with = |end: &str| {
        of(&format!(
            "- run: |\n    make check | tee test.log\n    if grep -q passed test.log; then\n      RESULT=0\n    else\n      RESULT=1\n    fi\n    {end}"
        ))
    };
    assert!(with("$GITHUB_WORKSPACE/ci/judge.sh $RESULT force").is_empty());
    assert_eq!(with("echo $RESULT"), ["pipe@7"]);
}

#[test]
fn a_filter_may_leave_out_the_tests_by_their_folder() {
    let text = |paths: &str, run: &str| {
        format!("on: {{pull_request: {{paths: [{paths}]}}}}\n")
            + &steps(&format!("- run: {run}"))["on: pull_request\n".len()..]
    };
    assert_eq!(alarms(&text("'scripts/**'", "pytest -v tools/cli/tests/*")), ["path-filter@1"]);
    assert!(alarms(&text("'tools/**'", "pytest -v tools/cli/tests/*")).is_empty());
    assert!(alarms(&text("'scripts/**.py'", "cd x && pytest -v tools/cli/tests/*")).is_empty());
    // What is built for the tests of something else is no subject of its own.
    let built = |then: &str| {
        "on: {pull_request: {paths: ['ui/**']}}\n".to_owned()
            + &steps(&format!(
                "- run: npm run build\n  working-directory: plugin\n- run: {then}\n  working-directory: ui"
            ))["on: pull_request\n".len()..]
    };
    assert!(alarms(&built("npm test")).is_empty());
    assert_eq!(alarms(&built("npm run build")), ["path-filter@1"]);
}

#[test]
fn a_workflow_that_only_a_schedule_leads_to_weighs_less() {
    let called = "on: workflow_call\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make test\n        continue-on-error: true\n";
    let caller = |on: &str| format!("on: {on}\njobs:\n  b:\n    uses: ./.github/workflows/called.yml\n");
    let severity = |on: &str| {
        let report = super::all(&[("called.yml", called), ("caller.yml", &caller(on))]);
        action(&report)[0].severity
    };
    assert_eq!(severity("pull_request"), wf_fix::rule::Severity::High);
    assert_eq!(severity("workflow_dispatch"), wf_fix::rule::Severity::Medium);
    assert_eq!(action(&one("called.yml", called))[0].severity, wf_fix::rule::Severity::High);
}

#[test]
fn what_is_started_or_made_softly_may_be_needed_by_a_strict_test() {
    let then = |start: &str, test: &str| {
        of(&format!("- name: Build and run\n  continue-on-error: true\n  run: {start}\n- name: {test}\n  run: ./go"))
    };
    assert!(then("docker compose -f prod.yml up --build --detach --wait", "Test the deployment").is_empty());
    assert_eq!(
        then("docker compose -f prod.yml up --build --detach --wait", "Show logs"),
        ["step-continue-on-error@7"]
    );
    assert_eq!(then("docker compose -f prod.yml run tests", "Test the deployment"), ["step-continue-on-error@7"]);
    let made = |run: &str| {
        of(&format!(
            "- name: Build System Image\n  if: github.actor != 'bot'\n  continue-on-error: true\n  run: julia image.jl App.so\n- name: Run tests\n  if: github.actor != 'bot'\n  run: {run}"
        ))
    };
    assert!(made("julia -J App.so test.jl").is_empty());
    assert_eq!(made("julia test.jl"), ["step-continue-on-error@8"]);
}

#[test]
fn results_may_be_published_by_a_workflow_that_runs_behind() {
    let build = "name: Build\n".to_owned()
        + &steps(
            "- name: Build and test\n  run: mvn verify -Dmaven.test.failure.ignore=true\n- uses: actions/upload-artifact@v4\n  with: {name: test-results, path: x}",
        );
    let report = |behind: &str, action: &str| {
        format!(
            "on: {{workflow_run: {{workflows: [{behind}], types: [completed]}}}}\njobs:\n  a:\n    runs-on: x\n    steps: [{{uses: '{action}'}}]\n"
        )
    };
    let alarms = |behind: &str, action: &str| {
        let report = super::all(&[("build.yml", &build), ("report.yml", &report(behind, action))]);
        action_of(&report)
    };
    assert!(alarms("Build", "dorny/test-reporter@v1").is_empty());
    assert_eq!(alarms("Other", "dorny/test-reporter@v1"), ["tool-flag@8"]);
    assert_eq!(alarms("Build", "actions/download-artifact@v4"), ["tool-flag@8"]);
}

fn action_of(report: &wf_fix::audit::Report) -> Vec<String> {
    action(report).iter().map(|f| format!("{}@{}", f.detector, f.place.line)).collect()
}

#[test]
fn a_finding_of_a_pipe_names_the_line_on_which_it_ends() {
    let report = one(
        "ci.yml",
        &steps("- run: |\n    xcodebuild test \\\n      -scheme App \\\n      $FLAGS | xcpretty\n    echo done"),
    );
    assert_eq!((action(&report)[0].place.line, &action(&report)[0].also[..]), (7, &[9][..]));
}

/// The alarms of a script with bash of which `make test` leads to `log` and may fail.
fn script(lines: &str) -> Vec<String> {
    of(&format!("- shell: bash -e {{0}}\n  run: |\n    {}", lines.replace('\n', "\n    ")))
}

#[test]
fn a_script_that_may_fail_is_taken_at_its_word() {
    let behind =
        |rest: &str| script(&format!("code=0\nmake test > log || true\n{rest}\nif [ \"$code\" = 1 ]; then exit 1; fi"));
    // What is handed to a program, by a text, a redirection, a pipe or as an argument, may make it fail.
    for rest in [
        "python3 - <<'X'\nimport json\njson.load(open('log'))\nX",
        "python3 judge.py < log",
        "cat log | python3 judge.py",
        "awk '/FAILED/ { exit 1 }' log",
        "set -o pipefail\n{ grep -q PASSED log; echo done; } | tee all.log",
        "ok=\ncat log\n[ $ok ] || exit 1",
        "set -u\ncat log\necho \"$ok\"",
        "cat log\nif [ \"$strict\" = yes ]; then exit 1; fi",
        "cat log\nreturn 0",
        "declare -a ok\ncat log\nif [ ${#ok[@]} -eq 0 ]; then exit 1; fi",
    ] {
        assert!(behind(rest).is_empty(), "{rest}: {:?}", behind(rest));
    }
    assert_eq!(behind("cat log\nok=1"), ["masked-command@9"]);
    // What is missing cannot be shown.
    assert!(
        script("code=0\nmake test -o out.bin || true\nls out.bin\nif [ \"$code\" = 1 ]; then exit 1; fi").is_empty()
    );
}

#[test]
fn a_loop_that_prints_reads_its_own_input() {
    let gate = |says: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  test:\n    runs-on: x\n    steps: [{{run: make test}}]\n  lint:\n    runs-on: x\n    steps: [{{run: make lint}}]\n  ok:\n    needs: [test, lint]\n    if: always()\n    runs-on: ubuntu-latest\n    env: {{T: '${{{{ needs.test.result }}}}', L: '${{{{ needs.lint.result }}}}'}}\n    steps:\n      - run: |\n          while read -r name result; do\n            echo \"$name\"{says}\n            if [ \"$result\" != success ]; then exit 1; fi\n          done <<E\n          test $T\n          lint $L\n          E\n"
        ))
    };
    assert!(gate("").is_empty());
    assert!(gate(" | tee -a log").is_empty());
}

#[test]
fn signs_of_no_check_do_not_hide_one() {
    let soft = |name: &str, run: &str| of(&format!("- name: {name}\n  continue-on-error: true\n  run: |\n    {run}"));
    assert_eq!(soft("Run the tests", "echo start; make test > test.log").len(), 1);
    assert_eq!(soft("Licence check", "./ci/licences.sh\n    echo done=1 >> $GITHUB_OUTPUT").len(), 1);
    let asked = of("- run: |\n    ok=$(make test && echo true || echo false)\n    echo \"tests: $ok\"");
    assert_eq!(asked, ["masked-command@7"]);
    let job = |run: &str| {
        alarms(&format!(
            "on: {{workflow_call: {{inputs: {{x: {{type: string}}}}}}}}\njobs:\n  create-report:\n    runs-on: x\n    continue-on-error: true\n    steps:\n      - name: Run the tests\n        run: |\n          {run}\n"
        ))
    };
    assert_eq!(job("if [ \"${{ inputs.x }}\" = y ] && make test; then\n            echo ok\n          fi").len(), 1);
    // A reason for the step is none for what its outcome is asked for.
    let read = "- continue-on-error: true # the mirror is often down\n  id: x\n  run: make lint || true\n- if: steps.x.outcome == 'failure'\n  run: exit 1";
    assert_eq!(of(read), ["masked-command@8"]);
    let named =
        "- continue-on-error: true # wf-fix: accept[step-continue-on-error] it is down\n  run: make lint || true";
    assert_eq!(of(named), ["masked-command@7"]);
}

#[test]
fn the_value_of_an_option_is_no_folder_of_tests() {
    let text = |run: &str| {
        "on: {pull_request: {paths: ['scripts/**']}}\n".to_owned()
            + &steps(&format!("- run: {run}"))["on: pull_request\n".len()..]
    };
    for run in [
        "pytest -c conf/pytest.ini",
        "pytest --rootdir tools/cli",
        "pytest -k a/b",
        "docker run img pytest app/tests",
        "pytest venv/lib/x",
        "pytest 'tests/{a,b}'",
        "pytest a/b c/d",
    ] {
        assert!(alarms(&text(run)).iter().all(|alarm| alarm != "path-filter@1"), "{run}");
    }
    assert_eq!(alarms(&text("uv run pytest -v --tb=short tools/cli/tests")), ["path-filter@1"]);
}

#[test]
fn what_ends_a_pipe_may_decide_and_what_searches_may_show() {
    let pipe = |end: &str| of(&format!("- run: go test -json ./... | tee log | {end}"));
    assert!(pipe("gotestfmt").is_empty());
    assert_eq!(pipe("gotestfmt -nofail"), ["pipe@6"]);
    let shown = |command: &str| {
        of(&format!(
            "- name: Build the library\n  shell: bash {{0}}\n  run: |\n    {command} | grep \"^GLIBC\"\n    echo done"
        ))
    };
    assert!(shown("strings lib.so").is_empty());
    let judged = of(
        "- run: |\n    make check | tee test.log\n    R=$(grep -q passed test.log && echo 0 || echo 1)\n    $GITHUB_WORKSPACE/ci/judge.sh $R",
    );
    assert!(judged.is_empty(), "{judged:?}");
}

#[test]
fn a_job_with_an_environment_is_no_gate() {
    let job = |more: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  test:\n    runs-on: x\n    steps: [{{run: make test}}]\n  mark-as-passed:\n    needs: test\n{more}    runs-on: x\n    steps: [{{run: echo all passed}}]\n"
        ))
    };
    assert_eq!(job(""), ["gate@6"]);
    assert!(job("    environment: publish\n").is_empty());
}

#[test]
fn an_event_that_nobody_brings_hides_nothing_without_a_caller() {
    let called = "on: {workflow_call: {}, workflow_dispatch: {}}\njobs:\n  a:\n    if: github.event_name == 'workflow_call' || github.event_name == 'workflow_dispatch'\n    runs-on: x\n    steps: [{run: make test}]\n";
    assert!(alarms(called).is_empty());
    let caller = "on: pull_request\njobs:\n  b: {uses: ./.github/workflows/called.yml}\n";
    assert!(!action(&super::all(&[("called.yml", called), ("caller.yml", caller)])).is_empty());
}

#[test]
fn steps_that_two_jobs_share_are_those_of_each() {
    let text = "on: pull_request\njobs:\n  dead:\n    if: false # it needs hardware that we do not have\n    runs-on: x\n    steps: &s\n      - run: make test\n        continue-on-error: true\n  live:\n    runs-on: x\n    steps: *s\n";
    assert_eq!(alarms(text), ["step-continue-on-error@8"]);
}
