//! The audit: which green checks can be trusted, and why not the others.
//!
//! Files in, [`Finding`]s out, pure and in a fixed order. One file a detector; to add one, write its file and add a
//! line to [`DETECTORS`]. What a step is for stands in [`role`], whether a finding needs action in `judge`, both
//! from tables and signs that `docs/audit.md` explains.
//!
//! ```
//! let text = b"on: pull_request
//! jobs:
//!   unit:
//!     runs-on: ubuntu-latest
//!     steps:
//!       - name: Run tests
//!         continue-on-error: true
//!         run: pytest
//! ";
//! let files = [(".github/workflows/ci.yml".to_owned(), text.to_vec())].into();
//! let report = wf_fix::audit::audit(&files, &[]);
//! assert_eq!(report.findings[0].detector, "step-continue-on-error");
//! assert!(report.findings[0].needs_action());
//! assert_eq!(report.findings[0].place.line, 7);
//! ```
//!
//! Limitations: what a called remote workflow or a script of the repository does is not known here; roles are read
//! from names and commands and can be wrong, which is why each carries its evidence.

mod again;
mod always_true;
mod asked;
mod asserts_nothing;
mod captured;
mod command_purpose;
mod commands;
mod comment;
mod curl;
mod dead_comparison;
mod depends;
mod errexit;
mod examined;
mod exclusive;
mod family;
mod finding;
mod fix;
mod fork_guard;
mod gate;
mod gate_leaves_out;
mod gate_shape;
mod group;
mod guard;
mod hollow;
mod http_error;
mod inventory;
mod job_soft_fail;
mod judge;
mod kept_image;
mod load;
mod masked;
mod matrix_exclude;
mod misnamed;
mod negated;
mod never_runs;
mod path_filter;
mod pipe;
mod product;
mod reason;
mod register;
mod reported;
mod repository;
mod retry;
pub mod role;
mod scene;
mod schedule;
mod settled;
mod slip;
mod soft_around;
mod spot;
mod statement;
mod step_soft_fail;
mod structure;
mod told;
mod tool_flag;
mod tried;
mod triggers;
mod trimmed;
mod twin;

use std::collections::BTreeMap;

pub use finding::{Finding, Reason, Verdict};
pub use fix::Fix;
pub use inventory::{Entry, Strength};
pub use load::{Loaded, load};
pub use register::{Milestones, rules};
pub use repository::Reader;

use crate::rule::{Disposition, Risk};
use crate::workflow::view::File;
use crate::workflow::world::World;
use scene::Scene;

/// A detector.
#[derive(Debug)]
pub struct Detector {
    /// Its name, as `--detector` and `accept[...]` take it.
    pub name: &'static str,
    /// One of [`crate::rule::CATEGORIES`].
    pub category: &'static str,
    /// What it finds, in a line.
    pub about: &'static str,
    find: fn(&Scene<'_, '_>, &mut Vec<Finding>),
}

/// All detectors, the weightiest first.
pub const DETECTORS: &[Detector] = &[
    job_soft_fail::DETECTOR,
    step_soft_fail::DETECTOR,
    masked::DETECTOR,
    pipe::DETECTOR,
    errexit::DETECTOR,
    negated::DETECTOR,
    tool_flag::DETECTOR,
    http_error::DETECTOR,
    never_runs::DETECTOR,
    always_true::DETECTOR,
    dead_comparison::DETECTOR,
    gate::DETECTOR,
    gate_leaves_out::DETECTOR,
    triggers::DETECTOR,
    fork_guard::DETECTOR,
    retry::DETECTOR,
    schedule::DETECTOR,
    path_filter::DETECTOR,
    matrix_exclude::DETECTOR,
    asserts_nothing::DETECTOR,
    structure::DETECTOR,
];

/// What an audit found.
#[derive(Debug, Default)]
pub struct Report {
    /// The findings: those that need action first, by severity; then by place.
    pub findings: Vec<Finding>,
    /// A line per file.
    pub inventory: Vec<Entry>,
}

/// Audits the workflows and actions among `files`; `accepted` are risks of the register that are fine as they are.
pub fn audit(files: &BTreeMap<String, Vec<u8>>, accepted: &[&Risk]) -> Report {
    report(group::parts(files), accepted)
}

/// The same of the files at these paths, in order, where nobody needs the texts afterwards: each is read when its turn comes
/// and dropped with its audit, so that few are held at once.
pub fn audit_by_reading(paths: &[&str], read: &Reader<'_>, accepted: &[&Risk]) -> Report {
    report(group::parts_by_reading(paths, read), accepted)
}

fn report(mut parts: Vec<Part>, accepted: &[&Risk]) -> Report {
    accept(&mut parts, accepted);
    let inventory = parts.iter_mut().filter_map(|part| part.entry.take()).collect();
    Report { findings: ordered(parts), inventory }
}

/// All findings in their order, those alike as they were found; the parts stand in the order of their paths.
///
/// Their places are sorted first: to sort the findings themselves takes room for all of them once more.
fn ordered(parts: Vec<Part>) -> Vec<Finding> {
    let of = |(at, part): (usize, &Part)| (0..part.findings.len()).map(move |index| (at, index));
    let mut places: Vec<(usize, usize)> = parts.iter().enumerate().flat_map(of).collect();
    let key = |(at, index): (usize, usize)| (order(at, &parts[at].findings[index]), index);
    places.sort_unstable_by(|&a, &b| key(a).cmp(&key(b)));
    let taken = |part: Part| part.findings.into_iter().map(Some).collect();
    let mut parts: Vec<Vec<Option<Finding>>> = parts.into_iter().map(taken).collect();
    let mut findings = Vec::with_capacity(places.len());
    findings.extend(places.into_iter().filter_map(|(at, index)| parts[at][index].take()));
    findings
}

/// What an audit of one file found; a file that cannot be read has no entry.
struct Part {
    findings: Vec<Finding>,
    entry: Option<Entry>,
}

fn one<'t>(view: &File<'t>, text: &'t str, strict: bool, world: &World<'t>, all: repository::Repository<'t>) -> Part {
    let scene = Scene::of(view, text, world, all);
    let mut findings = Vec::new();
    for detector in DETECTORS {
        (detector.find)(&scene, &mut findings);
    }
    debug_assert!(findings.iter().all(|finding| finding.place.file == scene.file()), "a finding of another file");
    number(&mut findings);
    findings.iter_mut().filter(|_| !strict).for_each(|finding| finding.fix = None);
    let entry = Some(inventory::entry(&scene, &findings));
    // They wait until the last file is audited.
    findings.shrink_to_fit();
    Part { findings, entry }
}

/// Gives findings with the same key numbers, so that each has a fingerprint of its own.
fn number(findings: &mut [Finding]) {
    let mut seen: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
    for finding in findings {
        let count = seen.entry((finding.detector, finding.key.clone())).or_default();
        *count += 1;
        if *count > 1 {
            finding.key = format!("{}#{count}", finding.key);
        }
    }
}

/// What a finding of the part at a place is ordered by. Every finding stands in the file of its part, so that no paths are
/// compared.
fn order(at: usize, finding: &Finding) -> (bool, crate::rule::Severity, usize, usize, usize, &'static str) {
    let place = &finding.place;
    (!finding.needs_action(), finding.severity, at, place.line, place.column, finding.detector)
}

/// What entries of the register with disposition `accept` cover is fine: of their category, in their workflows.
///
/// An entry that names a file covers all of it. One that names a glob speaks of many, and does not cover what checks or
/// publishes: a masked test among workflows whose uploads are accepted. What the audit wrote itself records what is
/// fine anyway and covers nothing new.
fn accept(parts: &mut [Part], accepted: &[&Risk]) {
    for risk in accepted.iter().filter(|risk| risk.audit.is_none()) {
        let Disposition::Accept(reason) = &risk.disposition else { continue };
        let globs = risk.workflows.iter().filter_map(|glob| crate::rule::glob(glob).ok());
        let globs: Vec<_> = globs.map(|glob| glob.compile_matcher()).collect();
        let findings = parts.iter_mut().flat_map(|part| &mut part.findings);
        for finding in findings.filter(|f| f.needs_action() && f.category == risk.category) {
            let file = &finding.place.file;
            let named = risk.workflows.contains(file);
            let among = !finding.purpose.role.matters() && globs.iter().any(|glob| glob.is_match(file));
            if named || among {
                finding.pass(Reason::Accepted, format!("{}: {}", risk.id, reason.trim()));
            }
        }
    }
}
