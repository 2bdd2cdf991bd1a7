//! `wf-fix rules`: what is in the register and whether it is in order.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::json;

use super::args::{Args, Format, RulesArgs, RulesCommand};
use super::exit::Exit;
use super::layers;
use super::output::Output;
use crate::repo::Repo;
use crate::report::json_text;
use crate::report::safe::{plural, short, shown};
use crate::rule::{Disposition, Register, Risk};

/// Runs `wf-fix rules ...`.
pub fn run(args: &Args, what: Option<&RulesArgs>, output: &Output) -> Result<Exit> {
    let what = what.and_then(|what| what.what.as_ref());
    if let Some(RulesCommand::Check { folder: Some(dir) }) = what {
        return check(&[layers::from_dir(&args.seen_from_dir(dir), &dir.display().to_string())?], output);
    }
    // Rules can be read anywhere; a repository only adds its own.
    let repo = Repo::open(args.dir.as_deref()).ok();
    let layers = layers::layers(args, repo.as_ref().and_then(Repo::root))?;
    match what {
        Some(RulesCommand::Check { .. }) => check(&layers, output),
        Some(RulesCommand::Show { id }) => {
            let register = layers::register(&layers, output)?;
            let text = show(register.get(id)?, args.format);
            output.result(text.as_bytes())?;
            Ok(Exit::Done)
        }
        Some(RulesCommand::List) | None => {
            let register = layers::register(&layers, output)?;
            output.result(list(&register, args.format).as_bytes())?;
            Ok(Exit::Done)
        }
    }
}

fn check(layers: &[crate::rule::Layer], output: &Output) -> Result<Exit> {
    let files: usize = layers.iter().map(|layer| layer.files.len()).sum();
    match Register::load(layers) {
        Ok(_) => {
            output.message(&format!("{}, all in order", plural(files, "rule file")));
            Ok(Exit::Done)
        }
        Err(faults) => {
            faults.iter().for_each(|fault| output.fault(fault));
            output.message(&format!("{}, {}", plural(files, "rule file"), plural(faults.len(), "mistake")));
            Ok(Exit::Unfit)
        }
    }
}

fn show(risk: &Risk, format: Format) -> String {
    match format {
        Format::Json => json_text::text(&json!({ "id": risk.id, "file": risk.place.file, "text": risk.source })),
        _ => shown(&risk.source).into_owned(),
    }
}

fn disposition(risk: &Risk) -> &'static str {
    match risk.disposition {
        Disposition::Fix(_) => "fix",
        Disposition::Accept(_) => "accept",
    }
}

fn list(register: &Register, format: Format) -> String {
    match format {
        Format::Json => {
            let risk = |(risk, origin): (&Risk, &str)| {
                json!({
                    "id": risk.id, "severity": risk.severity.to_string(), "category": risk.category,
                    "milestone": risk.milestone, "invariant": risk.invariant, "disposition": disposition(risk),
                    "title": risk.title, "workflows": risk.workflows, "origin": origin, "file": risk.place.file,
                })
            };
            let rules: Vec<_> = register.iter().map(risk).collect();
            json_text::text(&json!({ "version": 1, "rules": rules }))
        }
        _ => {
            let id = register.iter().map(|(risk, _)| risk.id.len()).max().unwrap_or(2).max(2);
            let from = register.iter().map(|(_, origin)| short(origin, 40).chars().count()).max().unwrap_or(4).max(4);
            let mut out = format!("{:id$}  SEVERITY  MILESTONE  DISPOSITION  {:from$}  TITLE\n", "ID", "FROM");
            for (risk, origin) in register.iter() {
                let _ = writeln!(
                    out,
                    "{:id$}  {:8}  {:9}  {:11}  {:from$}  {}",
                    risk.id,
                    risk.severity,
                    short(&risk.milestone, 9),
                    disposition(risk),
                    short(origin, 40),
                    short(&risk.title, 80)
                );
            }
            out
        }
    }
}
