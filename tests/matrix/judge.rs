//! Git itself says what became of the repository: what `git apply`, `git commit` and `git commit-tree` make of the
//! same change in the same situation is what wf-fix must have made.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::engine::Done;
use crate::stage::{MARKER, Stage, checked, said};
use crate::state::{self, State};

/// What git keeps for the next message: wf-fix needs none of it, and leaves it to the commit that it is meant for.
const MESSAGES: [&str; 4] = ["COMMIT_EDITMSG", "MERGE_MSG", "SQUASH_MSG", "AUTO_MERGE"];

/// The text without its soft fail.
fn fixed(text: &[u8]) -> Vec<u8> {
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let kept = lines.filter(|line| !line.windows(17).any(|part| part == b"continue-on-error"));
    kept.flatten().copied().collect()
}

/// The patch applies to HEAD, and gives its tree with the target fixed.
pub fn patch(stage: &Stage, patch: &[u8]) {
    if !stage.situation.judged {
        return;
    }
    let place = stage.case().join("judge.patch");
    fs::write(&place, patch).unwrap();
    let git =
        |args: &[&str]| checked(stage.git_command().env("GIT_INDEX_FILE", stage.case().join("judge.index")).args(args));
    git(&["read-tree", "HEAD"]);
    git(&["apply", "--cached", place.to_str().unwrap()]);
    let tree = git(&["write-tree"]);
    only_the_target_is_fixed(stage, "HEAD", tree.trim());
}

/// The audit finds the soft fail of the target, if that is a file.
pub fn findings(stage: &Stage, json: &[u8]) {
    let report: serde_json::Value = serde_json::from_slice(json).unwrap();
    let files: Vec<&str> = report["findings"].as_array().unwrap().iter().filter_map(|f| f["file"].as_str()).collect();
    let place = stage.root().join(stage.situation.target.1);
    if fs::symlink_metadata(place).is_ok_and(|meta| meta.is_file()) {
        assert!(files.contains(&stage.situation.target.1), "{files:?}");
    }
}

/// The commit of the base is in order, and it is the one that git names.
pub fn verdict(stage: &Stage, json: &[u8]) {
    let report: serde_json::Value = serde_json::from_slice(json).unwrap();
    assert_eq!(report["verdict"], "pass");
    let ids: Vec<&str> = report["commits"].as_array().unwrap().iter().filter_map(|c| c["id"].as_str()).collect();
    assert_eq!(ids.join("\n"), stage.judge(&["rev-list", "made~1..made"]).trim());
}

/// `--branch`: a commit that `git commit-tree` would have made, and nothing else.
pub fn branch(stage: &Stage, done: &Done) {
    let allowed = ["/refs/heads/fixes", "/logs/refs/heads/fixes", "/logs/refs/heads/", "/logs/refs/", "/logs/"];
    let changed = state::changed(&done.before, &done.after);
    let other: Vec<_> = changed
        .iter()
        .filter(|path| !path.contains("objects/") && !allowed.iter().any(|end| path.ends_with(end)))
        .collect();
    assert!(other.is_empty(), "changed: {other:?}");
    if !stage.situation.judged {
        return;
    }
    let base = stage.judge(&["rev-parse", "refs/heads/fixes^"]);
    in_order(stage, base.trim(), "refs/heads/fixes");
    let (_, message) = commit_object(stage, "refs/heads/fixes");
    let mut git = stage.git_command();
    git.args(["commit-tree", "-p", base.trim(), "refs/heads/fixes^{tree}"]);
    let same = fed(&mut git, &message);
    assert_eq!(commit_object(stage, "refs/heads/fixes"), commit_object(stage, same.trim()), "git commit-tree");
}

/// The commit: all is as after `git commit` of the same change.
pub fn commit(stage: &Stage, done: &Done) {
    assert!(stage.situation.judged, "a commit that nobody judges");
    let target = stage.situation.target.1;
    let base = stage.judge(&["rev-parse", "HEAD^"]);
    in_order(stage, base.trim(), "HEAD");
    let (_, message) = commit_object(stage, "HEAD");
    let mine = picture(stage, &done.after);
    stage.reset();
    let place = stage.root().join(target);
    fs::write(&place, fixed(&fs::read(&place).unwrap())).unwrap();
    let mut git = stage.git_command();
    git.args(["commit", "-q", "--cleanup=verbatim", "--only", "-F", "-", "--"]);
    git.arg(stage.pathspec(target));
    fed(&mut git, &message);
    let gits = picture(stage, &state::of(&stage.case()));
    for (what, theirs) in &gits {
        assert_eq!(
            mine.iter().find(|(name, _)| name == what).map(|(_, text)| text),
            Some(theirs),
            "{what} (git's right)"
        );
    }
    assert_eq!(mine.len(), gits.len(), "{mine:?}");
}

/// `--no-commit`: the file and nothing else, and for git it is that one line.
pub fn edited_files(stage: &Stage, done: &Done) {
    let target = stage.situation.target.1;
    let path = format!("{}/{target}", stage.situation.root.expect("files are edited in a worktree"));
    let path = path.trim_start_matches("./");
    assert_eq!(state::changed(&done.before, &done.after), [path]);
    let ((mode, names, before), after) = (&done.before[path], &done.after[path]);
    assert_eq!(after, &(*mode, *names, fixed(before)), "mode, hard links, bytes");
    if !stage.situation.judged {
        return;
    }
    let in_tree = stage.pathspec(target);
    let diff = || stage.judge(&["diff", "--numstat", "--", &in_tree]);
    let now = diff();
    stage.reset();
    if diff().is_empty() && stage.judge(&["ls-files", "-t", "-v", "--", &in_tree]).starts_with('H') {
        // Of what is `binary` git counts no lines.
        assert!(["0\t1", "-\t-"].map(|counts| format!("{counts}\t{target}\n")).contains(&now), "{now}");
    }
}

/// The commit on `base` is sound, signed if that is asked for, and fixes the target alone.
fn in_order(stage: &Stage, base: &str, commit: &str) {
    *stage.fault.borrow_mut() = stage.fsck();
    only_the_target_is_fixed(stage, base, commit);
    let asked = stage.git_command().args(["config", "--type=bool", "commit.gpgsign"]).output().unwrap();
    if asked.stdout == b"true\n" {
        stage.judge(&["verify-commit", commit]);
    }
}

fn only_the_target_is_fixed(stage: &Stage, before: &str, after: &str) {
    let target = stage.situation.target.1;
    let names = stage.judge(&["diff-tree", "-r", "--name-status", before, after]);
    assert_eq!(names, format!("M\t{target}\n"));
    let blob =
        |at: &str| stage.git_command().args(["cat-file", "blob", &format!("{at}:{target}")]).output().unwrap().stdout;
    assert_eq!(blob(after), fixed(&blob(before)), "the blob of {after}");
}

/// The headers of a commit without its signature, and its message.
fn commit_object(stage: &Stage, name: &str) -> (String, String) {
    let text = stage.judge(&["cat-file", "commit", name]);
    let (headers, message) = text.split_once("\n\n").unwrap();
    let mut kept = Vec::new();
    let mut signature = false;
    for line in headers.lines() {
        signature = line.starts_with("gpgsig") || signature && line.starts_with(' ');
        if !signature {
            kept.push(line);
        }
    }
    (kept.join("\n"), message.to_owned())
}

/// All that git shows and all that stands on disk, but for objects and the bytes of the index.
fn picture(stage: &Stage, state: &State) -> Vec<(String, String)> {
    let mut seen = vec![("the commit".to_owned(), format!("{:?}", commit_object(stage, "HEAD")))];
    for args in [
        &["ls-files", "--stage", "-t", "-v"][..],
        &["status", "--porcelain=v2", "--branch", "--ignored", "--untracked-files=all"],
    ] {
        let shown = stage.git_command().args(args).output().unwrap();
        seen.push((format!("git {}", args.join(" ")), String::from_utf8_lossy(&shown.stdout).into_owned()));
    }
    let mut modes = BTreeSet::new();
    for (path, (mode, names, bytes)) in state {
        let name = path.rsplit('/').next().unwrap();
        if path.contains("objects/") || name == "index" {
            // Which objects there are is no matter, and the bytes of the index are git's to choose: but not their modes.
            modes.insert(format!("{mode:o} {}", if name == "index" { name } else { "objects" }));
        } else if !MESSAGES.contains(&name) && name != MARKER {
            seen.push((path.clone(), format!("{mode:o} {names} {}", String::from_utf8_lossy(bytes))));
        }
    }
    seen.push(("modes".to_owned(), format!("{modes:?}")));
    // A signature makes another commit of the same change.
    let id = stage.judge(&["rev-parse", "HEAD"]);
    seen.into_iter().map(|(name, text)| (name, text.replace(id.trim(), "<the commit>"))).collect()
}

/// Runs a command with an input; it must succeed.
fn fed(command: &mut Command, input: &str) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "git itself refuses: {}", said(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
