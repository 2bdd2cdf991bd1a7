//! `commit_on_branch`: new and existing branches, from objects alone.

use wf_fix::repo::{BranchStart, CommitOptions, Repo};

use crate::sandbox::{A, B, NEW, OLD, Sandbox, change, fix, git_in, isolated, step};

fn on(repo: &Repo, name: &str, base: Option<&str>) -> anyhow::Result<String> {
    Ok(repo.commit_on_branch(name, base, &[fix(A)])?.remove(0).oid)
}

#[test]
fn a_new_branch_starts_at_head_and_touches_nothing_else() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.write(A, "dirty\n");
        sandbox.write("staged", "staged\n");
        sandbox.git("add staged");
        let (status, head) = (sandbox.status(), sandbox.git("rev-parse HEAD"));
        let oid = on(&sandbox.repo(), "fixes/one", None).unwrap();
        assert_eq!(sandbox.git("rev-parse fixes/one").trim(), oid);
        assert_eq!(sandbox.git("rev-parse fixes/one~1"), head);
        assert_eq!(sandbox.git(&format!("show fixes/one:{A}")), NEW);
        assert_eq!((sandbox.status(), sandbox.git("rev-parse HEAD")), (status, head));
        assert_eq!(sandbox.git("symbolic-ref HEAD"), "refs/heads/main\n");
        sandbox.git("fsck --strict");
        assert_eq!(sandbox.leftovers(), Vec::<std::path::PathBuf>::new());
    });
}

#[test]
fn an_existing_branch_is_built_on() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let first = on(&sandbox.repo(), "fixes", None).unwrap();
        let start = sandbox.repo().branch_start("fixes", None).unwrap();
        assert_eq!(start, BranchStart { revision: first.clone(), exists: true });
        let more = [step("M03-R02", &[change(B, OLD, Some(NEW))])];
        sandbox.repo().commit_on_branch("fixes", None, &more).unwrap();
        assert_eq!(sandbox.git("rev-parse fixes~1").trim(), first);
        assert_eq!(sandbox.git("reflog show --format=%gs fixes").lines().count(), 2);
    });
}

#[test]
fn a_base_is_where_a_new_branch_starts() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("tag -a -m v1 v1");
        sandbox.git("commit -q --allow-empty -m second");
        let start = sandbox.repo().branch_start("fixes", Some("v1")).unwrap();
        assert_eq!(start.revision, sandbox.git("rev-parse v1^{commit}").trim());
        assert!(!start.exists);
        on(&sandbox.repo(), "fixes", Some("v1")).unwrap();
        assert_eq!(sandbox.git("rev-parse fixes~1"), sandbox.git("rev-parse main~1"));
        sandbox.refuses(&["`nope` names no commit"], |repo| on(repo, "other", Some("nope")));
    });
}

#[test]
fn a_base_that_an_existing_branch_lacks_is_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("branch fixes");
        sandbox.git("commit -q --allow-empty -m second");
        sandbox.refuses(&["exists and does not contain main"], |repo| on(repo, "fixes", Some("main")));
        on(&sandbox.repo(), "fixes", Some("main~1")).unwrap();
    });
}

#[test]
fn a_bare_repository_works_even_on_its_heads_branch() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("clone -q --bare . ../bare.git");
        let bare = sandbox.beside("bare.git");
        git_in(&bare, "config user.name Ada");
        git_in(&bare, "config user.email ada@example.com");
        let repo = Repo::open(Some(&bare)).unwrap();
        on(&repo, "fixes", None).unwrap();
        on(&repo, "main", None).unwrap();
        assert_eq!(git_in(&bare, &format!("show main:{A}")), NEW);
        git_in(&bare, "fsck --strict");
    });
}

#[test]
fn a_branch_in_use_is_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.refuses(&["'main' is checked out at", "repo"], |repo| on(repo, "main", None));
        sandbox.git("worktree add -q -b elsewhere ../linked");
        sandbox.refuses(&["'elsewhere' is checked out at", "linked"], |repo| on(repo, "elsewhere", None));
        let linked = Repo::open(Some(&sandbox.beside("linked"))).unwrap();
        assert!(on(&linked, "main", None).is_err(), "the main worktree has it");
        let sandbox = conflicting_rebase();
        sandbox.refuses(&["'main' is being rebased at"], |repo| on(repo, "main", None));
        let sandbox = Sandbox::new();
        sandbox.git("commit -q --allow-empty -m second");
        sandbox.git("commit -q --allow-empty -m third");
        sandbox.git("bisect start HEAD HEAD~2");
        sandbox.refuses(&["'main' is being bisected at"], |repo| on(repo, "main", None));
    });
}

#[test]
fn the_main_branch_of_a_bare_repository_with_worktrees_is_free() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("clone -q --bare . ../bare.git");
        let bare = sandbox.beside("bare.git");
        git_in(&bare, "worktree add -q -b side ../from-bare");
        let linked = sandbox.beside("from-bare");
        git_in(&linked, "config user.name Ada");
        git_in(&linked, "config user.email ada@example.com");
        let repo = Repo::open(Some(&linked)).unwrap();
        on(&repo, "main", None).unwrap();
        assert!(on(&repo, "side", None).is_err());
    });
}

#[test]
fn bad_and_colliding_names_are_refused() {
    isolated(|| {
        let sandbox = Sandbox::new();
        for name in ["", "a..b", "a b", "-x", "x.lock", "a~1", "HEAD", "/x", "x/"] {
            sandbox.refuses(&["is not a valid branch name"], |repo| on(repo, name, None));
        }
        sandbox.git("branch a");
        sandbox.git("branch x/y");
        for packed in [false, true] {
            if packed {
                sandbox.git("pack-refs --all");
            }
            sandbox.refuses(&["branch 'a' exists"], |repo| on(repo, "a/b/c", None));
            sandbox.refuses(&["branch 'x/y' exists"], |repo| on(repo, "x", None));
        }
    });
}

#[test]
fn an_unborn_head_needs_a_base() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("checkout -q --orphan fresh");
        sandbox.refuses(&["no commits yet"], |repo| on(repo, "fixes", None));
        on(&sandbox.repo(), "fixes", Some("main")).unwrap();
    });
}

#[test]
fn the_branch_gives_the_same_tree_as_head() {
    isolated(|| {
        let sandbox = Sandbox::new();
        let steps = [fix(A), step("M03-R02", &[change(B, OLD, None)])];
        sandbox.repo().commit_on_branch("fixes", None, &steps).unwrap();
        sandbox.repo().commit_on_head(&steps, CommitOptions::default()).unwrap();
        assert_eq!(sandbox.git("rev-parse fixes^{tree}"), sandbox.git("rev-parse HEAD^{tree}"));
    });
}

/// `main` stands amid a rebase onto `side`.
fn conflicting_rebase() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git("checkout -q -b side");
    sandbox.write("README.md", "side\n");
    sandbox.git("commit -qam side");
    sandbox.git("checkout -q main");
    sandbox.write("README.md", "main\n");
    sandbox.git("commit -qam main");
    assert!(!sandbox.try_git("rebase side").status.success());
    sandbox
}
