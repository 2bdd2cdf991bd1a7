//! A table of phrases, found by the first two letters of a word, so that a name asks few of them.
//!
//! Promise: the same answers as asking phrase by phrase with [`starts_with`]; what shares letters by chance is sorted
//! out by it.

use super::words::{Word, starts_with};

/// How many groups of phrases there are.
const SLOTS: usize = 1 << 10;

/// Phrases with the number of the line of their table.
#[derive(Debug)]
pub struct Index {
    slots: Vec<Vec<Entry>>,
    /// Phrases of which a word may share one letter only.
    short: Vec<Entry>,
}

/// A phrase of a line.
#[derive(Debug, Clone)]
struct Entry {
    /// The number of the line.
    row: usize,
    /// How each first word begins that the phrase fits.
    begins: &'static str,
    /// The first bytes of that as a number, and which bits of a word's they are: to compare those comes first.
    bits: u64,
    mask: u64,
    /// Word by word.
    phrase: Vec<&'static str>,
}

impl Index {
    /// The index of a table's lines, each of phrases with commas between.
    pub fn of(lines: impl IntoIterator<Item = &'static str>) -> Index {
        let mut index = Index { slots: vec![Vec::new(); SLOTS], short: Vec::new() };
        for (row, line) in lines.into_iter().enumerate() {
            for phrase in line.split(',').map(str::trim).filter(|phrase| !phrase.is_empty()) {
                index.add(row, phrase);
            }
        }
        index
    }

    fn add(&mut self, row: usize, phrase: &'static str) {
        let exact = phrase.split_once(' ').map(|(first, _)| first).or_else(|| phrase.strip_suffix('$'));
        let begins = exact.unwrap_or_else(|| phrase.strip_suffix(['*', 'e']).unwrap_or(phrase));
        let list = match exact.is_none() && begins.len() < 2 {
            true => &mut self.short,
            false => &mut self.slots[slot(begins)],
        };
        let mask = u64::MAX.checked_shr(64 - 8 * begins.len().min(8) as u32).unwrap_or_default();
        list.push(Entry { row, begins, bits: bits(begins), mask, phrase: phrase.split(' ').collect() });
    }

    /// The first line of which a phrase stands at the start of the words.
    pub fn leading(&self, words: &[Word<'_>]) -> Option<usize> {
        let first = words.first()?;
        let bits = bits(first);
        let begins = |entry: &Entry| bits & entry.mask == entry.bits && first.starts_with(entry.begins);
        let fits = |entry: &&Entry| begins(entry) && starts_with(words, &entry.phrase);
        // Each list is in the order of the lines.
        let first_of = |list: &[Entry]| list.iter().find(fits).map(|entry| entry.row);
        let lists = [&self.slots[slot(first)], &self.short];
        lists.into_iter().filter_map(|list| first_of(list)).min()
    }

    /// The first line of which a phrase stands anywhere among the words.
    pub fn anywhere(&self, words: &[Word<'_>]) -> Option<usize> {
        (0..words.len()).filter_map(|at| self.leading(&words[at..])).min()
    }
}

/// The first eight bytes of a word, as far as it has them.
fn bits(word: &str) -> u64 {
    match word.as_bytes().first_chunk() {
        Some(first) => u64::from_le_bytes(*first),
        None => word.bytes().rev().fold(0, |bits, byte| bits << 8 | u64::from(byte)),
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
