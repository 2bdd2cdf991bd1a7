//! The files of the corpus: workflows and local actions under any folder, in a fixed order.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file to sweep.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Its path under the swept folder, with `/`.
    pub name: String,
    /// Its path inside its repository: from `.github` on.
    pub in_repo: String,
    /// The first folder under the swept one; `.` if that is the repository itself.
    pub repo: String,
    pub path: PathBuf,
}

/// Every workflow and local action below `dir`, sorted. Symlinks are not followed.
pub fn sources(dir: &Path) -> io::Result<Vec<Source>> {
    let mut found = Vec::new();
    let mut folders = vec![(dir.to_path_buf(), String::new())];
    while let Some((folder, name)) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let Ok(part) = entry.file_name().into_string() else {
                continue;
            };
            let name = if name.is_empty() { part } else { format!("{name}/{part}") };
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push((entry.path(), name));
            } else if kind.is_file() {
                found.extend(source(name, entry.path()));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn source(name: String, path: PathBuf) -> Option<Source> {
    let at = if name.starts_with(".github/") { 0 } else { name.rfind("/.github/")? + 1 };
    let in_repo = name[at..].to_owned();
    let (folder, file) = in_repo.rsplit_once('/')?;
    let (stem, extension) = file.rsplit_once('.')?;
    let is_yaml = matches!(extension, "yml" | "yaml");
    let is_workflow = folder == ".github/workflows";
    let is_action = folder.starts_with(".github/actions/") && stem == "action";
    if !is_yaml || !(is_workflow || is_action) {
        return None;
    }
    let repo = if at == 0 { "." } else { name.split('/').next()? }.to_owned();
    Some(Source { name, in_repo, repo, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_workflows_and_local_actions_count() {
        let kept = |name: &str| source(name.to_owned(), PathBuf::new()).map(|s| (s.repo, s.in_repo));
        let some = |repo: &str, path: &str| Some((repo.to_owned(), path.to_owned()));
        assert_eq!(kept("o+n/.github/workflows/a.yml"), some("o+n", ".github/workflows/a.yml"));
        assert_eq!(kept(".github/workflows/a.yaml"), some(".", ".github/workflows/a.yaml"));
        assert_eq!(kept("o+n/.github/actions/x/y/action.yml"), some("o+n", ".github/actions/x/y/action.yml"));
        assert_eq!(kept("o+n/.github/workflows/sub/a.yml"), None);
        assert_eq!(kept("o+n/.github/dependabot.yml"), None);
        assert_eq!(kept("o+n/.github/workflows/readme.md"), None);
    }
}
