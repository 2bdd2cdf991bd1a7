//! Tools that build, what they leave behind, and which of their other commands build the same again or need it.
//!
//! Tables that a newcomer can extend. Promise: pure, and it reads commands as written.

/// A tool and how it is known that a later command needs what it has built.
struct Family {
    /// How a command that builds begins.
    builds: &'static [&'static str],
    /// Parts of the paths of what it leaves.
    leaves: &'static [&'static str],
    /// How a command begins that, with the same arguments, builds the same first or runs on it.
    follows: &'static [&'static str],
}

const FAMILIES: &[Family] = &[
    Family {
        builds: &["cargo build", "cargo check", "cross build"],
        leaves: &["target/debug/", "target/release/", "target\\debug\\", "target\\release\\"],
        follows: &["cargo test", "cargo run", "cargo nextest run", "cross test"],
    },
    Family {
        builds: &["dotnet build", "dotnet publish"],
        leaves: &["bin/Release", "bin/Debug", "bin\\Release", "bin\\Debug"],
        follows: &["dotnet test", "dotnet run"],
    },
    Family {
        builds: &[
            "python -m build",
            "python3 -m build",
            "pip wheel",
            "cibuildwheel",
            "python -m cibuildwheel",
            "maturin build",
            "poetry build",
            "uv build",
            "hatch build",
            "tox -e build",
            "python setup.py bdist_wheel",
            "python setup.py sdist",
            "pyproject-build",
        ],
        leaves: &[".whl", "dist/", "wheelhouse/", "target/wheels"],
        follows: &[],
    },
    Family { builds: &["go build"], leaves: &[], follows: &["go test"] },
    Family { builds: &["swift build"], leaves: &[".build/debug", ".build/release"], follows: &["swift test"] },
    Family { builds: &["rpmbuild"], leaves: &[".rpm"], follows: &[] },
    Family { builds: &["dpkg-buildpackage", "debuild"], leaves: &[".deb"], follows: &[] },
    Family { builds: &["zig build"], leaves: &["zig-out/"], follows: &[] },
];

/// Options with which a command only shows or plans, and needs and checks nothing.
pub(super) const SHOWS: &[&str] = &["--version", "--help", "-n", "-N", "--dry-run", "--collect-only"];

/// Programs by which packages of JavaScript run their tasks.
const RUNNERS: &[&str] = &["npm", "pnpm", "yarn", "bun", "npx", "turbo", "nx"];

/// Programs that make what a file of theirs says.
const MAKE: &[&str] = &["make", "gmake", "ninja", "nmake"];

/// Whether a command may build what others need: for all others nobody needs to ask [`needs`].
pub(super) fn builds(command: &str) -> bool {
    let build = bare(command);
    let first = build.split_whitespace().next().unwrap_or_default();
    RUNNERS.contains(&first)
        || MAKE.iter().any(|lead| build.starts_with(lead))
        || build.starts_with("cmake")
        || build.starts_with("./configure")
        || FAMILIES.iter().any(|family| family.builds.iter().any(|lead| build.starts_with(lead)))
}

/// Whether a later command needs what a build makes, so that it fails where the build has failed.
pub(super) fn needs(build: &str, later: &str) -> bool {
    let (build, later) = (bare(build), bare(later));
    if later.split_whitespace().any(|word| SHOWS.contains(&word)) {
        return false;
    }
    let family = FAMILIES.iter().find(|family| family.builds.iter().any(|lead| begins(build, lead)));
    let by_family = family.is_some_and(|family| {
        let names = || family.leaves.iter().any(|part| later.contains(part));
        (names() && !only_shows(later)) || follows(family, build, later)
    });
    by_family || task_needs(build, later) || installs(build, later)
}

/// A command without what only lends it rights or a clock.
fn bare(command: &str) -> &str {
    let mut rest = command.trim();
    while let Some(inner) = ["sudo ", "time ", "& "].iter().find_map(|lead| rest.strip_prefix(lead)) {
        rest = inner.trim_start();
    }
    rest
}

fn begins(command: &str, lead: &str) -> bool {
    command.strip_prefix(lead).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\\']))
}

/// Commands that pass over a file that is missing, or only speak of it.
fn only_shows(command: &str) -> bool {
    let lists = [
        "echo ",
        "printf ",
        "mkdir ",
        "Write-Host ",
        "rm -rf ",
        "rm -f ",
        "find ",
        "export ",
        "cd ",
        "du ",
        "[",
        "test ",
        "tar ",
    ];
    lists.iter().any(|lead| command.starts_with(lead)) || command.contains("GITHUB_ENV")
}

/// `cargo test -p x` behind `cargo build -p x`: all that the build was told, the other is told as well.
fn follows(family: &Family, build: &str, later: &str) -> bool {
    let arguments = |text: &str, leads: &[&str]| {
        let lead = leads.iter().find(|lead| begins(text, lead))?;
        Some(
            text[lead.len()..].split_whitespace().filter(|word| !is_quiet(word)).map(str::to_owned).collect::<Vec<_>>(),
        )
    };
    match (arguments(build, family.builds), arguments(later, family.follows)) {
        // What the other is told besides must not make it do less.
        (Some(own), Some(other)) => {
            // `dotnet test --no-build` says itself that it needs the build.
            if build.starts_with("dotnet build") && other.iter().any(|word| word == "--no-build") {
                return true;
            }
            let less = |word: &&String| !word.starts_with('-') || LESS.contains(&word.as_str());
            own.iter().all(|word| other.contains(word))
                && !other.iter().filter(|word| !own.contains(word)).any(|word| less(&word))
        }
        _ => false,
    }
}

/// Options that choose a part of what would be built.
const LESS: &[&str] =
    &["-p", "--package", "--test", "--bin", "--example", "--lib", "--doc", "--manifest-path", "--no-build"];

fn is_quiet(word: &str) -> bool {
    matches!(word, "-v" | "-vv" | "--verbose" | "-q" | "--quiet" | "--locked" | "--no-restore")
        || word.starts_with("-j")
}

/// `pnpm --filter x test` behind `pnpm --filter x build-test`: the same packages, and only the task is another.
fn task_needs(build: &str, later: &str) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let (own, other) = (words(build), words(later));
    let runner = own.first().is_some_and(|first| RUNNERS.contains(&first.as_str()));
    let differing: Vec<(&String, &String)> = own.iter().zip(&other).filter(|(a, b)| a != b).collect();
    let tasks = |(a, b): &(&String, &String)| a.starts_with("build") && b.starts_with("test");
    // Of one package alone, `build` and `test` may have nothing to do with each other.
    runner && own.len() > 3 && own.len() == other.len() && matches!(&differing[..], [pair] if tasks(pair))
}

/// `make install` behind `make`, `cmake --install` behind `cmake --build`: of a build of everything.
fn installs(build: &str, later: &str) -> bool {
    let whole = |text: &str| {
        text.split_whitespace()
            .skip(1)
            .all(|word| word.starts_with('-') || word == "all" || word.contains('=') || word.parse::<u32>().is_ok())
    };
    let makes = MAKE.iter().any(|lead| begins(build, lead)) && whole(build) || build.starts_with("./configure");
    let cmake =
        ["cmake --build", "cmake --install"].iter().any(|lead| begins(build, lead)) && !build.contains("--target");
    let lead = later.split_whitespace().next().unwrap_or_default();
    // `cmake ..`: without it there is nothing to make.
    let configures =
        begins(build, "cmake") && ["--build", "--install", "-E", "-P"].iter().all(|way| !build.contains(way));
    let solution = || later.contains(".sln") || later.contains(".vcxproj");
    let msbuild = ["msbuild", "msbuild.exe", "devenv"].contains(&lead.to_ascii_lowercase().as_str()) && solution();
    if configures && (MAKE.contains(&lead) || begins(later, "cmake --build") || msbuild) {
        return true;
    }
    // `ninja -C build test` builds all that `ninja -C build` does.
    let more = later.strip_prefix(build).filter(|rest| build.starts_with("ninja") && rest.starts_with(' '));
    let more = more.filter(|rest| !rest.contains(" -C "));
    if more.is_some_and(|rest| rest.split_whitespace().any(|word| ["test", "check", "install"].contains(&word))) {
        return true;
    }
    // `cp build/Release/tool .` behind `cmake --build build`
    let folder = build.strip_prefix("cmake --build ").and_then(|rest| rest.split_whitespace().next());
    let below = |folder: &str| folder.len() > 2 && later.split_whitespace().skip(1).any(|word| is_below(word, folder));
    if folder.is_some_and(below) && !only_shows(later) {
        return true;
    }
    let elsewhere = later.contains(" -C ") && !build.contains(" -C ");
    let install = !elsewhere && later.split_whitespace().skip(1).any(|word| word == "install" || word == "--install");
    (makes && MAKE.contains(&lead) && install)
        || (cmake && (MAKE.contains(&lead) || lead == "cmake") && install)
        || ((makes || cmake) && lead == "ctest")
        // What stands in the folder of programs was installed by the script.
        || (cmake && runs_installed(later))
}

/// Whether a path leads to a file below a folder: `./build/Release/x` below `build`.
fn is_below(path: &str, folder: &str) -> bool {
    let plain = |text: &str| text.trim_matches(['"', '\'']).trim_start_matches("./").replace('\\', "/");
    let rest = plain(path).strip_prefix(&plain(folder)).map(str::to_owned);
    rest.is_some_and(|rest| rest.starts_with('/') && rest.len() > 1)
}

/// A program of an absolute `bin` folder that is no tool of the machine: `C:\Program Files (x86)\Thing\bin\thing-test`.
fn runs_installed(later: &str) -> bool {
    let path = later.trim_start_matches(['"', '\'']).split(['"', '\'']).next().unwrap_or_default();
    path.contains("\\bin\\")
        && path.contains("Program Files")
        && path.split('\\').next_back().is_some_and(|name| name.contains("test"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_later_command_needs() {
        for (build, later) in [
            ("cargo build", "mv target\\debug\\x.exe ..\\bins"),
            ("cargo build --release -p x", "cargo test -p x --release --locked"),
            ("dotnet build -c Release", ".\\Chat\\bin\\Release\\net8.0\\Chat.exe -m x"),
            ("python -m build -w ./core", "python -m pip install -v ./core/dist/*.whl"),
            ("pnpm --filter ./a build-dev", "pnpm --filter ./a test"),
            ("make -j", "sudo make install"),
            ("./configure --with-x", "sudo make install"),
            ("cmake --build . --verbose", "cmake --install ."),
            ("cmake -DX=1 ..", "make package"),
            ("cmake -G \"Visual Studio\" ./", "MSBuild.exe .\\lib.sln"),
            ("ninja -C build", "ninja -C build test"),
            ("pyproject-build .", "cp ./dist/* ../out"),
            ("cmake --build build --config Release", "cp ./build/Release/x.exe ./build/"),
            ("cmake --build .", "& \"C:\\Program Files (x86)\\Lib\\bin\\lib-test-suite\" -v"),
        ] {
            assert!(needs(build, later), "{build}; {later}");
        }
        for (build, later) in [
            ("cargo build --all-features", "cargo test"),
            ("cargo build", "echo target/debug/x"),
            ("cmake --build build", "cp other/x build/"),
            ("cmake -E make_directory build", "make"),
            ("ninja -C build", "ninja -C build-asan test"),
            ("ninja", "ninja -C examples/build test"),
            ("npm run build", "npm run test"),
            ("pnpm --filter ./a build", "pnpm --filter ./b test"),
            ("make docs", "make install"),
            ("cargo test", "ls target/debug/x"),
            ("cmake --build . --target docs", "cmake --install ."),
        ] {
            assert!(!needs(build, later), "{build}; {later}");
        }
    }
}
