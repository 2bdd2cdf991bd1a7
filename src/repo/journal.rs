//! What a delivery is about to do, written and synced before the first visible change: enough to finish or undo it
//! after any crash.
//!
//! It names no places outside of what the repository itself says: files by their path in the worktree, a reference by
//! its name. So a journal in a copied, moved or hostile repository leads nowhere else.

use anyhow::{Context, Result, bail};
use git2::{ObjectType, Oid, Reference};
use serde::{Deserialize, Serialize};

use super::worktree::Write;

const VERSION: u32 = 1;

/// How the claim in an `index.lock` of ours begins.
pub(super) const CLAIM: &str = "wf-fix ";

/// A delivery.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    version: u32,
    /// In the names and contents of all that is temporary, so that nobody else's is taken for ours.
    pub mark: String,
    /// The git folder of the worktree, relative to the common git folder; none outside of git.
    pub git_dir: Option<String>,
    /// Where the index stands, relative to the common git folder, if it changes.
    pub index: Option<String>,
    /// The files of the worktree, in the order in which they are replaced.
    pub files: Vec<Record>,
    /// The reference that moves.
    pub reference: Option<Move>,
}

/// A file of the worktree that changes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Record {
    /// Relative to the root.
    pub path: String,
    /// What it held and what it shall hold, as the blob that would have these bytes; no `after` removes it.
    pub before: String,
    pub after: Option<String>,
}

/// How a reference moves.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Move {
    pub name: String,
    /// Not there for a new branch.
    pub old: Option<String>,
    pub new: String,
    /// The line for the reflogs.
    pub line: String,
    /// Whether HEAD stands on it, so that its reflog gets the line too.
    pub by_head: bool,
    /// Which of the reflogs were there before, in their order.
    pub logs: Vec<bool>,
}

impl Journal {
    /// A delivery that changes nothing yet.
    pub fn new(writes: &[Write]) -> Self {
        let id = |bytes: &[u8]| content_id(bytes).map(|id| id.to_string()).unwrap_or_default();
        let record = |write: &Write| Record {
            path: write.path.clone(),
            before: id(&write.expect),
            after: write.content.as_deref().map(id),
        };
        let files = writes.iter().map(record).collect();
        Journal { version: VERSION, mark: mark(), git_dir: None, index: None, files, reference: None }
    }

    pub fn bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads a journal, and checks whatever becomes part of a name.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let journal: Journal = serde_json::from_slice(bytes).context("it is no journal")?;
        if journal.version != VERSION {
            bail!("it is of version {}, this wf-fix knows {VERSION}", journal.version);
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if journal.mark.is_empty() || !journal.mark.chars().all(plain) {
            bail!("its mark is not in order");
        }
        for record in &journal.files {
            crate::rule::path::check(&record.path).map_err(anyhow::Error::msg)?;
        }
        if let Some(name) = journal.reference.as_ref().map(|reference| reference.name.as_str())
            && name != "HEAD"
            && !(name.starts_with("refs/heads/") && Reference::is_valid_name(name))
        {
            bail!("`{}` is no branch", name.escape_debug());
        }
        Ok(journal)
    }

    /// What our `index.lock` holds.
    pub fn claim(&self) -> Vec<u8> {
        format!("{CLAIM}{}\n", self.mark).into_bytes()
    }
}

impl Move {
    /// What the reference's file and, until then, its lock hold.
    pub fn value(&self) -> Vec<u8> {
        format!("{}\n", self.new).into_bytes()
    }
}

/// The name by which a journal knows a content.
pub(super) fn content_id(bytes: &[u8]) -> Result<Oid> {
    Ok(Oid::hash_object(ObjectType::Blob, bytes)?)
}

/// Unique among the runs of a machine.
fn mark() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    format!("{:x}-{:x}", now.as_nanos(), std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_survives_the_disk() {
        let write = Write { path: "a/b.yml".to_owned(), expect: b"x".to_vec(), content: None };
        let journal = Journal::new(&[write]);
        let read = Journal::parse(&journal.bytes().unwrap()).unwrap();
        assert_eq!((read.mark, read.files[0].path.as_str()), (journal.mark, "a/b.yml"));
    }

    #[test]
    fn a_journal_that_leads_elsewhere_is_refused() {
        let good = r#"{"version":1,"mark":"a-1","git_dir":null,"index":null,"files":[],"reference":null}"#;
        assert!(Journal::parse(good.as_bytes()).is_ok());
        let file = r#"[{"path":"../x","before":"","after":null}]"#;
        let reference = r#"{"name":"refs/heads/../../x","old":null,"new":"","line":"","by_head":false,"logs":[]}"#;
        for (what, instead) in [
            (r#""a-1""#, r#""../a""#),
            (r#""version":1"#, r#""version":2"#),
            (r#""files":[]"#, &format!(r#""files":{file}"#)),
            (r#""reference":null"#, &format!(r#""reference":{reference}"#)),
        ] {
            let bad = good.replace(what, instead);
            assert!(bad != good && Journal::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
