//! What is examined because something that counts needs it, and what goes by a word or a place that says it is no check.

use super::{action, one, steps};

fn alarms(text: &str) -> Vec<String> {
    action(&one("ci.yml", text)).iter().map(|f| format!("{}@{}", f.detector, f.place.line)).collect()
}

/// A script on Windows under this shell.
fn on_windows(shell: &str, script: &str) -> String {
    let lines: String = script.lines().map(|line| format!("          {line}\n")).collect();
    format!(
        "on: pull_request\njobs:\n  a:\n    runs-on: windows-latest\n    steps:\n      - shell: {shell}\n        run: |\n{lines}"
    )
}

#[test]
fn a_build_whose_product_a_later_line_needs_is_examined() {
    for (shell, script) in [
        ("pwsh", "tool compile tests/hello.c\n./tests/hello"),
        ("pwsh", "dotnet publish src/App.csproj -o \"App\"\n7z a App.zip App\nrm -r \"App\""),
        ("cmd", "cmake -B build\ncmake --build build"),
        ("cmd", "nmake\nnmake release\necho done"),
        ("cmd", "cmake --build build\nif not exist build\\app.exe exit /b 1"),
    ] {
        assert!(alarms(&on_windows(shell, script)).is_empty(), "{script}");
    }
    for (shell, script) in [
        ("pwsh", "dotnet test\ndotnet publish src/App.csproj -o App"),
        ("pwsh", "dotnet publish src/App.csproj -o App\n7z a x.zip y\nrm -rf App"),
        ("pwsh", "npm test\n./tests/other"),
        ("cmd", "ctest --output-on-failure\necho done\ndotnet build"),
    ] {
        assert_eq!(alarms(&on_windows(shell, script)).len(), 1, "{script}");
    }
}

#[test]
fn a_step_that_builds_is_examined_by_the_step_that_packs() {
    let build = |then: &str| {
        steps(&format!(
            "      - name: Build\n        continue-on-error: true\n        run: ./release.sh\n      - name: Package\n        run: pnpm package{then}\n"
        ))
    };
    assert!(alarms(&build("")).is_empty());
    assert_eq!(alarms(&build("\n        if: always()")).len(), 1);
    let upload = |way: &str| {
        steps(&format!(
            "      - name: Build\n        continue-on-error: true\n        run: ./release.sh\n      - uses: actions/upload-artifact@v4\n        with: {{name: a, path: dist, if-no-files-found: {way}}}\n"
        ))
    };
    assert!(alarms(&upload("error")).is_empty());
    assert_eq!(alarms(&upload("warn")).len(), 1);
}

#[test]
fn a_job_is_examined_by_the_job_that_takes_its_artifact_over() {
    let text = |name: &str, more: &str| {
        format!(
            "on: pull_request\njobs:\n  build:\n    runs-on: x\n    continue-on-error: true\n    steps:\n      - run: make\n      - uses: actions/upload-artifact@v4\n        with: {{name: wheel, path: dist}}\n{more}  test:\n    needs: build\n    runs-on: x\n    steps:\n      - uses: actions/download-artifact@v4\n        with: {{name: {name}}}\n      - run: make test\n"
        )
    };
    assert!(alarms(&text("wheel", "")).is_empty());
    assert_eq!(alarms(&text("other", "")), ["job-continue-on-error@5"]);
    assert_eq!(alarms(&text("wheel", "      - run: pytest\n")), ["job-continue-on-error@5"]);
}

#[test]
fn what_runs_once_something_has_failed_hides_nothing() {
    let again = |soft: &str| {
        steps(&format!(
            "      - id: tests\n        run: ctest{soft}\n      - if: always() && steps.tests.outcome == 'failure'\n        run: ctest --rerun-failed || true\n"
        ))
    };
    assert!(alarms(&again("")).is_empty());
    assert!(!alarms(&again("\n        continue-on-error: true")).is_empty());
}

#[test]
fn a_pipe_before_a_line_that_fails_only_shows() {
    let script = |last: &str| steps(&format!("      - run: |\n          npm test | tee log\n          {last}\n"));
    assert!(alarms(&script("false # the log says why")).is_empty());
    assert_eq!(alarms(&script("true")), ["pipe@7"]);
}

#[test]
fn a_script_that_ends_with_what_it_has_counted_looks() {
    let script = |lines: &str| {
        let lines: String = lines.lines().map(|line| format!("          {line}\n")).collect();
        steps(&format!("      - name: Lint\n        shell: bash {{0}}\n        run: |\n{lines}"))
    };
    let function = "bad() {\n  npm run lint \"$1\" ||\n  FOUND=1\n}\nFOUND=0\n";
    assert!(alarms(&script(&format!("{function}bad a\nbad b\nexit $FOUND"))).is_empty());
    assert!(alarms(&script("npm test || RC=1\nnpm run lint || RC=1\nexit $RC")).is_empty());
    // What is not counted is lost all the same.
    assert_eq!(alarms(&script(&format!("{function}npm test\nbad a\nexit $FOUND"))).len(), 1);
    assert_eq!(alarms(&script("npm test\nnpm run lint || RC=1\nexit $RC")).len(), 1);
}

#[test]
fn the_build_of_a_dependency_sets_up() {
    let script = |last: &str| {
        on_windows("cmd", &format!("git clone https://example.org/zlib.git\ncd zlib\ncmake -B build\n{last}\ncd .."))
    };
    assert!(alarms(&script("cmake --build build --target install")).is_empty());
    assert!(!alarms(&script("cmake --build build --target all")).is_empty());
}

#[test]
fn a_step_that_does_nothing_is_no_loss() {
    assert!(alarms(&steps("      - name: Nothing\n        if: false\n        run: echo\n")).is_empty());
    assert_eq!(alarms(&steps("      - name: Nothing\n        if: false\n        run: echo x > log\n")).len(), 1);
}

#[test]
fn tags_that_are_all_taken_out_leave_the_branches() {
    let text = |filters: &str| {
        format!("on:\n  push:\n{filters}\njobs:\n  a:\n    runs-on: x\n    steps: [{{run: npm publish}}]\n")
    };
    assert!(alarms(&text("    branches: [main]\n    tags: ['!**']")).is_empty());
    assert_eq!(alarms(&text("    tags: ['!**']")), ["switched-off@3"]);
}

#[test]
fn a_head_that_says_by_hand_speaks_for_the_triggers() {
    let text = |head: &str| {
        format!(
            "{head}\non:\n  # pull_request:\n  workflow_dispatch:\njobs:\n  a:\n    runs-on: x\n    steps: [{{run: npm test}}]\n"
        )
    };
    assert!(alarms(&text("# When? It can only be run manually.")).is_empty());
    assert_eq!(alarms(&text("# Tests")).len(), 1);
}

#[test]
fn a_gate_may_have_a_step_for_each_job_and_says_so_for_none_that_it_leaves_out() {
    let needs: String = (0..8).map(|n| format!("  j{n}:\n    runs-on: x\n    steps: [{{run: npm test}}]\n")).collect();
    let looks: String =
        (0..7).map(|n| format!("      - if: needs.j{n}.result != 'success'\n        run: exit 1\n")).collect();
    let text = format!(
        "on: pull_request\njobs:\n{needs}  ci-all:\n    needs: [j0, j1, j2, j3, j4, j5, j6, j7]\n    if: always()\n    runs-on: x\n    steps:\n{looks}"
    );
    assert_eq!(alarms(&text), ["gate@27"]);
    let whole = text + "      - if: needs.j7.result != 'success'\n        run: exit 1\n";
    assert!(alarms(&whole).is_empty());
}

#[test]
fn a_step_that_prints_what_a_gate_needs_is_no_look() {
    let text = |job: &str| {
        format!(
            "on: pull_request\njobs:\n  shards:\n    runs-on: x\n    outputs: {{n: '${{{{ steps.a.outputs.n }}}}'}}\n    steps: [{{id: a, run: ./shards}}]\n  test:\n    needs: shards\n    if: needs.shards.outputs.n > 0\n    runs-on: x\n    steps: [{{run: npm test}}]\n  done:\n    needs: test\n    if: always()\n    runs-on: x\n    steps:\n      - if: contains(needs.*.result, 'failure')\n        run: exit 1\n      - run: {job}\n"
        )
    };
    assert_eq!(alarms(&text("echo \"${{ toJSON(needs) }}\"")), ["gate@12"]);
    assert!(alarms(&text("test \"${{ needs.test.result }}\" = success")).is_empty());
}

#[test]
fn a_tweet_that_waits_for_a_release_is_no_gate() {
    let text = "on: push\njobs:\n  release:\n    runs-on: x\n    steps: [{run: npm publish}]\n  tweet:\n    needs: release\n    if: needs.release.result == 'success'\n    runs-on: x\n    steps: [{run: './tweet || exit 1'}]\n";
    assert!(alarms(text).is_empty());
}

#[test]
fn what_a_fixer_has_changed_may_be_looked_at() {
    let script = |next: &str| steps(&format!("- run: pre-commit run -a || true\n- run: {next}\n"));
    assert!(alarms(&script("git diff --exit-code")).is_empty());
    assert_eq!(alarms(&script("git diff")), ["masked-command@6"]);
    let plain = "- run: npx eslint . || true\n- run: git diff --exit-code\n";
    assert_eq!(alarms(&steps(plain)), ["masked-command@6"]);
}

#[test]
fn an_image_that_a_later_line_uses_was_built() {
    let script = |next: &str| steps(&format!("- run: |\n    docker build -t app:test . || true\n    {next}\n"));
    assert!(alarms(&script("docker run app:test")).is_empty());
    assert_eq!(alarms(&script("docker run other")), ["masked-command@7"]);
}

#[test]
fn the_same_step_later_counts_for_an_earlier_one() {
    let twice = |last: &str| {
        steps(&format!("- name: Publish\n  run: ./publish.sh\n  continue-on-error: true\n- run: ./publish.sh\n{last}"))
    };
    assert!(alarms(&twice("")).is_empty());
    assert_eq!(alarms(&twice("  if: vars.X == 'x'\n")), ["step-continue-on-error@8"]);
}

#[test]
fn a_file_that_is_all_comments_may_say_why() {
    assert!(alarms("# Disabled since the machines are no more\n# on: push\n# jobs: {}\n").is_empty());
    assert_eq!(alarms("# on: push\n# jobs: {}\n").len(), 1);
}

#[test]
fn a_head_speaks_for_the_only_job() {
    let text = |head: &str, more: &str| {
        format!(
            "{head}\non: pull_request\njobs:\n  pypy:\n    runs-on: x\n    continue-on-error: true\n    steps: [{{run: npm test}}]\n{more}"
        )
    };
    assert!(alarms(&text("# Non-blocking: a best-effort target.", "")).is_empty());
    let other = "  other:\n    runs-on: x\n    steps: [{run: npm test}]\n";
    assert_eq!(alarms(&text("# Non-blocking: a best-effort target.", other)).len(), 1);
    assert_eq!(alarms(&text("# Tests", "")).len(), 1);
}

#[test]
fn a_list_of_jobs_that_shall_not_block_is_a_reason_to_leave_them_out() {
    let text = |name: &str| {
        format!(
            "on: pull_request\njobs:\n  unit:\n    runs-on: x\n    steps: [{{run: npm test}}]\n  lint:\n    runs-on: x\n    steps: [{{run: npm run lint}}]\n  wasm:\n    runs-on: x\n    env: {{{name}: wasm done}}\n    steps: [{{run: cargo test}}]\n  done:\n    needs: [unit, lint]\n    if: always()\n    runs-on: x\n    steps:\n      - if: contains(needs.*.result, 'failure') || contains(needs.*.result, 'skipped')\n        run: exit 1\n"
        )
    };
    assert!(alarms(&text("EXPECTED_NONBLOCKING_JOBS")).is_empty());
    assert_eq!(alarms(&text("JOBS")), ["gate-leaves-out@13"]);
}

#[test]
fn a_bot_that_keeps_up_and_the_set_up_of_an_agent_check_nothing() {
    let by_hand = |name: &str| {
        format!(
            "name: {name}\non:\n  # schedule: [{{cron: '0 0 * * *'}}]\n  workflow_dispatch:\njobs:\n  a:\n    runs-on: x\n    steps: [{{run: npm test}}]\n"
        )
    };
    let by_hand = |name: &str| by_hand(name).replace("  # schedule: [", "  # schedule:\n  #   - [");
    assert!(alarms(&by_hand("Upgrade dependencies")).is_empty());
    assert_eq!(alarms(&by_hand("Upgrade tests")).len(), 1);
    let soft = steps("- run: npm test || true\n");
    let found = |name: &str| action(&one(name, &soft)).len();
    assert_eq!((found("copilot-setup-steps.yml"), found("ci.yml")), (0, 1));
}
