//! The `wf-fix` command: parse arguments, run, map the result to an exit code; nothing else.

fn main() -> wf_fix::cli::Exit {
    wf_fix::cli::main()
}
