//! Text to tree and back: intake checks, [`Document`], paths and queries, comments, edits.
//!
//! A file passes through two parsers. `yaml-rust2` events give the values ([`Tree`]); `tree-sitter-yaml` gives
//! the exact bytes and the comments. The two are zipped node by node, and a file on which they disagree is refused,
//! so that every later step can trust that a value and its bytes belong together.
//!
//! Nothing here re-serialises YAML: a change is a list of [`Edit`]s against the original text.

mod build;
mod document;
mod edit;
mod events;
mod fault;
mod fields;
mod intake;
mod lines;
mod path;
mod query;
mod quick;
mod resolve;
mod scalar;
mod syntax;

pub use document::{Comment, Document, Pair};
pub use edit::{Edit, Overlap, apply};
pub use events::{Node, NodeId, Style, Tree, Value, load, read, read_tree};
pub use fault::{Fault, FaultKind, Place};
pub use fields::{Fields, Source};
pub use intake::{MAX_BYTES, MAX_DEPTH, MAX_LINES};
pub use lines::Lines;
pub use path::{Path, Segment};
pub use query::{BadQuery, Query};
pub use resolve::plain;
pub(crate) use scalar::decode;
pub use scalar::{ScalarText, render_scalar};
