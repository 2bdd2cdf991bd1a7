//! Patches that `git apply` and `git am` accept: a mail per risk, each with its commit's message.
//!
//! Limitation, git's own: `git am` drops the carriage returns of CRLF files unless it is given `--keep-cr`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha1::{Digest, Sha1};
use similar::{Algorithm, ChangeTag, TextDiff};

use super::safe::{is_unsafe, plural};
use crate::change::{FileChange, Step};
use crate::plan::{FilePlan, Planned};

/// What stands in the head of each mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sender {
    /// `Name <address>`.
    pub from: String,
    /// An RFC 2822 date; none lets `git am` take the time it runs.
    pub date: Option<String>,
}

/// How many lines a diff adds and removes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Lines added.
    pub added: usize,
    /// Lines removed.
    pub removed: usize,
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, other: Count) {
        self.added += other.added;
        self.removed += other.removed;
    }
}

/// The difference of one file: git's hunks, and what they count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileDiff {
    /// Lines added and removed.
    pub count: Count,
    hunks: Vec<u8>,
}

impl FileDiff {
    /// Compares before and after.
    pub fn of(file: &FileChange) -> FileDiff {
        let after: &[u8] = file.after.as_deref().unwrap_or_default();
        let diff = TextDiff::configure().algorithm(Algorithm::Patience).diff_lines(file.before.as_slice(), after);
        let mut out = FileDiff::default();
        for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
            // Writing to a vector cannot fail.
            let _ = hunk.to_writer(&mut out.hunks);
            for change in hunk.iter_changes() {
                match change.tag() {
                    ChangeTag::Insert => out.count.added += 1,
                    ChangeTag::Delete => out.count.removed += 1,
                    ChangeTag::Equal => {}
                }
            }
        }
        out
    }

    /// The diff in git's format.
    pub fn text(&self, file: &FileChange, git: &Git<'_>) -> Vec<u8> {
        let (a, b) = (quoted("a/", &file.path), quoted("b/", &file.path));
        let (old, mode) = ((git.blob)(&file.before), (git.mode)(&file.path));
        let mut out = format!("diff --git {a} {b}\n");
        match &file.after {
            Some(after) => {
                let _ = write!(out, "index {old}..{} {mode}\n--- {a}\n+++ {b}\n", (git.blob)(after));
            }
            None => {
                let none = "0".repeat(old.len());
                let _ = write!(out, "deleted file mode {mode}\nindex {old}..{none}\n");
                if !file.before.is_empty() {
                    let _ = write!(out, "--- {a}\n+++ /dev/null\n");
                }
            }
        }
        [out.as_bytes(), &self.hunks].concat()
    }
}

/// The differences of a whole run, each computed once.
#[derive(Debug, Clone, Default)]
pub struct Diffs(BTreeMap<(String, String), FileDiff>);

impl Diffs {
    /// Compares every planned file.
    pub fn of(planned: &[Planned<'_>]) -> Diffs {
        let key = |one: &Planned<'_>, file: &FilePlan| (one.risk.id.clone(), file.change.path.clone());
        let all = planned.iter().flat_map(|one| one.files().iter().map(move |file| (one, file)));
        Diffs(all.map(|(one, file)| (key(one, file), FileDiff::of(&file.change))).collect())
    }

    /// The difference of one file of a risk; empty for one that was not planned.
    pub fn get(&self, risk: &str, path: &str) -> FileDiff {
        self.0.get(&(risk.to_owned(), path.to_owned())).cloned().unwrap_or_default()
    }
}

/// What a patch must ask git.
pub struct Git<'a> {
    /// The mode of a path: `100644` or `100755`.
    pub mode: &'a dyn Fn(&str) -> &'static str,
    /// The object ID of a file's bytes.
    pub blob: &'a dyn Fn(&[u8]) -> String,
}

/// The object ID git gives a file of these bytes.
pub fn blob_id(bytes: &[u8]) -> String {
    let mut hash = Sha1::new_with_prefix(format!("blob {}\0", bytes.len()));
    hash.update(bytes);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A name and an address as a mail header has them; a name with anything unusual in it is an encoded word (RFC 2047).
pub fn mailbox(name: &str, email: &str) -> String {
    let usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_');
    if name.chars().all(usual) {
        return format!("{name} <{email}>");
    }
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        b' ' => "_".to_owned(),
        other => format!("={other:02X}"),
    };
    format!("=?UTF-8?q?{}?= <{email}>", name.bytes().map(encode).collect::<String>())
}

/// A series of mails, one per step.
pub fn series(steps: &[Step], diffs: &Diffs, sender: &Sender, git: &Git<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let files: Vec<_> = step.files.iter().map(|file| (file, diffs.get(&step.risk, &file.path))).collect();
        let (subject, body) = step.message.split_once("\n\n").unwrap_or((step.message.trim_end(), ""));
        let number = if steps.len() > 1 { format!(" {}/{}", index + 1, steps.len()) } else { String::new() };
        let date = sender.date.iter().map(|date| format!("Date: {date}\n")).collect::<String>();
        let head = format!(
            "From {} Mon Sep 17 00:00:00 2001\nFrom: {}\n{date}Subject: [PATCH{number}] {subject}\n{MIME}\n{body}---\n{}\n",
            "0".repeat(40),
            sender.from,
            stat(&files),
        );
        out.extend(head.into_bytes());
        out.extend(files.iter().flat_map(|(file, diff)| diff.text(file, git)));
        out.extend(format!("-- \nwf-fix {}\n\n", env!("CARGO_PKG_VERSION")).into_bytes());
    }
    out
}

const MIME: &str = "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n";

/// The summary below the `---` of a mail.
fn stat(files: &[(&FileChange, FileDiff)]) -> String {
    let mut total = Count::default();
    let mut out = String::new();
    for (file, diff) in files {
        let one = diff.count;
        total += one;
        let bars = ("+".repeat(one.added.min(30)), "-".repeat(one.removed.min(30)));
        let _ = writeln!(out, " {} | {} {}{}", quoted("", &file.path), one.added + one.removed, bars.0, bars.1);
    }
    let _ = writeln!(out, " {}", shortstat(files.len(), total));
    out
}

/// `git diff --shortstat`'s words.
pub fn shortstat(files: usize, count: Count) -> String {
    let mut parts = vec![format!("{} changed", plural(files, "file"))];
    if count.added > 0 || count.removed == 0 {
        parts.push(format!("{}(+)", plural(count.added, "insertion")));
    }
    if count.removed > 0 || count.added == 0 {
        parts.push(format!("{}(-)", plural(count.removed, "deletion")));
    }
    parts.join(", ")
}

/// A path as git writes it in a diff: in quotes with C escapes if it holds a quote, a backslash, or what must not go out
/// raw.
fn quoted(prefix: &str, path: &str) -> String {
    let needs = |c: char| matches!(c, '"' | '\\' | '\n' | '\t') || is_unsafe(c);
    if !path.contains(needs) {
        return format!("{prefix}{path}");
    }
    let escape = |byte: u8| match byte {
        b'"' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        other => format!("\\{other:03o}"),
    };
    format!("\"{prefix}{}\"", path.bytes().map(escape).collect::<String>())
}

/// A patch with terminal colours.
pub fn coloured(patch: &str) -> String {
    let mut out = String::with_capacity(patch.len() * 2);
    let mut in_hunk = false;
    for line in patch.split_inclusive('\n') {
        in_hunk = (in_hunk || line.starts_with("@@")) && !line.starts_with("diff --git") && line != "-- \n";
        let code = match line.as_bytes().first() {
            Some(b'@') if in_hunk => "36",
            Some(b'+') if in_hunk => "32",
            Some(b'-') if in_hunk => "31",
            _ if line.starts_with("diff --git") || line.starts_with("Subject: ") => "1",
            _ => "",
        };
        let content = line.trim_end_matches(['\n', '\r']);
        let content = super::safe::shown(content);
        match code {
            "" => out.push_str(&content),
            code => {
                let _ = write!(out, "\x1b[{code}m{content}\x1b[0m");
            }
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(before: &str, after: &str) -> FileChange {
        FileChange { path: "a\"b.yml".into(), before: before.into(), after: Some(after.into()) }
    }

    #[test]
    fn a_missing_final_newline_is_said() {
        let (file, git) = (change("a\nb", "a\n"), Git { mode: &|_| "100644", blob: &|_| "0".into() });
        let patch = String::from_utf8(FileDiff::of(&file).text(&file, &git)).unwrap();
        assert!(patch.starts_with("diff --git \"a/a\\\"b.yml\" \"b/a\\\"b.yml\"\nindex 0..0 100644\n"), "{patch}");
        assert!(patch.ends_with("@@ -1,2 +1 @@\n a\n-b\n\\ No newline at end of file\n"), "{patch}");
    }

    #[test]
    fn a_blob_has_the_id_git_gives_it() {
        assert_eq!(blob_id(b"hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
    }

    #[test]
    fn an_unusual_name_is_an_encoded_word() {
        assert_eq!(mailbox("Ada L", "a@x"), "Ada L <a@x>");
        assert_eq!(mailbox("A \"é\"", "a@x"), "=?UTF-8?q?A_=22=C3=A9=22?= <a@x>");
    }

    #[test]
    fn short_statistics_use_gits_words() {
        assert_eq!(shortstat(1, Count { added: 0, removed: 1 }), "1 file changed, 1 deletion(-)");
        assert_eq!(shortstat(5, Count { added: 7, removed: 37 }), "5 files changed, 7 insertions(+), 37 deletions(-)");
    }
}
