//! A workflow's text made another by lines: what people do to a file, and what makes an edit hard.

use super::choices::Choices;

/// Lines that can stand in a job or a step.
const LINES: &[&str] = &[
    "continue-on-error: true",
    "continue-on-error: ${{ matrix.soft }} # flaky mirror",
    "if: false && github.repository == 'o/r'  # not on forks",
    "if: \"always() && false\"",
    "if: >-",
    "  false",
    "needs: [a, b]",
    "needs: a",
    "run: make test || true # why",
    "run: |",
    "  make || true",
    "<<: *x",
    "env: &x {A: 1, 'b': \"c # d\"}",
    "with: *x",
    "- &y name: x",
    "- continue-on-error: true",
    "-",
    "timeout-minutes: !!int 5",
    "'q''uoted': \"\\u00e9\\\"\"",
    "? k",
    ": v",
    "steps: []",
    "b: {continue-on-error: true, run: x}",
    "c: [{if: false && x}, # in",
    "  y]",
    "key:",
    "é: 'ü' # ö",
    "...",
    "\tx: 1",
];

/// Comments.
const COMMENTS: &[&str] = &["# why", "#", "# NOTE: a was removed in M01 (2026-02-08):", "#x: 1", "# é"];

/// The text after as many changes as the choices say.
pub fn mutate(text: &str, choices: &mut Choices<'_>) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    for _ in 0..choices.below(8) {
        one(&mut lines, choices);
    }
    let text = lines.concat();
    match choices.below(8) {
        1 => text.replace('\n', "\r\n"),
        2 => text.trim_end_matches('\n').to_owned(),
        3 => format!("\u{feff}{text}"),
        4 => format!("{text}\n\n"),
        5 => text.replacen('\n', "\r\n", 1),
        _ => text,
    }
}

fn one(lines: &mut Vec<String>, choices: &mut Choices<'_>) {
    let what = choices.below(12);
    let at = choices.below(lines.len().max(1));
    let Some(line) = lines.get(at).cloned() else { return lines.push("a: 1\n".to_owned()) };
    let indent = " ".repeat(line.len() - line.trim_start_matches(' ').len());
    let block = at..at + block(&lines[at..]);
    match what {
        0 => lines.insert(at, format!("{indent}{}\n", choices.one(LINES).copied().unwrap_or_default())),
        1 => lines.insert(at, format!("{indent}  {}\n", choices.one(LINES).copied().unwrap_or_default())),
        2 => {
            let column = " ".repeat(choices.below(9));
            lines.insert(at, format!("{column}{}\n", choices.one(COMMENTS).copied().unwrap_or_default()));
        }
        3 => lines[at] = format!("{} {}\n", line.trim_end(), choices.one(COMMENTS).copied().unwrap_or_default()),
        4 => lines.insert(at, ["\n", "  \n", "\r\n"][choices.below(3)].to_owned()),
        5 => drop(lines.drain(block)),
        6 => {
            let copy: Vec<String> = lines[block].to_vec();
            let to = choices.below(lines.len() + 1);
            lines.splice(to..to, copy);
        }
        7 => lines[block].iter_mut().for_each(|line| line.insert_str(0, "  ")),
        8 => lines[block].iter_mut().for_each(|line| *line = line.strip_prefix("  ").unwrap_or(line).to_owned()),
        9 => lines[at] = quoted(&line, choices.yes()),
        10 => {
            lines[at] = line.replacen(": ", [": &x ", ": !!str ", ":  ", ": *x #", ": |-\n      "][choices.below(5)], 1)
        }
        _ => {
            let other = choices.below(lines.len());
            lines.swap(at, other);
        }
    }
}

/// A line and those that stand deeper below it.
fn block(lines: &[String]) -> usize {
    let indent = |line: &String| line.len() - line.trim_start_matches([' ', '-']).len();
    let first = lines.first().map_or(0, indent);
    1 + lines.iter().skip(1).take_while(|line| indent(line) > first).count()
}

fn quoted(line: &str, double: bool) -> String {
    let Some((key, value)) = line.trim_end().split_once(": ") else { return line.to_owned() };
    match double {
        true => format!("{key}: {value:?}\n"),
        false => format!("{key}: '{}'\n", value.replace('\'', "''")),
    }
}
