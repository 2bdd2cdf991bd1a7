//! `wf-fix report`: the documents that a milestone ends with.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::args::{Args, Format, ReportArgs, ReportKind};
use super::exit::Exit;
use super::output::Output;
use super::series::Ground;
use crate::report::document::{self, Input, Kind, Work, render};
use crate::report::json_text;
use crate::verify::verify;

/// The largest template: 1 MiB.
const MOST: u64 = 1 << 20;

/// Runs `wf-fix report`.
pub fn run(args: &Args, what: &ReportArgs, output: &Output) -> Result<Exit> {
    if what.template.is_some() && args.format == Format::Json {
        bail!("`--template` is for the document, not for `--format json`\n  help: leave one of them out");
    }
    let own = what.template.as_deref().map(|file| read(&args.seen_from_dir(file), file)).transpose()?;
    let ground = Ground::read(args, &what.range, Some(&what.of), output)?;
    let verdict = verify(ground.request(Some(&what.of), false));
    let work: Vec<Work> = ground.work()?;
    let net = ground.repo.stats(Some(&ground.series.start), &ground.series.head)?;
    let kind = match what.kind {
        ReportKind::Summary => Kind::Summary,
        ReportKind::Audit => Kind::Audit,
    };
    let files: Vec<&str> = ground.files_at_head().collect();
    let input = Input {
        kind,
        milestone: &what.of,
        series: &ground.series,
        verdict: &verdict,
        register: &ground.register,
        work: &work,
        net: &net,
        files: &files,
    };
    let document = document::value(&input);
    let text = match (args.format, own) {
        (Format::Json, _) => json_text::text(&document),
        (_, Some((name, template))) => render::render(&name, &template, &document)?,
        (_, None) => {
            let (name, template) = render::built_in(kind);
            render::render(name, template, &document)?
        }
    };
    output.result(text.as_bytes())?;
    Ok(Exit::Done)
}

fn read(path: &Path, shown: &Path) -> Result<(String, String)> {
    let name = shown.display().to_string();
    let meta = fs::metadata(path).with_context(|| format!("the template {name} cannot be read"))?;
    if !meta.is_file() || meta.len() > MOST {
        bail!("the template {name} is no regular file of at most {MOST} bytes");
    }
    let text = fs::read_to_string(path).with_context(|| format!("the template {name} cannot be read"))?;
    Ok((name, text))
}
