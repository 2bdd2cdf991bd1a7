//! The signal proof, over the five shapes of the reference job and over variations of them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use wf_fix::effect::of_texts;

fn tree(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .map(|p| (format!(".github/workflows/{}", p.file_name().unwrap().to_str().unwrap()), fs::read(&p).unwrap()))
        .collect()
}

#[test]
fn show() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let before = tree(&root.join("tests/cases/milestone-m04/in/.github/workflows"));
    let after = tree(&root.join("tests/cases/milestone-m04/out/.github/workflows"));
    let effect = of_texts(&before, &after);
    println!("{effect}");
    for d in wf_fix::effect::deferred::register("M04", [("all", &effect)]) {
        println!("{d:#?}");
    }
}
