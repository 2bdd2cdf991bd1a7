//! The words of names, and the role they show.
//!
//! To extend: add a phrase to a line, or a line; `words` says what a phrase matches. Commas part phrases. Within a
//! table the first line that matches wins, and the tables are asked in the order they stand here.

use super::Role::{self, *};

/// A role and the phrases that show it.
pub type Row = (Role, &'static str);

/// What decides wherever it stands in the name.
pub const TELLING: &[Row] = &[
    // The first line counts for workflows too.
    (Verify, "debug build, debug test, target determination, test selection, select tests, test determinat*, do td$"),
    (Support, "on main branch, on base branch, on base commit, on target branch"),
    (Telemetry, "compare coverage, coverage comparison, coverage diff, flaky test report, flaky report"),
    (
        Verify,
        "smoke test, sanity check, coverage check, check coverage, coverage threshold, verify checksum, link check",
    ),
    (
        Verify,
        "detect breaking, detect regression*, detect secret*, detect leak*, detect vulnerab*, detect dead, detect unused, detect drift, check for vulnerabilit*, check for security, check for broken, check for dead link, check for typos, check for regression*, check for leak*, check for diff*, check for failure*, check for unused, check for dead, check for uncommitted, check for breaking, check for merge conflict*, check for changelog, detect secret*, find dead code, import test, retry failed test*, check for secret*, check for leak*, check for vulnerab*, check for issue*, check for problem*, check for typo*, check for spelling, check for broken, check for dead, check for breaking, check for outdated, check for unused, check for lint*, check for format*, check for valid, check for invalid, check for error*, check for missing, check for licen*, check for forbidden, check for leftover*, check for conflict*, check for warning*, check for todo*, check for fixup, check for dirty, check for drift, check for stale, check for undocumented, check for trailing, check for whitespace, check for memory, check for crash*, check link, release build, release test, dependency review, license check, spell check, format check, check format, style check, code analysis",
    ),
    (
        Verify,
        "terraform plan, static analysis, copy paste, copypaste, duplicate code, dry run, performance regression, benchmark regression, compare benchmark, test coverage run",
    ),
    (
        Telemetry,
        "create report, codecov, code cov$, coveralls, coverage report, coverage upload, upload coverage, upload code cov*",
    ),
    (Telemetry, "publish coverage, coverage comment, coverage badge, coverage summary, coverage result, coverage data"),
    (
        Telemetry,
        "publish code coverage, analyze bundle, publish summary, telemetry, metrics, statistics, monitoring, scorecard, disk usage, memory usage, usage data, usage report, merge record, datadog, codspeed, codacy",
    ),
    (
        Telemetry,
        "upload test result, upload test stat, upload benchmark, upload chart, publish test result, publish test report",
    ),
    (
        Telemetry,
        "publish unit test result, publish result, publish report, publish html report, publish test summary, publish junit",
    ),
    (Telemetry, "benchmark result, performance result, upload stats, test stats, test summary, test report"),
    (
        Telemetry,
        "build stat, build report, build log, build summary, build time, build size, test log, lint report, scan report",
    ),
    (
        Telemetry,
        "scan result, lint result, check report, test time, test duration, test timing, build duration, spec duration, store duration*, duration manifest",
    ),
    (
        Telemetry,
        "upload result, upload report, upload log, job summary, step summary, trace upload, report test, jaeger, analyze trace*, push result, convert junit, convert test result*, convert test report*",
    ),
    (
        Telemetry,
        "qodana upload, codeclimate, code climate, lighthouse report, allure, testspace, buildpulse, trunk upload",
    ),
    (Support, "create release branch*, create a release branch*, create the release branch*"),
    (
        Publish,
        "provenance attestation, build attestation, release draft$, create release, create github release, create a release, create new release, draft release, make release",
    ),
    (
        Publish,
        "terraform apply, upload to s3, upload artifact* to release, sync to s3, copy to server, update winget, winget release, update homebrew, homebrew formula, homebrew tap, brew formula, brew tap, multi arch manifest, merge manifest, create manifest, tag commit, create tag, create git tag, create new tag, populate release",
    ),
    (
        Publish,
        "close sonatype, close staging, close nexus, close and release, cut release, tag release, release asset, upload release, create tag and release, create prerelease",
    ),
    (
        Suggest,
        "suggest, suggestion, autoformat, auto format, autofix, auto fix, dependency update, create pull request",
    ),
    (Suggest, "create pr$, open pr$, open pull request, create a pr$, create a pull request, apply fix, backport"),
    (
        Suggest,
        "release pr, release pull request, reviewdog, workflows approve, approve workflow, auto merge, automerge, cherry pick",
    ),
    (Cache, "cache, caching, sccache, ccache, buildcache"),
    (
        Notify,
        "slack, jira$, jira issue*, notify, notification, pr comment, comment on, sticky comment, discord, pagerduty, telegram, mattermost, \
         microsoft teams, toot, mastodon, fosstodon, bluesky, twitter, linkedin, announcement, send email, send mail, rocketchat, matrix message, tweet, post comment, create issue, \
         open issue, failure issue, create or update issue, create an issue, add label, remove label, comment pr$, update comment, dispatch event",
    ),
    (Support, "prepare benchmark, set up benchmark, setup benchmark, build benchmark base*"),
    (Cleanup, "cleanup, clean up, teardown, tear down, clean workspace, clean old, garbage collect*, clear$"),
    (
        Support,
        "problem matcher, begin sonar*, sonar begin, start sonar*, release lock, release the lock, actor permission, repo permission, permission check, pre test, post test, debugging, debug info*, debug log, debug output, debug data, for debug, ssh, tmate, defender, disk space, runner info, diagnos*, maximize build space, \
         system info, environment info, log in$, sign in$, login, logging in, core dump, crash log, crash dump, stack trace, backtrace, on test failure",
    ),
    (
        Support,
        "test dependenc*, build dependenc*, test data, test matrix, test env*, build env*, test script, test fixture, \
         build tool, test tool, test server, test database, test requirement, build requirement, build matrix, \
         latest release, latest version, build number, build info, build version, build arg, build metadata, check run, workflow run, build param*",
    ),
];

/// What decides wherever it stands in the name, unless the name begins with a word for checking.
pub const UNCHECKED: &[Row] = &[
    (Generated, "release note*, release body"),
    (Support, "dry run skip, dry run info, dry run summary, dry run show, dry run print"),
    (
        Suggest,
        "create release pr, create release pull request, release pr, release pull request, release please pr, release please pull request, compathelper, compat helper",
    ),
    (
        Support,
        "kill switch, sign key, signing key, release branch, release branches, already published, release commit, test preparation*",
    ),
];

/// Verbs that hand something over, if a target stands behind them.
pub const HANDS_OVER: &str = "upload, push, sync, submit, ship, promote, distribute, deliver, send";

/// What users get, or where they get it.
pub const TARGETS: &str = "pypi, test pypi, testpypi, npm, npmjs, docker hub, dockerhub, ghcr, gcr, ecr, acr, quay, \
     registry, registries, maven central, maven, sonatype, nexus, crates, hex pm, rubygems, nuget, gallery, marketplace, \
     app store, testflight, test flight, play store, google play, web store, open vsx, openvsx, snap store, flathub, \
     homebrew, chocolatey, winget, packagist, hackage, conda forge, anaconda, gh pages, github pages, pages, \
     production, staging, release$, releases, release asset, github release, image$, images, docker image, \
     container image, package, packages, helm chart, chart, website, site$, manifest list, multi arch manifest, \
     r2, pub dev, hex$, artifact hub, sourceforge, cdn";

/// What a bot writes back: no publication.
pub const EDIT_TARGETS: &str = "change, commit, branch, branches, main$, master$, repo$, repository, fork, pr$, \
     pull request, file, badge, changelog, version$, versions$, translation, docs$, readme, lock file, lockfile, snapshot, baseline, \
     release note, gist, wiki, submodule";

/// What decides at the start of the name.
pub const LEADS: &[Row] = &[
    (Telemetry, "upload coverage, upload test, upload junit, upload sarif, upload scan, upload perf*"),
    (
        Artifact,
        "upload, download, archive, store, attach, retrieve, fetch build, save, stash, unstash, tar$, zip$, pack art*",
    ),
    (
        Support,
        "install, setup, set up, set$, setting, configure, configuring, checkout, check out, clone, init*, provision, \
         bootstrap, authenticate, auth$, enable, disable, free$, get$, fetch, activate, add$, export, wait*, sleep, \
         pull$, mount, unzip, unpack, copy, find$, resolve, read, write, merge, rebase, mint$, obtain, query",
    ),
    (
        Support,
        "ls$, show, print, dump, display, list$, view, inspect, output, provide, echo, tail, cat$, log$, logs$, describe, debug, \
         determine, compute, calculate, extract, detect, parse, decide, discover, identify, lookup, look up, evaluate",
    ),
    (
        Support,
        "check if, check whether, check for change*, check for apt, check node version, check version$, check org, check actor, check environment, check env$, check label, check disk, check user, check team, check permission, \
         check changes, check changed, check membership, check skip, check trigger, check modified, check path, \
         check secret, check cache, check runner, check author, check event, check branch, check tag, check version exist*, \
         check docker, check existing, check out, check file change",
    ),
    (
        Support,
        "resolve, stamp, mark$, hide$, flatten, sanitize, grab, getting, pre pull, prefetch, sideload, organize, append, insert, \
         current, put back, stub$, freeze, grant, instantiate, locate, calibrate, retag, edit, adjust, exclude, avoid, exempt, \
         check latest tag, check latest version, check latest release, check auth*, check admin*, check commenter, check for existing, check for label, check for update*, check for upstream*, check for release*, \
         preserve, attempt to pull, try to pull, image exist*, parallel, assign, define, select$, restore, switch, update apt, warm, allow, fix perm*, minimi*, skip, \
         filter, changes$, changed, matrix, wrapper, record, prebuild, pre build, preflight, login, import, decrypt, \
         decode, encode, unlock, lock$, rename, chmod, mask, load$, populate, seed, migrate, connect, register, increase, \
         modify, overwrite, fixup, fix up, pick$, await, reload, preload, increment, acquire, workaround, \
         validate input, check input, check required input, verify input, validate parameter, validate arg, \
         expose, symlink, link$, patch$, pin$, downgrade, upgrade, reclaim, override, inject, concat*, combine, trust, \
         vars, env$, context, metadata, approve, take$, screenshot, wake, retry, tune, vendor*, change, replace, substitute, kickoff, trigger, dispatch",
    ),
    (
        Cleanup,
        "clean*, delete, remove, stop, kill, prune, shutdown, shut down, chown, destroy, uninstall, reset, revoke",
    ),
    (
        Cleanup,
        "terminate, purge, yank, unlist, unpublish, drop$, logout, log out, cancel, undeploy, close, unmount, discard, expire",
    ),
    (
        Notify,
        "warn$, remind, supersede, notify, post$, comment, send, announce, label, open issue, create issue, ping$, message, alert, reply",
    ),
    (
        Telemetry,
        "stats by, aggregate, analyze flaky, analyse flaky, process test, annotate, track, capture, monitor, observe, profile, benchmark, microbench*, bench$, perf$, timing",
    ),
    (
        Generated,
        "translate, regenerate, codegen, sync, bump, commit, format$, sort, autogenerate, refresh, rewrite, render",
    ),
    (
        Publish,
        "publish, release, deploy, push, promote, sign$, signing, notari*, attest*, provenance, ship, rollout, roll out",
    ),
    (
        Verify,
        "make sure, assemble, check if any, check if all, fail if, fail when, fail on, fail unless, require$, requires, enforce, build, test, lint, check, verify, verifies, verification, validat*, compil*, scan, compar*, audit, typecheck, \
         assert, ensure no, ensure that, fuzz, confirm, type check, unit test, rebuild, link check",
    ),
];

/// What decides at the start of the name, unless what is done says that it checks.
pub const VAGUE_LEADS: &[Row] = &[
    (
        Support,
        "check for, prepare, move, create, start, launch, use$, apply, make$, produce, open, spin, boot*, serve, stage, split, bundle",
    ),
    (
        Telemetry,
        "report, collect, measure, coverage, summar*, emit, generate report, generate coverage, gather, calculate coverage",
    ),
    (Generated, "generate, generating, update, updating"),
    (Suggest, "fix$"),
];

/// What decides anywhere, where nothing above did.
pub const ANYWHERE: &[Row] = &[
    (Support, "install, installation of, checkout, setup, set up, dependencies, credentials, prerequisite"),
    (Support, "info$, variables$, env var, branch name"),
    (Telemetry, "benchmark, microbench*, perf$, performance, profiling, loadtest, load test"),
    (Artifact, "upload, download, artifact, artefact"),
    (Verify, "e2e, unit, integration test, acceptance, regression, test, spec$, specs$, suite, testsuite, ut$"),
    (Telemetry, "results, report, summary, coverage, logs, stats"),
    (
        Publish,
        "publish*, deploy, deployment, release$, attestation, provenance, sign$, codesign, signing, code sign, notari*",
    ),
    (
        Verify,
        "lint, linter, linters, type check, typecheck, mypy, pyright, clippy, tidy, eslint, prettier, rustfmt, miri",
    ),
    (Verify, "build, compil*, check, verify, verification, validat*, scan, analy*, audit, semgrep, sanitizer, fuzz*"),
    (Verify, "compar*, conformance, doctest, codeql, trivy, snyk, brakeman, detekt, shellcheck, flake8, bandit, grype"),
    (
        Verify,
        "integration, quality, compat*, complian*, consisten*, integrity, hawkscan, zap$, wheel, wheels, docs$, documentation, sanity, docker image",
    ),
    (
        Verify,
        "msrv, minimal versions, semver check, api diff, abi*, vet$, style, formatting, format$, fmt$, pre commit, precommit",
    ),
    (
        Verify,
        "ruff, knip, vale$, shear$, machete, udeps, rustdoc, taplo, gofmt, isort, black$, cs fixer, git secrets, deptry, vulture, pylint, hlint, credo, dialyzer, sobelow, phpcs, biome, stylelint, oxlint, dprint, attw$, publint, govulncheck, staticcheck, gosec, kubeval, kube linter, cspell, bats$, slither, solhint, radon$, docker scout, golangci, rubocop, phpstan, psalm, checkstyle, spotbugs, pmd$, ktlint, swiftlint, detect secrets, gitleaks",
    ),
    (
        Verify,
        "sonar*, trufflehog, checkov, tfsec, tflint, kubeconform, hadolint, actionlint, zizmor, yamllint, markdownlint",
    ),
    (
        Verify,
        "pytest, phpunit, rspec, minitest, mocha, karma, nextest, tox$, nox$, jest, vitest, cypress, playwright, selenium, junit, gtest, ctest, catch2, valgrind, asan",
    ),
    (Verify, "ubsan, tsan, msan, coverity, vulnerabilit*, cve, cves, owasp, sast, dast, spellcheck, typos, codespell"),
    (
        Verify,
        "packag*, linkcheck, lychee, storybook, chromatic, percy, lighthouse, bundle size, size limit, deny$, danger",
    ),
    (
        Verify,
        "nightly, cross platform, minimum supported, examples, tutorials, notebooks, doc$, sphinx, mkdocs, doxygen",
    ),
    (Generated, "generate, regenerate, changelog, translations"),
    (Cleanup, "cleanup, remove, delete"),
];

/// Jobs that watch over others, wherever the name says it.
pub const GATES: &str = "all green, alls green, all checks, all jobs, all tests, all good, all done, all passed, \
     all pass, all ok, all required, all success, all succeed, ci ok, ci success, ci status, ci pass, ci passed, \
     ci complete, ci completed, ci done, ci result, ci gate, ci required, ci check, ci summary, ci all, ci final, \
     ci conclusion, tests pass, tests passed, tests ok, tests done, tests success, tests complete, tests completed, \
     test pass, test success, test complete, checks pass, checks passed, checks done, checks ok, check pass, \
     check success, checks success, checks complete, checks summary, build success, build passed, build pass, \
     builds pass, build ok, build complete, required check, required status, required job, required test, \
     gatekeeper$, merge gate, pr gate, quality gate, status check, merge ok, merge ready, ready to merge, can merge, \
     mergeable, merge check, final result, final status, final check, check result, check results, test status, \
     build status, pr status, workflow status, pipeline status, overall status, overall result, pr ok, pr ready, \
     pr success, pr check complete, branch protection, required for merge, workflow success, \
     workflow complete, pipeline success, pipeline complete, jobs status, aggregate result, aggregate status, \
     lint success, e2e status, test result, unit tests status, dummy check, all clear, green$, tests gate, gate check";

/// Jobs that watch over others, if the name begins so.
pub const GATE_LEADS: &str = "required$, gate$, done$, conclusion$, success$, finish$, finished$, complete$, \
     completed$, passed$, bors, aggregate$, final$, finalize$, all$, ok$, status$, result$, results$, outcome$, verdict$, pass$";
