//! Replace references (git-replace(1)): git reads another object in place of the one that is named. libgit2 does not,
//! so where it would matter wf-fix refuses: else it would change what the user never sees.

use std::fs;

use anyhow::{Result, bail};
use git2::{Oid, Repository};

use super::Repo;

/// What the repository replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Replaced {
    Nothing,
    /// The parents of commits, as `git replace --graft` does: every commit has the files it had.
    History,
    /// Files, or the commits that hold them.
    Content,
}

impl Repo {
    /// Refuses if git would read other files than we do, or, with `history`, another history.
    pub(super) fn guard_replaced(&self, history: bool) -> Result<()> {
        let replaced = *self.replaced.get_or_init(|| replaced(&self.git));
        if replaced == Replaced::Nothing || replaced == Replaced::History && !history {
            return Ok(());
        }
        bail!(
            "objects are replaced here (`git replace -l`), and wf-fix reads the originals: remove the replacements, or \
             set GIT_NO_REPLACE_OBJECTS=1, for git too, to work on the originals; --no-commit works on the files"
        )
    }
}

fn replaced(git: &Repository) -> Replaced {
    let off = || git.config().and_then(|config| config.get_bool("core.useReplaceRefs")).is_ok_and(|on| !on);
    let base = std::env::var("GIT_REPLACE_REF_BASE").unwrap_or_else(|_| "refs/replace".to_owned());
    let base = base.trim_end_matches('/');
    if std::env::var_os("GIT_NO_REPLACE_OBJECTS").is_some() || !may_have(git, base) || off() {
        return Replaced::Nothing;
    }
    let Ok(mut references) = git.references_glob(&format!("{base}/*")) else { return Replaced::Content };
    let pairs = references.names().map(|name| pair(git, name.ok()?));
    pairs.map(|pair| pair.map_or(Replaced::Content, |pair| kind(git, pair))).max().unwrap_or(Replaced::Nothing)
}

/// A look at names and bytes: few repositories replace anything, and reading all references of a large one takes time.
fn may_have(git: &Repository, base: &str) -> bool {
    let common = git.commondir();
    let packed = || fs::read(common.join("packed-refs")).unwrap_or_default();
    common.join(base).is_dir() || memchr::memmem::find(&packed(), format!(" {base}/").as_bytes()).is_some()
}

/// The object that is replaced, and the one in its place; none if the name is no object's.
fn pair(git: &Repository, name: &str) -> Option<(Oid, Oid)> {
    let old = Oid::from_str(name.rsplit('/').next()?).ok()?;
    Some((old, git.refname_to_id(name).ok()?))
}

fn kind(git: &Repository, (old, new): (Oid, Oid)) -> Replaced {
    let tree = |id: Oid| git.find_commit(id).map(|commit| commit.tree_id()).ok();
    match (tree(old), tree(new)) {
        (Some(old), Some(new)) if old == new => Replaced::History,
        // A commit that is not here is read by nobody.
        (None, Some(_)) if git.find_object(old, None).is_err() => Replaced::Nothing,
        _ => Replaced::Content,
    }
}
