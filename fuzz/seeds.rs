//! Writes the seeds and the regressions of every target below a folder, a folder each: `seeds FOLDER`.

use std::error::Error;
use std::fs;
use std::path::Path;

use wf_fix_fuzz::{TARGETS, seeds};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name the folder to write to")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (target, _) in TARGETS {
        let own = Path::new(&folder).join(target);
        fs::create_dir_all(&own)?;
        for (number, seed) in seeds::of(target, &root).into_iter().enumerate() {
            fs::write(own.join(format!("seed-{number:03}")), seed)?;
        }
        for entry in fs::read_dir(root.join("fuzz/regressions").join(target)).into_iter().flatten() {
            let path = entry?.path();
            fs::copy(&path, own.join(path.file_name().unwrap_or_default()))?;
        }
    }
    Ok(())
}
