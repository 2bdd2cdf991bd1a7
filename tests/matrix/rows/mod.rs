//! The situations, one file a group.

mod conversion;
mod environment;
mod evil;
mod format;
mod head;
mod hooks;
mod identity;
mod index;
mod lock;
mod place;
mod progress;
mod target;

use crate::situation::Situation;

/// The groups as the table has them.
pub const GROUPS: &[(&str, &[Situation])] = &[
    ("Where the repository is", place::ROWS),
    ("How it is stored", format::ROWS),
    ("The index", index::ROWS),
    ("The target", target::ROWS),
    ("Line ends and other conversions", conversion::ROWS),
    ("HEAD and branches", head::ROWS),
    ("An operation in progress", progress::ROWS),
    ("Locks that somebody holds", lock::ROWS),
    ("Who commits, and signatures", identity::ROWS),
    ("Hooks", hooks::ROWS),
    ("The environment", environment::ROWS),
    ("Programs that the repository names", evil::ROWS),
];
