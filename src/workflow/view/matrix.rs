//! `strategy.matrix`: its legs, where they are constant.

use super::super::reader::{At, Reader, Text};
use super::super::value::Value;
use crate::yaml::NodeId;

/// GitHub's own limit on the jobs of one matrix.
const MAX_LEGS: usize = 256;

/// The values of one leg or of one `include` entry.
type Row<'t> = Vec<(&'t str, Cell<'t>)>;

/// A value of the matrix.
#[derive(Debug, Clone, PartialEq)]
enum Cell<'t> {
    Scalar(Text<'t>),
    /// The scalars in a mapping, for `matrix.a.b`; deeper values are unknown.
    Map(Vec<(Text<'t>, Option<Text<'t>>)>),
    Other,
}

/// A matrix.
#[derive(Debug)]
pub struct Matrix<'t> {
    /// Where it stands.
    pub at: At,
    /// Where `exclude:` stands.
    pub exclude_at: Option<At>,
    dimensions: Vec<(&'t str, Vec<Cell<'t>>)>,
    include: Vec<Row<'t>>,
    exclude: Vec<Row<'t>>,
    /// Whether an expression makes it, or a part of it.
    dynamic: bool,
}

/// One job of a matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Leg<'t> {
    values: Row<'t>,
    /// How many of the values came from dimensions; `include` can overwrite only the rest.
    original: usize,
}

impl<'t> Matrix<'t> {
    pub(super) fn read(reader: &Reader<'t>, node: NodeId) -> Matrix<'t> {
        let mut matrix = Matrix {
            at: reader.at(node),
            exclude_at: None,
            dimensions: Vec::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            dynamic: reader.text(node).is_some(),
        };
        for (key, value) in reader.pairs(node) {
            if reader.text(value).is_some() {
                // `include: ${{ fromJSON(...) }}` and `version: ${{ ... }}`
                matrix.dynamic = true;
            }
            match key.text {
                "include" => matrix.include = reader.items(value).map(|item| row(reader, item)).collect(),
                "exclude" => {
                    matrix.exclude_at = Some(key.at);
                    matrix.exclude = reader.items(value).map(|item| row(reader, item)).collect();
                }
                name => matrix.dimensions.push((name, reader.items(value).map(|item| cell(reader, item)).collect())),
            }
        }
        let from_expression = |cell: &Cell<'_>| matches!(cell, Cell::Scalar(text) if text.text.contains("${{"));
        let mut cells = matrix.dimensions.iter().flat_map(|(_, cells)| cells);
        matrix.dynamic |= cells.any(from_expression);
        matrix
    }

    /// The scalar values of dimensions that no leg has: `exclude` took them out. None where the legs are not known, or
    /// where none is left.
    pub fn excluded(&self) -> Vec<(&'t str, &'t str)> {
        if self.exclude.is_empty() {
            return Vec::new();
        }
        let Some(legs) = self.legs().filter(|legs| !legs.is_empty()) else { return Vec::new() };
        let used =
            |name: &str, cell: &Cell<'t>| legs.iter().any(|leg| leg.find(name).is_some_and(|own| same(own, cell)));
        let mut gone = Vec::new();
        for (name, cells) in &self.dimensions {
            for cell in cells.iter().filter(|cell| !used(name, cell)) {
                if let Cell::Scalar(text) = cell {
                    gone.push((*name, text.text));
                }
            }
        }
        gone
    }

    /// Whether it is known to have no leg.
    pub fn is_empty(&self) -> bool {
        let none = self.dimensions.is_empty() && self.include.is_empty();
        let may = none || !self.exclude.is_empty() || self.dimensions.iter().any(|(_, cells)| cells.is_empty());
        may && self.legs().is_some_and(|legs| legs.is_empty())
    }

    /// Its legs in GitHub's order; `None` when an expression makes them or there are more than GitHub allows, or more
    /// dimensions, inclusions or exclusions than that.
    ///
    /// Source: workflow syntax, `jobs.<job_id>.strategy.matrix.include` and `.exclude`: exclusions come first and match
    /// by the keys they name; an inclusion is added to every combination none of whose original values it would
    /// overwrite, and makes a combination of its own if there is none.
    pub fn legs(&self) -> Option<Vec<Leg<'t>>> {
        let large = [self.dimensions.len(), self.include.len(), self.exclude.len()].iter().any(|most| *most > MAX_LEGS);
        if self.dynamic || large {
            return None;
        }
        let mut legs = match self.dimensions.is_empty() {
            true => Vec::new(),
            false => vec![Leg { values: Vec::new(), original: self.dimensions.len() }],
        };
        for (name, cells) in &self.dimensions {
            if legs.len() * cells.len() > 4 * MAX_LEGS {
                return None;
            }
            let with = |leg: &Leg<'t>, cell: &Cell<'t>| {
                let mut values = leg.values.clone();
                values.push((*name, cell.clone()));
                Leg { values, original: leg.original }
            };
            legs = legs.iter().flat_map(|leg| cells.iter().map(move |cell| with(leg, cell))).collect();
        }
        legs.retain(|leg| !self.exclude.iter().any(|row| leg.matches(row)));
        let combinations = legs.len();
        for row in &self.include {
            let mut added = false;
            for leg in legs.iter_mut().take(combinations).filter(|leg| leg.accepts(row)) {
                leg.add(row);
                added = true;
            }
            if !added {
                legs.push(Leg { values: row.clone(), original: 0 });
            }
        }
        (legs.len() <= MAX_LEGS).then_some(legs)
    }
}

impl<'t> Leg<'t> {
    /// The value of `matrix.<path>` in this leg; a key it has not is null.
    pub fn value(&self, path: &[&str]) -> Value {
        let [name, rest @ ..] = path else { return Value::Unknown };
        let Some((_, cell)) = self.values.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)) else {
            return Value::Null;
        };
        match (cell, rest) {
            (Cell::Scalar(text), []) if !text.text.contains("${{") => text.value(),
            (Cell::Map(entries), [inner]) => {
                match entries.iter().find(|(key, _)| key.text.eq_ignore_ascii_case(inner)) {
                    Some((_, Some(text))) if !text.text.contains("${{") => text.value(),
                    Some(_) => Value::Unknown,
                    None => Value::Null,
                }
            }
            (Cell::Map(_), []) => Value::Truthy,
            _ => Value::Unknown,
        }
    }

    /// The key under which it has a text.
    pub fn key_of(&self, value: &str) -> Option<&'t str> {
        let has = |cell: &Cell<'t>| matches!(cell, Cell::Scalar(text) if text.text == value);
        self.values.iter().find(|(_, cell)| has(cell)).map(|(key, _)| *key)
    }

    /// Its name as GitHub shows it behind the job's: the scalar values, `ubuntu-latest, 3.12`.
    pub fn name(&self) -> String {
        let scalar = |(_, cell): &(&str, Cell<'_>)| match cell {
            Cell::Scalar(text) => Some(text.text.to_owned()),
            _ => None,
        };
        self.values.iter().filter_map(scalar).collect::<Vec<_>>().join(", ")
    }

    fn find(&self, key: &str) -> Option<&Cell<'t>> {
        self.values.iter().find(|(name, _)| *name == key).map(|(_, cell)| cell)
    }

    fn matches(&self, row: &Row<'t>) -> bool {
        row.iter().all(|(key, cell)| self.find(key).is_some_and(|own| same(own, cell)))
    }

    fn accepts(&self, row: &Row<'t>) -> bool {
        let mut original = self.values.iter().take(self.original);
        original.all(|(key, own)| row.iter().all(|(name, cell)| name != key || same(own, cell)))
    }

    fn add(&mut self, row: &Row<'t>) {
        for (key, cell) in row {
            match self.values.iter_mut().find(|(name, _)| name == key) {
                Some((_, own)) => *own = cell.clone(),
                None => self.values.push((key, cell.clone())),
            }
        }
    }
}

/// Whether two values are the same to GitHub.
fn same(a: &Cell<'_>, b: &Cell<'_>) -> bool {
    match (a, b) {
        (Cell::Scalar(a), Cell::Scalar(b)) => a.value() == b.value(),
        (Cell::Map(a), Cell::Map(b)) => {
            let text = |text: &Option<Text<'_>>| text.map(|t| t.text.to_owned());
            let flat = |map: &[(Text<'_>, Option<Text<'_>>)]| -> Vec<_> {
                map.iter().map(|(key, value)| (key.text.to_owned(), text(value))).collect()
            };
            flat(a) == flat(b)
        }
        _ => false,
    }
}

fn cell<'t>(reader: &Reader<'t>, node: NodeId) -> Cell<'t> {
    if let Some(text) = reader.text(node) {
        return Cell::Scalar(text);
    }
    let entries: Vec<_> = reader.pairs(node).map(|(key, value)| (key, reader.text(value))).collect();
    if entries.is_empty() { Cell::Other } else { Cell::Map(entries) }
}

fn row<'t>(reader: &Reader<'t>, node: NodeId) -> Row<'t> {
    reader.pairs(node).map(|(key, value)| (key.text, cell(reader, value))).collect()
}
