//! A pipe without `pipefail` whose first command checks: only the last command's status counts.

use super::command_purpose::purpose;
use super::commands::Commands;
use super::comment::Topic;
use super::examined::can_end;
use super::finding::{Finding, Reason};
use super::judge::{Case, Level, severity, verdict};
use super::role::{self, Role};
use super::scene::Scene;
use super::settled::{places, settled};
use super::statement::{behind, statement};
use super::{Detector, captured, negated, product, told};
use crate::workflow::link::LinkKind;
use crate::workflow::script::{Command, Effect};
use crate::yaml::Style;

pub(super) const DETECTOR: Detector = Detector {
    name: "pipe",
    category: "soft-fail",
    about: "a check whose status is lost in a pipe without `pipefail`",
    find,
};

fn find(scene: &Scene<'_, '_>, out: &mut Vec<Finding>) {
    for script in &scene.scripts {
        for command in &script.commands {
            let Effect::Masked(links) = &command.effect else { continue };
            let Some(link) = links.first().filter(|link| link.kind == LinkKind::PipeWithoutPipefail) else { continue };
            // Of the whole pipe another detector speaks.
            let whole = |other: &Command<'_>| negated::lost(other).is_some_and(|links| links[0].place == link.place);
            // `check || echo "$(check | head)"` shows what it said of the first.
            let shown = |other: &Command<'_>| {
                other.text == command.text && other.line < command.line && matches!(other.effect, Effect::Masked(_))
            };
            if script.commands.iter().any(|other| whole(other) || shown(other)) {
                continue;
            }
            let purpose = purpose(scene, script, command);
            let line = statement(script.script.run.text, command.text);
            if !purpose.role.matters() || is_value(line, command.text) {
                continue;
            }
            let step = script.spot.called();
            let message = format!("the status of `{}` is lost in a pipe in {step}", role::short(command.text));
            let mut finding = scene.finding_of(&DETECTOR, command, step, message);
            let case = Case {
                detector: DETECTOR.name,
                topic: Topic::Command,
                purpose: &purpose,
                places: places(script, command, link.place.line),
                job: script.spot.job.map(|job| job.id.text),
                settled: &|| {
                    settled(scene, script, command)
                        .filter(|(reason, _)| *reason != Reason::Examined || !leaves(script.script.run.text, line))
                        .or_else(|| last_decides(script.script.run.text, line, command.text))
                        .or_else(|| of_loop(script, link.place.line))
                        .or_else(|| asked(line))
                        .or_else(|| looked_at(line))
                        .or_else(|| product::of_command(scene, script, command))
                        .or_else(|| on_line(line))
                        .or_else(|| named_file(script, line))
                        .or_else(|| digest_used(script, line))
                        .or_else(|| handed_out(script, line, command.line))
                        .or_else(|| makes_matrix(scene, script, line))
                },
            };
            finding.verdict = verdict(scene, case);
            finding.severity = severity(scene, Level::Command, purpose.role, &finding.verdict);
            finding.purpose = purpose;
            finding.chain = links.clone();
            finding.also.extend(end_of(script, command, line).filter(|line| *line != command.line));
            out.push(finding);
        }
    }
}

/// The line on which the statement of a command ends, where the lines of the script are those of the file: there the pipe leads on.
fn end_of(script: &Commands<'_, '_>, command: &Command<'_>, statement: &str) -> Option<usize> {
    let behind = behind(statement, command.text);
    let more = |text: &str| text.trim_end().matches('\n').count();
    (script.script.run.style == Style::Literal).then(|| command.line + more(command.text) + more(behind))
}

/// `x=$(program ... | jq ...)` with a program that no table knows to check: the value is what the line is for.
fn is_value(line: &str, command: &str) -> bool {
    let before = command.lines().next().and_then(|first| line.split_once(first)).map_or("", |(before, _)| before);
    // `VERSION=`cmake . | grep VERSION`` asks the build what it is.
    let lower = before.to_lowercase();
    if ["version=$(", "version=\"$(", "version=`"].iter().any(|taken| lower.contains(taken)) {
        return true;
    }
    let Some((to, inside)) = before.rsplit_once("$(") else { return false };
    let name = to.trim().trim_start_matches("export ").trim_end_matches('"').strip_suffix('=');
    let assigns = name.is_some_and(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
    !inside.contains(')') && (assigns || line.contains("GITHUB_OUTPUT")) && role::known_check(command).is_none()
}

/// `done | tee report`: what a whole loop writes is read later by something that can fail.
fn of_loop(script: &Commands<'_, '_>, line: usize) -> Option<(Reason, String)> {
    let run = script.script.run;
    let ends = |text: &&str| ["done |", "} |", ") |", "fi |"].iter().any(|end| text.trim_start().starts_with(end));
    let nth = run.text.lines().nth(line.checked_sub(run.at.line)?);
    let end = nth.filter(ends).or_else(|| run.text.lines().find(ends))?;
    captured::read_later(script.spot, run.text, end)
}

/// `if a | tee log; then exit 0`: the script is left before anything reads the log.
fn leaves(script: &str, line: &str) -> bool {
    let rest = behind(script, line);
    let tests = |rest: &str| ["grep", "[ -s", "test -s", "diff ", "PIPESTATUS"].iter().any(|way| rest.contains(way));
    // `a | tee log || { grep x log; exit 1; }`: nobody comes there.
    if line.contains("| tee ") && line.trim_end().ends_with("|| {") {
        let branch = rest.split_once("\n").and_then(|(_, rest)| rest.split_once("}\n").or(Some((rest, ""))));
        return branch.is_some_and(|(_, after)| !tests(after));
    }
    if !line.trim_start().starts_with("if ") {
        return false;
    }
    // `if a | tee log; then ... else exit 1; fi`: the other branch is never taken.
    let asked = line.contains("| tee ") && !line.trim_start().starts_with("if !");
    let tested = tests(rest);
    let next = rest.lines().nth(1).unwrap_or_default();
    (asked && !tested) || ["exit 0", "break", "return 0", "return"].contains(&next.trim())
}

/// `echo "TARBALL=$(pack | jq -r .name)" >> $GITHUB_ENV`, and a later step hands the file of that name over: it is not there
/// if nothing was packed.
fn named_file(script: &Commands<'_, '_>, line: &str) -> Option<(Reason, String)> {
    let (before, _) = line.split_once("=$(").filter(|_| line.contains("GITHUB_ENV"))?;
    let name =
        before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().filter(|name| !name.is_empty())?;
    let mark = format!("env.{name}");
    let is_file = |key: &str| ["file", "path", "asset_path", "files"].contains(&key);
    let hands = |step: &crate::workflow::view::Step<'_>| {
        step.with.iter().any(|(key, value)| is_file(key.text) && value.text.contains(&mark))
    };
    let step = script.spot.strict_below().find(|step| hands(step))?;
    Some((Reason::Examined, format!("the step on line {} needs the file that it names", step.at.line)))
}

/// `echo "list=$(a | jq ...)" >> $GITHUB_OUTPUT`, and a matrix is made of it: one without a value fails the run.
fn makes_matrix(scene: &Scene<'_, '_>, script: &Commands<'_, '_>, line: &str) -> Option<(Reason, String)> {
    let (before, _) = line.split_once("=$(").filter(|_| line.contains("GITHUB_OUTPUT"))?;
    let key = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')).next()?;
    let (job, id) = (script.spot.job?, script.spot.step.id?.text);
    let own = format!("steps.{id}.outputs.{key}");
    let (output, _) = job.outputs.iter().find(|(_, value)| value.text.contains(&own))?;
    let read = format!("needs.{}.outputs.{})", job.id.text, output.text);
    let makes = |text: &str| text.to_ascii_lowercase().contains("fromjson(needs") && text.contains(&read);
    scene
        .lines()
        .iter()
        .any(|text| makes(text))
        .then(|| (Reason::Examined, format!("a matrix is made of `{}`, and fails without a value", output.text)))
}

/// `DIGEST=$(cosign verify ... | jq ...)`, and a later command asks for `image@$DIGEST`: nothing has an empty digest.
fn digest_used(script: &Commands<'_, '_>, line: &str) -> Option<(Reason, String)> {
    let name = assigned(line)?;
    let marks = [format!("@${name}"), format!("@${{{name}}}")];
    let uses = |command: &&Command<'_>| {
        command.effect == Effect::FailsStep && marks.iter().any(|mark| command.text.contains(mark.as_str()))
    };
    let used = script.commands.iter().find(uses)?;
    Some((Reason::Examined, format!("line {} needs the digest", used.line)))
}

/// The variable that a line sets to what a command prints: `X` of `X=$(a | b)`.
fn assigned(line: &str) -> Option<&str> {
    let line = line.trim_start().trim_start_matches("export ");
    line.split_once("=$(").map(|(name, _)| name).filter(|name| !name.contains(' '))
}

/// `PKG=$(helm package x | awk ...)`, and a later command that counts publishes `"$PKG"`: it takes no empty name.
fn handed_out(script: &Commands<'_, '_>, line: &str, at: usize) -> Option<(Reason, String)> {
    let name = assigned(line)?;
    let is_it =
        |word: &str| word.trim_matches('"').strip_prefix('$').is_some_and(|own| own.trim_matches(['{', '}']) == name);
    let takes = |command: &&Command<'_>| {
        let words: Vec<&str> = command.text.split_whitespace().collect();
        // What an option takes may be any text.
        let stands = words.windows(2).any(|pair| is_it(pair[1]) && !pair[0].starts_with("--"));
        command.line > at
            && command.effect == Effect::FailsStep
            && script.role_of(command) == Some(Role::Publish)
            && stands
    };
    let end = script.commands.iter().find(takes)?;
    Some((Reason::Examined, format!("line {} publishes what `{name}` names, and fails without", end.line)))
}

/// `set -o pipefail && a | b`, on one line.
fn on_line(line: &str) -> Option<(Reason, String)> {
    ["-o pipefail", "-eo pipefail", "-euo pipefail"]
        .iter()
        .any(|way| line.contains(way))
        .then(|| (Reason::Examined, "the line itself sets pipefail".to_owned()))
}

/// `a | b > file && test -n "$(cat file)"`: the line looks at what came out.
fn looked_at(line: &str) -> Option<(Reason, String)> {
    let (_, behind) = line.split_once('|')?;
    // That the file is there says nothing: the pipe makes it.
    let tests = ["&& test -", "&& [ ", "&& [[ "].iter().any(|way| behind.contains(way))
        && !["test -f", "test -e", "[ -f", "[ -e", "[[ -f", "[[ -e"].iter().any(|way| behind.contains(way));
    // `a | tee LOG && tail -n 1 LOG | grep -q "what it says last"`
    let log = behind.trim_start().strip_prefix("tee ").and_then(|rest| rest.split_once(" && "));
    let greps = log.is_some_and(|(name, then)| then.contains(name.trim()) && then.contains("grep"));
    // `test $(a | wc -l) -eq 1`
    const ASKS: &[&str] = &[
        "test $(",
        "test \"$(",
        "test -z \"$(",
        "test -z $(",
        "test -n \"$(",
        "[ $(",
        "[ \"$(",
        "[ -z \"$(",
        "[ -n \"$(",
        "[[ $(",
        "[[ -z \"$(",
        "[[ -n \"$(",
        "exit $(",
    ];
    let start = line.trim_start().trim_start_matches("if ");
    let asked = ASKS.iter().any(|lead| start.starts_with(lead));
    (tests || greps || asked).then(|| (Reason::Examined, "the line looks at what came out".to_owned()))
}

/// The line itself asks for the status of the pipe's parts.
fn asked(line: &str) -> Option<(Reason, String)> {
    line.contains("${PIPESTATUS").then(|| (Reason::Examined, "the line looks at PIPESTATUS".to_owned()))
}

/// What stands at the end of the pipe decides, unless it only passes lines on.
fn last_decides(script: &str, line: &str, command: &str) -> Option<(Reason, String)> {
    let from = line.find(command.lines().next()?).unwrap_or(0);
    let last = last_of_pipe(&line[from..])?;
    // `a | while read x`: nothing comes of no lines.
    if last.starts_with("while ") {
        return None;
    }
    let program = role::program_of(last)?;
    // `! a | grep -v x` fails if the last finds what it looks for.
    // `if a | grep -v x; then ...; else exit 1; fi` finds nothing where nothing comes in.
    let fails_without =
        || told::failing_branch(script, line).is_some_and(|lines| lines.iter().any(|line| can_end(line)));
    let asserts = program.ends_with("grep") && (line.trim_start().starts_with("! ") || fails_without());
    (asserts || !passes_on(&program, last))
        .then(|| (Reason::Examined, format!("`{}` at the end of the pipe decides", role::short(last))))
}

/// The last command of the first pipe in a text.
fn last_of_pipe(text: &str) -> Option<&str> {
    let (mut quote, mut start, mut end) = (None, None, text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let next = bytes.get(at + 1).copied();
        match (quote, bytes[at]) {
            (None, c @ (b'"' | b'\'')) => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, b'|') if next != Some(b'|') => start = Some(at + 1),
            (None, b'|') | (None, b';') if start.is_some() => {
                end = at;
                break;
            }
            (None, b'&') if next == Some(b'&') && start.is_some() => {
                end = at;
                break;
            }
            (None, b'|') => at += 1,
            _ => {}
        }
        at += 1;
    }
    text.get(start?..end).map(|last| last.trim().trim_start_matches('\\').trim())
}

/// Programs at the end of a pipe that succeed whatever comes in.
const PASS_ON: &[&str] = &[
    "tee",
    "cat",
    "tail",
    "head",
    "sed",
    "gsed",
    "awk",
    "gawk",
    "sort",
    "uniq",
    "tr",
    "cut",
    "wc",
    "ts",
    "less",
    "more",
    "nl",
    "tac",
    "fold",
    "column",
    "pv",
    "jq",
    "iconv",
    "gzip",
    "zstd",
    "sponge",
    // They keep what they are told of, be it nothing.
    "cachix",
    "attic",
    "bat",
    "delta",
    "while",
    "perl",
    "xcpretty",
    "xcbeautify",
    "bunyan",
    "Tee-Object",
    "Out-File",
    "Out-String",
    "Out-Host",
    "Out-Null",
    "ForEach-Object",
    "Select-String",
    "Set-Content",
    "Add-Content",
    "echo",
    "true",
    "dd",
    "Write-Host",
    "Write-Output",
    "aha",
    "ansi2html",
    "ansifilter",
    "unexpand",
    "expand",
    "paste",
    "xxd",
    "base64",
    "strings",
    "findstr",
    "logger",
    "tai64n",
    ":",
];

/// Parts of the names of programs that make lines pretty.
const PRETTY: &[&str] = &["pretty", "beautify", "fmt", "format", "junit", "report", "color", "tap-", "html"];

fn passes_on(program: &str, text: &str) -> bool {
    let inverted = matches!(program, "grep" | "egrep" | "rg" | "fgrep")
        && text.split_whitespace().any(|word| word.starts_with("-v"));
    // `perl -ne 'die unless m/x/'` checks.
    if program == "perl" && text.contains("die") {
        return false;
    }
    // They end with 1 if a test has failed.
    //
    // Source: GoTestTools/gotestfmt pull request 34, "Non-zero exit code if one or more tests failed", and `-nofail`; mfridman/tparse.
    if (program == "gotestfmt" && !text.contains("-nofail")) || program == "tparse" {
        return false;
    }
    // `go-junit-report -set-exit-code` and `tap-spec` fail for what they read, `(! grep -v ...)` for any other line.
    if text.contains("-set-exit-code") || program == "tap-spec" || text.starts_with("(!") {
        return false;
    }
    // `grep -E "PASSED|FAILED"` finds something either way.
    let lower = text.to_ascii_lowercase();
    let either = matches!(program, "grep" | "egrep" | "rg")
        && text.contains('|')
        && ["fail", "error", "warning", "tests run", "suites"].iter().any(|word| lower.contains(word))
        && !text.contains("-q");
    either
        || inverted
        || PASS_ON.contains(&program)
        || PRETTY.iter().any(|part| program.contains(part)) && program != "reviewdog"
}
