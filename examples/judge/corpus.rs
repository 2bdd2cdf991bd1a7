//! The files of a repository's snapshot in a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The workflows and actions of a folder: all YAML files of a repository's snapshot.
pub fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "yml" || end == "yaml")
                && let (Ok(bytes), Ok(name)) = (std::fs::read(&path), path.strip_prefix(root))
            {
                found.insert(name.to_string_lossy().into_owned(), bytes);
            }
        }
    }
    found
}
