//! Rule files and `invariants.yml`: any bytes. A file that is taken is sound, and planned without a bug; one that is
//! not has its mistake named with a place inside it.

use wf_fix::change::Snapshot;
use wf_fix::plan::plan;
use wf_fix::report::message::step;
use wf_fix::rule::{Ask, Disposition, Layer, Register, Risk, is_glob, parse, path};
use wf_fix::yaml::{Document, FaultKind};

use super::intake::check_place;
use super::rewrite::{DATE, PATH};
use super::seeds::WORKFLOW;

/// Any bytes as a rule file, and as a file of invariants.
pub fn run(data: &[u8]) {
    match parse("rules/r.yml", data) {
        Ok(risk) => {
            sound(&risk);
            tried(&risk);
        }
        Err(fault) => check_place(&fault, data),
    }
    let files = ["rules/r.yml", "rules/invariants.yml"].map(|name| (name.to_owned(), data.to_vec()));
    for file in files {
        match Register::load(&[Layer { origin: "rules".into(), files: vec![file] }]) {
            Ok(register) => asked(&register),
            Err(faults) => {
                assert!(!faults.is_empty());
                faults.iter().for_each(|fault| check_place(fault, data));
            }
        }
    }
}

/// What every later step leans on.
fn sound(risk: &Risk) {
    assert!(!risk.id.is_empty() && risk.id.len() <= 64 && !risk.id.contains(|c: char| c.is_whitespace() || c == '/'));
    assert!(!risk.title.is_empty() && !risk.title.contains('\n'));
    assert!(!risk.milestone.contains(char::is_control));
    assert!(!risk.workflows.is_empty());
    for workflow in &risk.workflows {
        assert!(path::check(workflow).is_ok(), "{workflow:?}");
        assert!(!workflow.split('/').any(|part| part == ".." || part.eq_ignore_ascii_case(".git")), "{workflow:?}");
        assert!(!workflow.starts_with('/'));
    }
    match &risk.disposition {
        Disposition::Fix(rewrites) => assert!(!rewrites.is_empty()),
        Disposition::Accept(reason) => assert!(!reason.is_empty()),
    }
}

/// The rule on a workflow that stands where it looks.
fn tried(risk: &Risk) {
    let plain = risk.workflows.iter().filter(|path| !is_glob(path)).take(4);
    let mut files: std::collections::BTreeMap<String, Vec<u8>> =
        plain.map(|path| (path.clone(), WORKFLOW.as_bytes().to_vec())).collect();
    files.insert(PATH.to_owned(), WORKFLOW.as_bytes().to_vec());
    let snapshot = Snapshot { names: files.keys().cloned().collect(), files, ..Snapshot::default() };
    for planned in plan(&[risk], &snapshot, DATE) {
        if let Some(fault) = planned.fault() {
            assert_ne!(fault.kind, FaultKind::Bug, "{fault}");
        }
        if let Some(step) = step(&planned) {
            assert!(
                !step.message.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')),
                "{:?}",
                step.message
            );
        }
    }
}

/// The invariants of a register, asked of a workflow.
fn asked(register: &Register) {
    let document = Document::parse(PATH, WORKFLOW.as_bytes()).expect("a workflow of ours");
    for invariant in register.invariants() {
        assert!(!invariant.id.is_empty() && !invariant.text.contains(char::is_control));
        if let Ask::Query(query, _) = &invariant.ask
            && let Err(fault) = query.select(&document)
        {
            assert_ne!(fault.kind, FaultKind::Bug, "{fault}");
        }
    }
}
