//! Which path names may be asked for: relative, inside the repository, outside `.git`.
//!
//! Judges the text only; what stands at the path is for `entry` (a tree) and `folder` (a disk) to say.

use anyhow::{Result, bail};

/// Refuses a path that is absolute, climbs out, enters `.git` or that no tree can hold.
pub(super) fn check(path: &str) -> Result<()> {
    let shown = path.escape_debug();
    if path.is_empty() {
        bail!("an empty path names no file");
    }
    if path.starts_with('/') || path.get(1..2) == Some(":") {
        bail!("`{shown}` is absolute: give a path relative to the repository's root");
    }
    if path.contains(['\\', '\0', '\n', '\r']) {
        bail!("`{shown}` has a backslash or a control character: separate folders with `/`");
    }
    for part in path.split('/') {
        match part {
            "" | "." => bail!("`{shown}` has an empty or `.` part: write it without"),
            ".." => bail!("`{shown}` has `..`: no path may leave the repository"),
            _ if is_dot_git(part) => {
                bail!("`{shown}` lies in `.git`: only tracked files can be changed")
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether some file system would take this name for `.git`.
pub(super) fn is_dot_git(part: &str) -> bool {
    // HFS+ ignores these characters, NTFS trailing dots, blanks and streams (git's verify_path does the same).
    let ignored = |c: &char| !matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}');
    let folded: String = part.chars().filter(ignored).collect::<String>().to_ascii_lowercase();
    let name = folded.split(':').next().unwrap_or_default().trim_end_matches(['.', ' ']);
    name == ".git" || name == "git~1"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_paths_pass() {
        for path in [".github/workflows/a.yml", "a", "..a/b..", ".gitignore", ".github"] {
            assert!(check(path).is_ok(), "{path}");
        }
    }

    #[test]
    fn paths_that_leave_the_repository_or_enter_git_are_refused() {
        for (path, word) in [
            ("", "empty"),
            ("/etc/passwd", "absolute"),
            ("C:/x", "absolute"),
            ("../x", "`..`"),
            ("a/../../x", "`..`"),
            ("a//b", "empty or `.`"),
            ("./a", "empty or `.`"),
            ("a\\b", "backslash"),
            (".git/config", "lies in `.git`"),
            ("sub/.GIT/hooks/x", "lies in `.git`"),
            ("git~1/config", "lies in `.git`"),
            (".git./config", "lies in `.git`"),
            (".g\u{200c}it/config", "lies in `.git`"),
        ] {
            let message = check(path).unwrap_err().to_string();
            assert!(message.contains(word), "{path}: {message}");
        }
    }
}
