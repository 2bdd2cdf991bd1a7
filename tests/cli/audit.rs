//! `wf-fix audit` as a person meets it.

use crate::fixture::{Fixture, snapshot};

#[test]
fn the_audit_shows_what_needs_action() {
    let fixture = Fixture::demo();
    let said = fixture.wf_fix(&["audit"]);
    assert_eq!(said.code, 0, "{}", said.err);
    snapshot("audit-text", &said.out);
}

#[test]
fn the_document_has_its_parts() {
    let said = Fixture::demo().wf_fix(&["audit", "--format", "markdown"]);
    snapshot("audit-markdown", &said.out);
}

#[test]
fn the_forms_for_programs_parse_and_agree() {
    let fixture = Fixture::demo();
    let json: serde_json::Value = serde_json::from_str(&fixture.wf_fix(&["audit", "--format", "json"]).out).unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&fixture.wf_fix(&["audit", "--format", "sarif"]).out).unwrap();
    assert_eq!((json["version"].as_u64(), json["summary"]["action"].as_u64()), (Some(1), Some(7)));
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), json["findings"].as_array().unwrap().len());
    assert_eq!(results.iter().filter(|result| result["suppressions"].is_null()).count(), 7);
    let commands = fixture.wf_fix(&["audit", "--format", "github"]).out;
    assert_eq!(commands.lines().filter(|line| line.starts_with("::error file=")).count(), 6);
}

#[test]
fn fail_on_gives_the_exit_code() {
    let fixture = Fixture::demo();
    for (args, code) in [
        (&["--fail-on", "high"][..], 1),
        (&["--fail-on", "low", "--category", "retry-masking"], 0),
        (&["--fail-on", "high", "--path", "**/scorecards.yml"], 0),
        (&["--fail-on", "medium", "--path", "**/scorecards.yml"], 1),
        (&["--detector", "no-such"], 2),
        (&["--explain", "nowhere"], 2),
    ] {
        let said = fixture.wf_fix(&[&["audit"], args].concat());
        assert_eq!(said.code, code, "{args:?}: {}", said.err);
    }
}

#[test]
fn explain_shows_one_place() {
    let said = Fixture::demo().wf_fix(&["audit", "--explain", "trunk.yml:97"]);
    assert_eq!(said.code, 0);
    snapshot("audit-explain", &said.out);
}

#[test]
fn written_rules_give_the_edits_of_the_milestone() {
    let fixture = Fixture::demo();
    let write = ["audit", "--write-rules", "found", "--milestone", "M03", "--fix-in", "M04"];
    let said = fixture.wf_fix(&write);
    assert_eq!((said.code, said.out.lines().count()), (0, 9), "{}", said.err);
    let fix = ["--rules", "found", "--milestone", "M04", "--date", "2026-02-08", "--dry-run"];
    let said = fixture.wf_fix(&fix);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.ends_with("5 files changed, 7 insertions(+), 37 deletions(-)\n"), "{}", said.err);
    let again = fixture.wf_fix(&write);
    assert_eq!((again.code, again.out.as_str()), (0, ""), "{}", again.err);
    // What it recorded as fine hides nothing that needs action in the same files.
    let count = |args: &[&str]| fixture.wf_fix(args).out.lines().last().unwrap_or_default().to_owned();
    assert_eq!(count(&["audit", "--format", "github", "--rules", "found"]), count(&["audit", "--format", "github"]));
    fixture.write("found/M03-R99.yml", b"id: M03-R99\ntitle: [\n");
    let broken = fixture.wf_fix(&write);
    assert_eq!(broken.code, 2);
    assert!(broken.err.contains("found/M03-R99.yml:3:"), "{}", broken.err);
}

#[test]
fn a_folder_without_workflows_is_refused() {
    let said = Fixture::empty().wf_fix(&["audit"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("nothing to audit"), "{}", said.err);
}
