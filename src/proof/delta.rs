//! The difference between two value trees: ordered, by raw text and style, aliases as references.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::claim::Change;
use crate::yaml::{NodeId, Path, Tree, Value};

/// Everything that differs, in document order.
pub fn delta(before: &Tree, after: &Tree) -> Vec<Change> {
    let mut compare = Compare { before, after, found: Vec::new() };
    compare.nodes(0, 0, &Path::default());
    compare.found
}

struct Compare<'a> {
    before: &'a Tree,
    after: &'a Tree,
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
        let key = |tree: &Tree, id| tree.render(id);
        let (a, b): (Vec<_>, Vec<_>) = (
            p.iter().map(|&(k, _)| key(self.before, k)).collect(),
            q.iter().map(|&(k, _)| key(self.after, k)).collect(),
        );
        a.iter().filter(|k| b.contains(k)).eq(b.iter().filter(|k| a.contains(k)))
    }

    fn mappings(&mut self, p: &[(NodeId, NodeId)], q: &[(NodeId, NodeId)], path: &Path) {
        for &(key, value) in p {
            let path = path.key(self.before.text(key).unwrap_or_default());
            match q.iter().find(|&&(k, _)| self.before.same(key, self.after, k)) {
                Some(&(_, other)) => self.nodes(value, other, &path),
                None => self.found.push(Change::Removed { path, was: self.before.render(value) }),
            }
        }
        for &(key, value) in q {
            if !p.iter().any(|&(k, _)| self.before.same(k, self.after, key)) {
                let path = path.key(self.after.text(key).unwrap_or_default());
                self.found.push(Change::Added { path, now: self.after.render(value) });
            }
        }
    }

    fn sequences(&mut self, p: &[NodeId], q: &[NodeId], path: &Path) {
        let a: Vec<String> = p.iter().map(|&id| self.before.render(id)).collect();
        let b: Vec<String> = q.iter().map(|&id| self.after.render(id)).collect();
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
                        self.found.push(Change::Removed { path: path.index(i), was: a[i].clone() });
                    }
                    for i in op.new_range() {
                        self.found.push(Change::Added { path: path.index(i), now: b[i].clone() });
                    }
                }
            }
        }
    }
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
