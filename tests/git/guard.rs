//! Every state in which the default delivery refuses, with git's way out, before anything is written.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use wf_fix::repo::{CommitOptions, Repo};

use crate::sandbox::{A, B, OLD, Sandbox, fix, git_in, isolated};

#[test]
fn a_bare_repository_wants_branch() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("clone -q --bare . ../bare.git");
        let repo = Repo::open(Some(&sandbox.beside("bare.git"))).unwrap();
        let error = repo.commit_on_head(&[fix(A)], CommitOptions::default()).unwrap_err();
        assert!(error.to_string().contains("use --branch"), "{error}");
        assert!(repo.root().is_none());
    });
}

#[test]
fn an_unborn_branch_has_nothing_to_fix() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("checkout -q --orphan fresh");
        sandbox.refuses_head(&["no commits yet"]);
    });
}

/// Makes a conflict between `main` and `side` in README.md.
fn diverged() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git("checkout -q -b side");
    sandbox.write("README.md", "side\n");
    sandbox.git("commit -qam side");
    sandbox.git("checkout -q main");
    sandbox.write("README.md", "main\n");
    sandbox.git("commit -qam main");
    sandbox
}

#[test]
fn a_merge_in_progress_is_refused() {
    isolated(|| {
        let sandbox = diverged();
        assert!(!sandbox.try_git("merge side").status.success());
        sandbox.refuses_head(&["a merge is in progress", "`git merge --abort`"]);
    });
}

#[test]
fn a_cherry_pick_in_progress_is_refused() {
    isolated(|| {
        let sandbox = diverged();
        assert!(!sandbox.try_git("cherry-pick side").status.success());
        sandbox.refuses_head(&["a cherry-pick is in progress", "`git cherry-pick --continue`"]);
    });
}

/// The conflict of the first of two commits was committed by hand; the second is still to come.
#[test]
fn a_sequence_between_two_commits_is_refused() {
    isolated(|| {
        let sandbox = diverged();
        sandbox.git("checkout -q side");
        sandbox.git("commit -q --allow-empty -m second");
        sandbox.git("checkout -q main");
        assert!(!sandbox.try_git("cherry-pick --allow-empty main..side").status.success());
        sandbox.git("commit -qam resolved");
        assert!(sandbox.git("status").contains("git cherry-pick --continue"));
        sandbox.refuses_head(&["is in progress", "git cherry-pick --continue"]);
    });
}

#[test]
fn a_revert_in_progress_is_refused() {
    isolated(|| {
        let sandbox = diverged();
        assert!(!sandbox.try_git("revert --no-edit side").status.success());
        sandbox.refuses_head(&["a revert is in progress", "`git revert --abort`"]);
    });
}

#[test]
fn a_rebase_in_progress_is_refused_whatever_its_backend() {
    isolated(|| {
        for backend in ["--merge", "--apply"] {
            let sandbox = diverged();
            assert!(!sandbox.try_git(&format!("rebase {backend} side")).status.success());
            sandbox.refuses_head(&["a rebase is in progress", "`git rebase --continue`"]);
        }
    });
}

#[test]
fn an_am_session_is_refused() {
    isolated(|| {
        let sandbox = diverged();
        sandbox.git("format-patch -q -1 side -o ..");
        assert!(!sandbox.try_git("am ../0001-side.patch").status.success());
        sandbox.refuses_head(&["an am session", "`git am --abort`"]);
    });
}

#[test]
fn a_bisect_is_refused() {
    isolated(|| {
        let sandbox = diverged();
        sandbox.git("bisect start HEAD HEAD~1");
        sandbox.refuses_head(&["a bisect is in progress", "`git bisect reset`"]);
    });
}

#[test]
fn unmerged_files_are_refused_as_git_commit_does() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write("README.md", "stashed\n");
        sandbox.git("stash -q");
        sandbox.write("README.md", "other\n");
        sandbox.git("commit -qam other");
        assert!(!sandbox.try_git("stash pop").status.success());
        sandbox.refuses_head(&["you have unmerged files"]);
    });
}

#[test]
fn sparse_and_split_indexes_are_refused_with_the_command_that_helps() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("update-index --split-index");
        sandbox.refuses_head(&["it is split", "git update-index --no-split-index"]);
        sandbox.git("update-index --no-split-index");
        sandbox.write("other/deep/c.yml", OLD);
        sandbox.git("add .");
        sandbox.git("commit -q -m other");
        sandbox.git("sparse-checkout set --cone --sparse-index .github");
        sandbox.refuses_head(&["it is sparse", "git sparse-checkout reapply --no-sparse-index"]);
        sandbox.git("sparse-checkout reapply --no-sparse-index");
        sandbox.commits_cleanly(&[fix(A)]);
    });
}

#[test]
fn a_held_index_lock_is_refused_before_anything_is_written() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write(".git/index.lock", "");
        sandbox.refuses_head(&["index.lock': File exists", "Another git process"]);
        assert!(sandbox.path(".git/index.lock").exists(), "not ours to remove");
    });
}

#[test]
fn deciding_hooks_are_refused_unless_told_otherwise() {
    isolated(|| {
        for hook in ["pre-commit", "commit-msg", "prepare-commit-msg"] {
            let sandbox = Sandbox::new();
            let path = format!(".git/hooks/{hook}");
            sandbox.write(&path, "#!/bin/sh\nexit 1\n");
            sandbox.commits_cleanly(&[fix(B)]); // not executable: git ignores it
            fs::set_permissions(sandbox.path(&path), fs::Permissions::from_mode(0o755)).unwrap();
            sandbox.refuses_head(&[hook, "--no-verify"]);
            sandbox.repo().commit_on_head(&[fix(A)], CommitOptions { no_verify: true }).unwrap();
        }
    });
}

#[test]
fn core_hooks_path_is_honoured() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write("hooks/pre-commit", "#!/bin/sh\n");
        fs::set_permissions(sandbox.path("hooks/pre-commit"), fs::Permissions::from_mode(0o755)).unwrap();
        sandbox.commits_beside(&[fix(B)]);
        sandbox.git("config core.hooksPath hooks");
        sandbox.refuses_head(&["the pre-commit hook is installed"]);
    });
}

#[test]
fn a_linked_worktree_is_judged_by_its_own_state() {
    isolated(|| {
        let sandbox = diverged();
        sandbox.git("worktree add -q ../linked -b third");
        assert!(!sandbox.try_git("merge side").status.success());
        let linked = sandbox.beside("linked");
        let repo = Repo::open(Some(&linked)).unwrap();
        repo.commit_on_head(&[fix(A)], CommitOptions::default()).unwrap();
        assert_eq!(git_in(&linked, "status --porcelain"), "");
    });
}

impl Sandbox {
    /// Commits where something untracked stands beside.
    fn commits_beside(&self, steps: &[wf_fix::change::Step]) {
        let status = self.status();
        self.commit(steps).unwrap();
        assert_eq!(self.status(), status);
    }
}
