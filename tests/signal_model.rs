//! The signal model against what a real runner did: `tests/signal/recorded.json` holds what act saw of the generated
//! workflows (`cargo run --example signal -- record`), and the model must say the same of each.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "../examples/signal/generate.rs"]
mod generate;
#[path = "../examples/signal/model.rs"]
mod model;

use generate::Case;
use model::Outcome;

/// What act saw of one case.
struct Record {
    seed: u64,
    mark: String,
    outcome: Outcome,
}

fn records() -> Vec<Record> {
    let json: serde_json::Value = serde_json::from_str(include_str!("signal/recorded.json")).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let record = |run: &serde_json::Value| Record {
        seed: run["seed"].as_u64().unwrap(),
        mark: text(&run["mark"]),
        outcome: Outcome { lines: run["lines"].as_array().unwrap().iter().map(text).collect(), run: text(&run["run"]) },
    };
    json["runs"].as_array().unwrap().iter().map(record).collect()
}

/// A case with its files changed.
fn changed(seed: u64, change: &dyn Fn(&str) -> String) -> Case {
    let case = generate::case(seed);
    let files = case.files.iter().map(|(path, text)| (path.clone(), change(text))).collect();
    Case { files, ..case }
}

/// Departure 1: act knows no `continue-on-error` of jobs (its model of a job has no such key, `pkg/model/workflow.go`),
/// while GitHub documents that it keeps the run from failing (workflow syntax, `jobs.<job_id>.continue-on-error`).
const SOFT_JOB: &str = "    continue-on-error: true\n";

fn without_soft_jobs(text: &str) -> String {
    // A job's key is indented by four, a step's by eight.
    text.split_inclusive('\n').filter(|line| *line != SOFT_JOB).collect()
}

#[test]
fn the_model_says_what_the_runner_did() {
    let (mut compared, mut departures) = (0, 0);
    for record in records() {
        let case = generate::case(record.seed);
        assert_eq!(format!("{:016x}", generate::mark(&case)), record.mark, "seed {}: record again", record.seed);
        let said = model::play(&case).unwrap();
        compared += 1;
        if said == record.outcome {
            continue;
        }
        departures += 1;
        assert!(case.files[0].1.contains(SOFT_JOB), "seed {}\n act {:?}\n model {said:?}", record.seed, record.outcome);
        let as_act_reads_it = model::play(&changed(record.seed, &without_soft_jobs)).unwrap();
        assert_eq!(as_act_reads_it, record.outcome, "seed {}", record.seed);
    }
    assert!(compared >= 500, "{compared} runs");
    assert!(departures > 0, "the list of departures is out of date");
}

/// Whether a record that the model agrees with contradicts it once its input has this mistake.
fn contradicted(records: &[Record], change: &dyn Fn(&str) -> String) -> bool {
    let differs = |record: &Record| {
        let right = model::play(&changed(record.seed, &without_soft_jobs)).unwrap();
        let wrong = model::play(&changed(record.seed, &|text| change(&without_soft_jobs(text)))).unwrap();
        right == record.outcome && wrong != record.outcome
    };
    records.iter().any(differs)
}

#[test]
fn a_wrong_model_is_contradicted() {
    let records = records();
    let replaced = |from: &'static str, to: &'static str| move |text: &str| text.replace(from, to);
    for (mistake, change) in [
        ("step continue-on-error ignored", replaced("        continue-on-error: true", "        x: true")),
        ("always() taken for success()", replaced("always()", "success()")),
        ("failure() taken for false", replaced("failure()", "false")),
        ("outcome taken for conclusion", replaced(".outcome ", ".conclusion ")),
        ("pipefail assumed", replaced(" | cat", "")),
        ("|| true not seen", replaced(" || true", "")),
        ("-e assumed", replaced("bash {0}", "bash -e {0}")),
        ("-e not known", replaced("bash -e {0}", "bash {0}")),
        ("set +e not seen", replaced("set +e", "echo z")),
        ("needs ignored", replaced("    needs: j", "    x: j")),
        ("left of && stops the script", replaced(" && echo x", "")),
        ("a function's || ignored", replaced("f || true", "f")),
        ("matrix values ignored", replaced("soft: true", "soft: false")),
    ] {
        assert!(contradicted(&records, &change), "{mistake}: no record contradicts it");
    }
}
