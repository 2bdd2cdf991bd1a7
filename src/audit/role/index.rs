//! A table of phrases, found by the first two letters of a word, so that a name asks few of them.
//!
//! Promise: the same answers as asking phrase by phrase with [`starts_with`]; what shares letters by chance is sorted
//! out by it.

use super::words::starts_with;

/// How many groups of phrases there are.
const SLOTS: usize = 1 << 10;

/// Phrases with the number of the line of their table.
#[derive(Debug)]
pub struct Index {
    slots: Vec<Vec<Entry>>,
    /// Phrases of which a word may share one letter only.
    short: Vec<Entry>,
}

/// The number of a line, and a phrase of it word by word.
type Entry = (usize, Vec<&'static str>);

impl Index {
    /// The index of a table's lines, each of phrases with commas between.
    pub fn of(lines: impl IntoIterator<Item = &'static str>) -> Index {
        let mut index = Index { slots: vec![Vec::new(); SLOTS], short: Vec::new() };
        for (row, line) in lines.into_iter().enumerate() {
            for phrase in line.split(',').map(str::trim).filter(|phrase| !phrase.is_empty()) {
                index.list(phrase).push((row, phrase.split(' ').collect()));
            }
        }
        index
    }

    fn list(&mut self, phrase: &str) -> &mut Vec<Entry> {
        let exact = phrase.split_once(' ').map(|(first, _)| first).or_else(|| phrase.strip_suffix('$'));
        let shared = exact.unwrap_or_else(|| phrase.strip_suffix(['*', 'e']).unwrap_or(phrase));
        match exact.is_none() && shared.len() < 2 {
            true => &mut self.short,
            false => &mut self.slots[slot(shared)],
        }
    }

    /// The first line of which a phrase stands at the start of the words.
    pub fn leading(&self, words: &[String]) -> Option<usize> {
        // Each list is in the order of the lines.
        let first_of = |list: &[Entry]| list.iter().find(|(_, phrase)| starts_with(words, phrase)).map(|(row, _)| *row);
        let lists = [&self.slots[slot(words.first()?)], &self.short];
        lists.into_iter().filter_map(|list| first_of(list)).min()
    }

    /// The first line of which a phrase stands anywhere among the words.
    pub fn anywhere(&self, words: &[String]) -> Option<usize> {
        (0..words.len()).filter_map(|at| self.leading(&words[at..])).min()
    }
}

fn slot(word: &str) -> usize {
    let letter = |at: usize| usize::from(word.as_bytes().get(at).copied().unwrap_or_default()) & 31;
    letter(0) << 5 | letter(1)
}

#[cfg(test)]
mod tests {
    use super::super::words::{position, words};
    use super::*;

    #[test]
    fn it_answers_as_the_phrases_do_one_by_one() {
        let lines = ["ci ok, release, e", "x, set$, a b*", "validat*, scan, e2e"];
        let index = Index::of(lines);
        for name in
            ["ci ok", "CI", "releasing", "e", "es", "xs", "x", "set", "setting", "a bc", "the E2E scan", "", "b"]
        {
            let words = words(name);
            let row = |fits: &dyn Fn(&str) -> bool| lines.iter().position(|line| line.split(", ").any(fits));
            assert_eq!(index.anywhere(&words), row(&|phrase| position(&words, phrase).is_some()), "{name}");
            let starts = |phrase: &str| starts_with(&words, &phrase.split(' ').collect::<Vec<_>>());
            assert_eq!(index.leading(&words), row(&starts), "{name}");
        }
    }
}
