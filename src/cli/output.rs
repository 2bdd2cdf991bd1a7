//! Where text goes: results to stdout, messages to stderr, colour where it is wanted.

use std::collections::BTreeMap;
use std::io::{BufWriter, ErrorKind, IsTerminal, Write};

use anyhow::{Context, Error, Result};

use super::args::Color;
use crate::report::safe::shown;
use crate::yaml::Fault;

/// The two streams and what the user wants on them.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    color: Color,
    quiet: bool,
    verbose: bool,
}

impl Output {
    /// As the command line says.
    pub fn new(color: Color, quiet: bool, verbose: bool) -> Self {
        Output { color, quiet, verbose }
    }

    /// Whether stdout should be coloured.
    pub fn colours_result(&self) -> bool {
        wants(self.color, std::io::stdout().is_terminal())
    }

    /// Whether a person watches stdout.
    pub fn shows_result(&self) -> bool {
        std::io::stdout().is_terminal()
    }

    /// Whether progress makes sense: a person watches stderr.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }

    /// Writes a result. A reader that went away is no error: the verdict of the run stands.
    ///
    /// # Errors
    /// The stream is full or broken in another way.
    pub fn result(&self, bytes: &[u8]) -> Result<()> {
        self.stream(|out| out.write_all(bytes))
    }

    /// The same for a result that is too large to hold: `write` makes it as it goes out.
    ///
    /// # Errors
    /// As for [`Output::result`].
    pub fn stream(&self, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<()> {
        let mut stdout = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
        match write(&mut stdout).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("the result cannot be printed"),
            _ => Ok(()),
        }
    }

    /// A message, unless quiet.
    pub fn message(&self, text: &str) {
        if !self.quiet {
            say(&shown(text.trim_end()));
        }
    }

    /// What was asked for and not read, and why.
    pub fn passed_over(&self, paths: &BTreeMap<String, String>) {
        for (path, why) in paths {
            self.message(&format!("passed over: `{path}` {why}"));
        }
    }

    /// A warning, always printed.
    pub fn warning(&self, text: &str) {
        say(&format!("warning: {}", shown(text.trim_end())));
    }

    /// A detail, if verbose.
    pub fn detail(&self, text: &str) {
        if self.verbose {
            say(&shown(text));
        }
    }

    /// A fault of the input, always printed.
    pub fn fault(&self, fault: &Fault) {
        say(&format!("{} {}", self.tag(), shown(&fault.to_string())));
    }

    /// An error that ends the run.
    pub fn error(&self, error: &Error) {
        say(&format!("{} {}", self.tag(), shown(&format!("{error:#}"))));
    }

    fn tag(&self) -> &'static str {
        match wants(self.color, std::io::stderr().is_terminal()) {
            true => "\x1b[1;31merror:\x1b[0m",
            false => "error:",
        }
    }
}

/// Prints a line to stderr. Where nobody can read it, nothing can be done.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn wants(color: Color, terminal: bool) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
}
