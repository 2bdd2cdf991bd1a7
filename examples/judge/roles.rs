//! What the audit takes steps to be for, against steps that were judged by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use wf_fix::audit::{Loaded, load, role};
use wf_fix::workflow::reader::Text;
use wf_fix::workflow::view::{File, Job, Step};
use wf_fix::workflow::world::World;

use super::corpus::files;

/// A step, what stands around it and what it is taken to be for.
struct Seen<'w, 't> {
    file: &'w File<'t>,
    job: Option<&'w Job<'t>>,
    step: &'w Step<'t>,
    purpose: role::Purpose,
}

/// Prints every step of every repository as a line of JSON.
pub fn steps(corpus: &Path) {
    for folder in super::folders(corpus) {
        each(&folder, |seen| println!("{}", json(&folder, seen)));
    }
}

/// Holds the labelled steps (repository, commit, path, line, role) against the audit.
pub fn judge(corpus: &Path, labels: &str, list: bool) {
    let mut wanted: BTreeMap<&str, BTreeMap<(&str, &str), &str>> = BTreeMap::new();
    for line in labels.lines().skip(1) {
        if let [repository, _, path, line, role, ..] = line.split('\t').collect::<Vec<_>>().as_slice() {
            wanted.entry(repository).or_default().insert((path, line), role);
        }
    }
    let matters = |role: &str| role == "verify" || role == "publish";
    let (mut right, mut over, mut under, mut same) = (0, 0, 0, 0);
    for (repository, places) in &wanted {
        let mut judged = BTreeSet::new();
        each(&corpus.join(repository.replacen('/', "+", 1)), |seen| {
            // A label stands for a line; of several steps on it, the first.
            let line = seen.step.at.line.to_string();
            let Some(label) = places.get(&(path(seen.file), line.as_str())) else { return };
            if !judged.insert((path(seen.file).to_owned(), line.clone())) {
                return;
            }
            same += usize::from(*label == seen.purpose.role.word());
            let count = match (matters(label), seen.purpose.role.matters()) {
                (true, false) => &mut under,
                (false, true) => &mut over,
                _ => &mut right,
            };
            *count += 1;
            if list && matters(label) != seen.purpose.role.matters() {
                println!("{repository}/{}:{line} is {label}, taken for {}", path(seen.file), seen.purpose.role);
                println!("      {}", seen.purpose.evidence);
            }
        });
    }
    println!(
        "{} steps: {right} right whether they matter, {over} taken to matter, {under} taken not to",
        right + over + under
    );
    println!("{same} of the same role");
}

/// Looks at every step of the workflows and actions of a repository.
fn each(folder: &Path, mut see: impl FnMut(&Seen<'_, '_>)) {
    let files = files(folder);
    let loaded: Vec<Loaded<'_>> = files.iter().map(|(path, bytes)| load(path, bytes)).collect();
    let world = World::new(loaded.iter().filter_map(|file| Some(File::of(file.path, file.tree.as_ref().ok()?))));
    for file in world.files() {
        let (name, steps): (_, Vec<(Option<&Job<'_>>, &Step<'_>)>) = match file {
            File::Workflow(workflow) => {
                let jobs = workflow.jobs.iter();
                (workflow.name, jobs.flat_map(|job| job.steps.iter().map(move |step| (Some(job), step))).collect())
            }
            File::Action(action) => (action.name, action.steps.iter().map(|step| (None, step)).collect()),
        };
        for (job, step) in steps {
            let purpose = role::of_step(step, job, name.map(|name| name.text), &world);
            see(&Seen { file, job, step, purpose });
        }
    }
}

fn path<'t>(file: &File<'t>) -> &'t str {
    match file {
        File::Workflow(workflow) => workflow.file,
        File::Action(action) => action.file,
    }
}

fn json(folder: &Path, seen: &Seen<'_, '_>) -> String {
    let Seen { file, job, step, purpose } = seen;
    let said = |text: Option<Text<'_>>| text.map(|text| text.text.to_owned());
    let workflow = match file {
        File::Workflow(workflow) => workflow.name,
        File::Action(action) => action.name,
    };
    let with: BTreeMap<&str, &str> = step.with.iter().map(|(key, value)| (key.text, value.text)).collect();
    serde_json::json!({
        "repository": folder.file_name().map(|name| name.to_string_lossy()), "path": path(file), "line": step.at.line,
        "workflow": said(workflow), "job": job.map(|job| job.id.text), "job_name": said(job.and_then(|job| job.name)),
        "name": said(step.name), "uses": said(step.uses), "run": said(step.run), "with": with,
        "soft": said(step.continue_on_error), "if": said(step.condition),
        "role": purpose.role.word(), "evidence": purpose.evidence,
    })
    .to_string()
}
