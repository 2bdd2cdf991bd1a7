//! `wf-fix verify`: what passes, where it works, and what it prints.

use std::path::Path;

use serde_json::Value;

use crate::fixture::{Fixture, R01, Said, TRUNK, snapshot};

const RANGE: &str = "HEAD~5..HEAD";
const MILESTONE: [&str; 4] = ["--milestone", "M04", "--date", "2026-02-08"];

/// The demo with the milestone done by wf-fix.
pub fn done() -> Fixture {
    let fixture = Fixture::demo();
    let said = fixture.wf_fix(&MILESTONE);
    assert_eq!(said.code, 0, "{}", said.err);
    fixture
}

fn verify(fixture: &Fixture, more: &[&str]) -> Said {
    fixture.wf_fix(&[&["verify", RANGE][..], more].concat())
}

fn passes(said: &Said) {
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.ends_with("everything is in order\n"), "{}", said.out);
}

/// Rewrites the last commit's file by hand and commits it anew.
fn redo(fixture: &Fixture, path: &str, edit: impl Fn(&str) -> String) {
    let text = edit(&fixture.read(path));
    assert_ne!(text, fixture.read(path));
    fixture.write(path, text.as_bytes());
    fixture.git(&["commit", "-q", "-a", "--amend", "--no-edit"]);
}

/// The validator of a schema in docs/schema.
pub fn schema(name: &str) -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema").join(name);
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn the_series_that_wf_fix_writes_passes_also_with_exact() {
    let fixture = done();
    let said = verify(&fixture, &["--milestone", "M04", "--exact"]);
    passes(&said);
    snapshot("verify-text", &without_ids(&fixture, &said.out));
}

/// Object IDs depend on the words of messages: their place among the commits stays.
fn without_ids(fixture: &Fixture, text: &str) -> String {
    let ids = fixture.git(&["rev-list", "--reverse", "HEAD"]);
    ids.lines().enumerate().fold(text.to_owned(), |text, (n, id)| {
        text.replace(id, &format!("commit-{n}-full-length")).replace(&id[..12], &format!("commit-{n}----"))
    })
}

#[test]
fn it_reads_git_objects_only() {
    let fixture = done();
    let url = format!("file://{}", fixture.root().display());
    fixture.git(&["clone", "-q", "--bare", &url, "../bare.git"]);
    fixture.git(&["clone", "-q", "--depth", "6", "--no-checkout", &url, "../shallow"]);
    // What stands in the worktree is no matter.
    fixture.write(R01, b"something else");
    fixture.write(".wf-fix/rules/M03-R01.yml", b"no rule at all");
    let plain = verify(&fixture, &["--milestone", "M04"]);
    passes(&plain);
    for other in ["../bare.git", "../shallow"] {
        let said = verify(&fixture, &["--milestone", "M04", "-C", other]);
        assert_eq!((said.code, said.out.as_str()), (0, plain.out.as_str()), "{other}: {}", said.err);
    }
    assert!(!fixture.root().join("../bare.git/worktrees").exists());
}

#[test]
fn a_shallow_clone_without_the_range_says_what_to_fetch() {
    let fixture = done();
    let url = format!("file://{}", fixture.root().display());
    fixture.git(&["clone", "-q", "--depth", "3", &url, "../short"]);
    let base = fixture.git(&["rev-parse", RANGE.split("..").next().unwrap()]);
    let by_name = verify(&fixture, &["-C", "../short"]);
    assert!(by_name.code == 2 && by_name.err.contains("git fetch --unshallow"), "{}", by_name.err);
    // The base alone, fetched beside it: both ends are there, and what lies between is not.
    fixture.git(&["-C", "../short", "fetch", "-q", "--depth", "1", &url, &base]);
    let gap = fixture.wf_fix(&["-C", "../short", "verify", &format!("{base}..HEAD")]);
    assert!(gap.code == 2 && gap.err.contains("git fetch --unshallow"), "{}", gap.err);
    assert_eq!(gap.out, "");
}

#[test]
fn a_missing_object_ends_with_2_and_not_with_a_verdict() {
    for (rev, name) in [("HEAD", R01), ("HEAD~5", R01), ("HEAD", ".github/workflows/lint.yml"), ("HEAD~2", "")] {
        let fixture = done();
        let object = if name.is_empty() { format!("{rev}^{{tree}}") } else { format!("{rev}:{name}") };
        let id = fixture.git(&["rev-parse", &object]);
        std::fs::remove_file(fixture.root().join(format!(".git/objects/{}/{}", &id[..2], &id[2..]))).unwrap();
        let said = verify(&fixture, &[]);
        let helps = said.err.contains("git fetch --refetch --no-filter");
        assert!(said.code == 2 && said.out.is_empty() && helps, "{object}: {} {}{}", said.code, said.out, said.err);
    }
}

#[test]
fn by_hand_the_lines_of_the_plan_may_look_different() {
    let fixture = Fixture::demo();
    fixture.wf_fix(&["--risk", "M03-R03", "--date", "2026-02-08"]);
    redo(&fixture, TRUNK, |text| {
        let wrapped = text.replace(
            "They had been disabled with `if: false` and comment\n  # \"Has",
            "They had been\n  # disabled with `if: false` and comment \"Has",
        );
        wrapped.replace("re-add as a working job.\n", "re-add as a working job.\n\n")
    });
    fixture.wf_fix(&["--risk", "M03-R05"]);
    redo(&fixture, ".github/workflows/scorecards.yml", |text| text.replace("'  # don't", "' # don't"));
    let said = fixture.wf_fix(&["verify", "HEAD~2..HEAD"]);
    passes(&said);
    snapshot("verify-by-hand", &without_ids(&fixture, &said.out));
    let exact = fixture.wf_fix(&["verify", "HEAD~2..HEAD", "--exact"]);
    assert_eq!((exact.code, exact.out.matches(": form: ").count()), (1, 3), "{}", exact.out);
}

#[test]
fn a_note_of_another_day_is_the_author_s_to_say() {
    let fixture = Fixture::demo();
    fixture.wf_fix(&["--risk", "M03-R03", "--date", "2025-12-31"]);
    let said = fixture.wf_fix(&["verify", "HEAD~1..HEAD", "--exact"]);
    passes(&said);
    assert!(said.out.contains("note: the note is dated 2025-12-31, the commit 2026-02-08"), "{}", said.out);
}

#[test]
fn where_base_has_moved_on_the_series_starts_at_the_fork() {
    let fixture = done();
    fixture.git(&["checkout", "-q", "-b", "trunk", "HEAD~5"]);
    fixture.write("news.md", b"x\n");
    fixture.commit("Something else");
    let said = fixture.wf_fix(&["verify", "trunk..main", "--milestone", "M04", "--format", "json"]);
    let verdict: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, verdict["commits"].as_array().unwrap().len()), (0, 5), "{}", said.out);
    assert_ne!(verdict["base"], verdict["start"]);
}

#[test]
fn the_register_of_base_counts_and_not_that_of_the_worktree() {
    let fixture = Fixture::demo();
    let rule = "id: OWN-1\ntitle: t\nseverity: low\ncategory: structure\nmilestone: OWN\nworkflow: .github/workflows/lint.yml\nrewrites:\n  - remove-key:\n      at: $.jobs.lintrunner['timeout-minutes']\n";
    fixture.write(".wf-fix/rules/OWN-1.yml", rule.as_bytes());
    fixture.commit("register");
    fixture.wf_fix(&["--risk", "OWN-1"]);
    std::fs::remove_dir_all(fixture.root().join(".wf-fix")).unwrap();
    passes(&fixture.wf_fix(&["verify", "HEAD~1..HEAD", "--milestone", "OWN"]));
    // Against a base without the register, the commit that brings it in is no risk's.
    let said = fixture.wf_fix(&["verify", "HEAD~2..HEAD"]);
    assert!(said.code == 1 && said.out.contains("rule-edited"), "{}", said.out);
    // Rules given by hand count first.
    std::fs::create_dir(fixture.root().join("mine")).unwrap();
    fixture.write("mine/OWN-1.yml", rule.replace("fix: x", "").as_bytes());
    passes(&fixture.wf_fix(&["verify", "HEAD~1..HEAD", "--rules", "mine"]));
}

#[test]
fn invariants_of_the_register_are_asked_at_head() {
    let fixture = Fixture::demo();
    let invariants = "invariants:\n  - id: INV-080\n    text: Actions are pinned.\n    workflow: .github/workflows/lint.yml\n    query: $.jobs.*.steps[?@.uses && !search(@.uses, '@[0-9a-f]{40}')].uses\n  - id: INV-090\n    text: Nothing runs never.\n    audit:\n      detector: never-runs\n      path: .github/workflows/trunk.yml\n";
    fixture.write(".wf-fix/rules/invariants.yml", invariants.as_bytes());
    fixture.commit("register");
    assert_eq!(fixture.wf_fix(&["rules", "check"]).code, 0);
    fixture.wf_fix(&["--risk", "M03-R01"]);
    let said = fixture.wf_fix(&["verify", "HEAD~1..HEAD", "--format", "json"]);
    let verdict: Value = serde_json::from_str(&said.out).unwrap();
    assert!(schema("verify.json").is_valid(&verdict));
    let held: Vec<(&str, bool, usize)> = verdict["invariants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (one["id"].as_str().unwrap(), one["holds"].as_bool().unwrap(), one["reasons"].as_array().unwrap().len())
        })
        .collect();
    assert_eq!(held, [("INV-060", true, 0), ("INV-070", true, 0), ("INV-080", false, 3), ("INV-090", false, 2)]);
    let first = &verdict["invariants"][2]["reasons"][0];
    assert_eq!((first["file"].as_str(), first["line"].as_u64()), (Some(".github/workflows/lint.yml"), Some(22)));
    fixture.wf_fix(&["--risk", "M03-R03"]);
    let said = fixture.wf_fix(&["verify", "HEAD~1..HEAD"]);
    assert!(said.out.contains("ok    INV-090") && said.out.contains("FAIL  INV-080"), "{}", said.out);
}

#[test]
fn a_mistake_in_invariants_stops_every_command_at_its_place() {
    let fixture = Fixture::demo();
    fixture.write(".wf-fix/rules/invariants.yml", b"invariants:\n  - id: INV-060\n    text: x\n    query: $.a\n");
    fixture.commit("register");
    fixture.write("x", b"");
    fixture.commit("M03-R01");
    for args in [&["rules", "check"][..], &["--risk", "M03-R01", "-n"], &["verify", "HEAD~1..HEAD"]] {
        let said = fixture.wf_fix(args);
        let place = ".wf-fix/rules/invariants.yml:2:9: INV-060 is built in";
        assert!(said.code == 2 && said.err.contains(place), "{args:?}: {}", said.err);
    }
}

#[test]
fn the_json_is_that_of_the_schema_and_the_same_every_time() {
    let fixture = done();
    let validator = schema("verify.json");
    let first = verify(&fixture, &["--format", "json"]);
    let verdict: Value = serde_json::from_str(&first.out).unwrap();
    let errors: Vec<String> = validator.iter_errors(&verdict).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(first.out, verify(&fixture, &["--format", "json"]).out);
    fixture.write(R01, b"\xff");
    fixture.commit("odd \x1b[31m bytes M03-R01");
    let odd = fixture.wf_fix(&["verify", "HEAD~6..HEAD", "--format", "json"]);
    assert!(odd.code == 1 && validator.is_valid(&serde_json::from_str(&odd.out).unwrap()));
    let text = fixture.wf_fix(&["verify", "HEAD~6..HEAD"]);
    assert!(!text.out.contains('\x1b') && text.out.contains("\\u{1b}"), "{}", text.out);
}

#[test]
fn an_unfit_request_ends_with_2() {
    let fixture = done();
    for (args, word) in [
        (&["verify", "nowhere..HEAD"][..], "`nowhere` names no commit"),
        (&["verify", "HEAD..HEAD~2"], "there is no commit in HEAD..HEAD~2"),
        (&["verify", "HEAD..HEAD"], "there is no commit"),
        (&["verify", "HEAD~2...HEAD"], "three dots"),
        (&["verify", "HEAD"], "is no range"),
        (&["verify", "..HEAD"], "is no range"),
        (&["verify", "HEAD~5..HEAD", "--milestone", "M44"], "did you mean"),
        (&["verify", "HEAD~5..HEAD", "--format", "sarif"], "`wf-fix audit`"),
        (&["--all", "verify", "HEAD~5..HEAD"], "before a command"),
        (&["verify", "HEAD~5..HEAD", "-C", "/"], "not a git repository"),
    ] {
        let said = fixture.wf_fix(args);
        assert!(
            said.code == 2 && said.out.is_empty() && said.err.contains(word),
            "{args:?}: {} {}",
            said.code,
            said.err
        );
    }
}

#[test]
fn nothing_is_written() {
    let fixture = done();
    let state = fixture.state();
    let objects = fixture.git(&["count-objects", "-v"]);
    verify(&fixture, &["--milestone", "M04"]);
    assert_eq!((fixture.state(), fixture.git(&["count-objects", "-v"])), (state, objects));
}

#[test]
fn a_root_commit_in_the_range_is_named() {
    let fixture = Fixture::demo();
    fixture.git(&["checkout", "-q", "--orphan", "fresh"]);
    fixture.commit("All anew, M03-R01");
    let said = fixture.wf_fix(&["verify", "main..fresh"]);
    assert!(said.code == 1 && said.out.contains(": root-commit: "), "{}{}", said.out, said.err);
}

#[test]
fn rules_that_are_links_at_base_are_refused() {
    let fixture = Fixture::demo();
    fixture.write("rules.yml", b"x");
    std::fs::create_dir_all(fixture.root().join(".wf-fix/rules")).unwrap();
    std::os::unix::fs::symlink("../../rules.yml", fixture.root().join(".wf-fix/rules/M03-R01.yml")).unwrap();
    fixture.commit("register");
    fixture.write("x", b"");
    fixture.commit("M03-R01");
    let said = fixture.wf_fix(&["verify", "HEAD~1..HEAD"]);
    assert!(said.code == 2 && said.err.contains("M03-R01.yml` is a symbolic link"), "{}", said.err);
}

#[test]
fn the_documentation_lists_every_reason() {
    let docs = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/verify.md")).unwrap();
    for (_, word, says) in wf_fix::verify::reason::REASONS {
        assert!(docs.contains(&format!("| `{word}` | {says} |")), "{word}");
    }
    assert_eq!(docs.lines().filter(|line| line.starts_with("| `")).count(), wf_fix::verify::reason::REASONS.len());
}

#[test]
fn the_workflow_in_the_documentation_has_no_silent_failure() {
    let fixture = Fixture::empty();
    let text = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/verify-workflow.yml")).unwrap();
    fixture.write(".github/workflows/verify.yml", &text);
    let said = fixture.wf_fix(&["audit", "--fail-on", "low"]);
    assert_eq!(said.code, 0, "{}", said.out);
}
