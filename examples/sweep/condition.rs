//! `if:` texts: enough of GitHub's expression syntax to know constant-false ones, cut at operators by hand.

/// Whether GitHub would find the decoded text of an `if:` false whatever happens.
pub fn is_constant_false(text: &str) -> bool {
    bare(text).is_some_and(folds_to_false)
}

/// Whether a job with this `if:` may run although a job that it needs did not succeed.
pub fn may_run_after_failure(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["always", "failure", "cancelled"].iter().any(|name| calls(&text, name))
}

/// For the decoded text `false && X` or `${{ false && X }}` of a simple shape: the byte range that an edit drops.
///
/// Simple: one line; no `||` beside it, nothing else constant false, and an X that YAML reads as it stands.
pub fn simple_false_and(text: &str) -> Option<std::ops::Range<usize>> {
    if text.contains(['\n', '\r']) {
        return None;
    }
    let inner = bare(text)?;
    let wrapped = text.contains("${{");
    let start = text.find(inner)? + (inner.len() - inner.trim_start().len());
    let rest = text[start..].strip_prefix("false")?.trim_start().strip_prefix("&&")?.trim_start();
    let end = text.len() - rest.len();
    let expr = inner.trim();
    if split(expr, "||")?.len() > 1 {
        return None;
    }
    let conjuncts = split(expr, "&&")?;
    let others_decide = conjuncts.len() > 1 && !conjuncts[1..].iter().any(|c| folds_to_false(c));
    let first = rest.chars().next()?;
    let reads_plainly = wrapped || first.is_ascii_alphabetic() || first == '(';
    (others_decide && reads_plainly).then_some(start..end)
}

/// The expression of an `if:`, without `${{ }}`; `None` if it mixes text with `${{ }}` (then it is always true).
fn bare(text: &str) -> Option<&str> {
    if !text.contains("${{") {
        return Some(text);
    }
    let inner = text.strip_prefix("${{")?.strip_suffix("}}")?;
    (!inner.contains("${{") && !inner.contains("}}")).then_some(inner)
}

fn folds_to_false(expr: &str) -> bool {
    let Some(terms) = split(expr, "||") else {
        return false;
    };
    terms.iter().all(|term| split(term, "&&").is_some_and(|factors| factors.iter().any(|factor| is_false_atom(factor))))
}

fn is_false_atom(expr: &str) -> bool {
    let expr = expr.trim();
    if expr == "false" {
        return true;
    }
    // `(...)` as a whole, not `(a) == (b)`.
    let Some(inner) = expr.strip_prefix('(').and_then(|e| e.strip_suffix(')')) else {
        return false;
    };
    split(inner, "||").is_some() && folds_to_false(inner)
}

/// Cuts at a two-character operator outside strings and brackets; `None` if those do not balance.
fn split<'a>(expr: &'a str, operator: &str) -> Option<Vec<&'a str>> {
    let (mut parts, mut from, mut depth, mut quoted) = (Vec::new(), 0, 0usize, false);
    for (i, c) in expr.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.checked_sub(1)?,
            _ if depth == 0 && i >= from && expr[i..].starts_with(operator) => {
                parts.push(&expr[from..i]);
                from = i + operator.len();
            }
            _ => {}
        }
    }
    parts.push(&expr[from..]);
    (depth == 0 && !quoted).then_some(parts)
}

/// Whether `text` calls the function `name`: the word, then `(`, outside strings.
fn calls(text: &str, name: &str) -> bool {
    let mut quoted = false;
    for (i, c) in text.char_indices() {
        if c == '\'' {
            quoted = !quoted;
        }
        if quoted || !text[i..].starts_with(name) {
            continue;
        }
        let before = text[..i].chars().next_back();
        let is_word = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
        if !is_word && text[i + name.len()..].trim_start().starts_with('(') {
            return true;
        }
    }
    false
}
