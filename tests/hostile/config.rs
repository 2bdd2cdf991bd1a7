//! A repository whose configuration names programs: none of them runs, whatever the command.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::ground::{FIX, Ground, workflow};

/// Keys of git-config(1) and gitattributes(5) that name a program.
const PROGRAMS: [&str; 25] = [
    "core.fsmonitor",
    "core.editor",
    "core.pager",
    "core.sshCommand",
    "core.askPass",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "sequence.editor",
    "credential.helper",
    "diff.external",
    "diff.evil.command",
    "diff.evil.textconv",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "merge.evil.driver",
    "gpg.program",
    "gpg.openpgp.program",
    "gpg.ssh.program",
    "gpg.ssh.defaultKeyCommand",
    "pager.log",
    "uploadpack.packObjectsHook",
    "trailer.evil.command",
    "interactive.diffFilter",
    "alias.status",
];

const HOOKS: [&str; 10] = [
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "post-index-change",
    "reference-transaction",
    "post-checkout",
    "fsmonitor-watchman",
    "pre-auto-gc",
    "post-rewrite",
];

/// A repository with all of it; what runs leaves its name in `ran`.
fn ground() -> Ground {
    let ground = Ground::of(workflow("        run: make test\n"));
    let evil = ground.beside("evil");
    fs::write(&evil, format!("#!/bin/sh\necho \"$0 $*\" >>{}\nexit 0\n", ground.beside("ran").display())).unwrap();
    fs::set_permissions(&evil, fs::Permissions::from_mode(0o755)).unwrap();
    for key in PROGRAMS {
        ground.git(&["config", key, evil.to_str().unwrap()]);
    }
    ground.git(&["config", "core.hooksPath", ground.root().join(".git/evil-hooks").to_str().unwrap()]);
    for folder in [".git/evil-hooks", ".git/hooks"] {
        for hook in HOOKS {
            let place = ground.root().join(folder).join(hook);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::copy(&evil, place).unwrap();
        }
    }
    ground
}

/// All that a person may ask for, twice: the second run finds the work done.
fn everything(ground: &Ground) {
    for args in [
        &FIX[..],
        &["--risk", "A-1", "-n", "--format", "json"],
        &["--risk", "A-1", "--check"],
        &["audit"],
        &["audit", "--format", "sarif"],
        &["audit", "--write-rules", "rules-out", "--milestone", "M03", "--fix-in", "M04"],
        &["rules"],
        &["--risk", "A-1", "--branch", "b"],
        &["verify", "HEAD..b"],
        &["report", "--milestone", "M1", "--range", "HEAD..b", "--kind", "summary"],
        &["--risk", "A-1", "--no-commit"],
        &["--risk", "A-1"],
        &["--risk", "A-1", "--no-verify"],
    ] {
        ground.wf_fix(args);
        assert!(!ground.beside("ran").exists(), "{args:?} ran {:?}", fs::read_to_string(ground.beside("ran")));
    }
}

#[test]
fn no_program_that_the_configuration_names_runs() {
    let ground = ground();
    everything(&ground);
    // The trap works: git itself would have run it.
    ground.git(&["status"]);
    assert!(ground.beside("ran").exists());
}

#[test]
fn a_commit_beside_evil_hooks_runs_none_of_them() {
    let ground = ground();
    ground.wf_fix(&["--risk", "A-1"]).refused("hook");
    ground.wf_fix(&["--risk", "A-1", "--no-verify"]).worked();
    assert!(!ground.beside("ran").exists());
    assert_eq!(fs::read_to_string(ground.root().join(".git/HEAD")).unwrap(), "ref: refs/heads/main\n");
}

#[test]
fn a_filter_on_the_workflows_is_refused_and_does_not_run() {
    let ground = ground();
    ground.write(".gitattributes", "*.yml filter=evil diff=evil merge=evil text=auto\n");
    everything(&ground);
    ground.wf_fix(&["--risk", "A-1", "--no-verify"]);
    assert!(!ground.beside("ran").exists());
}

#[test]
fn a_signing_program_of_the_repository_alone_is_refused_and_does_not_run() {
    let ground = ground();
    ground.git(&["config", "commit.gpgsign", "true"]);
    everything(&ground);
    ground.wf_fix(&["--risk", "A-1", "--no-verify"]);
    assert!(!ground.beside("ran").exists());
}
