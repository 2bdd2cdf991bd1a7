//! Shell completions and the man page, made from the command line itself.

use anyhow::{Result, bail};
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

/// Prints the man page of wf-fix, or of one of its commands.
pub fn man(of: Option<&str>, output: &Output) -> Result<Exit> {
    let mut command = Args::command();
    if let Some(name) = of {
        command.build();
        let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        let Some(found) = command.find_subcommand(name) else {
            bail!("there is no command `{name}`\n  help: one of: {}", names.join(", "));
        };
        command = found.clone().display_name(format!("wf-fix-{name}"));
    }
    let mut out = Vec::new();
    clap_mangen::Man::new(command).render(&mut out)?;
    output.result(&out)?;
    Ok(Exit::Done)
}
