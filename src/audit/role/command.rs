//! What a command is for: the program behind its wrappers, looked up in the tables.

use super::programs::{PROGRAMS, RUNNERS, SCRIPT_WORDS, WRAPPERS};
use super::{Purpose, Role, short};

/// What a command is for; `None` where no table knows it.
pub fn of_command(text: &str) -> Option<Purpose> {
    let words = effective(text);
    let program = base(words.first()?);
    if words.len() <= 3 && words[1..].iter().any(|word| VERSION.contains(word)) {
        return Some(Purpose { role: Role::Support, evidence: format!("it only shows `{}`", short(text)) });
    }
    // Pulling images is what build tools do for their cache.
    let pulls = words.iter().any(|word| word.contains("docker:pull") || word.contains("docker-pull"));
    let role = match pulls {
        true => Role::Cache,
        false => by_program(program, &words).or_else(|| by_script(program, &words))?,
    };
    Some(Purpose { role, evidence: format!("it runs `{}`", short(text)) })
}

/// Arguments that make a program show what it is.
const VERSION: &[&str] = &["--version", "-version", "-V", "-v", "--help", "-dumpspecs", "-dumpversion", "version"];

/// What a script is for: the weightiest of its commands, if a table knows one.
pub fn of_script(text: &str) -> Option<Purpose> {
    let mut best: Option<Purpose> = None;
    let mut all_known = true;
    for line in lines(text) {
        match of_command(&line) {
            Some(purpose) if purpose.role == Role::Verify => return Some(purpose),
            Some(purpose) => {
                let better = best.as_ref().is_none_or(|b| b.role == Role::Support && purpose.role != Role::Support);
                if better {
                    best = Some(purpose);
                }
            }
            None => all_known = false,
        }
    }
    best.filter(|purpose| all_known || purpose.role != Role::Support)
}

/// The commands of a script, one by one; close enough to tell what it is for.
fn lines(text: &str) -> impl Iterator<Item = String> {
    let joined = text.replace("\\\n", " ");
    let parts: Vec<String> = joined
        .lines()
        .flat_map(|line| line.split("&&").flat_map(|part| part.split(';')).flat_map(|part| part.split('|')))
        .map(|part| part.trim().to_owned())
        .filter(|part| {
            part.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '$' | '[' | '"'))
        })
        .collect();
    parts.into_iter()
}

/// The words from the program on: assignments, wrappers and `python -m` left out.
fn effective(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    for _ in 0..8 {
        let Some(&first) = words.first() else { break };
        let assigns = first
            .split_once('=')
            .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        // A command in a variable, such as `${CONDA_RUN} pip install`, is most often a wrapper.
        let variable = first.starts_with('$') && !first.contains('/') && words.len() > 1;
        let opens = first == "|"
            || matches!(first, "if" | "while" | "until" | "{" | "(" | "[[" | "[") && first != "[" && first != "[[";
        if assigns || variable || opens {
            words.remove(0);
            continue;
        }
        let program = base(first);
        if is_python(program) && words.get(1) == Some(&"-m") {
            words.drain(..2);
            continue;
        }
        match WRAPPERS.iter().find(|(names, _)| names.contains(&program)) {
            Some((_, usize::MAX)) => match words.iter().position(|word| RUNNERS.contains(word)) {
                Some(at) if at + 1 < words.len() && at < 4 => drop(words.drain(..=at)),
                _ => break,
            },
            Some((_, skip)) if words.len() > skip + 1 => drop(words.drain(..=*skip)),
            _ => break,
        }
        while words.len() > 1 && words[0].starts_with('-') {
            words.remove(0);
        }
    }
    words
}

fn is_python(program: &str) -> bool {
    program.starts_with("python") || program == "py"
}

/// The last part of a path, quotes left out.
fn base(word: &str) -> &str {
    let word = word.trim_matches(['"', '\'']);
    let last = word.rsplit(['/', '\\']).next().unwrap_or(word);
    last.trim_end_matches(".exe").trim_end_matches(".cmd").trim_end_matches(".bat")
}

fn by_program(program: &str, words: &[&str]) -> Option<Role> {
    // A target or task tells more than the program that runs it.
    if RUNS_TARGETS.contains(&program) {
        let target = words[1..].iter().find(|word| !word.starts_with('-') && !word.contains('=') && **word != "run");
        let role = target.and_then(|target| by_words(&target.to_ascii_lowercase()));
        if let Some(role) = role.filter(|role| *role != Role::Verify && *role != Role::Generated) {
            return Some(role);
        }
    }
    let known = |names: &&[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(program));
    let wanted = |arguments: &&[&str]| arguments.is_empty() || words[1..].iter().any(|word| arguments.contains(word));
    PROGRAMS.iter().find(|(names, arguments, _)| known(names) && wanted(arguments)).map(|(_, _, role)| *role)
}

/// A script of the repository, by the words of its path: `./ci/run_tests.sh`, `python tools/compare.py`, `bash x.sh`.
fn by_script(program: &str, words: &[&str]) -> Option<Role> {
    let interprets = is_python(program)
        || matches!(
            program,
            "bash"
                | "sh"
                | "node"
                | "ruby"
                | "perl"
                | "php"
                | "pwsh"
                | "powershell"
                | "deno"
                | "cmd"
                | "docker"
                | "julia"
                | "Rscript"
        );
    let script = match interprets {
        true => words[1..].iter().find(|word| !word.starts_with('-') && word.contains(['.', '/'])).copied()?,
        false => words.first().copied()?,
    };
    let script = script.trim_matches(['"', '\'']).to_ascii_lowercase();
    let name = script.rsplit('/').next().unwrap_or(&script).to_owned();
    by_words(&name)
}

fn by_words(text: &str) -> Option<Role> {
    SCRIPT_WORDS.iter().find(|(_, parts)| parts.iter().any(|part| text.contains(part))).map(|(role, _)| *role)
}

/// Programs whose first argument is a target or a task of the repository's own.
const RUNS_TARGETS: &[&str] = &["make", "just", "task", "rake", "gmake", "ninja"];

#[cfg(test)]
mod tests {
    use super::*;
    use Role::*;

    #[test]
    fn commands_say_what_they_are_for() {
        for (text, role) in [
            ("python3.12 -m pytest -n auto", Some(Verify)),
            ("FOO=1 sudo make -j4", Some(Verify)),
            ("uv run pytest", Some(Verify)),
            ("uv pip install -U x", Some(Support)),
            ("poetry run mypy .", Some(Verify)),
            ("ruff check --fix .", Some(Generated)),
            ("black --check .", Some(Verify)),
            ("./ci/run_tests.sh", Some(Verify)),
            ("bash scripts/install.sh", Some(Support)),
            ("${CONDA_RUN} python -m pip install x", Some(Support)),
            ("docker rm -f x", Some(Cleanup)),
            ("git diff --exit-code", Some(Verify)),
            ("git fetch origin", Some(Support)),
            ("frobnicate", None),
        ] {
            assert_eq!(of_command(text).map(|p| p.role), role, "{text}");
        }
    }
}
