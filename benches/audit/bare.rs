//! The yardstick: a process that reads the files and parses each with tree-sitter-yaml, and nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use tree_sitter::Parser;

/// The argument that makes the benchmark's program this process.
pub const MODE: &str = "--bare-parse";

/// Parses the workflows of a repository on as many threads as there are processors, as the audit does; how many have
/// a tree without an error.
pub fn parse_all(dir: &Path) -> usize {
    let entries = fs::read_dir(dir.join(".github/workflows")).unwrap();
    let is_yaml = |path: &PathBuf| path.is_file() && path.extension().is_some_and(|end| end == "yml" || end == "yaml");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(is_yaml).collect();
    files.sort();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let one = || {
        let mut parser = Parser::new();
        parser.set_language(&tree_sitter_yaml::LANGUAGE.into()).unwrap();
        let mut sound = 0;
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let bytes = fs::read(file).unwrap();
            let tree = parser.parse(&bytes, None).unwrap();
            sound += usize::from(!tree.root_node().has_error());
        }
        sound
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}
