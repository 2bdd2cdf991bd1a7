//! Claims in words, one line each.

use super::safe::short;
use crate::claim::{Change, Claim};
use crate::yaml::{Path, Segment};

/// The longest value shown.
const MOST: usize = 60;
/// The longest name of a place.
const PLACE: usize = 160;

/// One line for a claim; `place` is what people call where it is.
pub fn line(claim: &Claim, place: &str) -> String {
    let place = &short(place, PLACE);
    match claim {
        Claim::Value(Change::Removed { path, was }) => match (last_key(path), place.starts_with("job ")) {
            (_, true) if is_job(path) => format!("remove {place}"),
            (Some(key), _) => format!("remove `{}: {}` from {place}", short(key, MOST), short(was, MOST)),
            (None, _) => format!("remove `{}` from `{}`", short(was, MOST), short(&holder(path), MOST)),
        },
        Claim::Value(Change::Added { path, now }) => {
            format!("add `{}: {}` to {place}", short(last_key(path).unwrap_or("-"), MOST), short(now, MOST))
        }
        Claim::Value(Change::Changed { path, was, now }) => {
            let key = short(last_key(path).unwrap_or("-"), MOST);
            format!("change `{key}` of {place} from `{}` to `{}`", short(was, MOST), short(now, MOST))
        }
        Claim::CommentRemoved { line, text } => format!("remove the comment on line {line}: {}", short(text, MOST)),
        Claim::CommentAdded { text } => format!("add the comment: {}", short(text, 100)),
        Claim::FileRemoved => "delete the file".to_owned(),
    }
}

/// Whether a path is that of a whole job.
pub fn is_job(path: &Path) -> bool {
    matches!(path.0.as_slice(), [Segment::Key(jobs), Segment::Key(_)] if jobs == "jobs")
}

/// The key a path ends in.
pub fn last_key(path: &Path) -> Option<&str> {
    match path.0.last() {
        Some(Segment::Key(key)) => Some(key),
        _ => None,
    }
}

fn holder(path: &Path) -> String {
    Path(path.0[..path.0.len().saturating_sub(1)].to_vec()).to_string()
}
