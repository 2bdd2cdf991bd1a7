//! Settings that git heeds when it commits and wf-fix does not: where one is set, the commit is refused.

use anyhow::{Result, bail};
use git2::{Config, ErrorCode};

use super::include;

/// Refuses what would come out otherwise than git's commit.
pub(super) fn guard(config: &Config) -> Result<()> {
    include::guard(config)?;
    guard_encoding(config)?;
    guard_shared(config)
}

/// A message is written in UTF-8, which a commit need not say. Git would write it in another encoding if asked to.
fn guard_encoding(config: &Config) -> Result<()> {
    let Ok(encoding) = config.get_string("i18n.commitEncoding") else { return Ok(()) };
    if !matches!(encoding.to_ascii_lowercase().as_str(), "utf-8" | "utf8") {
        bail!(
            "i18n.commitEncoding is {encoding}, and wf-fix writes UTF-8: `git config --unset i18n.commitEncoding`, or use \
             --no-commit and `git commit`"
        );
    }
    Ok(())
}

/// Git opens what it writes to a group or to all; new folders of ours would shut others out of a part of the objects.
fn guard_shared(config: &Config) -> Result<()> {
    let value = match config.get_string("core.sharedRepository") {
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(()),
        value => value.unwrap_or_else(|_| "true".to_owned()),
    };
    if !matches!(value.to_ascii_lowercase().as_str(), "umask" | "false" | "no" | "off" | "0") {
        bail!(
            "core.sharedRepository is {value}, and wf-fix does not open what it writes to others: use --no-commit and \
             `git commit`"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_git_would_share_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::open(&folder.path().join("config")).unwrap();
        assert!(guard(&config).is_ok());
        for (value, fine) in
            [("umask", true), ("false", true), ("0", true), ("group", false), ("1", false), ("0660", false)]
        {
            config.set_str("core.sharedRepository", value).unwrap();
            assert_eq!(guard(&config).is_ok(), fine, "{value}");
        }
    }
}
