//! The target itself: what stands at its name, and what git knows of it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::situation::{Situation, row};
use crate::stage::{A, Stage, WORKFLOW};

pub const ROWS: &[Situation] = &[
    row("dirty", |stage| stage.write(A, &format!("{WORKFLOW}# more\n")))
        .way_out("git restore -- .github/workflows/a.yml", ""),
    row("staged", |stage| {
        stage.write(A, &format!("{WORKFLOW}# more\n"));
        stage.git("add .");
    })
    .way_out("git restore --staged -- .github/workflows/a.yml", " && git restore -- .github/workflows/a.yml"),
    row("staged, and put back on disk", |stage| {
        stage.write(A, &format!("{WORKFLOW}# more\n"));
        stage.git("add .");
        stage.write(A, WORKFLOW);
    })
    .way_out("git restore --staged -- .github/workflows/a.yml", ""),
    row("its deletion staged", |stage| drop(stage.git(&format!("rm -q --cached {A}"))))
        .way_out("git restore --staged -- .github/workflows/a.yml", ""),
    row("its deletion staged, and with intent to add", |stage| {
        stage.git(&format!("rm -q --cached {A}"));
        stage.git(&format!("add -N {A}"));
    }),
    row("deleted on disk", |stage| fs::remove_file(stage.repo().join(A)).unwrap())
        .way_out("git restore -- .github/workflows/a.yml", ""),
    row("untracked", |stage| {
        stage.git(&format!("rm -q --cached {A}"));
        stage.git("commit -q -m without");
    })
    .way_out("git add -- .github/workflows/a.yml", " && git commit -q -m x -- .github/workflows/a.yml"),
    row("ignored", |stage| {
        stage.git(&format!("rm -q --cached {A}"));
        stage.write(".gitignore", A);
        stage.git("add .gitignore");
        stage.git("commit -q -m without");
    })
    .way_out("git add -f -- .github/workflows/a.yml", " && git commit -q -m x -- .github/workflows/a.yml"),
    row("tracked although ignored", |stage| {
        stage.write(".gitignore", A);
        stage.git("add .gitignore");
        stage.git("commit -q -m ignored");
    }),
    row("new and staged", |stage| {
        stage.git(&format!("rm -q --cached {A}"));
        stage.git("commit -q -m without");
        stage.git(&format!("add {A}"));
    }),
    row("unmerged", |stage| {
        stage.write(A, &WORKFLOW.replace("make test", "make check"));
        stage.git("stash -q");
        stage.write(A, &WORKFLOW.replace("make test", "make all"));
        stage.git("commit -q -a -m other");
        stage.git_stops("stash pop");
    }),
    row("another file unmerged", |stage| {
        stage.write("README.md", "stashed\n");
        stage.git("stash -q");
        stage.write("README.md", "other\n");
        stage.git("commit -q -a -m other");
        stage.git_stops("stash pop");
    })
    .way_out("git add", " README.md")
    .quiet(),
    row("executable", |stage| {
        fs::set_permissions(stage.repo().join(A), fs::Permissions::from_mode(0o755)).unwrap();
        stage.git("commit -q -a -m executable");
    }),
    row("with an unusual mode on disk", |stage| {
        fs::set_permissions(stage.repo().join(A), fs::Permissions::from_mode(0o640)).unwrap();
    }),
    row("with a changed mode", |stage| {
        fs::set_permissions(stage.repo().join(A), fs::Permissions::from_mode(0o755)).unwrap();
    })
    .way_out("git restore -- .github/workflows/a.yml", ""),
    row("a tracked symbolic link", |stage| {
        fs::rename(stage.repo().join(A), stage.repo().join("real.yml")).unwrap();
        symlink("../../real.yml", stage.repo().join(A)).unwrap();
        stage.git("add .");
        stage.git("commit -q -m link");
    }),
    row("replaced by a symbolic link on disk", |stage| {
        fs::rename(stage.repo().join(A), stage.case().join("a.yml")).unwrap();
        symlink(stage.case().join("a.yml"), stage.repo().join(A)).unwrap();
    })
    .way_out("git restore -- .github/workflows/a.yml", ""),
    row("replaced by a folder on disk", |stage| {
        fs::remove_file(stage.repo().join(A)).unwrap();
        fs::create_dir(stage.repo().join(A)).unwrap();
    }),
    row("replaced by a FIFO on disk", |stage| {
        fs::remove_file(stage.repo().join(A)).unwrap();
        stage.run("mkfifo", &[&format!("repo/{A}")]);
    }),
    row("its folder a symbolic link on disk", |stage| {
        fs::rename(stage.repo().join(".github"), stage.case().join("outside")).unwrap();
        symlink("../outside", stage.repo().join(".github")).unwrap();
    }),
    row("its folder a tracked symbolic link", |stage| {
        fs::rename(stage.repo().join(".github/workflows"), stage.repo().join("flows")).unwrap();
        symlink("../flows", stage.repo().join(".github/workflows")).unwrap();
        stage.git("add .");
        stage.git("commit -q -m link");
    }),
    row("hard-linked", |stage| fs::hard_link(stage.repo().join(A), stage.case().join("twin")).unwrap())
        .way_out("cp .github/workflows/a.yml x && mv x .github/workflows/a.yml", ""),
    row("`core.ignoreCase=true`", |stage| drop(stage.git("config core.ignoreCase true"))),
    row("a second name that differs in case", twin),
    row("a second name that differs in case, `core.ignoreCase=true`", |stage| {
        twin(stage);
        stage.git("config core.ignoreCase true");
    }),
    row("on disk with another case, `core.ignoreCase=true`", |stage| {
        fs::rename(stage.repo().join(A), stage.repo().join(".github/workflows/A.yml")).unwrap();
        stage.git("config core.ignoreCase true");
    }),
    row("`core.precomposeUnicode`, `core.protectNTFS` and `core.protectHFS` set", |stage| {
        for key in ["precomposeUnicode", "protectNTFS", "protectHFS"] {
            stage.git(&format!("config core.{key} true"));
        }
    }),
];

/// `A.yml` beside `a.yml`, with another text.
fn twin(stage: &Stage) {
    stage.write(".github/workflows/A.yml", "on: push\njobs: {}\n");
    stage.git("add .");
    stage.git("commit -q -m twin");
}
