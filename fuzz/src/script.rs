//! Scripts: the first line chooses a shell, the rest is the script. Each command is listed once, in order, with its
//! place in the file; what a cheap look rules out does not happen; `edit-script` takes away what it is told and no more.

use wf_fix::rule::parse;
use wf_fix::workflow::link::LinkKind;
use wf_fix::workflow::script::{Command, Effect, Script, Shell, TAILS, cut};
use wf_fix::workflow::view::Workflow;
use wf_fix::yaml::{Document, Tree, load};

use super::choices::{Choices, split};
use super::rewrite::{PATH, planned, rule};

/// Shells as workflows name them; the first is the default of the runner.
const SHELLS: &[&str] = &[
    "",
    "bash",
    "sh",
    "bash {0}",
    "bash -l {0}",
    "bash -leo pipefail {0}",
    "pwsh",
    "powershell",
    "cmd",
    "python",
    "msys2 {0}",
    "wsl-bash {0}",
    "${{ matrix.shell }}",
    "/usr/bin/env -i bash --noprofile -e -o pipefail {0}",
];

/// Runners.
const RUNNERS: &[&str] = &["ubuntu-latest", "windows-latest", "macos-14", "${{ matrix.os }}"];

/// Choices and a script.
pub fn run(data: &[u8]) {
    let (mut choices, rest) = split(data);
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let source = workflow(text, &mut choices);
    let Ok(tree) = load(PATH, &source) else { return };
    let lines = source.split('\n').count();
    with(&tree, |script| {
        let commands = script.commands();
        assert_eq!(commands, script.commands());
        listed(script, &commands, lines);
        promised(script, &commands);
        let _ = script.always_fails();
    });
    edited(&tree, &source, &mut choices);
}

/// A workflow with the script in one step; literal where its text allows.
fn workflow(text: &str, choices: &mut Choices<'_>) -> String {
    let shell = choices.one(SHELLS).copied().unwrap_or_default();
    let runner = choices.one(RUNNERS).copied().unwrap_or_default();
    let fits = !text.starts_with([' ', '\n', '\t']) && !text.contains(['\r', '\t']);
    let script = match choices.below(4) {
        0 | 1 if fits => format!("|\n          {}", text.trim_end().replace('\n', "\n          ")),
        2 if fits => format!(">-\n          {}", text.trim_end().replace('\n', "\n          ")),
        3 if fits => text.lines().next().unwrap_or_default().to_owned(),
        _ => serde_json::Value::from(text).to_string(),
    };
    let named = if shell.is_empty() { String::new() } else { format!("        shell: '{shell}'\n") };
    format!("jobs:\n  a:\n    runs-on: {runner}\n    steps:\n      - name: x\n{named}        run: {script}\n")
}

/// Calls with the script of the one step.
fn with(tree: &Tree, work: impl FnOnce(&Script<'_>)) {
    let workflow = Workflow::of(PATH, tree);
    let Some(job) = workflow.jobs.first() else { return };
    let Some(step) = job.steps.first() else { return };
    let Some(run) = step.run else { return };
    let shell = Shell::of(step, Some(job), &workflow.defaults);
    work(&Script { file: PATH, run, shell });
}

fn listed(script: &Script<'_>, commands: &[Command<'_>], lines: usize) {
    let start = script.run.text.as_ptr() as usize;
    let mut before = None;
    for command in commands {
        let at = (command.text.as_ptr() as usize).checked_sub(start).expect("a command lies in its script");
        assert!(at + command.text.len() <= script.run.text.len(), "a command lies in its script");
        assert!(before < Some((at, command.text.len())), "each once, in order: {:?}", command.text);
        before = Some((at, command.text.len()));
        assert!((1..=lines).contains(&command.line) && command.column > 0, "{command:?}");
        assert!(command.program().is_empty() || command.text.contains(command.program()));
        match &command.effect {
            Effect::Masked(links) => {
                assert!(!links.is_empty());
                links.iter().for_each(|link| assert!((1..=lines).contains(&link.place.line), "{link:?}"));
            }
            Effect::NeverRuns(link) => assert!((1..=lines).contains(&link.place.line), "{link:?}"),
            Effect::Depends(place, _) => assert!((1..=lines).contains(&place.line), "{place:?}"),
            Effect::FailsStep | Effect::Unknown => {}
        }
    }
}

/// What the cheap looks rule out.
fn promised(script: &Script<'_>, commands: &[Command<'_>]) {
    for command in commands {
        if !script.may_mask() {
            assert_eq!(command.effect, Effect::FailsStep, "{:?} in {:?}", command.text, script.run.text);
        }
        if let (Effect::Masked(links), false) = (&command.effect, script.may_lose()) {
            let asks = [
                LinkKind::Negated,
                LinkKind::TestedByScript,
                LinkKind::Substitution,
                LinkKind::ProcessSubstitution,
                LinkKind::Background,
            ];
            let first = links.first().map(|link| link.kind);
            assert!(first.is_some_and(|kind| asks.contains(&kind)), "{command:?} in {:?}", script.run.text);
        }
    }
}

/// The tail of one of its lines taken away.
fn edited(tree: &Tree, source: &str, choices: &mut Choices<'_>) {
    let Ok(document) = Document::parse(PATH, source.as_bytes()) else { return };
    let mut asked = None;
    with(tree, |script| {
        let ends =
            |line: &str| Some((line.trim().to_owned(), *TAILS.iter().find(|tail| cut(line.trim(), tail).is_some())?));
        let masked: Vec<(String, &str)> = script.run.text.lines().filter_map(ends).collect();
        asked = choices.one(&masked).cloned().map(|(line, tail)| (line, tail, script.run.text.to_owned()));
    });
    let Some((line, tail, before)) = asked else { return };
    let parameters = format!("line: {}\n      drop: '{tail}'\n", serde_json::Value::from(line.as_str()));
    let rewrites = format!("  - edit-script:\n      at: $.jobs.a.steps[0].run\n      {parameters}");
    let Ok(risk) = parse("f.yml", rule(&rewrites).as_bytes()) else { return };
    for file in planned(&risk, document.text().as_bytes()) {
        let after = file.change.after.expect("the file stays");
        let tree = load(PATH, std::str::from_utf8(&after).expect("UTF-8 stays UTF-8")).expect("the result is YAML");
        with(&tree, |script| {
            let shorter = |own: &str| match own.trim() == line {
                true => own.trim_end().strip_suffix(tail).map_or(own, str::trim_end).to_owned(),
                false => own.to_owned(),
            };
            let wanted: Vec<String> = before.lines().map(shorter).collect();
            assert_eq!(script.run.text.lines().collect::<Vec<_>>(), wanted);
            let fails = script.commands().iter().filter(|command| command.effect == Effect::FailsStep).count();
            assert!(fails > 0, "nothing fails in {:?}", script.run.text);
        });
    }
}
