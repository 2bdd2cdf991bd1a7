//! What the oracle says on small texts, written out by hand.

use super::*;
use crate::find::targets;

/// The oracle's answer on the first target of `kind`.
fn answer(kind: Kind, text: &str) -> Expected {
    let doc = Doc::parse(text).unwrap();
    let found = targets(&doc, false).into_iter().find(|found| found.target.kind == kind).unwrap();
    expect(text, &doc, &found)
}

#[track_caller]
fn becomes(kind: Kind, before: &str, after: &str) {
    assert_eq!(answer(kind, before), Expected::Bytes { text: after.to_owned(), may_refuse: None });
}

/// Steps of a job, with the job's lines above them.
fn steps(steps: &str) -> String {
    format!("jobs:\n  a:\n    steps:\n{steps}")
}

#[track_caller]
fn step_becomes(before: &str, after: &str) {
    becomes(Kind::StepKey, &steps(before), &steps(after));
}

#[test]
fn the_pair_s_line_goes_with_its_trailing_comment() {
    step_becomes(
        "      - run: x\n        # above stays\n        continue-on-error: true # why\n\n        # below stays\n        id: y\n",
        "      - run: x\n        # above stays\n\n        # below stays\n        id: y\n",
    );
    step_becomes("      - run: x\n        continue-on-error: \"true\"\n", "      - run: x\n");
    step_becomes("      - run: x\n        continue-on-error:\n          true\n", "      - run: x\n");
}

#[test]
fn deeper_comments_right_below_belong_to_the_pair() {
    step_becomes(
        "      - run: x\n        continue-on-error: true\n\n          # deeper\n\n          # again\n\n        # own\n          # not this\n        id: y\n",
        "      - run: x\n\n        # own\n          # not this\n        id: y\n",
    );
}

#[test]
fn the_key_behind_a_dash_hands_its_place_on() {
    step_becomes("      - continue-on-error: true\n        name: x\n", "      - name: x\n");
    step_becomes("      -   continue-on-error: true # c\n\n          name: x\n", "      -   name: x\n");
    step_becomes(
        "      - continue-on-error: true\n\n        # one\n\n        # two\n        name: x\n",
        "      - # one\n        # two\n        name: x\n",
    );
    step_becomes("      -\n        continue-on-error: true\n        name: x\n", "      -\n        name: x\n");
    step_becomes("      - # c\n        continue-on-error: true\n        name: x\n", "      - # c\n        name: x\n");
}

#[test]
fn line_ends_stay_as_they_are() {
    step_becomes(
        "      - run: x\r\n        continue-on-error: true\r\n        id: y\r\n",
        "      - run: x\r\n        id: y\r\n",
    );
    step_becomes("      - run: x\n        continue-on-error: true", "      - run: x\n");
    step_becomes("      - continue-on-error: true\r\n        run: x", "      - run: x");
}

#[test]
fn flow_mappings_lose_the_pair_and_one_comma() {
    step_becomes("      - { run: x, continue-on-error: true, id: y } # c\n", "      - { run: x, id: y } # c\n");
    step_becomes("      - { run: x, continue-on-error: 'true' }\n", "      - { run: x }\n");
    step_becomes("      - {continue-on-error: true, run: x}\n", "      - {run: x}\n");
}

#[test]
fn a_lone_key_takes_its_parent_along() {
    assert_eq!(
        answer(Kind::StepKey, &steps("      - continue-on-error: true\n")),
        Expected::Refusal("only key of a sequence item")
    );
    let before = "jobs:\n  a:\n    # c\n    continue-on-error: true\n  b:\n    runs-on: x\n";
    becomes(Kind::JobKey, before, "jobs:\n  b:\n    runs-on: x\n");
    assert_eq!(
        answer(Kind::JobKey, "jobs:\n  a:\n    continue-on-error: true\n"),
        Expected::Refusal("only key of the file")
    );
}

#[test]
fn what_an_alias_shares_is_refused() {
    let shared = "jobs:\n  a: &a\n    runs-on: x\n    continue-on-error: true\n  b: *a\n";
    assert_eq!(answer(Kind::JobKey, shared), Expected::Refusal("inside an anchored node that an alias repeats"));
    let value = "jobs:\n  a:\n    runs-on: x\n    continue-on-error: &t true\n";
    assert_eq!(answer(Kind::JobKey, value), Expected::Refusal("anchor in the span"));
}

#[test]
fn a_disabled_job_becomes_a_note() {
    becomes(
        Kind::DisabledJob,
        "on: push\njobs:\n  a:\n    runs-on: x\n\n  # of a\n\n  # of b\n  b:\n#    if: old\n    if: false # broken\n    steps:\n      - run: |\n          # text\n\n          more\n\n  # of c\n  c:\n    runs-on: x\n",
        "on: push\njobs:\n  a:\n    runs-on: x\n\n  # of a\n\n  # NOTE: b removed (2026-02-08).\n\n  # of c\n  c:\n    runs-on: x\n",
    );
}

#[test]
fn comments_below_a_job_are_judged_by_their_column() {
    becomes(
        Kind::DisabledJob,
        "jobs:\n  b:\n    if: false\n    # deeper\n\n      # deeper still\n#      commented: out\n# prose\n  a:\n    runs-on: x\n",
        "jobs:\n  # NOTE: b removed (2026-02-08).\n# prose\n  a:\n    runs-on: x\n",
    );
    becomes(
        Kind::DisabledJob,
        "jobs:\n  b:\n    if: false\n\n#      not: touching\n  a:\n    runs-on: x\n",
        "jobs:\n  # NOTE: b removed (2026-02-08).\n\n#      not: touching\n  a:\n    runs-on: x\n",
    );
}

#[test]
fn dependents_go_too_and_neighbours_share_a_note() {
    becomes(
        Kind::DisabledJob,
        "jobs:\n  a:\n    if: ${{ false }}\n    runs-on: x\n\n\n  b:\n    needs: [a]\n    runs-on: x\n\n  k:\n    runs-on: x\n\n  c:\n    needs:\n      - k\n      - b\n    runs-on: x",
        "jobs:\n  # NOTE: a and b removed (2026-02-08).\n\n  k:\n    runs-on: x\n\n  # NOTE: c removed (2026-02-08).",
    );
    let could_run = "jobs:\n  a:\n    if: false\n  b:\n    needs: a\n    if: ${{ !cancelled() }}\n";
    assert_eq!(answer(Kind::DisabledJob, could_run), Expected::Refusal("a dependent could still run"));
    let all = "jobs:\n  a:\n    if: false\n  b:\n    needs: a\n";
    assert_eq!(answer(Kind::DisabledJob, all), Expected::Refusal("all jobs of the file would go"));
}

#[test]
fn a_job_that_an_output_reads_is_refused() {
    let output = |job: &str| {
        format!(
            "on:\n  workflow_call:\n    outputs:\n      o:\n        value: ${{{{ jobs.{job}.outputs.x }}}}\n\
             jobs:\n  a:\n    if: false\n  ab:\n    runs-on: x\n"
        )
    };
    let refused = Expected::Refusal("an output of the called workflow reads the job");
    assert_eq!(answer(Kind::DisabledJob, &output("a")), refused);
    assert!(matches!(answer(Kind::DisabledJob, &output("ab")), Expected::Bytes { .. }));
}

#[test]
fn block_scalars_end_where_their_content_ends() {
    let with =
        |header: &str, body: &str| format!("jobs:\n  b:\n    if: false\n    x: {header}\n{body}  a:\n    y: z\n");
    let after = |rest: &str| format!("jobs:\n  # NOTE: b removed (2026-02-08).\n{rest}  a:\n    y: z\n");
    becomes(Kind::DisabledJob, &with("|", "      t\n\n"), &after("\n"));
    becomes(Kind::DisabledJob, &with("|+ # keep", "      t\n\n"), &after(""));
    becomes(Kind::DisabledJob, &with(">-", "      t\n    # deeper comment\n\n"), &after("\n"));
    becomes(Kind::DisabledJob, &with("|2", "      # text\n\n"), &after("\n"));
    becomes(Kind::DisabledJob, &with("|", "\n  # of a\n"), &after("\n  # of a\n"));
}

#[test]
fn false_and_is_dropped_from_simple_conditions() {
    let job = |condition: &str| format!("jobs:\n  a:\n    if: {condition}  # c\n    runs-on: x\n");
    becomes(Kind::Condition, &job("false && github.ref == 'x'"), &job("github.ref == 'x'"));
    becomes(Kind::Condition, &job("${{ false && !y }}"), &job("${{ !y }}"));
    becomes(Kind::Condition, &job("\"false && y\""), &job("\"y\""));
}

#[test]
fn constant_false_conditions_are_known() {
    use crate::condition::{is_constant_false, may_run_after_failure, simple_false_and};
    for text in
        ["false", "${{ false }}", "false && x", "x && false", "(false)", "false && (a || b)", "false && x || false"]
    {
        assert!(is_constant_false(text), "{text}");
    }
    for text in [
        "true",
        "false && a || b",
        "${{ false }} x",
        "${{ false }}\n",
        "'false'",
        "${{ false }} && ${{ true }}",
        "x == 'false && y'",
    ] {
        assert!(!is_constant_false(text), "{text}");
    }
    for text in ["false && a || b", "false && !x", "false", "x && false", "false && 'a'"] {
        assert_eq!(simple_false_and(text), None, "{text}");
    }
    assert!(may_run_after_failure("${{ ! cancelled () }}") && may_run_after_failure("Always()"));
    assert!(!may_run_after_failure("needs.failure.outputs.x == 'always()'"));
}
