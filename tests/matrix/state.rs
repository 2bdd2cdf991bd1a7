//! All that stands in the folder of a case, byte for byte, to compare before and after.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

/// Paths in the folder of the case: mode, number of names, and bytes or where a link leads.
pub type State = BTreeMap<String, (u32, u64, Vec<u8>)>;

pub fn of(case: &Path) -> State {
    let mut state = State::new();
    walk(case, "", &mut state);
    state
}

fn walk(folder: &Path, name: &str, state: &mut State) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let meta = entry.metadata().unwrap();
        let path = format!("{name}{}", entry.file_name().to_string_lossy());
        let mode = meta.permissions().mode();
        if meta.is_dir() {
            state.insert(format!("{path}/"), (mode, 0, Vec::new()));
            walk(&entry.path(), &format!("{path}/"), state);
        } else if meta.is_symlink() {
            let target = fs::read_link(entry.path()).unwrap();
            state.insert(path, (mode, meta.nlink(), target.to_string_lossy().into_owned().into_bytes()));
        } else if meta.is_file() {
            state.insert(path, (mode, meta.nlink(), fs::read(entry.path()).unwrap()));
        }
    }
}

/// The paths at which two states differ.
pub fn changed(before: &State, after: &State) -> Vec<String> {
    let mut paths: Vec<&String> = before.keys().chain(after.keys()).collect();
    paths.sort();
    paths.dedup();
    paths.into_iter().filter(|path| before.get(*path) != after.get(*path)).cloned().collect()
}
