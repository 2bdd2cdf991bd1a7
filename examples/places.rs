//! Holds the place of every finding against the structure of its file, read by the other parser.
//!
//! The audit works on YAML events; this program asks tree-sitter-yaml which keys lead to the line and the column of each
//! finding, and compares with what its detector may point at. A soft-fail found in a `with:` input, in a matrix, in a
//! workflow input or in a comment would stand out. A file that tree-sitter cannot read whole is not held against anything. `cargo run --release --example places -- FOLDER...`, one folder a
//! repository; exits with 1 if a place is wrong.

#![allow(clippy::print_stdout, clippy::print_stderr)]

#[path = "judge/corpus.rs"]
mod corpus;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use corpus::files;
use tree_sitter::{Node, Parser, Point, Tree};
use wf_fix::audit::{Finding, audit};

fn main() -> ExitCode {
    let mut counts: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let mut read = 0;
    for root in std::env::args_os().skip(1).map(PathBuf::from) {
        let files = files(&root);
        read += files.len();
        for finding in &audit(&files, &[]).findings {
            let Some(bytes) = files.get(&finding.place.file).filter(|_| finding.detector != "unreadable") else {
                continue;
            };
            let text = String::from_utf8_lossy(bytes);
            let wrong = wrong(finding, &text);
            counts.entry(finding.detector).or_default()[usize::from(wrong.is_some())] += 1;
            if let Some(why) = wrong {
                println!("{}/{} {}: {why}", root.display(), finding.place, finding.detector);
            }
        }
    }
    println!("{read} files\n{:<24} {:>6} {:>6}", "detector", "right", "wrong");
    for (detector, [right, wrong]) in &counts {
        println!("{detector:<24} {right:>6} {wrong:>6}");
    }
    ExitCode::from(u8::from(counts.values().any(|[_, wrong]| *wrong > 0)))
}

/// What is wrong with the place of a finding, if anything.
fn wrong(finding: &Finding, text: &str) -> Option<String> {
    let line = text.lines().nth(finding.place.line - 1)?;
    let bytes = line.char_indices().nth(finding.place.column - 1).map_or(line.len(), |(at, _)| at);
    let tree = parse(text)?;
    // Text that GitHub reads and this parser does not has no structure to hold a place against.
    if tree.root_node().has_error() {
        return None;
    }
    let at = Point { row: finding.place.line - 1, column: bytes };
    let node = tree.root_node().descendant_for_point_range(at, at)?;
    if node.kind() == "comment" {
        return Some("a comment".to_owned());
    }
    let keys = keys(node, text);
    let words: Vec<&str> = keys.iter().map(String::as_str).collect();
    (!fits(finding.detector, &words)).then(|| format!("stands at {}", words.join(".")))
}

/// Whether a detector may point at what these keys lead to; names of jobs are any, list items have no key.
fn fits(detector: &str, keys: &[&str]) -> bool {
    let step = match keys {
        ["jobs", _, "steps", "parallel", rest @ ..]
        | ["jobs", _, "steps", rest @ ..]
        | ["runs", "steps", rest @ ..] => Some(rest),
        _ => None,
    };
    match (detector, keys, step) {
        ("job-continue-on-error", ["jobs", _, key], _) => *key == "continue-on-error",
        ("step-continue-on-error", _, Some(rest)) => rest == ["continue-on-error"],
        // Some actions run a script that they are handed.
        ("masked-command" | "pipe" | "no-errexit" | "negated" | "http-error", _, Some(rest)) => {
            matches!(rest, ["run"] | ["with", "run" | "script" | "command"])
        }
        // The option of an action is one of its inputs, by name.
        ("tool-flag" | "retry", _, Some(rest)) => matches!(rest, ["run" | "uses"] | ["with", _] | ["env", _]),
        (
            "never-runs" | "always-true" | "dead-comparison" | "fork-guard" | "switched-off",
            ["jobs", _, "if"] | ["jobs", _],
            _,
        ) => true,
        ("never-runs" | "always-true" | "dead-comparison", _, Some(rest)) => rest == ["if"],
        ("gate" | "gate-leaves-out", ["jobs", _] | ["jobs", _, _], None) => true,
        ("matrix-exclude", keys, _) => matches!(keys, ["jobs", _, "strategy", "matrix", "exclude"]),
        ("scope-gap" | "path-filter" | "switched-off" | "asserts-nothing", ["on", ..], _) => true,
        _ => false,
    }
}

fn parse(text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_yaml::LANGUAGE.into()).ok()?;
    parser.parse(text, None)
}

/// The keys on the way from the root to a node.
fn keys(node: Node<'_>, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = Some(node);
    while let Some(node) = at {
        if matches!(node.kind(), "block_mapping_pair" | "flow_pair")
            && let Some(key) = node.child_by_field_name("key")
        {
            found.push(text[key.byte_range()].trim_matches(['"', '\'']).to_owned());
        }
        at = node.parent();
    }
    found.reverse();
    found
}
