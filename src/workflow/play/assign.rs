//! Assignments and declarations (manual, Shell Parameters and Arrays).

use super::HOLE;
use super::state::{State, Var};
use super::tree::Node;
use crate::workflow::condition::Truth;

impl<'s> State<'s> {
    /// `a=b c=d`, `local a=b`, `declare -A a`. The status is that of the last command substitution, but behind a word
    /// such as `local` it is always success.
    pub fn assignments(&mut self, node: Node<'s>) -> Option<()> {
        self.substituted = Truth::True;
        let own = if node.kind() == "variable_assignment" { vec![node] } else { node.children() };
        let is_array = |child: &Node<'_>| {
            child.kind() == "word"
                && self.source.get(child.byte_range()).is_some_and(|word| ["-a", "-A"].contains(&word))
        };
        let arrays = own.iter().any(is_array);
        for child in own {
            match child.kind() {
                "variable_assignment" => {
                    let name = child.field("name").and_then(|name| self.source.get(name.byte_range()));
                    self.hide(node, name?);
                    self.assign(child)?;
                }
                // `declare -A a` and `local a` start anew.
                "variable_name" => {
                    let name = self.source.get(child.byte_range())?;
                    self.hide(node, name);
                    if node.has_sign("local") || node.has_sign("declare") {
                        let none = if arrays { Var::Array(Vec::new()) } else { Var::Text(String::new()) };
                        self.vars.insert(name.to_owned(), none);
                    }
                }
                "word" if matches!(self.source.get(child.byte_range())?, "-r" | "-x" | "-a" | "-A" | "-i" | "-g") => {}
                _ => return None,
            }
        }
        let declares = node.kind() == "declaration_command";
        self.done(if declares { Truth::True } else { self.substituted })
    }

    /// Notes what a `local` of a function hides.
    fn hide(&mut self, declaration: Node<'s>, name: &str) {
        let is_local = ["local", "declare", "typeset"].iter().any(|word| declaration.has_sign(word));
        if is_local {
            self.hidden.push((name.to_owned(), self.vars.get(name).cloned()));
        }
    }

    fn assign(&mut self, node: Node<'s>) -> Option<()> {
        let target = node.field("name")?;
        let adds = node.has_sign("+=");
        let value = node.field("value");
        if target.kind() == "subscript" {
            return self.assign_member(target, value?);
        }
        let name = self.source.get(target.byte_range())?;
        // How words are split from here on is not followed.
        if name == "IFS" {
            return None;
        }
        let value = match value {
            Some(value) if value.kind() == "array" => Var::Array(self.array(name, value, adds)?),
            Some(value) => {
                let text = self.text(value)?;
                match self.vars.get(name) {
                    Some(Var::Text(old)) if adds => Var::Text(format!("{old}{text}")),
                    Some(Var::Array(_)) => return None,
                    None if adds => Var::Text(format!("{HOLE}{text}")),
                    _ => Var::Text(text),
                }
            }
            None => Var::Text(String::new()),
        };
        self.keep(name, value);
        Some(())
    }

    fn array(&mut self, name: &str, node: Node<'s>, adds: bool) -> Option<Vec<(String, String)>> {
        let mut all = match self.vars.get(name) {
            Some(Var::Array(old)) if adds => old.clone(),
            Some(Var::Text(old)) if adds && !old.is_empty() => return None,
            _ => Vec::new(),
        };
        for word in node.children() {
            // `([key]=value)` is parsed as words of its own.
            if self.source.get(word.byte_range())?.starts_with('[') {
                return None;
            }
            for field in self.known_fields(word)? {
                all.push((all.len().to_string(), field));
            }
        }
        Some(all)
    }

    fn assign_member(&mut self, target: Node<'s>, value: Node<'s>) -> Option<()> {
        let name = self.source.get(target.field("name")?.byte_range())?;
        let key = self.text(target.field("index")?)?;
        let value = self.text(value)?;
        let mut all = match self.vars.get(name) {
            Some(Var::Array(all)) => all.clone(),
            Some(Var::Text(text)) if text.is_empty() => Vec::new(),
            _ => return None,
        };
        if key.contains(HOLE) {
            return None;
        }
        match all.iter_mut().find(|(own, _)| *own == key) {
            Some(member) => member.1 = value,
            None => all.push((key, value)),
        }
        self.keep(name, Var::Array(all));
        Some(())
    }

    pub fn unset(&mut self, node: Node<'s>) -> Option<()> {
        for child in node.children() {
            self.set(self.source.get(child.byte_range())?, String::new());
        }
        self.done(Truth::True)
    }
}
