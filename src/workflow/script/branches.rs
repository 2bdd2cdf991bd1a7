//! `if`, `while` and `until`: which branch a failure in the condition leads to, and what becomes of it there.
//!
//! Source: POSIX.1-2024, Shell Command Language, 2.9.4 compound commands. In `!`, `&&` and `||` of a condition, every
//! other command counts as successful, so that the value of the whole is known.

use super::fates::{Fate, Fates, Mark};
use super::nodes::{parts, statements};
use super::syntax::{Field, Kind, Node};
use super::tail::{Tail, tail, tail_of};
use super::walk::Walker;
use crate::workflow::link::LinkKind;

/// What becomes of a failure that makes a condition true, or false.
#[derive(Clone)]
struct Ways {
    mark: Mark,
    yes: Fate,
    no: Fate,
}

impl Ways {
    fn to(&self, value: bool) -> &Fate {
        if value { &self.yes } else { &self.no }
    }
}

impl<'n> Walker<'_, '_, 'n> {
    pub(super) fn branch(&mut self, node: Node<'n>, fates: &Fates) {
        let parts = parts(node);
        if let Some(condition) = parts.condition {
            let mark = Mark::of(LinkKind::TestedByScript, node);
            let yes = way(tail_of(&parts.then, self.source), mark, fates);
            let no = match parts.otherwise.as_slice() {
                [clause] if clause.kind() == Kind::Else => way(tail(*clause, self.source), mark, fates),
                [] if fates.doomed => fates.status.clone(),
                _ => way(Tail::Other, mark, fates),
            };
            self.test(condition, &Ways { mark, yes, no }, fates);
        }
        self.sequence(&parts.then, fates);
        for clause in parts.otherwise {
            match clause.kind() {
                Kind::Elif => self.branch(clause, fates),
                _ => self.sequence(&statements(clause), fates),
            }
        }
    }

    pub(super) fn repeat(&mut self, node: Node<'n>, fates: &Fates) {
        let body = node.field(Field::Body);
        let tests: Vec<Node<'n>> = node.children().filter(|n| Some(*n) != body).collect();
        let mark = Mark::of(LinkKind::TestedByScript, node);
        let over = Fate::masked(mark);
        let round = way(body.map_or(Tail::Other, |body| tail(body, self.source)), mark, fates);
        let until = node.operator() == "until";
        let (yes, no) = if until { (over, round) } else { (round, over) };
        for (index, test) in tests.iter().enumerate() {
            let last = index + 1 == tests.len();
            let lost = Fate::masked(mark);
            let (yes, no) = if last { (yes.clone(), no.clone()) } else { (lost.clone(), lost) };
            self.test(*test, &Ways { mark, yes, no }, fates);
        }
        if let Some(body) = body {
            self.sequence(&statements(body), &self.in_round(node, fates));
        }
    }

    /// A condition or a part of one.
    fn test(&mut self, node: Node<'n>, ways: &Ways, fates: &Fates) {
        match (node.kind(), node.child(0), node.child(1)) {
            (Kind::NegatedCommand, Some(inner), _) => self.test(inner, &turned(ways), fates),
            // `! a > log` is read as `{ ! a; } > log`.
            (Kind::Redirected, Some(body), _) if body.kind() == Kind::NegatedCommand => {
                self.test(body, ways, fates);
            }
            (Kind::Pipeline, Some(first), _) if first.kind() == Kind::NegatedCommand => {
                let mut parts = statements(node);
                parts[0] = first.child(0).unwrap_or(first);
                self.pipe(node, &parts, &fates.exempt(ways.mark, ways.yes.clone()));
            }
            (Kind::List, Some(left), Some(right)) => {
                let value = truth(right);
                let rest = ways.to(value).clone();
                let left_ways = match node.operator() {
                    "||" => Ways { no: rest, ..ways.clone() },
                    _ => Ways { yes: rest, ..ways.clone() },
                };
                self.test(left, &left_ways, fates);
                self.test(right, ways, fates);
            }
            _ => self.statement(node, &fates.exempt(ways.mark, ways.no.clone())),
        }
    }
}

fn turned(ways: &Ways) -> Ways {
    Ways { mark: ways.mark, yes: ways.no.clone(), no: ways.yes.clone() }
}

/// What becomes of a failure that leads to a branch with this end.
fn way(end: Tail, mark: Mark, fates: &Fates) -> Fate {
    match end {
        Tail::Fails => fates.abort.clone(),
        Tail::Returns => fates.leave.clone(),
        Tail::Stores(_) | Tail::Depends => Fate::Depends(mark),
        _ => Fate::masked(mark),
    }
}

/// The value of a condition in which every command succeeds.
fn truth(node: Node<'_>) -> bool {
    match (node.kind(), node.child(0), node.child(1)) {
        (Kind::NegatedCommand, Some(inner), _) => !truth(inner),
        (Kind::Pipeline | Kind::Redirected, Some(first), _) if first.kind() == Kind::NegatedCommand => false,
        (Kind::List, Some(left), Some(right)) if node.operator() == "||" => truth(left) || truth(right),
        (Kind::List, Some(left), Some(right)) => truth(left) && truth(right),
        _ => true,
    }
}
