//! What a person types and sees: one file a command. Only this module and `main` print.

mod args;
mod audit;
mod completions;
mod date;
mod demo;
mod exit;
mod fix;
mod ground;
mod interrupt;
mod layers;
mod output;
mod progress;
mod recover;
mod report;
mod rules;
mod select;
mod series;
mod verify;

pub use exit::Exit;

use anyhow::{Result, bail};
use clap::Parser;

use args::{Args, Command, Format};
use output::Output;

/// Parses the arguments, runs the command, and says how it ended. Errors are printed here.
pub fn main() -> Exit {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return explain(&error),
    };
    let output = Output::new(args.color, args.quiet, args.verbose);
    // Like git itself: objects are hashed when they are written, and `git fsck` hashes them when asked to.
    git2::opts::strict_hash_verification(false);
    match run(&args, &output) {
        Ok(exit) => exit,
        Err(error) => {
            output.error(&error);
            Exit::Unfit
        }
    }
}

fn run(args: &Args, output: &Output) -> Result<Exit> {
    if args.command.is_some() && args.fixes() {
        bail!(
            "options of the main job stand before a command\n  help: leave them out; `wf-fix --help` tells them apart"
        );
    }
    let plain = matches!(args.format, Format::Text | Format::Json);
    let document = args.format == Format::Markdown && matches!(args.command, Some(Command::Report(_)));
    if !plain && !document && !matches!(args.command, Some(Command::Audit(_))) {
        bail!("this form is for `wf-fix audit`\n  help: here there is `--format text` and `--format json`");
    }
    if !matches!(args.command, Some(Command::Demo { .. } | Command::Completions { .. } | Command::Man { .. })) {
        recover::recover(args, output)?;
    }
    match &args.command {
        Some(Command::Audit(what)) => audit::run(args, what, output),
        Some(Command::Verify(what)) => verify::run(args, what, output),
        Some(Command::Report(what)) => report::run(args, what, output),
        Some(Command::Rules(what)) => rules::run(args, Some(what), output),
        Some(Command::Demo { folder }) => demo::run(folder.as_deref(), output),
        Some(Command::Completions { shell }) => completions::completions(*shell, output),
        Some(Command::Man { of }) => completions::man(of.as_deref(), output),
        None => fix::run(args, output),
    }
}

/// Help and version go to stdout with 0, mistakes to stderr with 2.
fn explain(error: &clap::Error) -> Exit {
    // A reader that went away is no error of ours.
    let _ = error.print();
    if error.use_stderr() { Exit::Unfit } else { Exit::Done }
}
