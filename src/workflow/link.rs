//! The links of a chain: what stands between a failure and the result of the run, each with its place.

use std::fmt;

use crate::yaml::Place;

/// What a link does to a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// `continue-on-error` of a step: its conclusion is success.
    StepContinueOnError,
    /// `continue-on-error` of a step of a composite action.
    ActionContinueOnError,
    /// `continue-on-error` of a job: its own check is red, the run is not.
    JobContinueOnError,
    /// `continue-on-error` of the job that calls this workflow.
    CallerContinueOnError,
    /// `continue-on-error` of the step that uses this action.
    UserContinueOnError,
    /// `|| true`, `|| :`, `|| exit 0`, `|| echo ...`: what runs instead succeeds.
    OrSucceeds,
    /// `|| other`: another command runs instead, and its status counts.
    OrFallback,
    /// A pipe whose status is that of its last command, for want of `pipefail`.
    PipeWithoutPipefail,
    /// `set +e`: the script goes on.
    SetPlusE,
    /// The shell is started without `-e`: the script goes on.
    ShellWithoutE,
    /// A later command's status is the script's: `; true` or `exit 0` at the end, or any other.
    LaterStatusCounts,
    /// The left side of `&&` does not trip `-e`, and something follows.
    LeftOfAnd,
    /// `! command`: its status is turned around.
    Negated,
    /// The condition of an `if`, `while` or `until`: a failure picks a branch.
    TestedByScript,
    /// `find -exec command \;`: `find` asks for its status and succeeds all the same.
    FindExec,
    /// `command &`: nobody asks for its status.
    Background,
    /// `$(command)` among the arguments of another command, or in `local`, `export`, `declare`.
    Substitution,
    /// `<(command)`: nobody asks for its status.
    ProcessSubstitution,
    /// `-ErrorAction SilentlyContinue` and the like on a PowerShell command.
    ErrorActionArgument,
    /// `$ErrorActionPreference` set to something that goes on.
    ErrorActionPreference,
    /// A native program in PowerShell, whose exit code is that of the last one to run.
    NativeNotLast,
    /// A command in a cmd script that is not the last.
    CmdNotLast,
    /// A condition that is false in every run.
    ConditionFalse,
    /// A job that it needs never runs.
    NeedNeverRuns,
    /// The job it belongs to never runs.
    JobNeverRuns,
    /// The job that calls its workflow never runs.
    CallerNeverRuns,
    /// Something before it always ends the script.
    Unreachable,
    /// The matrix has no leg.
    NoLegs,
    /// A job that watches over others does not look at this result.
    BlindGate,
    /// A `paths` filter keeps the workflow from running on what it checks.
    FilteredOut,
}

/// One link of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it does.
    pub kind: LinkKind,
    /// Where it stands.
    pub place: Place,
    /// What stands there, short; empty where the kind says it all.
    pub what: String,
}

impl LinkKind {
    /// What the link does, in plain words.
    pub fn words(self) -> &'static str {
        match self {
            LinkKind::StepContinueOnError => "the step's `continue-on-error` turns its conclusion into success",
            LinkKind::ActionContinueOnError => "the action's step has `continue-on-error`, so the action succeeds",
            LinkKind::JobContinueOnError => "the job's `continue-on-error` keeps the run green",
            LinkKind::CallerContinueOnError => "the calling job's `continue-on-error` keeps the run green",
            LinkKind::UserContinueOnError => "the step that uses the action has `continue-on-error`",
            LinkKind::OrSucceeds => "`||` runs something that succeeds instead",
            LinkKind::OrFallback => "`||` runs another command instead, whose status counts",
            LinkKind::PipeWithoutPipefail => "without `pipefail` only the last command of the pipe counts",
            LinkKind::SetPlusE => "after `set +e` the script goes on",
            LinkKind::ShellWithoutE => "the shell runs without `-e`, so the script goes on",
            LinkKind::LaterStatusCounts => "a later command gives the script its status",
            LinkKind::LeftOfAnd => "a failure left of `&&` does not stop the script",
            LinkKind::Negated => "`!` turns its status around",
            LinkKind::TestedByScript => "the script only tests it",
            LinkKind::FindExec => "`find -exec ... \\;` succeeds whatever the command does",
            LinkKind::Background => "it runs in the background and nobody asks for its status",
            LinkKind::Substitution => "its status is lost in the command that takes its output",
            LinkKind::ProcessSubstitution => "nobody asks for the status of a process substitution",
            LinkKind::ErrorActionArgument => "its error action lets PowerShell go on",
            LinkKind::ErrorActionPreference => "`$ErrorActionPreference` lets PowerShell go on",
            LinkKind::NativeNotLast => "PowerShell takes the exit code of the last program only",
            LinkKind::CmdNotLast => "cmd takes the exit code of the last program only",
            LinkKind::ConditionFalse => "its condition is false in every run",
            LinkKind::NeedNeverRuns => "a job that it needs never runs",
            LinkKind::JobNeverRuns => "its job never runs",
            LinkKind::CallerNeverRuns => "the job that calls it never runs",
            LinkKind::Unreachable => "the script always ends before it",
            LinkKind::NoLegs => "its matrix has no combination",
            LinkKind::BlindGate => "the job that watches does not look at it",
            LinkKind::FilteredOut => "the filter keeps it from running on what it checks",
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind.words())?;
        if !self.what.is_empty() {
            write!(f, " (`{}`)", self.what)?;
        }
        Ok(())
    }
}
