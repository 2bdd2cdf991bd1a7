//! The sweep's figures, as a text for a terminal or as Markdown for docs/sweep.md.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::find::Kind;
use crate::judge::{Case, Class, FileResult};
use crate::lint::LintResult;
use crate::text::Text;
use crate::tool::Said;

/// Refusals from this rate on fail the sweep.
const MAX_REFUSED_PERCENT: f64 = 1.0;

pub struct Sweep<'a> {
    pub files: &'a [FileResult],
    pub lint: Option<&'a LintResult>,
    pub elapsed: Duration,
}

#[derive(Default, Clone, Copy)]
struct Counts {
    targets: usize,
    exact: usize,
    wrong: usize,
    refused: usize,
    expected: usize,
    panics: usize,
    unjudged: usize,
    doubts: usize,
}

impl Counts {
    fn add(&mut self, class: &Class) {
        self.targets += 1;
        *match class {
            Class::Exact => &mut self.exact,
            Class::Wrong(_) => &mut self.wrong,
            Class::Refused(_) => &mut self.refused,
            Class::ExpectedRefusal(_) => &mut self.expected,
            Class::Panic(_) => &mut self.panics,
            Class::NoOracle(_) => &mut self.unjudged,
            Class::Doubt(_) => &mut self.doubts,
        } += 1;
    }

    /// Refusals where the oracle has bytes, in percent of all targets.
    fn refused_percent(&self) -> f64 {
        if self.targets == 0 { 0.0 } else { 100.0 * self.refused as f64 / self.targets as f64 }
    }
}

impl Sweep<'_> {
    fn cases(&self) -> impl Iterator<Item = (&FileResult, &Case)> {
        self.files.iter().flat_map(|file| file.cases.iter().map(move |case| (file, case)))
    }

    fn counts(&self, kind: Option<Kind>) -> Counts {
        let mut counts = Counts::default();
        for (_, case) in self.cases().filter(|(_, case)| kind.is_none_or(|kind| kind == case.target.kind)) {
            counts.add(&case.class);
        }
        counts
    }

    /// Whether the sweep shows what it must: nothing wrong, no panic, few refusals, nothing the oracle doubts.
    pub fn passes(&self) -> bool {
        let all = self.counts(None);
        let lint = self.lint.is_none_or(|lint| lint.new.is_empty() && lint.failed.is_empty());
        all.targets > 0
            && all.wrong + all.panics + all.doubts == 0
            && all.refused_percent() < MAX_REFUSED_PERCENT
            && lint
    }

    pub fn render(&self, markdown: bool) -> String {
        let mut out = Text::new(markdown);
        let repos: BTreeSet<_> = self.files.iter().map(|file| file.source.repo.as_str()).collect();
        let with_targets = self.files.iter().filter(|file| !file.cases.is_empty());
        let repos_with_targets: BTreeSet<_> = with_targets.clone().map(|file| file.source.repo.as_str()).collect();
        let all = self.counts(None);
        let tool: Duration = self.cases().map(|(_, case)| case.time).sum();
        let mut rows = vec![
            vec!["files read".to_owned(), self.files.len().to_string()],
            vec!["repositories".to_owned(), repos.len().to_string()],
            vec!["files with targets".to_owned(), with_targets.count().to_string()],
            vec!["repositories with targets".to_owned(), repos_with_targets.len().to_string()],
            vec![
                "files the oracle cannot read".to_owned(),
                self.files.iter().filter(|f| f.unfit.is_some()).count().to_string(),
            ],
            vec!["targets".to_owned(), all.targets.to_string()],
            vec!["exact".to_owned(), all.exact.to_string()],
            vec!["wrong".to_owned(), all.wrong.to_string()],
            vec!["refused".to_owned(), format!("{} ({:.2} %)", all.refused, all.refused_percent())],
            vec!["refused, as expected".to_owned(), all.expected.to_string()],
            vec!["panics".to_owned(), all.panics.to_string()],
            vec!["not judged by the oracle".to_owned(), all.unjudged.to_string()],
            vec!["oracle-doubt (its self-check fails)".to_owned(), all.doubts.to_string()],
        ];
        if let Some(lint) = self.lint {
            rows.push(vec!["results compared by actionlint".to_owned(), lint.compared.to_string()]);
            rows.push(vec!["findings in their originals".to_owned(), lint.known.to_string()]);
            rows.push(vec!["new findings in the results".to_owned(), lint.new.len().to_string()]);
            rows.push(vec!["not compared, original unreadable to actionlint".to_owned(), lint.unread.to_string()]);
        }
        rows.push(vec!["time in the tool".to_owned(), format!("{:.1} s", tool.as_secs_f64())]);
        rows.push(vec!["time in all".to_owned(), format!("{:.1} s", self.elapsed.as_secs_f64())]);
        out.table(&["", "count"], &rows);
        self.by_kind(&mut out);
        self.proofs(&mut out);
        self.details(&mut out);
        out.finish()
    }

    fn by_kind(&self, out: &mut Text) {
        out.heading("By kind of target");
        let header = ["kind", "targets", "exact", "wrong", "refused", "as expected", "panics", "not judged", "doubt"];
        let mut rows = Vec::new();
        for kind in Kind::ALL {
            let c = self.counts(Some(kind));
            let figures = [c.targets, c.exact, c.wrong, c.refused, c.expected, c.panics, c.unjudged, c.doubts];
            rows.push(std::iter::once(kind.label().to_owned()).chain(figures.iter().map(usize::to_string)).collect());
        }
        out.table(&header, &rows);
    }

    /// What the signal proofs say, a column for each kind of target.
    fn proofs(&self, out: &mut Text) {
        let said = |kind: Kind| self.cases().filter(move |(_, case)| case.target.kind == kind);
        let said = |kind: Kind| said(kind).filter_map(|(_, case)| case.said.as_ref());
        let mut words: Vec<&str> = Kind::ALL.iter().flat_map(|kind| said(*kind)).map(|said| said.word).collect();
        words.sort_unstable();
        words.dedup();
        let row = |name: &str, test: &dyn Fn(&Said) -> bool| {
            let counts: Vec<usize> =
                Kind::ALL.iter().map(|kind| said(*kind).filter(|said| test(said)).count()).collect();
            let all = counts.iter().sum::<usize>();
            let figures = std::iter::once(all).chain(counts).map(|n| n.to_string());
            std::iter::once(name.to_owned()).chain(figures).collect::<Vec<_>>()
        };
        let mut rows: Vec<Vec<String>> = words.into_iter().map(|word| row(word, &|said| said.word == word)).collect();
        rows.push(row("proofs", &|_| true));
        rows.push(row("other jobs or steps are reached otherwise", &|said| said.consequences));
        rows.push(row("no command of the step can fail it", &|said| said.cannot_fail));
        rows.push(row("deferred: a run decides", &|said| said.deferred));
        out.heading("What the signal proofs say");
        let kinds = Kind::ALL.iter().map(|kind| kind.label());
        out.table(&["", "all"].into_iter().chain(kinds).collect::<Vec<_>>(), &rows);
        let rare = |said: &&Said| !["fails-run", "nothing", "now-runs"].contains(&said.word);
        let rare = self.cases().filter_map(|(file, case)| Some((case.said.as_ref().filter(rare)?, place(file, case))));
        out.groups("Proofs that say something else", rare.map(|(said, at)| (said.word.to_owned(), at)).collect());
    }

    fn details(&self, out: &mut Text) {
        let pick = |choose: &dyn Fn(&Class) -> Option<String>| {
            let picked = self.cases().filter_map(|(file, case)| Some((choose(&case.class)?, place(file, case))));
            picked.collect::<Vec<_>>()
        };
        let as_lines =
            |items: Vec<(String, String)>| items.into_iter().map(|(what, place)| format!("{place}: {what}")).collect();
        let wrong = pick(&|class| {
            if let Class::Wrong(what) = class { Some(what.clone()) } else { None }
        });
        out.list("Wrong", as_lines(wrong));
        let panics = pick(&|class| {
            if let Class::Panic(what) = class { Some(what.clone()) } else { None }
        });
        out.list("Panics", as_lines(panics));
        let doubts = pick(&|class| {
            if let Class::Doubt(what) = class { Some(what.clone()) } else { None }
        });
        out.list("Oracle-doubt", as_lines(doubts));
        let refused = pick(&|class| {
            if let Class::Refused(why) = class { Some(reason(why)) } else { None }
        });
        out.groups("Refused", refused);
        let expected = pick(&|class| {
            if let Class::ExpectedRefusal(why) = class { Some((*why).to_owned()) } else { None }
        });
        out.groups("Refused, as expected", expected);
        let unjudged = pick(&|class| {
            if let Class::NoOracle(why) = class { Some((*why).to_owned()) } else { None }
        });
        out.groups("Not judged by the oracle", unjudged);
        let unfit = self.files.iter().filter_map(|file| Some((reason(file.unfit.as_ref()?), file.source.name.clone())));
        out.groups("Files the oracle cannot read", unfit.collect());
        if let Some(lint) = self.lint {
            out.list("New findings of actionlint", lint.new.clone());
            out.list("Failed runs of actionlint", lint.failed.clone());
        }
    }
}

fn place(file: &FileResult, case: &Case) -> String {
    let action = if matches!(case.target.kind, Kind::DisabledJob | Kind::AnyJob) { " (remove job)" } else { "" };
    format!("{} {}{action}", file.source.name, case.target.at)
}

/// A refusal without its particulars, to group by: its first line, numbers and quoted names replaced.
fn reason(message: &str) -> String {
    let mut out = String::new();
    let mut quote = None;
    for c in message.lines().next().unwrap_or_default().chars() {
        match (quote, c) {
            (Some(open), c) if c == open => {
                quote = None;
                out.push(c);
            }
            (Some(_), _) => {}
            (None, '`' | '"') => {
                quote = Some(c);
                out.push_str(&format!("{c}…"));
            }
            (None, c) if c.is_ascii_digit() => {
                if !out.ends_with('N') {
                    out.push('N');
                }
            }
            (None, c) => out.push(c),
        }
    }
    // `.github/workflows/a.yml:N:N: message`
    match out.split_once(":N:N: ") {
        Some((path, rest)) if !path.contains(' ') => rest.to_owned(),
        _ => out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_group_without_their_particulars() {
        let message = ".github/workflows/a.yml:12:3: job `build` is needed by `test`\nhint";
        assert_eq!(reason(message), "job `…` is needed by `…`");
    }
}
