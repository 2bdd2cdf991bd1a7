//! `wf-fix report`: its figures against git, its facts against the milestone, its bytes against themselves.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::fixture::{Fixture, R01, Said, snapshot};
use crate::verify::{done, schema};

const RANGE: &str = "HEAD~5..HEAD";

fn report(fixture: &Fixture, kind: &str, more: &[&str]) -> Said {
    let said =
        fixture.wf_fix(&[&["report", "--milestone", "M04", "--range", RANGE, "--kind", kind][..], more].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    said
}

fn data(fixture: &Fixture) -> Value {
    serde_json::from_str(&report(fixture, "audit", &["--format", "json"]).out).unwrap()
}

/// Object IDs depend on the words of messages: their place among the commits stays.
fn without_ids(fixture: &Fixture, text: &str) -> String {
    let ids = fixture.git(&["rev-list", "--reverse", "HEAD"]);
    ids.lines().enumerate().fold(text.to_owned(), |text, (n, id)| {
        text.replace(id, &format!("commit-{n}-full-length")).replace(&id[..12], &format!("commit-{n}----"))
    })
}

#[test]
fn the_documents_of_the_milestone() {
    let fixture = done();
    for kind in ["summary", "audit"] {
        let said = report(&fixture, kind, &[]);
        snapshot(&format!("report-{kind}"), &without_ids(&fixture, &said.out));
    }
}

/// Every fact that the hand-made documents of the milestone state.
#[test]
fn nothing_of_the_milestone_is_missing_and_no_figure_is_wrong() {
    let fixture = done();
    let summary = report(&fixture, "summary", &[]).out;
    for section in [
        "Objective",
        "Scope",
        "Work executed",
        "Invariants",
        "Validation and evidence",
        "CI impact",
        "Deferred work",
        "Exit criteria",
    ] {
        assert_eq!(summary.matches(&format!("\n## {section}\n")).count(), 1, "{section}");
    }
    assert!(summary.contains("5 commits, 5 files changed, 7 insertions(+), 37 deletions(-)"), "{summary}");
    // Risk, severity, file, lines, and what was done.
    let rows = [
        ("M03-R01", "high", "target_determination.yml", "+0 -1", "remove `continue-on-error: true` from step `Do TD`"),
        (
            "M03-R02",
            "high",
            "llm_td_retrieval.yml",
            "+3 -2",
            "remove `continue-on-error: true` from job `llm-retrieval`",
        ),
        ("M03-R03", "high", "trunk.yml", "+3 -31", "remove job `linux-jammy-py3-clang15-executorch-test`"),
        ("M03-R04", "high", "tools-unit-tests.yml", "+0 -2", "step `Run tests` of job `lumen-cli-compatible-python39`"),
        ("M03-R05", "medium", "scorecards.yml", "+1 -1", "to `github.repository == 'pytorch/pytorch'`"),
    ];
    for (risk, severity, file, lines, action) in rows {
        let start = format!("| {risk} | {severity} | ");
        let row = summary.lines().find(|row| row.starts_with("| `") && row.contains(&start));
        let row = row.unwrap_or_else(|| panic!("no row for {risk}"));
        assert!(row.contains(action) && row.contains(&format!("/{file}` | {lines} |")), "{row}");
    }
    for out in ["| M03-R06 | low |", "| M03-R07 | low |", "| M03-R08 | low |"] {
        let row = summary.lines().find(|row| row.starts_with(out)).unwrap();
        assert!(row.contains("accepted: "), "{row}");
    }
    // What each change means for the runs.
    let impact = [
        (
            "M03-R01",
            "step `Do TD` of job `target-determination`: its failure was masked",
            "now it fails job `target-determination`",
        ),
        ("M03-R02", "job `llm-retrieval`: its failure reddened only its own check", "now it fails the run"),
        ("M03-R03", "job `linux-jammy-py3-clang15-executorch-build` is gone; it never ran", "`false`"),
        ("M03-R03", "job `linux-jammy-py3-clang15-executorch-test` is gone; it never ran", "needs never runs"),
        (
            "M03-R04",
            "`Run tests` of job `lumen-cli-unit-tests-python312`: its failure was masked",
            "and with it the run",
        ),
        (
            "M03-R04",
            "`Run tests` of job `lumen-cli-compatible-python39`: its failure was masked",
            "and with it the run",
        ),
        ("M03-R05", "job `analysis` never ran", "now it runs if `github.repository == 'pytorch/pytorch'`"),
    ];
    for (risk, was, is) in impact {
        let said = |line: &&str| line.starts_with(&format!("- {risk}: ")) && line.contains(was) && line.contains(is);
        assert_eq!(summary.lines().filter(said).count(), 1, "{risk}: {was}\n{summary}");
    }
    for (id, risk) in [("M04-V01", "M03-R01"), ("M04-V02", "M03-R02"), ("M04-V03", "M03-R04"), ("M04-V04", "M03-R05")] {
        assert!(summary.contains(&format!("| {id} | {risk} | ")), "{id}");
    }
    assert!(summary.contains("| INV-060 | ") && summary.contains("| INV-070 | "));
    let audit = report(&fixture, "audit", &[]).out;
    for section in [
        "Delta map",
        "Semantic proof",
        "Guardrail compliance",
        "Issues",
        "Deferred verification",
        "Evidence gaps",
        "Appendix",
    ] {
        assert_eq!(audit.matches(&format!("\n## {section}\n")).count(), 1, "{section}");
    }
    assert_eq!(audit.matches("\n### M03-R0").count(), 5);
    assert!(audit.contains("-        continue-on-error: true\n"), "the diffs are there");
}

/// What git counts, by path.
fn numstat(fixture: &Fixture, from: &str, to: &str) -> BTreeMap<String, (String, String)> {
    let said = fixture.git(&["diff", "--numstat", "--no-renames", "-z", from, to]);
    said.split('\0')
        .filter(|row| !row.is_empty())
        .map(|row| {
            let mut parts = row.splitn(3, '\t');
            let (added, removed, path) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
            (path.to_owned(), (added.to_owned(), removed.to_owned()))
        })
        .collect()
}

fn counted(files: &Value) -> BTreeMap<String, (String, String)> {
    let row = |file: &Value| {
        let binary = file["binary"] == true;
        let show = |key: &str| if binary { "-".to_owned() } else { file[key].to_string() };
        (file["path"].as_str().unwrap().to_owned(), (show("added"), show("removed")))
    };
    files.as_array().unwrap().iter().map(row).collect()
}

#[test]
fn every_count_of_lines_is_git_s() {
    let fixture = Fixture::demo();
    // Lines that repeat are where algorithms differ.
    let mut seed = 7u64;
    let mut random = |n: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % n
    };
    let mut text =
        |lines: u64| (0..lines).map(|_| ["a\n", "b\n", "\n", "}\n", "c d\n"][random(5) as usize]).collect::<String>();
    for n in 0..30 {
        fixture.write(&format!("files/{n}.txt"), text(40).as_bytes());
    }
    fixture.write("data.bin", b"\0\x01");
    fixture.write("end.txt", b"no newline");
    fixture.commit("base");
    for n in 0..30 {
        fixture.write(&format!("files/{n}.txt"), text(40).as_bytes());
    }
    fixture.write("data.bin", b"\0\x02\n");
    fixture.write("end.txt", b"no newline\n");
    fixture.write("with \"quotes\".txt", "é\r\n".as_bytes());
    fixture.commit("first");
    fixture.wf_fix(&["--milestone", "M04", "--date", "2026-02-08"]);
    fixture.git(&["rm", "-q", "files/1.txt"]);
    fixture.git(&["mv", "files/2.txt", "files/other.txt"]);
    fixture.commit("last");
    let said = fixture.wf_fix(&[
        "report",
        "--milestone",
        "M04",
        "--range",
        "HEAD~7..HEAD",
        "--kind",
        "audit",
        "--format",
        "json",
    ]);
    let found: Value = serde_json::from_str(&said.out).unwrap();
    assert!(schema("report.json").is_valid(&found));
    assert_eq!(counted(&found["delta"]), numstat(&fixture, "HEAD~7", "HEAD"));
    let commits = found["commits"].as_array().unwrap();
    assert_eq!(commits.len(), 7);
    for (n, commit) in commits.iter().enumerate() {
        let (from, to) = (format!("HEAD~{}", 7 - n), format!("HEAD~{}", 6 - n));
        assert_eq!(counted(&commit["files"]), numstat(&fixture, &from, &to), "{to}");
    }
    let stat = fixture.git(&["diff", "--shortstat", "--no-renames", "HEAD~7", "HEAD"]);
    let totals = &found["totals"];
    let own = format!(
        "{} files changed, {} insertions(+), {} deletions(-)",
        totals["files"], totals["added"], totals["removed"]
    );
    assert_eq!(own, stat.trim());
}

#[test]
fn the_same_range_gives_the_same_bytes_everywhere() {
    let fixture = done();
    let first: Vec<String> = ["summary", "audit"].map(|kind| report(&fixture, kind, &[]).out).into();
    let url = format!("file://{}", fixture.root().display());
    fixture.git(&["clone", "-q", "--bare", &url, "../bare.git"]);
    fixture.git(&["clone", "-q", "--depth", "6", "--no-checkout", &url, "../shallow"]);
    for (key, value) in [
        ("diff.algorithm", "patience"),
        ("diff.context", "0"),
        ("diff.interHunkContext", "9"),
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("core.abbrev", "5"),
        ("core.autocrlf", "true"),
    ] {
        fixture.git(&["config", key, value]);
    }
    fixture.write(".gitattributes", b"*.yml -diff binary\n");
    fixture.write("more.txt", b"objects of no matter\n");
    fixture.git(&["hash-object", "-w", "more.txt"]);
    for dir in [".", "../bare.git", "../shallow"] {
        let again: Vec<String> = ["summary", "audit"].map(|kind| report(&fixture, kind, &["-C", dir]).out).into();
        assert!(again == first, "{dir}");
    }
}

#[test]
fn the_json_is_that_of_the_schema_and_the_appendix_too() {
    let fixture = done();
    let validator = schema("report.json");
    let errors = |value: &Value| validator.iter_errors(value).map(|error| error.to_string()).collect::<Vec<_>>();
    let whole = data(&fixture);
    assert_eq!(errors(&whole), Vec::<String>::new());
    let audit = report(&fixture, "audit", &[]).out;
    let appendix = audit.split("```json\n").nth(1).unwrap().split("\n```").next().unwrap();
    let appendix: Value = serde_json::from_str(appendix).unwrap();
    assert_eq!(errors(&appendix), Vec::<String>::new());
    for (key, value) in appendix.as_object().unwrap() {
        assert_eq!(value, &whole[key], "{key}");
    }
    assert!(!appendix.as_object().unwrap().contains_key("proofs"));
}

#[test]
fn a_series_that_fails_says_so() {
    let fixture = done();
    fixture.write(
        R01,
        fixture.read(R01).replace("        id: td\n", "        id: td\n        continue-on-error: true\n").as_bytes(),
    );
    fixture.commit("Make it green again");
    let all = ["report", "--milestone", "M04", "--range", "HEAD~6..HEAD", "--kind"];
    let found = fixture.wf_fix(&[&all[..], &["audit", "--format", "json"]].concat());
    let found: Value = serde_json::from_str(&found.out).unwrap();
    assert!(schema("report.json").is_valid(&found));
    assert_eq!(found["verdict"], "fail");
    let failed: Vec<&str> = found["quality_gates"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|gate| gate["passes"] == false)
        .map(|gate| gate["id"].as_str().unwrap())
        .collect();
    assert_eq!(failed, ["one-risk-per-commit", "each-risk-once", "invariants", "no-failure-hidden"]);
    let issues: Vec<&str> =
        found["issues"].as_array().unwrap().iter().map(|issue| issue["code"].as_str().unwrap()).collect();
    assert_eq!(issues, ["no-risk", "not-done-at-head", "invariant"]);
    assert_eq!(found["issues"][0]["id"], "M04-I01");
    let met: Vec<Option<bool>> =
        found["exit_criteria"].as_array().unwrap().iter().map(|one| one["met"].as_bool()).collect();
    assert_eq!(met, [Some(true), Some(false), Some(false), Some(false), None]);
    let summary = fixture.wf_fix(&[&all[..], &["summary"]].concat());
    assert!(summary.code == 0 && summary.out.contains("Verdict: **fail**") && summary.out.contains("can now hide"));
}

#[test]
fn names_from_workflows_make_no_markup() {
    let fixture = Fixture::empty();
    let name = "<img src=x> ![a](b) | *x* `tick \\u001b[31m \\u202e";
    let workflow = format!(
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - name: \"{name}\"\n        continue-on-error: true\n        run: pytest\n"
    );
    fixture.write(".github/workflows/a.yml", workflow.as_bytes());
    let rule = "id: M03-R01\ntitle: '<b>bold</b> | [x](y)'\nseverity: high\ncategory: soft-fail\nmilestone: M04\nworkflow: .github/workflows/a.yml\nrewrites:\n  - remove-key:\n      at: $.jobs.a.steps[0]['continue-on-error']\n";
    fixture.write(".wf-fix/rules/M03-R01.yml", rule.as_bytes());
    fixture.commit("before");
    fixture.wf_fix(&["--risk", "M03-R01"]);
    for kind in ["summary", "audit"] {
        let said = fixture.wf_fix(&["report", "--milestone", "M04", "--range", "HEAD~1..HEAD", "--kind", kind]);
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(!said.out.contains(['\x1b', '\u{202e}']), "{}", said.out);
        let outside: String = said.out.split("```").step_by(2).collect();
        assert!(!outside.contains("<b>") && outside.contains("&lt;b>bold&lt;/b> \\| \\[x\\](y)"), "{outside}");
        assert!(outside.lines().all(|line| !line.starts_with('|') || cells(line) > 1), "{outside}");
    }
    let json = fixture.wf_fix(&["report", "--milestone", "M04", "--range", "HEAD~1..HEAD", "--kind", "audit"]).out;
    let appendix = json.split("```json\n").nth(1).unwrap().split("\n```").next().unwrap();
    assert!(serde_json::from_str::<Value>(appendix).is_ok());
}

/// The bars of a row that end a cell.
fn cells(row: &str) -> usize {
    row.replace("\\|", "").matches('|').count() - 1
}

#[test]
fn every_table_has_rows_as_wide_as_its_head() {
    let fixture = done();
    for kind in ["summary", "audit"] {
        let text = report(&fixture, kind, &[]).out;
        let lines: Vec<&str> = text.lines().collect();
        let heads =
            lines.windows(2).enumerate().filter(|(_, pair)| pair[0].starts_with("| ") && pair[1].starts_with("|-"));
        let mut tables = 0;
        for (at, pair) in heads {
            tables += 1;
            let rows: Vec<&&str> = lines[at + 2..].iter().take_while(|line| line.starts_with('|')).collect();
            assert!(!rows.is_empty() && rows.iter().all(|row| cells(row) == cells(pair[0])), "{rows:#?}");
        }
        assert!(tables >= 2, "{kind}: {tables}");
        let prose: String = text.split("```").step_by(2).collect();
        assert!(!prose.contains(" \n"), "{kind} has blanks at the end of a line");
        let gap = text.find("\n\n\n").map(|at| &text[at.saturating_sub(80)..]);
        assert_eq!(gap, None, "{kind} has gaps");
    }
}

#[test]
fn a_template_of_one_s_own() {
    let fixture = done();
    fixture.write("t.md", b"{{ milestone }}: {{ totals.added }}/{{ totals.removed }}\n{% for commit in commits %}\n* {{ commit.risk }} {{ commit.files[0].path | code }}\n{% endfor %}\n");
    let said = report(&fixture, "summary", &["--template", "t.md"]);
    assert!(
        said.out.starts_with("M04: 7/37\n* M03-R01 `.github/workflows/target_determination.yml`\n* M03-R02 "),
        "{}",
        said.out
    );
    fixture.write("bad.md", b"a\n{{ milestone }}\n{{ totals.addded }}\n");
    let all = ["report", "--milestone", "M04", "--range", RANGE, "--kind", "audit"];
    for (more, word) in [
        (&["--template", "bad.md"][..], "bad.md:3:1: undefined value"),
        (&["--template", "none.md"], "the template none.md cannot be read"),
        (&["--template", "."], "no regular file"),
        (&["--template", "t.md", "--format", "json"], "leave one of them out"),
        (&["--format", "sarif"], "`wf-fix audit`"),
        (&["--range", "x..y"], "cannot be used multiple times"),
    ] {
        let said = fixture.wf_fix(&[&all[..], more].concat());
        assert!(said.code == 2 && said.out.is_empty() && said.err.contains(word), "{more:?}: {}", said.err);
    }
    let said = fixture.wf_fix(&["report", "--milestone", "M40", "--range", RANGE, "--kind", "audit"]);
    assert!(said.code == 2 && said.err.contains("no risk of milestone `M40`"), "{}", said.err);
}
