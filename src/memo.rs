//! Answers that are worked out once.

use std::cell::RefCell;
use std::collections::BTreeMap;

/// Answers by what was asked.
#[derive(Debug)]
pub struct Memo<K, V>(RefCell<BTreeMap<K, V>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Memo<K, V> {
        Memo(RefCell::default())
    }
}

impl<K: Ord, V: Clone> Memo<K, V> {
    /// The answer, worked out if nobody has asked so far; to work it out may ask for others.
    pub fn get(&self, key: K, work_out: impl FnOnce() -> V) -> V {
        let known = self.0.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let answer = work_out();
            self.0.borrow_mut().insert(key, answer.clone());
            answer
        })
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn an_answer_is_worked_out_once_and_may_ask_for_others() {
        let (memo, times) = (Memo::default(), Cell::new(0));
        let two = || memo.get(2, || times.replace(times.get() + 1) + 10);
        assert_eq!(memo.get(1, || two() + 1), 11);
        assert_eq!((memo.get(1, || 0), two(), times.get()), (11, 10, 1));
    }
}
