//! What the audit knows of commands, names, actions and shells, in the forms that workflows use most.

use super::{action, one, steps};
use wf_fix::audit::Verdict;

fn alarms(text: &str) -> Vec<String> {
    action(&one("ci.yml", text)).iter().map(|f| format!("{}@{}", f.detector, f.place.line)).collect()
}

/// Whether a command behind `|| true` needs action, in a step and a job that say nothing.
fn matters(command: &str) -> bool {
    !alarms(&steps(&format!("- run: |\n    {command} || true"))).is_empty()
}

#[test]
fn typical_commands_that_check_or_publish() {
    for command in [
        "mvn clean install",
        "mvn -T16 -ntp clean install -DskipTests",
        "./gradlew clean build jacocoTestReport --stacktrace",
        "./gradlew bundleRelease",
        "ninja clean all",
        "pytest -v",
        "tox -v",
        "uv build",
        "uv lock --check",
        "poetry build",
        "poetry check",
        "pip wheel --no-deps -w wheelhouse .",
        "pip check",
        "hatch build",
        "conda build recipe",
        "python -m coverage report --fail-under=90",
        "mpiexec -n 2 python -m pytest tests",
        "emcmake cmake -B build -S .",
        "opam exec -- dune runtest",
        "julia --project=docs docs/make.jl",
        "go test -coverprofile=c.txt $(go list ./...)",
        "go mod verify",
        "go tool govulncheck ./...",
        "go run golang.org/x/vuln/cmd/govulncheck@latest ./...",
        "yarn dedupe --check",
        "yarn constraints",
        "mix format --check-formatted",
        "brew style",
        "just test",
        "make coverage",
        "xcrun stapler validate app.dmg",
        "gh attestation verify a.tar.gz --repo a/b",
        "docker buildx imagetools create -t a:1 a:2",
        "npm dist-tag add a@1.0.0 next",
        "mike deploy --push 1.0",
        "choco push a.nupkg",
        "cosign sign-blob --yes a.txt",
        "wingetcreate update A.B --submit",
    ] {
        assert!(matters(command), "{command}");
    }
}

#[test]
fn typical_commands_that_only_serve_others() {
    for command in [
        "mvn clean",
        "yarn",
        "pip install build wheel",
        "uv tool install build",
        "poetry add build",
        "tox --notest",
        "tox -l",
        "npm rm a",
        "npx puppeteer browsers install chrome",
        "docker buildx ls",
        "docker buildx imagetools inspect a:1",
        "cmake -E make_directory build",
        "codesign -s - a.bin",
        "go test -run='^$' -bench=. ./...",
        "npx nyc report --reporter=html",
        "towncrier build --yes --version 1",
        "dart run build_runner build",
        "make codegen",
        "cargo clean",
        "gcc -v",
        "npm -v",
    ] {
        assert!(!matters(command), "{command}");
    }
}

/// Whether a step of this name with a script of its own is one that matters.
fn named(name: &str) -> bool {
    !alarms(&steps(&format!("- name: {name}\n  continue-on-error: true\n  run: ./x"))).is_empty()
}

#[test]
fn names_say_what_steps_do() {
    for name in [
        "Run approve-plan tests",
        "Run query modules unit tests",
        "Test Debug",
        "make",
        "make check",
        "Make documentation",
        "Run ruff",
        "Run CI",
        "Run coverage",
        "Create sdist",
        "Check for uncommitted changes",
        "Fail if the tree is dirty",
        "Enforce one label",
        "Require a changelog",
        "Create Git tag",
    ] {
        assert!(named(name), "{name}");
    }
    for name in [
        "Install clang and clang-tidy",
        "Install markdown-link-check",
        "Ensure the simulator is ready",
        "Check for changes",
        "Check for apt updates",
        "Create release directory",
        "Make the scripts executable",
        "Validate inputs",
        "ROCm info",
        "Fetch release assets",
    ] {
        assert!(!named(name), "{name}");
    }
}

#[test]
fn a_check_behind_a_negation_counts_only_at_the_end() {
    let of = |script: &str| alarms(&steps(&format!("- name: Check\n  run: |\n{script}")));
    assert_eq!(of("    ! grep -q bad log\n    make\n"), ["negated@8"]);
    assert_eq!(of("    ! ./tool --list | grep -v known\n    make\n"), ["negated@8"]);
    assert_eq!(of("    ! grep -q bad log\n    ! grep -q worse log\n"), ["negated@8"]);
    assert_eq!(of("    f() { ! grep -q bad log; make; }\n    f\n"), ["negated@8"]);
    assert_eq!(of("    ! grep -q bad log\n    set +e\n    make\n"), ["negated@8"]);
    for script in [
        "    set +e\n    ! grep -q bad log\n    make\n",
        "    make\n    ! grep -q bad log\n",
        "    ! grep -q bad log || exit 1\n    make\n",
        "    if ! grep -q good log; then exit 1; fi\n    make\n",
        "    f() {\n      ! grep -q bad log\n    }\n    f\n    make\n",
        "    ! grep -q bad log\n    # the end\n",
        "    ! grep -q bad log\n    if [ $? -ne 0 ]; then exit 1; fi\n",
    ] {
        assert!(of(script).is_empty(), "{script}");
    }
    // What is said of it is what was meant.
    assert_eq!(of("    # turned around, so that it fails on a hit\n    ! grep -q bad log\n    make\n"), ["negated@9"]);
    let accepted = "    # wf-fix: accept[negated] only shown\n    ! grep -q bad log\n    make\n";
    assert!(of(accepted).is_empty());
}

#[test]
fn an_assertion_that_its_own_fallback_catches_asserts_nothing() {
    let of = |script: &str| alarms(&steps(&format!("- name: Verify the target\n  run: |\n    {script}")));
    assert_eq!(of("test \"$T\" = \"\" && false || echo \"$T\"").len(), 1);
    assert!(of("test \"$T\" = \"\" && exit 1 || echo \"$T\"").is_empty());
}

#[test]
fn some_commands_of_cmd_keep_the_error_level() {
    let of = |last: &str| {
        alarms(&steps(&format!(
            "- name: Run Tests\n  shell: cmd\n  run: |\n    pushd build\n    ctest --output-on-failure\n    {last}"
        )))
    };
    assert!(of("popd").is_empty());
    assert!(of("echo done").is_empty());
    assert_eq!(of("cd ..").len(), 1);
}

#[test]
fn a_second_attempt_may_say_that_it_is_one() {
    let text = |second: &str| {
        steps(&format!(
            "- name: Run the tests\n  id: first\n  continue-on-error: true\n  run: make e2e\n- if: steps.first.outcome == 'failure'\n  run: |\n    echo again\n    {second}"
        ))
    };
    assert!(alarms(&text("make e2e")).is_empty());
    assert_eq!(alarms(&text("make logs")).len(), 1);
}

#[test]
fn a_formatter_may_be_held_against_what_was_committed() {
    let text = |look: &str| {
        steps(&format!(
            "- name: Prettier Formatting\n  continue-on-error: true\n  uses: a/prettier_action@v1\n- run: {look}"
        ))
    };
    assert!(alarms(&text("git diff --exit-code")).is_empty());
    assert_eq!(alarms(&text("git diff")).len(), 1);
}

#[test]
fn a_matrix_without_a_value_fails_the_run() {
    let text = |matrix: &str| {
        format!(
            "on: pull_request\njobs:\n  list:\n    runs-on: ubuntu-latest\n    outputs:\n      all: ${{{{ steps.find.outputs.all }}}}\n    steps:\n      - id: find\n        run: echo \"all=$(make test | jq -c .)\" >> $GITHUB_OUTPUT\n  run:\n    needs: list\n    runs-on: ubuntu-latest\n    strategy:\n      matrix:\n        one: {matrix}\n    steps: [{{run: make}}]\n"
        )
    };
    assert!(alarms(&text("${{ fromJson(needs.list.outputs.all) }}")).is_empty());
    assert_eq!(alarms(&text("[a]")).len(), 1);
}

#[test]
fn other_values_of_an_option_are_another_check() {
    let of = |last: &str| {
        alarms(&steps(&format!(
            "- name: Spec\n  shell: cmd\n  run: |\n    python run-tests.py --spec=1.1\n    python run-tests.py {last}"
        )))
    };
    assert_eq!(of("--spec=2.0").len(), 1);
    assert!(of("--spec=1.1 --verbose").is_empty());
}

#[test]
fn an_empty_digest_is_of_nothing() {
    let of = |rest: &str| {
        alarms(&steps(&format!("- name: Verify\n  run: |\n    D=$(cosign verify a:1 | jq -r .x)\n    {rest}")))
    };
    assert!(of("crane tag a@$D latest").is_empty());
    assert_eq!(of("echo $D").len(), 1);
}

#[test]
fn a_comment_above_a_condition_that_is_commented_out_speaks_of_that() {
    let of = |comment: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  a:\n    # {comment}\n    #if: github.repository_owner == 'a'\n    if: false\n    runs-on: ubuntu-latest\n    steps: [{{run: make}}]\n"
        ))
    };
    assert_eq!(of("Only where the secret is, since the token is required").len(), 1);
    assert!(of("Disabled since the token is required and we do not have it").is_empty());
}

#[test]
fn what_tells_that_something_fails_is_no_reason() {
    let of =
        |comment: &str| alarms(&steps(&format!("# {comment}\n- name: Run the tests\n  if: false\n  run: make test")));
    assert_eq!(of("https://issues.example.org/browse/AB-12").len(), 1);
    assert_eq!(of("disabled due to issues with publishing").len(), 1);
    assert!(of("disabled until the new runners have KVM").is_empty());
    assert!(of("takes hours on hosted runners").is_empty());
}

#[test]
fn what_may_stay_is_said_with_its_reason() {
    let report = one("ci.yml", &steps("- run: pip install build wheel || true"));
    let fine = |verdict: &Verdict| matches!(verdict, Verdict::Fine(_, note) if note.starts_with("support"));
    assert!(report.findings.iter().any(|finding| fine(&finding.verdict)));
}

#[test]
fn a_text_beside_or_is_always_true() {
    let of = |condition: &str| {
        alarms(&steps(&format!("- if: github.ref == 'refs/heads/main' || {condition}\n  run: make release")))
    };
    assert_eq!(of("'refs/heads/dev'"), ["always-true@6"]);
    assert!(of("github.ref == 'refs/heads/dev'").is_empty());
    assert!(of("contains(github.ref, 'dev')").is_empty());
    assert!(of("''").is_empty());
    let whole = |condition: &str| alarms(&steps(&format!("- if: \"{condition}\"\n  run: make release")));
    assert_eq!(whole("'false'"), ["always-true@6"]);
    assert!(whole("'true'").is_empty());
    assert_eq!(whole("false"), ["never-runs@6"]);
}

#[test]
fn what_is_only_printed_is_not_examined() {
    let of = |rest: &str| alarms(&steps(&format!("- run: |\n    set +e\n    npm test\n    rc=$?\n    {rest}")));
    assert_eq!(of("echo \"exit code $rc\"").len(), 1);
    assert!(of("exit $rc").is_empty());
    assert!(of("echo \"rc=$rc\" >> \"$GITHUB_OUTPUT\"").is_empty());
    assert!(of("if [ $rc -ne 0 ]; then exit 1; fi").is_empty());
}

#[test]
fn a_variable_for_later_steps_may_be_set_by_a_fallback() {
    let of = |end: &str| {
        alarms(&steps(&format!(
            "- run: make test || echo \"FAILED=true\" >> $GITHUB_ENV\n- if: env.FAILED == 'true'\n  run: {end}"
        )))
    };
    assert!(of("exit 1").is_empty());
    assert_eq!(of("echo oh").len(), 1);
}

#[test]
fn the_end_of_a_pipe_may_carry_the_status() {
    let of = |end: &str| alarms(&steps(&format!("- run: go test ./... 2>&1 | {end}")));
    assert!(of("go-junit-report -set-exit-code > report.xml").is_empty());
    assert_eq!(of("go-junit-report > report.xml").len(), 1);
    assert_eq!(of("grep -E \"PASS|FAIL\"").len(), 1);
    assert!(alarms(&steps("- run: test -z \"$(gofmt -l . | tee /dev/stderr)\"")).is_empty());
    assert!(alarms(&steps("- run: yes | sdkmanager --licenses | tail -1")).is_empty());
}

#[test]
fn a_fallback_that_only_shows_something_succeeds() {
    let of = |fallback: &str| alarms(&steps(&format!("- run: npm test || {fallback}"))).len();
    assert_eq!([of("cat log.txt"), of("docker compose logs"), of("./retry.sh"), of("exit 1")], [1, 1, 0, 0]);
}

#[test]
fn a_check_leaves_nothing_that_the_next_target_needs() {
    let of = |first: &str| alarms(&steps(&format!("- shell: bash {{0}}\n  run: |\n    {first}\n    make test"))).len();
    assert_eq!([of("make lint"), of("make all")], [1, 0]);
}

#[test]
fn programs_of_powershell_may_be_heeded() {
    let of = |first: &str| {
        alarms(&steps(&format!("- shell: pwsh\n  run: |\n    {first}\n    cargo clippy\n    cargo test"))).len()
    };
    assert_eq!([of("$PSNativeCommandUseErrorActionPreference = $true"), of("$x = $true")], [0, 1]);
    let ends = alarms(&steps("- shell: pwsh\n  run: |\n    npm test\n    exit 0"));
    assert_eq!(ends.len(), 1);
    let builds =
        "- shell: pwsh\n  run: |\n    dotnet build App.sln -c Release\n    dotnet test App.sln -c Release --no-build";
    assert!(alarms(&steps(builds)).is_empty());
}

#[test]
fn a_check_may_run_strictly_in_another_form() {
    let of = |strict: &str| alarms(&steps(&format!("- run: bandit -r src -f json -o b.json || true\n- run: {strict}")));
    assert!(of("bandit -r src").is_empty());
    assert_eq!(of("bandit -r src || true").len(), 2);
    assert_eq!(of("mypy src").len(), 1);
}

#[test]
fn findings_elsewhere_report_no_test() {
    let of = |own: &str| {
        alarms(&steps(&format!(
            "- run: {own} || true\n- uses: aquasecurity/trivy-action@v1\n  with:\n    output: trivy.sarif\n- uses: github/codeql-action/upload-sarif@v3"
        )))
        .len()
    };
    assert_eq!([of("pytest"), of("semgrep --sarif -o s.sarif")], [1, 0]);
}

/// A job to test, one that stands for it and runs `script`, and what else is given.
fn gate(script: &str, others: &str) -> Vec<String> {
    let mut found = alarms(&format!(
        "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps: [{{run: make test}}]\n  ci-success:\n    name: ci\n    needs: [test]\n    runs-on: ubuntu-latest\n    steps: [{{run: '{script}'}}]\n{others}"
    ));
    found.retain(|alarm| alarm.starts_with("gate@"));
    found
}

#[test]
fn a_gate_may_have_a_twin_that_fails() {
    let twin = |condition: &str| {
        format!(
            "  ci-failure:\n    name: ci\n    if: ${{{{ {condition} }}}}\n    needs: [test]\n    runs-on: ubuntu-latest\n    steps: [{{run: exit 1}}]\n"
        )
    };
    assert_eq!(gate("echo ok", "").len(), 1);
    assert!(gate("echo ok", &twin("!success()")).is_empty());
    assert_eq!(gate("echo ok", &twin("success()")).len(), 1);
}

#[test]
fn a_gate_may_ask_github_for_the_results() {
    let asks = |end: &str| format!("gh run view \"$GITHUB_RUN_ID\" --json jobs > jobs.json; jq -e .ok jobs.json {end}");
    assert!(gate(&asks("|| exit 1"), "").is_empty());
    assert_eq!(gate(&asks("|| true"), "").len(), 1);
}

#[test]
fn scripts_among_tests_and_commands_elsewhere_check() {
    let of = |command: &str| alarms(&steps(&format!("- run: {command} || true"))).len();
    for checks in [
        "python3 tests/run.py",
        "./tests/foo.sh",
        "bash scripts/ci.sh",
        "docker compose run --rm tests",
        "docker-compose up --exit-code-from app",
        "ssh host 'make test'",
        "qemu-aarch64 ./test",
        "apptainer exec img make check",
    ] {
        assert_eq!(of(checks), 1, "{checks}");
    }
    for other in ["bash tests/setup.sh", "tests/fixtures/foo.sh", "./ci.sh version", "ssh host 'rm -rf x'"] {
        assert_eq!(of(other), 0, "{other}");
    }
}

#[test]
fn a_runner_of_no_known_system_has_the_shell_that_its_scripts_are_written_in() {
    let of = |more: &str| {
        alarms(&format!(
            "on: push\njobs:\n  a:\n    runs-on: self-hosted\n    steps:\n      - run: make test | tee log.txt\n{more}"
        ))
        .len()
    };
    assert_eq!(of("      - run: sudo apt-get install x\n"), 1);
    assert_eq!(of(""), 0);
    assert_eq!(of("      - run: |\n          sudo ls\n          Write-Host $env:X\n"), 0);
}

#[test]
fn a_matrix_with_windows_counts_for_its_other_legs() {
    let of = |oses: &str, condition: &str| {
        alarms(&format!(
            "on: push\njobs:\n  a:\n    strategy:\n      matrix:\n        os: [{oses}]\n    runs-on: ${{{{ matrix.os }}}}\n    steps:\n      - run: make test | tee log.txt\n{condition}"
        ))
        .len()
    };
    assert_eq!(of("ubuntu-latest, windows-latest", ""), 1);
    assert_eq!(of("ubuntu-latest, windows-latest", "        if: runner.os == 'Windows'\n"), 0);
}

#[test]
fn a_command_that_fills_the_same_folder_needs_nothing_of_it() {
    let of = |last: &str| {
        alarms(&steps(&format!(
            "- shell: bash {{0}}\n  run: |\n    for p in a b; do\n      python -m build --outdir dist $p\n    done\n    {last}"
        )))
        .len()
    };
    assert_eq!(of("python -m build --outdir dist ."), 1);
    assert_eq!(of("twine upload dist/*.whl"), 0);
}

/// A change detection, a test that waits for it and a gate over the test with this condition and these steps.
fn over_changes(test: &str, gate: &str) -> Vec<String> {
    let mut found = alarms(&format!(
        "on: pull_request\njobs:\n  changes:\n    runs-on: ubuntu-latest\n    outputs: {{run: x}}\n    steps: [{{run: ./changes}}]\n  test:\n    needs: changes\n    if: {test}\n    runs-on: ubuntu-latest\n    steps: [{{run: make test}}]\n  required-checks:\n    needs: [test]\n    if: always()\n    runs-on: ubuntu-latest\n    steps:\n{gate}"
    ));
    found.retain(|alarm| alarm.starts_with("gate@"));
    found
}

#[test]
fn a_gate_is_played_for_the_event_that_it_counts_on() {
    const STRICT: &str = "      - run: test ${{ needs.test.result }} = success\n";
    const LAX: &str = "      - run: '[[ ${{ needs.test.result }} == success ]] || [[ ${{ needs.test.result }} == skipped ]] || exit 1'\n";
    let scheduled = "always() && (github.event_name == 'schedule' || needs.changes.outputs.run == 'true')";
    assert_eq!(over_changes(scheduled, LAX), ["gate@12"]);
    assert!(over_changes(scheduled, STRICT).is_empty());
    let by_case = "      - env:\n          FAIL: ${{ case(contains(needs.*.result, 'failure'), 1, 0) }}\n        run: exit $FAIL\n";
    assert_eq!(over_changes("needs.changes.outputs.run == 'true'", by_case), ["gate@12"]);
    // Files that are checked out play no part.
    let jq = "      - uses: actions/checkout@v4\n      - run: echo '${{ toJSON(needs) }}' | jq -e 'all(.[]; .result == \"success\" or .result == \"skipped\")'\n";
    assert_eq!(over_changes("needs.changes.outputs.run == 'true'", jq), ["gate@12"]);
    let script = "      - uses: actions/checkout@v4\n      - run: ./judge.sh '${{ toJSON(needs) }}'\n";
    assert!(over_changes("needs.changes.outputs.run == 'true'", script).is_empty());
}

#[test]
fn what_opens_a_publication_or_closes_an_issue_is_no_gate() {
    let job = |name: &str, others: &str| {
        let mut found = alarms(&format!(
            "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps: [{{run: make test}}]\n  {name}:\n    needs: [test]\n    runs-on: ubuntu-latest\n    steps: [{{run: echo passed}}]\n{others}"
        ));
        found.retain(|alarm| alarm.starts_with("gate@"));
        found.len()
    };
    let push = |name: &str| {
        format!("  push:\n    needs: {name}\n    runs-on: ubuntu-latest\n    steps: [{{run: make push}}]\n")
    };
    assert_eq!([job("all-passed", ""), job("all-passed", &push("all-passed"))], [1, 1]);
    assert_eq!([job("publish-ok", ""), job("publish-ok", &push("publish-ok"))], [1, 0]);
    assert_eq!([job("close-issue-on-success", ""), job("all-clear", "")], [0, 1]);
}

#[test]
fn a_gate_over_a_gate_leaves_out_what_that_does() {
    let text = |other: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  unit:\n    runs-on: ubuntu-latest\n    steps: [{{run: make test}}]\n  lint:\n    runs-on: ubuntu-latest\n    steps: [{{run: make lint}}]\n{other}  all-pass:\n    needs: [unit, lint]\n    if: success()\n    runs-on: ubuntu-latest\n    outputs: {{ok: '${{{{ steps.s.outputs.ok }}}}'}}\n    steps: [{{id: s, run: 'echo ok=true >> $GITHUB_OUTPUT'}}]\n  ci:\n    needs: all-pass\n    if: always()\n    runs-on: ubuntu-latest\n    steps: [{{run: 'test \"${{{{ needs.all-pass.outputs.ok }}}}\" = true || exit 1'}}]\n"
        ))
    };
    assert!(text("").is_empty(), "{:?}", text(""));
    let native = "  native:\n    runs-on: ubuntu-latest\n    steps: [{run: make test-native}]\n";
    assert_eq!(text(native), ["gate-leaves-out@18"]);
}

#[test]
fn scripts_that_actions_run_are_scripts() {
    let of = |uses: &str, input: &str, script: &str| {
        alarms(&steps(&format!("- name: Tests\n  uses: {uses}@v1\n  with:\n    {input}: |\n      {script}"))).len()
    };
    let (then, or_true) = ("make test\n      echo done", "make test || true\n      echo done");
    // bash -c goes on behind a failure, `set -e` or a line of its own does not.
    assert_eq!([of("nick-fields/retry", "command", then), of("nick-fields/retry", "command", "make test")], [1, 0]);
    assert_eq!(of("nick-fields/retry", "command", "set -e\n      make test\n      echo done"), 0);
    assert_eq!([of("addnab/docker-run-action", "run", then), of("uraimo/run-on-arch-action", "run", then)], [1, 0]);
    assert_eq!(of("uraimo/run-on-arch-action", "run", or_true), 1);
    assert_eq!(of("reactivecircus/android-emulator-runner", "script", "./gradlew connectedCheck | tee log"), 1);
    assert_eq!(of("someone/else", "run", or_true), 0);
}

#[test]
fn what_fails_in_a_subshell_may_be_caught_by_its_own_fallback() {
    let of = |end: &str| {
        alarms(&steps(&format!(
            "- name: Check archive\n  run: git archive HEAD -v | grep tests && (echo bad && exit 1) {end}"
        )))
        .len()
    };
    assert_eq!([of("|| echo good"), of("|| exit 1")], [1, 0]);
    assert!(
        alarms(&steps("- name: Check that it is gone\n  run: (kubectl get secret x && exit 1 || exit 0)")).is_empty()
    );
}

#[test]
fn gates_stand_where_changes_wait() {
    let of = |on: &str| {
        let mut found = alarms(&format!(
            "on: {on}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps: [{{run: make test}}]\n  all-passed:\n    needs: [test]\n    runs-on: ubuntu-latest\n    steps: [{{run: echo passed}}]\n"
        ));
        found.retain(|alarm| alarm.starts_with("gate@"));
        found.len()
    };
    assert_eq!([of("pull_request"), of("push"), of("workflow_call"), of("[schedule, pull_request]")], [1; 4]);
    assert_eq!([of("workflow_run"), of("workflow_dispatch"), of("schedule")], [0; 3]);
}

#[test]
fn a_name_that_is_published_is_not_empty() {
    let of = |last: &str| {
        alarms(&steps(&format!("- run: |\n    PKG=$(helm package chart | awk '{{print $NF}}')\n    {last}"))).len()
    };
    assert_eq!([of("helm push \"$PKG\" oci://x"), of("echo \"$PKG\"")], [0, 1]);
}

#[test]
fn what_warms_a_cache_by_the_name_of_its_job_is_no_check() {
    let of = |name: &str| {
        alarms(&format!("on: push\njobs:\n  {name}:\n    runs-on: ubuntu-latest\n    steps: [{{run: nix build .#deps | tee paths.txt}}]\n")).len()
    };
    assert_eq!([of("warm-nix-cache"), of("build")], [0, 1]);
}

#[test]
fn a_log_that_is_searched_for_warnings_says_nothing_of_the_failure() {
    let of = |pattern: &str| {
        alarms(&steps(&format!(
            "- run: |\n    sphinx-build docs html | tee build.log\n    n=$(grep \"{pattern}\" < build.log | wc -l)\n    if [ $n != 0 ]; then exit 1; fi"
        )))
        .len()
    };
    assert_eq!([of("WARNING: image file not readable"), of("WARNING|ERROR"), of("vet:")], [1, 0, 0]);
}

#[test]
fn a_step_runs_where_its_condition_lets_it() {
    let of = |condition: &str, script: &str| {
        alarms(&format!(
            "on: push\njobs:\n  a:\n    strategy:\n      matrix:\n        os: [ubuntu-latest, windows-latest]\n    runs-on: ${{{{ matrix.os }}}}\n    steps:\n      - if: {condition}\n        run: |\n          {script}\n"
        ))
    };
    let (pipe, two) = ("make test | tee log.txt", "make lint\n          make test");
    for windows in ["matrix.os == 'windows-latest'", "runner.os=='Windows'", "startsWith(matrix.os, 'windows')"] {
        assert!(of(windows, pipe).is_empty(), "{windows}");
        assert_eq!(of(windows, two), ["masked-command@11"], "{windows}");
    }
    for unix in ["${{ !(runner.os == 'Windows') }}", "matrix.os != 'windows-latest'"] {
        assert_eq!(of(unix, pipe), ["pipe@11"], "{unix}");
        assert!(of(unix, two).is_empty(), "{unix}");
    }
}

#[test]
fn a_gate_may_read_results_from_its_environment() {
    let gate = |env: &str, condition: &str| {
        alarms(&format!(
            "on: pull_request\njobs:\n  test:\n    runs-on: x\n    steps: [{{run: make test}}]\n  required:\n    if: always()\n    needs: [test]\n    runs-on: x\n    env: {{UNIT: '{env}'}}\n    steps: [{{if: \"{condition}\", run: exit 1}}]\n"
        ))
    };
    assert!(gate("${{ needs.test.result }}", "env.UNIT != 'success'").is_empty());
    assert!(gate("x", "contains(NEEDS.*.RESULT, 'failure')").is_empty());
    assert_eq!(gate("x", "github.ref == 'refs/heads/x'"), ["gate@6"]);
}

#[test]
fn a_gate_is_excused_by_what_runs_for_the_change() {
    let other = |condition: &str| {
        alarms(&format!(
            "on: [pull_request, schedule]\njobs:\n  test:\n    runs-on: x\n    steps: [{{run: make test}}]\n  tests-passed:\n    needs: [test]\n    runs-on: x\n    steps: [{{run: echo All tests passed}}]\n  alert:\n    if: {condition}\n    needs: [test, tests-passed]\n    runs-on: x\n    steps: [{{if: \"contains(needs.*.result, 'failure')\", run: exit 1}}]\n"
        ))
    };
    assert!(other("always()").is_empty());
    assert_eq!(other("always() && github.event_name == 'schedule'"), ["gate@6"]);
}

#[test]
fn what_a_service_is_told_to_run_is_not_the_service() {
    let of = |command: &str| alarms(&steps(&format!("- run: {command} || true"))).len();
    assert_eq!([of("docker compose run --rm -e A=1 tests"), of("docker compose run --rm tests cat x.xml")], [1, 0]);
    assert_eq!(
        [of("docker compose run -e TEST=1 web ./manage.py migrate"), of("docker compose exec -T tests ls")],
        [0, 0]
    );
    assert_eq!([of("ssh \"$HOST\" 'make test'"), of("ssh -o \"A no\" host \"docker image prune -f\"")], [1, 0]);
}
