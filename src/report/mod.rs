//! What a run prints: commit messages, patches, summaries, JSON. Text out, nothing printed here.

pub mod audit_json;
pub mod audit_text;
pub mod claims;
pub mod json;
pub mod message;
pub mod patch;
pub mod safe;
pub mod summary;
