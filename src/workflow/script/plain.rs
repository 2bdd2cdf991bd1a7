//! Scripts so plain that each line is a command: no parser needed.

use super::{Command, Effect, Script};

/// Whether every line is one simple command: no operator, no keyword, no quote left open, nothing that sets options.
pub(super) fn is_plain(text: &str) -> bool {
    let odd = |line: &str, quote: char| line.matches(quote).count() % 2 == 1;
    let special = |c: char| matches!(c, '|' | '&' | ';' | '(' | ')' | '`' | '<' | '{' | '}' | '!');
    const KEYWORDS: [&str; 15] = [
        "if", "then", "fi", "while", "until", "for", "do", "done", "case", "function", "set", "shopt", "exit", "trap",
        "return",
    ];
    let keyword = |line: &str| line.split_whitespace().next().is_some_and(|word| KEYWORDS.contains(&word));
    let braces_are_expressions = |line: &str| {
        let without = crate::workflow::expression::bodies(line)
            .iter()
            .fold(line.to_owned(), |text, body| text.replace(&format!("${{{{{body}}}}}"), "x"));
        !without.contains(special)
    };
    text.lines().all(|line| {
        let clean = !line.contains(special) || (line.contains("${{") && braces_are_expressions(line));
        clean
            && !keyword(line)
            && !odd(line, '\'')
            && !odd(line, '"')
            && !line.trim_end().ends_with('\\')
            && !line.contains(" #")
    })
}

/// A command per line that is neither empty nor a comment, all with one effect.
pub(super) fn commands<'t>(script: &Script<'t>, effect: &Effect) -> Vec<Command<'t>> {
    let text = script.run.text;
    let mut offset = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let body = line.trim();
        if !body.is_empty() && !body.starts_with('#') {
            let start = offset + line.len() - line.trim_start().len();
            found.push(script.command(start, body, effect.clone()));
        }
        offset += line.len();
    }
    found
}
