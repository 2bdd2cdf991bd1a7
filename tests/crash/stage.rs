//! A repository that can be set back, and all that can be seen of it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::scenario::Scenario;

/// Files, folders, and what git says: a name, and what stands there.
pub type State = BTreeMap<String, String>;

pub struct Stage {
    pub scenario: &'static Scenario,
    base: TempDir,
}

impl Stage {
    /// Builds the scenario's repository once.
    pub fn new(scenario: &'static Scenario) -> Stage {
        Self::within(scenario, if Path::new("/dev/shm").is_dir() { Path::new("/dev/shm") } else { Path::new("/tmp") })
    }

    /// The same in a folder, such as a mount point.
    pub fn within(scenario: &'static Scenario, folder: &Path) -> Stage {
        let stage = Stage { scenario, base: tempfile::Builder::new().prefix("crash-").tempdir_in(folder).unwrap() };
        fs::create_dir(stage.case()).unwrap();
        (scenario.build)(&stage);
        stage.copy(&stage.case(), &stage.base.path().join("template"));
        // From now on every case is a copy, whose index git has to compare with its files: the calls are the same.
        stage.reset();
        stage
    }

    /// The folder that holds all of the case: it stands at the same place every time.
    pub fn case(&self) -> PathBuf {
        self.base.path().join("case")
    }

    /// Where wf-fix runs.
    pub fn root(&self) -> PathBuf {
        self.case().join(self.scenario.at)
    }

    pub fn beside(&self, name: &str) -> PathBuf {
        self.base.path().join(name)
    }

    /// Sets everything back.
    pub fn reset(&self) {
        fs::remove_dir_all(self.case()).unwrap();
        self.copy(&self.base.path().join("template"), &self.case());
    }

    fn copy(&self, from: &Path, to: &Path) {
        assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap().success());
    }

    /// A command with a clean environment and a fixed time, so that every run makes the same commits.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.root())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", self.base.path())
            .env("TMPDIR", std::env::temp_dir())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("LC_ALL", "C")
            .env("GIT_AUTHOR_NAME", "Ada")
            .env("GIT_AUTHOR_EMAIL", "ada@example.com")
            .env("GIT_COMMITTER_NAME", "Ada")
            .env("GIT_COMMITTER_EMAIL", "ada@example.com")
            .env("GIT_AUTHOR_DATE", "1770552000 +0000")
            .env("GIT_COMMITTER_DATE", "1770552000 +0000")
            .env("SOURCE_DATE_EPOCH", "1770552000");
        command
    }

    pub fn wf_fix(&self, args: &[&str]) -> Output {
        self.command(env!("CARGO_BIN_EXE_wf-fix")).args(args).output().unwrap()
    }

    /// Runs git where it may fail.
    pub fn try_git(&self, args: &[&str]) -> Output {
        self.command("git").args(args).output().unwrap()
    }

    pub fn git(&self, args: &[&str]) -> String {
        let output = self.try_git(args);
        assert!(output.status.success(), "git {args:?}: {}", said(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Everything: files with their modes, folders, references, reflogs, locks, leftovers; of the index its entries and
    /// flags, of the object database only what does not belong there.
    pub fn state(&self) -> State {
        let mut state = State::new();
        walk(&self.case(), "", &mut state);
        if self.scenario.git {
            for args in [
                &["ls-files", "--stage", "-t", "-v"][..],
                &["--no-optional-locks", "status", "--porcelain", "--untracked-files=all"],
                &["for-each-ref"],
            ] {
                state.insert(format!("git {}", args.join(" ")), self.git(args));
            }
        }
        state
    }

    pub fn fsck(&self) {
        if self.scenario.git {
            self.git(&["fsck", "--strict", "--no-dangling", "--no-progress"]);
            assert_eq!(self.git(&["count-objects", "-v"]).lines().last(), Some("size-garbage: 0"));
        }
    }
}

/// Both streams, for messages.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What differs between two states.
pub fn difference(a: &State, b: &State) -> String {
    let mut out = String::new();
    for name in a.keys().chain(b.keys().filter(|name| !a.contains_key(*name))) {
        if a.get(name) != b.get(name) {
            let short = |state: &State| state.get(name).map(|text| text.chars().take(400).collect::<String>());
            out += &format!("--- {name}\n{:?}\n{:?}\n", short(a), short(b));
        }
    }
    out
}

fn walk(folder: &Path, name: &str, state: &mut State) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let meta = entry.metadata().unwrap();
        let path = format!("{name}/{}", entry.file_name().to_string_lossy());
        if is_object(&path) || is_of_no_account(&path) {
            continue;
        }
        let mode = meta.permissions().mode();
        if meta.is_dir() {
            state.insert(format!("{path}/"), format!("{mode:o}"));
            walk(&entry.path(), &path, state);
        } else {
            let text = String::from_utf8_lossy(&fs::read(entry.path()).unwrap_or_default()).into_owned();
            state.insert(path, format!("{mode:o} {} {text}", meta.nlink()));
        }
    }
}

/// A loose object in its place, or a folder for some; packs are made by git alone.
fn is_object(path: &str) -> bool {
    let Some((_, inside)) = path.split_once("/objects/") else { return false };
    let name: String = inside.split('/').collect();
    let hex = |len: usize| name.len() == len && name.chars().all(|c| c.is_ascii_hexdigit());
    path.contains(".git") && !path.contains("wf-fix") && (hex(2) || hex(40) || inside.starts_with("pack/"))
}

/// The index is looked at by its entries; git itself writes the others as it likes.
fn is_of_no_account(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap();
    path.contains("/.git/") && matches!(name, "index" | "COMMIT_EDITMSG" | "ORIG_HEAD" | "gc.log")
}
