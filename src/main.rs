//! The `scaleup` program; see [`scaleup::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    scaleup::cli::main(std::env::args_os())
}
