//! How a run ends.

use std::process::{ExitCode, Termination};

/// The exit codes. They are part of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done, or nothing to do.
    Done,
    /// 1: `--check` found something to do.
    Found,
    /// 2: the request, a rule, a workflow or the repository is unfit. Nothing was written, except what `--keep-going`
    /// says it did, and unless the message begins with "all was delivered".
    Unfit,
}

impl From<Exit> for u8 {
    fn from(exit: Exit) -> u8 {
        match exit {
            Exit::Done => 0,
            Exit::Found => 1,
            Exit::Unfit => 2,
        }
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(u8::from(self))
    }
}
