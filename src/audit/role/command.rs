//! What a command is for: the program behind its wrappers, looked up in the tables.

use std::borrow::Cow;

use super::any_word::by_any_word;
use super::container::in_container;
use super::effective::{base, effective, without_expressions};
use super::line::{asked, is_no_command, within};
use super::names;
use super::own_script::by_script;
use super::programs::{self, RUNS_TASKS};
use super::script::lines;
use super::task::{by_task, not_only_clean, rank};
use super::told::{SHOWS, by_flag, mends, only_parses, shows_version, told_to_check};
use super::{Purpose, Role, short};

/// What a command is for; `None` where no table knows it.
pub fn of_command(text: &str) -> Option<Purpose> {
    role_of_command(text).map(|role| shown(text, role))
}

/// The role of that, not put into words.
pub fn role_of_command(text: &str) -> Option<Role> {
    role_of(&without_expressions(text), 0)
}

/// The purpose of a command of this role.
fn shown(text: &str, role: Role) -> Purpose {
    let only_shows =
        role == Role::Support && SHOWS.stands_in(text) && shows_version(&effective(&without_expressions(text)));
    let does = if only_shows { "only shows" } else { "runs" };
    Purpose { role, evidence: ["it ", does, " `", &short(text), "`"].concat() }
}

/// The program of a command, behind its wrappers.
pub fn program_of(text: &str) -> Option<String> {
    let plain = without_expressions(text);
    effective(&plain).first().map(|word| base(word).to_owned())
}

/// Whether a program that a table knows checks or publishes, whatever names say: the first such command of a script.
pub fn known_check(text: &str) -> Option<Purpose> {
    lines(text).find_map(|line| {
        let plain = without_expressions(&line);
        let words = effective(&plain);
        let program = base(words.first()?);
        // A task whose name says nothing shows nothing.
        let silent = RUNS_TASKS.contains(&program) && !words[1..].iter().any(|word| names::of(base(word)).is_some());
        let role = in_container(program, &words).or_else(|| programs::role(program, words.get(1..)?))?;
        let role = Some(role).filter(|_| !silent)?;
        if !role.matters() {
            return None;
        }
        of_command(&line).filter(|purpose| purpose.role.matters())
    })
}

/// Tasks of Django that get a database ready.
///
/// Source: Django, "django-admin and manage.py".
const READIES: &[&str] = &["migrate", "makemigrations", "loaddata", "collectstatic", "createsuperuser", "flush"];

/// How deep `bash -c "bash -c ..."` is followed.
const MAX_DEPTH: usize = 3;

fn role_of(text: &str, depth: usize) -> Option<Role> {
    if let Some(inner) = within(text).filter(|_| depth < MAX_DEPTH) {
        return role_of(inner, depth + 1);
    }
    if is_no_command(text) {
        return None;
    }
    let words = effective(text);
    let program = base(words.first()?);
    // `$files = @(Get-ChildItem ...)` in PowerShell: what is taken says what it is for, unless it is a check, which is asked elsewhere.
    if words[0].starts_with('$') && words.get(1) == Some(&"=") && depth < MAX_DEPTH {
        let (_, value) = text.split_once('=')?;
        let value = value.trim_start().trim_start_matches(['@', '(', '&', ' ']);
        return role_of(value, depth + 1).filter(|role| !role.matters());
    }
    // `first-release="false"` is neither an assignment nor a program.
    if words[0].contains("=\"") {
        return None;
    }
    if shows_version(&words) || asked(text).starts_with("command -v ") {
        return Some(Role::Support);
    }
    // What sets the compilers of Windows up for the commands behind it.
    let sets_up = || {
        let lower = text.to_ascii_lowercase();
        ["vcvars", "vsdevcmd", "setvars.bat"].iter().any(|name| lower.contains(name))
    };
    if words.len() < 6 && memchr::memchr2(b'v', b'V', text.as_bytes()).is_some() && sets_up() {
        return Some(Role::Support);
    }
    // `./build.sh print-next-version`
    if words.get(1).is_some_and(|task| ["print-", "show-", "list-"].iter().any(|verb| task.starts_with(verb))) {
        return Some(Role::Support);
    }
    // `pnpm lerna changed` lists what a release would hold.
    if words.windows(2).any(|pair| pair[0] == "lerna" && matches!(pair[1], "changed" | "ls" | "list" | "diff")) {
        return Some(Role::Support);
    }
    // A package manager alone installs, whatever its options.
    if matches!(program, "yarn" | "pnpm") && words[1..].iter().all(|word| word.starts_with('-')) {
        return Some(Role::Support);
    }
    // `python manage.py migrate` readies the database.
    if words.iter().any(|word| word.ends_with("manage.py"))
        && words.iter().any(|word| READIES.contains(word))
        && !words.contains(&"--check")
    {
        return Some(Role::Support);
    }
    // A compiler without a source tells about itself.
    if matches!(words[..], ["cl" | "cl.exe"]) {
        return Some(Role::Support);
    }
    let tells = words.iter().any(|word| matches!(*word, "/Bv" | "-v" | "-###" | "--print-build-identifiers"));
    if tells && matches!(program, "cl" | "gcc" | "g++" | "clang" | "clang++" | "cc" | "cibuildwheel") {
        return Some(Role::Support);
    }
    // What a release says of itself; that it is there was another command's doing.
    let notes = |word: &&str| word.starts_with("--notes") || *word == "-F";
    let marks = || ["--draft", "--prerelease", "--latest"].iter().any(|option| text.contains(option));
    if program == "gh" && words.get(1..3) == Some(&["release", "edit"]) && words.iter().any(notes) && !marks() {
        return Some(Role::Notify);
    }
    if let Some(role) = by_any_word(program, &words, text) {
        return Some(role);
    }
    // A package that is taken back, as most often before the next is pushed.
    if words.get(1) == Some(&"yank") {
        return Some(Role::Cleanup);
    }
    // Maven that prints a value.
    let prints = |sign: u8, what: &str| memchr::memchr(sign, text.as_bytes()).is_some() && text.contains(what);
    if prints(b':', "help:evaluate") || prints(b'=', "exec.executable=echo") {
        return Some(Role::Support);
    }
    // `python -c "import json; print(json.load(open('x'))['y'])"` looks a value up.
    let looks_up = || {
        let has = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
        const PLAIN: &[&str] = &["json", "sys", "os", "re", "tomllib", "yaml", "pathlib", "csv", "xml"];
        let imports = text.split("import ").skip(1).flat_map(|rest| rest.split([';', '\n', '"']).next());
        let mut names = imports.flat_map(|list| list.split([',', ' ', '.'])).filter(|name| !name.is_empty());
        let says = has(&["print('", "print(\\\""]) && !has(&["print('{", "print(f'"]);
        has(&["print("])
            && has(&["json.load", "open(", "tomllib"])
            && !has(&["exit", "assert", "raise"])
            && !says
            && names.all(|name| PLAIN.contains(&name))
    };
    if program.starts_with("python") && words.contains(&"-c") && looks_up() {
        return Some(Role::Support);
    }
    if words.contains(&"--store-durations") {
        return Some(Role::Telemetry);
    }
    // Vitest and Playwright put together what other jobs have found.
    if words.iter().any(|word| matches!(*word, "--merge-reports" | "merge-reports")) {
        return Some(Role::Telemetry);
    }
    // `test -z "$(gofmt -l .)"` asks what a check has found.
    if matches!(program, "test" | "[" | "[[")
        && let Some((_, inner)) = text.split_once("$(").filter(|_| depth < MAX_DEPTH)
        && inner_role(inner.trim_end_matches([')', '"', ']', ' ']), depth + 1) == Some(Role::Verify)
    {
        return Some(Role::Verify);
    }
    // `hatch run test` is a task, not the program of the shell.
    if program == "test" && !text.trim_start().starts_with("test") {
        return Some(Role::Verify);
    }
    // Pulling and keeping images is what build tools do for their cache.
    let keeps = |word: &&str| ["docker:pull", "docker-pull", "docker:push"].iter().any(|task| word.contains(task));
    if text.contains("docker") && words.iter().any(keeps) {
        return Some(Role::Cache);
    }
    // `go test -bench=. -run='^$'` only measures.
    let option = |name: &str, values: &[&str]| {
        let has = |word: &str| values.iter().any(|value| word.contains(value));
        let next = |at: usize| words.get(at + 1).is_some_and(|value| words[at] == name && has(value));
        words.iter().enumerate().any(|(at, word)| word.starts_with(name) && has(word) || next(at))
    };
    if program == "go" && option("-bench", &[""]) && option("-run", &["^$", "NONE", "XXX"]) {
        return Some(Role::Telemetry);
    }
    // `go tool govulncheck`, `go run golang.org/x/vuln/cmd/govulncheck@latest ./...`
    if let ["go", "tool" | "run", tool, ..] = words[..]
        && let Some(role) = programs::role(base(tool.split('@').next().unwrap_or(tool)), &words[3..])
    {
        return Some(role);
    }
    // A release is made by asking GitHub itself.
    let writes = |word: &&str| ["POST", "PATCH", "PUT"].iter().any(|method| word.ends_with(method));
    if matches!(words[..], ["gh", "api", ..]) && words.iter().any(writes) && text.contains("/releases") {
        // Its text alone is what it says of itself.
        let fields = text.split_whitespace().filter(|word| word.contains('=') && !word.starts_with('-'));
        let body = fields.clone().next().is_some()
            && fields.into_iter().all(|field| field.trim_start_matches(['"', '\'']).starts_with("body="));
        return Some(if body { Role::Notify } else { Role::Publish });
    }
    // What bots said on a pull request before.
    if text.contains("gh api") && text.contains("/comments") && (text.contains("DELETE") || text.contains("POST")) {
        return Some(Role::Notify);
    }
    if words.iter().any(|word| word.ends_with("docs/make.jl")) {
        return Some(Role::Verify);
    }
    if program == "git" && pushes_tag(&words) {
        return Some(Role::Publish);
    }
    if let Some(inner) = inner_command(program, &words, text).filter(|_| depth < MAX_DEPTH) {
        return inner_role(&inner, depth + 1);
    }
    // `find . -name '*.sh' -exec shellcheck {} +`
    if program == "find"
        && let Some(at) = words.iter().position(|word| matches!(*word, "-exec" | "-execdir"))
        && depth < MAX_DEPTH
    {
        return role_of(&words[at + 1..].join(" "), depth + 1)
            .filter(|role| *role == Role::Verify)
            .or(Some(Role::Support));
    }
    if only_parses(program, &words) {
        return Some(Role::Verify);
    }
    let found = role_of_words(program, &words);
    if mends(&words) && found == Some(Role::Verify) {
        return Some(Role::Generated);
    }
    let tries = words.iter().any(|word| matches!(*word, "--dry-run" | "--dryrun" | "--snapshot" | "--validate-app"));
    if tries && found == Some(Role::Publish) {
        return Some(Role::Verify);
    }
    found
}

fn role_of_words(program: &str, words: &[&str]) -> Option<Role> {
    in_container(program, words)
        .or_else(|| by_task(program, words).map(|role| told_to_check(role, words)))
        .or_else(|| {
            let words = subcommands(program, words);
            programs::role(program, &not_only_clean(program, words)).map(|role| told_to_check(role, words))
        })
        .or_else(|| takes_away(words))
        .or_else(|| by_script(program, words))
        .or_else(|| by_flag(words))
}

/// Of GitHub's own tools the first words say what is done: `gh pr create --title "Next release"` makes no release.
fn subcommands<'w, 's>(program: &str, words: &'w [&'s str]) -> &'w [&'s str] {
    let plain = words.len() > 3 && !words[1].starts_with('-');
    if matches!(program, "gh" | "glab" | "hub") && plain { &words[..3] } else { words }
}

/// `tool deployment stop NAME`, `tool project delete NAME`: whatever the tool is, this makes room.
fn takes_away(words: &[&str]) -> Option<Role> {
    const VERBS: &[&str] = &["delete", "stop", "remove", "uninstall", "teardown", "destroy", "cleanup"];
    words.iter().skip(1).take(2).any(|word| VERBS.contains(word)).then_some(Role::Cleanup)
}

/// A tag that is pushed is a release, or starts one: `git push origin "$TAG"`, `git push --tags`.
fn pushes_tag(words: &[&str]) -> bool {
    let names_tag = |word: &&str| {
        let word = word.to_ascii_lowercase();
        word.contains("tag") && !word.contains("stag") && !word.starts_with("--no-")
    };
    let deletes = |word: &&str| matches!(*word, "--delete" | "-d") || word.starts_with(':');
    words.get(1) == Some(&"push") && words[2..].iter().any(names_tag) && !words[2..].iter().any(deletes)
}

/// Whether a script tries out what the run has made, be it only that it shows its version: a file of the workspace, or a
/// program that no table knows.
pub fn tries_own(text: &str) -> bool {
    // Few texts have a word of it, and it is quick to tell.
    SHOWS.stands_in(text)
        && lines(text).any(|line| {
            let plain = without_expressions(&line);
            let words = effective(&plain);
            let Some(program) = words.first().map(|word| base(word)) else { return false };
            let is_file = |word: &&str| {
                word.starts_with("./") || word.starts_with(".\\") || word.contains("dist/") || word.contains("target/")
            };
            shows_version(&words)
                && (words.iter().any(is_file) || programs::role(program, &[]).is_none() && !text.contains("command -v"))
        })
}

/// What a script is for: the weightiest of its commands, if a table knows one.
pub fn of_script(text: &str) -> Option<Purpose> {
    weightiest(text).map(|(line, role)| shown(&line, role))
}

/// The role of that, not put into words.
pub fn role_of_script(text: &str) -> Option<Role> {
    weightiest(text).map(|(_, role)| role)
}

fn weightiest(text: &str) -> Option<(Cow<'_, str>, Role)> {
    let mut best: Option<(Cow<'_, str>, Role)> = None;
    let mut all_known = true;
    for line in lines(text) {
        match role_of_command(&line) {
            Some(Role::Verify) => return Some((line, Role::Verify)),
            Some(role) => {
                if best.as_ref().is_none_or(|(_, best)| rank(role) < rank(*best)) {
                    best = Some((line, role));
                }
            }
            None => all_known = false,
        }
    }
    best.filter(|(_, role)| all_known || *role != Role::Support)
}

/// The command in `bash -c "..."`, `nix-shell --run "..."`.
fn inner_command(program: &str, words: &[&str], text: &str) -> Option<String> {
    const SHELLS: &[&str] =
        &["bash", "sh", "zsh", "dash", "pwsh", "powershell", "cmd", "su", "nix", "nix-shell", "wsl", "arch-nspawn"];
    // `ssh host 'make test'`: the last argument in quotes runs there.
    if program == "ssh" {
        let text = text.trim_end();
        let quote = text.chars().last().filter(|c| matches!(c, '"' | '\''))?;
        let inner = &text[..text.len() - 1];
        return inner.rfind(&format!(" {quote}")).map(|at| inner[at + 2..].to_owned());
    }
    if !SHELLS.contains(&program) {
        return None;
    }
    const FLAGS: &[&str] =
        &["-c", "-lc", "-ec", "-xec", "-exc", "-lic", "-ic", "/c", "/C", "--run", "--command", "-Command"];
    let flag = words.iter().find(|word| FLAGS.contains(word))?;
    let rest = text.split_once(&format!(" {flag} "))?.1;
    Some(rest.trim().trim_matches(['"', '\'']).to_owned())
}

fn inner_role(script: &str, depth: usize) -> Option<Role> {
    let roles: Vec<Role> = lines(script).filter_map(|line| role_of(&line, depth)).collect();
    roles.into_iter().min_by_key(|role| if *role == Role::Verify { 0 } else { rank(*role) + 1 })
}

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
            ("bash -c 'cd x && pytest'", Some(Verify)),
            ("docker run --rm -v x:y koalaman/shellcheck:v1 a.sh", Some(Verify)),
            ("docker compose exec app bundle exec rspec", Some(Verify)),
            ("npm run build", Some(Verify)),
            ("npm run frobnicate", None),
            ("npm ci", Some(Support)),
            ("npm audit", Some(Verify)),
            ("make deploy", Some(Publish)),
            ("make clean", Some(Support)),
            ("make -C x all", Some(Verify)),
            ("find . -name x | xargs shellcheck", Some(Support)),
            ("xargs -0 -n 1 shellcheck", Some(Verify)),
            ("cargo fmt --check", Some(Verify)),
            ("cargo bench", Some(Telemetry)),
            ("gh release delete x", Some(Cleanup)),
            ("gh release create x", Some(Publish)),
            ("gh pr create --head release", Some(Notify)),
            ("cargo deny list --layout crate", Some(Support)),
            ("pnpm lerna changed --long", Some(Support)),
            ("colcon test-result --verbose", Some(Verify)),
            ("oasdiff changelog a b", Some(Support)),
            ("python scripts/junit_to_csv.py a b", None),
            ("command -v pulumi", Some(Support)),
            ("bazel analyze-profile x", Some(Support)),
            ("${CONDA_RUN} python -m pip install x", Some(Support)),
            ("docker rm -f x", Some(Cleanup)),
            ("git diff --exit-code", Some(Verify)),
            ("git fetch origin", Some(Support)),
            ("frobnicate", None),
            ("VERSION=$(cat packages/test/version)", Some(Support)),
            ("out=\"$(pytest -q)\"", Some(Verify)),
            ("PATH=$(pwd)/bin:$PATH cargo test", Some(Verify)),
            ("nightly) make test", Some(Verify)),
            ("ARGS+=(--check)", None),
            ("console.log('Test results')", None),
            ("yarn --immutable", Some(Support)),
            ("python manage.py migrate", Some(Support)),
            ("python manage.py makemigrations --check", Some(Verify)),
            ("tool diagnostics print", Some(Support)),
            ("cargo bench", Some(Telemetry)),
            ("npx playwright test --update-snapshots", Some(Generated)),
            ("./ci/test-db.sh stop", Some(Cleanup)),
            ("docker run -d --name x image", Some(Support)),
            ("if ! command -v taplo", Some(Support)),
            ("npm run test:server", Some(Verify)),
            ("make docs-update", Some(Generated)),
            ("../bin/frobnicate --validate 27 x.spv", Some(Verify)),
        ] {
            assert_eq!(of_command(text).map(|p| p.role), role, "{text}");
        }
    }

    #[test]
    fn scripts_fall_into_commands() {
        let text = "cat <<EOF > x\npytest\nEOF\nFOO=1 a 'b; c' && d | e # f; g";
        assert_eq!(lines(text).collect::<Vec<_>>(), ["cat <<EOF > x", "FOO=1 a 'b; c'", "d", "e"]);
        assert_eq!(of_script("echo \"see $(pwd) && pytest\"").map(|p| p.role), Some(Support));
    }
}
