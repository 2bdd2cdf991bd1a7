//! What a later step, job or script makes of a result that is not allowed to count by itself, and names that hide a purpose.

use super::{action, one, steps};

fn alarms(text: &str) -> Vec<String> {
    action(&one("ci.yml", text)).iter().map(|f| format!("{}@{}", f.detector, f.place.line)).collect()
}

fn of(lines: &str) -> Vec<String> {
    alarms(&steps(lines))
}

#[test]
fn a_release_that_is_filled_strictly_must_be_there() {
    let job = |own: &str, fills: &str| {
        format!(
            "on: {{push: {{tags: ['v*']}}}}\njobs:\n  make:\n    runs-on: x\n    steps:\n      - run: |\n          gh release create v1 --notes x || true\n          {own}\n  fill:\n    needs: make\n    runs-on: x\n    steps: [{{run: {fills}}}]\n"
        )
    };
    assert!(alarms(&job("echo", "gh release upload v1 a.zip")).is_empty());
    assert_eq!(alarms(&job("echo", "gh release upload v1 a.zip || true")).len(), 2);
    assert_eq!(alarms(&job("gh release view v1 || true", "make")), ["masked-command@7"]);
}

#[test]
fn an_outcome_may_be_handed_to_a_script_that_judges() {
    let with = |name: &str, run: &str| {
        of(&format!(
            "- id: lint\n  run: npm run lint\n  continue-on-error: true\n- name: {name}\n  if: always()\n  env: {{LINT: '${{{{ steps.lint.outcome }}}}'}}\n  run: {run}"
        ))
    };
    assert!(with("Check all results", "node scripts/check-results.js").is_empty());
    assert_eq!(with("Comment on the pull request", "node scripts/comment.js"), ["step-continue-on-error@8"]);
    assert_eq!(with("Check all results", "'echo \"$LINT\"'"), ["step-continue-on-error@8"]);
}

#[test]
fn what_a_build_leaves_behind_may_have_to_be_there() {
    let then = |build: &str, upload: &str| {
        of(&format!(
            "- shell: bash {{0}}\n  run: |\n    {build}\n    ls\n- uses: actions/upload-artifact@v4\n  with: {{name: a, path: out{upload}}}"
        ))
    };
    assert!(then("ninja dist", ", if-no-files-found: error").is_empty());
    assert_eq!(then("ninja dist", ""), ["no-errexit@8"]);
    assert_eq!(then("ninja test", ", if-no-files-found: error"), ["no-errexit@8"]);
}

#[test]
fn one_leg_hands_on_nothing_of_the_others() {
    let job = |condition: &str| {
        format!(
            "on: pull_request\njobs:\n  build:\n    runs-on: x\n    continue-on-error: true\n    strategy: {{matrix: {{java: [8, 11, 17, 21]}}}}\n    steps:\n      - run: mvn verify\n      - uses: actions/upload-artifact@v4\n{condition}        with: {{name: report, path: out}}\n  use:\n    needs: build\n    runs-on: x\n    steps:\n      - uses: actions/download-artifact@v4\n        with: {{name: report}}\n      - run: ./send\n"
        )
    };
    assert!(alarms(&job("")).is_empty());
    assert_eq!(alarms(&job("        if: matrix.java == 8\n")), ["job-continue-on-error@5"]);
}

#[test]
fn a_report_that_is_compared_in_the_script_is_examined() {
    let lint = |end: &str| of(&format!("- run: |\n    pylint --exit-zero src | cut -d ' ' -f2- > now.txt\n    {end}"));
    assert!(lint("if diff base.txt now.txt | grep '>'; then\n      false\n    fi").is_empty());
    assert!(lint("cat now.txt").contains(&"tool-flag@7".to_owned()));
}

#[test]
fn marks_of_a_script_that_an_action_runs_are_read() {
    let with = |mark: &str| {
        of(&format!(
            "- uses: cross-platform-actions/action@v1\n  name: Run tests\n  continue-on-error: true\n  with:\n    operating_system: freebsd\n    run: |\n      make check\n      touch _tests_passed\n- run: |\n    if test ! -f {mark}; then exit 1; fi"
        ))
    };
    assert!(with("_tests_passed").is_empty());
    assert_eq!(with("_other_mark_x"), ["step-continue-on-error@8"]);
}

#[test]
fn a_gate_that_only_a_publication_waits_for_stands_for_changes() {
    let gate = |on: &str, condition: &str, always: &str| {
        format!(
            "on: {on}\njobs:\n  test:\n    runs-on: x\n    steps: [{{run: make test}}]\n  ci:\n    needs: test\n{always}    runs-on: x\n    steps: [{{run: echo ci passed}}]\n  out:\n    needs: ci\n    runs-on: x\n{condition}    steps: [{{run: npm publish}}]\n"
        )
    };
    let only = "    if: github.event_name != 'pull_request'\n";
    assert_eq!(alarms(&gate("[push, pull_request]", only, "")), ["gate@6"]);
    assert!(alarms(&gate("[push, pull_request]", "", "")).is_empty());
    // Where no change waits, a skip stops the publication; what always runs lets it go on.
    let named = |always: &str| {
        gate("push", "", always).replace("  ci:", "  all-green:").replace("needs: ci", "needs: all-green")
    };
    assert!(alarms(&named("")).is_empty());
    assert_eq!(alarms(&named("    if: always()\n")), ["gate@6"]);
    let ping = gate("push", "", "").replace("  ci:", "  ping-success:").replace("needs: ci", "needs: test");
    assert!(alarms(&ping.replace("echo ci passed", "curl -m 10 $URL")).is_empty());
}

#[test]
fn purposes_that_a_first_word_hides() {
    let soft = |name: &str, rest: &str| of(&format!("- name: {name}\n  continue-on-error: true\n  {rest}"));
    for (name, rest) in [
        ("Check for Secrets", "run: ./x.sh gitleaks"),
        ("Check for issues with cargo fmt", "run: cargo fmt --check"),
        ("Close Sonatype staging repository", "run: ./gradlew closeSonatypeStagingRepository"),
        ("Test", "run: raco test -l tests/x"),
    ] {
        assert_eq!(soft(name, rest).len(), 1, "{name}");
    }
    for (name, rest) in [
        ("Check if we have a cached image", "run: docker load --input image.tar"),
        ("Cleanup the host", "uses: appleboy/ssh-action@v1"),
        ("Compare sizes", "uses: github/webpack-bundlesize-compare-action@v1"),
        ("Report", "run: python3 -c \"import json; print(json.load(open('x.json'))['n'])\""),
    ] {
        assert!(soft(name, rest).is_empty(), "{name}");
    }
    let masked = |name: &str, run: &str| of(&format!("- name: {name}\n  run: {run} || true"));
    assert_eq!(masked("Check for issues with cargo fmt", "cargo fmt --check"), ["masked-command@7"]);
    assert_eq!(masked("Verify build", "node tool/dist/index.js --help"), ["masked-command@7"]);
    assert!(masked("Show the build", "node tool/dist/index.js --help").is_empty());
    assert_eq!(of("- name: Analyse\n  run: bin/tool analyse lib --ignore-failure"), ["tool-flag@7"]);
    let looks =
        |name: &str| of(&format!("- name: {name}\n  shell: bash {{0}}\n  run: |\n    ./app.test.bash ps\n    true"));
    assert!(looks("Debug Info").is_empty());
    assert_eq!(looks("Tests").len(), 1);
    let lint = |uses: &str| {
        of(&format!("- name: Run eslint\n  continue-on-error: true\n  run: npm run lint:report\n- uses: {uses}"))
    };
    assert!(lint("ataylorme/eslint-annotate-action@v3").is_empty());
    assert_eq!(lint("actions/upload-artifact@v4").len(), 1);
}

#[test]
fn legs_of_best_effort_and_early_access_say_so() {
    let job = |key: &str, name: &str| {
        format!(
            "on: pull_request\njobs:\n  build:\n    name: {name}\n    runs-on: x\n    continue-on-error: ${{{{ matrix.{key} || false }}}}\n    strategy:\n      matrix:\n        include: [{{os: a}}, {{os: b}}, {{os: c, {key}: true}}]\n    steps: [{{run: make}}]\n"
        )
    };
    assert!(alarms(&job("best_effort", "Build")).is_empty());
    assert_eq!(alarms(&job("soon", "Build")).len(), 1);
    assert!(alarms(&job("soon", "Linux (OpenJDK EA)")).is_empty());
}

#[test]
fn an_input_that_is_not_declared_is_empty() {
    let job = |on: &str, condition: &str| {
        alarms(&format!(
            "on: {on}\njobs:\n  scan:\n    runs-on: x\n    steps:\n      - name: Scan\n        if: {condition}\n        run: trivy fs .\n"
        ))
    };
    let call = "{workflow_call: {inputs: {Deep: {type: string}}}}";
    assert_eq!(job(call, "inputs.trivy"), ["never-runs@7"]);
    assert_eq!(job(call, "inputs.trivy != 'no'"), ["always-true@7"]);
    assert!(job(call, "inputs.deep").is_empty());
    assert_eq!(job("push", "inputs.deep == 'x'"), ["never-runs@7"]);
    assert_eq!(job("workflow_dispatch", "github.event.inputs.deep == 'x'"), ["never-runs@7"]);
    // A called workflow has the event of its caller.
    assert!(job(call, "github.event.inputs.other == 'x'").is_empty());
    let said =
        one("ci.yml", "on: push\njobs:\n  a:\n    if: inputs.deep\n    runs-on: x\n    steps: [{run: make test}]\n");
    assert!(
        action(&said)[0].message.ends_with("the workflow declares no input `deep`"),
        "{}",
        action(&said)[0].message
    );
}

#[test]
fn reports_of_an_action_may_be_compared_and_assets_must_be_there() {
    let scan = |next: &str| {
        of(&format!(
            "- uses: aquasecurity/trivy-action@v1\n  with: {{scan-ref: ., output: ./found.sarif, exit-code: '0'}}\n- run: {next}"
        ))
    };
    assert!(scan("diff -u base.sarif found.sarif").is_empty());
    assert_eq!(scan("cat found.sarif"), ["tool-flag@7"]);
    let build = |uses: &str| {
        of(&format!(
            "- name: Build the package\n  continue-on-error: true\n  run: sh build.sh && cp x dist/${{{{ env.NAME }}}}\n- uses: {uses}\n  with: {{asset_path: \"out/${{{{ env.NAME }}}}\"}}"
        ))
    };
    assert!(build("actions/upload-release-asset@v1").is_empty());
    assert_eq!(build("softprops/action-gh-release@v2"), ["step-continue-on-error@7"]);
    assert_eq!(of("- name: Build packages\n  run: node common/scripts/install-run-rush.js build | tee log").len(), 1);
    assert!(of("- name: Ready\n  run: node common/scripts/install-run-rush.js install | tee log").is_empty());
}
