//! The layers of rule files, read from where they are.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use include_dir::{Dir, include_dir};

use super::args::Args;
use super::output::Output;
use crate::rule::{BUILT_IN as BUILT_IN_LAYER, Layer, Register};
use crate::yaml::{Fault, MAX_BYTES};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// Where a repository keeps rules of its own.
pub const IN_REPOSITORY: &str = ".wf-fix/rules";

/// The layers that count, the nearest first; `root` is the repository's.
///
/// # Errors
/// A folder that cannot be read.
pub fn layers(args: &Args, root: Option<&Path>) -> Result<Vec<Layer>> {
    let mut layers = Vec::new();
    for dir in &args.rules {
        layers.push(from_dir(&args.seen_from_dir(dir), &dir.display().to_string())?);
    }
    if let Some(own) = root.map(own).transpose()?.flatten() {
        layers.push(own);
    }
    layers.push(built_in());
    Ok(layers)
}

/// The rules of the repository itself, where no link is followed: it would lead out of it.
fn own(root: &Path) -> Result<Option<Layer>> {
    let folder = root.join(IN_REPOSITORY);
    let is_link = |path: &Path| fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink());
    if let Some(link) = [folder.parent().unwrap_or(root), &folder].into_iter().find(|path| is_link(path)) {
        let link = link.strip_prefix(root).unwrap_or(link).display();
        bail!(
            "`{link}` is a symbolic link, and rules are read from the repository only: put the folder itself there, or name it with --rules"
        );
    }
    if fs::symlink_metadata(&folder).is_err() {
        return Ok(None);
    }
    let layer = from_dir(&folder, IN_REPOSITORY)?;
    if let Some((name, _)) = layer.files.iter().find(|(name, _)| is_link(&root.join(name))) {
        bail!("`{name}` is a symbolic link, and rules are read from the repository only: put the file itself there");
    }
    Ok(Some(layer))
}

/// Loads the register; every mistake is printed.
///
/// # Errors
/// Mistakes in rule files.
pub fn register(layers: &[Layer], output: &Output) -> Result<Register> {
    for layer in layers {
        output.detail(&format!("rules: {} files from {}", layer.files.len(), layer.origin));
    }
    Register::load(layers).map_err(|faults| report(&faults, output))
}

/// Prints every mistake but the last, and returns that as the error.
pub fn report(faults: &[Fault], output: &Output) -> anyhow::Error {
    match faults.split_last() {
        Some((last, others)) => {
            others.iter().for_each(|fault| output.fault(fault));
            anyhow::Error::new(last.clone())
        }
        None => anyhow::anyhow!("the rules cannot be read"),
    }
}

/// The rule files of a folder, by name.
///
/// # Errors
/// The folder or a file in it cannot be read, or a rule file is no regular file.
pub fn from_dir(dir: &Path, origin: &str) -> Result<Layer> {
    let mut files = Vec::new();
    let entries = fs::read_dir(dir).with_context(|| format!("the rules folder {} cannot be read", dir.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("the rules folder {} cannot be read", dir.display()))?.path();
        if !path.extension().is_some_and(|end| end == "yml" || end == "yaml") {
            continue;
        }
        let name = format!("{origin}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        // Opening a FIFO would hang: look before.
        let meta = fs::metadata(&path).with_context(|| format!("{name} cannot be read"))?;
        if !meta.is_file() {
            bail!("{name} is no regular file: move it out of the rules folder");
        }
        if meta.len() > MAX_BYTES as u64 {
            bail!("{name} has {} bytes, too many for a rule file", meta.len());
        }
        files.push((name.clone(), fs::read(&path).with_context(|| format!("{name} cannot be read"))?));
    }
    files.sort();
    Ok(Layer { origin: origin.to_owned(), files })
}

/// The rules in the binary.
pub fn built_in() -> Layer {
    let file = |file: &include_dir::File<'_>| {
        let name = file.path().file_name().unwrap_or_default().to_string_lossy();
        (format!("rules/{name}"), file.contents().to_vec())
    };
    let mut files: Vec<_> =
        BUILT_IN.files().filter(|f| f.path().extension().is_some_and(|e| e == "yml")).map(file).collect();
    files.sort();
    Layer { origin: BUILT_IN_LAYER.to_owned(), files }
}
