//! Runs the tool on every target of every file, in parallel, and judges each result by the oracle.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::events::Doc;
use crate::find::{Target, targets};
use crate::oracle::{Expected, expect};
use crate::tool::{Files, Outcome, Said, apply};
use crate::walk::Source;

/// The verdict on one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Class {
    Exact,
    /// What differs from the oracle.
    Wrong(String),
    /// The tool's reason, where the oracle has bytes.
    Refused(String),
    /// The oracle's reason to expect, or to allow, the refusal that came.
    ExpectedRefusal(&'static str),
    Panic(String),
    /// Why the oracle cannot judge this target.
    NoOracle(&'static str),
    /// How the oracle's own result fails its self-check.
    Doubt(String),
}

pub struct Case {
    pub target: Target,
    pub class: Class,
    /// What the tool made of the file, if that is wanted later.
    pub after: Option<Vec<u8>>,
    /// What the signal proof says of it.
    pub said: Option<Said>,
    /// Time in the tool alone.
    pub time: Duration,
}

pub struct FileResult {
    pub source: Source,
    /// Why the file was not looked into: no target was counted.
    pub unfit: Option<String>,
    pub cases: Vec<Case>,
    /// The original, if a result is kept.
    pub before: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
pub struct Settings {
    pub jobs: usize,
    /// Keep texts for a later check.
    pub keep: bool,
    /// Take every job for a target, not only the disabled ones.
    pub all_jobs: bool,
    /// Let the oracle's bytes stand for the tool's: judges the oracle by its self-check (and by actionlint).
    pub oracle_only: bool,
    /// Say each target before it is tried, to know which one aborted the process.
    pub announce: bool,
}

/// Every file's result, in the order of `sources`.
pub fn judge_all(sources: &[Source], settings: Settings) -> Vec<FileResult> {
    let mut repositories: BTreeMap<String, Files> = BTreeMap::new();
    for source in sources {
        if let Ok(bytes) = fs::read(&source.path) {
            repositories.entry(source.repo.clone()).or_default().insert(source.in_repo.clone(), bytes);
        }
    }
    let nothing = Files::new();
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..settings.jobs.max(1) {
            scope.spawn(|| {
                while let Some(source) = sources.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let around = repositories.get(&source.repo).unwrap_or(&nothing);
                    let result = judge_file(source, around, settings);
                    if let Ok(mut results) = results.lock() {
                        results.push(result);
                    }
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    results.sort_by(|a, b| a.source.cmp(&b.source));
    results
}

fn judge_file(source: &Source, around: &Files, settings: Settings) -> FileResult {
    let mut result = FileResult { source: source.clone(), unfit: None, cases: Vec::new(), before: Vec::new() };
    match fs::read(&source.path)
        .map_err(|e| e.to_string())
        .and_then(|bytes| judge_bytes(source, &bytes, around, settings).map(|cases| (bytes, cases)))
    {
        Err(why) => result.unfit = Some(why),
        Ok((bytes, cases)) => {
            if cases.iter().any(|case| case.after.is_some()) {
                result.before = bytes;
            }
            result.cases = cases;
        }
    }
    result
}

fn judge_bytes(source: &Source, bytes: &[u8], around: &Files, settings: Settings) -> Result<Vec<Case>, String> {
    const BOM: &str = "\u{feff}";
    let whole = std::str::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())?;
    let (bom, text) = whole.strip_prefix(BOM).map_or(("", whole), |text| (BOM, text));
    if text.replace("\r\n", "").contains('\r') {
        return Err("a carriage return without a line feed".to_owned());
    }
    let doc = Doc::parse(text)?;
    let mut cases = Vec::new();
    for found in targets(&doc, settings.all_jobs) {
        if settings.announce {
            eprintln!("{} {}", source.name, found.target.at);
        }
        let expected = with_bom(bom, expect(text, &doc, &found));
        let start = Instant::now();
        let outcome = if settings.oracle_only {
            Ok(parrot(&expected))
        } else {
            catch_unwind(AssertUnwindSafe(|| apply(&source.in_repo, bytes, &found.target, around)))
        };
        let time = start.elapsed();
        let (class, after, said) = match outcome {
            Err(payload) => (Class::Panic(panic_text(payload.as_ref())), None, None),
            Ok(outcome) => {
                let class = classify(expected, &outcome, bytes);
                match outcome {
                    Outcome::Rewritten(after, said) => (class, settings.keep.then_some(after), said),
                    _ => (class, None, None),
                }
            }
        };
        cases.push(Case { target: found.target, class, after, said, time });
    }
    Ok(cases)
}

fn with_bom(bom: &str, expected: Expected) -> Expected {
    match expected {
        Expected::Bytes { text, may_refuse } => Expected::Bytes { text: bom.to_owned() + &text, may_refuse },
        other => other,
    }
}

fn parrot(expected: &Expected) -> Outcome {
    match expected {
        Expected::Bytes { text, .. } => Outcome::Rewritten(text.clone().into_bytes(), None),
        Expected::Refusal(reason) | Expected::NoOracle(reason) => Outcome::Refused((*reason).to_owned()),
        Expected::Doubt(why) => Outcome::Refused(why.clone()),
    }
}

fn classify(expected: Expected, outcome: &Outcome, before: &[u8]) -> Class {
    match (expected, outcome) {
        (Expected::Doubt(why), _) => Class::Doubt(why),
        (Expected::NoOracle(reason), _) => Class::NoOracle(reason),
        (_, Outcome::Done) => Class::Wrong("the tool finds nothing to do".to_owned()),
        (Expected::Bytes { text, .. }, Outcome::Rewritten(after, _)) => {
            match first_difference(text.as_bytes(), after) {
                None => Class::Exact,
                Some(difference) => Class::Wrong(difference),
            }
        }
        (Expected::Bytes { may_refuse: Some(reason), .. }, Outcome::Refused(_)) => Class::ExpectedRefusal(reason),
        (Expected::Bytes { may_refuse: None, .. }, Outcome::Refused(why)) => Class::Refused(why.clone()),
        (Expected::Refusal(reason), Outcome::Refused(_)) => Class::ExpectedRefusal(reason),
        (Expected::Refusal(reason), Outcome::Rewritten(after, _)) => {
            let difference = first_difference(before, after).unwrap_or_default();
            Class::Wrong(format!(
                "rewritten although it should be refused ({reason}); against the original: {difference}"
            ))
        }
    }
}

/// The first line in which the texts differ; bytes that are not text are escaped.
fn first_difference(expected: &[u8], actual: &[u8]) -> Option<String> {
    if expected == actual {
        return None;
    }
    let mut pairs = (expected.split_inclusive(|&b| b == b'\n'), actual.split_inclusive(|&b| b == b'\n'));
    let mut line = 0;
    loop {
        line += 1;
        let (want, got) = (pairs.0.next(), pairs.1.next());
        if want != got || want.is_none() {
            let show = |text: Option<&[u8]>| {
                text.map_or("the end of the file".to_owned(), |t| format!("\"{}\"", t.escape_ascii()))
            };
            return Some(format!("line {line}: expected {}, got {}", show(want), show(got)));
        }
    }
}

fn panic_text(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "panic".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_its_line_and_shows_line_ends() {
        assert_eq!(first_difference(b"a\nb\n", b"a\nb\n"), None);
        let difference = first_difference(b"a\nb\r\n", b"a\nb\n").unwrap();
        assert_eq!(difference, r#"line 2: expected "b\r\n", got "b\n""#);
        assert_eq!(first_difference(b"a\n", b"").unwrap(), r#"line 1: expected "a\n", got the end of the file"#);
    }

    #[test]
    fn nothing_but_the_exact_bytes_is_exact() {
        let bytes = |may_refuse| Expected::Bytes { text: "b\n".to_owned(), may_refuse };
        let refused = Outcome::Refused("no".to_owned());
        assert_eq!(classify(bytes(None), &Outcome::Rewritten(b"b\n".to_vec(), None), b"a\n"), Class::Exact);
        assert!(matches!(classify(bytes(None), &Outcome::Rewritten(b"b".to_vec(), None), b"a\n"), Class::Wrong(_)));
        assert!(matches!(classify(bytes(None), &Outcome::Done, b"a\n"), Class::Wrong(_)));
        assert_eq!(classify(bytes(None), &refused, b"a\n"), Class::Refused("no".to_owned()));
        assert_eq!(classify(bytes(Some("r")), &refused, b"a\n"), Class::ExpectedRefusal("r"));
        assert_eq!(classify(Expected::Refusal("r"), &refused, b"a\n"), Class::ExpectedRefusal("r"));
        assert!(matches!(classify(Expected::Refusal("r"), &Outcome::Rewritten(vec![], None), b"a\n"), Class::Wrong(_)));
    }
}
