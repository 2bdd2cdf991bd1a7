//! What a command is for that a container runs, or a service of its own.

use super::Role;
use super::effective::base;
use super::names;
use super::programs::{self, CONTAINERS, RUNS_TASKS};
use super::task::by_task;

/// `docker run IMAGE pytest`, `docker compose exec app make test`, `kubectl exec pod -- ./run_tests.sh`.
pub(super) fn in_container(program: &str, words: &[&str]) -> Option<Role> {
    if !CONTAINERS.contains(&program) {
        return None;
    }
    // What a service comes to is asked for.
    if words.iter().any(|word| word.starts_with("--exit-code-from")) {
        return Some(Role::Verify);
    }
    let at = words.iter().position(|word| matches!(*word, "run" | "exec" | "--command" | "develop"))?;
    let behind = &words[at + 1..];
    // `docker compose run --rm tests`
    let composes = program == "docker-compose" || words.get(1) == Some(&"compose");
    if composes
        && words[at] == "run"
        && alone(behind).is_some_and(|service| names::of(service).is_some_and(|named| named.role == Role::Verify))
    {
        return Some(Role::Verify);
    }
    let check = |at: usize| {
        let name = base(behind[at]).split(':').next().unwrap_or_default();
        !behind[at].starts_with('-') && programs::role(name, &behind[at + 1..]) == Some(Role::Verify)
    };
    if (0..behind.len()).any(check) {
        return Some(Role::Verify);
    }
    let task = behind.iter().position(|word| RUNS_TASKS.contains(&base(word)));
    if let Some(role) = task.and_then(|at| by_task(base(behind[at]), &behind[at..])).filter(|role| role.matters()) {
        return Some(role);
    }
    let path = behind.iter().rfind(|word| word.contains('/') && word.contains(".sh"));
    path.and_then(|path| names::in_path(base(path)))
}

/// The service that `docker compose run` starts with the command it is made for: nothing stands behind it.
///
/// Source: <https://docs.docker.com/reference/cli/docker/compose/run/>: a command that is passed overrides the service's own.
fn alone<'w>(words: &[&'w str]) -> Option<&'w str> {
    const WITH_VALUE: &[&str] = &[
        "-e",
        "--env",
        "--name",
        "-u",
        "--user",
        "-v",
        "--volume",
        "-w",
        "--workdir",
        "-p",
        "--publish",
        "-l",
        "--label",
        "--entrypoint",
    ];
    let (service, before) = words.split_last()?;
    let mut before = before.iter();
    while let Some(word) = before.next() {
        match word.starts_with('-') {
            true if WITH_VALUE.contains(word) => _ = before.next()?,
            true => {}
            false => return None,
        }
    }
    (!service.starts_with('-')).then_some(service)
}
