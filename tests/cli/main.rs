//! The `wf-fix` command as its users meet it: one file a command, over real temporary repositories. What commands print
//! is kept in `snapshots/` (`cargo insta review` shows what changed).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod audit;
mod bad_input;
mod demo;
mod effect;
mod fix;
mod fixture;
mod interrupt;
mod milestone;
mod others;
mod patch;
mod report;
mod rules;
mod schema;
mod verify;
mod verify_tampered;
