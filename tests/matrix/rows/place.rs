//! Where the repository is, and from where it is looked at.

use std::fs;
use std::os::unix::fs::symlink;

use crate::situation::{Situation, row};
use crate::stage::Stage;

pub const ROWS: &[Situation] = &[
    row("a plain repository", |_| {}),
    row("seen from a subfolder", |_| {}).at("repo/.github").root(Some("repo")),
    row("seen through a symbolic link", |stage| symlink("repo", stage.case().join("link")).unwrap())
        .at("link")
        .root(Some("repo")),
    row("a path with blanks, quotes and letters beyond ASCII", |stage| {
        fs::rename(stage.repo(), stage.case().join("it's a \"r\u{e9}po\"")).unwrap();
    })
    .at("it's a \"r\u{e9}po\""),
    row("a linked worktree", |stage| drop(stage.git("worktree add -q -b side ../linked"))).at("linked"),
    row("a linked worktree of a bare repository", |stage| {
        bare(stage);
        stage.git_in("bare.git", "worktree add -q -b side ../linked");
    })
    .at("linked"),
    row("a bare repository", bare).at("bare.git").root(None).quiet(),
    row("a bare repository, `safe.bareRepository=explicit`", |stage| {
        bare(stage);
        // The repository's own word does not count.
        stage.git_in("bare.git", "config safe.bareRepository all");
        stage.git("config --global safe.bareRepository explicit");
    })
    .at("bare.git")
    .root(None)
    .quiet()
    .unjudged(),
    row("a separate git folder", |stage| drop(stage.git("init -q --separate-git-dir ../elsewhere.git"))),
    row("`core.worktree` names the worktree", |stage| {
        fs::rename(stage.repo().join(".git"), stage.case().join("apart.git")).unwrap();
        stage.git_in("apart.git", "config core.worktree ../repo");
    })
    .at("apart.git")
    .root(Some("repo")),
    row("a submodule", |stage| {
        module(stage);
        for pair in ["user.name Ada", "user.email ada@example.com"] {
            stage.git_in("outer/module", &format!("config {pair}"));
        }
    })
    .at("outer/module"),
    row("a workflow in a submodule", module).at("outer").target("T-3", "module/.github/workflows/a.yml").quiet(),
    row("a repository within a repository, not a submodule", |stage| {
        fs::rename(stage.repo(), stage.case().join("inner")).unwrap();
        fs::create_dir(stage.repo()).unwrap();
        stage.git("init -q --template=");
        fs::rename(stage.case().join("inner"), stage.repo().join("inner")).unwrap();
    })
    .at("repo/inner"),
    row("not a repository", |stage| fs::remove_dir_all(stage.repo().join(".git")).unwrap()).quiet().unjudged(),
    row("another owner (`safe.directory`)", foreign)
        .way_out("git config --global --add safe.directory '{case}/repo'", "")
        .root_only()
        .quiet()
        .unjudged(),
    row("another owner, in `safe.directory`", |stage| {
        foreign(stage);
        stage.git(&format!("config --global safe.directory {}", stage.repo().display()));
    })
    .root_only()
    .quiet(),
    row("another owner, `safe.directory` given by the repository itself", |stage| {
        stage.git("config safe.directory *");
        foreign(stage);
    })
    .root_only()
    .quiet()
    .unjudged(),
];

fn bare(stage: &Stage) {
    stage.git("clone -q --bare . ../bare.git");
    for pair in ["user.name Ada", "user.email ada@example.com"] {
        stage.git_in("bare.git", &format!("config {pair}"));
    }
}

/// `outer`, with the base as its submodule.
fn module(stage: &Stage) {
    fs::create_dir(stage.case().join("outer")).unwrap();
    stage.git_in("outer", "init -q --template= -b main");
    for pair in ["user.name Ada", "user.email ada@example.com"] {
        stage.git_in("outer", &format!("config {pair}"));
    }
    stage.git_in("outer", "-c protocol.file.allow=always submodule --quiet add ../repo module");
    stage.git_in("outer", "commit -q -m outer");
}

/// The worktree and its git folder belong to nobody, and root looks at them.
fn foreign(stage: &Stage) {
    stage.at_work();
    stage.run("chown", &["-R", "65534:65534", stage.repo().to_str().unwrap()]);
}
