//! The table in docs/reliability.md names every test here, and no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn the_table_names_every_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("docs/reliability.md")).unwrap();
    let part = document.split("\n## ").find(|part| part.starts_with("Hostile input")).unwrap();
    let row = |line: &str| {
        line.strip_suffix(" |")?
            .rsplit_once('`')
            .map(|(rest, _)| rest)?
            .rsplit_once('`')
            .map(|(_, name)| name.to_owned())
    };
    let listed: BTreeSet<String> = part.lines().filter(|line| line.starts_with("| ")).filter_map(row).collect();
    let mut there = BTreeSet::new();
    for entry in fs::read_dir(root.join("tests/hostile")).unwrap() {
        let path = entry.unwrap().path();
        let (text, file) = (fs::read_to_string(&path).unwrap(), path.file_stem().unwrap().to_str().unwrap().to_owned());
        let names = text.split("#[test]\nfn ").skip(1).filter_map(|rest| rest.split_once('('));
        there.extend(names.filter(|_| file != "table").map(|(name, _)| format!("{file}::{name}")));
    }
    assert_eq!(listed, there);
}
