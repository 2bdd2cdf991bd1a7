//! The patch of a dry run: `git apply` and `git am` take it, and give what the run itself commits, over CRLF, missing
//! final newlines, a byte order mark, odd names and deleted files.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use tempfile::TempDir;
use wf_fix::rule::Risk;

use crate::shapes::{Shape, risk, shape, what};

const NAMES: [&str; 8] = ["w", "a b", "é", "q\"u'o", "#x", "-n", "\u{202e}x", "a&b"];

struct Repository(TempDir);

impl Repository {
    fn new() -> Repository {
        let repository = Repository(tempfile::tempdir().unwrap());
        repository.git(&["init", "-q", "-b", "main"], b"");
        repository
    }

    fn run(&self, program: &str, args: &[&str], input: &[u8]) -> (i32, Vec<u8>, String) {
        let mut command = Command::new(program);
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Ada É").env(format!("GIT_{who}_EMAIL"), "ada@example.com");
            command.env(format!("GIT_{who}_DATE"), "1770552000 +0000");
        }
        command.current_dir(self.0.path()).env("HOME", self.0.path()).env("GIT_CONFIG_NOSYSTEM", "1").args(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code().unwrap(), output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Runs git, which must succeed.
    fn git(&self, args: &[&str], input: &[u8]) -> String {
        let (code, out, err) = self.run("git", args, input);
        assert_eq!(code, 0, "git {args:?}: {err}\n{}", String::from_utf8_lossy(input));
        String::from_utf8_lossy(&out).trim_end().to_owned()
    }

    fn wf_fix(&self, args: &[&str]) -> (i32, Vec<u8>, String) {
        self.run(env!("CARGO_BIN_EXE_wf-fix"), &[args, &["--keep-going", "--date", "2026-02-08"]].concat(), b"")
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// A file of its own for every shape, and a risk for each.
fn filled(files: &[(Shape, crate::shapes::What, u8)]) -> Repository {
    let repository = Repository::new();
    for (n, (shape, what, at)) in files.iter().enumerate() {
        let name = format!(".github/workflows/{}.yml", NAMES[n % NAMES.len()]);
        repository.write(&name, shape.text.as_bytes());
        let quoted = name.replace('\'', "''");
        let risk: Risk = risk(&format!("P-{n}"), shape, &quoted, *what, (*at).into());
        repository.write(&format!(".wf-fix/rules/{n}.yml"), risk.source.as_bytes());
    }
    repository.git(&["add", "-A"], b"");
    repository.git(&["commit", "-q", "-m", "before"], b"");
    repository
}

proptest! {
    #![proptest_config(crate::config(8))]

    #[test]
    fn git_takes_the_patch_and_gives_what_the_run_commits(
        files in prop::collection::vec((shape(), what(), any::<u8>()), NAMES.len()),
    ) {
        let repository = filled(&files);
        let (_, patch, said) = repository.wf_fix(&["--all", "--dry-run"]);
        prop_assert!(!said.contains("bug in wf-fix"), "{said}");
        let (_, _, said) = repository.wf_fix(&["--all", "--branch", "run"]);
        if patch.is_empty() {
            prop_assert!(repository.run("git", &["rev-parse", "-q", "--verify", "run"], b"").0 != 0, "{said}");
            return Ok(());
        }
        let run = repository.git(&["rev-parse", "run^{tree}"], b"");
        repository.git(&["apply", "--index", "-"], &patch);
        prop_assert_eq!(repository.git(&["write-tree"], b""), run.clone());
        repository.git(&["reset", "-q", "--hard"], b"");
        repository.git(&["checkout", "-q", "-b", "am"], b"");
        repository.git(&["am", "-q", "--keep-cr"], &patch);
        prop_assert_eq!(repository.git(&["rev-parse", "am^{tree}"], b""), run);
        let messages = |branch| repository.git(&["log", "--format=%an%n%B", &format!("main..{branch}")], b"");
        prop_assert_eq!(messages("am"), messages("run"));
    }
}
