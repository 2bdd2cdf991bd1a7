//! Which lines belong to a job, and what is left where jobs were.

use super::super::guard::refuse;
use super::super::{excise, note};
use crate::workflow::jobs::Job;
use crate::yaml::{Document, Edit, Fault};

/// Neighbouring jobs, with nothing but blank lines between them, that go together.
pub(super) struct Group<'a> {
    pub jobs: Vec<&'a Job>,
    /// First and last line of what goes.
    lines: (usize, usize),
    indent: String,
}

/// Groups the jobs to remove (in the order of the file) into neighbours.
pub(super) fn groups<'a>(document: &Document, gone: &[&'a Job]) -> Result<Vec<Group<'a>>, Fault> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for &job in gone {
        let at = document.span(job.key).start;
        if document.in_flow(job.key) || !excise::starts_its_line(document, at) {
            let cause = "the jobs are written in flow style, or on one line with something else";
            return Err(refuse(document, job.key, cause, "write each job as a block of its own lines first"));
        }
        let own = lines_of(document, job);
        let blank = |line| document.lines().is_blank(line, document.text());
        match groups.last_mut().filter(|group| (group.lines.1 + 1..own.0).all(blank)) {
            Some(group) => {
                group.jobs.push(job);
                group.lines.1 = own.1;
            }
            None => {
                let line_start = document.lines().start(document.lines().at(at));
                let indent = document.text()[line_start..at].to_owned();
                groups.push(Group { jobs: vec![job], lines: own, indent });
            }
        }
    }
    Ok(groups)
}

/// First and last line of a job: its own comment block above, all its content, the comments inside it below.
fn lines_of(document: &Document, job: &Job) -> (usize, usize) {
    let lines = document.lines();
    let start = document.span(job.key).start;
    let key_line = lines.at(start);
    let column = start - lines.start(key_line);
    let first = note::block_above(document, key_line, column).start;
    let last_content = lines.at(document.span(job.value).end.max(document.span(job.key).end));
    let commented_out = last_commented_out(document, last_content, column);
    (first, excise::last_inner_line(document, commented_out, column))
}

/// Commented-out lines of the job that touch its end: keys or items that stood deeper than the job's own key before
/// somebody put `#`, or `# `, before them.
fn last_commented_out(document: &Document, last: usize, column: usize) -> usize {
    let lines = document.lines();
    let is_inner = |line: usize| {
        document.line_comment(line).is_some_and(|comment| {
            let text = &document.text()[comment.range.clone()];
            let indent = comment.range.start - lines.start(line);
            let content = text.trim_start_matches('#').trim_start();
            let at = indent + text.len() - content.len();
            indent > column || indent < column && at >= column + 3 && looks_like_yaml(content)
        })
    };
    (last + 1..lines.count()).take_while(|&line| is_inner(line)).last().unwrap_or(last)
}

/// `key:`, `key: value` or `- item`, unlike prose.
fn looks_like_yaml(text: &str) -> bool {
    let key = text.split(':').next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let after = &text[key.len()..];
    text.starts_with("- ") || !key.is_empty() && key.chars().all(plain) && (after == ":" || after.starts_with(": "))
}

impl Group<'_> {
    /// The edit that puts the note in place of the jobs, or leaves one separation if there is none.
    pub fn edit(&self, document: &Document, comments: &[String]) -> Result<Edit, Fault> {
        let lines = document.lines();
        let (first, last) = self.lines;
        if comments.is_empty() {
            let (from, to) = with_separation(document, first, last);
            let range = lines.start(from)..lines.start(to + 1);
            excise::not_into_scalar(document, self.jobs[0].key, &range)?;
            return Ok(Edit::delete(range));
        }
        let range = lines.start(first)..lines.start(last + 1);
        let line_end = document.line_end(first);
        let mut text = note::block(&self.indent, comments, line_end);
        if !document.text()[range.clone()].ends_with('\n') {
            text.truncate(text.len() - line_end.len());
        }
        Ok(Edit::replace(range, text))
    }
}

/// Lines to delete without a note: where a blank line stands above, or the jobs begin, the blank lines below go too, so
/// that one separation remains; where nothing follows, those above. Blank lines that are content of a block scalar stay.
fn with_separation(document: &Document, first: usize, last: usize) -> (usize, usize) {
    let (lines, text) = (document.lines(), document.text());
    let start = lines.start(first);
    let content_above = (0..document.tree().nodes.len())
        .filter(|&id| document.tree().text(id).is_some() && document.span(id).start < start)
        .map(|id| lines.at(document.span(id).end))
        .max();
    let lowest = content_above.map_or(0, |line| line + 1);
    let mut end = last;
    while end + 1 < lines.count() && lines.is_blank(end + 1, text) {
        end += 1;
    }
    let mut from = first;
    if end + 1 == lines.count() {
        while from > lowest && lines.is_blank(from - 1, text) {
            from -= 1;
        }
        return (from, last);
    }
    let separated = first > 0 && lines.is_blank(first - 1, text);
    let opens =
        first == lowest && document.tree().get(0, "jobs").is_some_and(|jobs| document.span(jobs).start >= start);
    (from, if separated || opens { end } else { last })
}
