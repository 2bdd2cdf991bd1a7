//! Every way in which a file can be unfit for a commit on HEAD: own words each, nothing written.

use std::os::unix::fs::symlink;

use wf_fix::repo::CommitOptions;

use crate::sandbox::{A, B, NEW, OLD, Sandbox, change, fix, isolated, step};

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
fn one_unfit_file_among_several_stops_them_all() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write(B, "dirty\n");
        let steps = [fix(A), step("M03-R02", &[change(B, OLD, Some(NEW))])];
        sandbox.refuses(&["b.yml` has unstaged changes"], |repo| repo.commit_on_head(&steps, CommitOptions::default()));
    });
}

#[test]
fn a_change_hidden_behind_the_same_size_and_time_is_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        // Make the index entry match the changed file's stat data while its blob stays the old one.
        let old = sandbox.git(&format!("rev-parse HEAD:{A}"));
        sandbox.write(A, &OLD.replace("on: push", "on: pull"));
        sandbox.git("add .");
        let file = std::fs::File::options().write(true).open(sandbox.path(A)).unwrap();
        let past = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
        file.set_modified(past).unwrap();
        sandbox.git("config core.trustctime false");
        sandbox.git("update-index --refresh");
        swap_id(&sandbox, old.trim());
        assert_eq!(sandbox.status(), "", "git is deceived");
        sandbox.refuses(&["is not what HEAD has"], |repo| repo.commit_on_head(&[fix(A)], CommitOptions::default()));
    });
}

/// Puts another blob ID into the index entry of `a.yml`, leaving its stat data as they are.
fn swap_id(sandbox: &Sandbox, id: &str) {
    let index = sandbox.path(".git/index");
    let mut index = git2::Index::open(&index).unwrap();
    let mut entry = index.get_path(std::path::Path::new(A), 0).unwrap();
    entry.id = git2::Oid::from_str(id).unwrap();
    index.add(&entry).unwrap();
    index.write().unwrap();
}
