//! Containers, clusters, clouds, scanners, and GitHub itself.

use super::Row;
use crate::audit::role::Role::*;

pub const ROWS: &[Row] = &[
    (
        Verify,
        "hadolint dockle trivy grype snyk syft-check clair osv-scanner gitleaks trufflehog ggshield detect-secrets checkov tfsec terrascan",
        "",
    ),
    (
        Verify,
        "kics tflint kubeval kubeconform kube-linter kube-score pluto conftest opa polaris datree actionlint zizmor poutine ghalint pinact",
        "",
    ),
    (
        Verify,
        "lychee linkchecker muffet htmltest vale markdown-link-check typos misspell licensecheck reuse addlicense license-eye",
        "",
    ),
    (
        Verify,
        "codeql nuclei nikto prowler scoutsuite dependency-check whispers horusec bearer cosign-verify veracode fossa ort scancode",
        "",
    ),
    (Verify, "buf", "lint breaking build generate format"),
    (
        Verify,
        "spectral redocly vacuum swagger-cli openapi-generator-cli newman schemathesis dredd prism k6 artillery locust",
        "validate lint test run",
    ),
    (
        Verify,
        "spectral redocly schemathesis dredd newman ansible-lint molecule promtool amtool jsonnetfmt cue nixfmt deadnix statix",
        "",
    ),
    (Generated, "terraform tofu terragrunt packer", "fmt"),
    (Verify, "terraform tofu terragrunt packer", "validate plan test build -check"),
    (Publish, "terraform tofu terragrunt pulumi cdk sam serverless", "apply up deploy"),
    (Cleanup, "terraform tofu terragrunt pulumi cdk", "destroy down"),
    (Support, "terraform tofu terragrunt pulumi cdk sam packer", ""),
    (Cleanup, "gh glab git", "delete delete-asset --delete prune clean"),
    (Support, "gh glab", "list ls view download status api verify verify-asset"),
    (Publish, "gh glab", "release"),
    (Notify, "gh glab", "comment issue label pr"),
    (Support, "gh glab hub", ""),
    (Publish, "cosign", "sign attest"),
    (
        Verify,
        "cosign slsa-verifier gpgv minisign",
        "verify verify-blob verify-attestation verify-artifact verify-image",
    ),
    (Support, "cosign", ""),
    (Publish, "docker podman buildah nerdctl crane skopeo oras regctl helm", "push --push copy"),
    (Cleanup, "docker podman nerdctl docker-compose", "rm rmi stop kill prune down"),
    (
        Support,
        "docker podman nerdctl docker-compose buildah skopeo crane oras",
        "pull logs ps images inspect login logout network volume version info cp tag load save up start restart wait port stats events context create manifest",
    ),
    (Support, "docker podman buildah", "--print"),
    (Verify, "docker podman nerdctl buildah docker-compose", "build buildx bake"),
    (Verify, "devcontainer", "test build"),
    (
        Cleanup,
        "kubectl oc kind k3d minikube helm az gcloud aws eksctl doctl",
        "delete uninstall terminate-instances remove stop terminate deregister rm",
    ),
    (Support, "helm", "plugin repo"),
    (Verify, "helm ct", "lint template unittest test install lint-and-install"),
    (
        Publish,
        "gcloud az aws flyctl fly heroku cf eb oc appcenter firebase",
        "deploy deployment push update-service update-function-code create-invalidation",
    ),
    (
        Support,
        "kubectl oc helm kind k3d minikube az gcloud aws eksctl doctl vault gsutil azcopy s3cmd rclone mc op flyctl kustomize k9s kubeadm ansible ansible-playbook ansible-galaxy vagrant",
        "",
    ),
    (Publish, "copr-cli snapcraft butler anaconda conan", "upload push promote release build-publish upload-metadata"),
    (Cache, "archery", "push"),
    (Cache, "cachix attic", "push watch-store watch-exec"),
    (Support, "cachix attic", ""),
    (Suggest, "reviewdog danger-js renovate", ""),
    (Telemetry, "rebot", ""),
    (Support, "speedtest speedtest-cli", ""),
    (Generated, "git", "commit push"),
    (Verify, "git", "--exit-code --check fsck"),
    (Support, "git", ""),
];
