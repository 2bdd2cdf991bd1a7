//! How large a workflow may be whose failures are followed: what follows them asks each job about all others.

use super::reader::Reader;
use crate::yaml::{Fault, FaultKind, Place, Tree};

/// The most jobs. The largest real workflows have some 150.
pub const MAX_JOBS: usize = 1_000;

/// Refuses a workflow with too many jobs.
///
/// # Errors
/// The place of its jobs, and how many there are.
pub fn check(path: &str, tree: &Tree) -> Result<(), Fault> {
    let Some(jobs) = tree.get(0, "jobs") else { return Ok(()) };
    let count = Reader::new(tree).pairs(jobs).count();
    if count <= MAX_JOBS {
        return Ok(());
    }
    // A mapping is marked at its first colon; its first key says where it stands.
    let node = &tree.nodes[tree.pairs(jobs).first().map_or(jobs, |(key, _)| *key)];
    let place = Place { file: path.to_owned(), line: node.line, column: node.column };
    let cause = format!("the workflow has {count} jobs; wf-fix follows the failures of up to {MAX_JOBS}");
    Err(Fault::at(FaultKind::Unfit, place, cause, "split the workflow"))
}
