//! The main job: plan and prove the selected risks in memory, then deliver all of them or none.

use anyhow::{Context, Result};

use super::args::{Args, Format};
use super::date::date;
use super::exit::Exit;
use super::ground::Ground;
use super::interrupt;
use super::layers;
use super::output::Output;
use super::progress::Progress;
use super::select::{applicable, select};
use crate::change::{FileChange, Snapshot, Step};
use crate::plan::{Planned, Status, paths, plan, plan_without_effect, wanted, wanted_around};
use crate::repo::{self, CommitOptions, Committed, Repo};
use crate::report::patch::{Diffs, Git, Sender, blob_id};
use crate::report::safe::{plural, shown};
use crate::report::{json, json_text, message, patch, summary};
use crate::rule::Risk;
use crate::yaml::{Fault, FaultKind};

/// Runs the main job.
pub fn run(args: &Args, output: &Output) -> Result<Exit> {
    let ground = Ground::find(args)?;
    let register = layers::register(&layers::layers(args, ground.root())?, output)?;
    let selected = select(args, &register)?;
    let date = date(args.date.as_deref())?;
    let progress = Progress::of(format!("planning {}", plural(selected.len(), "risk")), output);
    let mut snapshot = ground.read(args, &wanted(&selected))?;
    if !args.without_effect {
        ground.read_around(args, &wanted_around(&selected, &snapshot), &mut snapshot);
    }
    output.detail(&format!("read {} of {} files", snapshot.files.len(), snapshot.names.len()));
    output.passed_over(&snapshot.passed_over);
    let (risks, elsewhere) = applicable(args, &register, selected, &snapshot);
    let plan = if args.without_effect { plan_without_effect } else { plan };
    let (planned, ready) = std::thread::scope(|scope| {
        let guard = scope.spawn(|| would_commit(args, &snapshot));
        (plan(&risks, &snapshot, &date), guard.join().unwrap_or(false))
    });
    let planned = without_unfit(args, &ground, planned, &|risks| plan(risks, &snapshot, &date));
    drop(progress);
    say_elsewhere(&elsewhere, output);
    let faults: Vec<&Fault> = planned.iter().filter_map(Planned::fault).collect();
    faults.iter().for_each(|fault| output.fault(fault));
    let diffs = Diffs::of(&planned);
    if stops(args, &faults) {
        if faults.len() < planned.len() && !args.keep_going {
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
        ground: &ground,
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

/// With `--keep-going`: a file that may not be committed as it stands refuses the risks that would change it, and the
/// others are planned again without them.
fn without_unfit<'a>(
    args: &Args,
    ground: &Ground,
    mut planned: Vec<Planned<'a>>,
    plan: &dyn Fn(&[&'a Risk]) -> Vec<Planned<'a>>,
) -> Vec<Planned<'a>> {
    let Ground::Repository(repo) = ground else { return planned };
    if !args.keep_going || args.no_commit || args.branch.is_some() {
        return planned;
    }
    let order: Vec<&str> = planned.iter().map(|planned| planned.risk.id.as_str()).collect();
    let mut refused = Vec::new();
    loop {
        let unfit = |planned: &Planned<'_>| {
            let paths: Vec<&str> = planned.files().iter().map(|file| file.change.path.as_str()).collect();
            repo.guard_files(&paths).err().filter(|_| !paths.is_empty())
        };
        let (mut rest, before) = (Vec::new(), refused.len());
        for one in planned {
            match unfit(&one) {
                Some(error) => {
                    let fault = Fault::new(FaultKind::Unfit, format!("{}: {error:#}", one.risk.id), "");
                    refused.push(Planned { risk: one.risk, status: Status::Refused(fault), effect: None });
                }
                None => rest.push(one),
            }
        }
        if refused.len() == before {
            refused.extend(rest);
            refused.sort_by_key(|planned| order.iter().position(|id| *id == planned.risk.id));
            return refused;
        }
        planned = plan(&rest.iter().map(|planned| planned.risk).collect::<Vec<_>>());
    }
}

/// Whether faults stop the run: any without `--keep-going`, a failed proof always.
fn stops(args: &Args, faults: &[&Fault]) -> bool {
    !faults.is_empty() && (!args.keep_going || faults.iter().any(|fault| fault.kind == FaultKind::Bug))
}

fn say_elsewhere(elsewhere: &[&Risk], output: &Output) {
    if !elsewhere.is_empty() {
        let ids: Vec<&str> = elsewhere.iter().map(|risk| risk.id.as_str()).collect();
        output.message(&format!("left out, built in and about workflows that are not here: {}", ids.join(", ")));
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

/// A planned run on its way out.
struct Run<'a> {
    args: &'a Args,
    ground: &'a Ground,
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
        let shield = interrupt::shield()?;
        let (delivery, commits) = self.write()?;
        drop(shield);
        drop(progress);
        self.say_delivered(delivery, &commits).context("everything was delivered, but not all of it could be said")
    }

    fn say_delivered(&self, delivery: &str, commits: &[Committed]) -> Result<()> {
        if self.args.format == Format::Json {
            print_json(self.planned, self.diffs, delivery, commits, self.output)?;
        } else {
            let line = |commit: &Committed| format!("{} {}\n", &commit.oid[..12.min(commit.oid.len())], commit.subject);
            self.output.result(commits.iter().map(line).collect::<String>().as_bytes())?;
        }
        self.output.message(&summary::text(self.planned, self.diffs, true));
        match (self.ground, self.args.branch.as_deref()) {
            (_, Some(branch)) if commits.is_empty() => {
                self.output.message(&format!("no commit was needed; branch {branch} is as it was, or was not created"));
            }
            (_, Some(branch)) => {
                self.output.message(&format!("the commits are on branch {branch}; look with: git log -p {branch}"));
            }
            (Ground::Repository(repo), None) if !commits.is_empty() => self.warn_of_hooks(repo),
            _ => {}
        }
        Ok(())
    }

    fn warn_of_hooks(&self, repo: &Repo) {
        let hooks = repo.unrun_hooks();
        if !hooks.is_empty() {
            self.output.warning(&format!("wf-fix runs no hooks; git would have run: {}", hooks.join(", ")));
        }
    }

    fn options(&self) -> CommitOptions {
        CommitOptions { no_verify: self.args.no_verify }
    }

    fn write(&self) -> Result<(&'static str, Vec<Committed>)> {
        let steps = self.steps;
        Ok(match (self.ground, &self.args.branch) {
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
        self.warn_of_worktree();
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
        let Ground::Repository(repo) = self.ground else { return };
        let files = self.steps.iter().flat_map(|step| &step.files);
        let paths: Vec<&str> = files.map(|file| file.path.as_str()).collect();
        if let Some(error) = on_head.then(|| repo.guard_commit(&paths, self.options()).err()).flatten() {
            self.output.warning(&format!("the run itself would be refused: {error:#}"));
        }
    }

    /// A risk that is done in the last commit may be back in the worktree, which a preview does not read.
    fn warn_of_worktree(&self) {
        let Ground::Repository(repo) = self.ground else { return };
        if self.args.branch.is_some() || self.args.no_commit || self.ready {
            return;
        }
        let done = self.planned.iter().filter(|planned| planned.files().is_empty() && planned.fault().is_none());
        let mut paths: Vec<String> = done.flat_map(|planned| paths(planned.risk, self.snapshot)).collect();
        paths.sort();
        paths.dedup();
        for path in paths.iter().filter(|path| self.snapshot.files.contains_key(*path)) {
            if let Err(error) = repo.guard_files(&[path]) {
                self.output.warning(&format!("the last commit was read, not the worktree: {error:#}"));
            }
        }
    }

    fn print_patch(&self) -> Result<()> {
        let mode = |path: &str| if self.snapshot.executable.contains(path) { "100755" } else { "100644" };
        let git = Git { mode: &mode, blob: &blob_id };
        let series = patch::series(self.steps, self.diffs, &sender(self.ground), &git);
        let mut before = self.steps.iter().flat_map(|step| &step.files).map(|file| &file.before);
        if before.any(|bytes| bytes.windows(2).any(|pair| pair == b"\r\n")) {
            let note = "note: a file has CRLF line ends; apply the patch with `git apply` or `git am --keep-cr`";
            self.output.message(note);
        }
        if self.output.colours_result() {
            return self.output.result(patch::coloured(&String::from_utf8_lossy(&series)).as_bytes());
        }
        if self.output.shows_result() {
            return self.output.result(shown(&String::from_utf8_lossy(&series)).as_bytes());
        }
        self.output.result(&series)
    }
}

/// Who the patch is from: the author git would name. A dry run does without one.
fn sender(ground: &Ground) -> Sender {
    let author = match ground {
        Ground::Repository(repo) => repo.author().ok(),
        Ground::Folder(_) => None,
    };
    let from =
        author.as_ref().map_or_else(|| "wf-fix <wf-fix@localhost>".to_owned(), |a| patch::mailbox(&a.name, &a.email));
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

fn print_json(
    planned: &[Planned<'_>],
    diffs: &Diffs,
    delivery: &str,
    commits: &[Committed],
    output: &Output,
) -> Result<()> {
    output.result(json_text::text(&json::run(planned, diffs, delivery, commits)).as_bytes())
}

/// The steps as one change per file, for delivery without commits.
fn net(steps: &[Step]) -> Vec<FileChange> {
    let mut files: Vec<FileChange> = Vec::new();
    for file in steps.iter().flat_map(|step| &step.files) {
        match files.iter_mut().find(|known| known.path == file.path) {
            Some(known) => known.after.clone_from(&file.after),
            None => files.push(file.clone()),
        }
    }
    files
}
