//! Line ends: the blob is what was planned, the file is what a checkout would give, and git finds it clean.

use wf_fix::repo::CommitOptions;

use crate::sandbox::{A, B, NEW, OLD, Sandbox, change, fix, isolated, step};

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// Configures, checks the files out anew, and expects a clean start.
fn checked_out(config: &[&str], attributes: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    if !attributes.is_empty() {
        sandbox.write(".gitattributes", attributes);
        sandbox.git("add .");
        sandbox.git("commit -q -m attributes");
    }
    for config in config {
        sandbox.git(&format!("config {config}"));
    }
    for path in [A, B] {
        std::fs::remove_file(sandbox.path(path)).unwrap();
    }
    sandbox.git("checkout -q -f HEAD");
    assert_eq!(sandbox.status(), "");
    sandbox
}

fn gives(sandbox: &Sandbox, file: &str) {
    sandbox.commits_cleanly(&[fix(A)]);
    assert_eq!(sandbox.git(&format!("show HEAD:{A}")), NEW, "the blob");
    assert_eq!(sandbox.read(A), file, "the file");
    std::fs::remove_file(sandbox.path(A)).unwrap();
    sandbox.git("checkout -q -f HEAD");
    assert_eq!(sandbox.read(A), file, "git's own checkout");
}

#[test]
fn autocrlf_true_gives_crlf_files() {
    isolated(|| {
        let sandbox = checked_out(&["core.autocrlf true"], "");
        assert_eq!(sandbox.read(A), crlf(OLD));
        gives(&sandbox, &crlf(NEW));
        assert_eq!(sandbox.read(B), crlf(OLD));
    });
}

#[test]
fn autocrlf_input_gives_lf_files() {
    isolated(|| gives(&checked_out(&["core.autocrlf input"], ""), NEW));
}

#[test]
fn attributes_decide_line_ends() {
    isolated(|| {
        gives(&checked_out(&[], "*.yml text eol=crlf\n"), &crlf(NEW));
        gives(&checked_out(&[], "*.yml eol=lf\n"), NEW);
        gives(&checked_out(&["core.eol crlf"], "* text=auto\n"), &crlf(NEW));
        gives(&checked_out(&["core.autocrlf true"], "*.yml -text\n"), NEW);
        gives(&checked_out(&["core.autocrlf true"], "*.yml binary\n"), NEW);
        gives(&checked_out(&["core.eol crlf"], ""), NEW);
    });
}

#[test]
fn crlf_blobs_keep_their_crlf() {
    isolated(|| {
        for config in ["core.autocrlf false", "core.autocrlf true", "core.autocrlf input"] {
            let sandbox = Sandbox::new();
            sandbox.write(A, &crlf(OLD));
            sandbox.git("-c core.autocrlf=false commit -qam crlf");
            sandbox.git(&format!("config {config}"));
            sandbox.commits_cleanly(&[step("M03-R01", &[change(A, &crlf(OLD), Some(&crlf(NEW)))])]);
            assert_eq!(sandbox.git(&format!("show HEAD:{A}")), crlf(NEW), "{config}");
            assert_eq!(sandbox.read(A), crlf(NEW), "{config}");
        }
    });
}

#[test]
fn mixed_line_ends_stay_mixed() {
    isolated(|| {
        let (old, new) = ("a: 1\r\nb: 2\nc: 3\r\n", "a: 1\r\nb: 2\n");
        for config in ["core.autocrlf false", "core.autocrlf true"] {
            let sandbox = Sandbox::new();
            sandbox.write(A, old);
            sandbox.git("-c core.autocrlf=false commit -qam mixed");
            sandbox.git(&format!("config {config}"));
            sandbox.commits_cleanly(&[step("M03-R01", &[change(A, old, Some(new))])]);
            assert_eq!(sandbox.read(A), new, "{config}");
        }
    });
}

/// An editor left LF in a worktree that `core.autocrlf` would give CRLF; git calls that clean, and so do we.
#[test]
fn a_clean_file_with_other_line_ends_keeps_them() {
    isolated(|| {
        let sandbox = checked_out(&["core.autocrlf true"], "");
        sandbox.write(A, OLD);
        sandbox.git("add .");
        assert_eq!(sandbox.status(), "");
        sandbox.commits_cleanly(&[fix(A)]);
        assert_eq!((sandbox.git(&format!("show HEAD:{A}")), sandbox.read(A)), (NEW.to_owned(), NEW.to_owned()));
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
