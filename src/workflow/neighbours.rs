//! Which files call each other, told from their texts alone, so that only those that belong together need trees at
//! the same time.
//!
//! Promises: two files between which [`World`](super::world::World) follows a call are in one group. The converse does
//! not hold: a reference in a comment or a script joins two files as well, which costs time and never an answer.
//! Limitation: a reference written with escapes in a double-quoted scalar (`"\x2e/..."`) is not seen.

use std::collections::BTreeMap;

use crate::parallel::parallel;

/// Groups the files that refer to each other, over any number of steps.
///
/// `files` are paths in the repository and their texts. A group holds positions in `files`, ascending; the groups are
/// ordered by their first position.
///
/// ```
/// let files = [
///     (".github/workflows/_build.yml", "on: workflow_call"),
///     (".github/workflows/lint.yml", "on: push"),
///     (".github/workflows/trunk.yml", "jobs: {build: {uses: ./.github/workflows/_build.yml}}"),
/// ];
/// assert_eq!(wf_fix::workflow::neighbours::groups(&files), [vec![0, 2], vec![1]]);
/// ```
pub fn groups(files: &[(&str, &str)]) -> Vec<Vec<usize>> {
    let names = Names::of(files.iter().map(|(path, _)| *path));
    joined(&parallel(files, |(_, text)| names.called_by(text)))
}

/// The files that others may call, by their names.
#[derive(Debug)]
pub struct Names<'f>(BTreeMap<&'f str, usize>);

impl<'f> Names<'f> {
    /// Those of files at these paths.
    pub fn of(paths: impl Iterator<Item = &'f str>) -> Names<'f> {
        Names(paths.enumerate().map(|(at, path)| (name(path), at)).collect())
    }

    /// The positions of the files that a text calls.
    pub fn called_by(&self, text: &str) -> Vec<usize> {
        references(text).filter_map(|reference| self.0.get(reference).copied()).collect()
    }
}

/// The groups of files of which each calls the ones at these positions; see [`groups`].
pub fn joined(called: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut heads: Vec<usize> = (0..called.len()).collect();
    for (at, called) in called.iter().enumerate() {
        for &called in called {
            let (one, other) = (head(&mut heads, at), head(&mut heads, called));
            heads[one.max(other)] = one.min(other);
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..called.len() {
        groups.entry(head(&mut heads, at)).or_default().push(at);
    }
    groups.into_values().collect()
}

/// Who refers to whom, read once for many questions.
#[derive(Debug, Default)]
pub struct Callers<'f> {
    files: Vec<&'f str>,
    by_name: BTreeMap<&'f str, Vec<usize>>,
}

impl<'f> Callers<'f> {
    /// Reads the references of all files: paths in the repository and their texts.
    pub fn of(files: &[(&'f str, &'f str)]) -> Callers<'f> {
        let mut by_name: BTreeMap<&str, Vec<usize>> = files.iter().map(|(path, _)| (name(path), Vec::new())).collect();
        for (at, (_, text)) in files.iter().enumerate() {
            for called in references(text) {
                if let Some(callers) = by_name.get_mut(called).filter(|callers| callers.last() != Some(&at)) {
                    callers.push(at);
                }
            }
        }
        Callers { files: files.iter().map(|(path, _)| *path).collect(), by_name }
    }

    /// The files that call these, over any number of steps, sorted, without these themselves.
    ///
    /// ```
    /// let files = [
    ///     (".github/workflows/_build.yml", "on: workflow_call"),
    ///     (".github/workflows/all.yml", "jobs: {build: {uses: ./.github/workflows/_build.yml}}"),
    ///     (".github/workflows/lint.yml", "on: push"),
    ///     (".github/workflows/trunk.yml", "jobs: {all: {uses: ./.github/workflows/all.yml}}"),
    /// ];
    /// let callers = wf_fix::workflow::neighbours::Callers::of(&files);
    /// let of_build = callers.callers_of(&[".github/workflows/_build.yml"]);
    /// assert_eq!(of_build, [".github/workflows/all.yml", ".github/workflows/trunk.yml"]);
    /// ```
    pub fn callers_of(&self, called: &[&str]) -> Vec<&'f str> {
        let mut found: Vec<&'f str> = Vec::new();
        let mut open: Vec<&str> = called.to_vec();
        while let Some(path) = open.pop() {
            for caller in self.by_name.get(name(path)).into_iter().flatten().map(|at| self.files[*at]) {
                if !found.contains(&caller) && !called.contains(&caller) {
                    found.push(caller);
                    open.push(caller);
                }
            }
        }
        found.sort_unstable();
        found
    }
}

/// Whether a file may be called by others: an action, or a text that speaks of `workflow_call`.
pub fn callable(path: &str, text: &str) -> bool {
    name(path) != path || path == "action.yml" || path == "action.yaml" || text.contains("workflow_call")
}

/// What a text may call: the paths behind `./`, an action by its folder.
///
/// ```
/// let text = "steps: [{uses: './.github/actions/setup/'}, {run: ./build.sh --all}]";
/// let found: Vec<&str> = wf_fix::workflow::neighbours::references(text).collect();
/// assert_eq!(found, [".github/actions/setup", "build.sh"]);
/// ```
pub fn references(text: &str) -> impl Iterator<Item = &str> {
    let starts = memchr::memmem::find_iter(text.as_bytes(), "./");
    let apart = |at: &usize| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || ['.', '/', '_', '-'].contains(&c));
    starts.filter(apart).map(|at| {
        let rest = &text[at + "./".len()..];
        let end = rest.find(|c: char| c.is_whitespace() || ['\'', '"', ',', '}', ']'].contains(&c));
        rest[..end.unwrap_or(rest.len())].trim_end_matches('/')
    })
}

/// What a file is called by: a workflow by its path, an action by its folder.
pub fn name(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some((folder, "action.yml" | "action.yaml")) => folder,
        None if ["action.yml", "action.yaml"].contains(&path) => "",
        _ => path,
    }
}

/// The first file of a group, with the way there made short.
fn head(heads: &mut [usize], mut at: usize) -> usize {
    while heads[at] != at {
        heads[at] = heads[heads[at]];
        at = heads[at];
    }
    at
}
