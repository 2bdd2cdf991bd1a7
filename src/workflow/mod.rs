//! What GitHub would do with a workflow: conditions, jobs and their needs, scripts, and where a failure ends up.
//!
//! [`view`] reads a parsed file into typed parts with places; [`world`] holds the files of a repository; [`script`]
//! reads the commands of a `run:`; [`signal`] says what becomes of a failure; [`run`] plays a whole run with given
//! results, [`play`] a small script with given values. [`condition`], [`value`] and [`expression`] are the expression language in three values. All of it works
//! on [`crate::yaml::Tree`], says unknown where only a run can tell, and is checked against a real runner
//! (`docs/signal-model.md`).

pub mod bounds;
pub mod condition;
pub mod expression;
pub mod filter;
pub mod jobs;
pub mod link;
pub mod naming;
pub mod neighbours;
pub mod occasion;
pub mod play;
pub mod reader;
pub mod reads;
pub mod run;
pub mod script;
pub mod signal;
pub mod value;
pub mod view;
pub mod world;
