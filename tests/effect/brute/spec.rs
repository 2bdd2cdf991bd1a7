//! Small repositories as values: generated from a seed, and changed as a rule would.
//!
//! Nothing here knows wf-fix. A repository has one file that changes, and perhaps files that call it.

/// A condition, as a tree of its own.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    Always,
    Failure,
    Success,
    NotCancelled,
    False,
    /// A variable that a run decides.
    Free(usize),
    /// `steps.s<n>.outcome` or `.conclusion` is, or is not, this word.
    Step(usize, &'static str, bool, &'static str),
    /// `needs.j<n>.result` is, or is not, this word.
    Needs(usize, bool, &'static str),
    /// `contains(needs.*.result, word)`
    AnyNeed(&'static str),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
}

/// A `continue-on-error`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Soft {
    No,
    Yes,
    Free(usize),
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum Work {
    /// It fails if this bit says so.
    Bit(usize),
    /// It fails whenever it runs.
    Exit1,
    /// It uses the action.
    Action,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub id: usize,
    pub condition: Option<Expr>,
    pub soft: Soft,
    pub work: Work,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    pub id: usize,
    pub needs: Vec<usize>,
    pub condition: Option<Expr>,
    pub soft: Soft,
    pub steps: Vec<Step>,
    /// The file it calls instead of having steps.
    pub calls: Option<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct File {
    pub jobs: Vec<Job>,
    /// Whether it can only be called.
    pub called: bool,
}

/// A repository: files `w0.yml`, `w1.yml`, ..., the first of which changes, and the steps of an action.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    pub files: Vec<File>,
    pub action: Vec<Step>,
    pub bits: usize,
    pub frees: usize,
}

/// What is done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    StepSoft,
    JobSoft,
    ActionSoft,
    CallerSoft,
    DeadJob,
    Restore,
}

/// A small generator of numbers (xorshift64*).
pub struct Dice(u64);

impl Dice {
    pub fn of(seed: u64) -> Dice {
        let mut dice = Dice((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        for _ in 0..8 {
            dice.roll(2);
        }
        dice
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap() % sides
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.roll(100) < chance
    }
}

const WORDS: [&str; 3] = ["success", "failure", "skipped"];

/// A repository and a change of it, before and after.
pub fn case(seed: u64) -> (Kind, Spec, Spec) {
    let mut dice = Dice::of(seed);
    let kinds = [
        Kind::StepSoft,
        Kind::StepSoft,
        Kind::JobSoft,
        Kind::ActionSoft,
        Kind::CallerSoft,
        Kind::DeadJob,
        Kind::Restore,
    ];
    let kind = kinds[usize::try_from(seed).unwrap() % kinds.len()];
    loop {
        let mut before = spec(&mut dice, kind);
        if let Some(after) = change(&mut dice, kind, &mut before) {
            return (kind, before, after);
        }
    }
}

fn spec(dice: &mut Dice, kind: Kind) -> Spec {
    let called = kind == Kind::CallerSoft || dice.percent(35);
    let mut spec = Spec { files: Vec::new(), action: Vec::new(), bits: 0, frees: 2 };
    let with_action = kind == Kind::ActionSoft || dice.percent(15);
    if with_action {
        for id in 0..2 {
            let step = step(dice, &mut spec, id, false, 30);
            spec.action.push(step);
        }
    }
    let most = if called { 2 } else { 3 };
    let jobs = 1 + dice.roll(most);
    let first = file(dice, &mut spec, jobs, None, with_action, called);
    spec.files.push(first);
    if called {
        for _ in 0..1 + dice.roll(2) {
            let jobs = 1 + dice.roll(2);
            let caller = file(dice, &mut spec, jobs, Some(0), false, false);
            spec.files.push(caller);
        }
    }
    spec
}

fn file(dice: &mut Dice, spec: &mut Spec, jobs: usize, calls: Option<usize>, action: bool, called: bool) -> File {
    let mut file = File { jobs: Vec::new(), called };
    for id in 0..jobs {
        let needs: Vec<usize> = (0..id).filter(|_| dice.percent(65)).collect();
        let condition = dice.percent(50).then(|| job_condition(dice, &needs));
        let soft = soft(dice, 25);
        let call = calls.filter(|_| id == 0 || dice.percent(20));
        let mut job = Job { id, needs, condition, soft, steps: Vec::new(), calls: call };
        if call.is_none() {
            let least = usize::from(calls.is_none() && id == 0);
            for step_id in 0..1 + least + dice.roll(2) {
                let with_action = action && dice.percent(50);
                job.steps.push(step(dice, spec, step_id, with_action, 35));
            }
        }
        file.jobs.push(job);
    }
    file
}

fn step(dice: &mut Dice, spec: &mut Spec, id: usize, action: bool, chance: usize) -> Step {
    let condition = (id > 0 && dice.percent(45)).then(|| step_condition(dice, id));
    let soft = soft(dice, chance);
    let work = match dice.roll(10) {
        _ if action => Work::Action,
        0 if condition.is_some() => Work::Exit1,
        1 if condition.is_some() => Work::Exit1,
        _ if spec.bits < 4 => {
            spec.bits += 1;
            Work::Bit(spec.bits - 1)
        }
        // The last bit is shared: more steps than bits.
        _ => Work::Bit(3),
    };
    Step { id, condition, soft, work }
}

fn soft(dice: &mut Dice, chance: usize) -> Soft {
    match dice.percent(chance) {
        true if dice.percent(15) => Soft::Free(dice.roll(2)),
        true => Soft::Yes,
        false => Soft::No,
    }
}

fn step_condition(dice: &mut Dice, id: usize) -> Expr {
    let step = dice.roll(id);
    let word = WORDS[dice.roll(3)];
    match dice.roll(12) {
        0 => Expr::Always,
        1 => Expr::Failure,
        2 => Expr::NotCancelled,
        3 => Expr::Free(dice.roll(2)),
        4 => Expr::False,
        5 => both(Expr::Always, Expr::Free(dice.roll(2))),
        6 | 7 => Expr::Step(step, "outcome", dice.percent(70), word),
        8 => Expr::Step(step, "conclusion", dice.percent(70), word),
        9 => both(Expr::Always, Expr::Step(step, "outcome", true, word)),
        10 => Expr::Or(Box::new(Expr::Failure), Box::new(Expr::Free(dice.roll(2)))),
        11 if dice.percent(30) => Expr::Or(Box::new(Expr::Success), Box::new(Expr::Free(dice.roll(2)))),
        _ => both(Expr::Free(dice.roll(2)), Expr::Step(step, "outcome", true, word)),
    }
}

fn job_condition(dice: &mut Dice, needs: &[usize]) -> Expr {
    let word = WORDS[dice.roll(3)];
    let need = needs.first().copied();
    match (dice.roll(11), need) {
        (0 | 1, _) => Expr::False,
        (2, _) => both(Expr::False, Expr::Free(dice.roll(2))),
        (3 | 4, _) => Expr::Free(dice.roll(2)),
        (5, Some(_)) => Expr::Failure,
        (6, Some(need)) => both(Expr::Always, Expr::Needs(need, dice.percent(60), word)),
        (7, Some(_)) => both(Expr::Always, Expr::AnyNeed(word)),
        (8, Some(need)) => Expr::Needs(need, dice.percent(60), word),
        (9, Some(_)) if dice.percent(30) => Expr::Or(Box::new(Expr::Success), Box::new(Expr::Free(dice.roll(2)))),
        (9, Some(_)) => Expr::Or(Box::new(Expr::Failure), Box::new(Expr::Free(dice.roll(2)))),
        _ => Expr::Always,
    }
}

fn both(a: Expr, b: Expr) -> Expr {
    Expr::And(Box::new(a), Box::new(b))
}

impl Expr {
    /// Whether a status function is called, so that no `success()` is implied.
    pub fn has_status(&self) -> bool {
        match self {
            Expr::Always | Expr::Failure | Expr::Success | Expr::NotCancelled => true,
            Expr::And(a, b) | Expr::Or(a, b) => a.has_status() || b.has_status(),
            _ => false,
        }
    }
}

/// Makes the change; `None` if there is nothing of the kind to change.
fn change(dice: &mut Dice, kind: Kind, before: &mut Spec) -> Option<Spec> {
    match kind {
        Kind::StepSoft => {
            let job = dice.roll(before.files[0].jobs.len());
            let step = dice.roll(before.files[0].jobs[job].steps.len());
            let at = &mut before.files[0].jobs[job].steps[step];
            at.soft = if at.soft == Soft::No { Soft::Yes } else { at.soft };
            let mut after = before.clone();
            after.files[0].jobs[job].steps[step].soft = Soft::No;
            Some(after)
        }
        Kind::JobSoft | Kind::CallerSoft => {
            let file = if kind == Kind::JobSoft { 0 } else { 1 + dice.roll(before.files.len() - 1) };
            let job = if kind == Kind::JobSoft { dice.roll(before.files[0].jobs.len()) } else { 0 };
            let at = &mut before.files[file].jobs[job];
            at.soft = if at.soft == Soft::No { Soft::Yes } else { at.soft };
            let mut after = before.clone();
            after.files[file].jobs[job].soft = Soft::No;
            Some(after)
        }
        Kind::ActionSoft => {
            let step = dice.roll(before.action.len());
            before.action[step].soft = Soft::Yes;
            let used = before.files[0].jobs.iter().flat_map(|job| &job.steps).any(|step| step.work == Work::Action);
            let mut after = before.clone();
            after.action[step].soft = Soft::No;
            used.then_some(after)
        }
        Kind::DeadJob => dead_job(before),
        Kind::Restore => {
            let job = dice.roll(before.files[0].jobs.len());
            let rest = Expr::Free(dice.roll(2));
            before.files[0].jobs[job].condition = Some(both(Expr::False, rest.clone()));
            let mut after = before.clone();
            after.files[0].jobs[job].condition = Some(rest);
            Some(after)
        }
    }
}

/// Takes out the first job that is switched off, with those that need it and cannot run without.
fn dead_job(before: &Spec) -> Option<Spec> {
    let off = |job: &Job| match &job.condition {
        Some(Expr::False) => true,
        Some(Expr::And(a, _)) => **a == Expr::False,
        _ => false,
    };
    let jobs = &before.files[0].jobs;
    let mut gone = vec![jobs.iter().find(|job| off(job))?.id];
    for job in jobs {
        if !gone.contains(&job.id) && job.needs.iter().any(|need| gone.contains(need)) {
            if job.condition.as_ref().is_some_and(Expr::has_status) {
                return None;
            }
            gone.push(job.id);
        }
    }
    let mut after = before.clone();
    after.files[0].jobs.retain(|job| !gone.contains(&job.id));
    (!after.files[0].jobs.is_empty()).then_some(after)
}
