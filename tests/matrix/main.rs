//! Every situation of a repository: wf-fix does there what git would do, or refuses and leaves everything as it was.
//!
//! A row declares a situation (`situation`, `rows`); what is tried in it and how it may end is the same for all
//! (`engine`), git judges (`judge`), and the table in `docs/git.md` is what came out (`table`). Needs `git`, `gpg` and
//! `ssh-keygen` in the PATH; some rows need root and stay as the table has them without.
//!
//! `WF_FIX_ROWS=words` runs the rows whose names hold these words, `WF_FIX_BLESS=1` rewrites the table.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod engine;
mod judge;
mod rows;
mod situation;
mod stage;
mod state;
mod table;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use engine::Outcome;
use situation::Situation;
use stage::Base;

/// The outcomes of a row; none if it cannot be made here.
type Outcomes = Option<[Outcome; 6]>;

#[test]
fn every_situation_works_as_git_would_or_is_refused_and_the_table_says_which() {
    let wanted = std::env::var("WF_FIX_ROWS").unwrap_or_default();
    let all: Vec<Situation> = rows::GROUPS.iter().flat_map(|(_, rows)| rows.iter().copied()).collect();
    let chosen: Vec<Situation> = all.iter().copied().filter(|row| row.name.contains(&wanted)).collect();
    let (results, wrong) = run(&chosen);
    for (row, outcomes) in chosen.iter().zip(&results).filter(|_| !wanted.is_empty()) {
        println!("{}: {outcomes:#?}", row.name);
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), chosen.len(), wrong.join("\n\n"));
    if wanted.is_empty() {
        table::compare(&results);
    }
}

/// Runs the rows on all processors; what came out, and what is wrong.
fn run(rows: &[Situation]) -> (Vec<Outcomes>, Vec<String>) {
    let base = Base::new();
    let (next, results, wrong) = (AtomicUsize::new(0), Mutex::new(vec![None; rows.len()]), Mutex::new(Vec::new()));
    let worker = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(row) = rows.get(number) else { break };
            if row.root_only && !base.is_roots() {
                continue;
            }
            match catch_unwind(AssertUnwindSafe(|| engine::outcomes(&base.build(&number.to_string(), *row)))) {
                Ok(outcomes) => results.lock().unwrap()[number] = Some(outcomes),
                Err(panic) => wrong.lock().unwrap().push(format!("{}: {}", row.name, words_of(&*panic))),
            }
        }
    };
    let workers = std::thread::available_parallelism().map_or(2, Into::into);
    std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(worker))));
    (results.into_inner().unwrap(), wrong.into_inner().unwrap())
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let fixed = || panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    panic.downcast_ref::<String>().cloned().or_else(fixed).unwrap_or_default()
}
