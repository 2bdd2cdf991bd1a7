//! What of a line of a script is a command, and where it stands in it.

/// A command without the words by which it is asked.
pub(super) fn asked(text: &str) -> &str {
    let text = text.trim_start();
    let text = ["if ", "elif ", "while ", "until "].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
    text.trim_start_matches(['!', ' '])
}

/// The command in an assignment, `VERSION=$(cat x)`, and behind the label of a case, `nightly) make`.
pub(super) fn within(text: &str) -> Option<&str> {
    let text = asked(text);
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '/' | '*' | '+'))?;
    match text[end..].strip_prefix('=') {
        Some(value) => {
            let value = value.trim_start_matches('"');
            let inner = value.strip_prefix("$(").filter(|inner| !inner.starts_with('('))?;
            closed(inner)
        }
        None => text[end..].strip_prefix(") ").filter(|_| end > 0),
    }
}

/// What stands up to the bracket that closes it, if nothing stands behind that: `A=$(b) c` is a command of its own.
fn closed(inner: &str) -> Option<&str> {
    let mut depth = 0usize;
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => {
                return Some(&inner[..at]).filter(|_| inner[at + 1..].trim_matches(['"', ' ']).is_empty());
            }
            b')' => depth -= 1,
            _ => {}
        }
    }
    // A line is cut at its pipes before.
    Some(inner)
}

/// A line of JavaScript or PowerShell among others, or of an array: `console.log('Test results')`, `ARGS+=(--check)`,
/// `"Tests" >> $env:GITHUB_STEP_SUMMARY`.
pub(super) fn is_no_command(text: &str) -> bool {
    const CALLS: &[&str] = &["console.", "require(", "process.", "JSON.", "\"("];
    let text = text.trim_start();
    let first = text.split_whitespace().next().unwrap_or_default();
    CALLS.iter().any(|call| text.starts_with(call))
        || first.contains("=(") && !first.starts_with('$')
        || text.starts_with('"') && text.contains(">> $env:")
}
