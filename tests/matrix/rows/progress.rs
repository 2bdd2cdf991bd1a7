//! Operations of git that are not finished: a commit would end up in the middle of them.

use crate::situation::{Situation, row};
use crate::stage::Stage;

pub const ROWS: &[Situation] = &[
    row("a merge with a conflict", |stage| stopped(stage, "merge side")).way_out("git merge --abort", "").quiet(),
    row("a merge without one, not committed", |stage| {
        diverged(stage, "other.txt");
        stage.git("merge --no-commit side");
    }),
    row("`git merge --squash`", |stage| {
        diverged(stage, "other.txt");
        stage.git("merge --squash side");
    }),
    row("a rebase", |stage| stopped(stage, "rebase --merge side")).way_out("git rebase --abort", ""),
    row("a rebase by patches", |stage| stopped(stage, "rebase --apply side")).way_out("git rebase --abort", ""),
    row("an interactive rebase that stands still", |stage| {
        stage.git_stops("-c sequence.editor=true rebase -q -i --exec false HEAD~1");
    }),
    row("a cherry-pick", |stage| stopped(stage, "cherry-pick side")).way_out("git cherry-pick --abort", "").quiet(),
    row("a cherry-pick between two commits", |stage| {
        diverged(stage, "README.md");
        stage.git("checkout -q side");
        stage.git("commit -q --allow-empty -m second");
        stage.git("checkout -q main");
        stage.git_stops("cherry-pick --allow-empty main..side");
        stage.git("commit -q -a -m resolved");
    })
    .way_out("git cherry-pick --abort", "")
    .quiet(),
    row("a cherry-pick without a commit (`-n`)", |stage| {
        diverged(stage, "other.txt");
        stage.git("cherry-pick -n side");
    }),
    row("a revert", |stage| stopped(stage, "revert --no-edit side")).way_out("git revert --abort", "").quiet(),
    row("a bisect", |stage| {
        for name in ["second", "third", "fourth"] {
            stage.git(&format!("commit -q --allow-empty -m {name}"));
        }
        stage.git("bisect start HEAD HEAD~3");
    })
    .way_out("git bisect reset", ""),
    row("an am session", |stage| {
        diverged(stage, "README.md");
        stage.git("format-patch -q -1 side -o ..");
        stage.git_stops("am ../0001-side.patch");
    })
    .way_out("git am --abort", "")
    .quiet(),
    row("a conflict of `git stash pop`", |stage| {
        stage.write("README.md", "stashed\n");
        stage.git("stash -q");
        stage.write("README.md", "other\n");
        stage.git("commit -q -a -m other");
        stage.git_stops("stash pop");
    })
    .way_out("git add", " README.md")
    .quiet(),
    row("a merge in another worktree", |stage| {
        stopped(stage, "merge side");
        stage.git("worktree add -q -b third ../linked");
    })
    .at("linked"),
    row("notes being merged", |stage| {
        stage.git("notes add -m one HEAD");
        stage.git("notes --ref=other add -m two HEAD");
        stage.git_stops("notes merge other");
    }),
];

/// `main` and `side` with a commit each; both change README.md, or `side` another file.
fn diverged(stage: &Stage, path: &str) {
    stage.git("checkout -q -b side");
    stage.write(path, "side\n");
    stage.git("add .");
    stage.git("commit -q -m side");
    stage.git("checkout -q main");
    stage.write("README.md", "main\n");
    stage.git("commit -q -a -m main");
}

/// The operation meets a conflict.
fn stopped(stage: &Stage, operation: &str) {
    diverged(stage, "README.md");
    stage.git_stops(operation);
}
