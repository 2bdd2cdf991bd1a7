//! Workflows as people write them, and risks that speak of them.

use proptest::prelude::*;
use wf_fix::rule::{Risk, parse};

pub const PATH: &str = ".github/workflows/w.yml";

/// A workflow with so many jobs and steps in each; step `s<job>-<step>` is soft.
#[derive(Debug, Clone)]
pub struct Shape {
    pub text: String,
    /// The number of steps of each job.
    pub steps: Vec<usize>,
}

/// Lines between the lines of a mapping at `indent`.
fn noise(indent: usize) -> impl Strategy<Value = String> {
    let at = |columns: usize, text: &str| format!("{}# {text}\n", " ".repeat(columns));
    prop_oneof![
        6 => Just(String::new()),
        1 => Just("\n".to_owned()),
        1 => Just("\n\n".to_owned()),
        1 => Just(at(indent, "of this")),
        1 => Just(at(indent.saturating_sub(2), "of what is around")),
        1 => Just(format!("{}\n{}", at(indent, "Why: é,"), at(indent, "and on."))),
        1 => Just(at(0, "far left")),
    ]
}

fn trailing() -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => Just(""), 1 => Just(" # why: it is slow."), 1 => Just("   # TODO(x): é"), 1 => Just("  ")]
}

/// A key of a step with its value, the first line without indent, the others at `indent` and deeper.
fn key(indent: usize) -> impl Strategy<Value = String> {
    let pad = " ".repeat(indent);
    let lines = move |text: &str| text.replace('~', &pad);
    prop_oneof![
        trailing().prop_map(|t| format!("if: ${{{{ !cancelled() }}}}{t}\n")),
        trailing().prop_map(|t| format!("if: \"always()\"{t}\n")),
        trailing().prop_map(|t| format!("timeout-minutes: 5{t}\n")),
        Just("with: {a: 1, 'b': \"x # y\", c: [1, 2]}\n".to_owned()),
        Just(lines("env:\n~  A: é\n\n~  # inner\n~  B: 'it''s'\n")),
        Just(lines("with:\n~  script: |-\n~    a\n\n~    b # no comment\n")),
        Just(lines("shell: bash\n")),
        Just(lines("env: { # odd\n~  A: 1,\n~\n~  B: 2 }\n").replace("\n          \n", "\n")),
    ]
}

/// The value of `run` in every style, some with a tail that hides a failure.
fn run(indent: usize) -> impl Strategy<Value = String> {
    let pad = " ".repeat(indent);
    let lines = move |text: &str| text.replace('~', &pad);
    prop_oneof![
        Just("run: make test\n".to_owned()),
        Just("run: make test || true # why\n".to_owned()),
        Just("run: 'make test'\n".to_owned()),
        Just("run: \"make \\\"test\\\"\"\n".to_owned()),
        Just(lines("run: |\n~  make\n\n~  # not a comment\n~  make test || true\n")),
        Just(lines("run: |+\n~  make test\n\n")),
        Just(lines("run: >-\n~  make\n~  test\n")),
        Just(lines("run: make\n~  test\n")),
    ]
}

/// A step as the item of a list at `indent`.
fn step(job: usize, number: usize, indent: usize) -> BoxedStrategy<String> {
    let inner = indent + 2;
    let name = prop_oneof![Just("%"), Just("'%'"), Just("\"%\"")];
    let soft = prop_oneof![4 => Just("true"), 1 => Just("True"), 1 => Just("${{ matrix.soft }}")];
    let keys = prop::collection::vec(key(inner), 0..3);
    let all = (name, soft, trailing(), run(inner), keys, any::<prop::sample::Index>(), any::<bool>());
    let block = (all, prop::collection::vec(noise(inner), 6)).prop_map(
        move |((name, soft, why, run, mut keys, at, first), noises)| {
            keys.sort();
            keys.dedup_by_key(|line| line.split(':').next().unwrap_or_default().to_owned());
            let name = format!("name: {}\n", name.replace('%', &format!("s{job}-{number}")));
            let mut lines = if first { vec![name, run] } else { vec![run, name] };
            lines.extend(keys);
            let at = at.index(lines.len() + 1);
            lines.insert(at, format!("continue-on-error: {soft}{why}\n"));
            let mut out = String::new();
            for (n, line) in lines.iter().enumerate() {
                let lead = if n == 0 { format!("{}- ", " ".repeat(indent)) } else { " ".repeat(inner) };
                out += &format!("{lead}{line}{}", noises[n % noises.len()]);
            }
            out
        },
    );
    let flow =
        format!("{}- {{name: s{job}-{number}, continue-on-error: true, run: make test}} # flow\n", " ".repeat(indent));
    prop_oneof![9 => block, 1 => Just(flow)].boxed()
}

/// A job with its steps; it may be soft as a whole, and switched off.
fn job(number: usize, dead: bool) -> BoxedStrategy<(String, usize)> {
    let indent = prop_oneof![Just(4), Just(6)];
    let needs = match number {
        0 => Just(String::new()).boxed(),
        _ => {
            let before = number - 1;
            prop_oneof![
                Just(String::new()),
                Just(format!("    needs: j{before}\n")),
                Just(format!("    needs: [j{before}]\n")),
                Just(format!("    needs:\n      - j{before} # first\n")),
            ]
            .boxed()
        }
    };
    let why = prop_oneof![Just(""), Just(" # Flaky since May."), Just("\n    # Another line.")];
    (indent, 1..4usize, needs, why, noise(2), noise(4), any::<bool>())
        .prop_flat_map(move |(indent, steps, needs, why, above, inside, soft)| {
            let steps: Vec<_> = (0..steps).map(|n| step(number, n, indent)).collect();
            (steps, noise(indent)).prop_map(move |(steps, between)| {
                let off = if dead { format!("    if: false{why}\n") } else { String::new() };
                let soft = if soft { "    continue-on-error: true # soft job\n" } else { "" };
                let body = steps.join(&between);
                let text = format!(
                    "{above}  j{number}:\n{needs}{off}{inside}    runs-on: ubuntu-latest\n{soft}    steps:\n{body}"
                );
                (text, steps.len())
            })
        })
        .boxed()
}

/// A whole workflow.
pub fn shape() -> impl Strategy<Value = Shape> {
    let on = prop_oneof![
        Just("on: push\n"),
        Just("on: [push, pull_request]\n"),
        Just("'on':\n  push:\n    branches: [main] # only\n  workflow_dispatch:\n"),
        Just("on:\n- push\n"),
    ];
    let ends = (any::<bool>(), prop::bool::weighted(0.3), prop::bool::weighted(0.2), prop::bool::weighted(0.3));
    (1..4usize, on, noise(0), noise(2), ends).prop_flat_map(|(count, on, top, head, ends)| {
        let (dead, crlf, bom, cut) = ends;
        let jobs: Vec<_> = (0..count).map(|n| job(n, dead && n > 0 && n + 1 == count)).collect();
        (jobs, prop_oneof![Just(""), Just("\n# The end.\n"), Just("\n\n"), Just("defaults: {run: {shell: bash}}\n")])
            .prop_map(move |(jobs, tail)| {
                let (texts, steps): (Vec<String>, Vec<usize>) = jobs.into_iter().unzip();
                let mut text = format!("{top}name: W\n{on}jobs:\n{head}{}{tail}", texts.concat());
                if cut {
                    text.truncate(text.trim_end_matches('\n').len());
                }
                let text = if crlf { text.replace('\n', "\r\n") } else { text };
                Shape { text: if bom { format!("\u{feff}{text}") } else { text }, steps }
            })
    })
}

/// The rewrites of a risk that speaks of a place of such a workflow.
#[derive(Debug, Clone, Copy)]
pub enum What {
    RemoveKey,
    Justify,
    JustifyRun,
    EditScript,
    EditCondition,
    EditConditionOtherwise,
    RemoveCondition,
    RemoveJobKey,
    RemoveJob,
    RemoveJobNoted,
    RemoveWorkflow,
}

/// The job and the step that `at` picks.
fn target(shape: &Shape, at: usize) -> (usize, usize) {
    let job = at % shape.steps.len();
    (job, at / 7 % shape.steps[job])
}

/// A risk that does `what` at a job and a step picked by `at`.
pub fn risk(id: &str, shape: &Shape, path: &str, what: What, at: usize) -> Risk {
    let (job, step) = target(shape, at);
    let step = format!("$.jobs.j{job}.steps[?@.name == 's{job}-{step}']");
    let last = shape.steps.len() - 1;
    let rewrite = match what {
        What::RemoveKey => format!("remove-key: {{at: \"{step}['continue-on-error']\"}}"),
        What::Justify => format!(
            "justify:\n      at: \"{step}['continue-on-error']\"\n      comment: |\n        Best effort: {{comment}}.\n        It may fail ({{risk}})."
        ),
        What::JustifyRun => format!("justify:\n      at: \"{step}.run\"\n      comment: Runs what it runs."),
        What::EditScript => {
            format!("edit-script:\n      at: \"{step}.run\"\n      line: make test || true\n      drop: '|| true'")
        }
        What::EditCondition => format!("edit-condition: {{at: $.jobs.j{last}.if, set: \"vars.X == 'x'\"}}"),
        What::EditConditionOtherwise => format!("edit-condition: {{at: $.jobs.j{last}.if, set: \"always()\"}}"),
        What::RemoveCondition => format!("remove-key: {{at: $.jobs.j{last}.if}}"),
        What::RemoveJobKey => format!("remove-key: {{at: \"$.jobs.j{job}['continue-on-error']\"}}"),
        What::RemoveJob => format!("remove-jobs: {{jobs: j{last}, dependents: unlink}}"),
        What::RemoveJobNoted => format!(
            "remove-jobs:\n      jobs: j{last}\n      reason: Gone\n      note: |\n        NOTE: {{jobs}} went on {{date}}.\n        \"{{reason}}\""
        ),
        What::RemoveWorkflow => "remove-workflow: {}".to_owned(),
    };
    let effect = "[failures-visible, no-runtime-change, condition-restored, documentation-only]";
    let rule = format!(
        "id: {id}\ntitle: t\nseverity: low\ncategory: soft-fail\neffect: {effect}\nworkflow: '{path}'\nrewrites:\n  - {rewrite}\n"
    );
    parse("p.yml", rule.as_bytes()).unwrap_or_else(|fault| panic!("{fault}\n{rule}"))
}

pub fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        3 => Just(What::RemoveKey),
        2 => Just(What::Justify),
        1 => Just(What::JustifyRun),
        2 => Just(What::EditScript),
        1 => Just(What::EditCondition),
        1 => Just(What::EditConditionOtherwise),
        1 => Just(What::RemoveCondition),
        1 => Just(What::RemoveJobKey),
        1 => Just(What::RemoveJob),
        1 => Just(What::RemoveJobNoted),
        1 => Just(What::RemoveWorkflow),
    ]
}
