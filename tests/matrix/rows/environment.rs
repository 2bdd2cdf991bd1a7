//! The environment, as git reads it; `GIT_DIR` and its companions, settings, people, and what stands in for objects.

use std::fs;

use crate::situation::{Situation, row};
use crate::stage::Stage;

pub const ROWS: &[Situation] = &[
    row("`GIT_DIR` and `GIT_WORK_TREE`, seen from elsewhere", apart)
        .at("home")
        .root(Some("repo"))
        .env(&[("GIT_DIR", "{case}/apart.git"), ("GIT_WORK_TREE", "{case}/repo")]),
    row("`GIT_DIR` alone, seen from the worktree", apart).env(&[("GIT_DIR", "{case}/apart.git")]),
    row("`GIT_DIR` alone, `core.bare=true`", |stage| {
        apart(stage);
        stage.git_in("apart.git", "config core.bare true");
    })
    .env(&[("GIT_DIR", "{case}/apart.git")])
    .quiet(),
    row("`GIT_DIR` alone, `core.worktree` elsewhere", |stage| {
        apart(stage);
        stage.git_in("apart.git", "config core.worktree ../repo");
    })
    .at("home")
    .root(Some("repo"))
    .env(&[("GIT_DIR", "{case}/apart.git")]),
    row("`GIT_DIR` relative", apart).env(&[("GIT_DIR", "../apart.git")]),
    row("`GIT_DIR` of another repository", |stage| drop(stage.git("init -q ../other")))
        .env(&[("GIT_DIR", "{case}/other/.git")])
        .quiet(),
    row("`GIT_DIR` leads nowhere", |_| {}).env(&[("GIT_DIR", "{case}/nowhere")]).quiet().unjudged(),
    row("`GIT_WORK_TREE` alone", |stage| {
        fs::rename(stage.repo().join(".git"), stage.case().join("home/.git")).unwrap();
    })
    .at("home")
    .root(Some("repo"))
    .env(&[("GIT_WORK_TREE", "{case}/repo")]),
    row("`GIT_COMMON_DIR` of a linked worktree", |stage| drop(stage.git("worktree add -q -b side ../linked")))
        .at("linked")
        .env(&[("GIT_DIR", "{case}/repo/.git/worktrees/linked"), ("GIT_COMMON_DIR", "{case}/repo/.git")]),
    row("`GIT_INDEX_FILE`", |stage| {
        fs::copy(stage.repo().join(".git/index"), stage.case().join("index")).unwrap();
    })
    .env(&[("GIT_INDEX_FILE", "{case}/index")]),
    row("`GIT_INDEX_FILE` relative", |stage| {
        fs::create_dir(stage.repo().join(".git/other")).unwrap();
        fs::copy(stage.repo().join(".git/index"), stage.repo().join(".git/other/index")).unwrap();
    })
    .env(&[("GIT_INDEX_FILE", ".git/other/index")]),
    row("`GIT_OBJECT_DIRECTORY`", |stage| {
        stage.run("cp", &["-r", "repo/.git/objects", "objects"]);
    })
    .env(&[("GIT_OBJECT_DIRECTORY", "{case}/objects")]),
    row("`GIT_ALTERNATE_OBJECT_DIRECTORIES`", |stage| {
        fs::rename(stage.repo().join(".git/objects"), stage.case().join("objects")).unwrap();
        stage.run("mkdir", &["-p", "repo/.git/objects/info", "repo/.git/objects/pack"]);
    })
    .env(&[("GIT_ALTERNATE_OBJECT_DIRECTORIES", "{case}/objects")]),
    row("`GIT_QUARANTINE_PATH`, as in a pre-receive hook", |stage| stage.at_work())
        .env(&[("GIT_QUARANTINE_PATH", "{case}/repo/.git/objects/incoming")])
        .quiet(),
    row("`GIT_CEILING_DIRECTORIES` above the repository", |_| {})
        .at("repo/.github")
        .root(Some("repo"))
        .env(&[("GIT_CEILING_DIRECTORIES", "{case}")]),
    row("`GIT_CEILING_DIRECTORIES` below the repository", |_| {})
        .at("repo/.github")
        .root(Some("repo"))
        .env(&[("GIT_CEILING_DIRECTORIES", "{case}/repo")])
        .quiet()
        .unjudged(),
    row("`GIT_NAMESPACE`", |_| {}).env(&[("GIT_NAMESPACE", "there")]),
    row("`GIT_CONFIG_COUNT`", |_| {}).env(&[
        ("GIT_CONFIG_COUNT", "2"),
        ("GIT_CONFIG_KEY_0", "user.name"),
        ("GIT_CONFIG_VALUE_0", "Counted"),
        ("GIT_CONFIG_KEY_1", "core.abbrev"),
        ("GIT_CONFIG_VALUE_1", "9"),
    ]),
    row("`GIT_CONFIG_PARAMETERS` (`git -c`)", |_| {}).env(&[("GIT_CONFIG_PARAMETERS", "'user.name'='Dash C'")]),
    row("`GIT_CONFIG_COUNT` is no number", |_| {}).env(&[("GIT_CONFIG_COUNT", "many")]).quiet().unjudged(),
    row("`GIT_CONFIG_GLOBAL`", |stage| {
        stage.git("config --unset user.name");
        stage.write("../home/.gitconfig", "[user]\n\tname = Not This One\n");
        stage.write("../other.config", "[user]\n\tname = This One\n");
    })
    .env(&[("GIT_CONFIG_GLOBAL", "{case}/other.config")]),
    row("`GIT_CONFIG_GLOBAL=/dev/null`", |stage| {
        stage.git("config --unset user.name");
        stage.write("../home/.gitconfig", "[user]\n\tname = Not This One\n");
        stage.at_work();
    })
    .env(&[("GIT_CONFIG_GLOBAL", "/dev/null")])
    .quiet(),
    row("`GIT_CONFIG_SYSTEM`", |stage| {
        stage.git("config --unset user.name");
        stage.write("../system.config", "[user]\n\tname = System\n");
    })
    .env(&[("GIT_CONFIG_SYSTEM", "{case}/system.config"), ("GIT_CONFIG_NOSYSTEM", "0")]),
    row("`XDG_CONFIG_HOME`", |stage| {
        stage.git("config --unset user.name");
        stage.write("../xdg/git/config", "[user]\n\tname = Xdg\n");
    })
    .env(&[("XDG_CONFIG_HOME", "{case}/xdg")]),
    row("`GIT_AUTHOR_*` and `GIT_COMMITTER_*`", |_| {}).env(&[
        ("GIT_AUTHOR_NAME", "Grace <G.> "),
        ("GIT_AUTHOR_EMAIL", "grace@example.com"),
        ("GIT_AUTHOR_DATE", "2023-11-14T22:13:20 +0530"),
        ("GIT_COMMITTER_NAME", "Robot"),
        ("GIT_COMMITTER_DATE", "@1700000000 -0700"),
    ]),
    row("a date without a zone, in `TZ`", |_| {}).env(&[
        ("GIT_AUTHOR_DATE", "2023-11-14T22:13:20"),
        ("GIT_COMMITTER_DATE", "2023-07-14 22:13:20"),
        ("TZ", "EST5EDT,M3.2.0,M11.1.0"),
    ]),
    row("`GIT_AUTHOR_DATE` in a form that is a guess", |_| {}).env(&[("GIT_AUTHOR_DATE", "04/07/2023 22:13:20 +0000")]),
    row("`GIT_AUTHOR_NAME` empty", |stage| stage.at_work()).env(&[("GIT_AUTHOR_NAME", "")]).quiet(),
    row("`GIT_LITERAL_PATHSPECS`", |_| {}).env(&[("GIT_LITERAL_PATHSPECS", "1")]),
    row("`GIT_NO_REPLACE_OBJECTS`", |stage| {
        let lone = stage.git("commit-tree -m lone HEAD^{tree}");
        stage.git(&format!("replace --graft HEAD {}", lone.trim()));
    })
    .env(&[("GIT_NO_REPLACE_OBJECTS", "1")]),
    row("`GIT_DEFAULT_HASH`, `GIT_OPTIONAL_LOCKS`, `GIT_TERMINAL_PROMPT`", |_| {}).env(&[
        ("GIT_DEFAULT_HASH", "sha256"),
        ("GIT_OPTIONAL_LOCKS", "0"),
        ("GIT_TERMINAL_PROMPT", "0"),
    ]),
    row("`GIT_EDITOR`, `GIT_PAGER`, `GIT_SSH_COMMAND`, `GIT_ASKPASS`, `GIT_EXTERNAL_DIFF`", |stage| {
        stage.evil("evil", "");
    })
    .env(&[
        ("GIT_EDITOR", "{case}/evil"),
        ("GIT_PAGER", "{case}/evil"),
        ("PAGER", "{case}/evil"),
        ("GIT_SSH_COMMAND", "{case}/evil"),
        ("GIT_ASKPASS", "{case}/evil"),
        ("GIT_EXTERNAL_DIFF", "{case}/evil"),
    ]),
    row("`HOME` empty", |_| {}).env(&[("HOME", "")]),
];

/// The git folder away from its worktree.
fn apart(stage: &Stage) {
    fs::rename(stage.repo().join(".git"), stage.case().join("apart.git")).unwrap();
}
