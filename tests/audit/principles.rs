//! What a place is judged by beyond its own lines: the steps and jobs beside it, the names of the whole, the triggers.

use super::{action, one, steps};

/// What needs action in a workflow, as `detector@line`.
fn alarms(text: &str) -> Vec<String> {
    named("ci.yml", text)
}

fn named(file: &str, text: &str) -> Vec<String> {
    action(&one(file, text)).iter().map(|f| format!("{}@{}", f.detector, f.place.line)).collect()
}

/// The messages of a detector.
fn says(detector: &str, text: &str) -> Vec<String> {
    let report = one("ci.yml", text);
    report.findings.iter().filter(|f| f.detector == detector).map(|f| f.message.clone()).collect()
}

const TESTS: &str = "jobs:\n  unit:\n    runs-on: ubuntu-latest\n    steps: [{run: make test}]\n";

#[test]
fn a_job_that_only_tells_people_checks_nothing_whatever_it_is_called() {
    let workflow = |step: &str| {
        format!(
            "on: pull_request\n{TESTS}  lint:\n    runs-on: ubuntu-latest\n    steps: [{{run: make lint}}]\n  api:\n    name: Verify the API\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - {step}\n  all-green:\n    needs: [unit, lint]\n    if: always()\n    runs-on: ubuntu-latest\n    steps: [{{uses: re-actors/alls-green@v1, with: {{jobs: '${{{{ toJSON(needs) }}}}'}}}}]\n"
        )
    };
    assert!(alarms(&workflow("uses: marocchino/sticky-pull-request-comment@v2")).is_empty());
    assert_eq!(alarms(&workflow("run: ./api.sh")), ["gate-leaves-out@15"]);
}

#[test]
fn a_gate_stands_for_what_its_name_shares_with_all_that_it_needs() {
    let workflow = |gate: &str, left: &str| {
        format!(
            "on: pull_request\njobs:\n  test-unit:\n    runs-on: ubuntu-latest\n    steps: [{{run: make test}}]\n  test-web:\n    runs-on: ubuntu-latest\n    steps: [{{run: make test}}]\n  {left}:\n    runs-on: ubuntu-latest\n    steps: [{{run: make lint}}]\n  {gate}:\n    needs: [test-unit, test-web]\n    if: always()\n    runs-on: ubuntu-latest\n    steps: [{{uses: re-actors/alls-green@v1, with: {{jobs: '${{{{ toJSON(needs) }}}}'}}}}]\n"
        )
    };
    assert!(alarms(&workflow("all-tests", "lint")).is_empty());
    assert_eq!(alarms(&workflow("all-tests", "test-api")), ["gate-leaves-out@12"]);
    assert_eq!(alarms(&workflow("all-checks", "lint")), ["gate-leaves-out@12"]);
}

#[test]
fn a_gate_may_have_a_twin_that_fails_in_its_place() {
    let workflow = |twin: &str| {
        format!(
            "on: pull_request\n{TESTS}  passed:\n    name: All tests passed\n    needs: unit\n    if: ${{{{ !contains(needs.*.result, 'failure') }}}}\n    runs-on: ubuntu-latest\n    steps: [{{run: echo passed}}]\n  failed:\n    name: {twin}\n    needs: unit\n    if: ${{{{ failure() }}}}\n    runs-on: ubuntu-latest\n    steps: [{{run: exit 1}}]\n"
        )
    };
    assert!(alarms(&workflow("All tests passed")).is_empty());
    assert_eq!(alarms(&workflow("Tell")), ["gate@6"]);
}

#[test]
fn a_job_that_does_nothing_but_wait_is_a_gate() {
    let gate = |script: &str| {
        format!(
            "on: pull_request\n{TESTS}  proceed:\n    needs: unit\n    runs-on: ubuntu-latest\n    steps: [{{run: {script}}}]\n"
        )
    };
    assert_eq!(alarms(&gate("exit 0")), ["gate@6"]);
    assert!(alarms(&gate("./report.sh")).is_empty());
}

#[test]
fn what_waits_for_a_leg_or_an_event_was_not_switched_off() {
    let step = |on: &str, step: &str| {
        format!(
            "on: {on}\njobs:\n  unit:\n    runs-on: ubuntu-latest\n    strategy: {{matrix: {{os: [a, b]}}}}\n    steps:\n      - {step}\n      - run: make test\n"
        )
    };
    assert!(alarms(&step("push", "{if: matrix.os == 'c', run: sudo apt-get install x}")).is_empty());
    assert!(alarms(&step("push", "{if: github.event_name == 'pull_request', uses: actions/setup-node@v4}")).is_empty());
    assert_eq!(alarms(&step("push", "{if: matrix.os == 'c', run: make lint}")), ["never-runs@7"]);
    assert_eq!(alarms(&step("push", "{if: false, run: sudo apt-get install x}")), ["never-runs@7"]);
}

#[test]
fn a_check_that_writes_its_answer_to_an_output_asks() {
    let check = |script: &str| {
        alarms(&steps(&format!("- name: Check the title\n  continue-on-error: true\n  run: |\n    {script}")))
    };
    assert!(check("grep -q x title && echo found=true >> $GITHUB_OUTPUT").is_empty());
    assert_eq!(check("./title.sh").len(), 1);
}

#[test]
fn a_pipe_that_asserts_the_opposite_decides_at_its_end() {
    assert!(alarms(&steps("- run: |\n    make test\n    ! ./run_tests.sh | grep -v passed")).is_empty());
    assert_eq!(alarms(&steps("- run: |\n    ./run_tests.sh | grep -v passed\n    make test")).len(), 1);
}

#[test]
fn a_step_is_not_the_check_because_it_stands_beside_one() {
    let job = |beside: &str| {
        format!(
            "on: push\njobs:\n  unit-tests:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ./frobnicate\n        continue-on-error: true\n{beside}"
        )
    };
    assert!(alarms(&job("      - run: make test\n")).is_empty());
    assert_eq!(alarms(&job("")), ["step-continue-on-error@7"]);
}

#[test]
fn a_check_in_an_action_that_sets_up_only_looks() {
    let action = |name: &str| {
        let text = format!(
            "name: {name}\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      run: ./check-config.sh || true\n"
        );
        let files = [(".github/actions/x/action.yml".to_owned(), text.into_bytes())].into();
        wf_fix::audit::audit(&files, &[]).findings.iter().filter(|f| f.needs_action()).count()
    };
    assert_eq!(action("Setup runner"), 0);
    assert_eq!(action("Lint"), 1);
}

#[test]
fn a_workflow_that_measures_asserts_nothing() {
    let masked = steps("- run: make all || true");
    assert!(named("perf-benchmark.yml", &masked).is_empty());
    assert_eq!(named("ci.yml", &masked).len(), 1);
}

#[test]
fn a_release_that_proposes_the_next_version_is_a_release() {
    let job = |id: &str| {
        format!(
            "on: push\njobs:\n  {id}:\n    runs-on: ubuntu-latest\n    steps:\n      - run: tox -e lint || true\n      - uses: peter-evans/create-pull-request@v6\n"
        )
    };
    assert_eq!(alarms(&job("deploy")), ["masked-command@6"]);
    assert!(alarms(&job("update")).is_empty());
}

#[test]
fn a_pipe_that_decides_whether_the_script_is_left_is_not_examined_below() {
    let script = |then: &str| {
        steps(&format!(
            "- run: |\n    if ./run_tests.sh | tee test.log; then\n      {then}\n    fi\n    grep -q refused test.log || exit 1"
        ))
    };
    assert_eq!(alarms(&script("exit 0")).len(), 1);
    assert!(alarms(&script("echo passed")).is_empty());
}

#[test]
fn a_comment_among_the_keys_of_a_job_speaks_of_its_soft_fail() {
    let job = |comment: &str| {
        format!(
            "on: push\njobs:\n  unit:\n    # {comment}\n    if: vars.X != 'x'\n    continue-on-error: true\n    runs-on: ubuntu-latest\n    steps: [{{run: make test}}]\n"
        )
    };
    assert!(alarms(&job("continue-on-error until the teardown, which hangs, is mended")).is_empty());
    assert_eq!(alarms(&job("Runs the unit tests")).len(), 1);
}

#[test]
fn a_guard_says_on_which_events_it_keeps_off_forks() {
    let job = |condition: &str| {
        format!(
            "on:\n  pull_request:\n  schedule: [{{cron: '0 0 * * *'}}]\njobs:\n  unit:\n    if: {condition}\n    runs-on: ubuntu-latest\n    steps: [{{run: make test}}]\n"
        )
    };
    for (condition, said) in [
        ("github.repository == 'a/b'", "job `unit` is kept off forks"),
        (
            "github.event_name != 'schedule' || github.repository_owner == 'a'",
            "job `unit` is kept off forks on `schedule`",
        ),
        ("github.repository == 'a/b' || vars.FORCE", "job `unit` asks whether it runs in a fork"),
        (
            "github.event.pull_request.head.repo.fork == false",
            "job `unit` asks whether a pull request comes from a fork",
        ),
    ] {
        assert_eq!(says("fork-guard", &job(condition)), [said], "{condition}");
    }
}

#[test]
fn a_soft_step_whose_result_is_examined_is_not_called_silent() {
    let text = steps(
        "- id: t\n  run: make test\n  continue-on-error: true\n- run: './judge \"${{ steps.t.outcome }}\" || exit 1'",
    );
    assert_eq!(says("step-continue-on-error", &text), ["step `t` of job `a` fails softly, and its result is examined"]);
    // What can be played is certain.
    let text = text.replace("./judge", "test success =");
    assert_eq!(
        says("step-continue-on-error", &text),
        ["step `t` of job `a` fails softly, and another step fails in its place"]
    );
}

#[test]
fn what_a_pull_request_calls_too_is_no_scope_gap() {
    let call = |on: &str| format!("on: {on}\njobs:\n  a:\n    uses: ./.github/workflows/t.yml\n");
    let called = "on: workflow_call\njobs:\n  unit:\n    runs-on: ubuntu-latest\n    steps: [{run: make test}]\n";
    let gaps = |other: &str| {
        let files = [
            ("t.yml", called.to_owned()),
            ("night.yml", call("{schedule: [{cron: '0 0 * * *'}]}")),
            ("ci.yml", call(other)),
        ];
        let files = files.into_iter().map(|(name, text)| (format!(".github/workflows/{name}"), text.into_bytes()));
        let report = wf_fix::audit::audit(&files.collect(), &[]);
        report.findings.iter().filter(|f| f.detector == "scope-gap" && f.place.file.ends_with("night.yml")).count()
    };
    assert_eq!(gaps("workflow_dispatch"), 1);
    assert_eq!(gaps("pull_request"), 0);
}

#[test]
fn a_script_that_asserts_below_checks_there() {
    fine_and_not(
        "- name: Test the service\n  run: |\n    frobnicate --stop || true\n    if [ \"$(state)\" != up ]; then exit 1; fi",
        "- name: Test the service\n  run: |\n    frobnicate --all || true\n    echo done",
    );
}

#[test]
fn an_install_whose_product_a_strict_import_needs_is_examined() {
    let script = |last: &str| {
        format!("- name: Smoke test\n  shell: bash {{0}}\n  run: |\n    pip install dist/x.whl\n    {last}")
    };
    fine_and_not(&script("python -c 'import x'"), &script("echo installed"));
}

#[test]
fn what_a_bot_commits_is_a_proposal() {
    let job = |then: &str| format!("- run: ./lint.sh -a || true\n- run: |\n    {then}");
    fine_and_not(&job("git commit -am fixes\n    git push"), &job("git status"));
}

#[test]
fn a_workflow_below_the_folder_that_github_reads_never_runs() {
    let masked = steps("- run: make test || true");
    assert!(named("archive/ci.yml", &masked).is_empty());
    assert_eq!(named("ci.yml", &masked).len(), 1);
}

/// Of two lists of steps the first is fine, and the second needs action at one place.
fn fine_and_not(fine: &str, not: &str) {
    assert!(alarms(&steps(fine)).is_empty(), "{fine}");
    assert_eq!(alarms(&steps(not)).len(), 1, "{not}");
}

#[test]
fn a_condition_that_reads_a_job_it_does_not_need_is_false_in_every_run() {
    let workflow = |needs: &str, job: &str, step: &str| {
        format!(
            "on: pull_request\njobs:\n  a:\n    runs-on: x\n    outputs: {{x: y}}\n    steps: [{{run: make}}]\n  b:\n    needs: a\n    runs-on: x\n    steps: [{{run: make}}]\n  c:\n    needs: {needs}\n    if: {job}\n    runs-on: x\n    steps:\n      - if: {step}\n        run: make test\n"
        )
    };
    let (of_a, no) = ("needs.a.outputs.x == 'y'", "vars.X != 'x'");
    assert_eq!(alarms(&workflow("[]", of_a, no)), ["never-runs@13"]);
    // What it needs over another job is there in the condition of a job, and not in that of a step.
    assert!(alarms(&workflow("b", of_a, no)).is_empty());
    assert_eq!(alarms(&workflow("b", no, of_a)), ["never-runs@16"]);
    assert!(alarms(&workflow("[a, b]", of_a, of_a)).is_empty());
}

#[test]
fn a_check_that_a_script_asks_and_only_tells_of_is_masked() {
    fine_and_not(
        "- run: |\n    if ! make lint; then\n      echo bad\n      exit 1\n    fi",
        "- run: |\n    if ! make lint; then\n      echo bad\n    fi",
    );
    fine_and_not("- run: test -z \"$(ls)\" || true", "- run: test -z \"$(gofmt -l .)\" || true");
}

#[test]
fn a_job_that_sends_a_status_is_no_gate() {
    let job = |step: &str| {
        format!(
            "on: pull_request\n{TESTS}  workflow-status:\n    needs: unit\n    if: always()\n    runs-on: ubuntu-latest\n    steps: [{step}]\n"
        )
    };
    assert!(alarms(&job("{uses: org/slack-workflow-status@v1}")).is_empty());
    assert_eq!(alarms(&job("{run: ./report.sh}")), ["gate@6"]);
}

#[test]
fn what_no_run_fulfils_by_its_type_or_its_place_never_runs() {
    let job = |condition: &str, keys: &str| {
        format!(
            "on:\n  workflow_dispatch:\n    inputs:\n      deep: {{type: boolean}}\n      how: {{type: string}}\njobs:\n  unit:\n    runs-on: x\n    steps:\n      - id: t\n        run: make test\n{keys}      - if: {condition}\n        run: make check\n"
        )
    };
    let found = |condition: &str| alarms(&job(condition, ""));
    for never in [
        "inputs.deep == 'true'",
        "github.event.inputs.deep == true",
        "github.ref == 'main'",
        "startsWith(github.ref, 'v')",
        "runner.os == 'Darwin'",
        "github.event.pull_request.draft == 'false'",
        "steps.t.outcome == 'failure'",
        "steps.t.conclusion == 'failure'",
        "steps.t.outcome == 'failed' || false",
    ] {
        assert_eq!(found(never), ["never-runs@12"], "{never}");
    }
    for open in [
        "inputs.deep == true",
        "inputs.deep == false",
        "inputs.how == 'true'",
        "github.event.inputs.deep == 'true'",
        "github.event.inputs.how == true",
        "github.ref == 'refs/heads/main'",
        "startsWith(github.ref, 'refs/tags/v')",
        "contains(github.ref, 'main')",
        "runner.os == 'macos'",
        "github.event.pull_request.draft == false",
        "failure() && steps.t.outcome == 'failure'",
        "steps.t.outcome == 'success'",
    ] {
        assert!(found(open).is_empty(), "{open}");
    }
    let soft = |condition: &str| alarms(&job(condition, "        continue-on-error: true\n"));
    assert!(!soft("steps.t.outcome == 'failure'").contains(&"never-runs@13".to_owned()));
    assert!(soft("always() && steps.t.conclusion == 'failure'").contains(&"never-runs@13".to_owned()));
}

#[test]
fn a_job_is_asked_for_results_only_where_all_it_needs_succeeded() {
    let text = |condition: &str| {
        format!(
            "on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{{run: make test}}]\n  b:\n    needs: a\n    if: {condition}\n    runs-on: x\n    steps: [{{run: make check}}]\n"
        )
    };
    assert_eq!(alarms(&text("needs.a.result == 'failure'")), ["never-runs@8"]);
    assert_eq!(alarms(&text("contains(needs.*.result, 'failure')")), ["never-runs@8"]);
    assert!(alarms(&text("always() && needs.a.result == 'failure'")).is_empty());
    assert!(alarms(&text("needs.a.result == 'success'")).is_empty());
}

#[test]
fn what_every_run_fulfils_is_always_true() {
    let found = |condition: &str| {
        alarms(&format!(
            "on:\n  workflow_dispatch:\n    inputs:\n      skip: {{type: boolean}}\njobs:\n  unit:\n    runs-on: x\n    steps:\n      - if: {condition}\n        run: make test\n"
        ))
    };
    for always in [
        "inputs.skip != 'true'",
        "github.actor != 'a' || github.actor != 'b'",
        "steps.gone.outputs.hit != 'true'",
        "github.event.release.prerelease != 'true'",
    ] {
        assert_eq!(found(always), ["always-true@9"], "{always}");
    }
    for open in
        ["inputs.skip != true", "github.actor != 'a' && github.actor != 'b'", "github.actor != 'a' || vars.B != 'b'"]
    {
        assert!(found(open).is_empty(), "{open}");
    }
}

#[test]
fn a_part_of_a_condition_that_decides_nothing_is_found() {
    let found = |condition: &str| {
        alarms(&format!(
            "on:\n  push:\n  workflow_dispatch:\n    inputs:\n      skip: {{type: boolean}}\njobs:\n  first:\n    runs-on: x\n    outputs: {{deep: y}}\n    steps: [{{run: make}}]\n  unit:\n    needs: first\n    if: {condition}\n    runs-on: x\n    steps: [{{run: make test}}]\n"
        ))
    };
    for idle in [
        "vars.X == 'a' || github.ref == 'main'",
        "vars.X == 'a' && inputs.skip != 'true'",
        "vars.X == 'a' && needs.first.outputs.gone != 'no'",
        "vars.X == 'a' || needs.other.outputs.x == 'y'",
        "vars.X == 'a' && (vars.Y == 'b' || github.ref == 'main')",
    ] {
        assert_eq!(found(idle), ["dead-comparison@13"], "{idle}");
    }
    for works in [
        "vars.X == 'a' || github.ref == 'refs/heads/main'",
        "vars.X == 'a' && inputs.skip != true",
        "needs.first.outputs.deep == 'y' && vars.X == 'a'",
        // Whoever compares both ways does not know which it is.
        "inputs.skip == true || inputs.skip == 'true'",
    ] {
        assert!(found(works).is_empty(), "{works}");
    }
    assert_eq!(found("needs.first.outputs.gone == 'yes'"), ["never-runs@13"]);
    let step = |condition: &str| alarms(&steps(&format!("- run: make test\n  if: {condition}")));
    assert_eq!(step("env.RUNNER_OS == 'Linux'"), ["never-runs@7"]);
    assert_eq!(step("vars.X == 'a' && env.RUNNER_OS != 'Linux'"), ["dead-comparison@7"]);
    assert_eq!(found("needs.first.outputs.gone != 'yes'"), ["always-true@13"]);
}

#[test]
fn a_text_of_a_boolean_is_true_whatever_it_says() {
    let found = |condition: &str| {
        alarms(&format!(
            "on:\n  push:\n  workflow_dispatch:\n    inputs:\n      deep: {{type: boolean}}\njobs:\n  first:\n    runs-on: x\n    outputs: {{is-main: '${{{{ github.ref == vars.MAIN }}}}', src: '${{{{ steps.f.outputs.src }}}}', name: '${{{{ steps.n.outputs.name }}}}'}}\n    steps:\n      - {{id: f, uses: dorny/paths-filter@v3}}\n      - {{id: n, run: ./name}}\n  unit:\n    needs: first\n    if: {condition}\n    runs-on: x\n    steps: [{{run: make test}}]\n"
        ))
    };
    assert_eq!(found("needs.first.outputs.is-main"), ["always-true@15"]);
    assert_eq!(found("needs.first.outputs.src"), ["always-true@15"]);
    assert_eq!(found("${{ !needs.first.outputs.src }}"), ["never-runs@15"]);
    assert_eq!(found("vars.X == 'a' && github.event.inputs.deep"), ["dead-comparison@15"]);
    for works in
        ["needs.first.outputs.src == 'true'", "needs.first.outputs.name", "inputs.deep", "vars.X && inputs.deep"]
    {
        assert!(found(works).is_empty(), "{works}");
    }
}

/// A change detection, and a job behind it with this condition.
fn behind_changes(filter: &str, condition: &str) -> Vec<String> {
    alarms(&format!(
        "on: [push, pull_request]\njobs:\n  changes:\n    runs-on: x\n    outputs: {{src: '${{{{ steps.f.outputs.src }}}}'}}\n    steps: [{{id: f, uses: dorny/paths-filter@v3{filter}}}]\n  test:\n    needs: changes\n    if: {condition}\n    runs-on: x\n    steps: [{{run: make test}}]\n"
    ))
}

#[test]
fn a_flag_that_may_be_missing_is_asked_for() {
    assert_eq!(behind_changes("", "${{ !needs.changes.outputs.src }}"), ["never-runs@9"]);
    // What is skipped or fails softly sets nothing.
    for filter in [", if: github.event_name == 'pull_request'", ", continue-on-error: true"] {
        assert!(!behind_changes(filter, "${{ !needs.changes.outputs.src }}").contains(&"never-runs@9".to_owned()));
    }
    let both = "${{ !needs.changes.outputs.src || needs.changes.outputs.src == 'true' }}";
    assert!(behind_changes("", both).is_empty());
    assert_eq!(behind_changes("", "needs.gone.outputs.src"), ["never-runs@9"]);
}

#[test]
fn an_alias_is_judged_where_it_stands() {
    let text = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - {id: t, run: ./prepare, continue-on-error: true}\n      - &v {if: steps.t.outcome == 'failure', run: make test}\n  b:\n    runs-on: x\n    steps: [{id: t, run: ./prepare}, *v]\n";
    let report = one("ci.yml", text);
    let never: Vec<&str> =
        report.findings.iter().filter(|f| f.detector == "never-runs").map(|f| f.subject.as_str()).collect();
    assert_eq!(never, ["step 2 of job `b`"]);
}

#[test]
fn the_reason_names_the_part_that_decides() {
    let why = |condition: &str| {
        let text = format!(
            "on:\n  workflow_dispatch:\n    inputs:\n      deep: {{type: boolean}}\njobs:\n  unit:\n    runs-on: x\n    steps:\n      - {{id: t, run: make test}}\n      - if: {condition}\n        run: make check\n"
        );
        one("ci.yml", &text).findings.iter().map(|f| f.message.clone()).collect::<Vec<_>>().join("; ")
    };
    assert!(why("inputs.deep != 'true' && github.ref == 'main'").contains("`github.ref == 'main'` never holds: a ref"));
    assert!(why("steps.t.outcome == 'failed'").contains("it is no word for a result"));
    assert!(why("steps.t.outcome == 'failure'").contains("without `failure()`"));
    assert!(why("github.event.inputs.deep == false").contains("no text equals a boolean"));
    // Neither text nor nothing: whether it is set.
    assert!(!why("github.event.inputs.deep != '' || github.event.inputs.deep != null").contains("any case"));
}

#[test]
fn a_called_workflow_has_the_event_of_its_caller() {
    let of = |condition: &str| {
        alarms(&format!(
            "on:\n  workflow_dispatch:\n  workflow_call:\njobs:\n  unit:\n    if: {condition}\n    runs-on: x\n    steps: [{{run: make test}}]\n"
        ))
    };
    assert_eq!(of("github.event_name == 'workflow_call'"), ["never-runs@6"]);
    assert_eq!(of("github.event_name != 'workflow_call'"), ["always-true@6"]);
    assert_eq!(of("github.event_name == 'push' || github.event_name == 'workflow_call'"), ["dead-comparison@6"]);
    assert!(of("github.event_name == 'push' || github.event_name == 'schedule'").is_empty());
}

#[test]
fn scripts_that_a_fresh_eye_found_unread() {
    let alarms = |script: &str| {
        let lines = format!("- run: |\n    {}", script.replace('\n', "\n    "));
        super::action(&super::one("ci.yml", &super::steps(&lines))).len()
    };
    for silent in [
        "if ! make test; then\n  echo \\\n    bad\nfi",
        "make test | grep -v == | tee log",
        "make test || true\necho `date`\ncat <<END\n\\`\nEND",
        "rc=0\nmake test || (( rc += 1 ))\necho \"failed $rc\"",
        "make test || echo bad | tee log",
        "set +e\nmake test\nf() { echo a; }",
    ] {
        assert_eq!(alarms(silent), 1, "{silent}");
    }
    for loud in [
        "make test && echo a 2>&1 | cat 2>&1 | cat",
        "rc=0\nmake test || (( rc += 1 ))\nexit $rc",
        "if ! make test; then\n  echo \\\n    bad\n  exit 1\nfi",
    ] {
        assert_eq!(alarms(loud), 0, "{loud}");
    }
    // The finding is at the check, not at what stands above it.
    let found = super::one("ci.yml", &super::steps("- run: |\n    A=1 B=2\n    make test || true"));
    assert!(super::action(&found)[0].message.starts_with("`make test`"));
}
