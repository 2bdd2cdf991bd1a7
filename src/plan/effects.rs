//! The signal proof of a planned risk: its files before and after, with those that call them as the risks before it
//! leave them, held against what the rule expects.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::change::Snapshot;
use crate::effect::{self, Effect};
use crate::rule::Risk;
use crate::workflow::bounds;
use crate::workflow::neighbours::{self, Callers, callable};
use crate::workflow::view::File;
use crate::workflow::world::World;
use crate::yaml::{Document, Fault, Tree, read_tree};

/// A file of a risk, before and after; `None` for one that goes.
pub(super) type Changed = (Arc<Document>, Option<Arc<Document>>);

/// The files as a run read them, and who calls whom among them.
pub(super) struct Around<'s> {
    snapshot: &'s Snapshot,
    texts: Vec<(&'s str, &'s str)>,
    /// All that refer to others, looked up once it pays.
    callers: OnceLock<Callers<'s>>,
}

/// From how many files on their callers are looked up in an index; the callers of fewer are found by their names.
const MANY: usize = 8;

impl<'s> Around<'s> {
    /// Looks for callers only where others were read for it.
    pub fn of(snapshot: &'s Snapshot) -> Around<'s> {
        let others = snapshot.around.iter().filter(|(path, _)| !snapshot.files.contains_key(*path));
        let all = snapshot.files.iter().chain(others);
        let utf8 = |(path, bytes): (&'s String, &'s Vec<u8>)| Some((path.as_str(), std::str::from_utf8(bytes).ok()?));
        let texts: Vec<(&str, &str)> = all.filter_map(utf8).collect();
        Around { snapshot, texts, callers: OnceLock::new() }
    }

    /// The files that call these, over any number of steps.
    pub fn callers_of(&self, paths: &[&str]) -> Vec<&'s str> {
        let called =
            |path: &&&str| self.bytes(path).is_some_and(|bytes| callable(path, &String::from_utf8_lossy(bytes)));
        let called: Vec<&str> = paths.iter().filter(called).copied().collect();
        if called.is_empty() {
            return Vec::new();
        }
        if called.len() >= MANY {
            return self.callers.get_or_init(|| Callers::of(&self.texts)).callers_of(&called);
        }
        // Few texts hold the name of a file at all.
        let mut near: Vec<(&str, &str)> = Vec::new();
        let mut open: Vec<&str> = called.clone();
        while let Some(path) = open.pop() {
            let name = last_name(path);
            let known = |path: &str, near: &[(&str, &str)]| near.iter().any(|(other, _)| *other == path);
            for (path, text) in self.texts.iter().filter(|(_, text)| text.contains(name)) {
                if !known(path, &near) {
                    near.push((path, text));
                    open.extend(callable(path, text).then_some(*path));
                }
            }
        }
        for path in &called {
            near.extend(self.texts.iter().filter(|(known, _)| known == path).copied());
        }
        near.sort_unstable();
        near.dedup();
        Callers::of(&near).callers_of(&called)
    }

    /// The effect of a risk, as its rule expects it.
    ///
    /// # Errors
    /// A difference beyond what the rule expects.
    pub fn prove(
        &self,
        risk: &Risk,
        changed: &[Changed],
        current: &BTreeMap<String, Option<Arc<Document>>>,
    ) -> Result<Effect, Fault> {
        changed.iter().try_for_each(|(before, _)| bounds::check(before.name(), before.tree()))?;
        let touched: Vec<&str> = changed.iter().map(|(before, _)| before.name()).collect();
        let mut loaded: Vec<(&str, Tree)> = Vec::new();
        let can_be_called = |(before, _): &Changed| callable(before.name(), before.text());
        let not_read = self.snapshot.unread.iter().filter(|_| changed.iter().any(can_be_called));
        let mut unread: Vec<(String, String)> = not_read.map(|(path, why)| (path.clone(), why.clone())).collect();
        let mut known: Vec<(&str, &Tree)> = Vec::new();
        for path in self.callers_of(&touched) {
            match (current.get(path), self.bytes(path)) {
                (Some(document), _) => known.extend(document.as_ref().map(|document| (path, document.tree()))),
                (None, Some(bytes)) => {
                    let read = read_tree(path, bytes).and_then(|(_, tree)| bounds::check(path, &tree).map(|()| tree));
                    match read {
                        Ok(tree) => loaded.push((path, tree)),
                        Err(fault) => unread.push((path.to_owned(), fault.cause)),
                    }
                }
                (None, None) => {}
            }
        }
        known.extend(loaded.iter().map(|(path, tree)| (*path, tree)));
        let before = world(&known, changed.iter().map(|(before, _)| before));
        let after = world(&known, changed.iter().filter_map(|(_, after)| after.as_ref()));
        let effect = Effect { unread, ..effect::of(&before, &after, &touched) };
        risk.effect.check(&effect)?;
        Ok(effect)
    }

    fn bytes(&self, path: &str) -> Option<&'s [u8]> {
        self.snapshot.files.get(path).or_else(|| self.snapshot.around.get(path)).map(Vec::as_slice)
    }
}

/// What a reference to a file must hold: a workflow's own name, the folder's of an action.
fn last_name(path: &str) -> &str {
    let name = neighbours::name(path);
    name.rsplit('/').next().unwrap_or(name)
}

/// The callers and the files of one side.
fn world<'t>(callers: &[(&'t str, &'t Tree<'t>)], own: impl Iterator<Item = &'t Arc<Document>>) -> World<'t> {
    let own = own.map(|document| (document.name(), document.tree()));
    World::new(callers.iter().copied().chain(own).map(|(path, tree)| File::of(path, tree)))
}

/// The globs of the files that may call those of these risks; none if nothing can call them.
pub fn wanted_around(risks: &[&Risk], snapshot: &Snapshot) -> Vec<String> {
    let fixes = risks.iter().filter(|risk| !risk.rewrites().is_empty());
    let paths = fixes.flat_map(|risk| super::paths(risk, snapshot));
    let can_be_called = |path: &String| {
        let text = snapshot.files.get(path).map(|bytes| String::from_utf8_lossy(bytes));
        text.is_some_and(|text| callable(path, &text))
    };
    let called: Vec<String> = paths.filter(can_be_called).collect();
    let mut globs: Vec<&str> = Vec::new();
    if !called.is_empty() {
        globs.extend([".github/workflows/*.yml", ".github/workflows/*.yaml"]);
    }
    // Only an action can be used by an action.
    if called.iter().any(|path| path.ends_with("action.yml") || path.ends_with("action.yaml")) {
        globs.extend([".github/actions/**/action.yml", ".github/actions/**/action.yaml"]);
    }
    globs.into_iter().map(str::to_owned).collect()
}
