//! What makes an edit unsafe wherever it is: anchors, aliases and merge keys that touch the span.

use crate::yaml::{Document, Fault, FaultKind, NodeId, Value};

/// A refusal at a node.
pub(super) fn refuse(document: &Document, at: NodeId, cause: impl Into<String>, way_out: &str) -> Fault {
    Fault::at(FaultKind::Refused, document.place_of(at), cause, way_out)
}

/// Refuses a span (a node and all below it) that an anchor, an alias or a merge key ties to another place.
///
/// # Errors
/// The place of the tie and what it is.
pub(super) fn untied(document: &Document, id: NodeId) -> Result<(), Fault> {
    let tree = document.tree();
    for inside in id..tree.nodes[id].end {
        let node = &tree.nodes[inside];
        if node.anchor > 0 {
            let cause = format!("the anchor `{}` stands in the part to change", sigil(document, inside));
            return Err(refuse(document, inside, cause, "move the anchor elsewhere or write the values out"));
        }
        if matches!(node.value, Value::Alias(_)) {
            let cause = format!("the alias `{}` stands in the part to change", sigil(document, inside));
            return Err(refuse(document, inside, cause, "write the aliased value out here first"));
        }
    }
    document.ancestors(id).try_for_each(|up| untied_collection(document, up))
}

/// Refuses a collection that an alias repeats elsewhere, or into which a merge key pulls more pairs.
fn untied_collection(document: &Document, id: NodeId) -> Result<(), Fault> {
    let tree = document.tree();
    let anchor = tree.nodes[id].anchor;
    let repeated = tree.nodes.iter().position(|node| anchor > 0 && node.value == Value::Alias(anchor));
    if let Some(alias) = repeated {
        let line = document.place_of(alias).line;
        let name = sigil(document, id);
        let cause =
            format!("the anchor `{name}` is repeated by an alias on line {line}: one edit would hit two places");
        return Err(refuse(document, id, cause, "write the aliased value out first"));
    }
    if let Some(&(key, _)) = tree.pairs(id).iter().find(|(key, _)| tree.text(*key) == Some("<<")) {
        let cause = "a merge key (`<<`) touches the part to change";
        return Err(refuse(document, key, cause, "write the merged keys out; GitHub does not support merge keys"));
    }
    Ok(())
}

/// The anchor or alias of a node as it is written.
fn sigil(document: &Document, id: NodeId) -> &str {
    let words = document.text()[document.span(id)].split([' ', '\n', '\r', ',', ']', '}']);
    words.into_iter().find(|word| word.starts_with(['&', '*'])).unwrap_or_default()
}
