//! Compilers, build tools and test runners of compiled and other languages.

use super::Row;
use crate::audit::role::Role::*;

pub const ROWS: &[Row] = &[
    // Rust
    (
        Support,
        "cargo",
        "install fetch update metadata binstall login search version tree add generate-lockfile vendor locate-project pkgid read-manifest",
    ),
    (Cleanup, "cargo", "clean"),
    (Publish, "cargo", "publish release"),
    (Verify, "cargo", "--no-run"),
    (Telemetry, "cargo", "bench codspeed report bloat llvm-lines"),
    (Verify, "cargo rustfmt dotnet", "--check --verify-no-changes"),
    (Generated, "cargo rustfmt", "fmt --fix fix"),
    (Generated, "rustfmt", ""),
    (Verify, "cargo cross rustc wasm-pack trunk miri clippy-driver rustdoc mdbook nextest", ""),
    // Go
    (Verify, "go", "verify"),
    (Support, "go", "mod install get env list version tool work download clean fmt generate"),
    (Verify, "go", "test build vet"),
    (
        Verify,
        "gotestsum ginkgo golangci-lint staticcheck govulncheck gosec revive golint ineffassign errcheck misspell nilaway go-licenses",
        "",
    ),
    (Verify, "gofmt goimports gofumpt gci", "-l -d"),
    (Generated, "gofmt goimports gofumpt gci", ""),
    (Publish, "goreleaser ko", "release publish apply"),
    (Verify, "goreleaser ko", "build check healthcheck"),
    (
        Verify,
        "apicompat apidiff gorelease oasdiff tapioca api-extractor cargo-semver-checks cargo-public-api cargo-deny cargo-audit cargo-hack cargo-nextest cargo-vet cargo-machete cargo-udeps bacon gocyclo go-test dotnet-format csharpier fantomas",
        "",
    ),
    // C and C++
    (Telemetry, "valgrind", "--tool=callgrind --tool=cachegrind --tool=massif --tool=dhat"),
    (Support, "cmake", "-E"),
    (Support, "cmake gcc g++ clang clang++ ctest meson bazel ninja make", "--version -version --help -dumpversion"),
    (Verify, "clang-format swiftformat swift-format", "--dry-run --lint --Werror -Werror lint -n"),
    (Generated, "clang-format swiftformat swift-format", ""),
    (
        Verify,
        "cmake gcc g++ cc c++ clang clang++ clang-cl cl gfortran ctest meson msbuild xbuild devenv scons waf qmake autoconf autoreconf",
        "",
    ),
    (
        Verify,
        "clang-tidy run-clang-tidy cppcheck cpplint cpplint.py iwyu include-what-you-use scan-build flawfinder infer valgrind lcov-check abidiff abi-compliance-checker",
        "",
    ),
    (
        Support,
        "bazel bazelisk buck2 pants",
        "clean info query cquery aquery version shutdown fetch sync dump analyze-profile mod help --version",
    ),
    (
        Support,
        "make gmake mingw32-make ninja mvn mvnw gradle gradlew ant dotnet meson nmake",
        "clean distclean mrproper restore --stop --version -v install-deps deps shutdown info version help dependencies tasks properties projects",
    ),
    (
        Support,
        "mvn mvnw",
        "help:evaluate dependency:go-offline dependency:resolve dependency:tree dependency:get versions:set versions:display-dependency-updates help:effective-pom",
    ),
    (
        Publish,
        "mvn mvnw gradle gradlew sbt mill lein",
        "deploy publish release:perform publishToSonatype closeAndReleaseRepository closeAndReleaseSonatypeStagingRepository publishPlugins ci-release publishSigned jreleaserFullRelease",
    ),
    (
        Verify,
        "make gmake mingw32-make nmake ninja samu mvn mvnw gradle gradlew ant bazel bazelisk buck2 pants please plz earthly configure",
        "",
    ),
    (Verify, "just task mage invoke inv poe", "test tests check lint build coverage ci clippy"),
    // JVM, .NET
    (
        Verify,
        "javac kotlinc scalac scala sbt mill lein clojure clj kaocha detekt ktlint checkstyle spotbugs pmd google-java-format javadoc jdeps japicmp revapi",
        "",
    ),
    (Publish, "dotnet nuget", "push"),
    (Support, "dotnet", "tool nuget --info new add workload dev-certs sln dump trace counters gcdump sos"),
    (Generated, "dotnet", "format"),
    (Verify, "dotnet vstest.console nunit3-console xunit.console mstest inspectcode", ""),
    (Support, "nuget", ""),
    // Apple
    (
        Support,
        "xcodebuild",
        "-license -downloadComponent -version -showsdks -runFirstLaunch -downloadPlatform -resolvePackageDependencies -showBuildSettings -list -checkFirstLaunchStatus",
    ),
    (Verify, "xcrun", "validate"),
    (Publish, "xcrun pod", "altool notarytool stapler trunk"),
    (Verify, "pod", "lib spec lint"),
    (Support, "pod xcrun xcode-select carthage xcodes", ""),
    (Support, "swift", "package --version"),
    (Verify, "xcodebuild swift swiftc swiftlint xctool slather", ""),
    // Ruby, PHP, Perl
    (Publish, "gem", "push"),
    (Support, "composer", "install update require remove dump-autoload config global self-update create-project"),
    (Support, "gem bundle bundler cpanm cpm luarocks opam raco", ""),
    (Verify, "rubocop", ""),
    (
        Verify,
        "rspec cucumber minitest brakeman reek standardrb erblint haml-lint bundle-audit bundler-audit danger srb steep rake rails",
        "",
    ),
    (
        Verify,
        "phpunit pest paratest phpstan psalm phpcs php-cs-fixer rector phpmd phan deptrac infection codecept behat phpspec php-parallel-lint parallel-lint ecs pint",
        "",
    ),
    (Verify, "prove perlcritic podchecker luacheck busted", ""),
    // Others
    (Support, "mix rebar3", "deps.get local.hex local.rebar deps.compile"),
    (Publish, "mix", "hex.publish"),
    (Verify, "symfony", "security:check check:security local:check:security"),
    (Telemetry, "mix", "coveralls.post"),
    (Verify, "mix rebar3 gleam dialyzer credo eunit elixir erlc", ""),
    (Support, "cabal stack", "update setup path upgrade"),
    (Support, "v", "symlink up version doctor"),
    (Verify, "lipo", "-create"),
    (Support, "lipo", ""),
    (
        Verify,
        "cabal stack ghc hlint weeder ormolu fourmolu hpack dune ocamlfind zig nim nimble crystal ameba v dub dmd ldc2",
        "",
    ),
    (Generated, "flutter dart", "build_runner"),
    (Support, "flutter dart", "pub config doctor precache upgrade --version"),
    (Verify, "flutter dart", "test analyze build drive format compile"),
    (
        Verify,
        "R CMD rcmdcheck lintr verilator iverilog yosys ghdl coqc lake lean agda isabelle typst latexmk pdflatex xelatex asciidoctor pandoc",
        "CMD check build test",
    ),
    (
        Verify,
        "verilator iverilog yosys ghdl coqc lake latexmk pdflatex xelatex lualatex tectonic typst asciidoctor sphinx doxygen",
        "",
    ),
    (Verify, "bats shunit2 shellspec shellcheck shfmt checkbashisms bashate clitest cram lit tap-runner prove6", ""),
    (
        Telemetry,
        "hyperfine gcov lcov gcovr llvm-cov grcov llvm-profdata kcov genhtml reportgenerator simplecov tarpaulin-report",
        "",
    ),
];
