//! `wf-fix verify BASE..HEAD`: is each commit what removing one risk gives, and nothing else?

use anyhow::Result;

use super::args::{Args, Format, VerifyArgs};
use super::exit::Exit;
use super::output::Output;
use super::series::Ground;
use crate::report::{json_text, verify_json, verify_text};
use crate::verify::verify;

/// Runs `wf-fix verify`.
pub fn run(args: &Args, what: &VerifyArgs, output: &Output) -> Result<Exit> {
    let milestone = what.of.as_deref();
    let ground = Ground::read(args, &what.range, milestone, output)?;
    let verdict = verify(ground.request(milestone, what.exact));
    let text = match args.format {
        Format::Json => json_text::text(&verify_json::value(&ground.series, &verdict, milestone)),
        _ => verify_text::text(&ground.series, &verdict, output.colours_result()),
    };
    output.result(text.as_bytes())?;
    Ok(if verdict.passes() { Exit::Done } else { Exit::Found })
}
