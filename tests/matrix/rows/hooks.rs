//! Hooks: none runs; those that would have a say in the commit are refused.

use crate::situation::{Situation, row};
use crate::stage::Stage;

pub const ROWS: &[Situation] = &[
    row("pre-commit", |stage| hook(stage, ".git/hooks/pre-commit")),
    row("pre-commit, `--no-verify`", |stage| hook(stage, ".git/hooks/pre-commit")).options(&["--no-verify"]),
    row("prepare-commit-msg", |stage| hook(stage, ".git/hooks/prepare-commit-msg")),
    row("prepare-commit-msg, `--no-verify`", |stage| hook(stage, ".git/hooks/prepare-commit-msg"))
        .options(&["--no-verify"]),
    row("commit-msg", |stage| hook(stage, ".git/hooks/commit-msg")),
    row("commit-msg, `--no-verify`", |stage| hook(stage, ".git/hooks/commit-msg")).options(&["--no-verify"]),
    row("post-commit", |stage| hook(stage, ".git/hooks/post-commit")),
    row("post-index-change", |stage| hook(stage, ".git/hooks/post-index-change")),
    row("reference-transaction", |stage| hook(stage, ".git/hooks/reference-transaction")),
    row("others (pre-merge-commit, post-checkout, pre-push, pre-rebase, post-rewrite, pre-auto-gc)", |stage| {
        for name in ["pre-merge-commit", "post-checkout", "pre-push", "pre-rebase", "post-rewrite", "pre-auto-gc"] {
            stage.evil(&format!("repo/.git/hooks/{name}"), "");
        }
    }),
    row("pre-commit, prepare-commit-msg and commit-msg that are not executable", |stage| {
        for name in ["pre-commit", "prepare-commit-msg", "commit-msg"] {
            stage.write(&format!(".git/hooks/{name}"), "#!/bin/sh\nexit 1\n");
        }
    }),
    row("pre-commit in `core.hooksPath`", |stage| {
        stage.git("config core.hooksPath ../hooks");
        hook(stage, "../hooks/pre-commit");
    }),
    row("pre-commit in a `core.hooksPath` of the user", |stage| {
        stage.git("config --global core.hooksPath ~/hooks");
        hook(stage, "../home/hooks/pre-commit");
    }),
    row("pre-commit, but `core.hooksPath` is elsewhere", |stage| {
        stage.evil("repo/.git/hooks/pre-commit", "");
        stage.git("config core.hooksPath ../hooks");
    }),
    row("pre-commit, `core.hooksPath` empty", |stage| {
        stage.evil("repo/.git/hooks/pre-commit", "");
        stage.run("git", &["-C", "repo", "config", "core.hooksPath", ""]);
    }),
    row("pre-commit of a linked worktree", |stage| {
        stage.git("worktree add -q -b side ../linked");
        hook(stage, ".git/hooks/pre-commit");
    })
    .at("linked"),
];

/// A hook that leaves a sign; git itself runs it when it commits.
fn hook(stage: &Stage, path: &str) {
    stage.evil(&format!("repo/{path}"), "");
    let id = stage.judge(&["rev-parse", "HEAD"]);
    stage.git_runs_it("commit -q --allow-empty -m tried");
    stage.judge(&["reset", "-q", "--soft", id.trim()]);
}
