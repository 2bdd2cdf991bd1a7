//! Whether any word of a list stands in a text, found in one pass.

use std::sync::OnceLock;

use aho_corasick::packed::Searcher;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// A list of words, made ready for many texts.
pub struct AnyOf {
    words: Vec<&'static str>,
    /// Finds the first; `None` if the list is too long for an automaton: then the words are sought one by one.
    first: OnceLock<Option<First>>,
    /// Finds all, those that overlap too.
    all: OnceLock<Option<AhoCorasick>>,
}

/// Finds the first word of a list.
enum First {
    /// With vectors, where the machine has them.
    Packed(Searcher),
    Automaton(AhoCorasick),
}

impl First {
    fn of(words: &[&str]) -> Option<First> {
        let automaton = || AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(words).ok();
        Searcher::new(words).map(First::Packed).or_else(|| automaton().map(First::Automaton))
    }

    fn stands_in(&self, text: &str) -> bool {
        match self {
            First::Packed(search) => search.find(text).is_some(),
            First::Automaton(search) => search.is_match(text),
        }
    }
}

impl AnyOf {
    /// Makes a list ready.
    pub fn new(words: impl IntoIterator<Item = &'static str>) -> AnyOf {
        AnyOf { words: words.into_iter().collect(), first: OnceLock::new(), all: OnceLock::new() }
    }

    /// Whether one of the words stands in the text, wherever it does.
    pub fn stands_in(&self, text: &str) -> bool {
        match self.first.get_or_init(|| First::of(&self.words)) {
            Some(search) => search.stands_in(text),
            None => self.words.iter().any(|word| text.contains(word)),
        }
    }

    /// Whether one of the words stands in the text, at a byte where it `fits`.
    pub fn stands_where(&self, text: &str, fits: impl Fn(&str, usize) -> bool) -> bool {
        // Another kind would search a little faster, and take longer to make than most audits search.
        let make = || AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(&self.words).ok();
        match self.all.get_or_init(make) {
            Some(search) => {
                let mut found = search.find_overlapping_iter(text);
                found.any(|at| fits(self.words[at.pattern().as_usize()], at.start()))
            }
            None => self.words.iter().any(|word| text.match_indices(word).any(|(at, _)| fits(word, at))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_and_without_an_automaton_the_answer_is_the_same() {
        let mut list = AnyOf::new(["exit 1", "die("]);
        for _ in 0..2 {
            assert!(list.stands_in("a\nexit 1"));
            assert!(list.stands_in("die(2)"));
            assert!(!list.stands_in("exit 2"));
            assert!(list.stands_where("die(exit 1", |word, at| word == "exit 1" && at == 4));
            assert!(!list.stands_where("die(exit 1", |word, at| word == "exit 1" && at == 0));
            (list.first, list.all) = (OnceLock::from(None), OnceLock::from(None));
        }
    }
}
