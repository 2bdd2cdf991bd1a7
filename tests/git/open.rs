//! Which repository is opened, and what is said of those that cannot be.

use std::fs;

use wf_fix::repo::{Repo, left_behind, recover, root_of_unknown_format};

use crate::sandbox::{A, B, NEW, OLD, Sandbox, git_in, isolated};

fn refusal(folder: &std::path::Path) -> String {
    Repo::open(Some(folder)).unwrap_err().to_string()
}

#[test]
fn a_subfolder_finds_its_repository() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let repo = Repo::open(Some(&sandbox.path(".github/workflows"))).unwrap();
        assert_eq!(repo.root().unwrap().canonicalize().unwrap(), sandbox.root);
    });
}

#[test]
fn a_plain_folder_is_not_a_repository() {
    isolated(|| {
        let sandbox = Sandbox::new();
        fs::create_dir(sandbox.beside("plain")).unwrap();
        let message = refusal(&sandbox.beside("plain"));
        assert!(message.contains("not a git repository") && message.contains("--no-commit"), "{message}");
        assert!(refusal(&sandbox.beside("nowhere")).contains("not a git repository"));
    });
}

#[test]
fn sha256_and_reftable_are_refused_in_words() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("init -q --object-format=sha256 ../sha256");
        let message = refusal(&sandbox.beside("sha256"));
        assert!(message.contains("SHA-1 repositories only"), "{message}");
        sandbox.git("config core.repositoryFormatVersion 1");
        sandbox.git("config extensions.refStorage reftable");
        let message = refusal(&sandbox.root);
        assert!(message.contains("git refs migrate --ref-format=files"), "{message}");
    });
}

/// `--no-commit` writes its files as those of a plain folder, and so its journal stands there.
#[test]
fn a_run_that_was_killed_beside_an_unknown_format_is_found() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("init -q --object-format=sha256 ../sha256");
        let root = sandbox.beside("sha256");
        assert_eq!(root_of_unknown_format(Some(&root)), Some(root.clone()));
        assert_eq!(root_of_unknown_format(Some(&sandbox.root)), None);
        fs::create_dir(root.join("sub")).unwrap();
        let inside = root.join("sub");
        assert!(!left_behind(Some(&inside)));
        fs::create_dir(root.join(".wf-fix-run")).unwrap();
        fs::write(root.join(".wf-fix-run/claim"), "x").unwrap();
        assert!(left_behind(Some(&inside)));
        assert!(recover(Some(&inside)).unwrap().unwrap().contains("was killed here"));
        assert!(!root.join(".wf-fix-run").exists());
    });
}

/// libgit2 does not know the extension; the advice must leave a clone that git still fetches for.
#[test]
fn a_partial_clone_is_refused_with_advice_that_helps() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("config uploadpack.allowFilter true");
        sandbox.write(A, NEW);
        sandbox.write(B, NEW);
        sandbox.git("commit -qam second");
        let from = format!("file://{}", sandbox.root.display());
        sandbox.git(&format!("clone -q --filter=blob:none {from} ../partial"));
        let clone = sandbox.beside("partial");
        git_in(&clone, "config extensions.partialclone origin");
        git_in(&clone, "config core.repositoryFormatVersion 1");
        let message = refusal(&clone);
        assert!(message.contains("git config --unset extensions.partialclone"), "{message}");
        git_in(&clone, "config --unset extensions.partialclone");
        let wanted = [A.to_owned()];
        let repo = Repo::open(Some(&clone)).unwrap();
        assert_eq!(repo.read_revision("HEAD", &wanted).unwrap().files[A], NEW.as_bytes());
        let missing = repo.read_revision("HEAD~1", &wanted).unwrap_err().to_string();
        assert!(missing.contains("cannot be read"), "{missing}");
        assert_eq!(git_in(&clone, &format!("show HEAD~1:{A}")), OLD, "git still fetches it");
        let repo = Repo::open(Some(&clone)).unwrap();
        assert!(repo.read_revision("HEAD~1", &wanted).is_ok());
    });
}
