//! Actions whose name settles what they do.
//!
//! To extend: add the beginning of what stands before the `@`, in lower case, to a line, or a line. The longest
//! beginning that fits wins. An owner alone (`owner/`) stands only where all its actions do one thing.

use super::Role::{self, *};

/// Roles and the beginnings of the actions that have them, parted by spaces.
pub const KNOWN: &[(Role, &str)] = &[
    // Checkout, tools, credentials.
    (
        Support,
        "actions/checkout actions/setup- actions/create-github-app-token actions/add-to-project tibdex/github-app-token",
    ),
    (Support, "docker/setup- docker/login-action docker/metadata-action aws-actions/configure-aws-credentials"),
    (
        Support,
        "aws-actions/amazon-ecr-login google-github-actions/auth google-github-actions/setup- google-github-actions/get-",
    ),
    (Support, "azure/login azure/setup- azure/aks-set-context azure/cli azure/get- azure/use- azure/docker-login"),
    (
        Support,
        "dtolnay/rust-toolchain actions-rs/toolchain actions-rs/install actions-rust-lang/setup- moonrepo/setup-",
    ),
    (Support, "taiki-e/install-action baptiste0928/cargo-install astral-sh/setup- pnpm/action-setup oven-sh/setup-"),
    (Support, "denoland/setup- ruby/setup- conda-incubator/ mamba-org/ prefix-dev/setup- snok/install-poetry"),
    (Support, "abatilo/actions-poetry pdm-project/setup- shivammathur/setup- ramsey/composer-install erlef/setup-"),
    (Support, "haskell-actions/setup julia-actions/setup- julia-actions/add-julia-registry r-lib/actions/setup"),
    (Support, "swift-actions/setup- maxim-lobanov/setup- subosito/flutter-action dart-lang/setup- sbt/setup-"),
    (
        Support,
        "gradle/actions/setup-gradle gradle/actions/dependency-submission graalvm/setup- coursier/setup- coursier/cache",
    ),
    (Support, "ilammy/msvc-dev-cmd ilammy/setup- msys2/setup- microsoft/setup- lukka/ seanmiddleditch/gha-setup-"),
    (Support, "jwlawson/actions-setup- aminya/setup- cygwin/cygwin-install-action cachix/install-nix-action"),
    (
        Support,
        "determinatesystems/nix-installer-action determinatesystems/magic-nix-cache hashicorp/setup- opentofu/setup-",
    ),
    (
        Support,
        "helm/kind-action helm/chart-testing-action medyagh/setup-minikube engineerd/setup- step-security/harden-runner",
    ),
    (Support, "mxschmitt/action-tmate lhotari/action-upterm jlumbroso/free-disk-space easimon/maximize-build-space"),
    (Support, "tj-actions/changed-files dorny/paths-filter fkirc/skip-duplicate-actions styfle/cancel-workflow-action"),
    (Support, "webfactory/ssh-agent shimataro/ssh-key-action crazy-max/ghaction-import-gpg crazy-max/ghaction-setup-"),
    (
        Support,
        "1password/load-secrets-action hashicorp/vault-action sigstore/cosign-installer anchore/sbom-action/download",
    ),
    (Support, "pytorch/test-infra/.github/actions/setup browser-actions/setup- android-actions/setup- go-task/setup-"),
    (
        Support,
        "apple-actions/import-codesign-certs apple-actions/download-provisioning-profiles bufbuild/buf-setup-action",
    ),
    (
        Support,
        "arduino/setup- extractions/setup- jdx/mise-action awalsh128/cache-apt-pkgs-action supercharge/mongodb-github-action",
    ),
    (Support, "slsa-framework/slsa-verifier slsa-framework/slsa-github-generator/.github/actions/"),
    (
        Support,
        "supercharge/redis-github-action reviewdog/action-setup rui314/setup-mold hynek/setup- goto-bus-stop/setup-zig",
    ),
    (
        Support,
        "mlugg/setup-zig korandoru/setup-zig vampire/setup-wsl tailscale/github-action hoverkraft-tech/compose-action",
    ),
    (Support, "peter-evans/repository-dispatch benc-uk/workflow-dispatch convictional/trigger-workflow-and-wait"),
    (Support, "actions-ecosystem/action-get- actions-ecosystem/action-regex-match rlespinasse/github-slug-action"),
    (Support, "nanasess/setup-chromedriver actions/configure-pages robinraju/release-downloader"),
    // Caches.
    (
        Cache,
        "actions/cache swatinem/rust-cache mozilla-actions/sccache-action hendrikmuhs/ccache-action cachix/cachix-action",
    ),
    (
        Cache,
        "buildjet/cache useblacksmith/cache julia-actions/cache nix-community/cache-nix-action satackey/action-docker-layer-caching",
    ),
    (Cache, "reproducible-containers/buildkit-cache-dance scribemd/docker-cache"),
    // Files between jobs.
    (
        Artifact,
        "actions/upload-artifact actions/download-artifact actions/upload-pages-artifact dawidd6/action-download-artifact",
    ),
    (Artifact, "seemethere/upload-artifact-s3 seemethere/download-artifact-s3 geekyeggo/delete-artifact"),
    (Artifact, "github/codeql-action/upload-sarif google-github-actions/upload-cloud-storage anchore/sbom-action"),
    // Numbers and reports.
    (
        Telemetry,
        "codecov/ coverallsapp/ shogo82148/actions-goveralls ossf/scorecard-action dorny/test-reporter mikepenz/action-junit-report",
    ),
    (
        Telemetry,
        "enricomi/publish-unit-test-result-action scacap/action-surefire-report phoenix-actions/test-reporting",
    ),
    (
        Telemetry,
        "getsentry/prevent-action getsentry/codecov-action benchmark-action/ codspeedhq/ paambaati/codeclimate-action",
    ),
    (Telemetry, "qltysh/qlty-action/coverage codacy/codacy-coverage-reporter-action romeovs/lcov-reporter-action"),
    (Telemetry, "davelosert/vitest-coverage-report-action irongut/codecoveragesummary danielpalme/reportgenerator"),
    (
        Telemetry,
        "madrapps/jacoco-report orgoro/coverage py-cov-action/ artiomtr/jest-coverage-report-action 5monkeys/cobertura-action",
    ),
    (Telemetry, "test-summary/action ctrf-io/ pmeier/pytest-results-action buildpulse/ trunk-io/analytics-uploader"),
    (
        Telemetry,
        "preactjs/compressed-size-action andresz1/size-limit-action github/webpack-bundlesize-compare-action relative-ci/ datadog/",
    ),
    (Telemetry, "catchpoint/workflow-telemetry-action runforesight/ bencherdev/ boa-dev/criterion-compare-action"),
    (Telemetry, "github/codeql-action/upload-database"),
    // Messages.
    (Notify, "slackapi/ 8398a7/action-slack rtcamp/action-slack-notify act10ns/slack ravsamhq/notify-slack-action"),
    (
        Notify,
        "sarisia/actions-status-discord tsickert/discord-webhook appleboy/telegram-action appleboy/discord-action",
    ),
    (Notify, "dawidd6/action-send-mail marocchino/sticky-pull-request-comment peter-evans/create-or-update-comment"),
    (
        Notify,
        "peter-evans/find-comment peter-evans/create-issue-from-file peter-evans/close-issue mshick/add-pr-comment",
    ),
    (Notify, "thollander/actions-comment-pull-request actions/labeler actions/stale actions/first-interaction"),
    (Notify, "jasonetco/create-an-issue actions-ecosystem/action-add-labels actions-ecosystem/action-remove-labels"),
    (
        Notify,
        "actions-ecosystem/action-create-comment dessant/ actions-cool/issues-helper actions-cool/maintain-one-comment",
    ),
    (Notify, "zulip/github-actions-zulip linear/"),
    // Proposals and commits of bots.
    (Suggest, "peter-evans/create-pull-request parkerbxyz/suggest-changes stefanzweifel/git-auto-commit-action"),
    (Suggest, "endbug/add-and-commit ad-m/github-push-action reviewdog/ autofix-ci/ pascalgn/automerge-action"),
    (Suggest, "repo-sync/pull-request tibdex/backport korthout/backport-action renovatebot/ dependabot/fetch-metadata"),
    (Suggest, "release-drafter/ googleapis/release-please-action google-github-actions/release-please-action"),
    (Suggest, "anthropics/ openai/codex-action google-github-actions/run-gemini-cli wearerequired/lint-action"),
    // Publications.
    (Publish, "pypa/gh-action-pypi-publish softprops/action-gh-release actions/deploy-pages ncipollo/release-action"),
    (
        Publish,
        "actions/create-release actions/upload-release-asset svenstaro/upload-release-action peaceiris/actions-gh-pages",
    ),
    (Publish, "jamesives/github-pages-deploy-action crazy-max/ghaction-github-pages goreleaser/goreleaser-action"),
    (
        Publish,
        "changesets/action marvinpinto/action-automatic-releases cycjimmy/semantic-release-action js-devtools/npm-publish",
    ),
    (
        Publish,
        "katyo/publish-crates rubygems/release-gem actions/attest slsa-framework/slsa-github-generator/.github/workflows",
    ),
    (
        Publish,
        "slsa-framework/ helm/chart-releaser-action cloudflare/wrangler-action cloudflare/pages-action amondnet/vercel-action",
    ),
    (
        Publish,
        "nwtgck/actions-netlify netlify/actions firebaseextended/action-hosting-deploy google-github-actions/deploy-",
    ),
    (Publish, "azure/webapps-deploy azure/static-web-apps-deploy azure/functions-action azure/k8s-deploy"),
    (
        Publish,
        "aws-actions/amazon-ecs-deploy-task-definition aws-actions/aws-cloudformation-github-deploy akhileshns/heroku-deploy",
    ),
    (Publish, "r0adkll/upload-google-play apple-actions/upload-testflight-build redhat-actions/push-to-registry"),
    (Publish, "python-semantic-release/ mislav/bump-homebrew-formula-action dawidd6/action-homebrew-bump-formula"),
    (
        Publish,
        "snapcore/action-publish vedantmgoyal2009/winget-releaser burnett01/rsync-deployments easingthemes/ssh-deploy",
    ),
    (
        Publish,
        "samkirkland/ftp-deploy-action wzieba/firebase-distribution-github-action abutler/upload-release-assets skx/github-action-publish-binaries",
    ),
    (Notify, "trstringer/require-label-prefix redhat-actions/try-in-web-ide lovetoknow/slackify-markdown-action"),
    (
        Support,
        "softprops/turnstyle andstor/file-existence-action ifaxity/wait-on-action lambdatest/lambdatest-tunnel-action tj-actions/verify-changed-files",
    ),
    (
        Support,
        "sonarsource/sonarqube-scan-action/install-build-wrapper sonarsource/sonarcloud-github-c-cpp anchore/scan-action/download-grype biomejs/setup-biome snyk/actions/setup",
    ),
    (
        Support,
        "codespell-project/codespell-problem-matcher philips-software/sonarqube-issue-conversion bhowell2/github-substring-action release-plan/actions/should-prepare-release",
    ),
    (Cache, "sonarsource/gh-action_cache"),
    (
        Telemetry,
        "lcollins/checkstyle-github-action guyarb/golang-test-annoations kiancross/checkstyle-annotations-action",
    ),
    (
        Notify,
        "chrnorm/deployment-action chrnorm/deployment-status voxmedia/github-action-slack-notify-build bcoe/conventional-release-labels osbuild/common-stale-action haozeke/doc-previewer",
    ),
    (Suggest, "browniebroke/pre-commit-autoupdate-action morbalint/git-merge-action terraform-docs/gh-actions"),
    (Generated, "tripss/conventional-changelog-action"),
    (Suggest, "robotology/gh-action-nightly-merge"),
    (Publish, "js-devtools/npm-publish"),
    (Artifact, "ishworkh/container-image-artifact-upload ishworkh/container-image-artifact-download"),
    // Checks.
    (Verify, "golangci/golangci-lint-action aquasecurity/trivy-action aquasecurity/tfsec github/codeql-action/analyze"),
    (Verify, "github/codeql-action/autobuild returntocorp/semgrep semgrep/ lycheeverse/lychee-action"),
    (
        Verify,
        "gaurav-nelson/github-action-markdown-link-check tcort/github-action-markdown-link-check umbrelladocs/action-linkspector",
    ),
    (Verify, "pre-commit/action super-linter/ github/super-linter oxsecurity/megalinter psf/black crate-ci/typos"),
    (
        Verify,
        "codespell-project/ streetsidesoftware/cspell-action rojopolis/spellcheck-github-actions astral-sh/ruff-action",
    ),
    (
        Verify,
        "chartboost/ruff-action actions-rs/cargo actions-rs/clippy-check actions-rs/audit-check rustsec/audit-check",
    ),
    (Verify, "embarkstudios/cargo-deny-action obi1kenobi/cargo-semver-checks-action houseabsolute/actions-rust-cross"),
    (Verify, "pyo3/maturin-action pypa/cibuildwheel pypa/gh-action-pip-audit hynek/build-and-inspect-python-package"),
    (Verify, "jakebailey/pyright-action cypress-io/github-action chromaui/action percy/ argos-ci/"),
    (Verify, "reactivecircus/android-emulator-runner treosh/lighthouse-ci-action wagoid/commitlint-github-action"),
    (Verify, "amannn/action-semantic-pull-request actions/dependency-review-action snyk/actions anchore/scan-action"),
    (Verify, "trufflesecurity/trufflehog gitleaks/gitleaks-action google/osv-scanner zizmorcore/zizmor-action"),
    (Verify, "bridgecrewio/checkov-action checkmarx/ fossas/ stackhawk/hawkscan-action zaproxy/ securego/gosec"),
    (Verify, "dominikh/staticcheck-action hadolint/hadolint-action ludeeus/action-shellcheck ibiqlik/action-yamllint"),
    (
        Verify,
        "karancode/yamllint-github-action raven-actions/actionlint rhysd/actionlint davidanson/markdownlint-cli2-action",
    ),
    (Verify, "nosborn/github-action-markdown-cli errata-ai/vale-action editorconfig-checker/ luizm/action-sh-checker"),
    (
        Verify,
        "jidicula/clang-format-action doozyx/clang-format-lint-action cpp-linter/ gradle/wrapper-validation-action",
    ),
    (
        Verify,
        "gradle/actions/wrapper-validation gradle/gradle-build-action norio-nomura/action-swiftlint r-lib/actions/check",
    ),
    (
        Verify,
        "julia-actions/julia-buildpkg julia-actions/julia-runtest julia-actions/julia-docdeploy haskell-actions/hlint-run",
    ),
    (Verify, "microsoft/ps-rule bufbuild/buf-lint-action bufbuild/buf-breaking-action bufbuild/buf-action"),
    (Support, "docker/bake-action/subaction/"),
    (
        Verify,
        "terraform-linters/tflint-action docker/build-push-action docker/bake-action redhat-actions/buildah-build",
    ),
    (
        Verify,
        "actions/jekyll-build-pages ammaraskar/sphinx-action re-actors/alls-green ansible/ansible-lint microsoft/vstest-action",
    ),
    (
        Verify,
        "google/clusterfuzzlite google/oss-fuzz golang/govulncheck-action dependency-check/dependency-check_action",
    ),
    (
        Verify,
        "gitguardian/ aikidosec/ socketdev/ projectdiscovery/nuclei-action docker/scout-action stefanprodan/kube-tools",
    ),
    (
        Verify,
        "biomejs/ oxc-project/oxlint oxc-project/oxc markbirds/ dprint/check denoland/lint jetbrains/qodana-action sourcemeta/jsonschema",
    ),
    (Telemetry, "codesee-io/ falcosecurity/falco-actions/"),
    (Verify, "apache/skywalking-eyes fsfe/reuse-action withastro/action facebook/pyre-action"),
    // The names of these mislead or say nothing. Most were seen in at least two repositories of the corpus.
    (Verify, "13rac1/block-fixup-merge-action actionsdesk/lfs-warning agilepathway/label-checker"),
    (Verify, "apple/swift-nio/.github/actions/pull_request_semver_label_checker bnjbvr/cargo-machete"),
    (
        Verify,
        "brettcannon/check-for-changed-files chainguard-dev/actions/boilerplate chainguard-dev/actions/donotsubmit",
    ),
    (
        Verify,
        "chainguard-dev/actions/eof-newline chainguard-dev/actions/goimports chainguard-dev/actions/trailing-space",
    ),
    (Verify, "codacy/codacy-analysis-cli-action crazy-max/.github/.github/actions/docker-scout"),
    (Verify, "crazy-max/ghaction-virustotal crytic/slither-action dangoslen/changelog-enforcer"),
    (Verify, "diddlesnaps/snapcraft-review-action erzz/dockle-action fossa-contrib/fossa-action"),
    (Verify, "fredrikekre/runic-action freertos/ci-cd-github-actions/manifest-verifier"),
    (Verify, "freertos/ci-cd-github-actions/spellings gazebo-tooling/action-gz-ci get-woke/woke-action"),
    (Verify, "gsactions/commit-message-checker isort/isort-action j178/prek-action"),
    (Verify, "jetbrains/resharper-inspectcode joelanford/go-apidiff"),
    (Verify, "jupyterlab/maintainer-tools/.github/actions/enforce-label"),
    (Verify, "jupyterlab/maintainer-tools/.github/actions/make-sdist korandoru/hawkeye kubescape/github-action"),
    (Verify, "lewagon/wait-on-check-action mheap/github-action-required-labels microsoft/devskim-action"),
    (Verify, "nexusphp/no-merge-commits olivernybroe/action-conflict-finder poseidon/wait-for-status-checks"),
    (Verify, "ppremk/lfs-warning qiskit/qiskit-neko rapidsai/shared-actions/check_nightly_success/dispatch"),
    (Verify, "revanite-io/osps-baseline-action ros-industrial/industrial_ci"),
    (Verify, "scientific-python/action-towncrier-changelog skjnldsv/block-fixup-merge-action"),
    (Verify, "sonatype-nexus-community/nancy-github-action step-security/conventional-pr-title-action"),
    (Verify, "threeal/cmake-action tim-actions/commit-message-checker-with-regex tim-actions/dco"),
    (Verify, "tiobe/tics-github-action tpm2-software/ci/coverityscan upsidr/merge-gatekeeper"),
    (Verify, "urlstechie/urlchecker-action vale-cli/vale-action verygoodopensource/very_good_coverage"),
    (Verify, "voicevox/merge-gatekeeper webiny/action-conventional-commits wechuli/allcheckspassed"),
    (Verify, "wyrihaximus/github-action-wait-for-status yogevbd/enforce-label-action ytanikin/pr-conventional-commits"),
    (Verify, "zgosalvez/github-actions-ensure-sha-pinned-actions"),
    (Publish, "akhilerm/tag-push-action alexellis/upload-assets azure/artifact-signing-action"),
    (Publish, "azure/trusted-signing-action cpina/github-action-push-to-another-repository"),
    (Publish, "danharrin/monorepo-split-github-action determinatesystems/flakehub-push devcontainers/action"),
    (Publish, "espressif/upload-components-ci-action getsentry/craft"),
    (Publish, "grafana/shared-workflows/actions/azure-trusted-signing int128/docker-manifest-create-action"),
    (Publish, "jakejarvis/s3-sync-action juliaregistries/tagbot"),
    (Publish, "jupyter-server/jupyter_releaser/.github/actions/populate-release mathieudutour/github-tag-action"),
    (Publish, "noelware/docker-manifest-action pixta-dev/repository-mirroring-action rickstaa/action-create-tag"),
    (Publish, "rossjrw/pr-preview-action ryand56/r2-upload-action scientific-python/upload-nightly-action"),
    (Publish, "shallwefootball/s3-upload-action signpath/github-action-submit-signing-request"),
    (Publish, "sigstore/gh-action-sigstore-python stefanprodan/helm-gh-pages taiki-e/create-gh-release-action"),
    (Publish, "taiki-e/upload-rust-binary-action tripss/conventional-changelog-action vedantmgoyal9/winget-releaser"),
    (Support, "ammaraskar/gcc-problem-matcher aws-actions/aws-secretsmanager-get-secrets bats-core/bats-action"),
    (Support, "booxmedialtd/ws-action-parse-semver cardinalby/git-get-release-action cargo-bins/cargo-binstall"),
    (
        Support,
        "carlosperate/arm-none-eabi-gcc-action chetan/git-restore-mtime-action crazy-max/ghaction-github-runtime",
    ),
    (Support, "dawidd6/action-get-tag deadsnakes/action dsaltares/fetch-gh-release-asset dsherret/rust-toolchain-file"),
    (Support, "egor-tensin/vs-shell electron/github-app-auth-action fluxcd/flux2/action foundry-rs/foundry-toolchain"),
    (Support, "futureware-tech/simulator-action gittools/actions/gitversion/execute gotesttools/gotestfmt-action"),
    (Support, "hashicorp/actions-set-product-version haya14busa/action-cond jacobtomlinson/gha-find-replace"),
    (Support, "jetli/wasm-pack-action jimver/cuda-toolkit johnwason/vcpkg-action julia-actions/julia-downgrade-compat"),
    (Support, "jwalton/gh-find-current-pr keptn/gh-action-extract-branch-name leafo/gh-actions-lua"),
    (Support, "lumaxis/shellcheck-problem-matchers machulav/ec2-github-runner mikefarah/yq"),
    (Support, "mikepenz/release-changelog-builder-action mukunku/tag-exists-action nrwl/nx-set-shas nvidia/holodeck"),
    (Support, "orhun/git-cliff-action peaceiris/actions-hugo peaceiris/actions-mdbook"),
    (Support, "prince-chrismc/check-actor-permissions-action prompt/actions-commit-hash pulumi/esc-action"),
    (Support, "pulumi/esc-export-secrets-action pypa/hatch r-lib/actions/pr-fetch rust-lang/crates-io-auth-action"),
    (Support, "samuelmeuli/action-snapcraft scherermichael-oss/action-has-permission sebrollen/toml-action"),
    (Support, "simenb/github-actions-cpu-cores stefanbuck/github-issue-parser step-security/msvc-dev-cmd"),
    (
        Support,
        "tj-actions/branch-names updatecli/updatecli-action wntrblm/nox wyrihaximus/github-action-get-previous-tag",
    ),
    (
        Support,
        "wyrihaximus/github-action-next-semvers xt0rted/markdownlint-problem-matcher xt0rted/slash-command-action",
    ),
    (Telemetry, "crazy-max/.github/.github/actions/gotest-annotations jandelgado/gcov2lcov-action"),
    (Telemetry, "julia-actions/julia-processcoverage schneegans/dynamic-badges-action"),
    (Notify, "actions-ecosystem/action-add-assignees aws-github-ops/handle-stale-discussions bobheadxi/deployments"),
    (Notify, "codelytv/pr-size-labeler dyladan/component-owners elastic/oblt-actions/elastic/github-commands"),
    (Notify, "eps1lon/actions-label-merge-conflict fuxingloh/multi-labeler getsentry/release-comment-issues-gh-action"),
    (Notify, "github/ai-moderator github/issue-labeler guibranco/github-status-action-v2 imjohnbo/issue-bot"),
    (Notify, "jayqi/failed-build-issue-action jpmcb/prow-github-actions kentaro-m/auto-assign-action"),
    (
        Notify,
        "lee-dohm/no-response louisbrunner/checks-action micnncim/action-label-syncer nextcloud/pr-feedback-action",
    ),
    (Notify, "peaceiris/actions-label-commenter plbstl/first-contribution pozil/auto-assign-issue"),
    (Notify, "readthedocs/actions/preview redhat-plumbers-in-action/advanced-issue-labeler rickstaa/top-issues-action"),
    (Notify, "scientific-python/issue-from-pytest-log-action tiangolo/issue-manager toshimaru/auto-author-assign"),
    (Cleanup, "snok/container-retention-policy vlaurin/action-ghcr-prune"),
    (Suggest, "betahuhn/repo-file-sync-action cargo-bins/release-pr nextcloud-libraries/npm-audit-action"),
    (Suggest, "planetscale/ghcommit-action pre-commit-ci/lite-action r-lib/actions/pr-push"),
    (Generated, "jamesives/github-sponsors-readme-action ory/ci/docs/cli-next"),
    (
        Verify,
        "home-assistant/actions/hassfest hacs/action messense/maturin-action actions-rs/tarpaulin leanprover/lean-action",
    ),
    (Verify, "standardrb/standard-ruby-action microsoft/security-devops-action xu-cheng/latex-action 10up/wpcs-action"),
    (Verify, "morphy2k/revive-action sonarsource/ tauri-apps/tauri-action"),
    (Publish, "appleboy/ssh-action appleboy/scp-action anothrnick/github-tag-action"),
];
