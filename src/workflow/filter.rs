//! `branches`, `tags` and `paths` filters: GitHub's own patterns, and what they can let through.
//!
//! Source: workflow syntax, "Filter pattern cheat sheet" and `on.<push|pull_request>.paths`: `*` stops at `/`, `**` does
//! not, `?` and `+` repeat what stands before them, `[...]` is one character, `!` in front takes out again; the pattern
//! must match the whole name, and of several patterns the last that matches decides. These are no shell globs: `**.js`
//! matches at any depth, and `?` is no wildcard.
//!
//! Promises: [`Filter::shuts_out`] says yes only where no name of the shape can get through. Limitations: `!` in an
//! `-ignore` list is not documented and is read as in the other lists; past four `**/`, a pattern reads as if each stood
//! for at least one folder or none was asked for, which lets more through.

use std::borrow::Borrow;
use std::cell::OnceCell;

use super::view::Trigger;

/// What one place of a pattern takes.
#[derive(Debug, Clone, PartialEq)]
enum Set {
    Any,
    NoSlash,
    One(char),
    Ranges(Vec<(char, char)>),
}

#[derive(Debug, Clone, PartialEq)]
struct Token {
    set: Set,
    optional: bool,
    repeats: bool,
}

/// One pattern.
#[derive(Debug, Clone)]
struct Pattern {
    body: String,
    negated: bool,
    /// How many bytes at its begin stand for themselves.
    lead: usize,
    /// Where those at its end begin that do.
    tail: usize,
    /// Its readings, any of which may match, once asked.
    readings: OnceCell<Vec<Vec<Token>>>,
}

/// A filter of one trigger.
#[derive(Debug, Clone)]
pub struct Filter {
    patterns: Vec<Pattern>,
    ignores: bool,
}

/// Names of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape<'s> {
    /// This one.
    Exactly(&'s str),
    /// Everything below this folder.
    Below(&'s str),
    /// Everything that ends so.
    Ending(&'s str),
}

impl Filter {
    /// The `key` and `key-ignore` filter of a trigger, such as `paths`.
    pub fn of(trigger: &Trigger<'_>, key: &str) -> Option<Filter> {
        let (name, texts) = trigger
            .filters
            .iter()
            .find(|(name, texts)| name.text.strip_suffix("-ignore").unwrap_or(name.text) == key && !texts.is_empty())?;
        let patterns = texts.iter().map(|text| Pattern::of(text.text)).collect();
        Some(Filter { patterns, ignores: name.text.ends_with("-ignore") })
    }

    /// Whether a name gets through.
    pub fn passes(&self, name: &str) -> bool {
        !self.shuts_out(Shape::Exactly(name))
    }

    /// Whether no name of the shape gets through.
    pub fn shuts_out(&self, shape: Shape<'_>) -> bool {
        let mut open = self.ignores;
        for pattern in &self.patterns {
            match pattern.negated != self.ignores {
                false if pattern.may(shape) => open = true,
                true if pattern.covers(shape) => open = false,
                _ => {}
            }
        }
        !open
    }

    /// Whether every pattern has `!` in front; GitHub asks for at least one that has not.
    pub fn only_takes_out(&self) -> bool {
        !self.ignores && self.patterns.iter().all(|pattern| pattern.negated)
    }
}

/// The most `**/` that are read both ways.
const MOST_FOLDERS: usize = 4;

impl Pattern {
    fn of(text: &str) -> Pattern {
        let (negated, body) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        Pattern { body: body.to_owned(), negated, lead: lead(body), tail: tail(body), readings: OnceCell::new() }
    }

    /// The readings, where the pattern can have to do with names of the shape: most begin or end otherwise.
    fn readings(&self, shape: Shape<'_>) -> &[Vec<Token>] {
        let (lead, tail) = (&self.body[..self.lead], &self.body[self.tail..]);
        let begins = |name: &str| name.starts_with(lead) || lead.starts_with(name);
        let goes = match shape {
            Shape::Exactly(name) => begins(name) && name.ends_with(tail),
            Shape::Below(folder) => begins(folder.trim_end_matches('/')),
            Shape::Ending(end) => end.ends_with(tail) || tail.ends_with(end),
        };
        if goes { self.readings.get_or_init(|| readings(&self.body)) } else { &[] }
    }

    /// Whether a name of the shape can match.
    fn may(&self, shape: Shape<'_>) -> bool {
        self.readings(shape).iter().any(|reading| match shape {
            Shape::Exactly(name) => after(reading, name.chars()).contains(&reading.len()),
            Shape::Below(folder) => !after(reading, below(folder)).is_empty(),
            Shape::Ending(end) => !after(&reversed(reading), end.chars().rev()).is_empty(),
        })
    }

    /// Whether every name of the shape matches.
    fn covers(&self, shape: Shape<'_>) -> bool {
        self.readings(shape).iter().any(|reading| match shape {
            Shape::Exactly(_) => self.may(shape),
            Shape::Below(folder) => takes_all(reading, after(reading, below(folder))),
            Shape::Ending(end) => {
                let reversed = reversed(reading);
                let left = after(&reversed, end.chars().rev());
                takes_all(&reversed, left)
            }
        }) || matches!(shape, Shape::Ending(_)) && self.any_depth(shape)
    }

    /// `**/*.md`: in no folder and in any, which takes the two readings together.
    fn any_depth(&self, shape: Shape<'_>) -> bool {
        let Shape::Ending(end) = shape else { return false };
        let below = self.readings(shape).iter().any(|reading| {
            let [first, slash, rest @ ..] = &reading[..] else { return false };
            let free = |token: &Token| token.optional && token.repeats;
            let ends = after(&reversed(rest), end.chars().rev());
            first.set == Set::Any
                && free(first)
                && slash.set == Set::One('/')
                && ends.into_iter().any(|at| {
                    let left = || rest.iter().rev().skip(at);
                    left().all(free) && left().any(|token| matches!(token.set, Set::NoSlash | Set::Any))
                })
        });
        below && self.readings(shape).len() > 1
    }
}

/// Whether what is left of a pattern at one of these places takes whatever comes.
fn takes_all<T: Borrow<Token>>(tokens: &[T], left: Vec<usize>) -> bool {
    let any = |token: &Token| token.set == Set::Any && token.repeats;
    left.into_iter().any(|at| {
        let rest = || tokens[at..].iter().map(Borrow::borrow);
        rest().any(any) && rest().all(|token| token.optional)
    })
}

/// Whether a byte of a pattern stands for something else, or may.
fn is_sign(byte: u8) -> bool {
    matches!(byte, b'*' | b'?' | b'+' | b'[' | b']' | b'\\')
}

/// How many bytes of a pattern's begin stand for themselves: what `?` or `+` repeats does not.
fn lead(body: &str) -> usize {
    let end = body.bytes().position(is_sign).unwrap_or(body.len());
    match body.as_bytes().get(end) {
        Some(b'?' | b'+') => body[..end].char_indices().next_back().map_or(0, |(at, _)| at),
        _ => end,
    }
}

/// Where those at its end begin: behind the last sign, and behind the slash of `**/`, which is left out for no folder.
fn tail(body: &str) -> usize {
    let start = body.bytes().rposition(is_sign).map_or(0, |sign| sign + 1);
    start + usize::from(start > 0 && body[start..].starts_with('/'))
}

/// All readings of a pattern without its `!`.
fn readings(body: &str) -> Vec<Vec<Token>> {
    let mut readings: Vec<Vec<Token>> = vec![Vec::new()];
    let mut rest = body;
    let mut folders = 0;
    while let Some(c) = rest.chars().next() {
        let starts = rest.len() == body.len() || body[..body.len() - rest.len()].ends_with('/');
        if starts && rest.starts_with("**/") && folders < MOST_FOLDERS {
            folders += 1;
            let deep = readings.iter().map(|reading| {
                let folder = [Token::new(Set::Any, true, true), Token::new(Set::One('/'), false, false)];
                [&reading[..], &folder].concat()
            });
            readings = deep.collect::<Vec<_>>().into_iter().chain(readings).collect();
            rest = &rest[3..];
            continue;
        }
        let (token, used) = token(c, rest);
        match (token, c) {
            (Some(token), _) => readings.iter_mut().for_each(|reading| reading.push(token.clone())),
            (None, c) => readings.iter_mut().filter_map(|reading| reading.last_mut()).for_each(|last| {
                last.optional |= c == '?';
                last.repeats |= c == '+';
            }),
        }
        rest = &rest[used..];
    }
    readings
}

/// The next token and how many bytes it takes; none for `?` and `+`, which change the one before.
fn token(c: char, rest: &str) -> (Option<Token>, usize) {
    let one = |set| Some(Token::new(set, false, false));
    match c {
        '*' if rest.starts_with("**") => {
            (Some(Token::new(Set::Any, true, true)), rest.len() - rest.trim_start_matches('*').len())
        }
        '*' => (Some(Token::new(Set::NoSlash, true, true)), 1),
        '?' | '+' => (None, 1),
        '[' => match rest.find(']') {
            Some(end) => (one(Set::Ranges(ranges(&rest[1..end]))), end + 1),
            None => (one(Set::One('[')), 1),
        },
        '\\' => match rest.chars().nth(1) {
            Some(next) => (one(Set::One(next)), 1 + next.len_utf8()),
            None => (one(Set::One('\\')), 1),
        },
        c => (one(Set::One(c)), c.len_utf8()),
    }
}

fn ranges(body: &str) -> Vec<(char, char)> {
    let chars: Vec<char> = body.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        match chars.get(at..at + 3) {
            Some([from, '-', to]) => {
                found.push((*from, *to));
                at += 3;
            }
            _ => {
                found.push((chars[at], chars[at]));
                at += 1;
            }
        }
    }
    found
}

fn below(folder: &str) -> impl Iterator<Item = char> + '_ {
    folder.trim_end_matches('/').chars().chain(std::iter::once('/'))
}

fn reversed(tokens: &[Token]) -> Vec<&Token> {
    tokens.iter().rev().collect()
}

/// The places in a pattern that its matching can have reached after these characters.
fn after<T: Borrow<Token>>(tokens: &[T], chars: impl Iterator<Item = char>) -> Vec<usize> {
    let (mut states, mut next) = (vec![0], Vec::new());
    close(tokens, &mut states);
    for c in chars {
        if states.is_empty() {
            break;
        }
        next.clear();
        for &at in &states {
            let Some(token) = tokens.get(at).map(Borrow::borrow).filter(|token| token.takes(c)) else { continue };
            next.push(at + 1);
            if token.repeats {
                next.push(at);
            }
        }
        close(tokens, &mut next);
        std::mem::swap(&mut states, &mut next);
    }
    states
}

/// Adds the places where one is with what can be left out skipped.
fn close<T: Borrow<Token>>(tokens: &[T], states: &mut Vec<usize>) {
    let mut index = 0;
    while let Some(&at) = states.get(index) {
        if tokens.get(at).is_some_and(|token| token.borrow().optional) && !states.contains(&(at + 1)) {
            states.push(at + 1);
        }
        index += 1;
    }
    if states.len() > 1 {
        states.sort_unstable();
        states.dedup();
    }
}

impl Token {
    fn new(set: Set, optional: bool, repeats: bool) -> Token {
        Token { set, optional, repeats }
    }

    fn takes(&self, c: char) -> bool {
        match &self.set {
            Set::Any => true,
            Set::NoSlash => c != '/',
            Set::One(own) => *own == c,
            Set::Ranges(ranges) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(ignores: bool, patterns: &[&str]) -> Filter {
        Filter { patterns: patterns.iter().map(|text| Pattern::of(text)).collect(), ignores }
    }

    #[test]
    fn patterns_match_as_the_cheat_sheet_says() {
        for (pattern, yes, no) in [
            ("*", &["README.md", "a"][..], &["docs/a"][..]),
            ("*.jsx?", &["page.js", "page.jsx"], &["a/page.js", "page.jsxx"]),
            ("**", &["all/the/files.md", "a"], &[]),
            ("**.js", &["index.js", "js/index.js", "src/js/app.js"], &["a.jsx"]),
            ("docs/*", &["docs/README.md"], &["docs/a/b.md", "docs", "docsx/a"]),
            ("docs/**", &["docs/README.md", "docs/mona/octocat.txt"], &["doc/a"]),
            ("docs/**/*.md", &["docs/README.md", "docs/a/b/c.md"], &["docs/a.txt", "README.md"]),
            ("**/docs/**", &["docs/hello.md", "dir/docs/a.txt", "space/docs/plan/space.doc"], &["xdocs/a"]),
            ("**/README.md", &["README.md", "js/README.md"], &["XREADME.md"]),
            ("**/*src/**", &["a/src/app.js", "my-src/code/js/app.js"], &["a/source/x"]),
            ("**/*-post.md", &["my-post.md", "path/their-post.md"], &["post.md"]),
            ("v[12].[0-9]+.[0-9]+", &["v1.10.1", "v2.0.0"], &["v3.0.0", "v1.x.0"]),
            ("a\\*b", &["a*b"], &["axb"]),
        ] {
            for name in yes {
                assert!(filter(false, &[pattern]).passes(name), "{pattern} {name}");
            }
            for name in no {
                assert!(!filter(false, &[pattern]).passes(name), "{pattern} {name}");
            }
        }
    }

    #[test]
    fn the_last_pattern_that_matches_decides() {
        let back = filter(false, &["**", "!docs/**", "docs/keep.md"]);
        assert!(back.passes("src/a") && !back.passes("docs/a") && back.passes("docs/keep.md"));
        assert!(!filter(false, &["!docs/**", "docs/**", "!docs/**"]).passes("docs/a"));
        assert!(filter(false, &["!docs/**"]).only_takes_out());
        let ignore = filter(true, &["**.md", "docs/**"]);
        assert!(ignore.passes("a.rs") && !ignore.passes("x/a.md") && !ignore.passes("docs/a.rs"));
    }

    #[test]
    fn whole_shapes_are_shut_out_only_where_nothing_gets_through() {
        for (ignores, patterns, shape, shut) in [
            (false, &["backend/**"][..], Shape::Below("frontend"), true),
            (false, &["backend/**", "**.js"], Shape::Below("frontend"), false),
            (false, &["frontend/src/**"], Shape::Below("frontend"), false),
            (false, &["**", "!frontend/**"], Shape::Below("frontend"), true),
            (false, &["**", "!frontend/docs/**"], Shape::Below("frontend"), false),
            (false, &["front*/**"], Shape::Below("frontend"), false),
            (true, &["frontend/**"], Shape::Below("frontend"), true),
            (true, &["frontend/**"], Shape::Below("frontend/app"), true),
            (true, &["frontend/*"], Shape::Below("frontend"), false),
            (true, &["**.md"], Shape::Ending(".md"), true),
            (true, &["**/*.md"], Shape::Ending(".md"), true),
            (true, &["*.md"], Shape::Ending(".md"), false),
            (true, &["docs/**/*.md"], Shape::Ending(".md"), false),
            (true, &["**/a*.md"], Shape::Ending(".md"), false),
            (true, &["**/README.md"], Shape::Ending(".md"), false),
            (false, &["**.rs", "Cargo.*"], Shape::Ending(".py"), false),
            (false, &["**.rs", "Cargo.toml"], Shape::Ending(".py"), true),
            (false, &["src/**"], Shape::Ending(".py"), false),
        ] {
            assert_eq!(filter(ignores, patterns).shuts_out(shape), shut, "{ignores} {patterns:?} {shape:?}");
        }
    }
}
