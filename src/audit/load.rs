//! Bytes to trees, in parallel, in the order of the paths.

use std::collections::BTreeMap;

use crate::yaml::{Fault, Tree, load as load_tree, read_tree};

/// One file, read.
#[derive(Debug)]
pub struct Loaded<'b> {
    /// Its path in the repository.
    pub path: &'b str,
    /// Its text without a byte order mark; empty where the bytes are unfit.
    pub text: &'b str,
    /// Its tree, or why there is none.
    pub tree: Result<Tree, Fault>,
    /// Whether it is YAML 1.2 to the letter; wf-fix rewrites no other file.
    pub strict: bool,
}

/// Reads all files.
pub fn load(files: &BTreeMap<String, Vec<u8>>) -> Vec<Loaded<'_>> {
    let all: Vec<(&String, &Vec<u8>)> = files.iter().collect();
    parallel(&all, |(path, bytes)| match read_tree(path, bytes) {
        Ok((text, tree)) => Loaded { path, text, tree: Ok(tree), strict: true },
        Err(fault) => {
            let text = std::str::from_utf8(bytes).unwrap_or_default();
            Loaded { path, text, tree: leniently(path, text, fault), strict: false }
        }
    })
}

/// How many lines of a file are mended before it counts as broken.
const MOST_MENDED: usize = 50;

/// Reads a file whose only fault is that lines of `[` and `{` collections are not indented deep enough, as GitHub does.
///
/// Inside such a collection indentation means nothing, so the lines are read as if they were indented; they stay on
/// their lines, with other columns.
fn leniently(path: &str, text: &str, first: Fault) -> Result<Tree, Fault> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut fault = first.clone();
    for _ in 0..MOST_MENDED {
        let shallow = fault.cause.contains("is not indented deeper");
        let line = fault.place.as_ref().filter(|_| shallow).and_then(|place| place.line.checked_sub(1));
        let Some(line) = line.and_then(|line| lines.get_mut(line)) else { return Err(first) };
        line.insert_str(0, "                    ");
        match load_tree(path, &lines.join("\n")) {
            Ok(tree) => return Ok(tree),
            Err(next) => fault = next,
        }
    }
    Err(first)
}

/// How many items a thread takes at a time.
const CHUNK: usize = 8;

/// The results of `work` over all items, in their order, made on as many threads as there are processors.
pub fn parallel<'i, I: Sync, R: Send>(items: &'i [I], work: impl Fn(&'i I) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(items.len().div_ceil(CHUNK));
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let next = std::sync::atomic::AtomicUsize::new(0);
    let chunks: Vec<&'i [I]> = items.chunks(CHUNK).collect();
    let one = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(chunk) = chunks.get(index) else { return done };
            done.push((index, chunk.iter().map(&work).collect::<Vec<R>>()));
        }
    };
    let mut parts = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
        // A panic of a worker is one of this thread as well.
        let join = |handle: std::thread::ScopedJoinHandle<'_, _>| match handle.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        handles.into_iter().flat_map(join).collect::<Vec<_>>()
    });
    parts.sort_by_key(|(index, _)| *index);
    parts.into_iter().flat_map(|(_, part)| part).collect()
}
