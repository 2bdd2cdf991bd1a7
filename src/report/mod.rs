//! What a run prints: commit messages, patches, summaries, JSON. Text out, nothing printed here.

pub mod audit_json;
pub mod audit_markdown;
pub mod audit_text;
pub mod claims;
pub mod document;
pub mod effect;
pub mod effect_json;
pub mod github;
pub mod json;
pub mod json_text;
pub mod message;
pub mod patch;
pub mod safe;
pub mod sarif;
pub mod summary;
pub mod verify_json;
pub mod verify_text;
