//! Headings, tables and lists, for a terminal or as Markdown.

use std::collections::BTreeMap;
use std::fmt::Write;

pub struct Text {
    out: String,
    markdown: bool,
}

impl Text {
    pub fn new(markdown: bool) -> Text {
        Text { out: String::new(), markdown }
    }

    pub fn finish(self) -> String {
        self.out
    }

    pub fn heading(&mut self, title: &str) {
        let _ = if self.markdown { write!(self.out, "\n## {title}\n\n") } else { write!(self.out, "\n{title}\n") };
    }

    pub fn table(&mut self, header: &[&str], rows: &[Vec<String>]) {
        let width = |col: usize| {
            let cells = rows.iter().filter_map(|row| row.get(col)).map(|cell| cell.chars().count());
            cells.chain([header[col].chars().count()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..header.len()).map(width).collect();
        let (edge, between) = if self.markdown { ("|", " | ") } else { ("", "  ") };
        let mut line = |cells: &[String]| {
            let padded =
                cells.iter().zip(&widths).enumerate().map(|(i, (cell, &width))| {
                    if i == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
                });
            let padded = padded.collect::<Vec<_>>().join(between);
            let space = if edge.is_empty() { "" } else { " " };
            let _ = writeln!(self.out, "{edge}{space}{padded}{space}{edge}");
        };
        if self.markdown || header.iter().all(|cell| !cell.is_empty()) {
            line(&header.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>());
        }
        if self.markdown {
            line(
                &widths
                    .iter()
                    .enumerate()
                    .map(|(i, &w)| if i == 0 { "-".repeat(w) } else { format!("{}:", "-".repeat(w.saturating_sub(1))) })
                    .collect::<Vec<_>>(),
            );
        }
        for row in rows {
            line(row);
        }
    }

    /// A list under a heading; nothing if it is empty.
    pub fn list(&mut self, title: &str, lines: Vec<String>) {
        if lines.is_empty() {
            return;
        }
        self.heading(&format!("{title} ({})", lines.len()));
        for line in lines {
            let _ = writeln!(self.out, "- {line}");
        }
    }

    /// (reason, place) pairs grouped by reason, most frequent first, with up to three places each.
    pub fn groups(&mut self, title: &str, items: Vec<(String, String)>) {
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let total = items.len();
        for (reason, place) in items {
            groups.entry(reason).or_default().push(place);
        }
        if total == 0 {
            return;
        }
        self.heading(&format!("{title} ({total})"));
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, places)| std::cmp::Reverse(places.len()));
        for (reason, places) in groups {
            let _ = writeln!(self.out, "- {}: {reason}", places.len());
            for place in places.iter().take(3) {
                let _ = writeln!(self.out, "  - {place}");
            }
        }
    }
}
