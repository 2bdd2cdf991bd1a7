//! Writing so that it outlasts a power cut: a file's bytes are synced before its name counts, then its folder.

use std::fs::{File, OpenOptions};
use std::io::{Result, Write as _};
use std::path::Path;

/// A new file with these bytes, synced; an error if the name is taken. What was begun is removed on an error.
pub(super) fn create(place: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(place)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = std::fs::remove_file(place);
    }
    written
}

/// Makes the bytes of a file last.
pub(super) fn sync_file(place: &Path) -> Result<()> {
    File::open(place)?.sync_all()
}

/// Makes the names in a folder last. What some network file systems cannot sync is not worth failing for.
#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> Result<()> {
    use rustix::io::Errno;
    let synced = File::open(folder)?.sync_all();
    let cannot = |error: &std::io::Error| {
        let cause = Errno::from_io_error(error);
        [Errno::INVAL, Errno::NOTSUP, Errno::BADF, Errno::NOSYS].iter().any(|known| cause == Some(*known))
    };
    match synced {
        Err(error) if !cannot(&error) => Err(error),
        _ => Ok(()),
    }
}

/// Folders cannot be opened here.
#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> Result<()> {
    Ok(())
}

/// The same for the folder around `place`.
pub(super) fn sync_around(place: &Path) -> Result<()> {
    place.parent().map_or(Ok(()), sync_folder)
}

/// Removes a file, if it is there: a read-only file system would refuse even what is not.
pub(super) fn remove(place: &Path) -> Result<()> {
    if std::fs::symlink_metadata(place).is_ok_and(|meta| !meta.is_dir()) { std::fs::remove_file(place) } else { Ok(()) }
}
