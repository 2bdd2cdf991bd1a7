//! The fuzz targets in the ordinary test suite: the seeds and all that ever fell out, through the same functions as
//! cargo-fuzz calls.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use fuzz::{TARGETS, seeds};

/// Runs inputs through a target; the names of those that it panics on.
fn failing(run: fn(&[u8]), inputs: Vec<(String, Vec<u8>)>) -> Vec<String> {
    inputs.into_iter().filter(|(_, bytes)| catch_unwind(|| run(bytes)).is_err()).map(|(name, _)| name).collect()
}

/// The most seeds of a target that are replayed here; cargo-fuzz takes all.
const MOST: usize = 80;

#[test]
fn seeds_hold() {
    for (target, run) in TARGETS {
        let seeds = seeds::of(target, Path::new(env!("CARGO_MANIFEST_DIR")));
        assert!(seeds.len() > 5, "{target} has {} seeds", seeds.len());
        let every = seeds.len().div_ceil(MOST);
        let seeds = seeds.into_iter().step_by(every);
        let name = |(index, seed): (usize, Vec<u8>)| (format!("{index}: {}", String::from_utf8_lossy(&seed)), seed);
        let failing = failing(*run, seeds.enumerate().map(name).collect());
        assert!(failing.is_empty(), "{target}: {}", failing.join("\n\n"));
    }
}

#[test]
fn what_ever_fell_out_stays_mended() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions");
    for entry in fs::read_dir(folder).unwrap() {
        let own = entry.unwrap().path();
        let name = own.file_name().unwrap().to_string_lossy().into_owned();
        let (_, run) = TARGETS.iter().find(|(target, _)| *target == name).expect("a folder is named as a target");
        let files = fs::read_dir(&own).unwrap().map(|file| file.unwrap().path());
        let inputs = files.map(|file| (file.display().to_string(), fs::read(&file).unwrap())).collect();
        assert_eq!(failing(*run, inputs), Vec::<String>::new());
    }
}
