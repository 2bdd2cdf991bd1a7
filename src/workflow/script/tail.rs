//! How a piece of a script ends once it runs: with success, with a failure, or as something else decides.

use super::syntax::{Field, Kind, Node};
use super::{only_prints, program};

/// How a construct ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tail {
    /// In success, whatever went before.
    Succeeds,
    /// In a failure of the shell.
    Fails,
    /// In a failure of the function it stands in.
    Returns,
    /// It stores the status, or a mark, in this variable.
    Stores(String),
    /// In a failure of the shell, or in none: a branch decides.
    Depends,
    /// As its own commands do.
    Other,
}

/// How `node` ends if all its commands do what they are made for.
pub(super) fn tail(node: Node<'_>, source: &str) -> Tail {
    match node.kind() {
        Kind::Command => command(text(node, source)),
        Kind::Assignment => {
            let name = node.field(Field::Name).map_or("", |name| text(name, source));
            Tail::Stores(name.to_owned())
        }
        Kind::Compound if text(node, source).starts_with("((") => {
            calculated(text(node, source).trim_matches(['(', ')', ' ']))
        }
        Kind::Compound | Kind::Subshell | Kind::DoGroup | Kind::Else | Kind::Program => last_of(node, source),
        Kind::Redirected => node.field(Field::Body).map_or(Tail::Other, |body| tail(body, source)),
        Kind::List => match node.children().last() {
            Some(last) => tail(last, source),
            None => Tail::Other,
        },
        Kind::If | Kind::Case if may_fail(node, source, MAX_DEPTH) => Tail::Depends,
        _ => Tail::Other,
    }
}

/// How deep branches in branches are followed.
const MAX_DEPTH: usize = 8;

/// Whether a branch ends the shell with a failure.
fn may_fail(node: Node<'_>, source: &str, depth: usize) -> bool {
    match node.kind() {
        Kind::Command => text(node, source).starts_with("exit") && command(text(node, source)) == Tail::Fails,
        Kind::Subshell | Kind::Function => false,
        _ => depth > 0 && node.children().any(|child| may_fail(child, source, depth - 1)),
    }
}

/// How a run of statements ends: an `exit` among them decides, else the last.
pub(super) fn tail_of(statements: &[Node<'_>], source: &str) -> Tail {
    let each = statements.iter().map(|node| tail(*node, source));
    let ends = statements.iter().zip(each).find(|(node, _)| ends_shell(text(**node, source)));
    if let Some((_, end)) = ends {
        return end;
    }
    if statements.iter().any(|node| tail(*node, source) == Tail::Depends) {
        return Tail::Depends;
    }
    let stored = statements.iter().map(|node| tail(*node, source)).find(|t| matches!(t, Tail::Stores(_)));
    match (stored, statements.last().map(|node| tail(*node, source))) {
        (_, Some(end @ (Tail::Fails | Tail::Returns))) => end,
        (Some(stored), _) => stored,
        (None, last) => last.unwrap_or(Tail::Succeeds),
    }
}

fn last_of(node: Node<'_>, source: &str) -> Tail {
    let statements: Vec<Node<'_>> = node.children().filter(|n| n.kind() != Kind::Comment).collect();
    tail_of(&statements, source)
}

fn ends_shell(text: &str) -> bool {
    matches!(program(text), "exit" | "return")
}

/// `exit` and `return` without a number end with the status of what failed before.
fn command(text: &str) -> Tail {
    let mut words = text.split_whitespace();
    match (words.next().unwrap_or_default(), words.next()) {
        ("true" | ":" | "echo" | "printf", _) => Tail::Succeeds,
        ("exit" | "return", Some("0")) => Tail::Succeeds,
        ("let", Some(sum)) => calculated(sum.trim_matches(['"', '\''])),
        // What is worked out may come to nothing: `exit ${code:-0}`, `exit $((failed > 2))`.
        ("exit", Some(code)) if code.contains(":-0") || code.starts_with("$((") || code.starts_with('`') => {
            Tail::Depends
        }
        ("exit" | "false", _) => Tail::Fails,
        ("return", _) => Tail::Returns,
        _ => Tail::Other,
    }
}

/// `failed += 1` stores a mark; of anything else the value decides, which may be nought.
///
/// Source: the bash manual, `((...))`: if the value of the expression is non-zero, the return status is 0; otherwise it is 1.
fn calculated(sum: &str) -> Tail {
    let name = sum.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
    let value = sum[name.len()..].trim_start().trim_start_matches('+').strip_prefix('=').map(str::trim);
    let counts = value.and_then(|value| value.parse::<u32>().ok()).is_some_and(|value| value > 0);
    if counts && !name.is_empty() { Tail::Stores(name.to_owned()) } else { Tail::Depends }
}

pub(super) fn text<'s>(node: Node<'_>, source: &'s str) -> &'s str {
    source.get(node.start()..node.end()).unwrap_or_default()
}

/// A line that prints to the log or the summary, and does nothing more.
fn only_tells(line: &str) -> bool {
    let to_log = line.replace(">&2", "");
    only_prints(&to_log) && (!to_log.contains('>') || to_log.contains("GITHUB_STEP_SUMMARY"))
}

/// What a script does with a variable that holds a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// `exit $name`: it becomes the status of the script.
    Exits,
    /// It is read somewhere.
    Read,
    /// Nothing.
    Dropped,
}

/// How a script uses a variable after a place.
///
/// What is only printed is not read: `echo "exit code $rc"`.
pub(super) fn kept(name: &str, rest: &str) -> Kept {
    let told: String = rest.lines().filter(|line| !only_tells(line)).map(|line| format!("{line}\n")).collect();
    let rest = told.as_str();
    let spellings = [format!("${name}"), format!("${{{name}}}"), format!("\"${name}\""), format!("\"${{{name}}}\"")];
    let defaulted = [format!("${{{name}:-"), format!("\"${{{name}:-"), format!("${{{name}-"), format!("\"${{{name}-")];
    let exits = |word: &str| spellings.iter().chain(&defaulted).any(|s| rest.contains(&format!("{word} {s}")));
    // `$((a + b))` names variables without `$`.
    let counted = |lead: &str| {
        let mut sums =
            rest.match_indices(lead).map(|(at, _)| &rest[at..rest[at..].find("))").map_or(rest.len(), |i| at + i)]);
        sums.any(|sum| sum.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name))
    };
    let reads = spellings[..2].iter().any(|s| rest.contains(s.as_str()))
        || [':', '-'].iter().any(|way| rest.contains(&format!("${{{name}{way}")));
    match (exits("exit") || exits("return") || counted("exit $(("), reads || counted("((")) {
        (true, _) => Kept::Exits,
        (false, true) => Kept::Read,
        _ => Kept::Dropped,
    }
}
