//! `[ ]`, `[[ ]]` and `test` (manual, Bash Conditional Expressions).

use super::HOLE;
use super::state::State;
use super::tree::Node;
use crate::workflow::condition::Truth;

/// What stands in a test, in order.
#[derive(Debug, Clone)]
enum Token<'s> {
    Sign(&'s str),
    Operand(Node<'s>),
}

/// The most operators of a test.
const MOST: usize = 100;

/// The operators that stand between two operands.
const BETWEEN: &[&str] =
    &["=", "==", "!=", "=~", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "<", ">", "-nt", "-ot", "-ef"];

/// A test as it is read, from the front on.
struct Reading<'a, 's> {
    state: &'a mut State<'s>,
    tokens: Vec<Token<'s>>,
    at: usize,
    /// `[[ ]]`: words are not split, and the right side of `==` is a pattern.
    double: bool,
}

impl<'s> State<'s> {
    /// Whether a test command succeeds.
    pub fn test(&mut self, node: Node<'s>) -> Option<Truth> {
        if node.has_sign("((") {
            return self.arithmetic(node);
        }
        let mut tokens = Vec::new();
        for child in node.children() {
            self.flatten(child, &mut tokens, 0)?;
        }
        let double = node.has_sign("[[");
        Reading { state: self, tokens, at: 0, double }.all()
    }

    /// The same for the arguments of `test`.
    pub fn test_words(&mut self, words: &[Node<'s>]) -> Option<Truth> {
        let source = self.source;
        let token = |word: &Node<'s>| {
            let text = source.get(word.byte_range()).unwrap_or_default();
            let sign = matches!(text, "!" | "(" | ")") || BETWEEN.contains(&text) || is_option(text);
            if sign { Token::Sign(text) } else { Token::Operand(*word) }
        };
        let tokens = words.iter().map(token).collect();
        Reading { state: self, tokens, at: 0, double: false }.all()
    }

    /// The parser's own grouping of `-a` and `-o` is not bash's: it is read anew.
    fn flatten(&self, node: Node<'s>, out: &mut Vec<Token<'s>>, depth: usize) -> Option<()> {
        if depth > MOST {
            return None;
        }
        match node.kind() {
            "binary_expression" | "unary_expression" | "negated_command" | "parenthesized_expression" => {
                let parts: Vec<_> = node.all().collect();
                parts.into_iter().try_for_each(|part| self.flatten(part, out, depth + 1))
            }
            "test_operator" => {
                out.push(Token::Sign(self.source.get(node.byte_range())?.trim()));
                Some(())
            }
            _ => {
                let sign = || Some(Token::Sign(self.source.get(node.byte_range())?));
                out.push(if node.is_named() { Token::Operand(node) } else { sign()? });
                Some(())
            }
        }
    }
}

fn is_option(text: &str) -> bool {
    text.len() == 2 && text.starts_with('-') && text.ends_with(|c: char| c.is_ascii_alphabetic())
}

impl<'s> Reading<'_, 's> {
    fn all(mut self) -> Option<Truth> {
        if self.tokens.is_empty() {
            return Some(Truth::False);
        }
        if self.tokens.len() > 4 * MOST {
            return None;
        }
        let truth = self.or()?;
        (self.at == self.tokens.len()).then_some(truth)
    }

    fn take(&mut self, signs: &[&str]) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Sign(sign)) if signs.contains(sign));
        self.at += usize::from(found);
        found
    }

    fn or(&mut self) -> Option<Truth> {
        let mut truth = self.and()?;
        while self.take(&["||", "-o"]) {
            truth = truth | self.and()?;
        }
        Some(truth)
    }

    fn and(&mut self) -> Option<Truth> {
        let mut truth = self.one()?;
        while self.take(&["&&", "-a"]) {
            truth = truth & self.one()?;
        }
        Some(truth)
    }

    fn one(&mut self) -> Option<Truth> {
        if self.take(&["!"]) {
            return self.one().map(|truth| !truth);
        }
        if self.take(&["("]) {
            let truth = self.or()?;
            return self.take(&[")"]).then_some(truth);
        }
        match (self.tokens.get(self.at).cloned()?, self.tokens.get(self.at + 1).cloned()) {
            (Token::Sign(sign), Some(Token::Operand(operand))) => {
                self.at += 2;
                self.unary(sign, operand)
            }
            (Token::Operand(left), Some(Token::Sign(sign))) if BETWEEN.contains(&sign) => {
                let Token::Operand(right) = self.tokens.get(self.at + 2)?.clone() else { return None };
                self.at += 3;
                self.binary(left, sign, right)
            }
            (Token::Operand(operand), _) => {
                self.at += 1;
                // `[ $x ]` of nothing is `[ ]`, which is false.
                match self.operand(operand)? {
                    Err(Truth::True) => Some(Truth::False),
                    _ => self.unary("-n", operand),
                }
            }
            _ => None,
        }
    }

    /// The text of an operand; `Err` where splitting leaves none or several words of it.
    fn operand(&mut self, node: Node<'s>) -> Option<Result<String, Truth>> {
        let bare = matches!(node.kind(), "simple_expansion" | "expansion" | "command_substitution");
        let text = self.state.text(node)?;
        Some(match () {
            () if self.double || !bare => Ok(text),
            () if text.is_empty() => Err(Truth::True),
            () if text.contains(char::is_whitespace) => Err(Truth::Unknown),
            () => Ok(text),
        })
    }

    fn unary(&mut self, sign: &str, node: Node<'s>) -> Option<Truth> {
        // `[ -n ]` asks whether the word `-n` is empty.
        let text = match self.operand(node)? {
            Ok(text) => text,
            Err(truth) => return Some(truth),
        };
        let empty = match text.chars().any(|c| c != HOLE) {
            true => Truth::False,
            false if text.is_empty() => Truth::True,
            false => Truth::Unknown,
        };
        Some(match sign {
            "-z" => empty,
            "-n" => !empty,
            _ => Truth::Unknown,
        })
    }

    fn binary(&mut self, left: Node<'s>, sign: &str, right: Node<'s>) -> Option<Truth> {
        let pattern = self.double && matches!(sign, "=" | "==" | "!=" | "=~");
        let left = self.operand(left)?;
        // A test with a word too few is an error, and so a failure.
        let wrong = |truth| Some(if truth == Truth::True { Truth::False } else { Truth::Unknown });
        let left = match left {
            Ok(text) => text,
            Err(truth) => return wrong(truth),
        };
        if pattern {
            let fits = if sign == "=~" { self.state.regex(right)? } else { self.state.pattern(right)? }.fits(&left);
            return Some(if sign == "!=" { !fits } else { fits });
        }
        let right = match self.operand(right)? {
            Ok(text) => text,
            Err(truth) => return wrong(truth),
        };
        if left.contains(HOLE) || right.contains(HOLE) {
            return Some(Truth::Unknown);
        }
        let numbers = || Some((left.trim().parse::<i64>().ok()?, right.trim().parse::<i64>().ok()?));
        Some(match (sign, numbers()) {
            ("=" | "==", _) => Truth::from(left == right),
            ("!=", _) => Truth::from(left != right),
            ("-eq", Some((a, b))) => Truth::from(a == b),
            ("-ne", Some((a, b))) => Truth::from(a != b),
            ("-lt", Some((a, b))) => Truth::from(a < b),
            ("-le", Some((a, b))) => Truth::from(a <= b),
            ("-gt", Some((a, b))) => Truth::from(a > b),
            ("-ge", Some((a, b))) => Truth::from(a >= b),
            _ => Truth::Unknown,
        })
    }
}
