//! Whether what a command of a script writes, a file or a variable, is read later by something that can fail.
//!
//! Names are compared as written: a path that is put together in another way later is not recognised.

use std::borrow::Cow;

use super::examined::{can_end, fails, mentions};
use super::finding::Reason;
use super::role::{self, Role};
use super::spot::Spot;
use super::statement::behind;
use crate::workflow::play::Fill;
use crate::workflow::view::Step;

/// What a command of a script writes is read later by something that can fail.
pub fn read_later(spot: Spot<'_, '_>, script: &str, statement: &str) -> Option<(Reason, String)> {
    read_below(script, statement).or_else(|| read_by_step(spot, statement))
}

/// What it writes is read further down in the script, which can fail: by its words.
pub fn read_below(script: &str, statement: &str) -> Option<(Reason, String)> {
    let rest = behind(script, statement);
    let names = outputs(statement);
    let narrow = is_narrow(rest, &names);
    let built = ["build", "compile", "wheel", "generate"].iter().any(|word| statement.contains(word))
        && !narrow
        && can_end(rest)
        && looks(rest);
    if built {
        return Some((Reason::Examined, "the script looks at what was built and can fail".to_owned()));
    }
    let read =
        !narrow && names.iter().any(|name| rest.contains(name.as_str())) && (can_end(rest) || tested(rest, &names));
    (read || told_by_file(statement, rest) || judged_by_script(rest, &names))
        .then(|| (Reason::Examined, "the script reads what it wrote and can fail".to_owned()))
}

/// The same by a later step.
pub fn read_by_step(spot: Spot<'_, '_>, statement: &str) -> Option<(Reason, String)> {
    let names = outputs(statement);
    let folders: Vec<String> = names.iter().filter_map(|name| Some(format!("{}/", name.rsplit_once('/')?.0))).collect();
    let reads = |step: &&Step<'_>| {
        let mut long = names.iter().chain(&folders).filter(|name| name.len() > 3 && !name.starts_with('$'));
        let strict = step.continue_on_error.is_none() && !role::only_after_failure(step);
        let checks = || {
            role::of_action(step).is_none_or(|role| role == Role::Verify)
                && role::of_step_words(step).is_some_and(|purpose| purpose.role == Role::Verify)
        };
        // Words are sought first: few steps have them, and what a step is for takes longer to tell.
        // What a step writes itself it does not read.
        let own = || step.run.map_or(Vec::new(), |run| outputs(&run.text.replace("\\\n", " ")));
        let reads = |name: &String| mentions(step, name) && !only_writes(step, name, &own());
        strict && long.any(reads) && (fails(step) || checks())
    };
    let below = &spot.steps[spot.index + 1..];
    if let Some(name) = falls_back_to(statement)
        && below.iter().any(|step| step.continue_on_error.is_none() && mentions(step, name))
    {
        return Some((Reason::Examined, format!("what it falls back to stands in `{name}`, which a later step reads")));
    }
    let later = below.iter().find(reads)?;
    Some((Reason::Examined, format!("the step on line {} reads what it wrote and can fail", later.at.line)))
}

/// Whether what is read of these files says nothing of whether what wrote them failed.
fn is_narrow(rest: &str, names: &[String]) -> bool {
    names.iter().any(|name| seeks_warnings(rest, name) || only_parses(rest, name))
}

/// Whether a log is searched for warnings alone: `grep "WARNING: image file not readable" < log`, counted or asked for. That what
/// wrote it failed is another matter.
fn seeks_warnings(rest: &str, log: &str) -> bool {
    const ENDS: &[&str] = &[
        "fail",
        "error",
        "not ok",
        "exception",
        "panic",
        "abort",
        "fatal",
        "pass",
        "success",
        "complet",
        "done",
        " ok",
    ];
    let mut reads = rest.lines().filter(|line| line.contains(log)).peekable();
    let narrow = |line: &str| {
        let counts = ["wc -l", "grep -c", "! grep", "if grep"].iter().any(|way| line.contains(way));
        let lower = line.replace(log, "").to_lowercase();
        lower.contains("warning") && line.contains("grep") && counts && !ENDS.iter().any(|word| lower.contains(word))
    };
    log.len() > 3 && reads.peek().is_some() && reads.all(narrow)
}

/// Whether a variable that a statement fills is read below, in a script that writes outputs.
pub fn told_by_output(spot: Spot<'_, '_>, script: &str, statement: &str) -> bool {
    let rest = behind(script, statement);
    let reads = |name: &String| rest.contains(&format!("${name}")) || rest.contains(&format!("${{{name}"));
    spot.step.id.is_some()
        && rest.contains("GITHUB_OUTPUT")
        && statement.contains("=$(")
        && outputs(statement).iter().any(reads)
}

/// Whether a report is only asked to be there and to be well formed: `[ -f lint.json ] && jq empty lint.json`.
fn only_parses(rest: &str, report: &str) -> bool {
    const ASKS: &[&str] = &[
        "-f",
        "-e",
        "-s",
        "[",
        "]",
        "if",
        "!",
        "&&",
        "then",
        "test",
        "jq",
        "empty",
        "python",
        "python3",
        "-m",
        "json.tool",
        "2>/dev/null",
        ">/dev/null",
    ];
    let mut reads = rest.lines().filter(|line| line.contains(report)).peekable();
    let parses = |line: &str| {
        let mut words = line.split(|c: char| c.is_whitespace() || c == ';').filter(|word| !word.is_empty());
        let asks = ["jq empty", "json.tool"].iter().any(|way| line.contains(way));
        asks && words.all(|word| ASKS.contains(&word) || word.trim_matches(['"', '\'']) == report)
    };
    report.ends_with(".json") && reads.peek().is_some() && reads.all(parses)
}

/// A tool that mends files, and a strict look at what has changed: `git diff --exit-code`, here or in a later step.
pub fn mended(spot: Spot<'_, '_>, script: &str, statement: &str) -> Option<(Reason, String)> {
    const MENDS: &[&str] = &["--fix", "fix_", "fix-", "pre-commit", "--write", "fmt", "format", "prettier"];
    const LOOKS: &[&str] =
        &["--check", "--dry-run", "-check", ":check", "--list-different", "--verify", "prettier -c ", "prettier -l "];
    let looks_only = LOOKS.iter().any(|word| statement.contains(word));
    if looks_only || !MENDS.iter().any(|word| statement.contains(word)) {
        return None;
    }
    let found = looks_at_changes(behind(script, statement)) || later_look_at_changes(spot).is_some();
    found.then(|| (Reason::Examined, "what it has changed is looked at, and can fail".to_owned()))
}

/// The same where an action formats: what it writes differs from what was committed.
pub fn mended_by_action(spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let uses = spot.step.uses?.text.to_ascii_lowercase();
    let formats = ["prettier", "format", "fmt"].iter().any(|word| uses.contains(word));
    let step = later_look_at_changes(spot).filter(|_| formats)?;
    Some((Reason::Examined, format!("line {} looks at what it has changed, and can fail", step.at.line)))
}

/// The strict step behind this one that fails where the files differ from what was committed.
fn later_look_at_changes<'w, 't>(spot: Spot<'w, 't>) -> Option<&'w Step<'t>> {
    let strict = |step: &&Step<'_>| step.continue_on_error.is_none() && !role::only_after_failure(step);
    let later = &spot.steps[spot.index + 1..];
    later.iter().filter(strict).find(|step| step.run.is_some_and(|run| looks_at_changes(run.text)))
}

fn looks_at_changes(script: &str) -> bool {
    const WAYS: &[&str] = &["--exit-code", "--quiet", "test ! -s", "test -z", "[ -z"];
    let asks = script.contains("git diff") || script.contains("git status");
    asks && (can_end(script) || WAYS.iter().any(|way| script.contains(way)))
}

/// `command || echo ALL >> FILE`: where the fallback writes what stands in for the answer.
fn falls_back_to(statement: &str) -> Option<&str> {
    let (_, fallback) = statement.split_once("||")?;
    let (_, to) = fallback.rsplit_once('>')?;
    let name = to.split_whitespace().next()?.trim_matches(['"', '\'', ')', '}', ';']);
    let is_file = name.contains('.') && !name.contains("GITHUB_") && !name.starts_with(['&', '/']);
    (is_file && name.len() > 3 && !name.ends_with(".log")).then_some(name)
}

/// `done | tee report`: what the loop around a statement writes is read later by something that can fail.
pub fn of_loop_around(spot: Spot<'_, '_>, script: &str, statement: &str) -> Option<(Reason, String)> {
    let rest = behind(script, statement);
    let ends = |line: &&str| ["done |", "} |", ") |"].iter().any(|end| line.trim_start().starts_with(end));
    let end = rest.lines().find(ends)?;
    read_later(spot, script, end)
}

/// Whether a step mentions a name only where its script writes to it.
fn only_writes(step: &Step<'_>, name: &str, own: &[String]) -> bool {
    let Some(run) = step.run else { return false };
    let written = own.iter().filter(|output| output.contains(name)).count();
    let elsewhere = step.with.iter().chain(&step.env).any(|(_, value)| value.text.contains(name));
    written > 0 && !elsewhere && run.text.matches(name).count() <= written
}

/// What a whole step writes, by its script or by the inputs of its action, is read by a later strict step that can fail.
pub fn read_after(spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let script = role::script_of(spot.step).unwrap_or_default();
    let mut names = outputs(&script.replace("\\\n", " "));
    let kept = |key: &str| ["output", "report", "sarif", "file", "log"].iter().any(|part| key.contains(part));
    let inputs = spot.step.with.iter().filter(|(key, value)| kept(key.text) && value.text.contains('.'));
    names.extend(inputs.map(|(_, value)| value.text.to_owned()));
    // The other may say it without `./`.
    names.iter_mut().filter(|name| name.starts_with("./")).for_each(|name| drop(name.drain(..2)));
    let telling = |name: &str| (name.contains('.') && !name.starts_with('.')) || (name.contains('_') && name.len() > 8);
    names.retain(|name| name.len() > 3 && telling(name));
    let reads = |step: &&Step<'_>| {
        let strict = step.continue_on_error.is_none() && !role::only_after_failure(step);
        let run = step.run.is_some_and(|run| names.iter().any(|name| run.text.contains(name.as_str())));
        strict && run && (fails(step) || judges(step, &names))
    };
    let reader = spot.steps[spot.index + 1..].iter().find(reads)?;
    Some((Reason::Examined, format!("the step on line {} reads what it wrote and can fail", reader.at.line)))
}

/// Whether a step hands one of these files to a script that judges by its name: `node scan-gate.js findings.json`.
fn judges(step: &Step<'_>, names: &[String]) -> bool {
    const WORDS: &[&str] = &["gate", "check", "verify", "validate", "enforce", "assert", "fail", "threshold"];
    let says = |word: &str| word.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| WORDS.contains(&part));
    step.run.is_some_and(|run| {
        let takes = |line: &&str| names.iter().any(|name| line.contains(name.as_str()));
        let script = |word: &str| word.contains('.') && !names.iter().any(|name| word.contains(name.as_str()));
        let judged = |line: &str| line.split_whitespace().any(|word| script(word) && says(&word.to_ascii_lowercase()));
        run.text.lines().filter(takes).any(|line| judged(line) && !line.contains("||"))
    })
}

/// A variable by which a step says that all went well, `test && echo "PASSED=true" >> "$GITHUB_ENV"`, is asked for by the
/// condition or a test of a later strict step that fails.
pub fn variable_read(spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    let name = |line: &str| {
        let (value, _) = line.split_once("GITHUB_ENV")?;
        if let Some((_, said)) = value.rsplit_once("|| echo ") {
            let (name, _) = said.trim_start_matches(['"', '\'']).split_once('=')?;
            return (name.len() > 2 && name.chars().all(is_word)).then(|| name.to_owned());
        }
        let (_, said) = value.rsplit_once("&& echo ")?;
        let (name, value) = said.trim_start_matches(['"', '\'']).split_once('=')?;
        let is_name = name.len() > 2 && name.chars().all(is_word);
        let value = value.split(|c: char| !is_word(c)).next().unwrap_or_default();
        (is_name && ["true", "1", "ok", "success", "passed"].contains(&value)).then(|| name.to_owned())
    };
    let names: Vec<String> = spot.step.run?.text.lines().filter_map(name).collect();
    let has = |text: &str, name: &String| {
        text.match_indices(name.as_str()).any(|(at, _)| {
            let before = text[..at].ends_with("env.") || text[..at].ends_with(['$', '{']);
            before && !text[at + name.len()..].starts_with(is_word)
        })
    };
    let asks = |step: &Step<'_>| {
        let condition = step.condition.map_or("", |text| text.text);
        let tests = step.run.into_iter().flat_map(|run| run.text.lines()).filter(|line| line.contains('['));
        std::iter::once(condition).chain(tests).any(|text| names.iter().any(|name| has(text, name)))
    };
    let reads = |step: &&Step<'_>| {
        let strict = step.continue_on_error.is_none() && !role::only_after_failure(step);
        strict && asks(step) && fails(step)
    };
    let reader = spot.steps[spot.index + 1..].iter().find(reads)?;
    Some((Reason::Examined, format!("the step on line {} reads what it sets and can fail", reader.at.line)))
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether a script looks for files, or at what is in them.
fn looks(script: &str) -> bool {
    const LOOKS: &[&str] = &[
        "-f ",
        "-e ",
        "-s ",
        "-d ",
        "-x ",
        "ls ",
        "find ",
        "grep",
        "cmp ",
        "diff ",
        "wc ",
        ".whl",
        "Test-Path",
        "EXIST ",
        "exist ",
    ];
    LOOKS.iter().any(|word| script.contains(word))
}

/// Whether a file that the statement hands to its command, by a mount or an argument, is read below for how it ended.
fn told_by_file(statement: &str, rest: &str) -> bool {
    let words = || statement.split(|c: char| c.is_whitespace() || ":=,\"'".contains(c));
    let files = || words().filter(|word| word.len() > 3 && word.contains('.') && !word.starts_with('-'));
    rest.contains("cat ") && can_end(rest) && files().any(|file| rest.contains(&format!("cat {file}")))
}

/// Whether an `if` that searches one of these files sets a variable, and a script of the repository is given it at the end:
/// `if grep -q passed log; then R=0; else R=1; fi; ./ci/judge.sh $R`.
fn judged_by_script(rest: &str, names: &[String]) -> bool {
    let mut lines = rest.lines().map(str::trim);
    let searches = |line: &str| line.contains("grep") && names.iter().any(|name| line.contains(name));
    // `R=$(grep -q passed log && echo 0 || echo 1)`
    let taken =
        lines.clone().filter(|line| searches(line)).filter_map(|line| line.split_once("=$(")).map(|(name, _)| name);
    let last = lines.clone().rfind(|line| !line.is_empty()).unwrap_or_default();
    let script = last.split_whitespace().next().is_some_and(|word| word.contains('/') && word.ends_with(".sh"));
    let given = |name: &str| last.contains(&format!("${name}")) || last.contains(&format!("${{{name}}}"));
    if script && taken.into_iter().any(given) {
        return true;
    }
    if !lines.any(|line| line.starts_with("if ") && searches(line)) {
        return false;
    }
    let set: Vec<&str> = lines
        .clone()
        .take_while(|line| *line != "fi")
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name)
        .collect();
    script && set.iter().any(|name| given(name))
}

/// Whether a later line tests one of these names, and nothing keeps its failure.
fn tested(rest: &str, names: &[String]) -> bool {
    rest.lines().map(str::trim).any(|line| {
        let tests = [
            "[ ",
            "[[ ",
            "test ",
            "grep ",
            "! grep",
            "diff ",
            "cmp ",
            "python",
            "node ",
            "jq -e",
            "diff-quality ",
            "git diff --exit-code",
            "git diff --quiet",
        ];
        let tests = |part: &str| tests.iter().any(|start| part.starts_with(start));
        // `git diff -- ':!file'` leaves the file out.
        let names = || names.iter().any(|name| line.contains(name.as_str())) && !line.contains(":!");
        line.split("||").all(|part| tests(part.trim())) && names()
    })
}

/// A statement with paths of the workspace as what runs in it may write them.
fn in_workspace(statement: &str) -> Cow<'_, str> {
    const ROOTS: &[&str] =
        &["${{ github.workspace }}/", "${{github.workspace}}/", "${GITHUB_WORKSPACE}/", "$GITHUB_WORKSPACE/"];
    let mut text = Cow::Borrowed(statement);
    for root in ROOTS.iter().filter(|root| statement.contains(**root)) {
        text = Cow::Owned(text.replace(root, ""));
    }
    text
}

/// Names of files and variables that a statement fills.
fn outputs(statement: &str) -> Vec<String> {
    fills(statement).into_iter().map(|fill| fill.name).collect()
}

/// The files and variables that a statement fills.
pub fn fills(statement: &str) -> Vec<Fill> {
    let statement = in_workspace(statement);
    let words: Vec<&str> = statement.split_whitespace().collect();
    // Each with whether the shell makes it.
    let mut found: Vec<(&str, bool)> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let next = || words[index + 1..].iter().find(|word| !word.starts_with('-')).copied().unwrap_or_default();
        match *word {
            ">" | ">>" | "&>" | "tee" | "Tee-Object" => found.push((next(), true)),
            "-o" | "--output" | "--out" | "--output-file" | "--report" | "--json-report-file" | "touch" => {
                found.push((next(), false));
            }
            _ => {}
        }
        if let Some(name) = word.strip_prefix("&>").or(word.strip_prefix('>')) {
            found.push((name.trim_start_matches('>'), true));
        }
        if let Some((name, value)) = word.split_once('=') {
            const KINDS: &[&str] =
                &["out", "report", "xml", "log", "file", "sarif", "json", "result", "html", "csv", "dir"];
            let name = name.to_ascii_lowercase();
            if (name.starts_with("--") || name.starts_with("-d")) && KINDS.iter().any(|kind| name.contains(kind)) {
                found.push((value, false));
            } else if name.starts_with("-") {
                continue;
            } else if value.starts_with("$(") || value.starts_with("\"$(") || value.starts_with('`') {
                found.push((word.split('=').next().unwrap_or_default(), false));
            }
        }
    }
    // `build.sh tool-linux.zip`: what a build is told to pack.
    if words.iter().any(|word| word.contains("build") && !is_packed(word)) {
        found.extend(words.iter().filter(|word| is_packed(word)).map(|word| (*word, false)));
    }
    let fill = |(name, by_shell): (&str, bool)| {
        let name = name.trim_matches(['"', '\'', '{', '}', '(', ')', ';']).to_owned();
        let counts = name.len() > 1 && !["/dev/null", "&1", "&2"].contains(&name.as_str()) && !name.contains("GITHUB_");
        counts.then_some(Fill { name, by_shell })
    };
    found.into_iter().filter_map(fill).collect()
}

/// Whether a word names an archive or a package.
pub fn is_packed(word: &str) -> bool {
    const ENDS: &[&str] = &[".zip", ".tar.gz", ".tgz", ".tar.xz", ".whl", ".deb", ".rpm", ".msi", ".dmg", ".jar"];
    ENDS.iter().any(|end| word.ends_with(end)) && !word.contains("://")
}
