//! Failures that are let pass in some runs only: some legs of a matrix, an input, an event.
//!
//! The contract is rule 7 of `tests/labels/README.md`: soft only for legs that are openly experimental, by an input that
//! is off by default and nobody turns on, or away from changes. Legs that look like any other are no excuse, and all legs,
//! or nearly all, are all.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::comment;
use super::finding::Reason;
use super::role::{Role, name_words};
use super::scene::{Scene, legs as leg_names};
use crate::workflow::condition::Truth;
use crate::workflow::expression;
use crate::workflow::signal::{Runs, Signal, Soft};
use crate::workflow::value::{Scope, Value, eval};
use crate::workflow::view::{File, Job, Step, Workflow};
use crate::workflow::world::{Caller, World};
use github_actions_expressions::call::Function;

/// Words of keys, names and values that say openly that a failure is to be reckoned with.
const OPEN: &str = "experimental optional unstable nightly nightlies canary beta alpha dev devel develop development pre \
     prerelease preview rc edge head main master trunk tip next upstream snapshot insiders ea allow \
     allowed allowfailure fail fails failure failures failing error errors xfail expect expected soft \
     flaky nonblocking failok suppressed quarantined waived mayfail okfail blocking advisory \
     informational ignore tolerate rolling future weekly tier2 tier3 unsupported continue softfail \
     required effort";

/// The same, to be asked for.
static IS_OPEN: LazyLock<HashSet<&str>> = LazyLock::new(|| OPEN.split_whitespace().collect());

/// Whether words say it openly.
fn is_open(text: &str) -> bool {
    let open = |word: &str| IS_OPEN.contains(word);
    // `isSnapshot` is one word.
    name_words(text).iter().any(|word| open(word) || word.strip_prefix("is").is_some_and(open))
}

/// What an expression falls back to.
fn is_off(part: &str) -> bool {
    matches!(part.trim(), "false" | "''" | "\"\"")
}

/// Whether a failure that is masked in these legs, by this expression, is masked in few and openly.
pub fn in_legs(job: Option<&Job<'_>>, text: Option<&str>, legs: &[String]) -> Option<(Reason, String)> {
    let all = job.and_then(|job| job.matrix.as_ref()).and_then(|matrix| matrix.legs()).map_or(0, |all| all.len());
    let nearly_all = all > 3 && legs.len() * 4 >= all * 3;
    // Of `experimental || version == '3.14'` each part has to say it.
    let by_text = text.is_some_and(|text| body(text).split("||").all(|part| is_open(part) || is_off(part)));
    let open = by_text || legs.iter().all(|leg| is_open(leg)) || are_marked(job, legs);
    (open && !nearly_all).then(|| (Reason::SomeRuns, format!("only for {}", leg_names(legs))))
}

/// Keys of a matrix that say what a leg is worth.
const MARKS: &[&str] = &[
    "experimental",
    "unstable",
    "optional",
    "nightly",
    "preview",
    "beta",
    "canary",
    "unsupported",
    "best_effort",
    "best-effort",
];

/// Whether the matrix marks these legs by a key of their own: `experimental: true`.
fn are_marked(job: Option<&Job<'_>>, names: &[String]) -> bool {
    let legs = job.and_then(|job| job.matrix.as_ref()).and_then(|matrix| matrix.legs()).unwrap_or_default();
    let marked = |name: &String| {
        let leg = legs.iter().find(|leg| leg.name() == *name);
        leg.and_then(|leg| leg.key_of("true")).is_some_and(|key| MARKS.contains(&key))
    };
    !names.is_empty() && names.iter().all(marked)
}

/// What a signal says of legs, and what the expression of a `continue-on-error` leaves to a run.
pub fn of(
    scene: &Scene<'_, '_>,
    job: Option<&Job<'_>>,
    step: Option<&Step<'_>>,
    signal: &Signal,
    text: &str,
) -> Option<(Reason, String)> {
    if let Signal::MaskedInLegs { legs, .. } = signal {
        let text = (legs.len() == 1 || !only_named(text) || explained(scene, job)).then_some(text);
        return in_legs(job, text, legs);
    }
    if !text.contains("${{") {
        return None;
    }
    let body = resolved(scene, job, step, body(text));
    let some = |note: String| Some((Reason::SomeRuns, note));
    if away_from_changes(scene, &body) {
        let by_label = body.contains(".labels.");
        let when = if by_label { "only where a label asks for it" } else { "not where changes are checked" };
        return some(format!("{when}: `{body}`"));
    }
    match scene.workflow().and_then(|workflow| without_inputs(workflow, &body)) {
        Some(Truth::False) => return some(format!("only in runs that are started by hand: `{body}`")),
        Some(Truth::True) => return None,
        _ => {}
    }
    if let Some((name, turned)) = input(&body) {
        let (off, on) = if turned { ("on", "off") } else { ("off", "on") };
        return match share(scene.world, scene.view, name, 0).turned(turned) {
            Share::Off => some(format!("`{name}` is {off} by default and nobody turns it {on}")),
            Share::Some => some(format!("only where `{name}` is turned {on}")),
            Share::On => None,
        };
    }
    let of_a_ref = body.contains("github.");
    // `vars.X != 'required'` speaks of the other runs.
    let turned = body.contains("!=") || body.trim_start().starts_with('!');
    (is_open(&body) && !turned && !of_a_ref && !matches!(body.trim(), "true" | "always()"))
        .then(|| (Reason::SomeRuns, format!("only where `{body}`")))
}

/// `matrix.continue-on-error`: the key says again what it does, and not what the legs are.
fn only_named(text: &str) -> bool {
    let key = body(text).split("||").next().unwrap_or_default().trim();
    matches!(key, "matrix.continue-on-error" | "matrix.continue_on_error")
}

/// Whether a comment stands at a leg of the job's matrix that sets the key.
fn explained(scene: &Scene<'_, '_>, job: Option<&Job<'_>>) -> bool {
    let Some(matrix) = job.and_then(|job| job.matrix.as_ref()) else { return false };
    let nodes = &scene.tree().nodes;
    let last =
        nodes.get(matrix.at.node).and_then(|node| nodes.get(node.end.checked_sub(1)?)).map_or(0, |node| node.line);
    let sets = |line: &str| {
        let key = line.trim_start_matches([' ', '-']);
        ["continue-on-error: true", "continue_on_error: true"].iter().any(|start| key.starts_with(start))
    };
    let at = |(index, line): (usize, &&str)| {
        sets(line) && (comment::trailing(line).is_some() || !comment::above(scene.lines(), index).is_empty())
    };
    scene.lines().iter().enumerate().take(last).skip(matrix.at.line.saturating_sub(1)).any(at)
}

/// Words for a version of something else that is not released yet.
const UNRELEASED: &[&str] =
    &["tip", "devel", "canary", "nightly", "trunk", "edge", "snapshot", "prerelease", "unreleased", "insiders"];

/// A job that openly runs against an unreleased version of something else, by its name or the image it runs on, beside a
/// strict job of the same kind.
pub fn upstream(scene: &Scene<'_, '_>, job: &Job<'_>) -> Option<(Reason, String)> {
    let says = |text: &str| {
        let words = name_words(text);
        // `Nightly tests` run at night.
        words.iter().position(|word| UNRELEASED.contains(&word.as_str())).is_some_and(|at| at > 0)
    };
    let tree = scene.workflow()?.tree;
    let images = images(tree, job);
    if let Some(found) = beside_released(scene, job) {
        return Some(found);
    }
    let name = [Some(job.id.text), job.name.map(|name| name.text)].into_iter().flatten().find(|name| says(name));
    let image = || images.iter().copied().find(|image| says(image));
    let what = name.or_else(image)?;
    let stem = |job: &Job<'_>| name_words(job.id.text).into_iter().next();
    let beside = scene.workflow()?.jobs.iter().find(|other| {
        let alike = name.is_none() || stem(other) == stem(job);
        other.id.text != job.id.text && other.continue_on_error.is_none() && alike && !other.steps.is_empty()
    })?;
    let own = scene.job_purpose(job).role;
    (scene.job_purpose(beside).role == own).then(|| {
        let note = format!("only against what is not released yet (`{what}`); job `{}` is strict", beside.id.text);
        (Reason::SomeRuns, note)
    })
}

/// `django-main-mysql` beside `mysql`: a strict job whose id has all words of this one's but those of a branch.
pub fn beside_released(scene: &Scene<'_, '_>, job: &Job<'_>) -> Option<(Reason, String)> {
    const BRANCHES: &[&str] = &[
        "main",
        "master",
        "dev",
        "next",
        "head",
        "upstream",
        "preview",
        "beta",
        "alpha",
        "rc",
        "pre",
        "experimental",
        "development",
        "develop",
    ];
    let own = name_words(job.id.text);
    let is_branch = |word: &&String| BRANCHES.contains(&word.as_str()) || UNRELEASED.contains(&word.as_str());
    // A pre-release that is handed out is one all the same.
    if !own.iter().any(|word| is_branch(&word)) || scene.own_job_purpose(job).role == Role::Publish {
        return None;
    }
    let twin = scene.workflow()?.jobs.iter().find(|other| {
        let words = name_words(other.id.text);
        let less: Vec<&String> = own.iter().filter(|word| !words.contains(word)).collect();
        let same = !words.is_empty() && words.iter().all(|word| own.contains(word));
        let alike = || scene.own_job_purpose(other).role == scene.own_job_purpose(job).role;
        let never = || matches!(scene.signals.job_runs(other.id.text), Some(Runs::Never(_)));
        let strict = || Soft::of(other.continue_on_error, Some(other)) == Soft::No;
        let counts = strict() && !other.steps.is_empty() && !never() && alike();
        same && counts && (1..=2).contains(&less.len()) && less.iter().any(is_branch)
    })?;
    let note = format!("only against what is not released yet; job `{}` is strict", twin.id.text);
    Some((Reason::SomeRuns, note))
}

/// The images of a job's container and services.
fn images<'t>(tree: &'t crate::yaml::Tree<'_>, job: &Job<'_>) -> Vec<&'t str> {
    let services = tree.get(job.at.node, "services").map_or(&[][..], |services| tree.pairs(services));
    let container = tree.get(job.at.node, "container");
    let owners = services.iter().map(|(_, service)| *service).chain(container);
    owners.filter_map(|owner| tree.text(owner).or_else(|| tree.text(tree.get(owner, "image")?))).collect()
}

fn body(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")).unwrap_or(text).trim()
}

/// The expression with `env.X` replaced by the expression that sets it.
fn resolved(scene: &Scene<'_, '_>, job: Option<&Job<'_>>, step: Option<&Step<'_>>, body: &str) -> String {
    let Some(name) = word_behind(body, "env.").filter(|name| body.trim() == format!("env.{name}")) else {
        return body.to_owned();
    };
    let lists = [step.map(|step| &step.env), job.map(|job| &job.env), scene.workflow().map(|workflow| &workflow.env)];
    let set = lists.into_iter().flatten().flatten().find(|(key, _)| key.text == name);
    match set {
        Some((_, value)) => self::body(value.text).to_owned(),
        None => body.to_owned(),
    }
}

fn word_behind<'t>(text: &'t str, head: &str) -> Option<&'t str> {
    let rest = &text[text.find(head)? + head.len()..];
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')).unwrap_or(rest.len());
    Some(&rest[..end]).filter(|name| !name.is_empty())
}

/// What an expression of inputs is in a run that nobody starts by hand, in a workflow that other events start.
///
/// Source: contexts, `inputs`: it is there for `workflow_dispatch` and for a called workflow.
fn without_inputs(workflow: &Workflow<'_>, body: &str) -> Option<Truth> {
    let events = ["push", "pull_request", "pull_request_target", "merge_group", "schedule"];
    let started = !workflow.on("workflow_call") && events.iter().any(|event| workflow.on(event));
    let asks = started && body.contains("inputs.");
    asks.then(|| expression::parse(body).ok().map(|expr| eval(&expr, &NoInputs).truth()))?
}

/// A run that has no inputs, and of which nothing else is known.
struct NoInputs;

impl Scope for NoInputs {
    fn context(&self, path: &[&str]) -> Value {
        match path {
            ["inputs", _] | ["github", "event", "inputs", _] => Value::Null,
            _ => Value::Unknown,
        }
    }

    fn status(&self, _: Function) -> Truth {
        Truth::Unknown
    }
}

/// The input that decides alone, and whether it is turned round: `inputs.x`, `inputs.x == true`, `!fromJSON(inputs.x)`,
/// `github.event.inputs.x == 'true'`.
///
/// An input is a boolean or, in an action and in `github.event`, a text.
fn input(body: &str) -> Option<(&str, bool)> {
    let name = word_behind(body, "inputs.")?;
    let expr = expression::parse(body).ok()?;
    let decides = |text: bool| {
        let truth = |on: bool| eval(&expr, &Given { name, on, text }).truth();
        match (truth(true), truth(false)) {
            (Truth::True, Truth::False) => Some((name, false)),
            (Truth::False, Truth::True) => Some((name, true)),
            _ => None,
        }
    };
    decides(false).or_else(|| decides(true))
}

/// A run in which one input is known, and nothing else.
struct Given<'n> {
    name: &'n str,
    on: bool,
    text: bool,
}

impl Scope for Given<'_> {
    fn context(&self, path: &[&str]) -> Value {
        match path {
            ["inputs", name] | ["github", "event", "inputs", name] if *name == self.name => match self.text {
                true => Value::Text(self.on.to_string()),
                false => Value::Bool(self.on),
            },
            _ => Value::Unknown,
        }
    }

    fn status(&self, _: Function) -> Truth {
        Truth::Unknown
    }
}

/// In how many runs an input is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Share {
    Off,
    Some,
    On,
}

impl Share {
    fn turned(self, round: bool) -> Share {
        match self {
            Share::Off if round => Share::On,
            Share::On if round => Share::Off,
            share => share,
        }
    }
}

/// How deep inputs that are handed on are followed.
const MAX_DEPTH: usize = 4;

fn share(world: &World<'_>, file: &File<'_>, name: &str, depth: usize) -> Share {
    let default = match default(file, name).as_deref() {
        Some("true") => Share::On,
        _ => Share::Off,
    };
    let callers: Vec<Caller<'_, '_>> = match file {
        File::Workflow(workflow) => world.callers_of(workflow.file),
        File::Action(action) => world.users_of(action.file),
    };
    let given = |caller: &Caller<'_, '_>| {
        let with = caller.step.map(|(_, step)| &step.with).or(caller.job.map(|job| &job.with));
        let value = with.and_then(|with| with.iter().find(|(key, _)| key.text == name)).map(|(_, value)| value.text);
        match value {
            None => default,
            Some("true") => Share::On,
            Some(text) if !text.contains("${{") => Share::Off,
            Some(text) => match input(body(text)) {
                Some((outer, turned)) if depth < MAX_DEPTH => {
                    share(world, caller.file, outer, depth + 1).turned(turned)
                }
                _ => Share::Some,
            },
        }
    };
    let mut shares: Vec<Share> = callers.iter().map(given).collect();
    if shares.is_empty() {
        shares.push(default);
    }
    match (shares.iter().all(|share| *share == Share::On), shares.iter().all(|share| *share == Share::Off)) {
        (true, _) => Share::On,
        (_, true) => Share::Off,
        _ => Share::Some,
    }
}

fn default(file: &File<'_>, name: &str) -> Option<String> {
    let (tree, inputs) = match file {
        File::Action(action) => (action.tree, action.tree.get(0, "inputs")?),
        File::Workflow(workflow) => {
            let tree = workflow.tree;
            let on = tree.get(0, "on")?;
            let events = ["workflow_call", "workflow_dispatch"].into_iter().filter_map(|event| tree.get(on, event));
            let mut inputs = events.filter_map(|event| tree.get(event, "inputs"));
            (tree, inputs.find(|inputs| tree.get(*inputs, name).is_some())?)
        }
    };
    tree.text(tree.get(tree.get(inputs, name)?, "default")?).map(str::to_owned)
}

/// Whether the expression is false wherever a change is checked: on pull requests, else on pushes.
fn away_from_changes(scene: &Scene<'_, '_>, body: &str) -> bool {
    if !body.contains("github.") {
        return false;
    }
    let Ok(expr) = expression::parse(body) else { return false };
    let pushed = scene.workflow().is_some_and(|workflow| workflow.on("push") && !workflow.on("pull_request"));
    let event = if pushed { "push" } else { "pull_request" };
    eval(&expr, &On(event)).truth() == Truth::False
}

/// What is known in a run for an event.
struct On(&'static str);

impl Scope for On {
    fn context(&self, path: &[&str]) -> Value {
        let text = |text: &str| Value::Text(text.to_owned());
        match (path, self.0) {
            (["github", "event_name"], event) => text(event),
            (["github", "ref"], "pull_request") => text("refs/pull/1/merge"),
            (["github", "ref_type"], "pull_request") => text("branch"),
            // Nobody has put a label on it.
            (["github", "event", "pull_request", "labels", "*", "name"], _) => Value::List(Vec::new()),
            _ => Value::Unknown,
        }
    }

    fn status(&self, _: Function) -> Truth {
        Truth::Unknown
    }
}
