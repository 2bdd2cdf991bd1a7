//! One byte more, less or other, anywhere in a fixed file: a series that passes all the same differs in white space
//! alone, and only on lines that the plan writes or on blank lines beside them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use wf_fix::change::Snapshot;
use wf_fix::rule::{Layer, Register};
use wf_fix::verify::series::{Commit, Entry, Item, Series};
use wf_fix::verify::{Request, verify};

const SHAPES: [(&str, &str); 5] = [
    ("M03-R01", "target_determination.yml"),
    ("M03-R02", "llm_td_retrieval.yml"),
    ("M03-R03", "trunk.yml"),
    ("M03-R04", "tools-unit-tests.yml"),
    ("M03-R05", "scorecards.yml"),
];

fn read(side: &str, name: &str) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/milestone-m04");
    fs::read(root.join(side).join(".github/workflows").join(name)).unwrap()
}

fn register() -> Register {
    let rule = |(id, _): (&str, &str)| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("rules/{id}.yml"));
        (format!("{id}.yml"), fs::read(path).unwrap())
    };
    Register::load(&[Layer { origin: "test".into(), files: SHAPES.map(rule).into() }]).unwrap()
}

/// Whether a commit that makes `after` of a file passes, and whether it is said to differ in form.
fn passes(register: &Register, id: &str, path: &str, before: &[u8], after: &[u8]) -> (bool, bool) {
    let item = |id: &str| Some(Item { id: id.repeat(40), mode: 0o100_644 });
    let files = |bytes: &[u8]| BTreeMap::from([(path.to_owned(), bytes.to_vec())]);
    let commit = Commit {
        id: "c".repeat(40),
        parents: vec!["b".repeat(40)],
        subject: format!("Mend {id}"),
        author_day: "2026-02-08".into(),
        committer_day: "2026-02-08".into(),
        entries: vec![Entry { path: path.to_owned(), before: item("1"), after: item("2") }],
        before: Snapshot { names: vec![path.to_owned()], files: files(before), ..Snapshot::default() },
        after: files(after),
        ..Commit::default()
    };
    let series = Series { head: "c".repeat(40), commits: vec![commit], ..Series::default() };
    let head = Snapshot { files: files(after), ..Snapshot::default() };
    let start = Snapshot::default();
    let verdict = verify(Request {
        series: &series,
        register,
        milestone: None,
        rule_folders: &[],
        start: &start,
        head: &head,
        exact: false,
    });
    (verdict.passes(), !verdict.commits[0].form.is_empty())
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

fn mutate(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let at = random.below(bytes.len());
    let new = *b" x\n#'-:\t\"\r".get(random.below(10)).unwrap();
    match random.below(3) {
        0 => drop(out.remove(at)),
        1 => out.insert(at, new),
        _ => out[at] = new,
    }
    out
}

/// What must survive any hand: the characters, and the lines that the plan does not write.
fn essence(before: &[u8], planned: &[u8], bytes: &[u8]) -> (String, Vec<String>) {
    let [before, planned, text] = [before, planned, bytes].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let written: Vec<&str> = planned.lines().filter(|line| !before.lines().any(|old| old == *line)).collect();
    let kept =
        |line: &&str| !line.trim().is_empty() && before.lines().any(|old| old == *line) && !written.contains(line);
    let lines = text.split('\n').filter(kept).map(str::to_owned).collect();
    (text.split_whitespace().collect(), lines)
}

#[test]
fn a_mutation_that_passes_is_white_space_in_the_plan_s_own_lines() {
    let (register, mut random) = (register(), Random(20_260_208));
    let (mut tried, mut passed) = (0, 0);
    for (id, name) in SHAPES {
        let path = format!(".github/workflows/{name}");
        let (before, planned) = (read("in", name), read("out", name));
        assert_eq!(passes(&register, id, &path, &before, &planned), (true, false), "{id}");
        for _ in 0..120 {
            let mutant = mutate(&planned, &mut random);
            if mutant == planned {
                continue;
            }
            tried += 1;
            let (passes, form) = passes(&register, id, &path, &before, &mutant);
            if passes {
                passed += 1;
                let (own, plan) = (essence(&before, &planned, &mutant), essence(&before, &planned, &planned));
                assert!(form && own == plan, "{id} passes:\n{}", String::from_utf8_lossy(&mutant));
            }
        }
    }
    assert!(tried > 500 && passed > 0 && passed < tried / 10, "{passed} of {tried}");
}
