//! How long a dry run takes beside `git status --porcelain`, and beside itself without the signal proof, run in turn on
//! a repository of 150 workflows.
//!
//! `cargo bench --bench dry_run` prints medians, the ratio pair by pair, and the peak memory of wf-fix. It measures
//! whole processes, since that is what a user waits for. Ratios hold on a noisy machine, absolute times do not.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

const WF_FIX: &str = env!("CARGO_BIN_EXE_wf-fix");
const WORKFLOWS: usize = 150;
const PAIRS: usize = 60;
const WARM_UP: usize = 5;

/// What is run, the most it may take beside `git status`, and the words for it.
const CASES: [(&[&str], f64); 3] = [
    (&["--milestone", "M04", "--dry-run"], 6.0),
    (&["--risk", "M03-R01", "--dry-run"], 4.5),
    (&["--risk", "M03-R03", "--dry-run"], 4.5),
];

/// The most processor time a dry run may take beside one without the signal proof, over all cases, and what noise may
/// add to that. Not the time on the wall: beside other work that says more of the threads than of the proof.
const PROOF: (f64, f64) = (1.5, 0.2);

/// Peak memory a dry run may take, in KiB.
const MEMORY: i64 = 30 * 1024;

fn main() {
    let dir = tempfile::tempdir().unwrap();
    make_repository(dir.path());
    // The largest of all children so far: wf-fix runs before git does.
    let (args, _) = CASES[0];
    run(dir.path(), WF_FIX, args);
    let peak = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss();

    println!("{:<36} {:>10} {:>10} {:>8} {:>7}", "wf-fix", "median", "git status", "ratio", "limit");
    let mut over = Vec::new();
    for (args, limit) in CASES {
        let git = ("git", &["status", "--porcelain"][..]);
        let (own, git, ratio) = measure(dir.path(), args, git);
        println!("{:<36} {own:>8.2?} {git:>8.2?} {ratio:>8.2} {limit:>7.1}", args.join(" "));
        if ratio > limit {
            over.push(args.join(" "));
        }
    }
    println!(
        "{:<36} {:>10} {:>10} {:>8} {:>7}",
        "the signal proof, processor time", "with", "without", "ratio", "limit"
    );
    let (mut with_all, mut without_all) = (Duration::ZERO, Duration::ZERO);
    for (args, _) in CASES {
        let without: Vec<&str> = args.iter().copied().chain(["--without-effect"]).collect();
        let (with, without) = processor_time(dir.path(), args, &without);
        let ratio = with.as_secs_f64() / without.as_secs_f64();
        println!("{:<36} {with:>8.2?} {without:>8.2?} {ratio:>8.2}", args.join(" "));
        (with_all, without_all) = (with_all + with, without_all + without);
    }
    let (limit, noise) = PROOF;
    let ratio = with_all.as_secs_f64() / without_all.as_secs_f64();
    println!("{:<36} {with_all:>8.2?} {without_all:>8.2?} {ratio:>8.2} {limit:>7.1}", "all");
    let slow = if ratio > limit + noise { vec!["the signal proof".to_owned()] } else { Vec::new() };
    println!("peak memory: {:.1} MiB (limit {} MiB)", peak as f64 / 1024.0, MEMORY / 1024);
    // The limits hold on a quiet machine; a strict run is for those who have one.
    let strict = std::env::args().any(|arg| arg == "--strict");
    let memory = if peak > MEMORY { vec!["memory".to_owned()] } else { Vec::new() };
    let over = if strict { over } else { Vec::new() };
    let over = [memory, slow, over].concat();
    if !over.is_empty() {
        println!("over the limit: {}", over.join(", "));
        std::process::exit(1);
    }
}

/// Medians of wf-fix, of something else, and of the ratio, run in turn.
fn measure(dir: &Path, args: &[&str], other: (&str, &[&str])) -> (Duration, Duration, f64) {
    let (mut own, mut git, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..PAIRS + WARM_UP {
        let a = run(dir, WF_FIX, args);
        let b = run(dir, other.0, other.1);
        if round >= WARM_UP {
            own.push(a);
            git.push(b);
            ratios.push(a.as_secs_f64() / b.as_secs_f64());
        }
    }
    own.sort();
    git.sort();
    ratios.sort_by(f64::total_cmp);
    (own[PAIRS / 2], git[PAIRS / 2], ratios[PAIRS / 2])
}

/// Medians of the processor time of two runs of wf-fix, in turn.
fn processor_time(dir: &Path, a: &[&str], b: &[&str]) -> (Duration, Duration) {
    let spent = || {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
        let of = |time: nix::sys::time::TimeVal| {
            Duration::from_micros(u64::try_from(time.tv_sec() * 1_000_000 + time.tv_usec()).unwrap())
        };
        of(usage.user_time()) + of(usage.system_time())
    };
    let one = |args: &[&str]| {
        let before = spent();
        run(dir, WF_FIX, args);
        spent() - before
    };
    let mut times: (Vec<Duration>, Vec<Duration>) = (0..PAIRS).map(|_| (one(a), one(b))).unzip();
    times.0.sort();
    times.1.sort();
    (times.0[PAIRS / 2], times.1[PAIRS / 2])
}

fn run(dir: &Path, program: &str, args: &[&str]) -> Duration {
    let start = Instant::now();
    let status =
        Command::new(program).args(args).current_dir(dir).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(status.success(), "{program} {args:?}");
    start.elapsed()
}

/// The demo's workflows, and more of the same kind under other names.
fn make_repository(dir: &Path) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/workflows");
    let to = dir.join(".github/workflows");
    fs::create_dir_all(&to).unwrap();
    let mut originals: Vec<_> = fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).collect();
    originals.sort();
    for index in 0..WORKFLOWS {
        let original = &originals[index % originals.len()];
        let name = original.file_name().unwrap().to_str().unwrap();
        let round = index / originals.len();
        let name = if round == 0 { name.to_owned() } else { format!("copy{round}-{name}") };
        fs::copy(original, to.join(name)).unwrap();
    }
    assert_eq!(fs::read_dir(&to).unwrap().count(), WORKFLOWS);
    for args in [
        &["init", "-q"][..],
        &["config", "user.name", "bench"],
        &["config", "user.email", "bench@example.com"],
        &["add", "-A"],
        &["commit", "-q", "-m", "before"],
    ] {
        run(dir, "git", args);
    }
}
