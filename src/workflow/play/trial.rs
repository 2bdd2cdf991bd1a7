//! A script of which one command is tried: it fails, and everything else goes well.

use super::state::State;
use super::tree::{Node, Tree};
use crate::workflow::condition::Truth;

/// The word that stands in the script for the command.
pub(super) const TRIED: &str = "wf_fix_tried";

/// Programs that show or move what is in a file and have no opinion of it.
const SHOW: &[&str] = &["cat", "head", "tail", "wc", "ls", "tee", "rm", "cp", "mv"];

/// The longest script of which a command is tried, the most statements that are played then, and the longest value that a variable
/// keeps: many commands of a file may be tried.
const MAX_BYTES: usize = 8 * 1024;
pub(super) const MAX_STEPS: usize = 600;
pub(super) const MAX_TEXT: usize = 1024;

/// A file or a variable that a statement fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fill {
    /// Its name, as it is written.
    pub name: String,
    /// Whether it is a file that is there in any case, for the shell or `tee` makes it.
    pub by_shell: bool,
}

/// What is known of the command that is tried.
#[derive(Debug, Clone)]
pub struct Trial<'a> {
    /// What it fills: another command that is given it may fail for it.
    pub fills: &'a [Fill],
    /// Variables that nobody sets.
    pub unset: &'a [String],
}

impl<'s> State<'s> {
    /// What a command that no rule knows comes to where another is tried.
    pub(super) fn beside_tried(&self, name: &str, node: Node<'_>) -> Truth {
        let Some(trial) = &self.trial else { return Truth::Unknown };
        let shows = SHOW.contains(&name);
        // Who asks has a reason to, and who is handed something on the input may judge it.
        if self.asked > 0 || self.fed && !shows {
            return Truth::Unknown;
        }
        let text = self.source.get(node.byte_range()).unwrap_or_default();
        let mut given = trial.fills.iter().filter(|fill| text.contains(&fill.name));
        if given.all(|fill| shows && fill.by_shell) { Truth::True } else { Truth::Unknown }
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
        let tree = (text.len() <= MAX_BYTES).then(|| Tree::of(&text)).flatten()?;
        let mut state = State::new(&text, env, errexit, pipefail);
        state.trial = Some(trial.clone());
        state.run(tree.root())?;
        Some(!state.succeeds())
    };
    tried().unwrap_or(Truth::Unknown)
}
