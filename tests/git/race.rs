//! What happens when others write at the same time, and that a late failure puts everything back.
//!
//! A signing program is the foot in the door: it runs after the first checks and before the locks are taken.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use wf_fix::repo::CommitOptions;

use crate::sandbox::{A, B, NEW, OLD, Sandbox, change, fix, isolated, step};

/// A repository whose signing program first runs `script` in the worktree, then signs.
fn meanwhile(script: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let signer = sandbox.beside("signer");
    let root = sandbox.root.display();
    let text = format!(
        "#!/bin/sh\ncd '{root}' || exit 1\n{script}\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED x' >&2\necho sig\n"
    );
    fs::write(&signer, text).unwrap();
    fs::set_permissions(&signer, fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.git(&format!("config --global gpg.program {}", signer.display()));
    sandbox.git("config commit.gpgsign true");
    sandbox
}

/// The delivery must fail with the words, and leave just what `script` alone would have left.
fn refused(script: &str, words: &str) {
    let expected = meanwhile(script);
    let ran = std::process::Command::new(expected.beside("signer")).stdin(std::process::Stdio::null()).output();
    assert!(ran.unwrap().status.success());
    let sandbox = meanwhile(script);
    let error = sandbox.commit(&[fix(A)]).unwrap_err();
    assert!(format!("{error:#}").contains(words), "{error:#}");
    let file = |sandbox: &Sandbox| fs::read(sandbox.path(A)).ok();
    assert_eq!((file(&sandbox), sandbox.status()), (file(&expected), expected.status()));
    let count = |sandbox: &Sandbox| sandbox.git("rev-list --count HEAD");
    assert_eq!(count(&sandbox), count(&expected));
    assert_eq!(sandbox.leftovers(), relative_to(&sandbox, &expected));
}

fn relative_to(sandbox: &Sandbox, other: &Sandbox) -> Vec<std::path::PathBuf> {
    let moved = |path: std::path::PathBuf| sandbox.root.join(path.strip_prefix(&other.root).unwrap());
    other.leftovers().into_iter().map(moved).collect()
}

#[test]
fn a_branch_that_moved_meanwhile_is_not_overwritten() {
    isolated(|| {
        let script = "git -c commit.gpgsign=false commit -q --allow-empty -m other";
        refused(script, "HEAD has moved meanwhile");
        refused("git checkout -q -b other", "HEAD has moved meanwhile");
        let sandbox = meanwhile("git update-ref refs/heads/fixes HEAD");
        let error = sandbox.repo().commit_on_branch("fixes", None, &[fix(A)]).unwrap_err();
        assert!(error.to_string().contains("'fixes' has moved meanwhile"), "{error}");
        assert_eq!(sandbox.git("rev-parse fixes"), sandbox.git("rev-parse HEAD"));
    });
}

#[test]
fn a_file_edited_or_staged_meanwhile_is_not_overwritten() {
    isolated(|| {
        refused(&format!("echo edited > {A}"), "has unstaged changes");
        refused(&format!("echo edited > {A}; git add ."), "has staged changes");
        refused(&format!("rm {A}"), "is deleted in the worktree");
    });
}

#[test]
fn an_index_lock_taken_meanwhile_is_respected() {
    isolated(|| refused("touch .git/index.lock", "index.lock': File exists"));
}

#[test]
fn what_is_staged_meanwhile_elsewhere_stays_staged() {
    isolated(|| {
        let sandbox = meanwhile("echo staged > README.md; git add README.md");
        sandbox.commit(&[fix(A)]).unwrap();
        assert_eq!(sandbox.status(), "M  README.md\n");
        assert_eq!(sandbox.git("show --format= --name-only HEAD"), format!("{A}\n"));
    });
}

/// Several runs at once: each either commits or is refused and tries again; nothing is lost or mixed up.
#[test]
fn runs_in_parallel_never_tread_on_each_other() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let paths: Vec<String> = (0..6).map(|n| format!(".github/workflows/p{n}.yml")).collect();
        for path in &paths {
            sandbox.write(path, OLD);
        }
        sandbox.git("add .");
        sandbox.git("commit -q -m more");
        std::thread::scope(|scope| {
            for path in &paths {
                let run = || (0..1000).any(|_| sandbox.commit(&[fix(path)]).map_err(|_| pause()).is_ok());
                scope.spawn(move || assert!(run(), "{path} was never committed"));
            }
        });
        assert_eq!(sandbox.status(), "");
        assert_eq!(sandbox.git("rev-list --count HEAD"), "8\n");
        assert_eq!(sandbox.git("reflog show --format=%H main").lines().count(), 8);
        sandbox.git("fsck --strict --no-dangling");
        assert!(sandbox.leftovers().is_empty() && paths.iter().all(|path| sandbox.read(path) == NEW));
    });
}

/// The reflog cannot be written when a folder stands in its place; by then the files have been renamed.
#[test]
fn a_failure_to_move_the_branch_puts_the_files_back() {
    isolated(|| {
        let sandbox = Sandbox::new();
        fs::set_permissions(sandbox.path(B), fs::Permissions::from_mode(0o755)).unwrap();
        sandbox.git("commit -qam executable");
        let log = sandbox.path(".git/logs/refs/heads/main");
        fs::remove_file(&log).unwrap();
        fs::create_dir(&log).unwrap();
        fs::write(log.join("in-the-way"), "").unwrap();
        let steps = [fix(A), step("M03-R02", &[change(B, OLD, None)])];
        sandbox.refuses(&["refs/heads/main cannot be moved"], |repo| {
            repo.commit_on_head(&steps, CommitOptions::default())
        });
        assert_eq!(sandbox.status(), "");
        fs::remove_dir_all(&log).unwrap();
        sandbox.commits_cleanly(&steps);
        assert_eq!(sandbox.read(A), NEW);
    });
}

/// The last file of a folder takes the folder with it; both come back.
#[test]
fn a_failure_after_deletions_brings_files_and_folders_back() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let log = sandbox.path(".git/logs/refs/heads/main");
        fs::remove_file(&log).unwrap();
        fs::create_dir(&log).unwrap();
        fs::write(log.join("in-the-way"), "").unwrap();
        let gone = step("M03-R01", &[change(A, OLD, None), change(B, OLD, None)]);
        sandbox.refuses(&["cannot be moved"], |repo| repo.commit_on_head(&[gone], CommitOptions::default()));
    });
}

fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(5));
}
