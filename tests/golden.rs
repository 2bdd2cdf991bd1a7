//! Every folder of `tests/cases` is a case: a repository before, rules, and what must come of it, byte for byte.
//! See `tests/README.md`. `CASE=part-of-a-name cargo test --test golden` runs some of them.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use wf_fix::change::Snapshot;
use wf_fix::plan::{Planned, plan};
use wf_fix::rule::{Layer, Register};

type Tree = BTreeMap<String, Vec<u8>>;

fn tree(root: &Path) -> Tree {
    fn walk(root: &Path, at: &Path, out: &mut Tree) {
        for entry in fs::read_dir(at).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, out);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                out.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut out = Tree::new();
    walk(root, root, &mut out);
    out
}

/// Runs a case: the tree after, or all that was said.
fn run(case: &Path) -> Result<Tree, String> {
    let files = tree(&case.join("rules")).into_iter().map(|(name, bytes)| (format!("rules/{name}"), bytes)).collect();
    let register = Register::load(&[Layer { origin: "rules".into(), files }])
        .map_err(|faults| faults.iter().map(|fault| format!("{fault}\n")).collect::<String>())?;
    let before = tree(&case.join("in"));
    let snapshot = Snapshot { names: before.keys().cloned().collect(), files: before.clone(), ..Snapshot::default() };
    let risks: Vec<_> = register.iter().map(|(risk, _)| risk).collect();
    let planned = plan(&risks, &snapshot, "2026-02-08");
    let faults: String = planned.iter().filter_map(Planned::fault).map(|fault| format!("{fault}\n")).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut after = before;
    for file in planned.iter().flat_map(Planned::files) {
        assert_eq!(after.get(&file.change.path), Some(&file.change.before), "planned on other bytes");
        match &file.change.after {
            Some(bytes) => drop(after.insert(file.change.path.clone(), bytes.clone())),
            None => drop(after.remove(&file.change.path)),
        }
    }
    Ok(after)
}

/// What is wrong with a case, if anything.
fn check(case: &Path) -> Result<(), String> {
    let (out, message) = (case.join("out"), case.join("message"));
    assert!(out.is_dir() != message.is_file(), "a case has either `out` or `message`");
    let result = run(case);
    if out.is_dir() {
        let after = result.map_err(|said| format!("refused: {said}"))?;
        return compare(&tree(&out), &after);
    }
    let said = match result {
        Err(said) => said,
        Ok(_) => return Err("must be refused, and is not".into()),
    };
    if said.contains("bug in wf-fix") {
        return Err(format!("the proof had to stop it: {said}"));
    }
    let wanted = fs::read_to_string(message).unwrap();
    let mut lines = wanted.lines();
    let place = lines.next().filter(|place| *place != "-").unwrap_or("");
    let missing: Vec<&str> = lines.filter(|word| !said.to_lowercase().contains(&word.to_lowercase())).collect();
    match said.contains(place) && missing.is_empty() {
        true => Ok(()),
        false => Err(format!("wanted {place} and {missing:?} in:\n{said}")),
    }
}

fn compare(wanted: &Tree, got: &Tree) -> Result<(), String> {
    let (names, others): (Vec<_>, Vec<_>) = (wanted.keys().collect(), got.keys().collect());
    if names != others {
        return Err(format!("files {others:?} instead of {names:?}"));
    }
    match wanted.iter().find(|(name, bytes)| got[*name] != **bytes) {
        None => Ok(()),
        Some((name, bytes)) => {
            let (want, have) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&got[name]));
            let diff = similar::TextDiff::from_lines(&*want, &*have).unified_diff().header("wanted", "got").to_string();
            Err(format!("{name} differs:\n{diff}"))
        }
    }
}

#[test]
fn every_case_comes_out_byte_for_byte() {
    let only = std::env::var("CASE").unwrap_or_default();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases.retain(|case| case.to_string_lossy().contains(&only));
    assert!(!cases.is_empty());
    let failed: Vec<String> = cases
        .iter()
        .filter_map(|case| check(case).err().map(|what| format!("== {}\n{what}", case.display())))
        .collect();
    assert!(failed.is_empty(), "{} of {} cases failed:\n{}", failed.len(), cases.len(), failed.join("\n"));
}
