//! What must hold for any workflow: random ones in the shapes that people write, with comments, blank lines, quotes, flow
//! and block styles, block scalars, CRLF, a byte order mark or no final newline wherever they may be.
//!
//! What proptest once found stays in `regressions.txt` and is tried first.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod laws;
mod never_panics;
#[cfg(unix)]
mod patch;
mod shapes;

use proptest::test_runner::{Config, FileFailurePersistence};

/// So many cases, or as PROPTEST_CASES says, and the regressions of this folder.
fn config(cases: u32) -> Config {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { Config::default().cases } else { cases };
    let regressions = FileFailurePersistence::Direct("tests/properties/regressions.txt");
    Config { cases, failure_persistence: Some(Box::new(regressions)), max_shrink_iters: 500, ..Config::default() }
}
