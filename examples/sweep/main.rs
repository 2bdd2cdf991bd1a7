//! Sweeps a folder of real workflows: each soft-fail and each disabled job is removed, one at a time, and the
//! result compared byte for byte with an oracle that shares no code with the rewrites.
//!
//! ```text
//! cargo run --release --example sweep -- DIR [--actionlint] [--limit N] [--jobs N] [--markdown] [--verbose]
//! ```
//!
//! DIR holds any number of folders with `.github/workflows/*.yml` in them. Exit code 0 means: everything exact or
//! rightly refused, and less than one percent refused otherwise; 1 that it does not; 2 that the sweep could
//! not run. `--all-jobs` removes every job once, disabled or not; `--diff` prints each
//! result as a diff; `--oracle-only` leaves the tool out and judges the oracle by its self-check (and by actionlint).
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

const USAGE: &str = "usage: sweep DIR [--actionlint] [--limit N] [--jobs N] [--markdown] [--verbose] \
                     [--all-jobs] [--diff] [--oracle-only]";

struct Args {
    dir: PathBuf,
    actionlint: bool,
    limit: usize,
    jobs: usize,
    markdown: bool,
    verbose: bool,
    all_jobs: bool,
    diff: bool,
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
    let mut sources = walk::sources(&args.dir).with_context(|| format!("reading {}", args.dir.display()))?;
    sources.truncate(args.limit);
    let settings = judge::Settings {
        jobs: args.jobs,
        keep: args.actionlint || args.diff,
        all_jobs: args.all_jobs,
        oracle_only: args.oracle_only,
        announce: args.verbose,
    };
    // Panics are counted; their text is in the report.
    std::panic::set_hook(Box::new(|_| {}));
    let files = judge::judge_all(&sources, settings);
    drop(std::panic::take_hook());
    if args.diff {
        files.iter().for_each(print_diffs);
    }
    let lint = if args.actionlint { Some(lint::lint(&files, args.jobs)?) } else { None };
    let sweep = report::Sweep { files: &files, lint: lint.as_ref(), elapsed: start.elapsed() };
    print!("{}", sweep.render(args.markdown));
    Ok(sweep.passes())
}

/// Every kept result as a diff, for people who judge the oracle.
fn print_diffs(file: &judge::FileResult) {
    for case in &file.cases {
        let Some(after) = &case.after else { continue };
        let before = String::from_utf8_lossy(&file.before);
        let after = String::from_utf8_lossy(after);
        let name = format!("{} {}", file.source.name, case.target.at);
        let diff = similar::TextDiff::from_lines(before.as_ref(), after.as_ref());
        print!("{}", diff.unified_diff().header(&name, &name));
    }
}

fn parse(mut args: impl Iterator<Item = String>) -> Result<Args> {
    let mut parsed = Args {
        dir: PathBuf::new(),
        actionlint: false,
        limit: usize::MAX,
        jobs: std::thread::available_parallelism().map_or(1, usize::from),
        markdown: false,
        verbose: false,
        all_jobs: false,
        diff: false,
        oracle_only: false,
    };
    while let Some(arg) = args.next() {
        let mut number = || args.next().and_then(|n| n.parse().ok()).with_context(|| format!("{arg} takes a number"));
        match arg.as_str() {
            "--actionlint" => parsed.actionlint = true,
            "--limit" => parsed.limit = number()?,
            "--jobs" => parsed.jobs = number()?,
            "--markdown" => parsed.markdown = true,
            "--verbose" => parsed.verbose = true,
            "--all-jobs" => parsed.all_jobs = true,
            "--diff" => parsed.diff = true,
            "--oracle-only" => parsed.oracle_only = true,
            dir if !dir.starts_with('-') && parsed.dir.as_os_str().is_empty() => parsed.dir = PathBuf::from(dir),
            other => bail!("{other}: unexpected\n{USAGE}"),
        }
    }
    if parsed.dir.as_os_str().is_empty() {
        bail!("which folder?\n{USAGE}");
    }
    Ok(parsed)
}
