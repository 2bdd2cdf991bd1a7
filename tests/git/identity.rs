//! Author, committer and dates: compared with what `git commit` makes of the same environment.

use crate::sandbox::{A, B, Sandbox, fix, isolated, isolated_with};

/// Commits once with wf-fix and once with git, and compares who and when.
fn same_as_git(sandbox: &Sandbox) -> String {
    sandbox.commit(&[fix(A)]).unwrap();
    sandbox.git("commit -q --allow-empty -m git");
    let who = |rev: &str| sandbox.git(&format!("log -1 --date=raw --format=%an|%ae|%ad|%cn|%ce|%cd {rev}"));
    assert_eq!(who("HEAD~1"), who("HEAD"));
    who("HEAD")
}

#[test]
fn now_is_in_the_local_zone() {
    isolated_with(&[("TZ", "XYZ-5:30")], || {
        let sandbox = Sandbox::new();
        sandbox.commit(&[fix(A)]).unwrap();
        let log = sandbox.git("log -1 --date=raw --format=%ad");
        let seconds: u64 = log.split(' ').next().unwrap().parse().unwrap();
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
        assert!(log.ends_with(" +0530\n") && now - seconds < 60, "{log}");
    });
}

#[test]
fn source_date_epoch_makes_runs_repeatable() {
    isolated_with(&[("SOURCE_DATE_EPOCH", "1700000000")], || {
        let sandbox = Sandbox::new();
        let one = sandbox.repo().commit_on_branch("one", None, &[fix(A)]).unwrap();
        let two = sandbox.repo().commit_on_branch("two", None, &[fix(A)]).unwrap();
        assert_eq!(one[0].oid, two[0].oid);
        assert_eq!(sandbox.git("log -1 --date=raw --format=%ad|%cd one"), "1700000000 +0000|1700000000 +0000\n");
        let author = sandbox.repo().author().unwrap();
        assert_eq!((author.seconds, author.offset_minutes), (1_700_000_000, 0));
    });
}

#[test]
fn a_missing_identity_is_refused_with_gits_advice_and_only_when_committing() {
    isolated(|| {
        let sandbox = Sandbox::new();
        sandbox.git("config --unset user.email");
        sandbox.refuses_head(&["please tell git who you are", "git config --global user.email"]);
        sandbox.refuses(&["git config"], |repo| repo.commit_on_branch("fixes", None, &[fix(A)]));
        let repo = sandbox.repo();
        assert!(repo.author().is_err());
        assert_eq!(repo.read_revision("HEAD", &[A.to_owned(), B.to_owned()]).unwrap().files.len(), 2);
    });
}

/// `git -c` reaches a subcommand through the environment, and `GIT_CONFIG_COUNT` is how CI sets what has no file.
#[test]
fn settings_in_the_environment_outweigh_the_repositorys() {
    let env = [
        ("GIT_CONFIG_COUNT", "2"),
        ("GIT_CONFIG_KEY_0", "user.name"),
        ("GIT_CONFIG_VALUE_0", "From The Count"),
        ("GIT_CONFIG_KEY_1", "committer.name"),
        ("GIT_CONFIG_VALUE_1", "Counted"),
        ("GIT_CONFIG_PARAMETERS", "'user.email'='dash@c' 'core.autocrlf'='true'"),
        ("SOURCE_DATE_EPOCH", "1700000000"),
        ("GIT_AUTHOR_DATE", "@1700000000 +0000"),
        ("GIT_COMMITTER_DATE", "@1700000000 +0000"),
    ];
    isolated_with(&env, || {
        let sandbox = Sandbox::new();
        std::fs::remove_file(sandbox.path(A)).unwrap();
        sandbox.git("checkout -q -f HEAD");
        let who = same_as_git(&sandbox);
        assert_eq!(who, "From The Count|dash@c|1700000000 +0000|Counted|dash@c|1700000000 +0000\n");
        assert!(sandbox.read(A).contains("\r\n"), "core.autocrlf reaches libgit2, too");
        assert_eq!(sandbox.status(), "");
    });
}

#[test]
fn signing_asked_for_in_the_environment_is_not_ignored() {
    isolated_with(&[("GIT_CONFIG_PARAMETERS", "'commit.gpgsign'='true' 'gpg.program'='false'")], || {
        let sandbox = Sandbox::unsigned();
        sandbox.refuses(&["could not be signed"], |repo| repo.commit_on_branch("fixes", None, &[fix(A)]));
    });
}
