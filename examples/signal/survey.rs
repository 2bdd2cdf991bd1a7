//! The model over a folder of real files: how much of it is known, and how long it takes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use wf_fix::workflow::script::Effect;
use wf_fix::workflow::signal::{Signal, Signals};
use wf_fix::workflow::view::File;
use wf_fix::workflow::world::World;
use wf_fix::yaml::{Tree, load};

/// Reads every YAML file below a folder, each repository (a folder below it) a world of its own.
pub fn run(folder: &str) -> Result<(), String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let (mut parsing, mut judging) = (Duration::ZERO, Duration::ZERO);
    for repository in entries(Path::new(folder))?.into_iter().filter(|path| path.is_dir()) {
        let mut files = Vec::new();
        collect(&repository, &mut files)?;
        let start = Instant::now();
        let trees: Vec<(String, Tree)> = files.iter().filter_map(|path| tree(&repository, path)).collect();
        parsing += start.elapsed();
        let start = Instant::now();
        let world = World::new(trees.iter().map(|(path, tree)| File::of(path, tree)));
        world.files().for_each(|file| count(file, &world, &mut counts));
        judging += start.elapsed();
        *counts.entry("files".to_owned()).or_default() += trees.len();
    }
    for (what, number) in &counts {
        println!("{number:8}  {what}");
    }
    println!("reading {parsing:?}, model with all scripts {judging:?}");
    Ok(())
}

/// Prints what can hide a failure or never runs in one file of a repository.
pub fn explain(repository: &str, file: &str) -> Result<(), String> {
    let repository = Path::new(repository);
    let mut paths = Vec::new();
    collect(repository, &mut paths)?;
    let trees: Vec<(String, Tree)> = paths.iter().filter_map(|path| tree(repository, path)).collect();
    let world = World::new(trees.iter().map(|(path, tree)| File::of(path, tree)));
    let is_it = |other: &&File<'_>| matches!(other, File::Workflow(workflow) if workflow.file == file);
    let Some(File::Workflow(workflow)) = world.files().find(is_it) else { return Err(format!("no workflow {file}")) };
    let signals = Signals::of(workflow, &world);
    for job in &workflow.jobs {
        let id = job.id.text;
        let said = signals.job(id).filter(|signal| *signal != Signal::FailsRun);
        said.iter().for_each(|signal| println!("{file}:{}: job `{id}`: {signal}", job.id.at.line));
        for (index, step) in job.steps.iter().enumerate() {
            let said = signals.step(id, index).filter(|signal| *signal != Signal::FailsRun);
            let called = step.called(index);
            said.iter().for_each(|signal| println!("{file}:{}: {called}: {signal}", step.at.line));
            for (command, signal) in signals.commands(id, index) {
                if !matches!(command.effect, Effect::FailsStep | Effect::Unknown) {
                    println!("{file}:{}: `{}`: {signal}", command.line, command.program());
                }
            }
        }
    }
    Ok(())
}

fn tree(repository: &Path, path: &Path) -> Option<(String, Tree<'static>)> {
    let text = std::fs::read_to_string(path).ok()?;
    let name = path.strip_prefix(repository).ok()?.to_string_lossy().into_owned();
    let tree = load(&name, text.trim_start_matches('\u{feff}')).ok()?;
    Some((name, tree))
}

fn count(file: &File<'_>, world: &World<'_>, counts: &mut BTreeMap<String, usize>) {
    let mut add = |what: String| *counts.entry(what).or_default() += 1;
    match file {
        File::Workflow(workflow) => {
            let signals = Signals::of(workflow, world);
            for job in &workflow.jobs {
                signals.job(job.id.text).iter().for_each(|signal| add(format!("job {}", name(signal))));
                for index in 0..job.steps.len() {
                    signals.step(job.id.text, index).iter().for_each(|signal| add(format!("step {}", name(signal))));
                    let commands = signals.commands(job.id.text, index);
                    let dialect = signals.script(job.id.text, index).map(|script| script.shell.dialect);
                    for (command, _) in &commands {
                        match (&command.effect, dialect) {
                            (Effect::Unknown, Some(dialect)) => add(format!("command unknown, {dialect:?}")),
                            (known, _) => add(format!("command {}", effect(known))),
                        }
                    }
                }
            }
        }
        File::Action(action) => {
            let signals = Signals::of_action(action, world);
            for index in 0..action.steps.len() {
                signals.action_step(index).iter().for_each(|signal| add(format!("action step {}", name(signal))));
                let commands = signals.action_commands(index);
                commands.iter().for_each(|(command, _)| add(format!("command {}", effect(&command.effect))));
            }
        }
    }
}

fn name(signal: &Signal) -> &'static str {
    match signal {
        Signal::FailsRun => "fails the run",
        Signal::FailsOwnCheckOnly(_) => "fails its own check only",
        Signal::Masked(_) => "masked",
        Signal::MaskedInLegs { .. } => "masked in some legs",
        Signal::NeverRuns(_) => "never runs",
        Signal::Depends { .. } => "depends",
    }
}

fn effect(effect: &Effect) -> String {
    match effect {
        Effect::FailsStep => "fails the step".to_owned(),
        Effect::Masked(links) => format!("masked, {:?} first", links.first().map(|link| link.kind)),
        Effect::NeverRuns(_) => "never runs".to_owned(),
        Effect::Depends(..) => "depends".to_owned(),
        Effect::Unknown => "unknown".to_owned(),
    }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let read = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut found: Vec<PathBuf> = read.filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
    for path in entries(folder)? {
        let is_yaml = path.extension().is_some_and(|ext| ext == "yml" || ext == "yaml");
        if path.is_dir() && !path.is_symlink() {
            collect(&path, found)?;
        } else if is_yaml {
            found.push(path);
        }
    }
    Ok(())
}
