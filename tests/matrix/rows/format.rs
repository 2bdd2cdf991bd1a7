//! How the repository is stored: formats, clones, packs, and what stands in for history.

use std::fs;

use crate::situation::{Situation, row};
use crate::stage::{A, Stage};

pub const ROWS: &[Situation] = &[
    row("SHA-256", |stage| {
        fs::rename(stage.repo(), stage.case().join("sha1")).unwrap();
        fs::create_dir(stage.repo()).unwrap();
        stage.git("init -q --template= -b main --object-format=sha256");
        stage.run("cp", &["-r", "sha1/.github", "sha1/README.md", "sha1/staged.txt", "sha1/dirty.txt", "repo"]);
        for pair in ["user.name Ada", "user.email ada@example.com"] {
            stage.git(&format!("config {pair}"));
        }
        stage.git("add .");
        stage.git("commit -q -m before");
    }),
    row("reftable", |stage| {
        // What git makes of it from version 2.46 on; before, what it would be taken for.
        let migrated = stage.command("git").args(["refs", "migrate", "--ref-format=reftable"]).output().unwrap();
        if !migrated.status.success() {
            stage.git("config core.repositoryFormatVersion 1");
            stage.git("config extensions.refStorage reftable");
        }
    })
    .quiet()
    .unjudged(),
    row("`extensions.preciousObjects`", |stage| {
        stage.git("config core.repositoryFormatVersion 1");
        stage.git("config extensions.preciousObjects true");
    }),
    row("`core.sharedRepository=group`", |stage| {
        stage.git("config core.sharedRepository group");
        stage.git("init -q --template=");
    }),
    row("an extension that nobody knows", |stage| {
        stage.git("config core.repositoryFormatVersion 1");
        stage.git("config extensions.fromTheFuture true");
    })
    .quiet()
    .unjudged(),
    row("`extensions.worktreeConfig`, the identity in the worktree's configuration", |stage| {
        stage.git("config extensions.worktreeConfig true");
        stage.git("worktree add -q -b side ../linked");
        stage.git("config --unset user.name");
        stage.git_in("linked", "config --worktree user.name Grace");
    })
    .at("linked"),
    row("a shallow clone", |stage| clone(stage, "--depth=2")).at("clone"),
    row("a shallow clone without the range", |stage| clone(stage, "--depth=1"))
        .way_out("git fetch --unshallow", "")
        .at("clone"),
    row("a partial clone (`--filter=blob:none`)", |stage| clone(stage, "--filter=blob:none"))
        .way_out("git fetch --refetch --no-filter", "")
        .at("clone"),
    row("a partial clone that has no blobs at all", |stage| clone(stage, "--filter=blob:none --no-checkout"))
        .way_out("git fetch --refetch --no-filter", " && git reset -q --hard")
        .at("clone")
        .quiet(),
    row("a partial clone with `extensions.partialClone`", |stage| {
        clone(stage, "--filter=blob:none");
        stage.git_in("clone", "config core.repositoryFormatVersion 1");
        stage.git_in("clone", "config extensions.partialClone origin");
    })
    .way_out("git config --unset extensions.partialclone", "")
    .at("clone"),
    row("objects borrowed from another repository (`--shared`)", |stage| clone(stage, "--shared")).at("clone"),
    row("objects and references packed, a commit graph, a multi-pack index, bitmaps", |stage| {
        stage.git("config repack.writeBitmaps true");
        stage.git("repack -q -a -d");
        stage.git("pack-refs --all");
        stage.git("commit-graph write --reachable");
        stage.git("multi-pack-index write");
    }),
    row("HEAD replaced (`git replace --graft`)", |stage| {
        let lone = stage.git("commit-tree -m lone HEAD^{tree}");
        stage.git(&format!("replace --graft HEAD {}", lone.trim()));
    }),
    row("the target's blob replaced (`git replace`)", |stage| {
        stage.write("../other", &crate::stage::WORKFLOW.replace("make test", "make check"));
        let other = stage.git("hash-object -w ../other");
        stage.git(&format!("replace HEAD:{A} {}", other.trim()));
        stage.git("checkout -q -f HEAD");
    }),
    row("the target's blob replaced, checked out before that", |stage| {
        stage.write("../other", &crate::stage::WORKFLOW.replace("make test", "make check"));
        let other = stage.git("hash-object -w ../other");
        stage.git(&format!("replace HEAD:{A} {}", other.trim()));
    }),
    row("a grafts file (`info/grafts`)", |stage| {
        let head = stage.git("rev-parse HEAD");
        stage.write(".git/info/grafts", &head);
    }),
];

fn clone(stage: &Stage, how: &str) {
    stage.git("config uploadpack.allowFilter true");
    let from = format!("file://{}", stage.repo().display());
    stage.git(&format!("clone -q --template= {how} {from} ../clone"));
    for pair in ["user.name Ada", "user.email ada@example.com"] {
        stage.git_in("clone", &format!("config {pair}"));
    }
}
