//! The files of a repository in groups that call each other, a group at a time.
//!
//! What becomes of a failure depends on a file, on those that call it and on those that it calls. So a group is read,
//! audited and forgotten before the next, and only the texts of all files are held at once. Small groups run side by
//! side, the files of a large one do.

use std::collections::BTreeMap;

use super::load::{Loaded, load};
use super::{Part, one, structure};
use crate::parallel::parallel;
use crate::workflow::neighbours;
use crate::workflow::view::{File, Workflow};
use crate::workflow::world::World;

/// From how many files on a group is worked on by all threads together.
const LARGE: usize = 8;

/// All files of the repository, for the rare question that a group cannot answer. None is kept as a tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Repository<'b> {
    files: &'b [(&'b str, &'b [u8])],
}

impl Repository<'_> {
    /// Whether any workflow but `own` is so. Only those are read whose text is `likely` to be.
    pub fn any_other(&self, own: &str, likely: impl Fn(&str) -> bool, is_so: impl Fn(&Workflow<'_>) -> bool) -> bool {
        let others = self.files.iter().filter(|(path, _)| *path != own);
        let likely = |bytes: &[u8]| std::str::from_utf8(bytes).is_ok_and(&likely);
        others.filter(|(_, bytes)| likely(bytes)).any(|(path, bytes)| match &load(path, bytes).tree {
            Ok(tree) => matches!(File::of(path, tree), File::Workflow(workflow) if is_so(&workflow)),
            Err(_) => false,
        })
    }
}

/// The audits of all files, in the order of their paths.
pub(super) fn parts(files: &BTreeMap<String, Vec<u8>>) -> Vec<Part> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    let texts: Vec<(&str, &str)> =
        files.iter().map(|&(path, bytes)| (path, std::str::from_utf8(bytes).unwrap_or_default())).collect();
    let groups = neighbours::groups(&texts);
    let all = Repository { files: &files };
    let (large, small): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.len() >= LARGE);
    let of = |group: &[usize]| -> Vec<(&str, &[u8])> { group.iter().map(|&at| files[at]).collect() };
    let mut done = parallel(&small, |group| alone(&of(group), all));
    done.extend(large.iter().map(|group| together(&of(group), all)));
    let places = small.iter().chain(&large).flatten();
    let mut parts: Vec<(usize, Part)> = places.copied().zip(done.into_iter().flatten()).collect();
    parts.sort_unstable_by_key(|(at, _)| *at);
    parts.into_iter().map(|(_, part)| part).collect()
}

/// A group on this thread.
fn alone(files: &[(&str, &[u8])], all: Repository<'_>) -> Vec<Part> {
    let loaded: Vec<Loaded<'_>> = files.iter().map(|(path, bytes)| load(path, bytes)).collect();
    let world = world(&loaded);
    loaded.iter().map(|file| audited(file, &world, all)).collect()
}

/// A group on all threads.
fn together(files: &[(&str, &[u8])], all: Repository<'_>) -> Vec<Part> {
    let loaded = parallel(files, |(path, bytes)| load(path, bytes));
    let world = world(&loaded);
    parallel(&loaded, |file| audited(file, &world, all))
}

fn world<'l>(loaded: &'l [Loaded<'_>]) -> World<'l> {
    World::new(loaded.iter().filter_map(|file| Some(File::of(file.path, file.tree.as_ref().ok()?))))
}

fn audited<'l>(file: &'l Loaded<'_>, world: &World<'l>, all: Repository<'l>) -> Part {
    match world.file(file.path) {
        Some(view) => one(view, file.text, file.strict, world, all),
        None => Part { findings: structure::finding(file).into_iter().collect(), entry: None },
    }
}
