//! The `wf-fix` command: parse arguments, run, map the result to an exit code; nothing else.

/// A fifth of an audit would be the system's allocator otherwise: the YAML parser asks for much and returns it soon.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> wf_fix::cli::Exit {
    wf_fix::cli::main()
}
