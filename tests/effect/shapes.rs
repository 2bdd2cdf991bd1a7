//! The other shapes of the reference job with their variations, composite actions, what rules expect, and what is left
//! for a run to show.

use wf_fix::effect::Says::{self, *};
use wf_fix::effect::{Effect, deferred};

use crate::repository::{GATE, LLM, PULL, Repository, SCORE, TD, TOOLS, TRUNK, built_in, own, wants};

#[test]
fn a_job_that_soft_fails() {
    let rule = built_in("M03-R02");
    let demo = Repository::demo;
    let rows: Vec<(&str, Repository, &[Says], &[&str])> = vec![
        (
            "as it is",
            demo(),
            &[FailsRun],
            &[
                "Job `llm-retrieval`: its failure reddened only its own check: the job's `continue-on-error` keeps the run green (`true`, line 15)",
                "now it fails the run that calls the workflow",
                "With it: step `Checkout the repository`",
                "Still hidden: step `Run retriever` (the step's `continue-on-error`",
            ],
        ),
        (
            "a gate was deceived",
            demo().calls(
                PULL,
                LLM,
                "",
                &format!("{GATE}    - if: needs.call.result != 'success'\n      run: exit 1\n"),
            ),
            &[FailsRun],
            &["Fails with it: job `gate` in .github/workflows/pull.yml"],
        ),
        (
            "the caller soft-fails as well",
            demo().calls(PULL, LLM, "continue-on-error: true", ""),
            &[OwnCheckOnly],
            &[".github/workflows/pull.yml:5"],
        ),
        (
            "the job never runs",
            demo().edit(LLM, "if: github.repository_owner == 'pytorch'", "if: false"),
            &[Nothing],
            &["Nothing changes at run time."],
        ),
        (
            "a step waits for a variable",
            demo().edit(
                LLM,
                "        run: zip -r llm_results.zip mappings.json",
                "        continue-on-error: ${{ vars.soft }}\n        run: zip -r llm_results.zip mappings.json",
            ),
            &[FailsRun],
            &[
                "With it: step `Checkout the repository`",
                "Step `Zip the ranking` of job `llm-retrieval`: its failure reddened only its job's own check",
                "now it depends on `vars.soft`",
            ],
        ),
    ];
    for (name, repository, says, words) in rows {
        let effect = repository.effect(&rule).unwrap_or_else(|why| panic!("{name}: {why}"));
        wants(name, &effect, says, words);
    }
}

#[test]
fn a_dead_job() {
    let rule = built_in("M03-R03");
    let demo = Repository::demo;
    let effect = demo().effect(&rule).unwrap();
    wants(
        "as it is",
        &effect,
        &[Nothing, Nothing],
        &[
            "Job `linux-jammy-py3-clang15-executorch-build` is gone; it never ran: its condition is false in every run (`false`, line 85).",
            "Job `linux-jammy-py3-clang15-executorch-test` is gone; it never ran: a job that it needs never runs",
            "Nothing changes at run time.",
        ],
    );
    assert!(effect.is_nothing());
    let could_run = demo().edit(
        TRUNK,
        "    if: false # Has been broken for a while\n",
        "    if: vars.X == 'x' # Has been broken for a while\n",
    );
    assert!(could_run.effect(&rule).unwrap_err().contains("can run, and the rule expects one that never runs"));

    let text = |condition: &str| {
        format!(
            "on: push\njobs:\n  off: {{if: false, runs-on: x, steps: [{{run: x}}]}}\n  on:\n    needs: [off]\n{condition}    runs-on: x\n    steps: [{{run: y}}]\n"
        )
    };
    let unlink = own("w.yml", "rewrites:\n  - remove-jobs: {jobs: off, dependents: unlink, expect: never-runs}\n");
    let block = |condition: &str| {
        Repository::default().with(
            "w.yml",
            &text(condition).replace(
                "  off: {if: false, runs-on: x, steps: [{run: x}]}\n",
                "  off:\n    if: false\n    runs-on: x\n    steps: [{run: x}]\n",
            ),
        )
    };
    let beyond = "the change goes beyond `effect: no-runtime-change`: job `on`";
    let why = block("").effect(&unlink).unwrap_err();
    assert!(why.starts_with("w.yml:7:3") && why.contains(beyond) && why.contains("now it runs whenever"), "{why}");
    let why = block("    if: success() || failure()\n").effect(&unlink).unwrap_err();
    assert!(why.contains(beyond), "{why}");
    let effect = block("    if: always()\n").effect(&unlink).unwrap();
    wants("who does not wait for it", &effect, &[Nothing], &["Nothing changes at run time."]);
}

#[test]
fn tests_that_soft_fail_in_two_jobs() {
    let rule = built_in("M03-R04");
    let demo = Repository::demo;
    let line = |job: &str, line: usize| {
        format!(
            "Step `Run tests` of job `{job}`: its failure was masked: the step's `continue-on-error` turns its conclusion into success (`true`, line {line}); now it fails job `{job}`, and with it the run."
        )
    };
    let (first, second) = (line("lumen-cli-unit-tests-python312", 47), line("lumen-cli-compatible-python39", 78));
    wants(
        "as it is",
        &demo().effect(&rule).unwrap(),
        &[FailsRun, FailsRun],
        &[&first, &second, "Nothing else changes"],
    );
    let off = demo().edit(
        TOOLS,
        "  lumen-cli-compatible-python39:\n    if: github.repository_owner == 'pytorch'\n",
        "  lumen-cli-compatible-python39:\n    if: false\n",
    );
    wants(
        "one never runs",
        &off.effect(&rule).unwrap(),
        &[FailsRun, Nothing],
        &[&first, "`lumen-cli-compatible-python39` never runs, before and after"],
    );
    let masked = demo().edit(
        TOOLS,
        "          pytest -v -s .ci/lumen_cli/tests\n",
        "          pytest -v -s .ci/lumen_cli/tests || true\n",
    );
    wants(
        "pytest is masked",
        &masked.effect(&rule).unwrap(),
        &[FailsRun, FailsRun],
        &["No command of the step can fail it"],
    );
    let piped = demo().edit(
        TOOLS,
        "          pytest -v -s .ci/lumen_cli/tests\n",
        "          pytest -v -s .ci/lumen_cli/tests | tee log\n",
    );
    wants("with pipefail a pipe counts", &piped.effect(&rule).unwrap(), &[FailsRun, FailsRun], &["!Still hidden"]);
}

#[test]
fn a_condition_that_is_never_true() {
    let rule = built_in("M03-R05");
    let demo = Repository::demo;
    let condition = "false && github.repository == 'pytorch/pytorch'";
    let more =
        |jobs: &str| Repository::demo().with(SCORE, &format!("{}\n{jobs}", Repository::demo().0[SCORE].trim_end()));
    let rows: Vec<(&str, Repository, &[Says], &[&str])> = vec![
        (
            "as it is",
            demo(),
            &[NowRuns],
            &[
                "Job `analysis` never ran: its condition is false in every run (`false && github.repository == 'pytorch/pytorch'`, line 24); now it runs if `github.repository == 'pytorch/pytorch'`",
                "Nothing else changes at run time.",
            ],
        ),
        (
            "the rest is always",
            demo().edit(SCORE, condition, "false && always()"),
            &[NowRuns],
            &["now it runs whenever what it stands in and needs lets it"],
        ),
        (
            "the rest is never",
            demo().edit(SCORE, condition, "false && github.event_name == 'issues'"),
            &[Nothing],
            &["Nothing changes at run time."],
        ),
        (
            "it needs a job that never runs",
            demo().edit(SCORE, condition, &format!("{condition}\n    needs: off")).edit(
                SCORE,
                "jobs:\n",
                "jobs:\n  off: {if: false, runs-on: x, steps: [{run: x}]}\n",
            ),
            &[Nothing],
            &["a job that it needs never runs (`off`"],
        ),
        (
            "a job needs it",
            more("  publish:\n    needs: analysis\n    runs-on: x\n    steps: [{run: publish}]\n"),
            &[NowRuns],
            &["Job `publish` never ran: a job that it needs never runs (`analysis`", "now it runs whenever"],
        ),
        (
            "a gate saw it skipped",
            more(
                "  gate:\n    needs: analysis\n    if: always() && needs.analysis.result == 'skipped'\n    runs-on: x\n    steps: [{run: echo}]\n",
            ),
            &[NowRuns],
            &["Job `gate` ran before, and is skipped now, when nothing fails"],
        ),
    ];
    for (name, repository, says, words) in rows {
        let effect = repository.effect(&rule).unwrap_or_else(|why| panic!("{name}: {why}"));
        wants(name, &effect, says, words);
    }
}

#[test]
fn a_step_of_a_composite_action() {
    let action = "name: a\nruns:\n  using: composite\n  steps:\n    - name: Check\n      run: check\n      shell: bash\n      continue-on-error: true\n    - name: Report\n      run: report\n      shell: bash\n";
    let rule = own(
        ".github/actions/a/action.yml",
        "rewrites:\n  - remove-key: {at: \"$.runs.steps[?@.name == 'Check']['continue-on-error']\"}\n",
    );
    let used = |keys: &str| {
        Repository::default().with(".github/actions/a/action.yml", action).with(
        "w.yml".replace('w', ".github/workflows/w").as_str(),
        &format!("on: push\njobs:\n  use:\n    runs-on: x\n    steps:\n      - name: Use\n        uses: ./.github/actions/a\n{keys}      - name: Later\n        run: later\n"),
    )
    };
    let rows: Vec<(&str, Repository, &[Says], &[&str])> = vec![
        (
            "nobody uses it",
            Repository::default().with(".github/actions/a/action.yml", action),
            &[FailsRun],
            &["fails the action, and with it the run that calls the workflow"],
        ),
        (
            "a step uses it",
            used(""),
            &[FailsRun],
            &[
                "Step `Check` of the action: its failure was masked: the action's step has `continue-on-error`",
                "fails the action, and with it the run of .github/workflows/w.yml by way of its job `use`",
                "No longer reached when it fails: step `Report`; step `Later` of job `use` in .github/workflows/w.yml",
            ],
        ),
        (
            "a soft step uses it",
            used("        continue-on-error: true\n"),
            &[StillMasked],
            &["it still is masked: the step's `continue-on-error`", "step `Report`", "!step `Later`"],
        ),
        ("a step that never runs uses it", used("        if: false\n"), &[Nothing], &["Nothing changes at run time."]),
    ];
    for (name, repository, says, words) in rows {
        let effect = repository.effect(&rule).unwrap_or_else(|why| panic!("{name}: {why}"));
        wants(name, &effect, says, words);
    }
}

#[test]
fn a_risk_is_judged_on_what_those_before_it_leave() {
    let repository = Repository::demo().calls(PULL, TD, "continue-on-error: true", "");
    let caller = own(PULL, "rewrites:\n  - remove-key: {at: \"$.jobs.call['continue-on-error']\"}\n");
    let step = built_in("M03-R01");
    let says =
        |risks: &[&wf_fix::rule::Risk], at: usize| repository.effects(risks)[at].clone().unwrap().changes[0].says();
    assert_eq!(says(&[&step], 0), OwnCheckOnly);
    assert_eq!(says(&[&step, &caller], 0), OwnCheckOnly);
    assert_eq!(says(&[&caller, &step], 1), FailsRun);
}

#[test]
fn a_rule_that_says_otherwise_is_refused() {
    let remove =
        "rewrites:\n  - remove-key: {at: \"$.jobs['lumen-cli-unit-tests-python312'].steps[3]['continue-on-error']\"}\n";
    for (effect, holds) in [
        ("", true),
        ("effect: failures-visible\n", true),
        ("effect: [documentation-only, failures-visible]\n", true),
        ("effect: documentation-only\n", false),
        ("effect: no-runtime-change\n", false),
        ("effect: condition-restored\n", false),
    ] {
        let said = Repository::demo().effect(&own(TOOLS, &format!("{effect}{remove}")));
        assert_eq!(said.is_ok(), holds, "{effect}: {said:?}");
        if let Err(why) = said {
            let place = ".github/workflows/tools-unit-tests.yml:46";
            assert!(
                why.starts_with(place) && why.contains("the change goes beyond `effect: ") && why.contains("help:"),
                "{why}"
            );
        }
    }
    let step = "rewrites:\n  - remove-key: {at: \"$.jobs['lumen-cli-unit-tests-python312'].steps[3].run\"}\neffect: failures-visible\n";
    let why = Repository::demo().effect(&own(TOOLS, step)).unwrap_err();
    assert!(why.contains("`run` differs, which the signal model does not judge"), "{why}");
}

#[test]
fn what_only_a_run_can_show_is_deferred() {
    let effects: Vec<(String, Effect)> = ["M03-R01", "M03-R02", "M03-R03", "M03-R04", "M03-R05"]
        .iter()
        .map(|id| ((*id).to_owned(), Repository::demo().effect(&built_in(id)).unwrap()))
        .collect();
    let register = deferred::register("M04", effects.iter().map(|(id, effect)| (id.as_str(), effect)));
    let ids: Vec<(&str, &str)> = register.iter().map(|entry| (entry.id.as_str(), entry.risk.as_str())).collect();
    assert_eq!(ids, [("M04-V01", "M03-R01"), ("M04-V02", "M03-R02"), ("M04-V03", "M03-R04"), ("M04-V04", "M03-R05")]);
    assert_eq!(register[0].why, "job `target-determination` runs only if `github.repository_owner == 'pytorch'`");
    assert!(register[0].observe.starts_with("a run with `github.repository_owner == 'pytorch'` in which step `Do TD`"));
    assert!(
        register[2].observe.contains("python312` or step `Run tests` of job `lumen-cli-compatible-python39` fails")
    );
    assert!(
        register[3].observe.contains("with `github.repository == 'pytorch/pytorch'`: job `analysis` is not skipped")
    );
    // What is proven in full has nothing to defer.
    let open = Repository::demo().edit(SCORE, "false && github.repository == 'pytorch/pytorch'", "false && always()");
    let effect = open.effect(&built_in("M03-R05")).unwrap();
    assert_eq!(deferred::register("M04", [("M03-R05", &effect)]), []);
}
