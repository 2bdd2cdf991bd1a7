//! Renames that overwrite nothing: two names change their files, or a name is taken only if it is free.
//!
//! Where the system or the file system cannot do it, `exchange` says so and `rename_new` takes two steps.

use std::fs;
use std::io::Result;
use std::path::Path;

/// Exchanges what stands at two names, at once; `false` if that cannot be done here.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(super) fn exchange(a: &Path, b: &Path) -> Result<bool> {
    rename(a, b, rustix::fs::RenameFlags::EXCHANGE)
}

/// Renames a file of ours unless the new name is taken.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(super) fn rename_new(from: &Path, to: &Path) -> Result<()> {
    if rename(from, to, rustix::fs::RenameFlags::NOREPLACE)? { Ok(()) } else { link_and_unlink(from, to) }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename(from: &Path, to: &Path, flags: rustix::fs::RenameFlags) -> Result<bool> {
    use rustix::io::Errno;
    match rustix::fs::renameat_with(rustix::fs::CWD, from, rustix::fs::CWD, to, flags) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(super) fn exchange(_: &Path, _: &Path) -> Result<bool> {
    Ok(false)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(super) fn rename_new(from: &Path, to: &Path) -> Result<()> {
    link_and_unlink(from, to)
}

/// A link is refused where the name is taken. In between both names are there: nobody else may know `from`.
fn link_and_unlink(from: &Path, to: &Path) -> Result<()> {
    fs::hard_link(from, to)?;
    fs::remove_file(from)
}
