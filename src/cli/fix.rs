//! The main job: plan and prove the selected risks in memory, then deliver all of them or none.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use sha1::{Digest, Sha1};

use super::args::{Args, Format};
use super::exit::Exit;
use super::layers;
use super::output::Output;
use super::progress::Progress;
use crate::change::{Snapshot, Step};
use crate::nearest::nearest;
use crate::plan::{Planned, plan, wanted};
use crate::repo::{self, CommitOptions, Committed, Repo};
use crate::report::patch::{Diffs, Git, Sender};
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
    let (planned, ready) = std::thread::scope(|scope| {
        let guard = scope.spawn(|| would_commit(args, &snapshot));
        (plan(&risks, &snapshot, &date), guard.join().unwrap_or(false))
    });
    drop(progress);
    let diffs = Diffs::of(&planned);
    let faults: Vec<_> = planned.iter().filter_map(Planned::fault).collect();
    faults.iter().for_each(|fault| output.fault(fault));
    if !faults.is_empty() && !args.keep_going {
        if faults.len() < planned.len() {
            output.message("nothing was written; --keep-going delivers the other risks");
        }
        if args.format == Format::Json {
            print_json(&planned, &diffs, "none", &[], output)?;
        }
        return Ok(Exit::Unfit);
    }
    let steps: Vec<Step> = planned.iter().filter_map(message::step).collect();
    let run = Run {
        args,
        place: &place,
        planned: &planned,
        diffs: &diffs,
        steps: &steps,
        snapshot: &snapshot,
        ready,
        output,
    };
    run.deliver()?;
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
}

/// Whether a commit of all the files that were read would be allowed; asked beside the planning of a preview, of a
/// repository opened for it.
fn would_commit(args: &Args, snapshot: &Snapshot) -> bool {
    if !args.dry_run && !args.check || args.branch.is_some() || args.no_commit {
        return false;
    }
    let paths: Vec<&str> = snapshot.files.keys().map(String::as_str).collect();
    let options = CommitOptions { no_verify: args.no_verify };
    Repo::open(args.dir.as_deref()).is_ok_and(|repo| repo.guard_commit(&paths, options).is_ok())
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
        let of_it: Vec<(&Risk, &str)> =
            register.iter().filter(|(risk, _)| fixable(risk) && risk.milestone == *milestone).collect();
        // A register of one's own replaces what is built in for the same milestone: that speaks of other workflows.
        let own = of_it.iter().any(|(_, origin)| *origin != layers::BUILT_IN_ORIGIN);
        risks.extend(
            of_it.iter().filter(|(_, origin)| !own || *origin != layers::BUILT_IN_ORIGIN).map(|(risk, _)| *risk),
        );
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

/// A planned run on its way out.
struct Run<'a> {
    args: &'a Args,
    place: &'a Ground<'a>,
    planned: &'a [Planned<'a>],
    diffs: &'a Diffs,
    steps: &'a [Step],
    snapshot: &'a Snapshot,
    /// Whether nothing stands in the way of a commit of all the files that were read.
    ready: bool,
    output: &'a Output,
}

impl Run<'_> {
    fn deliver(&self) -> Result<()> {
        if self.args.dry_run || self.args.check {
            return self.preview();
        }
        let progress = Progress::of("writing".to_owned(), self.output);
        let (delivery, commits) = self.write()?;
        drop(progress);
        if self.args.format == Format::Json {
            print_json(self.planned, self.diffs, delivery, &commits, self.output)?;
        } else {
            let line = |commit: &Committed| format!("{} {}\n", &commit.oid[..12.min(commit.oid.len())], commit.subject);
            self.output.result(commits.iter().map(line).collect::<String>().as_bytes())?;
        }
        self.output.message(&summary::text(self.planned, self.diffs, true));
        if let Some(branch) = self.args.branch.as_deref().filter(|_| !commits.is_empty()) {
            self.output.message(&format!("the commits are on branch {branch}; look with: git log -p {branch}"));
        }
        Ok(())
    }

    fn options(&self) -> CommitOptions {
        CommitOptions { no_verify: self.args.no_verify }
    }

    fn write(&self) -> Result<(&'static str, Vec<Committed>)> {
        let steps = self.steps;
        Ok(match (self.place, &self.args.branch) {
            _ if steps.is_empty() => ("none", Vec::new()),
            (Ground::Folder(dir), _) => {
                repo::write_files(dir, &net(steps))?;
                ("worktree", Vec::new())
            }
            (Ground::Repository(repo), None) if self.args.no_commit => {
                repo.write_worktree(&net(steps))?;
                ("worktree", Vec::new())
            }
            (Ground::Repository(repo), None) => ("commits", repo.commit_on_head(steps, self.options())?),
            (Ground::Repository(repo), Some(branch)) => {
                ("branch", repo.commit_on_branch(branch, self.args.base.as_deref(), steps)?)
            }
        })
    }

    /// `--dry-run` and `--check`.
    fn preview(&self) -> Result<()> {
        self.warn_of_refusal();
        if self.args.format == Format::Json {
            let delivery = if self.args.check { "check" } else { "dry-run" };
            print_json(self.planned, self.diffs, delivery, &[], self.output)?;
        } else if self.args.dry_run {
            self.print_patch()?;
        }
        self.output.message(&summary::text(self.planned, self.diffs, false));
        Ok(())
    }

    /// What would stop the real run is worth knowing now, but stops no preview.
    fn warn_of_refusal(&self) {
        let on_head = self.args.branch.is_none() && !self.args.no_commit && !self.steps.is_empty() && !self.ready;
        let Ground::Repository(repo) = self.place else { return };
        let files = self.steps.iter().flat_map(|step| &step.files);
        let paths: Vec<&str> = files.map(|file| file.path.as_str()).collect();
        if let Some(error) = on_head.then(|| repo.guard_commit(&paths, self.options()).err()).flatten() {
            self.output.message(&format!("warning: the run itself would be refused: {error:#}"));
        }
    }

    fn print_patch(&self) -> Result<()> {
        let mode = |path: &str| if self.snapshot.executable.contains(path) { "100755" } else { "100644" };
        let git = Git { mode: &mode, blob: &blob_id };
        let series = patch::series(self.steps, self.diffs, &sender(self.place), &git);
        let mut before = self.steps.iter().flat_map(|step| &step.files).map(|file| &file.before);
        if before.any(|bytes| bytes.windows(2).any(|pair| pair == b"\r\n")) {
            let note = "note: a file has CRLF line ends; apply the patch with `git apply` or `git am --keep-cr`";
            self.output.message(note);
        }
        if self.output.colours_result() {
            return self.output.result(patch::coloured(&String::from_utf8_lossy(&series)).as_bytes());
        }
        self.output.result(&series)
    }
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

/// The object ID git gives a file of these bytes.
fn blob_id(bytes: &[u8]) -> String {
    let mut hash = Sha1::new_with_prefix(format!("blob {}\0", bytes.len()));
    hash.update(bytes);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn print_json(
    planned: &[Planned<'_>],
    diffs: &Diffs,
    delivery: &str,
    commits: &[Committed],
    output: &Output,
) -> Result<()> {
    let mut text = serde_json::to_string_pretty(&json::run(planned, diffs, delivery, commits))?;
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
