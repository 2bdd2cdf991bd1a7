//! What the fuzz targets do with an input, one module a target.
//!
//! The targets of cargo-fuzz call these functions, and so does `tests/fuzz.rs`, which replays the seeds and the
//! regressions in the ordinary test suite. A function returns for every input or panics: a panic is a bug.
//!
//! The first line of most inputs holds choices, a byte each: which operation, which target, which mutation. What
//! follows is text, so that seeds can be read and a mutation of a byte is one of the text.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod audit;
pub mod choices;
pub mod commit;
pub mod condition;
pub mod evaluate;
pub mod intake;
pub mod model;
pub mod mutate;
pub mod query;
pub mod rewrite;
pub mod rule;
pub mod script;
pub mod seeds;

/// A target: its name and what it does with an input.
pub type Target = (&'static str, fn(&[u8]));

/// All targets, as `fuzz/Cargo.toml` names them.
pub const TARGETS: &[Target] = &[
    ("intake", intake::run),
    ("query", query::run),
    ("rewrite", rewrite::run),
    ("rule", rule::run),
    ("condition", condition::run),
    ("script", script::run),
    ("commit", commit::run),
    ("audit", audit::run),
];
