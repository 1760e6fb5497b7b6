//! The `scaleup` program; see [`scaleup::cli`].
//!
//! Must not know: any command; everything is in the library, where tests reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    scaleup::cli::main(std::env::args_os())
}
