//! The stage: a process with a clean environment, a repository in a temporary folder, and git to judge it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use wf_fix::change::{FileChange, Step};
use wf_fix::repo::{CommitOptions, Committed, Repo};

pub const A: &str = ".github/workflows/a.yml";
pub const B: &str = ".github/workflows/b.yml";
pub const OLD: &str = "on: push\njobs:\n  a:\n    continue-on-error: true\n    runs-on: x\n";
pub const NEW: &str = "on: push\njobs:\n  a:\n    runs-on: x\n";

/// Runs the test that calls it again, alone in a process whose environment holds nothing of this machine.
pub fn isolated<F: FnOnce()>(body: F) {
    isolated_with(&[], body);
}

/// The same with additional environment variables.
pub fn isolated_with<F: FnOnce()>(env: &[(&str, &str)], body: F) {
    if std::env::var_os("WF_FIX_TEST_CHILD").is_some() {
        return body();
    }
    let home = tempfile::tempdir().unwrap();
    let closure = std::any::type_name::<F>();
    let name = closure.trim_start_matches("git::").trim_end_matches("::{{closure}}");
    let output = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", home.path())
        .env("TMPDIR", home.path())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("LC_ALL", "C")
        .env("WF_FIX_TEST_CHILD", "1")
        .envs(env.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{name}:\n{said}\n{complaint}");
}

/// A repository with two committed workflows.
pub struct Sandbox {
    _dir: tempfile::TempDir,
    pub root: PathBuf,
}

impl Sandbox {
    pub fn new() -> Self {
        Self::with_initial("commit -q -m initial")
    }

    /// Where the environment asks for signatures that cannot be made.
    pub fn unsigned() -> Self {
        Self::with_initial("commit -q --no-gpg-sign -m initial")
    }

    fn with_initial(commit: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap().join("repo");
        fs::create_dir(&root).unwrap();
        let sandbox = Sandbox { _dir: dir, root };
        sandbox.git("init -q -b main");
        sandbox.git("config user.name Ada");
        sandbox.git("config user.email ada@example.com");
        sandbox.write(A, OLD);
        sandbox.write(B, OLD);
        sandbox.write("README.md", "read me\n");
        sandbox.git("add .");
        sandbox.git(commit);
        sandbox
    }

    pub fn beside(&self, name: &str) -> PathBuf {
        self.root.parent().unwrap().join(name)
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub fn write(&self, path: &str, content: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Runs git here; arguments are split at blanks. It must succeed.
    pub fn git(&self, args: &str) -> String {
        git_in(&self.root, args)
    }

    /// Runs git where it may fail, such as a merge that conflicts.
    pub fn try_git(&self, args: &str) -> Output {
        Command::new("git").args(args.split(' ')).current_dir(&self.root).output().unwrap()
    }

    pub fn repo(&self) -> Repo {
        Repo::open(Some(&self.root)).unwrap()
    }

    pub fn commit(&self, steps: &[Step]) -> anyhow::Result<Vec<Committed>> {
        self.repo().commit_on_head(steps, CommitOptions::default())
    }

    /// `git status --porcelain` as git sees it, without refreshing the index on disk.
    pub fn status(&self) -> String {
        self.git("--no-optional-locks status --porcelain --untracked-files=all")
    }

    /// All that a delivery could touch, to compare before and after.
    pub fn state(&self) -> String {
        let output = |args: &str| String::from_utf8_lossy(&self.try_git(args).stdout).into_owned();
        let refs = output("for-each-ref") + &output("rev-parse HEAD") + &output("symbolic-ref -q HEAD");
        let stage = output("ls-files --stage -t");
        let status = output("--no-optional-locks status --porcelain --untracked-files=all --ignored");
        let files = ["a.yml", "b.yml"].map(|name| fs::read(self.path(".github/workflows").join(name)).ok());
        format!("{refs}\n{stage}\n{status}\n{files:?}\n{:?}", self.leftovers())
    }

    /// Temporary files and locks that should not be there.
    pub fn leftovers(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        walk(&self.root, &mut found);
        found.retain(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.contains("wf-fix") || name.ends_with(".lock")
        });
        found.sort();
        found
    }

    /// The delivery must fail with all these words and leave everything as it was.
    pub fn refuses<T: std::fmt::Debug>(
        &self,
        words: &[&str],
        deliver: impl FnOnce(&Repo) -> anyhow::Result<T>,
    ) -> String {
        let before = self.state();
        let error = deliver(&self.repo()).expect_err("should be refused");
        let message = format!("{error:#}");
        for word in words {
            assert!(message.contains(word), "no `{word}` in: {message}");
        }
        assert_eq!(self.state(), before, "something was written; the message was: {message}");
        message
    }

    /// Both `guard_commit` and `commit_on_head` must refuse a change of `a.yml` with these words.
    pub fn refuses_head(&self, words: &[&str]) {
        self.refuses(words, |repo| repo.guard_commit(&[A], CommitOptions::default()));
        self.refuses(words, |repo| repo.commit_on_head(&[fix(A)], CommitOptions::default()));
    }

    /// The commit must succeed, and git must find everything in order and nothing left to do.
    pub fn commits_cleanly(&self, steps: &[Step]) -> Vec<Committed> {
        let made = self.commit(steps).unwrap();
        assert_eq!(self.status(), "");
        self.git("diff-index --cached --quiet HEAD");
        self.git("fsck --strict --no-dangling");
        assert_eq!(self.leftovers(), Vec::<PathBuf>::new());
        made
    }
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().unwrap().is_dir() {
            walk(&entry.path(), found);
        }
        found.push(entry.path());
    }
}

/// Runs git in a folder; arguments are split at blanks. It must succeed.
pub fn git_in(folder: &Path, args: &str) -> String {
    let output = Command::new("git").args(args.split(' ')).current_dir(folder).output();
    let output = output.expect("these tests need git: apt-get install git");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "git {args}: {said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// A step that takes the soft-fail out of one workflow.
pub fn fix(path: &str) -> Step {
    step("M03-R01", &[change(path, OLD, Some(NEW))])
}

pub fn change(path: &str, before: &str, after: Option<&str>) -> FileChange {
    FileChange { path: path.to_owned(), before: before.into(), after: after.map(|text| text.as_bytes().to_vec()) }
}

pub fn step(risk: &str, files: &[FileChange]) -> Step {
    Step {
        risk: risk.to_owned(),
        message: format!("ci: remove soft-fail ({risk})\n\nWhy.\n\nRisk-ID: {risk}\n"),
        files: files.to_vec(),
    }
}
