//! Hostile input: what a stranger's repository, workflow or rule file may hold. The real process over real files, with
//! limits on memory and time; nothing panics, nothing aborts, nothing outside is touched, nothing goes raw to a terminal.
//! The table of these cases is in docs/reliability.md.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod config;
mod documents;
mod files;
mod ground;
mod history;
mod names;
mod rules;
mod scripts;
mod size;
mod table;
