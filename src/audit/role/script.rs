//! A script cut into its commands, close enough to tell what it is for.

/// The commands of a script, one by one, with heredocs left out; close enough to tell what it is for.
pub fn lines(text: &str) -> impl Iterator<Item = String> {
    let joined = text.replace("\\\n", " ");
    let mut parts: Vec<String> = Vec::new();
    let mut heredoc: Option<String> = None;
    for line in joined.lines() {
        if let Some(end) = &heredoc {
            if line.trim() == end {
                heredoc = None;
            }
            continue;
        }
        heredoc = heredoc_of(line);
        split(line, &mut parts);
    }
    parts.into_iter().filter(|part| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '$' | '[' | '"' | '_'))
    })
}

/// The word that ends the heredoc which a line opens.
fn heredoc_of(line: &str) -> Option<String> {
    let rest = line.split_once("<<")?.1;
    if rest.starts_with('<') {
        return None;
    }
    let word =
        rest.trim_start_matches(['-', '~']).trim_start().split(|c: char| c.is_whitespace() || ";|&)".contains(c));
    let word = word.into_iter().next()?.trim_matches(['"', '\'']);
    (!word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')).then(|| word.to_owned())
}

/// Cuts a line at `&&`, `;` and `|` outside of quotes.
fn split(line: &str, parts: &mut Vec<String>) {
    let mut quote = None;
    let mut start = 0;
    let mut push = |part: &str| {
        let part = part.trim().trim_start_matches(['(', '{', ' ']).trim_end_matches(')');
        if !part.is_empty() {
            parts.push(part.to_owned());
        }
    };
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None, ';' | '|' | '&') => {
                push(&line[start..at]);
                start = at + 1;
            }
            (None, '#') if line[..at].ends_with(char::is_whitespace) || at == 0 => {
                push(&line[start..at]);
                return;
            }
            _ => {}
        }
    }
    push(&line[start..]);
}
