//! What must hold for any workflow: random ones, with comments, quotes, line ends and blank lines wherever they may be.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use wf_fix::change::Snapshot;
use wf_fix::plan::{Status, plan};
use wf_fix::rule::{Risk, parse};
use wf_fix::yaml::{Document, load};

const PATH: &str = ".github/workflows/w.yml";

/// A line of a step besides the one to remove.
fn other_line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("run: |\n          make\n\n          # not a comment\n".to_owned()),
        Just("run: >-\n          a\n          b\n".to_owned()),
        Just("run: make test || true # why\n".to_owned()),
        Just("with: {a: 1, 'b': \"x # y\"}\n".to_owned()),
        Just("env:\n          A: é\n\n          # inner\n          B: 'it''s'\n".to_owned()),
        Just("if: ${{ !cancelled() }}\n".to_owned()),
        "[a-z]{1,8}".prop_map(|word| format!("id: {word}\n")),
    ]
}

/// Lines that say nothing: comments at several columns, blank ones.
fn noise() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            4 => Just(String::new()),
            1 => Just("\n".to_owned()),
            1 => Just("        # of the step\n".to_owned()),
            1 => Just("      # of the list\n".to_owned()),
            1 => Just("# far left\n".to_owned()),
        ],
        0..3,
    )
    .prop_map(|lines| lines.concat())
}

/// A workflow whose steps are `s0`, `s1`, ..., each with `continue-on-error: true` at some position.
fn workflow() -> impl Strategy<Value = (String, usize)> {
    let step = (0..3usize, noise(), other_line());
    (prop::collection::vec(step, 1..5), noise(), prop::bool::ANY, prop::bool::ANY).prop_map(
        |(steps, top, crlf, final_newline)| {
            let count = steps.len();
            let mut text = format!("{top}on: push\njobs:\n  j:\n    runs-on: ubuntu-latest\n    steps:\n");
            for (index, (position, noise, other)) in steps.into_iter().enumerate() {
                let mut lines = vec![format!("name: s{index}\n"), other];
                lines.insert(position.min(lines.len()), "continue-on-error: true # soft\n".to_owned());
                for (n, line) in lines.iter().enumerate() {
                    text.push_str(if n == 0 { "      - " } else { "        " });
                    text.push_str(line);
                    text.push_str(&noise);
                }
            }
            if !final_newline {
                text.truncate(text.trim_end_matches('\n').len());
            }
            (if crlf { text.replace('\n', "\r\n") } else { text }, count)
        },
    )
}

fn remove(index: usize) -> Risk {
    let rule = format!(
        "id: P-{index}\ntitle: t\nseverity: low\ncategory: soft-fail\nworkflow: {PATH}\nrewrites:\n  - remove-key:\n      at: $.jobs.j.steps[?@.name == 's{index}']['continue-on-error']\n"
    );
    parse("p.yml", rule.as_bytes()).unwrap()
}

/// The text after the risks, in order; none if one was refused.
fn run(text: &str, risks: &[&Risk]) -> Option<String> {
    let files = [(PATH.to_owned(), text.as_bytes().to_vec())].into();
    let snapshot = Snapshot { names: vec![PATH.to_owned()], files, ..Snapshot::default() };
    let mut now = text.to_owned();
    for planned in plan(risks, &snapshot, "2026-02-08") {
        match planned.status {
            Status::Pending(files) => now = String::from_utf8(files[0].change.after.clone().unwrap()).unwrap(),
            Status::Done(_) => {}
            Status::Refused(fault) => {
                assert!(!fault.to_string().contains("bug in wf-fix"), "{fault}\n{text}");
                return None;
            }
            status => panic!("{status:?}\n{text}"),
        }
    }
    Some(now)
}

/// The lines of a text that are not the soft-fail.
fn others(text: &str) -> Vec<&str> {
    text.lines().map(|line| line.trim_start_matches([' ', '-'])).filter(|line| !line.is_empty()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn one_soft_fail_goes_and_nothing_else((text, count) in workflow(), pick in any::<prop::sample::Index>()) {
        let index = pick.index(count);
        let risk = remove(index);
        let Some(after) = run(&text, &[&risk]) else { return Ok(()) };
        let kept = others(&text).into_iter().filter(|line| !line.contains("# soft")).count();
        let soft = text.matches("# soft").count();
        prop_assert_eq!(after.matches("# soft").count(), soft - 1);
        prop_assert_eq!(others(&after).into_iter().filter(|line| !line.contains("# soft")).count(), kept);
        // The value tree says the same.
        let (before, now) = (load("b", &text).unwrap(), load("a", &after).unwrap());
        prop_assert_eq!(now.nodes.len(), before.nodes.len() - 2);
        // A second run finds nothing.
        prop_assert_eq!(run(&after, &[&risk]), Some(after.clone()));
    }

    #[test]
    fn two_risks_commute((text, count) in workflow()) {
        let (first, last) = (remove(0), remove(count - 1));
        if let (Some(one), Some(other)) = (run(&text, &[&first, &last]), run(&text, &[&last, &first])) {
            prop_assert_eq!(one, other);
        }
    }

    #[test]
    fn no_text_makes_the_intake_panic(text in "(?s).{0,200}") {
        let _ = Document::parse("w", text.as_bytes());
    }

    #[test]
    fn no_yaml_like_text_makes_the_intake_panic(text in "([a-z]{1,3}(: |:\n|\n|- | |  |\\||>|\\+|#|'|\"|\\[|\\]|\\{|\\}|,|&a|\\*a|\\? |é|\t|\r\n)){0,40}") {
        let _ = Document::parse("w", text.as_bytes());
    }

    #[test]
    fn no_text_makes_a_rule_file_panic(text in "(id|title|rewrites|at|workflow|x)(: |:\n  - |\n|\\$\\.|\\[|'){0,30}") {
        let _ = parse("r", text.as_bytes());
    }
}
