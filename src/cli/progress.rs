//! A sign of life on stderr when a run takes longer than a second and a person watches.

use std::io::Write;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::output::Output;

/// Shows what is going on until it is dropped.
#[derive(Debug)]
pub struct Progress {
    watcher: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Starts to watch a piece of work.
    pub fn of(what: String, output: &Output) -> Progress {
        let watcher = output.shows_progress().then(|| {
            let (done, waiting) = channel::<()>();
            let start = Instant::now();
            let watch = move || {
                let mut shown = false;
                while waiting.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                    let _ = write!(std::io::stderr(), "\r{what} ({} s)", start.elapsed().as_secs());
                    shown = true;
                }
                if shown {
                    let _ = write!(std::io::stderr(), "\r\x1b[K");
                }
            };
            (done, std::thread::spawn(watch))
        });
        Progress { watcher }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, handle)) = self.watcher.take() {
            drop(done);
            // A watcher that failed has nothing to say.
            let _ = handle.join();
        }
    }
}
