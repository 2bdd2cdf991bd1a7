//! The five shapes, and variations of them in which the claim no longer holds, or another one does: the proof follows
//! the files, and nothing of it is typed in.

use crate::repository::{LLM, PULL, Repository, SCORE, TD, TOOLS, TRUNK, built_in, own};
use wf_fix::effect::Says::{self, *};
use wf_fix::effect::{Effect, deferred};

/// What a row wants: what each own change comes to, and words of the effect; a `!` in front means their absence.
fn wants(name: &str, effect: &Effect, says: &[Says], words: &[&str]) {
    let own: Vec<Says> = effect.changes.iter().filter(|change| change.own).map(wf_fix::effect::Change::says).collect();
    let text = effect.to_string();
    assert_eq!(own, says, "{name}:\n{text}");
    for word in words {
        match word.strip_prefix('!') {
            Some(absent) => assert!(!text.contains(absent), "{name}: says {absent}:\n{text}"),
            None => assert!(text.contains(word), "{name}: does not say {word}:\n{text}"),
        }
    }
}

/// A step behind `Do TD`.
fn after_td(keys: &str) -> Repository {
    let text = Repository::demo().0[TD].clone();
    Repository::demo().with(TD, &format!("{}\n      - name: Next\n{keys}", text.trim_end()))
}

const GATE: &str = "gate:\n  needs: call\n  if: always()\n  runs-on: ubuntu-latest\n  steps:\n";
const WAITS: &str = "test:\n  needs: call\n  runs-on: ubuntu-latest\n  steps: [{run: make test}]\n";

#[test]
fn a_step_that_soft_fails() {
    let rule = built_in("M03-R01");
    let demo = Repository::demo;
    let called = |keys: &str, jobs: &str| demo().calls(PULL, TD, keys, jobs);
    let job = |from: &str, to: &str| demo().edit(TD, from, to);
    let guard = "    if: github.repository_owner == 'pytorch'\n";
    let script = "          python -m tools.td.rank --history .td/history --llm .td/llm --out td_results.json\n";
    let rows: Vec<(&str, Repository, &[Says], &[&str])> = vec![
        ("as it is", demo(), &[FailsRun], &[
            "Step `Do TD` of job `target-determination`: its failure was masked: the step's `continue-on-error`",
            "line 52); now it fails job `target-determination`, and with it the run that calls the workflow",
            "`Upload ranking` reads `steps.td.outcome`, and is skipped then, as before",
            "A run decides whether it runs: `github.repository_owner == 'pytorch'` (job `target-determination`, line 10)",
            "Nothing else changes at run time.", "!No longer reached", "!Still hidden",
        ]),
        ("a caller", called("", WAITS), &[FailsRun], &[
            "with it the run of .github/workflows/pull.yml by way of its job `call`",
            "a required check takes for success: job `test` in .github/workflows/pull.yml", "!none in this repository",
        ]),
        ("the caller soft-fails", called("continue-on-error: true", WAITS), &[OwnCheckOnly], &[
            "now it reddens its job's own check, and the run stays green: the job's `continue-on-error` keeps the run",
            ".github/workflows/pull.yml:5", "!and with it the run", "!job `test`",
        ]),
        ("the caller soft-fails by an expression", called("continue-on-error: ${{ inputs.soft }}", ""), &[Depends], &[
            "now it depends on `inputs.soft` (.github/workflows/pull.yml:5)",
        ]),
        ("the caller never runs", called("if: false", ""), &[Nothing], &[
            "never runs, before and after: the job that calls it never runs (`call`, .github/workflows/pull.yml:3)",
            "Nothing changes at run time.",
        ]),
        ("the caller needs a job that never runs",
            called("needs: off", "off:\n  if: false\n  runs-on: x\n  steps: [{run: x}]"), &[Nothing],
            &["the job that calls it never runs", "a job that it needs never runs (`off`"]),
        ("two callers, one soft",
            called("", "").calls(".github/workflows/soft.yml", TD, "continue-on-error: true", ""), &[FailsRun], &[
            "the run of .github/workflows/pull.yml by way of its job `call`, but not that of .github/workflows/soft.yml by \
             way of its job `call`: the job's `continue-on-error` keeps the run green",
        ]),
        ("two callers, both soft",
            called("continue-on-error: true", "").calls(".github/workflows/soft.yml", TD, "continue-on-error: true", ""),
            &[OwnCheckOnly], &["pull.yml:5", "soft.yml:5"]),
        ("two callers, one dead", called("", "").calls(".github/workflows/dead.yml", TD, "if: false", ""), &[FailsRun],
            &["By way of .github/workflows/dead.yml by way of its job `call` it never runs", "the run of .github/workflows/pull.yml"]),
        ("two levels of callers",
            demo().with(".github/workflows/mid.yml", "on: workflow_call\njobs: {td: {uses: ./.github/workflows/target_determination.yml}}\n")
                .calls(PULL, ".github/workflows/mid.yml", "if: inputs.td", ""), &[FailsRun],
            &["the run of .github/workflows/pull.yml by way of its job `call`", "`inputs.td` (job `call`, .github/workflows/pull.yml:5)"]),
        ("two levels, the upper one soft",
            demo().with(".github/workflows/mid.yml", "on: workflow_call\njobs: {td: {uses: ./.github/workflows/target_determination.yml}}\n")
                .calls(PULL, ".github/workflows/mid.yml", "continue-on-error: true", ""), &[OwnCheckOnly], &["pull.yml:5"]),
        ("two levels, the lower one soft",
            demo().with(".github/workflows/mid.yml", "on: workflow_call\njobs: {td: {continue-on-error: true, uses: ./.github/workflows/target_determination.yml}}\n")
                .calls(PULL, ".github/workflows/mid.yml", "", WAITS), &[OwnCheckOnly], &["mid.yml:2", "!job `test`"]),
        ("it runs by itself too", job("on:\n  workflow_call:\n", "on:\n  workflow_call:\n  push:\n").calls(PULL, TD, "", ""), &[FailsRun],
            &["and with it the run, also where it is called: .github/workflows/pull.yml"]),
        ("it runs by itself, the caller is soft",
            job("on:\n  workflow_call:\n", "on:\n  workflow_call:\n  push:\n").calls(PULL, TD, "continue-on-error: true", ""), &[FailsRun],
            &["and with it the run, but not that of .github/workflows/pull.yml"]),
        ("the job soft-fails", job(guard, "    continue-on-error: true\n"), &[OwnCheckOnly],
            &["the job's `continue-on-error` keeps the run green (`true`, line 10)", "!A run decides whether"]),
        ("the job soft-fails by an expression", job(guard, "    continue-on-error: ${{ github.event_name == 'push' }}\n"), &[Depends],
            &["now it depends on `github.event_name == 'push'` (line 10)"]),
        ("the job soft-fails in a leg",
            job(guard, "    continue-on-error: ${{ matrix.soft }}\n    strategy: {matrix: {py: [1, 2], include: [{py: 2, soft: true}]}}\n"),
            &[InLegs], &["now it is masked for 2, true", "and elsewhere it fails the run"]),
        ("the job never runs", job(guard, "    if: false\n"), &[Nothing], &["never runs, before and after: its job never runs", "Nothing changes at run time."]),
        ("the job needs one that never runs",
            job(guard, "    needs: off\n").edit(TD, "jobs:\n", "jobs:\n  off: {if: false, runs-on: x, steps: [{run: x}]}\n"), &[Nothing],
            &["a job that it needs never runs (`off`"]),
        ("the step never runs", job("        id: td\n", "        id: td\n        if: false\n"), &[Nothing], &["its condition is false in every run (`false`"]),
        ("the step has a condition", job("        id: td\n", "        id: td\n        if: inputs.rank\n"), &[FailsRun],
            &["A run decides whether it runs: `inputs.rank` (step `Do TD` of job `target-determination`, line 52)"]),
        ("a command is masked too", job(script, &script.replace(".json\n", ".json || true\n")), &[FailsRun],
            &["Still hidden: `python -m tools.td.rank", "`||` runs something that succeeds instead"]),
        ("no command can fail it", job("          git fetch --no-tags origin main\n", "          git fetch --no-tags origin main || true\n")
            .edit(TD, script, &script.replace(".json\n", ".json || true\n")), &[FailsRun],
            &["No command of the step can fail it, so nothing becomes visible by this"]),
        ("the shell goes on", job("        id: td\n", "        id: td\n        shell: bash {0}\n"), &[FailsRun],
            &["Still hidden: `set -x`", "the shell runs without `-e`"]),
        ("a step behind it waits for success", after_td("        run: make next\n"), &[FailsRun], &["No longer reached when it fails: step `Next`"]),
        ("a step behind it runs always", after_td("        if: always()\n        run: make next\n"), &[FailsRun], &["!step `Next`"]),
        ("a step behind it runs on failure", after_td("        if: failure()\n        run: make next\n"), &[FailsRun],
            &["Reached only when it fails, as it shows now: step `Next`"]),
        ("a step behind it reads its conclusion", after_td("        if: always() && steps.td.conclusion == 'success'\n        run: make next\n"),
            &[FailsRun], &["Step `Next` reads `steps.td.conclusion`, and is skipped then."]),
        ("a script behind it reads its outcome", after_td("        if: always()\n        run: test \"${{ steps.td.outcome }}\" = success\n"),
            &[FailsRun], &["`Next` reads `steps.td.outcome`, and does what a run decides then, as before"]),
        ("another step fails in its place", after_td("        if: steps.td.outcome == 'failure'\n        run: exit 1\n"), &[Same],
            &["its failure failed the run before, and still does", "`Next` reads `steps.td.outcome`, and is skipped then."]),
        ("a gate ignores it", called("", &format!("{GATE}    - run: echo done\n")), &[FailsRun],
            &["must not stand for it as a required check: job `gate` in .github/workflows/pull.yml"]),
        ("a gate looks", called("", &format!("{GATE}    - if: contains(needs.*.result, 'failure')\n      run: exit 1\n")), &[FailsRun],
            &["Fails with it: job `gate` in .github/workflows/pull.yml"]),
        ("a gate looks at a soft caller", called("continue-on-error: true", &format!("{GATE}    - if: contains(needs.*.result, 'failure')\n      run: exit 1\n")),
            &[OwnCheckOnly], &["!Fails with it", "!job `gate`"]),
        ("a gate decides in its script", called("", &format!("{GATE}    - run: test \"${{{{ needs.call.result }}}}\" = success\n")), &[FailsRun],
            &["A run decides what becomes then of: job `gate`"]),
        ("a job runs only on its failure", called("", "mail:\n  needs: call\n  if: failure()\n  runs-on: x\n  steps: [{run: mail}]\n"), &[FailsRun],
            &["Reached only when it fails, as it shows now: job `mail` in .github/workflows/pull.yml"]),
        ("a caller cannot be read", demo().with(PULL, "on: push\njobs: {td: {uses: ./.github/workflows/target_determination.yml}, a: {}, a: {}}\n"),
            &[FailsRun], &[".github/workflows/pull.yml refers to it and cannot be read: duplicate key `a`"]),
        ("it waits in the background", job("        id: td\n", "        id: td\n        background: true\n"), &[FailsRun],
            &["!No longer reached", "and with it the run"]),
    ];
    for (name, repository, says, words) in rows {
        let effect = repository.effect(&rule).unwrap_or_else(|why| panic!("{name}: {why}"));
        wants(name, &effect, says, words);
    }
}

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
        "    if: github.ref == 'x' # Has been broken for a while\n",
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
                "No longer reached when it fails: step `Report`, step `Later` of job `use` in .github/workflows/w.yml",
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
