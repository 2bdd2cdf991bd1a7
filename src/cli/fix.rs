//! The main job: plan and prove the selected risks in memory, then deliver all of them or none.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};

use super::args::{Args, Format};
use super::exit::Exit;
use super::layers;
use super::output::Output;
use super::progress::Progress;
use crate::change::{Snapshot, Step};
use crate::nearest::nearest;
use crate::plan::{Planned, plan, wanted};
use crate::repo::{self, CommitOptions, Committed, Repo};
use crate::report::patch::Sender;
use crate::report::{json, message, patch, summary};
use crate::rule::{Disposition, Register, Risk};

/// Runs the main job.
pub fn run(args: &Args, output: &Output) -> Result<Exit> {
    let place = Ground::find(args)?;
    let register = layers::register(&layers::layers(args, place.root())?, output)?;
    let risks = select(args, &register)?;
    let date = date(args.date.as_deref())?;
    let progress = Progress::of(format!("planning {} risks", risks.len()), output);
    let snapshot = place.read(args, &wanted(&risks))?;
    output.detail(&format!("read {} of {} files", snapshot.files.len(), snapshot.names.len()));
    let planned = plan(&risks, &snapshot, &date);
    drop(progress);
    let faults: Vec<_> = planned.iter().filter_map(Planned::fault).collect();
    faults.iter().for_each(|fault| output.fault(fault));
    if !faults.is_empty() && !args.keep_going {
        if faults.len() < planned.len() {
            output.message("nothing was written; --keep-going delivers the other risks");
        }
        if args.format == Format::Json {
            print_json(&planned, "none", &[], output)?;
        }
        return Ok(Exit::Unfit);
    }
    let steps: Vec<Step> = planned.iter().filter_map(message::step).collect();
    deliver(args, &place, &planned, &steps, output)?;
    Ok(match (faults.is_empty(), args.check && !steps.is_empty()) {
        (false, _) => Exit::Unfit,
        (true, true) => Exit::Found,
        (true, false) => Exit::Done,
    })
}

/// What the run stands on.
enum Ground<'a> {
    Repository(Repo),
    Folder(&'a Path),
}

impl<'a> Ground<'a> {
    fn find(args: &'a Args) -> Result<Ground<'a>> {
        match Repo::open(args.dir.as_deref()) {
            Ok(repo) => Ok(Ground::Repository(repo)),
            Err(_) if args.no_commit => Ok(Ground::Folder(args.dir.as_deref().unwrap_or(Path::new(".")))),
            Err(error) => Err(error),
        }
    }

    fn root(&self) -> Option<&Path> {
        match self {
            Ground::Repository(repo) => repo.root(),
            Ground::Folder(dir) => Some(dir),
        }
    }

    /// The revision that is planned on; `None` for the files as they are in the worktree.
    fn revision(&self, args: &Args) -> Result<Option<String>> {
        match (self, &args.branch) {
            (Ground::Folder(_), _) => Ok(None),
            (Ground::Repository(_), None) if args.no_commit => Ok(None),
            (Ground::Repository(_), None) => Ok(Some("HEAD".to_owned())),
            (Ground::Repository(repo), Some(branch)) => {
                Ok(Some(repo.branch_start(branch, args.base.as_deref())?.revision))
            }
        }
    }

    fn read(&self, args: &Args, wanted: &[String]) -> Result<Snapshot> {
        match (self, self.revision(args)?) {
            (Ground::Repository(repo), Some(revision)) => repo.read_revision(&revision, wanted),
            (Ground::Repository(repo), None) => repo.read_worktree(wanted),
            (Ground::Folder(dir), _) => repo::read_folder(dir, wanted),
        }
    }

    fn mode(&self, revision: Option<&str>, path: &str) -> String {
        let mode = match (self, revision) {
            (Ground::Repository(repo), Some(revision)) => repo.mode_at(revision, path),
            _ => self.root().map_or(Ok(None), |root| repo::file_mode(root, path)),
        };
        mode.ok().flatten().unwrap_or("100644").to_owned()
    }
}

/// The risks asked for, each once.
fn select<'r>(args: &Args, register: &'r Register) -> Result<Vec<&'r Risk>> {
    let mut risks: Vec<&Risk> = Vec::new();
    for id in &args.risk {
        let risk = register.get(id)?;
        if !risks.iter().any(|known| known.id == risk.id) {
            risks.push(risk);
        }
    }
    let fixable = |risk: &&Risk| matches!(risk.disposition, Disposition::Fix(_));
    let by_id = || register.iter().map(|(risk, _)| risk).filter(fixable);
    if let Some(milestone) = &args.milestone {
        risks.extend(by_id().filter(|risk| risk.milestone == *milestone));
        if risks.is_empty() {
            return Err(no_milestone(milestone, register));
        }
    }
    if args.all {
        risks.extend(by_id());
    }
    Ok(risks)
}

fn no_milestone(wanted: &str, register: &Register) -> anyhow::Error {
    let fixable = register.iter().filter(|(risk, _)| matches!(risk.disposition, Disposition::Fix(_)));
    let mut known: Vec<&str> = fixable.map(|(risk, _)| risk.milestone.as_str()).filter(|m| !m.is_empty()).collect();
    known.sort_unstable();
    known.dedup();
    let near = nearest(wanted, &known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    anyhow!("no risk of milestone `{wanted}` is to be fixed{near}\n  help: there is: {}", known.join(", "))
}

/// The day for notes: as given, else of `SOURCE_DATE_EPOCH`, else today.
fn date(given: Option<&str>) -> Result<String> {
    if let Some(text) = given {
        let date: Result<jiff::civil::Date, _> = text.parse();
        return match date {
            Ok(date) if date.to_string() == text => Ok(date.to_string()),
            _ => bail!("`--date {text}` is no day: write YYYY-MM-DD, such as 2026-02-08"),
        };
    }
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => {
            let seconds: i64 =
                text.trim().parse().with_context(|| format!("SOURCE_DATE_EPOCH=`{text}` is no number"))?;
            let time = jiff::Timestamp::from_second(seconds).context("SOURCE_DATE_EPOCH is out of range")?;
            Ok(time.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
        }
        Err(_) => Ok(jiff::Zoned::now().date().to_string()),
    }
}

fn deliver(args: &Args, place: &Ground<'_>, planned: &[Planned<'_>], steps: &[Step], output: &Output) -> Result<()> {
    if args.dry_run || args.check {
        return preview(args, place, planned, steps, output);
    }
    let progress = Progress::of("writing".to_owned(), output);
    let options = CommitOptions { no_verify: args.no_verify };
    let (delivery, commits) = match (place, &args.branch) {
        _ if steps.is_empty() => ("none", Vec::new()),
        (Ground::Folder(dir), _) => {
            repo::write_files(dir, &net(steps))?;
            ("worktree", Vec::new())
        }
        (Ground::Repository(repo), None) if args.no_commit => {
            repo.write_worktree(&net(steps))?;
            ("worktree", Vec::new())
        }
        (Ground::Repository(repo), None) => ("commits", repo.commit_on_head(steps, options)?),
        (Ground::Repository(repo), Some(branch)) => {
            ("branch", repo.commit_on_branch(branch, args.base.as_deref(), steps)?)
        }
    };
    drop(progress);
    if args.format == Format::Json {
        print_json(planned, delivery, &commits, output)?;
    } else {
        let line = |commit: &Committed| format!("{} {}\n", &commit.oid[..12.min(commit.oid.len())], commit.subject);
        output.result(commits.iter().map(line).collect::<String>().as_bytes())?;
    }
    output.message(&summary::text(planned, true));
    if let Some(branch) = args.branch.as_deref().filter(|_| !commits.is_empty()) {
        output.message(&format!("the commits are on branch {branch}; look with: git log -p {branch}"));
    }
    Ok(())
}

/// `--dry-run` and `--check`.
fn preview(args: &Args, place: &Ground<'_>, planned: &[Planned<'_>], steps: &[Step], output: &Output) -> Result<()> {
    if let (Ground::Repository(repo), None, false) = (place, &args.branch, args.no_commit || steps.is_empty()) {
        let paths: Vec<&str> = steps.iter().flat_map(|step| &step.files).map(|file| file.path.as_str()).collect();
        // What would stop the real run is worth knowing now, but stops no preview.
        if let Err(error) = repo.guard_commit(&paths, CommitOptions { no_verify: args.no_verify }) {
            output.message(&format!("warning: the run itself would be refused: {error:#}"));
        }
    }
    if args.format == Format::Json {
        print_json(planned, if args.check { "check" } else { "dry-run" }, &[], output)?;
    } else if args.dry_run {
        print_patch(args, place, steps, output)?;
    }
    output.message(&summary::text(planned, false));
    Ok(())
}

fn print_patch(args: &Args, place: &Ground<'_>, steps: &[Step], output: &Output) -> Result<()> {
    let revision = place.revision(args)?;
    let mode = |path: &str| place.mode(revision.as_deref(), path);
    let series = patch::series(steps, &sender(place), &mode, &blob_id);
    let has_crlf = steps.iter().flat_map(|step| &step.files).any(|file| file.before.windows(2).any(|w| w == b"\r\n"));
    if has_crlf {
        output.message("note: a file has CRLF line ends; apply the patch with `git apply` or `git am --keep-cr`");
    }
    if output.colours_result() {
        return output.result(patch::coloured(&String::from_utf8_lossy(&series)).as_bytes());
    }
    output.result(&series)
}

/// Who the patch is from: the author git would name. A dry run does without one.
fn sender(place: &Ground<'_>) -> Sender {
    let author = match place {
        Ground::Repository(repo) => repo.author().ok(),
        Ground::Folder(_) => None,
    };
    let from =
        author.as_ref().map_or_else(|| "wf-fix <wf-fix@localhost>".to_owned(), |a| format!("{} <{}>", a.name, a.email));
    // The time of the run would make every patch another: the date stands there only if the user gave one.
    let given = ["GIT_AUTHOR_DATE", "SOURCE_DATE_EPOCH"].iter().any(|name| std::env::var_os(name).is_some());
    let moment = author.filter(|_| given);
    let date = moment.and_then(|a| {
        let offset = jiff::tz::Offset::from_seconds(a.offset_minutes * 60).ok()?;
        let zoned = jiff::Timestamp::from_second(a.seconds).ok()?.to_zoned(offset.to_time_zone());
        jiff::fmt::rfc2822::to_string(&zoned).ok()
    });
    Sender { from, date }
}

fn blob_id(bytes: &[u8]) -> String {
    let id = git2::Oid::hash_object(git2::ObjectType::Blob, bytes);
    id.map_or_else(|_| "0".repeat(40), |id| id.to_string())
}

fn print_json(planned: &[Planned<'_>], delivery: &str, commits: &[Committed], output: &Output) -> Result<()> {
    let mut text = serde_json::to_string_pretty(&json::run(planned, delivery, commits))?;
    text.push('\n');
    output.result(text.as_bytes())
}

/// The steps as one change per file, for delivery without commits.
fn net(steps: &[Step]) -> Vec<crate::change::FileChange> {
    let mut files: Vec<crate::change::FileChange> = Vec::new();
    for file in steps.iter().flat_map(|step| &step.files) {
        match files.iter_mut().find(|known| known.path == file.path) {
            Some(known) => known.after.clone_from(&file.after),
            None => files.push(file.clone()),
        }
    }
    files
}
