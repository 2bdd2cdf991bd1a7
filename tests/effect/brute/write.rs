//! A repository of `spec` as the YAML that wf-fix reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::spec::{Expr, File, Soft, Spec, Step, Work};

impl Expr {
    fn text(&self) -> String {
        let is = |eq: &bool| if *eq { "==" } else { "!=" };
        match self {
            Expr::Always => "always()".to_owned(),
            Expr::Failure => "failure()".to_owned(),
            Expr::Success => "success()".to_owned(),
            Expr::NotCancelled => "!cancelled()".to_owned(),
            Expr::False => "false".to_owned(),
            Expr::Free(n) => format!("vars.f{n} == 'y'"),
            Expr::Step(n, property, eq, word) => format!("steps.s{n}.{property} {} '{word}'", is(eq)),
            Expr::Needs(n, eq, word) => format!("needs.j{n}.result {} '{word}'", is(eq)),
            Expr::AnyNeed(word) => format!("contains(needs.*.result, '{word}')"),
            Expr::And(a, b) => format!("{} && {}", a.text(), b.text()),
            Expr::Or(a, b) => format!("{} || {}", a.text(), b.text()),
        }
    }
}

/// The path of a file.
pub fn path(file: usize) -> String {
    format!(".github/workflows/w{file}.yml")
}

/// The path of the action.
pub const ACTION: &str = "act/action.yml";

/// The files as texts.
pub fn texts(spec: &Spec) -> BTreeMap<String, Vec<u8>> {
    let mut all: BTreeMap<String, Vec<u8>> =
        spec.files.iter().enumerate().map(|(at, file)| (path(at), workflow(file).into_bytes())).collect();
    if !spec.action.is_empty() {
        let mut text = String::from("runs:\n  using: composite\n  steps:\n");
        spec.action.iter().for_each(|step| write_step(&mut text, "a", step, "    "));
        all.insert(ACTION.to_owned(), text.into_bytes());
    }
    all
}

fn workflow(file: &File) -> String {
    let mut text = format!("on: {}\njobs:\n", if file.called { "workflow_call" } else { "push" });
    for job in &file.jobs {
        let _ = writeln!(text, "  j{}:", job.id);
        if !job.needs.is_empty() {
            let needs: Vec<String> = job.needs.iter().map(|need| format!("j{need}")).collect();
            let _ = writeln!(text, "    needs: [{}]", needs.join(", "));
        }
        settings(&mut text, "    ", job.condition.as_ref(), job.soft);
        match job.calls {
            Some(file) => drop(writeln!(text, "    uses: ./{}", path(file))),
            None => {
                text.push_str("    runs-on: ubuntu-latest\n    steps:\n");
                job.steps.iter().for_each(|step| write_step(&mut text, &format!("j{}", job.id), step, "      "));
            }
        }
    }
    text
}

fn settings(text: &mut String, indent: &str, condition: Option<&Expr>, soft: Soft) {
    if let Some(condition) = condition {
        let _ = writeln!(text, "{indent}if: \"{}\"", condition.text());
    }
    match soft {
        Soft::No => {}
        Soft::Yes => drop(writeln!(text, "{indent}continue-on-error: true")),
        Soft::Free(n) => drop(writeln!(text, "{indent}continue-on-error: ${{{{ vars.f{n} == 'y' }}}}")),
    }
}

fn write_step(text: &mut String, prefix: &str, step: &Step, indent: &str) {
    let _ = writeln!(text, "{indent}- name: {}", step_name(prefix, step.id));
    let _ = writeln!(text, "{indent}  id: s{}", step.id);
    settings(text, &format!("{indent}  "), step.condition.as_ref(), step.soft);
    let work = match step.work {
        Work::Bit(n) => format!("run: make b{n}\n{indent}  shell: bash"),
        Work::Exit1 => format!("run: exit 1\n{indent}  shell: bash"),
        Work::Action => "uses: ./act".to_owned(),
    };
    let _ = writeln!(text, "{indent}  {work}");
}

/// The name of a step, once in its file.
pub fn step_name(prefix: &str, id: usize) -> String {
    format!("{prefix}-s{id}")
}
