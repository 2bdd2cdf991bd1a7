//! A repository with the demo's workflows, and wf-fix in it with an environment of its own.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

pub const R01: &str = ".github/workflows/target_determination.yml";
pub const TRUNK: &str = ".github/workflows/trunk.yml";

/// What a command said and how it ended.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Said {
        Said {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

pub struct Fixture {
    dir: TempDir,
}

impl Fixture {
    /// The workflows of the demo, committed.
    pub fn demo() -> Fixture {
        let fixture = Fixture::empty();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/workflows");
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            fixture.write(&format!(".github/workflows/{name}"), &fs::read(&path).unwrap());
        }
        fixture.commit("before");
        fixture
    }

    /// A repository without commits.
    pub fn empty() -> Fixture {
        let fixture = Fixture { dir: tempfile::tempdir().unwrap() };
        fs::create_dir(fixture.root()).unwrap();
        fixture.git(&["init", "-q", "-b", "main"]);
        fixture
    }

    pub fn root(&self) -> PathBuf {
        self.dir.path().join("repo")
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    pub fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.root())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", self.dir.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("LC_ALL", "C")
            .env("GIT_AUTHOR_NAME", "Ada")
            .env("GIT_AUTHOR_EMAIL", "ada@example.com")
            .env("GIT_COMMITTER_NAME", "Ada")
            .env("GIT_COMMITTER_EMAIL", "ada@example.com")
            .env("GIT_AUTHOR_DATE", "1770552000 +0000")
            .env("GIT_COMMITTER_DATE", "1770552000 +0000");
        command
    }

    /// Runs wf-fix with a fixed `--date`.
    pub fn wf_fix<S: AsRef<OsStr>>(&self, args: &[S]) -> Said {
        let mut command = self.command(env!("CARGO_BIN_EXE_wf-fix"));
        command.args(args).env("SOURCE_DATE_EPOCH", "1770552000").output().unwrap().into()
    }

    /// Runs wf-fix with more in its environment.
    pub fn wf_fix_with(&self, env: &[(&str, &OsStr)], args: &[&str]) -> Said {
        self.command(env!("CARGO_BIN_EXE_wf-fix")).envs(env.iter().copied()).args(args).output().unwrap().into()
    }

    /// Runs git, which must succeed.
    pub fn git(&self, args: &[&str]) -> String {
        let output = self.command("git").args(args).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// All that a run could touch.
    pub fn state(&self) -> String {
        let refs = self.git(&["for-each-ref"]);
        let status = self.git(&["--no-optional-locks", "status", "--porcelain", "--untracked-files=all"]);
        format!("{refs}\n{status}\n{}", self.git(&["--no-optional-locks", "diff", "HEAD"]))
    }
}

/// Compares with the snapshot of this name.
pub fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
