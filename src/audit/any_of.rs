//! Whether any word of a list stands in a text, found in one pass.

use aho_corasick::AhoCorasick;

/// A list of words, made ready for many texts.
pub struct AnyOf {
    words: Vec<&'static str>,
    /// `None` if the list is too long for an automaton; then the words are sought one by one.
    search: Option<AhoCorasick>,
}

impl AnyOf {
    /// Makes a list ready.
    pub fn new(words: impl IntoIterator<Item = &'static str>) -> AnyOf {
        let words: Vec<&'static str> = words.into_iter().collect();
        let search = AhoCorasick::new(&words).ok();
        AnyOf { words, search }
    }

    /// Whether one of the words stands in the text, wherever it does.
    pub fn stands_in(&self, text: &str) -> bool {
        match &self.search {
            Some(search) => search.is_match(text),
            None => self.words.iter().any(|word| text.contains(word)),
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
            list.search = None;
        }
    }
}
