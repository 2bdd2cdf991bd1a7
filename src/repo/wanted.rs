//! What a run wants to read: literal paths and glob patterns, and the folders to look into for them.
//!
//! Knows nothing of git or disks. A path with any of `*?[{` is a glob (`*` and `?` stop at `/`).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Error, Result};
use globset::{GlobSet, GlobSetBuilder};

use crate::rule::{glob, is_glob, path};

/// Deeper folders are not walked, whatever a pattern says.
const MAX_DEPTH: usize = 64;

/// The parsed list of paths and patterns.
pub(super) struct Wanted {
    /// Paths asked for by name.
    pub literals: BTreeSet<String>,
    /// Folders to list, and how many levels of them; `""` is the root.
    pub folders: BTreeMap<String, usize>,
    globs: GlobSet,
}

impl Wanted {
    /// Parses `list`; refuses paths that leave the repository and patterns that do not parse.
    pub fn parse(list: &[String]) -> Result<Self> {
        let mut wanted = Wanted { literals: BTreeSet::new(), folders: BTreeMap::new(), globs: GlobSet::empty() };
        let mut globs = GlobSetBuilder::new();
        for text in list {
            path::check(text).map_err(Error::msg)?;
            if is_glob(text) {
                let glob = glob(text);
                globs.add(glob.with_context(|| format!("`{}` is not a glob pattern", text.escape_debug()))?);
                let (folder, depth) = folder_of_glob(text);
                wanted.look_into(folder, depth);
            } else {
                let folder = text.rsplit_once('/').map_or("", |(folder, _)| folder);
                wanted.look_into(folder.to_owned(), 1);
                wanted.literals.insert(text.clone());
            }
        }
        wanted.globs = globs.build().context("the glob patterns are too large together")?;
        Ok(wanted)
    }

    /// Whether some glob asks for the file `path`.
    pub fn glob_matches(&self, path: &str) -> bool {
        self.globs.is_match(path)
    }

    fn look_into(&mut self, folder: String, depth: usize) {
        let levels = self.folders.entry(folder).or_default();
        *levels = depth.max(*levels);
    }
}

/// The folder before the first pattern character, and the levels below it that the pattern can reach.
fn folder_of_glob(glob: &str) -> (String, usize) {
    let parts: Vec<&str> = glob.split('/').collect();
    let fixed = parts.iter().position(|part| is_glob(part)).unwrap_or(0);
    let open = parts[fixed..].iter().any(|part| part.contains("**") || part.contains('{'));
    let depth = if open { MAX_DEPTH } else { parts.len() - fixed };
    (parts[..fixed].join("/"), depth)
}

/// `folder` and `name` as one path.
pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_names_its_folder_and_reach() {
        for (glob, folder, depth) in [
            (".github/workflows/*.yml", ".github/workflows", 1),
            ("*.yml", "", 1),
            ("a/*/c.yml", "a", 2),
            ("a/**/c.yml", "a", MAX_DEPTH),
            ("a/{b,c/d}/e", "a", MAX_DEPTH),
        ] {
            assert_eq!(folder_of_glob(glob), (folder.to_owned(), depth), "{glob}");
        }
    }

    #[test]
    fn a_star_stops_at_a_slash() {
        let wanted = Wanted::parse(&["a/*.yml".to_owned()]).unwrap();
        assert!(wanted.glob_matches("a/b.yml"));
        assert!(!wanted.glob_matches("a/b/c.yml"));
    }

    #[test]
    fn a_bad_pattern_is_an_error() {
        assert!(Wanted::parse(&["a/[.yml".to_owned()]).is_err());
    }
}
