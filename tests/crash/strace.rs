//! `strace` as the hand that kills, stops and fails a process at a system call.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::stage::Stage;

/// The system calls that write, or make or remove a name (with `?`: not on every architecture). Reading opens are among
/// them, for a file is made by opening it.
const WRITING: &str = "openat,?open,?creat,write,pwrite64,writev,?rename,?renameat,renameat2,?link,linkat,?unlink,\
                       unlinkat,?mkdir,mkdirat,?rmdir,?symlink,symlinkat,fsync,fdatasync,ftruncate,?chmod,fchmod,\
                       fchmodat,utimensat,flock,fallocate,copy_file_range,sendfile";

/// A call of the main thread.
#[derive(Clone)]
pub struct Call {
    pub text: String,
    /// How often each name was called up to here, this call included: strace counts each name by itself.
    counts: BTreeMap<String, usize>,
}

impl Call {
    fn name(&self) -> &str {
        self.text.split('(').next().unwrap()
    }

    /// Something happens at this call.
    pub fn at(&self, what: &str) -> Vec<String> {
        vec![format!("inject={}:{what}:when={}", self.name(), self.counts[self.name()])]
    }

    /// Something happens at this call and at every later one.
    pub fn from(&self, what: &str) -> Vec<String> {
        let names = WRITING.split(',').map(|name| name.trim_start_matches('?'));
        let first = |name: &str| self.counts.get(name).copied().unwrap_or(0) + usize::from(name != self.name());
        names.map(|name| format!("inject=?{name}:{what}:when={}+", first(name).max(1))).collect()
    }
}

/// Whether all of the calls are to be tried, and not only a sample.
pub fn full() -> bool {
    std::env::var("WF_FIX_CRASH").is_ok_and(|value| value == "full")
}

/// Whether strace can be used here; said if not, and an error if it must be.
pub fn there() -> bool {
    let there =
        Command::new("taskset").args(["-c", &processor(), "strace", "-f", "-q", "-e", "trace=none", "true"]).output();
    let there = there.is_ok_and(|output| output.status.success());
    if !there {
        assert!(
            std::env::var_os("WF_FIX_CRASH").is_none(),
            "strace is missing or may not trace: apt-get install strace"
        );
        eprintln!("SKIPPED: strace is missing or may not trace (apt-get install strace)");
    }
    there
}

/// A processor we may use, each in turn: on one alone wf-fix reads and plans on one thread, and its calls come in the
/// same order.
fn processor() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap().trim();
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        first.parse::<usize>().unwrap()..=last.parse().unwrap()
    };
    let all: Vec<usize> = allowed.split(',').flat_map(range).collect();
    all[NEXT.fetch_add(1, Ordering::Relaxed) % all.len()].to_string()
}

/// wf-fix under strace, with injections in strace's words.
pub fn command(stage: &Stage, args: &[&str], inject: &[String]) -> Command {
    let mut command = stage.command("taskset");
    command.args(["-c", &processor(), "strace", "-f", "-q", "-o"]).arg(stage.beside("log"));
    command.args(["-e", &format!("trace=execve,{WRITING}")]);
    let without = stage.scenario.without;
    for inject in inject {
        if without.is_empty() || !inject.contains("renameat2") {
            command.args(["-e", inject]);
        }
    }
    if !without.is_empty() {
        command.args(["-e", &format!("inject={without}")]);
    }
    command.arg(env!("CARGO_BIN_EXE_wf-fix")).args(args);
    command
}

pub fn run(stage: &Stage, args: &[&str], inject: &[String]) -> Output {
    command(stage, args, inject).output().unwrap()
}

/// The calls of an undisturbed run that write or look at a workflow, as far as they can be injected.
pub fn calls(stage: &Stage, args: &[&str]) -> Vec<Call> {
    let output = run(stage, args, &[]);
    assert!(output.status.success(), "{}: {}", stage.scenario.name, crate::stage::said(&output));
    let log = fs::read_to_string(stage.beside("log")).unwrap();
    let main = log.lines().find(|line| line.contains("execve(")).unwrap().split(' ').next().unwrap().to_owned();
    let mut counts = BTreeMap::new();
    let mut calls = Vec::new();
    for line in log.lines().filter(|line| line.split(' ').next() == Some(&main)) {
        let text = line[main.len()..].trim_start();
        if !text.contains('(') || text.starts_with(['+', '-', '<']) || text.starts_with("execve") {
            continue;
        }
        let name = text.split('(').next().unwrap().to_owned();
        *counts.entry(name.clone()).or_default() += 1;
        // A workflow that is opened to be looked at is where others may come in between.
        let reads = name.starts_with("open") && !text.contains("O_CREAT") && !text.contains(".yml\"");
        if !reads && (name != "renameat2" || stage.scenario.without.is_empty()) {
            calls.push(Call { text: text.to_owned(), counts: counts.clone() });
        }
    }
    calls
}

/// All calls in a full run, else about `count` of them, spread evenly.
pub fn sample(calls: Vec<Call>, count: usize) -> Vec<Call> {
    let step = if full() { 1 } else { calls.len().div_ceil(count) };
    calls.into_iter().skip(step / 2).step_by(step).collect()
}
