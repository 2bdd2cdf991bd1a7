//! Which lines belong to a job, and what is left where jobs were.

use super::super::guard::refuse;
use super::super::{excise, note};
use crate::workflow::jobs::Job;
use crate::yaml::{Document, Edit, Fault};

/// Neighbouring jobs that go together.
pub(super) struct Group<'a> {
    pub jobs: Vec<&'a Job>,
    /// First and last line of each stretch of lines that goes; stretches are parted by lines that stay.
    stretches: Vec<(usize, usize)>,
    indent: String,
}

/// Groups the jobs to remove (in the order of the file) into neighbours.
pub(super) fn groups<'a>(document: &Document, gone: &[&'a Job]) -> Result<Vec<Group<'a>>, Fault> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for &job in gone {
        let at = document.span(job.key).start;
        let is_flow = document.in_flow(job.key);
        if is_flow || !excise::starts_its_line(document, at) {
            let cause = "the jobs are written in flow style, or on one line with something else";
            return Err(refuse(document, job.key, cause, "write each job as a block of its own lines first"));
        }
        let stretch = lines_of(document, job);
        let index = |job: &Job| document.pair_of(job.value).map_or(0, |pair| pair.index);
        let neighbour = groups.last_mut().filter(|g| g.jobs.last().is_some_and(|l| index(l) + 1 == index(job)));
        match neighbour {
            Some(group) => group.add(document, job, stretch),
            None => {
                let line_start = document.lines().start(document.lines().at(at));
                let indent = document.text()[line_start..at].to_owned();
                groups.push(Group { jobs: vec![job], stretches: vec![stretch], indent });
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

/// Commented-out lines of the job that touch its end: the `#` stands left of the job, what follows it right of it.
fn last_commented_out(document: &Document, last: usize, column: usize) -> usize {
    let lines = document.lines();
    let is_inner = |line: usize| {
        document.line_comment(line).is_some_and(|comment| {
            let text = &document.text()[comment.range.clone()];
            let indent = comment.range.start - lines.start(line);
            let inner = text.len() - text.trim_start_matches('#').trim_start().len();
            indent > column || indent < column && indent + inner > column && inner < text.len()
        })
    };
    (last + 1..lines.count()).take_while(|&line| is_inner(line)).last().unwrap_or(last)
}

impl<'a> Group<'a> {
    fn add(&mut self, document: &Document, job: &'a Job, stretch: (usize, usize)) {
        self.jobs.push(job);
        if let Some(last) = self.stretches.last_mut() {
            let blank = |line| document.lines().is_blank(line, document.text());
            if (last.1 + 1..stretch.0).all(blank) {
                last.1 = stretch.1;
                return;
            }
        }
        self.stretches.push(stretch);
    }

    /// The edits that put the note in place of the first stretch and delete the others.
    pub fn edits(&self, document: &Document, comments: &[String]) -> Vec<Edit> {
        let lines = document.lines();
        let mut edits = Vec::new();
        for (index, &(first, last)) in self.stretches.iter().enumerate() {
            if index > 0 || comments.is_empty() {
                let (from, to) = with_separation(document, first, last);
                edits.push(Edit::delete(lines.start(from)..lines.start(to + 1)));
                continue;
            }
            let range = lines.start(first)..lines.start(last + 1);
            let line_end = document.line_end(first);
            let mut text = note::block(&self.indent, comments, line_end);
            if !document.text()[range.clone()].ends_with('\n') {
                text.truncate(text.len() - line_end.len());
            }
            edits.push(Edit::replace(range, text));
        }
        edits
    }
}

/// Lines to delete without a note: the blank lines below go too, so that the separation above remains; where nothing
/// follows, those above.
fn with_separation(document: &Document, first: usize, last: usize) -> (usize, usize) {
    let (lines, text) = (document.lines(), document.text());
    let mut end = last;
    while end + 1 < lines.count() && lines.is_blank(end + 1, text) {
        end += 1;
    }
    let mut start = first;
    if end + 1 == lines.count() {
        end = last;
        while start > 0 && lines.is_blank(start - 1, text) {
            start -= 1;
        }
    }
    (start, end)
}
