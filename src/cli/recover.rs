//! Before anything else: what a killed run left here is finished or undone, whatever the command. That holds for
//! `--dry-run` and `--check` too, which write nothing else.

use anyhow::Result;

use super::args::Args;
use super::interrupt;
use super::output::Output;
use crate::repo;

/// Puts in order what a killed run left, and says so on stderr.
///
/// # Errors
/// It cannot be done and the command is one that delivers. Others only warn: they do not build on it.
pub fn recover(args: &Args, output: &Output) -> Result<()> {
    if !repo::left_behind(args.dir.as_deref()) {
        return Ok(());
    }
    let _shield = interrupt::shield()?;
    match repo::recover(args.dir.as_deref()) {
        Ok(None) => {}
        Ok(Some(told)) => output.warning(&told),
        Err(error) if args.command.is_none() && !args.dry_run && !args.check => return Err(error),
        Err(error) => output.warning(&format!("{error:#}")),
    }
    Ok(())
}
