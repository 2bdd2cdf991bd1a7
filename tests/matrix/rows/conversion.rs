//! Line ends and what else stands between a blob and a file: git must find the file clean that wf-fix wrote.

use std::fs;

use crate::situation::{Situation, row};
use crate::stage::{A, Stage, WORKFLOW};

pub const ROWS: &[Situation] = &[
    row("`core.autocrlf=true`", |stage| checked_out(stage, &["core.autocrlf true"], "", true)),
    row("`core.autocrlf=input`", |stage| checked_out(stage, &["core.autocrlf input"], "", false)),
    row("`core.autocrlf=true`, `core.safecrlf=true`", |stage| {
        stage.at_work();
        stage.git("stash -q");
        checked_out(stage, &["core.autocrlf true", "core.safecrlf true"], "", true);
    })
    .quiet(),
    row("`text eol=crlf`", |stage| checked_out(stage, &[], "*.yml text eol=crlf\n", true)),
    row("`text=auto`, `core.eol=crlf`", |stage| checked_out(stage, &["core.eol crlf"], "* text=auto\n", true)),
    row("`core.eol=crlf` alone", |stage| checked_out(stage, &["core.eol crlf"], "", false)),
    row("`eol=lf`, `core.autocrlf=true`", |stage| checked_out(stage, &["core.autocrlf true"], "*.yml eol=lf\n", false)),
    row("`-text`, `core.autocrlf=true`", |stage| checked_out(stage, &["core.autocrlf true"], "*.yml -text\n", false)),
    row("`binary`, `core.autocrlf=true`", |stage| checked_out(stage, &["core.autocrlf true"], "*.yml binary\n", false)),
    row("the old attribute `crlf`", |stage| checked_out(stage, &["core.eol crlf"], "*.yml crlf\n", true)),
    row("attributes by a macro", |stage| checked_out(stage, &[], "[attr]flow text eol=crlf\n*.yml flow\n", true)),
    row("attributes of `core.attributesFile`", |stage| {
        stage.write("../home/attributes", "*.yml text eol=crlf\n");
        checked_out(stage, &["--global core.attributesFile ~/attributes"], "", true);
    }),
    row("attributes of `.git/info/attributes`", |stage| {
        stage.write(".git/info/attributes", "*.yml text eol=crlf\n");
        checked_out(stage, &[], "", true);
    }),
    row("CRLF in the blob", |stage| crlf_in_blob(stage, "false")),
    row("CRLF in the blob, `core.autocrlf=true`", |stage| crlf_in_blob(stage, "true")),
    row("CRLF in the blob, `core.autocrlf=input`", |stage| crlf_in_blob(stage, "input")),
    row("mixed line ends", |stage| mixed(stage, "false")),
    row("mixed line ends, `core.autocrlf=true`", |stage| mixed(stage, "true")),
    row("CRLF in the blob, `text=auto`", |stage| {
        crlf_in_blob(stage, "false");
        stage.write(".git/info/attributes", "*.yml text=auto\n");
    }),
    row("CRLF in the blob that a commit would normalise (`text`)", |stage| {
        crlf_in_blob(stage, "false");
        stage.write(".git/info/attributes", "*.yml text\n");
    })
    .way_out("git add --renormalize -- .github/workflows/a.yml", " && git commit -q -m x -- .github/workflows/a.yml")
    .quiet(),
    row("LF on disk where a checkout gives CRLF", |stage| {
        stage.git("config core.autocrlf true");
        stage.git("add --renormalize .");
    }),
    row("a filter driver", |stage| {
        for way in ["clean", "smudge"] {
            stage.git(&format!("config filter.x.{way} cat"));
        }
        attributes(stage, "*.yml filter=x\n");
    }),
    row("a filter attribute without a driver", |stage| attributes(stage, "*.yml filter=x\n")),
    row("a filter driver for other files only", |stage| {
        let evil = stage.evil("driver", "cat");
        stage.git(&format!("config filter.x.clean {evil}"));
        attributes(stage, "*.txt filter=x\n");
        stage.at_work();
        stage.git_runs_it("hash-object README.md");
    })
    .quiet(),
    row("`ident`", |stage| attributes(stage, "*.yml ident\n")),
    row("`working-tree-encoding`", |stage| {
        attributes(stage, "*.yml working-tree-encoding=UTF-16LE\n");
        fs::remove_file(stage.repo().join(A)).unwrap();
        stage.git(&format!("checkout -q -- {A}"));
    }),
    row("`working-tree-encoding=UTF-8`", |stage| attributes(stage, "*.yml working-tree-encoding=UTF-8\n")),
    row("`whitespace`, `diff`, `merge` and `export-subst`", |stage| {
        attributes(stage, "*.yml whitespace=trailing-space diff=x merge=ours export-subst\n");
    }),
];

fn attributes(stage: &Stage, text: &str) {
    stage.write(".gitattributes", text);
    stage.git("add .gitattributes");
    stage.git("commit -q -m attributes");
}

/// Configured, and checked out anew: with CRLF, or not.
fn checked_out(stage: &Stage, config: &[&str], text: &str, crlf: bool) {
    if !text.is_empty() {
        attributes(stage, text);
    }
    for pair in config {
        stage.git(&format!("config {pair}"));
    }
    fs::remove_file(stage.repo().join(A)).unwrap();
    stage.git("checkout -q -f HEAD");
    let file = fs::read_to_string(stage.repo().join(A)).unwrap();
    assert_eq!(file, if crlf { WORKFLOW.replace('\n', "\r\n") } else { WORKFLOW.to_owned() });
}

fn mixed(stage: &Stage, autocrlf: &str) {
    stage.write(A, &WORKFLOW.replacen('\n', "\r\n", 3));
    stage.git("-c core.autocrlf=false commit -q -a -m mixed");
    stage.git(&format!("config core.autocrlf {autocrlf}"));
}

fn crlf_in_blob(stage: &Stage, autocrlf: &str) {
    stage.write(A, &WORKFLOW.replace('\n', "\r\n"));
    stage.git("-c core.autocrlf=false commit -q -a -m crlf");
    stage.git(&format!("config core.autocrlf {autocrlf}"));
}
