//! What the tasks and targets do that a program runs: `npm run lint`, `make coverage`, `./gradlew bundleRelease`.

use super::Role;
use super::effective::base;
use super::names;
use super::programs::{self, RUNNERS, RUNS_TASKS};

/// A target or task tells more than the program that runs it.
pub(super) fn by_task(program: &str, words: &[&str]) -> Option<Role> {
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
            _ if builds(program, task) || tests(word) => Some(Role::Verify),
            _ if updates(task) => Some(Role::Generated),
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

/// `npm run test:server`: whatever is tested.
fn tests(task: &str) -> bool {
    task.starts_with("test:") && !["update", "prepare", "setup", "report"].iter().any(|word| task.contains(word))
}

/// `make helm.readme-update`, `gradle updateSnapshots`
fn updates(task: &str) -> bool {
    let words = super::words::words(task);
    let ends = |word: Option<&super::words::Word<'_>>| word.is_some_and(|word| word == "update" || word == "upgrade");
    ends(words.first()) || ends(words.last())
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

/// The arguments of a command; `clean` left out where `make clean test` makes something else besides.
pub(super) fn not_only_clean<'w>(program: &str, words: &[&'w str]) -> Vec<&'w str> {
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

pub(super) fn rank(role: Role) -> usize {
    match role {
        Role::Publish => 0,
        Role::Support => 2,
        _ => 1,
    }
}
