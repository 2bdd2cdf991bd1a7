//! Whether words give a reason why a failure may pass, or why something is switched off.
//!
//! A cause is a reason, and so is a word that says what the thing is worth ("informational", "best effort"). What only
//! says again that failures are let pass ("ignore errors", "don't fail the build"), an order, a date or "temporarily" is
//! none: the contract stands in `tests/labels/README.md`, rules 2 and 4. To extend: add to a list; `|` parts the phrases, and a
//! phrase counts from the start of a word on.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::comment::Topic;
use super::hollow::{only_broken, only_links};
use super::trimmed::{tolerates, without_expressions, without_manuals, without_own_failure, without_questions};
use crate::any_of::AnyOf;

/// Where the words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near {
    /// At the end of the very line.
    Line,
    /// Directly above the line.
    Above,
    /// At the step or the job around it: such a comment must speak of failure to count.
    Around,
}

/// A comment without its marks.
pub fn plain(text: &str) -> String {
    text.trim().trim_start_matches('#').trim().to_owned()
}

/// A text in small letters, with blanks for `-` and `_`.
pub fn spaced(text: &str) -> String {
    let mut bytes = text.to_lowercase().into_bytes();
    bytes.iter_mut().filter(|byte| matches!(byte, b'-' | b'_')).for_each(|byte| *byte = b' ');
    // They are UTF-8 as before.
    String::from_utf8(bytes).unwrap_or_default()
}

/// Words that say what a check is worth, in a name or a comment.
const WORTH: &str = "warning only|warn only|report only|non blocking|nonblocking|not blocking|non fatal|nonfatal|\
     non critical|not critical|non required|not required|non gating|not gating|informational|informative|\
     advisory|best effort|experimental|optional|flaky|flakey|unstable|xfail|nice to have|for information|\
     intermittent|timing sensitive|racy |failing upstream|upstream regression|upstream bug|not a blocker|fyi only|not enforced|not yet enforced|n't enforce|want to enforce|not mandatory";

/// Words that say it in a name, where people read them in the list of checks; in a comment they only say it again.
const ALLOWS: &str = "early access|openjdk ea|allowed to fail|allow failure|allow to fail|allowed failure|allow fail|allowed fail|can fail|\
     accept failure|accepts failure|failure accepted|may fail|might fail|soft fail|ignored|ignore failures|not supported|unsupported";

/// Words that tell a cause, or the case in which it fails.
const CAUSES: &str = "often|so that |is down|are down|goes down|says nothing|workaround|work around|prevent|avoid|tolerat|\
     because|since |due to|caused by|by design|on purpose|intentional|deliberate|expect|otherwise|instead of|\
     rather than|as long as|while |until|once |in case|unless|is enough|are enough|if there|if no |if the|if it|if a|if one|when |\
     only on |only for|only if|to allow |depend|require|would |unreliable|intermittent|sporadic|transient|\
     randomly|race|timeout|time out|times out|timed out|rate limit|rate-limit|quota|slow|hang|out of memory|\
     oom|crash|segfault|segmentation fault|bug|issue|problem|trouble|broken|breaks|breakage|may break|can break|incompatib|\
     regress|deprecat|legacy|false positive|false-positive|noise|noisy|too many|known |conflict|cannot|can't|unable|quirk|\
     limitation|doesn't work|does not work|not work|n't work|errors out|error out|often fail|sometimes|\
     always fail|will fail|pre-existing|preexisting|not clean|another workflow|other workflow|n't control|not control|fails on|fails for|fails with|fail on |fail with|fails if|fail if|fails when|\
     fail when|fails because|failing on|failing for|failing with|still fail|currently fail|not yet|yet |\
     not support|n't support|unsupported|not available|unavailable|not exist|n't exist|may not|might not|\
     may be|might be|missing|absent|already|nothing to|no changes|no test|not found|not have|n't have|\
     not implemented|not ready|not installed|not stable|upstream|third party|third-party|3rd party|external|\
     network|fork|permission|secret|nightly|beta|prerelease|pre-release|bleeding|canary|mirror|server|outage|\
     downtime|offline|vendor|http://|https://|issues/|see #|gh-|ticket|handled|checked below|checked later|\
     checked in|later step|next step|following step|below|reported|evaluated|separately|return code|\
     exit code|exit status|exits with|non-zero|nonzero|returns 1|status code|not block|n't block|block|gate|\
     gating|stay green|red |blame|visibility|allowlist|baseline|gradual|backlog|incremental|tracked|\
     not fail the release|shouldn't fail the|must not fail|mustn't|have no |has no |there is no|there are no|\
     move on|moves on|go on to|fall back|fallback|fewer|too |until|as soon as|proven|matures|stabili|replaced|\
     superseded|removal|obsolete|migrat|rewrit|work in progress|wip|early stage|preview|alpha|best guess|licen|\
     credential|token|unrelated|pre-existing|preexisting|existing |not our|out of our|outside|credits|quota|hosted|\
     likely to fail|likely fail|likely to break|\
     down |overload|throttl|billing|budget|reach|stable with|stable on|stable enough|still run|want to see|heuristic|inconclusive|nondeterminis|non-determinis|flap|varies|variance";

/// Words that tell why something is switched off: that it is off, or broken, is no reason.
const CAUSES_OFF: &str = "because|since |due to|until|http://|https://|issues/|not support|n't support|unsupported|requires|\
     needs |need |credits|waiting|awaiting|blocked|replaced|superseded|in favor of|in favour of|moved to|see #|too slow|\
     too expensive|too long|too flaky|runs on|re-enable when|enable when|enable once|enabled if|enabled when|enable if|while we |while the |when |once |deprecated|\
     no longer|no more|flaky|flakey|unstable|unreliable|often fail|randomly fail|intermittent|n't have|not have|\
     not available|unavailable|cost|issue #|template|example|manually|placeholder|keep|sunset|rate limit|\
     quota|out of |not enough|lack|without |cannot|can't|not yet|not ready|pending|conflicts with|incompatib|\
     too |only need|intrusive|n't work|not work|upstream|only for|only on|in case|reference|duplicate|covered by|instead|timeout|\
     times out|crash|segfault|hang|bug|so that|to avoid|to prevent|to save|license|approval|handled|\
     mismatch|slated for|only runs|false positive|false-positive|n't complete|not complete|as we |don't want|do not want|as the |as this |as it |as there |not used|unused|only supported|if it is possible|hosted runner|hosted machine|transition|is working|works now|now works|only used|only use |if you|to debug|for debug|is dead|are dead|is gone|shut down|discontinued|unmaintained|abandoned|archived|outdated|n't be used|not be used|not really be used|not meant|takes minutes|takes hours|takes forever|takes a long|takes very";

/// Words by which a comment speaks of running or not.
const RUNS: &str = "disab|enabl|skip|off |until|run|ran |work|hang|flak|fail|broken|need|not support|unsupported|remov|\
     deprecat|replac|switch|never|turn|not use|unused|only use|stop|block|wait|keep|kept|only|temporar|for now|currently|avoid|once |when ";

/// Words that only say again what the line says.
const RESTATES: &str = "a|abort|aborts|all|allow|allowed|allows|always|an|and|any|anyway|are|be|being|build|builds|but|by|can|check|checks|\
     ci|code|command|continue|continues|do|does|doesn't|don't|dont|entire|error|errors|even|exit|fail|failed|\
     failing|fails|failure|failures|fixme|for|from|further|going|green|here|if|ignore|ignored|ignores|in|is|\
     it|its|job|jobs|just|keep|let|lint|linter|linting|make|may|moment|never|no|not|now|occur|of|on|or|our|\
     pass|pipeline|proceed|run|running|runs|scan|should|shouldn't|silently|so|some|step|steps|still|stop|\
     succeed|success|sure|temp|temporarily|temporary|test|tests|that|the|then|there|these|this|time|to|todo|\
     true|we|we'll|when|whole|will|with|workflow|workflows|would|yet|you|any|result|results|other|rest|\
     entirely";

/// Words by which a comment around the place speaks of failure.
const FAILURE: &str = "fail|error|flak|unstable|unreliable|block|ignor|tolera|broken|break|crash|non-zero|nonzero|soft|red|\
     green|exit code|return code|warn|continue-on|continue on|continue if|continue when|pass";

/// Words that tell that something is not there: one thing that is missing is cause enough.
const ABSENT: &str = "may be no |may have no |might be no |there is no |there are no |have no |has no ";

/// Words that tell that a gate is meant to be as it is.
const INTENDS: &str = "by design|on purpose|intentional|deliberate|advisory|informational|not required";

/// The lists, made ready for many texts.
struct Lists {
    worth: AnyOf,
    worth_or_allows: AnyOf,
    causes: AnyOf,
    causes_off: AnyOf,
    runs: AnyOf,
    restates: HashSet<&'static str>,
    failure: AnyOf,
    omits: AnyOf,
    absent: AnyOf,
    intends: AnyOf,
}

static SEARCH: LazyLock<Lists> = LazyLock::new(|| {
    let list = |phrases: &'static str| AnyOf::new(phrases.split('|'));
    Lists {
        worth: list(WORTH),
        worth_or_allows: AnyOf::new(WORTH.split('|').chain(ALLOWS.split('|'))),
        causes: list(CAUSES),
        causes_off: list(CAUSES_OFF),
        runs: list(RUNS),
        restates: RESTATES.split('|').collect(),
        failure: list(FAILURE),
        omits: list(OMITS),
        absent: list(ABSENT),
        intends: list(INTENDS),
    }
});

/// A text without what only tells that something fails, or when: `due to failed build`, `and fail if the files differ`.
fn without_tidings(text: &str) -> String {
    const TIDINGS: &[&str] = &[
        "due to issues in ",
        "due to issues with ",
        "due to failed ",
        "due to failing ",
        "due to failures ",
        "fail-fast",
    ];
    let text = TIDINGS.iter().fold(text.to_owned(), |text, words| text.replace(words, ""));
    // To the end of the sentence.
    let when = ["and fail if ", "these fail if ", "and fail when ", "will fail if "]
        .iter()
        .filter_map(|words| text.find(words))
        .min();
    match when {
        Some(at) => {
            let end = text[at..].find(". ").map_or(text.len(), |end| at + end);
            format!("{}{}", &text[..at], &text[end..])
        }
        None => text,
    }
}

/// Whether words are a reason for this topic.
pub fn is_reason(text: &str, topic: Topic, near: Near) -> bool {
    if !text.contains(char::is_alphanumeric) {
        return false;
    }
    let text = plain(text).to_lowercase().replace('\u{2019}', "'");
    let text = untagged(&text);
    let told = commas_off(&without_manuals(&without_own_failure(&without_tidings(text))));
    let words: Vec<&str> =
        told.split(|c: char| c.is_whitespace() || ",.;:!?()".contains(c)).filter(|w| !w.is_empty()).collect();
    // `Fail if there are conflicts` says what is checked.
    let tells = ["fail ", "fails ", "check that", "checks that", "verify that", "ensure that", "make sure"];
    let asserts = tells.iter().any(|start| text.starts_with(start)) && near != Near::Line;
    if is_boilerplate(text) || is_code(text) || is_order(text, words.len()) || asserts {
        return false;
    }
    let has = |list: &AnyOf| stands_in(&told, list);
    let linked = text.contains("://");
    match topic {
        Topic::SwitchedOff => {
            // `Need to investigate` says what is to be done, and not why.
            let told = match text.contains('?') {
                true => commas_off(&without_questions(text)),
                false => told.clone(),
            };
            let told = told.replace("need to ", "").replace("needs to ", "").replace("until someone", "");
            let causes = stands_in(&told, &SEARCH.causes_off);
            // A long comment that does not speak of running tells what the step does.
            let about = words.len() < 13 || near == Near::Line || has(&SEARCH.runs);
            // A link is one word, whatever dots it has.
            let whole: Vec<&str> =
                told.split_whitespace().map(|word| word.trim_matches([',', '.', ':', ';'])).collect();
            if matches!(words[..], ["flaky" | "flakey" | "unstable"]) {
                return true;
            }
            words.len() >= 2 && !only_links(&whole) && !only_links(&words) && !only_broken(&words) && about && causes
        }
        Topic::Negated => false,
        Topic::Omission => has(&SEARCH.omits),
        Topic::Gate => has(&SEARCH.intends),
        Topic::SoftFail | Topic::Command => {
            let content = words
                .iter()
                .filter(|word| !SEARCH.restates.contains(**word) && word.contains(char::is_alphanumeric))
                .count();
            let worth = says(&SEARCH.worth, &told);
            // `There may be no schema`
            let absent = content >= 1 && has(&SEARCH.absent);
            let cause = absent || ((linked || (content >= 2 && words.len() >= 3)) && has(&SEARCH.causes));
            let near = if topic == Topic::Command && near == Near::Above { Near::Around } else { near };
            match near {
                // Behind a command, words that are no cause tell what it does.
                Near::Line if topic == Topic::Command => worth || cause,
                Near::Line => worth || cause || (content >= 3 && words.len() >= 5 && is_prose(&told) && !bans(text)),
                Near::Above => worth || cause,
                Near::Around => {
                    let told = tolerates(&told);
                    let has = |list: &AnyOf| stands_in(&told, list);
                    (worth && (words.len() < 40 || opens_with_worth(&told)))
                        || (cause && has(&SEARCH.causes) && has(&SEARCH.failure))
                }
            }
        }
    }
}

/// Whether a sentence begins with what the check is worth: `Advisory on runs without a token.`
fn opens_with_worth(text: &str) -> bool {
    let first = |sentence: &str| sentence.split_whitespace().next().is_some_and(|word| says(&SEARCH.worth, word));
    text.split(". ").any(first)
}

/// Words with blanks for what parts them, so that `not yet, but soon` says `yet` and goes on.
fn commas_off(text: &str) -> String {
    text.replace([',', ';', '!', '?', '(', ')'], " ")
}

/// Words that tell why a gate does not wait for a job.
const OMITS: &str = "not include|n't include|not included|exclud|leave out|left out|leaves out|omit|optional|not part of|not in the ci|not in the gate|not gating|outside the gate|not delay|\
     skip |n't need|not need|not required|n't require|non-blocking|non blocking|not block|n't block|advisory|\
     informational|best effort|flaky|experimental|by design|on purpose|intentional|deliberate|allowed to fail|\
     n't wait|not wait|only the|only on the|only required|too slow|unstable|warn-only|warn only|report-only|report only";

/// Whether a phrase of a list stands in a text, from the start of a word on; `n't` ends one.
fn stands_in(text: &str, list: &AnyOf) -> bool {
    list.stands_where(text, |phrase, at| phrase.starts_with("n't") || starts_word(text, at))
}

fn starts_word(text: &str, at: usize) -> bool {
    text[..at].chars().last().is_none_or(|c| !c.is_alphanumeric())
}

/// Whether words say what a check is worth: `optional`, `non-blocking`; but `optional dependencies` are something else.
fn says(list: &AnyOf, text: &str) -> bool {
    let text = spaced(text);
    // `unstable-release` says what is released, not what a failure is worth.
    const CHANNELS: &[&str] =
        &["release", "image", "channel", "docker", "deb", "repo", "publish", "version", "branch", "tag"];
    list.stands_where(&text, |word, at| {
        let behind = text[at + word.len()..].trim_start();
        // `Optional: the arguments` describes an input.
        let input = word == "optional" && text[at + word.len()..].starts_with(':');
        let channel = word == "unstable" && CHANNELS.iter().any(|noun| behind.starts_with(noun));
        starts_word(&text, at)
            && !channel
            && !input
            && !["dep", "feature", "extra", "package", "flag", "module", "arg", "param", "audit", "database", "scan"]
                .iter()
                .any(|noun| behind.starts_with(noun))
    })
}

/// Whether a name says what a check is worth, or that it may fail.
///
/// What `${{ }}` holds is no part of the name: `${{ matrix.kind == 'flaky' && 'flaky' || 'stable' }}` says it of some legs.
pub fn says_worth(name: &str) -> bool {
    says(&SEARCH.worth_or_allows, &without_expressions(name))
}

/// Whether words above a job say that its checks are not enforced: what they are, or are for, says nothing of that.
pub fn is_not_enforced(text: &str) -> bool {
    const SAYS: &[&str] = &[
        "not enforced",
        "n't enforce",
        "n't want to enforce",
        "not enforce this",
        "non-blocking",
        "nonblocking",
        "informational only",
        "advisory only",
        "best effort",
        "best-effort",
        "allowed to fail",
    ];
    let lower = text.to_lowercase().replace('\u{2019}', "'");
    SAYS.iter().any(|words| lower.contains(words))
}

/// `Do not fail releases ...` says again that a failure is let pass.
fn bans(text: &str) -> bool {
    ["do not fail ", "don't fail "].iter().any(|start| text.starts_with(start))
}

/// `TODO(name): ...`, `NOTE: ...` without the tag.
fn untagged(text: &str) -> &str {
    for tag in ["todo", "fixme", "note", "xxx", "hack"] {
        let Some(rest) = text.strip_prefix(tag) else { continue };
        let rest = rest.trim_start();
        let rest = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest);
        return rest.trim_start_matches([':', ' ', '-']);
    }
    text
}

/// What the templates of GitHub say above the triggers of any workflow.
fn is_boilerplate(text: &str) -> bool {
    const STARTS: &[&str] = &["controls when the", "allows you to run this workflow", "triggers the workflow on"];
    STARTS.iter().any(|start| text.starts_with(start)) && !text.contains(". ")
}

fn is_code(text: &str) -> bool {
    const STARTS: &[&str] = &[
        "if:",
        "run:",
        "uses:",
        "- name:",
        "name:",
        "continue-on-error:",
        "shell:",
        "echo ",
        "with:",
        "needs:",
        "env:",
        "- uses",
        "- run",
    ];
    // `continue-on-error: a rate limit must not fail the run` speaks of the key.
    let speaks = |start: &str| start == "continue-on-error:" && text.split_whitespace().count() > 4;
    STARTS.iter().any(|start| text.starts_with(start) && !speaks(start))
}

/// An order to whoever edits the file; with a condition or a cause behind it, it says why.
fn is_order(text: &str, words: usize) -> bool {
    const ORDERS: &[&str] = &[
        "set to ",
        "set this",
        "change to",
        "change this",
        "remove ",
        "\u{270f}",
        "uncomment",
        "comment ",
        "enable ",
        "delete ",
        "replace ",
    ];
    const BEHIND: &[&str] = &["if you ", "when ", "once ", "until", "because", "after ", "as soon as"];
    let bare = text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    words < 20 && ORDERS.iter().any(|order| bare.starts_with(order)) && !BEHIND.iter().any(|word| text.contains(word))
}

/// Words rather than code.
fn is_prose(text: &str) -> bool {
    let letters = |c: &char| c.is_ascii_alphabetic() || matches!(c, ' ' | '\'' | '-' | ',' | '.');
    text.chars().filter(letters).count() * 5 > text.chars().count() * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_reasons_and_restatements_are_not() {
        for (text, reason) in [
            ("# upstream nightly may break", true),
            ("# flaky on macOS, see #123", true),
            ("# informational only", true),
            ("# not required yet, enable when all crates pass", true),
            ("# The mirror is often down, don't fail for it", true),
            ("# Don't fail if there are no changes to commit", true),
            ("# TODO", false),
            ("# temporarily", false),
            ("# ignore failures", false),
            ("# Don't fail the build", false),
            ("# don't fail the build if tests fail", false),
            ("# Don't fail on audit issues for now", false),
            ("# Don't fail on audit issues until the next release is out", true),
            ("# Continue on error", false),
            ("# Checks the released code, see https://docs.example.org/monitor for more", false),
            ("# Checks the released code, see https://example.org/issues/3", true),
            ("# Set to false to break your build on scan errors", false),
            ("# TODO: remove this", false),
            ("# 2026-06", false),
        ] {
            assert_eq!(is_reason(text, Topic::SoftFail, Near::Above), reason, "{text}");
        }
        assert!(!is_reason("# We test with Python because it is there", Topic::SoftFail, Near::Around));
    }

    #[test]
    fn that_it_is_off_or_broken_is_no_reason() {
        for (text, reason) in [
            ("# needs a GPU that we do not have", true),
            ("# kept as an example", true),
            ("# replaced by ci.yml until the migration is over", true),
            ("# TODO: temp disabled due to unpublished dependencies", true),
            ("# Has been broken for a while", false),
            ("# temporarily disabled", false),
            ("# disabled (2026-06)", false),
            ("# Disabling for now due to bugs", false),
            ("# disabled because of failures", false),
            ("# disabled due to a bug in the driver", true),
            ("# temporarily disabled while we port the new build", true),
            ("# Can be enabled if the step below needs to be updated.", true),
        ] {
            assert_eq!(is_reason(text, Topic::SwitchedOff, Near::Line), reason, "{text}");
        }
    }

    #[test]
    fn names_say_what_they_are_worth() {
        assert!(says_worth("Lint (non-blocking)"));
        assert!(says_worth("allow_failure"));
        assert!(!says_worth("Test optional dependencies"));
        assert!(!says_worth("Lint"));
        assert!(!says_worth("test-${{ matrix.kind == 'flaky' && 'flaky' || 'stable' }}"));
        assert!(says_worth("test ${{ matrix.os }} (flaky)"));
    }
}
