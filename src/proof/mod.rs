//! The proof that a rewrite changed what it claims and nothing else.
//!
//! It shares no code with the rewrites. From the text before, the text after and the claims alone it shows:
//!
//! 1. both texts parse with both parsers, alike ([`Document::parse`] refuses anything else);
//! 2. the delta between the two value trees equals the claims ([`delta`]);
//! 3. every comment that no claim takes survives, in its place, and only claimed ones are new ([`comments`]);
//! 4. the bytes outside the edits are identical.
//!
//! That a second plan on the result is empty is for the planner to show, which can plan.
//!
//! Limitation: it compares values and comments, not their meaning to GitHub.

pub mod comments;
pub mod delta;

use crate::claim::{Change, Claim};
use crate::yaml::{Document, Edit, Fault, FaultKind};

/// What was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The delta, as found.
    pub delta: Vec<Change>,
    /// Comments that survived.
    pub comments_kept: usize,
    /// Bytes of the original that no edit touched, each of them still there.
    pub bytes_kept: usize,
    /// Why a second run on the result finds nothing to do, in the words of the rewrites; the planner fills it in.
    pub second_run: String,
}

/// Proves a change of one file.
///
/// # Errors
/// A [`FaultKind::Bug`]: the change is not what the claims say.
pub fn prove(before: &Document, after: &Document, edits: &[Edit], claims: &[Claim]) -> Result<Proof, Fault> {
    let delta = delta::delta(before.tree(), after.tree());
    let mut claimed: Vec<Change> = claims
        .iter()
        .filter_map(|claim| match claim {
            Claim::Value(change) => Some(change.clone()),
            _ => None,
        })
        .collect();
    let mut found = delta.clone();
    claimed.sort();
    found.sort();
    if claimed != found {
        return Err(bug(before, &format!("the change is {found:?}, and the rewrite claims {claimed:?}")));
    }
    let comments_kept = comments::check(before, after, &delta, claims).map_err(|what| bug(before, &what))?;
    let bytes_kept = bytes_outside(before.text(), after.text(), edits).map_err(|what| bug(before, &what))?;
    Ok(Proof { delta, comments_kept, bytes_kept, second_run: String::new() })
}

/// The fault of a proof that failed.
pub fn bug(document: &Document, what: &str) -> Fault {
    let cause = format!("{}: the proof failed, and nothing was written: {what}", document.name());
    let way_out = "this is a bug in wf-fix; please report it with the rule and the workflow";
    Fault::new(FaultKind::Bug, cause, way_out)
}

/// Counts the bytes between the edits, and checks that each run of them stands in the result in order.
fn bytes_outside(before: &str, after: &str, edits: &[Edit]) -> Result<usize, String> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|e| (e.range.start, e.range.end));
    sorted.dedup();
    let (mut rest, mut at, mut kept) = (after, 0, 0);
    let mut take = |run: &str| match rest.strip_prefix(run) {
        Some(next) => {
            rest = next;
            Ok(())
        }
        None => Err(format!("bytes outside the edits differ: {run:?} is not where it was")),
    };
    for edit in sorted {
        take(&before[at..edit.range.start])?;
        take(&edit.text)?;
        kept += edit.range.start - at;
        at = edit.range.end;
    }
    take(&before[at..])?;
    kept += before.len() - at;
    if rest.is_empty() { Ok(kept) } else { Err(format!("there are bytes at the end that no edit put there: {rest:?}")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Path;

    const BEFORE: &str = "a: 1\n# keep\nb: 2 # gone\nc: 3\n";

    fn documents(after: &str) -> (Document, Document) {
        (Document::parse("w", BEFORE.as_bytes()).unwrap(), Document::parse("w", after.as_bytes()).unwrap())
    }

    fn honest() -> (Vec<Edit>, Vec<Claim>) {
        let removed = Change::Removed { path: Path::default().key("b"), was: "2".into() };
        let comment = Claim::CommentRemoved { line: 3, text: "# gone".into() };
        (vec![Edit::delete(12..24)], vec![Claim::Value(removed), comment])
    }

    #[test]
    fn an_honest_change_is_proven() {
        let (before, after) = documents("a: 1\n# keep\nc: 3\n");
        let (edits, claims) = honest();
        let proof = prove(&before, &after, &edits, &claims).unwrap();
        assert_eq!((proof.delta.len(), proof.comments_kept, proof.bytes_kept), (1, 1, BEFORE.len() - 12));
    }

    #[test]
    fn whatever_else_changed_is_found() {
        let (edits, claims) = honest();
        for (after, word) in [
            ("a: 1\n# keep\nc: '3'\n", "claims"),
            ("a: 1\n# keep\n", "claims"),
            ("c: 3\n# keep\na: 1\n", "claims"),
            ("a: 1\nc: 3\n", "comment"),
            ("a: 1\nc: 3\n# keep\n", "comment"),
            ("a: 1\n# keep\n# new\nc: 3\n", "comment"),
            ("a: 1\n# kept\nc: 3\n", "comment"),
            ("a: 1 # keep\nc: 3\n", "comment"),
            ("a: 1\n# keep\nc:  3\n", "bytes"),
            ("a: 1\n# keep\nc: 3\n\n", "bytes"),
        ] {
            let (before, after) = documents(after);
            let fault = prove(&before, &after, &edits, &claims).unwrap_err();
            assert!(fault.kind == FaultKind::Bug && fault.cause.contains(word), "{}: {fault}", after.text());
        }
    }

    #[test]
    fn a_claim_that_does_not_happen_is_found() {
        let (before, after) = documents("a: 1\n# keep\nc: 3\n");
        let (edits, mut claims) = honest();
        claims.pop();
        assert!(prove(&before, &after, &edits, &claims).unwrap_err().cause.contains("comment"));
        let (_, mut claims) = honest();
        claims.push(Claim::Value(Change::Removed { path: Path::default().key("z"), was: "1".into() }));
        assert!(prove(&before, &after, &edits, &claims).unwrap_err().cause.contains("claims"));
    }
}
