//! `edit-script`: take a `|| true` from the end of a line of a `run:` script.
//!
//! ```yaml
//! run: |
//!   pytest tests || true        # line: pytest tests || true, drop: "|| true"
//!   pytest tests
//! ```
//!
//! Parameters: `at` (query of the `run`), `line` (the line of the script as it stands, white space around it apart) and
//! `drop` (what goes from its end: `|| true`, `|| :`, `|| exit 0` or `|| /bin/true`, as written).
//!
//! Works on literal blocks and on plain and quoted scalars of one line. Nothing else of the script changes, and the
//! rewrite is planned only where the signal model derives that the command's failure then fails the step.
//!
//! Limitations: refused are folded scalars and scalars over several lines, a tail on a line of its own, scripts of a
//! shell that the model does not know, and commands whose failure would still be passed over.

use super::guard::{self, refuse};
use super::target::{self, Targets};
use super::{Context, Outcome, Rewrite, Work, edit_condition, remove_key};
use crate::workflow::script::{Script, Shell, TAILS, cut, without};
use crate::workflow::view::{File, Step};
use crate::yaml::{self, Document, Edit, Fault, FaultKind, Fields, NodeId, Query, ScalarText, Style, Value, decode};

pub(super) const NAME: &str = "edit-script";

#[derive(Debug)]
struct EditScript {
    at: Query,
    line: String,
    drop: String,
}

pub(super) fn read(fields: &Fields<'_>) -> Result<Box<dyn Rewrite>, Fault> {
    fields.only(&["at", "line", "drop"])?;
    let drop = fields.required("drop")?.trim();
    if !TAILS.contains(&drop) {
        return Err(fields.fault_at(
            "drop",
            format!("`{drop}` cannot be dropped"),
            format!("one of: {}", TAILS.join(", ")),
        ));
    }
    let line = fields.required("line")?.trim();
    if line.contains('\n') || cut(line, drop).is_none() {
        let way_out = "give the whole line of the script, with the command and what goes from its end";
        return Err(fields.fault_at("line", format!("`line` is no command with `{drop}` at its end"), way_out));
    }
    Ok(Box::new(EditScript { at: fields.query("at")?, line: line.to_owned(), drop: drop.to_owned() }))
}

impl Rewrite for EditScript {
    fn name(&self) -> &'static str {
        NAME
    }

    fn plan(&self, document: &Document, _: &Context<'_>) -> Result<Outcome, Fault> {
        let found = match target::find(document, &self.at)? {
            Targets::Found(found) => found,
            Targets::Gone(why) => return Ok(Outcome::Done(why)),
            Targets::Missing(fault) => return Ok(Outcome::Missing(fault)),
        };
        let mut work = Work::default();
        let mut done = false;
        for id in found {
            if document.tree().text(remove_key::pair(document, id)?.key) != Some("run") {
                let cause = format!("`{}` is no script", document.path(id));
                return Err(refuse(document, id, cause, "let the query end in `run`"));
            }
            let has = |wanted: &str| {
                let text = document.tree().text(id).unwrap_or_default();
                text.lines().any(|line| line.trim() == wanted)
            };
            match (has(&self.line), cut(&self.line, &self.drop).is_some_and(has)) {
                (true, _) => work.merge(self.one(document, id)?),
                (false, there) => done |= there,
            }
        }
        match (work.edits.is_empty(), done) {
            (false, _) => Ok(Outcome::Pending(work)),
            (true, true) => Ok(Outcome::Done(format!("`{}` stands there without `{}`", self.line, self.drop))),
            (true, false) => {
                let cause = format!("{}: no line of `{}` reads `{}`", document.name(), self.at.text(), self.line);
                Ok(Outcome::Missing(Fault::new(FaultKind::Missing, cause, "mend the line in the rule file")))
            }
        }
    }
}

impl EditScript {
    fn one(&self, document: &Document, id: NodeId) -> Result<Work, Fault> {
        if matches!(document.tree().nodes[id].value, Value::Alias(_)) {
            guard::untied(document, id)?;
        }
        let by_hand = |cause: String| refuse(document, id, cause, "change the script by hand");
        let now = changed(document, id, &self.line, &self.drop).map_err(by_hand)?;
        guard::untied(document, id)?;
        let source = ScalarText::of(document, id)
            .filter(|source| source.style == Style::Literal || !source.text.contains('\n'))
            .filter(|source| source.style != Style::Folded)
            .ok_or_else(|| by_hand("the script is folded, or written with escapes".to_owned()))?;
        let mut at = 0;
        let mut edits = Vec::new();
        for own in source.text.split_inclusive('\n') {
            if own.trim() == self.line
                && let Some(rest) = cut(own, &self.drop)
            {
                edits.push(Edit::delete(
                    source.source(at + rest.len())..source.source(at + own.trim_end_matches(['\n', '\r']).len()),
                ));
            }
            at += own.len();
        }
        let content = document.content(id);
        let local = |edit: &Edit| Edit::delete(edit.range.start - content.start..edit.range.end - content.start);
        let local: Vec<Edit> = edits.iter().map(local).collect();
        let text =
            yaml::apply(&document.text()[content], &local).ok().and_then(|text| decode(&text, document.in_flow(id)));
        match text {
            Some((text, style)) if text == now && style == source.style => {
                let claims = edit_condition::claim(document, id, &text, style)?;
                Ok(Work { edits, claims, ..Work::default() })
            }
            _ => Err(by_hand("without it, YAML would read the script in another way".to_owned())),
        }
    }
}

/// The script after the change, if the model derives that the change does what it should.
fn changed(document: &Document, id: NodeId, line: &str, drop: &str) -> Result<String, String> {
    let file = File::of(document.name(), document.tree());
    let is_it = |step: &&Step<'_>| step.run.is_some_and(|run| run.at.node == id);
    let found = match &file {
        File::Workflow(workflow) => workflow.jobs.iter().find_map(|job| {
            let step = job.steps.iter().find(is_it)?;
            Some((step.run?, Shell::of(step, Some(job), &workflow.defaults)))
        }),
        File::Action(action) => {
            let step = action.steps.iter().find(is_it);
            step.and_then(|step| Some((step.run?, Shell::of(step, None, &Default::default()))))
        }
    };
    let Some((run, shell)) = found else { return Err("it is not the script of a step".to_owned()) };
    let script = Script { file: document.name(), run, shell };
    without(&script, (&script.commands(), None), line, drop)
}
