//! The reference job: milestone M04, with its exact figures.

use std::fs;
use std::path::Path;

use crate::fixture::Fixture;

const RISKS: [&str; 5] = ["M03-R01", "M03-R02", "M03-R03", "M03-R04", "M03-R05"];
const MILESTONE: [&str; 4] = ["--milestone", "M04", "--date", "2026-02-08"];

fn assert_text_of_the_milestone(fixture: &Fixture) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/milestone-m04/out/.github/workflows");
    for entry in fs::read_dir(golden).unwrap() {
        let path = entry.unwrap().path();
        let name = format!(".github/workflows/{}", path.file_name().unwrap().to_str().unwrap());
        assert_eq!(fixture.read(&name), fs::read_to_string(&path).unwrap(), "{name}");
    }
}

#[test]
fn five_commits_with_the_figures_of_the_milestone() {
    let fixture = Fixture::demo();
    let said = fixture.wf_fix(&MILESTONE);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(fixture.git(&["rev-list", "--count", "HEAD"]), "6");
    let stat = fixture.git(&["diff", "--shortstat", "HEAD~5", "HEAD"]);
    assert_eq!(stat.trim(), "5 files changed, 7 insertions(+), 37 deletions(-)");
    let each: Vec<String> = (0..5)
        .rev()
        .map(|n| fixture.git(&["diff", "--numstat", &format!("HEAD~{}", n + 1), &format!("HEAD~{n}")]))
        .map(|line| line.replace(".github/workflows/", "").replace('\t', " "))
        .collect();
    assert_eq!(
        each,
        [
            "0 1 target_determination.yml",
            "3 2 llm_td_retrieval.yml",
            "3 31 trunk.yml",
            "0 2 tools-unit-tests.yml",
            "1 1 scorecards.yml"
        ]
    );
    assert_text_of_the_milestone(&fixture);
    assert_eq!(fixture.git(&["status", "--porcelain"]), "");
    fixture.git(&["fsck", "--strict"]);
}

#[test]
fn every_commit_names_its_risk_in_trailers() {
    let fixture = Fixture::demo();
    fixture.wf_fix(&MILESTONE);
    let format = "%(trailers:key=Risk-ID,valueonly,separator=)|%(trailers:key=Milestone,valueonly,separator=)|%(trailers:key=Invariant,valueonly,separator=)|%(trailers:key=Rule,valueonly,separator=)";
    let log = fixture.git(&["log", "--reverse", "-5", &format!("--format={format}")]);
    let wanted: Vec<String> = RISKS.iter().map(|id| format!("{id}|M04|INV-060|rules/{id}.yml")).collect();
    assert_eq!(log.lines().collect::<Vec<_>>(), wanted);
    let subjects = fixture.git(&["log", "-5", "--format=%s"]);
    assert!(subjects.lines().all(|subject| subject.starts_with("ci: ") && subject.len() <= 72), "{subjects}");
}

#[test]
fn the_message_says_what_changed_and_what_was_proven() {
    let fixture = Fixture::demo();
    fixture.wf_fix(&["--risk", "M03-R02"]);
    crate::fixture::snapshot("commit-message-r02", &fixture.git(&["log", "-1", "--format=%B"]));
}

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    let fixture = Fixture::demo();
    fixture.wf_fix(&MILESTONE);
    let state = fixture.state();
    let said = fixture.wf_fix(&MILESTONE);
    assert_eq!((said.code, said.out.as_str()), (0, ""));
    assert!(said.err.ends_with("5 done: nothing to change\n"), "{}", said.err);
    assert_eq!(fixture.state(), state);
}

#[test]
fn the_risks_give_the_same_tree_in_any_order() {
    let fixture = Fixture::demo();
    let mut trees = Vec::new();
    for (n, order) in permutations(&RISKS).into_iter().enumerate() {
        let branch = format!("order-{n}");
        let mut args = vec!["--branch", &branch, "--date", "2026-02-08"];
        args.extend(order.iter().flat_map(|id| ["--risk", id]));
        let said = fixture.wf_fix(&args);
        assert_eq!(said.code, 0, "{}", said.err);
        trees.push(fixture.git(&["rev-parse", &format!("{branch}^{{tree}}")]));
    }
    assert_eq!(trees.len(), 120);
    trees.dedup();
    assert_eq!(trees.len(), 1);
}

#[test]
fn one_risk_at_a_time_gives_the_same_tree() {
    let fixture = Fixture::demo();
    for id in ["M03-R05", "M03-R03", "M03-R01", "M03-R04", "M03-R02"] {
        let said = fixture.wf_fix(&["--risk", id, "--date", "2026-02-08"]);
        assert_eq!((said.code, said.out.lines().count()), (0, 1), "{}", said.err);
    }
    assert_text_of_the_milestone(&fixture);
}

fn permutations<'a>(items: &[&'a str]) -> Vec<Vec<&'a str>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let with_first = |index: usize| {
        let mut rest = items.to_vec();
        let first = rest.remove(index);
        permutations(&rest).into_iter().map(move |tail| [vec![first], tail].concat())
    };
    (0..items.len()).flat_map(with_first).collect()
}
