//! An audit for people: findings in their source lines, the chain, the way out, a closing table.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::safe::{plural, short, shown};
use crate::audit::{Finding, Fix, Reason, Report, Verdict};
use crate::workflow::link::LinkKind;

/// How an audit is shown.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// With colours.
    pub color: bool,
    /// With what is fine.
    pub all: bool,
}

/// The whole audit; `found` are the findings that the filters let through.
pub fn text(report: &Report, found: &[&Finding], files: &BTreeMap<String, Vec<u8>>, style: Style) -> String {
    let mut out = String::new();
    for finding in found.iter().filter(|finding| finding.needs_action() || style.all) {
        write_finding(&mut out, finding, files, style.color);
    }
    write_closing(&mut out, report, found, style.all);
    out
}

/// All that is known of the findings at one place.
pub fn explain(found: &[&Finding], files: &BTreeMap<String, Vec<u8>>, color: bool) -> String {
    let mut out = String::new();
    for finding in found {
        write_finding(&mut out, finding, files, color);
    }
    out
}

fn write_finding(out: &mut String, finding: &Finding, files: &BTreeMap<String, Vec<u8>>, color: bool) {
    let paint = |code: &str, text: &str| if color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() };
    let severity = finding.severity.to_string();
    let label = match (&finding.verdict, severity.as_str()) {
        (Verdict::Fine(..), _) => paint("32", "fine"),
        (_, "high") => paint("1;31", "high"),
        (_, "medium") => paint("1;33", "medium"),
        _ => paint("1;36", "low"),
    };
    let _ = writeln!(out, "{label}[{}]: {}", finding.detector, paint("1", &shown(&finding.message)));
    let lines = source(finding, files);
    let width = lines.last().map_or(1, |(number, _)| number.to_string().len());
    let bar = paint("1;34", "|");
    let _ = writeln!(out, "{:width$}{} {}", "", paint("1;34", "-->"), shown(&finding.place.to_string()));
    for (number, line) in &lines {
        let mark = if *number == finding.place.line || finding.also.contains(number) { ">" } else { " " };
        let _ = writeln!(out, "{number:>width$} {bar}{mark}{}", shown(&short_line(line)));
    }
    let mut note = |name: &str, text: &str| {
        let _ = writeln!(out, "{:width$} {} {name}: {}", "", paint("1;34", "="), shown(text));
    };
    note("role", &format!("{}, {}", finding.purpose.role, finding.purpose.evidence));
    for link in &finding.chain {
        note("chain", &link.to_string());
    }
    match &finding.verdict {
        Verdict::Action => note("fix", &way_out(finding)),
        Verdict::Fine(reason, more) => note("fine", &format!("{}: {}", reason.words(), short(more, 160))),
    }
    out.push('\n');
}

/// The lines worth showing: the place with a line of context on both sides, and the finding's other lines.
fn source<'f>(finding: &Finding, files: &'f BTreeMap<String, Vec<u8>>) -> Vec<(usize, &'f str)> {
    let text = files.get(&finding.place.file).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    let near = finding.place.line.saturating_sub(1)..=finding.place.line + 1;
    let wanted = |number: &usize| near.contains(number) || finding.also.iter().take(6).any(|line| line == number);
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    lines
        .filter(|(number, line)| wanted(number) && !(line.trim().is_empty() && *number != finding.place.line))
        .collect()
}

/// The longest source line shown, in characters.
const MOST: usize = 150;

fn short_line(line: &str) -> String {
    match line.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}

/// What to do about it.
pub fn way_out(finding: &Finding) -> String {
    match (&finding.fix, finding.detector) {
        (Some(Fix::RemoveKey(at)), _) => {
            format!("wf-fix can remove it: `remove-key` at {at}; or say above it why it may fail")
        }
        (Some(Fix::RemoveJob(job)), _) => {
            format!("wf-fix can remove it: `remove-jobs` of {job}, with the jobs that need it")
        }
        (Some(Fix::DropFalse(at)), _) => format!("wf-fix can mend it: `edit-condition` with `drop: false` at {at}"),
        (Some(Fix::Justify(at)), _) => format!("wf-fix can put the reason above it: `justify` at {at}"),
        (Some(Fix::DropOr { at, line, tail }), _) => {
            format!("wf-fix can remove it: `edit-script` with `drop: {tail}` of `{line}` at {at}")
        }
        (None, detector) => {
            let (why, by_hand) = by_hand(finding, detector);
            format!("{by_hand} (no rewrite: {why})")
        }
    }
}

/// The same for a command of a script, by what masks it.
fn masked_by_hand(kind: Option<LinkKind>) -> (&'static str, &'static str) {
    match kind {
        Some(LinkKind::NativeNotLast) => (
            "the script may count on going on",
            "`if ($LASTEXITCODE) { exit $LASTEXITCODE }` behind it, or a step of its own",
        ),
        Some(LinkKind::CmdNotLast) => {
            ("the script may count on going on", "`|| exit /b` behind it, or a step of its own")
        }
        Some(LinkKind::LeftOfAnd) => (
            "what follows may be meant to be left out",
            "the parts of `&&` on lines of their own, so that `-e` sees each",
        ),
        Some(LinkKind::FindExec) => (
            "how often the command is to run is part of its meaning",
            "`-exec ... {} +` or `xargs`, which fail with the command",
        ),
        Some(LinkKind::TestedByScript) => {
            ("what the script asks is its own logic", "`exit 1` where it tells of the failure")
        }
        Some(LinkKind::ErrorActionArgument | LinkKind::ErrorActionPreference) => {
            ("the script may count on going on", "`-ErrorAction Stop`, or look at the result and throw")
        }
        _ => (
            "what stands behind the command, or what follows it, is part of the script's own logic",
            "drop what follows `||`, or look at the status and fail on it",
        ),
    }
}

/// Why no rewrite removes it, and what to do by hand.
fn by_hand(finding: &Finding, detector: &str) -> (&'static str, &'static str) {
    match detector {
        "masked-command" => masked_by_hand(finding.chain.first().map(|link| link.kind)),
        "pipe" => (
            "the shell is a choice for the whole step",
            "`shell: bash`, which has pipefail, or `set -o pipefail` in the script",
        ),
        "no-errexit" => ("the script may count on going on", "`set -e` in the script, or a shell with `-e`"),
        "negated" => {
            ("what it asserts is not known", "`|| exit 1` behind it, or `if ...; then exit 1; fi` without the `!`")
        }
        "tool-flag" => ("the option belongs to the tool", "drop the option, or let a later step fail on the findings"),
        "http-error" => (
            "the request may be meant to be tried",
            "`--fail-with-body` (or `-f`), or look at the status that `-w` prints",
        ),
        "always-true" => (
            "the condition that was meant is not known",
            "put the whole condition into one `${{ }}`, or leave the braces out; compare a text with something, or drop its quotes",
        ),
        "dead-comparison" => {
            ("what the comparison was meant to say is not known", "compare with a value that can be there, or drop it")
        }
        "gate" => (
            "how the gate should judge is not known",
            "`if: always()` and a step that fails unless every `needs.*.result` is success",
        ),
        "gate-leaves-out" => {
            ("which jobs are required is not known", "add them to its `needs`, or say above it why they may fail")
        }
        "path-filter" => ("which paths belong in it is not known", "add the paths to the filter, or drop the filter"),
        "switched-off" => (
            "what was meant is not known",
            "mend the trigger or the condition, remove what never runs, or say beside it why it is off",
        ),
        "never-runs" if finding.chain.len() > 1 => ("it goes with that job", "mend or remove the job that it needs"),
        "never-runs" => {
            ("the condition is no plain `false`", "remove it, mend its condition, or say beside it why it is off")
        }
        "unreadable" => ("the file does not parse", "mend the file"),
        _ => (
            "the value is an expression, or stands where no query leads",
            "decide what it should be, or say above it why it may fail",
        ),
    }
}

fn write_closing(out: &mut String, report: &Report, found: &[&Finding], all: bool) {
    let action: Vec<&&Finding> = found.iter().filter(|finding| finding.needs_action()).collect();
    let mut by: BTreeMap<(&str, &str), [usize; 3]> = BTreeMap::new();
    for finding in &action {
        by.entry((finding.category, finding.detector)).or_default()[finding.severity as usize] += 1;
    }
    if !by.is_empty() {
        let _ = writeln!(out, "{:<18} {:<24} {:>5} {:>7} {:>5}", "CATEGORY", "DETECTOR", "HIGH", "MEDIUM", "LOW");
        for ((category, detector), [high, medium, low]) in &by {
            let _ = writeln!(out, "{category:<18} {detector:<24} {high:>5} {medium:>7} {low:>5}");
        }
        out.push('\n');
    }
    let mut fine: BTreeMap<Reason, usize> = BTreeMap::new();
    for finding in found {
        if let Verdict::Fine(reason, _) = &finding.verdict {
            *fine.entry(*reason).or_default() += 1;
        }
    }
    let files = plural(report.inventory.len(), "file");
    let broken = match report.findings.iter().filter(|finding| finding.detector == "unreadable").count() {
        0 => String::new(),
        n => format!(", {n} that cannot be read"),
    };
    let _ = writeln!(out, "{files} read{broken}: {} need action, {} fine", action.len(), found.len() - action.len());
    for (reason, count) in &fine {
        let _ = writeln!(out, "  {count:>5} {}", reason.words());
    }
    if !all && !fine.is_empty() {
        out.push_str("  (--all shows them)\n");
    }
}
