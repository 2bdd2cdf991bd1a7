//! `paths` filters that leave out what the workflow is about: the files it checks, or the ones it is made of.
//!
//! What it is made of (its own file, local actions, called workflows) is worth knowing. What it checks needs action
//! where pull requests are concerned and the files alone prove it: nothing below the folder a check works in, or nothing
//! of the kind a linter or a compiler reads, can get through the filter, and no other workflow checks it. Limitation: the
//! audit does not see which files a repository has, so most gaps stay unknown.

use std::cell::LazyCell;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use memchr::memmem::Finder;

use super::Detector;
use super::comment::Topic;
use super::finding::{Finding, Reason, Verdict};
use super::judge::{Case, Level, severity, verdict};
use super::repository::PULLS;
use super::role::{self, Role};
use super::scene::Scene;
use crate::any_of::AnyOf;
use crate::rule::Severity;
use crate::workflow::filter::{Filter, Shape};
use crate::workflow::link::{Link, LinkKind};
use crate::workflow::occasion::Occasion;
use crate::workflow::reader::{At, Text};
use crate::workflow::view::{Job, Step, Trigger, Workflow};

pub(super) const DETECTOR: Detector = Detector {
    name: "path-filter",
    category: "scope-gap",
    about: "a `paths` filter that leaves out what the workflow checks or what it is made of",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    let Some(workflow) = scene.workflow() else { return };
    for trigger in &workflow.triggers {
        let Some(filter) = Filter::of(trigger, "paths") else { continue };
        let Some((key, _)) = trigger.filters.iter().find(|(key, _)| key.text.starts_with("paths")) else { continue };
        let required = pulls(trigger) && !tests_ci(trigger);
        match required.then(|| unchecked(scene, workflow, trigger, &filter)).flatten() {
            Some(subject) => out.push(checks(scene, workflow, trigger, *key, &subject)),
            None => out.extend(made_of(scene, workflow, trigger, *key, &filter)),
        }
    }
}

fn pulls(trigger: &Trigger<'_>) -> bool {
    matches!(trigger.event.text, "pull_request" | "pull_request_target")
}

/// Whether pull requests start it only to try the workflow itself: it says nothing of the rest, and is not meant to.
fn tests_ci(trigger: &Trigger<'_>) -> bool {
    let about = |text: &Text<'_>| text.text.contains(".github") || text.text.contains("workflows/");
    trigger.filters.iter().any(|(key, texts)| key.text == "paths" && texts.iter().all(about))
}

/// The parts of the workflow whose change does not start it.
fn made_of(
    scene: &Scene<'_, '_>,
    workflow: &Workflow<'_>,
    trigger: &Trigger<'_>,
    key: Text<'_>,
    filter: &Filter,
) -> Option<Finding> {
    let mut parts: Vec<&str> = Vec::new();
    if filter.shuts_out(Shape::Exactly(workflow.file)) {
        parts.push(workflow.file);
    }
    let local = |text: Text<'_>| text.text.starts_with("./");
    let uses = workflow.jobs.iter().flat_map(|job| job.uses.into_iter().chain(job.steps.iter().filter_map(|s| s.uses)));
    for used in uses.filter(|uses| local(*uses)) {
        let path = used.text.trim_start_matches("./").trim_end_matches('/');
        let shape = if path.ends_with(".yml") || path.ends_with(".yaml") { Shape::Exactly } else { Shape::Below };
        if !path.is_empty() && !parts.contains(&path) && filter.shuts_out(shape(path)) {
            parts.push(path);
        }
    }
    let names: Vec<String> = parts.iter().take(3).map(|part| format!("`{part}`")).collect();
    let more = if parts.len() > 3 { format!(" and {} more", parts.len() - 3) } else { String::new() };
    if names.is_empty() {
        return None;
    }
    let subject = format!("`{}` of trigger `{}`", key.text, trigger.event.text);
    let message = format!("{subject} leaves out {}{more}, which the workflow is made of", names.join(", "));
    let mut finding = scene.finding(&DETECTOR, scene.place(key.at), subject, message);
    let purposes = || workflow.jobs.iter().map(|job| scene.job_purpose(job));
    let weightiest = purposes().find(|own| own.role == Role::Verify).or_else(|| purposes().next());
    finding.purpose = weightiest.unwrap_or_else(role::Purpose::unknown);
    finding.verdict =
        Verdict::Fine(Reason::Informational, "a change of them is first tested by a later one".to_owned());
    Some(finding)
}

/// What a check is about.
struct Subject<'t> {
    /// "what lies below `web`", "`.rs` files"
    files: String,
    shapes: Vec<Shape<'t>>,
    /// Words in lower case of which a workflow with the same subject has one.
    marks: Vec<String>,
    by: String,
    at: At,
}

/// The first subject of a check that the filter leaves out and that no other workflow checks.
fn unchecked<'t>(
    scene: &Scene<'_, 't>,
    workflow: &Workflow<'t>,
    trigger: &Trigger<'t>,
    filter: &Filter,
) -> Option<Subject<'t>> {
    let out = |filter: &Filter, subject: &Subject<'_>| subject.shapes.iter().all(|shape| filter.shuts_out(*shape));
    let found = subjects(workflow, trigger, |subject| out(filter, subject)).into_iter().next()?;
    let marks = AhoCorasick::builder().ascii_case_insensitive(true).build(&found.marks).ok();
    let marked = |text: &[u8]| marks.as_ref().is_none_or(|marks| marks.is_match(text));
    // A trigger is written in small letters, and half of all texts have none of these.
    let pulls_at_all = Finder::new("pull_request");
    let likely = |text: &[u8]| pulls_at_all.find(text).is_some() && marked(text);
    let covers = |other: &Workflow<'_>| {
        other.triggers.iter().filter(|trigger| pulls(trigger)).any(|trigger| {
            let open = Filter::of(trigger, "paths").is_none_or(|filter| !out(&filter, &found));
            open && !subjects(other, trigger, |subject| subject.shapes == found.shapes).is_empty()
        })
    };
    (!scene.repository.any_other(workflow.file, Some(PULLS), likely, covers)).then_some(found)
}

/// The subjects of the checks that the trigger starts, those that are `wanted`.
///
/// Few steps have a subject at all, and fewer one that is wanted: whether the step checks and the job runs takes longest
/// to tell and is asked last.
fn subjects<'t>(
    workflow: &Workflow<'t>,
    trigger: &Trigger<'t>,
    wanted: impl Fn(&Subject<'t>) -> bool,
) -> Vec<Subject<'t>> {
    let occasions = LazyCell::new(|| Occasion::of(trigger));
    let mut found = Vec::new();
    for job in &workflow.jobs {
        let runs = LazyCell::new(|| occasions.iter().any(|occasion| occasion.lets(workflow, job)));
        let own_files = LazyCell::new(|| !job.steps.iter().any(brings_files));
        for (index, step) in job.steps.iter().enumerate() {
            let mut own: Vec<Subject<'t>> =
                of_step(workflow, job, step, index, &|| *own_files).into_iter().flatten().collect();
            own.retain(&wanted);
            let only_proposes = || job.steps[index..].iter().any(role::proposes_change);
            let prepares = || prepares(workflow, job, index, &own);
            if !own.is_empty() && checks_files(step) && *runs && !only_proposes() && !prepares() {
                found.extend(own);
            }
        }
    }
    found
}

/// Whether a step runs a check: an action that reads files of a kind does.
fn checks_files(step: &Step<'_>) -> bool {
    let checks = |run: Text<'_>| role::role_of_script(run.text) == Some(Role::Verify);
    step.uses.is_some() || step.run.is_some_and(checks)
}

/// Whether a step only builds these subjects, and a later one, here or in a job that waits for this one, tests something else.
fn prepares(workflow: &Workflow<'_>, job: &Job<'_>, index: usize, own: &[Subject<'_>]) -> bool {
    let names = |step: &Step<'_>| {
        let text = step.run.map_or("", |run| run.text).to_ascii_lowercase();
        own.iter().flat_map(|subject| &subject.marks).any(|mark| text.contains(mark.as_str()))
    };
    let behind = workflow.jobs.iter().filter(|other| other.waits_for(job.id.text)).flat_map(|other| &other.steps);
    let mut later = job.steps[index + 1..].iter().chain(behind);
    only_builds(&job.steps[index]) && later.any(|step| tests(step) && !names(step))
}

/// Whether a step runs tests or the like, and not only a build.
fn tests(step: &Step<'_>) -> bool {
    const WORDS: &[&str] = &["test", "lint", "check", "spec", "coverage", "verify", "jest", "e2e"];
    let text = step.run.map_or("", |run| run.text).to_ascii_lowercase();
    let says = |word: &str| WORDS.iter().any(|own| word.starts_with(own));
    checks_files(step) && text.split(|c: char| !c.is_ascii_alphanumeric()).any(says)
}

/// Whether a step builds and does no more: what another step tests may need it.
fn only_builds(step: &Step<'_>) -> bool {
    step.run.is_some_and(|run| run.text.to_ascii_lowercase().contains("build")) && !tests(step)
}

/// What a step would be about if it checks: the folder it works in, or the one that its tests are named by, and the files that
/// its program reads.
///
/// A folder says something only where the job has no files but the repository's `own_files`.
fn of_step<'t>(
    workflow: &Workflow<'t>,
    job: &Job<'t>,
    step: &Step<'t>,
    index: usize,
    own_files: &dyn Fn() -> bool,
) -> [Option<Subject<'t>>; 2] {
    let works_in = folder(workflow, job, step).filter(|_| step.run.is_some());
    let folder = works_in.or_else(|| named_folder(workflow, job, step)).filter(|_| own_files());
    let below = folder.map(|folder| Subject {
        files: format!("all that lies below `{folder}`"),
        shapes: vec![Shape::Below(folder)],
        marks: vec![folder.to_ascii_lowercase()],
        by: step.called(index),
        at: step.at,
    });
    let ending = kinds(step).map(|ends| Subject {
        files: format!("all files that end in {}", ends.join(" or ")),
        shapes: ends.iter().map(|end| Shape::Ending(end)).collect(),
        marks: marks(ends),
        by: step.called(index),
        at: step.at,
    });
    [below, ending]
}

/// Whether a step puts files where the repository has none: what a check then reads may be those.
fn brings_files(step: &Step<'_>) -> bool {
    let action = step.uses.is_some_and(|uses| {
        let checkout = uses.text.starts_with("actions/checkout");
        let elsewhere = step.with.iter().any(|(key, _)| matches!(key.text, "path" | "repository"));
        (checkout && elsewhere) || uses.text.contains("download") || uses.text.contains("restore")
    });
    action || step.run.is_some_and(|run| BRINGS.stands_in(run.text))
}

/// Words of scripts that put files somewhere, sought in one pass.
static BRINGS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::new(["git clone", "mkdir", "tar ", "unzip", "curl", "wget", " init", "create", "submodule"])
});

/// The only folder that pytest is told to look for tests in, from the repository's root: `pytest -v tools/cli/tests/*`.
///
/// Source: pytest, "How to invoke pytest": the arguments that are no options are files and folders.
fn named_folder<'t>(workflow: &Workflow<'t>, job: &Job<'t>, step: &Step<'t>) -> Option<&'t str> {
    let elsewhere = step.working_directory.or(job.defaults.working_directory).or(workflow.defaults.working_directory);
    let script = step.run.filter(|run| elsewhere.is_none() && run.text.contains("pytest"))?.text;
    let moves = ["cd ", "pushd ", "${{", "$("].iter().any(|way| script.contains(way));
    let mut lines = script.lines().map(str::trim).filter(|line| line.contains("pytest") && !line.starts_with('#'));
    let line = lines.next().filter(|_| !moves && lines.next().is_none())?;
    const LEADS: &[&str] = &[
        "pytest ",
        "python -m pytest ",
        "python3 -m pytest ",
        "uv run pytest ",
        "poetry run pytest ",
        "pdm run pytest ",
    ];
    let arguments = LEADS.iter().find_map(|lead| line.strip_prefix(lead))?;
    // The value of an option is no folder to look in: nothing but switches may stand beside it.
    let is_switch = |word: &str| {
        let letters = word.trim_start_matches('-');
        word.starts_with('-') && (word.contains('=') || letters.chars().all(|c| "vsxqlrAaf".contains(c)))
    };
    let mut words = arguments.split_whitespace().filter(|word| !is_switch(word));
    let named = words.next().filter(|_| words.next().is_none())?;
    let path = named.trim_start_matches("./").trim_end_matches("/*").trim_end_matches('/');
    let plain = path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '.'));
    let made =
        ["node_modules", "venv", "site-packages", "build/", "dist/", "//", ".."].iter().any(|part| path.contains(part));
    (path.contains('/') && plain && !made && !path.starts_with(['-', '/']) && !path.ends_with(".py")).then_some(path)
}

/// The folder of the repository that a step works in.
fn folder<'t>(workflow: &Workflow<'t>, job: &Job<'t>, step: &Step<'t>) -> Option<&'t str> {
    let given = step.working_directory.or(job.defaults.working_directory).or(workflow.defaults.working_directory)?;
    let path = given.text.trim_start_matches("./").trim_end_matches('/');
    let plain = !path.is_empty() && path != "." && !path.starts_with(['/', '~']) && !path.contains(['$', '\\', ':']);
    (plain && !path.contains("..")).then_some(path)
}

/// Programs that read one kind of file, as a line of a script begins with them, and how those files end.
///
/// Source: what each program's manual says it reads.
const READERS: &[(&str, &[&str])] = &[
    ("cargo test", &[".rs"]),
    ("cargo build", &[".rs"]),
    ("cargo check", &[".rs"]),
    ("cargo clippy", &[".rs"]),
    ("cargo fmt", &[".rs"]),
    ("cargo nextest", &[".rs"]),
    ("go test", &[".go"]),
    ("go vet", &[".go"]),
    ("go build", &[".go"]),
    ("golangci-lint", &[".go"]),
    ("pytest", &[".py"]),
    ("python -m pytest", &[".py"]),
    ("mypy", &[".py"]),
    ("ruff", &[".py"]),
    ("flake8", &[".py"]),
    ("pylint", &[".py"]),
    ("markdownlint", &[".md"]),
    ("markdownlint-cli2", &[".md"]),
    ("shellcheck", &[".sh", ".bash"]),
    ("hadolint", &["Dockerfile"]),
    ("yamllint", &[".yml", ".yaml"]),
];

/// The programs, sought in one pass.
static READS: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(READERS.iter().map(|(name, _)| *name)));

/// The same for actions, by how their name begins.
const ACTIONS: &[(&str, &[&str])] = &[
    ("golangci/golangci-lint-action", &[".go"]),
    ("davidanson/markdownlint-cli2-action", &[".md"]),
    ("ludeeus/action-shellcheck", &[".sh", ".bash"]),
    ("hadolint/hadolint-action", &["Dockerfile"]),
    ("astral-sh/ruff-action", &[".py"]),
    ("psf/black", &[".py"]),
];

/// The first words of the programs, and the actions, that read such files.
fn marks(ends: &[&str]) -> Vec<String> {
    let named = READERS.iter().chain(ACTIONS).filter(|(_, read)| *read == ends);
    named.filter_map(|(name, _)| Some(name.split(' ').next()?.to_owned())).collect()
}

fn kinds(step: &Step<'_>) -> Option<&'static [&'static str]> {
    let begins = |text: &str, name: &str| text.strip_prefix(name).is_some_and(|rest| !rest.starts_with(['-', '_']));
    if let Some(uses) = step.uses {
        let uses = uses.text.to_ascii_lowercase();
        return ACTIONS.iter().find(|(name, _)| begins(&uses, name)).map(|(_, ends)| *ends);
    }
    let reads = |line: &str| READERS.iter().position(|(name, _)| begins(line, name));
    let asks = |line: &str| line.contains("--version") || line.contains("--help");
    let script = step.run.filter(|run| READS.stands_in(run.text))?;
    let found = script.text.lines().map(str::trim).filter_map(|line| reads(line).filter(|_| !asks(line))).min();
    found.map(|at| READERS[at].1)
}

fn checks(
    scene: &Scene<'_, '_>,
    workflow: &Workflow<'_>,
    trigger: &Trigger<'_>,
    key: Text<'_>,
    subject: &Subject<'_>,
) -> Finding {
    let called = format!("`{}` of trigger `{}`", key.text, trigger.event.text);
    let message = format!("{called} leaves out {}, which {} checks", subject.files, subject.by);
    let mut finding = scene.finding(&DETECTOR, scene.place(key.at), called, message);
    let purpose = role::Purpose { role: Role::Verify, evidence: format!("{} checks", subject.by) };
    let case = Case {
        detector: DETECTOR.name,
        topic: Topic::SoftFail,
        purpose: &purpose,
        places: vec![key.at.line, trigger.event.at.line],
        job: None,
        settled: &|| None,
    };
    finding.verdict = verdict(scene, case);
    finding.severity = severity(scene, Level::Step, Role::Verify, &finding.verdict).max(Severity::Medium);
    finding.purpose = purpose;
    finding.chain =
        vec![Link { kind: LinkKind::FilteredOut, place: workflow.place(subject.at), what: subject.by.clone() }];
    finding
}
