//! Sweeps a folder of real workflows: each soft-fail and each disabled job is removed, one at a time, and the
//! result compared byte for byte with an oracle that shares no code with the rewrites.
//!
//! ```text
//! cargo run --release --example sweep -- DIR [--actionlint] [--limit N] [--jobs N] [--markdown] [--verbose]
//! ```
//!
//! DIR holds any number of folders with `.github/workflows/*.yml` in them. Exit code 0 means: everything exact or
//! rightly refused, and less than one percent refused otherwise; 1 that it does not; 2 that the sweep could
//! not run. `--oracle-only` leaves the tool out and judges the oracle by its self-check (and by actionlint).
//!
//! Limits: an abort of the process (a stack overflow, an assertion in C) ends the sweep; `--jobs 1 --verbose`
//! then shows the target it died on. The oracle passes over shapes it cannot judge and counts them.
// A program for a terminal, and its report is its output.
#![allow(clippy::print_stdout, clippy::print_stderr)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod condition;
mod events;
mod find;
mod judge;
mod lines;
mod lint;
mod oracle;
mod report;
mod text;
mod tool;
mod walk;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};

const USAGE: &str = "usage: sweep DIR [--actionlint] [--limit N] [--jobs N] [--markdown] [--verbose] [--oracle-only]";

struct Args {
    dir: PathBuf,
    actionlint: bool,
    limit: usize,
    jobs: usize,
    markdown: bool,
    verbose: bool,
    oracle_only: bool,
}

fn main() -> ExitCode {
    match parse(std::env::args().skip(1)).and_then(|args| run(&args)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("sweep: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args) -> Result<bool> {
    let start = Instant::now();
    let mut sources =
        walk::sources(&args.dir).with_context(|| format!("reading {}", args.dir.display()))?;
    sources.truncate(args.limit);
    let settings = judge::Settings {
        jobs: args.jobs,
        keep: args.actionlint,
        oracle_only: args.oracle_only,
        announce: args.verbose,
    };
    // Panics are counted; their text is in the report.
    std::panic::set_hook(Box::new(|_| {}));
    let files = judge::judge_all(&sources, settings);
    drop(std::panic::take_hook());
    let lint = if args.actionlint {
        Some(lint::lint(&files, args.jobs)?)
    } else {
        None
    };
    let sweep = report::Sweep {
        files: &files,
        lint: lint.as_ref(),
        elapsed: start.elapsed(),
    };
    print!("{}", sweep.render(args.markdown));
    Ok(sweep.passes())
}

fn parse(mut args: impl Iterator<Item = String>) -> Result<Args> {
    let mut parsed = Args {
        dir: PathBuf::new(),
        actionlint: false,
        limit: usize::MAX,
        jobs: std::thread::available_parallelism().map_or(1, usize::from),
        markdown: false,
        verbose: false,
        oracle_only: false,
    };
    while let Some(arg) = args.next() {
        let mut number = || {
            args.next()
                .and_then(|n| n.parse().ok())
                .with_context(|| format!("{arg} takes a number"))
        };
        match arg.as_str() {
            "--actionlint" => parsed.actionlint = true,
            "--limit" => parsed.limit = number()?,
            "--jobs" => parsed.jobs = number()?,
            "--markdown" => parsed.markdown = true,
            "--verbose" => parsed.verbose = true,
            "--oracle-only" => parsed.oracle_only = true,
            dir if !dir.starts_with('-') && parsed.dir.as_os_str().is_empty() => {
                parsed.dir = PathBuf::from(dir)
            }
            other => bail!("{other}: unexpected\n{USAGE}"),
        }
    }
    if parsed.dir.as_os_str().is_empty() {
        bail!("which folder?\n{USAGE}");
    }
    Ok(parsed)
}
