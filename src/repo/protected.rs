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

/// `safe.bareRepository=explicit`: a bare repository that was found, not named by `GIT_DIR`, is not to be used.
/// A `.git` folder is not meant, as in git.
pub(super) fn guard_bare(git: &Repository) -> Result<()> {
    const NAME: &str = "safe.bareRepository";
    let config = git.config()?;
    let explicit = config.get_string(NAME).is_ok_and(|value| value == "explicit");
    if git.is_bare() && explicit && !is_the_repositorys(&config, NAME) && !git.path().ends_with(".git") {
        bail!("cannot use bare repository '{}' ({NAME} is 'explicit'): name it in GIT_DIR", git.path().display());
    }
    Ok(())
}
