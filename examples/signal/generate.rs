//! Small workflows from a seed: the same seed gives the same files, on any machine.
//!
//! Every script holds one command under test, `test 1 = 2` (it fails) or `test 1 = 1` (it does not), among commands
//! that succeed. The last step of each job writes the outcomes and conclusions of the others to `$OUT`, and a last job
//! the results of all jobs.

use std::fmt::Write as _;

/// The command that fails.
pub const FAILS: &str = "test 1 = 2";

/// The one that does not.
pub const WORKS: &str = "test 1 = 1";

/// Where the generated workflow stands in its repository.
pub const WORKFLOW: &str = ".github/workflows/w.yml";

/// The scripts, `F` standing for the command under test.
const SCRIPTS: [&str; 44] = [
    "F",
    "F",
    "F",
    "F || true",
    "F || :",
    "F || echo no",
    "F > /dev/null || true",
    "F | cat",
    "set -o pipefail\nF | cat",
    "set +e\nF\necho x",
    "set +e\nF",
    "set +e\nF\nset -e\necho x",
    "F\necho x",
    "F; true",
    "F && echo x",
    "F && echo x\necho y",
    "echo x && F\necho y",
    "F || exit 1",
    "F || { echo no; exit 1; }\necho y",
    "F || (echo no; exit 1)\necho y",
    "F || false\necho y",
    "if F; then echo a; fi",
    "if ! F; then exit 1; fi\necho y",
    "if F; then echo a; else exit 1; fi\necho y",
    "! F\necho x",
    "(F; echo b)\necho y",
    "{ F; echo b; } || true",
    "{ F; echo b; }\necho y",
    "f() { F; echo b; }\nf\necho y",
    "f() { F; echo b; }\nf || true",
    "x=$(F)\necho \"$x\"",
    "echo \"$(F)\"",
    "export X=$(F)\necho y",
    "F &\nwait",
    "F &\nwait $!\necho y",
    "set +e\nF\nrc=$?\necho x\nexit $rc",
    "rc=0\nF || rc=$?\nexit $rc",
    "rc=0\nF || rc=$?\necho done",
    "for i in 1 2; do F; echo $i; done\necho y",
    "case a in a) F;; esac\necho y",
    "while F; do break; done\necho y",
    "F <<END || true\ntext\nEND\necho y",
    "echo x | { cat; F; }\necho y",
    "F || test 2 = 2\necho y",
];

const SHELLS: [&str; 7] = [
    "bash",
    "sh",
    "bash {0}",
    "bash -e {0}",
    "bash -o pipefail {0}",
    "bash -l {0}",
    "bash --noprofile --norc -eo pipefail {0}",
];

const STEP_IFS: [&str; 18] = [
    "always()",
    "always()",
    "failure()",
    "failure()",
    "success()",
    "cancelled()",
    "!cancelled()",
    "!failure()",
    "success() || failure()",
    "false",
    "${{ false }}",
    "${{ failure() && true }}",
    "steps.s0.outcome == 'failure'",
    "steps.s0.conclusion == 'success'",
    "always() && steps.s0.outcome == 'failure'",
    "failure() && steps.s0.conclusion == 'failure'",
    "steps.s0.outcome != 'success' && !cancelled()",
    "${{ false }} x",
];

/// Conditions of jobs, `N` standing for a job that it needs.
const JOB_IFS: [&str; 14] = [
    "always()",
    "always()",
    "failure()",
    "success()",
    "!cancelled()",
    "!failure()",
    "needs.N.result == 'success'",
    "always() && needs.N.result == 'failure'",
    "always() && needs.N.result != 'success'",
    "always() && contains(needs.*.result, 'failure')",
    "failure() || success()",
    "${{ !cancelled() && needs.N.result == 'skipped' }}",
    "false",
    "failure() && needs.N.result == 'failure'",
];

/// A step under test.
pub struct Step {
    /// Its job, or the empty string in the action.
    pub job: String,
    /// Its index; the first step of a job is a check-out.
    pub index: usize,
    /// Whether its command fails; `None` for a step that uses the action.
    pub fails: Option<bool>,
}

/// A generated repository.
pub struct Case {
    /// The files, path and text; the first is the workflow.
    pub files: Vec<(String, String)>,
    /// The steps under test, in order.
    pub steps: Vec<Step>,
    /// The names of the jobs under test.
    pub jobs: Vec<String>,
}

/// A small generator of numbers (xorshift64*), the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap_or(0) % sides
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.roll(100) < chance
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.roll(list.len())]
    }
}

/// The case of a seed.
pub fn case(seed: u64) -> Case {
    let mut dice = Dice((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    for _ in 0..8 {
        dice.roll(2);
    }
    let mut case = Case { files: Vec::new(), steps: Vec::new(), jobs: Vec::new() };
    let with_action = dice.percent(20);
    let mut text = String::from("on: push\n");
    if dice.percent(12) {
        let _ = writeln!(text, "defaults: {{run: {{shell: '{}'}}}}", dice.pick(&SHELLS));
    }
    text.push_str("jobs:\n");
    for index in 0..1 + dice.roll(4) {
        job(&mut dice, &mut case, &mut text, index, with_action);
    }
    last_job(&case, &mut text);
    case.files.push((WORKFLOW.to_owned(), text));
    if with_action {
        let action = action(&mut dice, &mut case);
        case.files.push(("act/action.yml".to_owned(), action));
    }
    case
}

fn job(dice: &mut Dice, case: &mut Case, text: &mut String, index: usize, with_action: bool) {
    let name = format!("j{index}");
    let _ = writeln!(text, "  {name}:\n    runs-on: ubuntu-latest");
    let needs: Vec<String> = case.jobs.iter().filter(|_| dice.percent(55)).cloned().collect();
    if let Some(first) = needs.first() {
        let _ = match needs.len() {
            1 => writeln!(text, "    needs: {first}"),
            _ => writeln!(text, "    needs: [{}]", needs.join(", ")),
        };
        if dice.percent(60) {
            let _ = writeln!(text, "    if: \"{}\"", dice.pick(&JOB_IFS).replace('N', first));
        }
    }
    if dice.percent(12) {
        text.push_str("    continue-on-error: true\n");
    }
    let matrix = dice.percent(15);
    if matrix {
        text.push_str(
            "    strategy: {fail-fast: false, max-parallel: 1, matrix: {v: [1, 2], include: [{v: 2, soft: true}]}}\n",
        );
    }
    if dice.percent(12) {
        let _ = writeln!(text, "    defaults: {{run: {{shell: '{}'}}}}", dice.pick(&SHELLS));
    }
    // act's host runner starts in an empty folder; a check-out without network.
    text.push_str("    steps:\n      - shell: bash\n        run: cp -r \"$REPO/.\" .\n");
    let count = 1 + dice.roll(4);
    for step in 0..count {
        let uses = with_action && dice.percent(30);
        let fails = (!uses).then(|| step_under_test(dice, text, step, matrix, false));
        if uses {
            let _ = writeln!(text, "      - id: s{step}\n        uses: ./act");
            settings(dice, text, step, matrix);
        }
        case.steps.push(Step { job: name.clone(), index: step + 1, fails });
    }
    let each = |i: usize| format!("${{{{ steps.s{i}.outcome }}}}/${{{{ steps.s{i}.conclusion }}}}");
    let all: Vec<String> = (0..count).map(each).collect();
    let leg = if matrix { "${{ matrix.v }}" } else { "" };
    let echo = format!("echo \"steps {name}@{leg} {}\" >> \"$OUT\"", all.join(" "));
    let _ = writeln!(text, "      - if: always()\n        shell: bash -e {{0}}\n        run: {echo}");
    case.jobs.push(name);
}

/// A step with a script; whether its command fails.
fn step_under_test(dice: &mut Dice, text: &mut String, step: usize, matrix: bool, action: bool) -> bool {
    let fails = dice.percent(55);
    // act keeps the shell it chose for the first leg and takes it for named in the next: name it in a matrix.
    let named = action || matrix || dice.percent(30);
    let shell = if dice.percent(50) { "bash" } else { dice.pick(&SHELLS) };
    let mut script = dice.pick(&SCRIPTS);
    if script.contains("pipefail") {
        // dash has no pipefail, and the default shells of the case may be sh.
        script = "set -o errexit\nF | cat";
    }
    let script = script.replace('F', if fails { FAILS } else { WORKS });
    let body: String = script.lines().map(|line| format!("          {line}\n")).collect();
    let _ = write!(text, "      - id: s{step}\n        run: |\n{body}");
    if named {
        let _ = writeln!(text, "        shell: {shell}");
    }
    settings(dice, text, step, matrix);
    fails
}

/// Condition and `continue-on-error` of a step.
fn settings(dice: &mut Dice, text: &mut String, step: usize, matrix: bool) {
    if step > 0 && dice.percent(40) {
        let _ = writeln!(text, "        if: \"{}\"", dice.pick(&STEP_IFS));
    }
    let soft = match dice.roll(100) {
        0..24 => "true",
        24..28 => "false",
        28..33 if step > 0 => "${{ steps.s0.outcome == 'failure' }}",
        33..60 if matrix => "${{ matrix.soft == true }}",
        _ => return,
    };
    let _ = writeln!(text, "        continue-on-error: {soft}");
}

/// The composite action: two or three steps.
fn action(dice: &mut Dice, case: &mut Case) -> String {
    let mut text = String::from("name: act\nruns:\n    using: composite\n    steps:\n");
    for index in 0..2 + dice.roll(2) {
        let fails = step_under_test(dice, &mut text, index, false, true);
        case.steps.push(Step { job: String::new(), index, fails: Some(fails) });
    }
    text
}

fn last_job(case: &Case, text: &mut String) {
    let each = |name: &String| format!("{name}=${{{{ needs.{name}.result }}}}");
    let all: Vec<String> = case.jobs.iter().map(each).collect();
    let (needs, echo) = (case.jobs.join(", "), format!("echo \"jobs {}\" >> \"$OUT\"", all.join(" ")));
    let _ = write!(
        text,
        "  last:\n    needs: [{needs}]\n    if: always()\n    runs-on: ubuntu-latest\n    steps:\n      - shell: bash -e {{0}}\n        run: {echo}\n"
    );
}

/// A number that changes when the files do (FNV-1a), so that a record is not compared with another case.
pub fn mark(case: &Case) -> u64 {
    let bytes = case.files.iter().flat_map(|(path, text)| path.bytes().chain(text.bytes()));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}
