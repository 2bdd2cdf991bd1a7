//! Programs that run others: wrappers, containers, and those that run tasks of the repository.

/// Programs that run the program behind them: they are passed over, with as many words as the number says.
pub const WRAPPERS: &[(&str, usize)] = &[
    (
        "sudo doas time exec env nice nohup npx bunx pnpx uvx xvfb-run winpty then do else ! stdbuf setsid unbuffer caffeinate \
         dbus-run-session command cross-env env-cmd phpdbg fakeroot mpiexec mpirun emcmake emmake emconfigure xargs parallel eatmydata wine wine64 setarch qemu-aarch64 qemu-arm qemu-riscv64 qemu-ppc64le qemu-s390x qemu-aarch64-static qemu-arm-static qemu-riscv64-static catchsegv busybox call strace mprof scalene",
        0,
    ),
    ("timeout gtimeout retry taskset", 1),
    (
        "infisical mint uv poetry opam pipx pipenv hatch pdm rye pixi conda mamba micromamba coverage bundle mise rbenv pyenv dotenv doppler direnv op \
         rustup fvm melos",
        usize::MAX,
    ),
];

/// Second words after which a wrapper's program stands.
pub const RUNNERS: &[&str] = &["run", "exec", "tool", "--", "x", "dlx"];

/// Programs that run a command inside a container: what checks among the words behind counts.
pub const CONTAINERS: &[&str] = &[
    "docker",
    "podman",
    "docker-compose",
    "nerdctl",
    "kubectl",
    "oc",
    "lxc",
    "nix",
    "nix-shell",
    "wsl",
    "su",
    "singularity",
    "apptainer",
];

/// Programs whose arguments name targets, tasks or scripts of the repository, which tell more than the program.
pub const RUNS_TASKS: &[&str] = &[
    "make",
    "gmake",
    "nmake",
    "mingw32-make",
    "just",
    "task",
    "rake",
    "ninja",
    "mage",
    "invoke",
    "inv",
    "doit",
    "poe",
    "npm",
    "yarn",
    "jlpm",
    "pnpm",
    "bun",
    "nx",
    "turbo",
    "lerna",
    "rush",
    "gulp",
    "grunt",
    "deno",
    "composer",
    "ant",
    "gradle",
    "gradlew",
    "mvn",
    "mvnw",
    "sbt",
    "mill",
    "bazel",
    "bazelisk",
    "tox",
    "nox",
    "hatch",
    "earthly",
    "moon",
    "pants",
    "dev",
    "cargo-make",
    "xtask",
    "fastlane",
    "lein",
    "mix",
    "wireit",
    "mise",
    "pixi",
    "pdm",
    "cargo-xtask",
    "vp",
    "wp-env",
    "lage",
    "nps",
    "buck2",
    "please",
    "dagger",
    "taskipy",
    "thx",
];
