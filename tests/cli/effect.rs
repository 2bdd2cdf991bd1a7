//! The signal proof as a run shows it: callers are found in the repository, a difference beyond the rule stops the run.

use serde_json::Value;

use crate::fixture::{Fixture, R01};

const CALLER: &str = "on: pull_request\njobs:\n  td:\n    uses: ./.github/workflows/target_determination.yml\n";

fn rule(effect: &str) -> String {
    format!(
        "id: X-1\ntitle: Ranking fails silently\nseverity: high\ncategory: soft-fail\nmilestone: M09\nworkflow: {R01}\n\
         {effect}rewrites:\n  - remove-key:\n      at: $.jobs['target-determination'].steps[?@.name == 'Do TD']['continue-on-error']\n"
    )
}

fn with_rule(effect: &str) -> Fixture {
    let fixture = Fixture::demo();
    fixture.write(".wf-fix/rules/x-1.yml", rule(effect).as_bytes());
    fixture.write(".github/workflows/pull.yml", CALLER.as_bytes());
    fixture.commit("a caller and a rule");
    fixture
}

#[test]
fn a_difference_beyond_the_rule_stops_the_run() {
    let fixture = with_rule("effect: no-runtime-change\n");
    let state = fixture.state();
    let said = fixture.wf_fix(&["--risk", "X-1"]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    let place = format!("error: {R01}:50:");
    assert!(said.err.starts_with(&place), "{}", said.err);
    assert!(said.err.contains("goes beyond `effect: no-runtime-change`: step `Do TD`"), "{}", said.err);
    assert!(said.err.contains("help: look whether the workflow is what the rule takes it for"), "{}", said.err);
    assert_eq!(fixture.state(), state);
}

#[test]
fn an_unknown_effect_has_its_place() {
    let fixture = with_rule("effect: failure-visible\n");
    let said = fixture.wf_fix(&["--risk", "X-1"]);
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("x-1.yml:7:9: unknown effect `failure-visible`; did you mean `failures-visible`?"),
        "{}",
        said.err
    );
}

#[test]
fn callers_are_found_wherever_the_run_reads() {
    let wanted = "with it the run of .github/workflows/pull.yml by way of its job `td`";
    for args in [&["--dry-run"][..], &["--no-commit"], &["--branch", "fix"], &[]] {
        let fixture = with_rule("");
        let said = fixture.wf_fix(&[&["--risk", "X-1"], args].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(said.err.contains(wanted), "{args:?}: {}", said.err);
    }
    let fixture = with_rule("");
    fixture.wf_fix(&["--risk", "X-1"]);
    let message = fixture.git(&["log", "-1", "--format=%B"]);
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(message.contains("At run time (failures-visible, as expected): - Step `Do TD`"), "{message}");
    assert!(message.contains(wanted) && message.contains("- Nothing else changes at run time."), "{message}");
    assert!(message.ends_with("Risk-ID: X-1 Milestone: M09 Rule: .wf-fix/rules/x-1.yml"), "{message}");
}

#[test]
fn what_is_left_for_a_run_upstream_is_data() {
    let fixture = Fixture::demo();
    let said = fixture.wf_fix(&["--milestone", "M04", "--dry-run", "--format", "json"]);
    let json: Value = serde_json::from_str(&said.out).unwrap();
    let ids = |key: &str| -> Vec<String> {
        json["deferred"].as_array().unwrap().iter().map(|entry| entry[key].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("id"), ["M04-V01", "M04-V02", "M04-V03", "M04-V04"]);
    assert_eq!(ids("risk"), ["M03-R01", "M03-R02", "M03-R04", "M03-R05"]);
    let of =
        |id: &str| json["risks"].as_array().unwrap().iter().find(|risk| risk["id"] == id).unwrap()["effect"].clone();
    let says = |id: &str| -> Vec<String> {
        let changes = of(id)["changes"].as_array().unwrap().clone();
        let own = changes.into_iter().filter(|change| change["own"] == true);
        own.map(|change| change["says"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(says("M03-R01"), ["fails-run"]);
    assert_eq!(says("M03-R03"), ["nothing", "nothing"]);
    assert_eq!(of("M03-R03")["nothing"], true);
    assert_eq!(says("M03-R04"), ["fails-run", "fails-run"]);
    assert_eq!(says("M03-R05"), ["now-runs"]);
    assert_eq!(of("M03-R02")["expected"], serde_json::json!(["failures-visible", "documentation-only"]));
}

#[test]
fn the_proof_can_be_left_out_of_a_dry_run_only() {
    let fixture = Fixture::demo();
    let said = fixture.wf_fix(&["--risk", "M03-R01", "--dry-run", "--without-effect"]);
    assert_eq!(said.code, 0);
    assert!(!said.err.contains("effect"), "{}", said.err);
    let said = fixture.wf_fix(&["--risk", "M03-R01", "--without-effect"]);
    assert_eq!(said.code, 2);
}
