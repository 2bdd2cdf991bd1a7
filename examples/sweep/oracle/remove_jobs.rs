//! Expected bytes of `remove-jobs` with `dependents: remove` on one disabled job.

use super::{Answer, DATE, NOTE, Not, block, in_flow};
use crate::condition::{is_constant_false, may_run_after_failure};
use crate::events::{Doc, Kind, Node, Pair};
use crate::find::Found;
use crate::lines::Lines;

/// The lines of a removed job, and its place among the jobs.
struct Span {
    index: usize,
    first: usize,
    last: usize,
}

pub fn remove_job(doc: &Doc, lines: &Lines, found: &Found) -> Result<Answer, Not> {
    let [(root, jobs_index), (jobs_map, index)] = found.trail[..] else {
        return Err(Not::Unknown("no trail"));
    };
    let jobs = doc.pairs(jobs_map);
    let removed = with_dependents(doc, jobs, index)?;
    if removed.len() == jobs.len() {
        return Err(Not::Refuse("all jobs of the file would go"));
    }
    let gone: Vec<_> = removed.iter().map(|&i| jobs[i].events()).collect();
    if let Some(reason) = gone.iter().find_map(|range| doc.shared(range.clone())) {
        return Err(Not::Refuse(reason));
    }
    if removed.iter().any(|&i| is_output(doc, root, &jobs[i])) {
        return Err(Not::Refuse("an output of the called workflow reads the job"));
    }
    if in_flow(doc, lines, found) {
        return Err(Not::Unknown("jobs in flow style"));
    }
    // The first line after all jobs that holds content.
    let after = doc.pairs(root).get(jobs_index + 1).map(|pair| doc.line(&pair.key));
    let after = after.unwrap_or_else(|| document_end(lines));
    let mut spans = Vec::new();
    for &i in &removed {
        let next = jobs.get(i + 1).map_or(after, |pair| doc.line(&pair.key));
        spans.push(span(doc, lines, jobs, i, next)?);
    }
    Ok(Answer { text: replace(doc, lines, jobs, &spans), gone, changed: None })
}

/// The job and all that can never run without it, in the order of the file.
fn with_dependents(doc: &Doc, jobs: &[Pair], index: usize) -> Result<Vec<usize>, Not> {
    let mut removed = vec![index];
    let mut next = 0;
    while let Some(&gone) = removed.get(next) {
        next += 1;
        let id = doc.text(&jobs[gone].key).unwrap_or_default();
        for (i, job) in jobs.iter().enumerate() {
            if removed.contains(&i) || !needs(doc, &job.value)?.iter().any(|need| need.eq_ignore_ascii_case(id)) {
                continue;
            }
            let condition = doc.get(&job.value, "if").and_then(|node| doc.text(node)).unwrap_or_default();
            if may_run_after_failure(condition) && !is_constant_false(condition) {
                return Err(Not::Refuse("a dependent could still run"));
            }
            removed.push(i);
        }
    }
    removed.sort_unstable();
    Ok(removed)
}

fn needs<'a>(doc: &'a Doc, job: &Node) -> Result<Vec<&'a str>, Not> {
    let Some(needs) = doc.get(job, "needs") else {
        return Ok(Vec::new());
    };
    let read = match &needs.kind {
        Kind::Scalar => doc.text(needs).map(|need| vec![need]),
        Kind::Seq(items) => items.iter().map(|item| doc.text(item)).collect(),
        Kind::Alias | Kind::Map(_) => None,
    };
    read.ok_or(Not::Unknown("needs through an alias"))
}

/// Whether `on.workflow_call.outputs` reads `jobs.<id>`: without the job that is an error to GitHub.
fn is_output(doc: &Doc, root: &Node, job: &Pair) -> bool {
    let Some(id) = doc.text(&job.key) else {
        return false;
    };
    let call = doc.get(root, "on").and_then(|on| doc.get(on, "workflow_call"));
    let Some(outputs) = call.and_then(|call| doc.get(call, "outputs")) else {
        return false;
    };
    let values = doc.pairs(outputs).iter().filter_map(|p| doc.text(doc.get(&p.value, "value")?));
    let (dotted, quoted) = (format!("jobs.{id}"), format!("jobs['{id}']"));
    values.into_iter().any(|value| {
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || "_-".contains(c));
        value.contains(&quoted) || value.match_indices(&dotted).any(|(at, _)| ends(&value[at + dotted.len()..]))
    })
}

/// The line of `...` or a second `---`, or the number of lines.
fn document_end(lines: &Lines) -> usize {
    let end = (0..lines.len())
        .rev()
        .take_while(|&i| lines.is_blank(i) || lines.is_comment(i) || lines.body(i).starts_with("..."));
    end.filter(|&i| lines.body(i).starts_with("...")).last().unwrap_or(lines.len())
}

fn span(doc: &Doc, lines: &Lines, jobs: &[Pair], index: usize, next: usize) -> Result<Span, Not> {
    let key = &jobs[index].key;
    let (key_line, indent) = (doc.line(key), doc.col(key));
    if lines.indent(key_line) != indent {
        return Err(Not::Unknown("something stands before the job's key"));
    }
    let mut first = key_line;
    while first > 0 && lines.is_comment(first - 1) && lines.indent(first - 1) == indent {
        first -= 1;
    }
    let mut last = block::last_line(doc, lines, &jobs[index].value, key_line, next);
    for i in last + 1..next {
        if lines.is_blank(i) {
            continue;
        }
        if !lines.is_comment(i) {
            break;
        }
        let commented_out = lines.indent(i) < indent && lines.comment_text_col(i).is_some_and(|col| col > indent);
        if lines.indent(i) > indent || (commented_out && i == last + 1) {
            last = i;
        } else {
            break;
        }
    }
    Ok(Span { index, first, last })
}

/// The text with each group of neighbouring spans replaced by one note.
fn replace(doc: &Doc, lines: &Lines, jobs: &[Pair], spans: &[Span]) -> String {
    let mut out = String::new();
    let mut kept_from = 0;
    let mut rest = spans;
    while let Some(first) = rest.first() {
        let mut size = 1;
        while rest.get(size).is_some_and(|next| adjacent(lines, &rest[size - 1], next)) {
            size += 1;
        }
        let (group, others) = rest.split_at(size);
        let last = group[size - 1].last;
        let names: Vec<_> = group.iter().filter_map(|span| doc.text(&jobs[span.index].key)).collect();
        let key_line = doc.line(&jobs[first.index].key);
        let indent = &lines.body(key_line)[..lines.indent(key_line)];
        out += &lines.concat(kept_from, first.first);
        out += &format!("{indent}# {}{}", note(&names), lines.end(last));
        kept_from = last + 1;
        rest = others;
    }
    out + &lines.concat(kept_from, lines.len())
}

fn adjacent(lines: &Lines, a: &Span, b: &Span) -> bool {
    b.index == a.index + 1 && (a.last + 1..b.first).all(|i| lines.is_blank(i))
}

/// `a`, `a and b`, `a, b and c` in the note's template.
fn note(names: &[&str]) -> String {
    let jobs = match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    };
    NOTE.replace("{jobs}", &jobs).replace("{date}", DATE)
}
