//! Much of everything: files, jobs, needs, steps, legs, calls. All of it in full with `WF_FIX_HOSTILE=full`.

use crate::ground::{CI, FIX, Ground, rule, workflow};

fn full() -> bool {
    std::env::var_os("WF_FIX_HOSTILE").is_some()
}

/// A workflow with a soft step in job `j`, and so many jobs `j0`, `j1`, ... beside it.
fn jobs(count: usize, needs: impl Fn(usize) -> String) -> String {
    let job =
        |i| format!("  j{i}:\n    needs: {}\n    runs-on: x\n    steps: [{{run: make test || true}}]\n", needs(i));
    workflow("        run: make test\n") + &(0..count).map(job).collect::<String>()
}

#[test]
fn many_workflows_are_audited_and_fixed() {
    let count = if full() { 100_000 } else { 3_000 };
    let ground = Ground::of(workflow("        run: make test\n"));
    for i in 0..count {
        ground
            .write(format!(".github/workflows/w{i}.yml"), "on: push\njobs: {a: {runs-on: x, steps: [{run: make}]}}\n");
    }
    ground.commit("many");
    let said = ground.wf_fix(&["audit"]);
    assert!(said.worked().out.contains(&format!("{} files read", count + 1)));
    ground.wf_fix(&FIX).worked();
    ground.write(".wf-fix/rules/a.yml", rule("$.jobs.j.steps[0]['continue-on-error']").replace("ci.yml", "*.yml"));
    ground.wf_fix(&FIX).worked();
}

#[test]
fn ten_thousand_jobs_are_refused_at_their_place() {
    let ground = Ground::of(jobs(7_000, |i| format!("[j{}]", i.saturating_sub(1))));
    let said = ground.leaves_alone(&FIX);
    said.refused("the workflow has 7001 jobs; wf-fix follows the failures of up to 1000");
    assert!(said.err.starts_with(&format!("error: {CI}:3:3: ")), "{}", said.err);
    assert!(ground.leaves_alone(&["audit"]).worked().out.contains("the workflow has 7001 jobs"));
}

#[test]
fn needs_that_are_long_dense_or_go_round_are_followed() {
    let count = if full() { 990 } else { 120 };
    let list = |to: usize| (0..to).map(|k| format!("j{k}, ")).collect::<String>();
    for text in [
        jobs(count, |i| if i == 0 { "j".to_owned() } else { format!("j{}", i - 1) }),
        jobs(count / 4, |i| format!("[j, {}]", list(i))),
        jobs(count, |i| format!("j{}", (i + 1) % count)),
        jobs(count, |i| format!("j{i}")),
        jobs(count, |i| if i == 0 { format!("&n [{}]", list(count)) } else { "*n".to_owned() }),
        jobs(count, |i| if i == 0 { "j".to_owned() } else { format!("j{}", i - 1) }).replacen(
            "  j:\n",
            "  j:\n    if: false\n",
            1,
        ),
    ] {
        let ground = Ground::of(text);
        assert_ne!(ground.leaves_alone(&FIX).code, 1);
        ground.leaves_alone(&["audit"]).worked();
    }
}

#[test]
fn thousands_of_steps_that_ask_about_each_other_are_followed() {
    let count = if full() { 5_000 } else { 300 };
    let step = |i: usize| {
        format!(
            "      - id: s{i}\n        continue-on-error: true\n        if: steps.s{}.outcome == 'failure'\n        run: make test\n",
            i.saturating_sub(1)
        )
    };
    let ground = Ground::of(workflow("        run: make test\n") + &(0..count).map(step).collect::<String>());
    ground.leaves_alone(&FIX).worked();
    ground.leaves_alone(&["audit"]).worked();
}

#[test]
fn a_matrix_of_a_million_legs_is_not_expanded() {
    let numbers = |to: usize| (0..to).map(|n| format!("{n}, ")).collect::<String>();
    let dimensions: String = (0..3).map(|k| format!("        a{k}: [{}]\n", numbers(100))).collect();
    let includes: String = (0..5_000).map(|i| format!("          - {{a: {i}, b: 1}}\n")).collect();
    for matrix in [
        dimensions,
        format!("        a: [{}]\n", numbers(50_000)),
        format!("        a: [{}]\n        include:\n{includes}", numbers(1_000)),
        format!("        a: [{}]\n        exclude:\n{includes}", numbers(1_000)),
        (0..5_000).map(|k| format!("        a{k}: [1]\n")).collect(),
    ] {
        let strategy = format!("    strategy:\n      matrix:\n{matrix}    steps:\n");
        let ground = Ground::of(workflow("        run: make test\n").replace("    steps:\n", &strategy));
        ground.leaves_alone(&FIX).worked();
        ground.leaves_alone(&["audit"]).worked();
    }
}

#[test]
fn calls_that_go_round_end() {
    let action = |uses: &str| {
        format!("name: a\nruns:\n  using: composite\n  steps:\n    - uses: {uses}\n      continue-on-error: true\n")
    };
    let call = |file: &str| {
        format!(
            "on: workflow_call\njobs:\n  j:\n    continue-on-error: true\n    uses: ./.github/workflows/{file}\n  k:\n    needs: j\n    uses: ./.github/workflows/{file}\n"
        )
    };
    let ground = Ground::of(call("ci.yml"));
    ground.write(".wf-fix/rules/a.yml", rule("$.jobs.j['continue-on-error']"));
    for i in 0..30 {
        ground.write(format!(".github/workflows/r{i}.yml"), call(&format!("r{}.yml", (i + 1) % 30)));
    }
    ground.write(".github/workflows/to-r.yml", call("r0.yml"));
    ground.write(".github/actions/a/action.yml", action("./.github/actions/a"));
    ground.write(".github/actions/b/action.yml", action("./.github/actions/c"));
    ground.write(".github/actions/c/action.yml", action("./.github/actions/b"));
    ground.commit("calls");
    assert_ne!(ground.leaves_alone(&FIX).code, 1);
    ground.leaves_alone(&["audit"]).worked();
    ground.write(
        ".wf-fix/rules/a.yml",
        rule("$.runs.steps[0]['continue-on-error']").replace(CI, ".github/actions/b/action.yml"),
    );
    ground.commit("rule");
    assert_ne!(ground.leaves_alone(&FIX).code, 1);
}

#[test]
fn filters_and_triggers_without_end_are_read() {
    let globs = vec!["'**/a*b*c*'"; 20_000].join(", ");
    let stars = format!("['{}', '{}x', '!{}']", "*a".repeat(2_000), "**/".repeat(3_000), "[a-z]*".repeat(2_000));
    for on in [
        format!("on: [{}]\n", vec!["push"; 50_000].join(", ")),
        format!("on:\n  pull_request:\n    paths: [{globs}]\n"),
        format!("on:\n  pull_request:\n    paths: {stars}\n    branches: {stars}\n"),
        format!("on:\n  schedule:\n{}", "    - cron: '1 2 3 4 5'\n".repeat(5_000)),
    ] {
        let ground = Ground::of(workflow("        run: make test\n").replace("on: push\n", &on));
        ground.leaves_alone(&FIX).worked();
        ground.leaves_alone(&["audit"]).worked();
    }
}
