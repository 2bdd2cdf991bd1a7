//! The index: its kinds, and the flags of its entries.

use std::fs;

use crate::situation::{Situation, row};
use crate::stage::{A, Stage, WORKFLOW};

pub const ROWS: &[Situation] = &[
    row("version 4", |stage| drop(stage.git("update-index --index-version 4"))),
    row("split", |stage| drop(stage.git("update-index --split-index")))
        .way_out("git update-index --no-split-index", ""),
    row("sparse", |stage| {
        folders(stage);
        stage.git("sparse-checkout set --cone --sparse-index .github");
    })
    .way_out("git sparse-checkout reapply --no-sparse-index", ""),
    row("a sparse checkout with the target in it", |stage| {
        folders(stage);
        stage.git("sparse-checkout set --cone .github");
    }),
    row("a sparse checkout without the target", |stage| {
        folders(stage);
        stage.git("sparse-checkout set --cone other");
    })
    .way_out("git sparse-checkout add", " .github"),
    row("with an untracked cache", |stage| {
        stage.git("update-index --force-untracked-cache");
        stage.git("status");
    }),
    row("without its checksum (`index.skipHash`, `feature.manyFiles`)", |stage| {
        stage.at_work();
        let place = stage.repo().join(".git/index");
        let mut bytes = fs::read(&place).unwrap();
        let end = bytes.len() - 20;
        bytes[end..].fill(0);
        fs::write(place, bytes).unwrap();
    })
    .quiet(),
    row("without an index file", |stage| fs::remove_file(stage.repo().join(".git/index")).unwrap())
        .way_out("git restore --staged -- .github/workflows/a.yml", "")
        .quiet(),
    row("a damaged index", |stage| fs::write(stage.repo().join(".git/index"), "DIRC garbage").unwrap())
        .quiet()
        .unjudged(),
    row("other files assume-unchanged and skip-worktree", |stage| {
        stage.write("README.md", "changed unseen\n");
        stage.git("update-index --assume-unchanged README.md");
        stage.git("update-index --skip-worktree dirty.txt");
        stage.write("untracked.txt", "untracked\n");
    })
    .quiet(),
    row("a submodule elsewhere, with changes in it and another commit", |stage| {
        stage.git("clone -q --template= . ../module");
        stage.git("-c protocol.file.allow=always submodule --quiet add ../module module");
        stage.git("commit -q -m module");
        stage.write("module/README.md", "changed\n");
        stage.git_in("repo/module", "-c user.name=A -c user.email=a@x commit -q --allow-empty -m more");
    }),
    row("another file with intent to add", |stage| {
        stage.write("planned.txt", "later\n");
        stage.git("add -N planned.txt");
    }),
    row("the target assume-unchanged", |stage| drop(stage.git(&format!("update-index --assume-unchanged {A}"))))
        .way_out("git update-index --no-assume-unchanged -- .github/workflows/a.yml", ""),
    row("the target skip-worktree", |stage| drop(stage.git(&format!("update-index --skip-worktree {A}"))))
        .way_out("git update-index --no-skip-worktree -- .github/workflows/a.yml", ""),
    row("the target with intent to add", |stage| {
        stage.git(&format!("rm -q --cached {A}"));
        stage.git("commit -q -m without");
        stage.git(&format!("add -N {A}"));
    })
    .way_out("git add -- .github/workflows/a.yml", " && git commit -q -m x -- .github/workflows/a.yml"),
    row("`core.fileMode=false`, the target executable on disk", |stage| {
        stage.git("config core.fileMode false");
        stage.run("chmod", &["755", stage.repo().join(A).to_str().unwrap()]);
    }),
    row("`core.checkStat=minimal` and `core.trustCtime=false`", |stage| {
        stage.git("config core.checkStat minimal");
        stage.git("config core.trustCtime false");
    }),
];

/// Folders to leave out of a checkout.
fn folders(stage: &Stage) {
    stage.write("other/deep/c.yml", WORKFLOW);
    stage.git("add .");
    stage.git("commit -q -m folders");
}
