//! What programs do, in tables by ecosystem.
//!
//! To extend: add a program to a line, or a line. The first column is the role, the second the programs, the third the
//! words of which one must be among the arguments (none: any). The first line of a program that fits wins, so what a
//! program does with an argument stands before what it does otherwise; programs of several files are asked in the order
//! of [`TABLES`].

mod build;
mod infra;
mod javascript;
mod python;
mod system;
mod tasks;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Role;

pub use tasks::{CONTAINERS, RUNNERS, RUNS_TASKS, WRAPPERS};

/// A role, programs, and arguments.
pub type Row = (Role, &'static str, &'static str);

/// The tables, in the order they are asked.
const TABLES: &[&[Row]] = &[python::ROWS, javascript::ROWS, build::ROWS, infra::ROWS, system::ROWS];

type Lines = Vec<(Vec<&'static str>, Role)>;

static INDEX: LazyLock<HashMap<String, Lines>> = LazyLock::new(|| {
    let mut index: HashMap<String, Lines> = HashMap::new();
    for (role, programs, arguments) in TABLES.iter().copied().flatten() {
        for program in programs.split_whitespace() {
            let arguments = arguments.split_whitespace().collect();
            index.entry(program.to_ascii_lowercase()).or_default().push((arguments, *role));
        }
    }
    index
});

/// The role of a program with these arguments; `None` if no table knows it.
pub fn role(program: &str, arguments: &[&str]) -> Option<Role> {
    let lines = match INDEX.get(program) {
        Some(lines) => lines,
        None if !program.bytes().any(|byte| byte.is_ascii_uppercase()) => return None,
        None => INDEX.get(program.to_ascii_lowercase().as_str())?,
    };
    let fits = |wanted: &Vec<&str>| {
        let asks = |argument: &&str| {
            wanted.contains(argument) || wanted.contains(&argument.split('=').next().unwrap_or(argument))
        };
        wanted.is_empty() || arguments.iter().any(asks)
    };
    lines.iter().find(|(wanted, _)| fits(wanted)).map(|(_, role)| *role)
}
