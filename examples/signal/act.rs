//! One run of act in a throw-away repository.

use std::path::Path;
use std::process::{Command, Output};

use super::generate::{Case, WORKFLOW};
use super::model::Outcome;

/// Runs a case; the lines its steps wrote and the result of the run.
pub fn run(seed: u64, case: &Case) -> Result<Outcome, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let root = folder.path().join("repo");
    for (path, text) in &case.files {
        let path = root.join(path);
        path.parent().map(std::fs::create_dir_all).transpose().map_err(|e| e.to_string())?;
        std::fs::write(&path, text).map_err(|e| e.to_string())?;
    }
    git(&root, &["init", "-q", "."])?;
    git(&root, &["add", "-A"])?;
    git(&root, &["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"])?;
    let out = folder.path().join("out");
    std::fs::write(&out, "").map_err(|e| e.to_string())?;
    let mut command = Command::new(program());
    command.current_dir(&root).env("HOME", folder.path()).env_remove("GITHUB_TOKEN");
    command.args(["push", "-W", WORKFLOW, "-P", "ubuntu-latest=-self-hosted", "--json", "--action-offline-mode"]);
    command.arg("--env").arg(format!("OUT={}", out.display()));
    command.arg("--env").arg(format!("REPO={}", root.display()));
    let output = command.output().map_err(|e| format!("act: {e}"))?;
    let mut lines: Vec<String> =
        std::fs::read_to_string(&out).map_err(|e| e.to_string())?.lines().map(str::to_owned).collect();
    lines.sort();
    if !lines.iter().any(|line| line.starts_with("jobs ")) {
        return Err(format!("seed {seed}: act did not finish: {}", text(&output)));
    }
    let run = if output.status.success() { "success" } else { "failure" };
    Ok(Outcome { lines, run: run.to_owned() })
}

/// act's version.
pub fn version() -> Result<String, String> {
    let output = Command::new(program()).arg("--version").output().map_err(|e| format!("act: {e}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn program() -> String {
    std::env::var("ACT").unwrap_or_else(|_| "act".to_owned())
}

fn git(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("git").current_dir(folder).args(arguments).output().map_err(|e| format!("git: {e}"))?;
    if output.status.success() { Ok(()) } else { Err(format!("git {arguments:?}: {}", text(&output))) }
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
