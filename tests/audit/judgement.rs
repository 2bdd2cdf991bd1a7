//! The rules of `tests/labels/README.md`, each with places that it decides.

use super::{action, one, steps};

/// What needs action among these steps of a job on Linux.
fn alarms(lines: &str) -> Vec<String> {
    action(&one("ci.yml", &steps(lines))).iter().map(|f| format!("{}: {}", f.detector, f.message)).collect()
}

fn fine(cases: &[&str]) {
    for lines in cases {
        let found = alarms(lines);
        assert!(found.is_empty(), "{lines}\n{found:?}");
    }
}

fn needs_action(cases: &[&str]) {
    for lines in cases {
        assert_eq!(alarms(lines).len(), 1, "{lines}\n{:?}", alarms(lines));
    }
}

#[test]
fn what_neither_checks_nor_publishes_is_fine() {
    fine(&[
        "- name: Upload coverage\n  uses: codecov/codecov-action@v4\n  continue-on-error: true",
        "- uses: codecov/codecov-action@v4\n  with: {fail_ci_if_error: false}",
        "- name: Cache deps\n  uses: actions/cache@v4\n  continue-on-error: true",
        "- name: Install dependencies\n  run: npm ci || true",
        "- run: sudo apt-get update || true",
        "- run: docker stop db || true",
        "- run: kubectl delete ns test --ignore-not-found || true",
        "- run: helm uninstall x || true",
        "- run: pkill -f server || true",
        "- run: make clean || true",
        "- run: cat build/log.txt || true",
        "- run: docker compose logs || true",
        "- name: Comment on PR\n  uses: actions/github-script@v7\n  continue-on-error: true\n  with: {script: 'await github.rest.issues.createComment({})'}",
        "- uses: org/send-slack-message@v1\n  continue-on-error: true",
        "- name: Publish test results\n  uses: EnricoMi/publish-unit-test-result-action@v2\n  continue-on-error: true",
        "- name: Run benchmarks\n  run: cargo bench\n  continue-on-error: true",
        "- name: Log in to Docker Hub\n  uses: docker/login-action@v3\n  continue-on-error: true",
        "- name: Delete old release\n  run: gh release delete nightly --yes || true",
        "- run: git commit -am x || true",
        "- run: git diff --quiet || git commit -am x",
        "- run: npm uninstall foo || true",
        "- run: grep -c warning log.txt || true",
        "- run: curl -sf http://localhost:8080/health || true",
        "- uses: peter-evans/create-pull-request@v6\n  continue-on-error: true",
        "- name: Free disk space\n  run: sudo rm -rf /opt/x || true",
        "- name: Set up Python\n  uses: actions/setup-python@v5\n  continue-on-error: true",
        "- run: which node || true",
        "- run: node --version || true",
        "- run: brew install x || brew upgrade x || true",
        "- name: Trigger docs build\n  uses: peter-evans/repository-dispatch@v3\n  continue-on-error: true",
        "- name: Generate SBOM\n  uses: anchore/sbom-action@v0\n  continue-on-error: true",
        "- name: Update badge\n  run: ./scripts/update_badge.sh\n  continue-on-error: true",
        "- run: python -m pip install --upgrade pip || true",
        "- run: xcrun simctl boot 'iPhone 15' || true",
        "- run: adb uninstall com.x || true",
        "- run: psql -c 'create database x' || true",
        "- run: pre-commit install || true",
        "- run: npx playwright install || true",
        "- run: yarn install --frozen-lockfile || yarn install",
        "- run: cat x | jq -r .v",
        "- run: curl -sSL https://x | bash",
        "- name: Check if the release exists\n  run: gh release view v1\n  continue-on-error: true",
        "- name: Warm up cache\n  run: npm run build\n  continue-on-error: true",
    ]);
}

#[test]
fn masked_checks_and_publications_need_action() {
    needs_action(&[
        "- run: npm test || true",
        "- run: npm run lint || true",
        "- run: npm audit || true",
        "- run: yarn build || echo 'build failed'",
        "- run: npx eslint . || true",
        "- run: npx tsc --noEmit || true",
        "- run: poetry run pytest || true",
        "- run: python -m mypy src || true",
        "- run: bandit -r src || true",
        "- run: python setup.py test || true",
        "- run: hatch run test || true",
        "- run: composer test || true",
        "- run: uvx ruff check . || true",
        "- run: npx jest --ci || exit 0",
        "- run: pylint src --exit-zero",
        "- uses: lycheeverse/lychee-action@v1\n  with: {fail: false}",
        "- run: cargo clippy -- -D warnings || true",
        "- run: go vet ./... || true",
        "- run: ./gradlew test || true",
        "- run: mvn -B verify || true",
        "- run: mvn test -Dmaven.test.failure.ignore=true",
        "- run: dotnet test || true",
        "- run: bundle exec rspec || true",
        "- run: vendor/bin/phpunit || true",
        "- run: ctest --output-on-failure || true",
        "- run: terraform validate || true",
        "- run: trivy fs . || true",
        "- run: docker run --rm app pytest || true",
        "- run: docker compose run app npm test || true",
        "- run: bash -c 'cd x && make check' || true",
        "- run: ./scripts/run_tests.sh || true",
        "- run: python tools/check_links.py || true",
        "- run: npm publish || true",
        "- run: twine upload dist/* || true",
        "- run: docker push org/app || true",
        "- name: Security audit\n  run: cargo audit\n  continue-on-error: true",
        "- name: Type check\n  run: pnpm typecheck\n  continue-on-error: true",
        "- name: Test with coverage\n  run: pytest --cov=x\n  continue-on-error: true",
        "- name: Build documentation\n  run: make html\n  continue-on-error: true",
        "- name: Check formatting\n  run: black --check .\n  continue-on-error: true",
        "- uses: golangci/golangci-lint-action@v6\n  continue-on-error: true",
        "- name: Deploy preview\n  uses: cloudflare/wrangler-action@v3\n  continue-on-error: true",
        "- name: Publish to PyPI\n  uses: pypa/gh-action-pypi-publish@release/v1\n  continue-on-error: true",
        "- name: Build and push\n  uses: docker/build-push-action@v6\n  continue-on-error: true",
        "- name: Vulnerability scan\n  uses: aquasecurity/trivy-action@0.20.0\n  with: {exit-code: '0'}",
        "- run: flake8 --exit-zero",
        "- run: cargo test 2>&1 | tee out.log",
        "- run: make -j4 | tail -n 100",
        "- run: xcodebuild test -scheme X | xcpretty",
        "- run: go test ./... | grep -v 'no test files'",
        "- run: |\n    set +e\n    npm test\n    npm run lint\n    echo done",
        "- name: Compare with baseline\n  run: ./compare.sh base head\n  continue-on-error: true",
    ]);
}

#[test]
fn a_reason_counts_and_a_restatement_does_not() {
    fine(&[
        "- run: npm test\n  continue-on-error: true  # flaky on this runner",
        "# The registry is often down; a failure here says nothing about the change.\n- run: npm audit\n  continue-on-error: true",
        "- name: Lint\n  # not enforced yet, enable when all warnings are gone\n  continue-on-error: true\n  run: npm run lint",
        "- name: Lint (non-blocking)\n  run: npm run lint\n  continue-on-error: true",
        "- name: Experimental tests\n  run: npm test\n  continue-on-error: true",
        "- run: npm test || true  # informational only",
        "- if: false  # needs a GPU runner, which we do not have\n  run: npm test",
        "- if: false  # hangs, see https://example.com/issues/1\n  run: npm test",
        "- if: false  # too flaky\n  run: npm test",
        "# https://example.com/issues/1\n- run: npm test\n  continue-on-error: true  # https://example.com/issues/1",
    ]);
    needs_action(&[
        "- run: npm test\n  continue-on-error: true  # don't fail the build",
        "- run: npm test\n  continue-on-error: true  # TODO",
        "# Ignore failures\n- run: npm test\n  continue-on-error: true",
        "# Run the unit tests on all platforms\n- run: npm test\n  continue-on-error: true",
        "# We use npm because yarn is slow\n- run: npm test\n  continue-on-error: true",
        "- run: npm test\n  continue-on-error: true  # temporary",
        "- run: npm test\n  continue-on-error: true  # Allow failure for now",
        "- if: false  # disabled for now\n  run: npm test",
        "- if: false  # broken\n  run: npm test",
        "- if: false\n  # if: github.event_name == 'push'\n  run: npm test",
        "- if: ${{ false }}\n  uses: actions/upload-artifact@v4",
    ]);
}

#[test]
fn a_result_is_examined_where_something_can_fail_for_it() {
    fine(&[
        "- id: t\n  run: npm test\n  continue-on-error: true\n- if: always() && steps.t.outcome != 'success'\n  run: exit 1",
        "- id: t\n  run: npm test\n  continue-on-error: true\n- env: {OK: \"${{ steps.t.outcome == 'success' }}\"}\n  run: '[ \"$OK\" = true ]'",
        "- id: t\n  run: npm test\n  continue-on-error: true\n- if: steps.t.outcome == 'failure'\n  uses: actions/github-script@v7\n  with: {script: 'core.setFailed(\"x\")'}",
        "- id: t\n  run: npm test\n  continue-on-error: true\n- if: steps.t.outcome == 'failure'\n  name: Retry\n  run: npm test",
        "- run: npm test || echo failed > status.txt\n- run: test ! -f status.txt",
        "- run: npm run lint | tee lint.log\n- run: '! grep error lint.log'",
        "- run: flake8 --select=E9 .\n- run: flake8 --exit-zero .",
        "- name: Lint\n  run: npx eslint -f sarif -o r.sarif .\n  continue-on-error: true\n- uses: github/codeql-action/upload-sarif@v3\n  with: {sarif_file: r.sarif}",
        "- run: mvn test -Dmaven.test.failure.ignore=true\n- uses: dorny/test-reporter@v1\n  with: {name: t, path: x, reporter: java-junit}",
        "- run: |\n    set +e\n    npm test\n    rc=$?\n    set -e\n    exit $rc",
        "- run: npm test | tee log; exit ${PIPESTATUS[0]}",
    ]);
    needs_action(&[
        "- id: t\n  run: npm test\n  continue-on-error: true\n- if: steps.t.outcome == 'failure'\n  run: echo '::warning::tests failed'",
        "- id: t\n  run: npm test\n  continue-on-error: true\n- if: steps.t.outcome == 'failure'\n  uses: actions/github-script@v7\n  with: {script: 'github.rest.issues.create({})'}",
        "- id: scan\n  run: trivy fs .\n  continue-on-error: true\n- uses: github/codeql-action/upload-sarif@v3\n  continue-on-error: true",
    ]);
}

#[test]
fn openly_soft_legs_are_fine_and_others_are_not() {
    let job = |soft: &str, matrix: &str| {
        let text = format!(
            "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    continue-on-error: {soft}\n    strategy:\n      matrix:\n{matrix}    steps:\n      - run: npm test\n"
        );
        action(&one("ci.yml", &text)).len()
    };
    let versions = "        node: ['18', '20', nightly]\n";
    let include = "        node: ['18', '20']\n        experimental: [false]\n        include: [{node: '23', experimental: true}]\n";
    assert_eq!(job("${{ matrix.node == 'nightly' }}", versions), 0);
    assert_eq!(job("${{ matrix.experimental }}", include), 0);
    assert_eq!(job("${{ matrix.node == '18' }}", versions), 1);
    assert_eq!(job("true", versions), 1);
    assert_eq!(job("${{ github.event_name == 'schedule' }}", versions), 0);
    assert_eq!(job("${{ github.event_name == 'pull_request' }}", versions), 1);
}

#[test]
fn inputs_count_by_who_turns_them_on() {
    let called = "on:\n  workflow_call:\n    inputs:\n      soft: {type: boolean, default: false}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    continue-on-error: ${{ inputs.soft }}\n    steps:\n      - run: npm test\n";
    let caller = |soft: &str| {
        format!("on: push\njobs:\n  a:\n    uses: ./.github/workflows/t.yml\n    with: {{soft: {soft}}}\n")
    };
    let count = |soft: &str| {
        let files = [(".github/workflows/t.yml", called.to_owned()), (".github/workflows/c.yml", caller(soft))];
        let files = files.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect();
        action(&wf_fix::audit::audit(&files, &[])).len()
    };
    assert_eq!(count("false"), 0);
    assert_eq!(count("true"), 1);
}

#[test]
fn a_job_is_what_its_steps_do() {
    let job = |head: &str, steps: &str| {
        let text = format!("on: pull_request\njobs:\n  {head}\n    continue-on-error: true\n{steps}");
        action(&one("ci.yml", &text)).len()
    };
    let run = |script: &str| {
        format!("    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: {script}\n")
    };
    assert_eq!(job("linux:", &run("make test")), 1);
    assert_eq!(job("notify:", &run("./send.sh")), 0);
    assert_eq!(job("build_artifact:", &run("./x")), 1);
    assert_eq!(job("telemetry-summary:", &run("./x")), 0);
    assert_eq!(job("x:", "    uses: org/repo/.github/workflows/run-tests.yml@v1\n"), 1);
    assert_eq!(job("x:", "    uses: org/repo/.github/workflows/label-issues.yml@v1\n"), 0);
}

#[test]
fn gates_are_known_by_what_they_do() {
    let gate = |name: &str, body: &str| {
        let text = format!(
            "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps: [{{run: npm test}}]\n  {name}:\n    needs: test\n    runs-on: ubuntu-latest\n{body}"
        );
        action(&one("ci.yml", &text)).len()
    };
    assert_eq!(gate("summary", "    steps: [{run: echo Success}]\n"), 1);
    assert_eq!(gate("ci-ok", "    if: ${{ !cancelled() }}\n    steps: [{run: echo ok}]\n"), 1);
    assert_eq!(gate("ci-ok", "    if: ${{ failure() }}\n    steps: [{run: exit 1}]\n"), 0);
    assert_eq!(
        gate(
            "ci-ok",
            "    if: always()\n    steps: [{uses: re-actors/alls-green@v1, with: {jobs: '${{ toJSON(needs) }}'}}]\n"
        ),
        0
    );
    assert_eq!(
        gate("ci-ok", "    if: always()\n    steps: [{run: 'test \"${{ needs.test.result }}\" = success'}]\n"),
        0
    );
    assert_eq!(gate("deploy", "    steps: [{run: ./deploy.sh}]\n"), 0);
    assert_eq!(
        gate(
            "finish",
            "    if: always()\n    steps: [{uses: coverallsapp/github-action@v2, with: {parallel-finished: true}}]\n"
        ),
        0
    );
}

#[test]
fn comments_among_the_keys_and_restatements_with_a_clause() {
    fine(&[
        "- name: Test\n  # Its registry is down too often: https://example.com/issues/1 lets it fail.\n  if: vars.X != 'x'\n  continue-on-error: true\n  run: npm test",
        "- name: Test\n  run: npm test\n  # continue-on-error because the upstream suite is a canary until proven stable\n  timeout-minutes: 5\n  continue-on-error: true",
        "- name: Push schema\n  # There may be no schema, so let that pass\n  continue-on-error: true\n  run: docker push x",
    ]);
    needs_action(&[
        "- run: npm test\n  continue-on-error: true  # Don't fail the workflow if Docker Hub tests fail",
        "# Runs the linter:\n# - Prints issues of changed lines only\n# - Fails the job if any error is found\n- name: Lint\n  continue-on-error: true\n  run: npm run lint",
        "- if: false  # see https://example.com/pull/1\n  run: npm test",
    ]);
}

#[test]
fn what_a_step_writes_may_be_examined_later() {
    let scan = "- run: pip-audit --format json --output audit.json\n  continue-on-error: true\n";
    let reader = |script: &str| format!("{scan}- run: {script}");
    assert_eq!(alarms(&reader("grep -q vulns audit.json && exit 1")).len(), 0);
    assert_eq!(alarms(&reader("cat audit.json")).len(), 1);
    assert_eq!(alarms("- run: npm test\n- run: npm test || true\n").len(), 0);
    assert_eq!(alarms("- run: npm test\n  working-directory: a\n- run: npm test || true\n").len(), 1);
    assert_eq!(alarms("- run: cd a && npm test\n- run: npm test || true\n").len(), 1);
    assert_eq!(alarms("- run: npm publish\n- run: npm publish || true\n").len(), 1);
    assert_eq!(alarms("- run: yarn run lint\n- run: yarn run lint:css || true\n").len(), 0);
    assert_eq!(alarms("- run: npm test\n- run: npm test\n  continue-on-error: true").len(), 0);
    fine(&[
        "- run: |\n    for f in a b; do\n      npm test $f\n    done | tee log.txt\n    grep -q error log.txt && exit 1",
    ]);
}

#[test]
fn loops_that_fail_in_the_end_retry() {
    needs_action(&["- run: |\n    for i in 1 2 3; do\n      docker push x && break\n      sleep 10\n    done"]);
    fine(&[
        "- run: |\n    for i in 1 2 3; do\n      [ $i = 3 ] && exit 1\n      docker push x && break\n      sleep 10\n    done",
    ]);
}

#[test]
fn actions_are_told_to_succeed_by_what_they_hand_on() {
    needs_action(&[
        "- uses: GitGuardian/ggshield-action@v1\n  with: {args: --show-secrets --exit-zero}",
        "- uses: aquasecurity/tfsec-pr-commenter-action@v1\n  with: {soft_fail_commenter: true}",
    ]);
    fine(&["- uses: GitGuardian/ggshield-action@v1\n  with: {args: --show-secrets}"]);
}

#[test]
fn a_gate_may_say_what_it_leaves_out_but_not_what_it_is() {
    let gate = |comment: &str| {
        let text = format!(
            "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps: [{{run: npm test}}]\n  build:\n    runs-on: ubuntu-latest\n    steps: [{{run: npm run build}}]\n  lint:\n    runs-on: ubuntu-latest\n    steps: [{{run: npm run lint}}]\n  # {comment}\n  ci-ok:\n    needs: [test, build]\n    if: always()\n    runs-on: ubuntu-latest\n    steps: [{{uses: re-actors/alls-green@v1, with: {{jobs: '${{{{ toJSON(needs) }}}}'}}}}]\n"
        );
        action(&one("ci.yml", &text)).len()
    };
    assert_eq!(gate("The branch protection waits for this job, or pull requests merge when something fails."), 1);
    assert_eq!(gate("lint is optional, so it is not included here"), 0);
}

#[test]
fn a_gate_that_passes_when_change_detection_fails_is_blind() {
    let text = "on: pull_request\njobs:\n  changes:\n    runs-on: ubuntu-latest\n    outputs: {code: x}\n    steps: [{id: f, uses: dorny/paths-filter@v3}]\n  test:\n    needs: changes\n    if: needs.changes.outputs.code == 'true'\n    runs-on: ubuntu-latest\n    steps: [{run: npm test}]\n  gate:\n    needs: [changes, test]\n    if: always()\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          if [ \"${{ needs.changes.outputs.code }}\" != \"true\" ]; then\n            exit 0\n          fi\n          [ \"${{ needs.test.result }}\" = success ]\n";
    assert_eq!(action(&one("ci.yml", text)).len(), 1);
    let strict =
        text.replace("          if [", "          [ \"${{ needs.changes.result }}\" = success ]\n          if [");
    assert_eq!(action(&one("ci.yml", &strict)).len(), 0);
}
