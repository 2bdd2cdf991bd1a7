//! `write_worktree` and `write_files`: atomic, all or none, modes kept, no temporary file left.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use wf_fix::repo::write_files;

use crate::sandbox::{A, B, NEW, OLD, Sandbox, change, isolated};

#[test]
fn files_are_written_and_index_and_head_are_not() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let (head, staged) = (sandbox.git("rev-parse HEAD"), sandbox.git("ls-files --stage"));
        fs::set_permissions(sandbox.path(A), fs::Permissions::from_mode(0o755)).unwrap();
        let changes = [change(A, OLD, Some(NEW)), change(B, OLD, None)];
        sandbox.repo().write_worktree(&changes).unwrap();
        assert_eq!(sandbox.read(A), NEW);
        assert_eq!(fs::metadata(sandbox.path(A)).unwrap().mode() & 0o7777, 0o755);
        assert!(!sandbox.path(B).exists());
        assert_eq!((sandbox.git("rev-parse HEAD"), sandbox.git("ls-files --stage")), (head, staged));
        assert!(sandbox.leftovers().is_empty());
    });
}

#[test]
fn a_plain_folder_is_written_the_same_way() {
    isolated(|| {
        let sandbox = Sandbox::new();
        fs::remove_dir_all(sandbox.path(".git")).unwrap();
        write_files(&sandbox.root, &[change(A, OLD, Some(NEW))]).unwrap();
        assert_eq!(sandbox.read(A), NEW);
    });
}

#[test]
fn a_file_that_changed_meanwhile_stops_all_before_the_first_is_written() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write(B, "edited meanwhile\n");
        let changes = [change(A, OLD, Some(NEW)), change(B, OLD, Some(NEW))];
        sandbox.refuses(&["b.yml` has changed since it was read"], |repo| repo.write_worktree(&changes));
        fs::remove_file(sandbox.path(B)).unwrap();
        sandbox.refuses(&["b.yml` is gone"], |repo| repo.write_worktree(&changes));
    });
}

/// With one file there is nothing else to tell by that nothing was done.
#[test]
fn a_single_file_that_changed_meanwhile_is_an_error() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write(A, "edited meanwhile\n");
        for after in [Some(NEW), None] {
            sandbox.refuses(&["a.yml` has changed since it was read"], |repo| {
                repo.write_worktree(&[change(A, OLD, after)])
            });
        }
        // The first is replaced by the time the second is seen to have changed.
        sandbox.write(A, OLD);
        let twice = [change(A, OLD, Some(NEW)), change(A, OLD, None)];
        sandbox.refuses(&["a.yml` has changed since it was read"], |repo| repo.write_worktree(&twice));
    });
}

#[test]
fn links_hard_links_and_paths_outside_are_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let secret = sandbox.beside("secret.yml");
        fs::write(&secret, OLD).unwrap();
        symlink(&secret, sandbox.path("link.yml")).unwrap();
        symlink(sandbox.root.parent().unwrap(), sandbox.path("up")).unwrap();
        fs::hard_link(sandbox.path(B), sandbox.path("twin.yml")).unwrap();
        for (path, words) in [
            ("link.yml", "is a symbolic link"),
            ("up/secret.yml", "beyond a symbolic link"),
            ("../secret.yml", "`..`"),
            (".git/config", "lies in `.git`"),
            (B, "hard-linked (2 names)"),
            (".github", "is a folder"),
        ] {
            let changes = [change(A, OLD, Some(NEW)), change(path, OLD, Some(NEW))];
            sandbox.refuses(&[words], |repo| repo.write_worktree(&changes));
        }
        assert_eq!(fs::read_to_string(secret).unwrap(), OLD);
    });
}

/// A folder that is a mount point of its own, or in which the name is a folder by the time of the rename, cannot be
/// had without privileges; a second change of the same file is what makes the second rename fail here.
#[test]
fn a_failure_midway_puts_the_first_file_back() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let changes = [change(A, OLD, Some(NEW)), change(B, OLD, None), change(A, OLD, Some("third\n"))];
        sandbox.refuses(&["has changed since it was read"], |repo| repo.write_worktree(&changes));
        assert_eq!((sandbox.read(A), sandbox.read(B)), (OLD.into(), OLD.into()));
    });
}

#[test]
fn a_bare_repository_has_no_worktree() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("config core.bare true");
        let error = sandbox.repo().write_worktree(&[change(A, OLD, Some(NEW))]).unwrap_err();
        assert!(error.to_string().contains("bare repository"), "{error}");
    });
}
