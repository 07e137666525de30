//! The program: parse, run, print the error.

use clap::Parser;
use mimalloc::MiMalloc;
use reportsql::cli;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    let language = arguments.language();
    match arguments.run() {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(exit)) => ExitCode::from(exit as u8),
        Err(error) => {
            cli::print_error(&error, language);
            ExitCode::from(error.exit as u8)
        }
    }
}
