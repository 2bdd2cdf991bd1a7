//! A real file system that is full, or read-only: small ones in memory, mounted for the test, which needs root.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::scenario::{self, Scenario};
use crate::stage::{Stage, difference, said};
use crate::strace;

/// A mounted file system of this many KiB; unmounted when dropped.
struct Mount {
    dir: tempfile::TempDir,
}

impl Mount {
    fn new(kib: usize) -> Option<Mount> {
        let mount = Mount { dir: tempfile::tempdir().unwrap() };
        let size = format!("size={kib}k");
        let made = run("mount", &["-t", "tmpfs", "-o", &size, "wf-fix-test"], mount.dir.path());
        if !made {
            eprintln!("SKIPPED: mounting a small file system needs root");
        }
        made.then_some(mount)
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        run("umount", &["-l"], self.dir.path());
    }
}

fn run(program: &str, args: &[&str], place: &Path) -> bool {
    let output = Command::new(program).args(args).arg(place).output();
    output.is_ok_and(|output| output.status.success())
}

const KINDS: [&Scenario; 4] =
    [&scenario::COMMIT_REMOVAL, &scenario::NO_COMMIT, &scenario::NEW_BRANCH, &scenario::OLD_BRANCH];

#[test]
fn a_full_disk_leaves_the_old_state_or_the_new() {
    let Some(mount) = Mount::new(4096) else { return };
    for scenario in KINDS {
        let stage = Stage::within(scenario, mount.dir.path());
        let old = stage.state();
        assert!(stage.wf_fix(scenario.args).status.success());
        let new = stage.state();
        let (mut refused, mut delivered) = (0, 0);
        let step = if strace::full() { 4 } else { 24 };
        for free in (0..140).step_by(step) {
            stage.reset();
            fill(mount.dir.path(), free);
            let output = stage.wf_fix(scenario.args);
            let place = format!("{}, {free} KiB free: {}", scenario.name, said(&output));
            let code = output.status.code();
            let left = stage.state();
            match code {
                Some(0) => {
                    assert!(left == new, "{place}\n{}", difference(&new, &left));
                    delivered += 1;
                }
                Some(2) => {
                    assert!(left == old, "{place}\n{}", difference(&old, &left));
                    assert!(place.contains("No space left on device"), "{place}");
                    refused += 1;
                }
                _ => panic!("{place}: {code:?}"),
            }
            fs::remove_file(mount.dir.path().join("filler")).unwrap();
            stage.fsck();
            assert!(stage.wf_fix(scenario.args).status.success(), "{place}");
            assert!(stage.state() == new, "{place}");
        }
        println!("full disk, {}: {refused} refused, {delivered} delivered", scenario.name);
        assert!(refused > 0 && delivered > 0, "{}: {refused} refused, {delivered} delivered", scenario.name);
    }
}

/// Fills the file system up to `free` KiB.
fn fill(folder: &Path, free: usize) {
    let filler = folder.join("filler");
    // Until nothing more fits; then it is cut.
    let mut file = fs::File::create(&filler).unwrap();
    let block = [1u8; 4096];
    while std::io::Write::write_all(&mut file, &block).is_ok() {}
    let size = file.metadata().unwrap().len();
    file.set_len(size - (free as u64 * 1024).min(size)).unwrap();
}

#[test]
fn a_read_only_disk_or_folder_is_an_error_and_leaves_the_old_state() {
    let Some(mount) = Mount::new(4096) else { return };
    for scenario in KINDS {
        let stage = Stage::within(scenario, mount.dir.path());
        let old = stage.state();
        let root = stage.root();
        for part in ["", ".git", ".github/workflows", ".git/refs", ".git/objects", ".git/logs"] {
            let place = root.join(part);
            let path = place.to_str().unwrap();
            assert!(run("mount", &["--bind", path], &place) && run("mount", &["-o", "remount,bind,ro"], &place));
            let output = stage.wf_fix(scenario.args);
            let left = stage.state();
            assert!(run("umount", &["-l"], &place));
            let words = format!("{}, {part} read-only: {}", scenario.name, said(&output));
            if output.status.success() {
                // What is read-only was not needed.
                stage.reset();
                continue;
            }
            assert_eq!(output.status.code(), Some(2), "{words}");
            assert!(words.contains("error: "), "{words}");
            assert!(left == old, "{words}\n{}", difference(&old, &left));
        }
        assert!(stage.wf_fix(scenario.args).status.success());
    }
}
