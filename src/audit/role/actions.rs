//! What actions do, by their names.

use std::sync::LazyLock;

use super::Role;
use super::known_actions::KNOWN;
use super::names::{self, Named};

/// The table, in order of the beginnings.
static SORTED: LazyLock<Vec<(&str, Role)>> = LazyLock::new(|| {
    let rows = KNOWN.iter().flat_map(|(role, names)| names.split(' ').map(move |name| (name, *role)));
    let mut rows: Vec<(&str, Role)> = rows.collect();
    rows.sort_unstable_by_key(|(name, _)| *name);
    rows
});

/// The role of an action whose name settles it: by the longest beginning that is known.
pub fn known(uses: &str) -> Option<Role> {
    let name = uses.split('@').next().unwrap_or_default().to_ascii_lowercase();
    // All beginnings of a name stand before it in the order, the longest last.
    let end = SORTED.partition_point(|(known, _)| *known <= name.as_str());
    let first = name.get(..name.len().min(3)).unwrap_or_default();
    let near = SORTED[..end].iter().rev().take_while(|(known, _)| known.starts_with(first));
    near.filter(|(known, _)| name.starts_with(known)).map(|(_, role)| *role).next()
}

/// The words of an action's or a called workflow's name, which say what it does.
pub fn by_words(uses: &str) -> Option<Named> {
    let name = uses.split('@').next().unwrap_or_default();
    let carries = ["actions/github-script", "nick-fields/retry", "nick-invision/retry", "wandalen/wretry"];
    if carries.iter().any(|known| name.starts_with(known)) {
        return None;
    }
    let name =
        name.trim_end_matches(".yml").trim_end_matches(".yaml").trim_end_matches("/action").trim_end_matches('/');
    let last = name.rsplit('/').next().unwrap_or_default();
    let outer = || name.rsplit('/').nth(1).filter(|outer| *outer != "actions" && *outer != "workflows");
    names::of(last.trim_start_matches(['_', '.'])).or_else(|| names::of(outer()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Role::*;

    #[test]
    fn actions_are_known_by_the_longest_beginning() {
        for (uses, role) in [
            ("actions/checkout@v4", Some(Support)),
            ("actions/cache/save@v4", Some(Cache)),
            ("github/codeql-action/analyze@v3", Some(Verify)),
            ("github/codeql-action/upload-sarif@v3", Some(Artifact)),
            ("GoogleContainerTools/x@v1", None),
            ("anchore/sbom-action@v0", Some(Artifact)),
            ("anchore/scan-action@v0", Some(Verify)),
            ("frob/nicate@v1", None),
        ] {
            assert_eq!(known(uses), role, "{uses}");
        }
    }

    #[test]
    fn the_words_of_an_action_tell() {
        for (uses, role) in [
            ("ROCm/Quartz/.github/actions/notify_quartz@1", Some(Notify)),
            ("RustCrypto/actions/.github/workflows/minimal-versions.yml@master", Some(Verify)),
            ("./.github/actions/setup", Some(Support)),
            ("org/run-tests@v1", Some(Verify)),
        ] {
            assert_eq!(by_words(uses).map(|named| named.role), role, "{uses}");
        }
    }
}
