//! On what occasions something is soft, or never runs, and what that says.

use super::{action, all, one, steps};

fn alarms(text: &str) -> Vec<String> {
    action(&one("ci.yml", text)).iter().map(|f| format!("{}@{}", f.detector, f.place.line)).collect()
}

#[test]
fn an_input_is_there_only_where_someone_starts_the_run() {
    let text = |events: &str, soft: &str| {
        format!(
            "on:\n  workflow_dispatch: {{inputs: {{soft: {{type: boolean, default: true}}}}}}\n{events}jobs:\n  a:\n    runs-on: x\n    steps:\n      - {{run: npm test, continue-on-error: \"${{{{ {soft} }}}}\"}}\n"
        )
    };
    assert!(alarms(&text("  pull_request:\n", "inputs.soft")).is_empty());
    assert!(alarms(&text("  pull_request:\n", "inputs.soft == 'true'")).is_empty());
    assert_eq!(alarms(&text("  pull_request:\n", "!inputs.soft")).len(), 1);
    assert_eq!(alarms(&text("", "inputs.soft")).len(), 1);
}

#[test]
fn each_part_of_an_expression_has_to_say_that_a_leg_may_fail() {
    let text = |soft: &str| {
        format!(
            "on: pull_request\njobs:\n  a:\n    runs-on: x\n    continue-on-error: ${{{{ {soft} }}}}\n    strategy: {{matrix: {{include: [{{v: 1}}, {{v: 2}}, {{v: 3, experimental: true}}]}}}}\n    steps: [{{run: npm test}}]\n"
        )
    };
    assert!(alarms(&text("matrix.experimental || false")).is_empty());
    assert_eq!(alarms(&text("matrix.experimental || matrix.v == 2")).len(), 1);
}

#[test]
fn outputs_of_a_step_that_is_not_there_are_empty() {
    let text = |id: &str| {
        steps(&format!(
            "      - {{id: bump, run: make version}}\n      - {{name: Keep, run: tar c dist, if: steps.{id}.outputs.released == 'true'}}\n"
        ))
    };
    assert!(alarms(&text("bump")).is_empty());
    assert!(alarms(&text("Bump")).is_empty());
    assert_eq!(alarms(&text("release")), ["never-runs@7"]);
}

#[test]
fn what_waits_for_a_leg_may_be_checked_elsewhere() {
    let text = |other: &str| {
        format!(
            "on: pull_request\njobs:\n  a:\n    runs-on: x\n    strategy: {{matrix: {{v: [1]}}}}\n    steps:\n      - name: Build with all of it\n        if: matrix.v == 2 && github.actor != 'x'\n        uses: ./build\n{other}"
        )
    };
    assert_eq!(alarms(&text("")), ["never-runs@8"]);
    let way = |operator: &str| {
        format!(
            "      - name: Test the rest\n        if: matrix.v {operator} 2 && github.actor != 'x'\n        run: npm test\n"
        )
    };
    assert!(alarms(&text(&way("!="))).is_empty());
    assert_eq!(alarms(&text(&way("=="))), ["never-runs@8", "never-runs@11"]);
    assert!(alarms(&text("  b: {runs-on: x, steps: [{uses: ./build}]}\n")).is_empty());
    let again = "on: push\njobs: {b: {runs-on: x, steps: [{name: Build with all of it, run: make}]}}\n";
    let off = again.replace("run: make", "run: make, if: false");
    let both = |other: &str| action(&all(&[("ci.yml", &text("")), ("more.yml", other)])).len();
    assert_eq!(both(again), 0);
    assert_eq!(both(&off), 2);
}

#[test]
fn the_template_of_code_scanning_has_a_step_for_builds_by_hand() {
    let text = |mode: &str| {
        format!(
            "on: pull_request\njobs:\n  a:\n    runs-on: x\n    strategy: {{matrix: {{build-mode: [none]}}}}\n    steps:\n      - {{name: Run manual build steps, if: matrix.build-mode == '{mode}', run: exit 1}}\n"
        )
    };
    assert!(alarms(&text("manual")).is_empty());
    assert_eq!(alarms(&text("auto")).len(), 1);
}

#[test]
fn the_set_up_of_conda_makes_login_shells_strict() {
    let text = |uses: &str, shell: &str| {
        steps(&format!(
            "      - uses: {uses}\n      - shell: {shell} {{0}}\n        run: |\n          pytest\n          echo done\n"
        ))
    };
    assert!(alarms(&text("conda-incubator/setup-miniconda@v3", "bash -l")).is_empty());
    assert_eq!(alarms(&text("conda-incubator/setup-miniconda@v3", "bash")).len(), 1);
    assert_eq!(alarms(&text("mamba-org/setup-micromamba@v2", "bash -l")).len(), 1);
}

#[test]
fn text_over_lines_of_powershell_is_no_list_of_programs() {
    let text = |quote: &str| {
        steps(&format!(
            "      - shell: powershell\n        run: |\n          $script={quote}\n          make\n          make install\n          {quote}\n          bash.exe -c $script\n"
        ))
    };
    assert!(alarms(&text("'")).is_empty());
    assert!(!alarms(&text("")).is_empty());
}

#[test]
fn words_of_a_template_are_no_reason() {
    let text = |comment: &str| {
        format!(
            "# {comment}\non:\n  # push:\n  workflow_dispatch:\njobs: {{a: {{runs-on: x, steps: [{{run: npm test}}]}}}}\n"
        )
    };
    assert_eq!(alarms(&text("Controls when the action will run.")).len(), 1);
    assert!(alarms(&text("Too slow for each change: three hours.")).is_empty());
    let job = |name: &str| {
        format!(
            "# Jobs:\n#  - {name}: asks two databases\non: pull_request\njobs: {{{name}: {{runs-on: x, continue-on-error: true, steps: [{{run: npm test}}]}}}}\n"
        )
    };
    assert_eq!(alarms(&job("advisory-audit")).len(), 1);
}

#[test]
fn a_workflow_that_answers_issues_holds_no_change_up() {
    let text = |event: &str| {
        format!("on: {event}\njobs: {{a: {{runs-on: x, steps: [{{run: npm test, continue-on-error: true}}]}}}}\n")
    };
    assert!(alarms(&text("issues")).is_empty());
    assert_eq!(alarms(&text("[issues, pull_request]")).len(), 1);
}

#[test]
fn names_and_comments_of_what_is_looked_at_only() {
    let step = |name: &str, more: &str| steps(&format!("      - name: {name}\n        run: ./probe || true\n{more}"));
    assert!(alarms(&step("Check the network (for debugging)", "")).is_empty());
    assert_eq!(alarms(&step("Check the network (twice)", "")).len(), 1);
    let soft = |comment: &str| {
        steps(&format!(
            "      # continue-on-error: {comment}\n      - run: npm test\n        continue-on-error: true\n"
        ))
    };
    assert!(alarms(&soft("a transient rate limit must not fail the whole run")).is_empty());
    assert_eq!(alarms(&soft("true")).len(), 1);
    let leg = |key: &str| {
        format!(
            "on: pull_request\njobs:\n  a:\n    runs-on: x\n    continue-on-error: ${{{{ matrix.{key} }}}}\n    strategy: {{matrix: {{include: [{{v: 1}}, {{v: 2}}, {{v: 3, {key}: true}}]}}}}\n    steps: [{{run: npm test}}]\n"
        )
    };
    assert!(alarms(&leg("isSnapshot")).is_empty());
    assert_eq!(alarms(&leg("isLast")).len(), 1);
}

#[test]
fn a_name_that_a_pipe_gives_may_be_needed_as_a_file() {
    let text = |key: &str| {
        steps(&format!(
            "      - run: echo \"TAR=$(npm pack --json | jq -r '.[0].filename')\" >> $GITHUB_ENV\n      - uses: acme/upload@v1\n        with:\n          {key}: lib/${{{{ env.TAR }}}}\n"
        ))
    };
    assert!(alarms(&text("file")).is_empty());
    assert_eq!(alarms(&text("title")).len(), 1);
}
