//! A script without the `|| true` behind one of its lines, and whether that does what it should.
//!
//! Promises: `Ok` only where the model derives that the failure of at least one command then fails the step, and that
//! nothing else changes.

use super::{Command, Effect, Parsed, Script};

/// What can stand behind a command so that its failure is passed over, as it is written.
pub const TAILS: &[&str] = &["|| true", "|| :", "|| exit 0", "|| /bin/true"];

/// A line without the tail, if it ends with it and something stands before it.
pub fn cut<'l>(line: &'l str, tail: &str) -> Option<&'l str> {
    let rest = line.trim_end().strip_suffix(tail)?.trim_end();
    (!rest.trim().is_empty() && !rest.ends_with(['\\', '|', '&', ';', '('])).then_some(rest)
}

/// The text of the script with `tail` taken from every line that reads `line`, white space around it apart; `before`
/// are the commands of the script as it is, `parsed` what it was parsed to.
///
/// # Errors
/// Why that would not make the failure count, or would change something else.
pub fn without(
    script: &Script<'_>,
    (before, parsed): (&[Command<'_>], Option<&Parsed>),
    line: &str,
    tail: &str,
) -> Result<String, String> {
    let shorten = |own: &str| match (own.trim() == line.trim(), own.split_at(own.trim_end_matches(['\n', '\r']).len()))
    {
        (true, (body, end)) => cut(body, tail).map_or(own.to_owned(), |rest| format!("{rest}{end}")),
        _ => own.to_owned(),
    };
    let now: String = script.run.text.split_inclusive('\n').map(shorten).collect();
    if now == script.run.text {
        return Err(format!("no line reads `{}`", line.trim()));
    }
    let place = |command: &Command<'_>| (command.line, command.column);
    let changed = Script { run: super::Text { text: &now, ..script.run }, ..*script };
    let mut fails = false;
    for after in changed.read(parsed).0 {
        let Some(was) = before.iter().find(|was| place(was) == place(&after)) else {
            return Err("the script would be read in another way".to_owned());
        };
        match (&was.effect, &after.effect) {
            (Effect::Masked(_), Effect::FailsStep) => fails = true,
            (was, now) if was == now => {}
            (_, Effect::Masked(links)) => {
                let link = links.first().map(|link| link.kind.words()).unwrap_or_default();
                return Err(format!("its failure would still be passed over: {link}"));
            }
            _ => return Err("the model cannot tell what would become of its failure".to_owned()),
        }
    }
    if fails { Ok(now) } else { Err("no failure would count that is passed over now".to_owned()) }
}
