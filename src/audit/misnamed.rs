//! Conditions that ask a matrix for what it cannot hold: a key of another name, or text where it has a boolean.

use crate::workflow::value::Value;
use crate::workflow::view::Job;

/// Why no leg of a job's matrix ever fulfils `matrix.KEY == 'TEXT'`, where that is a slip and no leg is waited for.
///
/// Source: expressions, "Operators": a boolean and a string are compared as numbers, and `'true'` is none.
pub(super) fn slip(job: &Job<'_>, condition: &str) -> Option<String> {
    let legs = job.matrix.as_ref()?.legs()?;
    comparisons(condition).find_map(|(key, text)| {
        let values = || legs.iter().map(|leg| leg.value(&[key]));
        if matches!(text, "true" | "false") && values().any(|value| matches!(value, Value::Bool(_))) {
            return Some(format!("`matrix.{key}` is a boolean, which is never equal to the text '{text}'"));
        }
        let undefined = values().all(|value| value == Value::Null);
        let other = legs.iter().filter(|_| undefined).find_map(|leg| leg.key_of(text))?;
        Some(format!("the matrix has `{text}` as `{other}`, and no `{key}`"))
    })
}

/// `matrix.KEY == 'TEXT'` in a condition: the keys and the texts.
fn comparisons(condition: &str) -> impl Iterator<Item = (&str, &str)> {
    condition.match_indices("matrix.").filter_map(|(at, head)| {
        let rest = &condition[at + head.len()..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'))?;
        let text = rest[end..].trim_start().strip_prefix("==")?.trim_start().strip_prefix('\'')?;
        Some((&rest[..end], text.split_once('\'')?.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compared_is_found() {
        let found: Vec<_> = comparisons("runner.os == 'x' && matrix.a-b == 'c' || matrix.d != 'e'").collect();
        assert_eq!(found, [("a-b", "c")]);
    }
}
