//! The commands of one script, and what each is for.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::role::{self, Purpose, Role};
use super::spot::Spot;
use crate::workflow::script::{Command, Parsed, Script};

/// The commands of a script.
pub struct Commands<'w, 't> {
    /// Its step.
    pub spot: Spot<'w, 't>,
    /// The script.
    pub script: Script<'t>,
    /// Its commands.
    pub commands: Vec<Command<'t>>,
    /// What it was parsed to, if it was.
    pub parsed: Option<Parsed>,
    /// Whether it builds and installs a dependency.
    dependency: bool,
    /// What commands are for, once asked, by their text.
    purposes: RefCell<BTreeMap<String, Option<Purpose>>>,
}

impl<'w, 't> Commands<'w, 't> {
    /// The commands of the script of a step.
    pub fn of(spot: Spot<'w, 't>, script: Script<'t>) -> Commands<'w, 't> {
        let (commands, parsed) = script.read(None);
        let dependency = role::builds_dependency(script.run.text);
        Commands { spot, script, commands, parsed, dependency, purposes: RefCell::default() }
    }

    /// What a command is for by itself; `None` where no table knows it.
    pub fn purpose_of(&self, command: &Command<'_>) -> Option<Purpose> {
        self.ask(command, Option::clone)
    }

    /// The role of that.
    pub fn role_of(&self, command: &Command<'_>) -> Option<Role> {
        self.ask(command, |purpose| purpose.as_ref().map(|purpose| purpose.role))
    }

    /// Whether a command checks or publishes by itself.
    pub fn matters(&self, command: &Command<'_>) -> bool {
        self.role_of(command).is_some_and(Role::matters)
    }

    fn ask<A>(&self, command: &Command<'_>, answer: impl Fn(&Option<Purpose>) -> A) -> A {
        if let Some(known) = self.purposes.borrow().get(command.text) {
            return answer(known);
        }
        let mut purpose = role::of_command(command.text);
        if let Some(purpose) = purpose.as_mut().filter(|purpose| self.dependency && purpose.role == Role::Verify) {
            *purpose = Purpose { role: Role::Support, evidence: role::BUILDS_DEPENDENCY.to_owned() };
        }
        let said = answer(&purpose);
        self.purposes.borrow_mut().insert(command.text.to_owned(), purpose);
        said
    }
}
