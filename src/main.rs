use std::process::ExitCode;

fn main() -> ExitCode {
    cobrand::cli::run()
}
