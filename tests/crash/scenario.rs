//! The kinds of delivery, each with a repository in which somebody is at work.

use std::fs;

use crate::stage::Stage;

pub const WORKFLOW: &str = ".github/workflows/target_determination.yml";
pub const OTHER: &str = ".github/workflows/scorecards.yml";

/// One kind of delivery.
pub struct Scenario {
    pub name: &'static str,
    /// What is delivered.
    pub args: &'static [&'static str],
    /// Where, in the folder of the case.
    pub at: &'static str,
    /// Whether it is a git repository.
    pub git: bool,
    pub build: fn(&Stage),
    /// Fail these system calls always, as a file system does that does not know them.
    pub without: &'static str,
}

const PLAIN: Scenario = Scenario { name: "", args: &[], at: "repo", git: true, build: repository, without: "" };
const TWO: &[&str] = &["--risk", "M03-R01", "--risk", "M03-R03"];
const REMOVAL: &[&str] = &["--rules", "../rules", "--risk", "M03-R05", "--risk", "X-1"];

pub static COMMIT: Scenario = Scenario { name: "commit", args: TWO, ..PLAIN };
pub static COMMIT_REMOVAL: Scenario = Scenario { name: "commit with a removal", args: REMOVAL, ..PLAIN };
pub static COMMIT_DETACHED: Scenario =
    Scenario { name: "commit in a linked worktree, detached", args: TWO, at: "linked", build: linked, ..PLAIN };
pub static COMMIT_WITHOUT_EXCHANGE: Scenario =
    Scenario { name: "commit without exchange", args: REMOVAL, without: "?renameat2:error=EINVAL", ..PLAIN };
pub static COMMIT_WITHOUT_REFLOG: Scenario =
    Scenario { name: "first commit with a reflog", args: &["--risk", "M03-R05"], build: no_reflogs, ..PLAIN };
pub static NO_COMMIT: Scenario = Scenario {
    name: "--no-commit",
    args: &["--rules", "../rules", "--risk", "M03-R05", "--risk", "X-1", "--no-commit"],
    build: dirty_target,
    ..PLAIN
};
pub static NO_COMMIT_FOLDER: Scenario = Scenario {
    name: "--no-commit in a plain folder",
    args: &["--risk", "M03-R01", "--risk", "M03-R05", "--no-commit"],
    git: false,
    build: folder,
    ..PLAIN
};
pub static NEW_BRANCH: Scenario = Scenario {
    name: "--branch, new",
    args: &["--risk", "M03-R01", "--risk", "M03-R05", "--branch", "fixes/ci/new"],
    ..PLAIN
};
pub static OLD_BRANCH: Scenario =
    Scenario { name: "--branch, existing", args: &["--risk", "M03-R04", "--branch", "side"], ..PLAIN };
/// For `git rebase`, which wants a clean worktree.
pub static CLEAN: Scenario = Scenario { name: "commit, clean", args: TWO, build: clean, ..PLAIN };

impl Scenario {
    /// Whether commits are made.
    pub fn commits(&self) -> bool {
        !self.args.contains(&"--no-commit")
    }

    /// The trailer of the first commit.
    pub fn trailer(&self) -> String {
        let at = self.args.iter().position(|arg| *arg == "--risk").unwrap();
        format!("Risk-ID: {}", self.args[at + 1])
    }
}

/// The demo's workflows, and work under way beside them: staged, dirty, both, untracked.
fn repository(stage: &Stage) {
    clean(stage);
    stage.write("README.md", "staged\n");
    stage.write("staged.txt", "staged\n");
    stage.git(&["add", "README.md", "staged.txt"]);
    stage.write("README.md", "dirty on top\n");
    stage.write("dirty.txt", "dirty\n");
    stage.write("untracked.txt", "untracked\n");
}

fn clean(stage: &Stage) {
    folder(stage);
    stage.git(&["init", "-q", "-b", "main"]);
    stage.git(&["config", "gc.auto", "0"]);
    stage.git(&["add", "."]);
    stage.git(&["commit", "-q", "-m", "before"]);
    stage.git(&["branch", "side"]);
    let made = stage.git(&["commit-tree", "-p", "HEAD", "-m", "upstream", "HEAD^{tree}"]);
    stage.git(&["branch", "upstream", made.trim()]);
    rule(stage);
}

fn folder(stage: &Stage) {
    fs::create_dir(stage.root()).unwrap();
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/demo/workflows")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        stage.write(&format!(".github/workflows/{name}"), &fs::read_to_string(&path).unwrap());
    }
    stage.write("ci/only/old.yml", "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make\n");
    for name in ["README.md", "dirty.txt"] {
        stage.write(name, "as committed\n");
    }
}

/// A rule of our own that removes the last workflow of a folder.
fn rule(stage: &Stage) {
    let text = "id: X-1\ntitle: An old workflow\nseverity: low\ncategory: soft-fail\nmilestone: X\n\
                disposition: fix\nworkflow: ci/only/old.yml\nrationale: |\n  Nobody needs it.\n\
                rewrites:\n  - remove-workflow: {}\n";
    stage.write("../rules/X-1.yml", text);
}

fn dirty_target(stage: &Stage) {
    repository(stage);
    let path = stage.root().join(OTHER);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, format!("# not committed yet\n{text}")).unwrap();
}

fn no_reflogs(stage: &Stage) {
    repository(stage);
    fs::remove_dir_all(stage.root().join(".git/logs")).unwrap();
}

/// The worktree stands beside its repository; wf-fix runs in it.
fn linked(stage: &Stage) {
    let main = stage.case().join("main");
    repository(stage);
    fs::rename(stage.root(), &main).unwrap();
    let made = stage_in(stage, &main, &["worktree", "add", "-q", "--detach", stage.root().to_str().unwrap()]);
    assert!(made);
    stage.write("README.md", "dirty\n");
}

fn stage_in(stage: &Stage, folder: &std::path::Path, args: &[&str]) -> bool {
    stage.command("git").current_dir(folder).args(args).status().unwrap().success()
}
