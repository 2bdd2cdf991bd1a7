//! What a row declares: a name, a builder, where wf-fix runs, and with what in its environment.

use crate::stage::Stage;

/// A situation of a repository.
#[derive(Clone, Copy)]
pub struct Situation {
    /// As the table says it.
    pub name: &'static str,
    /// Makes the situation of a copy of the base repository in `repo`.
    pub build: fn(&Stage),
    /// Where wf-fix and the git that judges it run, in the folder of the case.
    pub at: &'static str,
    /// The root of the worktree in the folder of the case; `None` if there is none.
    pub root: Option<&'static str>,
    /// More environment for both; `{case}` stands for the folder of the case, `{stage}` for the one around it,
    /// which no run changes.
    pub env: &'static [(&'static str, &'static str)],
    /// More options for what changes something.
    pub options: &'static [&'static str],
    /// The risk to remove, and its workflow.
    pub target: (&'static str, &'static str),
    /// Whether somebody has staged, changed and new files in the worktree.
    pub busy: bool,
    /// Whether the git of this machine can work here, so that it can judge.
    pub judged: bool,
    /// A command that the words of the first refusal name, and what to add to it, so that it is not refused again.
    pub way_out: Option<(&'static str, &'static str)>,
    /// Whether it can only be made by root.
    pub root_only: bool,
}

/// A row in which wf-fix runs at the root of `repo`.
pub const fn row(name: &'static str, build: fn(&Stage)) -> Situation {
    Situation {
        name,
        build,
        at: "repo",
        root: Some("repo"),
        env: &[],
        options: &[],
        target: ("T-2", super::stage::A),
        busy: true,
        judged: true,
        way_out: None,
        root_only: false,
    }
}

impl Situation {
    /// Runs there instead; the worktree's root is there, too.
    pub const fn at(self, at: &'static str) -> Self {
        Situation { at, root: Some(at), ..self }
    }

    /// Where the root is, if it is not where wf-fix runs.
    pub const fn root(self, root: Option<&'static str>) -> Self {
        Situation { root, ..self }
    }

    pub const fn env(self, env: &'static [(&'static str, &'static str)]) -> Self {
        Situation { env, ..self }
    }

    pub const fn options(self, options: &'static [&'static str]) -> Self {
        Situation { options, ..self }
    }

    pub const fn target(self, risk: &'static str, path: &'static str) -> Self {
        Situation { target: (risk, path), ..self }
    }

    /// Nobody is at work in it, or the builder sees to it.
    pub const fn quiet(self) -> Self {
        Situation { busy: false, ..self }
    }

    /// The git of this machine cannot work here either: only files are compared.
    pub const fn unjudged(self) -> Self {
        Situation { judged: false, ..self }
    }

    pub const fn way_out(self, named: &'static str, rest: &'static str) -> Self {
        Situation { way_out: Some((named, rest)), ..self }
    }

    pub const fn root_only(self) -> Self {
        Situation { root_only: true, ..self }
    }
}
