//! Jobs and steps that never run: `if: false`, `false && X`, a need that never runs.

use memchr::memmem;

use super::finding::{Finding, Reason};
use super::fix::{Fix, query};
use super::judge::{Case, IN_GENERATED, Level, severity, verdict};
use super::role::{self, Purpose, Role};
use super::scene::Scene;
use super::slip::Slip;
use super::spot::Spot;
use super::{Detector, again, misnamed};
use crate::workflow::condition::{Own, Truth};
use crate::workflow::link::{Link, LinkKind};
use crate::workflow::reader::Text;
use crate::workflow::script::{only_prints, only_prints_or_fails};
use crate::workflow::signal::{Runs, condition_link};
use crate::workflow::view::{Job, Step, Workflow};
use crate::yaml::Style;

pub(super) const DETECTOR: Detector = Detector {
    name: "never-runs",
    category: "conditional-skip",
    about: "a job or a step whose condition is false in every run, or that needs such a job",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    for job in scene.workflow().map_or(&[][..], |workflow| &workflow.jobs) {
        let never = match scene.signals.job_runs(job.id.text) {
            Some(Runs::Never(links)) => Some(links),
            _ => slips(scene, job, None, job.condition),
        };
        out.extend(never.map(|links| dead_job(scene, job, links)));
    }
    for spot in scene.spots() {
        if let Some(links) = never(scene, spot) {
            out.extend(dead_step(scene, spot, links));
        }
    }
}

/// Why a step never runs by its own condition.
fn never<'w, 't>(scene: &Scene<'w, 't>, spot: Spot<'w, 't>) -> Option<Vec<Link>> {
    let runs = match spot.job {
        Some(job) => scene.signals.step_runs(job.id.text, spot.index),
        None => scene.signals.action_step(spot.index).map(|signal| match signal {
            crate::workflow::signal::Signal::NeverRuns(links) => Runs::Never(links),
            _ => Runs::Always,
        }),
    };
    match runs {
        Some(Runs::Never(links)) => {
            links.first().is_some_and(|link| link.kind == LinkKind::ConditionFalse).then_some(links)
        }
        _ => slips(scene, spot.job?, Some(spot.index), spot.step.condition),
    }
}

/// The link to a condition that is false in every run by the type or the place of what it reads.
fn slips(scene: &Scene<'_, '_>, job: &Job<'_>, step: Option<usize>, condition: Option<Text<'_>>) -> Option<Vec<Link>> {
    why_false(scene, job, step).map(|_| vec![condition_link(scene.file(), condition)])
}

fn why_false<'s>(scene: &'s Scene<'_, '_>, job: &Job<'_>, step: Option<usize>) -> Option<&'s String> {
    match scene.slip(job, step)? {
        Slip::Never(why) => Some(why),
        Slip::Always(_) | Slip::Idle { .. } => None,
    }
}

/// How many steps a group that is switched off together has at most.
const MOST_TOGETHER: usize = 20;

/// The lines of the steps directly before one that never run either, the nearest first.
fn group<'w, 't>(scene: &Scene<'w, 't>, spot: Spot<'w, 't>) -> Vec<usize> {
    let before = (0..spot.index).rev().take(MOST_TOGETHER);
    let spots = before.map(|index| Spot { index, step: &spot.steps[index], ..spot });
    spots.take_while(|spot| never(scene, *spot).is_some()).map(|spot| spot.step.at.line).collect()
}

fn dead_job<'w, 't>(scene: &Scene<'w, 't>, job: &'w Job<'t>, links: Vec<Link>) -> Finding {
    let subject = format!("job `{}`", job.id.text);
    let own = links.first().is_some_and(|link| link.kind == LinkKind::ConditionFalse);
    let (message, at) = match (own, job.condition) {
        (true, Some(condition)) => (format!("{subject} never runs: its condition is always false"), condition.at),
        _ => (format!("{subject} never runs: {}", reason(&links)), job.id.at),
    };
    let mut finding = scene.finding(&DETECTOR, scene.place(at), subject, message);
    let purpose = scene.job_purpose(job);
    let root = links.last().map(|link| link.place.line);
    let head = scene.workflow().filter(|workflow| all_dead(scene, workflow)).and_then(|_| head(scene));
    let key = job.condition.and_then(|condition| key_line(scene, condition));
    let places: Vec<usize> = [Some(at.line), key, Some(job.id.at.line), root, head].into_iter().flatten().collect();
    let checks = purpose.role == Role::Verify;
    complete(scene, &mut finding, purpose, places, Level::Job);
    let why = why_false(scene, job, None).filter(|_| own);
    let waits = own && waits(&job.asks, why);
    if let Some(why) = why {
        finding.message = format!("{}: {why}", finding.message);
    }
    if waits && !checks {
        pass(&mut finding, NOT_NOW);
    }
    if waits && scene.generated && finding.needs_action() {
        finding.pass(Reason::Generated, IN_GENERATED.to_owned());
    }
    // A job that only fails, and never runs, lends its name to a list of required checks.
    let stub = |step: &Step<'_>| step.run.is_some_and(|run| only_prints_or_fails(run.text));
    let fails = |step: &Step<'_>| step.run.is_some_and(|run| !only_prints(run.text));
    if job.steps.iter().all(stub) && job.steps.iter().any(fails) {
        pass(&mut finding, "it would do nothing but fail: it lends its name to a check");
    }
    finding.chain = links;
    finding.fix = job.condition.filter(|_| own).and_then(|condition| match only_false(condition.text) {
        true => Some(Fix::RemoveJob(job.id.text.to_owned())),
        false => drop_false(scene, condition),
    });
    finding
}

fn all_dead(scene: &Scene<'_, '_>, workflow: &Workflow<'_>) -> bool {
    workflow.jobs.iter().all(|job| matches!(scene.signals.job_runs(job.id.text), Some(Runs::Never(_))))
}

/// The line of the first key of the file, if what stands above it says that the whole is out of use.
fn head(scene: &Scene<'_, '_>) -> Option<usize> {
    const OUT: &[&str] = &[
        "disabled",
        "unused",
        "not used",
        "no longer",
        "deprecated",
        "kept ",
        "switched off",
        "never runs",
        "dependabot",
        "renovate",
    ];
    let &(key, _) = scene.tree().pairs(0).first()?;
    let line = scene.tree().nodes[key].line;
    let says = super::comment::above(scene.lines(), line - 1).join(" ").to_lowercase();
    OUT.iter().any(|word| says.contains(word)).then_some(line)
}

fn reason(links: &[Link]) -> String {
    match links.first() {
        Some(link) if link.kind == LinkKind::NeedNeverRuns => format!("it needs job `{}`", link.what),
        Some(link) => link.kind.words().to_owned(),
        None => "nothing starts it".to_owned(),
    }
}

/// What is said of the first of a group is said of all.
fn dead_step<'w, 't>(scene: &Scene<'w, 't>, spot: Spot<'w, 't>, links: Vec<Link>) -> Option<Finding> {
    let condition = spot.step.condition?;
    let message = format!("{} never runs: its condition is always false", spot.called());
    let mut finding = scene.finding(&DETECTOR, scene.place(condition.at), spot.called(), message);
    let purpose = scene.purpose(spot);
    let measures = purpose.role == Role::Telemetry;
    let own = [condition.at.line].into_iter().chain(key_line(scene, condition)).chain([spot.step.at.line]);
    let places = own.chain(group(scene, spot)).collect();
    complete(scene, &mut finding, purpose, places, Level::Step);
    let checks = !measures && scene.itself(spot.step).is_some_and(|purpose| purpose.role == Role::Verify);
    let slip = spot.job.and_then(|job| misnamed::slip(job, condition.text));
    let why = spot.job.and_then(|job| why_false(scene, job, Some(spot.index)));
    if let Some(why) = slip.as_ref().or(why) {
        finding.message = format!("{}: {why}", finding.message);
    }
    // Of a step of an action no more is known than its constants.
    let waits = spot.job.is_some() && waits(&spot.step.asks, why) && slip.is_none();
    if waits && !checks {
        pass(&mut finding, NOT_NOW);
    }
    if waits && scene.generated && finding.needs_action() {
        finding.pass(Reason::Generated, IN_GENERATED.to_owned());
    }
    if waits && again::step(spot).is_some() {
        pass(&mut finding, "no leg asks for it now, and another step runs the same");
    }
    if waits
        && finding.needs_action()
        && let Some(note) = made_elsewhere(scene, spot)
    {
        pass(&mut finding, &note);
    }
    // Such a step stands there because a job needs one.
    if spot.step.run.is_some_and(|run| only_prints(run.text) && !run.text.contains('>')) {
        pass(&mut finding, "it would do nothing: a job needs a step");
    }
    finding.chain = links;
    finding.fix = drop_false(scene, condition).filter(|_| !only_false(condition.text));
    Some(finding)
}

/// The line of the key of a condition that is written as a block below it.
fn key_line(scene: &Scene<'_, '_>, condition: Text<'_>) -> Option<usize> {
    let above = condition.at.line.saturating_sub(1);
    let is_key = scene.lines().get(above.checked_sub(1)?).is_some_and(|text| text.trim() == "if:");
    (is_key || matches!(condition.style, Style::Literal | Style::Folded)).then_some(above)
}

/// Whether a condition is false only by what the matrix and the triggers are now: that is data, and what waits for a leg or
/// an event that comes and goes was not switched off.
fn waits(asks: &Own<'_>, why_false: Option<&String>) -> bool {
    why_false.is_none() && asks.constant() != Truth::False
}

/// Whether what waits for a leg or an event is done elsewhere: by a step of the same name on other occasions, by another job,
/// or by another workflow.
fn made_elsewhere<'w, 't>(scene: &Scene<'w, 't>, spot: Spot<'w, 't>) -> Option<String> {
    let name = spot.step.name.map_or("", |name| name.text);
    let variant = |other: &&Step<'_>| {
        let named =
            !name.is_empty() && other.name.is_some_and(|own| own.text == name) && other.at.node != spot.step.at.node;
        let says_nothing = other.run.is_some_and(|run| only_prints(run.text)) || role::only_after_failure(other);
        named && !says_nothing && other.condition.is_some_and(|text| text.text.trim() != "false")
    };
    let alive = |index: usize| never(scene, Spot { index, step: &spot.steps[index], ..spot }).is_none();
    let twin = spot.steps.iter().enumerate().find(|(index, step)| variant(step) && alive(*index));
    if let Some((_, twin)) = twin {
        return Some(format!("the step on line {} does the same on other occasions", twin.at.line));
    }
    // The template of GitHub's code scanning has a step for builds by hand.
    if spot.step.condition.is_some_and(|text| text.text.contains("matrix.build-mode == 'manual'")) {
        return Some("it waits for a language that is built by hand".to_owned());
    }
    if let Some(other) = spot
        .steps
        .iter()
        .enumerate()
        .find(|(index, step)| *index != spot.index && alive(*index) && is_other_way(spot.step, step))
    {
        return Some(format!("the step on line {} checks where this one does not", other.1.at.line));
    }
    let jobs = &scene.workflow()?.jobs;
    if let Some(job) = jobs.iter().find(|job| uses_same(scene, spot, job)) {
        return Some(format!("job `{}` uses the same", job.id.text));
    }
    let own_file = scene.workflow()?.file;
    if name.len() > 14
        && scene.repository.any_other(
            own_file,
            Some(name),
            |text| memmem::find(text, name.as_bytes()).is_some(),
            |other| has_step(other, name),
        )
    {
        return Some("a step of the same name stands in another workflow".to_owned());
    }
    let check = role::commands_of(spot.step.run?.text)
        .filter(|line| line.len() > 11 && role::role_of_command(line) == Some(Role::Verify))
        .max_by_key(|line| line.len())?;
    let workflow = scene.workflow()?;
    let own = spot.job?.id.text;
    let counts = |step: &Step<'_>| {
        step.run.is_some_and(|run| run.text.contains(&*check))
            && scene.counting(step).iter().any(|line| line.starts_with(&*check))
    };
    let alive = |job: &Job<'_>| !matches!(scene.signals.job_runs(job.id.text), Some(Runs::Never(_)));
    let other_job = workflow.jobs.iter().find(|job| job.id.text != own && alive(job) && job.steps.iter().any(counts));
    if let Some(job) = other_job {
        return Some(format!("job `{}` runs the same", job.id.text));
    }
    if name.is_empty() {
        return None;
    }
    let runs = |step: &Step<'_>| step.run.is_some_and(|run| run.text.contains(&*check));
    let in_workflow = |other: &Workflow<'_>| {
        other
            .jobs
            .iter()
            .flat_map(|job| &job.steps)
            .any(|step| runs(step) && step.name.is_some_and(|own| own.text == name))
    };
    let likely = |text: &[u8]| [&*check, name].iter().all(|words| memmem::find(text, words.as_bytes()).is_some());
    scene
        .repository
        .any_other(workflow.file, Some(name), likely, in_workflow)
        .then(|| "another workflow runs the same".to_owned())
}

/// Whether a strict step of another job uses the same action.
fn uses_same(scene: &Scene<'_, '_>, spot: Spot<'_, '_>, job: &Job<'_>) -> bool {
    let own = spot.step.uses.map(|uses| uses.text);
    let same =
        |step: &Step<'_>| step.continue_on_error.is_none() && own.is_some() && step.uses.map(|uses| uses.text) == own;
    let other = spot.job.is_some_and(|own| own.id.text != job.id.text);
    other && job.steps.iter().any(same) && !matches!(scene.signals.job_runs(job.id.text), Some(Runs::Never(_)))
}

/// Whether a workflow has a strict step of this name that is not switched off.
fn has_step(workflow: &Workflow<'_>, name: &str) -> bool {
    let named = |step: &Step<'_>| {
        let off = step.condition.is_some_and(|text| only_false(text.text));
        !off && step.continue_on_error.is_none() && step.name.is_some_and(|own| own.text == name)
    };
    workflow.jobs.iter().flat_map(|job| &job.steps).any(named)
}

/// Whether a step that checks asks for what another excludes, as the only thing in which their conditions differ:
/// `matrix.slow != 'yes'` beside `matrix.slow == 'yes'`.
fn is_other_way(own: &Step<'_>, other: &Step<'_>) -> bool {
    let checks = |step: &Step<'_>| role::of_step_words(step).is_some_and(|purpose| purpose.role == Role::Verify);
    let terms = |step: &Step<'_>| -> Vec<String> {
        let text = step.condition.map_or(String::new(), |text| text.text.replace(char::is_whitespace, ""));
        text.trim_start_matches("${{").trim_end_matches("}}").split("&&").map(str::to_owned).collect()
    };
    let (mine, theirs) = (terms(own), terms(other));
    let differing: Vec<(&String, &String)> = mine.iter().zip(&theirs).filter(|(a, b)| a != b).collect();
    let negated = |a: &str, b: &str| a.replace("==", "!=") == b || b.strip_prefix('!') == Some(a);
    mine.len() == theirs.len()
        && matches!(&differing[..], [(a, b)] if a != b && (negated(a, b) || negated(b, a)))
        && checks(own)
        && checks(other)
}

/// Why what waits for a leg or an event may stay.
const NOT_NOW: &str = "no leg and no trigger asks for it now, and it checks nothing";

/// What only waits, and checks nothing: a publication that is kept off some events is kept off on purpose.
fn pass(finding: &mut Finding, note: &str) {
    if finding.needs_action() {
        finding.pass(Reason::Purpose, note.to_owned());
    }
}

fn complete(scene: &Scene<'_, '_>, finding: &mut Finding, purpose: Purpose, places: Vec<usize>, level: Level) {
    finding.verdict = verdict(scene, Case::switched_off(DETECTOR.name, &purpose, places));
    finding.severity = severity(scene, level, purpose.role, &finding.verdict);
    finding.purpose = purpose;
}

/// `false`, with or without `${{ }}`.
fn only_false(condition: &str) -> bool {
    let body = condition.trim();
    let body = body.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")).unwrap_or(body);
    matches!(body.trim(), "false" | "!true" | "!always()")
}

/// `false && X`: what stands behind is the condition that was meant.
fn drop_false(scene: &Scene<'_, '_>, condition: Text<'_>) -> Option<Fix> {
    let text = condition.text;
    let body = text.trim().trim_start_matches("${{").trim_end_matches("}}");
    let alone = body.split("&&").any(|part| part.trim_matches([' ', '(', ')', '\n']) == "false");
    let chained = alone && text.contains("&&") && !text.contains("||");
    chained.then(|| query(scene.tree(), condition.at).map(Fix::DropFalse)).flatten()
}
