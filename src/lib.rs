//! Lossless, proven fixes for GitHub Actions workflows.
//!
//! wf-fix reads a risk register, makes the smallest edit that removes each risk from the workflows of a repository,
//! proves that nothing else changed, and writes one git commit per risk. The pipeline:
//!
//! 1. [`rule`]: rule files become checked [`rule::Risk`]s.
//! 2. [`yaml::Document`]: a file is taken in by two parsers that must agree, or refused with its place.
//! 3. [`rewrite`]: each operation gives edits against the original text, and claims what they change.
//! 4. [`proof`]: without a look at the edits' making, the delta of before and after must equal the claims, and every
//!    comment and byte beside them must be as it was.
//! 5. [`effect`]: what the change means for the runs, from the signal model before and after, is held against what the
//!    rule expects.
//! 6. [`mod@plan`] does 2 to 5 for all selected risks in memory; [`report`] says it; [`repo`] delivers it, all or nothing.
//!
//! [`mod@verify`] holds commits that anyone made against the same plans.
//!
//! `yaml`, `workflow`, `rule`, `rewrite`, `proof`, `effect`, `plan` and `verify` are pure: text in, values out. `repo`,
//! `report` and `cli` are the edges.
//!
//! ```
//! use wf_fix::change::Snapshot;
//! use wf_fix::{plan, rule};
//!
//! let rule = b"
//! id: X-1
//! title: Tests fail silently
//! severity: high
//! category: soft-fail
//! workflow: .github/workflows/ci.yml
//! rewrites:
//!   - remove-key:
//!       at: $.jobs.test.steps[?@.name == 'Test']['continue-on-error']
//! ";
//! let workflow = b"
//! on: push
//! jobs:
//!   test:
//!     runs-on: ubuntu-latest
//!     steps:
//!       - name: Test          # the point of it all
//!         continue-on-error: true
//!         run: make test
//! ";
//! let path = ".github/workflows/ci.yml".to_owned();
//! let risk = rule::parse("x-1.yml", rule)?;
//! let files = [(path.clone(), workflow.to_vec())].into();
//! let snapshot = Snapshot { names: vec![path], files, ..Snapshot::default() };
//!
//! let planned = plan::plan(&[&risk], &snapshot, "2026-02-08");
//! let file = &planned[0].files()[0];
//! let after = String::from_utf8_lossy(file.change.after.as_deref().unwrap_or_default()).into_owned();
//! assert_eq!(after, String::from_utf8_lossy(workflow).replace("        continue-on-error: true\n", ""));
//! assert_eq!(file.proof.as_ref().map(|proof| proof.delta.len()), Some(1));
//! # Ok::<(), wf_fix::yaml::Fault>(())
//! ```

mod any_of;
pub mod audit;
pub mod change;
pub mod claim;
pub mod cli;
pub mod effect;
mod memo;
pub mod nearest;
mod parallel;
pub mod plan;
pub mod proof;
pub mod repo;
pub mod report;
pub mod rewrite;
pub mod rule;
pub mod verify;
pub mod workflow;
pub mod yaml;
