//! Seeds: small inputs of ours for each target, made of `demo/`, `rules/`, `tests/cases/` and what stands here.

use std::fs;
use std::path::{Path, PathBuf};

/// A workflow in which rules find something.
pub const WORKFLOW: &str = "\
name: ci # of it all
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - name: Run tests
        continue-on-error: true # flaky mirror
        run: |
          make test || true
  old:
    if: false && github.x
    runs-on: ubuntu-latest
    steps:
      - {name: lint, run: make lint | tee log}
";

/// Rules of the register: names and texts.
pub const RULES: &[(&str, &str)] = &[
    ("rules/M03-R01.yml", include_str!("../../rules/M03-R01.yml")),
    ("rules/M03-R02.yml", include_str!("../../rules/M03-R02.yml")),
    ("rules/M03-R05.yml", include_str!("../../rules/M03-R05.yml")),
    ("rules/M03-R06.yml", include_str!("../../rules/M03-R06.yml")),
];

/// The largest seed, in bytes.
const MOST: usize = 8 * 1024;

/// The seeds of a target, in a fixed order; `root` is the repository.
pub fn of(target: &str, root: &Path) -> Vec<Vec<u8>> {
    let mut seeds = match target {
        "intake" => files(root, &["in", "demo", "rules"]),
        "query" => behind(QUERIES, &workflows(root)),
        "rewrite" => behind(CHOICES, &workflows(root)),
        "rule" => [files(root, &["rules"]), texts(INVARIANTS)].concat(),
        "condition" => behind(&["00", "1310", "2321", "73000", "40010"], &texts(CONDITIONS)),
        "script" => behind(&["0000", "1020", "6110", "8110", "3001"], &texts(SCRIPTS)),
        "commit" => behind(&["0", "20", "21"], &texts(MESSAGES)),
        "audit" => [workflows(root), texts(&[ACTIONS])].concat(),
        other => panic!("no seeds for `{other}`"),
    };
    seeds.retain(|seed| seed.len() <= MOST);
    seeds.sort();
    seeds.dedup();
    seeds
}

fn texts(of: &[&str]) -> Vec<Vec<u8>> {
    of.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// Every text behind one of the first lines, in turn, and the first text behind each.
fn behind(lines: &[&str], texts: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let join = |line: &str, text: &[u8]| [line.as_bytes(), b"\n", text].concat();
    let turns = lines.iter().cycle().zip(texts).map(|(line, text)| join(line, text));
    let first = texts.first().into_iter().flat_map(|text| lines.iter().map(|line| join(line, text)));
    turns.chain(first).collect()
}

/// The workflows of the demonstration and of the golden cases.
fn workflows(root: &Path) -> Vec<Vec<u8>> {
    let mut all = vec![WORKFLOW.as_bytes().to_vec()];
    all.extend(files(root, &["in", "demo"]));
    all
}

/// The files below `demo/`, `rules/` and `tests/cases/` that lie in a folder of one of these names.
fn files(root: &Path, folders: &[&str]) -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    for start in ["demo", "rules", "tests/cases"] {
        walk(&root.join(start), &mut paths);
    }
    paths.sort();
    let wanted = |path: &PathBuf| {
        let own = path.strip_prefix(root).unwrap_or(path);
        own.components().any(|part| folders.iter().any(|folder| part.as_os_str() == *folder))
    };
    let small = |path: &PathBuf| fs::metadata(path).is_ok_and(|file| file.len() <= MOST as u64);
    paths.into_iter().filter(wanted).filter(small).filter_map(|path| fs::read(path).ok()).collect()
}

fn walk(at: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(at).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { walk(&path, out) } else { out.push(path) }
    }
}

/// Choices for the rewrites: mutations, line ends, how many rewrites, and which.
const CHOICES: &[&str] =
    &["0000", "00010000", "00020000", "00030000", "00040000", "0005", "20a1b2c300", "1230100000000", "3405060710201"];

const QUERIES: &[&str] = &[
    "$.jobs.test.steps[?@.name == 'Run tests']['continue-on-error']",
    "$..run",
    "$.jobs.*.steps[*].run",
    "$.jobs['a.b', \"c\"].steps[-1:0:2]",
    "$[?count(@.*) > 1 && !match(@.if, 'f.*')]",
    "$.jobs.*.steps[?@.uses && search(@.uses, '@v[0-9]')].uses",
];

const INVARIANTS: &[&str] = &[
    "invariants:\n  - id: INV-080\n    text: Pinned.\n    workflow: .github/workflows/*.yml\n    query: $.jobs.*.steps[?@.uses && !search(@.uses, '@[0-9a-f]{40}')].uses\n",
    "invariants:\n  - id: INV-090\n    text: Loud.\n    audit:\n      detector: [pipe]\n      category: soft-fail\n      severity: medium\n      path: .github/workflows/release*.yml\n",
];

const CONDITIONS: &[&str] = &[
    "false && github.repository == 'o/r'",
    "${{ always() && !cancelled() && false }}",
    "success() || needs.build.result == 'failure'",
    "contains(needs.*.result, 'failure') && (false || github.x)",
    "github.event['pull_request'].head.repo.full_name != null && true",
    "startsWith(github.ref, 'refs/tags/') && !true",
    "matrix.n >= 3 && '0x10' == 16 || fromJSON('[1]')[0] < '2'",
    "format('{0}', github.sha) == 'a''b' && toJSON(null) != ''",
    "a && ${{ b }} || 'c'",
    "(false &&\ngithub.x) && endsWith('ab', 'B')",
];

const SCRIPTS: &[&str] = &[
    "set -o pipefail\nmake test | tee log\npytest || true\n",
    "a && b || :\nif ! c; then exit 1; fi\n(d; e) &\n",
    "f() { set +e; a; b; }\nf || { echo no; exit 0; }\nx=$(c | d)\n",
    "for x in 1 2; do\n  a \"$x\" || rc=$?\ndone\nexit $rc\n",
    "cat <<EOF | sh -c 'a; b' || true\n${{ github.sha }} || true\nEOF\n! c\n",
    "while read x; do a; done < <(b)\ncase $x in a) b || exit 0;; *) c ;; esac\nbash -ec \"d | e\"\n",
    "$ErrorActionPreference = 'Continue'\na\nRemove-Item x -ErrorAction SilentlyContinue\nexit $LASTEXITCODE\n",
    "call a || exit /b 0\nif errorlevel 1 exit 1\nb & c\n",
    "make\ntimeout 5 make test || /bin/true\n",
];

const MESSAGES: &[&str] = &[
    "ci: remove soft-fail from \"Do TD\" (M03-R01)\n\nWhy.\n\nRisk-ID: M03-R01\nMilestone: M04\nInvariant: INV-060\nRule: rules/M03-R01.yml\n",
    "fixup! M03-R02: mend\n\nrisk-id : M03-R02\n  continued\n(cherry picked from commit 0123456789)\nSigned-off-by: a <b@c>\n",
    "mend M03-R99 and M03-R02\n---\nRisk-ID: M03-R05\n",
    "title (M03-R02)\nM04: x\nRisk-ID: M03-R02\n\n-- >8 --\nRule: x\n",
];

/// A workflow that calls another, and an action.
const ACTIONS: &str = "\
on: pull_request
jobs:
  call:
    uses: ./.github/workflows/b.yml
    continue-on-error: true
  own:
    needs: [call]
    if: always()
    runs-on: ubuntu-latest
    strategy: {matrix: {os: [a, b], exclude: [{os: a}]}}
    steps:
      - uses: ./.github/actions/c
        continue-on-error: ${{ matrix.os == 'a' }}
      - run: exit ${{ needs.call.result == 'failure' && 1 || 0 }}
%%
on:
  workflow_call:
    outputs: {x: {value: '${{ jobs.b.outputs.x }}'}}
jobs:
  b:
    runs-on: ubuntu-latest
    outputs: {x: y}
    steps:
      - run: pytest --maxfail=0 | tee log
%%
runs:
  using: composite
  steps:
    - run: npm test || true
      shell: bash
";
