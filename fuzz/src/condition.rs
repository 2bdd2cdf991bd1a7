//! Conditions and expressions: the first line chooses, the rest is a condition.
//!
//! What is called true or false must be so in every world, and as an evaluator of its own says; `edit-condition` leaves
//! the other operands as they were, and what it mends was false in every world.

use github_actions_expressions::Expr;
use github_actions_expressions::SpannedExpr;
use github_actions_expressions::op::BinOp;
use wf_fix::plan::FilePlan;
use wf_fix::rule::parse;
use wf_fix::workflow::condition::{self, Form, Truth};
use wf_fix::workflow::{expression, value};
use wf_fix::yaml::{Document, load};

use super::choices::{Choices, split};
use super::evaluate::{World, evaluate, truthy};
use super::rewrite::{PATH, planned, rule};

/// The longest text: the parser's work grows faster than its input.
const MOST: usize = 2000;

/// Choices and a condition.
pub fn run(data: &[u8]) {
    let (mut choices, rest) = split(data);
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let text = text.strip_suffix('\n').unwrap_or(text);
    if text.len() > MOST {
        return;
    }
    let world = World { seed: u8::try_from(choices.below(250)).unwrap_or(0), hidden: [0, 3, 6, 8][choices.below(4)] };
    forms(text);
    judged(text, world);
    edited(text, world, &mut choices);
}

/// The parts of a condition lie in it.
fn forms(text: &str) {
    let form = condition::form(text);
    let range = condition::expression_range(text, form);
    let inner = &text[range];
    assert_eq!(inner.trim(), inner);
    for body in expression::bodies(text) {
        assert!(text.contains(body));
    }
    let _ = condition::overrides_status(text);
    let _ = expression::reads(text, "needs", "build");
    if form == Form::Mixed {
        assert_eq!(condition::truth(text), Truth::True);
    }
}

/// What is known without a run, or with some of it, holds in every run.
fn judged(text: &str, world: World) {
    let without = condition::truth(text);
    let form = condition::form(text);
    let body = &text[condition::expression_range(text, form)];
    let Ok(expr) = expression::parse(body) else { return };
    let (some, all) = (value::eval(&expr, &world).truth(), value::eval(&expr, &world.whole()).truth());
    let agrees = |less: Truth, more: Truth| less == Truth::Unknown || more == Truth::Unknown || less == more;
    assert_eq!(condition::fold(&expr), value::eval(&expr, &value::Nothing).truth());
    if form != Form::Mixed {
        assert!(agrees(without, some) && agrees(without, all), "{without:?} {some:?} {all:?}: {text}");
        assert!(without == Truth::Unknown || some == without, "known without a run, lost with one: {text}");
    }
    assert!(agrees(some, all), "{some:?} {all:?}: {text} {world:?}");
    if let (Some(own), false) = (evaluate(&expr, world.whole()), all == Truth::Unknown) {
        assert_eq!(Truth::from(truthy(&own)), all, "{text} {world:?} {own:?}");
    }
    let judged = condition::judge(text, &world.whole());
    let own = condition::own_truth(text, &world.whole());
    assert!(judged != Truth::True || own == Truth::True, "`success()` makes nothing true: {text}");
}

/// The condition in a workflow, mended.
fn edited(text: &str, world: World, choices: &mut Choices<'_>) {
    let source = workflow(text, choices.below(7));
    let Ok(document) = Document::parse(PATH, source.as_bytes()) else { return };
    let set = choices.below(4) == 3;
    let change = if set { "set: \"github.x && 'a: b' != github.y\"" } else { "drop: false" };
    let rewrites = format!("  - edit-condition:\n      at: $.jobs.a.steps[0].if\n      {change}\n");
    let risk = parse("f.yml", rule(&rewrites).as_bytes()).expect("a rule of ours");
    let before = decoded(document.tree()).unwrap_or_default();
    for file in planned(&risk, source.as_bytes()) {
        let after = after(&file);
        match set {
            true => assert!(after.contains("github.x && 'a: b' != github.y"), "{after}"),
            false => dropped(&before, &after, world.whole()),
        }
    }
}

fn workflow(text: &str, style: usize) -> String {
    let block = text.replace('\n', "\n          ");
    let value = match style {
        0 => text.to_owned(),
        1 => format!("'{}'", text.replace('\'', "''")),
        2 => serde_json::Value::from(text).to_string(),
        3 => format!("|\n          {block}"),
        4 => format!(">-\n          {block}"),
        5 => format!("${{{{ {text} }}}}"),
        _ => format!("\n          {block}"),
    };
    format!("jobs:\n  a:\n    runs-on: x\n    steps:\n      - if: {value} # why\n        run: b\n")
}

/// The condition of the one step.
fn decoded(tree: &wf_fix::yaml::Tree) -> Option<String> {
    let steps = tree.get(tree.get(tree.get(0, "jobs")?, "a")?, "steps")?;
    Some(condition::text(tree, tree.get(*tree.items(steps).first()?, "if")?)?.into_owned())
}

fn after(file: &FilePlan) -> String {
    let text = String::from_utf8(file.change.after.clone().expect("the file stays")).expect("UTF-8 stays UTF-8");
    decoded(&load(PATH, &text).expect("the result is YAML")).expect("the condition stays")
}

/// Before it was false in every world; after, it is what the operands but `false` make.
fn dropped(before: &str, after: &str, world: World) {
    let body = |text: &str| condition::expression_range(text, condition::form(text));
    let (was, now) = (expression::parse(&before[body(before)]), expression::parse(&after[body(after)]));
    let (Ok(was), Ok(now)) = (was, now) else { panic!("{before} becomes {after}") };
    assert_eq!(value::eval(&was, &world).truth(), Truth::False, "{before}");
    let mut operands = Vec::new();
    flatten(&was, &mut operands);
    let kept = operands.iter().filter(|operand| !condition::is_false(operand));
    let wanted = kept.map(|operand| value::eval(operand, &world).truth()).fold(Truth::True, |all, one| all & one);
    assert_eq!(value::eval(&now, &world).truth(), wanted, "{before} becomes {after}");
}

fn flatten<'e, 's>(expr: &'e SpannedExpr<'s>, out: &mut Vec<&'e SpannedExpr<'s>>) {
    match &expr.inner {
        Expr::BinExpr(both) if matches!(both.op, BinOp::And) => {
            flatten(&both.lhs, out);
            flatten(&both.rhs, out);
        }
        _ => out.push(expr),
    }
}
