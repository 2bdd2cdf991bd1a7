//! A check that a script only asks: `if ! make lint; then echo failed; fi`, where nothing is done but to tell.
//!
//! Promise: pure, and it reads the lines of the script as written. Limitation: conditions and branches over several lines
//! of the usual layout only; a branch that does more than print is never called telling.

use super::finding::Reason;
use super::role;
use super::statement::behind;

/// Whether a script may ask a check: a line that begins with `if` and a command that checks, or a function of its own. Few
/// scripts have one.
pub fn may_ask(script: &str) -> bool {
    let own = |name: &str| {
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        is_name && script.contains(&format!("{name}()"))
    };
    let asks = |command: &str| is_check(command) || own(command.split(' ').next().unwrap_or_default());
    script.contains("if ") && script.lines().any(|line| asked(line).is_some_and(asks))
}

/// Whether the failure of the command of an `if` on this line leads to words and nothing else.
pub fn only_told(script: &str, line: &str) -> bool {
    let Some(negated) = is_negated(line) else { return false };
    let Some((fails, passes)) = branches(script, line) else { return false };
    fails.iter().all(|line| tells(line)) && (negated || passes.iter().all(|line| tells(line)))
}

/// Whether the words for the failure of the command of an `if` say that it is expected, or what it is worth.
pub fn says_expected(script: &str, line: &str) -> Option<(Reason, String)> {
    const SAYS: &[&str] = &[
        "(expected)",
        "(expected -",
        "(expected before",
        "(expected for",
        "(expected until",
        "failure is expected",
        "this is expected",
        "this is normal",
        "non-blocking",
        "informational",
        "best effort",
        "best-effort",
    ];
    let (fails, _) = branches(script, line)?;
    let says = |line: &&&str| {
        let lower = line.to_lowercase();
        tells(line) && SAYS.iter().any(|words| lower.contains(words)) && !lower.contains("not ")
    };
    let said = fails.iter().find(says)?;
    Some((Reason::Expected, format!("`{}` says so", role::short(said))))
}

/// The lines of the branch that a failure of the last command of an `if` leads to.
pub fn failing_branch<'s>(script: &'s str, line: &str) -> Option<Vec<&'s str>> {
    branches(script, line).map(|(fails, _)| fails)
}

/// Whether the `if` on this line asks whether its command fails.
fn is_negated(line: &str) -> Option<bool> {
    asked(line).map(|_| line.trim_start().starts_with("if !"))
}

/// The lines of the branch for a failure and of the one for a success; none where there is an `elif`.
fn branches<'s>(script: &'s str, line: &str) -> Option<(Vec<&'s str>, Vec<&'s str>)> {
    let negated = is_negated(line)?;
    let (mut then, mut otherwise, mut second, mut depth) = (Vec::new(), Vec::new(), false, 0);
    // What a line goes on with is part of it.
    let mut goes_on = false;
    let begins = |line: &&str| !std::mem::replace(&mut goes_on, line.ends_with('\\'));
    let lines = behind(script, line).lines().map(str::trim).filter(begins);
    for line in lines.filter(|line| !line.is_empty() && *line != "then") {
        match line.split([' ', ';']).next().unwrap_or_default() {
            "fi" if depth == 0 => break,
            "else" if depth == 0 => second = true,
            "elif" if depth == 0 => return None,
            word => {
                depth += i32::from(matches!(word, "if" | "for" | "while" | "case"));
                depth -= i32::from(matches!(word, "fi" | "done" | "esac"));
                if second { otherwise.push(line) } else { then.push(line) }
            }
        }
    }
    Some(if negated { (then, otherwise) } else { (otherwise, then) })
}

/// The command that an `if` on this line asks for.
fn asked(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("if ")?;
    let rest = rest.strip_prefix("! ").unwrap_or(rest).trim_start();
    (!rest.starts_with(['[', '(', '$', '"'])).then(|| rest.split(';').next().unwrap_or(rest))
}

/// Whether a command checks, and its status is no mere answer.
fn is_check(command: &str) -> bool {
    let answers = ["git", "grep", "diff", "cmp", "test", "docker", "gh", "npm view", "curl", "nix"];
    // What writes its answer to the outputs is asked there.
    !answers.iter().any(|program| command.starts_with(program))
        && !command.contains("GITHUB_OUTPUT")
        && role::role_of_command(command) == Some(role::Role::Verify)
}

fn tells(line: &str) -> bool {
    let says = ["echo ", "printf ", "echo", ":", "true", "#"];
    says.iter().any(|word| line == *word || (word.ends_with([' ', '#']) && line.starts_with(word)))
        && !line.split([';', '&', '|']).any(|part| matches!(part.split_whitespace().next(), Some("exit" | "return")))
        && !writes(line)
}

/// Whether words go to a file, an output or a variable, where something else may find them: not to people.
fn writes(line: &str) -> bool {
    let to = line.rsplit_once('>').map(|(_, to)| to.trim());
    let shown = |to: &str| to.contains("GITHUB_STEP_SUMMARY") || to.starts_with(['&', '/']);
    let is_file = |to: &&str| !to.contains(' ') && (to.contains(['$', '.', '/']));
    to.filter(is_file).is_some_and(|to| !shown(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_whose_failure_is_only_told() {
        for (script, told) in [
            ("if ! make lint; then\n  echo failed\nfi", true),
            ("if make test; then\n  echo good\nelse\n  echo bad\nfi", true),
            ("if ! make lint; then\n  echo failed\n  exit 1\nfi", false),
            ("if make test; then\n  echo good\nelse\n  exit 1\nfi", false),
            ("if make test; then\n  exit 0\nfi\nexit 1", false),
            ("if ! make lint; then\n  FAILED=1\nfi", false),
            ("if ! make lint; then\n  echo failed=true >> $GITHUB_OUTPUT\nfi", false),
            ("if ! make lint; then\n  echo lint >> \"$errors\"\nfi", false),
            ("if ! make lint; then\n  echo \"lint -> failed\" >&2\nfi", true),
        ] {
            let line = script.lines().next().unwrap_or_default();
            assert_eq!(may_ask(script) && only_told(script, line), told, "{script}");
        }
        let expected = "if tool verify x; then\n  echo good\nelse\n  echo \"rejected (expected before signing)\"\nfi";
        assert!(says_expected(expected, "if tool verify x; then").is_some());
        assert!(says_expected(&expected.replace("expected", "bad"), "if tool verify x; then").is_none());
        assert!(!may_ask("if [ -f x ]; then\n  make\nfi"));
        assert!(!may_ask("if ! git diff --exit-code; then\n  echo changed\nfi"));
    }
}
