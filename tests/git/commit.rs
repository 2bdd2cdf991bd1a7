//! `commit_on_head`: what it makes, and what it leaves alone.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use wf_fix::repo::CommitOptions;

use crate::sandbox::{A, B, NEW, OLD, Sandbox, change, fix, isolated, step};

#[test]
fn each_step_becomes_one_commit_and_git_finds_everything_clean() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let steps = [fix(A), step("M03-R02", &[change(B, OLD, Some(NEW))])];
        let made = sandbox.commits_cleanly(&steps);
        let log = sandbox.git("log --reverse --format=%H|%s|%an|%ae|%cn -2");
        let expected: String =
            made.iter().map(|c| format!("{}|{}|Ada|ada@example.com|Ada\n", c.oid, c.subject)).collect();
        assert_eq!(log, expected);
        assert_eq!(made[1].risk, "M03-R02");
        assert_eq!((sandbox.read(A), sandbox.read(B)), (NEW.into(), NEW.into()));
        assert_eq!(sandbox.git("show --format=%B --no-patch HEAD~1"), fix(A).message + "\n");
        assert_eq!(sandbox.git("show --format= --name-only HEAD"), format!("{B}\n"));
        assert_eq!(sandbox.git("symbolic-ref HEAD"), "refs/heads/main\n");
    });
}

#[test]
fn the_reflogs_tell_of_one_update() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.commits_cleanly(&[fix(A)]);
        for log in ["HEAD", "main"] {
            let lines = sandbox.git(&format!("reflog show --format=%gs {log}"));
            let expected = "commit: ci: remove soft-fail (M03-R01)\ncommit (initial): initial\n";
            assert_eq!(lines, expected, "{log}");
        }
        let steps = [step("M03-R02", &[change(A, NEW, Some(OLD))]), step("M03-R03", &[change(B, OLD, None)])];
        sandbox.commits_cleanly(&steps);
        assert_eq!(sandbox.git("reflog show --format=%gs main").lines().count(), 3);
        assert_eq!(sandbox.git("rev-parse HEAD@{1}"), sandbox.git("rev-parse HEAD~2"));
    });
}

#[test]
fn steps_on_the_same_file_build_on_each_other() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let end = "on: push\n";
        let steps = [fix(A), step("M03-R02", &[change(A, NEW, Some(end))])];
        sandbox.commits_cleanly(&steps);
        assert_eq!(sandbox.git(&format!("show HEAD~1:{A}")), NEW);
        assert_eq!(sandbox.git(&format!("show HEAD:{A}")), end);
        assert_eq!(sandbox.read(A), end);
    });
}

#[test]
fn staged_dirty_and_untracked_files_elsewhere_stay_as_they_are() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write("staged.txt", "staged\n");
        sandbox.write("README.md", "staged\n");
        sandbox.write("planned.txt", "later\n");
        sandbox.git("add staged.txt README.md");
        sandbox.git("add -N planned.txt");
        sandbox.write("README.md", "dirty on top\n");
        sandbox.write("untracked.txt", "untracked\n");
        sandbox.write(B, "dirty\n");
        let (status, cached) = (sandbox.status(), sandbox.git("diff --cached"));
        let dirty = sandbox.git("diff");
        sandbox.commit(&[fix(A)]).unwrap();
        assert_eq!(sandbox.status(), status);
        assert_eq!(sandbox.git("diff --cached"), cached);
        assert_eq!(sandbox.git("diff"), dirty);
        assert_eq!(sandbox.git("show --format= --name-only HEAD"), format!("{A}\n"));
    });
}

#[test]
fn the_untracked_cache_survives_in_every_index_version() {
    isolated(|| {
        for version in ["2", "3", "4"] {
            let sandbox = Sandbox::new();
            sandbox.write("untracked.txt", "untracked\n");
            sandbox.git(&format!("update-index --index-version {version}"));
            if version == "3" {
                // Only a flag of version 3 makes git write one.
                sandbox.git(&format!("update-index --skip-worktree {B}"));
            }
            sandbox.git("update-index --untracked-cache");
            sandbox.git("status");
            sandbox.commit(&[fix(A)]).unwrap();
            let index = fs::read(sandbox.path(".git/index")).unwrap();
            assert_eq!(index[7].to_string(), version);
            assert!(index.windows(4).any(|part| part == b"UNTR"), "version {version}");
            assert_eq!(sandbox.status(), "?? untracked.txt\n");
            sandbox.write(".github/workflows/new.yml", "new\n");
            assert_eq!(sandbox.git("status --porcelain"), "?? .github/workflows/new.yml\n?? untracked.txt\n");
            sandbox.git("fsck --strict --no-dangling");
        }
    });
}

/// A change of the same size within the clock tick of the last index write shows only in the content; a newer index
/// would hide it (git's racy-git.txt).
#[test]
fn a_racily_dirty_file_elsewhere_is_still_seen_as_dirty() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("update-index --refresh");
        let mtime = fs::metadata(sandbox.path("README.md")).unwrap().modified().unwrap();
        sandbox.git("config core.trustctime false");
        sandbox.write("README.md", "RAED ME\n"); // as long as before
        let file = fs::File::options().write(true).open(sandbox.path("README.md")).unwrap();
        file.set_modified(mtime).unwrap();
        let index = fs::File::options().write(true).open(sandbox.path(".git/index")).unwrap();
        index.set_modified(mtime).unwrap();
        assert_eq!(sandbox.status(), " M README.md\n", "git itself sees it");
        sandbox.commit(&[fix(A)]).unwrap();
        let index = fs::File::options().write(true).open(sandbox.path(".git/index")).unwrap();
        index.set_modified(mtime + std::time::Duration::from_secs(5)).unwrap();
        assert_eq!(sandbox.status(), " M README.md\n");
    });
}

#[test]
fn a_deletion_removes_file_entry_and_empty_folders() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let steps = [step("M03-R01", &[change(A, OLD, None)]), step("M03-R02", &[change(B, OLD, None)])];
        sandbox.commits_cleanly(&steps);
        assert_eq!(sandbox.git("ls-tree -r --name-only HEAD"), "README.md\n");
        assert!(!sandbox.path(".github").exists());
        assert!(sandbox.root.exists());
    });
}

#[test]
fn no_code_of_the_repository_runs() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let evil = sandbox.beside("evil");
        fs::write(&evil, "#!/bin/sh\ntouch \"$(dirname \"$0\")/it-ran\"\n").unwrap();
        fs::set_permissions(&evil, fs::Permissions::from_mode(0o755)).unwrap();
        for hook in ["post-commit", "reference-transaction", "post-index-change", "pre-commit"] {
            fs::create_dir_all(sandbox.path(".git/hooks")).unwrap();
            fs::copy(&evil, sandbox.path(".git/hooks").join(hook)).unwrap();
        }
        for key in ["core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "filter.x.clean"] {
            sandbox.git(&format!("config {key} {}", evil.display()));
        }
        let repo = sandbox.repo();
        let hooks = repo.unrun_hooks();
        assert_eq!(hooks, ["post-commit", "post-index-change", "pre-commit", "reference-transaction"]);
        repo.commit_on_head(&[fix(A)], CommitOptions { no_verify: true }).unwrap();
        assert!(!sandbox.beside("it-ran").exists() && !sandbox.path(".git/hooks/it-ran").exists());
        assert_eq!(sandbox.read(A), NEW);
    });
}

#[test]
fn nothing_to_do_writes_nothing_and_asks_nothing() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write(A, "dirty\n");
        let before = sandbox.state();
        assert_eq!(sandbox.commit(&[]).unwrap(), []);
        assert_eq!(sandbox.repo().commit_on_branch("fixes", None, &[]).unwrap(), []);
        assert_eq!(sandbox.state(), before);
    });
}

#[test]
fn a_plan_on_other_text_is_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let stale = [fix(B), step("M03-R02", &[change(A, "other\n", Some(NEW))])];
        sandbox.refuses(&["M03-R02", "planned on", "run wf-fix again"], |repo| {
            repo.commit_on_head(&stale, CommitOptions::default())
        });
    });
}

/// A file name of the longest possible length leaves no room for a suffix of its own.
#[test]
fn the_longest_file_name_works() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let long = format!(".github/workflows/{}.yml", "x".repeat(251));
        sandbox.write(&long, OLD);
        sandbox.git("add .");
        sandbox.git("commit -q -m long");
        sandbox.commits_cleanly(&[fix(&long)]);
    });
}
