//! `justify`: put a comment block above a pair that may stay.
//!
//! ```yaml
//!   continue-on-error: true  # flaky mirror      # Best effort: flaky mirror.
//!                                                continue-on-error: true
//! ```
//!
//! Parameters: `at` (query of the value), `comment` (a template; `{comment}` is the trailing comment of the pair's
//! first line, which moves into the block; also `{milestone} {date} {risk}`).
//!
//! The block stands at the pair's indent; for the first pair of a list item above the dash, at its indent. A comment
//! block above that already says this, among other things, counts as done.
//!
//! Limitations: pairs in flow style, and pairs behind two dashes, are refused.

use super::guard::{self, refuse};
use super::target::{self, Targets};
use super::template::Template;
use super::{Context, Outcome, Rewrite, Work, note, remove_key};
use crate::effect::Expect;
use crate::yaml::{Comment, Document, Edit, Fault, Fields, NodeId, Query};

pub(super) const NAME: &str = "justify";

const VARIABLES: &[&str] = &["comment", "milestone", "date", "risk"];

#[derive(Debug)]
struct Justify {
    at: Query,
    comment: Template,
}

pub(super) fn read(fields: &Fields<'_>) -> Result<Box<dyn Rewrite>, Fault> {
    fields.only(&["at", "comment"])?;
    let comment = Template::read(fields, "comment", VARIABLES)?;
    if !comment.has_words() {
        let way_out = "a later run recognises the comment by them";
        return Err(fields.fault_at("comment", "`comment` has no words of its own", way_out));
    }
    Ok(Box::new(Justify { at: fields.query("at")?, comment }))
}

impl Rewrite for Justify {
    fn name(&self) -> &'static str {
        NAME
    }

    fn effect(&self) -> Option<Expect> {
        Some(Expect::DocumentationOnly)
    }

    fn plan(&self, document: &Document, context: &Context<'_>) -> Result<Outcome, Fault> {
        let found = match target::find(document, &self.at)? {
            Targets::Found(found) => found,
            Targets::Gone(why) => return Ok(Outcome::Done(why)),
            Targets::Missing(fault) => return Ok(Outcome::Missing(fault)),
        };
        let mut work = Work::default();
        for id in found {
            let spot = Spot::of(document, id)?;
            if !self.stands(document, &spot, context) {
                guard::untied(document, id)?;
                work.merge(self.justify(document, id, &spot, context)?);
            }
        }
        if work.edits.is_empty() {
            return Ok(Outcome::Done("the justification is there".to_owned()));
        }
        Ok(Outcome::Pending(work))
    }
}

/// Where the block goes: above this line, at this indent.
struct Spot<'a> {
    line: usize,
    indent: &'a str,
}

impl<'a> Spot<'a> {
    fn of(document: &'a Document, id: NodeId) -> Result<Spot<'a>, Fault> {
        let pair = remove_key::pair(document, id)?;
        let start = document.span(pair.key).start;
        let line = document.lines().at(start);
        let before = &document.text()[document.lines().start(line)..start];
        let indent = before.trim_end_matches([' ', '\t']).strip_suffix('-').unwrap_or(before);
        if document.in_flow(id) || document.is_flow(pair.mapping) || !indent.trim().is_empty() {
            let cause = "no comment can stand above this: something else is on its line";
            return Err(refuse(document, pair.key, cause, "write the mapping in block style first"));
        }
        Ok(Spot { line, indent })
    }
}

impl Justify {
    fn stands(&self, document: &Document, spot: &Spot<'_>, context: &Context<'_>) -> bool {
        let above = note::block_above(document, spot.line, spot.indent.len());
        let texts = note::texts(document, above);
        texts.windows(self.comment.height()).any(|window| self.comment.matches(window, &[("risk", context.risk)]))
    }

    fn justify(&self, document: &Document, id: NodeId, spot: &Spot<'_>, context: &Context<'_>) -> Result<Work, Fault> {
        let trailing = document.trailing_comment(spot.line).filter(|_| self.comment.uses("comment"));
        if trailing.is_none() && self.comment.uses("comment") {
            let cause = "the template uses {comment}, and no comment trails here";
            return Err(refuse(document, id, cause, "write the reason into the template instead"));
        }
        let comments = self.comment.render(&[
            ("comment", trailing.map_or("", |c| document.comment_text(c))),
            ("milestone", context.milestone),
            ("date", context.date),
            ("risk", context.risk),
        ]);
        let block = note::block(spot.indent, &comments, document.line_end(spot.line));
        let mut edits = vec![Edit::insert(document.lines().start(spot.line), block)];
        edits.extend(trailing.map(|comment| cut_trailing(document, comment)));
        let mut claims = note::removed_by(document, &edits);
        claims.extend(note::added(&comments));
        Ok(Work { edits, claims, ..Work::default() })
    }
}

/// Deletes a trailing comment and the white space before it.
fn cut_trailing(document: &Document, comment: &Comment) -> Edit {
    let before = &document.text()[..comment.range.start];
    Edit::delete(before.trim_end_matches([' ', '\t']).len()..comment.range.end)
}
