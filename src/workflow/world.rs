//! The files of a repository, so that calls can be followed from one to another.

use std::collections::BTreeMap;

use super::view::{Action, File, Job, Step, Workflow};

/// Parsed files by path. A file that is not here is unknown, not absent.
#[derive(Debug, Default)]
pub struct World<'t> {
    files: BTreeMap<&'t str, File<'t>>,
}

/// A job that calls a workflow, or a step that uses an action.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'w, 't> {
    /// The file it stands in.
    pub file: &'w File<'t>,
    /// Its job; `None` for a step of a composite action.
    pub job: Option<&'w Job<'t>>,
    /// Its step, with the index; `None` for a job that calls a workflow.
    pub step: Option<(usize, &'w Step<'t>)>,
}

impl<'t> World<'t> {
    /// A world of these files; a later one replaces an earlier one of the same path.
    pub fn new(files: impl IntoIterator<Item = File<'t>>) -> World<'t> {
        let path = |file: &File<'t>| match file {
            File::Workflow(workflow) => workflow.file,
            File::Action(action) => action.file,
        };
        World { files: files.into_iter().map(|file| (path(&file), file)).collect() }
    }

    /// All files, in order of their paths.
    pub fn files(&self) -> impl Iterator<Item = &File<'t>> {
        self.files.values()
    }

    /// The file of this path.
    pub fn file(&self, path: &str) -> Option<&File<'t>> {
        self.files.get(path)
    }

    /// The workflow a job calls, if it is a file of this repository.
    ///
    /// Source: workflow syntax, `jobs.<job_id>.uses`: `./.github/workflows/{filename}` is the file of the same commit.
    pub fn called(&self, job: &Job<'t>) -> Option<&Workflow<'t>> {
        match self.files.get(local(job.uses?.text)?)? {
            File::Workflow(workflow) => Some(workflow),
            File::Action(_) => None,
        }
    }

    /// The action a step uses, if it is a folder of this repository.
    ///
    /// Source: workflow syntax, `jobs.<job_id>.steps[*].uses`: `./path/to/dir` from the root of the workspace, whose
    /// metadata is `action.yml` or `action.yaml`.
    pub fn used(&self, step: &Step<'t>) -> Option<&Action<'t>> {
        let folder = local(step.uses?.text)?.trim_end_matches('/');
        ["action.yml", "action.yaml"].iter().find_map(|name| {
            let path = if folder.is_empty() { (*name).to_owned() } else { format!("{folder}/{name}") };
            match self.files.get(path.as_str())? {
                File::Action(action) => Some(action),
                File::Workflow(_) => None,
            }
        })
    }

    /// The jobs that call a workflow.
    pub fn callers_of(&self, file: &str) -> Vec<Caller<'_, 't>> {
        let mut found = Vec::new();
        for caller in self.files.values() {
            let File::Workflow(workflow) = caller else { continue };
            let calls = |job: &&Job<'t>| job.uses.and_then(|uses| local(uses.text)) == Some(file);
            let jobs = workflow.jobs.iter().filter(calls);
            found.extend(jobs.map(|job| Caller { file: caller, job: Some(job), step: None }));
        }
        found
    }

    /// The steps that use an action, in jobs and in other actions.
    pub fn users_of(&self, action: &str) -> Vec<Caller<'_, 't>> {
        let folder = action.rsplit_once('/').map_or("", |(folder, _)| folder);
        let uses = |step: &Step<'t>| {
            step.uses.and_then(|uses| local(uses.text)).map(|path| path.trim_end_matches('/')) == Some(folder)
        };
        let mut found = Vec::new();
        for file in self.files.values() {
            let lists: Vec<(Option<&Job<'t>>, &[Step<'t>])> = match file {
                File::Workflow(workflow) => workflow.jobs.iter().map(|job| (Some(job), &job.steps[..])).collect(),
                File::Action(action) => vec![(None, &action.steps[..])],
            };
            for (job, steps) in lists {
                let users = steps.iter().enumerate().filter(|(_, step)| uses(step));
                found.extend(users.map(|step| Caller { file, job, step: Some(step) }));
            }
        }
        found
    }
}

/// The path behind `./`, if a reference is local.
fn local(uses: &str) -> Option<&str> {
    uses.strip_prefix("./")
}
