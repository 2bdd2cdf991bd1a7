//! `(( ))` and `$(( ))`: counters and their comparisons (manual, Shell Arithmetic).

use super::state::{State, Var};
use super::tree::Node;
use crate::workflow::condition::Truth;

/// A number, or none where it is not known.
type Number = Option<i64>;

/// A number that is no octal one: "constants with a leading 0 are interpreted as octal numbers".
fn decimal(text: &str) -> Number {
    let text = text.trim();
    let digits = text.trim_start_matches('-');
    text.parse().ok().filter(|_| digits == "0" || !digits.starts_with('0'))
}

impl<'s> State<'s> {
    /// Whether `(( ))` succeeds: "If the value of the expression is non-zero, the return status is 0".
    pub fn arithmetic(&mut self, node: Node<'s>) -> Option<Truth> {
        let [one] = node.children()[..] else { return None };
        Some(self.number(one)?.map_or(Truth::Unknown, |number| Truth::from(number != 0)))
    }

    /// The value of an expression; what it counts is counted.
    pub fn number(&mut self, node: Node<'s>) -> Option<Number> {
        self.deeper(|state| state.number_of(node))
    }

    fn number_of(&mut self, node: Node<'s>) -> Option<Number> {
        let text = self.source.get(node.byte_range())?;
        match node.kind() {
            "number" | "word" | "variable_name" | "simple_expansion" | "expansion" | "string" => {
                self.operand_number(node, text)
            }
            "parenthesized_expression" => self.number(node.named_child(0)?),
            "postfix_expression" | "unary_expression" => {
                let (name, by) = match text.trim() {
                    text if text.ends_with("++") || text.starts_with("++") => (text.trim_matches('+'), 1),
                    text if text.ends_with("--") || text.starts_with("--") => (text.trim_matches('-'), -1),
                    _ => return None,
                };
                let before = self.variable(name.trim());
                let after = before.and_then(|number| number.checked_add(by));
                self.count(name.trim(), after);
                Some(if node.kind() == "postfix_expression" { before } else { after })
            }
            "binary_expression" | "variable_assignment" => self.binary_number(node),
            _ => None,
        }
    }

    fn operand_number(&mut self, node: Node<'s>, text: &str) -> Option<Number> {
        let is_name = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        Some(if is_name { self.variable(text) } else { decimal(&self.text(node)?) })
    }

    fn binary_number(&mut self, node: Node<'s>) -> Option<Number> {
        let (left, right) = (node.named_child(0)?, node.named_child(1)?);
        let sign = self.source.get(left.end_byte()..right.start_byte())?.trim();
        let b = self.number(right)?;
        if let "=" | "+=" | "-=" = sign {
            let name = self.source.get(left.byte_range())?;
            let a = if sign == "=" { Some(0) } else { self.variable(name) };
            let sum = a.zip(b).and_then(|(a, b)| if sign == "-=" { a.checked_sub(b) } else { a.checked_add(b) });
            self.count(name, sum);
            return Some(sum);
        }
        let a = self.number(left)?;
        let compare = |test: fn(&i64, &i64) -> bool| Some(a.zip(b).map(|(a, b)| i64::from(test(&a, &b))));
        match sign {
            "+" => Some(a.zip(b).and_then(|(a, b)| a.checked_add(b))),
            "-" => Some(a.zip(b).and_then(|(a, b)| a.checked_sub(b))),
            "==" => compare(i64::eq),
            "!=" => compare(i64::ne),
            "<" => compare(i64::lt),
            "<=" => compare(i64::le),
            ">" => compare(i64::gt),
            ">=" => compare(i64::ge),
            _ => None,
        }
    }

    /// "A shell variable that is null or unset evaluates to 0"; one that nothing sets may come with the environment.
    fn variable(&self, name: &str) -> Number {
        match self.vars.get(name) {
            Some(Var::Text(text)) if text.is_empty() => Some(0),
            Some(Var::Text(text)) => decimal(text),
            _ => None,
        }
    }

    fn count(&mut self, name: &str, number: Number) {
        let text = number.map_or_else(|| super::HOLE.to_string(), |number| number.to_string());
        self.set(name, text);
    }
}
