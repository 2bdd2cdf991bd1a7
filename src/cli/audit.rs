//! `wf-fix audit`: which green checks can be trusted.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use globset::GlobMatcher;

use super::args::{Args, AuditArgs, Format, Level};
use super::exit::Exit;
use super::layers;
use super::output::Output;
use crate::audit::{self, DETECTORS, Finding, Report};
use crate::repo::{self, Repo};
use crate::report::safe::plural;
use crate::report::{audit_json, audit_markdown, audit_text, github, json_text, sarif};
use crate::rule::{CATEGORIES, Disposition, Risk, Severity};

/// What an audit reads.
pub(super) const WANTED: &[&str] = &[
    ".github/workflows/*.yml",
    ".github/workflows/*.yaml",
    ".github/actions/**/action.yml",
    ".github/actions/**/action.yaml",
    "action.yml",
    "action.yaml",
];

/// Runs `wf-fix audit`.
pub fn run(args: &Args, audit: &AuditArgs, output: &Output) -> Result<Exit> {
    check(audit)?;
    let paths = paths(audit)?;
    let wanted: Vec<String> = WANTED.iter().map(|path| (*path).to_owned()).collect();
    let repo = Repo::open(args.dir.as_deref()).ok();
    if repo.as_ref().is_some_and(|repo| repo.root().is_none()) {
        bail!(
            "this is a bare repository, it has no worktree to audit\n  help: audit a checkout of it (`git worktree add`)"
        );
    }
    let unknown = if repo.is_none() { repo::root_of_unknown_format(args.dir.as_deref()) } else { None };
    let root = repo.as_ref().and_then(Repo::root).or(unknown.as_deref()).or(args.dir.as_deref());
    let root = root.unwrap_or(Path::new("."));
    let register = layers::register(&layers::layers(args, Some(root))?, output)?;
    let accepts = |risk: &&Risk| matches!(risk.disposition, Disposition::Accept(_));
    let accepted: Vec<&Risk> = register.iter().map(|(risk, _)| risk).filter(accepts).collect();
    let (report, files) = match needs_texts(args, audit) {
        true => with_texts(root, &wanted, &accepted, output)?,
        false => (by_reading(root, &wanted, &accepted, output)?, BTreeMap::new()),
    };
    let found: Vec<&Finding> = report.findings.iter().filter(|finding| passes(finding, audit, &paths)).collect();
    if let Some(place) = &audit.explain {
        return explain(place, &found, &files, output);
    }
    if let (Some(dir), Some(found_in), Some(fix_in)) = (&audit.write_rules, &audit.found_in, &audit.fix_in) {
        let milestones = audit::Milestones { found_in, fix_in };
        return write_rules(&args.seen_from_dir(dir), &report, &files, milestones, output);
    }
    print(args, audit, &report, &found, &files, output)?;
    let limit = audit.fail_on.map(severity);
    let fails = |finding: &&&Finding| finding.needs_action() && limit.is_some_and(|limit| finding.severity <= limit);
    Ok(if found.iter().any(|finding| fails(&finding)) { Exit::Found } else { Exit::Done })
}

/// The report on the wanted files, and their texts.
fn with_texts(
    root: &Path,
    wanted: &[String],
    accepted: &[&Risk],
    output: &Output,
) -> Result<(Report, BTreeMap<String, Vec<u8>>)> {
    let snapshot = repo::read_what_can_be(root, wanted)?;
    output.passed_over(&snapshot.passed_over);
    say_how_many(root, snapshot.files.len(), output)?;
    Ok((audit::audit(&snapshot.files, accepted), snapshot.files))
}

/// The report alone.
fn by_reading(root: &Path, wanted: &[String], accepted: &[&Risk], output: &Output) -> Result<Report> {
    let listing = repo::list_what_can_be(root, wanted)?;
    let paths: Vec<&str> = listing.paths().collect();
    let unread = Mutex::new(BTreeMap::new());
    let read = |at: usize| {
        let why = match listing.read(at) {
            Ok(bytes) => return Some(bytes),
            Err(why) => why,
        };
        unread.lock().unwrap_or_else(PoisonError::into_inner).insert(paths[at].to_owned(), why);
        None
    };
    let report = audit::audit_by_reading(&paths, &read, accepted);
    let mut passed_over = unread.into_inner().unwrap_or_else(PoisonError::into_inner);
    let count = paths.len() - passed_over.len();
    passed_over.extend(listing.passed_over.clone());
    output.passed_over(&passed_over);
    say_how_many(root, count, output)?;
    Ok(report)
}

fn say_how_many(root: &Path, files: usize, output: &Output) -> Result<()> {
    if files == 0 {
        bail!("there is nothing to audit: no workflow below {}", root.join(".github/workflows").display());
    }
    output.detail(&format!("read {files} files"));
    Ok(())
}

/// Whether anything is told from the texts once they are audited.
fn needs_texts(args: &Args, audit: &AuditArgs) -> bool {
    let shows = matches!(args.format, Format::Text | Format::Sarif);
    shows || audit.explain.is_some() || audit.write_rules.is_some()
}

/// Refuses names that nothing has, so that a typing error does not look like a clean audit.
fn check(audit: &AuditArgs) -> Result<()> {
    let known: Vec<&str> = DETECTORS.iter().map(|detector| detector.name).collect();
    for (given, known, what) in [(&audit.detector, &known[..], "detector"), (&audit.category, CATEGORIES, "category")] {
        if let Some(name) = given.iter().find(|name| !known.contains(&name.as_str())) {
            bail!("there is no {what} `{name}`\n  help: one of: {}", known.join(", "));
        }
    }
    Ok(())
}

/// The globs of `--path`, each with its text: a path may hold what a glob would read otherwise.
fn paths(audit: &AuditArgs) -> Result<Vec<(&str, GlobMatcher)>> {
    let mut paths = Vec::new();
    for text in &audit.path {
        let glob = crate::rule::glob(text).with_context(|| format!("`--path {text}` is no glob"))?;
        paths.push((text.as_str(), glob.compile_matcher()));
    }
    Ok(paths)
}

fn passes(finding: &Finding, audit: &AuditArgs, paths: &[(&str, GlobMatcher)]) -> bool {
    let any = |given: &[String], own: &str| given.is_empty() || given.iter().any(|name| name == own);
    let file = &finding.place.file;
    let path = |(text, glob): &(&str, GlobMatcher)| glob.is_match(file) || file == text;
    any(&audit.detector, finding.detector)
        && any(&audit.category, finding.category)
        && audit.severity.is_none_or(|least| finding.severity <= severity(least))
        && (paths.is_empty() || paths.iter().any(path))
}

fn severity(level: Level) -> Severity {
    match level {
        Level::High => Severity::High,
        Level::Medium => Severity::Medium,
        Level::Low => Severity::Low,
    }
}

fn print(
    args: &Args,
    audit: &AuditArgs,
    report: &Report,
    found: &[&Finding],
    files: &BTreeMap<String, Vec<u8>>,
    output: &Output,
) -> Result<()> {
    let text = match args.format {
        Format::Text => {
            let style = audit_text::Style { color: output.colours_result(), all: audit.show_all };
            audit_text::text(report, found, files, style)
        }
        Format::Json => return output.stream(|out| audit_json::write(report, found, out)),
        Format::Sarif => json_text::text(&sarif::value(found, files)),
        Format::Github => github::commands(found),
        Format::Markdown => audit_markdown::document(report, found),
    };
    output.result(text.as_bytes())
}

/// `--explain FILE:LINE`
fn explain(place: &str, found: &[&Finding], files: &BTreeMap<String, Vec<u8>>, output: &Output) -> Result<Exit> {
    let parsed = place.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse::<usize>().ok()?)));
    let Some((file, line)) = parsed else {
        bail!("`--explain {place}` is no place: write FILE:LINE, such as .github/workflows/ci.yml:12");
    };
    let is_file = |path: &str| path == file || path.ends_with(&format!("/{file}"));
    if !files.keys().any(|path| is_file(path)) {
        bail!("`{file}` is not among the {} files that were read", files.len());
    }
    let at = |finding: &&Finding| {
        is_file(&finding.place.file) && (finding.place.line == line || finding.also.contains(&line))
    };
    let here: Vec<&Finding> = found.iter().copied().filter(at).collect();
    if here.is_empty() {
        output.message(&format!("nothing found at {place}"));
    }
    output.result(audit_text::explain(&here, files, output.colours_result()).as_bytes())?;
    Ok(Exit::Done)
}

/// `--write-rules DIR`: new files only; what is there stays as it is.
fn write_rules(
    dir: &Path,
    report: &Report,
    files: &BTreeMap<String, Vec<u8>>,
    milestones: audit::Milestones<'_>,
    output: &Output,
) -> Result<Exit> {
    std::fs::create_dir_all(dir).with_context(|| format!("the folder {} cannot be made", dir.display()))?;
    let there = layers::from_dir(dir, &dir.display().to_string())?.files;
    let parse = |(name, bytes): &(String, Vec<u8>)| crate::rule::parse(name, bytes);
    let known = there.iter().map(parse).collect::<Result<Vec<Risk>, _>>()?;
    let rules = audit::rules(report, files, &known, milestones);
    for (id, text) in &rules {
        if let Err(fault) = crate::rule::parse(&format!("{id}.yml"), text.as_bytes()) {
            bail!("the rule for {id} would not be in order: {fault}");
        }
        let path = dir.join(format!("{id}.yml"));
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(&path);
        let written = file.as_mut().map(|file| std::io::Write::write_all(file, text.as_bytes()));
        match written {
            Ok(Ok(())) => output.result(format!("{}\n", path.display()).as_bytes())?,
            Ok(Err(error)) => bail!("{} cannot be written: {error}", path.display()),
            Err(error) => bail!("{} cannot be made: {error}", path.display()),
        }
    }
    let known = there.len();
    output.message(&format!(
        "{}, {known} there already; look with: wf-fix rules check {}",
        plural(rules.len(), "new rule file"),
        dir.display()
    ));
    Ok(Exit::Done)
}
