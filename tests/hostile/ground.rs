//! A repository of a stranger, and wf-fix in it with limits: a gigabyte of memory, a minute of time.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use wf_fix::report::safe::is_unsafe;

/// The workflow that the usual rule speaks of.
pub const CI: &str = ".github/workflows/ci.yml";

/// How long a run may take. Far more than it does: the machine may be busy.
const MOST: Duration = Duration::from_secs(60);

/// The most memory, in KiB, its address space as a whole.
const MEMORY: u64 = 1 << 20;

/// What a command said and how it ended.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// Asserts that it was refused with these words, and that stdout stayed empty.
    pub fn refused(&self, words: &str) {
        assert!(self.code == 2 && self.out.is_empty(), "{words}: {self:?}");
        assert!(self.err.contains(words), "{words}: {}", self.err);
    }

    /// Asserts that it did its work.
    pub fn worked(&self) -> &Said {
        assert_eq!(self.code, 0, "{}", self.err);
        self
    }

    /// Asserts that nothing in it would move a terminal or a runner of GitHub Actions.
    pub fn tame(&self) {
        for text in [&self.out, &self.err] {
            assert!(!text.contains(is_unsafe), "{text:?}");
            assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text:?}");
        }
    }
}

pub struct Ground {
    dir: TempDir,
}

impl Ground {
    /// A repository without commits.
    pub fn empty() -> Ground {
        let ground = Ground { dir: tempfile::tempdir().unwrap() };
        fs::create_dir(ground.root()).unwrap();
        ground.git(&["init", "-q", "-b", "main"]);
        ground
    }

    /// A repository with this workflow and a rule for its first step, committed.
    pub fn of(workflow: impl AsRef<[u8]>) -> Ground {
        let ground = Ground::empty();
        ground.write(CI, workflow);
        ground.write(".wf-fix/rules/a.yml", rule("$.jobs.j.steps[0]['continue-on-error']"));
        ground.commit("before");
        ground
    }

    pub fn root(&self) -> PathBuf {
        self.dir.path().join("repo")
    }

    /// A place beside the repository.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, path: impl AsRef<OsStr>, bytes: impl AsRef<[u8]>) {
        let path = self.root().join(path.as_ref());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
    }

    fn prepare(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let dates = [("GIT_AUTHOR_DATE", "1770552000 +0000"), ("GIT_COMMITTER_DATE", "1770552000 +0000")];
        let people = ["AUTHOR", "COMMITTER"];
        for who in people {
            command.env(format!("GIT_{who}_NAME"), "Ada").env(format!("GIT_{who}_EMAIL"), "ada@example.com");
        }
        command.current_dir(self.root()).envs(dates).env("HOME", self.dir.path()).env("GIT_CONFIG_NOSYSTEM", "1");
        command.env("LC_ALL", "C").env("SOURCE_DATE_EPOCH", "1770552000").env_remove("GIT_DIR");
        command
    }

    /// Runs wf-fix within the limits; it must end by itself and without a panic.
    pub fn wf_fix(&self, args: &[&str]) -> Said {
        self.wf_fix_in(&self.root(), args)
    }

    /// The same in another folder.
    pub fn wf_fix_in(&self, folder: &Path, args: &[&str]) -> Said {
        let mut command = self.prepare("sh");
        command.current_dir(folder);
        command.arg("-c").arg(format!("ulimit -v {MEMORY} && exec \"$0\" \"$@\"")).arg(env!("CARGO_BIN_EXE_wf-fix"));
        let started = Instant::now();
        let child = command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = ended(child, started, args);
        assert!((0..=2).contains(&said.code) && !said.err.contains("panicked"), "{args:?}: {said:?}");
        said
    }

    /// Runs git, which must succeed.
    pub fn git(&self, args: &[&str]) -> String {
        let output = self.prepare("git").args(args).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Runs git with something on its standard input.
    pub fn git_with(&self, args: &[&str], input: &[u8]) -> String {
        let mut command = self.prepare("git");
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), input).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "git {args:?}");
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Everything in the repository and beside it, git's own folder but for its references left out.
    pub fn state(&self) -> (String, BTreeMap<PathBuf, Vec<u8>>) {
        let mut files = BTreeMap::new();
        note(self.dir.path(), &mut files);
        (self.git(&["for-each-ref"]), files)
    }

    /// Runs wf-fix, which must leave everything as it is.
    pub fn leaves_alone(&self, args: &[&str]) -> Said {
        let before = self.state();
        let said = self.wf_fix(args);
        assert!(self.state() == before, "{args:?} wrote something: {said:?}");
        said
    }
}

/// Waits for the end, or kills what takes too long.
fn ended(mut child: Child, started: Instant, args: &[&str]) -> Said {
    let reader = |mut pipe: Box<dyn Read + Send>| {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            pipe.read_to_end(&mut bytes).unwrap();
            bytes
        })
    };
    let out = reader(Box::new(child.stdout.take().unwrap()));
    let err = reader(Box::new(child.stderr.take().unwrap()));
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if started.elapsed() > MOST => {
                child.kill().unwrap();
                panic!("{args:?} took longer than {MOST:?}");
            }
            None => thread::sleep(Duration::from_millis(5)),
        }
    };
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    let (out, err) = (text(out.join().unwrap()), text(err.join().unwrap()));
    let code = status.code().unwrap_or_else(|| panic!("{args:?} ended by {status}: {err}"));
    Said { code, out, err }
}

fn note(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() && entry.file_name() != ".git" {
            note(&path, files);
        } else if kind.is_symlink() {
            files.insert(path.clone(), fs::read_link(&path).unwrap().as_os_str().as_bytes().to_vec());
        } else if kind.is_file() && entry.metadata().unwrap().len() < 1 << 20 {
            files.insert(path.clone(), fs::read(&path).unwrap());
        } else {
            files.insert(path, Vec::new());
        }
    }
}

/// A rule `A-1` that removes a key.
pub fn rule(at: &str) -> String {
    let at = at.replace('\'', "''");
    format!(
        "id: A-1\ntitle: t\nseverity: low\ncategory: soft-fail\nmilestone: M1\nworkflow: {CI}\nrewrites:\n  - remove-key:\n      at: '{at}'\n"
    )
}

/// A workflow whose first step is soft; `more` stands at the end of that step.
pub fn workflow(more: &str) -> String {
    format!(
        "on: push\njobs:\n  j:\n    runs-on: ubuntu-latest\n    steps:\n      - name: Test\n        continue-on-error: true\n{more}"
    )
}

/// The step of [`workflow`] with a script.
pub fn script(text: &str) -> String {
    let body: String = text.lines().map(|line| format!("          {line}\n")).collect();
    workflow(&format!("        run: |\n{body}"))
}

pub const FIX: [&str; 3] = ["--risk", "A-1", "-n"];
