//! Which settings are the user's own: what git-config(1) calls protected configuration (system, user, command line).
//!
//! The repository's own configuration may come from anyone: an archive with a `.git`, a shared folder. Git trusts it as
//! soon as `safe.directory` passes; wf-fix runs no program that only it names.

use anyhow::{Result, bail};
use git2::{Config, ConfigLevel, Repository};

/// Whether the value that counts for `name` stands in the repository's own configuration, or in a file it includes.
pub(super) fn is_the_repositorys(config: &Config, name: &str) -> bool {
    let level = config.get_entry(name).map(|entry| entry.level());
    matches!(level, Ok(ConfigLevel::Local | ConfigLevel::Worktree))
}

/// The value of `name` in the user's own configuration, whatever the repository says.
fn of_the_user(config: &Config, name: &str) -> Result<Option<String>> {
    let mut found: Option<(i32, String)> = None;
    let mut entries = config.multivar(name, None)?;
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let level = entry.level();
        let counts = !matches!(level, ConfigLevel::Local | ConfigLevel::Worktree) && entry.has_value();
        if counts && found.as_ref().is_none_or(|(highest, _)| *highest <= level as i32) {
            found = Some((level as i32, entry.value()?.to_owned()));
        }
    }
    Ok(found.map(|(_, value)| value))
}

/// `safe.bareRepository=explicit`: a bare repository that was found, not named by `GIT_DIR`, is not to be used.
/// A `.git` folder is not meant, as in git.
pub(super) fn guard_bare(git: &Repository) -> Result<()> {
    const NAME: &str = "safe.bareRepository";
    let met = !git.is_bare() || git.path().ends_with(".git");
    if !met && of_the_user(&git.config()?, NAME)?.as_deref() == Some("explicit") {
        bail!("cannot use bare repository '{}' ({NAME} is 'explicit'): name it in GIT_DIR", git.path().display());
    }
    Ok(())
}
