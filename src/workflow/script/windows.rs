//! PowerShell and cmd, line by line: their own error switches, and unknown wherever a construct spans lines.
//!
//! Source: workflow syntax, "Exit codes and error action preference": for the built-in `pwsh` and `powershell` the
//! runner puts `$ErrorActionPreference = 'stop'` in front and `exit $LASTEXITCODE` behind, so that a cmdlet's error
//! stops the script but of native programs only the last exit code counts; `cmd` returns that of its last program.

use super::{Command, Effect, Script};
use crate::workflow::link::{Link, LinkKind};

/// The commands of a PowerShell script.
pub(super) fn powershell<'t>(script: &Script<'t>) -> Vec<Command<'t>> {
    let lines = lines(script.run.text);
    let structured = lines.iter().any(|(_, line)| line.contains(['{', '}']) || line.ends_with('`') || opens_text(line));
    // With this preference the failure of a program is an error, at which GitHub's shell stops.
    //
    // Source: PowerShell 7.4, `about_Preference_Variables`.
    let heeds = script.run.text.to_ascii_lowercase().contains("$psnativecommanduseerroractionpreference = $true");
    let ways = Ways { structured, heeds };
    let mut preference: Option<Link> = None;
    let mut found = Vec::new();
    for (index, &(offset, line)) in lines.iter().enumerate() {
        let lower = line.to_ascii_lowercase();
        if lower.starts_with("$erroractionpreference") {
            let goes_on = ["silentlycontinue", "continue", "ignore"].iter().any(|word| lower.contains(word));
            preference = goes_on.then(|| script.link(LinkKind::ErrorActionPreference, offset, line));
            continue;
        }
        let rest: Vec<&str> = lines[index + 1..].iter().map(|(_, line)| *line).collect();
        let effect = match argument(&lower) {
            true => Effect::Masked(vec![script.link(LinkKind::ErrorActionArgument, offset, line)]),
            false => powershell_line(script, offset, line, &rest, preference.as_ref(), ways),
        };
        found.push(script.command(offset, line, effect));
    }
    found
}

/// How a whole script of PowerShell is written.
#[derive(Clone, Copy)]
struct Ways {
    /// Constructs span lines.
    structured: bool,
    /// The exit codes of programs are errors.
    heeds: bool,
}

/// Whether a line ends within a text, or begins in one: `$script='`.
fn opens_text(line: &str) -> bool {
    let odd = |quote: char| line.ends_with(quote) && line.matches(quote).count() % 2 == 1;
    odd('\'') || odd('"')
}

/// `-ErrorAction SilentlyContinue` and its short forms.
fn argument(lower: &str) -> bool {
    let flat = lower.replace(':', " ");
    let mut words = flat.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let action = words.peek().map(|w| w.trim_matches(['\'', '"', ';', ')']));
        let goes_on = matches!(action, Some("silentlycontinue" | "ignore" | "continue" | "0"));
        if matches!(word, "-erroraction" | "-ea") && goes_on {
            return true;
        }
    }
    false
}

fn powershell_line(
    script: &Script<'_>,
    offset: usize,
    line: &str,
    rest: &[&str],
    preference: Option<&Link>,
    Ways { structured, heeds }: Ways,
) -> Effect {
    if let Some((_, right)) = line.split_once("||") {
        return or(script, offset, line, right);
    }
    let ends_well = rest.last().is_some_and(|last| last.eq_ignore_ascii_case("exit 0"));
    if is_cmdlet(line) {
        return match preference {
            Some(link) => Effect::Masked(vec![link.clone()]),
            None if structured || !script.shell.errexit => Effect::Unknown,
            None => Effect::FailsStep,
        };
    }
    // `. x` reads a script into this one; `./x` runs a program. A script of PowerShell can end this one by an error.
    let runs = line.starts_with("./") || line.starts_with(".\\");
    let own = line.split_whitespace().next().is_some_and(|word| word.to_ascii_lowercase().ends_with(".ps1"));
    // `& "C:/Program Files/x.exe"` at the end: whatever it runs, its exit code is that of the script.
    let last = line.starts_with('&') && rest.is_empty();
    if last && !structured && script.shell.errexit {
        return Effect::FailsStep;
    }
    if structured || line.starts_with(['$', '#', '@', '&', '[', '"', '\'']) || (line.starts_with('.') && !runs) {
        return Effect::Unknown;
    }
    let asked = rest.first().is_some_and(|next| next.to_ascii_lowercase().contains("$lastexitcode"));
    if heeds && script.shell.errexit {
        return Effect::FailsStep;
    }
    let inner = |line: &str| is_cmdlet(line) || line.starts_with('$') || (is_alias(line) && on_windows(script));
    let native = |line: &&&str| !inner(line);
    match rest.iter().find(native) {
        _ if asked => Effect::Unknown,
        Some(_) if own => Effect::Unknown,
        // Whether `cat` is PowerShell's own depends on the runner.
        Some(_) if rest.iter().filter(native).all(|line| is_alias(line)) => Effect::Unknown,
        Some(next) => {
            let kind = if ends_well { LinkKind::LaterStatusCounts } else { LinkKind::NativeNotLast };
            let place = script.run.text.rfind(*next).unwrap_or(offset);
            Effect::Masked(vec![script.link(kind, place, next)])
        }
        None if script.shell.errexit => Effect::FailsStep,
        None => Effect::Unknown,
    }
}

/// `Verb-Noun`, as PowerShell names its own commands, and a few aliases.
fn is_cmdlet(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    let verb_noun = word.split_once('-').is_some_and(|(verb, noun)| {
        verb.starts_with(|c: char| c.is_ascii_uppercase())
            && verb.chars().all(|c| c.is_ascii_alphabetic())
            && noun.starts_with(|c: char| c.is_ascii_uppercase())
    });
    // `deactivate` is a function that the activation of a virtual environment defines.
    verb_noun || matches!(word, "cd" | "echo" | "mkdir" | "rm" | "cp" | "mv" | "throw" | "deactivate")
}

/// Names that PowerShell has for commands of its own on Windows, and that are programs elsewhere.
///
/// Source: PowerShell, "Differences on non-Windows platforms": the aliases for cmdlets that are Linux commands were removed.
fn is_alias(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    matches!(
        word,
        "cat" | "ls" | "copy" | "move" | "del" | "dir" | "ren" | "md" | "rd" | "sort" | "sleep" | "tee" | "type"
    )
}

/// Whether a script of PowerShell surely runs on Windows: it is the default there only, and Windows PowerShell is nowhere
/// else.
fn on_windows(script: &Script<'_>) -> bool {
    script.shell.named.is_none_or(|name| name.text.trim() == "powershell")
}

/// `a || b` in PowerShell 7 and in cmd.
fn or(script: &Script<'_>, offset: usize, line: &str, right: &str) -> Effect {
    let right = right.trim().to_ascii_lowercase();
    let mut words = right.split_whitespace();
    let first = words.next().unwrap_or_default();
    let code = words.find(|word| *word != "/b");
    match (first, code) {
        ("exit" | "$true" | "ver" | "rem" | "echo" | "write-host" | "true", Some("0") | None)
        | ("echo" | "write-host" | "write-output" | "rem", _)
            if first != "exit" || code == Some("0") =>
        {
            Effect::Masked(vec![script.link(LinkKind::OrSucceeds, offset, line)])
        }
        ("exit", _) => Effect::FailsStep,
        _ => Effect::Masked(vec![script.link(LinkKind::OrFallback, offset, line)]),
    }
}

/// The commands of a cmd script.
pub(super) fn cmd<'t>(script: &Script<'t>) -> Vec<Command<'t>> {
    let lines = lines(script.run.text);
    let structured = lines.iter().any(|(_, line)| line.starts_with([')', ':']) || line.ends_with(['(', '^']));
    let mut found = Vec::new();
    for (index, &(offset, line)) in lines.iter().enumerate() {
        let lower = line.to_ascii_lowercase();
        if lower.starts_with("rem ") || lower.starts_with("@echo off") {
            continue;
        }
        // What stands behind a batch file that is not called is never reached, and its status is the script's.
        //
        // Source: Windows commands, `call`: without it the parent batch program is not gone on with.
        let batch = |line: &str| {
            let program = line.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
            program.ends_with(".bat") || program.ends_with(".cmd") || SHIMS.contains(&program.as_str())
        };
        if lines[..=index].iter().any(|(_, line)| batch(line)) {
            let effect = if batch(line) && !line.contains(['|', '&']) { Effect::FailsStep } else { Effect::Unknown };
            found.push(script.command(offset, line, effect));
            continue;
        }
        let mut after = lines[index + 1..].iter().map(|(_, line)| *line).filter(|line| !is_silent(line));
        let next = after.next().map(str::to_ascii_lowercase);
        let asked = next.as_ref().is_some_and(|next| next.contains("errorlevel"));
        let effect = match (line.split_once("||"), next) {
            (Some((_, right)), _) => or(script, offset, line, right),
            _ if structured || asked => Effect::Unknown,
            (None, None) => Effect::FailsStep,
            (None, Some(_)) => {
                let (place, last) = lines[lines.len() - 1];
                let exits = last.to_ascii_lowercase().starts_with("exit");
                let kind = if exits { LinkKind::LaterStatusCounts } else { LinkKind::CmdNotLast };
                Effect::Masked(vec![script.link(kind, place, last)])
            }
        };
        found.push(script.command(offset, line, effect));
    }
    found
}

/// Programs that are batch files on Windows.
const SHIMS: &[&str] = &["npm", "npx", "yarn", "pnpm", "mvn", "gradlew", ".\\gradlew", "flutter", "gcloud"];

/// Commands of cmd that leave the error level as it is where they succeed.
///
/// Source: experiments on Windows 10, <https://stackoverflow.com/questions/34968009>; `cd`, `copy`, `dir`, `set` and others
/// clear it.
const SILENT: &[&str] = &["echo", "rem", "popd", "endlocal", "title", "cls", "pause", "break", "rd", "rmdir", "@echo"];

fn is_silent(line: &str) -> bool {
    let word = line.split(['.', ' ', '\t']).next().unwrap_or_default();
    SILENT.iter().any(|silent| word.eq_ignore_ascii_case(silent)) && !line.contains(['&', '|'])
}

/// The lines that are neither empty nor comments, nor the text of a here-string, trimmed, with their offsets.
///
/// Source: PowerShell, `about_Quoting_Rules`: `@"` at the end of a line opens a here-string, and `"@` at the start of one
/// closes it, whatever stands between.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut offset = 0;
    let mut found = Vec::new();
    let mut here: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let body = line.trim();
        match here {
            Some(end) if body.starts_with(end) => here = None,
            Some(_) => {}
            None => {
                if !body.is_empty() && !body.starts_with('#') && !body.starts_with("::") {
                    found.push((offset + line.len() - line.trim_start().len(), body));
                }
                here =
                    [("@\"", "\"@"), ("@'", "'@")].iter().find(|(open, _)| body.ends_with(open)).map(|(_, end)| *end);
            }
        }
        offset += line.len();
    }
    found
}
