//! The first of the five shapes, a step that soft-fails, and variations of it in which the claim no longer holds, or another one does: the proof follows
//! the files, and nothing of it is typed in.

use crate::repository::{GATE, PULL, Repository, TD, WAITS, built_in, wants};
use wf_fix::effect::Says::{self, *};

/// A step behind `Do TD`.
fn after_td(keys: &str) -> Repository {
    let text = Repository::demo().0[TD].clone();
    Repository::demo().with(TD, &format!("{}\n      - name: Next\n{keys}", text.trim_end()))
}

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
        ("a matrix", job(guard, &format!("{guard}    strategy: {{matrix: {{os: [a, b]}}}}\n")), &[FailsRun], &[
            "When it fails in one leg, the other legs of the matrix that have not ended are cancelled",
        ]),
        ("a matrix of one leg", job(guard, &format!("{guard}    strategy: {{matrix: {{os: [a]}}}}\n")), &[FailsRun], &[
            "!legs of the matrix",
        ]),
        ("a patient matrix", job(guard, &format!("{guard}    strategy: {{fail-fast: false, matrix: {{os: [a, b]}}}}\n")), &[FailsRun], &[
            "!legs of the matrix",
        ]),
        ("a matrix whose patience is an input",
            job(guard, &format!("{guard}    strategy: {{fail-fast: '${{{{ inputs.fast }}}}', matrix: {{os: '${{{{ fromJSON(inputs.os) }}}}'}}}}\n")),
            &[FailsRun], &["A run decides whether, when it fails in one leg, the other legs", "inputs.fast"]),
        ("a matrix of soft jobs",
            job(guard, &format!("{guard}    continue-on-error: true\n    strategy: {{matrix: {{os: [a, b]}}}}\n")),
            &[OwnCheckOnly], &["!legs of the matrix"]),
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
                .calls(PULL, ".github/workflows/mid.yml", "if: vars.TD", ""), &[FailsRun],
            &["the run of .github/workflows/pull.yml by way of its job `call`", "`vars.TD` (job `call`, .github/workflows/pull.yml:5)"]),
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
        ("the step has a condition", job("        id: td\n", "        id: td\n        if: vars.RANK\n"), &[FailsRun],
            &["A run decides whether it runs: `vars.RANK` (step `Do TD` of job `target-determination`, line 52)"]),
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
        ("a script behind it reads its outcome", after_td("        if: always()\n        run: ./judge \"${{ steps.td.outcome }}\"\n"),
            &[FailsRun], &["`Next` reads `steps.td.outcome`, and does what a run decides then, as before"]),
        ("a script behind it fails for its outcome", after_td("        if: always()\n        run: test \"${{ steps.td.outcome }}\" = success\n"),
            &[Same], &["its failure failed the run before, and still does"]),
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
