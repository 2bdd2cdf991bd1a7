//! What HEAD is, and the branches around it; `--branch` builds on `fixes`.

use crate::situation::{Situation, row};
use crate::stage::Stage;

pub const ROWS: &[Situation] = &[
    row("detached", |stage| drop(stage.git("checkout -q --detach"))),
    row("unborn, the files staged", |stage| drop(stage.git("checkout -q --orphan fresh"))),
    row("a new repository, the files untracked", |stage| {
        std::fs::remove_dir_all(stage.repo().join(".git")).unwrap();
        stage.git("init -q --template= -b main");
    })
    .quiet(),
    row("a branch with a slash in its name, packed", |stage| {
        stage.git("checkout -q -b some/where");
        stage.git("pack-refs --all --prune");
    }),
    row("a tag with the name of the branch", |stage| drop(stage.git("tag main HEAD~1"))),
    row("a branch and a tag named `HEAD`", |stage| {
        stage.git("tag HEAD HEAD~1");
        stage.git("update-ref refs/heads/HEAD HEAD~1");
    }),
    row("a branch that is a symbolic reference", |stage| {
        stage.git("symbolic-ref refs/heads/alias refs/heads/main");
        stage.git("symbolic-ref HEAD refs/heads/alias");
    })
    .way_out("git symbolic-ref HEAD refs/heads/main", ""),
    row("HEAD on a reference outside of `refs/heads`", |stage| {
        stage.git("update-ref refs/elsewhere/x HEAD");
        stage.git("symbolic-ref HEAD refs/elsewhere/x");
    }),
    row("the branch checked out in another worktree, too", |stage| {
        stage.git("worktree add -q -f ../linked main");
    }),
    row("`fixes` exists", |stage| drop(stage.git("branch fixes"))),
    row("`fixes` is a symbolic reference", |stage| {
        stage.git("symbolic-ref refs/heads/fixes refs/heads/main");
    }),
    row("a tag named `fixes`", |stage| drop(stage.git("tag fixes HEAD~1"))),
    row("`fixes/x` exists", |stage| drop(stage.git("branch fixes/x"))),
    row("`fixes` checked out in another worktree", |stage| drop(stage.git("worktree add -q -b fixes ../linked"))),
    row("`fixes` checked out in a worktree that is gone", |stage| {
        stage.git("worktree add -q -b fixes ../linked");
        std::fs::remove_dir_all(stage.case().join("linked")).unwrap();
    })
    .way_out("git worktree prune", ""),
    row("`fixes` bisected in another worktree", |stage| {
        stage.git("worktree add -q -b fixes ../linked");
        for name in ["second", "third", "fourth"] {
            stage.git_in("linked", &format!("commit -q --allow-empty -m {name}"));
        }
        stage.git_in("linked", "bisect start HEAD HEAD~3");
    }),
    row("an upstream ahead, and a pushed branch", |stage| {
        stage.git("clone -q --bare . ../upstream.git");
        stage.git("remote add origin ../upstream.git");
        stage.git("fetch -q origin");
        stage.git("branch -q -u origin/main");
    }),
    row("`core.logAllRefUpdates=false`, no reflogs", |stage| {
        stage.git("config core.logAllRefUpdates false");
        std::fs::remove_dir_all(stage.repo().join(".git/logs")).unwrap();
    }),
    row("`core.logAllRefUpdates=always`", |stage| drop(stage.git("config core.logAllRefUpdates always"))),
    row("a merge commit at HEAD", |stage| {
        stage.git("branch side HEAD~1");
        stage.git("checkout -q side");
        stage.write("side.txt", "side\n");
        stage.git("add side.txt");
        stage.git("commit -q -m side");
        stage.git("merge -q --no-edit main");
    }),
    row("HEAD on a commit that is not there", broken).quiet().unjudged(),
];

fn broken(stage: &Stage) {
    stage.git("checkout -q --detach");
    stage.write(".git/HEAD", "1111111111111111111111111111111111111111\n");
}
