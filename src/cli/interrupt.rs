//! Ctrl-C and its kin: before and after the write phase they end the run at once, when nothing is half-done; during the
//! write phase, a matter of milliseconds, they are passed over and the run finishes.

use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};

/// Held while something is being written.
static WRITING: Mutex<()> = Mutex::new(());

/// The exit code of a run that a signal ended, as shells give it for SIGINT.
const INTERRUPTED: i32 = 130;

/// Holds signals off until it is dropped.
#[derive(Debug)]
pub struct Shield {
    _held: MutexGuard<'static, ()>,
}

/// Starts the write phase.
///
/// # Errors
/// The handler cannot be installed.
pub fn shield() -> Result<Shield> {
    let guard = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let end_unless_writing = || {
        if WRITING.try_lock().is_ok() {
            std::process::exit(INTERRUPTED);
        }
    };
    match ctrlc::set_handler(end_unless_writing) {
        Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(Shield { _held: guard }),
        Err(error) => Err(error).context("interrupts cannot be held off, so nothing was written"),
    }
}
