//! Before anything else: what a killed run left here is finished or undone, whatever the command. That holds for
//! `--dry-run` and `--check` too, which write nothing else.

use std::path::Path;

use anyhow::Result;

use super::args::Args;
use super::interrupt;
use super::output::Output;
use crate::repo::{self, Repo};

/// Puts in order what a killed run left, and says so on stderr.
///
/// # Errors
/// It cannot be done and the command is one that delivers. Others only warn: they do not build on it.
pub fn recover(args: &Args, output: &Output) -> Result<()> {
    let shield = interrupt::shield;
    // A repository that cannot be opened is for the command itself to complain about.
    let recovered = match Repo::discover(args.dir.as_deref()) {
        Ok(Some(repo)) if repo.needs_recovery() => shield().and_then(|_held| repo.recover()),
        Ok(None) => {
            let folder = args.dir.as_deref().unwrap_or(Path::new("."));
            shield().and_then(|_held| repo::recover_folder(folder))
        }
        _ => return Ok(()),
    };
    match recovered {
        Ok(None) => {}
        Ok(Some(told)) => output.warning(&told),
        Err(error) if args.command.is_none() && !args.dry_run && !args.check => return Err(error),
        Err(error) => output.warning(&format!("{error:#}")),
    }
    Ok(())
}
