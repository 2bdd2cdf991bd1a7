use super::*;
use crate::workflow::view::File;
use crate::yaml::{Tree, load};

/// Asks `ask` of the first file, in a world of all.
fn in_world<R>(files: &[(&str, &str)], ask: impl Fn(&Signals<'_, '_>) -> R) -> R {
    let trees: Vec<(&str, Tree)> = files.iter().map(|(path, text)| (*path, load(path, text).unwrap())).collect();
    let world = World::new(trees.iter().map(|(path, tree)| File::of(path, tree)));
    let file = File::of(trees[0].0, &trees[0].1);
    match &file {
        File::Workflow(workflow) => ask(&Signals::of(workflow, &world)),
        File::Action(action) => ask(&Signals::of_action(action, &world)),
    }
}

fn kinds(signal: &Signal) -> (&'static str, Vec<LinkKind>) {
    let name = match signal {
        Signal::FailsRun => "fails",
        Signal::FailsOwnCheckOnly(_) => "own check",
        Signal::Masked(_) => "masked",
        Signal::MaskedInLegs { .. } => "legs",
        Signal::NeverRuns(_) => "never",
        Signal::Depends { .. } => "depends",
    };
    (name, signal.chain().iter().map(|link| link.kind).collect())
}

fn step(text: &str, job: &str, index: usize) -> (&'static str, Vec<LinkKind>) {
    in_world(&[("w", text)], |signals| kinds(&signals.step(job, index).unwrap()))
}

#[test]
fn continue_on_error_masks_at_its_level() {
    let text = "
on: push
jobs:
  a:
    steps:
      - run: x
      - {run: y, continue-on-error: true}
      - {run: z, continue-on-error: \"${{ github.event_name == 'push' }}\"}
  b:
    continue-on-error: true
    steps: [{run: x}, {run: y, continue-on-error: true}]
";
    assert_eq!(step(text, "a", 0), ("fails", vec![]));
    assert_eq!(step(text, "a", 1), ("masked", vec![LinkKind::StepContinueOnError]));
    assert_eq!(step(text, "a", 2), ("depends", vec![]));
    assert_eq!(step(text, "b", 0), ("own check", vec![LinkKind::JobContinueOnError]));
    assert_eq!(step(text, "b", 1), ("masked", vec![LinkKind::StepContinueOnError]));
}

#[test]
fn matrix_values_name_the_legs() {
    let text = "
jobs:
  a:
    continue-on-error: ${{ matrix.soft }}
    strategy:
      matrix:
        py: [1, 2]
        include: [{py: 2, soft: true}, {py: 3, soft: true}]
    steps: [{run: x}]
";
    let legs = in_world(&[("w", text)], |signals| match signals.step("a", 0) {
        Some(Signal::MaskedInLegs { legs, own_check: true, otherwise, .. }) => (legs, *otherwise),
        other => panic!("{other:?}"),
    });
    assert_eq!(legs, (vec!["2, true".to_owned(), "3, true".to_owned()], Signal::FailsRun));
}

#[test]
fn what_never_runs_says_why() {
    let text = "
on: [push, workflow_dispatch]
jobs:
  a: {if: false, steps: [{run: x}]}
  b: {needs: a, steps: [{run: x}]}
  c: {needs: a, if: always(), steps: [{run: x, if: \"${{ false }}\"}, {run: y, if: github.event_name == 'schedule'}]}
  d: {needs: [c, a], if: \"needs.a.result == 'success' && always()\", steps: [{run: x}]}
";
    assert_eq!(step(text, "a", 0), ("never", vec![LinkKind::JobNeverRuns, LinkKind::ConditionFalse]));
    let b = in_world(&[("w", text)], |signals| kinds(&signals.job("b").unwrap()));
    assert_eq!(b, ("never", vec![LinkKind::NeedNeverRuns, LinkKind::ConditionFalse]));
    assert_eq!(step(text, "c", 0), ("never", vec![LinkKind::ConditionFalse]));
    assert_eq!(step(text, "c", 1), ("never", vec![LinkKind::ConditionFalse]));
    let d = in_world(&[("w", text)], |signals| kinds(&signals.job("d").unwrap()));
    assert_eq!(d.0, "never");
}

#[test]
fn a_soft_step_whose_outcome_fails_another_counts() {
    let text = "
jobs:
  a:
    steps:
      - {id: t, run: test, continue-on-error: true}
      - {id: u, run: test, continue-on-error: true}
      - {if: steps.t.outcome == 'failure', run: 'echo no; exit 1'}
      - {if: steps.u.outcome == 'failure', run: notify}
";
    assert_eq!(step(text, "a", 0), ("fails", vec![]));
    assert_eq!(step(text, "a", 1).0, "depends");
}

#[test]
fn what_scripts_hand_on_is_followed() {
    let behind = |steps: &str| {
        let text = format!(
            "jobs:\n  a:\n    steps:\n      - {{id: t, run: test, continue-on-error: true}}\n      - {{id: u, run: test, continue-on-error: true}}\n{steps}"
        );
        (step(&text, "a", 0).0, step(&text, "a", 1).0)
    };
    // The word for it goes by a variable, an output, an environment, and through a script that does other things besides.
    for relay in [
        "      - run: |\n          [ ${{ steps.t.outcome == 'failure' }} = true ] && echo S=bad >> $GITHUB_ENV || echo S=ok >> $GITHUB_ENV\n      - run: ./send ${{ steps.t.outcome }}\n      - {if: env.S == 'bad', run: exit 1}\n",
        "      - id: s\n        run: |\n          if [ \"${{ steps.t.outcome }}\" != success ]; then\n            echo \"bad=true\" | tee -a \"$GITHUB_OUTPUT\"\n          fi\n      - {if: steps.s.outputs.bad == 'true', run: exit 1}\n",
        "      - env: {T: '${{ steps.t.outcome }}'}\n        run: |\n          bad=\n          if [ $T = failure ]; then bad=\"$bad t\"; fi\n          if [ -n \"$bad\" ]; then echo $bad; exit 1; fi\n",
        "      - shell: sh\n        run: if [ ${{ steps.t.outcome }} = failure ]; then exit 1; fi\n",
        "      - run: |\n          { echo 'S<<E'; echo ${{ steps.t.outcome }}; echo E; } >> $GITHUB_ENV\n      - run: test $S = success\n",
    ] {
        assert_eq!(behind(relay), ("fails", "masked"), "{relay}");
    }
    for open in [
        // It fails for another value, or may be set to another, or what is handed on is not known.
        "      - run: echo S=${{ steps.t.outcome }} >> $GITHUB_ENV\n      - {if: env.S == 'x', run: exit 1}\n",
        "      - run: echo S=${{ steps.t.outcome }} >> $GITHUB_ENV\n      - run: ./mend >> $GITHUB_ENV\n      - {if: env.S == 'failure', run: exit 1}\n",
        "      - run: echo S=${{ steps.t.outcome }} >> $GITHUB_ENV\n      - {if: github.ref == 'x', run: echo S=ok >> $GITHUB_ENV}\n      - {if: env.S == 'failure', run: exit 1}\n",
        "      - run: ./judge ${{ steps.t.outcome }}\n",
        // The step's own environment hides it, and `sh` knows no `[[`.
        "      - run: echo S=${{ steps.t.outcome }} >> $GITHUB_ENV\n      - {if: env.S == 'failure', env: {S: x}, run: exit 1}\n",
        "      - run: echo S=${{ steps.t.outcome }} >> $GITHUB_ENV\n      - {uses: actions/github-script@v7, with: {script: \"core.exportVariable('S', 'x')\"}}\n      - {if: env.S == 'failure', run: exit 1}\n",
        "      - shell: sh\n        run: if [[ ${{ steps.t.outcome }} == failure ]]; then exit 1; fi\n",
    ] {
        assert_eq!(behind(open), ("depends", "masked"), "{open}");
    }
}

#[test]
fn callers_and_users_are_followed() {
    let called = "on: workflow_call\njobs: {a: {steps: [{run: x}]}}";
    let soft = "on: push\njobs: {c: {uses: ./.github/workflows/a.yml, continue-on-error: true}}";
    let hard = "on: push\njobs: {c: {uses: ./.github/workflows/a.yml}}";
    let path = ".github/workflows/a.yml";
    let ask = |files: &[(&str, &str)]| in_world(files, |signals| kinds(&signals.step("a", 0).unwrap()));
    assert_eq!(ask(&[(path, called), ("s.yml", soft)]), ("own check", vec![LinkKind::CallerContinueOnError]));
    assert_eq!(ask(&[(path, called), ("s.yml", soft), ("h.yml", hard)]), ("fails", vec![]));
    let action =
        "runs: {using: composite, steps: [{run: x, shell: bash}, {run: y, shell: bash, continue-on-error: true}]}";
    let user = "jobs: {c: {steps: [{uses: ./act, continue-on-error: true}]}}";
    let files = [("act/action.yml", action), ("u.yml", user)];
    let at = |index| in_world(&files, |signals| kinds(&signals.action_step(index).unwrap()));
    assert_eq!(at(0), ("masked", vec![LinkKind::UserContinueOnError]));
    assert_eq!(at(1), ("masked", vec![LinkKind::ActionContinueOnError]));
}

#[test]
fn gates_look_or_do_not() {
    let text = "
jobs:
  a: {steps: [{run: x}]}
  soft: {continue-on-error: true, steps: [{run: x}]}
  plain: {needs: a, steps: [{run: echo}]}
  blind: {needs: a, if: always(), steps: [{run: echo done}]}
  sees: {needs: [a, soft], if: always(), steps: [{run: exit 1, if: \"contains(needs.*.result, 'failure')\"}]}
  asks: {needs: a, if: always(), steps: [{run: '[ \"${{ needs.a.result }}\" = success ]'}]}
  runs: {needs: a, if: always(), steps: [{run: './judge ${{ needs.a.result }}'}]}
  hands:
    needs: [a, soft]
    if: always()
    steps:
      - id: s
        run: |
          if ${{ contains(needs.*.result, 'failure') }}; then echo state=bad >> $GITHUB_OUTPUT; else echo state=ok >> $GITHUB_OUTPUT; fi
      - {if: steps.s.outputs.state == 'bad', run: exit 1}
";
    let tree = load("w", text).unwrap();
    let workflow = Workflow::of("w", &tree);
    let world = World::default();
    let of = |id, watched| Watcher::new(&workflow, &world, workflow.job(id).unwrap()).sight(watched).unwrap();
    assert_eq!(of("plain", "a"), Sight::Skipped);
    assert_eq!(of("blind", "a"), Sight::Blind);
    assert_eq!(of("sees", "a"), Sight::Fails);
    assert_eq!(of("sees", "soft"), Sight::Blind);
    assert_eq!(of("asks", "a"), Sight::Fails);
    assert_eq!(of("runs", "a"), Sight::Depends);
    assert_eq!(of("hands", "a"), Sight::Fails);
    assert_eq!(of("hands", "soft"), Sight::Blind);
}

#[test]
fn aliases_are_followed_within_a_budget() {
    let text = "jobs:\n  a: &j {steps: [&s {run: x, continue-on-error: true}, *s]}\n  b: *j\n";
    assert_eq!(step(text, "b", 1), ("masked", vec![LinkKind::StepContinueOnError]));
    let list = |name: &str, item: &str| format!("{name}: &{name} [{}]\n", vec![item; 300].join(", "));
    let steps = list("s", "{run: x}").replace("s: &s", "x: {y: &s").trim_end().to_owned() + "}\n";
    let jobs: String = (0..3000).map(|i| format!("  j{i}: {{steps: *s}}\n")).collect();
    let text = format!("{steps}jobs:\n{jobs}");
    let tree = load("w", &text).unwrap();
    assert!(Workflow::of("w", &tree).cut);
    let cyclic = load("w", "jobs: &j {a: *j, b: {steps: &s [*s]}}").unwrap();
    assert_eq!(Workflow::of("w", &cyclic).jobs.len(), 2);
}

#[test]
fn commands_join_their_own_chain_and_the_steps() {
    let text =
        "jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          a || true\n          b\n";
    let shown = in_world(&[("w", text)], |signals| {
        signals.commands("a", 0).iter().map(|(c, s)| format!("{}:{} {s}", c.line, c.text)).collect::<Vec<_>>()
    });
    assert_eq!(shown[0], "6:a its failure is masked\n  w:6:16: `||` runs something that succeeds instead (`true`)");
    assert_eq!(shown[2], "7:b its failure fails the run");
}
