//! A script of which one command is tried: it fails, and everything else goes well.

use tree_sitter::Node;

use super::state::State;
use super::{MAX_BYTES, parse};
use crate::workflow::condition::Truth;

/// The word that stands in the script for the command.
pub(super) const TRIED: &str = "wf_fix_tried";

/// Programs that show what is in a file and have no opinion of it.
const SHOW: &[&str] = &["cat", "head", "tail", "wc", "sed", "awk", "cut", "sort", "uniq", "tee", "rm", "cp", "mv"];

/// What is taken for granted while a command is tried.
#[derive(Debug, Clone)]
pub struct Trial<'a> {
    /// The names of files and variables that it fills: another command that is given one may fail for it.
    pub fills: &'a [String],
    /// Whether earlier steps may have set variables; else only names in capitals may be in the environment.
    pub open: bool,
}

impl Trial<'_> {
    /// Whether a variable that nobody has set may be in the environment all the same.
    pub(super) fn may_be_set(&self, name: &str) -> bool {
        self.open || !name.starts_with(|c: char| c.is_ascii_lowercase())
    }
}

impl<'s> State<'s> {
    /// What a command that no rule knows comes to where another is tried.
    pub(super) fn beside_tried(&self, name: &str, node: Node<'_>) -> Truth {
        let Some(trial) = &self.trial else { return Truth::Unknown };
        let text = self.source.get(node.byte_range()).unwrap_or_default();
        let takes = trial.fills.iter().any(|fill| text.contains(fill.as_str())) && !SHOW.contains(&name);
        // Who asks has a reason to.
        if takes || self.asked > 0 { Truth::Unknown } else { Truth::True }
    }
}

/// Whether a bash script fails if the command between these two parts of it does and all others do not; the `${{ }}` are filled
/// in already.
pub fn fails_with(
    (before, behind): (&str, &str),
    env: &[(&str, String)],
    (errexit, pipefail): (bool, bool),
    trial: &Trial<'_>,
) -> Truth {
    let tried = || {
        let text = format!("{before}{TRIED}{behind}");
        let tree = (text.len() <= MAX_BYTES).then(|| parse(&text)).flatten()?;
        let mut state = State::new(&text, env, errexit, pipefail);
        state.trial = Some(trial.clone());
        state.run(tree.root_node())?;
        Some(!state.succeeds())
    };
    tried().unwrap_or(Truth::Unknown)
}
