use std::process::ExitCode;

/// A build makes and drops many small values on every thread, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    keep_pages_small();
    cobrand::cli::run()
}

/// The allocator takes its memory in large areas; backed by huge pages they would count as used long before
/// they are. Where the kernel refuses, a build only takes more memory.
fn keep_pages_small() {
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}
