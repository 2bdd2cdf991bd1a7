//! What a script does with a status that its next statement reads.
//!
//! Sources: POSIX.1-2024, Shell Command Language, 2.5.2 special parameters (`?`), 2.9.4 compound commands.

use super::fates::{Fate, Fates, Mark};
use super::nodes::parts;
use super::syntax::{Kind, Node};
use super::tail::{Kept, Tail, kept, tail, tail_of, text};
use super::walk::Walker;
use crate::workflow::link::LinkKind;

impl<'n> Walker<'_, '_, 'n> {
    /// The next statement reads the status: it is handed on, dropped, or decided by what the script does with it.
    pub(super) fn asked(&self, next: Node<'n>, fates: &Fates) -> Fate {
        let abort = &fates.abort;
        let depends = || Fate::Depends(Mark::of(LinkKind::TestedByScript, next));
        let lost = || Fate::masked(Mark::of(LinkKind::LaterStatusCounts, next));
        let only_told = || match self.may_fail_for(next) {
            true => depends(),
            false => lost(),
        };
        match tail(next, self.source) {
            Tail::Fails => abort.clone(),
            Tail::Returns => fates.leave.clone(),
            Tail::Stores(name) => match kept(&name, &self.source[next.end()..]) {
                Kept::Exits => abort.clone(),
                Kept::Read => depends(),
                Kept::Dropped => lost(),
            },
            _ if next.kind() == Kind::If => match tail_of(&parts(next).then, self.source) {
                Tail::Fails => abort.clone(),
                Tail::Returns => fates.leave.clone(),
                _ => only_told(),
            },
            _ => depends(),
        }
    }

    /// Whether the script could fail for what a statement asks: there, or for what it keeps or hands on, further down.
    ///
    /// A look at the words: `true` may be wrong, `false` is certain.
    fn may_fail_for(&self, asker: Node<'n>) -> bool {
        const ENDS: &[&str] = &["exit", "return", "false", "exec", "kill", "GITHUB_", "set -", "trap"];
        let rest = &self.source[asker.start()..];
        let calls = || self.functions.keys().any(|name| rest.contains(name));
        // What fills a variable, or a file, may be tested by any command below.
        let last = rest.trim_end().lines().last().unwrap_or_default().trim_start();
        let tests = ["[", "test ", "((", "grep", "!", "diff", "cmp", "exit"].iter().any(|word| last.starts_with(word));
        // What it writes is handed on.
        let writes = text(asker, self.source).contains('>');
        writes || tests || calls() || ENDS.iter().any(|word| rest.contains(word))
    }
}
