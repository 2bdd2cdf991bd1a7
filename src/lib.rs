//! wf-fix

pub mod change;
pub mod claim;
pub mod cli;
pub mod nearest;
pub mod plan;
pub mod proof;
pub mod report;
pub mod repo;
pub mod rewrite;
pub mod rule;
pub mod workflow;
pub mod yaml;
