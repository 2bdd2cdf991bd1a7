//! Whether two answers of the model are the same, wherever they stand: lines move, meaning does not.

use super::State;
use super::way::{Guard, Way};
use crate::workflow::link::Link;
use crate::workflow::signal::{Runs, Signal};

pub(super) fn state(a: &State, b: &State) -> bool {
    let guard = |a: &Guard, b: &Guard| a.condition == b.condition && a.of == b.of;
    runs(&a.runs, &b.runs) && signal(&a.signal, &b.signal) && ways(&a.ways, &b.ways) && all(&a.guards, &b.guards, guard)
}

pub(super) fn runs(a: &Runs, b: &Runs) -> bool {
    match (a, b) {
        (Runs::Never(a), Runs::Never(b)) => links(a, b),
        (Runs::Always, Runs::Always) => true,
        (Runs::If(a), Runs::If(b)) => a == b,
        _ => false,
    }
}

pub(super) fn signal(a: &Signal, b: &Signal) -> bool {
    match (a, b) {
        (Signal::Depends { on: a, .. }, Signal::Depends { on: b, .. }) => a == b,
        (
            Signal::MaskedInLegs { legs: a, own_check: x, otherwise: u, chain: c },
            Signal::MaskedInLegs { legs: b, own_check: y, otherwise: v, chain: d },
        ) => a == b && x == y && signal(u, v) && links(c, d),
        (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b) && links(a.chain(), b.chain()),
    }
}

pub(super) fn ways(a: &[Way], b: &[Way]) -> bool {
    all(a, b, way)
}

fn way(a: &Way, b: &Way) -> bool {
    let hop = |a: &super::Hop, b: &super::Hop| (&a.place.file, &a.job, &a.step) == (&b.place.file, &b.job, &b.step);
    a.run == b.run && all(&a.hops, &b.hops, hop) && signal(&a.ends, &b.ends)
}

fn links(a: &[Link], b: &[Link]) -> bool {
    all(a, b, |a, b| a.kind == b.kind && a.what == b.what && a.place.file == b.place.file)
}

fn all<T>(a: &[T], b: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}
