//! What GitHub documents of a run, said once more over the values of `spec`: a runner in two values.
//!
//! It shares nothing with the model: no parser, no expression, no three values.

use std::collections::BTreeMap;

use super::spec::{Expr, File, Job, Soft, Spec, Step, Work};
use super::write::{ACTION, path, step_name};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Result {
    Success,
    Failure,
    Skipped,
}

impl Result {
    fn word(self) -> &'static str {
        match self {
            Result::Success => "success",
            Result::Failure => "failure",
            Result::Skipped => "skipped",
        }
    }

    fn of(failed: bool) -> Result {
        if failed { Result::Failure } else { Result::Success }
    }
}

/// What is given: which bits fail, which variables are set.
#[derive(Debug, Clone, Copy)]
pub struct Given {
    pub bits: u32,
    pub frees: u32,
}

/// A job or a step in a run: the file whose run it is, the calling jobs on the way, its own file, job and step.
pub type Key = (usize, String, String, String, String);

/// What became of each, before `continue-on-error`, and of each run.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Truth {
    pub seen: BTreeMap<Key, Result>,
    pub runs: BTreeMap<usize, bool>,
}

impl Truth {
    /// What became of a job or a step; what is not reached at all is skipped.
    pub fn of(&self, key: &Key) -> Result {
        self.seen.get(key).copied().unwrap_or(Result::Skipped)
    }
}

/// Plays every run of a repository.
pub fn play(spec: &Spec, given: Given) -> Truth {
    let mut truth = Truth::default();
    for (root, file) in spec.files.iter().enumerate().filter(|(_, file)| !file.called) {
        let mut game = Game { spec, given, root, seen: &mut truth.seen };
        let failed = game.file(root, file, "");
        truth.runs.insert(root, failed);
    }
    truth
}

struct Game<'a> {
    spec: &'a Spec,
    given: Given,
    root: usize,
    seen: &'a mut BTreeMap<Key, Result>,
}

impl Game<'_> {
    fn file(&mut self, at: usize, file: &File, way: &str) -> bool {
        let mut results: BTreeMap<usize, Result> = BTreeMap::new();
        for job in &file.jobs {
            let result = self.job(at, file, job, &results, way);
            results.insert(job.id, result);
        }
        results.values().any(|result| *result == Result::Failure)
    }

    fn job(&mut self, at: usize, file: &File, job: &Job, results: &BTreeMap<usize, Result>, way: &str) -> Result {
        let name = format!("j{}", job.id);
        let key = (self.root, way.to_owned(), path(at), name.clone(), String::new());
        let above: Vec<Result> = ancestors(file, job).into_iter().map(|id| results[&id]).collect();
        let scope = Scope {
            given: self.given,
            failed: above.contains(&Result::Failure),
            all_well: above.iter().all(|result| *result == Result::Success),
            needs: job.needs.iter().map(|id| (*id, results[id])).collect(),
            steps: BTreeMap::new(),
        };
        if !scope.runs(job.condition.as_ref()) {
            self.seen.insert(key, Result::Skipped);
            return Result::Skipped;
        }
        let failed = match job.calls {
            Some(called) => self.file(called, &self.spec.files[called], &format!("{way}/{name}")),
            None => self.steps(&job.steps, (&path(at), &name), scope, way),
        };
        self.seen.insert(key, Result::of(failed));
        Result::of(failed && !self.soft(job.soft))
    }

    fn steps(&mut self, steps: &[Step], (file, job): (&str, &str), mut scope: Scope, way: &str) -> bool {
        // Inside a job, and inside an action, the status so far is its own.
        (scope.failed, scope.all_well) = (false, true);
        for step in steps {
            let prefix = if job.is_empty() { "a" } else { job };
            let name = step_name(prefix, step.id);
            let key = (self.root, way.to_owned(), file.to_owned(), job.to_owned(), name.clone());
            if !scope.runs(step.condition.as_ref()) {
                scope.steps.insert(step.id, (Result::Skipped, Result::Skipped));
                self.seen.insert(key, Result::Skipped);
                continue;
            }
            let failed = match step.work {
                Work::Bit(n) => self.given.bits >> n & 1 == 1,
                Work::Exit1 => true,
                Work::Action => {
                    let inner = Scope { steps: BTreeMap::new(), ..scope.clone() };
                    self.steps(&self.spec.action, (ACTION, ""), inner, &format!("{way}/{job}/{name}"))
                }
            };
            let counts = failed && !self.soft(step.soft);
            scope.steps.insert(step.id, (Result::of(failed), Result::of(counts)));
            self.seen.insert(key, Result::of(failed));
            scope.failed |= counts;
            scope.all_well &= !counts;
        }
        scope.failed
    }

    fn soft(&self, soft: Soft) -> bool {
        match soft {
            Soft::No => false,
            Soft::Yes => true,
            Soft::Free(n) => self.given.frees >> n & 1 == 1,
        }
    }
}

fn ancestors(file: &File, job: &Job) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    let mut open = job.needs.clone();
    while let Some(id) = open.pop() {
        if !found.contains(&id) {
            found.push(id);
            open.extend(file.jobs.iter().filter(|job| job.id == id).flat_map(|job| job.needs.clone()));
        }
    }
    found
}

/// What a condition sees.
#[derive(Clone)]
struct Scope {
    given: Given,
    failed: bool,
    all_well: bool,
    needs: BTreeMap<usize, Result>,
    steps: BTreeMap<usize, (Result, Result)>,
}

impl Scope {
    fn runs(&self, condition: Option<&Expr>) -> bool {
        match condition {
            None => self.all_well,
            Some(expr) if expr.has_status() => self.eval(expr),
            Some(expr) => self.all_well && self.eval(expr),
        }
    }

    fn eval(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Always | Expr::NotCancelled => true,
            Expr::Failure => self.failed,
            Expr::Success => self.all_well,
            Expr::False => false,
            Expr::Free(n) => self.given.frees >> n & 1 == 1,
            Expr::Step(n, property, eq, word) => {
                let (outcome, conclusion) = self.steps[n];
                let own = if *property == "outcome" { outcome } else { conclusion };
                (own.word() == *word) == *eq
            }
            Expr::Needs(n, eq, word) => (self.needs[n].word() == *word) == *eq,
            Expr::AnyNeed(word) => self.needs.values().any(|result| result.word() == *word),
            Expr::And(a, b) => self.eval(a) && self.eval(b),
            Expr::Or(a, b) => self.eval(a) || self.eval(b),
        }
    }
}
