//! Programs that the repository's own configuration names. Git runs each at some command; wf-fix never does, and the
//! sign that they would leave is looked for after every run, in all rows.

use crate::situation::{Situation, row};
use crate::stage::{A, Stage};

pub const ROWS: &[Situation] = &[
    row("`core.fsmonitor`", |stage| evil(stage, "core.fsmonitor", "status")),
    row("`core.fsmonitor`, its answers in the index", |stage| {
        evil(stage, "core.fsmonitor", "status");
        stage.git("-c core.fsmonitor=true update-index --fsmonitor-valid README.md");
    }),
    row("`filter.x.clean` for the target", |stage| {
        evil(stage, "filter.x.clean", "version");
        stage.write(".git/info/attributes", "*.yml filter=x\n");
        stage.run("touch", &[&format!("repo/{A}")]);
        stage.git_runs_it(&format!("hash-object {A}"));
    })
    .quiet(),
    row("`filter.x.process` for the target", |stage| {
        evil(stage, "filter.x.process", "version");
        stage.write(".git/info/attributes", "*.yml filter=x\n");
        stage.git_runs_it(&format!("hash-object {A}"));
    })
    .quiet()
    .unjudged(),
    row("`diff.x.textconv` and `diff.external`", |stage| {
        evil(stage, "diff.x.textconv", "version");
        stage.write(".git/info/attributes", "*.yml diff=x\n");
        stage.git_runs_it("log -p -1");
        evil(stage, "diff.external", "diff HEAD~1");
    }),
    row("`merge.x.driver`", |stage| {
        evil(stage, "merge.x.driver", "version");
        stage.write(".git/info/attributes", "*.yml merge=x\n");
    }),
    row("an alias", |stage| {
        let program = stage.evil("evil", "");
        stage.git(&format!("config alias.x !{program}"));
        stage.git_runs_it("x");
    }),
    row("`credential.helper`, `core.askPass` and `core.sshCommand`", |stage| {
        evil(stage, "core.sshCommand", "ls-remote ssh://nowhere.invalid/x");
        evil(stage, "core.askPass", "version");
        let program = stage.evil("evil", "");
        stage.git(&format!("config credential.helper {program}"));
    }),
    row("`core.pager` and `core.editor`", |stage| {
        evil(stage, "core.editor", "commit --amend");
        evil(stage, "core.pager", "version");
    }),
    row("`gpg.program`", |stage| {
        evil(stage, "gpg.program", "commit -q --allow-empty -S -m tried");
        stage.git("config commit.gpgSign true");
    }),
    row("`gpg.openpgp.program`", |stage| {
        evil(stage, "gpg.openpgp.program", "commit -q --allow-empty -S -m tried");
        stage.git("config commit.gpgSign true");
    }),
    row("`gpg.ssh.program`", |stage| {
        stage.git("config gpg.format ssh");
        stage.git("config user.signingKey ../key");
        evil(stage, "gpg.ssh.program", "commit -q --allow-empty -S -m tried");
        stage.git("config commit.gpgSign true");
    }),
    row("`gpg.ssh.defaultKeyCommand`", |stage| {
        stage.git("config gpg.format ssh");
        evil(stage, "gpg.ssh.defaultKeyCommand", "commit -q --allow-empty -S -m tried");
        stage.git("config commit.gpgSign true");
    }),
    row("a signing program in the worktree's configuration", |stage| {
        stage.git("config extensions.worktreeConfig true");
        let program = stage.evil("evil", "");
        stage.git(&format!("config --worktree gpg.program {program}"));
        stage.git("config commit.gpgSign true");
    }),
    row("a signing program in a file that the repository's configuration includes", |stage| {
        let program = stage.evil("evil", "");
        stage.write("../included", &format!("[gpg]\n\tprogram = {program}\n"));
        stage.git(&format!("config include.path {}/included", stage.case().display()));
        stage.git("config commit.gpgSign true");
    }),
    row("`gpg.program` that nobody asks for", |stage| {
        evil(stage, "gpg.program", "commit -q --allow-empty -S -m tried");
    }),
    row("`trailer.x.command`", |stage| {
        evil(stage, "trailer.x.command", "interpret-trailers --trailer x=y README.md");
    }),
    row("`remote.origin.uploadpack` of a partial clone", |stage| {
        stage.git("config uploadpack.allowFilter true");
        stage.git(&format!("clone -q --template= --filter=blob:none file://{} ../clone", stage.repo().display()));
        for pair in ["user.name Ada", "user.email ada@example.com"] {
            stage.git_in("clone", &format!("config {pair}"));
        }
        let program = stage.evil("evil", "");
        stage.git_in("clone", &format!("config remote.origin.uploadpack {program}"));
        stage.git_runs_it("show HEAD~1:.github/workflows/b.yml");
    })
    .at("clone"),
];

/// Names the program under `key`; git runs it at this command (`version` stands for none here).
fn evil(stage: &Stage, key: &str, runs: &str) {
    let program = stage.evil("evil", "");
    stage.git(&format!("config {key} {program}"));
    if runs != "version" {
        stage.git_runs_it(runs);
    }
}
