//! Every way in which a file can be unfit for a commit on HEAD: own words each, nothing written.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use wf_fix::repo::CommitOptions;

use crate::sandbox::{A, B, NEW, OLD, Sandbox, change, fix, isolated, step};

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
        let made = std::process::Command::new("mkfifo").arg(sandbox.path(A)).status().unwrap();
        assert!(made.success());
        let error = sandbox.repo().guard_commit(&[A], CommitOptions::default()).unwrap_err();
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
        assert_eq!(fs::read_to_string(outside.join("workflows/a.yml")).unwrap(), OLD);
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
fn one_unfit_file_among_several_stops_them_all() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write(B, "dirty\n");
        let steps = [fix(A), step("M03-R02", &[change(B, OLD, Some(NEW))])];
        sandbox.refuses(&["b.yml` has unstaged changes"], |repo| repo.commit_on_head(&steps, CommitOptions::default()));
    });
}
