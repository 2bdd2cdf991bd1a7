//! The effect from the texts of files alone: for those who hold a tree of git before and after.

use std::collections::BTreeMap;

use super::Effect;
use crate::workflow::bounds;
use crate::workflow::neighbours::Callers;
use crate::workflow::view::File;
use crate::workflow::world::World;
use crate::yaml::{Tree, read_tree};

/// Files by path in their repository.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The effect of all differences between two sets of files: the workflows and the local actions of a repository.
///
/// Only the files that differ, and those that call them, are parsed; more files do no harm.
pub fn of_texts(before: &Files, after: &Files) -> Effect {
    let touched = touched(before, after);
    let (old, new) = (Side::of(before, &touched), Side::of(after, &touched));
    let mut unread = old.unread.clone();
    unread.extend(new.unread.iter().filter(|(path, _)| old.unread.iter().all(|(known, _)| known != path)).cloned());
    let read = |path: &&str| unread.iter().all(|(other, _)| other != path);
    let touched: Vec<&str> = touched.into_iter().filter(read).collect();
    let effect = super::of(&old.world(), &new.world(), &touched);
    Effect { unread, ..effect }
}

/// The paths whose bytes differ, or that stand on one side only.
pub fn touched<'f>(before: &'f Files, after: &'f Files) -> Vec<&'f str> {
    let gone = before.iter().filter(|(path, bytes)| after.get(*path) != Some(bytes));
    let new = after.iter().filter(|(path, _)| !before.contains_key(*path));
    let mut paths: Vec<&str> = gone.chain(new).map(|(path, _)| path.as_str()).collect();
    paths.sort_unstable();
    paths
}

/// The trees of one side.
struct Side<'f> {
    trees: Vec<(&'f str, Tree<'f>)>,
    unread: Vec<(String, String)>,
}

impl<'f> Side<'f> {
    fn of(files: &'f Files, touched: &[&str]) -> Side<'f> {
        let utf8 = |(path, bytes): (&'f String, &'f Vec<u8>)| Some((path.as_str(), std::str::from_utf8(bytes).ok()?));
        let texts: Vec<(&str, &str)> = files.iter().filter_map(utf8).collect();
        let mut wanted = Callers::of(&texts).callers_of(touched);
        wanted.extend(files.keys().map(String::as_str).filter(|path| touched.contains(path)));
        let mut side = Side { trees: Vec::new(), unread: Vec::new() };
        for (path, bytes) in files.iter().filter(|(path, _)| wanted.contains(&path.as_str())) {
            let read = read_tree(path, bytes).and_then(|(_, tree)| bounds::check(path, &tree).map(|()| tree));
            match read {
                Ok(tree) => side.trees.push((path, tree)),
                Err(fault) => side.unread.push((path.clone(), fault.cause)),
            }
        }
        side
    }

    fn world(&self) -> World<'_> {
        World::new(self.trees.iter().map(|(path, tree)| File::of(path, tree)))
    }
}
