//! Ctrl-C at any moment: the old state or the new, no lock and no temporary file.

use std::process::{Command, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::fixture::Fixture;

#[test]
fn an_interrupt_leaves_the_old_state_or_the_new() {
    let fixture = Fixture::demo();
    fixture.git(&["config", "user.name", "Ada"]);
    fixture.git(&["config", "user.email", "ada@example.com"]);
    let old = fixture.git(&["rev-parse", "HEAD"]);
    let (mut interrupted, mut finished) = (0, 0);
    for round in 0..60 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_wf-fix"))
            .args(["--milestone", "M04", "-q"])
            .current_dir(fixture.root())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(1000 * (round % 30) * 2));
        // The process may have ended: then there is nothing to interrupt.
        let _ = kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), Signal::SIGINT);
        child.wait().unwrap();
        assert_eq!(fixture.git(&["status", "--porcelain", "--untracked-files=all"]), "", "round {round}");
        assert!(!fixture.root().join(".git/index.lock").exists(), "round {round}");
        match fixture.git(&["rev-list", "--count", &format!("{old}..HEAD")]).as_str() {
            "0" => interrupted += 1,
            "5" => finished += 1,
            other => panic!("{other} commits after round {round}"),
        }
        fixture.git(&["reset", "-q", "--hard", &old]);
    }
    assert_eq!(interrupted + finished, 60);
    fixture.git(&["fsck", "--strict"]);
}
