//! The ways to deliver, and the exit codes.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

use crate::fixture::{Fixture, R01, TRUNK, snapshot};

#[test]
fn check_exits_1_while_something_is_pending_and_0_after() {
    let fixture = Fixture::demo();
    let state = fixture.state();
    let said = fixture.wf_fix(&["--all", "--check"]);
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert_eq!(fixture.state(), state);
    fixture.wf_fix(&["--all"]);
    assert_eq!(fixture.wf_fix(&["--all", "--check"]).code, 0);
}

#[test]
fn no_commit_edits_the_worktree_and_keeps_modes() {
    let fixture = Fixture::demo();
    let path = fixture.root().join(R01);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let head = fixture.git(&["rev-parse", "HEAD"]);
    let said = fixture.wf_fix(&["--milestone", "M04", "--no-commit"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(fixture.git(&["rev-parse", "HEAD"]), head);
    let changed = fixture.git(&["diff", "--shortstat"]);
    assert!(changed.contains("5 files changed, 7 insertions(+), 37 deletions(-)"), "{changed}");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o755);
}

#[test]
fn no_commit_works_in_a_plain_folder() {
    let fixture = Fixture::demo();
    fs::remove_dir_all(fixture.root().join(".git")).unwrap();
    let said = fixture.wf_fix(&["--risk", "M03-R01", "--no-commit"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(!fixture.read(R01).contains("id: td\n        continue-on-error"));
    let said = fixture.wf_fix(&["--risk", "M03-R03"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("not a git repository"), "{}", said.err);
}

#[test]
fn a_branch_is_built_without_touching_worktree_index_or_head() {
    let fixture = Fixture::demo();
    fixture.write(R01, b"dirty: true\n");
    fixture.write("staged.txt", b"x\n");
    fixture.git(&["add", "staged.txt"]);
    let status = fixture.git(&["status", "--porcelain"]);
    let said = fixture.wf_fix(&["--milestone", "M04", "--branch", "m04"]);
    assert_eq!((said.code, said.out.lines().count()), (0, 5), "{}", said.err);
    assert_eq!(fixture.git(&["status", "--porcelain"]), status);
    assert_eq!(fixture.git(&["rev-list", "--count", "main..m04"]), "5");
    let again = fixture.wf_fix(&["--milestone", "M04", "--branch", "m04"]);
    assert_eq!((again.code, again.out.as_str()), (0, ""));
    assert_eq!(fixture.git(&["rev-list", "--count", "main..m04"]), "5");
}

#[test]
fn a_dirty_target_is_refused_and_other_changes_stay() {
    let fixture = Fixture::demo();
    fixture.write("staged.txt", b"x\n");
    fixture.git(&["add", "staged.txt"]);
    fixture.write("untracked.txt", b"y\n");
    fixture.write(TRUNK, (fixture.read(TRUNK) + "# mine\n").as_bytes());
    let state = fixture.state();
    let said = fixture.wf_fix(&["--milestone", "M04"]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains(TRUNK), "{}", said.err);
    assert_eq!(fixture.state(), state);
    let said = fixture.wf_fix(&["--risk", "M03-R01"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(fixture.git(&["show", "--stat", "--format=", "HEAD"]).lines().count(), 2);
    let left = fixture.git(&["status", "--porcelain"]);
    assert_eq!(
        left.lines().collect::<Vec<_>>(),
        [" M .github/workflows/trunk.yml", "A  staged.txt", "?? untracked.txt"]
    );
}

#[test]
fn a_missing_target_stops_the_run_and_keep_going_does_the_others() {
    let fixture = Fixture::demo();
    let renamed = fixture.read(R01).replace("  target-determination:", "  target-determinations:");
    fixture.write(R01, renamed.as_bytes());
    fixture.commit("rename");
    let state = fixture.state();
    let said = fixture.wf_fix(&["--milestone", "M04"]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert_eq!(fixture.state(), state);
    snapshot("missing-job", &said.err);
    let said = fixture.wf_fix(&["--milestone", "M04", "--keep-going"]);
    assert_eq!((said.code, said.out.lines().count()), (2, 4), "{}", said.err);
}

#[test]
fn a_dirty_file_refuses_only_the_risks_that_would_change_it() {
    let fixture = Fixture::demo();
    let edited = format!("# mine\n{}", fixture.read(R01));
    fixture.write(R01, edited.as_bytes());
    let said = fixture.wf_fix(&["--milestone", "M04"]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    let said = fixture.wf_fix(&["--milestone", "M04", "--keep-going"]);
    assert_eq!((said.code, said.out.lines().count()), (2, 4), "{}", said.err);
    assert!(said.err.contains(&format!("M03-R01: `{R01}` has unstaged changes")), "{}", said.err);
    assert_eq!(fixture.read(R01), edited);
    assert_eq!(fixture.git(&["status", "--porcelain"]), format!(" M {R01}"));
}

/// The second risk was planned on what the first leaves of a file they share.
#[test]
fn what_was_planned_on_a_refused_risk_is_planned_again() {
    let fixture = Fixture::demo();
    let rule = |id: &str, workflows: &str, at: &str| {
        let text = format!(
            "id: {id}\ntitle: t\nseverity: low\ncategory: soft-fail\nmilestone: X\ndisposition: fix\n\
             workflow: {workflows}\nrationale: |\n  Because.\nrewrites:\n  - remove-key:\n      at: {at}\n"
        );
        fixture.write(&format!(".wf-fix/rules/{id}.yml"), text.as_bytes());
    };
    let workflow = "on: push\njobs:\n  a:\n    continue-on-error: true\n    timeout-minutes: 5\n    runs-on: x\n    steps:\n      - run: make\n";
    fixture.write(".github/workflows/a.yml", workflow.as_bytes());
    fixture.write(".github/workflows/b.yml", workflow.as_bytes());
    rule("X-1", "[.github/workflows/a.yml, .github/workflows/b.yml]", "$.jobs.a['continue-on-error']");
    rule("X-2", ".github/workflows/b.yml", "$.jobs.a['timeout-minutes']");
    fixture.commit("more");
    fixture.write(".github/workflows/a.yml", format!("# mine\n{workflow}").as_bytes());
    let said = fixture.wf_fix(&["--risk", "X-1", "--risk", "X-2", "--keep-going"]);
    assert_eq!((said.code, said.out.lines().count()), (2, 1), "{}{}", said.out, said.err);
    assert!(said.err.contains("X-1: `.github/workflows/a.yml` has unstaged changes"), "{}", said.err);
    assert_eq!(fixture.read(".github/workflows/b.yml"), workflow.replace("    timeout-minutes: 5\n", ""));
}

/// Of two risks that contradict each other the later is refused; what was planned on it is planned again.
#[test]
fn a_contradiction_names_both_and_keep_going_does_the_others() {
    let fixture = Fixture::demo();
    let rule = |id: &str, rewrite: &str| {
        let text = format!(
            "id: {id}\ntitle: t\nseverity: low\ncategory: soft-fail\nmilestone: X\ndisposition: fix\n\
             workflow: .github/workflows/a.yml\nrationale: |\n  Because.\nrewrites:\n  - {rewrite}\n"
        );
        fixture.write(&format!(".wf-fix/rules/{id}.yml"), text.as_bytes());
    };
    let workflow = "on: push\njobs:\n  a:\n    continue-on-error: true\n    timeout-minutes: 5\n    runs-on: x\n    steps:\n      - run: make\n";
    fixture.write(".github/workflows/a.yml", workflow.as_bytes());
    rule("X-1", "justify: {at: \"$.jobs.a['continue-on-error']\", comment: 'Best effort.'}");
    rule("X-2", "remove-key: {at: \"$.jobs.a['continue-on-error']\"}");
    rule("X-3", "remove-key: {at: \"$.jobs.a['timeout-minutes']\"}");
    fixture.commit("more");
    let state = fixture.state();
    let all = ["--risk", "X-1", "--risk", "X-2", "--risk", "X-3"];
    let said = fixture.wf_fix(&all);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(
        said.err.contains("X-2.yml:1:5: X-1 and X-2 contradict each other in `.github/workflows/a.yml`"),
        "{}",
        said.err
    );
    assert_eq!(fixture.state(), state);
    let said = fixture.wf_fix(&[&all[..], &["--keep-going"]].concat());
    assert_eq!((said.code, said.out.lines().count()), (2, 2), "{}{}", said.out, said.err);
    let after = workflow.replace("    timeout-minutes: 5\n", "").replace("    cont", "    # Best effort.\n    cont");
    assert_eq!(fixture.read(".github/workflows/a.yml"), after);
}

#[test]
fn what_a_glob_passes_over_is_said() {
    let fixture = Fixture::demo();
    let rule = "id: X-1\ntitle: t\nseverity: low\ncategory: soft-fail\nmilestone: X\ndisposition: fix\n\
                workflow: .github/workflows/*.yml\nrationale: |\n  Because.\nrewrites:\n  - remove-key:\n      \
                at: $.jobs.analysis.if\n";
    fixture.write(".wf-fix/rules/X-1.yml", rule.as_bytes());
    let folder = fixture.root().join(".github/workflows");
    std::os::unix::fs::symlink("trunk.yml", folder.join("link.yml")).unwrap();
    std::os::unix::fs::symlink("trunk.yml", folder.join("link.txt")).unwrap();
    let odd = std::ffi::OsStr::from_bytes(b"odd-\xff.yml");
    fs::write(folder.join(odd), "on: push\n").unwrap();
    fixture.commit("odd ones");
    for options in [&["--dry-run"][..], &["--dry-run", "--no-commit"]] {
        let said = fixture.wf_fix(&[&["--risk", "X-1"][..], options].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(said.err.contains("passed over: `.github/workflows/link.yml` is a symbolic link"), "{}", said.err);
        assert!(said.err.contains("odd-\u{fffd}.yml` has a name that is not UTF-8"), "{}", said.err);
        assert!(!said.err.contains("link.txt"), "{}", said.err);
    }
}

#[test]
fn an_unreadable_workflow_stops_only_the_risk_that_needs_it() {
    let fixture = Fixture::demo();
    fixture.write(".github/workflows/broken.yml", b"a: [\n");
    fixture.write(R01, b"on: push\n\tjobs: x\n");
    fixture.commit("broken");
    assert_eq!(fixture.wf_fix(&["--risk", "M03-R03"]).code, 0);
    let said = fixture.wf_fix(&["--risk", "M03-R01"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains(&format!("{R01}:2:1")), "{}", said.err);
}

#[test]
fn json_gives_claims_delta_and_proof_and_is_the_same_every_time() {
    let fixture = Fixture::demo();
    let args = ["--milestone", "M04", "--dry-run", "--format", "json", "--date", "2026-02-08"];
    let said = fixture.wf_fix(&args);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(said.out, fixture.wf_fix(&args).out);
    let data: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let risks = data["risks"].as_array().unwrap();
    assert_eq!(risks.len(), 5);
    for risk in risks {
        let file = &risk["files"][0];
        let of_values = |list: &serde_json::Value| {
            let values = list.as_array().unwrap().iter().filter(|claim| claim["path"].is_string());
            values.map(|claim| (claim["kind"].clone(), claim["path"].clone(), claim["was"].clone())).collect::<Vec<_>>()
        };
        assert_eq!(of_values(&file["claims"]), of_values(&file["proof"]["delta"]));
    }
    snapshot("dry-run-json-r05", &serde_json::to_string_pretty(&risks[4]).unwrap());
}

#[test]
fn json_names_the_commits() {
    let fixture = Fixture::demo();
    let said = fixture.wf_fix(&["--risk", "M03-R01", "--format", "json", "-q"]);
    let data: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(data["delivery"], "commits");
    assert_eq!(data["risks"][0]["commit"], fixture.git(&["rev-parse", "HEAD"]).as_str());
    assert_eq!(said.err, "");
}

#[test]
fn only_the_files_that_the_rules_name_are_read() {
    let fixture = Fixture::demo();
    for args in [&["--risk", "M03-R01", "-n", "-v"][..], &["--risk", "M03-R01", "-n", "-v", "--no-commit"]] {
        let said = fixture.wf_fix(args);
        assert!(said.err.contains("read 1 of 7 files"), "{}", said.err);
    }
}

#[test]
fn all_leaves_out_built_in_risks_of_another_project() {
    let fixture = Fixture::empty();
    fixture.write(".github/workflows/ci.yml", b"on: push\njobs: {a: {runs-on: x, steps: [{run: make}]}}\n");
    fixture.commit("before");
    for args in [&["--all", "--check"][..], &["--milestone", "M04"]] {
        let said = fixture.wf_fix(args);
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(said.err.contains("M03-R01, M03-R02, M03-R03, M03-R04, M03-R05"), "{}", said.err);
    }
    assert_eq!(fixture.wf_fix(&["--risk", "M03-R01"]).code, 2);
}

#[test]
fn a_path_that_cannot_be_read_stops_only_the_risk_that_needs_it() {
    let fixture = Fixture::demo();
    let rule = |id: &str, path: &str| {
        format!(
            "id: {id}\ntitle: t\nseverity: low\ncategory: soft-fail\nworkflow: {path}\nrewrites:\n  - remove-key: {{at: $.x}}\n"
        )
    };
    std::os::unix::fs::symlink("trunk.yml", fixture.root().join(".github/workflows/link.yml")).unwrap();
    fixture.write(".wf-fix/rules/a.yml", rule("S-1", ".github/workflows/link.yml").as_bytes());
    fixture.commit("link");
    let said = fixture.wf_fix(&["--risk", "S-1", "--risk", "M03-R01", "--keep-going", "--format", "json"]);
    let data: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, &data["risks"][0]["status"]), (2, &"refused".into()), "{}", said.err);
    assert!(data["risks"][1]["commit"].is_string());
}

#[test]
fn the_date_of_a_note_comes_from_the_user_or_the_epoch() {
    let fixture = Fixture::demo();
    let said = fixture.wf_fix(&["--risk", "M03-R03", "-n"]);
    assert!(said.out.contains("# were removed in M04 (2026-02-08)."), "{}", said.out);
    let said = fixture.wf_fix(&["--risk", "M03-R03", "-n", "--date", "2027-01-31"]);
    assert!(said.out.contains("# were removed in M04 (2027-01-31)."));
    for bad in ["2027-02-30", "yesterday", "2027-1-1"] {
        let said = fixture.wf_fix(&["--risk", "M03-R03", "-n", "--date", bad]);
        assert!(said.code == 2 && said.err.contains("YYYY-MM-DD"), "{}", said.err);
    }
}

#[test]
fn git_dir_decides_unless_a_folder_is_named() {
    let (this, other) = (Fixture::demo(), Fixture::demo());
    other.wf_fix(&["--risk", "M03-R01"]);
    let (dir, index) = (other.root().join(".git"), other.root().join(".git/index"));
    let env = [("GIT_DIR", dir.as_os_str()), ("GIT_INDEX_FILE", index.as_os_str())];
    let said = this.wf_fix_with(&env, &["--risk", "M03-R01", "-n"]);
    assert!(said.code == 0 && said.err.contains("1 done"), "{}", said.err);
    let here = this.root();
    let said = this.wf_fix_with(&env, &["--risk", "M03-R01", "-n", "-C", here.to_str().unwrap()]);
    assert!(said.code == 0 && said.err.contains("1 pending"), "{}", said.err);
}

#[test]
fn a_preview_says_that_it_reads_the_last_commit() {
    let fixture = Fixture::demo();
    fixture.wf_fix(&["--all"]);
    let fixed = fixture.read(R01);
    fixture.write(R01, fixed.replacen("name:", "name: again", 1).as_bytes());
    for preview in ["--check", "--dry-run"] {
        let said = fixture.wf_fix(&["--all", preview]);
        assert_eq!(said.code, 0, "{}", said.err);
        let warning = format!("the last commit was read, not the worktree: `{R01}` has unstaged changes");
        assert!(said.err.contains(&warning), "{}", said.err);
    }
    let said = fixture.wf_fix(&["--all", "--check", "--branch", "fixed"]);
    assert!(!said.err.contains("the last commit was read"), "{}", said.err);
}
