//! How long `wf-fix audit --format json` takes beside a bare tree-sitter-yaml parse of the same files, and beside
//! `zizmor` if it is there, all run in turn; and the audit's peak memory.
//!
//! `cargo bench --bench audit -- [DIR] [--zizmor PROGRAM] [--rounds N] [--strict]`. DIR is a folder of real workflows:
//! every file of a `.github/workflows` folder in it, at any depth, goes into one repository under a name of its own, so
//! that references between them lead nowhere. Without DIR the benchmark writes workflows of its own, shaped like real
//! ones. It measures whole processes, since that is what a user waits for, and takes the medians. Beside the wall time it
//! gives the processor time, which other work on the machine disturbs least. `docs/speed.md` has figures.
//!
//! It fails when a limit is broken by more than [`MARGIN`], with `--strict` at the limit itself: on a machine that does
//! other things besides, the two threads of either process get less than two cores, now the one, now the other.

#![allow(clippy::unwrap_used, clippy::panic)]

mod bare;
mod corpus;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// The most that an audit may take beside a bare parse.
const BESIDE_PARSE: f64 = 0.6;
/// How many times as fast as zizmor an audit must be.
const BESIDE_ZIZMOR: f64 = 20.0;
/// The most memory an audit may take, in bytes.
const MEMORY: f64 = 60e6;
/// How far over a limit counts as noise without `--strict`; memory has none.
const MARGIN: f64 = 2.0;

const WARM_UP: usize = 2;
/// zizmor is slow, and its median need not be fine.
const ZIZMOR_ROUNDS: usize = 3;

struct Options {
    dir: Option<PathBuf>,
    zizmor: String,
    rounds: usize,
    strict: bool,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, dir] = args.as_slice()
        && mode == bare::MODE
    {
        say(&bare::parse_all(Path::new(dir)).to_string());
        return ExitCode::SUCCESS;
    }
    let options = options(&args);
    let repository = tempfile::tempdir().unwrap();
    let (files, bytes) = match &options.dir {
        Some(dir) => corpus::collect(dir, repository.path()),
        None => corpus::generate(repository.path()),
    };
    assert!(files > 0, "no file of a `.github/workflows` folder in {:?}", options.dir);
    say(&format!("{files} files, {:.1} MB", bytes as f64 / 1e6));
    let over = measure(repository.path(), &options);
    if let Some(dir) = &options.dir {
        one_by_one(dir);
    }
    if over.is_empty() {
        return ExitCode::SUCCESS;
    }
    say(&format!("over the limit: {}", over.join(", ")));
    ExitCode::FAILURE
}

fn options(args: &[String]) -> Options {
    let mut options = Options { dir: None, zizmor: "zizmor".to_owned(), rounds: 15, strict: false };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            // What cargo passes.
            "--bench" => {}
            "--strict" => options.strict = true,
            "--zizmor" => args.next().unwrap().clone_into(&mut options.zizmor),
            "--rounds" => options.rounds = args.next().unwrap().parse().unwrap(),
            flag if flag.starts_with('-') => panic!("what is `{flag}`?"),
            dir => options.dir = Some(PathBuf::from(dir)),
        }
    }
    options
}

/// A line of the result; where nobody reads it any more, the benchmark is over.
fn say(line: &str) {
    if writeln!(std::io::stdout(), "{line}").is_err() {
        std::process::exit(0);
    }
}

/// Audits every repository below a folder as it is, a process each, where local references do lead somewhere; beside a
/// parse of each. Small repositories are mostly the start of a process: there is no limit to this.
fn one_by_one(dir: &Path) {
    let repositories = corpus::repositories(dir);
    let (mut audits, mut parses) = (Cost::default(), Cost::default());
    for repository in &repositories {
        let dir = repository.to_str().unwrap();
        let pairs: Vec<(Cost, Cost)> = (0..3).map(|_| (audit(dir), bare_parse(dir))).collect();
        audits = audits.plus(median_cost(pairs.iter().map(|pair| pair.0)));
        parses = parses.plus(median_cost(pairs.iter().map(|pair| pair.1)));
    }
    let ratio = audits.over(parses);
    say(&format!(
        "one by one, {} repositories: audit {:.0} ms, parse {:.0} ms, ratio {:.2}, of processor time {:.2}",
        repositories.len(),
        audits.wall * 1e3,
        parses.wall * 1e3,
        ratio.wall,
        ratio.processor
    ));
}

fn audit(dir: &str) -> Cost {
    cost(Path::new(env!("CARGO_BIN_EXE_wf-fix")), &["-C", dir, "audit", "--format", "json"], &[0])
}

fn bare_parse(dir: &str) -> Cost {
    cost(&std::env::current_exe().unwrap(), &[bare::MODE, dir], &[0])
}

const ZIZMOR_ARGS: &[&str] = &["--offline", "--format", "json"];

fn zizmor(program: &str, dir: &str) -> Cost {
    cost(Path::new(program), &[ZIZMOR_ARGS, &[dir]].concat(), &[0, 11, 12, 13, 14])
}

/// Why zizmor gives up on a folder, in its own words; one file that it refuses is enough.
fn refuses(program: &str, dir: &str) -> Option<String> {
    let output = Command::new(program).args(ZIZMOR_ARGS).arg(dir).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let error = said.lines().find(|line| line.starts_with("error")).unwrap_or("it says no error");
    (output.status.code() == Some(1)).then(|| error.to_owned())
}

/// Prints all figures beside their limits; the names of those over.
fn measure(dir: &Path, options: &Options) -> Vec<&'static str> {
    let dir = dir.to_str().unwrap();
    // The largest of all children so far: the audit runs first.
    audit(dir);
    let peak = used().max_rss() as f64 * 1024.0;

    let mut rounds: Vec<(Cost, Cost)> = (0..options.rounds + WARM_UP).map(|_| (audit(dir), bare_parse(dir))).collect();
    rounds.drain(..WARM_UP);
    let own = median_cost(rounds.iter().map(|round| round.0));
    let bare = median_cost(rounds.iter().map(|round| round.1));
    let beside_parse = median_cost(rounds.iter().map(|(own, bare)| own.over(*bare)));
    let margin = if options.strict { 1.0 } else { MARGIN };
    say(&format!("audit                    {own}"));
    say(&format!("bare tree-sitter parse   {bare}"));
    say(&format!("audit / parse    {:>7.2}   (at most {BESIDE_PARSE})", beside_parse.wall));
    say(&format!("  processor time {:>7.2}", beside_parse.processor));
    say(&format!("peak memory   {:>7.1} MB   (below {} MB)", peak / 1e6, MEMORY / 1e6));
    let mut over = Vec::new();
    if beside_parse.wall > BESIDE_PARSE * margin {
        over.push("time beside a bare parse");
    }
    if peak >= MEMORY {
        over.push("memory");
    }
    if Command::new(&options.zizmor).arg("--version").stdout(Stdio::null()).status().is_err() {
        say("zizmor is not on the PATH: not compared (`--zizmor PROGRAM` names one)");
        return over;
    }
    if let Some(why) = refuses(&options.zizmor, dir) {
        say(&format!("zizmor refuses the folder: not compared ({why})"));
        return over;
    }
    let rounds: Vec<(Cost, Cost)> = (0..ZIZMOR_ROUNDS).map(|_| (audit(dir), zizmor(&options.zizmor, dir))).collect();
    let beside_zizmor = median_cost(rounds.iter().map(|(own, zizmor)| zizmor.over(*own)));
    say(&format!("zizmor                   {}", median_cost(rounds.iter().map(|round| round.1))));
    say(&format!("zizmor / audit   {:>7.1}   (at least {BESIDE_ZIZMOR})", beside_zizmor.wall));
    say(&format!("  processor time {:>7.1}", beside_zizmor.processor));
    if beside_zizmor.wall < BESIDE_ZIZMOR / margin {
        over.push("time beside zizmor");
    }
    over
}

/// What a process took, in seconds, or a ratio of two of them.
#[derive(Clone, Copy, Default)]
struct Cost {
    wall: f64,
    /// Of all threads, in the program and in the kernel.
    processor: f64,
}

impl Cost {
    fn plus(self, other: Cost) -> Cost {
        Cost { wall: self.wall + other.wall, processor: self.processor + other.processor }
    }

    fn over(self, other: Cost) -> Cost {
        Cost { wall: self.wall / other.wall, processor: self.processor / other.processor }
    }
}

impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:>7.0} ms, processor time {:.0} ms", self.wall * 1e3, self.processor * 1e3)
    }
}

/// What a whole process takes; an exit code that is not expected ends the benchmark.
fn cost(program: &Path, args: &[&str], expected: &[i32]) -> Cost {
    let (start, before) = (Instant::now(), processor(used()));
    let status = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    let cost = Cost { wall: start.elapsed().as_secs_f64(), processor: processor(used()) - before };
    assert!(status.code().is_some_and(|code| expected.contains(&code)), "{} {args:?}: {status}", program.display());
    cost
}

/// What all processes took that this one started and that have ended.
fn used() -> Usage {
    getrusage(UsageWho::RUSAGE_CHILDREN).unwrap()
}

fn processor(usage: Usage) -> f64 {
    (usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1e6
}

/// The medians of the two figures.
fn median_cost(costs: impl Iterator<Item = Cost> + Clone) -> Cost {
    Cost { wall: median(costs.clone().map(|cost| cost.wall)), processor: median(costs.map(|cost| cost.processor)) }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
