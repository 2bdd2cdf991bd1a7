//! Every state in which the default delivery refuses, with git's way out, before anything is written.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use wf_fix::repo::{CommitOptions, Repo};

use crate::sandbox::{A, B, NEW, OLD, Sandbox, change, fix, git_in, isolated, step};

#[test]
fn a_bare_repository_wants_branch() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("clone -q --bare . ../bare.git");
        let repo = Repo::open(Some(&sandbox.beside("bare.git"))).unwrap();
        let error = repo
            .commit_on_head(&[fix(A)], CommitOptions::default())
            .unwrap_err();
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
        sandbox.refuses_head(&[
            "a cherry-pick is in progress",
            "`git cherry-pick --continue`",
        ]);
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
            assert!(
                !sandbox
                    .try_git(&format!("rebase {backend} side"))
                    .status
                    .success()
            );
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
fn an_unmerged_target_is_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write(A, "stashed\n");
        sandbox.git("stash -q");
        sandbox.write(A, "other\n");
        sandbox.git("commit -qam other");
        assert!(!sandbox.try_git("stash pop").status.success());
        sandbox.refuses_head(&["a.yml` is unmerged"]);
    });
}

#[test]
fn a_dirty_target_is_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write(A, "dirty\n");
        sandbox.refuses_head(&["has unstaged changes", "git restore"]);
    });
}

#[test]
fn a_target_with_a_changed_mode_is_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        fs::set_permissions(sandbox.path(A), fs::Permissions::from_mode(0o755)).unwrap();
        sandbox.refuses_head(&["has unstaged changes"]);
    });
}

#[test]
fn a_staged_target_is_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write(A, "staged\n");
        sandbox.git("add .");
        sandbox.refuses_head(&["has staged changes", "git restore --staged"]);
        sandbox.write(A, OLD);
        sandbox.refuses_head(&["has staged changes"]);
    });
}

#[test]
fn a_target_staged_for_deletion_is_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git(&format!("rm -q --cached {A}"));
        sandbox.refuses_head(&["the deletion of", "is staged"]);
        sandbox.git(&format!("add -N {A}"));
        sandbox.refuses_head(&["has staged changes"]);
    });
}

#[test]
fn a_deleted_target_is_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        fs::remove_file(sandbox.path(A)).unwrap();
        sandbox.refuses_head(&["is deleted in the worktree", "git restore"]);
    });
}

#[test]
fn untracked_ignored_staged_and_absent_targets_have_their_own_words() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write("new.yml", OLD);
        sandbox.write("ignored.yml", OLD);
        sandbox.write("added.yml", OLD);
        sandbox.git("add added.yml");
        sandbox.write(".git/info/exclude", "ignored.yml\n");
        for (path, words) in [
            ("new.yml", "is untracked"),
            ("ignored.yml", "is ignored"),
            ("added.yml", "is staged but not committed"),
            ("nowhere.yml", "is not in HEAD"),
            ("../outside.yml", "`..`"),
            (".git/config", "lies in `.git`"),
        ] {
            let options = CommitOptions::default();
            sandbox.refuses(&[words], |repo| repo.guard_commit(&[path], options));
            sandbox.refuses(&[words], |repo| repo.commit_on_head(&[fix(path)], options));
        }
    });
}

#[test]
fn a_target_that_became_a_link_or_a_folder_is_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        fs::remove_file(sandbox.path(A)).unwrap();
        symlink("b.yml", sandbox.path(A)).unwrap();
        sandbox.refuses_head(&["has changed its type", "is a symbolic link"]);
        fs::remove_file(sandbox.path(A)).unwrap();
        fs::create_dir(sandbox.path(A)).unwrap();
        sandbox.refuses_head(&["has changed its type", "is a folder"]);
    });
}

#[test]
fn a_target_that_became_a_fifo_is_refused_without_opening_it() {
    isolated(|| {
        let sandbox = Sandbox::new();
        fs::remove_file(sandbox.path(A)).unwrap();
        let made = std::process::Command::new("mkfifo")
            .arg(sandbox.path(A))
            .status()
            .unwrap();
        assert!(made.success());
        let error = sandbox
            .repo()
            .guard_commit(&[A], CommitOptions::default())
            .unwrap_err();
        assert!(format!("{error:#}").contains("a FIFO"), "{error:#}");
    });
}

#[test]
fn a_parent_folder_that_became_a_link_is_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let outside = sandbox.beside("outside");
        fs::rename(sandbox.path(".github"), &outside).unwrap();
        symlink(&outside, sandbox.path(".github")).unwrap();
        sandbox.refuses_head(&["beyond a symbolic link"]);
        assert_eq!(
            fs::read_to_string(outside.join("workflows/a.yml")).unwrap(),
            OLD
        );
    });
}

#[test]
fn a_tracked_link_and_a_submodule_are_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("clone -q . ../module");
        sandbox.git("-c protocol.file.allow=always submodule --quiet add ../module module");
        symlink("a.yml", sandbox.path(".github/workflows/link.yml")).unwrap();
        sandbox.git("add .");
        sandbox.git("commit -q -m more");
        for (path, words) in [
            (".github/workflows/link.yml", "is a symbolic link"),
            ("module", "is a submodule"),
            ("module/.github/workflows/a.yml", "which is a submodule"),
            (".github/workflows", "is a folder"),
        ] {
            let options = CommitOptions::default();
            sandbox.refuses(&[words], |repo| repo.commit_on_head(&[fix(path)], options));
            if !words.contains("folder") {
                sandbox.refuses(&[words.trim_start_matches("which ")], |repo| {
                    repo.commit_on_branch("fixes", None, &[fix(path)])
                });
            }
        }
    });
}

#[test]
fn a_hard_linked_target_is_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        fs::hard_link(sandbox.path(A), sandbox.beside("twin")).unwrap();
        sandbox.refuses_head(&["hard-linked (2 names)"]);
    });
}

#[test]
fn an_assume_unchanged_target_is_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git(&format!("update-index --assume-unchanged {A}"));
        sandbox.refuses_head(&["assume-unchanged", "--no-assume-unchanged"]);
    });
}

#[test]
fn a_target_outside_a_sparse_checkout_is_refused_and_one_inside_works() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write("other/c.yml", OLD);
        sandbox.git("add .");
        sandbox.git("commit -q -m other");
        sandbox.git("sparse-checkout set --no-sparse-index other");
        sandbox.refuses_head(&["is not checked out", "git sparse-checkout add", "--branch"]);
        sandbox.commits_cleanly(&[fix("other/c.yml")]);
        assert!(sandbox.git("ls-files -t").contains(&format!("S {A}")));
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
        sandbox.refuses_head(&[
            "it is sparse",
            "git sparse-checkout reapply --no-sparse-index",
        ]);
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
        assert!(
            sandbox.path(".git/index.lock").exists(),
            "not ours to remove"
        );
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
            sandbox
                .repo()
                .commit_on_head(&[fix(A)], CommitOptions { no_verify: true })
                .unwrap();
        }
    });
}

#[test]
fn core_hooks_path_is_honoured() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write("hooks/pre-commit", "#!/bin/sh\n");
        fs::set_permissions(
            sandbox.path("hooks/pre-commit"),
            fs::Permissions::from_mode(0o755),
        )
        .unwrap();
        sandbox.commits_beside(&[fix(B)]);
        sandbox.git("config core.hooksPath hooks");
        sandbox.refuses_head(&["the pre-commit hook is installed"]);
    });
}

#[test]
fn filters_ident_and_encodings_are_refused() {
    isolated(|| {
        for attribute in ["filter=lfs", "ident", "working-tree-encoding=UTF-16"] {
            let sandbox = Sandbox::new();
            sandbox.write(".git/info/attributes", &format!("a.yml {attribute}\n"));
            let name = attribute.split('=').next().unwrap();
            sandbox.refuses_head(&[&format!("attribute `{name}`"), "--no-commit"]);
        }
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
        repo.commit_on_head(&[fix(A)], CommitOptions::default())
            .unwrap();
        assert_eq!(git_in(&linked, "status --porcelain"), "");
    });
}

#[test]
fn one_unfit_file_among_several_stops_them_all() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write(B, "dirty\n");
        let steps = [fix(A), step("M03-R02", &[change(B, OLD, Some(NEW))])];
        sandbox.refuses(&["b.yml` has unstaged changes"], |repo| {
            repo.commit_on_head(&steps, CommitOptions::default())
        });
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
