//! The audit's forms for programs against their schemas: JSON against `docs/schema/audit.json`, SARIF by its types.

use serde_json::Value;
use serde_sarif::sarif::{ResultLevel, Sarif};

use crate::fixture::Fixture;

/// A workflow in which most detectors find something.
const ZOO: &str = "\
on:
  pull_request:
    paths: ['src/**']
  push:
    branches: [main]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: pytest tests || true
      - run: pytest more | tee log
      - run: |
          set +e
          pytest again
          echo done
      - name: Lint
        continue-on-error: true
        run: eslint --exit-zero .
      - if: ${{ github.ref }} == 'x'
        run: make test
      - if: false
        run: make lint
  soft:
    runs-on: ubuntu-latest
    continue-on-error: true
    strategy:
      matrix:
        os: [a, b]
        exclude: [{ os: b }]
    steps:
      - run: cargo test
  late:
    if: github.ref == 'refs/heads/dev'
    runs-on: ubuntu-latest
    steps:
      - run: cargo test
  all-done:
    needs: [test, soft]
    runs-on: ubuntu-latest
    steps:
      - run: echo fine
";

fn zoo() -> Fixture {
    let fixture = Fixture::demo();
    fixture.write(".github/workflows/zoo.yml", ZOO.as_bytes());
    fixture.write(".github/workflows/broken.yml", b"jobs: [");
    fixture.commit("zoo");
    fixture
}

fn output(fixture: &Fixture, format: &str) -> Value {
    serde_json::from_str(&fixture.wf_fix(&["audit", "--format", format]).out).unwrap()
}

#[test]
fn the_json_follows_its_schema() {
    let schema: Value = serde_json::from_str(include_str!("../../docs/schema/audit.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let json = output(&zoo(), "json");
    let faults: Vec<String> =
        schema.iter_errors(&json).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let findings = json["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["fix"]["rewrite"] == "edit-script"), "the zoo has one of these");
    assert!(findings.iter().any(|finding| finding["fix"].is_null() && finding["way_out"].is_string()));
    for field in ["detector", "way_out", "fingerprint"] {
        let mut without = json.clone();
        without["findings"][0].as_object_mut().unwrap().remove(field);
        assert!(!schema.is_valid(&without), "the schema asks for `{field}`");
    }
    let mut other = json.clone();
    other["findings"][0]["surprise"] = Value::from(1);
    assert!(!schema.is_valid(&other), "the schema knows every field");
}

#[test]
fn the_sarif_is_what_its_types_say() {
    let value = output(&zoo(), "sarif");
    let sarif: Sarif = serde_json::from_value(value.clone()).unwrap();
    // Nothing is lost on the way through the types, so that nothing is written that they do not know.
    assert_eq!(serde_json::to_value(&sarif).unwrap(), value);
    let run = &sarif.runs[0];
    let rules: Vec<&str> = run.tool.driver.rules.iter().flatten().map(|rule| rule.id.as_str()).collect();
    let results = run.results.as_deref().unwrap();
    assert!(results.len() > 10);
    let line = ZOO.lines().position(|line| line.ends_with("|| true")).unwrap() as i64 + 1;
    let fixes = results.iter().flat_map(|result| result.fixes.iter().flatten());
    let regions: Vec<_> = fixes
        .flat_map(|fix| &fix.artifact_changes)
        .flat_map(|change| &change.replacements)
        .map(|one| (one.deleted_region.start_line.unwrap(), one.deleted_region.start_column.unwrap()))
        .collect();
    assert!(regions.contains(&(line, 26)), "{regions:?}");
    for result in results {
        let index = usize::try_from(result.rule_index.unwrap()).unwrap();
        assert_eq!(rules[index], result.rule_id.as_deref().unwrap());
        assert!(matches!(result.level, Some(ResultLevel::Error | ResultLevel::Warning | ResultLevel::Note)));
        let places = result.locations.iter().chain(&result.related_locations).flatten();
        for place in places {
            let place = place.physical_location.as_ref().unwrap();
            let region = place.region.as_ref().unwrap();
            assert!(region.start_line.unwrap() > 0 && region.start_column.unwrap() > 0);
            assert!(place.artifact_location.as_ref().unwrap().uri.as_ref().unwrap().starts_with(".github/"));
        }
    }
}

#[test]
fn every_fix_that_is_offered_can_be_planned() {
    let fixture = zoo();
    let json = output(&fixture, "json");
    let findings = json["findings"].as_array().unwrap();
    let offered = findings.iter().filter(|f| f["verdict"] == "action" && !f["fix"].is_null()).count();
    let said = fixture.wf_fix(&["audit", "--write-rules", "found", "--milestone", "M03", "--fix-in", "M04"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let said = fixture.wf_fix(&["--rules", "found", "--milestone", "M04", "--date", "2026-02-08", "--dry-run"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("-      - run: pytest tests || true\n+      - run: pytest tests\n"), "{}", said.out);
    assert!(offered > 7, "{offered}");
}
