//! `remove-key`: take a pair out of a mapping.
//!
//! ```yaml
//! - name: Test                          - name: Test
//!   continue-on-error: true  # flaky      run: make test
//!   run: make test
//! ```
//!
//! Parameters: `at` (query of the value), `expect` (refuse if the value is another), `comments: keep | remove`
//! (whether the comment block directly above, at the same indent, goes too; default keep).
//!
//! A trailing comment on the removed lines goes with them, and is reported. If it is the only pair of a mapping that
//! is itself the value of a pair, that pair goes.
//!
//! Limitations: the only pair of a list item or of the document is refused, and so are a whole job, `jobs`, `runs`, `on`, and whatever an anchor, an alias or
//! a merge key ties to another place.

use std::collections::BTreeMap;

use super::guard::{self, refuse};
use super::target::{self, Targets};
use super::{Context, Outcome, Rewrite, Work, excise, note};
use crate::claim::{Change, Claim};
use crate::effect::Expect;
use crate::yaml::{Document, Edit, Fault, Fields, NodeId, Pair, Query, Segment, Value, plain};

pub(super) const NAME: &str = "remove-key";

#[derive(Debug)]
struct RemoveKey {
    at: Query,
    expect: Option<serde_json::Value>,
    with_comments: bool,
}

pub(super) fn read(fields: &Fields<'_>) -> Result<Box<dyn Rewrite>, Fault> {
    fields.only(&["at", "expect", "comments"])?;
    Ok(Box::new(RemoveKey {
        at: fields.query("at")?,
        expect: fields.value("expect")?,
        with_comments: fields.choice("comments", &["keep", "remove"])? == "remove",
    }))
}

impl Rewrite for RemoveKey {
    fn name(&self) -> &'static str {
        NAME
    }

    fn effect(&self) -> Option<Expect> {
        let key = self.at.segments().checked_sub(1).and_then(|last| self.at.segment_name(last));
        (key.as_deref() == Some("continue-on-error")).then_some(Expect::FailuresVisible)
    }

    fn plan(&self, document: &Document, _: &Context<'_>) -> Result<Outcome, Fault> {
        let found = match target::find(document, &self.at)? {
            Targets::Found(found) => found,
            Targets::Gone(why) => return Ok(Outcome::Done(why)),
            Targets::Missing(fault) => return Ok(Outcome::Missing(fault)),
        };
        let mut pairs = Vec::new();
        for id in found {
            self.check_value(document, id)?;
            guard::untied(document, id)?;
            pairs.push(pair(document, id)?);
        }
        remove(document, pairs, self.with_comments).map(Outcome::Pending)
    }
}

impl RemoveKey {
    fn check_value(&self, document: &Document, id: NodeId) -> Result<(), Fault> {
        let Some(expected) = &self.expect else { return Ok(()) };
        let tree = document.tree();
        let found = match &tree.nodes[id].value {
            Value::Scalar(text, crate::yaml::Style::Plain) => plain(text),
            Value::Scalar(text, _) => serde_json::Value::String(text.to_string()),
            _ => serde_json::Value::String(tree.render(id)),
        };
        if found == *expected {
            return Ok(());
        }
        let cause = format!("the value is `{}`, and the rule expects `{expected}`", tree.render(id));
        Err(refuse(document, id, cause, "look whether the risk is still there, and mend `expect` in the rule"))
    }
}

/// The pair that holds a value.
pub(super) fn pair(document: &Document, value: NodeId) -> Result<Pair, Fault> {
    document.pair_of(value).ok_or_else(|| {
        let cause = format!("`{}` is no key of a mapping", document.path(value));
        refuse(document, value, cause, "let the query end in a key")
    })
}

/// Takes pairs out, and whatever mapping they leave empty.
pub(super) fn remove(document: &Document, pairs: Vec<Pair>, with_comments: bool) -> Result<Work, Fault> {
    let mut work = Work::default();
    for (mapping, gone) in outermost(document, pairs)? {
        let mut edits = excise::pairs(document, mapping, &gone)?;
        for &index in &gone {
            let (key, value) = document.tree().pairs(mapping)[index];
            not_structure(document, value)?;
            guard::untied(document, key)?;
            guard::untied(document, value)?;
            let was = document.tree().render(value);
            work.claims.push(Claim::Value(Change::Removed { path: document.path(value), was }));
            if with_comments {
                edits.extend(comments_above(document, key));
            }
        }
        work.claims.extend(note::removed_by(document, &edits));
        work.edits.extend(edits);
    }
    Ok(work)
}

/// The positions to take out of each mapping, once emptied mappings give way to the pair that holds them.
fn outermost(document: &Document, pairs: Vec<Pair>) -> Result<BTreeMap<NodeId, Vec<usize>>, Fault> {
    let mut gone: BTreeMap<NodeId, Vec<usize>> = BTreeMap::new();
    for pair in pairs {
        gone.entry(pair.mapping).or_default().push(pair.index);
    }
    let tree = document.tree();
    while let Some(empty) = gone.iter().find(|(m, gone)| gone.len() == tree.pairs(**m).len()).map(|(m, _)| *m) {
        gone.remove(&empty);
        let Some(parent) = document.pair_of(empty) else {
            let cause = "this is the only key here, and nothing would be left of what holds it";
            return Err(refuse(document, empty, cause, "remove the whole list item or file by hand"));
        };
        let indices = gone.entry(parent.mapping).or_default();
        if !indices.contains(&parent.index) {
            indices.push(parent.index);
        }
        gone.values_mut().for_each(|indices| indices.sort_unstable());
    }
    // A pair inside another pair that goes as well needs no edit of its own.
    let inside_gone = |mapping: NodeId| {
        let holds = |up: NodeId| gone.iter().any(|(m, ix)| ix.iter().any(|&i| tree.pairs(*m)[i].1 == up));
        holds(mapping) || document.ancestors(mapping).any(holds)
    };
    let inner: Vec<NodeId> = gone.keys().copied().filter(|&m| inside_gone(m)).collect();
    inner.iter().for_each(|m| drop(gone.remove(m)));
    gone.values_mut().for_each(|indices| {
        indices.sort_unstable();
        indices.dedup();
    });
    Ok(gone)
}

/// Refuses what holds a workflow together: others depend on it in ways that this rewrite does not look at.
fn not_structure(document: &Document, value: NodeId) -> Result<(), Fault> {
    let path = document.path(value);
    let way_out = match path.0.as_slice() {
        [Segment::Key(jobs), Segment::Key(_)] if jobs == "jobs" => "a whole job goes with `remove-jobs`",
        [Segment::Key(key)] if matches!(key.as_str(), "jobs" | "runs" | "on") => {
            "to delete the file, use `remove-workflow`"
        }
        _ => return Ok(()),
    };
    let cause = format!("`{path}` would go, which holds the workflow together");
    Err(refuse(document, value, cause, way_out))
}

fn comments_above(document: &Document, key: NodeId) -> Option<Edit> {
    let at = document.span(key).start;
    if !excise::starts_its_line(document, at) {
        return None;
    }
    let lines = document.lines();
    let line = lines.at(at);
    let block = note::block_above(document, line, at - lines.start(line));
    (!block.is_empty()).then(|| Edit::delete(lines.start(block.start)..lines.start(block.end)))
}
