//! Whether something that counts needs what is built: where the build fails, that fails in its place.
//!
//! Names are compared as written, and only builds are asked about: a test that fails leaves its product as it was. These are
//! signs, not proofs: a file of an earlier build may stand in for the one that is missing.

use std::borrow::Cow;

use super::captured;
use super::commands::Commands;
use super::family;
use super::finding::Reason;
use super::role::{self, Role};
use super::scene::Scene;
use super::spot::Spot;
use crate::workflow::link::LinkKind;
use crate::workflow::script::{Command, Effect};
use crate::workflow::view::{Job, Step};

/// Programs that build, and run again on what they built.
const TOOLS: &[&str] = &["cmake", "make", "gmake", "nmake", "jom", "ninja", "ctest", "meson", "configure", "msbuild"];

/// A line further down in the script that needs what the command builds, and counts.
///
/// Where `&&` or `||` stands behind the command, the same tool further down may well build something else.
pub(super) fn of_command(
    scene: &Scene<'_, '_>,
    script: &Commands<'_, '_>,
    command: &Command<'_>,
) -> Option<(Reason, String)> {
    let line = in_script(script, command)
        .or_else(|| in_steps(scene, script.spot, command.text))
        .or_else(|| is_kept(script, command))
        .or_else(|| release_filled(scene, script.spot, command.text));
    line.map(|line| {
        (Reason::Examined, format!("line {line} needs what `{}` makes, and fails without", role::short(command.text)))
    })
}

/// The line of the step that hands on what the only build of a script has made, and fails if nothing is there.
fn is_kept(script: &Commands<'_, '_>, command: &Command<'_>) -> Option<usize> {
    let builds = role::program_of(command.text).is_some_and(|name| TOOLS.contains(&name.as_str()));
    let others = script.commands.iter().any(|other| other.line != command.line && script.matters(other));
    if !builds || others || tests(command.text) {
        return None;
    }
    let must_exist =
        |step: &&Step<'_>| step.condition.is_none() && uploads(step).is_some_and(|upload| upload.must_exist);
    script.spot.strict_below().find(must_exist).map(|step| step.at.line)
}

/// The line of a later step, in the job or one that needs it, that uploads to the release which a command creates: it fails
/// if there is none.
fn release_filled(scene: &Scene<'_, '_>, spot: Spot<'_, '_>, command: &str) -> Option<usize> {
    if !command.starts_with("gh release create") {
        return None;
    }
    let tag = |text: &str| text.split_whitespace().nth(3).map(|tag| tag.trim_matches(['"', '\'']).to_owned());
    let own = tag(command)?;
    // What stands before a variable has to be the same.
    let plain = |tag: &str| tag.split('$').next().unwrap_or_default().to_owned();
    let same = |other: &str| {
        tag(other).is_some_and(|other| match (own.contains('$'), other.contains('$')) {
            (false, false) => own == other,
            _ => plain(&own).starts_with(&plain(&other)) || plain(&other).starts_with(&plain(&own)),
        })
    };
    let uploads = |other: &str| other.starts_with("gh release upload") && same(other);
    let fills =
        |step: &Step<'_>| !role::only_after_failure(step) && scene.counting(step).iter().any(|other| uploads(other));
    let after = || {
        let (workflow, here) = (scene.workflow()?, spot.job?.id.text);
        let strict = workflow.jobs.iter().filter(|job| job.continue_on_error.is_none());
        let waits = strict.filter(|job| workflow.ancestors(job).contains(&here));
        waits.flat_map(|job| job.steps.iter()).filter(|step| step.continue_on_error.is_none()).find(|step| fills(step))
    };
    let found = spot.strict_below().find(|step| fills(step)).or_else(after)?;
    Some(found.at.line)
}

/// The line of a later command of the script.
fn in_script(script: &Commands<'_, '_>, command: &Command<'_>) -> Option<usize> {
    let counts = |other: &&Command<'_>| other.line > command.line && other.effect == Effect::FailsStep;
    let mut later = script.commands.iter().filter(counts);
    let tool = |command: &Command<'_>| role::program_of(command.text).filter(|name| TOOLS.contains(&name.as_str()));
    let builds = tool(command).filter(|_| !tests(command.text));
    let listed = match &command.effect {
        Effect::Masked(links) => links.first().is_some_and(|link| {
            matches!(link.kind, LinkKind::LeftOfAnd | LinkKind::OrSucceeds | LinkKind::PipeWithoutPipefail)
        }),
        _ => false,
    };
    let again = |other: &Command<'_>| {
        builds.is_some() && !listed && tool(other).is_some() && !are_apart(command.text, other.text)
    };
    let writes = written(command.text).next().is_some() && !reports(command.text);
    let of_family = family::builds(command.text);
    let needs = |other: &&Command<'_>| {
        again(other)
            || runs_product(command, builds.is_some(), other)
            || (writes && takes(command, other))
            || (of_family && family::needs(command.text, other.text))
    };
    later.rfind(needs).map(|end| end.line)
}

/// Whether two commands of a tool build things apart: each its own target, or the same variable with another value.
fn are_apart(build: &str, other: &str) -> bool {
    let targets = |text: &str| {
        let words = text.split_whitespace().skip_while(|word| *word != "--target").skip(1).map(str::to_owned);
        words.take_while(|word| !word.starts_with('-')).collect::<Vec<_>>()
    };
    let (own, theirs) = (targets(build), targets(other));
    let variables = |text: &str| {
        let set = text.split_whitespace().filter(|word| !word.starts_with('-')).filter_map(|word| word.split_once('='));
        set.map(|(key, value)| (key.to_owned(), value.to_owned())).collect::<Vec<_>>()
    };
    let theirs_set = variables(other);
    let differs = |(key, value): &(String, String)| theirs_set.iter().any(|(k, v)| k == key && v != value);
    // What installs or packs builds all first.
    let whole = |target: &String| ["install", "package", "all", "all_build"].contains(&target.to_lowercase().as_str());
    let targets = !own.is_empty() && !theirs.is_empty() && own != theirs && !theirs.iter().any(whole);
    targets || variables(build).iter().any(differs)
}

/// Whether a command checks, by its words: it writes its report all the same. The name of an image is no such word.
fn reports(command: &str) -> bool {
    const CHECKS: &[&str] = &["test", "tests", "lint", "check", "audit", "scan", "pytest", "ctest", "eslint", "pylint"];
    let mut words = command.split(|c: char| !c.is_ascii_alphanumeric());
    !command.contains("docker") && words.any(|word| CHECKS.contains(&word))
}

/// The line of a later step of the job with a command that needs what this one builds, and counts.
fn in_steps(scene: &Scene<'_, '_>, spot: Spot<'_, '_>, command: &str) -> Option<usize> {
    let mut files = written(command).peekable();
    let writes = !reports(command) && files.peek().is_some() && files.all(|name| name.contains('.'));
    let builds = family::builds(command);
    if !writes && !builds {
        return None;
    }
    let needs = |other: &str| builds && family::needs(command, other) || writes && names_output(command, other);
    let needs = |step: &&Step<'_>| scene.counting(step).iter().any(|other| needs(other));
    spot.strict_below().find(needs).map(|step| step.at.line)
}

/// Whether a build is one of tests, by its arguments: it may run them.
fn tests(text: &str) -> bool {
    let words = text.split_whitespace().filter(|word| !word.starts_with('-'));
    let mut plain = words.filter(|word| word.contains("test"));
    const CHECKS: &[&str] = &["lint", "check", "fmt", "format", "vet", "typecheck", "audit", "style"];
    let is_check = |word: &str| CHECKS.iter().any(|check| word == *check || word.ends_with(&format!("-{check}")));
    let checks = text.split_whitespace().skip(1).any(is_check);
    checks
        || text.starts_with("ctest")
        || plain.any(|word| role::of_name(word).is_some_and(|named| named.role == Role::Verify))
}

/// `./cmd/hello` behind `compile cmd/hello.c`; any program of the folder behind `make`.
fn runs_product(command: &Command<'_>, makes: bool, other: &Command<'_>) -> bool {
    if built_into(command.text).any(|folder| other.text.starts_with(&format!("{folder}/"))) {
        return true;
    }
    let program = other.program().trim_matches(['"', '\'', '&', '(']);
    let own = stem(program);
    if !program.contains(['/', '\\']) || program.starts_with(['/', '$', '%']) || own.is_empty() {
        return false;
    }
    let is_script =
        [".sh", ".py", ".ps1", ".bat", ".cmd", ".js", ".pl", ".rb"].iter().any(|end| program.ends_with(end));
    let here = program.starts_with("./") || program.starts_with(".\\");
    let named = || command.text.split_whitespace().skip(1).any(|word| stem(word) == own);
    !is_script && (named() || (makes && here))
}

/// The folders that CMake is told to build in, as they are written: `-B DIR`, `--build ${{ env.dir }}`.
fn built_into(text: &str) -> impl Iterator<Item = &str> {
    let cmake = text.starts_with("cmake");
    let behind = ["-B ", "--build "].into_iter().filter(move |_| cmake).filter_map(|option| text.split_once(option));
    behind.filter_map(|(_, rest)| {
        let inside = if rest.starts_with("${{") { rest.find("}}")? + 2 } else { 0 };
        let end = rest[inside..].find(char::is_whitespace).map_or(rest.len(), |at| inside + at);
        Some(rest[..end].trim_end_matches('/')).filter(|folder| folder.len() > 1)
    })
}

/// Whether a command takes a file or folder that another was told to write: `-o NAME`, `/Fe:NAME`.
fn takes(command: &Command<'_>, other: &Command<'_>) -> bool {
    names_output(command.text, other.text)
}

fn names_output(command: &str, other: &str) -> bool {
    const PASSES: &[&str] =
        &["cd", "echo", "pushd", "mkdir", "md", "set", "export", "Write-Host", "Write-Output", "ls", "dir", "find"];
    let program = other.split_whitespace().next().unwrap_or_default();
    // What Xcode archives is a folder that nothing else makes.
    let into_archive = |name: &str| name.ends_with(".xcarchive") && other.contains(name);
    if program == "cd" && written(command).any(into_archive) {
        return true;
    }
    let forced = program == "rm" && other.split_whitespace().any(|word| word == "-f" || word == "-rf");
    if PASSES.contains(&program) || forced {
        return false;
    }
    let whole = |name: &str| other.split_whitespace().any(|word| word.trim_matches(['"', '\'']) == name);
    let part = |name: &str| other.split(|c: char| c.is_whitespace() || "\"'/\\=:".contains(c)).any(|word| word == name);
    // What writes there as well needs nothing of it.
    let adds = |name: &str| written(other).any(|own| own == name);
    let needs = |name: &str| (whole(name) || part(name)) && !adds(name);
    written(command).any(|name| name.len() > 2 && !name.contains(['$', '{']) && needs(name))
}

/// Options that name what a command writes.
const OUTPUTS: &[&str] =
    &["-o", "--output", "--out", "--outdir", "--output-dir", "--output-filename", "-archivePath", "-exportPath"];

/// The last parts of the paths that a command is told to write.
fn written(text: &str) -> impl Iterator<Item = &str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let behind = words.windows(2).filter(|pair| OUTPUTS.contains(&pair[0]));
    let mut names: Vec<&str> = behind.map(|pair| pair[1]).collect();
    // `docker build -t NAME`
    let tag = (words.contains(&"docker") && words.contains(&"build"))
        .then(|| words.windows(2).find(|pair| ["-t", "--tag"].contains(&pair[0])));
    names.extend(tag.flatten().map(|pair| pair[1]));
    let joined = words.into_iter().filter_map(|word| match word.split_once('=') {
        Some((option, path)) => OUTPUTS.contains(&option).then_some(path),
        None => word.strip_prefix("/Fe:"),
    });
    names.into_iter().chain(joined).map(|path| {
        let path = path.trim_matches(['"', '\'']).trim_end_matches(['/', '\\', '*']);
        path.rsplit(['/', '\\']).next().unwrap_or(path)
    })
}

/// The name of a file without its folder and its end.
fn stem(path: &str) -> &str {
    let path = path.trim_matches(['"', '\'']).trim_end_matches(['/', '\\']);
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// A later step of the job that needs what a whole step builds, and counts: it packs it, or hands it on and fails if
/// nothing is there.
pub(super) fn of_step(scene: &Scene<'_, '_>, spot: Spot<'_, '_>) -> Option<(Reason, String)> {
    packed(spot)
        .or_else(|| built(scene, spot))
        .map(|line| (Reason::Examined, format!("line {line} needs what it builds, and fails without")))
        .or_else(|| {
            let line = served(scene, spot)?;
            Some((Reason::Examined, format!("line {line} tests what it starts, and fails without")))
        })
}

/// All that the step checks are builds, and later steps need them.
fn built(scene: &Scene<'_, '_>, spot: Spot<'_, '_>) -> Option<usize> {
    let checks = |line: &Cow<'_, str>| role::role_of_command(line) == Some(Role::Verify);
    let mut lines = role::commands_of(spot.step.run?.text).filter(checks);
    let first = in_steps(scene, spot, &lines.next()?)?;
    lines.all(|line| in_steps(scene, spot, &line).is_some()).then_some(first)
}

/// The line of a later step that packs what is built, or hands it on.
fn packed(spot: Spot<'_, '_>) -> Option<usize> {
    let name = spot.step.name.map(|name| name.text).or(spot.step.run.map(|run| run.text))?;
    if !builds(name) {
        return None;
    }
    let own = spot.step.condition.map(|text| text.text);
    let runs_too = |step: &Step<'_>| step.condition.is_none_or(|text| Some(text.text) == own);
    let strict = |step: &&Step<'_>| step.continue_on_error.is_none() && runs_too(step);
    let needs = |step: &&Step<'_>| {
        uploads(step).is_some_and(|upload| upload.must_exist)
            || packs(step)
            || is_asset(spot.step, step)
            || takes_file(spot.step, step)
    };
    spot.steps[spot.index + 1..].iter().filter(strict).find(needs).map(|end| end.at.line)
}

/// The line of a later step that checks the services which this one does nothing but start.
///
/// Source: <https://docs.docker.com/reference/cli/docker/compose/up/>: with `--detach` or `--wait` the containers go on running.
fn served(scene: &Scene<'_, '_>, spot: Spot<'_, '_>) -> Option<usize> {
    let starts = |line: Cow<'_, str>| {
        let composes = line.starts_with("docker compose ") || line.starts_with("docker-compose ");
        let mut words = line.split_whitespace();
        composes && words.any(|word| word == "up") && words.any(|word| ["-d", "--detach", "--wait"].contains(&word))
    };
    let mut commands = role::commands_of(spot.step.run?.text).peekable();
    if commands.peek().is_none() || !commands.all(starts) {
        return None;
    }
    let checks = |step: &&Step<'_>| scene.itself(step).is_some_and(|purpose| purpose.role == Role::Verify);
    spot.strict_below().find(checks).map(|step| step.at.line)
}

/// Whether a step names a file in its script that another, which builds, names too: `build image.jl app.so`, `julia -J app.so`.
fn takes_file(build: &Step<'_>, step: &Step<'_>) -> bool {
    const MADE: &[&str] = &[".so", ".dll", ".dylib", ".war", ".exe", ".AppImage", ".apk", ".wasm", ".vsix"];
    let is_made = |word: &&str| {
        let plain = !word.contains(['*', '$', ':']);
        plain && (captured::is_packed(word) || MADE.iter().any(|end| word.ends_with(end)))
    };
    let mut made = build.run.into_iter().flat_map(|run| run.text.split_whitespace()).filter(is_made);
    step.run.is_some_and(|run| made.any(|word| run.text.split_whitespace().any(|own| own == word)))
}

/// Whether a name speaks of building, and of nothing that is checked besides.
fn builds(name: &str) -> bool {
    let lower = name.to_lowercase();
    first_word(&lower).is_some_and(|word| ["build", "compile", "rebuild"].contains(&word))
        && !["test", "check", "lint", "doc"].iter().any(|word| lower.contains(word))
}

/// Whether a step uploads a file that another names to a release, and fails without: the last part of `asset_path` stands in
/// the other's script.
///
/// Source: <https://github.com/actions/upload-release-asset>, `src/upload-release-asset.js`: it reads the file first.
fn is_asset(build: &Step<'_>, step: &Step<'_>) -> bool {
    let uploads = step.uses.is_some_and(|uses| uses.text.contains("upload-release-asset"));
    let path = step.with.iter().find(|(key, _)| key.text == "asset_path").map(|(_, value)| value.text.trim());
    let file = path.and_then(|path| path.rsplit('/').next()).filter(|file| file.len() > 2);
    uploads && build.run.zip(file).is_some_and(|(run, file)| run.text.contains(file))
}

fn packs(step: &Step<'_>) -> bool {
    let packs = |word: &str| ["package", "packaging", "bundle", "sign", "notarize", "strip"].contains(&word);
    let name = step.name.map(|name| name.text.to_lowercase()).unwrap_or_default();
    step.run.is_some() && first_word(&name).is_some_and(packs)
}

fn first_word(name: &str) -> Option<&str> {
    name.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty())
}

/// Another job that counts takes over what a job hands on at its end, by name, and fails if it is not there.
pub(super) fn of_job(scene: &Scene<'_, '_>, job: &Job<'_>) -> Option<(Reason, String)> {
    let workflow = scene.workflow()?;
    let (at, upload) = job.steps.iter().enumerate().rev().find_map(|(at, step)| Some((at, uploads(step)?)))?;
    let checked_after = job.steps[at..].iter().any(|step| scene.itself(step).is_some_and(|p| p.role == Role::Verify));
    // What one leg hands on says nothing of the others.
    let partly = |text: &str| text.contains("()") || text.contains("matrix.");
    if checked_after || job.steps[at].condition.is_some_and(|text| partly(text.text)) {
        return None;
    }
    let needs = |other: &&Job<'_>| other.continue_on_error.is_none() && other.waits_for(job.id.text);
    let takes = |step: &&Step<'_>| {
        let downloads = step.uses.is_some_and(|uses| uses.text.starts_with("actions/download-artifact@"));
        let name = step.with.iter().find(|(key, _)| key.text == "name").map(|(_, value)| value.text);
        downloads && step.continue_on_error.is_none() && step.condition.is_none() && name == upload.name
    };
    let end = workflow
        .jobs
        .iter()
        .filter(needs)
        .flat_map(|other| other.steps.iter())
        .find(takes)
        .filter(|_| upload.name.is_some())?;
    Some((Reason::Examined, format!("line {} needs the artifact that it makes, and fails without", end.at.line)))
}

/// What an `actions/upload-artifact` step hands on.
struct Upload<'t> {
    /// The name of the artifact, if it gives one.
    name: Option<&'t str>,
    /// Whether it fails if there is nothing to hand on.
    must_exist: bool,
}

/// The artifact that a step uploads.
fn uploads<'t>(step: &Step<'t>) -> Option<Upload<'t>> {
    let with = |key: &str| step.with.iter().find(|(own, _)| own.text == key).map(|(_, value)| value.text);
    let is = step.uses.is_some_and(|uses| uses.text.starts_with("actions/upload-artifact@"));
    is.then(|| Upload { name: with("name"), must_exist: with("if-no-files-found") == Some("error") })
}
