//! Line ends and other conversions between blobs and worktree files.
//!
//! Only line ends are converted, by libgit2's own checkout. A path with a filter driver, `ident` or
//! `working-tree-encoding` is refused: libgit2 knows no drivers and no encodings, and would commit the wrong bytes.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use git2::build::CheckoutBuilder;
use git2::{AttrCheckFlags, AttrValue, Index, Oid, Repository};

/// Refuses paths whose content passes through more than a line-end conversion.
pub(super) fn refuse_filters(git: &Repository, path: &str) -> Result<()> {
    for name in ["filter", "ident", "working-tree-encoding"] {
        if is_on(git, path, name)? {
            bail!(
                "`{path}` has the attribute `{name}` (.gitattributes), which wf-fix does not apply: \
                 use --no-commit and commit with git, or --branch NAME"
            );
        }
    }
    Ok(())
}

/// Whether a checkout of `path` may change line ends.
pub(super) fn may_convert(git: &Repository, path: &str) -> Result<bool> {
    // `input` is not a boolean: anything but a plain no counts.
    let auto = git
        .config()?
        .get_string("core.autocrlf")
        .is_ok_and(|value| !matches!(value.as_str(), "false" | "no" | "off" | "0"));
    Ok(auto || is_on(git, path, "text")? || is_on(git, path, "eol")? || is_on(git, path, "crlf")?)
}

fn is_on(git: &Repository, path: &str, name: &str) -> Result<bool> {
    let value = git.get_attr_bytes(Path::new(path), name, AttrCheckFlags::FILE_THEN_INDEX)?;
    Ok(match AttrValue::from_bytes(value) {
        AttrValue::True => true,
        AttrValue::False | AttrValue::Unspecified => false,
        AttrValue::String(_) | AttrValue::Bytes(_) => true,
    })
}

/// Whether a file holds just what the index has, and git would convert it all the same.
pub(super) fn is_only_unnormalised(git: &Repository, root: &Path, index: &Index, path: &str) -> bool {
    let file =
        super::folder::find(root, path).ok().flatten().and_then(|place| super::folder::read_file(&place, path).ok());
    let blob = index.get_path(Path::new(path), 0).and_then(|entry| git.find_blob(entry.id).ok());
    file.zip(blob).is_some_and(|(file, blob)| file == blob.content() && file.contains(&b'\r'))
}

/// The bytes that a checkout of `commit` would put at `paths`.
pub(super) fn checked_out(git: &Repository, commit: Oid, paths: &[&str]) -> Result<BTreeMap<String, Vec<u8>>> {
    if paths.is_empty() {
        return Ok(BTreeMap::new());
    }
    let target = tempfile::tempdir().context("no temporary folder")?;
    let tree = git.find_commit(commit)?.tree()?;
    let mut checkout = CheckoutBuilder::new();
    checkout.force().disable_pathspec_match(true).update_index(false).refresh(false).target_dir(target.path());
    for path in paths {
        checkout.path(*path);
    }
    git.checkout_tree(tree.as_object(), Some(&mut checkout)).context("line ends cannot be converted")?;
    let read = |path: &&str| {
        let bytes = std::fs::read(target.path().join(path)).with_context(|| format!("`{path}` was not checked out"))?;
        Ok(((*path).to_owned(), bytes))
    };
    paths.iter().map(read).collect()
}

/// Whether two texts differ in their line ends only.
pub(super) fn same_but_line_ends(a: &[u8], b: &[u8]) -> bool {
    a == b || without_cr(a).eq(without_cr(b))
}

fn without_cr(text: &[u8]) -> impl Iterator<Item = u8> + '_ {
    let next = text.iter().skip(1).map(Some).chain([None]);
    text.iter().zip(next).filter(|(byte, next)| !(**byte == b'\r' && *next == Some(&b'\n'))).map(|(byte, _)| *byte)
}

#[cfg(test)]
mod tests {
    use super::same_but_line_ends;

    #[test]
    fn only_line_ends_are_forgiven() {
        assert!(same_but_line_ends(b"a\r\nb\r\n", b"a\nb\r\n"));
        assert!(!same_but_line_ends(b"a\r\nb", b"a\nc"));
        assert!(!same_but_line_ends(b"a\rb\n", b"ab\n"));
    }
}
