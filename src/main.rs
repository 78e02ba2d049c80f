use std::process::ExitCode;

/// A build makes and drops many small values on all threads at once; the system's own allocator
/// takes an eighth of all time for that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    postil::cli::run()
}
