//! Comments beside a place, and whether they justify it.
//!
//! YAML parsers drop comments, so the lines themselves are read: the end of a line behind ` #`, and the comment lines
//! directly above. That is enough for one line; it does not follow quoted scalars over several lines.

use std::sync::LazyLock;

use super::reason::{Near, is_reason, plain, spaced};
use crate::any_of::AnyOf;

/// What the comments at a place say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// `# wf-fix: accept[detector] reason`
    Accepts(String),
    /// A reason why a failure may pass.
    Reason(String),
}

/// What stands behind ` #` at the end of a line, outside quotes.
pub fn trailing(line: &str) -> Option<&str> {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') if before.is_whitespace() => return Some(line[at..].trim()),
            (None, '\'' | '"') if !before.is_alphanumeric() => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
        before = c;
    }
    None
}

/// The comment lines directly above a line (an index from 0), top first.
pub fn above<'t>(lines: &[&'t str], line: usize) -> Vec<&'t str> {
    let mut found: Vec<&str> = Vec::new();
    for text in lines[..line.min(lines.len())].iter().rev() {
        let text = text.trim();
        if !text.starts_with('#') || found.len() >= 60 {
            break;
        }
        found.push(text);
    }
    found.reverse();
    found
}

/// `# --- macOS: the failure ---`: a heading names what stands below.
fn is_heading(comment: &str) -> bool {
    let rule = |c: char| matches!(c, '-' | '=' | '*' | '#' | '~' | '_' | '\u{2500}' | '\u{2550}' | '\u{2501}' | ' ');
    let text = comment.trim_start_matches('#').trim();
    let inner = text.trim_matches(rule);
    let (before, after) = (text.find(inner).unwrap_or(0), text.len() - text.trim_end_matches(rule).len());
    before >= 2 && after >= 3
}

/// What kind of statement a comment would have to justify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// A failure that is let pass.
    SoftFail,
    /// The same for a command of a script: comments above commands describe them, and must speak of failure to count.
    Command,
    /// A command that was meant to fail and cannot: what is said of it is what was meant, so only `accept[...]` counts.
    Negated,
    /// Something that is switched off.
    SwitchedOff,
    /// A gate: what stands above it says what it is, so only words of intent count.
    Gate,
    /// Jobs that a gate does not wait for: the comment must speak of leaving out.
    Omission,
}

/// What the comments at one of these lines (from 1) say for this detector; the first place that says something counts.
pub fn said(lines: &[&str], places: &[usize], detector: &str, topic: Topic) -> Option<Said> {
    for (rank, line) in places.iter().enumerate() {
        let Some(index) = line.checked_sub(1) else { continue };
        let end = lines.get(index).and_then(|text| trailing(text));
        let block = above(lines, index);
        // `#` alone beside the place parts nothing.
        let block = &block
            [..block.iter().rposition(|text| !text.trim_matches(['#', ' ', '\t']).is_empty()).map_or(0, |at| at + 1)];
        for text in block.iter().copied().chain(end) {
            if let Some(reason) = accepts(text, detector) {
                return Some(Said::Accepts(reason));
            }
        }
        // The last place is the step or the job around the line.
        let around = rank > 0 && (rank + 1 == places.len() || topic == Topic::SoftFail);
        // The first line of a script may be a comment itself: it speaks of what stands below.
        let itself = lines.get(index).is_some_and(|text| text.trim_start().starts_with('#'));
        let near = if around || itself { Near::Around } else { Near::Line };
        // What is accepted of another detector says nothing of this one.
        let own = |text: &str| !text.trim_start_matches(['#', ' ']).starts_with("wf-fix:");
        if let Some(text) = end.filter(|text| own(text))
            && is_reason(text, topic, near)
        {
            return Some(Said::Reason(plain(text)));
        }
        // The paragraph next to the place: what stands above an empty comment line speaks of the whole.
        let from = match topic {
            Topic::SwitchedOff => {
                // So does what stands above a condition that is commented out, if words follow it.
                let is_last = |at: usize| at + 1 == block.len();
                let parts = |at: &usize| {
                    let text = plain(block[*at]);
                    text.is_empty() || (text.starts_with("if:") && !(is_last(*at) && speaks_of_off(block)))
                };
                (0..block.len()).rev().find(parts).map_or(0, |at| at + 1)
            }
            Topic::SoftFail | Topic::Command | Topic::Negated | Topic::Gate | Topic::Omission => 0,
        };
        let words = block[from..].iter().filter(|text| !is_heading(text) && own(text)).map(|text| plain(text));
        let block = words.collect::<Vec<_>>().join(" ");
        let near = if around { Near::Around } else { Near::Above };
        if is_reason(&block, topic, near) {
            return Some(Said::Reason(block));
        }
    }
    None
}

/// Whether a comment above a condition that is commented out says why something is off, and not what the condition is for.
fn speaks_of_off(block: &[&str]) -> bool {
    const OFF: &[&str] =
        &["disab", "skip", "turned", " off", "until", "enable", "not run", "broken", "hang", "fail", "flak"];
    block.iter().any(|line| OFF.iter().any(|word| line.to_lowercase().contains(word)))
}

/// What a comment above one of these lines (from 1, the steps before a place) says of all that follow it, the next first.
pub fn said_of_following(lines: &[&str], steps: &[usize]) -> Option<Said> {
    const ALL: &[&str] = &[
        "every step here",
        "each step here",
        "all steps here",
        "steps below",
        "following steps",
        "these steps",
        "every step below",
        "each step below",
        "all of these steps",
        "the remaining steps",
        "the rest of the steps",
    ];
    steps.iter().rev().find_map(|line| {
        let blank = |at: &usize| lines.get(at - 1).is_some_and(|text| text.trim().is_empty());
        let top = (1..*line).rev().find(|at| !blank(at))? + 1;
        let block = above(lines, top - 1).iter().map(|text| plain(text)).collect::<Vec<_>>().join(" ");
        let lower = block.to_lowercase();
        let speaks = lower.contains("continue-on-error") && ALL.iter().any(|words| lower.contains(words));
        (speaks && is_reason(&block, Topic::SoftFail, Near::Above)).then_some(Said::Reason(block))
    })
}

/// The lines (from 1) of a step's keys, from its first to the end, above which a comment stands that may speak of its
/// soft-fail: above the condition, and wherever a comment names `continue-on-error`.
pub fn keys_with_comments(lines: &[&str], first: usize, end: usize, condition: Option<usize>) -> Vec<usize> {
    const OF_FAILING: &[&str] =
        &["continue-on-error", "continue on error", "allowed to fail", "non-blocking", "best-effort"];
    let named = (first..end.min(lines.len() + 1)).filter(|line| {
        let text = lines.get(line - 1).map_or("", |text| text.trim());
        if text.starts_with('#') {
            return false;
        }
        let said = above(lines, line - 1).iter().map(|line| plain(line)).collect::<Vec<_>>().join(" ");
        OF_FAILING.iter().any(|words| said.contains(words))
    });
    condition.into_iter().chain(named).filter(|line| *line > first).collect()
}

/// The lines (from 1) between two lines that stand below a comment.
pub fn below_comments(lines: &[&str], first: usize, end: usize) -> Vec<usize> {
    let is = |line: usize| lines.get(line - 1).is_some_and(|text| text.trim_start().starts_with('#'));
    (first + 1..=end).filter(|line| !is(*line) && is(line - 1)).collect()
}

/// Words at the head of a file that let failures pass: all but the first say what the thing is worth.
const SOFT: &[&str] = &[
    "continue on error",
    "advisory",
    "informational",
    "non blocking",
    "allowed to fail",
    "best effort",
    "not block",
    "never block",
    "instead of failing",
];

/// The same, sought in one pass: most heads have none.
static ANY_SOFT: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(SOFT.iter().copied()));

/// The comment at the head of the file, if it lets failures pass.
pub fn soft_head(text: &str) -> Option<String> {
    let is_head = |line: &&str| line.is_empty() || line.starts_with('#') || line.starts_with("name:");
    let head = text.lines().map(str::trim).take_while(is_head).filter(|line| !line.starts_with("name:"));
    let text = head.map(plain).collect::<Vec<_>>().join(" ");
    ANY_SOFT.stands_in(&spaced(&text)).then_some(text)
}

/// What such a comment says of a job that it names, or of the only one, if that is a reason.
pub fn said_at_head(head: &str, job: &str, only: impl Fn() -> bool) -> Option<Said> {
    let says = |sentence: &&str| {
        // `advisory-audit` asks for security advisories.
        let lower = spaced(sentence).replace("advisory audit", "");
        // What names the key itself speaks of every place that has it.
        let whole = || lower.contains("continue on error");
        let of_all = || whole() && SOFT[1..].iter().any(|word| lower.contains(word));
        SOFT.iter().any(|word| lower.contains(word)) && (sentence.contains(job) || of_all() || only())
    };
    head.split(". ").find(says).map(|sentence| Said::Reason(sentence.to_owned()))
}

/// The reason of `# wf-fix: accept[detector] reason` or `accept[a, b]`; without a reason it does not count.
fn accepts(text: &str, detector: &str) -> Option<String> {
    let rest = text.trim_start_matches('#').trim_start().strip_prefix("wf-fix:")?.trim_start();
    let (names, reason) = rest.strip_prefix("accept[")?.split_once(']')?;
    let named = names.split(',').any(|name| name.trim() == detector || name.trim() == "*");
    (named && !reason.trim().is_empty()).then(|| reason.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_stand_behind_and_above() {
        assert_eq!(trailing("if: 'a # b' # c"), Some("# c"));
        assert_eq!(trailing("run: echo \"#x\""), None);
        assert_eq!(above(&["# a", "# b", "x"], 2), ["# a", "# b"]);
    }

    #[test]
    fn only_reasons_justify() {
        let lines = [
            "continue-on-error: true # ghstack not currently supported due to problems",
            "continue-on-error: true # temporarily",
            "continue-on-error: true   # \u{270f}\u{fe0f} Set to false to break your build on scan errors",
            "# wf-fix: accept[pipe] the last command checks",
            "a | b",
            "if: false # Has been broken for a while",
        ];
        let soft = |line| said(&lines, &[line], "pipe", Topic::SoftFail);
        assert!(matches!(soft(1), Some(Said::Reason(_))));
        assert_eq!(soft(2), None);
        assert_eq!(soft(3), None);
        assert_eq!(soft(5), Some(Said::Accepts("the last command checks".to_owned())));
        assert_eq!(said(&lines, &[6], "never-runs", Topic::SwitchedOff), None);
    }
}
