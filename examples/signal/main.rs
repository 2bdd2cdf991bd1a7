//! The signal model beside a real runner.
//!
//! `cargo run --example signal -- record FILE [COUNT]` has act run generated workflows and writes what it saw;
//! `show SEED` prints a case and what the model says of it; `survey FOLDER` counts what the model says of the workflows
//! of the repositories that lie side by side in a folder; `explain REPOSITORY FILE` prints the chains of one.
//!
//! act runs the steps on this machine, without containers and without network. What it needs: `act` and `git` on the
//! path or act's path in `ACT`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for people")]

mod act;
mod generate;
mod model;
mod survey;

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["record", file] => record(file, 600),
        ["record", file, count] => {
            count.parse().map_err(|_| "COUNT is a number".to_owned()).and_then(|n| record(file, n))
        }
        ["show", seed] => seed.parse().map_err(|_| "SEED is a number".to_owned()).and_then(show),
        ["explain", repository, file] => survey::explain(repository, file),
        ["survey", folder] => survey::run(folder),
        _ => Err("usage: signal record FILE [COUNT] | show SEED | survey FOLDER | explain REPOSITORY FILE".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("signal: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the cases of the seeds below `count` and writes a record a line.
fn record(file: &str, count: u64) -> Result<(), String> {
    let (next, lines) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    let failure = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= count {
                        break;
                    }
                    match one(seed) {
                        Ok(line) => lines.lock().map(|mut lines| lines.push((seed, line))).unwrap_or(()),
                        Err(message) => failure.lock().map(|mut slot| *slot = Some(message)).unwrap_or(()),
                    }
                }
            });
        }
    });
    if let Some(message) = failure.into_inner().unwrap_or(None) {
        return Err(message);
    }
    let mut lines = lines.into_inner().unwrap_or_default();
    lines.sort();
    let body: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
    let text = format!("{{\"runner\": {:?}, \"runs\": [\n{}\n]}}\n", act::version()?, body.join(",\n"));
    std::fs::write(file, text).map_err(|e| format!("{file}: {e}"))?;
    println!("{count} runs recorded in {file}");
    Ok(())
}

fn one(seed: u64) -> Result<String, String> {
    let case = generate::case(seed);
    let seen = act::run(seed, &case)?;
    match model::play(&case) {
        Ok(said) if said == seen => {}
        said => println!("seed {seed} differs:\n  act   {seen:?}\n  model {said:?}"),
    }
    let record = serde_json::json!({
        "seed": seed, "mark": format!("{:016x}", generate::mark(&case)), "run": seen.run, "lines": seen.lines,
    });
    Ok(record.to_string())
}

fn show(seed: u64) -> Result<(), String> {
    let case = generate::case(seed);
    for (path, text) in &case.files {
        println!("# {path}\n{text}");
    }
    let said = model::play(&case)?;
    println!("{}\nrun {}", said.lines.join("\n"), said.run);
    Ok(())
}
