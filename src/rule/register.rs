//! The layers of rule files, the nearest winning.

use std::collections::BTreeMap;

use super::invariant::{self, Invariant};
use super::{Disposition, Risk, parse};
use crate::nearest::nearest;
use crate::yaml::{Fault, FaultKind};

/// What `wf-fix rules` calls the rules in the binary.
pub const BUILT_IN: &str = "built-in";

/// Rule files that stand together: each with the name that messages show, and its bytes. `invariants.yml` among them
/// defines invariants.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    /// Where the layer comes from, as `wf-fix rules` shows it.
    pub origin: String,
    /// Name and content of each file.
    pub files: Vec<(String, Vec<u8>)>,
}

/// All risks by ID, each from the nearest layer that has it; the invariants likewise.
#[derive(Debug, Default)]
pub struct Register {
    risks: BTreeMap<String, (Risk, String)>,
    invariants: BTreeMap<String, Invariant>,
}

impl Register {
    /// Reads layers, the nearest first.
    ///
    /// # Errors
    /// All mistakes in the rule files of all layers, and an ID that stands twice in one layer.
    pub fn load(layers: &[Layer]) -> Result<Register, Vec<Fault>> {
        let mut register = Register::default();
        let mut faults = Vec::new();
        for layer in layers {
            let mut own: BTreeMap<String, Risk> = BTreeMap::new();
            let mut named: BTreeMap<String, Invariant> = BTreeMap::new();
            for (file, bytes) in &layer.files {
                if invariant::is_file(file) {
                    faults.extend(invariant::collect(file, bytes, &mut named));
                    continue;
                }
                match parse(file, bytes) {
                    Ok(risk) => match own.get(&risk.id) {
                        Some(first) => faults.push(twice(&risk, first)),
                        None => drop(own.insert(risk.id.clone(), risk)),
                    },
                    Err(fault) => faults.push(fault),
                }
            }
            for (id, invariant) in named {
                register.invariants.entry(id).or_insert(invariant);
            }
            for (id, risk) in own {
                register.risks.entry(id).or_insert_with(|| (risk, layer.origin.clone()));
            }
        }
        if faults.is_empty() { Ok(register) } else { Err(faults) }
    }

    /// Every risk with its layer's origin, by ID.
    pub fn iter(&self) -> impl Iterator<Item = (&Risk, &str)> {
        self.risks.values().map(|(risk, origin)| (risk, origin.as_str()))
    }

    /// The invariants that the layers define, by ID.
    pub fn invariants(&self) -> impl Iterator<Item = &Invariant> {
        self.invariants.values()
    }

    /// Whether a risk is one of those in the binary.
    pub fn is_built_in(&self, id: &str) -> bool {
        self.risks.get(id).is_some_and(|(_, origin)| origin == BUILT_IN)
    }

    /// The risks to fix of a milestone, by ID. A register of one's own for it replaces what is built in for it.
    pub fn milestone(&self, name: &str) -> Vec<&Risk> {
        let fixes = |risk: &Risk| matches!(risk.disposition, Disposition::Fix(_)) && risk.milestone == name;
        let of_it: Vec<(&Risk, &str)> = self.iter().filter(|(risk, _)| fixes(risk)).collect();
        let own = of_it.iter().any(|(_, origin)| *origin != BUILT_IN);
        of_it.into_iter().filter(|(_, origin)| !own || *origin != BUILT_IN).map(|(risk, _)| risk).collect()
    }

    /// A risk by its ID.
    ///
    /// # Errors
    /// There is none; the nearest ID is named.
    pub fn get(&self, id: &str) -> Result<&Risk, Fault> {
        self.risks.get(id).map(|(risk, _)| risk).ok_or_else(|| {
            let ids: Vec<&str> = self.risks.keys().map(String::as_str).collect();
            let near = nearest(id, &ids).map(|near| format!("; there is `{near}`")).unwrap_or_default();
            let cause = format!("no risk `{id}` in the register{near}");
            Fault::new(FaultKind::Rule, cause, "`wf-fix rules` lists them")
        })
    }
}

fn twice(risk: &Risk, first: &Risk) -> Fault {
    let cause = format!("the risk ID `{}` stands twice, first in {}", risk.id, first.place);
    Fault::at(FaultKind::Rule, risk.place.clone(), cause, "give each rule file an ID of its own")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(origin: &str, title: &str) -> Layer {
        let text = format!(
            "id: X-1\ntitle: {title}\nseverity: low\ncategory: soft-fail\nworkflow: a.yml\ndisposition: accept\nreason: r\n"
        );
        Layer { origin: origin.into(), files: vec![(format!("{origin}/x.yml"), text.into_bytes())] }
    }

    #[test]
    fn the_nearest_layer_wins() {
        let register = Register::load(&[layer("near", "a"), layer("far", "b")]).unwrap();
        assert_eq!(register.get("X-1").unwrap().title, "a");
        assert!(register.get("X-2").unwrap_err().cause.contains("there is `X-1`"));
    }

    #[test]
    fn the_same_id_twice_in_one_layer_is_an_error() {
        let mut both = layer("l", "a");
        both.files.extend(layer("m", "b").files);
        let faults = Register::load(&[both]).unwrap_err();
        assert!(faults[0].to_string().starts_with("m/x.yml:1:5: the risk ID `X-1` stands twice"));
    }
}
