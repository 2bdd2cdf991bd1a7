//! Which shell runs a script, and with which error switches.
//!
//! Sources: workflow syntax, `jobs.<job_id>.steps[*].shell` (the table of commands run internally) and "Exit codes and
//! error action preference"; actions/runner `ScriptHandler.cs` and `ScriptHandlerHelpers.cs`.

use std::cell::LazyCell;
use std::sync::LazyLock;

use github_actions_expressions::call::Function;

use crate::any_of::AnyOf;
use crate::workflow::condition::Truth;
use crate::workflow::reader::Text;
use crate::workflow::value::{Scope, Value};
use crate::workflow::view::{Defaults, Job, Leg, Step};

/// What language a script is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// bash, sh and what is close to them.
    Posix,
    /// PowerShell, in either edition.
    PowerShell,
    /// The Windows command processor.
    Cmd,
    /// A known interpreter that runs the script as one program: python, node, perl and the like.
    Program,
    /// Not known.
    Unknown,
}

/// A shell and its switches at the start of the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shell<'t> {
    /// The language.
    pub dialect: Dialect,
    /// `-e`: a failing command ends the script. For PowerShell: `$ErrorActionPreference` is `stop`.
    pub errexit: bool,
    /// `-o pipefail`.
    pub pipefail: bool,
    /// The `shell:` that says so; `None` for the default of the runner.
    pub named: Option<Text<'t>>,
}

impl<'t> Shell<'t> {
    /// Whether it is, or may be, a plain `sh`: by name, or as the default in a container.
    pub fn is_plain_sh(&self, in_container: bool) -> bool {
        let program = |named: Text<'t>| named.text.split_whitespace().next().and_then(|word| word.rsplit('/').next());
        self.named.map_or(in_container, |named| matches!(program(named), Some("sh" | "dash" | "ash")))
    }

    /// The shell of a step: its own, else the job's default, else the workflow's, else the runner's.
    ///
    /// Source: workflow syntax, `defaults.run`: the most specific one counts.
    pub fn of(step: &Step<'t>, job: Option<&Job<'t>>, workflow: &Defaults<'t>) -> Shell<'t> {
        let job_default = job.and_then(|job| job.defaults.shell);
        match step.shell.or(job_default).or(workflow.shell) {
            Some(named) => {
                let shell = Shell::named(named, job);
                let told = is_login(named.text) && job.is_some_and(|job| profile_tells(job, step));
                if told { Shell { errexit: true, pipefail: true, ..shell } } else { shell }
            }
            None => job.map_or(Shell::unknown(), |job| Shell::default_of(job, step)),
        }
    }

    fn unknown() -> Shell<'t> {
        Shell { dialect: Dialect::Unknown, errexit: false, pipefail: false, named: None }
    }

    fn named(named: Text<'t>, job: Option<&Job<'t>>) -> Shell<'t> {
        let text = named.text.trim();
        if text.contains("${{") {
            return match job.and_then(|job| constant_shell(text, job)) {
                Some(shell) => Shell { named: Some(named), ..template(&shell) },
                None => Shell { named: Some(named), ..Shell::unknown() },
            };
        }
        Shell { named: Some(named), ..template(text) }
    }

    /// The runner's default: `bash -e {0}` on Linux and macOS, `pwsh` on Windows; in a container `sh -e {0}`, which is
    /// no different for errors. A step that asks for Windows runs there alone.
    fn default_of(job: &Job<'t>, step: &Step<'t>) -> Shell<'t> {
        let posix = Shell { dialect: Dialect::Posix, errexit: true, pipefail: false, named: None };
        if job.container.is_some() {
            return posix;
        }
        match platform_of(job, step) {
            Some(Platform::Unix) => posix,
            Some(Platform::Windows) => Shell { dialect: Dialect::PowerShell, ..posix },
            None => Shell::unknown(),
        }
    }
}

/// The runner that the scripts of a job show which name no shell: one with bash, if something in them only a POSIX shell can
/// read and nothing speaks of Windows.
///
/// What they are written in they run in, or the job would fail at once.
fn spoken(job: &Job<'_>) -> Option<Platform> {
    let own = || job.steps.iter().filter(|step| step.shell.is_none()).filter_map(|step| step.run);
    let windows = || own().any(|run| WINDOWS.stands_in(run.text));
    (own().any(|run| looks_posix(run.text)) && !windows()).then_some(Platform::Unix)
}

/// What PowerShell and cmd alone know.
static WINDOWS: LazyLock<AnyOf> = LazyLock::new(|| {
    let powershell = ["$env:", "$Env:", "$ENV:", "Write-", "Get-", "New-Item", "Set-", ".ps1", "-ErrorAction"];
    AnyOf::new(powershell.into_iter().chain([
        "%GITHUB_",
        "choco ",
        "Tee-Object",
        "Out-File",
        "Select-String",
        "Copy-Item",
        "Remove-Item",
        "Test-Path",
        "ForEach-Object",
    ]))
});

/// Words that only sh and its kin know, wherever they stand.
static POSIX: LazyLock<AnyOf> = LazyLock::new(|| {
    let operators = ["[[ ", "; then", "; do", "|| true", "|| :", " \\\n", "$GITHUB_", "${GITHUB_", "$RUNNER_"];
    AnyOf::new(operators.into_iter().chain(["/dev/null", "sudo ", "apt-get ", "chmod "]))
});

/// Whether a script of an unknown shell has words that only sh and its kin know.
pub(super) fn looks_posix(text: &str) -> bool {
    const FIRST: &[&str] = &["fi", "done", "esac", "export", "source"];
    const STARTS: &[&str] = &["set -", "set +", "if [", "elif ["];
    let opens = |line: &str| {
        let first = line.split([' ', '\t', ';']).next().unwrap_or_default();
        FIRST.contains(&first) || STARTS.iter().any(|start| line.starts_with(start))
    };
    POSIX.stands_in(text) || text.lines().any(|line| opens(line.trim_start()))
}

/// Whether a shell reads the profile of its user: `bash -l {0}`.
fn is_login(shell: &str) -> bool {
    let mut words = shell.split_whitespace();
    words.next() == Some("bash")
        && words.any(|word| word == "--login" || word.starts_with('-') && !word.starts_with("--") && word.contains('l'))
}

/// Whether an earlier step has written `set -eo pipefail` to the profile.
///
/// Source: conda-incubator/setup-miniconda, `condaInit` in `src/conda.ts`: it appends that to `~/.bash_profile` and
/// `~/.profile`.
fn profile_tells(job: &Job<'_>, step: &Step<'_>) -> bool {
    let earlier = job.steps.iter().take_while(|other| other.at.node != step.at.node);
    earlier.filter_map(|other| other.uses).any(|uses| uses.text.contains("/setup-miniconda@"))
}

/// A kind of runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Linux or macOS.
    Unix,
    /// Windows.
    Windows,
}

/// The kind of runner that a step runs on.
pub(super) fn platform_of(job: &Job<'_>, step: &Step<'_>) -> Option<Platform> {
    asked_for(job, step).or(*job.platform.get_or_init(|| platform(job)))
}

/// The kind of runner on which alone a step of a job on several runs, by its condition.
fn asked_for(job: &Job<'_>, step: &Step<'_>) -> Option<Platform> {
    let text = step.condition?.text;
    let [label] = &job.runs_on[..] else { return None };
    // One system needs no asking, and most jobs have one.
    let one = !label.text.contains("${{") && label_platform(label.text).is_some();
    if one || !(text.contains("runner.") || text.contains("matrix.")) {
        return None;
    }
    let legs = job.matrix.as_ref().and_then(|matrix| matrix.legs()).unwrap_or_default();
    let legs: Vec<Option<&Leg<'_>>> = if legs.is_empty() { vec![None] } else { legs.iter().map(Some).collect() };
    let on = |leg: Option<&Leg<'_>>| {
        let own = leg.map_or_else(|| label.text.to_owned(), |leg| substitute(label.text, leg));
        let possible = match label_platform(&own) {
            Some(known) => vec![known],
            None => vec![Platform::Unix, Platform::Windows],
        };
        let runs = |platform: &Platform| step.asks.truth(&OnRunner { leg, platform: *platform }) != Truth::False;
        possible.into_iter().filter(runs).collect::<Vec<_>>()
    };
    let mut all = legs.into_iter().flat_map(on);
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

/// What is known on a runner of one kind, in one leg of the matrix.
struct OnRunner<'a, 't> {
    leg: Option<&'a Leg<'t>>,
    platform: Platform,
}

impl Scope for OnRunner<'_, '_> {
    fn context(&self, path: &[&str]) -> Value {
        let text = |name: &str| Value::Text(name.to_owned());
        match (path, self.platform, self.leg) {
            (["runner", "os"], Platform::Windows, _) => text("Windows"),
            (["runner", "os"], Platform::Unix, _) => Value::OneOf(vec![text("Linux"), text("macOS")]),
            (["matrix", rest @ ..], _, Some(leg)) => leg.value(rest),
            _ => Value::Unknown,
        }
    }

    fn status(&self, _: Function) -> Truth {
        Truth::Unknown
    }
}

/// The kind of runner a job asks for, if its labels say so, else what its scripts show. Of a matrix, all legs count but those
/// on Windows where there are others: what is lost there is lost, whatever they do.
pub fn platform(job: &Job<'_>) -> Option<Platform> {
    let legs = LazyCell::new(|| job.matrix.as_ref().and_then(|matrix| matrix.legs()).unwrap_or_default());
    let mut found = None;
    for label in &job.runs_on {
        if !label.text.contains("${{") {
            found = found.or(label_platform(label.text));
            continue;
        }
        let each = legs.iter().map(|leg| label_platform(&substitute(label.text, leg)));
        let all = each.collect::<Vec<_>>();
        found = found.or(match all.contains(&Some(Platform::Unix)) {
            true => Some(Platform::Unix),
            false if all.is_empty() => label_platform(label.text),
            false if all.iter().all(|one| *one == Some(Platform::Windows)) => Some(Platform::Windows),
            false => None,
        });
    }
    found.or_else(|| spoken(job))
}

/// Labels of GitHub's own runners, and the custom ones that name the system.
fn label_platform(label: &str) -> Option<Platform> {
    static WINDOWS: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(["windows", "win-", "win2"]));
    static UNIX: LazyLock<AnyOf> =
        LazyLock::new(|| AnyOf::new(["ubuntu", "linux", "macos", "mac-", "darwin", "debian"]));
    let label = label.to_ascii_lowercase();
    match (WINDOWS.stands_in(&label), UNIX.stands_in(&label)) {
        (true, false) => Some(Platform::Windows),
        (false, true) => Some(Platform::Unix),
        _ => None,
    }
}

/// A text with `${{ matrix.x }}` replaced by the leg's values; what is not constant stays.
fn substitute(text: &str, leg: &Leg<'_>) -> String {
    let mut out = text.to_owned();
    for body in crate::workflow::expression::bodies(text) {
        let path: Vec<&str> = body.trim().split('.').collect();
        if let ["matrix", rest @ ..] = path.as_slice()
            && let Some(value) = leg.value(rest).text()
        {
            out = out.replace(&format!("${{{{{body}}}}}"), &value);
        }
    }
    out
}

/// The one shell that an expression gives in all legs.
fn constant_shell(text: &str, job: &Job<'_>) -> Option<String> {
    let legs = job.matrix.as_ref()?.legs()?;
    let mut all: Vec<String> = legs.iter().map(|leg| substitute(text, leg)).collect();
    all.dedup();
    match all.as_slice() {
        [one] if !one.contains("${{") => Some(one.clone()),
        _ => None,
    }
}

/// A built-in name, or a template such as `bash -l {0}`.
fn template<'t>(text: &str) -> Shell<'t> {
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect();
    let base =
        |word: &&str| word.rsplit(['/', '\\']).next().unwrap_or_default().trim_end_matches(".exe").to_ascii_lowercase();
    // `timeout 600 bash -e {0}`, `script -c "bash {0}"`: what runs the script is the shell next before it.
    let end = words.iter().position(|word| word.contains("{0}")).unwrap_or(words.len());
    let shell =
        words[..end].iter().rposition(|word| matches!(base(word).as_str(), "bash" | "sh" | "pwsh" | "powershell"));
    let at = shell.unwrap_or(0);
    let name = words.get(at).map(base).unwrap_or_default();
    let arguments: Vec<&str> = words.get(at + 1..).unwrap_or_default().to_vec();
    let builtin = at == 0 && arguments.is_empty();
    let dialect = match name.as_str() {
        "bash" | "sh" | "dash" | "zsh" | "ksh" => Dialect::Posix,
        "pwsh" | "powershell" => Dialect::PowerShell,
        "cmd" => Dialect::Cmd,
        "python" | "python3" | "node" | "perl" | "ruby" | "rscript" | "julia" | "nu" | "cmake" => Dialect::Program,
        _ => Dialect::Unknown,
    };
    let (errexit, pipefail) = match dialect {
        Dialect::Posix if builtin => (true, name == "bash"),
        Dialect::Posix => switches(&arguments),
        Dialect::PowerShell => (builtin, false),
        _ => (false, false),
    };
    Shell { dialect, errexit, pipefail, named: None }
}

/// The switches `-e` and `-o pipefail` among a shell's arguments, `-leo pipefail` and `-o errexit` included.
fn switches(arguments: &[&str]) -> (bool, bool) {
    let (mut errexit, mut pipefail) = (false, false);
    let mut option_next = false;
    for argument in arguments {
        if option_next {
            errexit |= *argument == "errexit";
            pipefail |= *argument == "pipefail";
            option_next = false;
        } else if let Some(letters) = argument.strip_prefix('-').filter(|rest| !rest.starts_with('-')) {
            errexit |= letters.contains('e');
            option_next = letters.ends_with('o');
        }
    }
    (errexit, pipefail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_read_for_their_switches() {
        for (text, dialect, errexit, pipefail) in [
            ("bash", Dialect::Posix, true, true),
            ("sh", Dialect::Posix, true, false),
            ("bash -l {0}", Dialect::Posix, false, false),
            ("bash -el {0}", Dialect::Posix, true, false),
            ("bash --noprofile --norc -eo pipefail {0}", Dialect::Posix, true, true),
            ("/usr/bin/bash -o errexit {0}", Dialect::Posix, true, false),
            ("pwsh", Dialect::PowerShell, true, false),
            ("pwsh -File {0}", Dialect::PowerShell, false, false),
            ("cmd", Dialect::Cmd, false, false),
            ("python {0}", Dialect::Program, false, false),
            ("timeout 60 bash -xe {0}", Dialect::Posix, true, false),
            ("script -q -e -c \"bash {0}\"", Dialect::Posix, false, false),
            ("script -q -e -c \"bash -eo pipefail {0}\"", Dialect::Posix, true, true),
            ("msys2 {0}", Dialect::Unknown, false, false),
        ] {
            let shell = template(text);
            assert_eq!((shell.dialect, shell.errexit, shell.pipefail), (dialect, errexit, pipefail), "{text}");
        }
    }
}
