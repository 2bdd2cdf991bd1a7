//! Others at work at the same moment: the delivery is stopped after one of its calls, somebody else does something from
//! start to end, and the delivery goes on. Either may win, the loser says so, and nothing of either is lost.

use std::fs::{self, File};
use std::io::{Seek, Write};
use std::os::unix::fs::MetadataExt;
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::scenario::{self, OTHER, Scenario, WORKFLOW};
use crate::stage::{Stage, said};
use crate::strace;

/// What an editor saves.
const SAVED: &str = "on: push # saved by an editor\n";

/// What somebody else does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    /// The same wf-fix run once more, or one for another risk.
    SameRun,
    OtherRun,
    /// `git commit` of what is staged; of one dirty file.
    CommitStaged,
    CommitFile,
    /// `git add` of an untracked file.
    Add,
    /// Another text of a target staged, while the file is as it was.
    StageOther,
    /// A branch that moves without the index, as by `git push` into the repository.
    UpdateRef,
    Checkout,
    Rebase,
    /// An editor that writes into the file, or renames a new one into its place.
    EditInPlace,
    EditByRename,
    /// An editor that had opened the file before and writes now.
    EditOpened,
}

const BESIDE_COMMIT: [Action; 11] = [
    Action::SameRun,
    Action::EditInPlace,
    Action::CommitStaged,
    Action::EditByRename,
    Action::OtherRun,
    Action::CommitFile,
    Action::EditOpened,
    Action::Add,
    Action::UpdateRef,
    Action::StageOther,
    Action::Checkout,
];
const BESIDE_NO_COMMIT: [Action; 5] =
    [Action::EditInPlace, Action::EditByRename, Action::EditOpened, Action::SameRun, Action::CommitStaged];

/// A delivery that was stopped.
struct Paused {
    strace: Child,
    pid: Pid,
}

impl Paused {
    /// Starts the delivery and waits until it stands still; `None` if it never got to the call.
    fn start(stage: &Stage, call: &strace::Call) -> Option<Paused> {
        let _ = fs::remove_file(stage.beside("log"));
        let mut command = strace::command(stage, stage.scenario.args, &call.at("signal=STOP"));
        let mut strace = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let since = Instant::now();
        while since.elapsed() < Duration::from_secs(20) {
            let log = fs::read_to_string(stage.beside("log")).unwrap_or_default();
            if let Some(line) = log.lines().find(|line| line.contains("--- stopped by SIGSTOP")) {
                let pid = line.split(' ').next().unwrap().parse().unwrap();
                return Some(Paused { strace, pid: Pid::from_raw(pid) });
            }
            if strace.try_wait().unwrap().is_some() {
                return None;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        strace.kill().unwrap();
        strace.wait().unwrap();
        panic!("the process did not stop at {}", call.text);
    }

    fn go_on(self) -> Output {
        kill(self.pid, Signal::SIGCONT).unwrap();
        self.strace.wait_with_output().unwrap()
    }
}

impl Action {
    fn is_edit(self) -> bool {
        matches!(self, Action::EditInPlace | Action::EditByRename | Action::EditOpened)
    }

    /// Does it; the output of a command that was run, if any. `opened` is the target, opened before the delivery.
    fn perform(self, stage: &Stage, target: &str, mut opened: File) -> Option<Output> {
        let place = stage.root().join(target);
        if self.is_edit() {
            // The folder of a file that was removed may have gone with it.
            fs::create_dir_all(place.parent().unwrap()).unwrap();
        }
        let git = |args: &[&str]| Some(stage.try_git(args));
        match self {
            Action::SameRun => Some(stage.wf_fix(stage.scenario.args)),
            Action::OtherRun => Some(stage.wf_fix(&["--risk", "M03-R04"])),
            Action::CommitStaged => git(&["commit", "-q", "-m", "theirs"]),
            Action::CommitFile => git(&["commit", "-q", "-m", "theirs", "--", "dirty.txt"]),
            Action::Add => git(&["add", "untracked.txt"]),
            Action::Checkout => git(&["checkout", "-q", "-b", "elsewhere"]),
            Action::Rebase => git(&["rebase", "-q", "upstream"]),
            Action::StageOther => git(&[
                "update-index",
                "--cacheinfo",
                &format!("100644,{},{target}", stage.git(&["rev-parse", ":staged.txt"]).trim()),
            ]),
            Action::UpdateRef => {
                let made = stage.git(&["commit-tree", "-p", "HEAD", "-m", "theirs", "HEAD^{tree}"]);
                git(&["update-ref", "refs/heads/main", made.trim()])
            }
            Action::EditInPlace => {
                fs::write(place, SAVED).unwrap();
                None
            }
            Action::EditByRename => {
                let new = place.with_extension("swp");
                fs::write(&new, SAVED).unwrap();
                fs::rename(&new, place).unwrap();
                None
            }
            Action::EditOpened => {
                opened.set_len(0).unwrap();
                opened.rewind().unwrap();
                opened.write_all(SAVED.as_bytes()).unwrap();
                None
            }
        }
    }

    /// What must be seen if it succeeded.
    fn is_there(self, stage: &Stage) -> bool {
        let log = || stage.git(&["log", "--all", "--format=%B"]);
        match self {
            Action::SameRun => !stage.scenario.commits() || log().contains(&stage.scenario.trailer()),
            Action::OtherRun => log().contains("Risk-ID: M03-R04"),
            Action::CommitStaged | Action::CommitFile | Action::UpdateRef => log().contains("theirs"),
            Action::Add => stage.git(&["ls-files"]).contains("untracked.txt"),
            Action::StageOther => {
                stage.git(&["rev-parse", ":staged.txt"]) == stage.git(&["rev-parse", &format!(":{WORKFLOW}")])
            }
            Action::Checkout => stage.git(&["branch", "--show-current"]).trim() == "elsewhere",
            Action::Rebase => stage.try_git(&["merge-base", "--is-ancestor", "upstream", "main"]).status.success(),
            Action::EditInPlace | Action::EditByRename | Action::EditOpened => true,
        }
    }
}

/// One interleaving; whether the delivery won.
fn interleave(stage: &Stage, call: &strace::Call, action: Action, target: &str) -> Option<bool> {
    stage.reset();
    let old = stage.state();
    let opened = File::options().write(true).open(stage.root().join(target)).unwrap();
    let paused = Paused::start(stage, call)?;
    // An old file that is gone already has no name any more: what is written into it then is beyond anybody's help.
    if action == Action::EditOpened && opened.metadata().unwrap().nlink() == 0 {
        paused.go_on();
        return None;
    }
    let theirs = action.perform(stage, target, opened);
    let ours = paused.go_on();
    let won = ours.status.success();
    let succeeded = theirs.as_ref().is_none_or(|output| output.status.success());
    let mut place = format!("{}, stopped after {}\n{action:?}: ", stage.scenario.name, call.text);
    place += &format!("{:?}\nours: {:?} {}", theirs.as_ref().map(said), ours.status.code(), said(&ours));

    // The loser says so.
    assert!(won || ours.status.code() == Some(2) && said(&ours).contains("error: "), "{place}");
    assert!(succeeded || theirs.is_some_and(|output| !output.stderr.is_empty()), "{place}");
    // Nothing of either is lost.
    assert!(!succeeded || action.is_there(stage), "{place}");
    let log = stage.git(&["log", "--all", "--format=%B"]);
    assert!(!won || !stage.scenario.commits() || log.contains(&stage.scenario.trailer()), "{place}");
    if action.is_edit() {
        // Who had the file open before may have written into the old one.
        let kept = action == Action::EditOpened && holds_saved(stage, &said(&ours));
        assert!(
            fs::read_to_string(stage.root().join(target)).is_ok_and(|text| text == SAVED) || kept,
            "{place}: the edit is lost"
        );
    }
    in_order(stage, &old, action, target, &place);
    if !action.is_edit() && action != Action::StageOther {
        let again = stage.wf_fix(stage.scenario.args);
        assert!(again.status.success(), "{place}\nagain: {}", said(&again));
    }
    Some(won)
}

/// Whether what the editor saved stands in a file that the run named.
fn holds_saved(stage: &Stage, words: &str) -> bool {
    let folder = stage.root().join(".github/workflows");
    let beside = fs::read_dir(stage.root().join("ci/only")).into_iter().flatten();
    let mut files = fs::read_dir(folder).unwrap().chain(beside).map(|entry| entry.unwrap().path());
    files.any(|file| {
        fs::read_to_string(&file).is_ok_and(|text| text == SAVED) && words.contains(&file.display().to_string())
    })
}

/// No leftovers, nobody else's work touched, index and worktree in step, reflogs that follow each other.
fn in_order(stage: &Stage, old: &crate::stage::State, action: Action, target: &str, place: &str) {
    stage.fsck();
    let state = stage.state();
    for (name, text) in &state {
        let leftover = name.ends_with(".lock") || name.contains("wf-fix");
        assert!(!leftover || text.contains(SAVED), "{place}: {name} is left");
        if name.contains("/logs/") && !name.ends_with('/') {
            let moves: Vec<(&str, &str)> = text
                .split_once(' ')
                .map_or("", |(_, rest)| rest.split_once(' ').unwrap().1)
                .lines()
                .map(|line| (&line[..40], &line[41..81]))
                .collect();
            assert!(moves.windows(2).all(|pair| pair[0].1 == pair[1].0), "{place}: {name}: {text}");
        }
    }
    if stage.scenario.name != scenario::CLEAN.name {
        for name in ["README.md", "staged.txt", "dirty.txt", "untracked.txt"] {
            let name = format!("/repo/{name}");
            assert_eq!(state.get(&name), old.get(&name), "{place}: {name} was touched");
        }
    }
    let staged = stage.git(&["ls-files", "--stage", "README.md", "staged.txt"]);
    assert!(old.values().any(|text| staged.lines().all(|line| text.contains(line))), "{place}: {staged}");
    let status = stage.git(&["--no-optional-locks", "status", "--porcelain", "--untracked-files=all"]);
    // What is committed is clean everywhere; an edit on top of it is seen.
    let edited = fs::read_to_string(stage.root().join(target)).is_ok_and(|text| text == SAVED);
    let seen = status.lines().any(|line| [" M ", "?? "].iter().any(|how| line == format!("{how}{target}")));
    assert!(!edited || seen, "{place}\n{status}");
    let clean = !status.lines().any(|line| line.contains(".yml"));
    assert!(
        clean || action.is_edit() || action == Action::StageOther || !stage.scenario.commits(),
        "{place}\n{status}"
    );
}

/// Takes calls at random and the actions in turn.
fn interleavings(scenario: &'static Scenario, actions: &[Action], target: &str, count: usize) {
    if !strace::there() {
        return;
    }
    let stage = Stage::new(scenario);
    let calls = strace::calls(&stage, scenario.args);
    let count = if strace::full() { count } else { count / 10 };
    // Numerical Recipes' generator: the same sequence every time.
    let mut random: u64 = 1;
    let (mut won, mut lost, mut skipped) = (0, 0, 0);
    for turn in 0..count {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let call = &calls[(random >> 33) as usize % calls.len()];
        match interleave(&stage, call, actions[turn % actions.len()], target) {
            Some(true) => won += 1,
            Some(false) => lost += 1,
            None => skipped += 1,
        }
    }
    println!("{}: {count} interleavings, {won} won, {lost} lost, {skipped} without effect", scenario.name);
}

#[test]
fn a_commit_beside_others_loses_nothing() {
    interleavings(&scenario::COMMIT, &BESIDE_COMMIT, WORKFLOW, 300);
}

#[test]
fn a_commit_beside_a_rebase_loses_nothing() {
    interleavings(&scenario::CLEAN, &[Action::Rebase], WORKFLOW, 60);
}

#[test]
fn a_delivery_into_the_worktree_beside_others_loses_nothing() {
    interleavings(&scenario::NO_COMMIT, &BESIDE_NO_COMMIT, OTHER, 100);
}

#[test]
fn a_commit_without_exchange_beside_editors_loses_nothing() {
    let editors = [Action::EditInPlace, Action::EditByRename];
    interleavings(&scenario::COMMIT_WITHOUT_EXCHANGE, &editors, OTHER, 60);
}

#[test]
fn a_removal_beside_editors_loses_nothing() {
    let editors = [Action::EditInPlace, Action::EditByRename, Action::EditOpened];
    interleavings(&scenario::COMMIT_REMOVAL, &editors, "ci/only/old.yml", 90);
}

/// A live run holds the lock of its turn: nobody takes it for dead.
#[test]
fn a_live_run_is_not_put_in_order_by_others() {
    if !strace::there() {
        return;
    }
    let stage = Stage::new(&scenario::COMMIT);
    let calls = strace::calls(&stage, scenario::COMMIT.args);
    let call = calls.iter().find(|call| call.text.starts_with("renameat2")).unwrap();
    stage.reset();
    let paused = Paused::start(&stage, call).unwrap();
    let before = stage.state();
    let read = stage.wf_fix(&["rules"]);
    assert!(read.status.success() && read.stderr.is_empty(), "{}", said(&read));
    assert!(stage.state() == before);
    let ours = paused.go_on();
    assert!(ours.status.success(), "{}", said(&ours));
}

/// The narrowest gap: the target was opened for the last look, and is exchanged or renamed aside next.
#[test]
fn an_editor_between_the_last_look_and_the_exchange_wins() {
    if !strace::there() {
        return;
    }
    for (scenario, begins) in [
        (&scenario::COMMIT_REMOVAL, "renameat2("),
        (&scenario::NO_COMMIT, "renameat2("),
        (&scenario::COMMIT_WITHOUT_EXCHANGE, "rename("),
    ] {
        let stage = Stage::new(scenario);
        let calls = strace::calls(&stage, scenario.args);
        let replaces = |call: &strace::Call| call.text.starts_with(begins) && call.text.contains(OTHER);
        let at = calls.iter().position(replaces).expect("the target is replaced");
        let look = calls[..at].iter().rposition(|call| call.text.contains(&format!("{OTHER}\", O_RDONLY"))).unwrap();
        assert_eq!(interleave(&stage, &calls[look], Action::EditByRename, OTHER), Some(false));
    }
}
