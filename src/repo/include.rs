//! Conditional includes that libgit2 does not know: `includeIf "hasconfig:remote.*.url:PATTERN"` (git-config(1)). What
//! such a file says of identity, line ends or hooks would be missed, so a commit is refused where one may apply.

use anyhow::{Result, bail};
use git2::Config;
use globset::Glob;

const CONDITION: &str = "includeif.hasconfig:remote.*.url:";

/// Refuses if git may include a file that libgit2 leaves out: some remote's URL matches.
pub(super) fn guard(config: &Config) -> Result<()> {
    let conditions = values(config, "^includeif\\.hasconfig:.*\\.path$")?;
    if conditions.is_empty() {
        return Ok(());
    }
    let urls = values(config, "^remote\\..*\\.url$")?;
    for (name, file) in &conditions {
        let pattern = name.strip_prefix(CONDITION).and_then(|rest| rest.strip_suffix(".path"));
        let Some(pattern) = pattern else { continue };
        if urls.iter().any(|(_, url)| may_match(pattern, url)) {
            bail!(
                "git includes {file} here by `hasconfig:remote.*.url:{pattern}`, which wf-fix does not: use \
                 --no-commit and `git commit`, or include it by `gitdir:` or `onbranch:`"
            );
        }
    }
    Ok(())
}

/// A `*` that passes `/` takes more than git's: what it does not take git does not either. Braces git takes as they are.
fn may_match(pattern: &str, url: &str) -> bool {
    pattern.contains('{') || Glob::new(pattern).map_or(true, |glob| glob.compile_matcher().is_match(url))
}

/// Names and values of the settings whose names match.
fn values(config: &Config, names: &str) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut entries = config.entries(Some(names))?;
    while let Some(entry) = entries.next() {
        let entry = entry?;
        if !entry.has_value() {
            continue;
        }
        if let (Ok(name), Ok(value)) = (entry.name(), entry.value()) {
            found.push((name.to_owned(), value.to_owned()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_url_that_git_would_match_stands_in_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::open(&folder.path().join("config")).unwrap();
        config.set_str("remote.origin.url", "https://example.com/a/b").unwrap();
        assert!(guard(&config).is_ok());
        config.set_str("includeIf.hasconfig:remote.*.url:https://other.com/**.path", "x").unwrap();
        assert!(guard(&config).is_ok());
        config.set_str("includeIf.hasconfig:remote.*.url:https://example.com/**.path", "work.inc").unwrap();
        let message = guard(&config).unwrap_err().to_string();
        assert!(
            message.contains("work.inc") && message.contains("hasconfig:remote.*.url:https://example"),
            "{message}"
        );
    }
}
