//! The `wf-fix` command.

fn main() {}
