//! The oracle's self-check: its result parses, and its events are the original's without what was to go.

use super::Answer;
use crate::events::Doc;
use yaml_rust2::Event;

pub fn check(before: &Doc, answer: &Answer) -> Result<(), String> {
    let after = Doc::parse(&answer.text).map_err(|e| format!("the result does not parse: {e}"))?;
    let mut expected =
        before.events.iter().enumerate().filter(|(i, _)| !answer.gone.iter().any(|gone| gone.contains(i)));
    let mut actual = after.events.iter();
    loop {
        let (want, got) = (expected.next(), actual.next());
        let Some(got) = got else {
            return want
                .map_or(Ok(()), |(_, want)| Err(format!("line {}: {:?} is missing", want.line + 1, want.event)));
        };
        let same = want.is_some_and(|(i, want)| match &answer.changed {
            Some((changed, text)) if *changed == i => same_but_text(&want.event, &got.event, text),
            _ => want.event == got.event,
        });
        if !same {
            return Err(format!("line {} of the result: unexpected {:?}", got.line + 1, got.event));
        }
    }
}

fn same_but_text(before: &Event, after: &Event, text: &str) -> bool {
    match (before, after) {
        (Event::Scalar(_, style, anchor, tag), Event::Scalar(now, now_style, now_anchor, now_tag)) => {
            now == text && style == now_style && anchor == now_anchor && tag == now_tag
        }
        _ => false,
    }
}
