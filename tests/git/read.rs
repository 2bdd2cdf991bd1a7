//! Reading revisions, worktrees and plain folders: what is given, left out and refused.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use wf_fix::repo::{MAX_FILE, Repo, read_folder};

use crate::sandbox::{A, B, NEW, OLD, Sandbox, isolated};

fn list(wanted: &[&str]) -> Vec<String> {
    wanted.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_revision_is_read_as_committed_whatever_the_worktree_holds() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write(A, "dirty\n");
        sandbox.write(".github/workflows/new.yml", "untracked\n");
        let read = sandbox.repo().read_revision("HEAD", &list(&[A])).unwrap();
        assert_eq!(read.names, [A, B], "the folder's names serve as hints");
        assert_eq!(read.files, BTreeMap::from([(A.to_owned(), OLD.as_bytes().to_vec())]));
        let read = sandbox.repo().read_worktree(&list(&[A])).unwrap();
        assert_eq!(read.names, [A, B, ".github/workflows/new.yml"]);
        assert_eq!(read.files[A], b"dirty\n");
    });
}

#[test]
fn any_revision_can_be_named() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("tag -a -m v1 v1");
        sandbox.write(A, NEW);
        sandbox.git("commit -qam fixed");
        let id = sandbox.git("rev-parse HEAD~1");
        for rev in ["v1", "HEAD~1", id.trim(), "main^"] {
            let read = sandbox.repo().read_revision(rev, &list(&[A])).unwrap();
            assert_eq!(read.files[A], OLD.as_bytes(), "{rev}");
        }
        let error = sandbox.repo().read_revision("nope", &list(&[A])).unwrap_err();
        assert!(error.to_string().contains("`nope` names no commit"), "{error}");
    });
}

#[test]
fn globs_read_what_they_match_and_absent_paths_are_absent() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write("deep/er/c.yml", "c\n");
        sandbox.write("deep/d.yaml", "d\n");
        sandbox.git("add .");
        sandbox.git("commit -q -m deep");
        for (wanted, expected) in [
            (".github/workflows/*.yml", vec![A, B]),
            (".github/workflows/[b-z].yml", vec![B]),
            (".github/workflows/nowhere.yml", vec![]),
            ("nowhere/*.yml", vec![]),
            ("README.md/x", vec![]),
            ("deep/*.yml", vec![]),
            ("deep/*/*.yml", vec!["deep/er/c.yml"]),
            ("deep/**/*.y*ml", vec!["deep/d.yaml", "deep/er/c.yml"]),
            ("**/c.yml", vec!["deep/er/c.yml"]),
            ("*.md", vec!["README.md"]),
        ] {
            let from_tree = sandbox.repo().read_revision("HEAD", &list(&[wanted])).unwrap();
            assert_eq!(from_tree.files.keys().collect::<Vec<_>>(), expected, "{wanted}");
            let from_disk = sandbox.repo().read_worktree(&list(&[wanted])).unwrap();
            assert_eq!(from_disk, from_tree, "{wanted}");
        }
    });
}

#[test]
fn names_are_those_of_the_folders_asked_for() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let repo = sandbox.repo();
        let names = |wanted: &str| repo.read_revision("HEAD", &list(&[wanted])).unwrap().names;
        assert_eq!(names("nothing.yml"), ["README.md"]);
        assert_eq!(names(".github/workflows/zzz.yml"), [A, B]);
        assert_eq!(names("**/*.yml"), [A, B, "README.md"]);
    });
}

#[test]
fn links_submodules_and_folders_are_refused_by_name_and_left_out_of_globs() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("clone -q . ../module");
        sandbox.git("-c protocol.file.allow=always submodule --quiet add ../module module");
        symlink("a.yml", sandbox.path(".github/workflows/link.yml")).unwrap();
        symlink(".github/workflows", sandbox.path("flows")).unwrap();
        symlink("/etc", sandbox.path("outside")).unwrap();
        sandbox.git("add .");
        sandbox.git("commit -q -m more");
        let repo = sandbox.repo();
        for (path, words) in [
            (".github/workflows/link.yml", "is a symbolic link"),
            ("flows/a.yml", "symbolic link"),
            ("outside/passwd", "symbolic link"),
            ("module/README.md", "submodule"),
            (".github/workflows", "is a folder"),
            ("../x.yml", "`..`"),
            ("/etc/passwd", "absolute"),
            (".git/config", "`.git`"),
            ("../*.yml", "`..`"),
            ("a/[.yml", "is not a glob pattern"),
        ] {
            for read in [repo.read_revision("HEAD", &list(&[path])), repo.read_worktree(&list(&[path]))] {
                let message = format!("{:#}", read.unwrap_err());
                assert!(message.contains(words), "{path}: {message}");
            }
        }
        let all = list(&["**/*", ".github/workflows/*.yml"]);
        let (tree, disk) = (repo.read_revision("HEAD", &all).unwrap(), repo.read_worktree(&all).unwrap());
        assert_eq!(tree.names, [A, B, ".gitmodules", "README.md"]);
        assert_eq!(disk, tree, "the submodule's files are not ours");
    });
}

#[test]
fn what_is_no_regular_file_is_never_opened() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let fifo = sandbox.path(".github/workflows/fifo.yml");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let repo = sandbox.repo();
        let error = repo.read_worktree(&list(&[".github/workflows/fifo.yml"])).unwrap_err();
        assert!(error.to_string().contains("a FIFO"), "{error}");
        let read = repo.read_worktree(&list(&[".github/workflows/*.yml"])).unwrap();
        assert_eq!(read.names, [A, B]);
    });
}

#[test]
fn a_file_above_the_limit_is_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write(A, &"#".repeat(MAX_FILE));
        sandbox.write(B, &"#".repeat(MAX_FILE + 1));
        sandbox.git("commit -qam big");
        let repo = sandbox.repo();
        assert_eq!(repo.read_revision("HEAD", &list(&[A])).unwrap().files[A].len(), MAX_FILE);
        for read in [repo.read_revision("HEAD", &list(&[B])), repo.read_worktree(&list(&[B]))] {
            let message = read.unwrap_err().to_string();
            assert!(message.contains("8388609 bytes, above the limit"), "{message}");
        }
    });
}

#[test]
fn a_plain_folder_is_read_like_a_worktree() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let plain = sandbox.beside("plain");
        fs::create_dir_all(plain.join("sub")).unwrap();
        fs::write(plain.join("sub/a.yml"), OLD).unwrap();
        let read = read_folder(&plain, &list(&["sub/*.yml", "none.yml"])).unwrap();
        assert_eq!(read.names, ["sub/a.yml"]);
        assert_eq!(read.files["sub/a.yml"], OLD.as_bytes());
        let error = read_folder(&plain.join("nowhere"), &[]).unwrap_err();
        assert!(error.to_string().contains("name a folder that exists"), "{error}");
        assert!(read.executable.is_empty());
    });
}

#[test]
fn modes_are_those_of_the_tree() {
    isolated(|| {
        let sandbox = Sandbox::new();
        fs::set_permissions(sandbox.path(A), fs::Permissions::from_mode(0o755)).unwrap();
        sandbox.git("commit -qam executable");
        let (repo, wanted) = (sandbox.repo(), list(&[A, B]));
        let snapshots =
            [repo.read_revision("HEAD", &wanted), repo.read_worktree(&wanted), read_folder(&sandbox.root, &wanted)];
        for snapshot in snapshots {
            let executable = snapshot.unwrap().executable;
            assert_eq!(executable.iter().collect::<Vec<_>>(), [A]);
        }
    });
}

#[test]
fn a_missing_object_is_named() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let id = sandbox.git(&format!("rev-parse HEAD:{A}"));
        let (folder, file) = id.trim().split_at(2);
        fs::remove_file(sandbox.path(&format!(".git/objects/{folder}/{file}"))).unwrap();
        let error = sandbox.repo().read_revision("HEAD", &list(&[A])).unwrap_err();
        assert!(format!("{error:#}").contains(id.trim()), "{error:#}");
    });
}

#[test]
fn reading_works_without_an_index_and_amid_a_held_lock() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("update-index --split-index");
        sandbox.write(".git/index.lock", "");
        let read = Repo::open(Some(&sandbox.root)).unwrap().read_revision("HEAD", &list(&[A]));
        assert_eq!(read.unwrap().files.len(), 1);
    });
}
