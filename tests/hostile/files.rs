//! What may stand where a file is expected: links, loops, FIFOs, devices, names that are no text, folders of ours that
//! somebody else made.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::ground::{CI, FIX, Ground, rule, workflow};

fn ground() -> Ground {
    Ground::of(workflow("        run: make test\n"))
}

fn fifo(path: &std::path::Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn a_workflow_folder_that_is_a_link_loop_or_leads_outside_is_not_entered() {
    for target in ["workflows", "../.github/workflows", "../../outside", "/etc", "/dev"] {
        let ground = ground();
        fs::create_dir(ground.beside("outside")).unwrap();
        fs::write(ground.beside("outside/ci.yml"), workflow("        run: make test\n")).unwrap();
        fs::remove_dir_all(ground.root().join(".github/workflows")).unwrap();
        symlink(target, ground.root().join(".github/workflows")).unwrap();
        let said = ground.leaves_alone(&["--risk", "A-1", "--no-commit"]);
        said.refused("lies beyond a symbolic link");
        let said = ground.leaves_alone(&["audit"]);
        said.refused("nothing to audit");
        assert!(
            said.err.contains("passed over: `.github/workflows` is or lies beyond a symbolic link"),
            "{}",
            said.err
        );
        ground.commit("link");
        ground.leaves_alone(&FIX).refused("");
    }
}

#[test]
fn fifos_devices_links_and_folders_named_as_workflows_are_passed_over_and_said() {
    let ground = ground();
    let folder = ground.root().join(".github/workflows");
    fifo(&folder.join("fifo.yml"));
    symlink("/dev/zero", folder.join("zero.yml")).unwrap();
    symlink("/etc/passwd", folder.join("passwd.yml")).unwrap();
    symlink("loop.yml", folder.join("loop.yml")).unwrap();
    fs::create_dir(folder.join("folder.yml")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(folder.join("socket.yml")).unwrap();
    let said = ground.leaves_alone(&["audit"]);
    for (name, what) in [
        ("fifo", "a FIFO"),
        ("zero", "a symbolic link"),
        ("passwd", "a symbolic link"),
        ("loop", "a symbolic link"),
        ("socket", "a socket"),
    ] {
        let words = format!("passed over: `.github/workflows/{name}.yml` is {what}\n");
        assert!(said.worked().err.contains(&words), "{words}: {}", said.err);
    }
    assert!(said.out.contains("1 file read"), "{}", said.out);
    for (name, what) in
        [("fifo", "a FIFO"), ("zero", "a symbolic link"), ("folder", "a folder"), ("socket", "a socket")]
    {
        ground.write(".wf-fix/rules/a.yml", rule("$.jobs").replace("/ci.yml", &format!("/{name}.yml")));
        ground.leaves_alone(&["--risk", "A-1", "--no-commit"]).refused(what);
    }
}

#[test]
fn names_that_are_no_text_are_passed_over_and_said() {
    let ground = ground();
    ground.write(OsStr::from_bytes(b".github/workflows/\xff\x1b[31m.yml"), "on: push\n");
    let said = ground.leaves_alone(&["audit"]);
    assert!(said.worked().err.contains("has a name that is not UTF-8"), "{}", said.err);
    said.tame();
    ground.write(".wf-fix/rules/a.yml", rule("$.jobs.*.steps[0]['continue-on-error']").replace("ci.yml", "*.yml"));
    ground.commit("odd");
    let said = ground.leaves_alone(&FIX);
    assert!(said.worked().err.contains("has a name that is not UTF-8"), "{}", said.err);
    said.tame();
}

#[test]
fn a_rules_folder_that_is_a_link_is_not_read() {
    for target in ["../../outside", "rules", "/etc", "/dev/zero"] {
        let ground = ground();
        fs::create_dir(ground.beside("outside")).unwrap();
        fs::write(ground.beside("outside/a.yml"), rule("$.jobs.j.steps[0]['continue-on-error']")).unwrap();
        fs::remove_dir_all(ground.root().join(".wf-fix/rules")).unwrap();
        symlink(target, ground.root().join(".wf-fix/rules")).unwrap();
        for args in [&FIX[..], &["rules"], &["audit"]] {
            ground.leaves_alone(args).refused("`.wf-fix/rules` is a symbolic link");
        }
    }
    let linked = ground();
    fs::rename(linked.root().join(".wf-fix"), linked.beside("outside")).unwrap();
    symlink("../outside", linked.root().join(".wf-fix")).unwrap();
    linked.leaves_alone(&FIX).refused("`.wf-fix` is a symbolic link");
}

#[test]
fn rule_files_that_are_links_fifos_or_devices_are_not_read() {
    let ground = ground();
    let place = ground.root().join(".wf-fix/rules/b.yml");
    symlink("/etc/passwd", &place).unwrap();
    ground.leaves_alone(&FIX).refused("`.wf-fix/rules/b.yml` is a symbolic link");
    fs::remove_file(&place).unwrap();
    symlink("/dev/zero", &place).unwrap();
    ground.leaves_alone(&FIX).refused("b.yml");
    fs::remove_file(&place).unwrap();
    fifo(&place);
    ground.leaves_alone(&FIX).refused("b.yml is no regular file");
    fs::remove_dir_all(ground.root().join(".wf-fix/rules")).unwrap();
    fifo(&ground.root().join(".wf-fix/rules"));
    ground.leaves_alone(&FIX).refused("the rules folder");
}

#[test]
fn the_folder_of_a_killed_run_that_somebody_else_made_leads_nowhere() {
    // A folder that is no repository, as an archive gives it; what a run left there is finished by the next.
    let ground = ground();
    let (plain, home) = (ground.beside("plain"), ground.beside("home"));
    fs::create_dir_all(plain.join(".github/workflows")).unwrap();
    fs::copy(ground.root().join(CI), plain.join(CI)).unwrap();
    fs::create_dir(&home).unwrap();
    fs::write(home.join("precious"), "x").unwrap();
    let ours = plain.join(".wf-fix-run");
    let untouched = |what: &str| {
        for args in [&["audit"][..], &["rules"], &["--risk", "M03-R01", "--no-commit"]] {
            ground.wf_fix_in(&plain, args);
            assert_eq!(fs::read_to_string(home.join("precious")).unwrap(), "x", "{what}: {args:?}");
            assert_eq!(fs::read_dir(&home).unwrap().count(), 1, "{what}: {args:?}");
        }
    };
    symlink(&home, &ours).unwrap();
    untouched("a link in its place");
    fs::remove_file(&ours).unwrap();
    fs::create_dir(&ours).unwrap();
    symlink(home.join("new"), ours.join("lock")).unwrap();
    untouched("a link in place of the lock");
    fs::remove_file(ours.join("lock")).unwrap();
    fifo(&ours.join("journal"));
    untouched("a FIFO as journal");
    fs::remove_file(ours.join("journal")).unwrap();
    symlink("/dev/zero", ours.join("journal")).unwrap();
    untouched("a device as journal");
    fs::remove_file(ours.join("journal")).unwrap();
    let record = r#"{"path":"../home/precious","before":"","after":null}"#;
    let journal =
        format!(r#"{{"version":1,"mark":"a-1","git_dir":null,"index":null,"files":[{record}],"reference":null}}"#);
    fs::write(ours.join("journal"), journal).unwrap();
    untouched("a journal that leads outside");
    fs::write(ours.join("journal"), "[".repeat(100_000)).unwrap();
    untouched("a journal that nests");
}

#[test]
fn the_same_folder_in_git_leads_nowhere() {
    let ground = ground();
    fs::create_dir(ground.beside("home")).unwrap();
    fs::write(ground.beside("home/precious"), "x").unwrap();
    symlink("../../home", ground.root().join(".git/wf-fix")).unwrap();
    for args in [&["audit"][..], &FIX, &["--risk", "A-1"], &["--risk", "A-1", "--branch", "b"]] {
        let said = ground.wf_fix(args);
        assert!(said.err.contains("is not a folder that wf-fix made"), "{args:?}: {said:?}");
        assert_eq!(fs::read_to_string(ground.beside("home/precious")).unwrap(), "x");
    }
    assert_eq!(ground.git(&["rev-list", "--count", "--all"]), "1");
}

#[test]
fn written_rules_follow_no_link() {
    let ground = ground();
    fs::create_dir(ground.root().join("out")).unwrap();
    symlink(ground.beside("new"), ground.root().join("out/M03-R01.yml")).unwrap();
    let said = ground.wf_fix(&["audit", "--write-rules", "out", "--milestone", "M03", "--fix-in", "M04"]);
    said.refused("M03-R01.yml");
    assert!(!ground.beside("new").exists());
}
