//! What a command is for: the program behind its wrappers, looked up in the tables.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::effective::{base, effective, is_python, without_expressions};
use super::names;
use super::programs::{self, CONTAINERS, RUNNERS, RUNS_TASKS};
use super::script::lines;
use super::{Purpose, Role, short};
use crate::any_of::AnyOf;

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

/// How deep `bash -c "bash -c ..."` is followed.
const MAX_DEPTH: usize = 3;

fn role_of(text: &str, depth: usize) -> Option<Role> {
    let words = effective(text);
    let program = base(words.first()?);
    if shows_version(&words) || text.trim_start().starts_with("command -v") {
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
    // A package manager alone installs.
    if matches!(words[..], ["yarn" | "pnpm"]) {
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
    if program == "gh" && words.get(1..3) == Some(&["release", "edit"]) && words.iter().any(notes) {
        return Some(Role::Notify);
    }
    // A package that is taken back, as most often before the next is pushed.
    if words.get(1) == Some(&"yank") {
        return Some(Role::Cleanup);
    }
    // Maven that prints a value.
    let prints = |word: &&str| word.contains("help:evaluate") || word.contains("exec.executable=echo");
    if memchr::memchr2(b':', b'=', text.as_bytes()).is_some() && words.iter().any(prints) {
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
        words.iter().any(|word| word.starts_with(name) && values.iter().any(|value| word.contains(value)))
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
        return Some(Role::Publish);
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

/// The syntax of a file, and nothing more: `php -l`, `bash -n`, `node --check`.
fn only_parses(program: &str, words: &[&str]) -> bool {
    let has = |option: &str| words.contains(&option);
    match program {
        "php" => has("-l"),
        "ruby" | "perl" => has("-c") || has("-wc"),
        "bash" | "sh" | "zsh" | "dash" => has("-n"),
        "node" => has("--check") || has("--test"),
        "ansible-playbook" => has("--syntax-check") || has("--check"),
        _ => false,
    }
}

/// Whether a linter is told to mend what it finds, and not to fail for it.
fn mends(words: &[&str]) -> bool {
    const MENDS: &[&str] = &[
        "--fix",
        "--write",
        "--autofix",
        "--autocorrect",
        "--auto-correct",
        "--autocorrect-all",
        "--auto-correct-all",
        "--reformat",
        "autocorrect",
    ];
    let told = |word: &str| ["--check", "--dry-run", "--exit-non-zero-on-fix", "--diff"].contains(&word);
    words.iter().any(|word| MENDS.contains(word)) && !words.iter().any(|word| told(word))
}

fn role_of_words(program: &str, words: &[&str]) -> Option<Role> {
    in_container(program, words)
        .or_else(|| by_task(program, words).map(|role| told_to_check(role, words)))
        .or_else(|| programs::role(program, &not_only_clean(program, words)).map(|role| told_to_check(role, words)))
        .or_else(|| takes_away(words))
        .or_else(|| by_script(program, words))
        .or_else(|| by_flag(words))
}

/// The arguments of a command; `clean` left out where `make clean test` makes something else besides.
fn not_only_clean<'w>(program: &str, words: &[&'w str]) -> Vec<&'w str> {
    let clears = |word: &str| ["clean", "distclean", "mrproper"].contains(&word);
    let is_target = |word: &str| !word.starts_with('-') && !word.contains('=') && !clears(word);
    const TAKES_TARGETS: &[&str] =
        &["make", "gmake", "mingw32-make", "nmake", "ninja", "mvn", "mvnw", "gradle", "gradlew", "ant", "sbt"];
    let many = TAKES_TARGETS.contains(&base(program));
    let more = many && words[1..].iter().any(|word| is_target(word));
    // What `$(go list ./...)` asks is asked of another command.
    let opens = |word: &&str| word.matches("$(").count() > word.matches(')').count();
    words[1..].iter().copied().take_while(|word| !opens(word)).filter(|word| !(more && clears(word))).collect()
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
    lines(text).any(|line| {
        let plain = without_expressions(&line);
        let words = effective(&plain);
        let Some(program) = words.first().map(|word| base(word)) else { return false };
        let is_file = |word: &&str| word.starts_with("./") || word.starts_with(".\\");
        shows_version(&words)
            && (words.iter().any(is_file) || programs::role(program, &[]).is_none() && !text.contains("command -v"))
    })
}

/// What writes files, told to check, checks: `terraform fmt -check`.
fn told_to_check(role: Role, words: &[&str]) -> Role {
    let told = words
        .iter()
        .any(|word| matches!(*word, "-check" | "--check" | "--check-formatted" | "-diff" | "--dry-run" | "--verify"));
    if role == Role::Generated && told { Role::Verify } else { role }
}

/// Options by which a program that no table knows is told to check: `naga --validate`, `./tool --check`.
fn by_flag(words: &[&str]) -> Option<Role> {
    const FLAGS: &[&str] =
        &["--check", "--check-only", "--validate", "--verify", "--lint", "--self-test", "--selftest"];
    words.iter().skip(1).any(|word| FLAGS.contains(&word.split('=').next().unwrap_or(word))).then_some(Role::Verify)
}

/// Arguments that make a program show what it is.
const VERSION: &[&str] = &[
    "--version",
    "-version",
    "-VERSION",
    "/VERSION",
    "-V",
    "--help",
    "-help",
    "-dumpspecs",
    "-dumpversion",
    "version",
];

/// A function of Python packages that does.
const SHOW: &str = "show_versions(";

/// Of all that makes a program show its version some part, and more: what has none of these need not be looked at.
static SHOWS: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(["version", "help", "-V", "-v", "-h", "-dumpspecs"]));

fn shows_version(words: &[&str]) -> bool {
    words.len() <= 3 && words.iter().skip(1).any(|word| VERSION.contains(word))
        || matches!(words, [program, "-v" | "-h" | "-vV" | "help"] if words[1] != "-v" || !is_verbose(base(program)))
        || words.iter().any(|word| word.len() >= SHOW.len() && word.contains(SHOW))
}

/// Whether `-v` makes a program say more, and not what it is.
fn is_verbose(program: &str) -> bool {
    ["pytest", "py.test", "unittest", "tox", "nox", "nosetests", "nose2", "ninja", "bats", "prove", "trial"]
        .contains(&program)
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

fn rank(role: Role) -> usize {
    match role {
        Role::Publish => 0,
        Role::Support => 2,
        _ => 1,
    }
}

/// The command in `bash -c "..."`, `nix-shell --run "..."`.
fn inner_command(program: &str, words: &[&str], text: &str) -> Option<String> {
    const SHELLS: &[&str] =
        &["bash", "sh", "zsh", "dash", "pwsh", "powershell", "cmd", "su", "nix", "nix-shell", "wsl", "arch-nspawn"];
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

/// `docker run IMAGE pytest`, `docker compose exec app make test`, `kubectl exec pod -- ./run_tests.sh`.
fn in_container(program: &str, words: &[&str]) -> Option<Role> {
    if !CONTAINERS.contains(&program) {
        return None;
    }
    let at = words.iter().position(|word| matches!(*word, "run" | "exec" | "--command" | "develop"))?;
    let behind = &words[at + 1..];
    let check = |word: &&str| {
        let name = base(word).split(':').next().unwrap_or_default();
        !word.starts_with('-') && programs::role(name, &[]) == Some(Role::Verify)
    };
    if behind.iter().any(check) {
        return Some(Role::Verify);
    }
    let task = behind.iter().position(|word| RUNS_TASKS.contains(&base(word)));
    if let Some(role) = task.and_then(|at| by_task(base(behind[at]), &behind[at..])).filter(|role| role.matters()) {
        return Some(role);
    }
    let path = behind.iter().rfind(|word| word.contains('/') && word.contains(".sh"));
    path.and_then(|path| names::in_path(base(path)))
}

/// A target or task tells more than the program that runs it.
fn by_task(program: &str, words: &[&str]) -> Option<Role> {
    if !RUNS_TASKS.contains(&program) {
        return None;
    }
    let own = programs::role(program, &not_only_clean(program, words));
    if matches!(own, Some(Role::Support | Role::Publish)) {
        return own;
    }
    let mut flag_takes = false;
    let mut found: Option<Role> = None;
    if words[1..].iter().any(|word| word.ends_with(":report") || word.ends_with(":report-only")) {
        return Some(Role::Telemetry);
    }
    for word in &not_only_clean(program, words) {
        let value = std::mem::replace(
            &mut flag_takes,
            matches!(*word, "-C" | "-f" | "-P" | "--prefix" | "--cwd" | "--dir" | "-w"),
        );
        if value || word.starts_with(['-', '>', '2', '&', '$']) || word.contains('=') || RUNNERS.contains(word) {
            continue;
        }
        let task = base(word.trim_start_matches("//"));
        // `group:plugin:version:goal`: a goal of a plugin is no phase of the build, and does what it says first.
        let role = match task.split(':').count() {
            4 => names::of(task.rsplit(':').next().unwrap_or_default())
                .map_or(Some(Role::Support), |named| Some(if named.leads { named.role } else { Role::Support })),
            _ if builds(program, task) => Some(Role::Verify),
            _ if task_mends(task) => Some(Role::Generated),
            _ => names::of(task)
                .map(|named| match runs_for_coverage(&named, task) && program != "deno" {
                    true => Role::Verify,
                    false => named.role,
                })
                .or_else(|| names::in_path(task))
                .or_else(|| programs::role(task, &[]).filter(|role| *role == Role::Verify && !serves(task))),
        };
        match role {
            Some(Role::Verify) => return Some(Role::Verify),
            Some(role) if found.is_none_or(|old| rank(role) < rank(old)) => found = Some(role),
            _ => {}
        }
    }
    // A build tool without a word that tells builds; a script of the package says nothing.
    let scripts =
        ["npm", "yarn", "pnpm", "bun", "just", "task", "deno", "composer", "poe", "invoke", "inv", "dev", "rush"];
    found.or(own).or_else(|| (!scripts.contains(&program)).then_some(Role::Verify))
}

/// Whether a task of Maven or Gradle builds, whatever its name says elsewhere: `mvn install`, `gradle bundleRelease`.
fn builds(program: &str, task: &str) -> bool {
    const LEADS: &[&str] =
        &["assemble", "bundle", "compile", "jar", "war", "dokka", "installDist", "shadowJar", "dist"];
    match program {
        "mvn" | "mvnw" => task == "install",
        "gradle" | "gradlew" => {
            let name = task.rsplit(':').next().unwrap_or(task);
            if name == "publishToMavenLocal" || name.starts_with("connected") {
                return true;
            }
            LEADS.iter().any(|lead| name.starts_with(lead))
        }
        _ => false,
    }
}

/// `lint:fix`, `spotlessApply`, `prettier:write`: files are changed, and nothing is asserted.
fn task_mends(task: &str) -> bool {
    let last = task.rsplit([':', '-', '_']).next().unwrap_or(task);
    ["fix", "write", "apply", "autofix", "autocorrect"].contains(&last)
        || ["Apply", "Format", "Fix"].iter().any(|end| task.ends_with(end))
        || ["scalafmtAll", "scalafmt", "apiDump", "fmt", "ktfmtFormat"].contains(&task)
}

/// `make coverage` runs the tests; `make coverage-report` shows what they left.
fn runs_for_coverage(named: &names::Named, task: &str) -> bool {
    let shows = ["report", "html", "upload", "merge", "combine", "badge", "xml", "diff", "lcov", "send"];
    let ends = |word: &str| task == word || task.ends_with(&format!(":{word}"));
    named.role == Role::Telemetry && (ends("coverage") || ends("cov")) && !shows.iter().any(|word| task.contains(word))
}

/// Programs that serve as often as they build.
fn serves(program: &str) -> bool {
    ["vite", "next", "nuxt", "astro", "webpack", "storybook", "gatsby", "ng", "hugo", "jekyll"].contains(&program)
}

/// A script of the repository, by the words of its path: `./ci/run_tests.sh`, `python tools/compare.py`, `bash x.sh`.
fn by_script(program: &str, words: &[&str]) -> Option<Role> {
    const INTERPRETERS: &[&str] = &[
        "bash",
        "sh",
        "zsh",
        "dash",
        "node",
        "ruby",
        "perl",
        "php",
        "pwsh",
        "powershell",
        "cmd",
        "docker",
        "julia",
        "Rscript",
        "tsx",
        "ts-node",
        "lua",
        "groovy",
        "jbang",
        "elixir",
        "dart",
    ];
    let script = match is_python(program) || INTERPRETERS.contains(&program) {
        true => words[1..].iter().find(|word| !word.starts_with('-') && word.contains(['.', '/'])).copied()?,
        false => words.first().copied()?,
    };
    let of = |name: &str| names::of(name).map(|named| named.role).or_else(|| names::in_path(name));
    let name = base(script.trim_matches(['"', '\'']));
    // `sh gradlew build`
    if let Some(at) =
        words[1..].iter().position(|word| matches!(base(word), "gradlew" | "mvnw")).filter(|_| !is_python(program))
    {
        return by_task(base(words[at + 1]), &words[at + 1..]);
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if let Some(role) = programs::role(name, &words[1..]).filter(|_| name.contains('.')) {
        return Some(role);
    }
    // `./helpers.sh install_tools`: the first argument is what is done.
    let argument = || {
        let at = words.iter().position(|word| *word == script)?;
        let next = words.get(at + 1)?;
        next.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).then(|| of(next))?
    };
    of(stem).or_else(argument)
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
            ("command -v pulumi", Some(Support)),
            ("bazel analyze-profile x", Some(Support)),
            ("${CONDA_RUN} python -m pip install x", Some(Support)),
            ("docker rm -f x", Some(Cleanup)),
            ("git diff --exit-code", Some(Verify)),
            ("git fetch origin", Some(Support)),
            ("frobnicate", None),
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
