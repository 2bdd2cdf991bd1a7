//! `wf-fix demo`: the main job from start to end on a repository made for it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use git2::{DiffStatsFormat, Repository, Signature};
use include_dir::{Dir, include_dir};

use super::exit::Exit;
use super::layers;
use super::output::Output;
use crate::plan::{Planned, plan, wanted, wanted_around};
use crate::repo::{CommitOptions, Repo};
use crate::report::patch::{Diffs, FileDiff, Git, blob_id};
use crate::report::{message, patch, summary};
use crate::rule::{Disposition, Risk};

static WORKFLOWS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/demo/workflows");

const MILESTONE: &str = "M04";
const DATE: &str = "2026-02-08";

/// Runs the demo; the repository stays, for looking further.
pub fn run(dir: Option<&Path>, output: &Output) -> Result<Exit> {
    let dir = folder(dir)?;
    let git = make_repository(&dir)?;
    let register = layers::register(&[layers::built_in()], output)?;
    let fixable = |risk: &&Risk| risk.milestone == MILESTONE && matches!(risk.disposition, Disposition::Fix(_));
    let risks: Vec<&Risk> = register.iter().map(|(risk, _)| risk).filter(fixable).collect();

    heading(output, &format!("A repository with {} workflows, in {}", WORKFLOWS.files().count(), dir.display()))?;
    heading(output, &format!("$ wf-fix --milestone {MILESTONE} --dry-run"))?;
    let repo = Repo::open(Some(&dir))?;
    let planned = plan_all(&repo, &risks)?;
    print_patch(&planned, output)?;

    for risk in &risks {
        heading(output, &format!("$ wf-fix --risk {}", risk.id))?;
        commit_one(&repo, risk, output)?;
    }

    heading(output, &format!("$ git log --stat --reverse -{}", risks.len()))?;
    output.result(log(&git, risks.len())?.as_bytes())?;

    heading(output, &format!("$ wf-fix --milestone {MILESTONE} (again)"))?;
    output.result(summary_of(&plan_all(&repo, &risks)?).as_bytes())?;
    let dir = shell_word(&dir.display().to_string());
    heading(
        output,
        &format!(
            "Look further:\n  git -C {dir} log -p\n  wf-fix -C {dir} --all --check\n  wf-fix rules\n  rm -r {dir}   when done"
        ),
    )?;
    Ok(Exit::Done)
}

/// A path as a shell takes it.
fn shell_word(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
    if path.chars().all(plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

fn heading(output: &Output, text: &str) -> Result<()> {
    let bold = if output.colours_result() { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    output.result(format!("\n{}{text}{}\n\n", bold.0, bold.1).as_bytes())
}

fn folder(dir: Option<&Path>) -> Result<PathBuf> {
    let Some(dir) = dir else {
        return Ok(tempfile::Builder::new().prefix("wf-fix-demo-").tempdir()?.keep());
    };
    if dir.exists() {
        bail!("{} exists already: name a folder that does not", dir.display());
    }
    fs::create_dir_all(dir).with_context(|| format!("{} cannot be made", dir.display()))?;
    Ok(dir.canonicalize()?)
}

/// A repository with one commit: the workflows as they are before.
fn make_repository(dir: &Path) -> Result<Repository> {
    let git = Repository::init(dir)?;
    // The user's own settings must not decide whether the demo works.
    let mut config = git.config()?;
    for (key, value) in [
        ("user.name", "wf-fix demo"),
        ("user.email", "demo@wf-fix.invalid"),
        ("commit.gpgsign", "false"),
        ("core.autocrlf", "false"),
        ("core.hooksPath", "no-hooks"),
    ] {
        config.set_str(key, value)?;
    }
    let workflows = dir.join(".github/workflows");
    fs::create_dir_all(&workflows)?;
    let mut index = git.index()?;
    for file in WORKFLOWS.files() {
        let name = Path::new(".github/workflows").join(file.path());
        fs::write(dir.join(&name), file.contents())?;
        index.add_path(&name)?;
    }
    index.write()?;
    let tree = git.find_tree(index.write_tree()?)?;
    let author = Signature::now("wf-fix demo", "demo@wf-fix.invalid")?;
    git.commit(Some("HEAD"), &author, &author, "Workflows with the risks of M03\n", &tree, &[])?;
    drop(tree);
    Ok(git)
}

fn plan_all<'r>(repo: &Repo, risks: &[&'r Risk]) -> Result<Vec<Planned<'r>>> {
    let mut snapshot = repo.read_revision("HEAD", &wanted(risks))?;
    snapshot.around = repo.read_revision("HEAD", &wanted_around(risks, &snapshot))?.files;
    let planned = plan(risks, &snapshot, DATE);
    match planned.iter().find_map(Planned::fault) {
        Some(fault) => Err(fault.clone().into()),
        None => Ok(planned),
    }
}

fn print_patch(planned: &[Planned<'_>], output: &Output) -> Result<()> {
    let git = Git { mode: &|_| "100644", blob: &blob_id };
    for file in planned.iter().flat_map(Planned::files) {
        let diff = FileDiff::of(&file.change).text(&file.change, &git);
        let diff = String::from_utf8_lossy(&diff);
        let text = if output.colours_result() { patch::coloured(&diff) } else { diff.into_owned() };
        output.result(text.as_bytes())?;
    }
    Ok(())
}

fn summary_of(planned: &[Planned<'_>]) -> String {
    summary::text(planned, &Diffs::of(planned), true)
}

fn commit_one(repo: &Repo, risk: &Risk, output: &Output) -> Result<()> {
    let planned = plan_all(repo, &[risk])?;
    let steps: Vec<_> = planned.iter().filter_map(message::step).collect();
    repo.commit_on_head(&steps, CommitOptions::default())?;
    output.result(summary_of(&planned).as_bytes())
}

/// What `git log --stat --reverse` shows of the newest commits.
fn log(git: &Repository, count: usize) -> Result<String> {
    let mut walk = git.revwalk()?;
    walk.push_head()?;
    let mut entries = Vec::new();
    for id in walk.take(count) {
        let commit = git.find_commit(id?)?;
        let before = commit.parent(0)?.tree()?;
        let diff = git.diff_tree_to_tree(Some(&before), Some(&commit.tree()?), None)?;
        let stats = diff.stats()?.to_buf(DiffStatsFormat::FULL, 100)?;
        let message =
            commit.message().unwrap_or_default().lines().map(|line| format!("    {line}")).collect::<Vec<_>>();
        let stats = String::from_utf8_lossy(&stats).into_owned();
        let message = message.join("\n");
        entries.push(format!("commit {}\n\n{}\n\n{stats}\n", commit.id(), message.trim_end()));
    }
    entries.reverse();
    Ok(entries.concat())
}
