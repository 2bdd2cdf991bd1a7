//! The choices of an input: small numbers out of its first line.

/// Bytes that decide; when they run out, every choice is the first.
pub struct Choices<'a>(&'a [u8]);

/// The choices in the first line, and what follows it.
pub fn split(data: &[u8]) -> (Choices<'_>, &[u8]) {
    let end = data.iter().position(|&byte| byte == b'\n');
    match end {
        Some(end) => (Choices(&data[..end]), &data[end + 1..]),
        None => (Choices(data), &[]),
    }
}

impl Choices<'_> {
    /// A number below `count`; 0 if there is none. Digits and letters choose their own place, so that seeds can be
    /// written by hand.
    pub fn below(&mut self, count: usize) -> usize {
        let byte = match self.0.split_first() {
            Some((&first, rest)) => {
                self.0 = rest;
                first
            }
            None => return 0,
        };
        let number = match byte {
            b'0'..=b'9' => usize::from(byte - b'0'),
            b'a'..=b'z' => usize::from(byte - b'a') + 10,
            _ => usize::from(byte),
        };
        if count == 0 { 0 } else { number % count }
    }

    /// One of two.
    pub fn yes(&mut self) -> bool {
        self.below(2) == 1
    }

    /// One of these; `None` if there are none.
    pub fn one<'l, T>(&mut self, of: &'l [T]) -> Option<&'l T> {
        of.get(self.below(of.len()))
    }
}
