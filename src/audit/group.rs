//! The files of a repository in groups that call each other, a group at a time.
//!
//! What becomes of a failure depends on a file, on those that call it and on those that it calls. So a group is read,
//! audited and forgotten before the next. Most files call none: those are audited as they are read, and only the texts of
//! the others are held until all groups are known. Small groups run side by side, the files of a large one do.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{OnceLock, RwLock};

use super::load::{Loaded, load};
use super::repository::{Reader, Repository, Text};
use super::{Part, one, structure};
use crate::parallel::parallel;
use crate::workflow::neighbours::{self, Names, joined};
use crate::workflow::view::File;
use crate::workflow::world::World;

/// From how many files on a group is worked on by all threads together.
const LARGE: usize = 8;

/// The audits of all files, in the order of their paths.
pub(super) fn parts(files: &BTreeMap<String, Vec<u8>>) -> Vec<Part> {
    let groups = groups(files);
    let files: Vec<(&str, Text<'_>)> = files.iter().map(|(path, bytes)| (path.as_str(), Text::Lent(bytes))).collect();
    in_order(audits(groups, Repository { files: &files, read: &|_| None, early: None }))
}

/// The same, where each text is read when its turn comes and dropped with its audit. What cannot be read has no part.
pub(super) fn parts_by_reading(paths: &[&str], read: &Reader<'_>) -> Vec<Part> {
    let names = Names::of(paths.iter().copied());
    let unread = || Text::Given(RwLock::new(None), OnceLock::new());
    let files: Vec<(&str, Text<'_>)> = paths.iter().map(|path| (*path, unread())).collect();
    let all = Repository { files: &files, read, early: None };
    let places: Vec<usize> = (0..files.len()).collect();
    let mut looks = parallel(&places, |&at| first_look(at, &names, all));
    let called: Vec<Vec<usize>> = looks.iter_mut().map(|look| std::mem::take(&mut look.called)).collect();
    let mut parts: Vec<(usize, Part)> = Vec::with_capacity(looks.len());
    let mut left = Vec::new();
    for mut group in joined(&called) {
        if let [at] = group[..]
            && let Some(part) = looks[at].part.take()
        {
            parts.push((at, part));
            continue;
        }
        group.retain(|&at| looks[at].is_there);
        left.push(group);
    }
    parts.extend(audits(left, all));
    in_order(parts)
}

/// What comes of reading a file.
struct Look {
    is_there: bool,
    /// The files that it calls.
    called: Vec<usize>,
    /// Its audit, if it calls none and asked for no other file. It holds if no other file calls it either.
    part: Option<Part>,
}

/// Reads a file, and audits it if that takes no other; else its text is held until all are read.
fn first_look(at: usize, names: &Names<'_>, all: Repository<'_>) -> Look {
    let Some(bytes) = (all.read)(at) else { return Look { is_there: false, called: Vec::new(), part: None } };
    let called = names.called_by(std::str::from_utf8(&bytes).unwrap_or_default());
    let path = all.files[at].0;
    let part = called.is_empty().then(|| by_itself(at, (path, &bytes), all)).flatten();
    if part.is_none() {
        all.hold(at, bytes);
    }
    Look { is_there: true, called, part }
}

/// The audit of a file that calls none; `None` if it asks for another that may not have been read yet.
fn by_itself(at: usize, (path, bytes): (&str, &[u8]), all: Repository<'_>) -> Option<Part> {
    let asked = AtomicBool::new(false);
    let early = Repository { early: Some(&asked), ..all };
    let loaded = [load(path, bytes)];
    let world = world(&loaded);
    let part = audited(&loaded[0], &world, early);
    let alone = !asked.load(Ordering::Relaxed);
    if alone {
        all.remember(at, world.file(path));
    }
    alone.then_some(part)
}

fn groups(files: &BTreeMap<String, Vec<u8>>) -> Vec<Vec<usize>> {
    let text = |bytes| std::str::from_utf8(bytes).unwrap_or_default();
    let files: Vec<(&String, &Vec<u8>)> = files.iter().collect();
    neighbours::groups(&parallel(&files, |(path, bytes)| (path.as_str(), text(bytes))))
}

/// The audits of all groups, with the places of their files.
fn audits(groups: Vec<Vec<usize>>, all: Repository<'_>) -> Vec<(usize, Part)> {
    let (large, small): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.len() >= LARGE);
    let mut done = parallel(&small, |group| alone(group, all));
    done.extend(large.iter().map(|group| together(group, all)));
    let places = small.iter().chain(&large).flatten();
    places.copied().zip(done.into_iter().flatten()).collect()
}

fn in_order(mut parts: Vec<(usize, Part)>) -> Vec<Part> {
    parts.sort_unstable_by_key(|(at, _)| *at);
    parts.into_iter().map(|(_, part)| part).collect()
}

/// A group on this thread.
fn alone(group: &[usize], all: Repository<'_>) -> Vec<Part> {
    let files: Vec<(&str, Cow<'_, [u8]>)> = group.iter().map(|&at| all.take(at)).collect();
    let loaded: Vec<Loaded<'_>> = files.iter().map(|(path, bytes)| load(path, bytes)).collect();
    let world = world(&loaded);
    group.iter().zip(&loaded).for_each(|(&at, file)| all.remember(at, world.file(file.path)));
    loaded.iter().map(|file| audited(file, &world, all)).collect()
}

/// A group on all threads.
fn together(group: &[usize], all: Repository<'_>) -> Vec<Part> {
    let files: Vec<(&str, Cow<'_, [u8]>)> = group.iter().map(|&at| all.take(at)).collect();
    let loaded = parallel(&files, |(path, bytes)| load(path, bytes));
    let world = world(&loaded);
    group.iter().zip(&loaded).for_each(|(&at, file)| all.remember(at, world.file(file.path)));
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
