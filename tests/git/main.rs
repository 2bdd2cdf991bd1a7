//! `wf_fix::repo` over real temporary repositories, made and judged by git itself.
//!
//! Needs `git`, `gpg` and `ssh-keygen` in the PATH. Every test runs in a process of its own with a home of its own
//! (see `sandbox`), so nobody's configuration and no other test can decide its outcome.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod branch;
mod commit;
mod identity;
mod open;
mod race;
mod read;
mod sandbox;
mod sign;
mod target;
mod worktree;
