//! wf-fix: lossless, proven fixes for GitHub Actions workflows.

pub mod change;
pub mod repo;
