//! The workflows that are audited: collected from a folder, or written here.
//!
//! Those written here have the measure of 3,500 real ones: bytes a file, jobs a file, steps a job, lines a script, and
//! how often a step runs a script, has a condition or soft-fails. They come out the same every time.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Copies every file of a `.github/workflows` folder below `from` into the one of `to`, under a name of its own; how
/// many files and bytes.
pub fn collect(from: &Path, to: &Path) -> (usize, u64) {
    let to = to.join(".github/workflows");
    fs::create_dir_all(&to).unwrap();
    let (mut count, mut bytes) = (0, 0);
    for repository in repositories(from) {
        for entry in workflows(&repository) {
            count += 1;
            bytes += fs::copy(entry.path(), to.join(format!("{count:05}-{}", entry.file_name().display()))).unwrap();
        }
    }
    (count, bytes)
}

/// The folders at or below a folder that have workflows.
pub fn repositories(from: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![from.to_owned()];
    while let Some(dir) = open.pop() {
        if !workflows(&dir).is_empty() {
            found.push(dir.clone());
        }
        let folders = sorted(&dir).into_iter().filter(|entry| entry.file_type().unwrap().is_dir());
        open.extend(folders.map(|entry| entry.path()));
    }
    found.sort();
    found
}

fn workflows(repository: &Path) -> Vec<fs::DirEntry> {
    let dir = repository.join(".github/workflows");
    let mut entries = if dir.is_dir() { sorted(&dir) } else { Vec::new() };
    let is_yaml = |path: &Path| path.extension().is_some_and(|end| end == "yml" || end == "yaml");
    entries.retain(|entry| is_yaml(&entry.path()) && entry.file_type().unwrap().is_file());
    entries
}

fn sorted(dir: &Path) -> Vec<fs::DirEntry> {
    let mut entries: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap()).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    entries
}

const FILES: usize = 1200;

/// Writes workflows into the repository `to`; how many files and bytes.
pub fn generate(to: &Path) -> (usize, u64) {
    let to = to.join(".github/workflows");
    fs::create_dir_all(&to).unwrap();
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut bytes = 0;
    for number in 0..FILES {
        let text = workflow(&mut dice, number);
        bytes += text.len() as u64;
        fs::write(to.join(format!("{number:04}.yml")), text).unwrap();
    }
    (FILES, bytes)
}

/// A small generator of numbers, xorshift64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % most
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// Jobs a file, steps a job, lines a script: each value as often as real files have it.
const JOBS: &[usize] = &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5, 14];
const STEPS: &[usize] = &[1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9, 10, 14];
const LINES: &[usize] = &[1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 9, 12, 24, 44];

const TRIGGERS: &[&str] = &[
    "on: push\n",
    "on: [push, pull_request]\n",
    "on:\n  pull_request:\n    branches: [main]\n    paths:\n      - 'src/**'\n      - '!docs/**'\n  push:\n    branches:\n      - main\n",
    "on:\n  schedule:\n    - cron: '17 4 * * 1'  # Mondays, before work\n  workflow_dispatch:\n    inputs:\n      level:\n        description: 'How much to log'\n        required: false\n        default: 'warning'\n        type: choice\n        options: [info, warning, debug]\n",
    "on:\n  workflow_call:\n    inputs:\n      runner:\n        description: Where to run\n        type: string\n        default: ubuntu-latest\n    secrets:\n      token:\n        required: true\n",
];

fn workflow(dice: &mut Dice, number: usize) -> String {
    let mut out = String::new();
    if dice.percent(15) {
        out += "# This workflow builds and tests what a change touches.\n# See CONTRIBUTING.md for how to run the same steps on a machine of your own.\n\n";
    }
    let _ = writeln!(out, "name: {} {number}\n", dice.pick(&["Build", "Tests", "Lint", "Release", "Nightly", "Docs"]));
    out += dice.pick(TRIGGERS);
    if dice.percent(60) {
        out += "\npermissions:\n  contents: read\n";
    }
    if dice.percent(40) {
        out += "\nconcurrency:\n  group: ${{ github.workflow }}-${{ github.head_ref || github.run_id }}\n  cancel-in-progress: true\n";
    }
    if dice.percent(30) {
        out += "\nenv:\n  CARGO_TERM_COLOR: always\n  CACHE_VERSION: 3  # raise to drop all caches\n  IMAGE: ghcr.io/${{ github.repository_owner }}/builder\n";
    }
    out += "\njobs:\n";
    for job in 0..dice.pick(JOBS) {
        write_job(dice, &mut out, job);
    }
    out
}

fn write_job(dice: &mut Dice, out: &mut String, job: usize) {
    let name = dice.pick(&["build", "test", "lint", "package", "docs", "check-all", "deploy", "integration"]);
    let _ = writeln!(out, "  {name}-{job}:");
    if dice.percent(40) {
        let _ = writeln!(out, "    name: {name} on ${{{{ matrix.os || 'linux' }}}}");
    }
    if job > 0 && dice.percent(60) {
        let _ = writeln!(out, "    needs: [{}]", if dice.percent(50) { "setup" } else { "setup, changes" });
    }
    if dice.percent(40) {
        let _ = writeln!(out, "    if: {}", dice.pick(CONDITIONS));
    }
    if dice.percent(25) {
        *out += "    uses: octo-org/workflows/.github/workflows/build.yml@v3\n    with:\n      target: release\n      runner: linux.4xlarge\n    secrets: inherit\n\n";
        return;
    }
    if dice.percent(25) {
        *out += "    strategy:\n      fail-fast: false\n      matrix:\n        os: [ubuntu-latest, windows-latest, macos-14]\n        version: ['3.10', '3.11', '3.12']\n        include:\n          - os: ubuntu-24.04\n            version: '3.13'\n            experimental: true\n    runs-on: ${{ matrix.os }}\n";
    } else {
        *out += "    runs-on: ubuntu-latest\n";
    }
    if dice.percent(20) {
        *out += "    timeout-minutes: 45\n    env:\n      MODE: ci\n      TOKEN: ${{ secrets.DEPLOY_TOKEN }}\n";
    }
    if dice.percent(2) {
        *out += "    continue-on-error: ${{ matrix.experimental == true }}\n";
    }
    *out += "    steps:\n";
    for step in 0..dice.pick(STEPS) {
        write_step(dice, out, step);
    }
    out.push('\n');
}

const CONDITIONS: &[&str] = &[
    "github.repository == 'octo-org/octo' && github.event_name != 'schedule'",
    "${{ github.event_name == 'push' && github.ref == 'refs/heads/main' }}",
    "always() && needs.setup.result == 'success'",
    "${{ !cancelled() && steps.changes.outputs.code == 'true' }}",
    "contains(github.event.pull_request.labels.*.name, 'full-ci') || startsWith(github.ref, 'refs/tags/')",
    "failure()",
];

/// What steps are called, what they use and with what.
const ACTIONS: &[(&str, &str, &str)] = &[
    (
        "Checkout",
        "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2",
        "fetch-depth: 0\nsubmodules: true",
    ),
    ("Set up Python", "actions/setup-python@v5", "python-version: ${{ matrix.version || '3.12' }}\ncache: pip"),
    ("Set up Node", "actions/setup-node@v4", "node-version-file: .nvmrc"),
    (
        "Cache",
        "actions/cache@v4",
        "path: |\n  ~/.cargo/registry\n  target\nkey: ${{ runner.os }}-${{ hashFiles('**/Cargo.lock') }}",
    ),
    ("Upload coverage", "codecov/codecov-action@v5", "files: lcov.info\nflags: unit"),
    (
        "Upload artifacts",
        "actions/upload-artifact@v4",
        "name: dist-${{ matrix.os }}\npath: dist/\nif-no-files-found: error",
    ),
    ("Log in to the registry", "docker/login-action@v3", "registry: ghcr.io\nusername: ${{ github.actor }}"),
    (
        "Comment on the pull request",
        "actions/github-script@v7",
        "script: |\n  const { data } = await github.rest.issues.listComments({\n    owner: context.repo.owner,\n    repo: context.repo.repo,\n    issue_number: context.issue.number,\n  });\n  core.info(`found ${data.length}`);",
    ),
];

const SCRIPT_NAMES: &[&str] = &[
    "Run tests",
    "Build",
    "Install dependencies",
    "Lint",
    "Check formatting",
    "Publish packages",
    "Prepare the runner",
    "Print versions",
    "Collect logs",
    "Run integration tests (slow)",
    "Clean up",
];

/// How many lines at the head of [`SCRIPT_LINES`] are plain commands; four scripts in five have no other.
const PLAIN: usize = 12;

/// Lines of scripts, those with an operator, a substitution or a construct over several lines last.
const SCRIPT_LINES: &[&str] = &[
    "python -m pip install --upgrade pip",
    "pip install -r requirements.txt",
    "cargo test --workspace --all-features",
    "npm ci",
    "npm run build -- --mode=production",
    "make -j4 check",
    "echo \"VERSION=${{ github.ref_name }}\" >> $GITHUB_ENV",
    "cmake -S . -B build -DCMAKE_BUILD_TYPE=Release",
    "docker build -t $IMAGE:latest .",
    "# the order matters: see the notes on the cache",
    "python -m pytest tests -n auto --maxfail=5",
    "export PATH=\"$HOME/.local/bin:$PATH\"",
    "sudo apt-get update && sudo apt-get install -y ninja-build ccache",
    "./scripts/check.sh | tee check.log",
    "VERSION=$(git describe --tags --abbrev=0)",
    "docker rm -f builder || true",
    "set -euo pipefail",
    "if [ -f CHANGELOG.md ]; then\n  head -n 20 CHANGELOG.md\nelse\n  echo 'no changelog' >&2\n  exit 1\nfi",
    "for dir in packages/*; do\n  (cd \"$dir\" && npm test)\ndone",
    "cat > config.json <<EOF\n{\"mode\": \"ci\", \"retries\": 3}\nEOF",
];

fn write_step(dice: &mut Dice, out: &mut String, step: usize) {
    if dice.percent(6) {
        *out += "      # Kept apart from the build so that a failure here is easy to see.\n";
    }
    let action = dice.percent(52).then(|| dice.pick(ACTIONS));
    let name = action.map_or_else(|| dice.pick(SCRIPT_NAMES), |(name, _, _)| name);
    let mut keys: Vec<String> = Vec::new();
    if dice.percent(78) {
        keys.push(format!("name: {name}"));
    }
    if dice.percent(12) {
        keys.push(format!("id: step_{step}"));
    }
    if dice.percent(18) {
        keys.push(format!("if: {}", dice.pick(CONDITIONS)));
    }
    if dice.percent(5) {
        keys.push("continue-on-error: true".to_owned());
    }
    if dice.percent(10) {
        keys.push("env:\n  GH_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n  NAME: ${{ matrix.os }}".to_owned());
    }
    match action {
        Some((_, uses, with)) => {
            keys.push(format!("uses: {uses}"));
            keys.push(format!("with:\n{}", indented(with, "  ")));
        }
        None => keys.push(script(dice)),
    }
    for (index, key) in keys.iter().enumerate() {
        let text = indented(key, "        ");
        let _ = writeln!(out, "      {}{}", if index == 0 { "- " } else { "  " }, &text[8..]);
    }
    if dice.percent(40) {
        out.push('\n');
    }
}

fn script(dice: &mut Dice) -> String {
    let wanted = dice.pick(LINES);
    if wanted == 1 {
        return format!("run: {}", dice.pick(&SCRIPT_LINES[1..6]));
    }
    let pool = if dice.percent(80) { &SCRIPT_LINES[..PLAIN] } else { SCRIPT_LINES };
    let mut lines: Vec<&str> = Vec::new();
    while lines.iter().map(|line| line.lines().count()).sum::<usize>() < wanted {
        lines.push(dice.pick(pool));
    }
    format!("run: |\n{}", indented(&lines.join("\n"), "  "))
}

fn indented(text: &str, by: &str) -> String {
    text.lines().map(|line| format!("{by}{line}")).collect::<Vec<_>>().join("\n")
}
