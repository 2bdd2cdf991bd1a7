//! wf-fix

pub mod change;
pub mod nearest;
pub mod yaml;
