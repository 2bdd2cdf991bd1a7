//! How long `wf-fix audit --format json` takes beside a bare tree-sitter-yaml parse of the same files, and beside
//! `zizmor` if it is there, all run in turn; and the audit's peak memory.
//!
//! `cargo bench --bench audit -- [DIR] [--zizmor PROGRAM] [--rounds N] [--strict]`. DIR is a folder of real workflows:
//! every file of a `.github/workflows` folder in it, at any depth, goes into one repository under a name of its own, so
//! that references between them lead nowhere. Without DIR the benchmark writes workflows of its own, shaped like real
//! ones. It measures whole processes, since that is what a user waits for, and takes the medians. `docs/speed.md` has
//! figures.
//!
//! It fails when a limit is broken by more than [`MARGIN`], with `--strict` at the limit itself: on a machine that does
//! other things besides, the two threads of either process get less than two cores, now the one, now the other.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod bare;
mod corpus;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};

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
        println!("{}", bare::parse_all(Path::new(dir)));
        return ExitCode::SUCCESS;
    }
    let options = options(&args);
    let repository = tempfile::tempdir().unwrap();
    let (files, bytes) = match &options.dir {
        Some(dir) => corpus::collect(dir, repository.path()),
        None => corpus::generate(repository.path()),
    };
    assert!(files > 0, "no file of a `.github/workflows` folder in {:?}", options.dir);
    println!("{files} files, {:.1} MB", bytes as f64 / 1e6);
    let over = measure(repository.path(), &options);
    if let Some(dir) = &options.dir {
        one_by_one(dir);
    }
    if over.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("over the limit: {}", over.join(", "));
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

/// Audits every repository below a folder as it is, a process each, where local references do lead somewhere; beside a
/// parse of each. Small repositories are mostly the start of a process: there is no limit to this.
fn one_by_one(dir: &Path) {
    let own = std::env::current_exe().unwrap();
    let (mut audits, mut parses) = (0.0, 0.0);
    let repositories = corpus::repositories(dir);
    for repository in &repositories {
        let dir = repository.to_str().unwrap();
        let times = (0..3).map(|_| (audit(dir), seconds(&own, &[bare::MODE, dir], &[0])));
        let times: Vec<(f64, f64)> = times.collect();
        audits += median(times.iter().map(|time| time.0));
        parses += median(times.iter().map(|time| time.1));
    }
    let (count, ratio) = (repositories.len(), audits / parses);
    println!(
        "one by one, {count} repositories: audit {:.0} ms, parse {:.0} ms, ratio {ratio:.2}",
        audits * 1e3,
        parses * 1e3
    );
}

fn audit(dir: &str) -> f64 {
    seconds(Path::new(env!("CARGO_BIN_EXE_wf-fix")), &["-C", dir, "audit", "--format", "json"], &[0])
}

/// Prints all figures beside their limits; the names of those over.
fn measure(dir: &Path, options: &Options) -> Vec<&'static str> {
    let dir = dir.to_str().unwrap();
    let own = std::env::current_exe().unwrap();
    let audit = || audit(dir);
    let parse = || seconds(&own, &[bare::MODE, dir], &[0]);
    let zizmor = || seconds(Path::new(&options.zizmor), &["--offline", "--format", "json", dir], &[0, 11, 12, 13, 14]);
    // The largest of all children so far: the audit runs first.
    audit();
    let peak = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss() as f64 * 1024.0;

    let mut rounds: Vec<(f64, f64)> = (0..options.rounds + WARM_UP).map(|_| (audit(), parse())).collect();
    rounds.drain(..WARM_UP);
    let own = median(rounds.iter().map(|round| round.0));
    let bare = median(rounds.iter().map(|round| round.1));
    let beside_parse = median(rounds.iter().map(|(own, bare)| own / bare));
    let margin = if options.strict { 1.0 } else { MARGIN };
    println!("audit {:.0} ms, bare tree-sitter-yaml parse {:.0} ms", own * 1e3, bare * 1e3);
    println!("audit / parse    {beside_parse:>7.2}   (at most {BESIDE_PARSE})");
    println!("peak memory   {:>7.1} MB   (below {} MB)", peak / 1e6, MEMORY / 1e6);
    let mut over = Vec::new();
    if beside_parse > BESIDE_PARSE * margin {
        over.push("time beside a bare parse");
    }
    if peak >= MEMORY {
        over.push("memory");
    }
    if Command::new(&options.zizmor).arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("zizmor is not on the PATH: not compared (`--zizmor PROGRAM` names one)");
        return over;
    }
    let rounds: Vec<(f64, f64)> = (0..ZIZMOR_ROUNDS).map(|_| (audit(), zizmor())).collect();
    let beside_zizmor = median(rounds.iter().map(|(own, zizmor)| zizmor / own));
    println!("zizmor {:.0} ms", median(rounds.iter().map(|round| round.1)) * 1e3);
    println!("zizmor / audit   {beside_zizmor:>7.1}   (at least {BESIDE_ZIZMOR})");
    if beside_zizmor < BESIDE_ZIZMOR / margin {
        over.push("time beside zizmor");
    }
    over
}

/// The wall time of a whole process; an exit code that is not expected ends the benchmark.
fn seconds(program: &Path, args: &[&str], expected: &[i32]) -> f64 {
    let start = Instant::now();
    let status = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    let taken = start.elapsed().as_secs_f64();
    assert!(status.code().is_some_and(|code| expected.contains(&code)), "{} {args:?}: {status}", program.display());
    taken
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
