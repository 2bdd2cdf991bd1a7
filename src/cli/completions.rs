//! Shell completions and the man page, made from the command line itself.

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Args;
use super::exit::Exit;
use super::output::Output;

/// Prints the completions for a shell.
pub fn completions(shell: Shell, output: &Output) -> Result<Exit> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "wf-fix", &mut out);
    output.result(&out)?;
    Ok(Exit::Done)
}

/// Prints the man page.
pub fn man(output: &Output) -> Result<Exit> {
    let mut out = Vec::new();
    clap_mangen::Man::new(Args::command()).render(&mut out)?;
    output.result(&out)?;
    Ok(Exit::Done)
}
