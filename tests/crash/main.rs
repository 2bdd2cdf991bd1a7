//! What becomes of a delivery when it is killed, when a write fails, when the disk is full or read-only, and when others
//! write at the same moment; over every kind of delivery, with the real process and judged by git itself.
//!
//! `strace` kills, stops and fails the process at any of its system calls that write (Debian: `apt-get install strace`).
//! `cargo test --test crash` takes a sample of them; all of them: `WF_FIX_CRASH=full cargo test --test crash --
//! --nocapture`, which prints the figures of `docs/reliability.md`. Without strace the tests say so and pass, unless
//! `WF_FIX_CRASH` is set. Mounts need root; without it the tests of a full and a read-only disk say so and pass.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

mod after;
mod disk;
mod fail;
mod kill;
mod race;
mod scenario;
mod stage;
mod strace;
