//! The signal proof: over the five shapes of the reference job and variations of them, and against brute force.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests")]

mod brute;
mod repository;
mod shapes;
mod step;
