//! The difference between two value trees: ordered, by raw text and style, aliases as references.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::claim::Change;
use crate::yaml::{NodeId, Path, Style, Tree, Value};

/// Everything that differs, in document order.
pub fn delta(before: &Tree, after: &Tree) -> Vec<Change> {
    let mut compare = Compare { before, after, found: Vec::new() };
    compare.nodes(0, 0, &Path::default());
    compare.found
}

struct Compare<'a> {
    before: &'a Tree<'a>,
    after: &'a Tree<'a>,
    found: Vec<Change>,
}

impl Compare<'_> {
    fn nodes(&mut self, a: NodeId, b: NodeId, path: &Path) {
        if self.before.same(a, self.after, b) {
            return;
        }
        let (x, y) = (&self.before.nodes[a], &self.after.nodes[b]);
        let same_frame = x.anchor == y.anchor && x.tag == y.tag;
        match (&x.value, &y.value) {
            (Value::Mapping(p), Value::Mapping(q)) if same_frame && self.same_order(p, q) => self.mappings(p, q, path),
            (Value::Sequence(p), Value::Sequence(q)) if same_frame => self.sequences(p, q, path),
            _ => self.changed(a, b, path),
        }
    }

    fn changed(&mut self, a: NodeId, b: NodeId, path: &Path) {
        let (was, now) = (self.before.render(a), self.after.render(b));
        self.found.push(Change::Changed { path: path.clone(), was, now });
    }

    /// Whether the keys both mappings have stand in the same order.
    fn same_order(&self, p: &[(NodeId, NodeId)], q: &[(NodeId, NodeId)]) -> bool {
        let (a, b) = (keys(self.before, p), keys(self.after, q));
        let (in_a, in_b): (HashSet<_>, HashSet<_>) = (a.iter().collect(), b.iter().collect());
        a.iter().filter(|k| in_b.contains(k)).eq(b.iter().filter(|k| in_a.contains(k)))
    }

    fn mappings(&mut self, p: &[(NodeId, NodeId)], q: &[(NodeId, NodeId)], path: &Path) {
        let (a, b) = (keys(self.before, p), keys(self.after, q));
        let values: HashMap<&Cow<'_, str>, NodeId> = b.iter().zip(q).map(|(key, &(_, value))| (key, value)).collect();
        for (known, &(key, value)) in a.iter().zip(p) {
            let path = path.key(self.before.text(key).unwrap_or_default());
            match values.get(known) {
                Some(&other) => self.nodes(value, other, &path),
                None => self.found.push(Change::Removed { path, was: self.before.render(value) }),
            }
        }
        let before: HashSet<&Cow<'_, str>> = a.iter().collect();
        for (known, &(key, value)) in b.iter().zip(q) {
            if !before.contains(known) {
                let path = path.key(self.after.text(key).unwrap_or_default());
                self.found.push(Change::Added { path, now: self.after.render(value) });
            }
        }
    }

    /// Items of sequences of one length are compared place by place; else what came and went is found by alignment.
    fn sequences(&mut self, p: &[NodeId], q: &[NodeId], path: &Path) {
        if p.len() == q.len() {
            return (0..p.len()).for_each(|i| self.nodes(p[i], q[i], &path.index(i)));
        }
        let a: Vec<String> = p.iter().map(|&id| self.before.key(id)).collect();
        let b: Vec<String> = q.iter().map(|&id| self.after.key(id)).collect();
        for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
            match op {
                DiffOp::Equal { .. } => {}
                DiffOp::Replace { old_index, old_len, new_index, new_len } if old_len == new_len => {
                    for i in 0..old_len {
                        self.nodes(p[old_index + i], q[new_index + i], &path.index(old_index + i));
                    }
                }
                op => {
                    for i in op.old_range() {
                        self.found.push(Change::Removed { path: path.index(i), was: self.before.render(p[i]) });
                    }
                    for i in op.new_range() {
                        self.found.push(Change::Added { path: path.index(i), now: self.after.render(q[i]) });
                    }
                }
            }
        }
    }
}

/// The keys of pairs, each as a text that no other key has; intake lets no NUL in.
fn keys<'t>(tree: &'t Tree<'t>, pairs: &[(NodeId, NodeId)]) -> Vec<Cow<'t, str>> {
    let key = |&(key, _): &(NodeId, NodeId)| {
        let node = &tree.nodes[key];
        match &node.value {
            Value::Scalar(text, Style::Plain) if node.anchor == 0 && node.tag.is_none() => Cow::Borrowed(text.as_ref()),
            _ => Cow::Owned(format!("\0{}", tree.key(key))),
        }
    };
    pairs.iter().map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::load;

    fn between(a: &str, b: &str) -> Vec<String> {
        let say = |change: Change| match change {
            Change::Removed { path, was } => format!("-{path} {was}"),
            Change::Added { path, now } => format!("+{path} {now}"),
            Change::Changed { path, was, now } => format!("~{path} {was} > {now}"),
        };
        delta(&load("a", a).unwrap(), &load("b", b).unwrap()).into_iter().map(say).collect()
    }

    #[test]
    fn what_prints_alike_is_not_taken_for_the_same() {
        for (a, b) in [
            ("s:\n- - a\n  - b\n", "s:\n- - a, b\n"),
            ("s:\n - os:\n   - a\n   - b\n", "s:\n - os:\n   - a, b\n"),
            ("s:\n- on:\n  - a\n  - b, c\n", "s:\n- on:\n  - a, b\n  - c\n"),
            ("s:\n- !!str x\n", "s:\n- tag:yaml.org,2002:str x\n"),
            ("s: [[a], [a, b]]\n", "s: [['a'], ['a, b']]\n"),
        ] {
            assert!(!between(a, b).is_empty(), "{a}");
        }
    }

    #[test]
    fn identical_neighbours_are_told_apart_by_their_place() {
        let before = "s:\n- {run: x, c: 1}\n- {run: x}\n";
        assert_eq!(between(before, "s:\n- {run: x}\n- {run: x}\n"), ["-$.s[0].c 1"]);
    }

    #[test]
    fn says_exactly_what_differs() {
        assert!(between("a: 1\nb: [x]\n", "a: 1\nb:\n- x\n").is_empty());
        assert_eq!(between("a: 1\nb: 2\n", "b: 2\n"), ["-$.a 1"]);
        assert_eq!(between("a: {b: 2}\n", "a: {b: '2', c: 3}\n"), ["~$.a.b 2 > '2'", "+$.a.c 3"]);
        assert_eq!(between("a: [x, y, z]\n", "a: [x, z]\n"), ["-$.a[1] y"]);
        assert_eq!(between("a: [{b: 1, c: 2}]\n", "a: [{b: 1}]\n"), ["-$.a[0].c 2"]);
        assert_eq!(between("a: 1\nb: 2\n", "b: 2\na: 1\n"), ["~$ {a: 1, b: 2} > {b: 2, a: 1}"]);
        assert_eq!(between("a: &x 1\nb: *x\n", "a: &x 1\nb: 1\n"), ["~$.b *1 > 1"]);
    }
}
