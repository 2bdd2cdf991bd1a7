//! actionlint over every rewritten text: it must find nothing that it did not find in the original.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, thread};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::judge::FileResult;

/// Texts per run of actionlint.
const BATCH: usize = 200;

#[derive(Debug, Default)]
pub struct LintResult {
    /// Results compared with their original.
    pub compared: usize,
    /// Results not compared, since actionlint could not read the original.
    pub unread: usize,
    /// Findings in the originals: if there are none, the comparison says nothing.
    pub known: usize,
    /// One line for each finding that only the result has.
    pub new: Vec<String>,
    /// Runs of actionlint that failed.
    pub failed: Vec<String>,
}

/// (kind, message without positions), and the original message.
type Finding = ((String, String), String);

/// Compares all results kept in `files`. Actions are left out: actionlint reads workflows only.
pub fn lint(files: &[FileResult], jobs: usize) -> Result<LintResult> {
    let program = find_actionlint()?;
    let batches = batches(files);
    let (next, total) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = lint_batch(&program, batch);
                    if let Ok(mut total) = total.lock() {
                        total.push(result);
                    }
                }
            });
        }
    });
    let mut sum = LintResult::default();
    for result in total.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()) {
        match result {
            Err(error) => sum.failed.push(format!("{error:#}")),
            Ok(part) => {
                sum.compared += part.compared;
                sum.unread += part.unread;
                sum.known += part.known;
                sum.new.extend(part.new);
            }
        }
    }
    sum.new.sort();
    sum.failed.sort();
    Ok(sum)
}

fn find_actionlint() -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(output) = Command::new("go").args(["env", "GOPATH"]).output() {
        folders.push(Path::new(String::from_utf8_lossy(&output.stdout).trim()).join("bin"));
    }
    let mut candidates = folders.iter().map(|folder| folder.join("actionlint"));
    candidates.find(|file| file.is_file()).context(
        "actionlint is neither in PATH nor in $(go env GOPATH)/bin; \
         `go install github.com/rhysd/actionlint/cmd/actionlint@latest` installs it",
    )
}

/// Groups of files whose texts together make about one batch.
fn batches(files: &[FileResult]) -> Vec<Vec<&FileResult>> {
    let mut batches = vec![Vec::new()];
    let mut size = 0;
    for file in files {
        let results = file.cases.iter().filter(|case| case.after.is_some()).count();
        if results == 0 || !file.source.in_repo.starts_with(".github/workflows/") {
            continue;
        }
        if size >= BATCH {
            batches.push(Vec::new());
            size = 0;
        }
        size += results + 1;
        if let Some(batch) = batches.last_mut() {
            batch.push(file);
        }
    }
    batches.retain(|batch| !batch.is_empty());
    batches
}

fn lint_batch(program: &Path, batch: &[&FileResult]) -> Result<LintResult> {
    let texts: Vec<&[u8]> = batch
        .iter()
        .flat_map(|file| {
            std::iter::once(file.before.as_slice()).chain(file.cases.iter().filter_map(|case| case.after.as_deref()))
        })
        .collect();
    let mut findings = run(program, &texts)?;
    let mut result = LintResult::default();
    let mut number = 0;
    for file in batch {
        let before = findings.remove(&number).unwrap_or_default();
        number += 1;
        result.known += before.len();
        let readable =
            !before.iter().any(|((kind, message), _)| kind == "syntax-check" && message.starts_with("could not parse"));
        for case in file.cases.iter().filter(|case| case.after.is_some()) {
            let after = findings.remove(&number).unwrap_or_default();
            number += 1;
            if !readable {
                result.unread += 1;
                continue;
            }
            result.compared += 1;
            for message in only_after(&before, after) {
                result.new.push(format!("{} {}: {message}", file.source.name, case.target.at));
            }
        }
    }
    Ok(result)
}

/// The findings of `after` that have no partner in `before`.
fn only_after(before: &[Finding], after: Vec<Finding>) -> Vec<String> {
    let mut left: HashMap<&(String, String), usize> = HashMap::new();
    for (key, _) in before {
        *left.entry(key).or_default() += 1;
    }
    let mut new = Vec::new();
    for (key, message) in &after {
        match left.get_mut(key) {
            Some(count) if *count > 0 => *count -= 1,
            _ => new.push(message.clone()),
        }
    }
    new
}

/// actionlint's findings by number of the text. Each text lies in a folder tree of its own.
fn run(program: &Path, texts: &[&[u8]]) -> Result<HashMap<usize, Vec<Finding>>> {
    let root = tempfile::tempdir().context("a temporary folder")?;
    let mut command = Command::new(program);
    command.args(["-format", "{{json .}}", "-no-color", "-shellcheck=", "-pyflakes="]);
    for (number, text) in texts.iter().enumerate() {
        let folder = format!("{number}/.github/workflows");
        fs::create_dir_all(root.path().join(&folder))?;
        fs::write(root.path().join(&folder).join("x.yml"), text)?;
        command.arg(format!("{folder}/x.yml"));
    }
    let output = command.current_dir(root.path()).output().context("running actionlint")?;
    if !matches!(output.status.code(), Some(0 | 1)) {
        bail!("actionlint failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    let all: Value = serde_json::from_slice(&output.stdout).context("actionlint's JSON")?;
    let mut findings: HashMap<usize, Vec<Finding>> = HashMap::new();
    for item in all.as_array().into_iter().flatten() {
        let field = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default();
        let number = field("filepath").split(['/', '\\']).next().and_then(|part| part.parse().ok());
        let number = number.with_context(|| format!("actionlint names an unknown file {:?}", field("filepath")))?;
        let key = (field("kind").to_owned(), without_positions(field("message")));
        findings.entry(number).or_default().push((key, format!("{} [{}]", field("message"), field("kind"))));
    }
    Ok(findings)
}

/// A message without the digits that follow `line` and `col`, which an edit above them shifts.
fn without_positions(message: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    let mut positions = false;
    for c in message.chars() {
        if c.is_ascii_alphabetic() {
            word.push(c.to_ascii_lowercase());
        } else if !word.is_empty() {
            positions = matches!(word.as_str(), "line" | "lines" | "col" | "column");
            word.clear();
        }
        let between = matches!(c, ' ' | ':' | '=');
        if positions && c.is_ascii_digit() {
            continue;
        }
        positions &= between || c.is_ascii_digit();
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_positions_are_dropped_from_a_message() {
        let message = "job ID \"b2\" duplicates. previously defined at line:7,col:3. 2 at line 10, column 5";
        let expected = "job ID \"b2\" duplicates. previously defined at line:,col:. 2 at line , column ";
        assert_eq!(without_positions(message), expected);
    }

    #[test]
    fn a_second_finding_of_the_same_kind_is_new() {
        let finding = || (("k".to_owned(), "m".to_owned()), "shown".to_owned());
        assert_eq!(only_after(&[finding()], vec![finding()]), Vec::<String>::new());
        assert_eq!(only_after(&[finding()], vec![finding(), finding()]), ["shown"]);
    }
}
