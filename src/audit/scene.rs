//! One file on the table: its lines, its view, its signals, its scripts, and what sort of workflow it is.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::commands::Commands;
use super::comment;
use super::finding::{Finding, Reason, Verdict};
use super::http_error;
use super::kept_image;
use super::repository::Repository;
use super::role::{self, Purpose, Role};
use super::schedule;
use super::slip::{Slip, slip};
use super::spot::{Key, Spot};
use super::told;
use crate::any_of::AnyOf;
use crate::memo::Memo;
use crate::rule::Severity;
use crate::workflow::reader::At;
use crate::workflow::script::{Command, Effect};
use crate::workflow::signal::{Signal, Signals, Site};
use crate::workflow::view::{File, Job, Step, Workflow};
use crate::workflow::world::World;
use crate::yaml::{NodeId, Place, Tree};

/// A file and what detectors ask of it.
pub struct Scene<'w, 't> {
    text: &'t str,
    /// The lines of its text, once asked: those of most files are not.
    lines: OnceCell<Vec<&'t str>>,
    /// The file as GitHub reads it.
    pub view: &'w File<'t>,
    /// It, and the files that it calls and that call it.
    pub world: &'w World<'t>,
    /// All files, not read.
    pub repository: Repository<'t>,
    /// What becomes of failures.
    pub signals: Signals<'w, 't>,
    /// The scripts in which a failure may be lost (see [`Script::may_lose`]), with their commands.
    pub scripts: Vec<Commands<'w, 't>>,
    /// Whether it weighs on changes: a trigger of pull requests or pushes, or calls from elsewhere.
    pub gates_changes: bool,
    /// Whether the file says that it is generated.
    pub generated: bool,
    /// What the file as a whole is for, and the name that says it, where that asserts nothing.
    aim: OnceCell<Option<(Role, &'t str)>>,
    /// The comment at the head of the file, if it lets failures pass.
    soft_head: OnceCell<Option<String>>,
    /// What the name of the workflow says of its jobs.
    by_name: OnceCell<Option<Purpose>>,
    /// What steps are for, once asked.
    steps: Memo<Key, Purpose>,
    /// What steps say themselves of what they are for, once asked, by their place.
    itself: Memo<NodeId, Option<Purpose>>,
    /// What jobs are for, once asked, by their key, and whether the workflow's name can say more.
    jobs: Memo<NodeId, (Purpose, bool)>,
    /// The conditions that nobody can have meant, once asked, by the key of their job and their step.
    slips: OnceCell<BTreeMap<(NodeId, Option<usize>), Slip>>,
    /// How many commands have been tried.
    trials: Cell<usize>,
    /// What becomes of the failures of steps, once asked.
    said: Memo<Key, Option<Signal>>,
    /// Why the whole of a step may fail, once asked: each command in it asks.
    pub excuses: Memo<Key, Option<(Reason, String)>>,
}

impl<'w, 't> Scene<'w, 't> {
    /// The scene of a file.
    pub fn of(view: &'w File<'t>, text: &'t str, world: &'w World<'t>, repository: Repository<'t>) -> Scene<'w, 't> {
        let signals = match view {
            File::Workflow(workflow) => Signals::of(workflow, world),
            File::Action(action) => Signals::of_action(action, world),
        };
        let generated = is_generated(path(view), text);
        let gates_changes = match view {
            File::Workflow(workflow) => schedule::gates(workflow, world),
            File::Action(_) => true,
        };
        let aim = OnceCell::new();
        let scripts = Vec::new();
        let mut scene = Scene {
            text,
            lines: OnceCell::new(),
            view,
            world,
            repository,
            signals,
            scripts,
            gates_changes,
            generated,
            aim,
            soft_head: OnceCell::new(),
            by_name: OnceCell::new(),
            steps: Memo::default(),
            itself: Memo::default(),
            jobs: Memo::default(),
            slips: OnceCell::new(),
            trials: Cell::default(),
            said: Memo::default(),
            excuses: Memo::default(),
        };
        scene.scripts = scene.spots().filter_map(|spot| scene.commands(spot)).collect();
        scene
    }

    /// The lines of its text.
    pub fn lines(&self) -> &[&'t str] {
        self.lines.get_or_init(|| lines(self.text))
    }

    /// The path of the file.
    pub fn file(&self) -> &'t str {
        path(self.view)
    }

    /// Whether the file stands in a folder below `.github/workflows`, where GitHub looks for none.
    ///
    /// Source: workflow syntax, "About YAML syntax for workflows": "You must store workflow files in the
    /// `.github/workflows` directory of your repository"; subfolders are not read.
    pub fn is_stored_away(&self) -> bool {
        let below = self.file().strip_prefix(".github/workflows/");
        below.is_some_and(|rest| rest.contains('/')) && self.workflow().is_some()
    }

    /// Its tree.
    pub fn tree(&self) -> &'t Tree<'t> {
        match self.view {
            File::Workflow(workflow) => workflow.tree,
            File::Action(action) => action.tree,
        }
    }

    /// The workflow, if it is one.
    pub fn workflow(&self) -> Option<&'w Workflow<'t>> {
        match self.view {
            File::Workflow(workflow) => Some(workflow),
            File::Action(_) => None,
        }
    }

    /// Its name as people know it.
    pub fn name(&self) -> Option<&'t str> {
        match self.view {
            File::Workflow(workflow) => workflow.name.map(|name| name.text),
            File::Action(action) => action.name.map(|name| name.text),
        }
    }

    /// What the condition of a job, or of a step by its index, says that nobody can have meant.
    pub fn slip(&self, job: &Job<'_>, step: Option<usize>) -> Option<&Slip> {
        self.slips.get_or_init(|| self.all_slips()).get(&(job.id.at.node, step))
    }

    /// By the key of the job, since an alias stands in several.
    fn all_slips(&self) -> BTreeMap<(NodeId, Option<usize>), Slip> {
        let Some(workflow) = self.workflow() else { return BTreeMap::new() };
        let steps = |job: &'w Job<'t>| (0..job.steps.len()).map(Some).chain([None]).map(move |step| (job, step));
        let sites = workflow.jobs.iter().flat_map(steps).map(|(job, step)| Site { workflow, job, step });
        sites.filter_map(|site| Some(((site.job.id.at.node, site.step), slip(site)?))).collect()
    }

    /// All steps, in order.
    pub fn spots(&self) -> impl Iterator<Item = Spot<'w, 't>> + use<'w, 't> {
        let (jobs, own): (&'w [Job<'t>], &'w [Step<'t>]) = match self.view {
            File::Workflow(workflow) => (&workflow.jobs, &[]),
            File::Action(action) => (&[], &action.steps),
        };
        let lists = jobs.iter().map(|job| (Some(job), &job.steps[..])).chain([(None, own)]);
        lists.flat_map(|(job, steps)| {
            steps.iter().enumerate().map(move |(index, step)| Spot { job, steps, index, step })
        })
    }

    fn commands(&self, spot: Spot<'w, 't>) -> Option<Commands<'w, 't>> {
        let script = match spot.job {
            Some(job) => self.signals.script(job.id.text, spot.index),
            None => self.signals.action_script(spot.index),
        }?;
        let asks = || told::may_ask(script.run.text);
        let requests = || http_error::may_pass(script.run.text);
        (script.may_lose() || asks() || requests()).then(|| Commands::of(spot, script))
    }

    /// The commands of a step of this file whose failure counts for it; all, where nothing in its script can lose one.
    pub fn counting<'s>(&self, step: &Step<'s>) -> Vec<Cow<'s, str>>
    where
        't: 's,
    {
        let counts = |command: &&Command<'t>| command.effect == Effect::FailsStep;
        match self.scripts.iter().find(|script| script.spot.step.at.node == step.at.node) {
            Some(script) => script.commands.iter().filter(counts).map(|command| Cow::Borrowed(command.text)).collect(),
            None => step.run.map_or(Vec::new(), |run| role::commands_of(run.text).collect()),
        }
    }

    /// What becomes of the failure of a step.
    pub fn signal(&self, spot: Spot<'_, '_>) -> Option<Signal> {
        // What soft steps come to is played, and every command of their scripts asks.
        self.said.get(spot.key(), || match spot.job {
            Some(job) => self.signals.step(job.id.text, spot.index),
            None => self.signals.action_step(spot.index),
        })
    }

    /// What a step is for.
    pub fn purpose(&self, spot: Spot<'_, '_>) -> Purpose {
        self.steps.get(spot.key(), || {
            let purpose = self.itself(spot.step).unwrap_or_else(|| self.around(spot));
            self.in_view_of(spot, kept_image::seen(spot, self.released(spot, purpose)))
        })
    }

    /// A step that copies to a bucket, in a job or a workflow that releases by its name, hands out what is released.
    fn released(&self, spot: Spot<'_, '_>, purpose: Purpose) -> Purpose {
        let copies = || spot.step.run.is_some_and(|run| role::copies_to_bucket(run.text));
        if !matches!(purpose.role, Role::Support | Role::Unknown) || !copies() {
            return purpose;
        }
        let job = spot.job.into_iter().flat_map(|job| [Some(job.id.text), job.name.map(|name| name.text)]);
        let publishes = |name: &&str| role::of_name(name).is_some_and(|named| named.role == Role::Publish);
        match job.chain([self.name()]).flatten().find(publishes) {
            Some(name) => {
                Purpose { role: Role::Publish, evidence: format!("it copies to a bucket in `{}`", role::short(name)) }
            }
            None => purpose,
        }
    }

    /// What a step that says nothing itself is for: what it stands in, unless the work of the job is done by another step.
    fn around(&self, spot: Spot<'_, '_>) -> Purpose {
        let around = role::around_step(spot.step, spot.job, self.name());
        let same = |step: &&Step<'_>| self.itself(step).is_some_and(|purpose| purpose.role == around.role);
        match spot.steps.iter().find(same).filter(|_| around.role.matters()) {
            Some(other) => Purpose {
                role: Role::Unknown,
                evidence: format!(
                    "nothing shows what it is for; the work of the job is done on line {}",
                    other.at.line
                ),
            },
            None => around,
        }
    }

    /// What a step of this file says itself of what it is for.
    pub fn itself(&self, step: &Step<'_>) -> Option<Purpose> {
        self.itself.get(step.at.node, || role::of_step_itself(step, self.world))
    }

    /// What a job of this file is for.
    pub fn job_purpose(&self, job: &Job<'_>) -> Purpose {
        let (own, open) = self.of_job(job);
        let by_name = || self.by_name.get_or_init(|| role::of_workflow(self.name()?)).clone();
        let purpose = open.then(by_name).flatten().unwrap_or(own);
        match self.aim() {
            Some((Role::Telemetry, name)) if purpose.role == Role::Verify => {
                Purpose { role: Role::Telemetry, evidence: format!("`{name}` only measures") }
            }
            _ => purpose,
        }
    }

    /// What a job of this file is for, whatever the workflow is called.
    pub fn own_job_purpose(&self, job: &Job<'_>) -> Purpose {
        self.of_job(job).0
    }

    fn of_job(&self, job: &Job<'_>) -> (Purpose, bool) {
        self.jobs.get(job.id.at.node, || role::of_job(job, self.world, &|step| self.itself(step)))
    }

    /// What a check is for where its job only proposes a change, or its workflow only measures: it asserts nothing.
    pub fn in_view_of(&self, spot: Spot<'_, '_>, purpose: Purpose) -> Purpose {
        if purpose.role != Role::Verify {
            return purpose;
        }
        // A job that releases, and proposes the next version too, does more than that.
        let releases = || spot.job.is_some_and(|job| self.job_purpose(job).role == Role::Publish);
        let tests = || spot.step.name.is_some_and(|name| role::only_tests(name.text));
        let later = || {
            spot.steps[spot.index..].iter().find(|step| role::proposes_change(step)).filter(|_| !tests() && !releases())
        };
        let (role, evidence) = match (self.aim(), later()) {
            (Some((Role::Telemetry, name)), _) => (Role::Telemetry, format!("`{name}` only measures")),
            (Some((Role::Support, name)), _) => (Role::Support, format!("`{name}` sets an agent up")),
            (Some((role, name)), _) => (role, format!("`{name}` only proposes changes")),
            (None, Some(step)) => (Role::Suggest, format!("line {} proposes the result as a change", step.at.line)),
            (None, None) => return purpose,
        };
        Purpose { role, evidence }
    }

    /// What the whole file is for, if its names say that it only proposes changes, measures, or sets an agent up.
    fn aim(&self) -> Option<(Role, &'t str)> {
        *self.aim.get_or_init(|| {
            let file = self.file().rsplit('/').next().unwrap_or_default();
            let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
            let names = [Some(file), self.name()];
            let commits =
                || self.workflow().is_some_and(|w| w.jobs.iter().flat_map(|job| &job.steps).any(role::commits));
            let keeps = |name: &str| role::keeps_up(name) && commits();
            let proposes = names.into_iter().flatten().find(|name| role::proposes(name) || keeps(name));
            let measures = || [Some(stem), self.name()].into_iter().flatten().find(|name| role::measures(name));
            // GitHub runs it before Copilot's own work and goes on if a step fails.
            let agent = (stem == "copilot-setup-steps").then_some((Role::Support, stem));
            agent.or(proposes.map(|name| (Role::Suggest, name))).or_else(|| Some((Role::Telemetry, measures()?)))
        })
    }

    /// How many commands of the file have been tried, this one too.
    pub fn counts_trial(&self) -> usize {
        self.trials.set(self.trials.get() + 1);
        self.trials.get()
    }

    /// The comment at the head of the file, if it lets failures pass.
    pub fn soft_head(&self) -> Option<&str> {
        self.soft_head.get_or_init(|| comment::soft_head(self.text)).as_deref()
    }

    /// A place in this file.
    pub fn place(&self, at: At) -> Place {
        Place { file: self.file().to_owned(), line: at.line, column: at.column }
    }

    /// The start of a finding, to be completed.
    pub fn finding(&self, detector: &super::Detector, place: Place, subject: String, message: String) -> Finding {
        Finding {
            detector: detector.name,
            category: detector.category,
            place,
            also: Vec::new(),
            key: subject.clone(),
            subject,
            message,
            purpose: Purpose::unknown(),
            severity: Severity::Low,
            verdict: Verdict::Action,
            chain: Vec::new(),
            fix: None,
        }
    }

    /// The start of a finding of a command of a script; its key holds the command.
    pub fn finding_of(
        &self,
        detector: &super::Detector,
        command: &Command<'_>,
        subject: String,
        message: String,
    ) -> Finding {
        let place = Place { file: self.file().to_owned(), line: command.line, column: command.column };
        let key = format!("{subject}: {}", role::short(command.text));
        Finding { key, ..self.finding(detector, place, subject, message) }
    }
}

fn path<'t>(view: &File<'t>) -> &'t str {
    match view {
        File::Workflow(workflow) => workflow.file,
        File::Action(action) => action.file,
    }
}

/// The legs of a matrix by their names, those without one counted.
pub fn legs(names: &[String]) -> String {
    let named: Vec<&str> = names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    match (named.is_empty(), names.len()) {
        (false, _) => named.join("; "),
        (true, 1) => "one leg of the matrix".to_owned(),
        (true, n) => format!("{n} legs of the matrix"),
    }
}

/// The lines of a text, as [`str::lines`] gives them: all are kept, which vectors find sooner than one by one.
fn lines(text: &str) -> Vec<&str> {
    let (mut lines, mut start) = (Vec::with_capacity(text.len() / BYTES_PER_LINE), 0);
    for end in memchr::memchr_iter(b'\n', text.as_bytes()) {
        let line = &text[start..end];
        lines.push(line.strip_suffix('\r').unwrap_or(line));
        start = end + 1;
    }
    lines.extend(Some(&text[start..]).filter(|last| !last.is_empty()));
    lines
}

/// How many bytes the lines of workflows have, about.
const BYTES_PER_LINE: usize = 32;

/// What programs write at the head of a file that they make, in lower case.
const MARKS: &[&str] = &[
    "@generated",
    "do not edit",
    "auto-generated",
    "autogenerated",
    "generated from",
    "generated by",
    "don't edit",
    "do not modify",
    "do not change",
    "do not manually",
    "should not be modified",
    "should not be edited",
    "not be edited",
    "not be modified",
    "generated automatically",
    "automatically generated",
    "auto generated",
    "machine generated",
    "template repository",
    "organization template",
    "is generated",
    "was generated",
    "generated using",
    "generated with",
];

/// The same, sought in one pass.
static MADE: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(MARKS.iter().copied()));

/// Whether a file is made by a program, by its name or its first lines.
fn is_generated(path: &str, text: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let head = text.lines().take(12).filter(|line| line.trim_start().starts_with('#'));
    name.starts_with("generated-")
        || name.contains(".lock.y")
        || head.map(|line| line.to_lowercase()).any(|line| MADE.stands_in(&line))
}
