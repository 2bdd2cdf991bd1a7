//! Findings as workflow commands, which GitHub Actions shows beside the lines of a pull request.
//!
//! Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>: `%`, line feed and
//! carriage return are escaped in messages, `:` and `,` in properties as well.

use std::fmt::Write as _;

use super::audit_text::way_out;
use super::safe::shown;
use crate::audit::Finding;
use crate::rule::Severity;

/// A command for every finding that needs action.
pub fn commands(found: &[&Finding]) -> String {
    let mut out = String::new();
    for finding in found.iter().filter(|finding| finding.needs_action()) {
        let word = match finding.severity {
            Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low => "notice",
        };
        let place = &finding.place;
        let message = format!("{}\n{}", shown(&finding.message), shown(&way_out(finding)));
        let _ = writeln!(
            out,
            "::{word} file={},line={},col={},title={}::{}",
            property(&shown(&place.file)),
            place.line,
            place.column,
            property(&format!("{} ({})", finding.detector, finding.severity)),
            escaped(&message)
        );
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_early() {
        assert_eq!(property("a,b:c%\nd"), "a%2Cb%3Ac%25%0Ad");
    }
}
