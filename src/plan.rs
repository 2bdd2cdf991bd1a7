//! Planning: risks and a snapshot in, proven changes out. Pure; nothing is read or written here.
//!
//! Risks are planned in the order given, each on what the ones before it leave. Risks that share no file are planned
//! side by side; those that do share one must give the same whichever comes first.

mod effects;
mod hold;
mod order;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::change::{FileChange, Snapshot};
use crate::claim::Claim;
use crate::effect::Effect;
use crate::nearest::nearest;
use crate::proof::{self, Proof};
use crate::rewrite::{Context, Outcome, Rewrite, Work};
use crate::rule::{Disposition, Risk, glob, is_glob};
use crate::workflow::naming::describe;
use crate::yaml::{Document, Fault, FaultKind, apply};
use effects::{Around, Changed};
use hold::{apart, overlap, prove};

pub use effects::wanted_around;

/// What became of a risk.
#[derive(Debug)]
pub enum Status {
    /// There is work, planned and proven.
    Pending(Vec<FilePlan>),
    /// Nothing is left to do, and why.
    Done(Vec<String>),
    /// The register accepts it.
    Accepted(String),
    /// What the rule names is not there.
    Missing(Fault),
    /// Not safe, or the file or the rule is unfit.
    Refused(Fault),
}

/// A risk with its plan.
#[derive(Debug)]
pub struct Planned<'a> {
    /// The risk.
    pub risk: &'a Risk,
    /// What became of it.
    pub status: Status,
    /// What its change means for the runs, if there is one and it was asked for.
    pub effect: Option<Effect>,
}

impl Planned<'_> {
    /// The planned files; none unless pending.
    pub fn files(&self) -> &[FilePlan] {
        match &self.status {
            Status::Pending(files) => files,
            _ => &[],
        }
    }

    /// Why the risk could not be planned.
    pub fn fault(&self) -> Option<&Fault> {
        match &self.status {
            Status::Missing(fault) | Status::Refused(fault) => Some(fault),
            _ => None,
        }
    }
}

/// The change of one file, with its claims and their proof.
#[derive(Debug)]
pub struct FilePlan {
    /// Before and after.
    pub change: FileChange,
    /// What the rewrites claim, each with what people call its place.
    pub claims: Vec<(Claim, String)>,
    /// The proof of the claims; none for a deleted file, where there is nothing to compare.
    pub proof: Option<Proof>,
    /// What a reviewer should know besides.
    pub remarks: Vec<String>,
}

/// Plans risks against a snapshot that holds the files they name ([`wanted`]), and those that may call them
/// ([`wanted_around`]).
pub fn plan<'a>(risks: &[&'a Risk], snapshot: &Snapshot, date: &str) -> Vec<Planned<'a>> {
    plan_all(risks, snapshot, date, Some(&Around::of(snapshot)))
}

/// Plans without the signal proof: for a measure of what it costs.
pub fn plan_without_effect<'a>(risks: &[&'a Risk], snapshot: &Snapshot, date: &str) -> Vec<Planned<'a>> {
    plan_all(risks, snapshot, date, None)
}

fn plan_all<'a>(risks: &[&'a Risk], snapshot: &Snapshot, date: &str, around: Option<&Around<'_>>) -> Vec<Planned<'a>> {
    let mut groups = independent(risks, snapshot, around);
    // The largest first: nobody waits for it at the end.
    groups.sort_by_key(|group| std::cmp::Reverse(weight(group, risks, snapshot)));
    let mut done: Vec<(usize, Planned<'a>)> = Vec::with_capacity(risks.len());
    let next = AtomicUsize::new(0);
    let work = || {
        let own = std::iter::from_fn(|| groups.get(next.fetch_add(1, Ordering::Relaxed)));
        own.flat_map(|group| plan_group(group, risks, (snapshot, around), date)).collect::<Vec<_>>()
    };
    let helpers = std::thread::available_parallelism().map_or(1, usize::from).min(groups.len()).saturating_sub(1);
    std::thread::scope(|scope| {
        let helper = || std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        // Where no thread can be had, the others do its work.
        let handles: Vec<_> = (0..helpers).filter_map(|_| helper().ok()).collect();
        done.extend(work());
        for handle in handles {
            match handle.join() {
                Ok(planned) => done.extend(planned),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, planned)| planned).collect()
}

/// The paths and globs that must be read to plan these risks.
pub fn wanted(risks: &[&Risk]) -> Vec<String> {
    let mut wanted: Vec<String> =
        risks.iter().filter(|risk| !risk.rewrites().is_empty()).flat_map(|risk| risk.workflows.clone()).collect();
    if risks.iter().any(|risk| risk.rewrites().iter().any(|rewrite| rewrite.reads_all_workflows())) {
        wanted.extend([".github/workflows/*.yml".to_owned(), ".github/workflows/*.yaml".to_owned()]);
    }
    wanted.sort();
    wanted.dedup();
    wanted
}

/// Groups risks (by position) that share a file, or of which one touches a caller of the other, each group in order.
fn independent(risks: &[&Risk], snapshot: &Snapshot, around: Option<&Around<'_>>) -> Vec<Vec<usize>> {
    if risks.iter().any(|risk| risk.rewrites().iter().any(|rewrite| rewrite.reads_all_workflows())) {
        return vec![(0..risks.len()).collect()];
    }
    let mut groups: Vec<(Vec<usize>, Vec<String>)> = Vec::new();
    for (index, risk) in risks.iter().enumerate() {
        let mut paths = paths(risk, snapshot);
        let own: Vec<&str> = paths.iter().map(String::as_str).collect();
        let callers = around.map(|around| around.callers_of(&own)).unwrap_or_default();
        paths.extend(callers.into_iter().map(str::to_owned));
        let (touching, mut others): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|(_, own)| own.iter().any(|path| paths.contains(path)));
        let mut joined = (vec![index], paths);
        for (members, own) in touching {
            joined.0.extend(members);
            joined.1.extend(own);
        }
        joined.0.sort_unstable();
        others.push(joined);
        groups = others;
    }
    groups.into_iter().map(|(members, _)| members).collect()
}

/// The stack of a helper thread: as large as a main thread's usually is, since expressions and values nest.
const STACK: usize = 8 << 20;

/// The bytes a group of risks reads.
fn weight(group: &[usize], risks: &[&Risk], snapshot: &Snapshot) -> usize {
    let paths = group.iter().flat_map(|&index| paths(risks[index], snapshot));
    paths.filter_map(|path| snapshot.files.get(&path)).map(Vec::len).sum()
}

/// Whether the snapshot has, or failed to read, a file that one of these paths or globs names.
pub fn matches_any(workflows: &[String], snapshot: &Snapshot) -> bool {
    workflows.iter().any(|pattern| {
        let known = |path: &String| is_glob(pattern) || snapshot.files.contains_key(path);
        snapshot.unreadable.contains_key(pattern) || expand(pattern, snapshot).iter().any(known)
    })
}

/// A path as it is, a glob as the workflow files it matches.
fn expand(pattern: &str, snapshot: &Snapshot) -> Vec<String> {
    let is_yaml = |path: &&String| path.ends_with(".yml") || path.ends_with(".yaml");
    match is_glob(pattern).then(|| glob(pattern).ok()).flatten().map(|glob| glob.compile_matcher()) {
        Some(glob) => {
            snapshot.files.keys().filter(is_yaml).filter(|path| glob.is_match(path.as_str())).cloned().collect()
        }
        None => vec![pattern.to_owned()],
    }
}

/// The files of a risk.
pub fn paths(risk: &Risk, snapshot: &Snapshot) -> Vec<String> {
    let mut paths: Vec<String> = risk.workflows.iter().flat_map(|pattern| expand(pattern, snapshot)).collect();
    paths.sort();
    paths.dedup();
    paths
}

fn plan_group<'a>(
    group: &[usize],
    risks: &[&'a Risk],
    (snapshot, around): (&Snapshot, Option<&Around<'_>>),
    date: &str,
) -> Vec<(usize, Planned<'a>)> {
    let mut refused: BTreeMap<usize, Fault> = BTreeMap::new();
    loop {
        let mut state = State { snapshot, around, date, proves: true, read: BTreeMap::new(), current: BTreeMap::new() };
        let mut plan = |index: usize| match refused.get(&index) {
            Some(fault) => Planned { risk: risks[index], status: Status::Refused(fault.clone()), effect: None },
            None => state.plan(risks[index]),
        };
        let planned: Vec<_> = group.iter().map(|&index| (index, plan(index))).collect();
        let contradictions = order::contradictions(&planned, &state);
        if contradictions.is_empty() {
            return planned;
        }
        // What was planned after them stood on them.
        refused.extend(contradictions);
    }
}

/// The files as the risks planned so far leave them; `None` for a deleted one.
struct State<'s, 'r> {
    snapshot: &'s Snapshot,
    around: Option<&'s Around<'r>>,
    date: &'s str,
    /// Whether each change is proven; not so where only its bytes are asked for.
    proves: bool,
    /// The files as they were read.
    read: BTreeMap<String, Option<Arc<Document>>>,
    current: BTreeMap<String, Option<Arc<Document>>>,
}

impl State<'_, '_> {
    fn plan<'a>(&mut self, risk: &'a Risk) -> Planned<'a> {
        let (status, effect) = match &risk.disposition {
            Disposition::Accept(reason) => (Status::Accepted(reason.clone()), None),
            Disposition::Fix(rewrites) => self.plan_fix(risk, rewrites).unwrap_or_else(|fault| match fault.kind {
                FaultKind::Missing => (Status::Missing(fault), None),
                _ => (Status::Refused(fault), None),
            }),
        };
        Planned { risk, status, effect }
    }

    fn plan_fix(&mut self, risk: &Risk, rewrites: &[Box<dyn Rewrite>]) -> Result<(Status, Option<Effect>), Fault> {
        let (mut files, mut done, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        let mut changed: Vec<Changed> = Vec::new();
        for path in self.paths(risk)? {
            let Some(document) = self.document(&path)? else {
                // A glob means what is there; an earlier risk may have deleted it.
                if !risk.workflows.contains(&path) {
                    continue;
                }
                match rewrites.iter().all(|rewrite| rewrite.done_without_file()) {
                    true => done.push(format!("{path} is not there")),
                    false => return Err(self.no_file(risk, &path)),
                }
                continue;
            };
            match self.plan_file(risk, rewrites, &document)? {
                FileOutcome::Pending(plan, result) => {
                    files.push(plan);
                    changed.push((document, result));
                }
                FileOutcome::Done(reasons) => done.extend(reasons.into_iter().map(|why| format!("{path}: {why}"))),
                FileOutcome::Missing(fault) => missing.push(fault),
            }
        }
        // A glob says where to look, a path where the target must be.
        let strict = !risk.workflows.iter().any(|path| is_glob(path));
        if let Some(fault) = missing.into_iter().next().filter(|_| strict || files.is_empty() && done.is_empty()) {
            return Err(fault);
        }
        if files.is_empty() {
            return Ok((Status::Done(done), None));
        }
        let effect = self.around.map(|around| around.prove(risk, &changed, &self.current)).transpose()?;
        self.current.extend(changed.into_iter().map(|(before, after)| (before.name().to_owned(), after)));
        Ok((Status::Pending(files), effect))
    }

    fn paths(&self, risk: &Risk) -> Result<Vec<String>, Fault> {
        if let Some((path, why)) =
            risk.workflows.iter().find_map(|path| self.snapshot.unreadable.get(path).map(|why| (path, why)))
        {
            return Err(Fault::new(FaultKind::Unfit, format!("{path} cannot be read: {why}"), ""));
        }
        let paths = paths(risk, self.snapshot);
        if paths.is_empty() {
            let cause = format!("no file matches `{}`", risk.workflows.join("`, `"));
            return Err(Fault::at(FaultKind::Missing, risk.place.clone(), cause, "mend `workflow:` in the rule file"));
        }
        Ok(paths)
    }

    /// The file as it stands now; `None` if it is not there.
    fn document(&mut self, path: &str) -> Result<Option<Arc<Document>>, Fault> {
        if let Some(known) = self.current.get(path) {
            return Ok(known.clone());
        }
        let bytes = self.snapshot.files.get(path);
        let document = bytes.map(|bytes| Document::parse(path, bytes).map(Arc::new)).transpose()?;
        self.read.insert(path.to_owned(), document.clone());
        self.current.insert(path.to_owned(), document.clone());
        Ok(document)
    }

    fn no_file(&self, risk: &Risk, path: &str) -> Fault {
        if self.snapshot.files.contains_key(path) {
            let cause = format!("`{path}` is deleted by an earlier risk of this run");
            return Fault::at(FaultKind::Missing, risk.place.clone(), cause, "leave one of the two risks out");
        }
        if let Some(why) = self.snapshot.absent.get(path) {
            return Fault::at(FaultKind::Missing, risk.place.clone(), why.as_str(), "");
        }
        let names: Vec<&str> = self.snapshot.names.iter().map(String::as_str).collect();
        let cause = match nearest(path, &names) {
            Some(near) => format!("no file `{path}`; there is `{near}`"),
            None => format!("no file `{path}`"),
        };
        Fault::at(FaultKind::Missing, risk.place.clone(), cause, "mend `workflow:` in the rule file")
    }

    fn plan_file(&self, risk: &Risk, rewrites: &[Box<dyn Rewrite>], document: &Document) -> Result<FileOutcome, Fault> {
        let context = Context {
            risk: &risk.id,
            milestone: &risk.milestone,
            date: self.date,
            snapshot: self.snapshot,
            current: &self.current,
        };
        let work = match combine(rewrites, document, &context)? {
            Outcome::Pending(work) => work,
            Outcome::Done(why) => return Ok(FileOutcome::Done(vec![why])),
            Outcome::Missing(fault) => return Ok(FileOutcome::Missing(fault)),
        };
        let before = document.encode(document.text());
        let path = document.name().to_owned();
        if work.delete_file {
            let change = FileChange { path, before, after: None };
            let plan = FilePlan { change, claims: named(document, work.claims), proof: None, remarks: work.remarks };
            return Ok(FileOutcome::Pending(plan, None));
        }
        let text = apply(document.text(), &work.edits).map_err(|at| overlap(risk, document, at))?;
        let bytes = document.encode(&text);
        let several =
            |fault: Fault| if rewrites.len() > 1 { apart(risk, document, rewrites, &context, fault) } else { fault };
        let after = Document::parse(document.name(), &bytes)
            .map_err(|fault| several(proof::bug(document, &format!("the result is not read again: {fault}"))))?;
        let proven = || prove(rewrites, document, &after, &work, &context).map_err(several);
        let proof = self.proves.then(proven).transpose()?;
        let change = FileChange { path, before, after: Some(bytes) };
        let plan = FilePlan { change, claims: named(document, work.claims), proof, remarks: work.remarks };
        Ok(FileOutcome::Pending(plan, Some(Arc::new(after))))
    }
}

/// Claims with what people call their places.
fn named(document: &Document, claims: Vec<Claim>) -> Vec<(Claim, String)> {
    let place = |claim: &Claim| match claim {
        Claim::Value(change) => describe(document.tree(), change.path()),
        _ => String::new(),
    };
    claims.into_iter().map(|claim| (claim.clone(), place(&claim))).collect()
}

enum FileOutcome {
    Pending(FilePlan, Option<Arc<Document>>),
    Done(Vec<String>),
    Missing(Fault),
}

/// All rewrites of a risk on one document: pending if one is, missing if one is.
fn combine(rewrites: &[Box<dyn Rewrite>], document: &Document, context: &Context<'_>) -> Result<Outcome, Fault> {
    let (mut all, mut done, mut pending) = (Work::default(), Vec::new(), false);
    for rewrite in rewrites {
        match rewrite.plan(document, context)? {
            Outcome::Pending(work) => {
                pending = true;
                all.merge(work);
            }
            Outcome::Done(why) => done.push(why),
            Outcome::Missing(fault) => return Ok(Outcome::Missing(fault)),
        }
    }
    Ok(if pending { Outcome::Pending(all) } else { Outcome::Done(done.join("; ")) })
}
