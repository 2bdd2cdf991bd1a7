//! What a script does and nothing more, by its lines.
//!
//! Promise: pure, and it reads the lines of the script as written.

use std::borrow::Cow;

use super::super::examined;
use super::command::known_check;
use super::script::lines;

/// Whether a script only writes variables for the steps behind it.
pub fn only_hands_on(script: &str) -> bool {
    let mut lines = script.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    let hands = |line: &str| line.starts_with("echo ") && (line.contains("GITHUB_ENV") || line.contains("GITHUB_PATH"));
    lines.peek().is_some() && lines.all(hands)
}

/// Whether a script only writes words into files of the workspace: `echo '[workspace]' > Cargo.toml`.
pub fn only_writes_files(script: &str) -> bool {
    let mut lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).peekable();
    let writes = |line: &str| {
        let to = line.rsplit_once('>').map_or("", |(_, to)| to.trim().trim_matches(['"', '\'']));
        let is_file = !to.is_empty() && !to.contains([' ', '$', '&']) && !to.starts_with("/dev/");
        let says = line.starts_with("echo ") || line.starts_with("printf ");
        says && is_file && !["$(", "`", "|", ";", "&"].iter().any(|sign| line.contains(sign))
    };
    lines.peek().is_some() && lines.all(writes)
}

/// Whether a script only prints, sets variables, moves files of the workspace about and fetches what others made: nothing in it
/// checks or publishes, and it cannot end with a failure of its own will.
pub fn only_potters(script: &str) -> bool {
    // A text that is printed to its end is not looked through.
    if memchr::memmem::find(script.as_bytes(), b"$(").is_some() || script.contains("<<") || script.contains('`') {
        return false;
    }
    let mut lines = lines(script).peekable();
    let has_if = script.contains("if ");
    lines.peek().is_some() && lines.all(|line| potters(&line, has_if)) && !examined::can_end(script)
}

/// Whether a command does so; in a script with an `if` a bare test is most often a part of it.
fn potters(line: &str, has_if: bool) -> bool {
    const PRINTS: &[&str] = &[
        "echo",
        "printf",
        "cat",
        "pwd",
        "true",
        "df",
        "du",
        "free",
        "uname",
        "printenv",
        "date",
        "whoami",
        "hostname",
        "lsmod",
        "Write-Host",
        "Write-Output",
        "sleep",
    ];
    const MOVES: &[&str] = &["touch", "mkdir", "cp", "mv", "ln", "chmod", "chown", "rm", "cd"];
    const FETCHES: &[(&str, &[&str])] = &[
        ("apt-get", &["update", "install", "-y"]),
        ("apt", &["update", "install", "-y"]),
        ("brew", &["install", "tap", "untap", "uninstall", "update"]),
        ("cargo", &["install", "fetch"]),
        ("dnf", &["install"]),
        ("docker", &["pull", "tag", "ps", "images", "logs"]),
        ("dotnet", &["restore"]),
        ("git", &["config", "submodule", "fetch", "tag"]),
        ("go", &["install"]),
        ("helm", &["repo", "dependency", "dep"]),
        ("kubectl", &["get", "logs", "describe"]),
        ("npm", &["rebuild"]),
        ("sed", &["-i", "-i.bak"]),
        ("tar", &["xf", "xzf", "-xf", "-xzf", "-xvzf", "xvf"]),
    ];
    const GRAMMAR: &[&str] = &["fi", "for", "done", "case", "esac", "export", "set", "unset", "exit"];
    let opened = ["then ", "else ", "do "].iter().find_map(|word| line.strip_prefix(word)).unwrap_or(line);
    let words: Vec<&str> = opened.split_whitespace().filter(|word| *word != "sudo").collect();
    let first = words.first().copied().unwrap_or_default();
    // What lies outside the workspace may be where it is served from.
    let stays = || !words.iter().any(|word| word.starts_with('/') && !word.starts_with("/tmp"));
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let sets =
        || opened.split_once('=').is_some_and(|(name, value)| is_name(name) && !value.trim_matches('"').contains(' '));
    match first {
        "if" | "elif" => words.get(1).is_some_and(|word| word.starts_with('[')),
        "[" | "[[" => has_if,
        "then" | "else" | "do" => true,
        _ if FETCHES
            .iter()
            .any(|(program, tasks)| *program == first && words.get(1).is_some_and(|word| tasks.contains(word))) =>
        {
            true
        }
        _ => PRINTS.contains(&first) || GRAMMAR.contains(&first) || MOVES.contains(&first) && stays() || sets(),
    }
}

/// Whether a step of this name starts something that runs on behind the script.
pub fn only_starts(name: &str, script: &str) -> bool {
    const STARTS: &[&str] = &["start", "launch", "boot", "spin", "serve", "run"];
    let lower = name.to_ascii_lowercase();
    let behind = |line: &str| line.trim_end().ends_with('&') && !line.trim_end().ends_with("&&");
    STARTS.iter().any(|word| lower.starts_with(word)) && script.lines().any(behind)
}

/// Whether a script that is named for a version has nothing by which it could find it wrong.
pub fn only_shows_version(script: &str) -> bool {
    const OWN: &[&str] = &[
        ".sh", ".py", ".js", ".mjs", ".ts", ".php", ".rb", "dist/", "./", "make ", "npm ", "yarn ", "pnpm ", "cargo ",
        "mage ",
    ];
    !examined::can_end(script) && !OWN.iter().any(|own| script.contains(own)) && known_check(script).is_none()
}

/// Whether a script only waits for something to come up.
pub fn only_waits(script: &str) -> bool {
    let loops =
        ["until ", "while ! "].iter().any(|word| script.lines().any(|line| line.trim_start().starts_with(word)));
    loops && script.contains("sleep ") && !examined::can_end(script) && known_check(script).is_none()
}

/// Whether a script copies files to another machine: `rsync -r out/ "$USER@host:"`.
pub fn copies_to_host(script: &str) -> bool {
    let copies = |line: Cow<'_, str>| {
        let by = ["rsync ", "scp ", "sftp ", "lftp "].iter().any(|program| line.starts_with(program));
        let last = line.split_whitespace().last().unwrap_or_default();
        by && (line.starts_with("sftp ") || line.starts_with("lftp ") || last.contains('@') && last.contains(':'))
    };
    lines(script).any(copies)
}

/// Whether a script does nothing but set a status of the commit.
pub fn only_sets_status(script: &str) -> bool {
    let mut lines = lines(script).peekable();
    lines.peek().is_some() && lines.all(|line| line.starts_with("gh api ") && line.contains("/statuses/"))
}

/// Whether a script does nothing but commit to the branch that it is on, and push it there.
pub fn only_commits(script: &str) -> bool {
    let plain = |line: Cow<'_, str>| {
        let pushes = line.strip_prefix("git push").is_none_or(|rest| ["", "origin"].contains(&rest.trim()));
        pushes && (line.starts_with("git ") || line.starts_with("echo ")) && !line.contains("--allow-empty")
    };
    script.contains("git commit") && script.contains("git push") && lines(script).all(plain)
}

/// Whether a script hands its answer on as an output, cannot end with a failure of its own will, and runs no known check.
pub fn only_answers(script: &str) -> bool {
    script.contains("GITHUB_OUTPUT") && !examined::can_end(script) && known_check(script).is_none()
}

/// Whether a script only compares inputs and variables of the workflow with words: it runs no program and looks at no file and at
/// no result.
pub fn only_compares_inputs(script: &str) -> bool {
    const HANDED: &[&str] = &["${{ inputs.", "${{ github.event.inputs.", "${{ env."];
    let compares = |line: &str| {
        let asked = line.trim_start_matches("elif ").trim_start_matches("if ");
        let asked = asked.trim_end_matches("then").trim_end().trim_end_matches(';');
        let test = |part: &str| part.trim().trim_start_matches("! ").starts_with('[') && part.trim().ends_with(']');
        asked.replace("||", "&&").split("&&").all(test)
    };
    let says = |line: &str| line.starts_with("echo ") && ![";", "&&", "|"].iter().any(|sign| line.contains(sign));
    let plain = |line: &str| match () {
        () if line.starts_with("if ") || line.starts_with("elif ") => compares(line),
        () if line.starts_with('#') => true,
        () => says(line) || ["", "fi", "else", "then", "exit 1", "exit 0"].contains(&line),
    };
    let lines = || script.lines().map(str::trim);
    let handed = lines().any(|line| line.starts_with("if ") && HANDED.iter().any(|lead| line.contains(lead)));
    const LOOKS: &[&str] =
        &["$(", "`", " -f ", " -d ", " -e ", " -s ", " -x ", " -r ", " -w ", " -L ", "needs.", "steps.", "=~"];
    handed && !LOOKS.iter().any(|way| script.contains(way)) && lines().all(plain)
}

/// Whether a script has a word that can make it fail for what it finds.
pub fn asserts(script: &str) -> bool {
    const WORDS: &[&str] = &[
        "exit",
        "test ",
        "[ ",
        "[[",
        "grep",
        "diff",
        "cmp",
        " -c",
        "assert",
        "false",
        "return",
        "throw",
        "raise",
        "die",
        " wait ",
        "rollout status",
        "--locked",
        "--immutable",
        "--lockfile_mode=error",
        "curl -f",
        "curl -sf",
        "--fail",
        " validate",
        " verify",
        "--verify",
    ];
    WORDS.iter().any(|word| script.contains(word))
}

/// Whether a script of PowerShell only lists files: that fails for nothing that it finds.
pub fn only_lists(script: &str) -> bool {
    let mut lines = script.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.all(|line| ["Get-ChildItem ", "Write-Host ", "gci ", "tree "].iter().any(|lead| line.starts_with(lead)))
}

/// Whether a script copies something to a bucket: the last word of the command that is no option names one.
pub fn copies_to_bucket(script: &str) -> bool {
    if !script.contains("s3://") && !script.contains("gs://") {
        return false;
    }
    lines(script).any(|line| {
        let copies =
            ["aws s3 cp ", "aws s3 sync ", "aws s3 mv ", "gsutil ", "gcloud storage cp ", "gcloud storage rsync "];
        let to = line
            .split_whitespace()
            .rfind(|word| !word.starts_with('-') && word.contains('/'))
            .map(|word| word.trim_start_matches(['"', '\'']));
        copies.iter().any(|lead| line.starts_with(lead))
            && to.is_some_and(|to| to.starts_with("s3://") || to.starts_with("gs://"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_potters_about_checks_nothing() {
        for (script, expected) in [
            ("echo 'All tests passed'", true),
            ("mkdir -p out\ncp build/x out/\nls=1", true),
            ("if [ -f a ]; then\n  echo a\nelse\n  echo b\nfi", true),
            ("sudo apt-get update\ncargo install a-tool", true),
            ("cp -r site /var/www", false),
            ("[ \"$A\" = \"$B\" ]", false),
            ("if grep -q x y; then echo a; fi", false),
            ("if [ -f a ]; then ./a; fi", false),
            ("FOO=1 ./test", false),
            ("echo a; exit 1", false),
            ("echo \"$(make)\"", false),
            ("# nothing", false),
        ] {
            assert_eq!(only_potters(script), expected, "{script}");
        }
    }

    #[test]
    fn a_loop_that_sleeps_waits() {
        assert!(only_waits("until curl -sf http://localhost:80; do\n  sleep 1\ndone"));
        assert!(!only_waits("until make test; do sleep 1; done"));
        assert!(!only_waits("until curl -sf http://localhost; do sleep 1; [ $n -lt 9 ] || exit 1; done"));
    }
}
