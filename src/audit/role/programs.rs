//! What programs do.
//!
//! To extend: add a line. The first column is the program, the second the words of which one must be among its
//! arguments (none: any), the third the role. The first line that matches wins.

use super::Role::{self, *};

/// Programs that run the program behind them: they are passed over, with as many words as the number says.
pub const WRAPPERS: &[(&[&str], usize)] = &[
    (
        &[
            "sudo", "time", "exec", "command", "env", "nice", "npx", "bunx", "xvfb-run", "winpty", "then", "do",
            "else", "!",
        ],
        0,
    ),
    (&["timeout", "retry"], 1),
    (
        &["uv", "poetry", "pipenv", "hatch", "pdm", "rye", "pixi", "conda", "mamba", "micromamba", "coverage"],
        usize::MAX,
    ),
    (&["bundle"], usize::MAX),
];

/// Second words after which a wrapper's program stands.
pub const RUNNERS: &[&str] = &["run", "exec", "tool"];

/// Programs, the arguments that matter, and the role.
pub const PROGRAMS: &[(&[&str], &[&str], Role)] = &[
    // Arguments that turn a check into something else, or the other way round.
    (
        &[
            "ruff",
            "eslint",
            "prettier",
            "black",
            "isort",
            "rubocop",
            "clang-format",
            "cargo",
            "dotnet",
            "biome",
            "gofmt",
        ],
        &["--fix", "--fix-only", "--write", "-w", "-i"],
        Generated,
    ),
    (
        &["black", "isort", "prettier", "gofmt", "clang-format", "cargo", "ruff", "dotnet", "rustfmt", "swiftformat"],
        &["--check", "--check-only", "--diff", "--dry-run", "--verify-no-changes", "--lint", "-l"],
        Verify,
    ),
    (&["black", "isort", "prettier", "gofmt", "clang-format", "rustfmt", "swiftformat", "goimports"], &[], Generated),
    (&["ruff", "cargo", "dotnet", "buf", "terraform"], &["format", "fmt"], Generated),
    (&["git"], &["--exit-code"], Verify),
    (
        &["pytest", "py.test", "tox", "nox", "ctest", "gotestsum", "jest", "vitest", "mocha", "ava", "cypress"],
        &[],
        Verify,
    ),
    (
        &[
            "phpunit",
            "rspec",
            "nosetests",
            "nextest",
            "bats",
            "karma",
            "unittest",
            "ginkgo",
            "doctest",
            "xctool",
            "scantest",
        ],
        &[],
        Verify,
    ),
    (&["playwright"], &["install"], Support),
    (&["playwright", "slather"], &[], Verify),
    (
        &["flake8", "pylint", "mypy", "pyright", "eslint", "tsc", "shellcheck", "hadolint", "actionlint", "yamllint"],
        &[],
        Verify,
    ),
    (
        &["markdownlint", "golangci-lint", "clang-tidy", "cppcheck", "bandit", "semgrep", "trivy", "grype", "snyk"],
        &[],
        Verify,
    ),
    (
        &["safety", "pip-audit", "codespell", "danger", "detekt", "ktlint", "swiftlint", "rubocop", "brakeman"],
        &[],
        Verify,
    ),
    (&["checkov", "tflint", "tfsec", "lychee", "linkchecker", "vale", "zizmor", "gitleaks", "trufflehog"], &[], Verify),
    (
        &["osv-scanner", "codeql", "sphinx-build", "lintrunner", "pre-commit", "ruff", "govulncheck", "staticcheck"],
        &[],
        Verify,
    ),
    (
        &[
            "vulture",
            "pyre",
            "cpplint",
            "checkstyle",
            "phpstan",
            "psalm",
            "stylelint",
            "biome",
            "buf",
            "kubeval",
            "prowler",
        ],
        &[],
        Verify,
    ),
    (&["cargo"], &["install", "fetch", "update", "metadata", "binstall"], Support),
    (&["cargo", "npm", "yarn", "pnpm", "lerna", "poetry", "hatch", "uv", "flit"], &["publish"], Publish),
    (&["xcodebuild"], &["-license", "-version", "-showsdks", "-runFirstLaunch", "-downloadPlatform"], Support),
    (&["mvn", "mvnw"], &["help:evaluate", "dependency:go-offline", "versions:set"], Support),
    (&["cargo"], &["clean"], Cleanup),
    (&["cargo", "cross", "wasm-pack", "maturin", "trunk"], &[], Verify),
    (&["go"], &["mod", "install", "get", "env", "list", "version", "tool"], Support),
    (&["go"], &["test", "build", "vet", "run"], Verify),
    (&["npm", "yarn", "pnpm", "bun"], &["ci", "install", "i", "add", "config", "link", "list", "ls", "cache"], Support),
    (&["npm", "yarn", "pnpm", "bun", "nx", "turbo", "lerna"], &[], Verify),
    (
        &["make", "mvn", "mvnw", "gradle", "gradlew", "ant", "ninja", "bazel", "bazelisk", "dotnet"],
        &[
            "clean",
            "distclean",
            "restore",
            "--stop",
            "--version",
            "install-deps",
            "deps",
            "shutdown",
            "info",
            "version",
        ],
        Support,
    ),
    (
        &["make", "mvn", "mvnw", "gradle", "gradlew", "ant", "ninja", "bazel", "bazelisk", "meson", "msbuild"],
        &[],
        Verify,
    ),
    (
        &[
            "xcodebuild",
            "swift",
            "sbt",
            "lein",
            "mix",
            "rake",
            "stack",
            "cabal",
            "dune",
            "zig",
            "nmake",
            "scons",
            "buck2",
        ],
        &[],
        Verify,
    ),
    (&["cmake"], &["--version"], Support),
    (
        &["cmake", "gcc", "g++", "clang", "clang++", "javac", "rustc", "ghc", "hugo", "mkdocs", "jekyll", "tsup"],
        &[],
        Verify,
    ),
    (&["dotnet"], &["tool", "nuget", "--info"], Support),
    (&["dotnet"], &["test", "build", "pack", "publish"], Verify),
    (&["nix"], &["build", "flake"], Verify),
    (&["terraform", "tofu"], &["validate", "plan", "test"], Verify),
    (&["helm", "ct", "cfn-lint", "packer"], &["lint", "template", "validate"], Verify),
    (&["twine"], &["check"], Verify),
    (&["twine", "cosign", "goreleaser"], &[], Publish),
    (&["gh"], &["list", "view", "download", "status", "api"], Support),
    (&["gh"], &["release"], Publish),
    (&["gh"], &["comment", "issue", "label"], Notify),
    (&["docker", "podman", "buildah"], &["push"], Publish),
    (&["docker", "podman"], &["rm", "rmi", "stop", "kill", "prune", "down"], Cleanup),
    (
        &["docker", "podman", "docker-compose"],
        &[
            "pull", "logs", "ps", "images", "inspect", "login", "network", "volume", "version", "info", "cp", "tag",
            "load", "save",
        ],
        Support,
    ),
    (&["docker", "podman"], &["build", "buildx"], Verify),
    (
        &["kubectl", "oc", "kind", "minikube", "helm", "az", "gcloud", "aws", "eksctl"],
        &["delete", "uninstall", "terminate-instances", "remove"],
        Cleanup,
    ),
    (
        &["kubectl", "oc", "helm", "kind", "minikube", "az", "gcloud", "aws", "eksctl", "vault", "gsutil", "azcopy"],
        &[],
        Support,
    ),
    (&["codecov", "coveralls", "gcov", "lcov", "gcovr", "llvm-cov", "grcov"], &[], Telemetry),
    (
        &[
            "rm",
            "kill",
            "pkill",
            "killall",
            "rmdir",
            "umount",
            "taskkill",
            "truncate",
            "rd",
            "del",
            "Remove-Item",
            "Stop-Process",
        ],
        &[],
        Cleanup,
    ),
    (
        &[
            "pip", "pip3", "apt", "apt-get", "brew", "yum", "dnf", "apk", "choco", "conda", "mamba", "gem", "rustup",
            "nvm",
        ],
        &[],
        Support,
    ),
    (
        &[
            "uv", "poetry", "pdm", "pipx", "winget", "vcpkg", "bundle", "composer", "npm", "corepack", "dpkg", "snap",
            "port",
        ],
        &[],
        Support,
    ),
    (
        &[
            "echo", "printf", "cat", "ls", "dir", "grep", "egrep", "fgrep", "rg", "sed", "awk", "cp", "mv", "mkdir",
            "ln",
        ],
        &[],
        Support,
    ),
    (
        &[
            "chmod", "chown", "curl", "wget", "tar", "unzip", "zip", "gunzip", "git", "gh", "jq", "yq", "find",
            "xargs", "sort",
        ],
        &[],
        Support,
    ),
    (
        &[
            "head", "tail", "cd", "export", "source", ".", "set", "read", "which", "type", "test", "[", "[[", "true",
            "sleep",
        ],
        &[],
        Support,
    ),
    (
        &[
            "wc", "tr", "cut", "uniq", "tee", "diff", "touch", "pushd", "popd", "date", "env", "printenv", "unset",
            "local",
        ],
        &[],
        Support,
    ),
    (
        &[
            "exit",
            "return",
            "shopt",
            "trap",
            "wait",
            "eval",
            "systemctl",
            "service",
            "modprobe",
            "sysctl",
            "ulimit",
            "df",
        ],
        &[],
        Support,
    ),
    (
        &["du", "free", "ps", "top", "lscpu", "nproc", "uname", "hostname", "id", "whoami", "nvidia-smi", "xpu-smi"],
        &[],
        Support,
    ),
    (
        &["rocm-smi", "rocminfo", "sha256sum", "md5sum", "shasum", "base64", "openssl", "gpg", "ssh", "scp", "rsync"],
        &[],
        Support,
    ),
    (
        &["column", "dirname", "basename", "realpath", "readlink", "seq", "declare", "xcrun", "sw_vers", "defaults"],
        &[],
        Support,
    ),
    (
        &["usermod", "groupadd", "adduser", "useradd", "mount", "fallocate", "swapon", "swapoff", "ccache", "sccache"],
        &[],
        Support,
    ),
    (
        &["ldd", "file", "stat", "objdump", "nm", "dumpbin", "where", "command", "hash", "mapfile", "comm", "paste"],
        &[],
        Support,
    ),
    (
        &[
            "Write-Host",
            "Write-Output",
            "Get-ChildItem",
            "Get-Content",
            "Get-Process",
            "New-Item",
            "Copy-Item",
            "Expand-Archive",
        ],
        &[],
        Support,
    ),
    (
        &["Add-MpPreference", "Set-MpPreference", "Get-MpComputerStatus", "Get-MpPreference", "Invoke-WebRequest"],
        &[],
        Support,
    ),
    (
        &["ghstack", "lsof", "netstat", "ss", "ip", "ping", "xset", "dmesg", "journalctl", "tree", "vim_cmd", "simctl"],
        &[],
        Support,
    ),
];

/// Words in the path of a script or the name of a task that show what it does.
pub const SCRIPT_WORDS: &[(Role, &[&str])] = &[
    (
        Support,
        &[
            "install",
            "setup",
            "save",
            "deps",
            "docker-pull",
            "set_up",
            "set-up",
            "prepare",
            "bootstrap",
            "download",
            "fetch",
            "dump",
            "print",
        ],
    ),
    (Cleanup, &["clean", "teardown", "kill"]),
    (Verify, &["target_determination", "target-determination"]),
    (Telemetry, &["upload", "stats", "metrics", "monitor", "report", "summary", "coverage", "annotat"]),
    (Notify, &["comment", "notify", "label", "slack"]),
    (Generated, &["generate", "gen_", "update"]),
    (Publish, &["publish", "release", "deploy"]),
    (
        Verify,
        &[
            "test", "lint", "check", "verify", "validate", "compare", "build", "compile", "scan", "audit", "bench",
            "fuzz",
        ],
    ),
];
