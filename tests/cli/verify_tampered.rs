//! Series that are not what they say: each row is tampered with in one way, and must fail for that reason at that place.
//!
//! A row's series is the milestone's five fixes (of the golden case), committed with messages of other words. `edit` changes the worktree before the commit of the risk `at` is made; `message` words that commit; `later`
//! does what comes after the five.

use std::path::Path;

use serde_json::Value;

use crate::fixture::{Fixture, R01, TRUNK};

const R02: &str = ".github/workflows/llm_td_retrieval.yml";
const R04: &str = ".github/workflows/tools-unit-tests.yml";
const R05: &str = ".github/workflows/scorecards.yml";
const LINT: &str = ".github/workflows/lint.yml";
pub const RISKS: [&str; 5] = ["M03-R01", "M03-R02", "M03-R03", "M03-R04", "M03-R05"];

struct Row {
    name: &'static str,
    at: &'static str,
    edit: fn(&Fixture),
    message: &'static str,
    later: fn(&Fixture),
    /// Every reason: its code, then `file:line`, `file` or nothing. `0` to `9` in front is the commit, from 0.
    reasons: &'static [&'static str],
}

const PLAIN: Row = Row { name: "", at: "", edit: |_| {}, message: "", later: |_| {}, reasons: &[] };

fn replace(fixture: &Fixture, path: &str, from: &str, to: &str) {
    let text = fixture.read(path);
    assert!(text.contains(from), "{path} has no {from:?}");
    fixture.write(path, text.replacen(from, to, 1).as_bytes());
}

fn append(fixture: &Fixture, path: &str, text: &str) {
    let now = fixture.read(path);
    fixture.write(path, (now + text).as_bytes());
}

/// The five fixes as commits by hand, `row` tampering.
fn build(row: &Row) -> Fixture {
    let fixture = Fixture::demo();
    prepare(&fixture);
    for id in RISKS {
        let fixed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/milestone-m04/out").join(file_of(id));
        fixture.write(file_of(id), &std::fs::read(fixed).unwrap());
        let tampered = row.at == id;
        if tampered {
            (row.edit)(&fixture);
        }
        let message = if tampered && !row.message.is_empty() { row.message.to_owned() } else { by_hand(id) };
        if message != "-" {
            fixture.git(&["add", "-A"]);
            fixture.git(&["commit", "-q", "--allow-empty", "-m", &message]);
        }
    }
    (row.later)(&fixture);
    fixture
}

fn file_of(id: &str) -> &'static str {
    match id {
        "M03-R01" => R01,
        "M03-R02" => R02,
        "M03-R03" => TRUNK,
        "M03-R04" => R04,
        _ => R05,
    }
}

pub fn by_hand(id: &str) -> String {
    format!("Mend what {id} says\n\nDone by hand, after a look at the register.")
}

/// Every reason of a verdict, in order: the commit's number, the code, the place.
fn reasons(fixture: &Fixture, verdict: &Value) -> Vec<String> {
    let order = fixture.git(&["rev-list", "--topo-order", "--reverse", "base..HEAD"]);
    let order: Vec<&str> = order.lines().collect();
    let lists = [&verdict["commits"], &verdict["invariants"]].into_iter().flat_map(|all| all.as_array().unwrap());
    let own = verdict["reasons"].as_array().unwrap().iter();
    let all = lists.flat_map(|one| one["reasons"].as_array().unwrap()).chain(own);
    all.map(|reason| {
        let commit = order.iter().position(|id| reason["commit"] == **id).unwrap();
        let mut out = format!("{commit} {}", reason["code"].as_str().unwrap());
        if let Some(file) = reason["file"].as_str() {
            out.push_str(&format!(" {}", file.rsplit('/').next().unwrap()));
        }
        if let Some(line) = reason["line"].as_u64() {
            out.push_str(&format!(":{line}"));
        }
        assert!(!reason["cause"].as_str().unwrap().is_empty());
        out
    })
    .collect()
}

const ROWS: &[Row] = &[
    Row {
        name: "an extra byte",
        at: "M03-R01",
        edit: |f| replace(f, R01, "submodules: false\n", "submodules: false \n"),
        reasons: &["0 white-space target_determination.yml:21"],
        ..PLAIN
    },
    Row {
        name: "a blank line more",
        at: "M03-R04",
        edit: |f| replace(f, R04, "permissions:\n", "\npermissions:\n"),
        reasons: &["3 white-space tools-unit-tests.yml:15"],
        ..PLAIN
    },
    Row {
        name: "an extra file",
        at: "M03-R02",
        edit: |f| f.write("README.md", b"hello\n"),
        reasons: &["1 extra-file README.md"],
        ..PLAIN
    },
    Row {
        name: "another workflow changed along the way",
        at: "M03-R02",
        edit: |f| append(f, LINT, "# later\n"),
        reasons: &["1 extra-file lint.yml"],
        ..PLAIN
    },
    Row {
        name: "two risks in one commit",
        at: "M03-R02",
        edit: |f| drop(f.wf_fix(&["--risk", "M03-R05", "--no-commit"])),
        message: "M03-R02 and M03-R05 at once",
        reasons: &["1 two-risks", "4 empty-commit", "4 missing-risk"],
        ..PLAIN
    },
    Row {
        name: "a risk is missing",
        at: "M03-R05",
        edit: |f| drop(f.git(&["checkout", "-q", "--", R05])),
        message: "-",
        reasons: &["3 missing-risk"],
        ..PLAIN
    },
    Row {
        name: "a reformatted file",
        at: "M03-R05",
        edit: |f| replace(f, R05, "branches: [main]", "branches:\n      - main"),
        reasons: &["4 reformatted scorecards.yml:9"],
        ..PLAIN
    },
    Row {
        name: "another indent",
        at: "M03-R05",
        edit: |f| replace(f, R05, "  push:\n    branches: [main]", "  push:\n      branches: [main]"),
        reasons: &["4 white-space scorecards.yml:9"],
        ..PLAIN
    },
    Row {
        name: "a comment lost",
        at: "M03-R05",
        edit: |f| replace(f, R05, "  # Scores change when branch protection does.\n", ""),
        reasons: &["4 comment-lost scorecards.yml:4"],
        ..PLAIN
    },
    Row {
        name: "a comment moved",
        at: "M03-R05",
        edit: |f| {
            replace(
                f,
                R05,
                "# Nothing by default; the job asks for what it needs.\npermissions: read-all\n",
                "permissions: read-all\n# Nothing by default; the job asks for what it needs.\n",
            );
        },
        reasons: &["4 comment-moved scorecards.yml:12"],
        ..PLAIN
    },
    Row {
        name: "a comment added",
        at: "M03-R01",
        edit: |f| replace(f, R01, "        id: td\n", "        id: td  # see the wiki\n"),
        reasons: &["0 comment-added target_determination.yml:51"],
        ..PLAIN
    },
    Row {
        name: "a changed file mode",
        at: "M03-R01",
        edit: |f| {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(f.root().join(R01), std::fs::Permissions::from_mode(0o755)).unwrap();
        },
        reasons: &["0 mode-changed target_determination.yml"],
        ..PLAIN
    },
    Row {
        name: "an edit of a rule file in the same range",
        at: "M03-R04",
        edit: |f| replace(f, ".wf-fix/rules/X-1.yml", "reason: why", "reason: because"),
        reasons: &["3 rule-edited X-1.yml"],
        ..PLAIN
    },
    Row {
        name: "a rule that accepts the risk comes in beside it",
        at: "M03-R04",
        edit: |f| {
            let rule = "id: M03-R05\ntitle: t\nseverity: low\ncategory: soft-fail\nworkflow: a.yml\ndisposition: accept\nreason: r\n";
            f.write(".wf-fix/rules/M03-R05.yml", rule.as_bytes());
        },
        reasons: &["3 rule-edited M03-R05.yml"],
        ..PLAIN
    },
    Row {
        name: "a merge commit",
        later: |f| {
            f.git(&["checkout", "-q", "-b", "side", "HEAD~1"]);
            f.write("other.txt", b"x\n");
            f.commit("Something else");
            f.git(&["checkout", "-q", "main"]);
            f.git(&["merge", "-q", "--no-ff", "-m", "Merge side", "side"]);
        },
        reasons: &["5 no-risk", "6 no-risk", "6 merge-commit"],
        ..PLAIN
    },
    Row {
        name: "a reverted risk",
        later: |f| drop(f.git(&["revert", "--no-edit", "HEAD~4"])),
        reasons: &[
            "5 risk-returns target_determination.yml",
            "5 risk-twice",
            "5 invariant target_determination.yml:52",
            "5 not-done-at-head target_determination.yml:1",
        ],
        ..PLAIN
    },
    Row {
        name: "one soft-fail goes and another comes in elsewhere in the file",
        at: "M03-R01",
        edit: |f| {
            replace(
                f,
                R01,
                "      - name: Install requirements\n",
                "      - name: Install requirements\n        continue-on-error: true\n",
            )
        },
        reasons: &["0 soft-fail-added target_determination.yml:30"],
        ..PLAIN
    },
    Row {
        name: "one soft-fail goes and another comes in in another file",
        at: "M03-R01",
        edit: |f| {
            replace(f, LINT, "    timeout-minutes: 30\n", "    timeout-minutes: 30\n    continue-on-error: true\n")
        },
        reasons: &["0 extra-file lint.yml", "4 invariant lint.yml:21"],
        ..PLAIN
    },
    Row {
        name: "the soft-fail moves to the job",
        at: "M03-R04",
        edit: |f| {
            replace(f, R04, "    timeout-minutes: 15\n", "    timeout-minutes: 15\n    continue-on-error: true\n")
        },
        reasons: &["3 soft-fail-added tools-unit-tests.yml:27", "4 invariant tools-unit-tests.yml:27"],
        ..PLAIN
    },
    Row {
        name: "carriage returns",
        at: "M03-R04",
        edit: |f| f.write(R04, f.read(R04).replace('\n', "\r\n").as_bytes()),
        reasons: &["3 line-ends tools-unit-tests.yml:1"],
        ..PLAIN
    },
    Row {
        name: "the final newline lost",
        at: "M03-R02",
        edit: |f| f.write(R02, f.read(R02).trim_end().as_bytes()),
        reasons: &["1 final-newline llm_td_retrieval.yml:68"],
        ..PLAIN
    },
    Row {
        name: "a byte order mark comes in",
        at: "M03-R02",
        edit: |f| f.write(R02, format!("\u{feff}{}", f.read(R02)).as_bytes()),
        reasons: &["1 byte-order-mark llm_td_retrieval.yml:1"],
        ..PLAIN
    },
    Row {
        name: "quotes swapped",
        at: "M03-R01",
        edit: |f| replace(f, R01, "python-version: \"3.12\"", "python-version: '3.12'"),
        reasons: &["0 quotes target_determination.yml:26"],
        ..PLAIN
    },
    Row {
        name: "the note missing",
        at: "M03-R03",
        edit: |f| {
            let text = f.read(TRUNK);
            let start = text.find("  # NOTE: linux").unwrap();
            let end = text.find("working job.\n").unwrap() + "working job.\n".len();
            f.write(TRUNK, (text[..start].to_owned() + &text[end..]).as_bytes());
        },
        reasons: &["2 note-missing trunk.yml:78", "2 note-missing trunk.yml:79", "2 note-missing trunk.yml:80"],
        ..PLAIN
    },
    Row {
        name: "the note with a wrong job name",
        at: "M03-R03",
        edit: |f| replace(f, TRUNK, "clang15-executorch-build and", "clang18-executorch-build and"),
        reasons: &["2 note-differs trunk.yml:78"],
        ..PLAIN
    },
    Row {
        name: "the note with a day that is none",
        at: "M03-R03",
        edit: |f| replace(f, TRUNK, "(2026-02-08)", "(2026-02-31)"),
        reasons: &["2 note-differs trunk.yml:79"],
        ..PLAIN
    },
    Row {
        name: "the justification missing",
        at: "M03-R02",
        edit: |f| {
            let text = f.read(R02);
            let kept: Vec<&str> = text.lines().filter(|line| !line.contains("does not gate correctness")).collect();
            f.write(R02, (kept.join("\n") + "\n").as_bytes());
        },
        reasons: &["1 note-missing llm_td_retrieval.yml:47"],
        ..PLAIN
    },
    Row {
        name: "an extra key",
        at: "M03-R04",
        edit: |f| replace(f, R04, "    timeout-minutes: 15\n", "    timeout-minutes: 15\n    environment: prod\n"),
        reasons: &["3 extra-change tools-unit-tests.yml:27"],
        ..PLAIN
    },
    Row {
        name: "the condition mended to something else",
        at: "M03-R05",
        edit: |f| {
            replace(f, R05, "if: github.repository == 'pytorch/pytorch'", "if: github.repository == 'evil/pytorch'")
        },
        reasons: &["4 extra-change scorecards.yml:24"],
        ..PLAIN
    },
    Row {
        name: "a script that fails is silenced in its lines",
        at: "M03-R04",
        edit: |f| replace(f, R04, "pytest -v -s .ci/lumen_cli/tests\n", "pytest -v -s .ci/lumen_cli/tests || true\n"),
        reasons: &["3 extra-change tools-unit-tests.yml:49", "4 invariant tools-unit-tests.yml:50"],
        ..PLAIN
    },
    Row {
        name: "a file renamed",
        at: "M03-R04",
        edit: |f| drop(f.git(&["mv", R04, ".github/workflows/tools.yml"])),
        reasons: &["3 renamed tools-unit-tests.yml", "3 renamed tools.yml"],
        ..PLAIN
    },
    Row {
        name: "a symbolic link swapped in",
        at: "M03-R05",
        edit: |f| {
            std::fs::remove_file(f.root().join(R05)).unwrap();
            std::os::unix::fs::symlink("lint.yml", f.root().join(R05)).unwrap();
        },
        reasons: &["4 symlink scorecards.yml", "4 invariant scorecards.yml:1"],
        ..PLAIN
    },
    Row {
        name: "a submodule added",
        at: "M03-R05",
        edit: |f| {
            f.git(&["init", "-q", "sub"]);
            f.git(&["-C", "sub", "commit", "-q", "--allow-empty", "-m", "x"]);
        },
        reasons: &["4 submodule sub"],
        ..PLAIN
    },
    Row {
        name: "a binary file",
        at: "M03-R01",
        edit: |f| f.write("data.bin", b"\0\x01\x02"),
        reasons: &["0 binary data.bin"],
        ..PLAIN
    },
    Row {
        name: "a workflow that is no text any more",
        at: "M03-R01",
        edit: |f| f.write(R01, b"\0\x01\x02"),
        reasons: &[
            "0 unreadable target_determination.yml:1",
            "4 invariant target_determination.yml:1",
            "4 invariant target_determination.yml:1",
        ],
        ..PLAIN
    },
    Row {
        name: "a workflow too large to be read",
        at: "M03-R01",
        edit: |f| append(f, R01, &"# padding, and what hides behind it\n".repeat(300_000)),
        reasons: &[
            "0 unreadable target_determination.yml",
            "4 invariant *.yml:1",
            "4 invariant target_determination.yml:1",
        ],
        ..PLAIN
    },
    Row {
        name: "a workflow that does not parse any more",
        at: "M03-R01",
        edit: |f| append(f, R01, "jobs: {\n"),
        reasons: &[
            "0 unreadable target_determination.yml:69",
            "4 invariant target_determination.yml:69",
            "4 invariant target_determination.yml:69",
        ],
        ..PLAIN
    },
    Row {
        name: "an unknown risk ID",
        at: "M03-R01",
        message: "Mend M03-R91",
        reasons: &["0 unknown-risk", "4 missing-risk"],
        ..PLAIN
    },
    Row {
        name: "no risk ID",
        at: "M03-R01",
        message: "Mend things",
        reasons: &["0 no-risk", "4 missing-risk"],
        ..PLAIN
    },
    Row {
        name: "two trailers that differ",
        at: "M03-R01",
        message: "Mend things\n\nRisk-ID: M03-R01\nRisk-ID: M03-R02",
        reasons: &["0 two-risks", "4 missing-risk"],
        ..PLAIN
    },
    Row {
        name: "subject and trailer disagree",
        at: "M03-R01",
        message: "Mend M03-R02\n\nRisk-ID: M03-R01",
        reasons: &["0 subject-disagrees", "4 missing-risk"],
        ..PLAIN
    },
    Row {
        name: "another milestone in the trailer",
        at: "M03-R01",
        message: "Mend M03-R01\n\nRisk-ID: M03-R01\nMilestone: M09\nInvariant: INV-060",
        reasons: &["0 trailer-disagrees"],
        ..PLAIN
    },
    Row {
        name: "a risk that the register accepts",
        later: |f| {
            append(f, LINT, "# x\n");
            f.commit("Mend X-1");
        },
        reasons: &["5 accepted-risk", "5 other-milestone"],
        ..PLAIN
    },
    Row {
        name: "a risk of another milestone",
        later: |f| {
            replace(f, LINT, "    timeout-minutes: 30\n", "");
            f.commit("Mend X-2");
        },
        reasons: &["5 other-milestone"],
        ..PLAIN
    },
    Row {
        name: "a fixup commit",
        later: |f| {
            append(f, R05, "# more\n");
            f.commit("fixup! Mend what M03-R05 says");
        },
        reasons: &["5 fixup-commit", "5 nothing-to-do", "5 risk-twice"],
        ..PLAIN
    },
    Row {
        name: "half of a risk with two rewrites",
        at: "M03-R04",
        edit: |f| {
            f.git(&["checkout", "-q", "--", R04]);
            replace(f, R04, "        continue-on-error: true\n", "");
        },
        reasons: &[
            "3 partial-fix tools-unit-tests.yml:77",
            "4 invariant tools-unit-tests.yml:77",
            "4 not-done-at-head tools-unit-tests.yml:1",
        ],
        ..PLAIN
    },
    Row {
        name: "half of a risk, the other half in a second commit",
        at: "M03-R04",
        edit: |f| {
            f.git(&["checkout", "-q", "--", R04]);
            replace(f, R04, "        continue-on-error: true\n", "");
        },
        later: |f| {
            replace(f, R04, "        continue-on-error: true\n", "");
            f.commit("Finish M03-R04");
        },
        reasons: &["3 partial-fix tools-unit-tests.yml:77", "5 risk-twice"],
        ..PLAIN
    },
    Row {
        name: "none of a risk",
        at: "M03-R01",
        edit: |f| {
            f.git(&["checkout", "-q", "--", R01]);
            replace(f, R01, "fetch-depth: 0", "fetch-depth:  0");
        },
        reasons: &[
            "0 not-fixed target_determination.yml:52",
            "4 invariant target_determination.yml:52",
            "4 not-done-at-head target_determination.yml:1",
        ],
        ..PLAIN
    },
    Row {
        name: "amended later by another commit",
        later: |f| {
            replace(f, R01, "        id: td\n", "        id: td\n        timeout-minutes: 5\n");
            f.commit("Mend what M03-R01 says, once more");
        },
        reasons: &["5 nothing-to-do", "5 risk-twice"],
        ..PLAIN
    },
    Row {
        name: "reverted, then done again",
        later: |f| {
            f.git(&["revert", "--no-edit", "HEAD~4"]);
            f.wf_fix(&["--risk", "M03-R01"]);
        },
        reasons: &["5 risk-returns target_determination.yml", "5 risk-twice", "6 risk-twice"],
        ..PLAIN
    },
    Row {
        name: "an empty commit",
        later: |f| drop(f.git(&["commit", "-q", "--allow-empty", "-m", "Wake CI"])),
        reasons: &["5 no-risk", "5 empty-commit"],
        ..PLAIN
    },
    Row {
        name: "a file deleted",
        at: "M03-R03",
        edit: |f| drop(f.git(&["rm", "-qf", TRUNK])),
        reasons: &["2 file-deleted trunk.yml"],
        ..PLAIN
    },
    Row {
        name: "another file deleted",
        at: "M03-R03",
        edit: |f| drop(f.git(&["rm", "-qf", LINT])),
        reasons: &["2 file-deleted lint.yml"],
        ..PLAIN
    },
    Row {
        name: "a risk's commit on another file only",
        at: "M03-R01",
        edit: |f| {
            f.git(&["checkout", "-q", "--", R01]);
            append(f, LINT, "# x\n");
        },
        reasons: &[
            "0 extra-file lint.yml",
            "0 file-untouched target_determination.yml",
            "4 not-done-at-head target_determination.yml:1",
        ],
        ..PLAIN
    },
    Row {
        name: "a register's own invariant",
        at: "M03-R01",
        edit: |f| {
            f.write(".github/workflows/new.yml", b"on: push\njobs:\n  a:\n    runs-on: self-hosted\n    steps: []\n")
        },
        reasons: &["0 extra-file new.yml", "4 invariant new.yml:4"],
        ..PLAIN
    },
];

/// What the repository has before: its own rules and invariants beside the built-in ones.
fn prepare(fixture: &Fixture) {
    let accept = "id: X-1\ntitle: t\nseverity: low\ncategory: informational\nworkflow: .github/workflows/lint.yml\ndisposition: accept\nreason: why\nmilestone: X\n";
    let fix = "id: X-2\ntitle: t\nseverity: low\ncategory: structure\nworkflow: .github/workflows/lint.yml\nmilestone: X\nrewrites:\n  - remove-key:\n      at: $.jobs.lintrunner['timeout-minutes']\n";
    let invariants = "invariants:\n  - id: INV-900\n    text: Nothing runs on machines of our own.\n    query: $.jobs[?@['runs-on'] == 'self-hosted']['runs-on']\n";
    fixture.write(".wf-fix/rules/X-1.yml", accept.as_bytes());
    fixture.write(".wf-fix/rules/X-2.yml", fix.as_bytes());
    fixture.write(".wf-fix/rules/invariants.yml", invariants.as_bytes());
    fixture.commit("rules");
    fixture.git(&["tag", "base"]);
}

#[test]
fn each_tampered_series_fails_for_its_own_reason() {
    let mut wrong = Vec::new();
    for row in ROWS {
        let fixture = build(row);
        let said = fixture.wf_fix(&["verify", "base..HEAD", "--milestone", "M04", "--format", "json"]);
        let verdict: Value = serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{}: {}", row.name, said.err));
        let found = reasons(&fixture, &verdict);
        if found != row.reasons || said.code != 1 || verdict["verdict"] != "fail" {
            wrong.push(format!("{} ({}):\n  found  {found:?}\n  wanted {:?}", row.name, said.code, row.reasons));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(ROWS.len() >= 50);
}

#[test]
fn the_same_series_passes_when_nobody_tampers() {
    let fixture = build(&PLAIN);
    let said = fixture.wf_fix(&["verify", "base..HEAD", "--milestone", "M04"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert_eq!(said.out.matches("byte for byte").count(), 5, "{}", said.out);
}
