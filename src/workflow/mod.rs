//! What GitHub would do with a workflow: conditions, jobs and their needs.
//!
//! This is the part of the model that the rewrites lean on: whether a condition is constant, which jobs can never
//! run, who reads what of a job. It says unknown where only a run can tell.

pub mod condition;
pub mod expression;
pub mod jobs;
pub mod naming;
