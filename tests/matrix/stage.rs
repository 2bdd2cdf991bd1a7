//! The stage: a repository that is built once, copied anew for every run, and git to judge it.

use std::cell::RefCell;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::situation::Situation;

/// The workflow with a soft fail, and the one whose soft fail wf-fix has removed in the last commit, `made`.
pub const A: &str = ".github/workflows/a.yml";
pub const B: &str = ".github/workflows/b.yml";

/// A workflow with a soft fail.
pub const WORKFLOW: &str = "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      \
                            - name: Run the tests\n        continue-on-error: true\n        run: make test\n";

/// Where all that must not run leaves a sign.
pub const MARKER: &str = "it-ran";

/// What every situation begins with: a repository made by git, with a commit made by wf-fix.
pub struct Base {
    folder: TempDir,
}

/// One situation.
pub struct Stage {
    pub situation: Situation,
    folder: PathBuf,
    /// What `git fsck` found fault with after a delivery.
    pub fault: RefCell<Option<String>>,
}

impl Base {
    pub fn new() -> Base {
        let memory = Path::new("/dev/shm");
        let around = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let base = Base { folder: tempfile::Builder::new().prefix("git-").tempdir_in(around).unwrap() };
        let stage = base.stage("base", crate::situation::row("base", |_| {}));
        fs::create_dir_all(stage.root()).unwrap();
        for name in ["home", "tmp"] {
            fs::create_dir(stage.case().join(name)).unwrap();
        }
        stage.git("init -q --template= -b main");
        for pair in ["user.name Ada", "user.email ada@example.com", "gc.auto 0"] {
            stage.git(&format!("config {pair}"));
        }
        stage.write(A, WORKFLOW);
        stage.write(B, &format!("name: b\n{WORKFLOW}"));
        for name in ["README.md", "staged.txt", "dirty.txt"] {
            stage.write(name, "as committed\n");
        }
        stage.git("add .");
        stage.git("commit -q -m before");
        for (id, path) in [("T-1", B), ("T-2", A), ("T-3", "module/.github/workflows/a.yml")] {
            stage.write(&format!("../rules/{id}.yml"), &rule(id, path));
        }
        let made = stage.wf_fix(&["--risk", "T-1"]);
        assert!(made.status.success(), "{}", said(&made));
        stage.git("tag made");
        base
    }

    /// Whether root runs the tests.
    pub fn is_roots(&self) -> bool {
        fs::metadata(self.folder.path()).unwrap().uid() == 0
    }

    /// A stage beside the others, of which nothing is there yet.
    pub fn stage(&self, name: &str, situation: Situation) -> Stage {
        let folder = self.folder.path().join(name);
        fs::create_dir(&folder).unwrap();
        fs::create_dir(folder.join("case")).unwrap();
        Stage { situation, folder, fault: RefCell::new(None) }
    }

    /// Makes the situation of a copy of the base.
    pub fn build(&self, name: &str, situation: Situation) -> Stage {
        let stage = self.stage(name, situation);
        fs::remove_dir(stage.case()).unwrap();
        copy(&self.folder.path().join("base/case"), &stage.case());
        (situation.build)(&stage);
        if situation.busy {
            stage.at_work();
        }
        assert!(!stage.ran(), "what proves that it could run takes its sign away");
        copy(&stage.case(), &stage.folder.join("template"));
        // From now on every case is a copy, whose index git has to compare with its files.
        stage.reset();
        stage
    }
}

impl Stage {
    /// The folder that holds all of the case: it stands at the same place every time.
    pub fn case(&self) -> PathBuf {
        self.folder.join("case")
    }

    /// The root of the worktree, or where wf-fix runs.
    pub fn root(&self) -> PathBuf {
        self.case().join(self.situation.root.unwrap_or(self.situation.at))
    }

    pub fn repo(&self) -> PathBuf {
        self.case().join("repo")
    }

    /// Where OpenPGP keys and their agent are: `GNUPGHOME` of the rows that sign with them.
    pub fn keys(&self) -> PathBuf {
        self.folder.join("g")
    }

    /// Sets everything back.
    pub fn reset(&self) {
        fs::remove_dir_all(self.case()).unwrap();
        copy(&self.folder.join("template"), &self.case());
    }

    /// Writes a file of `repo`.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.repo().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Somebody works in the worktree: staged, dirty, both, untracked.
    pub fn at_work(&self) {
        let put = |name: &str, text: &str| fs::write(self.root().join(name), text).unwrap();
        put("staged.txt", "staged\n");
        put("README.md", "staged\n");
        self.judge(&["add", "--sparse", &self.pathspec("staged.txt"), &self.pathspec("README.md")]);
        put("README.md", "dirty on top\n");
        put("dirty.txt", "dirty\n");
        put("untracked.txt", "untracked\n");
    }

    /// A path of the worktree, for git where wf-fix runs.
    pub fn pathspec(&self, path: &str) -> String {
        if self.situation.root == Some(self.situation.at) { path.to_owned() } else { format!(":/{path}") }
    }

    /// Runs git in `repo` while building; arguments are split at blanks. It must succeed.
    pub fn git(&self, args: &str) -> String {
        self.git_in("repo", args)
    }

    pub fn git_in(&self, folder: &str, args: &str) -> String {
        let args: Vec<&str> = args.split(' ').collect();
        checked(self.bare_command("git", &self.case().join(folder)).args(&args))
    }

    /// Runs git in `repo` where it must fail, as a merge that conflicts.
    pub fn git_stops(&self, args: &str) {
        let output = self.bare_command("git", &self.repo()).args(args.split(' ')).output().unwrap();
        assert!(!output.status.success(), "git {args}: {}", said(&output));
    }

    /// Runs a program other than git while building.
    pub fn run(&self, program: &str, args: &[&str]) -> String {
        checked(self.bare_command(program, &self.case()).args(args))
    }

    /// An executable script that leaves a sign, and then does nothing or what `then` says.
    pub fn evil(&self, path: &str, then: &str) -> String {
        let place = self.case().join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&place, format!("#!/bin/sh\ntouch {}\n{then}\n", self.case().join(MARKER).display())).unwrap();
        fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).unwrap();
        place.to_str().unwrap().to_owned()
    }

    /// Whether anything ran that must not.
    pub fn ran(&self) -> bool {
        self.case().join(MARKER).exists()
    }

    /// Git itself runs it at this command: the row could fail.
    pub fn git_runs_it(&self, args: &str) {
        let _ = self.command("git").args(args.split(' ')).output().unwrap();
        fs::remove_file(self.case().join(MARKER)).unwrap_or_else(|_| panic!("`git {args}` does not run it"));
    }

    /// A command where the row says, with the environment that it says.
    pub fn command(&self, program: &str) -> Command {
        let case = self.case();
        let mut command = self.bare_command(program, &case.join(self.situation.at));
        let folders = [("{case}", case.to_str().unwrap()), ("{stage}", self.folder.to_str().unwrap())];
        let value =
            |text: &str| folders.iter().fold(text.to_owned(), |text, (name, folder)| text.replace(name, folder));
        command.envs(self.situation.env.iter().map(|(name, text)| (name, value(text))));
        command
    }

    /// The same without the row's environment: nothing of this machine decides, and time stands still.
    fn bare_command(&self, program: &str, at: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(at)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", self.case().join("home"))
            .env("TMPDIR", self.case().join("tmp"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_DATE", "1770552000 +0000")
            .env("GIT_COMMITTER_DATE", "1770552000 +0000")
            .env("LC_ALL", "C");
        command
    }

    pub fn wf_fix(&self, args: &[&str]) -> Output {
        let rules = self.case().join("rules");
        let mut command = self.command(env!("CARGO_BIN_EXE_wf-fix"));
        command.arg("--rules").arg(rules).args(args).output().unwrap()
    }

    /// Runs git as the judge of the situation; it must succeed.
    pub fn judge(&self, args: &[&str]) -> String {
        checked(self.git_command().args(args))
    }

    /// What `git fsck` finds fault with.
    pub fn fsck(&self) -> Option<String> {
        let output = self.git_command().args(["fsck", "--strict", "--no-dangling", "--no-progress"]).output().unwrap();
        (!output.status.success()).then(|| said(&output))
    }

    /// Git in the situation, of whose own accord nothing of the repository's runs and no index is refreshed.
    pub fn git_command(&self) -> Command {
        let mut command = self.command("git");
        command.args(["--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]);
        command
    }
}

impl Drop for Stage {
    /// No agent outlives its keys.
    fn drop(&mut self) {
        if self.keys().exists() {
            let _ = self.command("gpgconf").args(["--kill", "all"]).output();
        }
    }
}

/// A rule that removes the soft fail of a workflow.
fn rule(id: &str, path: &str) -> String {
    format!(
        "id: {id}\ntitle: The tests of {path} fail silently\nseverity: high\ncategory: soft-fail\nmilestone: T\n\
         disposition: fix\nworkflow: {path}\nrationale: |\n  A red test shows green.\nrewrites:\n  \
         - remove-key:\n      at: $.jobs.test.steps[0]['continue-on-error']\n"
    )
}

/// Both streams, for messages.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What the command prints; it must succeed.
pub fn checked(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let args: Vec<_> = command.get_args().map(std::ffi::OsStr::to_string_lossy).collect();
    assert!(output.status.success(), "{} {}: {}", command.get_program().display(), args.join(" "), said(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap().success());
}
