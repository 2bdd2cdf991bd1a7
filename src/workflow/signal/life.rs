//! Which jobs and steps ever run.

use std::cell::OnceCell;

use github_actions_expressions::call::Function;

use super::domain::{InRun, Results, Site};
use crate::workflow::condition::{Own, Truth};
use crate::workflow::link::{Link, LinkKind};
use crate::workflow::reader::Text;
use crate::workflow::value::{Scope, Value};
use crate::workflow::view::{Job, Leg, Workflow};
use crate::yaml::Place;

/// When something runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runs {
    /// Whenever what it stands in and what it needs lets it.
    Always,
    /// If this condition holds, its text as written.
    If(String),
    /// Never; the first link is the nearest reason.
    Never(Vec<Link>),
}

/// When each job of a workflow runs.
#[derive(Default)]
pub(super) struct Life<'w, 't> {
    workflow: Option<&'w Workflow<'t>>,
    jobs: Vec<Runs>,
    /// When the steps of each job run, once asked.
    steps: Vec<Vec<OnceCell<Runs>>>,
}

impl<'w, 't> Life<'w, 't> {
    /// Judges the jobs, those first that others need.
    pub fn of(workflow: &'w Workflow<'t>) -> Life<'w, 't> {
        let steps = workflow.jobs.iter().map(|job| vec![OnceCell::new(); job.steps.len()]).collect();
        let mut life = Life { workflow: Some(workflow), jobs: Vec::new(), steps };
        let mut dead: Vec<(usize, Vec<Link>)> = Vec::new();
        loop {
            let is_dead = |index: usize| dead.iter().any(|(known, _)| *known == index);
            let more = workflow.jobs.iter().enumerate().filter(|(index, _)| !is_dead(*index));
            let more = more.into_iter().find_map(|(index, job)| Some((index, why_never(workflow, job, &dead)?)));
            match more {
                Some(found) => dead.push(found),
                None => break,
            }
        }
        life.jobs = workflow.jobs.iter().map(|job| when(job.condition, &job.asks)).collect();
        for (index, links) in dead {
            life.jobs[index] = Runs::Never(links);
        }
        life
    }

    pub fn job(&self, index: usize) -> &Runs {
        self.jobs.get(index).unwrap_or(&Runs::Always)
    }

    pub fn step(&self, job: usize, step: usize) -> Runs {
        match self.workflow {
            Some(workflow) => self.steps[job][step].get_or_init(|| self.runs(workflow, job, step)).clone(),
            None => Runs::Always,
        }
    }

    fn runs(&self, workflow: &Workflow<'_>, job: usize, step: usize) -> Runs {
        let parent = &workflow.jobs[job];
        if let Runs::Never(links) = self.job(job) {
            let place = workflow.place(parent.id.at);
            let link = Link { kind: LinkKind::JobNeverRuns, place, what: parent.id.text.to_owned() };
            return Runs::Never([vec![link], links.clone()].concat());
        }
        let Some(condition) = parent.steps[step].condition else { return Runs::Always };
        let site = Site { workflow, job: parent, step: Some(step) };
        match never(site, condition.text) {
            true => Runs::Never(vec![condition_link(workflow.file, Some(condition))]),
            false => when(Some(condition), site.asks()),
        }
    }
}

pub(super) fn when(condition: Option<Text<'_>>, asks: &Own<'_>) -> Runs {
    match condition {
        Some(text) if asks.constant() != Truth::True => Runs::If(text.text.to_owned()),
        _ => Runs::Always,
    }
}

/// Why a job never runs: its condition, or a need that never runs.
///
/// Source: workflow syntax, `jobs.<job_id>.needs`: if a job fails or is skipped, all jobs that need it are skipped
/// unless a conditional expression makes them continue, along the whole chain.
fn why_never(workflow: &Workflow<'_>, job: &Job<'_>, dead: &[(usize, Vec<Link>)]) -> Option<Vec<Link>> {
    let text = job.condition.map_or("", |text| text.text);
    if never(Site { workflow, job, step: None }, text) {
        return Some(vec![condition_link(workflow.file, job.condition)]);
    }
    if job.matrix.as_ref().is_some_and(|matrix| matrix.is_empty()) {
        let at = job.matrix.as_ref().map(|matrix| matrix.at).unwrap_or_default();
        return Some(vec![Link { kind: LinkKind::NoLegs, place: workflow.place(at), what: String::new() }]);
    }
    let dead_need = |name: &str| {
        let is_it = |index: usize| workflow.jobs[index].id.text.eq_ignore_ascii_case(name);
        dead.iter().find(|(index, _)| is_it(*index)).map(|(_, links)| links)
    };
    let dead_needs: Vec<_> = job.needs.iter().filter_map(|need| Some((*need, dead_need(need.text)?))).collect();
    let (need, links) = dead_needs.first()?;
    let gone: Vec<&str> = dead_needs.iter().map(|(need, _)| need.text).collect();
    if job.asks.judge(&Skipped(&gone)) != Truth::False {
        return None;
    }
    let place = workflow.place(need.at);
    let link = Link { kind: LinkKind::NeedNeverRuns, place, what: need.text.to_owned() };
    Some([&[link][..], links].concat())
}

/// Whether a condition of a job or its steps is false in every run, for every event and every leg of the matrix it sees.
fn never(site: Site<'_, '_>, text: &str) -> bool {
    let Site { workflow, job, step } = site;
    let asks = site.asks();
    if matches!(asks, Own::Empty | Own::Broken | Own::Mixed(_)) {
        return false;
    }
    let asked = step.is_some() && text.contains("matrix");
    let legs = job.matrix.as_ref().filter(|_| asked).and_then(|matrix| matrix.legs());
    let legs: Vec<Option<&Leg<'_>>> = match &legs {
        Some(legs) if !legs.is_empty() => legs.iter().map(Some).collect(),
        _ => vec![None],
    };
    let called = workflow.on("workflow_call");
    let events: Vec<Option<&str>> = match text.contains("event_name") && !called {
        true => workflow.triggers.iter().map(|trigger| Some(trigger.event.text)).collect(),
        false => vec![None],
    };
    let results = Results::Open;
    let false_in = |leg, event| asks.truth(&InRun { leg, event, site: Some(site), results }) == Truth::False;
    !events.is_empty() && events.iter().all(|event| legs.iter().all(|leg| false_in(*leg, *event)))
}

/// Whether the condition of an action's step is false in every run.
pub(super) fn is_false(asks: &Own<'_>, leg: Option<&Leg<'_>>) -> bool {
    asks.truth(&InRun { leg, event: None, site: None, results: Results::Open }) == Truth::False
}

/// The link that says that a condition is false.
pub fn condition_link(file: &str, condition: Option<Text<'_>>) -> Link {
    let (at, text) = condition.map_or((Default::default(), ""), |text| (text.at, text.text));
    let place = Place { file: file.to_owned(), line: at.line, column: at.column };
    Link { kind: LinkKind::ConditionFalse, place, what: text.trim().to_owned() }
}

/// What is known where these needs are always skipped.
struct Skipped<'a>(&'a [&'a str]);

impl Scope for Skipped<'_> {
    fn context(&self, path: &[&str]) -> Value {
        match path {
            [head, member, property]
                if head.eq_ignore_ascii_case("needs")
                    && property.eq_ignore_ascii_case("result")
                    && self.0.iter().any(|gone| gone.eq_ignore_ascii_case(member)) =>
            {
                Value::Text("skipped".to_owned())
            }
            _ => Value::Unknown,
        }
    }

    fn status(&self, function: Function) -> Truth {
        match function {
            Function::Success => Truth::False,
            _ => Truth::Unknown,
        }
    }
}
