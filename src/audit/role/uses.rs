//! What a step is for by the action that it uses.

use super::names;
use super::{Purpose, Role, actions, of_words, says, short, weight, with};
use crate::workflow::view::Step;
use crate::workflow::world::World;

/// How deep local actions and workflows that use each other are followed.
pub(super) const MAX_DEPTH: usize = 3;

/// By the action: one that does one thing only; the first word of its name; the steps of a local one.
pub(super) fn of_use(step: &Step<'_>, uses: &str, world: &World<'_>, depth: usize) -> Option<Purpose> {
    let uses_it = || format!("it uses `{}`", short(uses));
    if let Some(role) = actions::known(uses) {
        // Without arguments it runs nothing.
        let idle = uses.starts_with("gradle/gradle-build-action") && with(step, &["arguments"]).is_none();
        // `Upload metrics` by an action that pushes a branch of pages, `Clean up` by one that logs in to a host.
        let other = || {
            let named = step.name.and_then(|name| Some((names::of(name.text)?.role, name)));
            let hands_out =
                |name: &str| ["release", "deploy", "publish", "push"].iter().any(|word| name.contains(word));
            named.filter(|(role, name)| match role {
                Role::Telemetry => true,
                Role::Cleanup => !hands_out(&name.text.to_lowercase()),
                _ => false,
            })
        };
        if role == Role::Publish
            && let Some((role, name)) = other()
        {
            return Some(Purpose::new(role, says(name.text)));
        }
        return Some(Purpose::new(if idle { Role::Support } else { role }, uses_it()));
    }
    let action = actions::by_words(uses);
    if let Some(named) = action.filter(|named| !named.vague && !named.role.matters()) {
        return Some(Purpose::new(named.role, uses_it()));
    }
    let by_name = step.name.and_then(|name| Some((names::of(name.text)?, name.text)));
    let js = uses.starts_with("actions/github-script").then(|| of_javascript(step));
    if let Some((named, name)) = by_name.filter(|(named, _)| !named.vague) {
        // `Check for stale claims` that comments on them.
        let talks =
            js.clone().filter(|js| js.role == Role::Notify && named.role.matters() && !fails_of_its_own_will(step));
        return Some(talks.unwrap_or_else(|| Purpose::new(named.role, says(name))));
    }
    if let Some(named) = action {
        return Some(Purpose::new(named.role, uses_it()));
    }
    if js.is_some() {
        return js;
    }
    let inside = world.used(step).filter(|_| depth < MAX_DEPTH)?;
    if let Some((named, name)) = inside.name.and_then(|name| Some((names::of(name.text)?, name.text))) {
        return Some(Purpose::new(named.role, format!("it uses `{}`, whose name says `{}`", short(uses), short(name))));
    }
    let steps = inside.steps.iter();
    let parts = steps.filter_map(|inner| match inner.uses {
        Some(uses) => of_use(inner, uses.text, world, depth + 1).or_else(|| of_words(inner)),
        None => of_words(inner),
    });
    let purpose = parts.min_by_key(|purpose| weight(purpose.role))?;
    Some(Purpose::new(purpose.role, format!("a step of `{}`: {}", short(uses), purpose.evidence)))
}

/// `actions/github-script`: it most often talks to people; what fails of its own will checks.
fn of_javascript(step: &Step<'_>) -> Purpose {
    const TALKS: &[&str] = &[
        "createComment",
        "updateComment",
        "addLabels",
        "removeLabel",
        "issues.",
        "pulls.",
        "createReview",
        "reactions.",
    ];
    let script = with(step, &["script"]).map_or("", |text| text.text);
    match (TALKS.iter().any(|word| script.contains(word)), fails_of_its_own_will(step)) {
        (true, _) => Purpose::new(Role::Notify, "its script talks to people".to_owned()),
        (_, true) => Purpose::new(Role::Verify, "its script can fail of its own will".to_owned()),
        _ => Purpose::new(Role::Support, "its script asks GitHub".to_owned()),
    }
}

/// Whether JavaScript has a word that makes it fail.
fn fails_of_its_own_will(step: &Step<'_>) -> bool {
    let script = with(step, &["script"]).map_or("", |text| text.text);
    ["setFailed", "throw "].iter().any(|word| script.contains(word))
}
