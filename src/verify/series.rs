//! A series of commits as values: what the git edge reads and the checks judge.

use std::collections::BTreeMap;

use crate::change::Snapshot;

/// The commits of `BASE..HEAD`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Series {
    /// The commit that BASE names.
    pub base: String,
    /// The commit the series starts from: BASE, or where the two branches part if BASE has moved on.
    pub start: String,
    /// The commit that HEAD names.
    pub head: String,
    /// Oldest first.
    pub commits: Vec<Commit>,
}

/// One commit and what it changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Commit {
    /// Its object ID, 40 hexadecimal digits.
    pub id: String,
    /// The IDs of its parents.
    pub parents: Vec<String>,
    /// The first line of its message.
    pub subject: String,
    /// The trailers of its message as git reads them, in order.
    pub trailers: Vec<(String, String)>,
    /// The day of its author, `YYYY-MM-DD` in the author's time zone.
    pub author_day: String,
    /// The day of its committer.
    pub committer_day: String,
    /// What it changes against its first parent, by path; nothing for a merge.
    pub entries: Vec<Entry>,
    /// The files of its parent that the risk it names needs.
    pub before: Snapshot,
    /// The bytes of regular files that it adds or changes.
    pub after: BTreeMap<String, Vec<u8>>,
}

/// One path that a commit changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The path; bytes that are no UTF-8 are replaced.
    pub path: String,
    /// What stood there.
    pub before: Option<Item>,
    /// What stands there.
    pub after: Option<Item>,
}

/// A file of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its object ID.
    pub id: String,
    /// Its mode, as git has it: `0o100644` and so on.
    pub mode: u32,
}

/// What a file of a tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file, executable or not.
    File,
    /// A symbolic link.
    Link,
    /// A submodule.
    Submodule,
}

impl Item {
    /// What it is.
    pub fn kind(&self) -> Kind {
        match self.mode {
            0o120_000 => Kind::Link,
            0o160_000 => Kind::Submodule,
            _ => Kind::File,
        }
    }
}

impl Commit {
    /// The first digits of its ID, always as many.
    pub fn short(&self) -> &str {
        short(&self.id)
    }
}

/// The first twelve digits of an object ID.
pub fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}
