//! The targets of a file: what the sweep asks to have removed, one at a time.

use crate::condition;
use crate::events::{Doc, Kind as NodeKind, Node};
use yaml_rust2::scanner::TScalarStyle;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `jobs.<id>.continue-on-error: true`
    JobKey,
    /// `continue-on-error: true` of a step of a job, or nested under its `parallel:`
    StepKey,
    /// `continue-on-error: true` of a step of a composite action
    ActionStepKey,
    /// a job whose `if` is constant false
    DisabledJob,
    /// any other job, if all are asked for
    AnyJob,
    /// an `if:` of the simple shape `false && X`
    Condition,
}

impl Kind {
    pub const ALL: [Kind; 6] =
        [Kind::JobKey, Kind::StepKey, Kind::ActionStepKey, Kind::DisabledJob, Kind::AnyJob, Kind::Condition];

    pub fn label(self) -> &'static str {
        match self {
            Kind::JobKey => "remove-key, job",
            Kind::StepKey => "remove-key, step",
            Kind::ActionStepKey => "remove-key, composite action step",
            Kind::DisabledJob => "remove-jobs, disabled job",
            Kind::AnyJob => "remove-jobs, any other job",
            Kind::Condition => "edit-condition, `false && X`",
        }
    }
}

/// What the tool under test is told.
#[derive(Debug, Clone)]
pub struct Target {
    pub kind: Kind,
    /// The path to the pair (for a job: to the job), as in `$.jobs['x'].steps[3]['continue-on-error']`.
    pub at: String,
    /// The job's ID; empty for an action.
    pub job: String,
}

/// A target with the way to it: each container from the root down, and which child of it comes next.
pub struct Found<'a> {
    pub target: Target,
    pub trail: Vec<(&'a Node, usize)>,
}

/// Every target of the file, in a fixed order; with `all_jobs`, every job is one.
pub fn targets(doc: &Doc, all_jobs: bool) -> Vec<Found<'_>> {
    let mut finder = Finder { doc, all_jobs, found: Vec::new() };
    if let Some(root) = &doc.root {
        finder.file(root);
    }
    finder.found
}

/// `'name'` with RFC 9535's escapes for a normalized path.
pub fn quote(name: &str) -> String {
    let mut out = String::from("'");
    for c in name.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

struct Finder<'a> {
    doc: &'a Doc,
    all_jobs: bool,
    found: Vec<Found<'a>>,
}

type Trail<'a> = Vec<(&'a Node, usize)>;

impl<'a> Finder<'a> {
    fn file(&mut self, root: &'a Node) {
        for (i, pair) in self.doc.pairs(root).iter().enumerate() {
            let trail = vec![(root, i)];
            match self.doc.text(&pair.key) {
                Some("jobs") => self.jobs(&pair.value, &trail),
                Some("runs") => {
                    let steps = self.child(&pair.value, "steps");
                    if let Some((j, steps)) = steps {
                        let trail = extend(&trail, &pair.value, j);
                        self.steps(steps, &trail, "$.runs.steps", "", Kind::ActionStepKey);
                    }
                }
                _ => {}
            }
        }
    }

    fn child(&self, node: &'a Node, key: &str) -> Option<(usize, &'a Node)> {
        let mut pairs = self.doc.pairs(node).iter().enumerate();
        pairs.find(|(_, p)| self.doc.text(&p.key) == Some(key)).map(|(i, p)| (i, &p.value))
    }

    fn jobs(&mut self, jobs: &'a Node, trail: &Trail<'a>) {
        for (i, pair) in self.doc.pairs(jobs).iter().enumerate() {
            let Some(id) = self.doc.text(&pair.key) else {
                continue;
            };
            let at = format!("$.jobs[{}]", quote(id));
            let trail = extend(trail, jobs, i);
            let job = &pair.value;
            let condition = self.child(job, "if");
            if condition.is_some_and(|(_, value)| self.is_disabled(value)) {
                self.push(Kind::DisabledJob, at.clone(), id, trail.clone());
            } else if self.all_jobs {
                self.push(Kind::AnyJob, at.clone(), id, trail.clone());
            }
            self.keys(job, &trail, &at, id, Kind::JobKey);
            if let Some((j, steps)) = self.child(job, "steps") {
                let trail = extend(&trail, job, j);
                self.steps(steps, &trail, &format!("{at}.steps"), id, Kind::StepKey);
            }
        }
    }

    fn steps(&mut self, steps: &'a Node, trail: &Trail<'a>, at: &str, job: &str, kind: Kind) {
        let NodeKind::Seq(items) = &steps.kind else {
            return;
        };
        for (i, step) in items.iter().enumerate() {
            let at = format!("{at}[{i}]");
            let trail = extend(trail, steps, i);
            self.keys(step, &trail, &at, job, kind);
            if let Some((j, nested)) = self.child(step, "parallel") {
                let trail = extend(&trail, step, j);
                self.steps(nested, &trail, &format!("{at}.parallel"), job, kind);
            }
        }
    }

    /// The `continue-on-error` and `if` pairs of one job or step.
    fn keys(&mut self, owner: &'a Node, trail: &Trail<'a>, at: &str, job: &str, kind: Kind) {
        for (i, pair) in self.doc.pairs(owner).iter().enumerate() {
            let trail = extend(trail, owner, i);
            match self.doc.text(&pair.key) {
                Some("continue-on-error") if self.is_true(&pair.value) => {
                    self.push(kind, format!("{at}['continue-on-error']"), job, trail);
                }
                Some("if") => {
                    let text = self.doc.text(&pair.value).unwrap_or_default();
                    if condition::simple_false_and(text).is_some() {
                        self.push(Kind::Condition, format!("{at}['if']"), job, trail);
                    }
                }
                _ => {}
            }
        }
    }

    fn push(&mut self, kind: Kind, at: String, job: &str, trail: Trail<'a>) {
        self.found.push(Found { target: Target { kind, at, job: job.to_owned() }, trail });
    }

    fn is_true(&self, value: &Node) -> bool {
        match self.doc.scalar(value) {
            Some((text, TScalarStyle::Plain)) => matches!(text, "true" | "True" | "TRUE"),
            Some((text, _)) => text == "true",
            None => false,
        }
    }

    fn is_disabled(&self, value: &Node) -> bool {
        match self.doc.scalar(value) {
            Some(("False" | "FALSE", TScalarStyle::Plain)) => true,
            Some((text, _)) => condition::is_constant_false(text),
            None => false,
        }
    }
}

fn extend<'a>(trail: &Trail<'a>, node: &'a Node, child: usize) -> Trail<'a> {
    let mut trail = trail.clone();
    trail.push((node, child));
    trail
}
