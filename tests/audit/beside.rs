//! What stands beside a place and settles it: variables that are handed on, words of a caller, a status that is posted.

use super::{action, one, steps};

fn alarms(text: &str) -> Vec<String> {
    action(&one("ci.yml", text)).iter().map(|f| format!("{}@{}", f.detector, f.place.line)).collect()
}

#[test]
fn a_variable_that_is_handed_on_may_be_asked_for() {
    let text = |name: &str, end: &str| {
        steps(&format!(
            "      - name: Run the tests\n        continue-on-error: true\n        run: make test && echo \"PASSED=true\" >> $GITHUB_ENV\n      - name: Save\n        uses: actions/upload-artifact@v4\n      - if: env.{name} != 'true'\n        run: {end}\n"
        ))
    };
    assert!(alarms(&text("PASSED", "exit 1")).is_empty());
    assert_eq!(alarms(&text("PASSED", "echo oh")).len(), 1);
    assert_eq!(alarms(&text("OTHER", "exit 1")).len(), 1);
}

#[test]
fn a_function_is_looked_at_where_it_is_called() {
    let text = |end: &str| {
        steps(&format!(
            "      - name: Validate\n        shell: bash\n        run: |\n          bare() {{\n            make lint | tr -d ' '\n          }}\n          found=$(bare || true)\n          if [ -n \"$found\" ]; then\n            {end}\n          fi\n"
        ))
    };
    assert!(alarms(&text("exit 1")).is_empty());
    assert_eq!(alarms(&text("echo \"$found\"")).len(), 1);
}

#[test]
fn words_that_are_printed_may_give_the_reason() {
    let text = |said: &str| steps(&format!("      - run: make test || echo \"{said}\"\n"));
    assert!(alarms(&text("::warning::Experimental job, so failures are let pass")).is_empty());
    assert_eq!(alarms(&text("::warning::failures are let pass")).len(), 1);
}

#[test]
fn an_image_that_is_pulled_first_is_a_cache() {
    let text = |pull: &str| {
        steps(&format!(
            "      - name: Pull\n        run: docker compose pull app{pull}\n      - name: Test\n        run: docker compose run app\n      - name: Push\n        continue-on-error: true\n        run: docker compose push app\n"
        ))
    };
    assert_eq!(alarms(&text(" || true")), [""; 0]);
    assert_eq!(alarms(&text("")).len(), 1);
}

#[test]
fn the_head_may_speak_of_all_places() {
    let text = |head: &str| {
        format!(
            "# Undoes a release. {head}.\non: workflow_dispatch\njobs:\n  first: {{runs-on: x, steps: [{{run: make check}}]}}\n  second:\n    needs: first\n    runs-on: x\n    steps:\n      - name: Check again\n        continue-on-error: true\n        run: make test\n"
        )
    };
    assert!(alarms(&text("Each part is best-effort (continue-on-error), so one never blocks the others")).is_empty());
    assert_eq!(alarms(&text("Each part has continue-on-error")).len(), 1);
    assert_eq!(alarms(&text("Each part is best-effort")).len(), 1);
}

#[test]
fn a_reason_above_the_jobs_own_soft_fail_counts_for_its_steps() {
    let text = |comment: &str| {
        format!(
            "on: pull_request\njobs:\n  quality:\n    runs-on: x\n    # {comment}\n    continue-on-error: true\n    steps:\n      - id: lint\n        continue-on-error: true\n        run: make lint\n      - if: always()\n        env: {{LINT: \"${{{{ steps.lint.outcome }}}}\"}}\n        run: '[ \"$LINT\" = success ] || exit 1'\n"
        )
    };
    assert!(alarms(&text("Shows problems as annotations without blocking merges")).is_empty());
    assert!(!alarms(&text("The linters")).is_empty());
}

#[test]
fn a_comment_stands_above_the_key_of_a_condition() {
    let text = |comment: &str| {
        format!(
            "on: push\njobs:\n  a:\n    runs-on: x\n    # {comment}\n    if:\n      ${{{{ vars.X == 'x' && 'run' == 'no' }}}}\n    steps: [{{run: make audit}}]\n"
        )
    };
    assert!(alarms(&text("Off: the action is archived, and GitHub audits the same")).is_empty());
    assert_eq!(alarms(&text("Off for now")).len(), 1);
}

#[test]
fn a_status_that_is_posted_speaks_for_the_job() {
    let text = |post: &str| {
        format!(
            "on: pull_request\njobs:\n  verify: {{runs-on: x, steps: [{{run: make check}}]}}\n  final-status:\n    needs: [verify]\n    if: always()\n    runs-on: x\n    steps:\n      - if: needs.verify.result == 'failure'\n        run: echo \"STATE=failure\" >> $GITHUB_ENV\n      - run: {post}\n"
        )
    };
    assert!(alarms(&text("gh api /repos/o/r/statuses/abc -f state=\"$STATE\"")).is_empty());
    assert_eq!(alarms(&text("echo \"$STATE\"")), ["gate@4"]);
}

#[test]
fn a_job_that_answers_others_is_no_check() {
    let text = |outputs: &str| {
        format!(
            "on: pull_request\njobs:\n  diff_check:\n    runs-on: x\n    continue-on-error: true\n{outputs}    steps:\n      - uses: actions/checkout@v4\n      - name: Look at the files\n        id: d\n        run: echo \"skip=$(git diff --name-only | wc -l)\" >> $GITHUB_OUTPUT\n"
        )
    };
    assert!(alarms(&text("    outputs: {skip: \"${{ steps.d.outputs.skip }}\"}\n")).is_empty());
    assert_eq!(alarms(&text("")).len(), 1);
}

#[test]
fn tables_know_what_only_prepares() {
    for run in
        ["cachix push main $i", "attic push ci ./result", "helm plugin install --verify=false https://x/helm-unittest"]
    {
        assert!(
            alarms(&steps(&format!(
                "      - name: Test\n        run: |\n          {run} || true\n          make test\n"
            )))
            .is_empty(),
            "{run}"
        );
    }
    let gradle = |with: &str| {
        steps(&format!("      - uses: gradle/gradle-build-action@v3\n        continue-on-error: true\n{with}"))
    };
    assert!(alarms(&gradle("")).is_empty());
    assert_eq!(alarms(&gradle("        with: {arguments: check}\n")).len(), 1);
    let warms = |comment: &str| {
        steps(&format!(
            "      - run: |\n          make all\n          # {comment}\n          go test -c ./all || true\n"
        ))
    };
    assert!(alarms(&warms("Build the tests to warm the cache")).is_empty());
    assert_eq!(alarms(&warms("Build the tests")).len(), 1);
}

#[test]
fn a_matrix_may_be_asked_for_what_it_cannot_hold() {
    let text = |leg: &str, condition: &str| {
        format!(
            "on: pull_request\njobs:\n  a:\n    runs-on: x\n    strategy: {{matrix: {{include: [{{{leg}}}]}}}}\n    steps:\n      - run: make test\n      - if: {condition}\n        run: npm install\n"
        )
    };
    assert_eq!(alarms(&text("platform: windows-latest", "matrix.os == 'windows-latest'")), ["never-runs@8"]);
    assert!(alarms(&text("platform: ubuntu-latest", "matrix.os == 'windows-latest'")).is_empty());
    assert_eq!(alarms(&text("os: x, slow: true", "matrix.slow == 'true'")), ["never-runs@8"]);
    assert!(alarms(&text("os: x, slow: 'true'", "matrix.slow == 'true'")).is_empty());
}

#[test]
fn builds_apart_do_not_stand_for_each_other() {
    let text = |first: &str, second: &str| {
        steps(&format!("      - shell: pwsh\n        run: |\n          {first}\n          {second}\n"))
    };
    assert_eq!(alarms(&text("nmake CFG=dll", "nmake CFG=lib")).len(), 1);
    assert!(alarms(&text("nmake all CFG=dll", "nmake install CFG=dll")).is_empty());
    assert_eq!(alarms(&text("cmake --build b --target tools", "cmake --build b --target docs")).len(), 1);
    assert!(alarms(&text("cmake -G 'Visual Studio 17' .", "msbuild lib.sln")).is_empty());
}

#[test]
fn a_file_that_git_compares_is_looked_at() {
    let text = |end: &str| {
        steps(&format!("      - run: |\n          cargo deny check | sed 's/ *$//' > LICENSES.txt\n          {end}\n"))
    };
    assert!(alarms(&text("git diff --exit-code LICENSES.txt")).is_empty());
    assert_eq!(alarms(&text("git diff LICENSES.txt")).len(), 1);
}

#[test]
fn a_later_gate_catches_what_an_earlier_one_skips() {
    let text = |last: &str| {
        format!(
            "on: pull_request\njobs:\n  fast: {{runs-on: x, steps: [{{run: make test}}]}}\n  all-checks:\n    needs: [fast]\n    runs-on: x\n    steps: [{{run: 'true'}}]\n  slow:\n    needs: [all-checks]\n    runs-on: x\n    steps: [{{run: make slow-test}}]\n  all-done:\n    needs: [slow]\n    if: always()\n    runs-on: x\n    steps:\n      - run: exit 1\n        if: needs.slow.result {last}\n"
        )
    };
    assert!(!alarms(&text("!= 'success'")).contains(&"gate@4".to_owned()));
    assert!(alarms(&text("== 'failure'")).contains(&"gate@12".to_owned()));
}

#[test]
fn a_trigger_that_would_start_nothing_is_not_missed() {
    let text = |condition: &str| {
        format!(
            "on:\n  # push:\n  workflow_dispatch:\njobs:\n  a:\n    if: {condition}\n    runs-on: x\n    steps: [{{run: make test}}]\n"
        )
    };
    assert!(alarms(&text("github.event_name != 'push' && github.actor != 'bot'")).is_empty());
    assert_eq!(alarms(&text("github.actor != 'bot'")).len(), 1);
}

#[test]
fn names_tell_what_only_makes_room_or_measures() {
    let name = |name: &str, run: &str| {
        alarms(&steps(&format!("      - name: {name}\n        continue-on-error: true\n        run: {run}\n"))).len()
    };
    assert_eq!(name("Delete old release assets", "gh api -X DELETE x"), 0);
    assert_eq!(name("Upload release assets", "gh release upload x"), 1);
    assert_eq!(name("Check coverage", "./coverage.sh --min 80"), 1);
    assert_eq!(name("Push the updated list", "git commit -am list && git push"), 0);
    assert_eq!(name("Push the image", "make push-image"), 1);
    assert_eq!(name("Generate API documentation", "make x"), 1);
}

#[test]
fn a_comment_above_the_job_says_what_its_checks_are_worth() {
    let text = |comment: &str| {
        format!(
            "on: pull_request\njobs:\n  # {comment}\n  lint:\n    runs-on: x\n    steps:\n      - run: make prepare\n      - name: Lint\n        continue-on-error: true\n        run: make lint\n"
        )
    };
    assert!(alarms(&text("Apart from the others because we don't want to enforce this")).is_empty());
    assert_eq!(alarms(&text("Made apart, to prevent noise in the output of the build")).len(), 1);
}

#[test]
fn a_leg_that_is_only_named_for_what_it_does_needs_a_reason() {
    let text = |reason: &str| {
        format!(
            "on: pull_request\njobs:\n  a:\n    runs-on: x\n    continue-on-error: ${{{{ matrix.continue-on-error }}}}\n    strategy:\n      matrix:\n        include:\n          - {{os: a}}\n          - {{os: b}}\n          - {{os: c}}\n          - {{os: d}}\n          - os: e\n            continue-on-error: true{reason}\n          - os: f\n            continue-on-error: true\n    steps: [{{run: make test}}]\n"
        )
    };
    assert_eq!(alarms(&text("")).len(), 1);
    assert!(alarms(&text(" # https://example.com/issues/7")).is_empty());
}

/// What a rule of this file must not let pass: each was once let pass, and each is one alarm.
#[test]
fn what_only_looks_alike_settles_nothing() {
    let all = [
        steps(
            "      - continue-on-error: true\n        run: |\n          echo \"VERSION=1\" >> $GITHUB_ENV\n          make test\n      - run: |\n          if [ -z \"$VERSION\" ]; then exit 1; fi\n",
        ),
        steps("      - run: |\n          make all\n          # Run the tests against the primed cache\n          make test || true\n"),
        steps("      - run: cargo audit || echo \"::warning::a security advisory was found\"\n"),
        steps("      - run: cargo test || echo \"Tests with optional features failed\"\n"),
        steps("      - run: pytest || echo \"failed, is the optional server running?\"\n"),
        steps("      - run: |\n          cd core && cargo test && cd ..\n          cargo clippy --workspace\n"),
        steps(
            "      - run: docker pull o/builder || true\n      - name: Push release image\n        continue-on-error: true\n        run: docker push o/app:v1\n",
        ),
        steps(
            "      - name: Push to production\n        continue-on-error: true\n        run: |\n          git commit --allow-empty -m x\n          git push heroku main\n",
        ),
        steps(
            "      - shell: bash\n        run: |\n          lint() {\n            make lint | tr -d ' '\n          }\n          report=$(lint || true)\n          echo \"$report\"\n          if [ ! -f dist/app ]; then\n            exit 1\n          fi\n",
        ),
        "# This workflow looks the dependencies up in the advisory database and runs the tests.\non: pull_request\njobs:\n  first: {runs-on: x, steps: [{run: make check}]}\n  second:\n    runs-on: x\n    steps: [{run: make test, continue-on-error: true}]\n".to_owned(),
        "on: pull_request\njobs:\n  # The experimental parser is tested as well, and the stable one first\n  tests:\n    runs-on: x\n    steps: [{run: make test, continue-on-error: true}]\n".to_owned(),
        "on: pull_request\njobs:\n  verify: {runs-on: x, steps: [{run: make check}]}\n  ci-success:\n    needs: [verify]\n    if: always()\n    runs-on: x\n    steps:\n      - run: echo \"${{ needs.verify.result }}\"\n      - name: Link the preview\n        run: gh api repos/o/r/statuses/x -f state=success -f context=preview\n".to_owned(),
        "on: [pull_request, schedule]\njobs:\n  fast: {runs-on: x, steps: [{run: make test}]}\n  ci-success:\n    needs: [fast]\n    runs-on: x\n    steps: [{run: echo all good}]\n  slow: {needs: [ci-success], runs-on: x, steps: [{run: make bench}]}\n  report:\n    needs: [slow]\n    if: always() && github.event_name == 'schedule'\n    runs-on: x\n    steps:\n      - if: needs.slow.result != 'success'\n        run: exit 1\n".to_owned(),
    ];
    for text in all {
        assert_eq!(alarms(&text).len(), 1, "{text}");
    }
}

#[test]
fn what_is_fine_stays_so() {
    let all = [
        "on: pull_request\njobs:\n  test:\n    runs-on: x\n    continue-on-error: ${{ matrix.continue-on-error }}\n    strategy:\n      matrix:\n        rust: ['1.70', '1.75', stable]\n        continue-on-error: [false]\n        include:\n          - {rust: beta, continue-on-error: true}\n          - {rust: nightly, continue-on-error: true}\n    steps: [{run: cargo test}]\n",
        "on: push\njobs:\n  a:\n    runs-on: x\n    # Disabled because hosted runners have no GPU, see #12\n    # if: github.event_name == 'push'\n    if: false\n    steps: [{run: make test}]\n",
        "on: push\njobs:\n  a:\n    runs-on: x\n    # flaky on hosted runners (maybe the driver?)\n    if: false\n    steps: [{run: make test}]\n",
        "on: push\njobs:\n  a:\n    runs-on: windows-latest\n    steps:\n      - run: |\n          cmake --build build --target ALL_BUILD\n          cmake --build build --target INSTALL\n",
        "on: push\njobs:\n  stale:\n    runs-on: x\n    continue-on-error: true\n    steps:\n      - {name: Label stale issues, uses: ./}\n",
    ];
    for text in all {
        assert!(alarms(text).is_empty(), "{text}");
    }
}

#[test]
fn a_comment_at_another_key_explains_no_leg() {
    let text = |other: &str| {
        format!(
            "on: pull_request\njobs:\n  a:\n    runs-on: x\n    continue-on-error: ${{{{ matrix.continue-on-error }}}}\n    strategy:\n      matrix:\n        include:\n          - {{os: a}}\n          - {{os: b}}\n          - {{os: c}}\n          - os: d\n            continue-on-error: true{other}\n          - os: e\n            continue-on-error: true\n    steps:\n      - run: make test\n      - uses: actions/upload-artifact@v4\n        continue-on-error: true # the report\n"
        )
    };
    assert_eq!(alarms(&text("")).len(), 1);
    assert!(alarms(&text(" # the tool has no release for it")).is_empty());
}
