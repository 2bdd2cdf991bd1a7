//! What actions do, by their names.

use super::Role::{self, *};
use super::names;

/// Actions whose name settles it, by the beginning of what stands before the `@`.
const KNOWN: &[(Role, &[&str])] = &[
    (
        Support,
        &["actions/checkout", "actions/setup-", "docker/setup-", "docker/login-action", "docker/metadata-action"],
    ),
    (
        Support,
        &[
            "aws-actions/configure-aws-credentials",
            "google-github-actions/auth",
            "azure/login",
            "dtolnay/rust-toolchain",
        ],
    ),
    (
        Support,
        &["actions-rs/toolchain", "astral-sh/setup-uv", "pnpm/action-setup", "ruby/setup-ruby", "conda-incubator/"],
    ),
    (Support, &["step-security/harden-runner", "mxschmitt/action-tmate", "actions/create-github-app-token"]),
    (
        Support,
        &[
            "jlumbroso/free-disk-space",
            "tj-actions/changed-files",
            "dorny/paths-filter",
            "pytorch/test-infra/.github/actions/setup",
        ],
    ),
    (Cache, &["actions/cache", "swatinem/rust-cache", "mozilla-actions/sccache-action", "hendrikmuhs/ccache-action"]),
    (Artifact, &["actions/upload-artifact", "actions/download-artifact", "actions/upload-pages-artifact"]),
    (
        Artifact,
        &["dawidd6/action-download-artifact", "seemethere/upload-artifact-s3", "seemethere/download-artifact-s3"],
    ),
    (
        Telemetry,
        &["codecov/", "coverallsapp/", "ossf/scorecard-action", "dorny/test-reporter", "mikepenz/action-junit-report"],
    ),
    (Telemetry, &["enricomi/publish-unit-test-result-action", "getsentry/prevent-action", "benchmark-action/"]),
    (
        Notify,
        &[
            "slackapi/",
            "8398a7/action-slack",
            "marocchino/sticky-pull-request-comment",
            "peter-evans/create-or-update-comment",
        ],
    ),
    (
        Notify,
        &["actions/labeler", "thollander/actions-comment-pull-request", "jasonetco/create-an-issue", "actions/stale"],
    ),
    (
        Suggest,
        &["peter-evans/create-pull-request", "parkerbxyz/suggest-changes", "stefanzweifel/git-auto-commit-action"],
    ),
    (
        Publish,
        &[
            "pypa/gh-action-pypi-publish",
            "softprops/action-gh-release",
            "actions/deploy-pages",
            "ncipollo/release-action",
        ],
    ),
    (Publish, &["peaceiris/actions-gh-pages", "goreleaser/goreleaser-action", "changesets/action"]),
    (
        Verify,
        &[
            "golangci/golangci-lint-action",
            "aquasecurity/trivy-action",
            "github/codeql-action/analyze",
            "returntocorp/semgrep",
        ],
    ),
    (Verify, &["lycheeverse/lychee-action", "pre-commit/action", "super-linter/", "psf/black", "crate-ci/typos"]),
    (Artifact, &["github/codeql-action/upload-sarif"]),
];

/// The role of an action whose name settles it.
pub fn known(uses: &str) -> Option<Role> {
    let name = uses.split('@').next().unwrap_or_default().to_ascii_lowercase();
    KNOWN.iter().find(|(_, names)| names.iter().any(|known| name.starts_with(known))).map(|(role, _)| *role)
}

/// The role that the words of an action's or a called workflow's name show.
pub fn by_words(uses: &str) -> Option<Role> {
    let name = uses.split('@').next().unwrap_or_default();
    if name == "actions/github-script" || name.starts_with("nick-fields/retry") {
        return None;
    }
    let name = name.trim_end_matches(".yml").trim_end_matches(".yaml").trim_end_matches("/action");
    let last = name.rsplit('/').next().unwrap_or_default();
    names::of(last.trim_start_matches('_')).or_else(|| names::of(name.rsplit('/').nth(1).unwrap_or_default()))
}
