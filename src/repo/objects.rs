//! New objects on their way into the repository: built in memory, written into the delivery's own folder, synced, and
//! renamed into the object database. No temporary file of theirs ever stands anywhere else.
//!
//! They are written as loose objects (gitformat-loose: the zlib stream of type, size, NUL and content), as `git commit`
//! does. Once there they stay, though a delivery fails: somebody else may have come to use the same content.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use git2::{Odb, Oid};

use super::durable;
use super::turn::Turn;

/// From now on objects that are written stay in memory; reads find them as if they were there.
pub(super) fn keep_in_memory(odb: &Odb<'_>) -> Result<()> {
    const BEFORE_ALL_OTHERS: i32 = 1000;
    odb.add_new_mempack_backend(BEFORE_ALL_OTHERS)?;
    Ok(())
}

/// Puts the objects into the database at `target`, so that they outlast a power cut.
pub(super) fn store(odb: &Odb<'_>, ids: &BTreeSet<Oid>, turn: &Turn, target: &Path) -> Result<()> {
    let full = || format!("objects cannot be written into {}: nothing was changed", target.display());
    let folder = turn.path("objects");
    fs::create_dir(&folder).with_context(full)?;
    let places = ids.iter().map(|id| (*id, folder.join(id.to_string()), place_of(target, *id)));
    let missing: Vec<(Oid, PathBuf, PathBuf)> = places.filter(|(_, _, to)| !to.exists()).collect();
    for (id, from, _) in &missing {
        write(odb, *id, from).with_context(full)?;
    }
    // Syncing all after writing all lets the file system do most of it at one go.
    for (_, from, _) in &missing {
        durable::sync_file(from).with_context(full)?;
    }
    let mut folders = BTreeSet::from([target.to_owned()]);
    for (_, from, to) in &missing {
        let folder = to.parent().unwrap_or(target);
        fs::create_dir_all(folder).and_then(|()| fs::rename(from, to)).with_context(full)?;
        folders.insert(folder.to_owned());
    }
    folders.iter().try_for_each(|folder| durable::sync_folder(folder)).with_context(full)
}

/// Two digits of the name are the folder.
fn place_of(target: &Path, id: Oid) -> PathBuf {
    let name = id.to_string();
    target.join(&name[..2]).join(&name[2..])
}

fn write(odb: &Odb<'_>, id: Oid, place: &Path) -> Result<()> {
    let object = odb.read(id)?;
    let mut file = OpenOptions::new().write(true).create_new(true).open(place)?;
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    write!(packed, "{} {}\0", object.kind(), object.len())?;
    packed.write_all(object.data())?;
    file.write_all(&packed.finish()?)?;
    Ok(file.set_permissions(read_only(&file)?)?)
}

/// As git's: nobody writes an object twice.
fn read_only(file: &File) -> std::io::Result<Permissions> {
    let mut permissions = file.metadata()?.permissions();
    permissions.set_readonly(true);
    Ok(permissions)
}
